"""A table of settings, from pyproject.toml or flags, to validated `Settings`; a bad one is an error that names its key."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias, get_args

Form: TypeAlias = Literal["auto", "inline", "article"]
AssumeRoleStyle: TypeAlias = Literal["function", "method"]

FORMS: tuple[Form, ...] = get_args(Form)
ASSUME_ROLE_STYLES: tuple[AssumeRoleStyle, ...] = get_args(AssumeRoleStyle)

DEFAULT_TESTS = (
    *("test_*.py", "*_test.py", "*_tests.py", "tests.py", "conftest.py"),
    *("tests/", "test/", "*_tests/", "*_test/", "tests_*/"),
)
"""What is test code unless the setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose.

    Codes are prefixes (`BSF1`). `select` None means the rules that are on by default. `exclude` are
    patterns as in .gitignore, from the project root. A pattern of `tests` that ends in `/` is a
    directory's name anywhere below the project root. `boundaries` are dotted names of decorators
    that read a function's signature; `*` at the end of one stands for any text. `lift`: callers take a session too, up to the functions of `stop_at`
    (`pkg.mod:func`); `add_profile_option`: scripts get `--profile` then.
    `assume_role_style` is how a role is assumed where the project has patched boto3:
    `aws_assume_role_lib.assume_role(session, …)` or `session.assume_role(…)`. `jobs` None lets the size of the work decide.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    tests: tuple[str, ...] = DEFAULT_TESTS
    boundaries: tuple[str, ...] = ()
    lift: bool = False
    stop_at: tuple[str, ...] = ()
    add_profile_option: bool = False
    form: Form = "auto"
    assume_role_style: AssumeRoleStyle = "function"
    project_root: Path | None = None
    jobs: int | None = None


KEYS = (
    "select",
    "ignore",
    "extend-select",
    "exclude",
    "form",
    "assume-role-style",
    "tests",
    "boundaries",
    "stop-at",
    "jobs",
)
"""The keys of `[tool.session-first]`."""


class ConfigError(Exception):
    """A setting that cannot be used; the message is one line and names the key."""


def load(pyproject: Path, codes: Sequence[str]) -> Settings:
    """The settings in the table `[tool.session-first]` of `pyproject`; the defaults where it has none.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or holds an unknown key or a bad value.
    """
    tool = read_toml(pyproject).get("tool")
    table = tool.get("session-first", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(f"{pyproject}: tool.session-first: must be a table")
    return override(Settings(), table, codes=codes, origin=f"{pyproject}: tool.session-first.")


def read_toml(path: Path) -> dict[str, object]:
    """The document in the file at `path`.

    Raises:
        ConfigError: the file cannot be read or is not TOML.
    """
    # flake8 imports this module on every start and has no use for a TOML parser.
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415
    else:
        import tomli as tomllib  # noqa: PLC0415

    try:
        return tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are both
        raise ConfigError(f"{path}: is not valid TOML: {error}") from error


def override(
    settings: Settings, table: Mapping[str, object], *, codes: Sequence[str], origin: str
) -> Settings:
    """`settings` with the values of `table` in place of its own; `origin` stands before the key in errors.

    Raises:
        ConfigError: an unknown key, or a value that the key cannot have.
    """
    for key, value in table.items():
        settings = _with(settings, key, value, codes, f"{origin}{key}")
    return settings


class _BadValueError(Exception):
    """Says what is wrong with a value; `_with` adds whose it is."""


def _with(settings: Settings, key: str, value: object, codes: Sequence[str], place: str) -> Settings:
    try:
        return _read(settings, key, value, codes)
    except _BadValueError as error:
        raise ConfigError(f"{place}: {error}") from error


def _read(settings: Settings, key: str, value: object, codes: Sequence[str]) -> Settings:
    match key:
        case "select":
            return replace(settings, select=_codes(value, codes))
        case "ignore":
            return replace(settings, ignore=_codes(value, codes))
        case "extend-select":
            return replace(settings, extend_select=_codes(value, codes))
        case "exclude":
            return replace(settings, exclude=_patterns(value))
        case "form":
            return replace(settings, form=_form(value))
        case "assume-role-style":
            return replace(settings, assume_role_style=_style(value))
        case "tests":
            return replace(settings, tests=_strings(value))
        case "boundaries":
            return replace(settings, boundaries=_dotted_names(value))
        case "stop-at":
            return replace(settings, stop_at=_functions(value))
        case "jobs":
            return replace(settings, jobs=_positive(value))
        case _:
            raise _BadValueError(f"unknown key; known are {', '.join(KEYS)}")


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(
        isinstance(item, str) and item.strip() for item in value
    ):
        raise _BadValueError(f"must be a list of strings that are not empty, not {value!r}")
    return tuple(value)


def _codes(value: object, codes: Sequence[str]) -> tuple[str, ...]:
    prefixes = _strings(value)
    for prefix in prefixes:
        if not any(code.startswith(prefix) for code in codes):
            raise _BadValueError(
                f"{prefix!r} is no rule's code, nor the start of one; rules: {', '.join(codes)}"
            )
    return prefixes


def _patterns(value: object) -> tuple[str, ...]:
    patterns = _strings(value)
    if patterns:
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 (only those who exclude something pay its import)

        try:
            GitIgnoreSpec.from_lines(patterns)
        except ValueError as error:
            raise _BadValueError(f"not a pattern as in .gitignore: {error}") from error
    return patterns


def _dotted_names(value: object) -> tuple[str, ...]:
    names = _strings(value)
    for name in names:
        if not all(part.isidentifier() for part in name.removesuffix(".*").removesuffix("*").split(".")):
            raise _BadValueError(f"{name!r} is not the dotted name of a decorator")
    return names


def _functions(value: object) -> tuple[str, ...]:
    names = _strings(value)
    for name in names:
        module, colon, function = name.partition(":")
        parts = (*module.split("."), *function.split("."))
        if not colon or not all(part.isidentifier() for part in parts):
            raise _BadValueError(f"{name!r} does not name a function as pkg.mod:func")
    return names


def _form(value: object) -> Form:
    for form in FORMS:
        if value == form:
            return form
    raise _BadValueError(f"must be one of {', '.join(FORMS)}, not {value!r}")


def _style(value: object) -> AssumeRoleStyle:
    for style in ASSUME_ROLE_STYLES:
        if value == style:
            return style
    raise _BadValueError(f"must be one of {', '.join(ASSUME_ROLE_STYLES)}, not {value!r}")


def _positive(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _BadValueError(f"must be a whole number from 1, not {value!r}")
    return value
