"""The pytest plugin: real runs of small suites, recorded, compared, and kept from the default session."""

from __future__ import annotations

import io
import os
import random
import re
import secrets
import string
import subprocess
import sys
import tempfile
import textwrap
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore.client import BaseClient
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import ParamValidationError
from botocore.session import Session as BotocoreSession
from botocore.stub import Stubber

from session_first.trace import Call, Value
from session_first.trace.run import Calls, Run, dump, load
from session_first.trace.steady import Memory
from session_first.trace.suite import Recorder, Scopes
from session_first.trace.watch import drawn, watched

SOURCES = Path(__file__).resolve().parent.parent / "src"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run of pytest ended, and what it printed."""

    exit_code: int
    output: str

    def outcome(self, test: str) -> list[str]:
        """PASSED, FAILED, ERROR: what became of a test's phases."""
        return re.findall(rf"^([A-Z]+) \S*::{test}\b", self.output, re.MULTILINE)

    def block(self, heading: str) -> str | None:
        """What is said below `heading` in the section on AWS calls."""
        found = re.search(rf"^{re.escape(heading)}\n(.*?)\n\n", self.output, re.MULTILINE | re.DOTALL)
        return found[1] if found else None


def run(suite: Path, *options: str, without: str = "") -> Ran:
    """Runs pytest on a suite, with this plugin and xdist, and no others."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_"))
    }
    environment |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": str(suite / "no_config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(suite / "no_credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (without, str(SOURCES)))),
        "COLUMNS": "120",
    }
    plugins = ("-p", "session_first.trace.pytest_plugin", "-p", "xdist.plugin")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "--strict-markers", *plugins, *options],
        cwd=suite,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Ran(ran.returncode, ran.stdout + ran.stderr)


def write(folder: Path, files: dict[str, str]) -> Path:
    """Writes a suite, a pytest.ini that makes it a project of its own included."""
    for name, text in {"pytest.ini": "[pytest]\nfilterwarnings = error\n", **files}.items():
        (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


# --- What differs is named -----------------------------------------------------------------------------

PATCHED = """
    from unittest import mock

    import pytest


    @pytest.fixture(autouse=True)
    def aws():
        with mock.patch("botocore.client.BaseClient._make_api_call", return_value={}):
            yield
"""

PROGRAM = """\
import threading

import boto3


