"""Findings and what became of them, to lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from session_first.dependencies.needed import NEEDED
from session_first.dependencies.outcome import Advice
from session_first.model import (
    Applicability,
    Changed,
    Failed,
    Finding,
    Fix,
    Resolution,
    Rule,
    Settled,
    Skip,
    Status,
)


def shown(path: Path, here: Path) -> str:
    """`path` as people name it from the folder `here`, on one line whatever it is called."""
    text = str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
    return "".join(character if character >= " " else repr(character)[1:-1] for character in text)


def finding_lines(resolutions: Sequence[Resolution], here: Path) -> Iterator[str]:
    """A line a finding: `path:line:column: CODE message`, columns from 1."""
    for resolution in resolutions:
        finding = resolution.finding
        yield f"{_place(finding, here)}: {finding.code} {finding.message}"


def failure_line(failed: Failed, here: Path) -> str:
    """`path:line:column: cause`, as far as the place is known."""
    place = failed.position
    suffix = "" if place is None else f":{place.line}:{place.column + 1}"
    return f"{shown(failed.path, here)}{suffix}: {failed.error}"


def check_summary(resolutions: Sequence[Resolution], files: int) -> str:
    """How much was found, and how much of it can be fixed."""
    if not resolutions:
        return f"No findings in {count(files, 'file')}."
    safe = sum(_applicability(resolution) is Applicability.SAFE for resolution in resolutions)
    unsafe = sum(_applicability(resolution) is Applicability.UNSAFE for resolution in resolutions)
    skipped = sum(isinstance(resolution.outcome, Skip) for resolution in resolutions)
    parts = [
        f"{safe} fixable with session-first fix" if safe else "",
        f"{unsafe} with --unsafe-fixes" if unsafe else "",
        f"{skipped} skipped" if skipped else "",
    ]
    return f"Found {count(len(resolutions), 'finding')} ({', '.join(part for part in parts if part)})."


def change_lines(
    changes: Sequence[Changed],
    settled: Sequence[Settled],
    here: Path,
    declaring: AbstractSet[Path] = frozenset(),
) -> Iterator[str]:
    """A line a changed file; those of `declaring` got the requirement that the others need."""
    for change in changes:
        if change.path in declaring:
            yield f"{shown(change.path, here)}: added {NEEDED}"
            continue
        fixed = sum(
            item.status is Status.FIXED and item.resolution.finding.location.path == change.path
            for item in settled
        )
        what = f"fixed {count(fixed, 'finding')}" if fixed else "changed along with another file"
        yield f"{shown(change.path, here)}: {what}"


def advice_lines(advice: Iterable[Advice], here: Path) -> Iterator[str]:
    """A line for each thing that is left to people: where, and what."""
    for item in advice:
        yield item.todo if item.path is None else f"{shown(item.path, here)}: {item.todo}"


def remaining_lines(settled: Sequence[Settled], here: Path) -> Iterator[str]:
    """What was not fixed, by reason, each with its place and what stands in the way."""
    groups: dict[str, list[Settled]] = {}
    for item in settled:
        if item.status is not Status.FIXED:
            groups.setdefault(item.reason or "", []).append(item)
    for reason, items in sorted(groups.items()):
        hint = "; --unsafe-fixes would fix them" if reason == "unsafe" else ""
        yield f"Not fixed, {reason} ({len(items)}){hint}:"
        for item in items:
            finding = item.resolution.finding
            yield f"  {_place(finding, here)}: {finding.code} {item.detail}"


def fix_summary(settled: Sequence[Settled], changes: int, *, written: bool) -> str:
    """How much was fixed, and how much was not."""
    if not settled:
        return "Nothing to fix."
    skipped = sum(item.status is Status.SKIPPED for item in settled)
    failed = sum(item.status is Status.FAILED for item in settled)
    fixed = len(settled) - skipped - failed
    parts = [f"{skipped} skipped" if skipped else "", f"{failed} failed" if failed else ""]
    rest = ", ".join(part for part in parts if part)
    verb = "Fixed" if written else "Would fix"
    return f"{verb} {count(fixed, 'finding')} in {count(changes, 'file')}{f' ({rest})' if rest else ''}."


def rule_lines(rules: Sequence[Rule]) -> Iterator[str]:
    """A line a rule: code, name, whether it is on by default, its fix, and what it finds."""
    width = max(len(rule.name) for rule in rules)
    for rule in rules:
        default = "default" if rule.default else "opt-in"
        fix = "no fix" if rule.applicability is None else f"{rule.applicability.value} fix"
        yield f"{rule.code}  {rule.name:{width}}  {default:7}  {fix:10}  {rule.summary}"


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _place(finding: Finding, here: Path) -> str:
    place = finding.location.position
    return f"{shown(finding.location.path, here)}:{place.line}:{place.column + 1}"


def _applicability(resolution: Resolution) -> Applicability | None:
    return resolution.outcome.applicability if isinstance(resolution.outcome, Fix) else None
