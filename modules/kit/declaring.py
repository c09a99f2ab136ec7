"""The decorator that makes a typed function a module."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from modules.kit.specs import ModuleSpec, spec_of


@dataclass
class Module:
    """A module: callable like the function that it was made from.

    ``schema_function`` tells the columns that come out before anything has run; without it a
    lazy function is called on empty tables.
    """

    function: Callable[..., Any]
    spec: ModuleSpec
    schema_function: Callable[..., Any] | None = field(default=None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def schema(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Register ``function`` as the design-time schema of this module."""
        self.schema_function = function
        return function


def module(
    *, version: int = 1, deterministic: bool = True, title: str | None = None
) -> Callable[[Callable[..., Any]], Module]:
    """Declare a function as a module; its signature and docstring say all the rest."""

    def declare(function: Callable[..., Any]) -> Module:
        spec = spec_of(function, version=version, deterministic=deterministic, title=title)
        return Module(function, spec)

    return declare
