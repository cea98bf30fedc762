"""A pyproject.toml before and after."""

from __future__ import annotations

import pytest

from session_first.dependencies import pyproject
from session_first.dependencies.pyproject import Look
from tests.dependencies.outcomes import PRESENT, after


def project(dependencies: str, more: str = "") -> str:
    return f'[project]\nname = "x"\ndependencies = {dependencies}\n{more}'


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(
            project('[\n    "boto3>=1.26",\n    "click",\n] # run time', "\n[tool.ruff]\n"),
            project(
                '[\n    "aws-assume-role-lib>=2.10",\n    "boto3>=1.26",\n    "click",\n] # run time', "\n[tool.ruff]\n"
            ),
            id="in order",
        ),
        pytest.param(
            project('["click", "boto3"]'), project('["click", "boto3", "aws-assume-role-lib>=2.10"]'), id="in no order"
        ),
        pytest.param(
            '[project]\nname = "x"\n\n[project.scripts]\na = "b"\n',
            '[project]\nname = "x"\ndependencies = ["aws-assume-role-lib>=2.10"]\n\n[project.scripts]\na = "b"\n',
            id="no list yet",
        ),
        pytest.param(
            'project.name = "x"\nproject.dependencies = ["boto3"] # why\n',
            'project.name = "x"\nproject.dependencies = ["aws-assume-role-lib>=2.10", "boto3"] # why\n',
            id="dotted keys",
        ),
        pytest.param(
            project("[]", '\n[project.optional-dependencies]\naws = [ "boto3" ]\ntest = ["pytest"]\n'),
            project(
                "[]",
                '\n[project.optional-dependencies]\naws = [ "aws-assume-role-lib>=2.10", "boto3" ]\ntest = ["pytest"]\n',
            ),
            id="in the extra that boto3 is in",
        ),
        pytest.param(
            project("[]", '[project.optional-dependencies]\naws = ["boto3"]\n[dependency-groups]\ndev = ["boto3"]\n'),
            project(
                "[]",
                '[project.optional-dependencies]\naws = ["aws-assume-role-lib>=2.10", "boto3"]\n'
                '[dependency-groups]\ndev = ["aws-assume-role-lib>=2.10", "boto3"]\n',
            ),
            id="wherever boto3 is, where the main list has none",
        ),
        pytest.param(
            project('["boto3"]', '[dependency-groups]\ndev = ["boto3", "aws-assume-role-lib"]\n'),
            project(
                '["aws-assume-role-lib>=2.10", "boto3"]', '[dependency-groups]\ndev = ["boto3", "aws-assume-role-lib"]\n'
            ),
            id="in the main list, though a group has it",
        ),
        pytest.param(
            '[dependency-groups]\ndev = [{ include-group = "lint" }, "boto3", "pytest"]\n',
            '[dependency-groups]\ndev = [{ include-group = "lint" }, "aws-assume-role-lib>=2.10", "boto3", "pytest"]\n',
            id="a group that takes in another",
        ),
        pytest.param(
            project('["click"]', '[project.optional-dependencies]\naws = ["aws-assume-role-lib"]\n'),
            PRESENT,
            id="declared in an extra, and boto3 nowhere",
        ),
        pytest.param(
            project('["aws_assume_role_lib>=2.10"]', '[dependency-groups]\ndev = ["boto3"]\n'),
            PRESENT,
            id="declared in the main list",
        ),
        pytest.param(
            project('["boto3", "aws-assume-role-lib<2"]'),
            "allow aws-assume-role-lib>=2.10, since it says aws-assume-role-lib<2",
            id="shut out",
        ),
        pytest.param(
            project('"boto3"'), "add aws-assume-role-lib>=2.10 to project.dependencies, which is no list", id="no list"
        ),
    ],
)  # fmt: skip
def test_lists(before: str, expected: str) -> None:
    assert after(pyproject.add(before)) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(
            '[tool.poetry.dependencies]\npython = "^3.9"\nboto3 = "^1.26" # why\nclick = "*"\n\n[tool.ruff]\n',
            '[tool.poetry.dependencies]\npython = "^3.9"\naws-assume-role-lib = ">=2.10"\nboto3 = "^1.26" # why\n'
            'click = "*"\n\n[tool.ruff]\n',
            id="in order, after python",
        ),
        pytest.param(
            '[tool.poetry.dependencies]\npython = "^3.9"\nclick = "*"\nboto3 = "^1.26"\n# the end\n\n[tool.ruff]\n',
            '[tool.poetry.dependencies]\npython = "^3.9"\nclick = "*"\nboto3 = "^1.26"\naws-assume-role-lib = ">=2.10"\n'
            "# the end\n\n[tool.ruff]\n",
            id="in no order",
        ),
        pytest.param(
            '[tool.poetry.dependencies]\nclick = "*"\nboto3 = [\n  { version = "1", python = "<3.9" },\n'
            '  { version = "2" },\n]',
            '[tool.poetry.dependencies]\nclick = "*"\nboto3 = [\n  { version = "1", python = "<3.9" },\n'
            '  { version = "2" },\n]\naws-assume-role-lib = ">=2.10"',
            id="after an entry of several lines, without a last newline",
        ),
        pytest.param(
            '[tool.poetry.dependencies]\n\n[tool.ruff]\n',
            '[tool.poetry.dependencies]\naws-assume-role-lib = ">=2.10"\n\n[tool.ruff]\n',
            id="an empty table",
        ),
        pytest.param(
            '[tool.poetry.dependencies]\npython = "^3.9"\n[tool.poetry.group.aws.dependencies]\nboto3 = "*"\n',
            '[tool.poetry.dependencies]\npython = "^3.9"\n[tool.poetry.group.aws.dependencies]\n'
            'aws-assume-role-lib = ">=2.10"\nboto3 = "*"\n',
            id="in the group that boto3 is in",
        ),
        pytest.param(
            '[tool.poetry.dependencies]\nboto3 = { version = "*", optional = true }\n\n'
            '[tool.poetry.extras]\naws = ["boto3"]\nweb = ["flask"]\n',
            '[tool.poetry.dependencies]\naws-assume-role-lib = { version = ">=2.10", optional = true }\n'
            'boto3 = { version = "*", optional = true }\n\n'
            '[tool.poetry.extras]\naws = ["aws-assume-role-lib", "boto3"]\nweb = ["flask"]\n',
            id="in the extra that boto3 is in",
        ),
        pytest.param(
            '[tool.poetry.dependencies]\npython = "^3.9"\n[tool.poetry.dependencies.boto3]\nversion = "*"\n',
            '[tool.poetry.dependencies]\npython = "^3.9"\naws-assume-role-lib = ">=2.10"\n'
            '[tool.poetry.dependencies.boto3]\nversion = "*"\n',
            id="boto3 in a table of its own",
        ),
        pytest.param(
            '[project]\ndynamic = ["dependencies"]\n[tool.poetry.dependencies]\nboto3 = "*"\n',
            '[project]\ndynamic = ["dependencies"]\n[tool.poetry.dependencies]\naws-assume-role-lib = ">=2.10"\nboto3 = "*"\n',
            id="poetry's table beside a dynamic list",
        ),
        pytest.param(
            '[tool.poetry]\nname = "x"\ndependencies = { boto3 = "*" }\n',
            '[tool.poetry]\nname = "x"\ndependencies = { boto3 = "*", aws-assume-role-lib = ">=2.10"}\n',
            id="a table on one line",
        ),
        pytest.param('[tool.poetry.dependencies]\naws_assume_role_lib = "^2.4"\n', PRESENT, id="declared, caret"),
        pytest.param('[tool.poetry.dependencies]\naws-assume-role-lib = "*"\n', PRESENT, id="declared, any"),
        pytest.param('[tool.poetry.dependencies]\naws-assume-role-lib = "^1 || ^2"\n', PRESENT, id="declared, or"),
        pytest.param(
            '[tool.poetry.dependencies]\naws-assume-role-lib = {git = "https://x"}\n', PRESENT, id="declared, git"
        ),
        pytest.param(
            '[tool.poetry.dependencies]\naws-assume-role-lib = "~2.9"\n',
            "allow aws-assume-role-lib>=2.10, since it says aws-assume-role-lib>=2.9,==2.9.*",
            id="shut out, tilde",
        ),
        pytest.param(
            '[tool.poetry.dependencies]\naws-assume-role-lib = "2.9.1"\n',
            "allow aws-assume-role-lib>=2.10, since it says aws-assume-role-lib==2.9.1",
            id="shut out, bare",
        ),
    ],
)  # fmt: skip
def test_poetry(before: str, expected: str) -> None:
    assert after(pyproject.add(before)) == expected


