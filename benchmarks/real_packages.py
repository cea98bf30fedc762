"""Runs the tool on the packages of packages.txt: `python -m benchmarks.real_packages`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.packages import chosen, fetch, read_pins
from benchmarks.table import circumstances, share, table, total
from benchmarks.trial import Trial, attempt
from docs.generate import between_marks

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "packages.txt"
PAGE = HERE.parent / "docs" / "real-packages.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 if anything failed."""
    options = _parser().parse_args(arguments)
    pins = chosen(read_pins(REQUIREMENTS.read_text(encoding="utf-8")), options.only)
    packages = fetch(REQUIREMENTS, options.cache, pins)
    trials = []
    for number, package in enumerate(packages, 1):
        _progress(f"[{number}/{len(packages)}] {package.pin}")
        trial = attempt(package)
        trials.append(trial)
        _write_details(trial, options.diffs)
    result = f"{table(trials)}\n\n{share(total(trials).roles)}\n\n{circumstances()}"
    print(result)
    if options.write_docs:
        PAGE.write_text(between_marks(PAGE.read_text(encoding="utf-8"), "results", result), encoding="utf-8")
    return int(any(trial.failures for trial in trials))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_packages", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME", help="these packages alone")
    parser.add_argument(
        "--cache", type=Path, default=HERE.parent / ".cache" / "packages", help="where packages are kept"
    )
    parser.add_argument("--diffs", type=Path, metavar="DIR", help="where a diff a package is written")
    parser.add_argument("--write-docs", action="store_true", help=f"put the table into {PAGE.name}")
    return parser


def _write_details(trial: Trial, diffs: Path | None) -> None:
    for line in (*trial.unreadable, *(f"FAILURE: {failure}" for failure in trial.failures)):
        _progress(f"  {line}")
    if diffs and trial.diff:
        diffs.mkdir(parents=True, exist_ok=True)
        (diffs / f"{trial.pin.name}.diff").write_text(trial.diff, encoding="utf-8")


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
