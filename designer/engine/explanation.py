"""Why a step runs or is reused: the difference of two runs, followed upstream to its root.

Facts go in, explanations come out; nothing here looks anything up. The words are in `designer.engine.words`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic import JsonValue

from designer.engine.recipe import Recipe
from designer.engine.schedule import GOOD
from designer.engine.step import Message, UploadedFile
from designer.graph.graph import reached
from designer.graph.plan import PinnedDataset, Step

CauseKind = Literal[
    "first",
    "parameter",
    "file",
    "module",
    "version",
    "code",
    "library",
    "dataset",
    "wiring",
    "input",
    "forced",
    "always",
    "random",
    "outside",
    "seed",
    "missing_output",
    "no_result",
    "forgotten",
    "varied",
]
Outcome = Literal[
    "ran",
    "runs",
    "reused",
    "given",
    "skipped",
    "stopped",
    "cancelled",
    "waits",
    "will_run",
    "may_run",
    "will_reuse",
    "blocked",
    "disabled",
]
SHOWN_ROOTS = 5


class Root(Message):
    """A difference that follows from no other one, and the node where it is."""

    kind: CauseKind
    node: str
    name: str | None = None
    before: JsonValue = None
    after: JsonValue = None


class Cause(Root):
    """One reason why a node runs; that of a changed input names the node above and what that goes back to."""

    source: str | None = None
    roots: tuple[Root, ...] = ()


class Origin(Message):
    """The step that computed a result which another run took over, perhaps while that run was there already."""

    run_id: str
    run_number: int
    node: str
    finished_at: str | None = None
    at_same_time: bool = False


class Explanation(Message):
    """Why a node ran, was reused or did not run, in a sentence and as data.

    `same_again` names nodes above that ran again and gave the same data as before. `origin` is where a reused result
    comes from, or who is computing it. `stopped_by` is the node that kept this one from running. `ends_reuse` tells
    that no result of this node is ever reused, so that what stands below it depends on what it gives.
    """

    node: str
    outcome: Outcome
    sentence: str = ""
    causes: tuple[Cause, ...] = ()
    same_again: tuple[str, ...] = ()
    origin: Origin | None = None
    compared_with: int | None = None
    dataset: PinnedDataset | None = None
    stopped_by: str | None = None
    problem: str | None = None
    ends_reuse: bool = False


Digests = Mapping[str, tuple[str | None, ...]]
"""Digests of what flows into a step, by port; None for data that are still to be made."""


@dataclass(frozen=True)
class Facts:
    """What is known of a node in a run; `recipe` is None until everything above it had a result."""

    step: Step
    status: str
    recipe: Recipe | None = None
    inputs: Digests = field(default_factory=dict)
    outputs: frozenset[str] = frozenset()
    files: Mapping[str, UploadedFile] = field(default_factory=dict)
    lost_result: bool = False

    @property
    def took_part(self) -> bool:
        """Whether the node came to the point where it runs or is reused."""
        return self.recipe is not None or self.step.dataset is not None


@dataclass(frozen=True)
class RunFacts:
    """What is known of a run, or of one that is not submitted yet."""

    number: int
    nodes: Mapping[str, Facts]


class Comparison:
    """The differences of one run from an earlier one."""

    def __init__(self, now: RunFacts, before: RunFacts) -> None:
        self.now, self.before = now, before
        self._roots: dict[str, tuple[Root, ...]] = {}

    def causes(self, node: str) -> tuple[Cause, ...]:
        """Why a node could not simply take the result that it had in the earlier run."""
        now, before = self.now.nodes[node], self.before.nodes.get(node)
        if before is None or not before.took_part:
            return (*_own_will(now.step), Cause(kind="first", node=node))
        found = [*_own_will(now.step), *self.differences(node)]
        if now.lost_result:
            found.append(Cause(kind="missing_output", node=node))
        if not found and before.status not in GOOD:
            found.append(Cause(kind="no_result", node=node, before=before.status))
        return tuple(found or [Cause(kind="forgotten", node=node)])

    def differences(self, node: str) -> list[Cause]:
        """What of the ingredients of a node has changed."""
        now, before = self.now.nodes[node], self.before.nodes.get(node)
        if before is None:
            return []
        own = list(_dataset_change(now.step, before.step) if now.step.dataset else _own_changes(now, before))
        return [*own, *self._input_changes(now, before)]

    def _input_changes(self, now: Facts, before: Facts) -> Iterator[Cause]:
        for port in dict.fromkeys([*now.step.inputs, *before.step.inputs]):
            node = now.step.node
            wires, wires_before = now.step.inputs.get(port, ()), before.step.inputs.get(port, ())
            digests, digests_before = _digests(now.inputs, port, len(wires)), before.inputs.get(port, ())
            if digests == digests_before and None not in digests:
                continue
            if wires != wires_before:
                yield Cause(kind="wiring", node=node, name=port, before=_listed(wires_before), after=_listed(wires))
                continue
            for position, wire in enumerate(wires):
                was = digests_before[position] if position < len(digests_before) else None
                if digests[position] is None or digests[position] != was:
                    yield Cause(kind="input", node=node, name=port, source=wire.node, roots=self.roots(wire.node))

    def roots(self, node: str) -> tuple[Root, ...]:
        """What the change of a node's outputs goes back to."""
        for key in self._upstream_first(node):
            if key not in self._roots:
                self._roots[key] = self._roots_of(key)
        return self._roots[node][:SHOWN_ROOTS]

    def _roots_of(self, node: str) -> tuple[Root, ...]:
        if node not in self.now.nodes:
            return ()
        before = self.before.nodes.get(node)
        if before is None or not before.took_part:
            return (Root(kind="first", node=node),)
        causes = [*self.differences(node), *_own_will(self.now.nodes[node].step)]
        found: dict[tuple[str, str, str | None], Root] = {}
        for cause in causes:
            for root in cause.roots if cause.kind == "input" else (_as_root(cause),):
                found.setdefault((root.kind, root.node, root.name), root)
        if not found:
            return (Root(kind="missing_output" if self.now.nodes[node].lost_result else "varied", node=node),)
        return tuple(found.values())

    def _upstream_first(self, node: str) -> list[str]:
        """A node after all that feeds it, without those whose roots are known; no recursion, chains may be long."""
        order: list[str] = []
        waiting: list[tuple[str, bool]] = [(node, False)]
        seen: set[str] = set(self._roots)
        while waiting:
            key, is_ready = waiting.pop()
            if is_ready:
                order.append(key)
            elif key not in seen:
                seen.add(key)
                waiting.append((key, True))
                if (facts := self.now.nodes.get(key)) is not None:
                    waiting.extend((above, False) for above in sorted(facts.step.upstream))
        return order

    def same_again(self, node: str) -> tuple[str, ...]:
        """Nodes directly above that ran again, and gave what they had given before."""
        now, before = self.now.nodes[node], self.before.nodes.get(node)
        if before is None or before.step.inputs != now.step.inputs or before.inputs != now.inputs:
            return ()
        above = (self.now.nodes[key] for key in sorted(now.step.upstream) if key in self.now.nodes)
        return tuple(facts.step.node for facts in above if facts.status == "completed" and facts.step.dataset is None)


