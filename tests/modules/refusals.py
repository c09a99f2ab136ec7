"""What a module says when it refuses what it is given."""

from collections.abc import Callable
from typing import Any

import pytest

from modules.kit import ModuleError


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[str, str | None, str | None, str | None]:
    """Code, port, parameter and column of the error that a call ends with; what it gives lazily is collected."""
    with pytest.raises(ModuleError) as caught:
        _collected(call(*args, **kwargs))
    error = caught.value
    assert error.message
    return error.code, error.port, error.parameter, error.column


def _collected(result: Any) -> None:
    for value in result if isinstance(result, tuple) else (result,):
        getattr(getattr(value, "frame", value), "collect", lambda: None)()
