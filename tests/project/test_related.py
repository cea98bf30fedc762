"""Which files without boto3 are read: those that could change what becomes of a finding, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from session_first.config import Settings
from session_first.model import Failed
from session_first.pipeline.check import check
from session_first.pipeline.examine import Examined, Source, examine
from session_first.project.related import related
from session_first.project.users import users
from tests import tool
from tests.analysis import code, facts_of

STORE = """
import boto3
from boto3 import client as make

def buckets(prefix):
    return boto3.client("s3").list_buckets()

def options(**kwargs):
    return boto3.client("s3", **kwargs)

def untouched(prefix):
    return prefix

class Store:
    def __init__(self, bucket, **kwargs):
        self.s3 = boto3.client("s3", **kwargs)

    def load(self, key):
        return make("s3").get_object(Bucket="b", Key=key)
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "from fastapi import Depends\nX = Depends(buckets)", id="a framework is handed a function"
        ),
        pytest.param("import fire\nfire.Fire(mod.buckets)", id="a command line is"),
        pytest.param("router.add_api_route('/', buckets)", id="a route is added"),
        pytest.param("from fastapi import Depends\nX = Depends(Store)", id="a framework is handed a class"),
        pytest.param("class Cached(Store):\n    pass", id="a subclass"),
        pytest.param("class Cached(store.Store): pass", id="a subclass, by attribute"),
        pytest.param("options(session=1)", id="a call of a function with **kwargs"),
        pytest.param("from store import options as o\no(session=1)", id="the same under another name"),
        pytest.param("Store('b', session=1)", id="a call of a class with **kwargs"),
        pytest.param("@patch('store.make')\ndef test(make): ...", id="a patch of an imported name"),
        pytest.param("from store import make", id="an import of an imported name"),
        pytest.param(
            "class Fake:\n    def load(self, key): ...", id="a method by that name, of whatever class"
        ),
        pytest.param("SimpleNamespace(load=lambda key: 1)", id="an object with a function by that name"),
        pytest.param("mock.load.assert_called_with(1)", id="a check of how a method by that name is called"),
        pytest.param("print(x.__dict__)", id="all attributes of something are read"),
        pytest.param("hasattr(x, '_session')", id="the attribute that may keep a session is asked for"),
    ],
)
def test_read(text: str) -> None:
    assert related([facts_of(STORE, "store.py")]).by_words(text.encode(), is_test=lambda: True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("print('hello')", id="nothing of it"),
        pytest.param("import buckets_of_sand", id="a name that only looks alike"),
        pytest.param("buckets('a')", id="a mere call"),
        pytest.param(
            "from fastapi import Depends\nX = Depends(untouched)", id="a function without a finding"
        ),
    ],
)
def test_not_read(text: str) -> None:
    assert not related([facts_of(STORE, "store.py")]).by_words(text.encode(), is_test=lambda: True)


def test_tests_are_nothing_to_relate_to() -> None:
    assert not related([facts_of(STORE, "tests/test_store.py")]).by_words(
        b"class Cached(Store): ...", is_test=lambda: False
    )


