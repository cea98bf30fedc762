"""BSF203: what must be found, and what must not."""

from __future__ import annotations

import pytest

from session_first.rules import enabled
from tests.analysis import code, findings_of, found

CODES = {"BSF203"}

IMPORTS = """\
import boto3
import botocore.credentials
from botocore.credentials import CachedCredentialFetcher, DeferredRefreshableCredentials, RefreshableCredentials
from botocore.session import get_session
from functools import partial

STS = boto3.client("sts")
"""
"""With an empty line, what follows starts at line 9."""


def file(text: str) -> str:
    """A file of these imports, and `text` from line 9 on."""
    return f"{IMPORTS}\n{code(text)}"


FETCH = """
def fetch():
    c = STS.assume_role(RoleArn="r", RoleSessionName="s")["Credentials"]
    return {"access_key": c["AccessKeyId"], "expiry": c["Expiration"]}
"""
"""A function that refreshes, at line 9; the call is at line 10."""


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(
            "c = RefreshableCredentials.create_from_metadata(fetch(), fetch, 'x')", id="create_from_metadata"
        ),
        pytest.param(
            "c = RefreshableCredentials.create_from_metadata(metadata=None, refresh_using=fetch, method='x')",
            id="create_from_metadata, by keyword",
        ),
        pytest.param("c = RefreshableCredentials('a', 'b', 'c', None, fetch, 'x')", id="the class"),
        pytest.param("c = DeferredRefreshableCredentials(fetch, 'x')", id="deferred"),
        pytest.param(
            "c = botocore.credentials.DeferredRefreshableCredentials(refresh_using=fetch)", id="by the module"
        ),
        pytest.param(
            "from botocore.credentials import RefreshableCredentials as RC\nc = RC('a', refresh_using=fetch)",
            id="under another name",
        ),
        pytest.param(
            "def make():\n    from botocore import credentials as bc\n    return bc.RefreshableCredentials(fetch)",
            id="imported in a function",
        ),
        pytest.param("c = DeferredRefreshableCredentials(lambda: fetch(), 'x')", id="through a lambda"),
        pytest.param("c = DeferredRefreshableCredentials(partial(fetch, 1), 'x')", id="through a partial"),
        pytest.param(
            "again = fetch\nc = DeferredRefreshableCredentials(again, 'x')", id="under a name of the module"
        ),
        pytest.param(
            "def make():\n    again = partial(fetch)\n    return DeferredRefreshableCredentials(again, 'x')",
            id="through a local",
        ),
        pytest.param(
            "def make():\n    kw = {'refresh_using': fetch}\n    return DeferredRefreshableCredentials(**kw)",
            id="in unpacked keywords",
        ),
        pytest.param(
            "def refresh():\n    return dict(fetch())\nc = DeferredRefreshableCredentials(refresh, 'x')",
            id="one call away",
        ),
        pytest.param(
            "def a():\n    return b()\ndef b():\n    return fetch()\nc = DeferredRefreshableCredentials(a, 'x')",
            id="two calls away",
        ),
        pytest.param(
            "def refresher(role):\n    return lambda: fetch()\nc = DeferredRefreshableCredentials(refresher(1), 'x')",
            id="from a function that makes the refresher",
        ),
        pytest.param(
            "def make():\n    c = fetch()\n    return RefreshableCredentials(c['access_key'], c['secret_key'])",
            id="the first credentials",
        ),
        pytest.param(
            "class Own(RefreshableCredentials): ...\nc = Own('a', refresh_using=fetch)", id="a subclass"
        ),
        pytest.param(
            "class Own(DeferredRefreshableCredentials):\n    def _refresh(self):\n        self.c = fetch()",
            id="in a subclass",
        ),
        pytest.param(
            "class Own(CachedCredentialFetcher):\n    def _get_credentials(self):\n        return fetch()",
            id="in a fetcher",
        ),
        pytest.param("s = get_session()\ns._credentials = Own(fetch)", id="in a botocore session"),
        pytest.param("get_session()._credentials = fetch()", id="in a botocore session, at once"),
        pytest.param("boto3.Session()._session._credentials = Own(fetch)", id="in a boto3 session"),
    ],
)
def test_what_a_function_feeds(use: str) -> None:
    assert found(file(FETCH + use + "\n"), CODES) == ["BSF203 10"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            def make(role):
                r = STS.assume_role(RoleArn=role, RoleSessionName="s")
                return RefreshableCredentials(r["Credentials"]["AccessKeyId"], refresh_using=None)
            """,
            ["BSF203 10"],
            id="the response itself",
        ),
        pytest.param(
            """
            def make(role):
                def refresh():
                    if EXTERNAL_ID:
                        r = STS.assume_role(RoleArn=role, RoleSessionName="s", ExternalId=EXTERNAL_ID)
                    else:
                        r = STS.assume_role(RoleArn=role, RoleSessionName="s")
                    return r["Credentials"]
                return RefreshableCredentials.create_from_metadata(refresh(), refresh, "x")
            """,
            ["BSF203 12", "BSF203 14"],
            id="two calls, each once",
        ),
        pytest.param(
            """
            class Roles:
                def session(self):
                    return RefreshableCredentials.create_from_metadata(self._fetch(), self._fetch, "x")

                def _fetch(self):
                    return self.sts.assume_role(**self._parameters)["Credentials"]
            """,
            ["BSF203 14"],
            id="a method",
        ),
        pytest.param(
            """
            class Base:
                def _fetch(self):
                    return self.sts.assume_role(**self._parameters)["Credentials"]

            class Roles(Base):
                def session(self):
                    return DeferredRefreshableCredentials(super()._fetch, "x")

                @classmethod
                def other(cls):
                    return DeferredRefreshableCredentials(lambda: cls._fetch(), "x")
            """,
            ["BSF203 11"],
            id="an inherited method",
        ),
        pytest.param(
            """
            class Provider:
                def credentials(self):
                    return DeferredRefreshableCredentials(lambda: Provider.refresh(self.role), "x")

                @staticmethod
                def refresh(role):
                    return Provider.assume_role(role)

                @staticmethod
                def assume_role(role):
                    return retry(lambda sts: sts.assume_role(RoleArn=role, RoleSessionName="s"))
            """,
            ["BSF203 19"],
            id="static methods",
        ),
        pytest.param(
            """
            class Refresh:
                def fetch(self):
                    return self._sts.assume_role(**self._parameters)

            def make():
                return DeferredRefreshableCredentials(refresh_using=Refresh().fetch, method="x")
            """,
            ["BSF203 11"],
            id="a method of an object",
        ),
        pytest.param(
            """
            class Refresh:
                def __call__(self):
                    return self._sts.assume_role(**self._parameters)

            def make():
                return DeferredRefreshableCredentials(refresh_using=Refresh(), method="x")
            """,
            ["BSF203 11"],
            id="an object that is called",
        ),
        pytest.param(
            """
            class Make:
                def __init__(self):
                    self.again = lambda: STS.assume_role(RoleArn="r", RoleSessionName="s")

                def make(self):
                    return DeferredRefreshableCredentials(self.again, "x")
            """,
            ["BSF203 11"],
            id="kept on the object",
        ),
        pytest.param(
            """
            def fetch():
                c = STS.assume_role(RoleArn="r", RoleSessionName="s")["Credentials"]
                return {
                    "access_key": c["AccessKeyId"],
                    "secret_key": c["SecretAccessKey"],
                    "token": c["SessionToken"],
                    "expiry_time": c["Expiration"].isoformat(),
                }
            """,
            ["BSF203 10"],
            id="botocore's keys, handed over in another file",
        ),
        pytest.param(
            """
            def fetch(sts):
                c = sts.assume_role(RoleArn="r", RoleSessionName="s")["Credentials"]
                return dict(access_key=c["A"], secret_key=c["B"], token=c["C"], expiry_time=c["D"])
            """,
            ["BSF203 10"],
            id="botocore's keys, by dict()",
        ),
        pytest.param(
            """
            def make(base, role):
                fetcher = botocore.credentials.AssumeRoleCredentialFetcher(base.create_client, base.c(), role)
                return DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
            """,
            ["BSF203 10"],
            id="botocore's fetcher, which makes the call",
        ),
        pytest.param(
            """
            refresh = botocore.credentials.create_assume_role_refresher(STS, {"RoleArn": "r"})
            """,
            ["BSF203 9"],
            id="botocore's refresher, which makes the call",
        ),
        pytest.param(
            """
            def make(kind):
                if kind == "web":
                    kw = {"refresh_using": web_identity}
                    c = DeferredRefreshableCredentials(**kw)
                else:
                    kw = {"refresh_using": assume}
                    c = RefreshableCredentials.create_from_metadata(**kw)
                return c

            def assume():
                return STS.assume_role(RoleArn="r", RoleSessionName="s")

            def web_identity():
                return STS.assume_role_with_web_identity(RoleArn="r", RoleSessionName="s")
            """,
            ["BSF203 19"],
            id="one of two methods",
        ),
        pytest.param(
            """
            async def fetch(session):
                async with session.create_client("sts") as sts:
                    return await sts.assume_role(RoleArn="r", RoleSessionName="s")

            def make(session):
                from aiobotocore.credentials import AioDeferredRefreshableCredentials as Credentials
                return Credentials(partial(fetch, session), "x")
            """,
            ["BSF203 11"],
            id="aiobotocore",
        ),
    ],
)
def test_found(text: str, expected: list[str]) -> None:
    assert found(file(text), CODES) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            def make(role):
                c = STS.assume_role(RoleArn=role, RoleSessionName="s")["Credentials"]
                return boto3.Session(c["AccessKeyId"], c["SecretAccessKey"], c["SessionToken"])
            """,
            id="copied credentials, which nothing refreshes",
        ),
        pytest.param(
            """
            def make(role):
                c = STS.assume_role(RoleArn=role, RoleSessionName="s")["Credentials"]
                self._credentials = c
                other._credentials = RefreshableCredentials
            """,
            id="an attribute of something else",
        ),
        pytest.param(
            """
            def fetch():
                return STS.get_session_token(DurationSeconds=3600)["Credentials"]

            c = DeferredRefreshableCredentials(fetch, "x")
            """,
            id="another operation of STS",
        ),
        pytest.param(
            """
            def fetch():
                return STS.assume_role_with_saml(RoleArn="r", PrincipalArn="p", SAMLAssertion="a")

            c = DeferredRefreshableCredentials(fetch, "x")
            """,
            id="SAML",
        ),
        pytest.param(
            """
            def fetch():
                return requests.get(URL).json()

            def unrelated():
                return STS.assume_role(RoleArn="r", RoleSessionName="s")

            c = DeferredRefreshableCredentials(fetch, "x")
            """,
            id="credentials of another service",
        ),
        pytest.param(
            """
            def parent():
                r = STS.assume_role(RoleArn="r", RoleSessionName="s")["Credentials"]
                return boto3.Session(r["AccessKeyId"], r["SecretAccessKey"], r["SessionToken"])

            def make():
                session = parent()
                sts = session.client("sts")
                return DeferredRefreshableCredentials(partial(from_elsewhere, sts), "x")
            """,
            id="the role of the client that refreshes",
        ),
        pytest.param(
            """
            def fetch():
                return STS.assume_role(RoleArn="r", RoleSessionName="s", SerialNumber=MFA, TokenCode=input())

            c = DeferredRefreshableCredentials(fetch, "x")
            """,
            id="a code that somebody types",
        ),
        pytest.param(
            """
            def make(base):
                return botocore.credentials.AssumeRoleCredentialFetcher(
                    base.create_client, base.get_credentials(), "r", mfa_prompter=getpass
                )
            """,
            id="botocore's fetcher, with a code that somebody types",
        ),
        pytest.param(
            """
            def make(base):
                return botocore.credentials.AssumeRoleWithWebIdentityCredentialFetcher(base, load, "r")
            """,
            id="botocore's fetcher of another operation",
        ),
        pytest.param(
            """
            class Own:
                def assume_role(self, **parameters): ...

                def fetch(self):
                    return self.assume_role(RoleArn="r")

            c = DeferredRefreshableCredentials(Own().fetch, "x")
            """,
            id="an assume_role of the class",
        ),
        pytest.param(
            """
            from helpers import sts

            c = DeferredRefreshableCredentials(lambda: sts.assume_role("123", "audit"), "x")
            """,
            id="positional arguments, which are not boto3's",
        ),
        pytest.param(
            """
            import aws_assume_role_lib

            def make(session: boto3.Session):
                s = aws_assume_role_lib.assume_role(session, "r")
                t = session.assume_role(RoleArn="r")
                return DeferredRefreshableCredentials(lambda: (s, t), "x")
            """,
            id="the library",
        ),
        pytest.param(
            """
            from other_sdk.credentials import RefreshableCredentials as RC

            c = RC(lambda: STS.assume_role(RoleArn="r", RoleSessionName="s"), "x")
            """,
            id="another SDK's class",
        ),
        pytest.param(
            """
            def fetch():
                return STS.assume_role(RoleArn="r", RoleSessionName="s")  # noqa: BSF203

            c = DeferredRefreshableCredentials(fetch, "x")
            """,
            id="suppressed",
        ),
    ],
)
def test_not_found(text: str) -> None:
    assert found(file(text), CODES) == []


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("src/app/_vendor/aws_assume_role_lib/aws_assume_role_lib.py", id="aws_assume_role_lib"),
        pytest.param("aws_assume_role_lib.py", id="aws_assume_role_lib, one file"),
        pytest.param("vendor/botocore/credentials.py", id="botocore"),
        pytest.param("vendor/aiobotocore/credentials.py", id="aiobotocore"),
    ],
)
def test_the_machinery_itself_is_left_out(path: str) -> None:
    assert found(file(FETCH + "c = DeferredRefreshableCredentials(fetch, 'x')\n"), CODES, path=path) == []