def _own_will(step: Step) -> Iterator[Cause]:
    """Reasons to run that no difference is needed for."""
    if step.force:
        yield Cause(kind="forced", node=step.node)
    if step.dataset is not None:
        return
    if not step.allow_reuse:
        yield Cause(kind="always", node=step.node)
    match step.varies:
        case "random" | "outside" as kind:
            yield Cause(kind=kind, node=step.node)
        case "seed":
            yield Cause(kind="seed", node=step.node, name=step.drawn[0])


def _dataset_change(now: Step, before: Step) -> Iterator[Cause]:
    if now.dataset is None or now.dataset == before.dataset:
        return
    was = before.dataset
    yield Cause(
        kind="dataset",
        node=now.node,
        name=now.dataset.name,
        before={"name": was.name, "version": was.version} if was else None,
        after={"name": now.dataset.name, "version": now.dataset.version},
    )


def _own_changes(now: Facts, before: Facts) -> Iterator[Cause]:
    step, was = now.step, before.step
    node = step.node
    if step.module != was.module:
        yield Cause(kind="module", node=node, before=was.module, after=step.module)
        return
    if step.version != was.version:
        yield Cause(kind="version", node=node, name=step.module, before=was.version, after=step.version)
    elif step.fingerprint != was.fingerprint:
        yield Cause(kind="code", node=node, name=step.module)
    for name in dict.fromkeys([*step.params, *was.params]):
        if name in step.drawn:
            continue
        value, value_before = step.params.get(name), was.params.get(name)
        if value != value_before or type(value) is not type(value_before):
            yield _parameter_change(name, now, before)
    yield from _library_changes(node, now.recipe, before.recipe)


