"""A file that is looked at alone, as flake8 does: the same findings, and nothing gathered that only the project needs."""

from __future__ import annotations

import dataclasses

import pytest

from session_first.config import DEFAULT_TESTS
from session_first.facts.module import analyse
from session_first.files import is_test
from session_first.model import Finding, ModuleFacts
from session_first.project import view
from session_first.rules import check
from session_first.source import SourceError, decode, parse
from tests.analysis import ALL, source_of
from tests.situations import SITUATIONS

NO_PROJECT = """
import boto3

def load(key):
    return boto3.client("s3").get_object(Bucket="b", Key=key)
"""
TAKES_ONE = """
import boto3

def load(key, session=None):
    return (session or boto3).client("s3").get_object(Bucket="b", Key=key)
"""


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        pytest.param(NO_PROJECT, True, id="a finding"),
        pytest.param(TAKES_ONE, True, id="a function takes a session, and nothing here calls it"),
        pytest.param(f"{TAKES_ONE}\nload(1)", False, id="something calls it"),
        pytest.param(f"{TAKES_ONE}\nclass S:\n    def run(self): self.load()", False, id="so it seems"),
        pytest.param(f"{TAKES_ONE}\nrun = load\nrun(1)", False, id="by another name"),
        pytest.param(
            "import boto3\n\nclass S:\n    def __init__(self, session=None):\n"
            "        self.s3 = (session or boto3).client('s3')\n\n"
            "    @classmethod\n    def make(cls, session=None):\n        return cls()",
            False,
            id="a class calls its own constructor",
        ),
        pytest.param(
            "import boto3\n\nc = boto3.client('sts').assume_role(RoleArn='r', RoleSessionName='s')['Credentials']\n"
            "boto3.client('s3', aws_access_key_id=c['AccessKeyId'])",
            False,
            id="credentials are followed",
        ),
        pytest.param(
            f"from threading import Thread\n{NO_PROJECT}\nThread(target=load)", False, id="a thread runs it"
        ),
    ],
)
def test_what_only_the_project_needs(text: str, alone: bool) -> None:
    source = source_of(text)
    facts = analyse(source, parse(source), "mod", is_test=False, alone=True)
    gathered = {field.name for field in dataclasses.fields(facts) if getattr(facts, field.name)}
    assert gathered.isdisjoint({"calls", "definitions", "functions", "references", "read_names"}) == alone


def findings(facts: ModuleFacts) -> tuple[Finding, ...]:
    """As the plugin asks for them."""
    return check(view.alone(facts), ALL)


@pytest.mark.parametrize("tree", ["before", "after"])
def test_the_findings_are_the_same(tree: str) -> None:
    several = 0
    for root, path in ((s.folder / tree, p) for s in SITUATIONS for p in (s.folder / tree).rglob("*.py")):
        try:
            source = decode(path, path.read_bytes())
            parsed = parse(source)
        except SourceError:
            continue
        test = is_test(path, root, DEFAULT_TESTS)
        whole, alone = (
            analyse(source, parsed, path.stem, is_test=test, alone=alone) for alone in (False, True)
        )
        assert findings(alone) == findings(whole), path
        several += bool(findings(alone))
    assert several > 50