def client(service="sqs", key="testing", region="eu-west-1", **where):
    return boto3.Session(key, "secret", region_name=region).client(service, **where)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A function before a change and after it, and the block that is to name the difference."""

    name: str
    before: str
    after: str
    block: str | None


CHANGES = [
    Change("nothing", "client().list_queues()", "client('sqs').list_queues()", None),
    Change("no_calls", "pass", "client()", None),
    Change(
        "region",
        "client(endpoint_url='http://localhost:4566').list_queues()",
        "client(region='eu-west-2', endpoint_url='http://localhost:4566').list_queues()",
        "  call 1, sqs.ListQueues, differs:\n  - region: 'eu-west-1'\n  + region: 'eu-west-2'",
    ),
    Change(
        "endpoint",
        "client().list_queues()",
        "client(endpoint_url='http://localhost:4566').list_queues()",
        "  call 1, sqs.ListQueues, differs:\n"
        "  - endpoint: 'https://sqs.eu-west-1.amazonaws.com'\n"
        "  + endpoint: 'http://localhost:4566'",
    ),
    Change(
        "identity",
        "client().list_queues()",
        "client(key='other').list_queues()",
        "  call 1, sqs.ListQueues, differs:\n  - identity: 'testing'\n  + identity: 'other'",
    ),
    Change(
        "real_identity",
        "client(key='AKIA' + 'Q' * 16).list_queues()",
        "client(key='AKIA' + 'R' * 16).list_queues()",
        "  call 1, sqs.ListQueues, differs:\n  - identity: 'AKIA~f36279c0'\n  + identity: 'AKIA~94d25b27'",
    ),
    Change(
        "parameter",
        "client().create_queue(QueueName='photos', tags={'a': 'b'})",
        "client().create_queue(QueueName='pictures', tags={'a': 'b'})",
        "  call 1, sqs.CreateQueue, differs:\n  - QueueName: 'photos'\n  + QueueName: 'pictures'",
    ),
    Change(
        "parameter_added",
        "client().create_queue(QueueName='photos')",
        "client().create_queue(QueueName='photos', tags={'a': 'b'})",
        "  call 1, sqs.CreateQueue, differs:\n  + tags: {'a': 'b'}",
    ),
    Change(
        "secret",
        "client('secretsmanager').create_secret(Name='n', SecretString='hunter2')",
        "client('secretsmanager').create_secret(Name='n', SecretString='hunter3')",
        "  call 1, secretsmanager.CreateSecret, differs:\n"
        "  - SecretString: {'$secret': '710d7bff'}\n"
        "  + SecretString: {'$secret': '5924f859'}",
    ),
    Change(
        "one_missing",
        "client().list_queues(); client('sns').list_topics()",
        "client().list_queues()",
        "  call 2 is missing:\n  - sns.ListTopics() as testing in eu-west-1 at https://sns.eu-west-1.amazonaws.com",
    ),
    Change(
        "one_more",
        "client().list_queues()",
        "client('sns').list_topics(); client().list_queues()",
        "  call 1 is new:\n  + sns.ListTopics() as testing in eu-west-1 at https://sns.eu-west-1.amazonaws.com",
    ),
    Change(
        "order",
        "client().list_queues(); client('sns').list_topics()",
        "client('sns').list_topics(); client().list_queues()",
        "  the same calls in another order, from call 1 on:\n"
        "  - sqs.ListQueues() as testing in eu-west-1 at https://sqs.eu-west-1.amazonaws.com\n"
        "  + sns.ListTopics() as testing in eu-west-1 at https://sns.eu-west-1.amazonaws.com",
    ),
    Change(
        "another_operation",
        "client('sns').list_topics(); client('sns').list_topics()",
        "client('sns').list_subscriptions(); client('sns').list_phone_numbers_opted_out()",
        "  call 1 differs:\n"
        "  - sns.ListTopics() as testing in eu-west-1 at https://sns.eu-west-1.amazonaws.com\n"
        "  + sns.ListSubscriptions() as testing in eu-west-1 at https://sns.eu-west-1.amazonaws.com\n"
        "  and 1 more difference",
    ),
    Change(
        "thread",
        "t = threading.Thread(target=client('sns').list_topics); t.start(); t.join()",
        "t = threading.Thread(target=client('sns').list_subscriptions); t.start(); t.join()",
        "  in another thread, call 1 differs:\n"
        "  - sns.ListTopics() as testing in eu-west-1 at https://sns.eu-west-1.amazonaws.com\n"
        "  + sns.ListSubscriptions() as testing in eu-west-1 at https://sns.eu-west-1.amazonaws.com",
    ),
]


def program(side: str) -> str:
    """The functions of the table, as they are before or after."""
    return PROGRAM + "".join(f"\n\ndef {change.name}():\n    {getattr(change, side)}\n" for change in CHANGES)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The second run of a suite, after every function of its program has changed."""
    tests = "import app\n\n\n" + "".join(
        f"def test_{change.name}():\n    app.{change.name}()\n\n\n" for change in CHANGES
    )
    gone, come = ("def test_{}(): app.client().list_queues()\ndef test_{}_quiet(): pass\n" for _ in range(2))
    suite = write(
        tmp_path_factory.mktemp("changed"),
        {
            "conftest.py": PATCHED,
            "app.py": program("before"),
            "test_app.py": tests + gone.format("gone", "gone"),
        },
    )
    assert run(suite, "--aws-calls=before.json").exit_code == 0
    assert run(suite, "--aws-calls-against=before.json").exit_code == 0
    write(suite, {"app.py": program("after"), "test_app.py": tests + come.format("come", "come")})
    return run(suite, "--aws-calls-against=before.json", "-n2")


@pytest.mark.parametrize("change", [pytest.param(change, id=change.name) for change in CHANGES])
def test_a_test_whose_calls_differ_is_named_with_the_first_difference(changed: Ran, change: Change) -> None:
    assert changed.block(f"test_app.py::test_{change.name}") == change.block
    assert changed.outcome(f"test_{change.name}") == ["PASSED"]


@pytest.mark.parametrize(
    ("test", "said"),
    [
        pytest.param("gone", "  only in the run before, with 1 call", id="gone"),
        pytest.param("gone_quiet", "  only in the run before, with no calls", id="gone_without_calls"),
        pytest.param("come", "  only in the run after, with 1 call", id="new"),
        pytest.param("come_quiet", "  only in the run after, with no calls", id="new_without_calls"),
    ],
)
def test_a_test_of_one_run_only_is_named(changed: Ran, test: str, said: str) -> None:
    assert changed.block(f"test_app.py::test_{test}") == said


def test_the_run_fails_although_its_tests_pass(changed: Ran) -> None:
    assert changed.exit_code == pytest.ExitCode.TESTS_FAILED
    differing = sum(change.block is not None for change in CHANGES) + 2
    assert f"{differing} differ from before.json" in changed.output
    assert " failed" not in changed.output


# --- What is the same stays the same -------------------------------------------------------------------

