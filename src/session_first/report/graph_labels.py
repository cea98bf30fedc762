"""How sessions travel, to the few words that a drawing has room for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from session_first.project.session_graph import Call, Node, SessionGraph, Since, Start, Use
from session_first.report.text import shown

AFTER: Mapping[Since, str] = {
    Since.ALREADY: "",
    Since.FIX: " after fix",
    Since.LIFT: " after fix --lift",
}
"""What says when something is so, at the end of a phrase."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """All calls of one function by another that pass the same; `label` may be empty."""

    caller: str
    callee: str
    since: Since | None
    label: str


def node_lines(node: Node, here: Path) -> Iterator[str]:
    """What is written in the node's box, line by line."""
    yield node.id
    line = "" if node.start is Start.MODULE_LEVEL else f":{node.position.line}"
    yield f"{shown(node.path, here)}{line}"
    if node.start is not None:
        yield node.start.value
    if node.since is not None:
        yield f"takes {node.parameter}{AFTER[node.since]}"
    elif node.holds_since is not None:
        yield f"uses {node.holds}{AFTER[node.holds_since]}"
    elif node.why is not None:
        yield f"takes none: {node.why.reason}"
    yield from (_use(use) for use in node.uses)


def _use(use: Use) -> str:
    if use.why is not None:
        return f"{use.text} ({use.why.reason})"
    return use.text


def arrows(graph: SessionGraph) -> tuple[Arrow, ...]:
    """The calls, each once, in their order."""
    takers = {node.id for node in graph.nodes if node.since is not None}
    return tuple(
        dict.fromkeys(
            Arrow(call.caller, call.callee, call.since, _label(call, takes=call.callee in takers))
            for call in graph.calls
        )
    )


def _label(call: Call, *, takes: bool) -> str:
    if call.since is not None:
        return f"{call.value or 'a session'}{AFTER[call.since]}"
    if not takes:
        return ""
    return f"none: {call.why.reason}" if call.why is not None else "none"
