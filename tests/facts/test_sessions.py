"""What is a boto3 session at a site: by evidence, never by its name."""

from __future__ import annotations

import pytest

from tests.analysis import only_site


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session):
                return boto3.client("s3").get_object(Bucket="reports", Key=key)
            """,
            "session",
            id="annotated parameter",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, aws: "boto3.session.Session"):
                return boto3.client("s3")
            """,
            "aws",
            id="quoted annotation, another name",
        ),
        pytest.param(
            """
            from typing import Optional
            import boto3
            from boto3.session import Session

            def copy(key, *, session: Optional[Session] = None):
                return boto3.client("s3")
            """,
            "session?",
            id="Optional",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session | None = None):
                return boto3.client("s3")
            """,
            "session?",
            id="union with None",
        ),
        pytest.param(
            """
            from typing import TYPE_CHECKING
            import boto3

            if TYPE_CHECKING:
                from boto3 import Session

            def copy(key, session: "Session"):
                return boto3.client("s3")
            """,
            "session",
            id="imported for type checking",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session = None):
                return boto3.client("s3")
            """,
            "session?",
            id="annotated, with None as default",
        ),
        pytest.param(
            """
            import boto3

            def copy(profile):
                aws = boto3.Session(profile_name=profile)
                return boto3.client("s3")
            """,
            "aws",
            id="local made by boto3.Session",
        ),
        pytest.param(
            """
            import boto3

            def copy(profile):
                aws = boto3.session.Session(profile_name=profile)
                with open("x") as file:
                    return boto3.client("s3")
            """,
            "aws",
            id="local made by boto3.session.Session",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session=None):
                if session is None:
                    session = boto3.Session()
                return boto3.client("s3")
            """,
            "session",
            id="parameter filled",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session=None):
                session = session or boto3.Session()
                return boto3.client("s3")
            """,
            "session",
            id="parameter filled with or",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session=None):
                if not session:
                    session = boto3._get_default_session()
                s3 = session.client("s3")
                return s3, boto3.client("sts")
            """,
            "session",
            id="parameter filled from the default, as this tool writes it",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session=None):
                s3 = (session or boto3).client("s3")
                return s3, boto3.client("sts")
            """,
            "session?",
            id="the inline form, as this tool writes it",
        ),
        pytest.param(
            """
            import boto3

            def copy(session: boto3.Session):
                def one(key):
                    return boto3.client("s3").get_object(Bucket="b", Key=key)
                return [one(key) for key in "ab"]
            """,
            "session",
            id="parameter of the function around",
        ),
        pytest.param(
            """
            import boto3

            class Repository:
                def __init__(self, session: boto3.Session):
                    self.session = session

                def load(self):
                    return boto3.client("s3")
            """,
            "self.session",
            id="kept on self from an annotated parameter",
        ),
        pytest.param(
            """
            import boto3

            class Repository:
                def __init__(self, profile):
                    self._aws = boto3.Session(profile_name=profile)
                    self.sts = boto3.client("sts")
            """,
            "self._aws",
            id="kept on self earlier in the same function",
        ),
        pytest.param(
            """
            from dataclasses import dataclass
            import boto3

            @dataclass
            class Repository:
                session: boto3.Session

                def load(self):
                    return boto3.client("s3")
            """,
            "self.session",
            id="field of a dataclass",
        ),
        pytest.param(
            """
            import boto3

            def aws() -> boto3.Session:
                return boto3.Session(region_name="eu-west-1")

            def load():
                session = aws()
                return boto3.client("s3")
            """,
            "session",
            id="what a function of the file returns by its annotation",
        ),
        pytest.param(
            """
            import boto3
            import aws_assume_role_lib

            def load(arn):
                assumed = aws_assume_role_lib.assume_role(boto3.Session(), arn)
                return boto3.client("s3")
            """,
            "assumed",
            id="an assumed role",
        ),
    ],
)
def test_sessions(text: str, expected: str) -> None:
    """A `?` says that it may be None."""
    assert only_site_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            import boto3

            def copy(key, session):
                return boto3.client("s3")
            """,
            id="only called session",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session=None):
                return session.get(key), boto3.client("s3")
            """,
            id="only called session, with None as default",
        ),
        pytest.param(
            """
            import boto3
            from sqlalchemy.orm import Session

            def copy(key, session: Session):
                return boto3.client("s3")
            """,
            id="SQLAlchemy's",
        ),
        pytest.param(
            """
            import boto3
            import requests

            def copy(key, session: requests.Session | None = None):
                session = session or requests.Session()
                return boto3.client("s3")
            """,
            id="requests's",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                session = boto3.client("sts").get_session_token()
                return session
            """,
            id="the response of STS",
        ),
        pytest.param(
            """
            from aiobotocore import session
            import boto3

            def copy(key):
                return session.get_session(), boto3.client("s3")
            """,
            id="a module",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, profile=None):
                if profile:
                    session = boto3.Session(profile_name=profile)
                return boto3.client("s3")
            """,
            id="made in a branch that may not run",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                s3 = boto3.client("s3")
                session = boto3.Session()
                return s3, session
            """,
            id="made later",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                session = boto3.Session(region_name=boto3.client("s3").meta.region_name)
                return session
            """,
            id="made in the same statement",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, boto3_module):
                session = boto3_module.Session()
                return boto3.client("s3")
            """,
            id="made by something unknown",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                session = boto3.Session()
                session = session.client("s3")
                return boto3.client("s3")
            """,
            id="the name is used for something else later",
        ),
        pytest.param(
            """
            import boto3

            def copy(keys):
                session = boto3.Session()
                for session in keys:
                    boto3.client("s3")
            """,
            id="the name is a loop variable later",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                try:
                    session = boto3.Session(profile_name="x")
                except Exception:
                    pass
                return boto3.client("s3")
            """,
            id="made in a try that may have failed",
        ),
        pytest.param(
            """
            import boto3

            session = boto3.Session()

            def copy(key):
                return boto3.client("s3")
            """,
            id="a module global is not in the function's hands",
        ),
        pytest.param(
            """
            import boto3

            class Repository:
                def __init__(self, session):
                    self.session = session

                def load(self):
                    return boto3.client("s3")
            """,
            id="on self, only called session",
        ),
        pytest.param(
            """
            import boto3
            import requests

            class Repository:
                def __init__(self):
                    self.session = requests.Session()

                def load(self):
                    return boto3.client("s3")
            """,
            id="on self, requests's",
        ),
        pytest.param(
            """
            import boto3

            class Repository:
                def __init__(self, session: boto3.Session):
                    self.session = session

                def connect(self, database):
                    self.session = database.session()

                def load(self):
                    return boto3.client("s3")
            """,
            id="on self, replaced by something else in another method",
        ),
        pytest.param(
            """
            import boto3

            class Repository:
                def __init__(self, session: boto3.Session):
                    self.session = session

                @staticmethod
                def load(self):
                    return boto3.client("s3")
            """,
            id="a static method's self",
        ),
        pytest.param(
            """
            import boto3

            class Outer:
                def __init__(self, session: boto3.Session):
                    self.session = session

                class Inner:
                    def load(self):
                        return boto3.client("s3")
            """,
            id="another class's self",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session):
                session = session.client("s3")
                return boto3.client("s3")
            """,
            id="an annotated parameter rebound to a client",
        ),
    ],
)
def test_no_session(text: str) -> None:
    assert only_site_of(text) is None


