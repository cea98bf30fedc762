"""How sessions travel, to a tree of lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.model import Position
from session_first.project.definitions import UnresolvedReason
from session_first.project.session_graph import (
    EXPLANATIONS,
    Call,
    Node,
    SessionGraph,
    Since,
    Start,
    UnresolvedCall,
    Use,
    Why,
)
from session_first.report.graph_labels import AFTER
from session_first.report.text import count, shown

_STARTS: Mapping[Start, str] = {
    Start.LAMBDA_HANDLER: "Lambda handler",
    Start.MAIN: "main",
    Start.COMMAND: "click command",
    Start.MAIN_GUARD: "main guard",
    Start.MODULE_LEVEL: "module level",
}
"""The others are told in a sentence."""

_SHOWN_TARGETS = 3
"""Of those that a call may run."""

_PLAIN = str.maketrans("│├└─", "||`-")


def lines(
    graph: SessionGraph, here: Path, *, depth: int | None = None, unresolved: bool = False
) -> Iterator[str]:
    """The trees, from where calls come from to where clients are made; around one function, from it up and down.

    `depth` limits the steps below each tree's first line. `unresolved`: all calls without a certain target are listed, not only those
    that may run a function of the graph.
    """
    tree = _Trees(graph, here, depth)
    if graph.focus is None:
        for number, root in enumerate(tree.roots()):
            if number:
                yield ""
            yield from tree.down(root)
    else:
        yield from tree.around(graph.focus)
    listed = [item for item in graph.unresolved if unresolved or item.may_run]
    if listed and graph.nodes:
        yield ""
    yield from _unresolved_lines(listed, here)


def plain(line: str) -> str:
    """The line with its tree drawn in ASCII, for terminals that know no other letters."""
    return line.translate(_PLAIN)


def summary(graph: SessionGraph) -> str:
    """How many functions there are, and how many take a session now and later."""
    functions = [node for node in graph.nodes if node.start not in {Start.MAIN_GUARD, Start.MODULE_LEVEL}]
    if not functions:
        return "No function makes a client or takes a session."
    taking = [sum(node.since is since for node in functions) for since in Since]
    parts = [
        f"{taking[0]} take a session",
        f"{taking[1]} more after fix" if taking[1] else "",
        f"{taking[2]} more after fix --lift" if taking[2] else "",
    ]
    hidden = sum(not item.may_run for item in graph.unresolved)
    rest = f" {count(hidden, 'other call')} could not be followed: see --unresolved." if hidden else ""
    return f"{count(len(functions), 'function')}: {', '.join(part for part in parts if part)}.{rest}"


@dataclass(frozen=True, slots=True)
class _Step:
    """Calls of one function by another that pass the same, at these lines."""

    other: Node
    position: Position
    numbers: tuple[int, ...]
    call: Call


@dataclass(frozen=True, slots=True)
class _Branch:
    """A line of a tree, and what stands below it."""

    text: str
    below: tuple[_Branch, ...] = ()


class _Trees:
    def __init__(self, graph: SessionGraph, here: Path, depth: int | None) -> None:
        self._here = here
        self._depth = depth
        self._nodes = {node.id: node for node in graph.nodes}
        self._graph = graph
        self._callees = self._grouped([(call.caller, call.callee, call) for call in graph.calls])
        self._callers = self._grouped([(call.callee, call.caller, call) for call in graph.calls])
        self._shown: set[str] = set()
        self._risen: set[str] = set()

    def _grouped(self, calls: Sequence[tuple[str, str, Call]]) -> dict[str, list[_Step]]:
        groups: dict[tuple[str, str, Since | None, Why | None], list[Call]] = {}
        for of, other, call in calls:
            groups.setdefault((of, other, call.since, call.why), []).append(call)
        found: dict[str, list[_Step]] = {}
        for (of, other, _, _), same in groups.items():
            numbers = tuple(dict.fromkeys(call.position.line for call in same))
            found.setdefault(of, []).append(_Step(self._nodes[other], same[0].position, numbers, same[0]))
        return found

    def roots(self) -> Iterator[Node]:
        """What nothing else calls; and of a cycle that nothing else calls, the first function."""
        shown_below: set[str] = set()
        for node in self._graph.nodes:
            if node.id not in shown_below:
                below = _reached(node.id, self._callees)
                if _reached(node.id, self._callers) <= below:
                    shown_below |= below
                    yield node

    def down(self, root: Node) -> Iterator[str]:
        """The tree of what the root makes and calls."""
        yield f"{self._named(root)}{_taking(root)}"
        yield from _drawn(self._below(root, (root.id,)))

    def around(self, focus: str) -> Iterator[str]:
        """The tree of callers, and the tree of what is made and called."""
        node = self._nodes[focus]
        yield f"{self._named(node)}{_taking(node)}"
        callers, callees = self._above(node, (focus,)), self._below(node, (focus,))
        if callers:
            yield from ("", "Called by", *_drawn(callers))
        elif node.start is None:
            yield from ("", "Nothing in the project calls it.")
        if callees:
            yield from ("", "Makes and calls", *_drawn(callees))

    def _below(self, node: Node, way: tuple[str, ...]) -> tuple[_Branch, ...]:
        self._shown.add(node.id)
        found: list[tuple[Position, _Branch]] = [
            (use.position, _Branch(f"{use.position.line}: {_use(use)}")) for use in node.uses
        ]
        for step in self._callees.get(node.id, ()):
            other = step.other
            text = f"{_numbers(step)}: {self._known(other)}{_getting(step)}"
            mark = self._mark(other, way, self._callees, self._shown)
            below = self._below(other, (*way, other.id)) if not mark else ()
            found.append((step.position, _Branch(f"{text}{mark}", below)))
        return tuple(branch for _, branch in sorted(found, key=lambda item: (item[0], item[1].text)))

    def _above(self, node: Node, way: tuple[str, ...]) -> tuple[_Branch, ...]:
        self._risen.add(node.id)
        found = []
        for step in self._callers.get(node.id, ()):
            text = f"{self._known(step.other)} line {_numbers(step)}{_passing(step, node)}"
            mark = self._mark(step.other, way, self._callers, self._risen)
            below = self._above(step.other, (*way, step.other.id)) if not mark else ()
            found.append(_Branch(f"{text}{mark}", below))
        return tuple(found)

    def _mark(
        self, node: Node, way: tuple[str, ...], onward: Mapping[str, object], shown_already: set[str]
    ) -> str:
        """What ends a line about the node where what stands below it is left out."""
        if node.id in way:
            return " (a cycle)"
        if node.id not in onward and not (onward is self._callees and node.uses):
            return ""
        if node.id in shown_already:
            return " (see above)"
        if self._depth is not None and len(way) >= self._depth:
            return " …"
        return ""

    def _named(self, node: Node) -> str:
        """The node with its full name, as `--function` takes it."""
        return f"{node.id} ({self._place(node)})"

    def _known(self, node: Node) -> str:
        """The node with its name in its file."""
        return f"{node.id.partition(':')[2]} ({self._place(node)})"

    def _place(self, node: Node) -> str:
        told = _STARTS.get(node.start, node.start_detail) if node.start is not None else None
        line = "" if node.start is Start.MODULE_LEVEL else f":{node.position.line}"
        return f"{shown(node.path, self._here)}{line}{f', {told}' if told is not None else ''}"


def _reached(start: str, onward: Mapping[str, Sequence[_Step]]) -> set[str]:
    found = {start}
    waiting = [start]
    while waiting:
        for step in onward.get(waiting.pop(), ()):
            if step.other.id not in found:
                found.add(step.other.id)
                waiting.append(step.other.id)
    return found


def _drawn(branches: Sequence[_Branch], before: str = "") -> Iterator[str]:
    for number, branch in enumerate(branches, start=1):
        last = number == len(branches)
        yield f"{before}{'└── ' if last else '├── '}{branch.text}"
        yield from _drawn(branch.below, f"{before}{'    ' if last else '│   '}")


def _numbers(step: _Step) -> str:
    return ", ".join(map(str, step.numbers))


def _taking(node: Node) -> str:
    """What a function takes, as the end of a line about it."""
    if node.since is not None:
        return f" takes {node.parameter}{AFTER[node.since]}"
    if node.holds_since is not None:
        return f" uses {node.holds}{AFTER[node.holds_since]}"
    if node.start in {Start.MAIN_GUARD, Start.MODULE_LEVEL}:
        return ""
    return f" takes none{_because(node.why)}"


def _getting(step: _Step) -> str:
    """What a function takes, and gets from a call."""
    node, call = step.other, step.call
    if node.since is None:
        return _taking(node)
    if call.since is None:
        return f"{_taking(node)}, gets none{_because(call.why)}"
    if call.since is node.since:
        return f" gets {node.parameter}{AFTER[call.since]}"
    return f"{_taking(node)}, gets it{AFTER[call.since]}"


def _passing(step: _Step, target: Node) -> str:
    """What the caller passes."""
    call = step.call
    if call.since is not None:
        return f" passes {call.value or 'one'}{AFTER[call.since]}"
    return " passes none" + (_because(call.why) if target.since is not None else "")


def _use(use: Use) -> str:
    if use.makes == "session" and use.session is None and use.since in {Since.ALREADY, Since.LIFT}:
        return f"{use.text} makes a session{AFTER[use.since]}"
    if use.since is Since.ALREADY:
        return f"{use.text} from {use.session}"
    if use.since is None:
        return f"{use.text} from the default session{_because(use.why)}"
    after = AFTER[use.since].strip()
    return f"{use.text} from the default session, {after} from {use.session or 'one that is passed'}"


def _because(why: Why | None) -> str:
    return "" if why is None else f": {why.detail} ({why.reason})"


def _unresolved_lines(items: Sequence[UnresolvedCall], here: Path) -> Iterator[str]:
    groups: dict[UnresolvedReason, list[UnresolvedCall]] = {}
    for item in items:
        groups.setdefault(item.reason, []).append(item)
    for reason, same in sorted(groups.items(), key=lambda group: group[0].value):
        yield f"Not followed, {reason.value} ({len(same)}): {EXPLANATIONS[reason]}"
        for item in same:
            place = f"{shown(item.path, here)}:{item.position.line}:{item.position.column + 1}"
            yield f"  {place}: {' '.join(item.callee.split())}{_may_run(item.may_run)}"


def _may_run(ids: Sequence[str]) -> str:
    if not ids:
        return ""
    more = len(ids) - _SHOWN_TARGETS
    names = [*ids[:_SHOWN_TARGETS], *([f"{more} more"] if more > 0 else [])]
    return f" may run {' or '.join(names)}"
