"""BSF202: credentials that reach the environment, and what only looks like it."""

from __future__ import annotations

import pytest

from session_first.model import Skip
from session_first.rules.assumed_credentials_in_environment import RULE
from tests.analysis import findings_of, found, only_outcome, plan_of

COPY = """
import os
import boto3
def become(arn):
    c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
    os.environ["AWS_ACCESS_KEY_ID"] = c["AccessKeyId"]
    os.environ["AWS_SECRET_ACCESS_KEY"] = c["SecretAccessKey"]
    os.environ["AWS_SESSION_TOKEN"] = c["SessionToken"]
"""


@pytest.mark.parametrize(
    ("code", "line"),
    [
        pytest.param(COPY, 4, id="one by one"),
        pytest.param(
            COPY.replace("import os", "from os import environ").replace("os.environ", "environ"),
            4,
            id="environ",
        ),
        pytest.param(
            """
            import os
            import boto3
            def become(arn):
                c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                os.environ.update(
                    AWS_ACCESS_KEY_ID=c["AccessKeyId"],
                    AWS_SECRET_ACCESS_KEY=c["SecretAccessKey"],
                    AWS_SESSION_TOKEN=c["SessionToken"],
                )
            """,
            4,
            id="update, with keywords",
        ),
        pytest.param(
            """
            import os
            import boto3
            def become(arn):
                c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                os.environ.update({"AWS_ACCESS_KEY_ID": c["AccessKeyId"], "AWS_SESSION_TOKEN": c["SessionToken"]})
            """,
            4,
            id="update, with a dict",
        ),
        pytest.param(
            """
            import os
            import boto3
            c = boto3.client("sts").assume_role(RoleArn="r", RoleSessionName="f")["Credentials"]
            os.environ["AWS_ACCESS_KEY_ID"] = c["AccessKeyId"]
            """,
            3,
            id="at module level",
        ),
        pytest.param(
            """
            import os
            import boto3
            def assume(arn):
                return boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
            def become(arn):
                c = assume(arn)
                os.environ["AWS_ACCESS_KEY_ID"] = c["AccessKeyId"]
            """,
            4,
            id="from a helper: found where the role is assumed",
        ),
    ],
)
def test_found(code: str, line: int) -> None:
    assert found(code, {RULE.code}) == [f"{RULE.code} {line}"]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            """
            import os
            import subprocess
            import boto3
            def run(arn):
                c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                subprocess.run(["x"], env={**os.environ, "AWS_ACCESS_KEY_ID": c["AccessKeyId"]})
            """,
            id="the environment of a child process",
        ),
        pytest.param(
            """
            import boto3
            def run(arn, settings):
                c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                settings["AWS_ACCESS_KEY_ID"] = c["AccessKeyId"]
            """,
            id="a dict that is not the environment",
        ),
        pytest.param(
            """
            import os
            import boto3
            def run(arn):
                boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")
                os.environ["AWS_REGION"] = "eu-north-1"
            """,
            id="something else goes there",
        ),
        pytest.param(
            """
            import os
            def become(roles, arn):
                c = roles.assume_role(arn, "f")["Credentials"]
                os.environ["AWS_ACCESS_KEY_ID"] = c["AccessKeyId"]
            """,
            id="an assume_role of the project's own",
        ),
    ],
)
def test_not_found(code: str) -> None:
    assert found(code, {RULE.code}) == []


def test_tests_are_left_out() -> None:
    assert found(COPY, {RULE.code}, path="tests/test_roles.py") == []


def test_the_message_names_the_role_and_the_variable() -> None:
    [finding] = findings_of(COPY, {RULE.code})
    assert finding.message.startswith(
        "credentials of boto3.client('sts').assume_role (line 4) are put into os.environ['AWS_ACCESS_KEY_ID'] (line 5): "
    )
    assert finding.function == "become"


def test_there_is_no_fix() -> None:
    outcome = only_outcome(plan_of({"mod.py": COPY}, codes={RULE.code}))
    assert isinstance(outcome, Skip)
    assert outcome.reason.value == "no-fix"
