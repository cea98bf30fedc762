"""pytest's JUnit report in, how each test ended out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

Outcome = Literal["passed", "skipped", "failed"]

Outcomes = Mapping[str, Outcome]
"""How tests ended, by class and name. What could not be collected counts as a test that failed."""

_RANK: Mapping[Outcome, int] = {"passed": 0, "skipped": 1, "failed": 2}


@dataclass(frozen=True, slots=True)
class Count:
    """How many tests passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed:,} / {self.failed:,} / {self.skipped:,}"


def read_outcomes(report: str) -> Outcomes:
    """The outcomes in a report; of two tests with one name the worse."""
    found: dict[str, Outcome] = {}
    for case in ET.fromstring(report).iter("testcase"):  # noqa: S314 (pytest wrote it a moment ago)
        name = f"{case.get('classname', '')}::{case.get('name', '')}"
        found[name] = max(_outcome(case), found.get(name, "passed"), key=_RANK.__getitem__)
    return found


def count(outcomes: Outcomes) -> Count:
    """The outcomes counted."""
    ends = Counter(outcomes.values())
    return Count(ends["passed"], ends["failed"], ends["skipped"])


def lost(before: Outcomes, after: Outcomes) -> tuple[str, ...]:
    """The tests that passed before and do not after, each with what became of it."""
    return tuple(
        f"{name}: {after.get(name, 'not run')}"
        for name, outcome in sorted(before.items())
        if outcome == "passed" and after.get(name) != "passed"
    )


def _outcome(case: ET.Element) -> Outcome:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"
