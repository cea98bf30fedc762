"""Names of requirements, what they allow, and where one goes among others."""

from __future__ import annotations

import pytest

from session_first.dependencies.needed import NEEDED, judge, mentioned, name_of, place
from session_first.dependencies.outcome import Present, Refused


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        pytest.param("boto3", "boto3", id="alone"),
        pytest.param("boto3>=1.26,<2", "boto3", id="versions"),
        pytest.param("boto3 ~= 1.26", "boto3", id="blanks"),
        pytest.param("boto3[crt]==1.26", "boto3", id="extra"),
        pytest.param("boto3; python_version < '3.11'", "boto3", id="marker"),
        pytest.param("boto3 @ https://example.com/boto3.whl", "boto3", id="address"),
        pytest.param("boto3-stubs[s3]", "boto3-stubs", id="another that starts alike"),
        pytest.param("Zope.Interface", "zope-interface", id="capitals and dot"),
        pytest.param("git+https://example.com/x.git#egg=boto3", "boto3", id="egg"),
        pytest.param("git+https://github.com/benkehoe/aws-assume-role-lib@v2", "aws-assume-role-lib", id="repository"),
        pytest.param("wheels/aws_assume_role_lib-2.10.0-py3-none-any.whl", "aws-assume-role-lib", id="wheel"),
        pytest.param("https://example.com/a.whl", None, id="a link without a name"),
        pytest.param(".", None, id="the project itself"),
    ],
)  # fmt: skip
def test_name(requirement: str, name: str | None) -> None:
    assert name_of(requirement) == name


@pytest.mark.parametrize(
    "requirement",
    [
        "aws-assume-role-lib",
        "aws_assume_role_lib>=2.10",
        "AWS.Assume_Role-lib>=2.0",
        "aws-assume-role-lib~=2.1",
        "aws-assume-role-lib==2.10.3",
        "aws-assume-role-lib==2.10.*",
        "aws-assume-role-lib[x]>=3; python_version > '3'",
        "aws-assume-role-lib @ https://example.com/a.whl",
        "aws-assume-role-lib<3",
        "aws-assume-role-lib==77.1",
        "aws-assume-role-lib (whatever",
    ],
)
def test_what_allows_it(requirement: str) -> None:
    assert judge(["boto3", requirement]) == Present()


@pytest.mark.parametrize(
    "requirement",
    ["aws-assume-role-lib<2.10", "aws_assume_role_lib==2.9.1", "aws-assume-role-lib~=2.9.0", "aws-assume-role-lib==1.*"],
)  # fmt: skip
def test_what_shuts_it_out(requirement: str) -> None:
    assert judge(["boto3", requirement]) == Refused(f"allow {NEEDED}, since it says {requirement}")


def test_what_says_nothing() -> None:
    assert judge(["boto3", "assume-role-lib", "aws-assume-role-library"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('install_requires=["aws_assume_role_lib>=2"]', True, id="program"),
        pytest.param("    - aws-assume-role-lib==2.10", True, id="list"),
        pytest.param("my-aws-assume-role-lib", False, id="longer"),
    ],
)
def test_mentioned(text: str, expected: bool) -> None:
    assert mentioned(text) is expected


@pytest.mark.parametrize(
    ("requirements", "index"),
    [
        pytest.param([], 0, id="none"),
        pytest.param(["boto3"], 0, id="one, after it"),
        pytest.param(["attrs"], 1, id="one, before it"),
        pytest.param(["attrs", "boto3", "click"], 1, id="in order"),
        pytest.param(["Attrs", "boto3", "Click"], 1, id="in order but for capitals"),
        pytest.param(["aws>=1", "aws-x", "boto3"], 1, id="in order of names, not of text"),
        pytest.param(["click", "boto3"], 2, id="in no order"),
    ],
)
def test_place(requirements: list[str], index: int) -> None:
    assert place(requirements) == index
