"""BSF201: what becomes of an assumed role, situation by situation."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping

import pytest

from session_first.config import Settings
from session_first.model import (
    AddImport,
    AddStatement,
    ChangeCall,
    Edit,
    Fix,
    HoistExpression,
    Plan,
    Position,
    RemoveStatement,
    ReplaceExpression,
    Skip,
)
from session_first.project.assume_role.at_once import EAGER
from session_first.project.following import follow
from session_first.project.plan import make_plan
from session_first.project.view import together
from session_first.rewrite import rewrite
from session_first.rules import check
from tests.analysis import ROOT, answers, facts_of, only_outcome, plan_of, source_of

KEYS = 'aws_access_key_id=c["AccessKeyId"], aws_secret_access_key=c["SecretAccessKey"], aws_session_token=c["SessionToken"]'
"""The three arguments, filled from credentials `c`."""

ROLE = 'boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")'

COPY = f"""
import boto3
def f(arn):
    c = {ROLE}["Credentials"]
    return boto3.client("ec2", {KEYS})
"""
"""The plainest of them."""


def plan(text: str, beside: Mapping[str, str] | None = None) -> Plan:
    """The plan for the roles of `mod.py` and the files beside it."""
    return plan_of({"mod.py": text, **(beside or {})}, codes={"BSF201"})


def fix(text: str, beside: Mapping[str, str] | None = None) -> Fix:
    """The fix of the one role."""
    outcome = only_outcome(plan(text, beside))
    assert isinstance(outcome, Fix), outcome
    return outcome


def skip(text: str, beside: Mapping[str, str] | None = None) -> Skip:
    """Why the one role stays."""
    outcome = only_outcome(plan(text, beside))
    assert isinstance(outcome, Skip), outcome
    return outcome


def changed_calls(edits: tuple[tuple[object, Edit], ...]) -> Iterator[ChangeCall]:
    """The calls that change."""
    return (edit for _, edit in edits if isinstance(edit, ChangeCall))


def role_call(text: str, beside: Mapping[str, str] | None = None) -> ChangeCall:
    """What becomes of the one call of `assume_role`."""
    (call,) = (call for call in changed_calls(fix(text, beside).edits) if call.first is not None)
    return call


def is_eager(text: str, beside: Mapping[str, str] | None = None) -> bool:
    """Whether the role is assumed at once."""
    edits = [edit for _, edit in fix(text, beside).edits]
    added = [e.source for e in edits if isinstance(e, AddStatement)]
    hoisted = [line for e in edits if isinstance(e, HoistExpression) for line in e.follow]
    return any(line.endswith(EAGER) for line in (*added, *hoisted))


# --- What is followed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(COPY, id="to a client"),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                sts = boto3.client("sts")
                r = sts.assume_role(RoleArn=arn, RoleSessionName="f")
                c = r["Credentials"]
                ec2 = boto3.Session({KEYS})
                return ec2.client("ec2")
            """,
            id="through locals, to a session",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                c = {ROLE}.get("Credentials")
                return boto3.resource("s3", aws_access_key_id=c.get("AccessKeyId"), aws_secret_access_key=c.get("SecretAccessKey"), aws_session_token=c.get("SessionToken"))
            """,
            id="by get, to a resource",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                c = {ROLE}["Credentials"]
                key, secret, token = c["AccessKeyId"], c["SecretAccessKey"], c["SessionToken"]
                return boto3.client("ec2", aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)
            """,
            id="unpacked into locals",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                c = {ROLE}["Credentials"]
                keys = dict({KEYS})
                return boto3.client("ec2", **keys), boto3.client("s3", **keys)
            """,
            id="a dict built for **, used twice",
        ),
        pytest.param(
            f"""
            import boto3
            class Account:
                def __init__(self, arn):
                    self.c = {ROLE}["Credentials"]
                def client(self, service):
                    return boto3.client(service, {KEYS.replace("c[", "self.c[")})
            """,
            id="kept on self",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arns):
                for arn in arns:
                    c = {ROLE}["Credentials"]
                    yield boto3.client("ec2", {KEYS})
            """,
            id="a loop over accounts",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn, other):
                c = {ROLE}["Credentials"]
                sts = boto3.client("sts", {KEYS})
                c = sts.assume_role(RoleArn=other, RoleSessionName="f")["Credentials"]
                return boto3.client("ec2", {KEYS})
            """,
            id="chained roles",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn, read_only):
                if read_only:
                    c = boto3.client("sts").assume_role(RoleArn=arn + "-read", RoleSessionName="f")["Credentials"]
                else:
                    c = {ROLE}["Credentials"]
                return boto3.client("ec2", {KEYS})
            """,
            id="chosen by a condition",
        ),
        pytest.param(
            f"""
            import boto3
            CACHE = {{}}
            def assume(arn):
                return {ROLE}["Credentials"]
            def f(arn):
                if arn not in CACHE:
                    CACHE[arn] = assume(arn)
                c = CACHE[arn]
                return boto3.client("ec2", {KEYS})
            """,
            id="cached per account by the caller",
        ),
        pytest.param(
            f"""
            import boto3
            def client(service, c):
                return boto3.client(service, {KEYS})
            def f(arn):
                c = {ROLE}["Credentials"]
                return client("ec2", c), client("s3", c)
            """,
            id="handed to a function that makes the clients",
        ),
        pytest.param(
            f"""
            import boto3
            async def f(arn):
                c = {ROLE}["Credentials"]
                return boto3.client("ec2", {KEYS})
            """,
            id="in an async function",
        ),
    ],
)
def test_rewritten(code: str) -> None:
    assert answers(plan(code)) == ["assumed session"]


def test_roles_of_one_function_do_not_mix() -> None:
    code = f"""
    import boto3
    def f(arn, other):
        c = {ROLE}["Credentials"]
        first = boto3.client("ec2", {KEYS})
        d = boto3.client("sts").assume_role(RoleArn=other, RoleSessionName="f", SerialNumber="m", TokenCode="1")["Credentials"]
        return first, boto3.client("ec2", {KEYS.replace("c[", "d[")})
    """
    assert answers(plan(code)) == ["assumed session", "skip one-time-code"]


# --- A helper that returns credentials ----------------------------------------------------------

HELPER = f"""
import boto3
def assume(arn):
    return {ROLE}["Credentials"]
"""
CONSUMER = f"""
import boto3
from mod import assume
def f(arn):
    c = assume(arn)
    return boto3.client("ec2", {KEYS})
"""
CONSUMER_OF_SESSION = f"""
import boto3
from mod import assume
def g(arn):
    c = assume(arn)
    return boto3.Session({KEYS})
"""


