"""How sessions travel, to a graph in Graphviz's DOT language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from session_first.project.session_graph import SessionGraph, Since
from session_first.report.graph_labels import arrows, node_lines

_STYLES: Mapping[Since | None, str] = {
    Since.ALREADY: "solid",
    Since.FIX: "dashed",
    Since.LIFT: "dotted",
    None: "solid",
}
_GREY = ", color=gray, fontcolor=gray"


def lines(graph: SessionGraph, here: Path) -> Iterator[str]:
    """A box a function, an arrow a call: solid where a session is passed, dashed where it is after fix, dotted after
    fix --lift, grey where none is."""
    yield "digraph sessions {"
    yield "  rankdir=LR;"
    yield "  node [shape=box, fontname=monospace];"
    for node in graph.nodes:
        style = "bold" if node.id == graph.focus else _STYLES[node.since or node.holds_since]
        grey = _GREY if node.since is None and node.holds_since is None else ""
        yield f"  {_quoted(node.id)} [label={_label(node_lines(node, here))}, style={style}{grey}];"
    for arrow in arrows(graph):
        grey = _GREY if arrow.since is None else ""
        label = f"label={_quoted(arrow.label)}, " if arrow.label else ""
        yield f"  {_quoted(arrow.caller)} -> {_quoted(arrow.callee)} [{label}style={_STYLES[arrow.since]}{grey}];"
    yield "}"


def _label(parts: Iterator[str]) -> str:
    r"""The lines, left-aligned: `\l` ends each."""
    return '"' + "".join(f"{_escaped(part)}\\l" for part in parts) + '"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
