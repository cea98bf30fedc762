"""Every folder of fixtures: what `check` says of its tree, what `fix` makes of it, and that this is stable."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest

from tests import tool
from tests.situations import SITUATIONS, Situation, files

each_situation = pytest.mark.parametrize(
    "situation", [pytest.param(each, id=each.name) for each in SITUATIONS]
)


@pytest.fixture
def tree(situation: Situation, tmp_path: Path) -> Path:
    """A copy of the situation's `before/`, in no git repository."""
    return Path(shutil.copytree(situation.before, tmp_path / situation.name))


@each_situation
def test_check_prints_what_is_expected(situation: Situation, tree: Path) -> None:
    printed = tool.run(tree, "check", ".")
    assert printed.stdout == situation.expected.read_text(encoding="utf-8"), printed.stderr
    assert situation.allows(printed.exit_code), printed.stderr
    assert files(tree) == files(situation.before)


@each_situation
def test_fix_makes_before_into_after(situation: Situation, tree: Path) -> None:
    printed = tool.run(tree, "fix", "--allow-dirty", *situation.options, ".")
    assert situation.allows(printed.exit_code), printed.stderr
    assert files(tree) == files(situation.after)


@each_situation
def test_a_second_fix_changes_nothing(situation: Situation, tree: Path) -> None:
    tool.run(tree, "fix", "--allow-dirty", *situation.options, ".")
    once = files(tree)
    tool.run(tree, "fix", "--allow-dirty", *situation.options, ".")
    assert files(tree) == once


@each_situation
def test_every_file_compiles(situation: Situation) -> None:
    for folder in (situation.before, situation.after):
        for name, data in files(folder).items():
            if name.endswith(".py") and not name.endswith(".broken.py"):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", SyntaxWarning)  # real code has them
                    compile(data, name, "exec", dont_inherit=True)


def test_no_situation_is_forgotten() -> None:
    """A folder without `before/` would never be run."""
    folders = {path.name for path in SITUATIONS[0].folder.parent.iterdir() if path.is_dir()}
    assert folders == {situation.name for situation in SITUATIONS}
