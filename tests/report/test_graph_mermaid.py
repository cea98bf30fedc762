"""How sessions travel, as Mermaid draws it: plain ids, and labels in which nothing is markup."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from session_first.report import graph_mermaid
from tests.report.graphs import GRAPH, HERE, node

LABEL = r'"(?:[^"#<>`]|<br>|#\d+;)*"'
STATEMENT = re.compile(
    rf"  (?:f\d+\[{LABEL}\]|f\d+ (?:==>|-->|-\.->|--x)(?:\|{LABEL}\|)? f\d+|style f\d+ stroke-width:3px)"
)


def test_the_whole_project() -> None:
    assert list(graph_mermaid.lines(GRAPH, HERE)) == [
        "flowchart LR",
        '  f0["pkg.a:#60;module#62;<br>pkg/a.py<br>module-level<br>uses SESSION"]',
        '  f1["pkg.a:upload<br>pkg/a.py:3<br>takes session after fix<br>boto3.client(#39;s3#39;)"]',
        '  f2["pkg.a:process<br>pkg/a.py:10<br>takes session after fix --lift"]',
        '  f3["pkg.a:main<br>pkg/a.py:20<br>main<br>takes none: stopped"]',
        '  f2 -.->|"session after fix --lift"| f1',
        '  f2 --x|"none: mocked-in-tests"| f1',
        '  f3 --x|"none: caller-takes-none"| f2',
        '  f0 ==>|"SESSION"| f2',
    ]


def test_whatever_a_name_holds_is_text() -> None:
    odd = 'f"];#`<b>é\n'
    graph = replace(GRAPH, nodes=(*GRAPH.nodes, node(odd, 40)), focus="pkg.a:main")
    lines = list(graph_mermaid.lines(graph, HERE))
    assert all(STATEMENT.fullmatch(line) for line in lines[1:])
    label = re.sub(r"#(\d+);", r"&#\1;", lines[5])
    assert html.unescape(label).startswith(f'  f4["pkg.a:{odd}<br>')
