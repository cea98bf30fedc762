"""One command makes the fixtures expect what the tool does."""

from __future__ import annotations

from pathlib import Path

from tests.refresh import refresh
from tests.situations import Situation, files

BROKEN = "import boto3\nboto3.client(:\n"
BEFORE = 'import boto3\n\n\ndef f():\n    return boto3.client("s3")\n'


def situation(folder: Path, **sources: str) -> Situation:
    for name, source in sources.items():
        path = folder / "before" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    return Situation(folder)


def test_after_and_expected_are_written_and_what_changed_is_told(tmp_path: Path) -> None:
    changed = situation(tmp_path, app=BEFORE)
    told = "\n".join(refresh(changed))
    assert f"b/{tmp_path.name}/after/app.py" in told
    assert "+app.py:5:12: BSF101" in told
    assert changed.expected.read_text().startswith("app.py:5:12: BSF101")
    assert b"def f(session=None):" in files(changed.after)["app.py"]
    assert files(changed.before)["app.py"] == BEFORE.encode()


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    changed = situation(tmp_path, app=BEFORE)
    list(refresh(changed))
    assert list(refresh(changed)) == []


def test_what_the_tool_no_longer_leaves_goes(tmp_path: Path) -> None:
    changed = situation(tmp_path, app=BEFORE)
    list(refresh(changed))
    (changed.after / "left.py").write_text("left = 1\n")
    assert "-left = 1" in "\n".join(refresh(changed))
    assert files(changed.after).keys() == {"app.py"}


def test_nothing_is_written_where_the_tool_fails(tmp_path: Path) -> None:
    failing = situation(tmp_path, app=BEFORE, other=BROKEN)
    told = list(refresh(failing))
    assert told[0].startswith(f"{tmp_path.name}: not refreshed, exit code 2\nerror: other.py:2:")
    assert not failing.expected.exists()


def test_a_file_may_be_broken_on_purpose(tmp_path: Path) -> None:
    broken = situation(tmp_path, app=BEFORE, **{"other.broken": BROKEN})
    list(refresh(broken))
    assert files(broken.after).keys() == {"app.py", "other.broken.py"}