VARIED = {
    "conftest.py": """
        import threading
        from http.server import BaseHTTPRequestHandler, HTTPServer

        import boto3
        import pytest
        from _pytest.runner import runtestprotocol
        from moto import mock_aws

        boto3.client("sqs")  # a client from before the tests, and nothing asked of it


        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<ListAllMyBucketsResult/>")

            def log_message(self, *_):
                pass


        @pytest.fixture(scope="session")
        def loopback():
            server = HTTPServer(("127.0.0.1", 0), Handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            session = boto3.Session("loopback", "secret")  # moto replaces those of the environment
            s3 = session.client("s3", endpoint_url=f"http://127.0.0.1:{server.server_port}")
            s3.list_buckets()
            yield s3
            s3.list_buckets()
            server.shutdown()
            server.server_close()


        @pytest.fixture(scope="module", params=["photos", "films"])
        def bucket(request):
            with mock_aws():
                s3 = boto3.client("s3", region_name="us-east-1")
                s3.create_bucket(Bucket=request.param)
                yield request.param
                s3.delete_bucket(Bucket=request.param)


        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item, nextitem):
            if "again" not in item.name:
                return None
            for log in (False, True):
                runtestprotocol(item, nextitem=nextitem if log else item, log=log)
            return True
    """,
    "test_shared.py": """
        import boto3
        import pytest


        @pytest.mark.parametrize("number", [1, 2])
        def test_shared(bucket, number):
            boto3.client("s3").list_objects_v2(Bucket=bucket, MaxKeys=number)


        def test_loopback_too(loopback):
            loopback.list_buckets()
    """,
    "test_varied.py": """
        import io
        import time
        import unittest
        import uuid
        import zipfile
        from datetime import datetime, timezone
        from unittest import mock

        import boto3
        import botocore.client
        import pytest
        from botocore.stub import Stubber
        from moto import mock_aws

        original = botocore.client.BaseClient._make_api_call


        def fake(self, operation_name, kwarg):
            return {} if operation_name == "ListQueues" else original(self, operation_name, kwarg)


        @mock_aws
        def test_identifiers():
            ec2 = boto3.client("ec2")
            vpcs = [ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] for _ in range(2)]
            ec2.create_tags(Resources=vpcs, Tags=[{"Key": "run", "Value": f"x-{uuid.uuid4().hex[:6]}"}])


        @mock_aws
        def test_roles():
            for account in ("111111111111", "222222222222"):
                answer = boto3.client("sts").assume_role(
                    RoleArn=f"arn:aws:iam::{account}:role/deploy", RoleSessionName=f"ci-{int(time.time())}"
                )
                keys = answer["Credentials"]
                session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
                session.client("s3").list_buckets()


        @mock_aws
        def test_contents(tmp_path):
            s3 = boto3.client("s3", region_name="us-east-1")
            s3.create_bucket(Bucket="made")
            (tmp_path / "file").write_bytes(b"x" * 20_000_000)
            s3.upload_file(str(tmp_path / "file"), "made", str(tmp_path))  # in parts, by threads
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as writing:
                when = time.localtime(time.time() - 2 * (time.time_ns() % 1_000_000))[:6]
                writing.writestr(zipfile.ZipInfo("a", when), b"a")
            s3.put_object(Bucket="made", Key="zip", Body=archive.getvalue())


        @mock_aws
        def test_items():
            keys = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
            table = boto3.resource("dynamodb").create_table(
                TableName="users",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
                **keys,
            )
            table.put_item(
                Item={"id": str(uuid.uuid4()), "at": int(time.time()), "on": datetime.now(timezone.utc).isoformat()}
            )


        @mock_aws
        def test_messages():
            queue = boto3.resource("sqs").create_queue(QueueName=uuid.uuid4().hex)
            queue.send_message(MessageBody="x")
            for message in queue.receive_messages():
                message.delete()
            boto3.client("stepfunctions").list_state_machines()
            boto3.client("ecs").create_cluster(clusterName="c")
            boto3.client("efs").create_file_system()  # botocore fills its CreationToken


        def test_stubbed():
            s3 = boto3.client("s3")
            with Stubber(s3) as stubber:
                stubber.add_response("list_buckets", {"Buckets": [{"Name": "stubbed"}]})
                s3.list_buckets()


        def test_patched():
            with mock.patch("botocore.client.BaseClient._make_api_call", new=fake), mock_aws():
                boto3.client("sqs").list_queues()
                boto3.client("s3").list_buckets()


        def test_loopback(loopback):
            loopback.list_buckets()


        runs = []


        @mock_aws
        def test_again():
            runs.append(1)
            for _ in runs:
                boto3.client("iam").list_users()


        class TestClass(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.aws = mock_aws()
                cls.aws.start()
                boto3.client("sqs").list_queues()

            @classmethod
            def tearDownClass(cls):
                cls.aws.stop()

            def setUp(self):
                self.queue = boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"]

            def tearDown(self):
                boto3.client("sqs").delete_queue(QueueUrl=self.queue)

            def test_method(self):
                boto3.client("sqs").purge_queue(QueueUrl=self.queue)
    """,
}


