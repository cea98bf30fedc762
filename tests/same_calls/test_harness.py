"""The harness can fail: what it must report, in which words, and what it must not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.same_calls.runner import RunError, Runner
from tests.same_calls.runs import AMBIENT_KEY, AMBIENT_REGION, FOREIGN_KEY, FOREIGN_REGION, differences, leaks

Write: TypeAlias = Callable[[str, str], Path]

RUN = """
import app
RAISES = {"ValueError", "KeyError", "TypeError", "botocore.exceptions.ProfileNotFound"}
def run(**session):
    return app.main(**session)
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of a folder, and gives the folder."""

    def _write(name: str, source: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
        return path.parent

    return _write


def app(body: str, parameters: str = "session=None") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"import os\nimport aws_assume_role_lib\nimport boto3\n\ndef main({parameters}):\n{lines}"


LISTS = 'return boto3.client("s3").list_buckets()["Buckets"][0]["Name"]'

CHANGES = [
    pytest.param(
        LISTS,
        'return boto3.client("s3", region_name="eu-west-1").list_buckets()["Buckets"][0]["Name"]',
        f"call 1 differs: s3.ListBuckets\n  region: '{AMBIENT_REGION}' before, 'eu-west-1' after\n  endpoint:",
        id="region",
    ),
    pytest.param(
        LISTS,
        'return boto3.client("s3", endpoint_url="https://example.com").list_buckets()["Buckets"][0]["Name"]',
        f"  endpoint: 'https://s3.{AMBIENT_REGION}.amazonaws.com' before, 'https://example.com' after",
        id="endpoint",
    ),
    pytest.param(
        LISTS,
        """
os.environ["AWS_ACCESS_KEY_ID"] = "AKIAOTHER00000000000"
return boto3.client("s3").list_buckets()["Buckets"][0]["Name"]
""",
        f"  access_key: '{AMBIENT_KEY}' before, 'AKIAOTHER00000000000' after",
        id="identity",
    ),
    pytest.param(
        'boto3.client("s3").head_bucket(Bucket="logs")',
        'boto3.client("s3").head_bucket(Bucket="data")',
        "  parameters: {'Bucket': 'logs'} before, {'Bucket': 'data'} after",
        id="parameters",
    ),
    pytest.param(
        'boto3.client("s3").list_buckets()\nboto3.client("sqs").list_queues()',
        'boto3.client("sqs").list_queues()\nboto3.client("s3").list_buckets()',
        "the calls differ:\nthe same calls in another order:\n  call 1 was s3.ListBuckets() as",
        id="order",
    ),
    pytest.param(
        'boto3.client("s3").list_buckets()\nboto3.client("sqs").list_queues()',
        'boto3.client("s3").list_buckets()',
        f"the calls differ:\ncall 2 is missing: sqs.ListQueues() as {AMBIENT_KEY} in {AMBIENT_REGION} at https://",
        id="call_lost",
    ),
    pytest.param(
        'boto3.client("s3").list_buckets()',
        'boto3.client("s3").list_buckets()\nboto3.client("sqs").list_queues()',
        "the calls differ:\ncall 2 is new: sqs.ListQueues() as",
        id="call_gained",
    ),
    pytest.param(
        'raise ValueError("no such user")',
        'raise KeyError("no such user")',
        "the outcome differs: before raised ValueError: no such user, after raised KeyError: 'no such user'\n  File ",
        id="exception_type",
    ),
    pytest.param(
        'raise ValueError("no such user")',
        'raise ValueError("unknown user")',
        "the outcome differs: before raised ValueError: no such user, after raised ValueError: unknown user",
        id="exception_message",
    ),
    pytest.param(
        """
os.environ["AWS_PROFILE"] = "retired"
try:
    return boto3.client("s3").list_buckets()
except boto3.exceptions.botocore.exceptions.ProfileNotFound:
    return None
""",
        """
os.environ["AWS_PROFILE"] = "retired"
session = boto3._get_default_session()
try:
    return session.client("s3").list_buckets()
except boto3.exceptions.botocore.exceptions.ProfileNotFound:
    return None
