"""Flows of credentials in; by file, the roles that are assumed and where their credentials arrive, in words, out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from session_first.facts.credentials import ANY_KEY
from session_first.model import (
    Entry,
    Maker,
    Position,
    PutInEnvironment,
    Read,
    Result,
    RoleUse,
    Value,
)
from session_first.project.credentials import Flow, Step

_LONGEST_RECEIVER = 40


def role_uses(flows: Sequence[Flow]) -> dict[Path, tuple[RoleUse, ...]]:
    """By file, where the credentials of each role arrive."""
    found: dict[Path, list[RoleUse]] = {}
    for flow in flows:
        for role in flow.roles:
            path = role.module.path
            sinks = [sink for sink in flow.sinks if role.origin in sink.origins]
            environment = [step for origin, step in flow.environment if origin == role.origin]
            scoped = role.module.values.scopes.get(role.step.transfer.function)
            found.setdefault(path, []).append(
                RoleUse(
                    position=role.call.position,
                    end=role.call.end,
                    callee=f"{_receiver_text(role.call.receiver)}assume_role",
                    function=None if scoped is None else scoped.name,
                    sinks=tuple(
                        f"{s.maker.text} ({_line(path, s.module.path, s.maker.position)})" for s in sinks
                    ),
                    environment=tuple(
                        f"{_variable_text(step)} ({_line(path, step.module.path, step.transfer.position)})"
                        for step in environment
                    ),
                )
            )
    return {path: tuple(uses) for path, uses in found.items()}


def _receiver_text(receiver: Value) -> str:
    text = receiver.text if isinstance(receiver, (Read, Maker, Result, Entry)) else ""
    return f"{text}." if text and "\n" not in text and len(text) < _LONGEST_RECEIVER else ""


def _line(here: Path, path: Path, position: Position) -> str:
    return f"line {position.line}" if path == here else f"{path.name}:{position.line}"


def _variable_text(step: Step) -> str:
    fate = step.transfer.fate
    is_named = isinstance(fate, PutInEnvironment) and fate.name != ANY_KEY
    return f"os.environ[{fate.name!r}]" if is_named and isinstance(fate, PutInEnvironment) else "os.environ"