@pytest.mark.parametrize(
    ("helper", "beside", "expected"),
    [
        pytest.param(HELPER, {"use.py": CONSUMER}, ["assumed session"], id="one consumer"),
        pytest.param(
            HELPER,
            {"use.py": CONSUMER, "other.py": CONSUMER_OF_SESSION},
            ["assumed session"],
            id="a consumer that makes a client and one that makes a session",
        ),
        pytest.param(
            HELPER,
            {"pkg/__init__.py": "from mod import assume", "use.py": CONSUMER.replace("mod", "pkg")},
            ["assumed session"],
            id="through a re-export",
        ),
        pytest.param(HELPER, {}, [], id="no consumer: nothing reaches boto3"),
        pytest.param(
            HELPER,
            {
                "use.py": CONSUMER,
                "other.py": "from mod import assume\nprint(assume('a')['AccessKeyId'])",
            },
            ["skip credentials-used-otherwise"],
            id="a consumer prints them",
        ),
        pytest.param(
            HELPER,
            {"use.py": CONSUMER, "other.py": "from mod import assume\nHELPERS = [assume]"},
            ["skip unseen-consumer"],
            id="handed over as a value",
        ),
        pytest.param(
            f"""
            import boto3
            def assume(arn):
                try:
                    return {ROLE}["Credentials"]
                except Exception:
                    return None
            """,
            {
                "use.py": CONSUMER.replace(
                    "c = assume(arn)", "c = assume(arn)\n    if not c:\n        return None"
                )
            },
            ["assumed session"],
            id="None, which its consumer tests, stays",
        ),
        pytest.param(
            f"""
            import boto3
            def assume(arn):
                try:
                    return {ROLE}["Credentials"]
                except Exception:
                    return {{}}
            """,
            {
                "use.py": CONSUMER.replace(
                    KEYS,
                    'aws_access_key_id=c.get("AccessKeyId"), aws_secret_access_key=c.get("SecretAccessKey"), aws_session_token=c.get("SessionToken")',
                )
            },
            ["skip credentials-used-otherwise"],
            id="an empty dict, which its consumer reads",
        ),
        pytest.param(
            f"""
            import boto3
            def assume(arn):
                yield {ROLE}["Credentials"]
            def f(arn):
                for c in assume(arn):
                    yield boto3.client("ec2", {KEYS})
            """,
            {},
            [],
            id="a generator is not followed",
        ),
    ],
)
def test_a_helper(helper: str, beside: dict[str, str], expected: list[str]) -> None:
    assert answers(plan(helper, beside)) == expected


def test_the_consumer_in_the_way_is_named() -> None:
    beside = {"use.py": CONSUMER, "show.py": "from mod import assume\nprint(assume('a')['AccessKeyId'])\n"}
    assert "show.py:2" in skip(HELPER, beside).detail


def test_a_consumer_outside_the_given_paths_is_named() -> None:
    files = {"mod.py": HELPER, "use.py": CONSUMER}
    outcome = only_outcome(plan_of(files, codes={"BSF201"}, given=["mod.py"]))
    assert isinstance(outcome, Skip)
    assert outcome.reason.value == "needs-edit-outside-paths"
    assert "use.py:4" in outcome.detail


def after_fix(files: dict[str, str]) -> dict[str, str]:
    """What the fix of the roles makes of the files."""
    edits = plan_of(files, codes={"BSF201"}).edits(unsafe=False)
    return {
        name: rewrite(source_of(text, name), edits.get(ROOT / name, ())).decode()
        for name, text in files.items()
    }


def use(signature: str, call: str, docstring: str = "") -> str:
    """A function that is given credentials `c`, and a call of it."""
    return f"""
import boto3
def use({signature}):
    {docstring or "..."}
    return boto3.client("ec2", {KEYS})
def main(arn):
    c = {ROLE}["Credentials"]
    return {call}
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(use("c", "use(c)"), "def use(assumed_session):", id="by position"),
        pytest.param(
            use("a, *, c", "use(1, c=c)"), "use(1, assumed_session=assumed_session)", id="by keyword"
        ),
        pytest.param(use("c: dict", "use(c)"), "def use(assumed_session: boto3.Session):", id="annotated"),
        pytest.param(
            use("c", "use(c)", "'Use the c.'"), "def use(assumed_session):", id="a word of the docstring"
        ),
        pytest.param(use("c", "use(c)", "'Use `c`.'"), "def use(c):", id="code in the docstring"),
        pytest.param(use("c, **more", "use(c)"), "def use(c, **more):", id="keywords that are not known"),
        pytest.param(
            use("c=None, d=1", "use(c) or use(**{})"), "def use(c=None, d=1):", id="a call with stars"
        ),
        pytest.param(
            use("c, assumed_session", "use(c, 1)"),
            "def use(c_session, assumed_session):",
            id="the name is taken",
        ),
        pytest.param(
            use("a, c", "other(c)").replace("def main", "def other(c):\n    return use(2, c)\ndef main"),
            "def other(assumed_session):\n    return use(2, assumed_session)\n",
            id="handed on",
        ),
        pytest.param(
            use("c", "use(c)").replace("    ...", "    import os\n    c = c if os.name else c"),
            "    c = c if os.name else c",
            id="bound again",
        ),
        pytest.param(
            f"""
            import boto3
            def use(c, region):
                session = boto3.Session({KEYS})
                return session.client("ec2", region_name=region)
            def main(arn):
                return use({ROLE}["Credentials"], "eu-west-1")
            """,
            "def use(session, region):\n    return session.client",
            id="the session that is made of it gives its name",
        ),
    ],
)
def test_a_parameter_is_renamed(code: str, expected: str) -> None:
    assert expected in after_fix({"mod.py": code})["mod.py"]


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        pytest.param(
            {"base.py": "import mod\nclass Own(mod.Jobs):\n    def run(self, c): ..."},
            "run(self, c)",
            id="overridden",
        ),
        pytest.param(
            {"other.py": "import fire, mod\nfire.Fire(mod.Jobs)"}, "run(self, c)", id="shown by Fire"
        ),
        pytest.param({}, "run(self, assumed_session)", id="its own"),
    ],
)
def test_a_parameter_of_a_method(beside: dict[str, str], expected: str) -> None:
    jobs = f"""
import boto3
class Jobs:
    def run(self, c):
        return boto3.client("ec2", {KEYS})
    def start(self, arn):
        c = {ROLE}["Credentials"]
        return self.run(c=c)
"""
    assert expected in after_fix({"mod.py": jobs, **beside})["mod.py"]


# --- A dict that is given the keys on the way ---------------------------------------------------

FILL = """kw["aws_access_key_id"] = c["AccessKeyId"]
        kw["aws_secret_access_key"] = c["SecretAccessKey"]
        kw["aws_session_token"] = c["SessionToken"]"""


def filling(
    before: str = "kw = {}", fill: str = FILL, after: str = "return boto3.client('ec2', **kw)"
) -> str:
    """A function that gives a dict the keys in a branch."""
    return f"""
import boto3
def work(c): ...
def f(arn, more=None):
    {before}
    if arn:
        c = {ROLE}["Credentials"]
        {fill}
    {after}