@dataclass(frozen=True, slots=True)
class Varied:
    """A suite of everything that varies, after its first run."""

    folder: Path
    first: Ran
    recorded: Run


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Varied:
    suite = write(tmp_path_factory.mktemp("varied"), VARIED)
    first = run(suite, "--aws-calls=before.json")
    assert first.exit_code == 0, first.output
    return Varied(suite, first, load((suite / "before.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "options",
    [pytest.param((), id="one_process"), pytest.param(("-n2", "--dist=loadfile"), id="two_workers")],
)
def test_two_equal_runs_are_equal(varied: Varied, options: tuple[str, ...], tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    ran = run(varied.folder, f"--aws-calls={again}", "--aws-calls-against=before.json", *options)
    assert ran.exit_code == 0, ran.output
    assert ": the same as in before.json" in ran.output
    assert again.read_bytes() == (varied.folder / "before.json").read_bytes()


@pytest.mark.parametrize(
    ("test", "names"),
    [
        pytest.param(
            "test_varied.py::test_identifiers", "ec2.CreateVpc ec2.CreateVpc ec2.CreateTags", id="moto"
        ),
        pytest.param("test_varied.py::test_stubbed", "s3.ListBuckets", id="stubber"),
        pytest.param(
            "test_varied.py::test_patched", "sqs.ListQueues s3.ListBuckets", id="patched_make_api_call"
        ),
        pytest.param("test_varied.py::test_loopback", "s3.ListBuckets", id="http"),
        pytest.param("test_shared.py::test_shared[photos-1]", "s3.ListObjectsV2", id="parametrised"),
        pytest.param("test_varied.py::test_again", "iam.ListUsers iam.ListUsers", id="the_last_of_two_runs"),
        pytest.param(
            "test_varied.py::TestClass::test_method",
            "sqs.CreateQueue sqs.PurgeQueue sqs.DeleteQueue",
            id="unittest",
        ),
        pytest.param("session fixture loopback", "s3.ListBuckets s3.ListBuckets", id="session_fixture"),
        pytest.param(
            "module fixture bucket[1] of test_shared.py",
            "s3.CreateBucket s3.DeleteBucket",
            id="module_fixture",
        ),
        pytest.param(
            "class fixture setUpClass of test_varied.py::TestClass", "sqs.ListQueues", id="set_up_class"
        ),
    ],
)
def test_whatever_the_suite_uses_is_recorded(varied: Varied, test: str, names: str) -> None:
    around = varied.recorded.around.get(test)
    calls = around[0] if around else varied.recorded.tests[test]
    assert " ".join(call.name for call in calls.ordered) == names


def test_what_varies_has_a_name(varied: Varied) -> None:
    tests = varied.recorded.tests
    tags = tests["test_varied.py::test_identifiers"].ordered[-1].parameters
    assert tags["Resources"] == ("<ec2.CreateVpc Vpc.VpcId>", "<ec2.CreateVpc Vpc.VpcId 2>")
    assert tags["Tags"] == ({"Key": "run", "Value": "x-<random>"},)
    assert [call.access_key for call in tests["test_varied.py::test_roles"].ordered] == [
        "FOOBARKEY",  # moto's own
        "arn:aws:iam::111111111111:role/deploy, assumed by FOOBARKEY",
        "FOOBARKEY",
        "arn:aws:iam::222222222222:role/deploy, assumed by FOOBARKEY",
    ]
    put = tests["test_varied.py::test_items"].ordered[-1].parameters
    assert put["Item"] == {"id": "<random>", "at": "<time>", "on": "<time>"}
    assert {call.endpoint for call in varied.recorded.around["session fixture loopback"][0].ordered} == {
        "http://127.0.0.1:<port>"
    }


def test_calls_of_threads_are_kept_apart(varied: Varied) -> None:
    calls = varied.recorded.tests["test_varied.py::test_contents"]
    assert [call.name for call in calls.ordered] == ["s3.CreateBucket", "s3.PutObject"]
    assert [call.name for call in calls.background] == [
        "s3.CompleteMultipartUpload",
        "s3.CreateMultipartUpload",
        *["s3.UploadPart"] * 3,
    ]


# --- Texts that vary -----------------------------------------------------------------------------------

UUID4 = "0b54d2a5-1c8f-4c9e-9a49-6f1d2b3c4d5e"
NOW = time.time()
TODAY = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW))

TEXTS = [
    pytest.param("photos", "photos", id="a_name"),
    pytest.param(f"a/{UUID4}/{UUID4}", "a/<random>/<random>", id="a_uuid"),
    pytest.param("12345678-1234-1234-1234-123456789012", None, id="no_uuid"),
    pytest.param("ami-12c6146b", None, id="an_image"),
    pytest.param("123456789012", None, id="an_account"),
    pytest.param(f"at {TODAY}", "at <time>", id="now"),
    pytest.param(f"year {TODAY[:10]}", "year <time>", id="today"),
    pytest.param(TODAY[:10].replace("-", "/") + "/x", "<time>/x", id="today_as_a_path"),
    pytest.param(time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(NOW)), "<time>", id="compact"),
    pytest.param("2015-01-01T00:00:00Z", None, id="a_fixed_date"),
    pytest.param("2015-13-41", None, id="no_date"),
    pytest.param(f"botocore-session-{int(NOW)}", "botocore-session-<time>", id="seconds"),
    pytest.param(f"{int(NOW * 1000)}", "<time>", id="milliseconds"),
    pytest.param("1234567890", None, id="a_long_number"),
    pytest.param("/var/pytest-of-me/pytest-7/popen-gw1/test_a0/f", "/var/<tmp>/test_a0/f", id="tmp_path"),
    pytest.param("a/tmpab12_x3z/f", "a/<tmp>/f", id="mkdtemp"),
    pytest.param("http://127.0.0.1:41234/q", "http://127.0.0.1:<port>/q", id="a_free_port"),
    pytest.param("http://localhost:4566/q", None, id="a_chosen_port"),
    pytest.param("key AKIAQQQQQQQQQQQQQQQQ", "key AKIA~f36279c0", id="an_access_key"),
    pytest.param("build 17 of 20", "build <varies> of 20", id="a_setting"),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_text_that_varies_gets_a_name(text: str, expected: str | None) -> None:
    assert Memory().steady(text, (), [re.compile(r"(?<=build )\d+")]) == (expected or text)


def test_what_an_answer_held_is_named_after_it() -> None:
    memory, other = Memory(), Memory("fixture f")
    memory.steady("my-bucket", (), ())
    answer = {
        "Name": "my-bucket",
        "Ids": ["lb-0123456789", "lb-9876543210"],
        "ResponseMetadata": {"RequestId": "r-012345"},
    }
    memory.learn("elb.Create", answer)
    other.learn("elb.Create", {"Arn": "arn:aws:elb:::lb/zyx"})
    assert [
        memory.steady(text, (other,), ())
        for text in ("my-bucket", "lb-0123456789", "x/lb-9876543210", "r-012345", "arn:aws:elb:::lb/zyx")
    ] == ["my-bucket", "<elb.Create Ids>", "x/<elb.Create Ids 2>", "r-012345", "<fixture f: elb.Create Arn>"]


# --- Recording changes nothing -------------------------------------------------------------------------


@pytest.fixture
def scopes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scopes]:
    """A test that is being recorded."""
    for name, value in {
        "ACCESS_KEY_ID": "testing",
        "SECRET_ACCESS_KEY": "s",
        "DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    scopes = Scopes()
    scopes.open_test("test")
    recorder = Recorder(scopes, [])
    with watched(recorder), drawn(recorder.drawn):
        yield scopes


def stubbed(
    service: str, *responses: tuple[str, dict[str, Any]], session: boto3.Session | None = None
) -> Any:
    client = (session or boto3.Session()).client(service)  # type: ignore[call-overload] # any service
    stubber = Stubber(client)
    for response in responses:
        stubber.add_response(*response)
    stubber.activate()
    return client


def recorded(scopes: Scopes) -> Call:
    (call,) = scopes.close_test().ordered
    return call


class Counting(io.RawIOBase):
    """A stream of the program's own, which may do anything when it is read."""

    def readable(self) -> bool:
        raise AssertionError("nobody is to ask")

    def read(self, _: int = -1, /) -> bytes:
        raise AssertionError("nobody is to read")

    def seekable(self) -> bool:
        return True


BODIES = [
    pytest.param(b"body", {"$bytes": "body"}, id="bytes"),
    pytest.param(io.BytesIO(b"body"), {"$bytes": "body"}, id="stream"),
    pytest.param(Counting(), {"$object": f"{__name__}.Counting"}, id="a_stream_of_its_own"),
    pytest.param(mock.MagicMock(spec=io.BytesIO), {"$object": "unittest.mock.MagicMock"}, id="a_double"),
    pytest.param(mock.MagicMock(spec=dict), {"$object": "unittest.mock.MagicMock"}, id="a_double_of_a_dict"),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_a_body_is_left_as_it_was(scopes: Scopes, body: Any, expected: Value) -> None:
    with mock.patch.object(BaseClient, "_make_api_call", return_value=mock.sentinel.answer) as make_api_call:
        assert boto3.Session().client("s3").put_object(Bucket="b", Key="k", Body=body) is mock.sentinel.answer
    make_api_call.assert_called_once_with("PutObject", {"Bucket": "b", "Key": "k", "Body": body})
    assert recorded(scopes).parameters["Body"] == expected
    if isinstance(body, mock.MagicMock):
        assert not body.mock_calls
    elif isinstance(body, io.BytesIO):
        assert body.read() == b"body"


def test_a_file_is_put_back_where_it_was(scopes: Scopes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"head body")
        file.seek(5)
        stubbed("s3", ("put_object", {})).put_object(Bucket="b", Key="k", Body=file)
        assert file.read() == b"body"
    assert recorded(scopes).parameters["Body"] == {"$bytes": "body"}


def test_archives_are_equal_when_their_files_are(scopes: Scopes) -> None:
    client = stubbed("s3", *[("put_object", {})] * 2)
    for year in (2001, 2002):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as writing:
            writing.writestr(zipfile.ZipInfo("a.py", (year, 1, 1, 0, 0, 0)), b"pass")
        client.put_object(Bucket="b", Key="k", Body=archive.getvalue())
    first, second = scopes.close_test().ordered
    assert first == second


def test_credentials_are_not_fetched_for_the_record(scopes: Scopes) -> None:
    refresh = mock.Mock(side_effect=AssertionError("nobody is to refresh"))
    inner = BotocoreSession()
    inner._credentials = DeferredRefreshableCredentials(refresh, "assume-role")  # type: ignore[attr-defined] # as botocore does
    session = boto3.Session(botocore_session=inner)
    stubbed("sqs", ("list_queues", {}), session=session).list_queues()
    assert recorded(scopes).access_key == "credentials not fetched (assume-role)"


def test_a_call_that_fails_is_recorded_and_fails(scopes: Scopes) -> None:
    with pytest.raises(ParamValidationError):
        boto3.Session().client("s3").head_object(Bucket="b")
    assert recorded(scopes).parameters == {"Bucket": "b"}


def test_a_call_that_goes_to_make_api_call_directly_is_recorded_once(scopes: Scopes) -> None:
    stubbed("sqs", ("list_queues", {}))._make_api_call("ListQueues", {})
    assert recorded(scopes).name == "sqs.ListQueues"


def test_methods_look_as_they_did(scopes: Scopes) -> None:
    method = boto3.Session().client("sqs").list_queues
    assert (method.__name__, "List" in str(method.__doc__)) == ("list_queues", True)
    with pytest.raises(TypeError, match="only accepts keyword arguments"):
        method("photos")
    assert len(scopes.close_test()) == 0


def test_classes_of_botocore_are_as_they_were() -> None:
    methods = dict(vars(BaseClient))
    with watched(Recorder(Scopes(), [])):
        assert dict(vars(BaseClient)) != methods
    assert dict(vars(BaseClient)) == methods


LETTERS = string.ascii_lowercase

DRAWN = [
    pytest.param(lambda: str(uuid.uuid4()), id="uuid"),
    pytest.param(lambda: uuid.uuid4().hex, id="digits_of_a_uuid"),
    pytest.param(lambda: uuid.uuid4().hex[:8], id="the_first_digits_of_a_uuid"),
    pytest.param(lambda: secrets.token_urlsafe(16), id="token"),
    pytest.param(lambda: str(random.randint(100_000, 999_999_999)), id="number"),
    pytest.param(lambda: f"{random.randint(100_000, 999_999):09}", id="number_with_zeros_before_it"),
    pytest.param(lambda: "".join(random.choice(LETTERS) for _ in range(8)), id="letters_one_by_one"),
    pytest.param(lambda: "".join(random.choices(LETTERS, k=8)), id="letters"),
]


@pytest.mark.parametrize("draw", DRAWN)
def test_what_the_program_draws_at_random_has_a_name(scopes: Scopes, draw: Callable[[], str]) -> None:
    client = stubbed("sqs", *[("create_queue", {})] * 3)
    one, other = draw(), draw()
    for name in (one, other, one):
        client.create_queue(QueueName=f"q-{name}")
    assert [call.parameters["QueueName"] for call in scopes.close_test().ordered] == [
        "q-<random>",
        "q-<random 2>",
        "q-<random>",
    ]


def test_what_the_program_chooses_from_its_own_keeps_its_name(scopes: Scopes) -> None:
    client = stubbed("sqs", ("create_queue", {}))
    client.create_queue(QueueName=random.choice(["photographs"]))
    assert recorded(scopes).parameters["QueueName"] == "photographs"


SECRETS = [
    pytest.param("rds", "create_db_instance", "MasterUserPassword", id="by_its_name"),
    pytest.param("ssm", "put_parameter", "Value", id="by_the_services_model"),
    pytest.param("cognito-idp", "admin_initiate_auth", "PASSWORD", id="a_key_of_a_map"),
    pytest.param("secretsmanager", "put_secret_value", "SecretString", id="a_secret"),
]


@pytest.mark.parametrize(("service", "method", "name"), SECRETS)
def test_secrets_are_never_written(scopes: Scopes, service: Any, method: str, name: str) -> None:
    parameters: dict[str, Any] = {name: "hunter2"}
    if name.isupper():
        parameters = {"AuthParameters": parameters}
    with mock.patch.object(BaseClient, "_make_api_call", return_value={}):
        getattr(boto3.Session("a", "geheim", "token").client(service), method)(**parameters)
    text = dump(Run({"test": scopes.close_test()}))
    assert '"$secret"' in text
    assert not {word for word in ("hunter2", "geheim", "token") if word in text}


def test_calls_of_many_threads_are_all_recorded(scopes: Scopes) -> None:
    client = stubbed("sqs", *[("list_queues", {})] * 80)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.list_queues(), range(80)))
    assert len(scopes.close_test().background) == 80