def only_site_of(text: str) -> str | None:
    """How the session in scope at the one site is written."""
    session = only_site(text).session
    if session is None:
        return None
    return f"{session.expression}{'?' if session.optional else ''}"


@pytest.mark.parametrize(
    ("text", "tested"),
    [
        pytest.param(
            """
            if session:
                return session.client("s3")
            return boto3.client("s3")
            """,
            True,
            id="early return",
        ),
        pytest.param(
            """
            if session is None:
                s3 = boto3.client("s3")
            else:
                s3 = session.client("s3")
            """,
            True,
            id="if and else",
        ),
        pytest.param('return session.client("s3") if session else boto3.client("s3")', True, id="expression"),
        pytest.param('return (session and session.client("s3")) or boto3.client("s3")', True, id="and-or"),
        pytest.param(
            """
            match session:
                case None:
                    return boto3.client("s3")
            """,
            True,
            id="match",
        ),
        pytest.param(
            """
            if not session and region:
                return boto3.client("s3", region_name=region)
            """,
            True,
            id="among other tests",
        ),
        pytest.param(
            """
            if region:
                return boto3.client("s3", region_name=region)
            """,
            False,
            id="test of something else",
        ),
        pytest.param(
            """
            if session:
                print("with a session")
            return boto3.client("s3")
            """,
            False,
            id="a branch that goes on",
        ),
    ],
)
def test_whether_a_branch_tests_the_session(text: str, tested: bool) -> None:
    body = "\n".join(f"    {line}" for line in text.strip("\n").replace("            ", "").splitlines())
    site = only_site(f"import boto3\n\ndef f(region, session: boto3.Session | None = None):\n{body}\n")
    assert site.session is not None
    assert site.session_tested is tested


@pytest.mark.parametrize(
    ("text", "both"),
    [
        pytest.param(
            """
            import boto3

            def deliver(key, customer: boto3.Session):
                body = boto3.client("s3").get_object(Bucket="ours", Key=key)
                customer.client("s3").put_object(Bucket="theirs", Key=key, Body=body)
            """,
            True,
            id="the same service from each",
        ),
        pytest.param(
            """
            import boto3

            def deliver(key, profile):
                customer = boto3.Session(profile_name=profile)
                account = boto3.client("sts").get_caller_identity()
                customer.client("s3").put_object(Bucket="theirs", Key=key)
            """,
            True,
            id="a session of another identity made here and used",
        ),
        pytest.param(
            """
            import boto3

            def deliver(key, ours: boto3.Session, theirs: boto3.Session):
                return boto3.client("s3")
            """,
            True,
            id="several sessions",
        ),
        pytest.param(
            """
            import boto3

            def deliver(key, customer: boto3.Session):
                customer.client("sqs")
                return boto3.client("s3")
            """,
            False,
            id="another service",
        ),
        pytest.param(
            """
            import boto3

            def deliver(key, customer: boto3.Session):
                return boto3.client("s3")
            """,
            False,
            id="only the default session",
        ),
    ],
)
def test_whether_both_sessions_are_meant(text: str, both: bool) -> None:
    assert (only_site(text).both is not None) is both
