"""An explanation as an English sentence. The page says the same from the same data, also in other languages."""

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from pydantic import JsonValue

from designer.engine.explanation import Cause, Explanation, Root

LONGEST_VALUE = 40
TOLD_REASONS = 3


def in_words(explanation: Explanation) -> Explanation:
    """The explanation with its sentence."""
    return explanation.model_copy(update={"sentence": sentence_of(explanation)})


def sentence_of(explanation: Explanation) -> str:
    """One sentence for a person who knows the pipeline and nothing of the engine."""
    return _SENTENCES[explanation.outcome](explanation)


class _Tense(NamedTuple):
    """Words that depend on when a node runs."""

    changed: str
    change: str
    has: str
    is_: str


_PAST = _Tense("changed", "changed", "had", "was")
_PRESENT = _Tense("changed", "changed", "has", "is")
_FUTURE = _Tense("changes", "change", "has", "is")


def _ran(explanation: Explanation) -> str:
    return f"It ran because {_reasons(explanation.causes, _PAST)}."


def _runs(explanation: Explanation) -> str:
    return f"It runs because {_reasons(explanation.causes, _PRESENT)}."


def _will_run(explanation: Explanation) -> str:
    return f"It will run because {_reasons(explanation.causes, _FUTURE)}."


def _may_run(explanation: Explanation) -> str:
    return f"It will run because {_reasons(explanation.causes, _FUTURE)} – unless that gives the same data as before."


def _reused(explanation: Explanation) -> str:
    if explanation.origin is None:
        return f"Its result was taken from an earlier run{_likeness(explanation)}."
    return f"Its result was taken from run {explanation.origin.run_number}{_likeness(explanation)}."


def _will_reuse(explanation: Explanation) -> str:
    if explanation.origin is None:
        return f"The result of an earlier run will be taken{_likeness(explanation)}."
    return f"The result of run {explanation.origin.run_number} will be taken{_likeness(explanation)}."


def _likeness(explanation: Explanation) -> str:
    """Why an earlier result is as good as a new one."""
    if explanation.origin is not None and explanation.origin.at_same_time:
        return ", which computed exactly this at the same time"
    if explanation.compared_with is None or explanation.causes:
        return ", which computed exactly this"
    if explanation.same_again:
        return f": {_listed(list(map(_code, explanation.same_again)))} ran again and gave the same data"
    return ": nothing it depends on has changed"


def _given(explanation: Explanation) -> str:
    dataset = explanation.dataset
    said = f"It gives the rows of dataset `{dataset.name}`, version {dataset.version}" if dataset else "It gives rows"
    before = next((cause.before for cause in explanation.causes if cause.kind == "dataset"), None)
    if isinstance(before, dict):
        other = "" if dataset and before["name"] == dataset.name else f"`{before['name']}`, "
        said += f"; in run {explanation.compared_with} it was {other}version {before['version']}"
    return f"{said}."


def _skipped(explanation: Explanation) -> str:
    return f"It did not run because it needs `{explanation.stopped_by}`, which failed."


def _stopped(explanation: Explanation) -> str:
    return f"It did not run because `{explanation.stopped_by}` failed and the run stops at the first failure."


def _waits(explanation: Explanation) -> str:
    if explanation.origin is None:
        return "It waits for the nodes before it."
    origin = explanation.origin
    return f"It waits for `{origin.node}` of run {origin.run_number}, which is computing exactly this."


def _blocked(explanation: Explanation) -> str:
    if explanation.problem is not None:
        end = "" if explanation.problem.endswith((".", "?", "!")) else "."
        return f"It cannot run yet: {explanation.problem}{end}"
    return f"It cannot run yet, because it needs `{explanation.stopped_by}`, which cannot."


_SENTENCES: dict[str, Callable[[Explanation], str]] = {
    "ran": _ran,
    "runs": _runs,
    "will_run": _will_run,
    "may_run": _may_run,
    "reused": _reused,
    "will_reuse": _will_reuse,
    "given": _given,
    "skipped": _skipped,
    "stopped": _stopped,
    "cancelled": lambda _: "It was cancelled with the run.",
    "waits": _waits,
    "blocked": _blocked,
    "disabled": lambda _: "It is disabled and takes no part.",
}


def _reasons(causes: Sequence[Cause], tense: _Tense) -> str:
    """Reasons in the order of the causes; inputs whose change goes back to the same are told together."""
    told: list[str] = []
    for (is_input, roots), several in groupby(causes, key=lambda cause: (cause.kind == "input", cause.roots)):
        if not is_input:
            told.extend(_own_phrase(cause, tense) for cause in several)
            continue
        sources = list(dict.fromkeys(_code(cause.source or "") for cause in several))
        word, changed = ("input", tense.changed) if len(sources) == 1 else ("inputs", tense.change)
        said = f"its {word} from {_listed(sources)} {changed}"
        told.append(said + (f", since {_joined([_root_phrase(root, tense) for root in roots])}" if roots else ""))
    return _joined(told)


def _joined(phrases: Sequence[str]) -> str:
    shown, left = list(phrases[:TOLD_REASONS]), len(phrases) - TOLD_REASONS
    if left > 0:
        shown.append(f"{left} more reason{'s' if left > 1 else ''}")
    return _listed(shown, ", and ")