# --- The default session -------------------------------------------------------------------------------

FORBIDDEN = {
    "conftest.py": PATCHED,
    "app.py": """\
        import boto3


        def upload(session=None):
            return (session or boto3).client("s3").list_buckets()
    """,
    "test_app.py": """\
        import unittest
        from unittest import mock

        import app
        import boto3
        import pytest


        @pytest.fixture
        def used():
            app.upload()

        @pytest.fixture
        def used_late():
            yield
            app.upload()

        @pytest.fixture(scope="module")
        def shared():
            return boto3.resource("s3")

        def test_passed_on(): app.upload(boto3.Session())
        def test_nothing(): pass
        def test_client(): app.upload()
        def test_resource(): boto3.resource("s3")
        def test_twice(): [app.upload() for _ in range(2)]
        def test_got(): boto3._get_default_session()
        def test_set_up(): boto3.setup_default_session(region_name="eu-west-1")
        def test_swallowed():
            try: app.upload()
            except Exception: pass
        def test_in_setup(used): pass
        def test_in_teardown(used_late): pass
        def test_shared(shared): pass
        def test_shared_again(shared): pass
        def test_red():
            app.upload()
            assert False, "its own failure"

        def test_replaced_client():
            with mock.patch("boto3.client"): app.upload()
        def test_replaced_session(monkeypatch):
            monkeypatch.setattr(boto3, "DEFAULT_SESSION", mock.MagicMock())
            app.upload()
        @pytest.mark.default_session
        def test_exempt(used_late): app.upload()

        class TestCase(unittest.TestCase):
            def test_method(self): app.upload()
    """,
    "test_import.py": """\
        import boto3

        s3 = boto3.client("s3")

        def test_later(): s3.list_buckets()
    """,
}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((), id="one_process"),
        pytest.param(("-n2", "--dist=loadfile"), id="workers"),
    ],
)
def forbidden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    suite = write(tmp_path_factory.mktemp("forbidden"), FORBIDDEN)
    return run(suite, "--forbid-default-session", *request.param)


