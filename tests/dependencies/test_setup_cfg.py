"""A setup.cfg before and after."""

from __future__ import annotations

import pytest

from session_first.dependencies import setup_cfg
from session_first.dependencies.setup_cfg import Look
from tests.dependencies.outcomes import PRESENT, after

NEW = "    aws-assume-role-lib>=2.10\n"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(
            "[options]\ninstall_requires =\n    boto3>=1.26\n    click\n\n[flake8]\n",
            f"[options]\ninstall_requires =\n{NEW}    boto3>=1.26\n    click\n\n[flake8]\n",
            id="in order",
        ),
        pytest.param(
            "[options]\ninstall_requires =\n\tclick\n\tboto3\npackages = find:\n",
            "[options]\ninstall_requires =\n\tclick\n\tboto3\n\taws-assume-role-lib>=2.10\npackages = find:\n",
            id="in no order, tabs",
        ),
        pytest.param(
            "[options]\ninstall_requires =\n    attrs\n    # on boto3\n    boto3\n",
            f"[options]\ninstall_requires =\n    attrs\n{NEW}    # on boto3\n    boto3\n",
            id="above a comment on the next",
        ),
        pytest.param(
            "[options]\ninstall_requires =\n    click\n    boto3",
            f"[options]\ninstall_requires =\n    click\n    boto3\n{NEW.rstrip()}",
            id="no last newline",
        ),
        pytest.param(
            "[options]\ninstall_requires = click; boto3\n",
            "[options]\ninstall_requires = click; boto3; aws-assume-role-lib>=2.10\n",
            id="on one line",
        ),
        pytest.param(
            "[options]\ninstall_requires: boto3\n  click\n",
            "[options]\ninstall_requires: boto3\n  aws-assume-role-lib>=2.10\n  click\n",
            id="starting on the key's line",
        ),
        pytest.param(
            "[options]\ninstall_requires =\n", f"[options]\ninstall_requires =\n{NEW}", id="empty list"
        ),
        pytest.param(
            "[options]\npackages = find:\n\n[flake8]\n",
            f"[options]\npackages = find:\ninstall_requires =\n{NEW}\n[flake8]\n",
            id="no list yet",
        ),
        pytest.param(
            "[options]\ninstall_requires =\n    click\n\n[options.extras_require]\naws =\n    boto3\ntest = pytest\n",
            "[options]\ninstall_requires =\n    click\n\n[options.extras_require]\naws =\n"
            f"{NEW}    boto3\ntest = pytest\n",
            id="in the extra that boto3 is in",
        ),
        pytest.param("[options]\ninstall_requires =\n    aws_assume_role_lib\n", PRESENT, id="declared"),
        pytest.param(
            "[options]\ninstall_requires =\n    aws-assume-role-lib<2\n",
            "allow aws-assume-role-lib>=2.10, since it says aws-assume-role-lib<2",
            id="shut out",
        ),
        pytest.param(
            " [options]\ninstall_requires = boto3\n",
            "add aws-assume-role-lib>=2.10 to install_requires, which is written in a way that cannot be edited",
            id="a section that does not start its line",
        ),
    ],
)
def test_add(before: str, expected: str) -> None:
    assert after(setup_cfg.add(before)) == expected
    if before != after(setup_cfg.add(before)) and expected.startswith("["):
        assert after(setup_cfg.add(expected)) == PRESENT


def test_what_cannot_be_parsed_is_for_a_person() -> None:
    todo = after(setup_cfg.add("install_requires = x\n"))
    assert todo.startswith("add aws-assume-role-lib>=2.10 to install_requires; it cannot be parsed: ")
    assert "\n" not in todo


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[flake8]\n", Look(False, False, False), id="tools alone"),
        pytest.param("[options]\n", Look(False, True, False), id="no list"),
        pytest.param("[options]\ninstall_requires = click\n", Look(True, True, False), id="a list"),
        pytest.param(
            "[options.extras_require]\na = boto3\n", Look(True, False, True), id="boto3 in an extra"
        ),
        pytest.param(
            "[options]\ninstall_requires = file: a.txt, b.txt\n",
            Look(False, False, False, ("a.txt", "b.txt")),
            id="from files",
        ),
        pytest.param("no section\n", Look(False, False, False), id="not an ini file"),
    ],
)
def test_look(text: str, expected: Look) -> None:
    assert setup_cfg.look(text) == expected
