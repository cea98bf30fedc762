"""BSF106: what must be found, and what must not."""

from __future__ import annotations

import pytest

from session_first.rules import enabled
from tests.analysis import code, findings_of, found

CODES = {"BSF106"}


def handler(*body: str) -> str:
    """A Lambda function's file with this body of its handler, which starts at line 9."""
    head = (
        "import os\nimport aws_assume_role_lib\nimport boto3\n\n"
        "ROLE = os.environ['ROLE']\nSTS = boto3.client('sts')\n\n"
        "def lambda_handler(event, context):\n"
    )
    return head + "".join(f"    {line}\n" for line in body)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import boto3\ndef f(event, context):\n    boto3.Session()", id="boto3.Session"),
        pytest.param(
            "import boto3\ndef f(event, context):\n    boto3.session.Session()", id="boto3.session.Session"
        ),
        pytest.param(
            "from boto3 import Session as S\ndef f(event, context):\n    S(region_name='eu-west-1')",
            id="from import, alias",
        ),
        pytest.param(
            "from boto3.session import Session\ndef f(event, context):\n    Session()",
            id="from boto3.session",
        ),
        pytest.param("import boto3 as b\ndef f(event, context):\n    b.Session()", id="module alias"),
        pytest.param(
            "from app import aws\ndef f(event, context):\n    aws.boto3.Session()", id="through a module"
        ),
        pytest.param(
            "def f(event, context):\n    import boto3; boto3.Session()", id="imported in the handler"
        ),
        pytest.param(
            "import boto3\nasync def handler(event, context):\n    boto3.Session()", id="asynchronous handler"
        ),
        pytest.param(
            "import boto3\nhandler = \\\n    lambda event, context: boto3.Session().client('s3')",
            id="a lambda",
        ),
    ],
)
def test_a_session(text: str) -> None:
    assert found(text, CODES) == [f"BSF106 {2 if 'import boto3; ' in text else 3}"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("STS.assume_role(RoleArn=ROLE, RoleSessionName='x')", id="client of the module"),
        pytest.param(
            "boto3.client('sts').assume_role(RoleArn=ROLE, RoleSessionName='x')", id="client made on the spot"
        ),
        pytest.param("STS.assume_role(**{'RoleArn': ROLE, 'RoleSessionName': 'x'})", id="unpacked"),
        pytest.param("aws_assume_role_lib.assume_role(boto3.Session(), ROLE)", id="the library"),
        pytest.param("boto3.assume_role(ROLE)", id="the library's other style"),
        pytest.param("boto3.Session().assume_role(ROLE)", id="the library's other style, of a session"),
        pytest.param("aws_assume_role_lib.JumpSession(boto3.Session(), ROLE)", id="a jump session"),
    ],
)
def test_a_role(body: str) -> None:
    """The session that the role is assumed with, in the same expression, goes with it."""
    (finding,) = findings_of(handler(body), CODES)
    assert finding.location.position.line == 9
    assert "assumes the role again on every call of lambda_handler" in finding.message


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        pytest.param(
            [
                "response = STS.assume_role(RoleArn=ROLE, RoleSessionName='x')",
                "credentials = response['Credentials']",
                "key, secret = credentials['AccessKeyId'], credentials['SecretAccessKey']",
                "session = boto3.Session(key, secret, credentials['SessionToken'])",
            ],
            [9],
            id="a session of an assumed role, at the role alone",
        ),
        pytest.param(
            [
                "session = boto3.Session()",
                "sts = session.client('sts')",
                "sts.assume_role(RoleArn=ROLE, RoleSessionName='x')",
            ],
            [9, 11],
            id="a session, and a role assumed with it",
        ),
        pytest.param(
            ["aws_assume_role_lib.assume_role(boto3.Session(), event['role'])"],
            [9],
            id="the parent of a role that the event chooses",
        ),
        pytest.param(
            ["for record in event['Records']:", "    session = boto3.Session()"], [10], id="in a loop"
        ),
        pytest.param(["if event['ok']:", "    return boto3.Session().client('s3')"], [10], id="on a branch"),
        pytest.param(["with boto3_lock:", "    s = boto3.Session()"], [10], id="in a with"),
        pytest.param(["clients = [boto3.Session().client('s3')]"], [9], id="in a list"),
        pytest.param(
            ["name = f'{time.time()}'", "STS.assume_role(RoleArn=ROLE, RoleSessionName=name)"],
            [10],
            id="named for the time",
        ),
        pytest.param(
            ["global session", "session = boto3.Session()"], [10], id="kept in a global, and made every time"
        ),
        pytest.param(
            ["logger.info(event)", "boto3.Session(region_name=logger.region)"],
            [10],
            id="an object that was told of the event",
        ),
    ],
)
def test_where(body: list[str], lines: list[int]) -> None:
    assert found(handler(*body), CODES) == [f"BSF106 {line}" for line in lines]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(["STS.assume_role(RoleArn=event['role'], RoleSessionName='x')"], id="role of the event"),
        pytest.param(
            ["STS.assume_role(RoleArn=ROLE, RoleSessionName=context.aws_request_id)"],
            id="named for the invocation",
        ),
        pytest.param(
            [
                "account = event.get('account')",
                "role = f'arn:aws:iam::{account}:role/audit'",
                "STS.assume_role(RoleArn=role, RoleSessionName='x')",
            ],
            id="through locals",
        ),
        pytest.param(
            ["body = json.loads(event['body'])", "boto3.Session(region_name=body['region'])"],
            id="through a call",
        ),
        pytest.param(
            ["account, region = parse(event)", "boto3.Session(region_name=region)"], id="through unpacking"
        ),
        pytest.param(
            ["if region := event.get('region'):", "    boto3.Session(region_name=region)"],
            id="through a walrus",
        ),
        pytest.param(
            [
                "params = {'RoleSessionName': 'x'}",
                "params['RoleArn'] = event['role']",
                "STS.assume_role(**params)",
            ],
            id="put into a dict",
        ),
        pytest.param(
            [
                "params = dict(RoleSessionName='x')",
                "params.update(RoleArn=event['r'])",
                "STS.assume_role(**params)",
            ],
            id="put into a dict by update",
        ),
        pytest.param(
            [
                "role = ROLE",
                "if event['test']:",
                "    role = OTHER",
                "STS.assume_role(RoleArn=role, RoleSessionName='x')",
            ],
            id="the event chooses between two",
        ),
        pytest.param(
            ["role = OTHER if event['test'] else ROLE", "boto3.assume_role(role)"],
            id="the event chooses between two, in an expression",
        ),
        pytest.param(
            ["match event:", "    case {'role': role}:", "        boto3.assume_role(role)"],
            id="captured by a pattern",
        ),
        pytest.param(
            ["with open_request(event) as request:", "    boto3.Session(region_name=request.region)"],
            id="through a with",
        ),
        pytest.param(
            [
                "for account in ACCOUNTS:",
                "    STS.assume_role(RoleArn=f'arn:{account}', RoleSessionName='x')",
            ],
            id="a role for each account",
        ),
        pytest.param(
            ["sessions = {r: boto3.Session(region_name=r) for r in REGIONS}"], id="a session for each region"
        ),
        pytest.param(
            [
                "r = STS.assume_role(RoleArn=event['role'], RoleSessionName='x')",
                "c = r['Credentials']",
                "boto3.Session(c['AccessKeyId'], c['SecretAccessKey'], c['SessionToken'])",
            ],
            id="a session of the event's role",
        ),
        pytest.param(
            ["parent = session_of(event)", "parent.client('sts').assume_role(RoleArn=ROLE)"],
            id="the event chooses the parent",
        ),
    ],
)
def test_what_varies_must_be_made_there(body: list[str]) -> None:
    assert found(handler(*body), CODES) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            ["global session", "if session is None:", "    session = boto3.Session()"], id="a global"
        ),
        pytest.param(
            ["global session", "if not session:", "    new = boto3.Session()", "    session = new"],
            id="a global, through a local",
        ),
        pytest.param(["global session", "session = session or boto3.Session()"], id="a global, by or"),
        pytest.param(["if 's' not in CACHE:", "    CACHE['s'] = boto3.Session()"], id="a module-level dict"),
        pytest.param(
            ["if 'session' not in globals():", "    globals()['session'] = boto3.Session()"], id="globals()"
        ),
        pytest.param(
            ["try:", "    return session", "except NameError:", "    session = boto3.Session()"],
            id="made where there was none",
        ),
        pytest.param(
            ["try:", "    work()", "except ClientError:", "    boto3.assume_role(ROLE)"],
            id="made to try again",
        ),
    ],
)
def test_what_is_made_once_is_not_found(body: list[str]) -> None:
    assert found("session = None\nCACHE = {}\n" + handler(*body), CODES) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "import boto3\nsession = boto3.Session()\ndef handler(event, context): ...", id="module level"
        ),
        pytest.param(
            """
            import boto3

            def get_session():
                return boto3.Session()

            def handler(event, context):
                return get_session().client("s3")
            """,
            id="in a function that the handler calls",
        ),
        pytest.param(
            """
            import boto3

            def handler(event, context):
                def work():
                    return boto3.Session().client("s3")

                return [pool.submit(work), pool.submit(lambda: boto3.Session())]
            """,
            id="in a function of the handler, a session for each thread",
        ),
        pytest.param(
            "import boto3\ndef handler(event, context, session=boto3.Session()): ...", id="in a default"
        ),
        pytest.param("import boto3\ndef handler(event, context):\n    boto3.client('s3')", id="no session"),
        pytest.param(
            "import boto3\ndef handler(event, context):\n    boto3._get_default_session()", id="the default"
        ),
        pytest.param(
            "from requests import Session\ndef handler(event, context):\n    Session()", id="another Session"
        ),
        pytest.param("def handler(event, context):\n    boto3.Session()", id="nothing is called boto3"),
        pytest.param(
            "def handler(event, context, boto3=None):\n    boto3.Session()", id="a parameter called boto3"
        ),
        pytest.param(
            "from helpers import assume_role\ndef handler(event, context):\n    assume_role('a', 'b')",
            id="an assume_role of the project",
        ),
        pytest.param(
            "from app import sts\ndef handler(event, context):\n    sts.assume_role('123', 'audit', 'lambda')",
            id="positional arguments, which are not boto3's",
        ),
        pytest.param(
            "import helpers\ndef handler(event, context):\n    helpers.assume_role(RoleArn='a')",
            id="a function of a module",
        ),
        pytest.param(
            "import boto3\ndef handler(event, context):\n    boto3.Session()  # noqa: BSF106", id="suppressed"
        ),
    ],
)
def test_not_found(text: str) -> None:
    assert found(text, CODES) == []


def test_tests_are_left_out() -> None:
    assert found(handler("boto3.Session()"), CODES, path="tests/test_x.py") == []


def test_on_by_default() -> None:
    assert "BSF106" in enabled(None)


def test_finding() -> None:
    (finding,) = findings_of(handler("s3 = boto3.Session(region_name='eu').client('s3')"), CODES)
    position = finding.location.position
    assert (position.line, position.column) == (9, 9)
    assert (finding.end.line, finding.end.column) == (9, 40)
    assert finding.function == "lambda_handler"
    assert finding.message == (
        "boto3.Session(…) is made on every call of lambda_handler: configuration, credentials and connections"
        " anew each time; make it once at module level, in the initialisation code, and pass it on"
    )


def test_a_static_method_is_named_with_its_class() -> None:
    text = """
        import boto3

        class Function:
            @staticmethod
            def handler(event, context):
                return boto3.Session()
        """
    (finding,) = findings_of(code(text), CODES)
    assert finding.function == "Function.handler"
