"""How sessions travel through small projects, as the command shows it to people."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from session_first.config import Settings
from session_first.pipeline.graph import Graphed, NoSuchFunctionError, graph
from session_first.report import graph_text

UPLOAD = """
    import boto3

    def upload(name):
        boto3.client("s3").put_object(Key=name)
    """
CHAIN = {
    "up.py": UPLOAD,
    "sync.py": """
        from up import upload

        def sync(names):
            for name in names:
                upload(name)
        """,
}
NOT_PASSED = "up.py:3) takes session after fix, gets none: "
MADE = "4: boto3.client('s3') from the default session, after fix from session"


def graphed(
    root: Path,
    files: Mapping[str, str],
    *,
    given: str = ".",
    settings: Settings = Settings(),
    function: str | None = None,
    unsafe: bool = False,
) -> Graphed:
    """The graph of a project of these files."""
    for name, source in {"pyproject.toml": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source).lstrip("\n"), encoding="utf-8")
    settings = replace(settings, project_root=root)
    return graph([root / given], settings, function=function, unsafe=unsafe)


def tree(text: str) -> list[str]:
    """The lines of a test's text."""
    return textwrap.dedent(text).strip("\n").splitlines()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            CHAIN,
            f"""
            sync:sync (sync.py:3) takes session after fix --lift
            └── 5: upload (up.py:3) takes session after fix, gets it after fix --lift
                └── {MADE}
            """,
            id="a chain",
        ),
        pytest.param(
            {
                "up.py": """
                    import boto3

                    def upload(name, session=None):
                        (session or boto3).client("s3").put_object(Key=name)

                    def all(names):
                        session = boto3.Session(profile_name="photos")
                        for name in names:
                            upload(name, session)
                            upload(name)
                            upload(name, session=None)
                    """,
            },
            """
            up:all (up.py:6) uses session
            ├── 7: boto3.Session(…) makes a session
            ├── 9: upload (up.py:3) gets session
            │   └── 4: (session or boto3).client(…) from session
            ├── 10: upload (up.py:3) takes session, gets none: pass session=session to upload: its calls are then made with the identity and region of session (unsafe) (see above)
            └── 11: upload (up.py:3) takes session, gets none: the call says session=None (opted-out) (see above)
            """,
            id="a session that is there already, and how it is passed",
        ),
        pytest.param(
            {
                "up.py": """
                    import boto3

                    def upload(session: boto3.Session):
                        session.client("s3")

                    upload(boto3.Session())
                    """,
            },
            """
            up:<module> (up.py, module level)
            ├── 6: upload (up.py:3) gets session
            │   └── 4: session.client(…) from session
            └── 6: boto3.Session(…) makes a session
            """,
            id="a session that has to be given",
        ),
        pytest.param(
            {
                **CHAIN,
                "tests/test_sync.py": 'from unittest.mock import patch\n\n@patch("up.upload")\ndef test_it(_): ...',
            },
            f"""
            sync:sync (sync.py:3) takes none
            └── 5: upload ({NOT_PASSED}test_sync.py:3 replaces upload or checks how it is called, and knows of no session there (mocked-in-tests)
                └── {MADE}
            """,
            id="a test replaces the callee",
        ),
        pytest.param(
            {
                "up.py": """
                    import boto3
                    from frames import timed

                    @timed
                    def upload(name):
                        boto3.client("s3").put_object(Key=name)

                    def sync(arguments):
                        upload(arguments)
                    """
            },
            """
            up:sync (up.py:8) takes none
            └── 9: upload (up.py:5) takes session after fix, gets none: @timed stands before upload, and may not pass a session on (decorated)
                └── 6: boto3.client('s3') from the default session, after fix from session
            """,
            id="a decorator stands before the callee",
        ),
        pytest.param(
            {"up.py": UPLOAD, "sync.py": "from up import upload\n\ndef sync(names):\n    upload(**names)"},
            f"""
            sync:sync (sync.py:3) takes none
            └── 4: upload ({NOT_PASSED}the call of upload unpacks arguments, which may hold a session already (unpacked-arguments)
                └── {MADE}
            """,
            id="a call that unpacks arguments",
        ),
        pytest.param(
            {"up.py": UPLOAD + '\n    upload("a")\n\n    if __name__ == "__main__":\n        upload("b")\n'},
            f"""
            up:<module> (up.py, module level)
            └── 6: upload (up.py:3, main) takes session after fix, gets none: no session is in scope outside functions (module-level)
                └── {MADE}

            up:<main> (up.py:8, main guard) uses session after fix --lift
            ├── 9: boto3.Session() makes a session after fix --lift
            └── 9: upload (up.py:3, main) takes session after fix, gets it after fix --lift (see above)
            """,
            id="code outside functions",
        ),
        pytest.param(
            {
                "app.py": """
                    import boto3
                    from fastapi import FastAPI

                    app = FastAPI()

                    @app.get("/")
                    def index():
                        return boto3.client("s3").list_buckets()
                    """,
            },
            """
            app:index (app.py:7, @app.get: FastAPI calls it) takes none
            └── 8: boto3.client('s3') from the default session: FastAPI reads its signature (@app.get), and would show the session as one of its own parameters (framework-signature)
            """,
            id="a framework's boundary",
        ),
        pytest.param(
            {
                "app.py": """
                    import boto3

                    def lambda_handler(event, context):
                        def name():
                            return boto3.client("sts").get_caller_identity()  # noqa: BSF101
                        return name()
                    """,
            },
            """
            app:lambda_handler (app.py:3, Lambda handler) takes none
            └── 5: boto3.client('sts') from the default session: a noqa comment keeps it as it is (noqa)
            """,
            id="a Lambda handler, what is nested in it, and noqa",
        ),
        pytest.param(
            {
                "tree.py": """
                    import boto3

                    def walk(node):
                        boto3.client("s3").head_object(Key=node)
                        leaves(node)

                    def leaves(node):
                        walk(node)
                        leaves(node)
                    """,
            },
            """
            tree:walk (tree.py:3) takes session after fix
            ├── 4: boto3.client('s3') from the default session, after fix from session
            └── 5: leaves (tree.py:7) gets session after fix --lift
                ├── 8: walk (tree.py:3) takes session after fix, gets it after fix --lift (a cycle)
                └── 9: leaves (tree.py:7) gets session after fix --lift (a cycle)
            """,
            id="recursion and cycles end",
        ),
        pytest.param(
            {
                "store.py": """
                    import boto3

                    class Store:
                        def __init__(self, name):
                            self.name = name

                        @property
                        def table(self):
                            return boto3.resource("dynamodb").Table(self.name)

                    def names():
                        return Store("names").table
                    """,
            },
            """
            store:Store.table (store.py:8, store.py:12 reads it) uses self._session after fix
            └── 9: boto3.resource('dynamodb') from the default session, after fix from self._session

            store:names (store.py:11) takes session after fix --lift
            └── 12: Store.__init__ (store.py:4) takes session after fix, gets it after fix --lift
            """,
            id="a class that keeps its session",
        ),
        pytest.param(
            {
                "jobs.py": """
                    import boto3

                    def copy():
                        boto3.client("s3")

                    def run(job):
                        job.start()

                    class Job:
                        def start(self):
                            boto3.client("batch")

                    JOBS = [copy]
                    """,
            },
            """
            jobs:copy (jobs.py:3, jobs.py:13 mentions it) takes session after fix
            └── 4: boto3.client('s3') from the default session, after fix from session

            jobs:Job.start (jobs.py:10) takes session after fix
            └── 11: boto3.client('batch') from the default session, after fix from session

            Not followed, unknown-receiver (1): the class of the object whose method is called is not known
              jobs.py:7:5: job.start may run jobs:Job.start
            """,
            id="what is handed over, and calls that may run it",
        ),
        pytest.param({"a.py": "def f():\n    return len([])\n"}, "", id="nothing of boto3"),
    ],
)
def test_where_sessions_are_made_and_how_they_travel(
    tmp_path: Path, files: Mapping[str, str], expected: str
) -> None:
    found = graphed(tmp_path, files)
    assert list(graph_text.lines(found.graph, tmp_path)) == tree(expected)
    assert found.failed == found.warnings == ()