def _parameter_change(name: str, now: Facts, before: Facts) -> Cause:
    value, was = now.step.params.get(name), before.step.params.get(name)
    file, file_before = now.files.get(str(value)), before.files.get(str(was))
    if file is None or file_before is None:
        return Cause(kind="parameter", node=now.step.node, name=name, before=was, after=value)
    return Cause(kind="file", node=now.step.node, name=name, before=file_before.name, after=file.name)


def _library_changes(node: str, now: Recipe | None, before: Recipe | None) -> Iterator[Cause]:
    if now is None or before is None:
        return
    for name in dict.fromkeys([*now.environment, *before.environment]):
        version, was = now.environment.get(name), before.environment.get(name)
        if version != was:
            yield Cause(kind="library", node=node, name=name, before=was, after=version)


def _digests(inputs: Digests, port: str, wires: int) -> tuple[str | None, ...]:
    """Digests of an input; those of a node that is not ready yet are unknown."""
    return inputs.get(port, (None,) * wires)


def _listed(wires: Iterable[object]) -> list[JsonValue]:
    return [f"{wire.node}.{wire.port}" for wire in wires]  # type: ignore[attr-defined]  # wires, as the caller gives them


def _as_root(cause: Cause) -> Root:
    return Root(kind=cause.kind, node=cause.node, name=cause.name, before=cause.before, after=cause.after)


@dataclass(frozen=True)
class Explainer:
    """Explains the nodes of a run; each is compared with the newest earlier run in which it took part."""

    now: RunFacts
    earlier: tuple[RunFacts, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    is_cancelled: bool = False

    @cached_property
    def _comparisons(self) -> list[Comparison]:
        return [Comparison(self.now, before) for before in self.earlier]

    def explain(self, node: str) -> Explanation:
        """Why a node of a run is where it is."""
        facts = self.now.nodes[node]
        comparison = self.comparison_of(node)
        number = comparison.before.number if comparison else None
        match facts.status:
            case "waiting":
                return Explanation(node=node, outcome="waits", origin=self.origins.get(node))
            case "skipped" | "cancelled":
                return self._of_no_run(node)
        if facts.step.dataset is not None:
            changes = tuple(comparison.differences(node)) if comparison else ()
            given = facts.step.dataset
            return Explanation(node=node, outcome="given", dataset=given, causes=changes, compared_with=number)
        if facts.status == "reused":
            return self.of_reuse(node, "reused")
        return self.of_run(node, "runs" if facts.status in ("queued", "running") else "ran")

    def of_run(self, node: str, outcome: Outcome) -> Explanation:
        """Why a node runs, in whatever tense."""
        comparison = self.comparison_of(node)
        step = self.now.nodes[node].step
        first = (*_own_will(step), Cause(kind="first", node=node))
        return Explanation(
            node=node,
            outcome=outcome,
            causes=comparison.causes(node) if comparison else first,
            compared_with=comparison.before.number if comparison else None,
            ends_reuse=not step.allow_reuse or step.varies is not None,
        )

    def of_reuse(self, node: str, outcome: Outcome) -> Explanation:
        """Why a result stands in for a node, in whatever tense."""
        comparison = self.comparison_of(node)
        return Explanation(
            node=node,
            outcome=outcome,
            causes=tuple(comparison.differences(node)) if comparison else (),
            same_again=comparison.same_again(node) if comparison else (),
            origin=self.origins.get(node),
            compared_with=comparison.before.number if comparison else None,
        )

    def comparison_of(self, node: str) -> Comparison | None:
        """The comparison with the newest earlier run in which a node took part."""
        for comparison in self._comparisons:
            before = comparison.before.nodes.get(node)
            if before is not None and before.took_part:
                return comparison
        return None

    def _of_no_run(self, node: str) -> Explanation:
        """Why a node was not tried: one above it failed, the run stops at failures, or a person ended it."""
        failed = [key for key, facts in self.now.nodes.items() if facts.status == "failed"]
        above = self._failed_above(node)
        if above is not None:
            return Explanation(node=node, outcome="skipped", stopped_by=above)
        if failed and not self.is_cancelled:
            return Explanation(node=node, outcome="stopped", stopped_by=failed[0])
        return Explanation(node=node, outcome="cancelled")

    def _failed_above(self, node: str) -> str | None:
        above = reached([node], lambda key: self.now.nodes[key].step.upstream if key in self.now.nodes else ())
        return next((key for key in self.now.nodes if key in above and self.now.nodes[key].status == "failed"), None)
