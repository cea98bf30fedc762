"""Which functions go on using a session of their own, whatever session they would be given for the default one."""

from __future__ import annotations

import pytest

from tests.analysis import answers_to, code

SKIPPED = ["skip uses-both-sessions"]


def answer(body: str, parameters: str = "profile, region, key") -> list[str]:
    """What becomes of the default client in a function with that body."""
    lines = "".join(f"    {line}\n" if line else "\n" for line in code(body).splitlines())
    return answers_to(f"import os\nimport boto3\nKEY = 'x'\n\ndef copy({parameters}):\n{lines}")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            """
            source = boto3.client("s3")
            target = boto3.Session(profile_name=profile).client("s3")
            """,
            id="a profile",
        ),
        pytest.param(
            """
            source = boto3.client("s3")
            other = boto3.session.Session(aws_access_key_id=key, aws_secret_access_key=os.environ["SECRET"])
            other.client("s3")
            """,
            id="keys from outside",
        ),
        pytest.param(
            """
            source = boto3.client("s3")
            boto3.Session(KEY, os.getenv("SECRET")).client("s3")
            """,
            id="keys by position",
        ),
        pytest.param(
            """
            sts = boto3.client("sts")
            for name in region:
                boto3.Session(region_name=name).client("ec2")
            """,
            id="a region, with the default identity",
        ),
        pytest.param(
            """
            if region:
                return boto3.Session(region_name=region).client("ec2")
            return boto3.client("ec2")
            """,
            id="a region on another branch: the identity is the same",
        ),
        pytest.param(
            """
            signer = AWS4Auth(boto3.Session().get_credentials())
            return boto3.client("es"), signer
            """,
            id="the default credentials, for others than boto3",
        ),
        pytest.param(
            """
            sts = boto3.client("sts")
            if profile:
                return boto3.Session(profile_name=profile).client("s3")
            return sts
            """,
            id="a profile on a branch, after the default client",
        ),
        pytest.param(
            """
            for name in profile:
                if name:
                    s3 = boto3.Session(profile_name=name).client("s3")
                    break
            return boto3.client("s3")
            """,
            id="a profile in a loop, before the default client",
        ),
        pytest.param(
            """
            def one(name):
                return boto3.Session(profile_name=name).client("s3")

            return [one(p) for p in profile], boto3.client("sts")
            """,
            id="a profile in a nested function",
        ),
    ],
)
def test_skipped(body: str) -> None:
    assert answer(body) == SKIPPED


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("return boto3.client('s3')", id="none"),
        pytest.param(
            """
            if profile:
                return boto3.Session(profile_name=profile).client("s3")
            return boto3.client("s3")
            """,
            id="a profile, else the default",
        ),
        pytest.param(
            """
            if profile is None:
                return boto3.client("s3")
            return boto3.Session(profile_name=profile).client("s3")
            """,
            id="the default, else a profile",
        ),
        pytest.param(
            """
            if key:
                s3 = boto3.Session(key, region).client("s3")
            else:
                s3 = boto3.client("s3")
            """,
            id="keys on the other branch",
        ),
        pytest.param(
            "return boto3.Session(profile_name=profile).client('s3') if profile else boto3.client('s3')",
            id="a conditional expression",
        ),
        pytest.param(
            """
            try:
                return boto3.Session(profile_name=profile).client("s3")
            except Exception:
                return boto3.client("s3")
            """,
            id="the default where the profile is not there",
        ),
        pytest.param(
            "return boto3.client('s3'), save(session=boto3.Session(region_name=region))",
            id="decided for another function, at its call",
        ),
        pytest.param(
            """
            keys = boto3.client("sts").assume_role(**region)["Credentials"]
            return boto3.Session(keys["AccessKeyId"], profile_name=profile), keys["Expiration"]
            """,
            id="keys that were asked for, with a profile",
        ),
        pytest.param(
            "return boto3.client('s3', region_name=region or boto3.Session().region_name)",
            id="the region of a session",
        ),
        pytest.param(
            """
            regions = boto3.session.Session().get_available_regions("ec2")
            return [boto3.client("ec2", region_name=name) for name in regions]
            """,
            id="the regions that a session knows",
        ),
        pytest.param(
            """
            keys = boto3.client("secretsmanager").get_secret_value(SecretId=key)
            return boto3.Session(aws_access_key_id=keys["Id"], aws_secret_access_key=keys["Secret"])
            """,
            id="keys that were asked for with the default session",
        ),
    ],
)
def test_takes_one(body: str) -> None:
    assert answer(body)[0] in {"inline session", "article session"}


def test_all_uses_of_the_function_stay() -> None:
    body = """
    if profile:
        s3 = boto3.Session(profile_name=profile).client("s3")
    else:
        s3 = boto3.client("s3")
    return s3, boto3.client("sts")
    """
    assert answer(body) == SKIPPED
