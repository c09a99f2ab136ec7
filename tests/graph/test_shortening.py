"""Leaving out of a program what a pipeline never does, without any change of what it gives."""

import inspect
import re
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.errors import NotExportable
from designer.graph.export.code import codes_of
from designer.graph.export.shortening import Frame, Shortening
from modules.kit import errors

Shorten = Callable[..., str]

LIBRARY = dedent('''
    MODES = ("sum", *("mean", "most"))
    OTHERS = ("least",)


    def _added(values, extra):
        return sum(values) + (extra or 0)


    def _most(values, extra):
        return max([*values, 0])


    HOWS = {"sum": _added, "most": _most}


    def _told(mode, port, value):
        return f"{port} {mode!r}: {value:g}" + (f" of {port}" if port else "") + f"{'!' if mode == 'sum' else '.'}"


    def judge(values, *, mode="sum", flag=False, extra=None, port="table"):
        """Judge values."""
        found = []
        if flag and mode in MODES:
            # only where it's "asked for"
            found.append(len(values))
        elif not flag and mode not in OTHERS:
            found.append(-1)
        else:
            found.append(0)
        match mode:
            case "sum" | "most":
                found.append(HOWS[mode](values, extra))
            case "mean":
                if not values:
                    return None
                found.append(sum(values) / len(values))
            case _:
                unread = len(values)
        while flag and extra is not None and len(found) < 5:
            found.append(extra)

        def shown(value):
            return value if (extra is None or flag) and not flag else [value, mode]

        if port == "table" and (extra is None or extra != "x"):
            return [shown(value) for value in found if flag or value != 0 if values or not flag]
        return _told(mode, port, sum(map(len, map(str, found)))), found
''')


def shortened(library: str, *steps: str, error: str | None = None, choices: dict[str, set[str]] | None = None) -> str:
    """What is left of a library for some steps."""
    shortening = Shortening(codes_of(library, 0, is_own=False), steps, Frame((), choices or {}, {}, error))
    shortening.run()
    return "\n".join(code.text for code in (*shortening.codes, *shortening.steps))


def result_of(code: str, **values: Any) -> Any:
    """What a program leaves in `result`."""
    exec(code, values)  # noqa: S102  what is tested
    return values["result"]


@given(
    values=st.lists(st.integers(-5, 5), max_size=4),
    mode=st.sampled_from(["sum", "mean", "most", "least", "other"]),
    flag=st.booleans(),
    extra=st.sampled_from([None, 0, 3]),
    port=st.sampled_from([None, "table", "it's", 'a "b" {c}', "back\\slash"]),
)
@settings(max_examples=300, deadline=None)
def test_a_function_with_constants_in_place_of_parameters_gives_the_same(
    values: list[int], mode: str, flag: bool, extra: int | None, port: str | None
) -> None:
    call = f"result = judge(values, mode={mode!r}, flag={flag!r}, extra={extra!r}, port={port!r})"
    code = shortened(LIBRARY, call)
    assert "mode=" not in code
    assert result_of(code, values=values) == result_of(f"{LIBRARY}\n{call}", values=values)


def test_what_is_decided_is_left_out() -> None:
    code = shortened(LIBRARY, 'result = judge(VALUES, mode="mean")')
    assert code == dedent('''
        def judge(values):
            """Judge values."""
            found = []
            found.append(-1)
            if not values:
                return None
            found.append(sum(values) / len(values))

            def shown(value):
                return value
            return [shown(value) for value in found if value != 0]
        result = judge(VALUES)
    ''').strip("\n")


def test_a_parameter_that_calls_give_different_values_stays() -> None:
    code = shortened("def f(a, b):\n    return a if b else -a\n", "result = f(1, True), f(2, False)")
    assert "def f(a, b):" in code
    assert result_of(code) == (1, -2)


def test_a_parameter_that_is_changed_stays() -> None:
    code = shortened("def f(a):\n    a = a or 5\n    return a\n", "result = f(None)")
    assert "def f(a):" in code
    assert result_of(code) == 5


def test_a_function_that_is_handed_on_keeps_its_parameters() -> None:
    library = "def f(a, b=None):\n    return a\n\n\ndef g(h):\n    return h(1, 2) + f(3)\n"
    assert result_of(shortened(library, "result = g(f)")) == 4


def test_a_parameter_that_people_may_set_stays() -> None:
    library = "def f(*, text='a', flag=True):\n    return text if flag else ''\n"
    code = shortened(library, "result = f()", choices={"f": {"flag"}})
    assert "def f(*, text='a'):" in code


CLASSES = dedent('''
    from dataclasses import dataclass


    @dataclass
    class Base:
        """What there is."""

        size: int
        kind: str = "plain"


    class One(Base):
        """One."""


    class Other(Base):
        """Other."""


    def told(thing: One | Other) -> str:
        if isinstance(thing, Other):
            return "other"
        return "one" if isinstance(thing, One) else "nothing"


    def size_of(thing: Base) -> int:
        return thing.size if thing.kind == "plain" else 0
''')