def test_a_function_at_which_lift_stops(tmp_path: Path) -> None:
    found = graphed(tmp_path, CHAIN, settings=Settings(stop_at=("sync:sync",)))
    assert (
        next(graph_text.lines(found.graph, tmp_path))
        == "sync:sync (sync.py:3) takes none: --stop-at names it (stopped)"
    )


def test_why_a_function_takes_none_and_why_its_calls_pass_none(tmp_path: Path) -> None:
    files = {
        "up.py": UPLOAD,
        "sync.py": "from up import upload\n\ndef sync(n):\n    upload(*n)\n    upload(n)\n",
    }
    found = graphed(tmp_path, files, settings=Settings(stop_at=("sync:sync",)))
    unpacks = "the call of upload unpacks arguments, which may hold a session already (unpacked-arguments)"
    assert list(graph_text.lines(found.graph, tmp_path)) == tree(
        f"""
        sync:sync (sync.py:3) takes none: --stop-at names it (stopped)
        ├── 4: upload ({NOT_PASSED}{unpacks}
        │   └── {MADE}
        └── 5: upload ({NOT_PASSED}sync cannot take one (caller-takes-none) (see above)
        """
    )


def test_a_caller_in_a_file_that_was_not_given(tmp_path: Path) -> None:
    found = graphed(tmp_path, CHAIN, given="up.py")
    assert list(graph_text.lines(found.graph, tmp_path))[1] == (
        f"└── 5: upload ({NOT_PASSED}sync.py:5 would have to pass it; give its path as well (needs-edit-outside-paths)"
    )


