"""Settings: what pyproject.toml may say, and what is answered to the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from session_first.config import ConfigError, Settings, load, override

CODES = ("BSF101", "BSF102", "BSF201")


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        pytest.param("", Settings(), id="empty file"),
        pytest.param("[project]\nname = 'x'\n", Settings(), id="no table of ours"),
        pytest.param("tool = 1\n", Settings(), id="tool is no table"),
        pytest.param("[tool.session-first]\n", Settings(), id="empty table"),
        pytest.param('[tool.session-first]\nselect = ["BSF1"]', Settings(select=("BSF1",)), id="prefix"),
        pytest.param("[tool.session-first]\nselect = []", Settings(select=()), id="nothing selected"),
        pytest.param('[tool.session-first]\nignore = ["BSF102"]', Settings(ignore=("BSF102",)), id="ignore"),
        pytest.param(
            '[tool.session-first]\nextend-select = ["BSF"]',
            Settings(extend_select=("BSF",)),
            id="extend-select",
        ),
        pytest.param(
            '[tool.session-first]\nexclude = ["legacy/", "*_pb2.py"]',
            Settings(exclude=("legacy/", "*_pb2.py")),
            id="exclude",
        ),
        pytest.param(
            '[tool.session-first]\ntests = ["checks/"]',
            Settings(tests=("checks/",)),
            id="tests replaces the default",
        ),
        pytest.param(
            '[tool.session-first]\nboundaries = ["ours.web.route"]',
            Settings(boundaries=("ours.web.route",)),
            id="boundaries",
        ),
        pytest.param(
            '[tool.session-first]\nboundaries = ["ours.web.*", "ours.jobs.run_*"]',
            Settings(boundaries=("ours.web.*", "ours.jobs.run_*")),
            id="boundaries with a star",
        ),
        pytest.param('[tool.session-first]\nform = "article"', Settings(form="article"), id="form"),
        pytest.param(
            '[tool.session-first]\nassume-role-style = "method"',
            Settings(assume_role_style="method"),
            id="assume-role-style",
        ),
        pytest.param("[tool.session-first]\njobs = 3", Settings(jobs=3), id="jobs"),
    ],
)
def test_what_pyproject_says(tmp_path: Path, toml: str, expected: Settings) -> None:
    (tmp_path / "pyproject.toml").write_text(toml)
    assert load(tmp_path / "pyproject.toml", CODES) == expected


@pytest.mark.parametrize(
    ("toml", "error"),
    [
        pytest.param('slect = ["BSF1"]', "slect: unknown key; known are select, ignore, ", id="unknown key"),
        pytest.param(
            'extend_select = ["BSF1"]', "extend_select: unknown key", id="underscore where a hyphen belongs"
        ),
        pytest.param('select = "BSF1"', "select: must be a list of strings that are not empty", id="no list"),
        pytest.param("ignore = [1]", "ignore: must be a list of strings", id="no strings"),
        pytest.param('ignore = [""]', "ignore: must be a list of strings", id="empty string"),
        pytest.param(
            'select = ["E5"]',
            "select: 'E5' is no rule's code, nor the start of one; rules: BSF101, BSF102, BSF201",
            id="another tool's code",
        ),
        pytest.param(
            'extend-select = ["BSF9"]', "extend-select: 'BSF9' is no rule's code", id="no such rule"
        ),
        pytest.param('exclude = ["!"]', "exclude: not a pattern as in .gitignore", id="no pattern"),
        pytest.param('form = "short"', "form: must be one of auto, inline, article, not 'short'", id="form"),
        pytest.param(
            "form = true", "form: must be one of auto, inline, article, not True", id="form of another type"
        ),
        pytest.param(
            'assume-role-style = "class"',
            "assume-role-style: must be one of function, method, not 'class'",
            id="assume-role-style",
        ),
        pytest.param(
            'boundaries = ["*.task"]',
            "boundaries: '*.task' is not the dotted name",
            id="boundaries, a star at the start",
        ),
        pytest.param(
            'boundaries = ["ours/web"]',
            "boundaries: 'ours/web' is not the dotted name",
            id="not a dotted name",
        ),
        pytest.param("jobs = 0", "jobs: must be a whole number from 1, not 0", id="no jobs"),
        pytest.param("jobs = true", "jobs: must be a whole number from 1, not True", id="bool as a number"),
        pytest.param('jobs = "all"', "jobs: must be a whole number from 1, not 'all'", id="word as a number"),
        pytest.param('tests = "tests/"', "tests: must be a list of strings", id="tests is no list"),
    ],
)
def test_what_is_wrong_names_the_key(tmp_path: Path, toml: str, error: str) -> None:
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text(f"[tool.session-first]\n{toml}\n")
    with pytest.raises(ConfigError) as caught:
        load(pyproject, CODES)
    assert str(caught.value).startswith(f"{pyproject}: tool.session-first.{error}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"[tool\n", "is not valid TOML", id="not TOML"),
        pytest.param(b"# \xff\n", "is not valid TOML", id="not UTF-8"),
        pytest.param(b"[tool]\nsession-first = 1\n", "tool.session-first: must be a table", id="no table"),
        pytest.param(None, "cannot be read: Is a directory", id="a folder"),
    ],
)
def test_a_pyproject_that_cannot_be_used(tmp_path: Path, content: bytes | None, error: str) -> None:
    pyproject = tmp_path / "pyproject.toml"
    if content is None:
        pyproject.mkdir()
    else:
        pyproject.write_bytes(content)
    with pytest.raises(ConfigError, match=error):
        load(pyproject, CODES)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(
            {"ignore": ["BSF102"]}, Settings(select=("BSF1",), ignore=("BSF102",)), id="another key"
        ),
        pytest.param({"select": ["BSF2"]}, Settings(select=("BSF2",)), id="the same key"),
    ],
)
def test_flags_win(table: dict[str, Any], expected: Settings) -> None:
    assert override(Settings(select=("BSF1",)), table, codes=CODES, origin="--") == expected


def test_a_flag_is_named_as_a_flag() -> None:
    with pytest.raises(ConfigError, match=r"^--extend-select: 'X' is no rule's code"):
        override(Settings(), {"extend-select": ["X"]}, codes=CODES, origin="--")
