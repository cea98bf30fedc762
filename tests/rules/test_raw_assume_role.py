"""BSF201: what is found, and what only looks like it."""

from __future__ import annotations

import pytest

from session_first.rules.raw_assume_role import RULE
from tests.analysis import findings_of, found

KEYS = """aws_access_key_id={0}["AccessKeyId"], aws_secret_access_key={0}["SecretAccessKey"], aws_session_token={0}["SessionToken"]"""
CREDENTIALS = KEYS.format("credentials")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        pytest.param(
            f"""
            import boto3
            def f(arn):
                sts = boto3.client("sts")
                response = sts.assume_role(RoleArn=arn, RoleSessionName="f")
                credentials = response["Credentials"]
                return boto3.client("ec2", {CREDENTIALS})
            """,
            4,
            id="to a client",
        ),
        pytest.param(
            f"""
            import boto3
            credentials = boto3.client("sts").assume_role(RoleArn="r", RoleSessionName="f")["Credentials"]
            session = boto3.Session({CREDENTIALS})
            """,
            2,
            id="to a session, at module level",
        ),
        pytest.param(
            f"""
            def f(session, arn):
                credentials = session.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                return session.resource("s3", {CREDENTIALS})
            """,
            2,
            id="boto3 is never named",
        ),
        pytest.param(
            """
            import boto3
            def keys(arn):
                c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                return c["AccessKeyId"], c["SecretAccessKey"], c["SessionToken"]
            def f(arn):
                a, b, c = keys(arn)
                return boto3.client("ec2", aws_access_key_id=a, aws_secret_access_key=b, aws_session_token=c)
            """,
            3,
            id="through a tuple that a helper returns",
        ),
        pytest.param(
            """
            import boto3
            class Account:
                def __init__(self, arn):
                    self.c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                def client(self, service):
                    return boto3.client(
                        service,
                        aws_access_key_id=self.c["AccessKeyId"],
                        aws_secret_access_key=self.c["SecretAccessKey"],
                        aws_session_token=self.c["SessionToken"],
                    )
            """,
            4,
            id="through an attribute",
        ),
        pytest.param(
            """
            import boto3
            def f(arn):
                c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f").get("Credentials")
                keys = {
                    "aws_access_key_id": c.get("AccessKeyId"),
                    "aws_secret_access_key": c.get("SecretAccessKey"),
                    "aws_session_token": c.get("SessionToken"),
                }
                return boto3.Session(**keys)
            """,
            3,
            id="through a dict that is unpacked",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                client = boto3.client("sts")
                credentials = client.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                client = boto3.client("s3", {CREDENTIALS})
                return client.list_buckets()
            """,
            4,
            id="the name of the STS client is used again",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                credentials = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                print(credentials["Expiration"])
                return boto3.client("s3", {CREDENTIALS})
            """,
            3,
            id="something else is done with them too",
        ),
    ],
)
def test_found(code: str, line: int) -> None:
    assert found(code, {RULE.code}) == [f"{RULE.code} {line}"]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            f"""
            import boto3
            def f(sts, arn):
                credentials = sts.assume_role(arn, "f", "role")
                return boto3.client("ec2", {CREDENTIALS})
            """,
            id="positional arguments are not boto3's",
        ),
        pytest.param(
            f"""
            import boto3
            class Roles:
                def assume_role(self, RoleArn):
                    return {{}}
                def f(self, arn):
                    credentials = self.assume_role(RoleArn=arn)
                    return boto3.client("ec2", {CREDENTIALS})
            """,
            id="a method of the class's own",
        ),
        pytest.param(
            """
            import aws_assume_role_lib
            import boto3
            def f(arn):
                session = aws_assume_role_lib.assume_role(boto3.Session(), RoleArn=arn)
                return session.client("ec2")
            """,
            id="the library's own function",
        ),
        pytest.param(
            """
            import aws_assume_role_lib
            import boto3
            aws_assume_role_lib.patch_boto3()
            def f(arn):
                return boto3.Session().assume_role(RoleArn=arn).client("ec2")
            """,
            id="the library's method of a session",
        ),
        pytest.param(
            """
            async def f(session, arn):
                async with session.create_client("sts") as sts:
                    c = (await sts.assume_role(RoleArn=arn, RoleSessionName="f"))["Credentials"]
                    return session.create_client("s3", aws_access_key_id=c["AccessKeyId"])
            """,
            id="another SDK's, which is awaited",
        ),
        pytest.param(
            """
            import boto3
            from elsewhere import Client
            def f(arn):
                c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                return Client(c["AccessKeyId"], c["SecretAccessKey"], c["SessionToken"])
            """,
            id="credentials for something that is not boto3",
        ),
        pytest.param(
            """
            import boto3
            def f(arn):
                boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")
            """,
            id="a probe",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                credentials = boto3.client("sts").assume_role_with_web_identity(RoleArn=arn, RoleSessionName="f")["Credentials"]
                return boto3.client("ec2", {CREDENTIALS})
            """,
            id="an operation without a counterpart",
        ),
    ],
)
def test_not_found(code: str) -> None:
    assert found(code, {RULE.code}) == []


def test_tests_are_left_out() -> None:
    code = f"""
    import boto3
    def test(arn):
        credentials = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        return boto3.client("ec2", {CREDENTIALS})
    """
    assert found(code, {RULE.code}, path="tests/test_roles.py") == []


def test_the_message_names_the_role_and_where_its_credentials_go() -> None:
    code = f"""
    import boto3
    def f(arn):
        sts = boto3.client("sts")
        credentials = sts.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        ec2 = boto3.client("ec2", {CREDENTIALS})
        return ec2, boto3.Session({CREDENTIALS})
    """
    [finding] = findings_of(code, {RULE.code})
    assert finding.message.startswith(
        "credentials of sts.assume_role (line 4) reach boto3.client('ec2') (line 5) and 1 more: "
    )
    assert finding.function == "f"