def test_unsafe_fixes_count_where_they_are_asked_for(tmp_path: Path) -> None:
    files = {"up.py": 'import boto3\n\ndef up(session: boto3.Session):\n    boto3.client("s3")\n'}
    (use,) = graphed(tmp_path, files).graph.nodes[0].uses
    assert (use.since, use.why and use.why.reason) == (None, "unsafe")
    (use,) = graphed(tmp_path, files, unsafe=True).graph.nodes[0].uses
    assert (use.session, use.why) == ("session", None)


def test_around_one_function(tmp_path: Path) -> None:
    files = {
        **CHAIN,
        "more.py": "from sync import sync\n\ndef all():\n    sync([])\n    other()\n\ndef other(): ...",
    }
    found = graphed(tmp_path, files, function="sync:sync")
    assert list(graph_text.lines(found.graph, tmp_path)) == tree(
        f"""
        sync:sync (sync.py:3) takes session after fix --lift

        Called by
        └── all (more.py:3) line 4 passes session after fix --lift

        Makes and calls
        └── 5: upload (up.py:3) takes session after fix, gets it after fix --lift
            └── {MADE}
        """
    )


def test_around_a_function_that_has_nothing_to_do_with_sessions(tmp_path: Path) -> None:
    found = graphed(tmp_path, {"a.py": "def f(): ...\n\ndef g():\n    f()\n"}, function="a:g")
    assert list(graph_text.lines(found.graph, tmp_path)) == tree(
        """
        a:g (a.py:3) takes none

        Nothing in the project calls it.
        """
    )


@pytest.mark.parametrize(
    ("function", "message"),
    [
        pytest.param("up:nothing", "there is no function 'up:nothing'", id="unknown"),
        pytest.param("sync:upload", "there is no function 'sync:upload'; there is up:upload", id="elsewhere"),
        pytest.param("twice:f", "'twice:f' is more than one function: twice.py:1, twice.py:2", id="several"),
    ],
)
def test_a_function_that_cannot_be_told(tmp_path: Path, function: str, message: str) -> None:
    with pytest.raises(NoSuchFunctionError) as raised:
        graphed(tmp_path, {**CHAIN, "twice.py": "def f(): ...\ndef f(): ...\n"}, function=function)
    assert str(raised.value) == message


def test_functions_of_one_name_are_told_apart(tmp_path: Path) -> None:
    found = graphed(
        tmp_path, {"a.py": 'import boto3\nf = lambda: boto3.client("s3")\ng = lambda: boto3.client("s3")\n'}
    )
    assert [node.id for node in found.graph.nodes] == ["a:<lambda>@2", "a:<lambda>@3"]
    assert {node.name for node in found.graph.nodes} == {"a:<lambda>"}


def test_a_file_that_cannot_be_parsed(tmp_path: Path) -> None:
    found = graphed(tmp_path, {**CHAIN, "bad.py": "import boto3\ndef (\n", "old.py": "print 1\n"})
    assert [failure.path.name for failure in found.failed] == ["bad.py"]
    assert [failure.path.name for failure in found.warnings] == ["old.py"]
    assert len(found.graph.nodes) == 2
