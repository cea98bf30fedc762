"""What starts a program, and whether its command line has room for an option."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from session_first.project.entry_points import (
    ConsoleScript,
    ambiguous_from_then_on,
    console_scripts,
    is_click_command,
    option_is_free,
    parsed_arguments,
    starts_program,
)
from session_first.project.origins import Origins
from tests.analysis import code, facts_of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("pyproject.toml", '[project.scripts]\ntool = "pkg.cli:main"\n', id="pyproject"),
        pytest.param("pyproject.toml", '[tool.poetry.scripts]\ntool = "pkg.cli:main"\n', id="Poetry"),
        pytest.param(
            "pyproject.toml", '[project.scripts]\ntool = "pkg.cli:main [extra]"\n', id="with an extra"
        ),
        pytest.param(
            "setup.cfg",
            "[options.entry_points]\nconsole_scripts =\n    tool = pkg.cli:main\n",
            id="setup.cfg",
        ),
        pytest.param(
            "setup.py",
            "setup(entry_points={'console_scripts': ['tool = pkg.cli:main'], 'x': ['y = pkg:z']})",
            id="setup.py",
        ),
        pytest.param(
            "setup.py", "setup(entry_points={'console_scripts': 'tool=pkg.cli:main'})", id="setup.py, a text"
        ),
        pytest.param(
            "setup.py",
            'setuptools.setup(entry_points="""\n[x]\ny = pkg:z\n[console_scripts]\ntool = pkg.cli:main\n""")',
            id="setup.py, a text with sections",
        ),
        pytest.param(
            "setup.py",
            "SCRIPTS = ['tool=pkg.cli:main']\nPOINTS = {'console_scripts': SCRIPTS}\nsetup(entry_points=POINTS)",
            id="setup.py, by names",
        ),
    ],
)
def test_console_scripts(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert console_scripts(tmp_path) == (ConsoleScript("tool", "pkg.cli", "main"),)


def test_no_console_scripts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "setup.cfg").write_text("no section\n")
    (tmp_path / "setup.py").write_text("setup(\n")
    assert console_scripts(tmp_path) == ()
    (tmp_path / "setup.py").write_text("setup(entry_points=read('points.txt'), scripts=['a=b:c'])")
    assert console_scripts(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def main(): ...\n\nif __name__ == '__main__':\n    main()\n", True, id="a script's"),
        pytest.param("def main(): ...\n", False, id="nobody calls it"),
        pytest.param("def main(): ...\n\ndef run():\n    main()\n", False, id="another function calls it"),
    ],
)
def test_starts_program(text: str, expected: bool) -> None:
    assert starts_program(facts_of(text), "main") is expected


def test_installed_command_starts_program() -> None:
    facts = facts_of("def main(): ...\n", "pkg/cli.py")
    assert starts_program(facts, "main", (ConsoleScript("tool", "pkg.cli", "main"),))
    assert not starts_program(facts, "main", (ConsoleScript("tool", "pkg.other", "main"),))


@pytest.mark.parametrize(
    ("text", "beside", "expected"),
    [
        pytest.param("parser.add_argument('--bucket')", {}, True, id="another option"),
        pytest.param("parser.add_argument('--profile')", {}, False, id="the option"),
        pytest.param("parser.add_argument('-p', dest='profile')", {}, False, id="its destination"),
        pytest.param("parser.add_argument('profile')", {}, False, id="an argument of the name"),
        pytest.param("parser.set_defaults(profile='x')", {}, False, id="a default of the name"),
        pytest.param(
            "sub = parser.add_subparsers()\nsub.add_parser('x').add_argument('--profile')",
            {},
            False,
            id="sub",
        ),
        pytest.param("other().add_argument('--profile')", {}, False, id="something else of the file has it"),
        pytest.param("common(parser)", {}, False, id="options out of sight"),
        pytest.param("args, rest = parser.parse_known_args()", {}, False, id="others get what is unknown"),
        pytest.param(
            "def build():\n    return parser",
            {"cli.py": "from mod import build\n\nbuild().add_argument('--profile')\n"},
            False,
            id="added in another module",
        ),
        pytest.param(
            "def build():\n    return parser",
            {"cli.py": "from mod import build\n\nbuild().add_argument('--x')\n"},
            True,
            id="another one added in another module",
        ),
    ],
)
def test_option_is_free(text: str, beside: Mapping[str, str], expected: bool) -> None:
    here = facts_of(f"import argparse\n\nparser = argparse.ArgumentParser()\n{text}\n")
    modules = [here, *(facts_of(t, path) for path, t in beside.items())]
    (parser,) = here.entry_points.parsers
    assert option_is_free(modules, here, parser, "profile") is expected


def test_abbreviations() -> None:
    text = (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--prefix')\np.add_argument('--x')\n"
    )
    (parser,) = facts_of(text).entry_points.parsers
    assert ambiguous_from_then_on(parser, "profile") == ("--prefix",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("args = parser.parse_args()", "args", id="kept"),
        pytest.param("print(parser.parse_args())", None, id="not kept"),
        pytest.param("a = parser.parse_args()\nb = parser.parse_args()", None, id="twice"),
        pytest.param(
            "def parse():\n    return parser.parse_args()\n\nargs = parse()", "args", id="through a function"
        ),
    ],
)
def test_parsed_arguments(text: str, expected: str | None) -> None:
    (parser,) = facts_of(
        f"import argparse\nparser = argparse.ArgumentParser()\n{text}\n"
    ).entry_points.parsers
    parsed = parsed_arguments(parser)
    assert (parsed.name if parsed is not None else None) == expected


CLI = "import click\n\n@click.group()\ndef cli(): ...\n"


@pytest.mark.parametrize(
    ("head", "decorator", "expected"),
    [
        pytest.param("", "@click.command()", True, id="click's"),
        pytest.param("from cli import cli", "@cli.command()", True, id="a group of another module"),
        pytest.param("cli = click.Group()", "@cli.command()", True, id="a group object"),
        pytest.param("import typer\napp = typer.Typer()", "@app.command()", False, id="Typer's"),
        pytest.param("from somewhere import app", "@app.command()", False, id="unknown"),
    ],
)
def test_click_commands(head: str, decorator: str, expected: bool) -> None:
    here = facts_of(code(f"import click\n{head}\n\n{decorator}\ndef run(): ...\n"))
    modules = [here, facts_of(CLI, "cli.py")]
    (command,) = here.entry_points.commands
    assert is_click_command(Origins(modules), here, command) is expected
