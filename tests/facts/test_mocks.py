"""What a test replaces, in every way that tests are written."""

from __future__ import annotations

import pytest

from session_first.facts.mocks import replaced_parts, replaces_default_session, replaces_name
from tests.analysis import code, facts_of

IMPORTS = """\
import sys
import unittest
from unittest import mock
from unittest.mock import DEFAULT, MagicMock, patch

import boto3
import pytest

from app import jobs
from app.store import Store
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
            ["app.jobs.boto3"],
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
            ["boto3.client"],
            id="attribute",
        ),
        pytest.param(
            """
            for name in ("client", "resource"):
                patch.object(boto3, name).start()
            """,
            ["boto3.client", "boto3.resource"],
            id="loop variable",
        ),
        pytest.param(
            """
            def replaced(target):
                return patch(target)
            """,
            ["*"],
            id="parameter of a function that nothing here calls",
        ),
        pytest.param(
            """
            @patch.object(sys.modules["app.jobs"], "boto3")
            def test_run(client): ...
            """,
            ["app.jobs.boto3"],
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
        pytest.param(
            """
            class TestRun(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    cls.patcher = patch("app.jobs.upload")
                    cls.patcher.start()
            """,
            ["app.jobs.upload"],
            id="start() of a patcher kept by setUpClass",
        ),
        pytest.param(
            """
            @patch("app.jobs.upload", new_callable=mock.AsyncMock)
            async def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="decorator of an async function",
        ),
        pytest.param(
            """
            @patch.object(Store, "save")
            def test_run(save): ...
            """,
            ["app.store.Store.save"],
            id="patch.object of a class",
        ),
        pytest.param(
            """
            def test_run():
                store = Store("x")
                with patch.object(store, "save"):
                    store.save(1)
            """,
            ["app.store.Store().save"],
            id="patch.object of an object",
        ),
        pytest.param(
            """
            @pytest.fixture
            def store():
                yield Store("x")

            def test_run(store, monkeypatch):
                monkeypatch.setattr(store, "save", fake)
            """,
            ["app.store.Store().save"],
            id="patch.object of what a fixture gives",
        ),
        pytest.param(
            """
            def test_run(store, monkeypatch):
                monkeypatch.setattr(store, "save", fake)
            """,
            ["*.save"],
            id="patch.object of what a fixture of another file gives",
        ),
        pytest.param(
            """
            class TestRun(unittest.TestCase):
                def setUp(self):
                    self.store = Store("x")

                def test_run(self):
                    with patch.object(self.store, "save"):
                        self.store.save(1)
            """,
            ["app.store.Store().save"],
            id="patch.object of what setUp keeps",
        ),
        pytest.param(
            """
            import importlib

            @patch.object(importlib.import_module("app.jobs"), "upload")
            def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="patch.object of a module imported by name",
        ),
        pytest.param(
            """
            replaced = patch.object

            @replaced(jobs, "upload")
            def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="patch.object under another name",
        ),
        pytest.param(
            """
            from app.things import *

            @patch.object(Repo, "save")
            def test_run(save): ...
            """,
            ["*.Repo.save"],
            id="patch.object of a name of a star import",
        ),
        pytest.param(
            """
            from functools import partial

            replaced = partial(patch.object, jobs)
            """,
            ["app.jobs.*"],
            id="partial(patch.object, module)",
        ),
        pytest.param(
            """
            @patch.multiple("app.jobs", **{"upload": DEFAULT, "send": DEFAULT})
            def test_run(upload, send): ...
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="patch.multiple, unpacked",
        ),
        pytest.param(
            """
            @patch.multiple("app.jobs", upload=DEFAULT, autospec=True)
            def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="patch.multiple, options",
        ),
        pytest.param(
            """
            FAKES = {"app.jobs": MagicMock()}

            @patch.dict("sys.modules", FAKES)
            def test_run(): ...
            """,
            ["app.jobs"],
            id="patch.dict of sys.modules, a constant",
        ),
        pytest.param(
            """
            @patch.dict("sys.modules", {name: MagicMock() for name in ("app.jobs", "yaml")})
            def test_run(): ...
            """,
            ["app.jobs", "yaml"],
            id="patch.dict of sys.modules, a comprehension",
        ),
        pytest.param(
            """
            def test_run(fakes):
                with patch.dict("sys.modules", fakes):
                    jobs.run()
            """,
            ["*"],
            id="patch.dict of sys.modules, unknown",
        ),
        pytest.param(
            """
            sys.modules.update({"app.jobs": MagicMock()})
            """,
            ["app.jobs"],
            id="sys.modules.update",
        ),
        pytest.param(
            """
            for name in ["app.jobs", "yaml"]:
                sys.modules[name] = MagicMock()
            """,
            ["app.jobs", "yaml"],
            id="assignment to sys.modules in a loop",
        ),
        pytest.param(
            """
            def test_run(mocker):
                mocker.patch.multiple("app.jobs", upload=DEFAULT)
                mocker.spy(Store, "save")
            """,
            ["app.jobs.upload", "app.store.Store.save"],
            id="mocker.patch.multiple, mocker.spy",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.delattr(jobs, "upload")
            """,
            ["app.jobs.upload"],
            id="monkeypatch.delattr of a module",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                monkeypatch.setattr(TARGET, fake)
            """,
            ["*"],
            id="monkeypatch.setattr of an unknown target",
        ),
        pytest.param(
            """
            jobs.upload = MagicMock()
            Store.save = lambda self, key: None
            setattr(jobs, "send", mock.create_autospec(jobs.send))
            """,
            ["app.jobs.send", "app.jobs.upload", "app.store.Store.save"],
            id="assignment to functions and methods",
        ),
        pytest.param(
            """
            import importlib

            module = importlib.import_module("app.jobs")
            module.upload = MagicMock()
            """,
            ["app.jobs.upload"],
            id="assignment to a module imported by name",
        ),
        pytest.param(
            """
            import app.jobs as j
            from app.store import Store as S

            j.upload = MagicMock()
            S.save = MagicMock()
            """,
            ["app.jobs.upload", "app.store.Store.save"],
            id="assignment under another name",
        ),
        pytest.param(
            """
            from flexmock import flexmock

            def test_run():
                flexmock(jobs).should_receive("upload").and_return(1)
                flexmock(Store, save=1)
            """,
            ["app.jobs.upload", "app.store.Store.save"],
            id="flexmock",
        ),
        pytest.param(
            """
            from mockito import when

            def test_run():
                when(jobs).upload("a").thenReturn(1)
            """,
            ["app.jobs.upload"],
            id="mockito",
        ),
        pytest.param(
            """
            from testfixtures import Replacer, replace

            @replace("app.jobs.upload", MagicMock())
            def test_run():
                with Replacer() as r:
                    r.replace("app.jobs.send", MagicMock())
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="testfixtures",
        ),
        pytest.param(
            """
            @patch("builtins.open")
            def test_run(opened): ...
            """,
            ["builtins.open"],
            id="builtins",
        ),
        pytest.param(
            """
            class TestRun(Base):
                def test_run(self):
                    self.start_patch("app.jobs.upload")
                    self.patch(jobs, "send", fake)
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="what a method of a base class elsewhere patches",
        ),
        pytest.param(
            """
            @patch(jobs.__name__ + "." + "upload")
            def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="+",
        ),
        pytest.param(
            """
            @patch("%s.%s" % ("app.jobs", "upload"))
            def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="percent, a tuple",
        ),
        pytest.param(
            """
            @patch("{0}.{name}".format(jobs.__name__, name="upload"))
            def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="format, named and numbered",
        ),
        pytest.param(
            """
            @patch(".".join(["app", "jobs", "upload"]))
            def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="join",
        ),
        pytest.param(
            """
            @patch(f"{Store.__module__}.{Store.__name__}.save")
            def test_run(save): ...
            """,
            ["app.store.Store.save"],
            id="__module__ and __name__ of a class",
        ),
        pytest.param(
            """
            class Base:
                MODULE = "app.jobs"

            class TestRun(Base):
                @patch(f"{Base.MODULE}.upload")
                def test_run(self, upload):
                    with patch(f"{self.MODULE}.send"): ...
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="attribute of a base class",
        ),
        pytest.param(
            """
            TARGETS = {"upload": "app.jobs.upload", "send": "app.jobs.send"}

            @patch(TARGETS["upload"])
            def test_run(upload): ...
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="part of a dict",
        ),
        pytest.param(
            """
            for target, value in [("app.jobs.upload", 1), ("app.jobs.send", 2)]:
                patch(target, value).start()
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="loop over tuples",
        ),
        pytest.param(
            """
            def test_run(monkeypatch):
                for owner in (jobs, Store):
                    monkeypatch.setattr(owner, "save", fake)
            """,
            ["app.jobs.save", "app.store.Store.save"],
            id="loop over modules",
        ),
        pytest.param(
            """
            @pytest.mark.parametrize("target", ["app.jobs.upload", pytest.param("app.jobs.send", id="send")])
            def test_run(target):
                with patch(target): ...
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="parametrize",
        ),
        pytest.param(
            """
            @pytest.mark.parametrize(("name", "n"), [("upload", 1), pytest.param("send", 2, id="send")])
            def test_run(name, n):
                with patch(f"app.jobs.{name}"): ...
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="parametrize, several names",
        ),
        pytest.param(
            """
            @pytest.fixture(params=["app.jobs.upload", "app.jobs.send"])
            def replaced(request):
                with patch(request.param) as fake:
                    yield fake
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="parametrized fixture",
        ),
        pytest.param(
            """
            def replaced(target, value=None):
                return patch(target, value).start()

            def test_run():
                replaced("app.jobs.upload")
                replaced(target="app.jobs.send")
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="function with calls",
        ),
        pytest.param(
            """
            class TestRun(unittest.TestCase):
                def _patch(self, name):
                    return patch("app.jobs." + name).start()

                def setUp(self):
                    self.upload = self._patch("upload")
                    self.send = self._patch(name="send")
            """,
            ["app.jobs.send", "app.jobs.upload"],
            id="method with calls",
        ),
        pytest.param(
            """
            def target():
                return "app.jobs.upload"

            @patch(target())
            def test_run(upload): ...
            """,
            ["app.jobs.upload"],
            id="function that gives the target",
        ),
        pytest.param(
            """
            from tests.targets import MODULE

            @patch(f"{MODULE}.upload")
            def test_run(upload): ...
            """,
            ["*.upload"],
            id="constant of another file",
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
        pytest.param(
            """
            class TestUsers:
                def patch(self, path):
                    return self.client.request("PATCH", path)

                def test_update(self):
                    self.patch("app.jobs.upload")
            """,
            id="a patch of the class's own",
        ),
        pytest.param(
            """
            def patched(text):
                return text + "."

            def test_patched():
                assert patched("app.jobs.upload")
            """,
            id="a patch of the file's own",
        ),
        pytest.param(
            """
            from aws_xray_sdk.core import patch as instrument

            instrument(["boto3"])
            """,
            id="another package's patch",
        ),
        pytest.param(
            """
            def test_update(api):
                api.patch_namespaced_pod("web-1", "default", {"spec": {}})
            """,
            id="Kubernetes",
        ),
        pytest.param(
            """
            def test_name():
                assert "app.jobs.upload".replace("app.jobs", "jobs") == NAME
            """,
            id="replace of a string",
        ),
        pytest.param(
            """
            jobs.TIMEOUT = 3
            jobs.NAMES = ["a", "b"]
            """,
            id="a setting of a module",
        ),
        pytest.param(
            """
            class TestRun(unittest.TestCase):
                def setUp(self):
                    self.client = MagicMock()
                    fake = MagicMock()
                    fake.client = MagicMock()
                    fake.client.return_value = 1
            """,
            id="attributes of the test itself and of a mock",
        ),
        pytest.param(
            """
            import importlib.util

            spec = importlib.util.spec_from_file_location("tool", "bin/tool")
            module = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = module
            """,
            id="a module of a file",
        ),
        pytest.param(
            """
            def test_import():
                saved = {name: module for name, module in sys.modules.items() if name.startswith("app")}
                for name in saved:
                    del sys.modules[name]
                sys.modules.update(saved)
            """,
            id="sys.modules emptied and restored",
        ),
        pytest.param(
            """
            @patch.dict(sys.modules)
            def test_import(): ...
            """,
            id="patch.dict of sys.modules, to restore it",
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


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        pytest.param("boto3", {"functions", "session"}, id="module"),
        pytest.param("app.jobs.boto3", {"functions", "session"}, id="a module's boto3"),
        pytest.param("*", {"functions", "session"}, id="anything"),
        pytest.param("boto3.*", {"functions", "session"}, id="something of boto3"),
        pytest.param("boto3.client", {"functions"}, id="client"),
        pytest.param("app.jobs.boto3.resource", {"functions"}, id="a module's boto3.resource"),
        pytest.param("*.client", {"functions"}, id="client of something"),
        pytest.param("boto3.Session", {"session"}, id="the class"),
        pytest.param("boto3.session", {"session"}, id="the module of the class"),
        pytest.param("boto3.session.Session", {"session"}, id="the class where it is defined"),
        pytest.param("app.jobs.boto3.Session", {"session"}, id="a module's boto3.Session"),
        pytest.param("boto3.Session.client", {"session"}, id="a method of the class"),
        pytest.param("boto3.session.Session.region_name", {"session"}, id="a property of the class"),
        pytest.param("boto3.Session().client", {"session"}, id="a method of one session"),
        pytest.param("boto3._get_default_session", {"session"}, id="what gives the default session"),
        pytest.param("boto3.DEFAULT_SESSION", {"session"}, id="the default session"),
        pytest.param("botocore.session.get_session", {"session"}, id="what botocore makes sessions by"),
        pytest.param("botocore.session.Session.create_client", {"session"}, id="what makes every client"),
        pytest.param("*.Session", {"session"}, id="Session of something"),
        pytest.param("botocore.client.BaseClient._make_api_call", set(), id="what every client calls"),
        pytest.param("app.jobs.Session", set(), id="a name of the project"),
        pytest.param("*.session", set(), id="a session kept somewhere"),
        pytest.param("boto3.exceptions", set(), id="another part of boto3"),
    ],
)
def test_what_part_of_boto3_is_replaced(target: str, expected: set[str]) -> None:
    assert replaced_parts(target) == expected


def test_application_code_patches_by_mock_alone() -> None:
    text = """
    from unittest import mock

    from app import jobs, plugins
    from app.plugins import patch

    patch("app.jobs.upload")
    plugins.patch_all("app.jobs.upload")
    jobs.send = plugins.send
    mock.patch("app.jobs.load").start()
    """
    assert [r.target for r in facts_of(text).replacements] == ["app.jobs.send", "app.jobs.load"]


def test_a_list_that_is_made_of_itself() -> None:
    text = """
        def sort(found, tables):
            while more():
                found = sorted(found)
                for name in found:
                    monkeypatch.setattr(name, None)
        """
    assert targets(text) == ["*"]
