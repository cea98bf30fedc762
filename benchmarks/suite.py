"""suites.toml in, the test suites it names out: which release, what it needs, how it is run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.packages import Pin, normal

_REQUIREMENT = re.compile(r"^[A-Za-z0-9][\w.-]*(\[[\w.,-]+\])?==[\w.!+]+$")


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests in a release's source archive.

    `requirements` are what pip installs besides the release and what it requires, `arguments` are pytest's,
    `environment` is added to the tests' environment variables.
    """

    pin: Pin
    requirements: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


def read_suites(document: Mapping[str, object]) -> tuple[Suite, ...]:
    """The suites of a document with a table a package, in its order.

    Raises:
        ValueError: a table has a wrong or an unknown key, no version, or a requirement that is no exact pin.
    """
    return tuple(_suite(name, table) for name, table in document.items())


def requirements(suites: Sequence[Suite]) -> str:
    """The requirements file with which pip downloads the suites' source archives."""
    return "".join(
        f"--no-binary {suite.pin.name}\n{suite.pin.name}=={suite.pin.version}\n" for suite in suites
    )


def _suite(name: str, table: object) -> Suite:
    match table:
        case {"version": str(version), **rest}:
            pass
        case _:
            raise ValueError(f"{name}: no version")
    if unknown := [key for key in rest if key not in {"requirements", "pytest", "environment"}]:
        raise ValueError(f"{name}: unknown: {', '.join(map(str, unknown))}")
    needed = _words(f"{name}: requirements", rest.get("requirements", []))
    if loose := [requirement for requirement in needed if not _REQUIREMENT.match(requirement)]:
        raise ValueError(f"{name}: not an exact pin: {', '.join(loose)}")
    environment = rest.get("environment", {})
    if not isinstance(environment, Mapping):
        raise ValueError(f"{name}: environment: not a table")  # noqa: TRY004 (the file is wrong, not the program)
    values = _words(f"{name}: environment", list(environment.values()))
    return Suite(
        Pin(normal(name), version),
        needed,
        _words(f"{name}: pytest", rest.get("pytest", [])),
        dict(zip(environment, values, strict=True)),
    )


def _words(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"{where}: not a list of strings")
    return tuple(value)
