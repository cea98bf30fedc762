"""The recorder: what a call is, what answers it, and how two traces differ."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import io
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aws_assume_role_lib
import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore import UNSIGNED
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from botocore.model import OperationModel
from botocore.session import Session as BotocoreSession
from botocore.stub import Stubber
from moto import mock_aws

from session_first.trace import (
    Call,
    Override,
    ServiceError,
    Value,
    canned,
    difference,
    dumps,
    expire_by,
    loads,
    record,
)
from session_first.trace.call import plain
from session_first.trace.shapes import derive

KEY = "AKIATEST000000000000"
REGION = "eu-west-1"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials, a region, and nothing of the machine's own."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


# --- What is recorded ---------------------------------------------------------------------------


def test_a_call_has_its_place_its_identity_and_its_parameters() -> None:
    with record() as recording:
        boto3.client("s3").head_object(Bucket="logs", Key="a")
    assert recording.calls == (
        Call(
            "s3",
            "HeadObject",
            REGION,
            f"https://s3.{REGION}.amazonaws.com",
            KEY,
            {"Bucket": "logs", "Key": "a"},
        ),
    )
    assert str(recording.calls[0]) == (
        f"s3.HeadObject(Bucket='logs', Key='a') as {KEY} in {REGION} at https://s3.{REGION}.amazonaws.com"
    )


def test_calls_of_clients_and_resources_are_recorded_in_order() -> None:
    earlier = boto3.client("sqs")
    with record() as recording:
        boto3.resource("dynamodb").Table("users").load()
        earlier.list_queues()
        list(boto3.resource("s3").buckets.all())
    assert [call.name for call in recording.calls] == [
        "dynamodb.DescribeTable",
        "sqs.ListQueues",
        "s3.ListBuckets",
    ]


def test_nothing_is_recorded_outside_the_context() -> None:
    methods = dict(vars(BaseClient))
    with record() as recording:
        pass
    assert dict(vars(BaseClient)) == methods
    with record():
        boto3.client("sts").get_caller_identity()
    assert recording.calls == ()


def test_the_patches_go_when_the_program_fails() -> None:
    methods = dict(vars(BaseClient))
    with pytest.raises(ZeroDivisionError), record():
        raise ZeroDivisionError
    assert dict(vars(BaseClient)) == methods


def test_recorders_can_be_nested() -> None:
    with record(canned({"sts.GetCallerIdentity": {"Arn": "outer"}})) as outer:
        with record(None) as inner:
            arn = boto3.client("sts").get_caller_identity()["Arn"]
        boto3.client("sts").get_caller_identity()
    assert (arn, len(inner.calls), len(outer.calls)) == ("outer", 1, 2)


def test_calls_of_several_threads_are_all_recorded() -> None:
    client, barrier = boto3.client("s3"), threading.Barrier(8)

    def head(number: int) -> None:
        barrier.wait()
        for _ in range(10):
            client.head_object(Bucket="logs", Key=str(number))

    with record() as recording, ThreadPoolExecutor(8) as pool:
        list(pool.map(head, range(8)))
    keys = sorted(str(call.parameters["Key"]) for call in recording.calls)
    assert keys == [str(number) for number in range(8) for _ in range(10)]


def test_parameters_are_as_they_were_at_the_call() -> None:
    key = {"id": 1}
    with record() as recording:
        boto3.resource("dynamodb").Table("users").get_item(Key=key)
        key["id"] = 2
    assert recording.calls[0].parameters == {"TableName": "users", "Key": {"id": 1}}


def test_importing_the_recorder_imports_neither_boto3_nor_botocore() -> None:
    code = "import sys, session_first.trace; print({'boto3', 'botocore'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


# --- As whom ------------------------------------------------------------------------------------


def test_the_access_key_is_that_of_the_clients_own_session() -> None:
    session = boto3.Session("AKIAOTHER", "secret", region_name="us-east-1")
    with record() as recording:
        session.client("sts").get_caller_identity()
        boto3.client("sts", aws_access_key_id="AKIAGIVEN", aws_secret_access_key="s").get_caller_identity()
    assert [(call.access_key, call.region) for call in recording.calls] == [
        ("AKIAOTHER", "us-east-1"),
        ("AKIAGIVEN", REGION),
    ]


def test_there_is_no_access_key_where_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    with record() as recording:
        boto3.client("s3", config=Config(signature_version=UNSIGNED)).list_buckets()
        boto3.client("sts").assume_role_with_web_identity(
            RoleArn="arn:aws:iam::123456789012:role/ci", RoleSessionName="ci", WebIdentityToken="token"
        )
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        boto3.Session().client("s3").list_buckets()
    assert [call.access_key for call in recording.calls] == [None, None, None]


def test_credentials_that_have_to_be_fetched_are_fetched_first(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(
        "[profile deploy]\nrole_arn = arn:aws:iam::123456789012:role/deploy\ncredential_source = Environment\n"
    )
    with record() as recording:
        boto3.Session(profile_name="deploy").client("s3").list_buckets()
    first, second = recording.calls
    assert (first.name, first.access_key) == ("sts.AssumeRole", KEY)
    assert second.name == "s3.ListBuckets"
    assert str(second.access_key).startswith("ASIADEPLOY")


def test_a_role_that_refreshes_itself_is_seen_to_be_assumed() -> None:
    role = "arn:aws:iam::123456789012:role/deploy"
    with record() as recording:
        session = aws_assume_role_lib.assume_role(  # type: ignore[attr-defined] # exported, though not explicitly
            boto3.Session(), role, RoleSessionName="ci"
        )
        assert not recording.calls
        session.client("s3").list_buckets()
    first, second = recording.calls
    assert (first.name, first.access_key) == ("sts.AssumeRole", KEY)
    assert first.parameters == {"RoleArn": role, "RoleSessionName": "ci"}
    assert (second.name, second.access_key) == ("s3.ListBuckets", recording.issued[0])


def test_the_access_keys_that_calls_return_are_recorded() -> None:
    with record() as recording:
        boto3.client("s3").list_buckets()
        key = boto3.client("sts").get_session_token()["Credentials"]["AccessKeyId"]
    assert recording.issued == (None, key)


# --- Temporary credentials ----------------------------------------------------------------------


def assume(session: boto3.Session | None = None, /, **parameters: Any) -> Any:
    role = {"RoleArn": "arn:aws:iam::111111111111:role/deploy", "RoleSessionName": "ci"}
    return (session or boto3.Session()).client("sts").assume_role(**{**role, **parameters})


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({"RoleArn": "arn:aws:iam::222222222222:role/deploy"}, id="account"),
        pytest.param({"RoleArn": "arn:aws:iam::111111111111:role/audit"}, id="role"),
        pytest.param({"RoleSessionName": "nightly"}, id="name"),
        pytest.param({"Policy": "{}"}, id="policy"),
        pytest.param({"Tags": [{"Key": "tenant", "Value": "a"}]}, id="tags"),
    ],
)
def test_every_assumed_role_has_credentials_of_its_own(parameters: dict[str, object]) -> None:
    with record():
        one, other = assume()["Credentials"], assume(**parameters)["Credentials"]
    for secret in ("AccessKeyId", "SecretAccessKey", "SessionToken"):
        assert one[secret] != other[secret]


def test_every_caller_gets_credentials_of_its_own() -> None:
    with record():
        chained = assume(boto3.Session("AKIAOTHER", "secret"))["Credentials"]
        assert assume()["Credentials"]["AccessKeyId"] != chained["AccessKeyId"]


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({}, id="again"),
        pytest.param({"DurationSeconds": 900}, id="duration"),
        pytest.param({"ExternalId": "ours"}, id="external_id"),
    ],
)
def test_the_same_role_has_the_same_key(parameters: dict[str, object]) -> None:
    with record():
        key = assume()["Credentials"]["AccessKeyId"]
        assert assume(**parameters)["Credentials"]["AccessKeyId"] == key
    assert len(key) == 20
    assert key.startswith("ASIADEPLOY")


def test_an_assumed_role_is_called_as_sts_calls_it() -> None:
    with record():
        assert assume()["AssumedRoleUser"]["Arn"] == "arn:aws:sts::111111111111:assumed-role/deploy/ci"


@pytest.mark.parametrize(
    ("parameters", "minutes"),
    [pytest.param({}, 60, id="an_hour"), pytest.param({"DurationSeconds": 900}, 15, id="as_long_as_asked")],
)
def test_credentials_expire_by_the_clock_that_is_given(parameters: dict[str, object], minutes: int) -> None:
    noon = dt.datetime(2030, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    with record(), expire_by(lambda: noon):
        assert assume(**parameters)["Credentials"]["Expiration"] == noon + dt.timedelta(minutes=minutes)
    with record():
        assert assume()["Credentials"]["Expiration"] < dt.datetime.now(dt.timezone.utc) + dt.timedelta(
            hours=1
        )


def test_a_role_session_without_a_name_is_named_after_the_clock_that_is_given() -> None:
    session = boto3.Session()
    new_year = dt.datetime(2030, 1, 1, tzinfo=dt.timezone.utc)
    with record() as recording, expire_by(lambda: new_year):
        assumed_session = aws_assume_role_lib.assume_role(  # type: ignore[attr-defined] # exported, though not explicitly
            session, "arn:aws:iam::111111111111:role/deploy"
        )
        assumed_session.client("s3").list_buckets()
    assert recording.calls[0].parameters["RoleSessionName"] == "botocore-session-1893456000"


# --- Parameters as plain data -------------------------------------------------------------------


class Storage(str, enum.Enum):
    """An enumeration of strings, as programs pass it."""

    GLACIER = "GLACIER"


class Unreadable(io.RawIOBase):
    """A stream that cannot be read twice."""


PLAIN = [
    pytest.param({"a": [1, 2.5, None, True, "x"]}, {"a": (1, 2.5, None, True, "x")}, id="json"),
    pytest.param(Storage.GLACIER, "GLACIER", id="enumeration"),
    pytest.param(float("nan"), {"$float": "nan"}, id="not_a_number"),
    pytest.param(b"a\xff", {"$bytes": "a\xff"}, id="bytes"),
    pytest.param(bytearray(b"a"), {"$bytes": "a"}, id="bytearray"),
    pytest.param(
        b"a" * 2000,
        {"$sha256": "c4a700f85b7e9e5cdbdc51170409ee2ad48bebe2f2f0957a067937531a0a3c42", "length": 2000},
        id="long_bytes",
    ),
    pytest.param(dt.datetime(2026, 1, 1), {"$datetime": "2026-01-01T00:00:00"}, id="datetime"),
    pytest.param(dt.date(2026, 1, 1), {"$datetime": "2026-01-01"}, id="date"),
    pytest.param(decimal.Decimal("1.50"), {"$decimal": "1.50"}, id="decimal"),
    pytest.param({3, 1, 2}, {"$set": (1, 2, 3)}, id="set"),
    pytest.param(io.BytesIO(b"body"), {"$bytes": "body"}, id="stream"),
    pytest.param(io.StringIO("body"), {"$bytes": "body"}, id="text_stream"),
    pytest.param(Unreadable(), {"$stream": f"{__name__}.Unreadable"}, id="stream_read_once"),
    pytest.param(
        Key("id").eq(1),
        {
            "$Equals": {
                "format": "{0} {operator} {1}",
                "operator": "=",
                "values": ({"$Key": {"name": "id"}}, 1),
            }
        },
        id="condition",
    ),
    pytest.param(Attr("age"), {"$Attr": {"name": "age"}}, id="attribute"),
    pytest.param(Binary(b"a"), {"$Binary": {"value": {"$bytes": "a"}}}, id="binary"),
    pytest.param(threading.Barrier(1), {"$object": "threading.Barrier"}, id="anything_else"),
]


@pytest.mark.parametrize(("value", "expected"), PLAIN)
def test_a_parameter_becomes_plain_data(value: object, expected: Value) -> None:
    assert plain(value) == expected


def test_a_stream_is_put_back_where_it_was() -> None:
    stream = io.BytesIO(b"head body")
    stream.read(5)
    assert plain(stream) == {"$bytes": "body"}
    assert stream.read() == b"body"


def test_conditions_are_equal_when_they_say_the_same() -> None:
    assert plain(Key("id").eq(1) & Attr("age").gt(2)) == plain(Key("id").eq(1) & Attr("age").gt(2))
    assert plain(Key("id").eq(1)) != plain(Key("id").eq(2))


# --- Answers derived from the model -------------------------------------------------------------


def test_a_list_has_one_element_and_no_next_page() -> None:
    with record() as recording:
        s3 = boto3.client("s3")
        pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket="logs"))
        boto3.resource("dynamodb").Table("users").scan()
    assert [item["Key"] for page in pages for item in page["Contents"]] == ["text"]
    assert [call.name for call in recording.calls] == ["s3.ListObjectsV2", "dynamodb.Scan"]


@pytest.mark.parametrize(
    ("service", "method", "parameters", "more"),
    [
        pytest.param("s3", "list_objects", {"Bucket": "logs"}, "IsTruncated", id="flag"),
        pytest.param("s3", "list_objects_v2", {"Bucket": "logs"}, "NextContinuationToken", id="token"),
        pytest.param("dynamodb", "scan", {"TableName": "users"}, "LastEvaluatedKey", id="key"),
        pytest.param("iam", "list_users", {}, "Marker", id="marker"),
        pytest.param("kinesis", "get_records", {"ShardIterator": "i"}, "NextShardIterator", id="iterator"),
        pytest.param(
            "dynamodb",
            "batch_get_item",
            {"RequestItems": {"t": {"Keys": [{"id": {"S": "1"}}]}}},
            "UnprocessedKeys",
            id="unprocessed",
        ),
    ],
)
def test_a_hand_written_loop_over_pages_ends(
    service: Any, method: str, parameters: dict[str, object], more: str
) -> None:
    with record():
        assert not getattr(boto3.client(service), method)(**parameters).get(more)


def test_streams_can_be_read() -> None:
    with record():
        body = boto3.client("s3").get_object(Bucket="logs", Key="a")["Body"]
        assert (body.read(2), list(body.iter_chunks())) == (b"te", [b"xt"])
        events = boto3.client("s3").select_object_content(
            Bucket="logs",
            Key="a",
            Expression="SELECT *",
            ExpressionType="SQL",
            InputSerialization={},
            OutputSerialization={},
        )["Payload"]
        assert next(iter(events))["Records"] == {"Payload": b"{}"}


def test_files_go_up_and_down(tmp_path: Path) -> None:
    (tmp_path / "up").write_bytes(b"body")
    with record() as recording:
        s3 = boto3.client("s3")
        s3.upload_file(str(tmp_path / "up"), "logs", "a")
        s3.download_file("logs", "a", str(tmp_path / "down"))
    assert [call.name for call in recording.calls] == ["s3.PutObject", "s3.HeadObject", "s3.GetObject"]
    assert recording.calls[0].parameters["Body"] == {"$bytes": "body"}
    assert (tmp_path / "down").read_bytes() == b"text"


def test_a_waiter_polls_once() -> None:
    with record() as recording:
        boto3.client("ec2").get_waiter("instance_running").wait(
            InstanceIds=["i-1"], WaiterConfig={"Delay": 60}
        )
        boto3.resource("ec2").Instance("i-1").wait_until_terminated()
    assert [call.name for call in recording.calls] == ["ec2.DescribeInstances"] * 2


def test_what_sends_nothing_works_and_is_not_recorded() -> None:
    with record() as recording:
        s3 = boto3.client("s3")
        assert KEY in s3.generate_presigned_url("get_object", Params={"Bucket": "logs", "Key": "a"})
        assert KEY in str(s3.generate_presigned_post("logs", "a"))
        assert s3.can_paginate("list_objects_v2")
        assert "bucket_exists" in s3.waiter_names
    assert recording.calls == ()


def test_a_table_is_written_in_batches() -> None:
    with record() as recording, boto3.resource("dynamodb").Table("users").batch_writer() as batch:
        for number in range(30):
            batch.put_item(Item={"id": number})
    assert [call.name for call in recording.calls] == ["dynamodb.BatchWriteItem"] * 2


def test_a_resource_gets_python_values() -> None:
    with record():
        assert boto3.resource("dynamodb").Table("users").get_item(Key={"id": 1})["Item"] == {"text": "text"}
        assert boto3.client("iam").get_role_policy(RoleName="r", PolicyName="p")["PolicyDocument"] == {}


def test_parameters_are_checked() -> None:
    with pytest.raises(ParamValidationError, match="Missing required parameter"), record():
        boto3.client("s3").head_object(Bucket="logs")


@pytest.mark.parametrize(
    "service",
    [
        "apigateway",
        "bedrock-runtime",
        "cloudformation",
        "dynamodb",
        "ec2",
        "ecs",
        "iam",
        "kinesis",
        "lambda",
        "logs",
        "organizations",
        "rds",
        "route53",
        "s3",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "stepfunctions",
        "sts",
    ],
)
def test_every_operation_has_an_answer(service: str) -> None:
    model = BotocoreSession().get_service_model(service)
    for operation in model.operation_names:
        call = Call(service, operation, REGION, None, KEY, {})
        output = model.operation_model(operation).output_shape
        answer = derive(call, model.operation_model(operation))
        assert answer.keys() <= (output.members.keys() if output else set())


# --- Answers that are given ---------------------------------------------------------------------


def test_an_answer_replaces_the_whole_of_the_derived_one() -> None:
    with record(canned({"dynamodb.GetItem": {}})):
        assert "Item" not in boto3.resource("dynamodb").Table("users").get_item(Key={"id": 1})


@pytest.mark.parametrize(
    "item",
    [
        pytest.param({"name": {"S": "Ada"}, "age": {"N": "36"}}, id="as_a_client_returns_it"),
        pytest.param({"name": "Ada", "age": 36}, id="as_a_table_returns_it"),
    ],
)
def test_an_item_can_be_written_in_both_ways(item: dict[str, object]) -> None:
    with record(canned({"dynamodb.GetItem": {"Item": item}})):
        table = boto3.resource("dynamodb").Table("users").get_item(Key={"id": 1})["Item"]
        client = boto3.client("dynamodb").get_item(TableName="users", Key={"id": {"N": "1"}})["Item"]
    assert table == {"name": "Ada", "age": 36}
    assert client == {"name": {"S": "Ada"}, "age": {"N": "36"}}


def test_bytes_become_streams_and_texts_become_dates() -> None:
    answers = canned({"s3.GetObject": {"Body": b"body", "LastModified": "2026-01-01T00:00:00Z"}})
    with record(answers):
        s3 = boto3.client("s3")
        for _ in range(2):  # each answer has a stream of its own
            answer = s3.get_object(Bucket="logs", Key="a")
            assert answer["Body"].read() == b"body"
            assert answer["LastModified"].year == 2026


def test_answers_in_a_list_are_used_in_turn() -> None:
    pages: list[Override] = [
        {"IsTruncated": True, "Contents": [{"Key": "a"}], "NextContinuationToken": "t"},
        {"Contents": [{"Key": "b"}]},
    ]
    with record(canned({"s3.ListObjectsV2": pages})):
        s3 = boto3.client("s3")
        paginator = s3.get_paginator("list_objects_v2")
        assert list(paginator.paginate(Bucket="logs").search("Contents[].Key")) == ["a", "b"]
        assert s3.list_objects_v2(Bucket="logs")["Contents"][0]["Key"] == "b"


def test_an_answer_can_be_made_from_the_call() -> None:
    def head(call: Call) -> dict[str, object]:
        return {"ETag": f"{call.parameters['Key']}!"}

    with record(canned({"s3.HeadObject": head})):
        assert boto3.client("s3").head_object(Bucket="logs", Key="a")["ETag"] == "a!"


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ServiceError("NoSuchBucket", "gone", 404), id="service_error"),
        pytest.param(
            ClientError(
                {
                    "Error": {"Code": "NoSuchBucket", "Message": "gone"},
                    "ResponseMetadata": {"HTTPStatusCode": 404},  # type: ignore[typeddict-item]
                },
                "ListObjectsV2",
            ),
            id="client_error",
        ),
    ],
)
def test_an_error_is_raised_as_the_clients_own_class(error: ServiceError | ClientError) -> None:
    with record(canned({"s3.ListObjectsV2": error})) as recording:
        s3 = boto3.client("s3")
        with pytest.raises(s3.exceptions.NoSuchBucket, match="gone") as raised:
            s3.list_objects_v2(Bucket="logs")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert [call.name for call in recording.calls] == ["s3.ListObjectsV2"]


def test_any_exception_can_be_raised() -> None:
    with record(canned({"s3.ListBuckets": TimeoutError("slow")})), pytest.raises(TimeoutError, match="slow"):
        boto3.client("s3").list_buckets()


def test_answers_to_no_operation_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'s3\.list_buckets' is not written service\.Operation"):
        canned({"s3.list_buckets": {}})


def test_a_member_that_the_operation_never_returns_is_refused() -> None:
    refused = pytest.raises(ValueError, match=r"s3\.ListBuckets returns no Bucket, only Buckets")
    with record(canned({"s3.ListBuckets": {"Bucket": []}})), refused:
        boto3.client("s3").list_buckets()


def test_answers_of_ones_own_can_send_a_call_on() -> None:
    def answer(call: Call, operation: OperationModel) -> dict[str, object] | None:
        return None if call.service == "sts" else {"Buckets": []}

    with record(canned({"sts.GetCallerIdentity": {"Arn": "outer"}})), record(answer):
        assert boto3.client("sts").get_caller_identity()["Arn"] == "outer"
        assert boto3.client("s3").list_buckets()["Buckets"] == []


def test_a_stubber_answers_first_and_its_calls_are_recorded() -> None:
    s3 = boto3.client("s3")
    with record() as recording, Stubber(s3) as stubber:
        stubber.add_response("list_buckets", {"Buckets": [{"Name": "stubbed"}]})
        assert s3.list_buckets()["Buckets"][0]["Name"] == "stubbed"
    assert [call.name for call in recording.calls] == ["s3.ListBuckets"]


def test_moto_answers_what_is_sent_on() -> None:
    with mock_aws(), record(None) as recording:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="made", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.get_waiter("bucket_exists").wait(Bucket="made")
        assert [bucket.name for bucket in boto3.resource("s3").buckets.all()] == ["made"]
    assert [call.name for call in recording.calls] == ["s3.CreateBucket", "s3.HeadBucket", "s3.ListBuckets"]


# --- Traces -------------------------------------------------------------------------------------

HEAD = Call("s3", "HeadObject", "eu-west-1", "https://s3", "AKIA1", {"Bucket": "logs", "Key": "a"})
LIST = Call("s3", "ListBuckets", "eu-west-1", "https://s3", "AKIA1", {})
SEND = Call("sqs", "SendMessage", "eu-west-1", "https://sqs", "AKIA1", {"MessageBody": "hi"})


def test_a_trace_comes_back_from_json() -> None:
    body = {"a": plain(b"\xff"), "b": (1, {"c": None}), "d": 2.5}
    calls = (HEAD, dataclasses.replace(SEND, access_key=None, parameters=body))
    text = dumps(calls)
    assert len(text.splitlines()) == 2
    assert loads(text) == calls


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("{", id="no_json"),
        pytest.param("[]", id="no_object"),
        pytest.param('{"service": "s3"}', id="incomplete"),
        pytest.param(dumps([LIST]).replace('"service"', '"servce"').strip(), id="unknown_field"),
    ],
)
def test_text_that_is_no_trace_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 is no recorded call"):
        loads(f"{dumps([HEAD])}{line}")


DIFFERENCES = [
    pytest.param((HEAD, LIST), (HEAD, LIST), None, id="none"),
    pytest.param((), (), None, id="both_empty"),
    pytest.param(
        (HEAD, LIST, SEND),
        (HEAD, dataclasses.replace(LIST, region="us-east-1", access_key="AKIA2"), SEND),
        "call 2 differs: s3.ListBuckets\n"
        "  region: 'eu-west-1' before, 'us-east-1' after\n"
        "  access_key: 'AKIA1' before, 'AKIA2' after",
        id="fields",
    ),
    pytest.param(
        (HEAD, SEND),
        (LIST, dataclasses.replace(HEAD, parameters={"Key": "a", "Bucket": "logs"}), SEND),
        "call 1 is new: s3.ListBuckets() as AKIA1 in eu-west-1 at https://s3",
        id="order_of_parameters",
    ),
    pytest.param(
        (HEAD,),
        (dataclasses.replace(HEAD, parameters={"Bucket": "logs", "Key": "b"}),),
        "call 1 differs: s3.HeadObject\n"
        "  parameters: {'Bucket': 'logs', 'Key': 'a'} before, {'Bucket': 'logs', 'Key': 'b'} after",
        id="parameters",
    ),
    pytest.param(
        (HEAD, LIST, SEND),
        (HEAD, SEND),
        "call 2 is missing: s3.ListBuckets() as AKIA1 in eu-west-1 at https://s3",
        id="missing",
    ),
    pytest.param(
        (HEAD, SEND),
        (HEAD, LIST, SEND),
        "call 2 is new: s3.ListBuckets() as AKIA1 in eu-west-1 at https://s3",
        id="new",
    ),
    pytest.param(
        (HEAD, LIST, SEND),
        (HEAD, SEND, LIST),
        "the same calls in another order:\n"
        "  call 2 was s3.ListBuckets() as AKIA1 in eu-west-1 at https://s3\n"
        "  call 2 is  sqs.SendMessage(MessageBody='hi') as AKIA1 in eu-west-1 at https://sqs\n"
        "  call 3 was sqs.SendMessage(MessageBody='hi') as AKIA1 in eu-west-1 at https://sqs\n"
        "  call 3 is  s3.ListBuckets() as AKIA1 in eu-west-1 at https://s3",
        id="order",
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), DIFFERENCES)
def test_the_difference_of_two_traces(
    before: tuple[Call, ...], after: tuple[Call, ...], expected: str | None
) -> None:
    assert difference(before, after) == expected
