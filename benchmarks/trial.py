"""A package's sources in, what `check` and `fix` did to a copy of them out."""

from __future__ import annotations

import difflib
import json
import shutil
import subprocess
import sysconfig
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypedDict

from benchmarks.packages import Package, Pin

COMMAND = Path(sysconfig.get_path("scripts")) / "session-first"
UNSAFE = "unsafe"
ROLES = "BSF201"
ERROR = "error: "

Contents = Mapping[Path, bytes]
"""The bytes of a tree's files, by path from its root."""


class Reported(TypedDict):
    """A finding in what `fix --report` writes, as far as it is counted here."""

    code: str
    filename: str
    status: Literal["fixed", "skipped", "failed"]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How the findings ended; `skipped` is by reason."""

    findings: int = 0
    fixed: int = 0
    unsafe: int = 0
    failed: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.findings + other.findings,
            self.fixed + other.fixed,
            self.unsafe + other.unsafe,
            self.failed + other.failed,
            Counter(self.skipped) + Counter(other.skipped),
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one package.

    `unreadable` are the files that the tool could not read or parse, a line each; `failures` is what
    must never happen. `roles` is what of `tally` are assumed roles (BSF201). `check_seconds` and `fix_seconds` are wall-clock times of the whole command.
    """

    pin: Pin
    files: int
    tally: Tally
    roles: Tally
    changed: int
    unreadable: tuple[str, ...]
    failures: tuple[str, ...]
    check_seconds: float
    fix_seconds: float
    diff: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Run:
    """A finished command."""

    status: int
    output: str
    errors: tuple[str, ...]
    seconds: float


def run(arguments: Sequence[str], tree: Path) -> Run:
    """The command with these arguments, in the tree."""
    start = time.perf_counter()
    done = subprocess.run([COMMAND, *arguments], cwd=tree, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    return Run(done.returncode, done.stdout, tuple(done.stderr.splitlines()), seconds)


def attempt(package: Package) -> Trial:
    """Checks and fixes a copy of the package, twice, and looks at what came out."""
    with TemporaryDirectory(prefix="session-first-") as scratch:
        tree = Path(scratch).resolve() / package.pin.name
        report = Path(scratch) / "report.json"
        shutil.copytree(package.sources, tree, symlinks=True)
        before = contents(tree)
        check = run(["check", "--output-format", "json", "."], tree)
        fix = run(["fix", "--allow-dirty", "--report", str(report), "."], tree)
        after = contents(tree)
        again = run(["fix", "--allow-dirty", "."], tree)
        reported: list[Reported] = json.loads(report.read_text(encoding="utf-8")) if report.exists() else []
        tally = tally_of(reported)
        failures = (
            *complaints({"check": check, "fix": fix, "the second fix": again}),
            *([] if report.exists() else ["fix: wrote no report"]),
            *balance(tally, check),
            *uncompilable(before, after),
            *unstable(after, contents(tree)),
        )
        return Trial(
            pin=package.pin,
            files=sum(path.suffix == ".py" for path in before),
            tally=tally,
            roles=tally_of(finding for finding in reported if finding["code"] == ROLES),
            changed=len(changes(before, after)),
            unreadable=tuple(line.removeprefix(ERROR) for line in check.errors if line.startswith(ERROR)),
            failures=failures,
            check_seconds=check.seconds,
            fix_seconds=fix.seconds,
            diff=diff(before, after),
        )


def tally_of(report: Iterable[Reported]) -> Tally:
    """Counts what `fix --report` wrote."""
    findings = list(report)
    statuses = Counter(finding["status"] for finding in findings)
    reasons = Counter(
        finding["reason"] or "no reason" for finding in findings if finding["status"] == "skipped"
    )
    return Tally(
        findings=len(findings),
        fixed=statuses["fixed"],
        unsafe=reasons.pop(UNSAFE, 0),
        failed=statuses["failed"],
        skipped=dict(sorted(reasons.items())),
    )


def complaints(runs: Mapping[str, Run]) -> list[str]:
    """The commands that ended as none should: a crash, a bug, or an error without a word."""
    found = []
    for name, done in runs.items():
        bugs = [line for line in done.errors if line.startswith("Traceback ") or "internal error" in line]
        if bugs:
            found.append(f"{name}: {bugs[0]}")
        elif done.status not in {0, 1, 2}:
            found.append(f"{name}: exit {done.status}")
        elif done.status == 2 and not any(line.startswith(ERROR) for line in done.errors):
            found.append(f"{name}: exit 2 without a message")
    return found


def balance(tally: Tally, check: Run) -> list[str]:
    """Findings that `fix` lost or failed at, against what `check` had found."""
    found = []
    if check.status in {0, 1, 2} and check.output.strip():
        expected = len(json.loads(check.output))
        if expected != tally.findings:
            found.append(f"check found {expected}, fix reported {tally.findings}")
    ended = tally.fixed + tally.unsafe + tally.failed + sum(tally.skipped.values())
    if ended != tally.findings:
        found.append(f"{tally.findings} findings, but {ended} ends")
    if tally.failed:
        found.append(f"{tally.failed} findings failed")
    if unexplained := tally.skipped.get("no reason", 0):
        found.append(f"{unexplained} findings skipped without a reason")
    return found


def contents(tree: Path) -> dict[Path, bytes]:
    """The bytes of all files at and below `tree`."""
    return {
        path.relative_to(tree): path.read_bytes()
        for path in sorted(tree.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def changes(before: Contents, after: Contents) -> list[Path]:
    """The files that differ, came or went."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def uncompilable(before: Contents, after: Contents) -> list[str]:
    """The changed files that compiled before and do not now, or that came or went."""
    found = []
    for path in changes(before, after):
        if path not in before or path not in after:
            found.append(f"{path}: {'left behind' if path in after else 'gone'}")
        elif compiles(before[path]) and not compiles(after[path]):
            found.append(f"{path}: no longer compiles")
    return found


def unstable(once: Contents, twice: Contents) -> list[str]:
    """The files that a second fix changed again."""
    return [f"{path}: changed by a second fix" for path in changes(once, twice)]


def compiles(data: bytes) -> bool:
    """Whether `python -m compileall` would take a file of these bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes are the package's own
        try:
            compile(data, "<package>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True


def diff(before: Contents, after: Contents) -> str:
    """A unified diff of all that changed, for people."""
    parts: list[str] = []
    for path in changes(before, after):
        old, new = (data.get(path, b"").decode("utf-8", "replace") for data in (before, after))
        lines = difflib.unified_diff(
            old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{path}", f"b/{path}"
        )
        parts.extend(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )
    return "".join(parts)
