"""Which part of a graph is to run, and what of it runs again whatever is known."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from designer.errors import InvalidDocument, Problem, did_you_mean, nearest
from designer.graph.graph import Graph


@dataclass(frozen=True, slots=True)
class Selection:
    """A wish of the person who submits.

    `targets` keeps those nodes and what feeds them ("run to here"). `starts` keeps those nodes, what they feed and what
    that needs, and runs the nodes from there on again ("run from here"). `force` runs nodes again although their result
    is known: all that are kept, or those named. With targets and starts, what lies between them runs again.
    """

    targets: Collection[str] | None = None
    starts: Collection[str] = ()
    force: bool | Collection[str] = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """Nodes that take part, and those of them that run again in any case."""

    wanted: frozenset[str]
    forced: frozenset[str]


EVERYTHING = Selection()


def choose(graph: Graph, selection: Selection) -> Chosen:
    """Find what a selection means in a graph; disabled nodes never take part. Raises InvalidDocument."""
    problems = list(_problems(graph, selection))
    if problems:
        raise InvalidDocument(problems)
    enabled = frozenset(key for key in graph.nodes if not graph.nodes[key].node.disabled)
    below = graph.downstream_closure(selection.starts)
    if selection.targets is not None:
        wanted = graph.upstream_closure(selection.targets)
    elif selection.starts:
        wanted = graph.upstream_closure(below & enabled)
    else:
        wanted = enabled
    forced = wanted if selection.force is True else below | frozenset(_listed(selection.force))
    return Chosen(wanted & enabled, forced & wanted & enabled)


def _listed(force: bool | Collection[str]) -> Collection[str]:
    return () if isinstance(force, bool) else force


def _problems(graph: Graph, selection: Selection) -> Iterator[Problem]:
    yield from _unusable(graph, "targets", "Target", selection.targets or ())
    yield from _unusable(graph, "starts", "Start", selection.starts)
    for key in _listed(selection.force):
        if key not in graph.nodes:
            yield _unknown(graph, "force", "Node", key)
    if selection.targets is not None:
        above = graph.upstream_closure(key for key in selection.targets if key in graph.nodes)
        for key in selection.starts:
            if key in graph.nodes and key not in above:
                said = f"Start '{key}' feeds none of the targets"
                yield Problem(
                    code="unrelated_start", node=key, key="starts", found=key, message=said, values={"name": key}
                )


def _unusable(graph: Graph, place: str, word: str, keys: Iterable[str]) -> Iterator[Problem]:
    for key in keys:
        if key not in graph.nodes:
            yield _unknown(graph, place, word, key)
        elif graph.nodes[key].node.disabled:
            said = f"{word} '{key}' is disabled"
            code = f"disabled_{word.lower()}"
            yield Problem(code=code, node=key, key=place, found=key, message=said, values={"name": key})


def _unknown(graph: Graph, place: str, word: str, key: str) -> Problem:
    said = f"is not a node{did_you_mean(key, graph.nodes)}"
    values: dict[str, JsonValue] = {"how": "selected", "name": key, "near": nearest(key, graph.nodes)}
    return Problem(code="unknown_node", key=place, found=key, message=f"{word} '{key}' {said}", values=values)