BUCKETS = """
import boto3

def buckets(prefix):
    return boto3.client("s3").list_buckets()
"""
ROUTE = """
import boto3
from routes import app

@app.get("/buckets")
def buckets(prefix: str):
    return boto3.client("s3").list_buckets()
"""
S3 = """
import boto3

class S3:
    def load(self, key):
        return boto3.client("s3")
"""
OPTIONS = """
import boto3

class Store:
    def __init__(self, **options):
        self.s3 = boto3.client("s3", **options)
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "mod.py": BUCKETS,
                "web.py": "from fastapi import Depends\nfrom mod import buckets\n\nX = Depends(buckets)\n",
            },
            "def buckets(prefix):",
            id="handed over",
        ),
        pytest.param(
            {"mod.py": ROUTE, "routes.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"},
            "def buckets(prefix: str):",
            id="the app",
        ),
        pytest.param(
            {
                "mod.py": ROUTE,
                "routes.py": "from web import app\n",
                "web.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
            },
            "def buckets(prefix: str):",
            id="the app, re-exported",
        ),
        pytest.param(
            {
                "mod.py": ROUTE,
                "routes.py": "from make import create\n\napp = create()\n",
                "make.py": "from base import Own\n\ndef create():\n    return Own()\n",
                "base.py": "from fastapi import FastAPI\n\nclass Own(FastAPI): ...\n",
            },
            "def buckets(prefix: str):",
            id="the app, made by a factory of a subclass",
        ),
        pytest.param(
            {
                "mod.py": ROUTE,
                "routes.py": "from lib import make\n\napp = make()\n",
                "main.py": "from fastapi import FastAPI\nfrom mod import app\n\nFastAPI().include_router(app)\n",
            },
            "def buckets(prefix: str):",
            id="a router, taken in by an app",
        ),
        pytest.param(
            {
                "mod.py": S3,
                "web.py": "from mod import S3\n\nclass Sub(S3):\n    @property\n    def load(self): ...\n",
            },
            "def load(self, key):",
            id="an override",
        ),
        pytest.param(
            {
                "mod.py": S3,
                "mid.py": "from mod import S3\n\nclass Middle(S3):\n    pass\n",
                "web.py": "from mid import Middle\n\nclass Sub(Middle):\n    @property\n    def load(self): ...\n",
            },
            "def load(self, key):",
            id="an override two files away",
        ),
        pytest.param(
            {
                "mod.py": f"from pkg import Base\n\n{S3.replace('class S3:', 'class S3(Base):')}",
                "pkg.py": "from work import Base\n",
                "work.py": "class Base:\n    @property\n    def load(self): ...\n",
            },
            "def load(self, key):",
            id="an overridden method of a base that is re-exported",
        ),
        pytest.param(
            {"mod.py": OPTIONS, "caller.py": "from mod import Store\n\nStore(session=1)\n"},
            "def __init__(self, boto3_session=None, **options):",
            id="a caller that passes session through **kwargs",
        ),
        pytest.param(
            {
                "mod.py": OPTIONS,
                "mid.py": "from mod import Store\n\nclass Cached(Store): ...\n",
                "caller.py": "from mid import Cached\n\nCached(session=1)\n",
            },
            "def __init__(self, boto3_session=None, **options):",
            id="the same through a subclass",
        ),
    ],
)
def test_the_command_reads_them(files: dict[str, str], expected: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(code(text), encoding="utf-8")
    printed = tool.run(tmp_path, "fix", "--allow-dirty", "--project-root", ".", "mod.py")
    assert printed.exit_code in {0, 1}, printed.stderr
    assert expected in (tmp_path / "mod.py").read_text(encoding="utf-8")


def test_a_fake_of_a_method_counts_in_the_second_run_too(tmp_path: Path) -> None:
    """Then the class has no finding any more, and the test names neither the class nor what takes a session."""
    files = {
        "mod.py": """
            import boto3

            class Repo:
                def load(self, key):
                    return boto3.client("s3")

            class Service:
                def __init__(self, repo: Repo):
                    self.repo = repo

                def run(self):
                    boto3.client("sqs")
                    return self.repo.load(1)
            """,
        "test_mod.py": "import mod\n\nclass Fake:\n    def load(self, key): ...\n\nmod.Service(Fake()).run()\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(code(text), encoding="utf-8")
    for _ in range(2):
        tool.run(tmp_path, "fix", "--allow-dirty", "--project-root", ".", ".")
        assert "self.repo.load(1)\n" in (tmp_path / "mod.py").read_text(encoding="utf-8")


def test_only_a_test_puts_objects_of_its_own_in_the_place_of_others() -> None:
    wanted = related([facts_of(STORE, "store.py")])
    fake = b"class Fake:\n    def load(self): ..."
    assert wanted.by_words(fake, is_test=lambda: True)
    assert not wanted.by_words(fake, is_test=lambda: False)


# --- How wide the net is ----------------------------------------------------------------------------

SIBLINGS = {
    "base.py": "class Base:\n    def load(self, key): ...\n\n    def close(self): ...\n",
    "plain.py": "class Plain:\n    def close(self): ...\n",
    "mod.py": """
        import boto3
        from base import Base

        class S3(Base):
            def load(self, key):
                return boto3.client("s3")
        """,
    "other.py": """
        import boto3
        from plain import Plain

        class Queue(Plain):
            def send(self, key):
                return boto3.client("sqs")
        """,
}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            "class Local(Base): ...", True, id="a class beside one whose method the base has as well"
        ),
        pytest.param("class Long(Queue): ...", True, id="a subclass"),
        pytest.param("class Short(Plain): ...", False, id="a class beside one whose method is its own"),
        pytest.param("import copy\ncopy.copy(Plain())", True, id="an object of a base is copied"),
        pytest.param("pickle.dumps(make(Plain))", True, id="an object of a base is pickled"),
        pytest.param("copy.copy(message)", False, id="something else is copied"),
        pytest.param("print(vars(x))", True, id="all attributes are read"),
        pytest.param("show = vars\nshow(x)", True, id="all attributes are read, under another name"),
        pytest.param("from builtins import vars as show", True, id="the same, imported"),
        pytest.param("# takes its env vars from there", False, id="prose"),
    ],
)
def test_classes_around(text: str, read: bool) -> None:
    wanted = related([facts_of(source, path) for path, source in SIBLINGS.items()])
    assert wanted.by_words(text.encode(), is_test=lambda: False) == read


def test_with_lift_all_classes_beside_are_read() -> None:
    wanted = related([facts_of(source, path) for path, source in SIBLINGS.items()], lift=True)
    assert wanted.by_words(b"class Short(Plain): ...", is_test=lambda: False)


TABLES = "import boto3\n\ndef tables():\n    return boto3.client('dynamodb').list_tables()\n"


@pytest.mark.parametrize(
    ("files", "name", "expected"),
    [
        pytest.param(
            {
                "app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
                "routes.py": """
                    from app import app
                    from mod import tables

                    @app.get("/tables")
                    def read():
                        return tables()
                    """,
            },
            "routes.py",
            "def read():\n    return tables()",
            id="what a caller is decorated with",
        ),
        pytest.param(
            {
                "root.py": "import click\n\n@click.group\ndef root():\n    pass\n",
                "group.py": "from root import root\n\n@root.group\ndef group():\n    pass\n",
                "show.py": """
                    from group import group
                    from mod import tables

                    @group.command()
                    def show():
                        print(tables())
                    """,
            },
            "show.py",
            "def show():\n    session = boto3.Session()\n    print(tables(session=session))",
            id="the group of the group whose command a caller is",
        ),
        pytest.param(
            {
                "base.py": "from django.core.management.base import BaseCommand\n\nclass Base(BaseCommand): ...\n",
                "show.py": """
                    from base import Base
                    from mod import tables

                    class Command(Base):
                        def handle(self, *args, **options):
                            print(tables())
                    """,
            },
            "show.py",
            "def handle(self, *args, **options):\n        print(tables())",
            id="the base of a class whose method is a caller",
        ),
        pytest.param(
            {
                "store.py": """
                    import boto3

                    class Store:
                        def __init__(self):
                            self.key = "k"

                        def load(self):
                            return boto3.client("s3").get_object(Bucket="b", Key=self.key)
                    """,
                "make.py": "from store import Store\n\ndef make():\n    return Store()\n",
                "run.py": "from make import make\n\ndef run():\n    return make()\n",
            },
            "run.py",
            "def run(session=None):\n    return make(session=session)",
            id="the callers of what makes objects that keep a session",
        ),
    ],
)
def test_with_lift_the_command_reads_them(
    files: dict[str, str], name: str, expected: str, tmp_path: Path
) -> None:
    for path, text in {"mod.py": TABLES, **files}.items():
        (tmp_path / path).write_text(code(text), encoding="utf-8")
    printed = tool.run(tmp_path, "fix", "--lift", "--allow-dirty", "--project-root", ".", ".")
    assert printed.exit_code in {0, 1}, printed.stderr
    assert expected in (tmp_path / name).read_text(encoding="utf-8")


TAKER = """
import boto3