"""


def of_session(before: str = "kw = {}", after: str = "return s.client('ec2', **kw)") -> str:
    """The same where a session makes the clients."""
    return filling(f"s = boto3.Session()\n    {before}", after=after).replace("boto3.client", "s.client")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(filling(), "    return (session or boto3).client('ec2')", id="nothing but the keys"),
        pytest.param(
            filling("kw = dict(region_name=more)"),
            "    return (session or boto3).client('ec2', **kw)",
            id="a region as well",
        ),
        pytest.param(
            filling("other = {'verify': False}\n    kw = {**other}"),
            "    return (session or boto3).client('ec2', **kw)",
            id="a copy of another dict",
        ),
        pytest.param(
            filling(
                fill="kw.update(aws_access_key_id=c['AccessKeyId'], aws_secret_access_key=c['SecretAccessKey'], aws_session_token=c['SessionToken'])"
            ),
            "    return (session or boto3).client('ec2')",
            id="by update",
        ),
        pytest.param(
            filling(
                fill=f"kw = dict({KEYS})", after="kw['verify'] = False\n    return boto3.client('ec2', **kw)"
            ),
            "    return (session or boto3).client('ec2', **kw)",
            id="bound anew",
        ),
        pytest.param(of_session(), "        s = aws_assume_role_lib.assume_role(s, ", id="of a session"),
        pytest.param(
            of_session(after="x = s.client('ec2', **kw)\n    return x, s.resource('s3', **kw)"),
            "    x = s.client('ec2')\n    return x, s.resource('s3')",
            id="two clients of a session",
        ),
    ],
)
def test_keys_given_in_a_branch(code: str, expected: str) -> None:
    assert expected in after_fix({"mod.py": code})["mod.py"]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(filling(after="print(kw)\n    return boto3.client('ec2', **kw)"), id="shown"),
        pytest.param(filling(after="if kw: work(1)\n    return boto3.client('ec2', **kw)"), id="tested"),
        pytest.param(
            filling(after="work(**kw)\n    return boto3.client('ec2', **kw)"), id="unpacked elsewhere"
        ),
        pytest.param(filling("kw = more"), id="of unknown keys"),
        pytest.param(filling("kw = {'aws_access_key_id': more}"), id="a key of another identity"),
        pytest.param(
            filling(after="kw['aws_session_token'] = more\n    return boto3.client('ec2', **kw)"),
            id="a key set again",
        ),
        pytest.param(
            filling("kw = {'verify': False}", fill=f"kw = dict({KEYS})"), id="bound anew, and an entry lost"
        ),
        pytest.param(
            filling(after="return boto3.client('ec2', **kw), boto3.client('s3')"),
            id="another default client behind",
        ),
        pytest.param(
            filling("kw = {}\n    for arn in arn:\n      pass").replace("if arn:", "for arn in [arn]:"),
            id="in a loop",
        ),
        pytest.param(filling(after="return lambda: boto3.client('ec2', **kw)"), id="made in a lambda"),
        pytest.param(
            filling(after="g()\n    return boto3.client('ec2', **kw)\ndef g(): ..."),
            id="what the parameter may be passed to",
        ),
        pytest.param(
            filling()
            .replace("    if arn:", "    try:")
            .replace("    return", "    except ValueError: pass\n    return"),
            id="a failure is caught in between",
        ),
        pytest.param(filling(after="return boto3.Session(**kw)"), id="a session"),
        pytest.param(
            of_session(after="return s.client('ec2', **kw), s.client('s3')"),
            id="another client of the session",
        ),
        pytest.param(of_session(after="return s.client('ec2', **kw), s"), id="the session goes elsewhere"),
        pytest.param(
            of_session("kw = {}\n    g = lambda: s.client('s3')", "return s.client('ec2', **kw), g()"),
            id="a lambda has the session",
        ),
        pytest.param(
            of_session(after="return boto3.Session().client('ec2', **kw)").replace(
                "s.client('sts')", "s.client('sts')"
            ),
            id="another session makes the client",
        ),
    ],
)
def test_keys_given_in_a_branch_that_stay(code: str) -> None:
    skip(code)


def test_keys_given_before_a_client_in_any_case() -> None:
    code = filling().replace("    if arn:\n", "").replace("        ", "    ")
    assert "return assumed_session.client('ec2')" in after_fix({"mod.py": code})["mod.py"]


def test_a_dict_that_holds_itself() -> None:
    code = COPY.replace('RoleArn=arn, RoleSessionName="f"', "**kw").replace(
        "    c =", "    kw = {'RoleArn': arn}\n    kw = {**kw}\n    c ="
    )
    assert skip(code).reason.value == "unclear-flow"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param("", "        self.s = aws_assume_role_lib.assume_role(", id="at once"),
        pytest.param("print(arn)", "        self.s = assumed_session", id="something in between"),
        pytest.param("work(c)", "        self.s = assumed_session", id="not for that alone"),
    ],
)
def test_a_session_that_is_kept_on_the_object(more: str, expected: str) -> None:
    code = f"""
import boto3
def work(c):
    return boto3.client("s3", {KEYS})
class A:
    def __init__(self, arn):
        response = {ROLE}
        c = response["Credentials"]
        {more or "pass"}
        self.s = boto3.Session({KEYS})
"""
    assert expected in after_fix({"mod.py": code.replace("        pass\n", "")})["mod.py"]
    caught = (
        code.replace("        pass\n", "") + "def main(arn):\n    try: A(arn)\n    except ValueError: pass\n"
    )
    assert "        self.s = assumed_session" in after_fix({"mod.py": caught})["mod.py"]


# --- When the role is assumed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "beside", "expected"),
    [
        pytest.param(COPY, {}, False, id="nobody catches"),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                try:
                    c = {ROLE}["Credentials"]
                except Exception:
                    raise SystemExit
                return boto3.client("ec2", {KEYS})
            """,
            {},
            True,
            id="a try around it",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn):
                try:
                    c = {ROLE}["Credentials"]
                    return boto3.client("ec2", {KEYS})
                finally:
                    print(arn)
            """,
            {},
            True,
            id="finally runs other code on the way",
        ),
        pytest.param(
            f"""
            import boto3
            from contextlib import suppress
            def f(arn):
                with suppress(Exception):
                    c = {ROLE}["Credentials"]
                    return boto3.client("ec2", {KEYS})
            """,
            {},
            True,
            id="suppress catches",
        ),
        pytest.param(
            COPY,
            {"use.py": "from mod import f\ndef g():\n    try:\n        f('a')\n    except Exception: ...\n"},
            True,
            id="a try in a caller",
        ),
        pytest.param(
            COPY,
            {
                "use.py": "from mod import f\ndef g():\n    f('a')\n",
                "far.py": "import use\ntry:\n    use.g()\nexcept Exception: ...\n",
            },
            True,
            id="a try two calls up",
        ),
        pytest.param(COPY, {"use.py": "from mod import f\nf('a')\n"}, False, id="a caller without a try"),
        pytest.param(
            COPY, {"use.py": "from mod import f\nJOBS = [f]\n"}, True, id="handed over: a caller may catch"
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn, wanted):
                r = {ROLE}
                if wanted:
                    c = r["Credentials"]
                return boto3.client("ec2", {KEYS})
            """,
            {},
            True,
            id="a name that may be unset, which would be found out first",
        ),
    ],
)
def test_the_role_is_assumed_at_once_where_a_failure_can_be_caught(
    code: str, beside: dict[str, str], *, expected: bool
) -> None:
    assert is_eager(code, beside) is expected


# --- The parent ---------------------------------------------------------------------------------


def assuming(setup: str, parameters: str = "arn", call: str = "sts.assume_role") -> str:
    """A function whose STS client is made by `setup`."""
    return f"""
import boto3
def f({parameters}):
    {setup}
    c = {call}(RoleArn=arn, RoleSessionName="f")["Credentials"]
    return boto3.client("ec2", region_name="eu-north-1", {KEYS})
"""


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        pytest.param(COPY, "session or boto3._get_default_session()", id="the default client"),
        pytest.param(
            assuming('sts = session.client("sts")', "arn, session: boto3.Session"),
            "session",
            id="a parameter",
        ),
        pytest.param(
            assuming('sts = (session or boto3).client("sts")', "arn, session=None"),
            "session or boto3._get_default_session()",
            id="a parameter or the default",
        ),
        pytest.param(
            assuming('session = boto3.Session(profile_name="p")\n    sts = session.client("sts")'),
            "session",
            id="a session of a profile",
        ),
        pytest.param(
            assuming('sts = boto3.client("sts", aws_access_key_id="k", aws_secret_access_key="s")'),
            'boto3.Session(aws_access_key_id="k", aws_secret_access_key="s")',
            id="explicit keys that are not None",
        ),
        pytest.param(
            f"""
            import boto3
            c = boto3.client("sts").assume_role(RoleArn="r", RoleSessionName="f")["Credentials"]
            client = boto3.client("ec2", {KEYS})
            """,
            "boto3._get_default_session()",
            id="at module level",
        ),
        pytest.param(
            f"""
            import boto3
            def f(arn, session):
                c = {ROLE}["Credentials"]
                session.add(boto3.client("ec2", {KEYS}))
            """,
            "boto3_session or boto3._get_default_session()",
            id="session is a name of something else",
        ),
        pytest.param(
            f"""
            import boto3
            class Account:
                def __init__(self, profile):
                    self.session = boto3.Session(profile_name=profile)
                    self.sts = self.session.client("sts")
                def client(self, arn):
                    c = self.sts.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                    return boto3.client("ec2", {KEYS})
            """,
            "self.session",
            id="kept on self beside the client",
        ),
    ],
)
def test_parent(code: str, parent: str) -> None:
    assert role_call(code).first == parent


