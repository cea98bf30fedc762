"""Which files are looked at, what they are called as modules, and which of them are tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from session_first.files import Tree, collect, is_test, module_name, project_root
from session_first.model import Failed


def make(root: Path, *names: str) -> None:
    """Makes files; a name that ends in `/` is a folder, `a -> b` a symbolic link."""
    for name in names:
        link, arrow, target = name.partition(" -> ")
        path = root / link
        path.parent.mkdir(parents=True, exist_ok=True)
        if arrow:
            path.symlink_to(target)
        elif name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_text("")


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def below(root: Path, paths: tuple[Path, ...]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


def collected(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return below(root, collect([root / path for path in paths or ("",)], root, exclude).given)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["b.py", "a/c.py", "a.py"], ["a/c.py", "a.py", "b.py"], id="folders and files in order"),
        pytest.param(["a.py", "a.pyi", "a.txt", "a.pyc", "README"], ["a.py"], id="only .py"),
        pytest.param([".hidden/a.py", ".venv/a.py", ".tox/a.py", "a/.git/b.py"], [], id="hidden folders"),
        pytest.param([".hidden.py"], [".hidden.py"], id="a hidden file is a file"),
        pytest.param(
            ["venv/a.py", "node_modules/a.py", "__pycache__/a.py", "x.egg-info/a.py"], [], id="not sources"
        ),
        pytest.param(["lib/site-packages/a.py"], [], id="installed packages"),
        pytest.param(["env/pyvenv.cfg", "env/lib/a.py"], [], id="a virtual environment of any name"),
        pytest.param(["build/a.py", "dist/a.py", "a/build/lib/b.py"], [], id="build outputs"),
        pytest.param(
            ["pkg/build/__init__.py", "pkg/build/a.py"],
            ["pkg/build/__init__.py", "pkg/build/a.py"],
            id="a package called build",
        ),
        pytest.param(
            ["naïve/ü.py", "with space/a b.py", "line\nbreak.py"],
            ["line\nbreak.py", "naïve/ü.py", "with space/a b.py"],
            id="odd names",
        ),
        pytest.param(["pkg/a.py", "link.py -> pkg/a.py"], ["pkg/a.py"], id="a link to a file in the tree"),
        pytest.param(["pkg/a.py", "aaa -> pkg"], ["pkg/a.py"], id="a link to a folder in the tree"),
        pytest.param(["pkg/a.py", "pkg/up -> .."], ["pkg/a.py"], id="a link that makes a loop"),
        pytest.param(["pkg/a.py", "root -> /"], ["pkg/a.py"], id="a link to everything"),
        pytest.param(["a.py -> b.py", "b.py -> a.py"], ["a.py", "b.py"], id="links to one another"),
        pytest.param(["gone.py -> nowhere.py"], ["gone.py"], id="a dangling link, whose reading fails"),
        pytest.param(["gone -> nowhere"], [], id="a dangling link of another name"),
        pytest.param(["x.py/", "x.py/a.py"], ["x.py/a.py"], id="a folder called x.py that holds Python"),
    ],
)
def test_a_folder_is_walked(tmp_path: Path, names: list[str], expected: list[str]) -> None:
    make(tmp_path, *names)
    assert collected(tmp_path) == expected


def test_a_link_out_of_the_tree_is_followed_once(tmp_path: Path) -> None:
    make(
        tmp_path,
        "shared/a.py",
        "project/one -> ../shared",
        "project/two -> ../shared",
        "project/b.py -> ../shared/a.py",
    )
    assert collected(tmp_path / "project") == ["b.py"], "one of three names for one file"


@pytest.mark.parametrize(
    ("names", "failed"),
    [
        pytest.param(
            ["x.py/"], {"x.py": "is a directory, not a Python file"}, id="an empty folder called x.py"
        ),
        pytest.param(
            ["x.py/notes.txt"], {"x.py": "is a directory, not a Python file"}, id="one without Python"
        ),
        pytest.param(["x.py/a/b.py"], {}, id="one with Python further down"),
    ],
)
def test_a_folder_named_like_a_file(tmp_path: Path, names: list[str], failed: dict[str, str]) -> None:
    make(tmp_path, *names)
    expected = tuple(Failed(tmp_path / name, error) for name, error in failed.items())
    assert collect([tmp_path], tmp_path).failed == expected
    assert collect([tmp_path / "x.py"], tmp_path).failed == expected


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    failed = (Failed(tmp_path / "pipe.py", "cannot be read: not a regular file"),)
    assert collect([tmp_path], tmp_path) == Tree((), (), failed, ())
    assert collect([tmp_path / "pipe.py"], tmp_path) == Tree((), (), failed, ())


# --- What is given --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "given", "context"),
    [
        pytest.param(["."], ["pkg/a.py", "pkg/b.py", "tests/test_a.py"], [], id="the root"),
        pytest.param(["pkg"], ["pkg/a.py", "pkg/b.py"], ["tests/test_a.py"], id="a folder"),
        pytest.param(["pkg/a.py"], ["pkg/a.py"], ["pkg/b.py", "tests/test_a.py"], id="a file"),
        pytest.param(
            ["pkg/a.py", "pkg/a.py", "pkg/../pkg/a.py"],
            ["pkg/a.py"],
            ["pkg/b.py", "tests/test_a.py"],
            id="a file, often",
        ),
        pytest.param(
            ["pkg", "pkg/a.py", "."], ["pkg/a.py", "pkg/b.py", "tests/test_a.py"], [], id="overlapping"
        ),
        pytest.param(
            ["venv/c.py"],
            ["venv/c.py"],
            ["pkg/a.py", "pkg/b.py", "tests/test_a.py"],
            id="a file in a skipped folder",
        ),
        pytest.param(
            ["venv"], ["venv/c.py"], ["pkg/a.py", "pkg/b.py", "tests/test_a.py"], id="a skipped folder"
        ),
        pytest.param(
            ["script"], ["script"], ["pkg/a.py", "pkg/b.py", "tests/test_a.py"], id="a file of any name"
        ),
        pytest.param(
            ["linked/a.py"], ["pkg/a.py"], ["pkg/b.py", "tests/test_a.py"], id="a file's other name"
        ),
        pytest.param(["linked"], ["pkg/a.py", "pkg/b.py"], ["tests/test_a.py"], id="a folder's other name"),
    ],
)
def test_given_and_context(tmp_path: Path, paths: list[str], given: list[str], context: list[str]) -> None:
    make(tmp_path, "pkg/a.py", "pkg/b.py", "tests/test_a.py", "venv/c.py", "script", "linked -> pkg")
    tree = collect([tmp_path / path for path in paths], tmp_path)
    assert (below(tmp_path, tree.given), below(tmp_path, tree.context)) == (given, context)


def test_a_file_outside_the_project(tmp_path: Path) -> None:
    make(tmp_path, "project/a.py", "other/b.py")
    tree = collect([tmp_path / "other/b.py"], tmp_path / "project")
    assert (below(tmp_path, tree.given), below(tmp_path, tree.context)) == (["other/b.py"], ["project/a.py"])


@pytest.mark.parametrize(
    ("exclude", "given"),
    [
        pytest.param(["legacy/"], ["a.py", "pkg/a.py", "pkg/x_pb2.py"], id="a folder, wherever it is"),
        pytest.param(
            ["/legacy"], ["a.py", "pkg/a.py", "pkg/legacy/d.py", "pkg/x_pb2.py"], id="a folder of the root"
        ),
        pytest.param(
            ["*_pb2.py"], ["a.py", "legacy/b.py", "pkg/a.py", "pkg/legacy/d.py"], id="a file's name"
        ),
        pytest.param(["pkg/*", "!pkg/a.py"], ["a.py", "legacy/b.py", "pkg/a.py"], id="all but one"),
        pytest.param(["a.py"], ["legacy/b.py", "pkg/legacy/d.py", "pkg/x_pb2.py"], id="a name in any folder"),
    ],
)
def test_excluded_files_are_still_context(tmp_path: Path, exclude: list[str], given: list[str]) -> None:
    everything = ["a.py", "legacy/b.py", "pkg/a.py", "pkg/legacy/d.py", "pkg/x_pb2.py"]
    make(tmp_path, *everything)
    tree = collect([tmp_path], tmp_path, exclude)
    assert below(tmp_path, tree.given) == given
    assert below(tmp_path, tree.context) == [name for name in everything if name not in given]


def test_a_file_that_is_named_is_taken_unless_excluded(tmp_path: Path) -> None:
    make(tmp_path, "build/a.py")
    assert collected(tmp_path, "build/a.py") == ["build/a.py"]
    assert collected(tmp_path, "build/a.py", exclude=("build/",)) == []


# --- What git ignores -----------------------------------------------------------------------------

IGNORING = {
    ".gitignore": "/generated/\n*_local.py\n!kept_local.py\n",
    "pkg/.gitignore": "private.py\n!here_local.py\n",
    "generated/a.py": "",
    "pkg/generated/b.py": "",
    "pkg/private.py": "",
    "pkg/x_local.py": "",
    "pkg/here_local.py": "",
    "private.py": "",
    "kept_local.py": "",
    "secret.py": "",
}
KEPT = ["kept_local.py", "pkg/generated/b.py", "pkg/here_local.py", "private.py"]


def write(root: Path, contents: dict[str, str]) -> None:
    for name, content in contents.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)


@pytest.mark.parametrize("kind", ["git", "git that cannot be run", "no repository"])
def test_ignored_files_are_left_out(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, IGNORING)
    if kind != "no repository":
        git(tmp_path, "init")
        (tmp_path / ".git/info/exclude").write_text("secret.py\n")
    if kind == "git that cannot be run":
        monkeypatch.setenv("PATH", "")
    kept = KEPT if kind != "no repository" else sorted([*KEPT, "secret.py"])
    assert collected(tmp_path) == kept
    assert collected(tmp_path, "pkg") == ["pkg/generated/b.py", "pkg/here_local.py"]
    assert collected(tmp_path, "generated") == ["generated/a.py"], "a folder that is named is meant"
    assert collected(tmp_path, "pkg/private.py") == ["pkg/private.py"], "so is a file"


def test_what_git_tracks_is_not_ignored(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.py\n", "a.py": "", "b.py": ""})
    git(tmp_path, "init")
    git(tmp_path, "add", "--force", "a.py")
    assert collected(tmp_path) == ["a.py"]


def test_a_repository_in_a_repository_has_its_own_rules(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "a.py\n", "a.py": "", "b.py": ""})
    write(tmp_path / "inner", {".gitignore": "b.py\n", "a.py": "", "b.py": ""})
    git(tmp_path, "init")
    git(tmp_path / "inner", "init")
    assert collected(tmp_path) == ["b.py", "inner/a.py"]


def test_a_link_to_an_ignored_folder_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, {"repo/.gitignore": "/linked\n", "repo/a.py": "", "elsewhere/b.py": ""})
    git(tmp_path / "repo", "init")
    make(tmp_path, "repo/linked -> ../elsewhere")
    assert collected(tmp_path / "repo") == ["a.py"]


def test_a_hook_s_variables_do_not_lead_astray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"repo/.gitignore": "a.py\n", "repo/a.py": "", "repo/b.py": ""})
    git(tmp_path / "repo", "init")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other.git"))
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index.lock")
    assert collected(tmp_path / "repo") == ["b.py"]


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "paths", "root"),
    [
        pytest.param(["pyproject.toml", "src/pkg/a.py"], ["src/pkg/a.py"], ".", id="pyproject.toml upward"),
        pytest.param(["setup.py", "pkg/a.py"], ["pkg"], ".", id="setup.py"),
        pytest.param(["setup.cfg", "pkg/a.py"], ["pkg"], ".", id="setup.cfg"),
        pytest.param(["pyproject.toml", "sub/setup.py", "sub/a.py"], ["sub"], "sub", id="the nearest"),
        pytest.param(
            ["pyproject.toml", "one/setup.py", "one/a.py", "two/a.py"],
            ["one", "two"],
            ".",
            id="above all paths",
        ),
        pytest.param([".git/HEAD", "pkg/a.py"], ["pkg"], ".", id="the repository"),
        pytest.param(
            ["pyproject.toml", "repo/.git/HEAD", "repo/pkg/a.py"],
            ["repo/pkg"],
            ".",
            id="a project's file first",
        ),
        pytest.param(["x/a/a.py", "x/b/b.py"], ["x/a/a.py", "x/b"], "x", id="what the paths share"),
        pytest.param(["x/a.py"], ["x/a.py"], "x", id="a file's folder"),
    ],
)
def test_project_root(tmp_path: Path, names: list[str], paths: list[str], root: str) -> None:
    make(tmp_path, *names)
    assert project_root([tmp_path / path for path in paths]) == tmp_path / root


@pytest.mark.parametrize(
    ("names", "path", "module"),
    [
        pytest.param([], "a.py", "a", id="a flat folder"),
        pytest.param([], "scripts/a.py", "scripts.a", id="below the root"),
        pytest.param(["pkg/__init__.py"], "pkg/a.py", "pkg.a", id="a package"),
        pytest.param(["pkg/__init__.py"], "pkg/__init__.py", "pkg", id="a package itself"),
        pytest.param(
            ["pkg/__init__.py", "pkg/b/__init__.py"], "pkg/b/a.py", "pkg.b.a", id="a package in a package"
        ),
        pytest.param(["src/pkg/__init__.py"], "src/pkg/a.py", "pkg.a", id="src layout"),
        pytest.param([], "src/a.py", "a", id="a module in src"),
        pytest.param(
            ["src/ns/pkg/__init__.py"], "src/ns/pkg/a.py", "ns.pkg.a", id="a namespace package in src"
        ),
        pytest.param([], "src/ns/a.py", "ns.a", id="a namespace package without any __init__"),
        pytest.param(
            ["libs/one/src/one/__init__.py"], "libs/one/src/one/a.py", "one.a", id="src further down"
        ),
        pytest.param(
            ["services/api/app/__init__.py"], "services/api/app/a.py", "app.a", id="a package further down"
        ),
        pytest.param(
            ["src/my-function/app/__init__.py"],
            "src/my-function/app/a.py",
            "app.a",
            id="a folder no import can name",
        ),
        pytest.param(
            ["src/__init__.py", "src/pkg/__init__.py"], "src/pkg/a.py", "src.pkg.a", id="src is a package"
        ),
        pytest.param([], "my-function/app.py", "my-function.app", id="a folder that is no identifier"),
    ],
)
def test_module_name(tmp_path: Path, names: list[str], path: str, module: str) -> None:
    make(tmp_path, *names, path)
    assert module_name(tmp_path / path, tmp_path) == module


def test_a_module_outside_the_root(tmp_path: Path) -> None:
    make(tmp_path, "root/", "else/a.py")
    assert module_name(tmp_path / "else/a.py", tmp_path / "root") == "a"


@pytest.mark.parametrize(
    ("path", "patterns", "expected"),
    [
        pytest.param("test_a.py", None, True, id="test_ before"),
        pytest.param("pkg/a_test.py", None, True, id="_test after"),
        pytest.param("pkg/conftest.py", None, True, id="conftest"),
        pytest.param("tests/factories.py", None, True, id="anything in tests"),
        pytest.param("pkg/tests/deep/a.py", None, True, id="tests further down"),
        pytest.param("pkg/latest.py", None, False, id="a name that ends in test"),
        pytest.param("pkg/contests/a.py", None, False, id="a folder that ends in tests"),
        pytest.param("pkg/tests.py", None, False, id="a file called like the folder"),
        pytest.param("checks/a.py", ["checks/"], True, id="a setting"),
        pytest.param("test_a.py", ["checks/"], False, id="which replaces the default"),
        pytest.param("a/spec/b.py", ["a/spec/"], True, id="a folder by its path"),
        pytest.param("b/spec/b.py", ["a/spec/"], False, id="not by its name alone"),
        pytest.param("a/b/it.py", ["a/*/it.py"], True, id="a file by its path"),
        pytest.param("a/it_x/b.py", ["it_*/"], True, id="a folder by a pattern"),
    ],
)
def test_is_test(tmp_path: Path, path: str, patterns: list[str] | None, expected: bool) -> None:
    root = tmp_path / "tests"  # what stands above the root says nothing
    default = ("test_*.py", "*_test.py", "conftest.py", "tests/")
    assert is_test(root / path, root, default if patterns is None else patterns) is expected
