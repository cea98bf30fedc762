"""How sessions travel, to JSON; the page on graphs in the documentation describes its keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from session_first.model import Position
from session_first.project.session_graph import (
    EXPLANATIONS,
    Call,
    Node,
    SessionGraph,
    Since,
    UnresolvedCall,
    Use,
    Why,
)

Json: TypeAlias = "str | int | Mapping[str, Json] | Sequence[Json] | None"


def graph(found: SessionGraph) -> str:
    """The whole of it."""
    document: Json = {
        "focus": found.focus,
        "functions": [_node(node) for node in found.nodes],
        "calls": [_call(call) for call in found.calls],
        "unresolved": [_unresolved(item) for item in found.unresolved],
        "external_calls": found.external,
    }
    return json.dumps(document, indent=2)


def _node(node: Node) -> Json:
    return {
        "id": node.id,
        "name": node.name,
        "filename": str(node.path),
        "location": _position(node.position),
        "kind": node.start.value if node.start is not None else None,
        "kind_detail": node.start_detail,
        "takes": _session("parameter", node.parameter, node.since),
        "uses": _session("expression", node.holds, node.holds_since),
        "reason": _why(node.why),
        "makes": [_use(use) for use in node.uses],
    }


def _session(key: str, name: str | None, since: Since | None) -> Json:
    return {key: name, "since": since.value} if since is not None else None


def _use(use: Use) -> Json:
    return {
        "kind": use.makes,
        "text": use.text,
        "location": _position(use.position),
        "session": use.session,
        "since": use.since.value if use.since is not None else None,
        "reason": _why(use.why),
    }


def _call(call: Call) -> Json:
    return {
        "caller": call.caller,
        "callee": call.callee,
        "filename": str(call.path),
        "location": _position(call.position),
        "end_location": _position(call.end),
        "passes": _session("expression", call.value, call.since),
        "reason": _why(call.why),
    }


def _unresolved(item: UnresolvedCall) -> Json:
    return {
        "caller": item.caller,
        "filename": str(item.path),
        "location": _position(item.position),
        "callee": item.callee,
        "reason": {"code": item.reason.value, "detail": EXPLANATIONS[item.reason]},
        "may_run": item.may_run,
    }


def _why(why: Why | None) -> Json:
    return {"code": why.reason, "detail": why.detail} if why is not None else None


def _position(position: Position) -> Json:
    return {"row": position.line, "column": position.column + 1}
