"""The oldest Python a project supports, wherever it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from session_first.project.python_floor import lowest, python_floor


@pytest.mark.parametrize(
    ("requirement", "floor"),
    [
        pytest.param(">=3.8", (3, 8), id="from"),
        pytest.param(">=3.8.1", (3, 8), id="from a micro version"),
        pytest.param(">3.8", (3, 8), id="later than, which micro versions are"),
        pytest.param(">=3.9,<4", (3, 9), id="range"),
        pytest.param("~=3.10", (3, 10), id="compatible"),
        pytest.param("==3.11.*", (3, 11), id="one minor version"),
        pytest.param("==3.11.4", (3, 11), id="one micro version"),
        pytest.param(">=2.7,!=3.0.*,!=3.1.*", (2, 7), id="Python 2 as well"),
        pytest.param(">=3", (3, 0), id="major only"),
        pytest.param("^3.8", (3, 8), id="Poetry's caret"),
        pytest.param("~3.9", (3, 9), id="Poetry's tilde"),
        pytest.param("3.10.*", (3, 10), id="Poetry's star"),
        pytest.param("^2.7 || ^3.6", (2, 7), id="Poetry's alternatives"),
        pytest.param("*", None, id="anything"),
        pytest.param("<4", None, id="no lower bound"),
        pytest.param("", None, id="empty"),
        pytest.param("new", None, id="no version"),
    ],
)
def test_the_lowest_version_that_meets_a_requirement(requirement: str, floor: tuple[int, int] | None) -> None:
    assert lowest(requirement) == floor


@pytest.mark.parametrize(
    ("files", "floor"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"pyproject.toml": "[project]\nrequires-python = '>=3.9'\n"}, (3, 9), id="standard"),
        pytest.param(
            {"pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.10'\n"}, (3, 10), id="Poetry"
        ),
        pytest.param({"pyproject.toml": "[project]\nname = 'x'\n"}, None, id="pyproject that does not say"),
        pytest.param({"setup.cfg": "[options]\npython_requires = >=3.7\n"}, (3, 7), id="setup.cfg"),
        pytest.param({"setup.cfg": "no section\n"}, None, id="broken setup.cfg"),
        pytest.param(
            {"setup.py": "from setuptools import setup\nsetup(python_requires='>=3.8')\n"},
            (3, 8),
            id="setup.py",
        ),
        pytest.param(
            {"setup.py": "import setuptools\nNEEDS = '>=3.8'\nsetuptools.setup(python_requires=NEEDS)\n"},
            (3, 8),
            id="setup.py with a constant",
        ),
        pytest.param(
            {"setup.py": "setup(python_requires='>=' + oldest())\n"},
            None,
            id="setup.py that would have to run",
        ),
        pytest.param(
            {"setup.py": "raise SystemExit\nsetup(python_requires='>=3.8')\n"}, (3, 8), id="never run"
        ),
        pytest.param({"setup.py": "setup(\n"}, None, id="broken setup.py"),
        pytest.param(
            {"pyproject.toml": "[build-system]\n", "setup.py": "setup(python_requires='>=3.8')\n"},
            (3, 8),
            id="the next file where one does not say",
        ),
        pytest.param(
            {
                "pyproject.toml": "[project]\nrequires-python = '>=3.9'\n",
                "setup.cfg": "[options]\npython_requires = >=3.7\n",
            },
            (3, 9),
            id="pyproject first",
        ),
    ],
)
def test_where_a_project_says_it(
    tmp_path: Path, files: dict[str, str], floor: tuple[int, int] | None
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    assert python_floor(tmp_path) == floor
