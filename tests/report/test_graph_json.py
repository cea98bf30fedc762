"""How sessions travel, as programs read it: every key that docs/graph.md describes."""

from __future__ import annotations

import json as reader
import re
from pathlib import Path
from typing import Any

from session_first.report import graph_json
from tests.report.graphs import GRAPH

FOUND: dict[str, Any] = reader.loads(graph_json.graph(GRAPH))
PAGE = Path(__file__).resolve().parents[2] / "docs/graph.md"


def test_the_document() -> None:
    assert {key: len(value) if isinstance(value, list) else value for key, value in FOUND.items()} == {
        "focus": None,
        "functions": 4,
        "calls": 4,
        "unresolved": 1,
        "external_calls": 7,
    }


def test_a_function_that_takes_a_session_after_fix() -> None:
    assert FOUND["functions"][1] == {
        "id": "pkg.a:upload",
        "name": "pkg.a:upload",
        "filename": "/project/pkg/a.py",
        "location": {"row": 3, "column": 1},
        "kind": None,
        "kind_detail": None,
        "takes": {"parameter": "session", "since": "fix"},
        "uses": None,
        "reason": None,
        "makes": [
            {
                "kind": "client",
                "text": "boto3.client('s3')",
                "location": {"row": 4, "column": 5},
                "session": "session",
                "since": "fix",
                "reason": None,
            }
        ],
    }


def test_a_function_that_takes_none() -> None:
    main = FOUND["functions"][3]
    assert (main["kind"], main["kind_detail"], main["takes"]) == ("main", "a sentence about it", None)
    assert main["reason"] == {"code": "stopped", "detail": "--stop-at names it"}


def test_code_outside_functions() -> None:
    module = FOUND["functions"][0]
    assert (module["kind"], module["uses"]) == ("module-level", {"expression": "SESSION", "since": "already"})


def test_calls() -> None:
    assert [(call["passes"], call["reason"]) for call in FOUND["calls"]] == [
        ({"expression": "session", "since": "lift"}, None),
        (None, {"code": "mocked-in-tests", "detail": 'test_a.py:3 replaces "upload"'}),
        (None, {"code": "caller-takes-none", "detail": "main cannot take one"}),
        ({"expression": "SESSION", "since": "already"}, None),
    ]
    assert {
        key: FOUND["calls"][0][key] for key in ("caller", "callee", "filename", "location", "end_location")
    } == {
        "caller": "pkg.a:process",
        "callee": "pkg.a:upload",
        "filename": "/project/pkg/a.py",
        "location": {"row": 11, "column": 5},
        "end_location": {"row": 11, "column": 21},
    }


def test_a_call_without_a_certain_target() -> None:
    assert FOUND["unresolved"] == [
        {
            "caller": "pkg.a:main",
            "filename": "/project/pkg/a.py",
            "location": {"row": 22, "column": 5},
            "callee": "job.start",
            "reason": {
                "code": "unknown-receiver",
                "detail": "the class of the object whose method is called is not known",
            },
            "may_run": ["pkg.a:process"],
        }
    ]


def test_every_key_is_described() -> None:
    described = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    keys = {
        *FOUND,
        *FOUND["functions"][1],
        *FOUND["functions"][1]["makes"][0],
        *FOUND["calls"][0],
        *FOUND["unresolved"][0],
    }
    assert keys <= described
