"""The flake8 plugin: one file's tree and lines in, flake8's tuples out. It only looks."""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from flake8.options.manager import OptionManager

from session_first import __version__
from session_first.config import DEFAULT_TESTS
from session_first.prefilter import may_hold_site


class Plugin:
    """What flake8 makes for each file."""

    name: ClassVar[str] = "session-first"
    version: ClassVar[str] = __version__

    def __init__(
        self, tree: ast.Module, lines: Sequence[str], filename: str, options: argparse.Namespace
    ) -> None:
        self._tree = tree
        self._lines = lines
        self._path = Path(filename)
        self._options = options

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Registers the options, on the command line and in flake8's configuration."""
        manager.add_option(
            "--session-first-tests",
            parse_from_config=True,
            comma_separated_list=True,
            default=",".join(DEFAULT_TESTS),
            help="Files that are test code, which BSF1xx leaves out: patterns of names, or `folder/`.",
        )

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """(line, column, text, plugin) for each finding; flake8 applies `noqa` and the selection."""
        text = "".join(self._lines)
        if not may_hold_site(text):
            return
        # Only here, because flake8 starts for every commit, and most files hold no finding.
        from session_first.facts.module import analyse  # noqa: PLC0415
        from session_first.files import is_test, module_name  # noqa: PLC0415
        from session_first.model import FileContext  # noqa: PLC0415 - for files with a finding, as those around it
        from session_first.pipeline.nesting import room_for_nesting  # noqa: PLC0415
        from session_first.rules import check  # noqa: PLC0415
        from session_first.source import SourceFile  # noqa: PLC0415

        here = Path.cwd()
        path = here / self._path
        source = SourceFile(self._path, b"", text, "utf-8")
        with room_for_nesting():
            facts = analyse(
                source,
                self._tree,
                module_name(path, here),
                is_test=is_test(path, here, self._options.session_first_tests),
                alone=True,
            )
            context = FileContext(facts)
            if facts.calls:  # which are gathered where what one function says matters to another
                from session_first.project.view import alone  # noqa: PLC0415 - 20 ms, for few files

                context = alone(facts)
        for finding in check(context, self._enabled(), noqa=False):
            place = finding.location.position
            yield place.line, place.column, f"{finding.code} {finding.message}", type(self)

    def _enabled(self) -> frozenset[str]:
        """An opt-in rule is on only where the user selects its code: gating it here keeps it off under
        any `ignore=`, which cancels flake8's own list of rules that are off by default."""
        from session_first.rules import RULES  # noqa: PLC0415

        asked = (*(self._options.select or ()), *(self._options.extend_select or ()))
        return frozenset(rule.code for rule in RULES if rule.default or rule.code.startswith(tuple(asked)))