def test_nothing_is_an_instance_of_a_class_of_which_there_are_none() -> None:
    code = shortened(CLASSES, "result = told(One(1))")
    assert "class Other" not in code
    assert "isinstance" not in code
    assert result_of(f"from dataclasses import dataclass\n{code}") == "one"


def test_a_class_with_instances_is_told_from_another() -> None:
    code = shortened(CLASSES, "result = told(One(1)), told(Other(2))")
    assert result_of(f"from dataclasses import dataclass\n{code}") == ("one", "other")


def test_a_field_that_holds_the_same_in_all_instances_is_known() -> None:
    code = shortened(CLASSES, "result = size_of(Base(1)), size_of(Base(2))")
    assert "thing.kind" not in code
    assert result_of(f"from dataclasses import dataclass\n{code}") == (1, 2)


@pytest.mark.parametrize("change", ["thing.kind = 'x'", "thing = replace(thing, kind='x')"])
def test_a_field_that_something_changes_is_not_known(change: str) -> None:
    library = f"{CLASSES}\n\ndef changed(thing):\n    {change}\n    return thing\n"
    code = shortened(library, "result = size_of(changed(Base(1)))")
    assert result_of(f"from dataclasses import dataclass, replace\n{code}") == 0


def test_comments_stay_above_what_they_explain() -> None:
    code = shortened(LIBRARY, "result = judge(VALUES, flag=True)")
    assert '    # only where it\'s "asked for"\n    found.append(len(values))' in code


def test_helpers_are_told_in_one_paragraph_and_modules_in_full() -> None:
    library = (
        'def f():\n    """One.\n\n    Two.\n    """\n    return g()\n\n\ndef g():\n    """One.\n\n    Two.\n    """\n'
    )
    assert shortened(library, "result = f()", choices={"f": set()}).count("Two.") == 1


def test_a_long_text_is_written_on_several_lines_and_stays_the_same() -> None:
    library = f"def f(value, flag):\n    return f'{'word ' * 50}{{value}}' if flag else ''\n"
    code = shortened(library, "result = f(7, True)")
    assert max(map(len, re.split(r" \+ |\n", code))) < 120
    assert result_of(code) == "word " * 50 + "7"


ERRORS = inspect.getsource(errors).partition("\n\n\n")[2].partition("ERRORS: ")[0]
FIELDS: dict[str, Any] = {
    "names": ["a", "b"],
    "available": ["price", "size"],
    "required": 2,
    "actual": 1,
    "bound": 0.5,
    "low": 0,
    "high": 1,
    "index": 3,
    "unique": 5,
    "rows": 6,
    "left": 2,
    "right": 3,
    "expected": 4,
}


@pytest.mark.parametrize("is_named", [False, True])
@pytest.mark.parametrize("kind", errors.ERRORS.values(), ids=lambda kind: kind.__name__)
def test_an_error_has_the_message_of_the_library(kind: type[errors.ModuleError], is_named: bool) -> None:
    """With constants, and with values that are known in the run only."""
    given = {
        name: FIELDS.get(name, f"it's {name}")
        for name, parameter in inspect.signature(kind.__init__).parameters.items()
        if name != "self" and (parameter.default is parameter.empty or name == "column")
    }
    places = [name for name, item in inspect.signature(kind.__init__).parameters.items() if item.kind.name[0] == "P"]
    texts = [
        ("" if name in places else f"{name}=") + (f"given[{name!r}]" if is_named else repr(value))
        for name, value in given.items()
    ]
    library = f"{ERRORS}\n\ndef raised(given):\n    raise {kind.__name__}({', '.join(texts)})\n"
    code = shortened(library, "result = raised(given)", error="ModuleError")
    assert code.count("class ") == 1
    places_given = [value for name, value in given.items() if name in places]
    expected = kind(*places_given, **{name: value for name, value in given.items() if name not in places})
    names = {name: getattr(errors, name) for name in ("offer", "counted", "listed")}
    with pytest.raises(Exception, match=f"^{re.escape(expected.message)}$"):
        result_of(code, given=given, **names)


def test_an_error_whose_message_needs_a_hidden_name_is_refused() -> None:
    library = f"def offer(*names): return ''\n\n{ERRORS}\n\ndef f(offer):\n    raise ColumnNotFound(offer, port='a')\n"
    with pytest.raises(NotExportable, match="`offer` is hidden where the message of ColumnNotFound needs it"):
        shortened(library, "result = f(VALUE)", error="ModuleError")


def test_an_error_that_something_catches_keeps_its_class() -> None:
    library = f"{ERRORS}\n\n" + dedent("""
        def tried(value):
            try:
                raise NotConvertible(value=value, to="a number")
            except (NotConvertible, SqlFailed) as error:
                return str(error)
    """)
    code = shortened(library, "result = tried('x')", error="ModuleError")
    assert "except (NotConvertible, SqlFailed)" in code
    assert result_of(code) == "'x' cannot be read as a number"
