"""What one file cannot tell: apps and functions of other modules, callers, patches, and BSF102's answers."""

from __future__ import annotations

import pytest

from session_first.model import AddImport, UseSession
from session_first.project.context import Project, same_module
from tests.analysis import ALL, answers, answers_to, edits_of, facts_of, plan_of

ROUTE = """
import boto3
{imports}

@{app}.get("/buckets")
def buckets(prefix: str):
    return boto3.client("s3").list_buckets()
"""


@pytest.mark.parametrize(
    ("beside", "imports", "app"),
    [
        pytest.param(
            {"app/web.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"},
            "from app.web import app",
            "app",
            id="app of another module",
        ),
        pytest.param(
            {"app/web.py": "import fastapi\n\napp = fastapi.FastAPI(title='x')\n"},
            "from app.web import app as web",
            "web",
            id="under another name",
        ),
        pytest.param(
            {"app/web.py": "import fastapi\n\napp = fastapi.FastAPI()\n"},
            "from app import web",
            "web.app",
            id="attribute of a module",
        ),
        pytest.param(
            {"app/web.py": "import fastapi\n\napp = fastapi.FastAPI()\n"},
            "import app.web",
            "app.web.app",
            id="attribute of a module by its full name",
        ),
        pytest.param(
            {
                "app/web.py": "import fastapi\n\napp = fastapi.FastAPI()\n",
                "app/__init__.py": "from .web import app\n",
            },
            "from app import app",
            "app",
            id="re-exported by the package",
        ),
        pytest.param(
            {
                "app/web.py": "import fastapi\n\nrouter = fastapi.APIRouter()\n",
                "app/api/__init__.py": "from ..web import router as api\n",
                "app/__init__.py": "from .api import api as routes\n",
            },
            "from app import routes",
            "routes",
            id="re-exported twice under other names",
        ),
        pytest.param(
            {"app/web.py": "from typing import Final\nimport fastapi\n\napp: Final = fastapi.FastAPI()\n"},
            "from .app.web import app",
            "app",
            id="relative import",
        ),
        pytest.param(
            {
                "app/web.py": "from fastapi import FastAPI\n\ndef make():\n    return FastAPI()\n\napp = make()\n"
            },
            "from fastapi import Request\nfrom app.web import app",
            "app",
            id="made by a function, where this file imports FastAPI too",
        ),
    ],
)
def test_an_app_of_another_module(beside: dict[str, str], imports: str, app: str) -> None:
    text = ROUTE.format(imports=imports, app=app)
    assert answers_to(text, beside=beside) == ["skip framework-signature"]


def test_a_circle_of_re_exports_ends() -> None:
    beside = {"a.py": "from b import app\n", "b.py": "from a import app\n"}
    text = ROUTE.format(imports="from a import app", app="app")
    assert answers_to(text, beside=beside) == ["article session: boto3.Session | None"]