""",
        "before returned None, after raised botocore.exceptions.ProfileNotFound: The config profile (retired)",
        id="default_filled_outside_the_try",
    ),
    pytest.param(
        """
boto3.setup_default_session(region_name="eu-west-1")
boto3.client("s3").list_buckets()
""",
        """
session = boto3._get_default_session()
boto3.setup_default_session(region_name="eu-west-1")
session.client("s3").list_buckets()
""",
        f"  region: 'eu-west-1' before, '{AMBIENT_REGION}' after",
        id="default_filled_before_setup_default_session",
    ),
    pytest.param(
        "return 1", "return 2", "the outcome differs: before returned 1, after returned 2", id="value"
    ),
    pytest.param('print("a")', 'print("b")', "the output differs:\n--- before\n+++ after\n@@", id="output"),
    pytest.param(
        'os.system("echo a")', 'os.system("echo b")', "the output differs:\n", id="output_of_a_subprocess"
    ),
]


@pytest.mark.parametrize(("before", "after", "message"), CHANGES)
def test_a_change_is_reported(runner: Runner, write: Write, before: str, after: str, message: str) -> None:
    program = write("run/run.py", RUN) / "run.py"
    first = runner.run(write("before/app.py", app(before)), program)
    second = runner.run(write("after/app.py", app(after)), program)
    assert message in "\n".join(differences(first, second))
    assert differences(first, first) == ()


LEAKS = [
    pytest.param(
        'boto3.client("s3").list_buckets()',
        f"call 1 does not carry it: s3.ListBuckets() as {AMBIENT_KEY} in {AMBIENT_REGION} at https://",
        id="session_ignored",
    ),
    pytest.param(
        'session = session or boto3\nsession.client("s3").list_buckets()\nboto3.client("sqs").list_queues()',
        f"call 2 does not carry it: sqs.ListQueues() as {AMBIENT_KEY}",
        id="one_of_two_sites_forgotten",
    ),
    pytest.param(
        f'(session or boto3).client("s3", region_name="{AMBIENT_REGION}").list_buckets()',
        f"call 1 does not carry it: s3.ListBuckets() as {FOREIGN_KEY} in {AMBIENT_REGION}",
        id="region_of_the_default_session",
    ),
    pytest.param(
        'if not session:\n    boto3.client("s3").list_buckets()',
        "no call was made",
        id="no_call_with_a_session",
    ),
    pytest.param(
        '(session or boto3).client("s3").list_buckets()\nreturn (session or boto3)._get_default_session()',
        "with a session: raised AttributeError: 'Session' object has no attribute '_get_default_session'\n  File ",
        id="fails_with_a_session_alone",
    ),
]


@pytest.mark.parametrize(("body", "message"), LEAKS)
def test_a_session_that_is_not_used_is_reported(
    runner: Runner, write: Write, body: str, message: str
) -> None:
    program = write("run/run.py", RUN) / "run.py"
    tree = write("after/app.py", app(body))
    assert message in "\n".join(leaks(runner.run(tree, program), runner.run(tree, program, foreign=True)))


def test_a_function_without_the_parameter_is_reported(runner: Runner, write: Write) -> None:
    program = write("run/run.py", RUN) / "run.py"
    tree = write("after/app.py", app('boto3.client("s3").list_buckets()', parameters=""))
    problems = leaks(runner.run(tree, program), runner.run(tree, program, foreign=True))
    assert problems[0].startswith(
        "with a session: raised TypeError: main() got an unexpected keyword argument"
    )


EDGES = [
    pytest.param('boto3.Session().client("s3").list_buckets()', "", id="session_of_the_edge"),
    pytest.param('boto3.Session(profile_name=None).client("s3").list_buckets()', "", id="no_profile_given"),
    pytest.param(
        'boto3.Session()\nboto3.client("s3").list_buckets()',
        f"call 1 does not carry it: s3.ListBuckets() as {AMBIENT_KEY} in {AMBIENT_REGION} at https://",
        id="default_session_below_the_edge",
    ),
    pytest.param(
        'boto3.Session(profile_name="dev").client("s3").list_buckets()',
        "call 1 does not carry it: s3.ListBuckets() as AKIADEV0000000000000",
        id="other_identity",
    ),
]


@pytest.mark.parametrize(("body", "message"), EDGES)
def test_the_session_that_a_program_makes_is_followed(
    runner: Runner, write: Write, body: str, message: str
) -> None:
    program = write("run/run.py", RUN + 'FOREIGN = "edge"') / "run.py"
    tree = write("after/app.py", app(body, parameters=""))
    problems = leaks(runner.run(tree, program), runner.run(tree, program, foreign=True))
    assert (message in "\n".join(problems)) if message else problems == ()


FOLLOWS = [
    pytest.param('(session or boto3).client("s3").list_buckets()', "", id="session_used"),
    pytest.param('(session or boto3).resource("iam").Role("r").load()', "", id="service_without_regions"),
    pytest.param(
        '(session or boto3).client("s3", region_name="eu-west-1").list_buckets()', "", id="region_in_the_code"
    ),
    pytest.param(
        'boto3.Session(profile_name="dev").client("s3").list_buckets()',
        'EXPLICIT = {"s3.ListBuckets"}',
        id="identity_in_the_code",
    ),
    pytest.param(
        'boto3.setup_default_session(region_name="eu-west-1")\n(session or boto3).client("s3").list_buckets()',
        "",
        id="setup_default_session",
    ),
    pytest.param(
        """
