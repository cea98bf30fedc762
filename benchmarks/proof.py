"""A package's sources and how its tests are run in, their outcomes before and after `fix` out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import trial
from benchmarks.outcomes import Count, Outcomes, count, lost, read_outcomes
from benchmarks.packages import Package, Pin
from benchmarks.suite import Suite
from benchmarks.trial import Reported, Tally

SECONDS = 600
"""What one run of a suite may take."""

ENVIRONMENT: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "HTTPS_PROXY": "http://127.0.0.1:9",  # nobody listens there, so no call leaves the machine
    "HTTP_PROXY": "http://127.0.0.1:9",
    "LANG": "C.UTF-8",
    "NO_PROXY": "127.0.0.1,localhost",
    "PYTHONHASHSEED": "0",
}
"""The tests' environment variables, besides PATH and HOME: nothing of the user's."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What `fix` did to a package, and what its tests say.

    `lost` are the tests that passed before and do not after; `failures` is what else must never happen.
    """

    pin: Pin
    before: Count
    after: Count
    lost: tuple[str, ...]
    tally: Tally
    failures: tuple[str, ...]


def prove(package: Package, suite: Suite, fix: Sequence[str], cache: Path) -> Proof:
    """Runs the tests of a copy of the package, fixes it with these arguments, and runs them again.

    The suite's virtual environment is kept in `cache`, and what the runs wrote, with the fix's diff.

    Raises:
        subprocess.CalledProcessError: pip could not install the package.
    """
    results = cache / "results" / f"{suite.pin.name}-{suite.pin.version}"
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    with TemporaryDirectory(prefix="session-first-") as scratch:
        # Outside of any git repository: `fix` leaves out what one ignores.
        tree = Path(scratch).resolve() / package.pin.name
        shutil.copytree(package.sources, tree, symlinks=True)
        python = install(tree, suite, cache / "environments")
        before = run_tests(python, tree, suite, results / "before")
        report = results / "report.json"
        old = trial.contents(tree)
        done = trial.run(["fix", "--allow-dirty", "--report", str(report), *fix, "."], tree)
        new = trial.contents(tree)
        (results / "fix.diff").write_text(trial.diff(old, new), encoding="utf-8")
        after = run_tests(python, tree, suite, results / "after")
    reported: list[Reported] = json.loads(report.read_text(encoding="utf-8")) if report.exists() else []
    return Proof(
        pin=suite.pin,
        before=count(before),
        after=count(after),
        lost=lost(before, after),
        tally=trial.tally_of(reported),
        failures=(
            *([] if "passed" in before.values() else ["no test passes before the fix"]),
            *trial.complaints({"fix": done}),
            *([] if report.exists() else ["fix: wrote no report"]),
            *trial.uncompilable(old, new),
        ),
    )


def install(tree: Path, suite: Suite, environments: Path) -> Path:
    """The Python of an environment where `tree` is installed as it stands there, with what its tests need.

    Raises:
        subprocess.CalledProcessError: pip could not.
    """
    environment = environments / f"{suite.pin.name}-{suite.pin.version}"
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    command = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*command, "--editable", str(tree), *suite.requirements], check=True)
    return python


def run_tests(python: Path, tree: Path, suite: Suite, results: Path) -> Outcomes:
    """How the tests end; what pytest printed and reported stands in `results` with `.txt` and `.xml`.

    They have an empty home beside the tree, of the same path in each run: it gets into the names of tests.
    """
    report = results.with_suffix(".xml")
    home = tree.with_name(f"{tree.name}.home")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    try:
        done = subprocess.run(
            [str(python), "-m", "pytest", *suite.arguments, f"--junitxml={report}"],
            cwd=tree,
            env={**ENVIRONMENT, **suite.environment, "HOME": str(home), "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b""
    else:
        output = done.stdout
    results.with_suffix(".txt").write_bytes(output)
    return read_outcomes(report.read_text(encoding="utf-8")) if report.exists() else {}