BUCKETS = """
import boto3

def buckets(prefix):
    return boto3.client("s3").list_buckets()
"""


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        pytest.param(
            {
                "web.py": "from fastapi import Depends, FastAPI\nfrom mod import buckets\n\napp = FastAPI()\n\n"
                "@app.get('/')\ndef index(found=Depends(buckets)): ...\n"
            },
            "skip framework-signature",
            id="Depends in another module",
        ),
        pytest.param(
            {"web.py": "import mod\nfrom fastapi import Depends\n\nFOUND = Depends(mod.buckets)\n"},
            "skip framework-signature",
            id="Depends of an attribute",
        ),
        pytest.param(
            {
                "web.py": "from fastapi import Depends\nfrom mod import buckets as b\n\n"
                "def index(found=Depends(b)): ...\n"
            },
            "skip framework-signature",
            id="Depends under another name",
        ),
        pytest.param(
            {
                "web.py": "from mod import buckets\nfrom api import router\n\nrouter.add_api_route('/', buckets)\n"
            },
            "skip framework-signature",
            id="add_api_route",
        ),
        pytest.param(
            {"cli.py": "import typer\nfrom mod import buckets\n\ntyper.run(buckets)\n"},
            "skip framework-signature",
            id="typer.run",
        ),
        pytest.param(
            {
                "cli.py": "import typer\nfrom mod import buckets\n\napp = typer.Typer()\napp.command()(buckets)\n"
            },
            "skip framework-signature",
            id="a command decorated by hand",
        ),
        pytest.param(
            {
                "jobs.py": "from threading import Thread\nfrom mod import buckets\n\nThread(target=buckets).start()\n"
            },
            "article session",
            id="Thread",
        ),
        pytest.param(
            {
                "other.py": "from fastapi import Depends\nfrom elsewhere import buckets\n\nX = Depends(buckets)\n"
            },
            "article session",
            id="another function of that name",
        ),
        pytest.param(
            {"cli.py": "import click\nfrom mod import buckets\n\nclick.command()(buckets)\n"},
            "article session",
            id="click, which reads no signature",
        ),
    ],
)
def test_handed_over_in_another_module(beside: dict[str, str], expected: str) -> None:
    assert [a for a in answers_to(BUCKETS, beside=beside) if a != "skip no-fix"] == [expected]  # of BSF105


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, bucket):
                    self.s3 = boto3.client("s3")
            """,
            {
                "web.py": "from fastapi import Depends\nfrom mod import Store\n\n"
                "def index(store=Depends(Store)): ...\n"
            },
            id="class",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, bucket):
                    self.s3 = boto3.client("s3")
            """,
            {
                "web.py": "from fastapi import Depends, FastAPI\nfrom mod import Store\n\napp = FastAPI()\n\n"
                "@app.get('/')\ndef index(store: Store = Depends()): ...\n"
            },
            id="class that an empty Depends means",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, bucket):
                    self.s3 = boto3.client("s3")
            """,
            {
                "web.py": "from fastapi import Depends\nfrom mod import Store\n\nclass Cached(Store): ...\n\n"
                "def index(store=Depends(Cached)): ...\n"
            },
            id="class that inherits the constructor",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def buckets(self, prefix):
                    return boto3.client("s3").list_buckets()

            store = Store()
            """,
            {
                "web.py": "from fastapi import Depends\nfrom mod import store\n\n"
                "def index(found=Depends(store.buckets)): ...\n"
            },
            id="method of an object",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                @classmethod
                def buckets(cls, prefix):
                    return boto3.client("s3").list_buckets()
            """,
            {
                "web.py": "from fastapi import Depends\nfrom mod import Store\n\n"
                "def index(found=Depends(Store.buckets)): ...\n"
            },
            id="method of a class",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __call__(self, prefix):
                    return boto3.client("s3").list_buckets()
            """,
            {
                "web.py": "from fastapi import Depends\nfrom mod import Store\n\n"
                "def index(found=Depends(Store())): ...\n"
            },
            id="object that is called",
        ),
    ],
)
def test_classes_and_methods_handed_over_in_another_module(text: str, beside: dict[str, str]) -> None:
    assert answers_to(text, beside=beside) == ["skip framework-signature"]