(session or boto3).client("cognito-idp").initiate_auth(ClientId="id", AuthFlow="USER_AUTH")
""",
        "",
        id="call_without_signature",
    ),
]


@pytest.mark.parametrize(("body", "settings"), FOLLOWS)
def test_a_session_that_is_used_is_not_reported(
    runner: Runner, write: Write, body: str, settings: str
) -> None:
    program = write("run/run.py", RUN + settings) / "run.py"
    tree = write("after/app.py", app(body))
    assert leaks(runner.run(tree, program), runner.run(tree, program, foreign=True)) == ()


FAULTS = [
    pytest.param("return {}['name']", "before: raised KeyError: 'name'\n  File ", id="exception_not_meant"),
    pytest.param(
        "import no_such_module",
        "its run.py has to say RAISES = {'ModuleNotFoundError'}",
        id="dependency_missing",
    ),
    pytest.param(
        """
import urllib.request
try:
    urllib.request.urlopen("https://example.com")
except OSError:
    pass
""",
        "before: tried the network: example.com",
        id="network",
    ),
]


@pytest.mark.parametrize(("body", "message"), FAULTS)
def test_a_program_that_proves_nothing_is_reported(
    runner: Runner, write: Write, body: str, message: str
) -> None:
    program = write("run/run.py", "import app\ndef run(**session):\n    return app.main()\n") / "run.py"
    run = runner.run(write("before/app.py", app(body)), program)
    assert message in "\n".join(differences(run, run))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("while True: pass", "ended with -14", id="endless"),
        pytest.param("os._exit(3)", "ended with 3", id="exits_at_once"),
    ],
)
def test_a_run_without_an_end_is_an_error(runner: Runner, write: Write, body: str, message: str) -> None:
    program = write("run/run.py", RUN) / "run.py"
    with pytest.raises(RunError, match=message):
        runner.run(write("before/app.py", app(body)), program, seconds=2)


def test_every_run_starts_anew(runner: Runner, write: Write) -> None:
    program = write("run/run.py", RUN) / "run.py"
    body = """
state = (boto3.DEFAULT_SESSION, os.environ.get("LEFT"), getattr(boto3, "left", None), os.listdir())
boto3.setup_default_session()
os.environ["LEFT"] = boto3.left = "left"
open("left", "w").close()
return state
"""
    tree = write("before/app.py", app(body))
    assert [runner.run(tree, program).text for _ in range(2)] == ["(None, None, None, ['app.py'])"] * 2


def test_what_differs_by_chance_alone_is_not_reported(runner: Runner, write: Write) -> None:
    body = """
