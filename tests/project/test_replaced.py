"""Which functions of a project its tests replace, fake or assert calls of, by any name they go by."""

from __future__ import annotations

import pytest

from session_first.project.context import Project
from session_first.project.replaced import Replaced
from tests.analysis import code, facts_of

FILES = {
    "pkg/__init__.py": "from .mod import f\nfrom .upload import upload\n",
    "pkg/mod.py": """
    def f(x): ...

    def g(x): ...

    def make(): ...

    class Repo:
        def __init__(self, name): ...

        def save(self, x): ...

        def load(self, x): ...

        class Part:
            def read(self): ...

    class Sub(Repo):
        def load(self, x): ...

    repo = Repo("a")
    thing = make()
    """,
    "pkg/upload.py": "def upload(x): ...\n",
    "pkg/other.py": """
    import json

    import pkg.mod as m
    from pkg.mod import Repo as R
    from .mod import f
    from .mod import g as h
    """,
    "pkg/starred.py": "from .mod import *\n",
    "pkg/either.py": """
    try:
        from .mod import f
    except ImportError:
        from .upload import upload as f
    """,
    "pkg/far/deep.py": "def f(x): ...\n",
}
IMPORTS = """\
import sys
from unittest import mock
from unittest.mock import Mock, patch

from pkg import mod, other
from pkg.mod import Repo, Sub

"""


def replaced(text: str) -> set[str]:
    """The functions that are replaced, with the last part of their module."""
    files = {**FILES, "pkg/far/__init__.py": "", "tests/test_pkg.py": IMPORTS + code(text)}
    modules = [facts_of(content, path) for path, content in files.items()]
    answers = Replaced(Project(modules))
    return {
        f"{module.module.rpartition('.')[2]}.{function.name}"
        for module in modules
        if not module.is_test
        for function in module.functions.values()
        if answers.replaced(module, function) is not None
    }