def test_on_by_default() -> None:
    assert "BSF203" in enabled(None)


def test_finding() -> None:
    (finding,) = findings_of(file(FETCH + "c = DeferredRefreshableCredentials(fetch, 'x')\n"), CODES)
    position = finding.location.position
    assert (position.line, position.column) == (10, 8)
    assert (finding.end.line, finding.end.column) == (10, 57)
    assert finding.function == "fetch"
    assert finding.message == (
        "STS.assume_role(…) feeds DeferredRefreshableCredentials (line 12): a refresh written by hand on botocore's"
        " undocumented classes; use aws_assume_role_lib.assume_role(session, RoleArn), which gives a session that"
        " assumes the role again before its credentials expire"
    )


def test_the_row_is_that_of_the_expression() -> None:
    text = """
        def fetch():
            return (
                boto3
                .client("sts")
                .assume_role(RoleArn="r", RoleSessionName="s")
            )

        c = DeferredRefreshableCredentials(fetch, "x")
        """
    assert found(file(text), CODES) == ["BSF203 11"]


@pytest.mark.parametrize(
    ("use", "said"),
    [
        pytest.param(
            "c = AioDeferredRefreshableCredentials(fetch, 'x')",
            "aiobotocore refreshes itself",
            id="aiobotocore",
        ),
        pytest.param(
            "c = AioDeferredRefreshableCredentials(fetch, 'x')\nd = DeferredRefreshableCredentials(fetch, 'x')",
            "use aws_assume_role_lib.assume_role(session, RoleArn)",
            id="both, which counts as boto3",
        ),
        pytest.param(
            "get_session()._credentials = fetch()",
            "feeds get_session()._credentials (line 14)",
            id="the session",
        ),
    ],
)
def test_message(use: str, said: str) -> None:
    text = f"{FETCH}\nfrom aiobotocore.credentials import AioDeferredRefreshableCredentials\n{use}\n"
    (finding,) = findings_of(file(text), CODES)
    assert said in finding.message
