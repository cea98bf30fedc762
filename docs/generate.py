"""The rules' docstrings in, their pages, the index and the README's table out; `--check` writes nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from session_first.model import Rule
from session_first.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
README = Path("README.md")
PAGES = Path("docs/rules")


def index(rules: Sequence[Rule]) -> str:
    """The page that lists the rules."""
    return f"# Rules\n\n{table(rules, links='')}\n"


def table(rules: Sequence[Rule], *, links: str) -> str:
    """A line a rule; `links` stands before the pages' names."""
    rows = [
        f"| [{rule.code}]({links}{rule.code}.md) | {rule.name} | {rule.summary} | {_default(rule)} | {_fix(rule)} |"
        for rule in rules
    ]
    return "\n".join(["| code | name | what it finds | | |", "| --- | --- | --- | --- | --- |", *rows])


def between_marks(text: str, name: str, new: str) -> str:
    """The text with what stands between `<!-- name -->` and `<!-- /name -->` replaced."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{start} … {end} is missing")
    return f"{before}{start}\n{new}\n{end}{after}"


def pages(rules: Sequence[Rule], readme: str) -> Mapping[Path, str]:
    """All files that are made from the rules, by path from the root."""
    return {
        README: between_marks(readme, "rules", table(rules, links=f"{PAGES.as_posix()}/")),
        PAGES / "index.md": index(rules),
        **{PAGES / f"{rule.code}.md": rule.page for rule in rules},
    }


def stale(root: Path, wanted: Mapping[Path, str]) -> list[Path]:
    """The files that are missing, differ, or belong to no rule any more."""
    differing = [path for path, text in wanted.items() if _read(root / path) != text]
    orphans = [path.relative_to(root) for path in (root / PAGES).glob("*.md")]
    return differing + sorted(path for path in orphans if path not in wanted)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the pages; with `--check` only says which are stale, and returns 1 if any is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args(arguments).check
    wanted = pages(RULES, (ROOT / README).read_text(encoding="utf-8"))
    old = stale(ROOT, wanted)
    for path in old:
        print(
            f"{path}: {'stale; run docs/generate.py' if check else 'written' if path in wanted else 'removed'}"
        )
        if check:
            continue
        if path in wanted:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(wanted[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
    return int(check and bool(old))


def _default(rule: Rule) -> str:
    return "on by default" if rule.default else "opt-in"


def _fix(rule: Rule) -> str:
    return f"{rule.applicability.value} fix" if rule.applicability else "no fix"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
