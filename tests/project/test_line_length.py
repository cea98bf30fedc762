"""Which line length a project keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from session_first.project.line_length import line_length


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("pyproject.toml", "[tool.black]\nline-length = 100\n", 100, id="black"),
        pytest.param("pyproject.toml", "[tool.black]\n", 88, id="black without a length"),
        pytest.param("pyproject.toml", "[tool.ruff]\nline-length = 120\n", 120, id="ruff"),
        pytest.param("pyproject.toml", "[tool.ruff.lint]\nselect = ['E']\n", 88, id="ruff without a length"),
        pytest.param("pyproject.toml", "[project]\nname = 'x'\n", None, id="neither"),
        pytest.param("ruff.toml", "line-length = 99\n", 99, id="ruff's own file"),
        pytest.param("ruff.toml", "line-length = \n", None, id="ruff's own file, broken"),
        pytest.param(".flake8", "[flake8]\nmax-line-length = 110\n", 110, id="flake8"),
        pytest.param("setup.cfg", "[pycodestyle]\nmax_line_length = 90\n", 90, id="pycodestyle"),
        pytest.param("tox.ini", "[flake8]\nignore = E1\n", None, id="flake8 without a length"),
        pytest.param("setup.cfg", "no section\n", None, id="not an ini file"),
    ],
)
def test_line_length(tmp_path: Path, name: str, text: str, expected: int | None) -> None:
    (tmp_path / name).write_text(text)
    assert line_length(tmp_path) == expected


def test_the_formatter_comes_before_the_linter(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 100\n")
    (tmp_path / ".flake8").write_text("[flake8]\nmax-line-length = 200\n")
    assert line_length(tmp_path) == 100
