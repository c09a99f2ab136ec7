"""Following names through the files of a library, and giving each its own."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from designer.errors import NotExportable
from designer.graph.export.gathering import Gathering
from designer.graph.export.naming import Names
from designer.graph.export.rendering import imports_of, text_of
from designer.graph.export.sources import Library, Symbol

Gather = Callable[..., str]


@pytest.fixture
def gather() -> Gather:
    """Gathers what `start` of the file `lib.first` needs, and writes it as one program."""

    def write(**files: str) -> str:
        texts = {"lib": "", **{f"lib.{name}": dedent(text) for name, text in files.items()}}
        gathering = Gathering(
            Library(frozenset({"lib"}), texts), stand_ins={}, thin=("lib.thin",), left_out=frozenset()
        )
        start = Symbol("lib.first", "start")
        gathering.add([start])
        names = Names(gathering.references, [start], set())
        parts = (text_of(part, names) for part in gathering.ordered())
        return "\n\n".join([imports_of(names, gathering.dotted), *parts])

    return write


def result_of(code: str) -> Any:
    """What `start` gives."""
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102  the code under test
    return found["start"]()


def test_only_what_is_used_comes_along(gather: Gather) -> None:
    code = gather(
        first="""
            import math
            import json

            LEFT, RIGHT = 1, 2
            OTHER = 3

            def start(): return LEFT
            def other(): return json
        """
    )
    assert "OTHER" not in code
    assert "import" not in code
    assert result_of(code) == 1


def test_private_helpers_of_one_name_are_told_apart(gather: Gather) -> None:
    code = gather(
        first="from lib.other import twice\ndef _of(x): return x + 1\ndef start(): return _of(1), twice(_of(1))\n",
        other="def _of(x): return x * 10\ndef twice(x): return _of(x) * 2\n",
    )
    assert result_of(code) == (2, 40)
    assert "_other_of" in code or "_first_of" in code


def test_imports_of_one_name_are_told_apart(gather: Gather) -> None:
    code = gather(
        first="import time\nfrom lib.other import noon\ndef start(): return noon(), time.gmtime(0).tm_year\n",
        other="from datetime import time\ndef noon(): return time(12).hour\n",
    )
    assert result_of(code) == (12, 1970)


def test_a_file_used_by_its_name_becomes_plain_names(gather: Gather) -> None:
    code = gather(
        first="from lib import other\nimport lib.third as third\ndef start(): return other.VALUE + third.one()\n",
        other="VALUE = 1\n",
        third="def one(): return 1\n",
    )
    assert "other." not in code
    assert result_of(code) == 2


def test_a_new_name_is_not_hidden_by_a_local_one(gather: Gather) -> None:
    code = gather(
        first="from lib import other\ndef start():\n    value = 5\n    return value + other.value()\n",
        other="def value(): return 1\n",
    )
    assert result_of(code) == 6


def test_local_names_are_left_alone(gather: Gather) -> None:
    code = gather(
        first="""
            from lib.other import use

            def item(x): return -x

            def start():
                found = [item for item in (1, 2)]
                def inner(item): return item
                class Kept:
                    item = 3
                    def read(self): return item(4)
                mapped = {item: 8 for item in "a"}
                return found, inner(5), Kept.item, Kept().read(), use(6), (lambda item: item)(7), mapped
        """,
        other="def item(x): return x * 100\ndef use(x): return item(x)\n",
    )
    assert result_of(code) == ([1, 2], 5, 3, -4, 600, 7, {"a": 8})


def test_what_is_exported_again_is_followed_to_its_home(gather: Gather) -> None:
    code = gather(
        first="from lib.middle import value, star\ndef start(): return value, star\n",
        middle="from lib.home import value\nfrom lib.sky import *\n",
        home="value = 1\n",
        sky="star = 2\n_hidden = 3\n",
    )
    assert result_of(code) == (1, 2)


def test_an_import_inside_a_function_is_taken_over(gather: Gather) -> None:
    code = gather(
        first="def start():\n    from lib.other import value\n    import math\n    return math.floor(value)\n",
        other="value = 1.5\n",
    )
    assert "lib" not in code
    assert result_of(code) == 1


def test_constants_come_before_what_reads_them(gather: Gather) -> None:
    code = gather(
        first="from lib.z import Base\nclass Mine(Base): pass\ndef start(kind=Mine): return kind.value\n",
        z="from lib.a import VALUE\nclass Base:\n    value = VALUE\n",
        a="VALUE = 7\n",
    )
    assert result_of(code) == 7


def test_what_is_changed_after_it_is_made_keeps_its_changes(gather: Gather) -> None:
    code = gather(
        first="""
            from functools import singledispatch
            TABLE = {}
            TABLE["a"] = 1
            TABLE.update(b=2)

            @singledispatch
            def kind(value): return "other"

            @kind.register
            def _(value: int): return "whole"

            def start(): return TABLE, kind(1), kind("x")
        """
    )
    assert result_of(code) == ({"a": 1, "b": 2}, "whole", "other")


def test_quoted_annotations_count_and_are_renamed(gather: Gather) -> None:
    code = gather(
        first="""
            from lib.other import Kind as Other

            class Kind: pass

            def start(x: "Kind | None" = None, y: "Other" = 1): return list(start.__annotations__.values())
        """,
        other="class Kind: pass\n",
    )
    assert "OtherKind" in code or "FirstKind" in code
    assert code.count("class ") == 2


def test_methods_of_thin_classes_come_along_where_they_are_asked_for(gather: Gather) -> None:
    code = gather(
        first="from lib.thin import Thing\ndef start(): return Thing().used()\n",
        thin="""
            import json

            class Thing:
                def used(self): return self.deeper()

                # how deep it goes
                def deeper(self): return 3

                def never(self): return json.dumps(1)
        """,
    )
    assert "never" not in code
    assert "json" not in code
    assert "# how deep it goes" in code
    assert result_of(code) == 3


def test_notes_to_checkers_are_left_out_and_reasons_stay(gather: Gather) -> None:
    code = gather(
        first="""
            def start():
                input = "# noqa: A001"  # noqa: A001  a good name
                return input  # type: ignore[no-any-return]  # the code under test
        """
    )
    assert "# a good name" in code
    assert code.count("noqa") == 1
    assert result_of(code) == "# noqa: A001"


def test_a_file_that_is_handed_around_is_refused(gather: Gather) -> None:
    with pytest.raises(NotExportable, match=r"`other` of lib\.first is used as a whole file"):
        gather(first="from lib import other\ndef start(): return vars(other)\n", other="VALUE = 1\n")


def test_a_name_that_is_imported_from_two_places_is_refused(gather: Gather) -> None:
    with pytest.raises(NotExportable, match=r"`value` of lib\.first is imported from two places"):
        gather(
            first="""
                def start():
                    from lib.second import value
                    return value

                def other():
                    from lib.third import value
                    return value
            """,
            second="value = 1\n",
            third="value = 2\n",
        )


def test_a_name_that_is_nowhere_is_refused(gather: Gather) -> None:
    with pytest.raises(NotExportable, match=r"`gone` in lib\.first"):
        gather(first="def start(): return gone\n")


def test_comments_above_a_function_come_along(tmp_path: Path, gather: Gather) -> None:
    code = gather(first="# not this\n\n# first\n# second\ndef start(): return 1\n")
    assert "# first\n# second\ndef start" in code
    assert "not this" not in code