def test_the_parent_of_a_chained_role_is_the_first_roles_session() -> None:
    code = f"""
    import boto3
    def f(arn, other):
        c = {ROLE}["Credentials"]
        sts = boto3.client("sts", {KEYS})
        d = sts.assume_role(RoleArn=other, RoleSessionName="f")["Credentials"]
        return boto3.client("ec2", {KEYS.replace("c[", "d[")})
    """
    first, second = plan(code).resolutions
    assert first.outcome == second.outcome
    assert isinstance(first.outcome, Fix)
    parents = [call.first for call in changed_calls(first.outcome.edits) if call.first is not None]
    assert parents == ["session or boto3._get_default_session()", "assumed_session"]


def test_sessions_that_get_a_name_get_one_each() -> None:
    code = f"""
    import boto3
    def f(arn, other, third):
        one = boto3.Session(profile_name="a").client("sts")
        two = boto3.Session(profile_name="b").client("sts")
        three = boto3.Session(profile_name="c").client("sts")
        c = one.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        d = two.assume_role(RoleArn=other, RoleSessionName="f")["Credentials"]
        e = three.assume_role(RoleArn=third, RoleSessionName="f")["Credentials"]
        boto3.client("ec2", {KEYS})
        boto3.client("ec2", {KEYS.replace("c[", "d[")})
        boto3.client("ec2", {KEYS.replace("c[", "e[")})
    """
    text = after_fix({"mod.py": textwrap.dedent(code)})["mod.py"]
    assert re.findall(r'(\w+) = boto3.Session\(profile_name="(.)"\)', text) == [
        ("parent_session", "a"),
        ("parent_boto3_session", "b"),
        ("three_session", "c"),
    ]
    assert re.findall(r"assume_role\(\s*(\w+), RoleArn=(\w+)", text) == [
        ("parent_session", "arn"),
        ("parent_boto3_session", "other"),
        ("three_session", "third"),
    ]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(assuming("", "arn, sts"), id="the STS client is a parameter"),
        pytest.param(
            assuming(
                'sts = boto3.client("sts", aws_access_key_id=key, aws_secret_access_key=secret)',
                "arn, key=None, secret=None",
            ),
            id="keys that may be None",
        ),
        pytest.param(
            f"""
            import boto3
            class Account:
                def __init__(self, session: boto3.Session):
                    self.sts = session.client("sts")
                def client(self, arn):
                    c = self.sts.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
                    return boto3.client("ec2", {KEYS})
            """,
            id="the session is not kept",
        ),
        pytest.param(
            "import os"
            + assuming(
                'sts = boto3.client("sts", aws_access_key_id=os.environ["KEY"], aws_secret_access_key="s")\n    os.environ.pop("KEY")'
            ),
            id="keys that may be gone since",
        ),
    ],
)
def test_no_parent(code: str) -> None:
    assert answers(plan(code)) == ["skip unknown-parent"]


# --- Arguments ----------------------------------------------------------------------------------


def with_arguments(arguments: str, before: str = "", parameters: str = "arn") -> str:
    """A role that is assumed with these arguments besides."""
    return f"""
import boto3
HOUR = 3600
def f({parameters}):
    {before or "pass"}
    c = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="f", {arguments})["Credentials"]
    return boto3.client("ec2", {KEYS})
"""


@pytest.mark.parametrize(
    ("arguments", "removed", "added"),
    [
        pytest.param(
            'ExternalId="x", Policy="{}", PolicyArns=[], Tags=[], TransitiveTagKeys=[], SourceIdentity="me"',
            0,
            (),
            id="keep their names",
        ),
        pytest.param("DurationSeconds=3600", 0, (), id="a duration above 900"),
        pytest.param("DurationSeconds=901", 0, (), id="just above 900"),
        pytest.param("DurationSeconds=HOUR", 0, (), id="a constant of the module"),
        pytest.param(
            "ProvidedContexts=[]", 1, (("additional_kwargs", '{"ProvidedContexts": []}'),), id="others"
        ),
        pytest.param('**{"ExternalId": "x"}', 1, (("ExternalId", '"x"'),), id="a literal dict is opened"),
    ],
)
def test_arguments(arguments: str, removed: int, added: tuple[tuple[str, str], ...]) -> None:
    text = with_arguments(arguments)
    assert answers(plan(text)) == ["assumed session"]
    call = role_call(text)
    assert (len(call.removed), call.added) == (removed, added)


@pytest.mark.parametrize(
    ("arguments", "parameters", "expected"),
    [
        pytest.param("DurationSeconds=900", "arn", "unsafe assumed session", id="900 seconds"),
        pytest.param("DurationSeconds=n", "arn, n", "unsafe assumed session", id="an unknown duration"),
        pytest.param('SerialNumber="m", TokenCode="1"', "arn", "skip one-time-code", id="an MFA code"),
        pytest.param('**{"TokenCode": "1"}', "arn", "skip one-time-code", id="an MFA code in a dict"),
        pytest.param("**more", "arn, **more", "skip unclear-flow", id="a dict of the caller's"),
        pytest.param(
            "ExternalId=x", "arn, x=None", "unsafe assumed session", id="a parameter that may be None"
        ),
        pytest.param(
            "ExternalId=x", "arn, *, x=None", "unsafe assumed session", id="a keyword that may be None"
        ),
        pytest.param("ExternalId=x", "arn, x", "assumed session", id="a parameter that must be given"),
        pytest.param("ExternalId=x", 'arn, x="ours"', "assumed session", id="a parameter with a default"),
        pytest.param('ExternalId=x or ""', "arn, x=None", "assumed session", id="a parameter or a string"),
        pytest.param("ExternalId=x.get('id')", "arn, x", "unsafe assumed session", id="what get() gives"),
        pytest.param(
            "ExternalId=x.get('id', 'ours')", "arn, x", "assumed session", id="what get() gives, or a default"
        ),
        pytest.param(
            "Tags=x if arn else None", "arn, x", "unsafe assumed session", id="a choice between it and None"
        ),
        pytest.param(
            '**{"ExternalId": x}', "arn, x=None", "unsafe assumed session", id="an entry that may be None"
        ),
    ],
)
def test_arguments_that_stand_in_the_way(arguments: str, parameters: str, expected: str) -> None:
    assert answers(plan(with_arguments(arguments, parameters=parameters))) == [expected]


@pytest.mark.parametrize(
    ("signature", "calls", "expected"),
    [
        pytest.param("arn, n=3600", "f('a')", "assumed session", id="its default"),
        pytest.param("arn, n=HOUR", "f('a')", "assumed session", id="a constant is its default"),
        pytest.param("arn, n", "f('a', 1800), f('a', n=HOUR)", "assumed session", id="what all callers pass"),
        pytest.param("arn, n=900", "f('a', 3600)", "assumed session", id="its default is never used"),
        pytest.param("arn, n=900", "f('a')", "unsafe assumed session", id="a short default"),
        pytest.param(
            "arn, n=3600", "f('a', n=900)", "unsafe assumed session", id="a caller passes a short one"
        ),
        pytest.param(
            "arn, n=3600", "f('a', int(x))", "unsafe assumed session", id="a caller passes anything"
        ),
        pytest.param("arn, n=3600", "f('a', **x)", "unsafe assumed session", id="a caller with stars"),
        pytest.param("arn, n=3600", "f('a'), [f]", "unsafe assumed session", id="callers that are not seen"),
        pytest.param("arn, n=3600", "None", "unsafe assumed session", id="no caller"),
    ],
)
def test_a_duration_that_is_a_parameter(signature: str, calls: str, expected: str) -> None:
    code = with_arguments("DurationSeconds=n", parameters=signature)
    beside = {"use.py": f"from mod import f\ndef g(x):\n    HOUR = 3600\n    return {calls}\n"}
    assert answers(plan(code, beside)) == [expected]