@pytest.mark.parametrize(
    ("test", "outcome"),
    [
        pytest.param("test_passed_on", ["PASSED"], id="a_session_of_its_own"),
        pytest.param("test_nothing", ["PASSED"], id="no_session"),
        pytest.param("test_client", ["FAILED"], id="client"),
        pytest.param("test_resource", ["FAILED"], id="resource"),
        pytest.param("test_got", ["FAILED"], id="get_default_session"),
        pytest.param("test_set_up", ["FAILED"], id="setup_default_session"),
        pytest.param("test_swallowed", ["FAILED"], id="not_to_be_swallowed"),
        pytest.param("test_in_setup", ["ERROR"], id="in_setup"),
        pytest.param("test_in_teardown", ["PASSED", "ERROR"], id="in_teardown"),
        pytest.param("test_shared", ["ERROR"], id="in_the_fixture_of_a_module"),
        pytest.param("test_shared_again", ["PASSED"], id="after_the_fixture_of_a_module"),
        pytest.param("test_red", ["FAILED"], id="red_anyway"),
        pytest.param("test_replaced_client", ["PASSED"], id="a_double_of_client"),
        pytest.param("test_replaced_session", ["PASSED"], id="a_double_of_the_session"),
        pytest.param("test_exempt", ["PASSED"], id="marked"),
        pytest.param("TestCase::test_method", ["FAILED"], id="unittest"),
        pytest.param("test_later", ["PASSED"], id="imported_earlier"),
    ],
)
def test_who_uses_the_default_session_fails(forbidden: Ran, test: str, outcome: list[str]) -> None:
    assert sorted(forbidden.outcome(test)) == sorted(outcome)
    assert forbidden.exit_code == pytest.ExitCode.TESTS_FAILED