def test_what_is_not_toml_is_for_a_person() -> None:
    todo = after(pyproject.add("[project\n"))
    assert todo.startswith("add aws-assume-role-lib>=2.10; it is not valid TOML: ")
    assert "\n" not in todo


@pytest.mark.parametrize(
    "before",
    [
        project('["boto3"]'),
        project("[]", '[dependency-groups]\na = ["boto3"]\n'),
        '[project]\nname = "x"\n',
        '[tool.poetry.dependencies]\nboto3 = { version = "*", optional = true }\n[tool.poetry.extras]\na = ["boto3"]\n',
    ],
)
def test_adding_twice_is_adding_once(before: str) -> None:
    assert after(pyproject.add(after(pyproject.add(before)))) == PRESENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", Look(False, False, False), id="empty"),
        pytest.param("[tool.ruff]\n", Look(False, False, False), id="tools alone"),
        pytest.param('[project]\nname = "x"\n', Look(False, True, False), id="no list"),
        pytest.param(project("[]"), Look(True, True, False), id="a list"),
        pytest.param(project('["boto3"]'), Look(True, True, True), id="boto3"),
        pytest.param('[dependency-groups]\ndev = ["pytest"]\n', Look(False, False, False), id="other groups"),
        pytest.param(
            '[dependency-groups]\ndev = ["boto3"]\n', Look(True, False, True), id="boto3 in a group"
        ),
        pytest.param('[tool.poetry.dependencies]\npython = "*"\n', Look(True, False, False), id="poetry"),
        pytest.param('[project]\ndynamic = ["dependencies"]\n', Look(False, False, False), id="dynamic"),
        pytest.param(
            '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["a.txt"] }\n',
            Look(False, False, False, ("a.txt",)),
            id="dynamic, from a file",
        ),
        pytest.param("[project\n", Look(True, True, False), id="not TOML"),
    ],
)
def test_look(text: str, expected: Look) -> None:
    assert pyproject.look(text) == expected
