"""What holds for every rule: registered once, in order, with a page whose examples tell the truth."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import session_first.rules
from session_first.model import Applicability, Rule
from session_first.rules import RULES, enabled, matching
from tests import tool
from tests.analysis import ALL, findings_of

BESIDE = {"BSF105": {"BSF101"}}
"""What else the example of a rule yields, as any program does that breaks it."""

SECTIONS = ["What it does", "Why is this bad?", "Example", "Fix safety", "References"]

each_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in RULES])


def blocks(text: str) -> list[str]:
    """The Python blocks of a page."""
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def example(rule: Rule) -> str:
    """The first example of the page."""
    return blocks(rule.doc.partition("\nUse instead:")[0])[0]


def instead(rule: Rule) -> list[str]:
    """The examples under "Use instead"."""
    return blocks(rule.doc.partition("\nUse instead:")[2])


def test_every_module_is_registered() -> None:
    names = [module.name for module in iter_modules(session_first.rules.__path__)]
    records = [import_module(f"session_first.rules.{name}").RULE for name in names]
    assert sorted(rule.code for rule in records) == [rule.code for rule in RULES]


def test_rules_are_in_order_and_unique() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)


@each_rule
def test_record(rule: Rule) -> None:
    assert re.fullmatch(r"BSF\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.summary
    assert len(rule.summary) < 70
    assert not rule.summary.endswith(".")


@each_rule
def test_a_rule_and_its_module_and_its_tests_have_one_name(rule: Rule) -> None:
    name = rule.name.replace("-", "_")
    assert import_module(f"session_first.rules.{name}").RULE is rule
    assert (Path(__file__).parent / f"test_{name}.py").is_file()


@each_rule
def test_the_page_has_its_sections(rule: Rule) -> None:
    assert re.findall(r"^## (.*)$", rule.page, re.MULTILINE) == SECTIONS
    assert rule.page.startswith(f"# {rule.name} ({rule.code})\n")
    assert "\nUse instead:\n" in rule.page.partition("## Example")[2].partition("## Fix safety")[0]


@each_rule
def test_the_page_says_whether_the_rule_is_opt_in(rule: Rule) -> None:
    assert ("opt-in" in rule.doc) is not rule.default


@each_rule
def test_the_example_yields_the_code_and_no_other(rule: Rule) -> None:
    codes = {finding.code for finding in findings_of(example(rule), ALL)}
    assert codes == {rule.code, *BESIDE.get(rule.code, ())}


@each_rule
def test_what_to_use_instead_yields_nothing(rule: Rule) -> None:
    assert instead(rule)
    for text in instead(rule):
        assert findings_of(text, ALL) == ()


@each_rule
@pytest.mark.parametrize(
    "options", [pytest.param((), id="safe"), pytest.param(("--unsafe-fixes",), id="unsafe")]
)
def test_the_fix_of_the_example_is_what_to_use_instead(
    rule: Rule, options: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "example.py"
    file.write_text(example(rule), encoding="utf-8")
    printed = tool.run(tmp_path, "fix", "--allow-dirty", "--select", rule.code, *options, "example.py")
    after = file.read_text(encoding="utf-8")
    writes = rule.applicability is Applicability.SAFE or (options and rule.applicability is not None)
    assert printed.exit_code == (0 if writes else 1), printed.stderr
    assert after in (instead(rule) if writes else [example(rule)])


DEFAULT = {rule.code for rule in RULES if rule.default}
OF_SESSIONS = {code for code in ALL if code.startswith("BSF1")}
OF_ROLES = {code for code in ALL if code.startswith("BSF2")}


def test_what_is_on_by_default() -> None:
    assert {"BSF104"} == ALL - DEFAULT


@pytest.mark.parametrize(
    ("select", "extend", "ignore", "expected"),
    [
        pytest.param(None, (), (), DEFAULT, id="default"),
        pytest.param(None, ("BSF104",), (), ALL, id="extended"),
        pytest.param(("BSF104",), (), (), {"BSF104"}, id="selected"),
        pytest.param(("BSF",), (), (), ALL, id="selected by a prefix"),
        pytest.param(("BSF2",), (), (), OF_ROLES, id="selected by a longer prefix"),
        pytest.param((), (), (), set(), id="nothing selected"),
        pytest.param(None, (), ("BSF102",), DEFAULT - {"BSF102"}, id="ignored"),
        pytest.param(None, (), ("BSF1",), OF_ROLES, id="ignored by a prefix"),
        pytest.param(("BSF102",), (), ("BSF1",), {"BSF102"}, id="the longer prefix wins"),
        pytest.param(
            ("BSF1",), (), ("BSF102",), OF_SESSIONS - {"BSF102"}, id="the longer prefix wins, the other way"
        ),
        pytest.param(("BSF102",), (), ("BSF102",), set(), id="of two the same, ignore wins"),
        pytest.param(None, ("BSF104",), ("BSF1",), OF_ROLES | {"BSF104"}, id="extended by a longer prefix"),
    ],
)
def test_enabled(
    select: tuple[str, ...] | None, extend: tuple[str, ...], ignore: tuple[str, ...], expected: set[str]
) -> None:
    assert enabled(select, extend, ignore) == expected


def test_matching() -> None:
    assert matching(["BSF10"]) == {"BSF101", "BSF102", "BSF103", "BSF104", "BSF105", "BSF106"}
    assert matching([]) == set()