# --- BSF102 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session):
                return boto3.client("s3")
            """,
            "unsafe session.client",
            id="a session that is certainly there",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session | None = None):
                return boto3.resource("s3")
            """,
            "unsafe (session or boto3).resource",
            id="a session that may be None",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, session: boto3.Session):
                    self.session = session

                def load(self):
                    return boto3.client("s3")
            """,
            "unsafe self.session.client",
            id="on the object",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, session: boto3.Session | None = None):
                    self._session = session

                @property
                def s3(self):
                    return boto3.client("s3")
            """,
            "unsafe (self._session or boto3).client",
            id="a property, with a session on the object",
        ),
        pytest.param(
            """
            from functools import partial
            import boto3

            def copy(key, session: boto3.Session):
                return partial(boto3.client, "s3")
            """,
            "unsafe session.client",
            id="a reference",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session | None = None):
                if session:
                    return session.client("s3")
                return boto3.client("s3")
            """,
            "skip session-tested",
            id="a branch that tests the session",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session=None):
                return session.client("s3") if session else boto3.client("s3")
            """,
            "skip session-tested",
            id="an expression that tests the session",
        ),
        pytest.param(
            """
            import boto3

            def deliver(key, customer: boto3.Session):
                body = boto3.client("s3").get_object(Bucket="ours", Key=key)
                customer.client("s3").put_object(Bucket="theirs", Key=key, Body=body)
            """,
            "skip uses-both-sessions",
            id="both are meant",
        ),
        pytest.param(
            """
            import boto3

            CACHE = {}

            def client(name, session: boto3.Session):
                CACHE[name] = boto3.client(name)
            """,
            "skip cached-client",
            id="cached",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session):
                return (lambda: boto3.client("s3"))()
            """,
            "unsafe session.client",
            id="in a lambda",
        ),
        pytest.param(
            """
            import boto3

            def copy(session: boto3.Session):
                def inner(session):
                    return session.get(1), boto3.client("s3")
                return inner
            """,
            "inline boto3_session: boto3.Session | None",
            id="hidden by another of that name",
        ),
    ],
)
def test_session_ignored(text: str, expected: str) -> None:
    assert answers_to(text) == [expected]


def test_session_ignored_with_from_import() -> None:
    text = """
    from boto3 import Session, client

    def copy(key, session: Session | None = None):
        return client("s3")
    """
    edits = edits_of(plan_of({"mod.py": text}), unsafe=True)
    assert [e.receiver for e in edits if isinstance(e, UseSession)] == ["(session or boto3)"]
    assert [e.module for e in edits if isinstance(e, AddImport)] == ["boto3"]


def test_session_ignored_leaves_boto3_out_where_it_is_not_needed() -> None:
    text = """
    from boto3 import Session, client

    def copy(key, session: Session):
        return client("s3")
    """
    edits = edits_of(plan_of({"mod.py": text}), unsafe=True)
    assert [type(e) for e in edits] == [UseSession]


def test_import_time_is_for_people_to_decide() -> None:
    text = "import boto3\n\nS3 = boto3.client('s3')\n"
    assert answers(plan_of({"mod.py": text}, codes=ALL)) == ["skip no-fix"]


# --- Questions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [
        pytest.param("app.web.app.get", "fastapi.FastAPI().get", id="a name of a module"),
        pytest.param("app.app.get", "fastapi.FastAPI().get", id="a re-export"),
        pytest.param("app.web.make().get", "app.web.make().get", id="a call of the project's own"),
        pytest.param("click.command", "click.command", id="a library's"),
        pytest.param("app.web.Alias().x", "fastapi.FastAPI().x", id="an alias of a class, called"),
        pytest.param("app", "app", id="a module itself"),
    ],
)
def test_resolve(dotted: str, expected: str) -> None:
    project = Project(
        [
            facts_of("from .web import app", "app/__init__.py"),
            facts_of(
                "from fastapi import FastAPI\napp = FastAPI()\nAlias = FastAPI\ndef make(): ...", "app/web.py"
            ),
        ]
    )
    assert project.resolve(dotted) == expected


@pytest.mark.parametrize(
    ("head", "module", "name", "expected"),
    [
        pytest.param("app.mod", "app.mod", "f", True, id="the module"),
        pytest.param("mod", "app.mod", "f", True, id="as seen from its own folder"),
        pytest.param("src.app.mod", "app.mod", "f", True, id="as seen from above"),
        pytest.param("app.mod.Store", "app.mod", "Store.load", True, id="a method's class"),
        pytest.param("app.mod", "app.mod", "Store.load", False, id="a function called as a method is"),
        pytest.param("app.other", "app.mod", "f", False, id="another module"),
        pytest.param("xmod", "app.mod", "f", False, id="a name that only ends alike"),
    ],
)
def test_same_module(head: str, module: str, name: str, expected: bool) -> None:
    assert same_module(head, module, name) is expected