def test_a_duration_that_is_a_parameter_set_anew() -> None:
    code = with_arguments("DurationSeconds=n", "n = n // 2", "arn, n=3600")
    assert answers(plan(code, {"use.py": "from mod import f\nf('a')\n"})) == ["unsafe assumed session"]


def test_optional_arguments_in_a_dict_that_is_filled_on_the_way() -> None:
    code = f"""
    import boto3
    def f(arn, external_id=None):
        more = {{"RoleArn": arn, "RoleSessionName": "f"}}
        if external_id:
            more["ExternalId"] = external_id
        c = boto3.client("sts").assume_role(**more)["Credentials"]
        return boto3.client("ec2", {KEYS})
    """
    assert answers(plan(code)) == ["assumed session"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["pass"], "unsafe assumed session", id="it is not tested"),
        pytest.param(["if x is None:", "    raise ValueError"], "assumed session", id="it is tested"),
        pytest.param(["x = x or arn"], "assumed session", id="it is set"),
        pytest.param(["assert x"], "assumed session", id="it is asserted"),
    ],
)
def test_an_argument_that_may_be_none(lines: list[str], expected: str) -> None:
    body = "".join(f"    {line}\n" for line in lines)
    call = 'boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName=x)["Credentials"]'
    code = (
        f"import boto3\ndef f(arn, x=None):\n{body}    c = {call}\n    return boto3.client('ec2', {KEYS})\n"
    )
    assert answers(plan(code)) == [expected]


def test_an_argument_that_may_be_none_on_the_object() -> None:
    code = f"""
    import boto3
    class Account:
        def __init__(self, arn, external_id=None):
            self.arn, self.external_id = arn, external_id
            self.id = external_id
        def ec2(self):
            c = boto3.client("sts").assume_role(RoleArn=self.arn, RoleSessionName="f", ExternalId=self.id)["Credentials"]
            return boto3.client("ec2", {KEYS})
    """
    assert answers(plan(code)) == ["unsafe assumed session"]


# --- Regions ------------------------------------------------------------------------------------

OF_SESSION = f"""
import boto3
def f(arn, session: boto3.Session, region):
    c = session.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
    return SINK({KEYS})
"""
OF_DEFAULT = f"""
import boto3
def f(arn):
    c = {ROLE}["Credentials"]
    return SINK({KEYS})
"""
SETS_DEFAULT = {"main.py": "import boto3\nboto3.setup_default_session(region_name='eu-north-1')\n"}


@pytest.mark.parametrize(
    ("code", "sink", "beside", "added"),
    [
        pytest.param(OF_DEFAULT, "boto3.Session(", {}, (), id="a session, of the default one"),
        pytest.param(
            OF_DEFAULT,
            "boto3.Session(",
            SETS_DEFAULT,
            (("region_name", "False"),),
            id="a session, where the default one is set up: the environment's",
        ),
        pytest.param(
            OF_SESSION,
            "boto3.Session(",
            {},
            (("region_name", "False"),),
            id="a session, of another: the environment's",
        ),
        pytest.param(
            OF_SESSION,
            "boto3.Session(region_name=region, ",
            {},
            (("region_name", "region"),),
            id="a session that names its region",
        ),
        pytest.param(OF_DEFAULT, 'boto3.client("ec2", ', {}, (), id="a client of the default session"),
        pytest.param(OF_SESSION, 'session.client("ec2", ', {}, (), id="a client of the parent"),
        pytest.param(
            OF_SESSION,
            'boto3.client("ec2", ',
            {},
            (("region_name", "boto3._get_default_session().region_name"),),
            id="a client of the default session, the parent another",
        ),
        pytest.param(
            OF_SESSION,
            'boto3.client("ec2", region_name=region, ',
            {},
            (),
            id="a client that names its region",
        ),
    ],
)
def test_region(code: str, sink: str, beside: dict[str, str], added: tuple[tuple[str, str], ...]) -> None:
    outcome = fix(code.replace("SINK(", sink), beside)
    assert tuple(pair for call in changed_calls(outcome.edits) for pair in call.added) == added


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param("region", "assumed session", id="certainly one: it stays, and is named once"),
        pytest.param("region=None", "skip several-regions", id="it may be None"),
    ],
)
def test_a_region_in_a_dict_where_the_parent_is_another_session(parameters: str, expected: str) -> None:
    code = f"""
    import boto3
    def f(arn, session: boto3.Session, {parameters}):
        c = session.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        more = dict(region_name=region, {KEYS})
        return boto3.client("ec2", **more)
    """
    assert answers(plan(code)) == [expected]
    assert not any(
        call.added
        for resolution in plan(code).resolutions
        if isinstance(resolution.outcome, Fix)
        for call in changed_calls(resolution.outcome.edits)
    )


@pytest.mark.parametrize("line", ["del region", "region = None", "for region in ['a']: pass"])
def test_a_region_that_is_gone_where_a_session_names_it(line: str) -> None:
    code = f"""
    import boto3
    def f(arn, region):
        c = {ROLE}["Credentials"]
        print(arn)
        s = boto3.Session(region_name=region, {KEYS})
        {line}
        return s.client("ec2")
    """
    assert answers(plan(code)) == ["skip several-regions"]


@pytest.mark.parametrize(
    ("region", "written"),
    [
        pytest.param("os.environ['AWS_REGION']", "os.environ['AWS_REGION']", id="of the environment"),
        pytest.param("os.environ.get('R')", "os.environ.get('R')", id="of the environment, or none"),
        pytest.param("os.getenv('R', 'eu-west-1')", "os.getenv('R', 'eu-west-1')", id="with a default"),
        pytest.param("config['region']", "config['region']", id="an entry"),
        pytest.param("config[name].region", "config[name].region", id="an attribute of an entry"),
        pytest.param("config['a'] or os.environ['B']", "config['a'] or os.environ['B']", id="one of two"),
    ],
)
def test_a_region_that_is_looked_up(region: str, written: str) -> None:
    code = f"""
import boto3, os
def f(arn, config, name):
    response = {ROLE}
    c = response["Credentials"]
    s = boto3.Session({KEYS}, region_name={region})
    return s.client("ec2").describe_regions()
"""
    assert role_call(code).added == (("region_name", written),)
    assert (
        skip(
            code.replace("    s =", "    print(arn)\n    s =").replace("return s.", "return s, s.")
        ).reason.value
        == "several-regions"
    )
    kept = code.replace("    s =", "    s = None\n    s =").replace("return s.", "return s, s.")
    assert skip(kept).reason.value == "several-regions"


def test_a_region_of_another_parent_that_is_looked_up() -> None:
    code = f"""
import boto3, os
def f(arn, session: boto3.Session):
    c = {ROLE.replace("boto3", "session")}["Credentials"]
    s = boto3.Session({KEYS}, region_name=os.environ.get('R'))
    return s.client("ec2").describe_regions()
"""
    assert role_call(code).added == (("region_name", "os.environ.get('R') or False"),)
    given = code.replace("get('R')", "get('R', 'eu-west-1')")
    assert role_call(given).added == (("region_name", "os.environ.get('R', 'eu-west-1')"),)


def test_a_region_that_may_be_missing_where_a_failure_can_be_caught() -> None:
    code = f"""
import boto3, os
def f(arn):
    try:
        c = {ROLE}["Credentials"]
        return boto3.Session({KEYS}, region_name=os.environ['R'])
    except KeyError:
        return None
"""
    assert skip(code).reason.value == "several-regions"
    assert role_call(code.replace("os.environ['R']", "os.getenv('R')")).added == (
        ("region_name", "os.getenv('R')"),
    )