REPO = {"mod.Repo.__init__", "mod.Repo.save", "mod.Repo.load", "mod.Repo.Part.read"}
SUB = {"mod.Repo.__init__", "mod.Repo.save", "mod.Sub.load"}
MOD = {"mod.f", "mod.g", "mod.make", "mod.Sub.load", *REPO}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("patch('pkg.mod.f')", {"mod.f"}, id="in its own module"),
        pytest.param("patch('pkg.other.f')", {"mod.f"}, id="where it was imported"),
        pytest.param("patch('pkg.other.h')", {"mod.g"}, id="where it was imported under another name"),
        pytest.param("patch('pkg.other.m.g')", {"mod.g"}, id="through a module imported under another name"),
        pytest.param("patch('pkg.f')", {"mod.f"}, id="where it is re-exported"),
        pytest.param("patch('pkg.starred.g')", {"mod.g"}, id="through a star import"),
        pytest.param(
            "patch('pkg.either.f')", {"mod.f", "deep.f"}, id="by a name of two meanings: all called so"
        ),
        pytest.param("patch('pkg.upload')", {"upload.upload"}, id="a function that hides its module"),
        pytest.param("patch('pkg.upload.upload')", {"upload.upload"}, id="in the module that it hides"),
        pytest.param("patch('pkg.far.deep.f')", {"deep.f"}, id="another function of that name"),
        pytest.param("patch('pkg.mod.Repo')", REPO, id="a class: its constructor and methods"),
        pytest.param("patch('pkg.other.R')", REPO, id="a class where it was imported"),
        pytest.param("patch('pkg.mod.Sub')", SUB, id="a subclass: what it inherits too"),
        pytest.param("patch('pkg.mod.Repo.save')", {"mod.Repo.save"}, id="a method"),
        pytest.param("patch.object(Repo, 'load')", {"mod.Repo.load"}, id="a method that is overridden"),
        pytest.param("patch.object(Sub, 'load')", {"mod.Sub.load"}, id="the overriding method"),
        pytest.param("patch.object(Sub, 'save')", {"mod.Repo.save"}, id="an inherited method"),
        pytest.param("patch.object(Repo('a'), 'save')", {"mod.Repo.save"}, id="a method of an object"),
        pytest.param("patch.object(mod.repo, 'save')", {"mod.Repo.save"}, id="a method of a module's object"),
        pytest.param("patch('pkg.mod.repo')", REPO, id="a module's object"),
        pytest.param("patch('pkg.mod.Repo.Part.read')", {"mod.Repo.Part.read"}, id="of a class in a class"),
        pytest.param(
            "patch.object(mod.make(), 'save')", {"mod.Repo.save"}, id="of an object of unknown class"
        ),
        pytest.param("patch('pkg.mod.thing.save')", {"mod.Repo.save"}, id="of a variable of unknown class"),
        pytest.param("Repo.save = Mock()", {"mod.Repo.save"}, id="assignment to a class"),
        pytest.param("other.f = lambda x: None", {"mod.f"}, id="assignment to a module"),
        pytest.param("sys.modules['pkg.mod'] = Mock()", MOD, id="the module"),
        pytest.param(
            "sys.modules['pkg'] = Mock()",
            {*MOD, "upload.upload", "deep.f"},
            id="the package: all its modules",
        ),
        pytest.param("patch('pkg.far')", {"deep.f"}, id="a package below"),
        pytest.param(
            """
            def test_run(anything):
                patch(anything)
            """,
            {*MOD, "upload.upload", "deep.f"},
            id="anything",
        ),
        pytest.param(
            """
            def test_run(anything):
                patch(f"{anything}.f")
            """,
            {"mod.f", "deep.f"},
            id="f of something",
        ),
        pytest.param(
            """
            def test_run(anything):
                patch(f"{anything}.h")
            """,
            {"mod.g"},
            id="a name of something that one module has by import",
        ),
        pytest.param(
            """
            def test_run(anything):
                patch(f"{anything}.deep.f")
            """,
            {"deep.f"},
            id="f of a module of that name",
        ),
        pytest.param(
            """
            def test_run(anything):
                patch(f"{anything}.Repo.save")
            """,
            {"mod.Repo.save"},
            id="save of a class of that name",
        ),
        pytest.param(
            """
            def test_run(anything):
                patch.object(mod, anything)
            """,
            MOD,
            id="some name of a module",
        ),
        pytest.param(
            """
            def test_run(anything):
                patch.object(other, anything)
            """,
            {"mod.f", "mod.g", *MOD},
            id="some name of a module, imported ones too",
        ),
        # Mocks that are handed in, and doubles.
        pytest.param(
            """
            repo = Mock()
            process(repo)
            repo.save.assert_called_once_with(1)
            """,
            {"mod.Repo.save"},
            id="calls of it are asserted",
        ),
        pytest.param(
            "assert repo.mock_calls == [mock.call.load(1)]", {"mod.Repo.load", "mod.Sub.load"}, id="call"
        ),
        pytest.param(
            """
            class Fake:
                def save(self, x): ...
            """,
            {"mod.Repo.save"},
            id="a class of the tests with such a method",
        ),
        pytest.param(
            """
            def test_run():
                class Fake(Repo):
                    def save(self, x): ...
            """,
            {"mod.Repo.save"},
            id="a subclass in a function of the tests",
        ),
        pytest.param("repo.save = lambda x: None", {"mod.Repo.save"}, id="a function put on an object"),
        # What replaces nothing of the project.
        pytest.param("sys.modules['mod'] = Mock()", set(), id="a package called as a module within one"),
        pytest.param(
            """
            def test_run():
                class Own:
                    def save(self, x, **options): ...

                own = Own()
                with patch.object(own, "save"): ...
            """,
            set(),
            id="a method of the test's own",
        ),
        pytest.param("patch('other.thing.f')", set(), id="of another package"),
        pytest.param("patch('pkg.other.json.load')", set(), id="of a package that a module imports"),
        pytest.param("patch('pkg.mod.CONSTANT')", set(), id="a variable"),
        pytest.param("patch('boto3.client')", set(), id="boto3"),
        pytest.param("patch('builtins.open')", set(), id="a builtin"),
        pytest.param("patch('pkg.mod.f.cache')", set(), id="an attribute of a function"),
        pytest.param("repo.save.assert_called_once()", set(), id="asserted, whatever the arguments"),
        pytest.param(
            """
            class Fake:
                def save(self, *args, **kwargs): ...
            """,
            set(),
            id="a class of the tests that takes any keyword",
        ),
        pytest.param(
            """
            class TestRepo:
                def save(self, x): ...

                def test_save(self): ...
            """,
            set(),
            id="a class of tests",
        ),
        pytest.param(
            """
            def save(x): ...
            """,
            set(),
            id="a function of the tests",
        ),
    ],
)
def test_replaced(text: str, expected: set[str]) -> None:
    assert replaced(text) == expected


