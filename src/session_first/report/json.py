"""Findings and what became of them, to JSON with ruff's keys and a few more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from session_first.model import Fix, Position, Resolution, Settled
from session_first.rules import RULES

Json: TypeAlias = "str | int | Mapping[str, Json] | None"

_NAMES = {rule.code: rule.name for rule in RULES}


def findings(resolutions: Sequence[Resolution]) -> str:
    """The list that `check` prints."""
    return _dump([_finding(resolution) for resolution in resolutions])


def settled(items: Sequence[Settled]) -> str:
    """The same with the `status` of each, and the `reason` and `detail` where it is not fixed."""
    return _dump(
        [
            {
                **_finding(item.resolution),
                "status": item.status.value,
                "reason": item.reason,
                "detail": item.detail,
            }
            for item in items
        ]
    )


def _finding(resolution: Resolution) -> dict[str, Json]:
    finding, outcome = resolution.finding, resolution.outcome
    fix: Json = None
    skip: Json = None
    if isinstance(outcome, Fix):
        fix = {"applicability": outcome.applicability.value, "message": outcome.message}
    else:
        skip = {"reason": outcome.reason.value, "detail": outcome.detail}
    return {
        "code": finding.code,
        "name": _NAMES[finding.code],
        "message": finding.message,
        "filename": str(finding.location.path),
        "location": _position(finding.location.position),
        "end_location": _position(finding.end),
        "function": finding.function,
        "fix": fix,
        "skip": skip,
    }


def _position(position: Position) -> dict[str, Json]:
    return {"row": position.line, "column": position.column + 1}


def _dump(items: Sequence[Mapping[str, Json]]) -> str:
    return json.dumps(items, indent=2)