def test_sessions_of_several_regions() -> None:
    code = f"""
    import boto3
    def assume(arn):
        return {ROLE}["Credentials"]
    def f(arn, region):
        c = assume(arn)
        return boto3.Session(region_name=region, {KEYS})
    """
    assert answers(plan(code)) == ["skip several-regions"]


@pytest.mark.parametrize("parameter", ["session", "boto3_session", "aws_session"])
def test_the_name_of_a_session_parameter_stays_free(parameter: str) -> None:
    own = parameter.removesuffix("session") + "creds"
    code = f"""
    import boto3
    def f(arn, other):
        c = {ROLE}["Credentials"]
        {own} = boto3.client("sts").assume_role(RoleArn=other, RoleSessionName="f")["Credentials"]
        return boto3.client("ec2", {KEYS}), boto3.client("ec2", {KEYS.replace("c[", f"{own}[")})
    """
    text = after_fix({"mod.py": textwrap.dedent(code)})["mod.py"]
    assert "    assumed_session = aws_assume_role_lib" in text
    assert "    assumed_role_session = aws_assume_role_lib" in text


# --- The names that the new code reads -----------------------------------------------------------

FROM_BOTO3 = COPY.replace("boto3.client", "client")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            FROM_BOTO3.replace("import boto3", "from boto3 import client"), "assumed session", id="brought in"
        ),
        pytest.param(
            FROM_BOTO3.replace("import boto3", "import boto3\nfrom boto3 import client"),
            "assumed session",
            id="there",
        ),
        pytest.param(
            FROM_BOTO3.replace(
                "import boto3",
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import boto3\nfrom boto3 import client",
            ),
            "skip name-taken",
            id="for type checkers alone",
        ),
        pytest.param(
            FROM_BOTO3.replace(
                "import boto3", "if debug:\n    import boto3\nelse:\n    from boto3 import client"
            ),
            "skip name-taken",
            id="on one branch",
        ),
        pytest.param(
            COPY.replace("import boto3", "try:\n    import boto3\nexcept ImportError:\n    pass"),
            "assumed session",
            id="under a condition, and read there already",
        ),
        pytest.param(
            FROM_BOTO3.replace("import boto3", "from boto3 import client").replace(
                "    c =", "    if debug:\n        import boto3\n    c ="
            ),
            "skip name-taken",
            id="on one branch of the function",
        ),
    ],
)
def test_boto3_is_bound_where_the_fix_reads_it(code: str, expected: str) -> None:
    assert answers(plan(code)) == [expected]


def test_boto3_comes_in_for_a_region() -> None:
    code = """
    from boto3 import client
    def f(arn, session):
        c = session.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        return client("ec2", {KEYS})
    """.replace("{KEYS}", KEYS)
    assert AddImport("boto3") in [edit for _, edit in fix(code).edits]


def test_the_library_is_not_imported_on_a_branch_that_the_role_is_not_on() -> None:
    code = f"""
    def f(arn, session, debug):
        if debug:
            import boto3
            print(boto3.__version__)
        c = session.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        return session.client("ec2", {KEYS})
    """
    assert AddImport("aws_assume_role_lib") in [edit for _, edit in fix(code).edits]


def test_an_annotation_of_a_boto3_that_is_imported_under_a_condition() -> None:
    code = f"""
    try:
        import boto3
    except ImportError:
        pass
    def assume(arn) -> dict:
        return {ROLE}["Credentials"]
    def f(arn):
        c = assume(arn)
        return boto3.client("ec2", {KEYS})
    """
    sources = [edit.source for _, edit in fix(code).edits if isinstance(edit, ReplaceExpression)]
    assert '"boto3.Session"' in sources


# --- What may differ ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "lost"),
    [
        pytest.param('region_name="us-east-1"', "region_name", id="a region"),
        pytest.param('endpoint_url="https://sts.example"', "endpoint_url", id="an endpoint"),
        pytest.param("config=Config()", "config", id="a Config"),
        pytest.param("verify=False", "verify", id="verify"),
    ],
)
def test_settings_of_the_sts_client_would_be_lost(arguments: str, lost: str) -> None:
    code = "from botocore.config import Config" + assuming(f'sts = boto3.client("sts", {arguments})')
    assert answers(plan(code)) == ["unsafe assumed session"]
    assert f"the STS client's {lost} would not be used" in fix(code).message


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param("print(sts.get_caller_identity())", "assumed session", id="an operation"),
        pytest.param("print(sts.meta.region_name)", "assumed session", id="its region"),
        pytest.param("raised = sts.exceptions.ClientError", "assumed session", id="its exceptions"),
        pytest.param(
            'sts.meta.events.register("before-call", print)', "unsafe assumed session", id="its events"
        ),
        pytest.param("meta = sts.meta", "unsafe assumed session", id="its meta, kept"),
        pytest.param("instrument(sts)", "unsafe assumed session", id="handed over"),
        pytest.param("clients = [sts]", "unsafe assumed session", id="put into a list"),
        pytest.param("log(sts)", "assumed session", id="handed to a function that calls operations"),
        pytest.param("hook(sts)", "unsafe assumed session", id="handed to a function that adds a handler"),
    ],
)
def test_other_uses_of_the_sts_client(more: str, expected: str) -> None:
    helpers = """
    def log(client):
        print(client.get_caller_identity())
    def hook(client):
        client.meta.events.register("before-call", print)
    """
    code = assuming(f'sts = boto3.client("sts")\n    {more}') + textwrap.dedent(helpers)
    assert answers(plan(code)) == [expected]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(
            "import mod\nprint(mod.sts.get_caller_identity())", "assumed session", id="an operation"
        ),
        pytest.param(
            "import mod\nmod.sts.meta.events.register('before-call', print)",
            "unsafe assumed session",
            id="its events",
        ),
        pytest.param(
            "from mod import sts\nimport hooks\nhooks.install(sts)",
            "unsafe assumed session",
            id="handed over",
        ),
    ],
)
def test_other_uses_of_a_modules_sts_client(other: str, expected: str) -> None:
    code = f"""
    import boto3
    sts = boto3.client("sts")
    def f(arn):
        c = sts.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        return boto3.client("ec2", {KEYS})
    """
    assert answers(plan(code, {"other.py": other})) == [expected]


SETS = 'os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"'
USED = f"boto3.client('ec2', {KEYS})"


@pytest.mark.parametrize(
    ("lines", "expected", "eager"),
    [
        pytest.param(
            [SETS, 'sts = boto3.client("sts")', "ROLE", USED], "assumed session", False, id="before both"
        ),
        pytest.param(
            ['sts = boto3.client("sts")', SETS, "ROLE", USED], "unsafe assumed session", False, id="between"
        ),
        pytest.param(
            ['sts = boto3.client("sts")', "ROLE", SETS, USED], "assumed session", True, id="after the role"
        ),
        pytest.param(
            ['sts = boto3.client("sts")', "ROLE", 'os.environ.update(AWS_REGION="eu-west-1")', USED],
            "assumed session",
            True,
            id="after the role, by update",
        ),
        pytest.param(
            ['sts = boto3.client("sts")', "ROLE", "os.environ.update(more)", USED],
            "assumed session",
            True,
            id="after the role, by update with what is not known",
        ),
        pytest.param(
            ['sts = boto3.client("sts")', 'os.environ["LEVEL"] = "1"', "ROLE", USED],
            "assumed session",
            False,
            id="a variable that is not AWS's",
        ),
        pytest.param(
            ['sts = boto3.client("sts")', "choose()", "ROLE", USED],
            "unsafe assumed session",
            True,
            id="between, in a function",
        ),
        pytest.param(
            ['sts = boto3.client("sts")', "print()", "ROLE", "choose()", USED],
            "assumed session",
            True,
            id="after the role, in a function",
        ),
        pytest.param(
            ['sts = boto3.client("sts")', "for arn in arns:", "    ROLE", f"    {USED}", f"    {SETS}"],
            "unsafe assumed session",
            True,
            id="between, in the turn before",
        ),
    ],
)
def test_the_environment_changes(lines: list[str], expected: str, *, eager: bool) -> None:
    role = 'c = sts.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]'
    body = "".join(f"    {line.replace('ROLE', role)}\n" for line in lines)
    helper = f"def choose():\n    {SETS}\n" if any("choose()" in line for line in lines) else ""
    code = f"import os\nimport boto3\n{helper}def f(arn, arns, more):\n{body}"
    assert answers(plan(code)) == [expected]
    assert is_eager(code) == eager