def test_it_says_where() -> None:
    modules = [
        facts_of("def f(x): ...\n", "mod.py"),
        facts_of(
            "from unittest.mock import patch\n\n\n@patch('mod.f')\ndef test_f(f): ...\n", "tests/test_mod.py"
        ),
    ]
    (function,) = modules[0].functions.values()
    assert Replaced(Project(modules)).replaced(modules[0], function) == (modules[1], 4)


def test_a_subclass_in_the_tests_is_of_the_family() -> None:
    modules = [
        facts_of("class Repo:\n    def save(self, x): ...\n", "mod.py"),
        facts_of(
            "from mod import Repo\n\nclass Fake(Repo):\n    def save(self, x): ...\n", "tests/test_mod.py"
        ),
    ]
    (function,) = modules[0].functions.values()
    ((module, override),) = Project(modules).family(modules[0], function)
    assert (module, override.name) == (modules[1], "Fake.save")


@pytest.mark.parametrize(
    ("files", "text", "functions", "session"),
    [
        pytest.param({}, "patch('boto3.client')", True, False, id="boto3.client"),
        pytest.param({}, "patch('boto3.Session')", False, True, id="boto3.Session"),
        pytest.param({}, "patch('boto3.session.Session.client')", False, True, id="a method of the class"),
        pytest.param({}, "patch('botocore.session.get_session')", False, True, id="botocore"),
        pytest.param({"mod.py": "import boto3\n"}, "patch('mod.boto3')", True, True, id="a module's boto3"),
        pytest.param(
            {"mod.py": "import boto3 as b\n"}, "patch('mod.b')", True, True, id="boto3 under another name"
        ),
        pytest.param(
            {"mod.py": "import boto3 as b\n"},
            "patch('mod.b.client')",
            True,
            False,
            id="client of boto3 under another name",
        ),
        pytest.param(
            {"mod.py": "from boto3 import Session\n"},
            "patch('mod.Session')",
            False,
            True,
            id="the class where it was imported",
        ),
        pytest.param(
            {"mod.py": "import boto3\n"},
            "for name in names: patch(f'mod.{name}')",
            True,
            True,
            id="some name of a module that has boto3",
        ),
        pytest.param(
            {"mod.py": "X = 1\n"}, "patch('mod.Session')", False, False, id="a class of the project"
        ),
        pytest.param(
            {"mod.py": "X = 1\n"},
            "for name in names: patch(f'mod.{name}')",
            False,
            False,
            id="some other name",
        ),
    ],
)
def test_what_of_boto3_is_replaced(files: dict[str, str], text: str, functions: bool, session: bool) -> None:
    tests = f"from unittest.mock import patch\n\n{text}\n"
    project = Project([facts_of(c, p) for p, c in {**files, "tests/test_mod.py": tests}.items()])
    assert project.replaces_default_session is functions
    assert (project.replacing_boto3("functions") is not None) is functions
    assert (project.replacing_boto3("session") is not None) is session
