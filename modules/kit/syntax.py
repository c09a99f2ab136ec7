"""Python source as a tree."""

import ast
import threading

_one_at_a_time = threading.Lock()


def parse(source: str | bytes, *, filename: str = "<unknown>") -> ast.Module:
    """Parse Python source; raises SyntaxError.

    In Python 3.11 two threads that make trees at the same time fail with a SystemError, now and then.
    """
    with _one_at_a_time:
        return ast.parse(source, filename)
