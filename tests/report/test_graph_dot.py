"""How sessions travel, as Graphviz draws it: every line is a statement of its language."""

from __future__ import annotations

import re
from dataclasses import replace

from session_first.report import graph_dot
from tests.report.graphs import GRAPH, HERE, call, node

STRING = r'"(?:[^"\\\n]|\\.)*"'
ATTRIBUTE = rf"\w+=(?:{STRING}|\w+)"
ATTRIBUTES = rf"\[{ATTRIBUTE}(?:, {ATTRIBUTE})*\]"
STATEMENT = re.compile(
    rf"  (?:rankdir=LR|node {ATTRIBUTES}|(?P<node>{STRING}) {ATTRIBUTES}|(?P<tail>{STRING}) -> (?P<head>{STRING}) {ATTRIBUTES});"
)


def test_the_whole_project() -> None:
    lines = list(graph_dot.lines(GRAPH, HERE))
    assert (lines[0], lines[-1]) == ("digraph sessions {", "}")
    assert (
        '  "pkg.a:upload" [label="pkg.a:upload\\lpkg/a.py:3\\ltakes session after fix\\lboto3.client(\'s3\')\\l", style=dashed];'
        in lines
    )
    assert '  "pkg.a:process" -> "pkg.a:upload" [label="session after fix --lift", style=dotted];' in lines
    assert (
        '  "pkg.a:process" -> "pkg.a:upload" [label="none: mocked-in-tests", style=solid, color=gray, fontcolor=gray];'
        in lines
    )


def test_every_line_is_a_statement_and_every_arrow_joins_boxes() -> None:
    odd = node('f"\\\n', 40)
    graph = replace(
        GRAPH, nodes=(*GRAPH.nodes, odd), calls=(*GRAPH.calls, call('f"\\\n', "main", 41)), focus="pkg.a:main"
    )
    statements = [STATEMENT.fullmatch(line) for line in list(graph_dot.lines(graph, HERE))[1:-1]]
    assert None not in statements
    found = [statement for statement in statements if statement is not None]
    boxes = {statement["node"] for statement in found if statement["node"] is not None}
    ends = {statement[end] for statement in found for end in ("tail", "head") if statement[end] is not None}
    assert len(boxes) == 5
    assert ends <= boxes