url = boto3.client("s3").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
return object(), os.getcwd(), url, {"a", "b", "c"}
"""
    program = write("run/run.py", RUN) / "run.py"
    tree = write("before/app.py", app(body))
    assert differences(runner.run(tree, program), runner.run(tree, program)) == ()


def test_a_coroutine_is_run(runner: Runner, write: Write) -> None:
    program = write("run/run.py", "async def run(**session):\n    return 1\n") / "run.py"
    assert runner.run(write("before/app.py", ""), program).text == "1"


def test_answers_can_be_given(runner: Runner, write: Write) -> None:
    answers = 'ANSWERS = {"s3.ListBuckets": {"Buckets": [{"Name": "logs"}]}}'
    program = write("run/run.py", RUN + answers) / "run.py"
    assert runner.run(write("before/app.py", app(LISTS)), program).text == "'logs'"


def test_moto_answers_where_the_program_imports_it(runner: Runner, write: Write) -> None:
    run = """
from moto import mock_aws
import app
@mock_aws
def run(**session):
    return app.main(**session)
"""
    body = """
s3 = (session or boto3).client("s3")
s3.create_bucket(Bucket="made", CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
return s3.list_buckets()["Buckets"][0]["Name"]
"""
    program = write("run/run.py", run) / "run.py"
    tree = write("before/app.py", app(body))
    first, foreign = runner.run(tree, program), runner.run(tree, program, foreign=True)
    assert (first.text, first.network) == ("'made'", ())
    assert [(call.name, call.region) for call in first.trace.calls] == [
        ("s3.CreateBucket", AMBIENT_REGION),
        ("s3.ListBuckets", AMBIENT_REGION),
    ]
    assert {(call.access_key, call.region) for call in foreign.trace.calls} == {(FOREIGN_KEY, FOREIGN_REGION)}
    assert leaks(first, foreign) == ()


# --- Assumed roles ------------------------------------------------------------------------------

COPIED = """
sts = boto3.client("sts")
credentials = sts.assume_role(
    RoleArn="arn:aws:iam::111122223333:role/backup", RoleSessionName="nightly", ExternalId="ours"
)["Credentials"]
s3 = boto3.client("s3")
backup = boto3.client(
    "dynamodb",
    aws_access_key_id=credentials["AccessKeyId"],
    aws_secret_access_key=credentials["SecretAccessKey"],
    aws_session_token=credentials["SessionToken"],
)
s3.list_buckets()
backup.list_tables()
backup.describe_limits()
"""

ASSUMED = """
assumed_session = aws_assume_role_lib.assume_role(
    session or boto3._get_default_session(),
    RoleArn="arn:aws:iam::111122223333:role/backup", RoleSessionName="nightly", ExternalId="ours"
)
s3 = (session or boto3).client("s3")
backup = assumed_session.client("dynamodb")
s3.list_buckets()
backup.list_tables()
backup.describe_limits()
"""

COPIED_CHAIN = """
def keys(credentials):
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }
sts = boto3.client("sts")
hub = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/hub", RoleSessionName="nightly")["Credentials"]
sts = boto3.client("sts", **keys(hub))
member = sts.assume_role(
    RoleArn="arn:aws:iam::444455556666:role/member", RoleSessionName="nightly"
)["Credentials"]
boto3.client("sqs").list_queues()
boto3.client("s3", **keys(member)).list_buckets()
boto3.client("sns", **keys(hub)).list_topics()
"""

ASSUMED_CHAIN = """
hub = aws_assume_role_lib.assume_role(
    session or boto3._get_default_session(),
    RoleArn="arn:aws:iam::111122223333:role/hub", RoleSessionName="nightly",
)
member = aws_assume_role_lib.assume_role(
    hub, RoleArn="arn:aws:iam::444455556666:role/member", RoleSessionName="nightly"
)
(session or boto3).client("sqs").list_queues()
member.client("s3").list_buckets()
hub.client("sns").list_topics()
"""

EAGER = "assumed_session.get_credentials().get_frozen_credentials()\ns3 ="

UNUSED = """
boto3.client("sts").assume_role(
    RoleArn="arn:aws:iam::111122223333:role/backup", RoleSessionName="nightly", ExternalId="ours"
)
boto3.client("s3").list_buckets()
"""

COPIED_TWICE = """
sts = boto3.client("sts")
def s3():
    credentials = sts.assume_role(
        RoleArn="arn:aws:iam::111122223333:role/backup", RoleSessionName="nightly"
    )["Credentials"]
    return boto3.client(
        "s3",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
for client in [s3(), s3()]:
    client.list_buckets()
"""

ASSUMED_TWICE = """
def s3():
    return aws_assume_role_lib.assume_role(
        session or boto3._get_default_session(),
        RoleArn="arn:aws:iam::111122223333:role/backup", RoleSessionName="nightly",
    ).client("s3")
for client in [s3(), s3()]:
    client.list_buckets()
"""

DENIED = """
from session_first.trace import ServiceError
ANSWERS = {"sts.AssumeRole": ServiceError("AccessDenied", "no", 403)}
RAISES = {"botocore.exceptions.ClientError"}
"""

Compare: TypeAlias = Callable[[str, str, str], str]


@pytest.fixture
def compare(runner: Runner, write: Write) -> Compare:
    """Says in what a program differs from another, each the body of `main`, with the settings of their run.py."""

    def _compare(before: str, after: str, settings: str) -> str:
        program = write("run/run.py", RUN + settings) / "run.py"
        first, second = (
            runner.run(write(f"{name}/app.py", app(body)), program)
            for name, body in (("before", before), ("after", after))
        )
        return "\n".join(differences(first, second))

    return _compare


KEPT = [
    pytest.param(COPIED, ASSUMED, "", id="assumed_when_first_used"),
    pytest.param(COPIED, ASSUMED.replace("s3 =", EAGER), "EAGER = True", id="assumed_at_once"),
    pytest.param(COPIED, ASSUMED.replace("s3 =", EAGER), "", id="assumed_at_once_without_need"),
    pytest.param(COPIED_CHAIN, ASSUMED_CHAIN, "", id="chain"),
    pytest.param(COPIED_TWICE, ASSUMED_TWICE, "", id="same_role_twice"),
    pytest.param(
        UNUSED,
        ASSUMED.replace("backup.list_tables()\nbackup.describe_limits()\n", ""),
        "UNUSED_ROLES = True",
        id="never_used",
    ),
    pytest.param(
        COPIED.replace("s3.list_buckets()", ""), ASSUMED.replace("s3.list_buckets()", ""), DENIED, id="denied"
    ),
    pytest.param(COPIED, ASSUMED.replace("s3 =", EAGER), f"EAGER = True{DENIED}", id="denied_at_once"),
    pytest.param(
        COPIED,
        ASSUMED,
        """
ANSWERS = {"sts.AssumeRole": {"Credentials": {
    "AccessKeyId": "ASIAGIVEN00000000000",
    "SecretAccessKey": "given",
    "SessionToken": "given",
    "Expiration": "2099-01-01T00:00:00Z",
}}}
""",
        id="credentials_given",
    ),
]


@pytest.mark.parametrize(("before", "after", "settings"), KEPT)
def test_a_role_may_be_assumed_later(
    runner: Runner, write: Write, before: str, after: str, settings: str
) -> None:
    program = write("run/run.py", RUN + settings) / "run.py"
    first = runner.run(write("before/app.py", app(before)), program)
    tree = write("after/app.py", app(after))
    assert "\n".join(differences(first, runner.run(tree, program))) == ""
    assert "\n".join(leaks(first, runner.run(tree, program, foreign=True))) == ""


ROLE_CHANGES = [
    pytest.param(
        COPIED,
        ASSUMED.replace(
            "session or boto3._get_default_session()", 'boto3.Session("AKIAOTHER00000000000", "other")'
        ),
        "",
        f"call 1 differs: sts.AssumeRole\n  access_key: '{AMBIENT_KEY}' before, 'AKIAOTHER00000000000' after",
        id="other_parent",
    ),
    pytest.param(
        COPIED,
        ASSUMED.replace("assumed_session.client", "boto3.client"),
        "",
        "call 1 is missing: sts.AssumeRole(ExternalId='ours', RoleArn=",
        id="not_assumed",
    ),
    pytest.param(
        COPIED,
        ASSUMED.replace('backup = assumed_session.client("dynamodb")', 'backup = boto3.client("dynamodb")')
        + 'assumed_session.client("dynamodb").describe_limits()',
        "",
        f"' before, '{AMBIENT_KEY}' after",
        id="a_call_without_the_role",
    ),
    pytest.param(
        COPIED,
        ASSUMED.replace(', ExternalId="ours"', ""),
        "",
        "call 1 differs: sts.AssumeRole\n  parameters: {'ExternalId': 'ours', ",
        id="external_id_lost",
    ),
    pytest.param(COPIED, ASSUMED.replace("nightly", "daily"), "", "'RoleSessionName': 'daily'", id="name"),
    pytest.param(
        COPIED,
        ASSUMED.replace("or boto3._get_default_session()", 'or boto3.Session(region_name="eu-west-1")'),
        "",
        f"  region: '{AMBIENT_REGION}' before, 'eu-west-1' after",
        id="region_of_the_parent",
    ),
    pytest.param(
        COPIED,
        ASSUMED.replace('client("dynamodb"', 'client("dynamodb", region_name="eu-west-1"'),
        "",
        f"  region: '{AMBIENT_REGION}' before, 'eu-west-1' after",
        id="region_of_the_role",
    ),
    pytest.param(
        COPIED,
        ASSUMED,
        "EAGER = True",
        "the same calls in another order:\n  call 1 was sts.AssumeRole(",
        id="later_than_the_handler",
    ),
    pytest.param(
        COPIED.replace("s3 = boto3", 's3 = boto3.client("s3").list_buckets()\ns3 = boto3').replace(
            "sts = boto3", 'boto3.client("sqs").list_queues()\nsts = boto3'
        ),
        ASSUMED.replace("s3 =", EAGER).replace(
            "s3 = (", 'boto3.client("sqs").list_queues()\nboto3.client("s3").list_buckets()\ns3 = ('
        ),
        "",
        "the same calls in another order:\n  call 1 was sqs.ListQueues(",
        id="earlier",
    ),
    pytest.param(
        COPIED,
        ASSUMED.replace(
            "s3 =",
            "assumed_session.client('sts').assume_role(RoleArn='arn:aws:iam::1:role/more', RoleSessionName='more')\ns3 =",
        ),
        "",
        "call 2 is new: sts.AssumeRole(RoleArn='arn:aws:iam::1:role/more'",
        id="one_more_role",
    ),
    pytest.param(
        COPIED,
        ASSUMED.replace(
            "backup.describe",
            'boto3.client("sts").assume_role(RoleArn="arn:aws:iam::111122223333:role/backup", RoleSessionName="nightly", ExternalId="ours")\nbackup.describe',
        ),
        "",
        "is new: sts.AssumeRole(ExternalId='ours'",
        id="assumed_again",
    ),
    pytest.param(
        COPIED.replace('ExternalId="ours"', "DurationSeconds=900"),
        ASSUMED.replace('ExternalId="ours"', "DurationSeconds=900"),
        "",
        "is new: sts.AssumeRole(DurationSeconds=900",
        id="short_credentials_refreshed_for_every_call",
    ),
    pytest.param(
        UNUSED,
        ASSUMED.replace("backup.list_tables()\nbackup.describe_limits()\n", ""),
        "",
        "call 1 is missing: sts.AssumeRole(",
        id="never_used",
    ),
    pytest.param(
        COPIED,
        ASSUMED.replace("assumed_session.client", "boto3.client"),
        "UNUSED_ROLES = True",
        "call 1 is missing: sts.AssumeRole(",
        id="never_used_though_it_was",
    ),
    pytest.param(
        COPIED_CHAIN,
        ASSUMED_CHAIN.replace("    hub, ", "    session or boto3._get_default_session(), "),
        "",
        f"' before, '{AMBIENT_KEY}' after",
        id="chain_cut",
    ),
    pytest.param(
        COPIED_TWICE,
        ASSUMED_TWICE.replace("[s3(), s3()]", "[s3()] * 2"),
        "",
        "is missing: sts.AssumeRole(",
        id="assumed_once_instead_of_twice",
    ),
    pytest.param(
        COPIED, ASSUMED, DENIED, "the calls differ:\ncall 1 is new: s3.ListBuckets()", id="denied_later"
    ),
]


@pytest.mark.parametrize(("before", "after", "settings", "message"), ROLE_CHANGES)
def test_a_role_that_changes_is_reported(
    compare: Compare, before: str, after: str, settings: str, message: str
) -> None:
    assert message in compare(before, after, settings)
    assert compare(before, before, settings) == ""


ROLE_LEAKS = [
    pytest.param(
        COPIED,
        "call 1 does not carry it: sts.AssumeRole(ExternalId='ours'",
        id="assumed_by_the_default_session",
    ),
    pytest.param(
        COPIED.replace('boto3.client("sts")', '(session or boto3).client("sts")'),
        "call 2 does not carry it: s3.ListBuckets()",
        id="one_of_two_clients_forgotten",
    ),
    pytest.param(
        ASSUMED.replace("assumed_session.client", "(session or assumed_session).client"),
        f"call 2 is made without a role, which it was not before: dynamodb.ListTables() as {FOREIGN_KEY}",
        id="session_instead_of_the_role",
    ),
    pytest.param(
        ASSUMED_CHAIN.replace("    hub, ", "    session or hub, "),
        "is made with the role arn:aws:iam::444455556666:role/member, which it was not before: s3.ListBuckets()",
        id="session_instead_of_the_chain",
    ),
    pytest.param(
        ASSUMED.replace('ours"\n', 'ours", region_name=False\n'),
        f"in {AMBIENT_REGION} at",
        id="region_of_the_environment",
    ),
]


@pytest.mark.parametrize(("body", "message"), ROLE_LEAKS)
def test_a_role_that_is_not_assumed_with_the_session_is_reported(
    runner: Runner, write: Write, body: str, message: str
) -> None:
    program = write("run/run.py", RUN) / "run.py"
    tree = write("after/app.py", app(body))
    assert message in "\n".join(leaks(runner.run(tree, program), runner.run(tree, program, foreign=True)))


def test_the_role_of_an_explicit_identity_is_explicit_too(runner: Runner, write: Write) -> None:
    program = write("run/run.py", RUN + 'EXPLICIT = {"sts.AssumeRole"}') / "run.py"
    before, after = (
        source.replace(boto, "boto3.Session('AKIAGIVEN00000000000', 'given')")
        for source, boto in ((COPIED, "boto3"), (ASSUMED, "session or boto3._get_default_session()"))
    )
    tree = write(
        "after/app.py", app(after.replace('"dynamodb"', f'"dynamodb", region_name="{FOREIGN_REGION}"'))
    )
    first = runner.run(write("before/app.py", app(before)), program)
    assert leaks(first, runner.run(tree, program, foreign=True)) == ()


def test_keys_that_moto_makes_up_are_told_by_their_role(runner: Runner, write: Write) -> None:
    run = """
from moto import mock_aws
import app
@mock_aws
def run(**session):
    return app.main(**session)
"""
    program = write("run/run.py", run) / "run.py"
    copied, assumed = (
        source.replace("s3.list_buckets()", 'return backup.list_tables()["TableNames"]')
        for source in (COPIED, ASSUMED)
    )
    first = runner.run(write("before/app.py", app(copied)), program)
    tree = write("after/app.py", app(assumed))
    assert [call.name for call in first.trace.calls] == ["sts.AssumeRole", "dynamodb.ListTables"]
    assert differences(first, runner.run(tree, program)) == ()
    assert leaks(first, runner.run(tree, program, foreign=True)) == ()


def test_credentials_expire_at_the_same_time_in_every_run(runner: Runner, write: Write) -> None:
    body = """
sts = boto3.client("sts")
role = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/backup", RoleSessionName="nightly")
return role["Credentials"]["Expiration"]
"""
    program = write("run/run.py", RUN) / "run.py"
    tree = write("before/app.py", app(body))
    first = runner.run(tree, program)
    time.sleep(1)
    assert differences(first, runner.run(tree, program)) == ()
