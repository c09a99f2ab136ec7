"""Values and texts as a person would write them in Python."""

import textwrap
from collections.abc import Iterator
from typing import Any
from unicodedata import east_asian_width

LINE_WIDTH = 120
TEXT_WIDTH = 96
"""Leaves room for indentation and quotation marks."""


def literal_of(value: Any) -> str:
    """A JSON value as Python; texts of several lines or of great length are laid out so that no line is too long."""
    match value:
        case str():
            return _text(value)
        case dict():
            return "{" + ", ".join(f"{literal_of(key)}: {literal_of(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(literal_of(item) for item in value) + "]"
    return repr(value)


def _text(value: str) -> str:
    lines = value.splitlines(keepends=True)
    if len(lines) > 1 and "".join(lines) == value and all(_is_plain(line) for line in lines):
        return f'"""\\\n{value}"""'
    if width_of(value) <= TEXT_WIDTH and len(lines) <= 1:
        return _quoted(value)
    return "(" + "\n".join(_quoted(part) for line in lines for part in _parts(line)) + ")"


def _is_plain(line: str) -> bool:
    """Tell whether a line can stand in a text of three quotation marks as it is."""
    body = line.removesuffix("\n")
    return (
        width_of(body) <= TEXT_WIDTH
        and (body.isprintable() or not body)
        and body == body.rstrip()
        and "\\" not in body
        and '"""' not in body
        and not body.endswith('"')
    )


def _quoted(value: str) -> str:
    """In double quotation marks where that needs no more escapes, as formatters do."""
    found = repr(value)
    if found.startswith("'") and '"' not in value:
        return '"' + found[1:-1].replace("\\'", "'") + '"'
    return found


def _parts(line: str) -> Iterator[str]:
    """Cut a long line into parts whose literals are short enough."""
    part = ""
    for character in line:
        if width_of(repr(part + character)) > TEXT_WIDTH:
            yield part
            part = ""
        part += character
    yield part


def width_of(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(1 + (east_asian_width(character) in "WF") for character in text)


def comment_of(text: str) -> str:
    """A person's words as comment lines; empty for none."""
    return "".join(f"# {line}\n" for line in _wrapped(text))


def docstring_of(text: str) -> str:
    """A person's words as the lines of a docstring, without its quotation marks."""
    return "\n".join(_wrapped(text)).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _wrapped(text: str) -> Iterator[str]:
    for line in text.splitlines():
        shown = "".join(character if character.isprintable() else " " for character in line).strip()
        wide = width_of(shown) > len(shown)
        yield from textwrap.wrap(shown, TEXT_WIDTH // 2 if wide else TEXT_WIDTH) or ([""] if not shown else [])