class Store:
    def __init__(self, session=None):
        self.s3 = (session or boto3).client("s3")

def load(key, session=None):
    return (session or boto3).client("s3")
"""


@pytest.mark.parametrize(
    ("text", "passes_on"),
    [
        pytest.param("def own(key, session=None):\n    return load(key, session)", True, id="passes it on"),
        pytest.param(
            "def own(key, session=None):\n    return load(key, session=session)", True, id="by keyword"
        ),
        pytest.param("def own(key, session=None):\n    return load(key)", False, id="passes something else"),
        pytest.param("def own(key):\n    return load(key)", False, id="has none to pass"),
        pytest.param(
            "class own(Store):\n    def __init__(self, session=None):\n        super().__init__(session)",
            True,
            id="a constructor runs the one above it",
        ),
        pytest.param(
            "class Mid(Store): ...\n\nclass own(Mid):\n    def __init__(self, session=None):\n"
            "        super().__init__(session)",
            True,
            id="the one two above it",
        ),
        pytest.param(
            "class own(Store):\n    def __init__(self, session=None):\n        Store.__init__(self, session)",
            True,
            id="by its name",
        ),
        pytest.param(
            "class own(Base):\n    def __init__(self, session=None):\n        super().__init__(session)",
            False,
            id="a constructor of another hierarchy",
        ),
    ],
)
def test_what_passes_a_session_on(text: str, passes_on: bool) -> None:
    """Then other files that name it are read."""
    wanted = related([facts_of(TAKER, "store.py"), facts_of(f"from store import *\n{text}", "own.py")])
    assert wanted.by_words(b"own(session)", is_test=lambda: False) == passes_on


def test_files_beside_are_not_analysed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that `check` analyses, out of a project where most look alike."""
    files = {
        **SIBLINGS,
        "local.py": "from base import Base\n\nclass Local(Base):\n    def load(self, key): ...\n",
        "short.py": "from plain import Plain\n\nclass Short(Plain): ...\n",
        "prose.py": "# the environment vars of a session\n",
        "script.py": "print('hello')\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(code(text), encoding="utf-8")
    analysed: list[str] = []

    def counted(source: Source) -> Examined | Failed:
        analysed.append(source.path.name)
        return examine(source)

    monkeypatch.setattr("session_first.pipeline.check.examine", counted)
    check([tmp_path / "mod.py", tmp_path / "other.py"], Settings(project_root=tmp_path, jobs=1))
    assert sorted(analysed) == ["base.py", "local.py", "mod.py", "other.py", "plain.py"]


USED = """
    import boto3

    def upload(name):
        boto3.client("s3").upload_file(name, "reports", name)

    class Store:
        def save(self, name):
            boto3.client("s3").upload_file(name, "reports", name)

    class Cold(Store): ...

    def listed(session=None):
        return (session or boto3).client("s3")
    """
"""`app/store.py`: what `upload` and `Store.save` make matters to threads."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("from app.store import upload", True, id="a function"),
        pytest.param("from app.store import (\n    listed,\n    upload,\n)", True, id="over several lines"),
        pytest.param("from app.store import listed, \\\n    upload", True, id="with a backslash"),
        pytest.param("from app import store\nstore.upload", True, id="its module"),
        pytest.param("import os, app.store as s\ns.upload", True, id="its module, under another name"),
        pytest.param("from .store import upload", True, id="relative"),
        pytest.param("from . import store\nstore.upload", True, id="its module, relative"),
        pytest.param("from app.store import *\n", True, id="everything"),
        pytest.param("def f():\n    from app.store import upload", True, id="in a function"),
        pytest.param("from app.store import Store", True, id="a class"),
        pytest.param("from app.store import Cold", True, id="a class below it"),
        pytest.param("from store import upload", True, id="as a script beside it does"),
        pytest.param("from app.store import listed", False, id="what takes a session"),
        pytest.param("from app.other import upload", False, id="of another module"),
        pytest.param("from .. import store\nstore.upload", False, id="from a folder further up"),
        pytest.param("upload = store = 1", False, id="not imported"),
    ],
)
def test_users(text: str, expected: bool) -> None:
    found = users([facts_of(USED, "app/store.py")])
    assert found.are(text.encode(), "app.run", is_package=False) is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param(
            "app/job.py",
            "from .store import upload\ndef work(): upload('a')",
            {"app.job": "upload work"},
            id="a caller",
        ),
        pytest.param(
            "app/job.py",
            "from .store import Store\nclass Job:\n    def run(self, store: Store):\n        store.save('a')",
            {"app.job": "Job Store"},
            id="a method that calls a method",
        ),
        pytest.param("app/__init__.py", "from .store import Store as S", {"app": "S"}, id="exported again"),
        pytest.param(
            "app/__init__.py", "from .store import *", {"app": "Cold Store upload"}, id="all exported again"
        ),
        pytest.param("app/job.py", "def work(x): x.save()", {}, id="a method of something"),
        pytest.param(
            "tests/test_job.py", "from app.store import upload\ndef test(): upload('a')", {}, id="a test"
        ),
    ],
)
def test_users_of_users(path: str, text: str, expected: dict[str, str]) -> None:
    found = users([facts_of(USED, "app/store.py"), facts_of(text, path)])
    names = {home: b" ".join(sorted(names)).decode() for home, names in found.names.items()}
    assert names == {"app.store": "Cold Store upload", **expected}
