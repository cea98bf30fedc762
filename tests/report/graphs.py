"""How sessions travel in a small project, made by hand for the reports: `main` → `process` → `upload`, and `<module>`."""

from __future__ import annotations

from pathlib import Path

from session_first.model import Position
from session_first.project.definitions import UnresolvedReason
from session_first.project.session_graph import (
    Call,
    Node,
    SessionGraph,
    Since,
    Start,
    UnresolvedCall,
    Use,
    Why,
)

HERE = Path("/project")
MOCKED = Why("mocked-in-tests", 'test_a.py:3 replaces "upload"')


def node(
    name: str,
    line: int,
    since: Since | None = None,
    *uses: Use,
    why: Why | None = None,
    start: Start | None = None,
    holds: str | None = None,
) -> Node:
    """A function of pkg/a.py."""
    return Node(
        id=f"pkg.a:{name}",
        name=f"pkg.a:{name}",
        path=HERE / "pkg/a.py",
        position=Position(line, 0),
        parameter="session" if since is not None else None,
        since=since,
        why=why,
        holds=holds,
        holds_since=Since.ALREADY if holds is not None else None,
        start=start,
        start_detail="a sentence about it" if start is not None else None,
        uses=uses,
    )


def call(
    caller: str,
    callee: str,
    line: int,
    since: Since | None = None,
    why: Why | None = None,
    *,
    value: str = "session",
) -> Call:
    """A call in column 4 (from 0)."""
    return Call(
        caller=f"pkg.a:{caller}",
        callee=f"pkg.a:{callee}",
        path=HERE / "pkg/a.py",
        position=Position(line, 4),
        end=Position(line, 20),
        value=value if since is not None else None,
        since=since,
        why=why,
    )


UNRESOLVED = UnresolvedCall(
    "pkg.a:main",
    HERE / "pkg/a.py",
    Position(22, 4),
    "job.start",
    UnresolvedReason.UNKNOWN_RECEIVER,
    ("pkg.a:process",),
)
GRAPH = SessionGraph(
    nodes=(
        node("<module>", 1, None, start=Start.MODULE_LEVEL, holds="SESSION"),
        node(
            "upload", 3, Since.FIX, Use(Position(4, 4), "boto3.client('s3')", "client", "session", Since.FIX)
        ),
        node("process", 10, Since.LIFT),
        node("main", 20, None, why=Why("stopped", "--stop-at names it"), start=Start.MAIN),
    ),
    calls=(
        call("process", "upload", 11, Since.LIFT),
        call("process", "upload", 12, None, MOCKED),
        call("main", "process", 21, None, Why("caller-takes-none", "main cannot take one")),
        call("<module>", "process", 30, Since.ALREADY, value="SESSION"),
    ),
    unresolved=(UNRESOLVED,),
    external=7,
)
