"""The harness can fail: what it must report, in which words, and what it must not."""

from __future__ import annotations

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
    return f"import os\nimport boto3\n\ndef main({parameters}):\n{lines}"


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
    assert [(call.name, call.region) for call in first.calls] == [
        ("s3.CreateBucket", AMBIENT_REGION),
        ("s3.ListBuckets", AMBIENT_REGION),
    ]
    assert {(call.access_key, call.region) for call in foreign.calls} == {(FOREIGN_KEY, FOREIGN_REGION)}
    assert leaks(first, foreign) == ()
