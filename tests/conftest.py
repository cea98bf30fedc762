"""`pytest --refresh-fixtures[=GLOB]`: what the tool does now becomes what the fixtures expect."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-fixtures",
        metavar="GLOB",
        nargs="?",
        const="*",
        help="Run no test: rewrite after/ and expected.txt of the fixtures (whose names match GLOB) to what"
        " the tool does now, and print what changed.",
    )


def pytest_cmdline_main(config: pytest.Config) -> pytest.ExitCode | None:
    pattern: str | None = config.getoption("--refresh-fixtures")
    if pattern is None:
        return None
    from tests.refresh import refresh  # noqa: PLC0415 # only this needs the command line of the tool
    from tests.situations import SITUATIONS  # noqa: PLC0415 # likewise

    changes = [change for each in SITUATIONS if fnmatch(each.name, pattern) for change in refresh(each)]
    print("\n\n".join(changes) or "nothing changed")  # noqa: T201 # it is asked for
    return pytest.ExitCode.OK
