"""What a test replaces, in every way that tests are written."""

from __future__ import annotations

import pytest

from session_first.facts.mocks import replaces_default_session, replaces_name
from tests.analysis import code, facts_of

IMPORTS = """\
import sys
import unittest
from unittest import mock
from unittest.mock import DEFAULT, MagicMock, patch

import boto3
import pytest

from app import jobs
"""


def targets(text: str) -> list[str]:
    """What the test file replaces."""
    return [r.target for r in facts_of(IMPORTS + code(text), "tests/test_jobs.py").replacements]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            @patch("boto3.client")
            def test_run(client): ...
            """,
            ["boto3.client"],
            id="decorator",
        ),
        pytest.param(
            """
            @mock.patch("app.jobs.boto3.client", autospec=True)
            @mock.patch("app.jobs.boto3.resource")
            def test_run(resource, client): ...
            """,
            ["app.jobs.boto3.client", "app.jobs.boto3.resource"],
            id="stacked decorators",
        ),
        pytest.param(
            """
            @unittest.mock.patch("app.jobs.boto3")
            class TestRun: ...
            """,
            ["app.jobs.boto3"],
            id="decorator of a class",
        ),
        pytest.param(
            """
            from unittest.mock import patch as mock_patch

            @mock_patch("boto3.client")
            def test_run(client): ...
            """,
            ["boto3.client"],
            id="patch under another name",
        ),
        pytest.param(
            """
            import unittest.mock as um

            @um.patch("boto3.client")
            def test_run(client): ...
            """,
            ["boto3.client"],
            id="the module under another name",
        ),
        pytest.param(
            """
            import mock as m

            @m.patch("boto3.client")
            def test_run(client): ...
            """,
            ["boto3.client"],
            id="the mock package under another name",
        ),
        pytest.param(
            """
            def test_run():
                with patch("boto3.client") as client, patch("app.jobs.send"):
                    jobs.run()
            """,
            ["boto3.client", "app.jobs.send"],
            id="with",
        ),
        pytest.param(
            """
            class TestRun(unittest.TestCase):
                def setUp(self):
                    self.patcher = mock.patch("boto3.client", side_effect=KeyError)
                    self.patcher.start()
            """,
            ["boto3.client"],
            id="start()",
        ),
        pytest.param(
            """
            def test_run():
                stack.enter_context(patch(target="boto3.client"))
            """,
            ["boto3.client"],
            id="target by keyword, in an exit stack",
        ),
        pytest.param(
            """
            @patch.object(boto3, "client", wraps=boto3.client)
            def test_run(client): ...
            """,
            ["boto3.client"],
            id="patch.object",
        ),
        pytest.param(
            """
            @patch.object(jobs.boto3, "client")
            def test_run(client): ...
            """,
            ["app.jobs.boto3.client"],
            id="patch.object of the module's boto3",
        ),
        pytest.param(
            """
            @mock.patch.object(jobs, attribute="boto3")
            def test_run(client): ...
            """,
            ["app.jobs.boto3"],
            id="patch.object, attribute by keyword",
        ),
        pytest.param(
            """
            @mock.patch.object(target=boto3, attribute="client")
            def test_run(client): ...
            """,
            ["boto3.client"],
            id="patch.object, both by keyword",
        ),
        pytest.param(
            """
            @patch.multiple("boto3", client=DEFAULT, resource=DEFAULT)
            def test_run(client, resource): ...
            """,
            ["boto3.client", "boto3.resource"],
            id="patch.multiple",
        ),
        pytest.param(
            """
            @patch.multiple(jobs, boto3=MagicMock())
            def test_run(): ...
            """,
            ["app.jobs.boto3"],
            id="patch.multiple of a module",
        ),
        pytest.param(
            """
            @patch.multiple(target="app.jobs", boto3=MagicMock())
            def test_run(): ...
            """,
            ["app.jobs.boto3"],
            id="patch.multiple, target by keyword",
        ),
        pytest.param(
            """
            @patch.dict("sys.modules", {"boto3": MagicMock(), "yaml": None})
            def test_run(): ...
            """,
            ["boto3", "yaml"],
            id="patch.dict of sys.modules",
        ),
        pytest.param(
            """
            def test_run():
                with patch.dict(sys.modules, boto3=MagicMock()):
                    jobs.run()
            """,
            ["boto3"],
            id="patch.dict of sys.modules with keywords",
        ),
        pytest.param(
            """
            def test_run():
                with patch.dict(sys.modules, values={"boto3": MagicMock()}):
                    jobs.run()
            """,
            ["boto3"],
            id="patch.dict of sys.modules, values by keyword",
        ),
        pytest.param(
            """
            sys.modules["boto3"] = MagicMock()
            """,
            ["boto3"],
            id="assignment to sys.modules",
        ),
        pytest.param(
            """
            def test_run(mocker):
                mocker.patch("app.jobs.boto3.client", return_value=1)
            """,
            ["app.jobs.boto3.client"],
            id="mocker.patch",
        ),
        pytest.param(
            """
            def test_run(mocker):
                mocker.patch.object(boto3, "client")
            """,
            ["boto3.client"],
            id="mocker.patch.object",
        ),
        pytest.param(
            """
            def test_run(mocker):
                mocker.spy(boto3, "client")
            """,
            ["boto3.client"],
            id="mocker.spy",
        ),
        pytest.param(
            """
            def test_run(mocker):
                mocker.patch.dict("sys.modules", boto3=MagicMock())
            """,
            ["boto3"],
            id="mocker.patch.dict",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.setattr(boto3, "client", fake)
            """,
            ["boto3.client"],
            id="monkeypatch.setattr",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.setattr("app.jobs.boto3.client", fake)
            """,
            ["app.jobs.boto3.client"],
            id="monkeypatch.setattr of a string",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.setattr(jobs, "boto3", fake, raising=False)
            """,
            ["app.jobs.boto3"],
            id="monkeypatch.setattr with a third argument",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.setattr(target=boto3, name="client", value=fake)
            """,
            ["boto3.client"],
            id="monkeypatch.setattr, all by keyword",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.delattr("app.jobs.boto3.client")
            """,
            ["app.jobs.boto3.client"],
            id="monkeypatch.delattr",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.setitem(sys.modules, "boto3", fake)
            """,
            ["boto3"],
            id="monkeypatch.setitem of sys.modules",
        ),
        pytest.param(
            """
            @pytest.fixture(autouse=True)
            def no_aws(monkeypatch):
                with monkeypatch.context() as m:
                    m.setattr(boto3, "client", None)
                    yield
            """,
            ["boto3.client"],
            id="a fixture, monkeypatch.context",
        ),
        pytest.param(
            """
            def test_run():
                boto3.client = MagicMock()
            """,
            ["boto3.client"],
            id="assignment",
        ),
        pytest.param(
            """
            def test_run():
                jobs.boto3 = MagicMock()
            """,
            ["app.jobs.boto3"],
            id="assignment to the module's boto3",
        ),
        pytest.param(
            """
            def test_run():
                setattr(boto3, "client", MagicMock())
            """,
            ["boto3.client"],
            id="setattr",
        ),
        # Targets that are not literals.
        pytest.param(
            """
            TARGET = "boto3.client"

            @patch(TARGET)
            def test_run(client): ...
            """,
            ["boto3.client"],
            id="constant",
        ),
        pytest.param(
            """
            MODULE = "app.jobs"

            @patch(f"{MODULE}.boto3.client")
            def test_run(client): ...
            """,
            ["app.jobs.boto3.client"],
            id="f-string of a constant",
        ),
        pytest.param(
            """
            @patch(f"{jobs.__name__}.boto3.client")
            def test_run(client): ...
            """,
            ["app.jobs.boto3.client"],
            id="f-string of a module's __name__",
        ),
        pytest.param(
            """
            @patch(__name__ + ".boto3.client")
            def test_run(client): ...
            """,
            ["tests.test_jobs.boto3.client"],
            id="this module's __name__",
        ),
        pytest.param(
            """
            MODULE = "app.jobs"

            @patch("%s.boto3" % MODULE)
            def test_run(client): ...
            """,
            ["*.boto3"],
            id="percent",
        ),
        pytest.param(
            """
            @patch("{}.boto3.client".format(MODULE))
            def test_run(client): ...
            """,
            ["*.boto3.client"],
            id="format",
        ),
        pytest.param(
            """
            @patch("app.jobs." "boto3.client")
            def test_run(client): ...
            """,
            ["app.jobs.boto3.client"],
            id="two literals",
        ),
        pytest.param(
            """
            class TestRun:
                TARGET = "boto3.client"

                def test_run(self):
                    with patch(self.TARGET): ...
            """,
            ["*"],
            id="attribute",
        ),
        pytest.param(
            """
            for name in ("client", "resource"):
                patch.object(boto3, name).start()
            """,
            ["boto3.*"],
            id="loop variable",
        ),
        pytest.param(
            """
            def replaced(target):
                return patch(target)
            """,
            ["*"],
            id="parameter",
        ),
        pytest.param(
            """
            @patch.object(sys.modules["app.jobs"], "boto3")
            def test_run(client): ...
            """,
            ["*.boto3"],
            id="module out of sys.modules",
        ),
        pytest.param(
            """
            @patch.dict("app.jobs.__dict__", {"boto3": MagicMock()})
            def test_run(client): ...
            """,
            ["app.jobs.boto3"],
            id="patch.dict of a module's __dict__",
        ),
    ],
)
def test_replacements(text: str, expected: list[str]) -> None:
    assert sorted(targets(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            def test_update(client):
                client.patch("/users/1", json={})
            """,
            id="a web test client's patch",
        ),
        pytest.param(
            """
            import requests

            def test_update():
                requests.patch("https://example.org/users/1")
            """,
            id="requests.patch",
        ),
        pytest.param(
            """
            import os

            @patch.dict(os.environ, {"AWS_PROFILE": "x"})
            def test_run(): ...
            """,
            id="patch.dict of the environment",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.setenv("AWS_PROFILE", "x")
                monkeypatch.setitem(jobs.SETTINGS, "region", "eu-west-1")
            """,
            id="monkeypatch of other things",
        ),
        pytest.param(
            """
            def test_run():
                assert boto3.client == jobs.make
                client = boto3.client
            """,
            id="comparison and reading",
        ),
    ],
)
def test_no_replacements(text: str) -> None:
    assert targets(text) == []


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("boto3.client", id="client"),
        pytest.param("boto3.resource", id="resource"),
        pytest.param("boto3", id="module"),
        pytest.param("app.jobs.boto3", id="a module's boto3"),
        pytest.param("app.jobs.boto3.client", id="a module's boto3.client"),
        pytest.param("*", id="anything"),
        pytest.param("*.boto3", id="boto3 of some module"),
        pytest.param("*.client", id="client of something"),
        pytest.param("boto3.*", id="something of boto3"),
        pytest.param("*.*", id="something of something"),
    ],
)
def test_what_replaces_the_default_session(target: str) -> None:
    assert replaces_default_session(target)


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("boto3.Session", id="the class, which both forms use"),
        pytest.param("boto3.Session.client", id="a method of the class, which both forms use"),
        pytest.param("boto3.DEFAULT_SESSION", id="the default session, which both forms use"),
        pytest.param("botocore.client.BaseClient._make_api_call", id="what every client calls"),
        pytest.param("app.jobs.client", id="a name of the project"),
        pytest.param("app.jobs.Store.client", id="a method of the project"),
        pytest.param("app.jobs.boto3_client", id="a name that only sounds alike"),
        pytest.param("app.jobs.boto3.exceptions", id="another part of boto3"),
    ],
)
def test_what_does_not_replace_the_default_session(target: str) -> None:
    assert not replaces_default_session(target)


@pytest.mark.parametrize(
    ("target", "module", "name", "expected"),
    [
        pytest.param("app.jobs.client", "app.jobs", "client", True, id="the name"),
        pytest.param("jobs.client", "app.jobs", "client", True, id="a shorter path"),
        pytest.param("src.app.jobs.client", "app.jobs", "client", True, id="a longer path"),
        pytest.param("*.client", "app.jobs", "client", True, id="of some module"),
        pytest.param("*.jobs.client", "app.jobs", "client", True, id="of a module of that name"),
        pytest.param("app.jobs.*", "app.jobs", "client", True, id="some name of the module"),
        pytest.param("*", "app.jobs", "client", True, id="anything"),
        pytest.param("app.other.client", "app.jobs", "client", False, id="of another module"),
        pytest.param("app.jobs.clients", "app.jobs", "client", False, id="another name"),
        pytest.param("myjobs.client", "app.jobs", "client", False, id="a module that only ends alike"),
        pytest.param("boto3.client", "app.jobs", "client", False, id="boto3's own"),
    ],
)
def test_what_replaces_a_name(target: str, module: str, name: str, expected: bool) -> None:
    assert replaces_name(target, module, name) is expected
