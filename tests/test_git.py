"""Which files git could bring back: it shows, and `fix` writes only those unless told otherwise."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from session_first.git import GitError, unsaved


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one committed file of each kind of name."""
    for name in ("a.py", "with space.py", "ü.py", 'quo"te.py', "line\nbreak.py", "pkg/b.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("before\n")
    (tmp_path / ".gitignore").write_text("ignored.py\nignored/\n")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "all")
    return tmp_path


def states(folder: Path, *names: str) -> dict[str, str]:
    found = unsaved(folder / name for name in names)
    return {path.relative_to(folder).as_posix(): state for path, state in found.items()}


@pytest.mark.parametrize("name", ["a.py", "with space.py", "ü.py", 'quo"te.py', "line\nbreak.py", "pkg/b.py"])
def test_a_committed_file_and_one_that_changed(repository: Path, name: str) -> None:
    assert states(repository, name) == {}
    (repository / name).write_text("after\n")
    assert states(repository, name) == {name: "unstaged changes"}
    git(repository, "add", "--", name)
    assert states(repository, name) == {}, "what is staged can be had back"
    (repository / name).write_text("later\n")
    assert states(repository, name) == {name: "unstaged changes"}


@pytest.mark.parametrize(
    ("name", "state"),
    [
        pytest.param("new.py", "untracked", id="untracked"),
        pytest.param("new/deep/a.py", "untracked", id="in an untracked folder"),
        pytest.param("pkg/new.py", "untracked", id="next to a tracked file"),
        pytest.param("ignored.py", "ignored", id="ignored"),
        pytest.param("ignored/deep/a.py", "ignored", id="in an ignored folder"),
        pytest.param("new file -> b.py", "untracked", id="a name like a renaming"),
    ],
)
def test_a_file_that_git_does_not_know(repository: Path, name: str, state: str) -> None:
    (repository / name).parent.mkdir(exist_ok=True, parents=True)
    (repository / name).write_text("")
    assert states(repository, name) == {name: state}
    assert states(repository, "a.py") == {}


def test_a_file_that_is_only_announced(repository: Path) -> None:
    (repository / "new.py").write_text("")
    git(repository, "add", "--intent-to-add", "new.py")
    assert states(repository, "new.py") == {"new.py": "unstaged changes"}


def test_a_staged_renaming(repository: Path) -> None:
    git(repository, "mv", "a.py", "moved.py")
    assert states(repository, "moved.py", "pkg/b.py") == {}
    (repository / "moved.py").write_text("before\nafter\n")
    assert states(repository, "moved.py", "pkg/b.py") == {"moved.py": "unstaged changes"}


def test_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "a.py").write_text("")
    (tmp_path / "b.py").write_text("")
    git(tmp_path, "add", "a.py")
    assert states(tmp_path, "a.py", "b.py") == {"b.py": "untracked"}


def test_outside_any_repository(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    assert states(tmp_path, "a.py") == {}


def test_several_repositories(repository: Path) -> None:
    inner = repository / "inner"
    inner.mkdir()
    git(inner, "init")
    for name in ("tracked.py", "new.py"):
        (inner / name).write_text("")
    git(inner, "add", "tracked.py")
    (repository / "a.py").write_text("after\n")
    assert states(repository, "a.py", "pkg/b.py", "inner/tracked.py", "inner/new.py") == {
        "a.py": "unstaged changes",
        "inner/new.py": "untracked",
    }


def test_a_link_is_asked_for_what_it_leads_to(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    link = tmp_path_factory.mktemp("elsewhere") / "link.py"
    link.symlink_to(repository / "a.py")
    assert unsaved([link]) == {}
    (repository / "a.py").write_text("after\n")
    assert unsaved([link]) == {link: "unstaged changes"}


@pytest.mark.parametrize("broken", ["no git", "no repository behind .git"])
def test_git_that_cannot_tell(repository: Path, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if broken == "no git":
        monkeypatch.setenv("PATH", "")
    else:
        (repository / ".git/HEAD").unlink()
    with pytest.raises(GitError):
        unsaved([repository / "a.py"])
