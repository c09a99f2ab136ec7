"""Source is parsed by one thread at a time."""

import ast
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from modules.kit.syntax import parse


def test_no_two_threads_make_trees_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = threading.Semaphore(1)

    def slow(source: str, filename: str) -> Any:
        assert inside.acquire(blocking=False), "two threads are in it"
        time.sleep(0.005)
        inside.release()
        return compile(source, filename, "exec", ast.PyCF_ONLY_AST)

    monkeypatch.setattr(ast, "parse", slow)
    with ThreadPoolExecutor(4) as pool:
        trees = list(pool.map(parse, ["a = 1"] * 12))
    assert {ast.unparse(tree) for tree in trees} == {"a = 1"}


def test_bad_source_leaves_the_way_free_for_the_next() -> None:
    with pytest.raises(SyntaxError):
        parse("a =")
    assert ast.unparse(parse("a = 1")) == "a = 1"
