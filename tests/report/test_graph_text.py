"""How sessions travel, as people read it; tests/pipeline/test_graph.py shows more trees."""

from __future__ import annotations

from dataclasses import replace

from session_first.model import Position
from session_first.project.definitions import UnresolvedReason
from session_first.project.session_graph import EXPLANATIONS, SessionGraph, Since, around
from session_first.report import graph_text
from tests.report.graphs import GRAPH, HERE, UNRESOLVED, call, node

TREE = """\
pkg.a:<module> (pkg/a.py, module level) uses SESSION
└── 30: process (pkg/a.py:10) takes session after fix --lift, gets it
    ├── 11: upload (pkg/a.py:3) takes session after fix, gets it after fix --lift
    │   └── 4: boto3.client('s3') from the default session, after fix from session
    └── 12: upload (pkg/a.py:3) takes session after fix, gets none: test_a.py:3 replaces "upload" (mocked-in-tests) (see above)

pkg.a:main (pkg/a.py:20, main) takes none: --stop-at names it (stopped)
└── 21: process (pkg/a.py:10) takes session after fix --lift, gets none: main cannot take one (caller-takes-none) (see above)

Not followed, unknown-receiver (1): the class of the object whose method is called is not known
  pkg/a.py:22:5: job.start may run pkg.a:process
"""


def shown(graph: SessionGraph, *, depth: int | None = None, unresolved: bool = False) -> str:
    return "".join(f"{line}\n" for line in graph_text.lines(graph, HERE, depth=depth, unresolved=unresolved))


def test_the_whole_project() -> None:
    assert shown(GRAPH) == TREE


def test_around_a_function() -> None:
    assert shown(around(replace(GRAPH, unresolved=()), "pkg.a:process")) == (
        "pkg.a:process (pkg/a.py:10) takes session after fix --lift\n"
        "\n"
        "Called by\n"
        "├── main (pkg/a.py:20, main) line 21 passes none: main cannot take one (caller-takes-none)\n"
        "└── <module> (pkg/a.py, module level) line 30 passes SESSION\n"
        "\n"
        "Makes and calls\n"
        "├── 11: upload (pkg/a.py:3) takes session after fix, gets it after fix --lift\n"
        "│   └── 4: boto3.client('s3') from the default session, after fix from session\n"
        '└── 12: upload (pkg/a.py:3) takes session after fix, gets none: test_a.py:3 replaces "upload" (mocked-in-tests)'
        " (see above)\n"
    )


def test_only_some_steps_down() -> None:
    assert shown(replace(GRAPH, unresolved=()), depth=1).splitlines()[:2] == [
        "pkg.a:<module> (pkg/a.py, module level) uses SESSION",
        "└── 30: process (pkg/a.py:10) takes session after fix --lift, gets it …",
    ]


def test_several_calls_that_pass_the_same_are_one_line() -> None:
    graph = SessionGraph(
        (node("f", 1), node("g", 5, Since.FIX)), (call("f", "g", 2), call("f", "g", 3)), (), 0
    )
    assert shown(graph).splitlines()[1] == "└── 2, 3: g (pkg/a.py:5) takes session after fix, gets none"


def test_a_way_back_ends_with_a_mark_and_what_is_reached_from_it_is_no_root() -> None:
    nodes = (node("deep", 1), node("f", 3), node("g", 5))
    calls = (call("f", "g", 4), call("g", "f", 6), call("g", "deep", 7))
    assert shown(SessionGraph(nodes, calls, (), 0)) == (
        "pkg.a:f (pkg/a.py:3) takes none\n"
        "└── 4: g (pkg/a.py:5) takes none\n"
        "    ├── 6: f (pkg/a.py:3) takes none (a cycle)\n"
        "    └── 7: deep (pkg/a.py:1) takes none\n"
    )


def test_calls_that_may_run_nothing_of_this_are_listed_on_request() -> None:
    other = replace(UNRESOLVED, position=Position(23, 0), callee="rows.append", may_run=())
    graph = replace(GRAPH, unresolved=(UNRESOLVED, other))
    assert "rows.append" not in shown(graph)
    assert shown(graph, unresolved=True).endswith(
        "Not followed, unknown-receiver (2): the class of the object whose method is called is not known\n"
        "  pkg/a.py:22:5: job.start may run pkg.a:process\n"
        "  pkg/a.py:23:1: rows.append\n"
    )


def test_of_many_possible_targets_the_first_are_shown() -> None:
    many = replace(UNRESOLVED, may_run=("a", "b", "c", "d", "e"))
    assert shown(replace(GRAPH, unresolved=(many,))).endswith("job.start may run a or b or c or 2 more\n")


def test_without_line_drawing_letters() -> None:
    assert graph_text.plain("│   ├── 1: f\n└── 2: g") == "|   |-- 1: f\n`-- 2: g"


def test_the_summary_counts_functions() -> None:
    assert (
        graph_text.summary(GRAPH)
        == "3 functions: 0 take a session, 1 more after fix, 1 more after fix --lift."
    )
    assert graph_text.summary(SessionGraph((), (), (), 3)) == "No function makes a client or takes a session."


def test_every_reason_is_explained() -> None:
    assert set(EXPLANATIONS) == set(UnresolvedReason)
