"""How sessions travel, to a Mermaid flowchart, which Markdown pages draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from session_first.project.session_graph import SessionGraph, Since
from session_first.report.graph_labels import arrows, node_lines

_PLAIN = frozenset(" .,:=/()_-…")
_ARROWS: Mapping[Since | None, str] = {
    Since.ALREADY: "==>",
    Since.FIX: "-->",
    Since.LIFT: "-.->",
    None: "--x",
}


def lines(graph: SessionGraph, here: Path) -> Iterator[str]:
    """A box a function, an arrow a call: thick where a session is passed, plain where it is after fix, dotted after
    fix --lift, with a cross where none is."""
    yield "flowchart LR"
    ids = {node.id: f"f{number}" for number, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        label = "<br>".join(_escaped(line) for line in node_lines(node, here))
        yield f'  {ids[node.id]}["{label}"]'
    for arrow in arrows(graph):
        label = f'|"{_escaped(arrow.label)}"|' if arrow.label else ""
        yield f"  {ids[arrow.caller]} {_ARROWS[arrow.since]}{label} {ids[arrow.callee]}"
    if graph.focus is not None:
        yield f"  style {ids[graph.focus]} stroke-width:3px"


def _escaped(text: str) -> str:
    """The text with what Mermaid, Markdown or HTML could read otherwise as character references."""
    return "".join(c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in text)