def test_the_stack_is_that_of_the_users_code(forbidden: Ran) -> None:
    client = re.search(r"_+ test_client _+\n(?:\[gw\d\][^\n]*\n)?(.*?)\n_", forbidden.output, re.DOTALL)
    assert client is not None
    assert client[1] == (
        "boto3's default session was used:\n"
        "  test_app.py:24: in test_client\n"
        "    def test_client(): app.upload()\n"
        "  app.py:5: in upload\n"
        '    return (session or boto3).client("s3").list_buckets()\n'
        "Pass the test's own session, or mark the test with @pytest.mark.default_session."
    )
    assert "boto3's default session was used 2 times:\n" in forbidden.output


def test_a_red_test_keeps_its_own_failure(forbidden: Ran) -> None:
    assert "AssertionError: its own failure" in forbidden.output
    assert "- Default session -" in forbidden.output


def test_an_import_that_uses_it_is_named(forbidden: Ran) -> None:
    section = forbidden.output.partition("boto3's default session, while tests were collected")[2]
    assert section.split("\n", 1)[1].startswith("test_import.py\n  test_import.py:3: in <module>\n")


# --- The page ------------------------------------------------------------------------------------------


def test_the_page_shows_what_pytest_prints(tmp_path: Path) -> None:
    page = (
        (SOURCES.parent / "docs" / "trace.md")
        .read_text(encoding="utf-8")
        .partition("\n## Your own tests\n")[2]
    )
    program, tests = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    same, differs, forbidden = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    suite = write(tmp_path, {"photos.py": program, "test_photos.py": tests})
    recorded, compared = (line for line in same.splitlines() if line[0] not in "$#")
    assert recorded in run(suite, "--aws-calls=before.json").output
    assert compared in run(suite, "--aws-calls-against=before.json").output
    write(suite, {"photos.py": program.replace("names(session)[0]", "names()[0]")})
    for printed, option in (
        (differs, "--aws-calls-against=before.json"),
        (forbidden, "--forbid-default-session"),
    ):
        assert printed.splitlines()[0] == f"$ pytest {option}"
        assert printed.partition("\n")[2] in run(suite, option).output


