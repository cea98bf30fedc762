"""The pages say what the code does: generated ones are fresh, hand-written ones name everything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import generate
from session_first import config
from session_first.model import Rule, SkipReason
from session_first.rules import RULES
from tests import tool

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

each_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in RULES])


def test_generated_pages_are_fresh() -> None:
    assert generate.stale(ROOT, generate.pages(RULES, README)) == [], "run docs/generate.py"


@each_rule
def test_a_rules_page_starts_with_its_name_and_has_every_section(rule: Rule) -> None:
    assert rule.page.startswith(f"# {rule.name} ({rule.code})\n\n")
    headings = [line.removeprefix("## ") for line in rule.page.splitlines() if line.startswith("## ")]
    assert headings == ["What it does", "Why is this bad?", "Example", "Fix safety", "References"]


@pytest.mark.parametrize(
    ("number", "header"),
    [
        pytest.param(0, "import boto3\n\n\n", id="a default session"),
        pytest.param(1, "", id="an assumed role"),
    ],
)
def test_the_readme_shows_what_fix_does(tmp_path: Path, number: int, header: str) -> None:
    shown = re.findall(r"```diff\n(.*?)```", README, re.DOTALL)[number].splitlines(keepends=True)
    before, after = (
        header + "".join(line[1:] or line for line in shown if line[0] in kept) for kept in (" -\n", " +\n")
    )
    (tmp_path / "example.py").write_text(before, encoding="utf-8")
    tool.run(tmp_path, "fix", ".")
    assert (tmp_path / "example.py").read_text(encoding="utf-8") == after


def test_the_page_on_decisions_shows_what_becomes_of_a_role(tmp_path: Path) -> None:
    page = (ROOT / "docs/how-it-decides.md").read_text(encoding="utf-8").partition("\n## Assumed roles\n")[2]
    before, after = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[:2]
    (tmp_path / "topics.py").write_text(f"import boto3\n\n\n{before}", encoding="utf-8")
    tool.run(tmp_path, "fix", ".")
    imports = "import aws_assume_role_lib\nimport boto3\n"
    assert (tmp_path / "topics.py").read_text(encoding="utf-8") == f"{imports}\n\n{after}"


@pytest.mark.parametrize(
    "number", [pytest.param(0, id="two recordings"), pytest.param(1, id="roles and time")]
)
def test_the_recorders_examples_print_what_their_page_shows(
    capsys: pytest.CaptureFixture[str], number: int
) -> None:
    page = (ROOT / "docs/trace.md").read_text(encoding="utf-8")
    example, printed = (
        re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)[number] for kind in ("python", "text")
    )
    exec(example, {})  # noqa: S102 (our own page)
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize("reason", [pytest.param(reason, id=reason.value) for reason in SkipReason])
def test_every_reason_to_skip_is_explained(reason: SkipReason) -> None:
    assert f"\n| `{reason.value}` |" in (ROOT / "docs/how-it-decides.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", [pytest.param(key, id=key) for key in config.KEYS])
def test_every_setting_is_explained(key: str) -> None:
    assert f"\n| `{key}` |" in (ROOT / "docs/configuration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        pytest.param({}, [], id="fresh"),
        pytest.param({"docs/rules/BSF101.md": "old"}, ["docs/rules/BSF101.md"], id="a page differs"),
        pytest.param({"docs/rules/BSF101.md": None}, ["docs/rules/BSF101.md"], id="a page is missing"),
        pytest.param({"docs/rules/BSF999.md": "gone"}, ["docs/rules/BSF999.md"], id="a page of no rule"),
        pytest.param({"README.md": "no table"}, ["README.md"], id="the table differs"),
    ],
)
def test_stale_pages_are_named(tmp_path: Path, damage: dict[str, str | None], found: list[str]) -> None:
    wanted = generate.pages(RULES, README)
    for path, text in {**{str(path): text for path, text in wanted.items()}, **damage}.items():
        if text is not None:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
    assert [path.as_posix() for path in generate.stale(tmp_path, wanted)] == found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no marks", id="no marks"),
        pytest.param("<!-- table -->\n", id="no end"),
        pytest.param("<!-- /table -->\n", id="no start"),
        pytest.param("<!-- /table --><!-- table -->", id="end before start"),
    ],
)
def test_a_page_without_its_marks_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="<!-- table --> … <!-- /table --> is missing"):
        generate.between_marks(text, "table", "new")