def _listed(words: Sequence[str], last: str = " and ") -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + last + words[-1]


_OF_ITSELF = {
    "first": "it {has} not run in this pipeline before",
    "module": "it is `{after}` now and was `{before}`",
    "version": "`{name}` went from version {before} to version {after}",
    "code": "the code of `{name}` was changed",
    "forced": "you asked for it to run again",
    "always": "it is set to always run",
    "random": "its module can give another result each time",
    "outside": "it reads from outside, where things may have changed",
    "seed": "its `{name}` is blank, so that each run draws a new one",
    "missing_output": "its stored result {is_} no longer there",
    "forgotten": "no earlier result of exactly this was kept",
    "varied": "it gave other data than before",
}
_OF_ANOTHER = {
    "first": "`{node}` {has} not run in this pipeline before",
    "module": "`{node}` is `{after}` now and was `{before}`",
    "version": "the module of `{node}` went from version {before} to version {after}",
    "code": "the code behind `{node}` was changed",
    "forced": "you asked for `{node}` to run again",
    "always": "`{node}` is set to always run",
    "random": "`{node}` can give another result each time",
    "outside": "`{node}` reads from outside, where things may have changed",
    "seed": "`{node}` draws a new `{name}` for each run",
    "missing_output": "the stored result of `{node}` {is_} no longer there",
    "forgotten": "no earlier result of `{node}` was kept",
    "varied": "`{node}` gave other data than before",
}
_ENDINGS = {"failed": "failed", "cancelled": "was cancelled"}


def _own_phrase(cause: Root, tense: _Tense) -> str:
    """A cause as a part of a sentence about the node where it is."""
    if cause.kind in _OF_ITSELF:
        return _filled(_OF_ITSELF[cause.kind], cause, tense)
    if cause.kind == "wiring":
        return _wiring(f"its input `{cause.name}`", cause)
    if cause.kind == "no_result":
        return f"it {_ENDINGS.get(str(cause.before), 'gave no result')} when it last ran"
    return _shared_phrase(f"`{cause.name}`", cause)


def _root_phrase(root: Root, tense: _Tense) -> str:
    """A cause as a part of a sentence about another node."""
    if root.kind in _OF_ANOTHER:
        return _filled(_OF_ANOTHER[root.kind], root, tense)
    if root.kind == "wiring":
        return _wiring(f"the input `{root.name}` of `{root.node}`", root)
    if root.kind == "no_result":
        return f"`{root.node}` {_ENDINGS.get(str(root.before), 'gave no result')} when it last ran"
    return _shared_phrase(f"`{root.name}` of `{root.node}`", root)


def _filled(template: str, cause: Root, tense: _Tense) -> str:
    facts = {"node": cause.node, "name": cause.name, "before": cause.before, "after": cause.after}
    return template.format(**facts, has=tense.has, is_=tense.is_)


def _shared_phrase(subject: str, cause: Root) -> str:
    """What reads the same about one's own node and about another one."""
    match cause.kind:
        case "parameter" if _is_short(cause.before) and _is_short(cause.after):
            return f"{subject} went from {shown_value(cause.before)} to {shown_value(cause.after)}"
        case "file" if cause.before == cause.after:
            return f"the file {subject} has other contents"
        case "file":
            return f"the file {subject} is “{cause.after}” now and was “{cause.before}”"
        case "library":
            return _library(cause)
        case "dataset":
            return _dataset(cause)
        case _:
            return f"{subject} was changed"


def _library(cause: Root) -> str:
    name = "Python" if cause.name == "python" else f"the library {cause.name}"
    if cause.before is None or cause.after is None:
        return f"{name} was {'installed' if cause.before is None else 'removed'}"
    return f"{name} went from version {cause.before} to {cause.after}"


def _dataset(cause: Root) -> str:
    before, after = cause.before, cause.after
    if not isinstance(before, dict) or not isinstance(after, dict):
        return f"`{cause.node}` is a dataset now"
    if before["name"] != after["name"]:
        return f"`{cause.node}` is the dataset `{after['name']}` now and was `{before['name']}`"
    if before["version"] != after["version"]:
        return f"the dataset `{cause.name}` went from version {before['version']} to version {after['version']}"
    return f"the dataset `{cause.name}` has other rows"


def _wiring(subject: str, cause: Root) -> str:
    before, after = _ends(cause.before), _ends(cause.after)
    if not after:
        return f"{subject} is no longer connected"
    if not before:
        return f"{subject} is connected now"
    return f"{subject} comes from {_listed(after)} now and came from {_listed(before)}"


def _ends(wires: JsonValue) -> list[str]:
    return [_code(str(wire)) for wire in wires] if isinstance(wires, list) else []


def _code(name: str) -> str:
    return f"`{name}`"


def _is_short(value: JsonValue) -> bool:
    return not isinstance(value, dict | list) and len(shown_value(value)) <= LONGEST_VALUE and "\n" not in str(value)


def shown_value(value: JsonValue) -> str:
    """A value of a parameter as people write it."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
