"""What programs read: ruff's keys, `function` and `skip`, and after a fix what became of each finding."""

from __future__ import annotations

import json as reader
from typing import Any

import pytest

from session_first.model import Fix, Skip, Status
from session_first.report import json
from tests.report.results import SAFE, SKIP, UNSAFE, resolution, settled

COMMON = {
    "code": "BSF101",
    "name": "default-session-call",
    "message": "a message",
    "filename": "/project/a.py",
    "location": {"row": 3, "column": 5},
    "end_location": {"row": 3, "column": 21},
    "function": "f",
}


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        pytest.param(
            SAFE, {"fix": {"applicability": "safe", "message": "take session=None"}, "skip": None}, id="safe"
        ),
        pytest.param(
            UNSAFE, {"fix": {"applicability": "unsafe", "message": "use session"}, "skip": None}, id="unsafe"
        ),
        pytest.param(
            SKIP,
            {"fix": None, "skip": {"reason": "cached-client", "detail": "every caller shares CLIENT"}},
            id="skip",
        ),
    ],
)
def test_a_finding(outcome: Fix | Skip, expected: dict[str, Any]) -> None:
    assert reader.loads(json.findings([resolution(outcome)])) == [{**COMMON, **expected}]


def test_at_module_level_there_is_no_function() -> None:
    (finding,) = reader.loads(json.findings([resolution(SKIP, function=None)]))
    assert finding["function"] is None


def test_no_findings_are_an_empty_list() -> None:
    assert reader.loads(json.findings([])) == []


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        pytest.param(Status.FIXED, None, id="fixed"),
        pytest.param(Status.SKIPPED, "unsafe", id="skipped"),
        pytest.param(Status.FAILED, "error", id="failed"),
    ],
)
def test_a_settled_finding(status: Status, reason: str | None) -> None:
    (item,) = reader.loads(json.settled([settled(UNSAFE, status, reason)]))
    assert item == {
        **COMMON,
        "fix": {"applicability": "unsafe", "message": "use session"},
        "skip": None,
        "status": status.value,
        "reason": reason,
        "detail": None if reason is None else f"because of {reason}",
    }