def test_the_plugin_is_the_one_that_is_installed() -> None:
    settings = (SOURCES.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert (
        '[project.entry-points.pytest11]\nsession_first = "session_first.trace.pytest_plugin"\n' in settings
    )


# --- Options -------------------------------------------------------------------------------------------

ALL = ("--aws-calls=a.json", "--forbid-default-session")


def test_without_its_options_nothing_is_imported(tmp_path: Path) -> None:
    loaded = (
        "[name for name in sys.modules if name.partition('.')[0] in ('boto3', 'botocore', 'session_first')]"
    )
    suite = write(tmp_path, {"test_a.py": f"import sys\ndef test_a(): print(sorted({loaded}))"})
    ran = run(suite)
    assert "['session_first', 'session_first.trace', 'session_first.trace.pytest_plugin']" in ran.output
    assert ran.exit_code == 0


@pytest.mark.parametrize(
    "option", [pytest.param(option, id=option.strip("-").partition("=")[0]) for option in ALL]
)
def test_without_boto3_its_options_are_refused(tmp_path: Path, option: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from importlib.machinery import PathFinder\n"
        "find = PathFinder.find_spec\n"
        "PathFinder.find_spec = classmethod(\n"
        "    lambda _, name, *rest: None if name.startswith('boto') else find(name, *rest)\n"
        ")\n",
        encoding="utf-8",
    )
    suite = write(tmp_path, {"test_a.py": "def test_a(): pass"})
    assert run(suite, without=str(tmp_path)).exit_code == 0
    ran = run(suite, option, without=str(tmp_path))
    assert ran.exit_code == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {option.partition('=')[0]} needs boto3: pip install 'session-first[trace]'" in ran.output


@pytest.mark.parametrize(
    ("option", "said"),
    [
        pytest.param("--aws-calls-against=none.json", "--aws-calls-against: cannot read", id="no_file"),
        pytest.param("--aws-calls-against=pytest.ini", "--aws-calls-against: cannot read", id="no_recording"),
        pytest.param("--aws-calls=none/a.json", "--aws-calls: there is no folder", id="no_folder"),
    ],
)
def test_files_that_cannot_be_used_are_refused(tmp_path: Path, option: str, said: str) -> None:
    ran = run(write(tmp_path, {"test_a.py": "def test_a(): pass"}), option)
    assert ran.exit_code == pytest.ExitCode.USAGE_ERROR
    assert said in ran.output


def test_a_run_that_is_broken_off_is_not_recorded(tmp_path: Path) -> None:
    suite = write(tmp_path, {"test_a.py": "def test_a(): raise KeyboardInterrupt"})
    ran = run(suite, "--aws-calls=a.json")
    assert "the run was broken off: nothing was written or compared" in ran.output
    assert not (suite / "a.json").exists()


def test_a_run_comes_back_from_its_file() -> None:
    call = Call(
        "s3", "HeadObject", "eu-west-1", "https://s3", None, {"Bucket": "b", "Tags": ("a", {"b": None})}
    )
    recorded = Run({"t": Calls((call,), (call, call))}, {"session fixture f": (Calls((call,)),)})
    assert load(dump(recorded)) == recorded


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[]", id="no_object"),
        pytest.param('{"format": 0, "tests": {}, "around": {}}', id="another_version"),
        pytest.param('{"format": 1, "tests": {"t": []}, "around": {}}', id="no_calls"),
        pytest.param(
            '{"format": 1, "tests": {"t": {"ordered": [1], "background": []}}, "around": {}}', id="no_call"
        ),
    ],
)
def test_text_that_is_no_run_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"it holds|no recorded call"):
        load(text)