def test_the_environment_changes_in_another_file() -> None:
    code = f"""
    import boto3
    sts = boto3.client("sts")
    def f(arn):
        c = sts.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        return boto3.client("ec2", {KEYS})
    """
    assert answers(plan(code)) == ["assumed session"]
    assert answers(plan(code, {"main.py": f"import os\ndef main():\n    {SETS}\n"})) == [
        "unsafe assumed session"
    ]


def test_clients_of_a_session_with_a_profile() -> None:
    code = f"""
    import boto3
    def f(arn):
        session = boto3.Session(profile_name="p")
        c = session.client("sts").assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
        return session.client("ec2", {KEYS})
    """
    assert answers(plan(code)) == ["unsafe assumed session"]
    assert "do not have the profile of session" in fix(code).message


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        pytest.param('@patch("boto3.client")', "unsafe assumed session", id="boto3.client"),
        pytest.param('@patch("mod.boto3.client")', "unsafe assumed session", id="by the module's name"),
        pytest.param('@patch("mod.boto3")', "unsafe assumed session", id="the module's boto3"),
        pytest.param('@patch("boto3.Session")', "unsafe assumed session", id="boto3.Session"),
        pytest.param(
            '@patch("botocore.client.BaseClient._make_api_call")', "unsafe assumed session", id="canned calls"
        ),
        pytest.param('@patch("mod.f")', "unsafe assumed session", id="the function that assumes it"),
        pytest.param("@mock_aws", "assumed session", id="moto, which answers as AWS does"),
        pytest.param('@patch("mod.print")', "assumed session", id="something else"),
    ],
)
def test_a_test_that_replaces(test: str, expected: str) -> None:
    tests = f"from unittest.mock import patch\nfrom moto import mock_aws\nimport mod\n{test}\ndef test_f(*_):\n    mod.f('a')\n"
    assert answers(plan(COPY, {"tests/test_mod.py": tests})) == [expected]


def test_a_test_that_stubs_sts() -> None:
    tests = """
    from botocore.stub import Stubber
    import mod
    def test_f():
        with Stubber(mod.sts) as stubber:
            stubber.add_response("assume_role", {})
            mod.f("a")
    """
    code = COPY.replace("def f(arn)", 'sts = boto3.client("sts")\ndef f(arn)').replace(
        'boto3.client("sts").assume', "sts.assume"
    )
    assert answers(plan(code, {"tests/test_mod.py": tests})) == ["unsafe assumed session"]


# --- What stands in the way ---------------------------------------------------------------------


def ending(lines: str) -> str:
    """A function that does this with the credentials `c` of the response `r`, before they reach boto3."""
    return f"""
import boto3, json, logging, threading, subprocess
def work(c): ...
def f(arn):
    r = {ROLE}
    c = r["Credentials"]
    {lines}
    return boto3.client("ec2", {KEYS})
"""


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param('print(c["Expiration"])', id="Expiration is read"),
        pytest.param('print(r["AssumedRoleUser"])', id="AssumedRoleUser is read"),
        pytest.param('print(r["ResponseMetadata"]["HTTPStatusCode"])', id="the status is read"),
        pytest.param("logging.info(r)", id="the response is logged"),
        pytest.param("json.dumps(c, default=str)", id="JSON"),
        pytest.param('subprocess.run(["x"], env={"AWS_ACCESS_KEY_ID": c["AccessKeyId"]})', id="a subprocess"),
        pytest.param("threading.Thread(target=work, args=(c,)).start()", id="a thread"),
    ],
)
def test_credentials_that_also_go_elsewhere(lines: str) -> None:
    assert answers(plan(ending(lines))) == ["skip credentials-used-otherwise"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param('c["SessionToken"] = "x"', id="a part is set"),
        pytest.param('c["Region"] = "eu-north-1"', id="an entry is added"),
        pytest.param('d = c; d["Region"] = "eu-north-1"', id="under another name"),
        pytest.param('r["account"] = arn', id="an entry is added to the response"),
        pytest.param('c["SessionToken"] += "x"', id="a part is changed"),
        pytest.param('c.pop("Expiration")', id="an entry is taken out"),
        pytest.param('c.update(Region="eu-north-1")', id="update"),
        pytest.param('del c["Expiration"]', id="an entry is deleted"),
    ],
)
def test_credentials_that_are_changed(lines: str) -> None:
    (answer,) = answers(plan(ending(lines)))
    assert answer in {"skip credentials-used-otherwise", "skip unclear-flow"}


MODULE = f"""
import boto3
creds = {ROLE.replace("=arn", "='a'")}["Credentials"]
def ec2():
    return boto3.client("ec2", {KEYS.replace("c[", "creds[")})
"""
"""Credentials in a variable of a module."""

HELPED = f"""
{HELPER}
def f(arn):
    c = assume(arn)
    return boto3.client("ec2", {KEYS})
"""
"""Credentials that a function returns."""

KEPT = f"""
import boto3
class Account:
    def __init__(self, arn):
        self.creds = {ROLE}["Credentials"]
    def ec2(self):
        return boto3.client("ec2", {KEYS.replace("c[", "self.creds[")})
"""
"""Credentials on an object."""


@pytest.mark.parametrize(
    ("code", "other"),
    [
        pytest.param(HELPED, "import mod\ndef g(n):\n    return getattr(mod, n)('a')", id="helper, getattr"),
        pytest.param(
            HELPED,
            "import importlib\nc = importlib.import_module('mod').assume('a')",
            id="helper, import_module",
        ),
        pytest.param(
            HELPED,
            "import importlib\nm = importlib.import_module('mo' + 'd')\nc = m.assume('a')",
            id="helper, import_module of a name that is not known",
        ),
        pytest.param(HELPED, "c = __import__('mod').assume('a')", id="helper, __import__"),
        pytest.param(
            HELPED, "import sys\nimport mod\nc = sys.modules['mod'].assume('a')", id="helper, sys.modules"
        ),
        pytest.param(
            HELPED,
            "import mod\ndef g(m):\n    return m.assume('a')\nc = g(mod)",
            id="helper, the module is handed over",
        ),
        pytest.param(HELPED, "import mod\nc = vars(mod)['assume']('a')", id="helper, vars of the module"),
        pytest.param(
            MODULE, "import mod\nm = mod\nprint(m.creds)", id="variable, another name of the module"
        ),
        pytest.param(MODULE, "import mod\nprint(getattr(mod, 'creds'))", id="variable, getattr"),
        pytest.param(
            MODULE, "import mod\ndef g(m):\n    return m.creds\ng(mod)", id="variable, module handed over"
        ),
        pytest.param(KEPT, "def g(a):\n    print(vars(a)['creds'])", id="attribute, vars"),
        pytest.param(KEPT, "def g(a):\n    print(a.__dict__['creds'])", id="attribute, __dict__"),
        pytest.param(
            KEPT, "from mod import Account\nprint(Account('a').__dict__)", id="attribute, all of __dict__"
        ),
        pytest.param(KEPT, "def g(a):\n    print(getattr(a, 'creds'))", id="attribute, getattr"),
        pytest.param(KEPT, "def g(a):\n    setattr(a, 'creds', {})", id="attribute, setattr"),
        pytest.param(
            KEPT,
            "import mod\ndef g(n):\n    a = mod.Account('a')\n    return getattr(a, n)",
            id="attribute, getattr of a name that is not known",
        ),
        pytest.param(
            KEPT,
            "from mod import Account\nclass Other(Account):\n    def g(self, n):\n        return getattr(self, f'cre{n}')",
            id="attribute, getattr of a name whose beginning is known",
        ),
    ],
)
def test_what_may_be_reached_by_a_string(code: str, other: str) -> None:
    assert answers(plan(code, {"other.py": other})) == ["skip unseen-consumer"]


