"""What the fix annotates passes mypy --strict with boto3's stubs, as far as the program did before."""

from __future__ import annotations

import re
from pathlib import Path

import mypy.api
import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"
ANNOTATED = sorted(
    folder.name
    for folder in FIXTURES.iterdir()
    if re.match("annotated_|abstract_method|overload|protocol", folder.name)
)


def errors(tree: Path, cache: Path) -> list[str]:
    """The errors that mypy finds, without their places."""
    modules = [str(path) for path in sorted(tree.rglob("*.py"))]
    flags = ["--strict", "--no-color-output", "--no-error-summary", "--config-file=", f"--cache-dir={cache}"]
    out, err, _ = mypy.api.run([*flags, *modules])
    assert not err
    return sorted(line.partition(": ")[2] for line in out.splitlines() if ": error:" in line)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all, since boto3's stubs are large."""
    return tmp_path_factory.mktemp("mypy")


def test_there_are_annotated_situations() -> None:
    assert len(ANNOTATED) >= 8


@pytest.mark.parametrize("situation", ANNOTATED)
def test_no_new_errors(situation: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for side in ("before", "after"):
        monkeypatch.chdir(FIXTURES / situation / side)
        found[side] = errors(Path(), cache)
    new = list(found["after"])
    for error in found["before"]:
        if error in new:
            new.remove(error)
    assert new == []
