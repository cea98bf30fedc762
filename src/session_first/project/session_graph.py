"""How sessions travel through a project, as values: who takes one, which calls pass it on, and where its way ends."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from session_first.model import Position
from session_first.project.definitions import UnresolvedReason

EXPLANATIONS: Mapping[UnresolvedReason, str] = {
    UnresolvedReason.EXTERNAL: "it is a builtin's, or a library's that is not among the files",
    UnresolvedReason.UNKNOWN_RECEIVER: "the class of the object whose method is called is not known",
    UnresolvedReason.SEVERAL_DEFINITIONS: "the name is bound more than once",
    UnresolvedReason.OVERRIDDEN: "the object may be of a subclass that has a method of its own",
    UnresolvedReason.VARIABLE: "what is called is a parameter's or variable's value",
    UnresolvedReason.RESULT: "what is called is what another call or expression gives",
    UnresolvedReason.AMBIGUOUS_MODULE: "two files go by the module's name, or one that Python need not find",
    UnresolvedReason.STAR_IMPORTS: "more than one starred import may bind the name",
    UnresolvedReason.EXTERNAL_BASE: "a base class outside the project may define the method",
    UnresolvedReason.NO_INIT: "the class has no __init__ in the project",
    UnresolvedReason.NOT_DEFINED: "the module or class does not define the name, as far as can be seen",
}
"""Why a call has no certain target, as a sentence about it."""

MADE_THERE = "a session made there"
"""What a client is of where the session has no name."""


class Since(enum.Enum):
    """When something is so."""

    ALREADY = "already"
    FIX = "fix"
    """After `session-first fix`."""
    LIFT = "lift"
    """After `session-first fix --lift`."""


class Start(enum.Enum):
    """What calls a function, or runs code, from outside the project."""

    LAMBDA_HANDLER = "lambda-handler"
    MAIN = "main"
    """A script, or a command that is installed with the project, runs it."""
    COMMAND = "command"
    """click makes a command of it."""
    FRAMEWORK = "framework"
    """A framework reads its signature and calls it."""
    HANDED_OVER = "handed-over"
    """It is mentioned, other than to call it, and nothing in the project calls it."""
    MAIN_GUARD = "main-guard"
    """It is the code under `if __name__ == "__main__":`."""
    MODULE_LEVEL = "module-level"
    """It is the code of a module outside functions, which runs when it is imported."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is not so: `reason` is a word for programs, `detail` a sentence for people."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a client, or a session, is made.

    A client is of the session that `session` writes, from `since` on; `since` None: of the default session, and stays so
    because of `why`. A session is made there from `since` on.
    """

    position: Position
    text: str
    makes: Literal["client", "session"]
    session: str | None
    since: Since | None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A function, or the code of a module outside functions. What is nested in a function counts as the function's own.

    `name` is `pkg.mod:Class.method`; `id` is the same, told apart from others of that name. It takes a session as `parameter`
    from `since` on; both are None where it takes none, because of `why` as far as that is known. `holds` is another session
    that it uses (`self._session`, a local), from `holds_since` on. `start_detail` is a sentence about `start`.
    """

    id: str
    name: str
    path: Path
    position: Position
    parameter: str | None
    since: Since | None
    why: Why | None
    holds: str | None
    holds_since: Since | None
    start: Start | None
    start_detail: str | None
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one node by another, by their ids.

    It passes a session, written `value` where that is known, from `since` on. `since` None: it passes none, because of `why`
    where the called function takes one at all.
    """

    caller: str
    callee: str
    path: Path
    position: Position
    end: Position
    value: str | None
    since: Since | None
    why: Why | None


@dataclass(frozen=True, slots=True)
class UnresolvedCall:
    """A call whose target is not certain. `caller` is the name of the function around; `may_run` are the ids of the nodes
    that it may call."""

    caller: str
    path: Path
    position: Position
    callee: str
    reason: UnresolvedReason
    may_run: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionGraph:
    """The functions that make clients or sessions, or take one, and all that reach them by calls; tests left out.

    Everything is in the order of paths and text. `unresolved` are the calls in the project without a certain target; those
    of libraries and builtins are only counted, as `external`. `focus` is the id of the one node that is asked about.
    """

    nodes: tuple[Node, ...]
    calls: tuple[Call, ...]
    unresolved: tuple[UnresolvedCall, ...]
    external: int
    focus: str | None = None


def around(graph: SessionGraph, focus: str) -> SessionGraph:
    """What reaches the node `focus` and what it reaches, and the unresolved calls in these or that may run them."""
    up = _reached(focus, ((call.callee, call.caller) for call in graph.calls))
    down = _reached(focus, ((call.caller, call.callee) for call in graph.calls))
    kept = up | down
    names = {node.name for node in graph.nodes if node.id in kept}
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id in kept),
        calls=tuple(
            call
            for call in graph.calls
            if {call.caller, call.callee} <= up or {call.caller, call.callee} <= down
        ),
        unresolved=tuple(
            item for item in graph.unresolved if item.caller in names or not kept.isdisjoint(item.may_run)
        ),
        focus=focus,
    )


def _reached(start: str, steps: Iterable[tuple[str, str]]) -> set[str]:
    onward: dict[str, list[str]] = {}
    for here, there in steps:
        onward.setdefault(here, []).append(there)
    found = {start}
    waiting = [start]
    while waiting:
        for there in onward.get(waiting.pop(), ()):
            if there not in found:
                found.add(there)
                waiting.append(there)
    return found