@pytest.mark.parametrize(
    ("code", "other"),
    [
        pytest.param(
            HELPED,
            "import importlib, json, mod\ndef g(n, s):\n    importlib.import_module('json').dumps(n)\n    return getattr(json, n)(s)",
            id="helper",
        ),
        pytest.param(MODULE, "import json, mod\nj = json\nprint(j.dumps({}), mod.ec2())", id="variable"),
        pytest.param(
            KEPT,
            "import argparse, mod\na = argparse.ArgumentParser().parse_args()\nprint(vars(a), mod.Account('a').ec2())",
            id="attribute, vars of a command line",
        ),
        pytest.param(
            KEPT,
            "import boto3, mod\ndef g(n):\n    s3 = boto3.client('s3')\n    return getattr(s3, n)(), mod.Account('a')",
            id="attribute, getattr of a client",
        ),
        pytest.param(
            KEPT,
            "from mod import Account\nclass Other(Account):\n    def g(self, n):\n        return getattr(self, f'list_{n}')()",
            id="attribute, getattr of another name",
        ),
        pytest.param(
            KEPT,
            "from mod import Account\nclass Other(Account):\n    def g(self):\n        return 'creds' in self.__dict__",
            id="attribute, a look whether it is there",
        ),
    ],
)
def test_what_is_not_reached_by_a_string(code: str, other: str) -> None:
    assert answers(plan(code, {"other.py": other})) == ["assumed session"]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        pytest.param(("class Account:", "class Account(Thread):"), "", id="its class is a thread"),
        pytest.param(("class Account:", "class Account(threading.Timer):"), "", id="its class is a timer"),
        pytest.param(
            ("class Account:", "class Account:"),
            "    def go(self):\n        Thread(target=self.ec2).start()\n",
            id="a method is handed to a thread",
        ),
        pytest.param(
            ("class Account:", "class Account:"),
            "    def work(self):\n        self.ec2()\n    def go(self):\n        Thread(target=self.work).start()\n",
            id="a method that calls the method is",
        ),
    ],
)
def test_an_object_that_goes_to_another_thread(change: tuple[str, str], lines: str) -> None:
    code = "import threading\nfrom threading import Thread" + KEPT.replace(*change) + lines
    assert answers(plan(code)) == ["skip credentials-used-otherwise"]


@pytest.mark.parametrize(
    "line", ["self.__dict__.update(more)", "setattr(self, *more)", "setattr(self, more, 1)"]
)
def test_attributes_that_are_set_by_names_that_are_not_known(line: str) -> None:
    other = f"from mod import Account\nclass Other(Account):\n    def g(self, more):\n        {line}\n"
    assert answers(plan(KEPT, {"other.py": other})) == ["unsafe assumed session"]


def test_an_sts_client_that_is_replaced_by_name() -> None:
    code = f"""
    import boto3
    class Account:
        def __init__(self):
            self.sts = boto3.client("sts")
        def ec2(self, arn):
            c = self.sts.assume_role(RoleArn=arn, RoleSessionName="f")["Credentials"]
            return boto3.client("ec2", {KEYS})
    """
    assert answers(plan(code)) == ["unsafe assumed session"]
    assert answers(plan(code, {"other.py": "def g(a, s):\n    setattr(a, 'sts', s)"})) == [
        "skip unknown-parent"
    ]


def test_two_of_the_three() -> None:
    code = COPY.replace(', aws_session_token=c["SessionToken"]', "")
    assert answers(plan(code)) == ["skip unclear-flow"]


@pytest.mark.parametrize("argument", ["profile_name='p'", "botocore_session=other"])
def test_a_copied_session_with(argument: str) -> None:
    code = OF_DEFAULT.replace("SINK(", f"boto3.Session({argument}, ")
    assert answers(plan(code)) == ["skip unclear-flow"]


def test_a_test_that_reads_what_the_helper_returns() -> None:
    tests = "from mod import assume\ndef test_assume():\n    c = assume('a')\n    print(c['AccessKeyId'])\n"
    assert answers(plan(HELPER, {"use.py": CONSUMER, "tests/test_mod.py": tests})) == [
        "skip credentials-used-otherwise"
    ]


# --- Traps of real code -------------------------------------------------------------------------


def test_the_local_of_the_response_is_called_session() -> None:
    code = f"""
    import boto3
    def f(arn):
        session = {ROLE}
        c = session["Credentials"]
        return boto3.client("ec2", {KEYS})
    """
    assert role_call(code).first == "boto3_session or boto3._get_default_session()"


def test_a_function_that_is_itself_called_assume_role() -> None:
    code = COPY.replace("def f(", "def assume_role(")
    assert role_call(code).callee == "aws_assume_role_lib.assume_role"


def test_the_role_is_what_it_was_at_the_call() -> None:
    code = COPY.replace("    return", '    arn = "other"\n    return')
    assert answers(plan(code)) == ["assumed session"]


@pytest.mark.parametrize(
    ("more", "removed"),
    [
        pytest.param("", [Position(3, 4)], id="nothing but the role: it goes"),
        pytest.param("; print(sts.get_caller_identity())", [], id="more: it stays"),
    ],
)
def test_an_sts_client_that_is_asked_for(more: str, removed: list[Position]) -> None:
    edits = fix(assuming(f'sts = boto3.client("sts"){more}')).edits
    assert [edit.statement for _, edit in edits if isinstance(edit, RemoveStatement)] == removed


def test_the_style_of_a_patched_boto3() -> None:
    patched = "import aws_assume_role_lib\naws_assume_role_lib.patch_boto3()\n"
    modules = [facts_of(COPY), facts_of(patched, "main.py")]
    followed = follow(modules)
    found = check(together(modules, None, followed)[modules[0].path], {"BSF201"})
    made = make_plan(
        modules,
        found,
        writable=frozenset({ROOT / "mod.py"}),
        settings=Settings(assume_role_style="method"),
        python_floor=(3, 10),
        followed=followed,
    )
    outcome = only_outcome(made)
    assert isinstance(outcome, Fix)
    assert "(session or boto3).assume_role" in [call.callee for call in changed_calls(outcome.edits)]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        pytest.param("mod.requests", ["assumed session"], id="requests, which only ends in sts"),
        pytest.param("mod.hosts", ["assumed session"], id="hosts"),
        pytest.param("mod.sts_client", ["unsafe assumed session"], id="an STS client"),
        pytest.param("mod.awssts", ["unsafe assumed session"], id="STS in a longer word"),
    ],
)
def test_a_name_with_sts_in_it_is_replaced(target: str, expected: list[str]) -> None:
    files = {
        "mod.py": f"""
        import boto3

        def f(arn):
            c = {ROLE}["Credentials"]
            return boto3.Session({KEYS})
        """,
        "tests/test_mod.py": f"from unittest.mock import patch\n\n@patch({target!r})\ndef test_f(fake): ...\n",
    }
    assert answers(plan_of(files, codes={"BSF201"})) == expected
