"""Runs the tests of suites.toml's packages before and after the fix: `python -m benchmarks.real_suites`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.outcomes import Count
from benchmarks.packages import Pin, chosen, fetch
from benchmarks.proof import Proof, prove
from benchmarks.suite import Suite, read_suites, requirements
from benchmarks.table import Column, circumstances, markdown, reasons
from benchmarks.trial import Tally
from docs.generate import between_marks
from session_first.config import read_toml

HERE = Path(__file__).resolve().parent
SUITES = HERE / "suites.toml"
PAGE = HERE.parent / "docs" / "real-suites.md"

FIX: tuple[str, ...] = ("--lift",)
"""What `fix` is run with, where the command line does not say otherwise."""

COLUMNS: tuple[Column[Proof], ...] = (
    Column("package", lambda proof: str(proof.pin)),
    Column("tests before", lambda proof: str(proof.before)),
    Column("tests after", lambda proof: str(proof.after)),
    Column("the same pass", lambda proof: "no" if proof.lost else "yes"),
    Column("findings", lambda proof: f"{proof.tally.findings:,}"),
    Column("fixed", lambda proof: f"{proof.tally.fixed:,}"),
    Column("unsafe", lambda proof: f"{proof.tally.unsafe:,}"),
    Column("skipped", lambda proof: f"{sum(proof.tally.skipped.values()):,}"),
    Column("why skipped", lambda proof: reasons(proof.tally)),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 if a test that passed before does not after, or anything else failed."""
    options = _parser().parse_args(arguments)
    fix = options.fix or FIX
    suites = select(read_suites(read_toml(SUITES)), options.only)
    options.cache.mkdir(parents=True, exist_ok=True)
    archives = options.cache / "archives.txt"
    archives.write_text(requirements(suites), encoding="utf-8")
    packages = fetch(archives, options.cache, [suite.pin for suite in suites])
    proofs = []
    for number, (suite, package) in enumerate(zip(suites, packages, strict=True), 1):
        _progress(f"[{number}/{len(suites)}] {suite.pin}")
        proof = prove(package, suite, fix, options.cache)
        proofs.append(proof)
        for line in (*proof.lost, *(f"FAILURE: {failure}" for failure in proof.failures)):
            _progress(f"  {line}")
    command = " ".join(["fix", *fix])
    result = f"{markdown(proofs, together(proofs), COLUMNS)}\n\n`{command}`, {circumstances()}"
    print(result)
    if options.write_docs:
        PAGE.write_text(between_marks(PAGE.read_text(encoding="utf-8"), "results", result), encoding="utf-8")
    return int(any(proof.lost or proof.failures for proof in proofs))


def select(suites: Sequence[Suite], names: Sequence[str]) -> tuple[Suite, ...]:
    """The suites of these packages, all of them where no name is given.

    Raises:
        ValueError: a name is not pinned.
    """
    pins = chosen([suite.pin for suite in suites], names)
    return tuple(suite for suite in suites if suite.pin in pins)


def together(proofs: Sequence[Proof]) -> Proof:
    """The proofs added up."""
    return Proof(
        pin=Pin("all", f"{len(proofs)} packages"),
        before=sum((proof.before for proof in proofs), Count()),
        after=sum((proof.after for proof in proofs), Count()),
        lost=tuple(name for proof in proofs for name in proof.lost),
        tally=sum((proof.tally for proof in proofs), Tally()),
        failures=tuple(failure for proof in proofs for failure in proof.failures),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_suites", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME", help="these packages alone")
    parser.add_argument(
        "--fix", action="append", metavar="ARGUMENT", help="run `fix` with it, as in --fix=--unsafe-fixes"
    )
    parser.add_argument(
        "--cache",
        type=lambda path: Path(path).resolve(),
        default=HERE.parent / ".cache" / "suites",
        help="where packages, their environments and the results are kept",
    )
    parser.add_argument("--write-docs", action="store_true", help=f"put the table into {PAGE.name}")
    return parser


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
