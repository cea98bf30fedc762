"""Which bytes may hold a finding: all that do, and few others."""

from __future__ import annotations

import pytest

from session_first.prefilter import may_hold_site


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import boto3\nboto3.client('s3')", id="boto3.client"),
        pytest.param("from boto3 import client", id="from import"),
        pytest.param("import boto3 as b", id="alias"),
        pytest.param("from boto3 \\\n    import client", id="from import, over two lines"),
        pytest.param("import os, boto3 \\\n    as b", id="alias, over two lines"),
        pytest.param(
            "import boto3\ndef f(aws: boto3.Session | None = None): ...", id="takes one by another name"
        ),
        pytest.param("import boto3\ndef f(session=None): ...", id="takes a session by its name"),
        pytest.param("def f(sts):\n    sts.assume_role(RoleArn='r')", id="a role, and no boto3"),
        pytest.param("(sts\n  .  # comment\n  assume_role)(RoleArn='r')", id="a role, over several lines"),
        pytest.param("from botocore.credentials import AssumeRoleCredentialFetcher", id="a fetcher"),
        pytest.param("c.create_assume_role_refresher(sts, {})", id="a refresher"),
        pytest.param("import boto3\ndef f(event, context):\n    boto3.Session()", id="a handler's session"),
        pytest.param(
            "import boto3\ndef f(\n    sqs_event: dict, context\n):\n    boto3.Session()",
            id="a handler, over several lines",
        ),
        pytest.param("import boto3\ndef myHandler(a, c):\n    boto3.Session()", id="a handler by its name"),
        pytest.param("import boto3\nf = lambda evt, ctx: boto3.Session()", id="a lambda"),
        pytest.param("import boto3, chalice\ndef f(x):\n    boto3.Session()", id="Chalice"),
        pytest.param(
            "from aws_assume_role_lib import assume_role\ndef handler(a, context):\n    assume_role()",
            id="the library in a handler",
        ),
    ],
)
def test_worth_parsing(text: str) -> None:
    assert may_hold_site(text.encode())
    assert may_hold_site(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("print('hello')", id="nothing"),
        pytest.param("import boto3\n\nsession = boto3.Session()", id="a session, and no handler"),
        pytest.param("import boto3\n\ndef handler(event, context): ...", id="a handler, and no session"),
        pytest.param(
            "from requests import Session\ndef f(aws: Session | None = None): ...", id="another's session"
        ),
        pytest.param("from requests import Session\ndef handler(event, context): ...", id="no boto3"),
        pytest.param("role.assume_role_policy = {}", id="another word that starts alike"),
        pytest.param("sts.assume_role_with_saml()", id="another operation"),
        pytest.param("def assume_role(account): ...\nassume_role('1')", id="a function of the project"),
        pytest.param("x = '\udc80'", id="what no file can hold"),
    ],
)
def test_not_worth_parsing(text: str) -> None:
    assert not may_hold_site(text.encode(errors="surrogatepass"))
    assert not may_hold_site(text)
