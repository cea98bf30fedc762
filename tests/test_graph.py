"""The command `graph` on the demonstration: what it prints, and that its page shows the same."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests import tool

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/graph.md").read_text(encoding="utf-8")


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "fixtures/demo/before", tmp_path / "demo"))


@pytest.mark.parametrize(
    ("arguments", "kind", "number"),
    [
        pytest.param([], "text", 0, id="the whole project"),
        pytest.param(["parcels.report:late"], "text", 1, id="one function"),
        pytest.param(["parcels.report:late", "--output-format", "mermaid"], "mermaid", 0, id="mermaid"),
    ],
)
def test_the_page_shows_what_is_printed(demo: Path, arguments: list[str], kind: str, number: int) -> None:
    shown = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[number]
    printed = tool.run(demo, "graph", *arguments)
    assert printed.stdout == shown
    assert printed.exit_code == 0


def test_a_function_by_option_and_among_paths(demo: Path) -> None:
    expected = tool.run(demo, "graph", "parcels.labels:key_of")
    assert expected.stdout.startswith(
        "parcels.labels:key_of (parcels/labels.py:10) takes none\n\nCalled by\n"
    )
    assert expected.exit_code == 0
    assert tool.run(demo, "graph", "--function", "parcels.labels:key_of") == expected
    assert tool.run(demo, "graph", "parcels", "parcels.labels:key_of").stdout == expected.stdout


def test_json_is_the_same_each_time(demo: Path) -> None:
    first, second = (
        tool.run(demo, "graph", "--output-format", "json", "--jobs", jobs) for jobs in ("1", "2")
    )
    assert first == second
    names = [function["name"] for function in json.loads(first.stdout)["functions"]]
    assert "parcels.store:ParcelStore.__init__" in names


def test_dot(demo: Path) -> None:
    printed = tool.run(demo, "graph", "--output-format", "dot").stdout
    assert printed.startswith("digraph sessions {\n")
    assert printed.endswith("}\n")


def test_where_lift_would_stop(demo: Path) -> None:
    printed = tool.run(demo, "graph", "--stop-at", "parcels.report:main", "parcels.report:late").stdout
    assert (
        "main (parcels/report.py:39, main) line 46 passes none: main cannot take one (caller-takes-none)"
        in printed
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["parcels.report:sooner"], "there is no function 'parcels.report:sooner'", id="unknown"),
        pytest.param(["a:b", "c:d"], "one function at a time: a:b, c:d", id="two functions"),
        pytest.param(["nowhere"], "there is no file or folder 'nowhere'", id="no path"),
    ],
)
def test_wrong_use(demo: Path, arguments: list[str], message: str) -> None:
    printed = tool.run(demo, "graph", *arguments)
    assert f"Error: {message}" in printed.stderr
    assert printed.exit_code == 2


def test_a_broken_file_is_named_and_the_rest_is_shown(demo: Path) -> None:
    (demo / "broken.py").write_text("import boto3\ndef (\n", encoding="utf-8")
    printed = tool.run(demo, "graph")
    assert printed.exit_code == 2
    assert "error: broken.py:2:5: " in printed.stderr
    assert printed.stdout.startswith("parcels.alerts:mail ")
