"""pytest's command line in; the recorder and the guard of the default session started, where they are asked for.

Every pytest run in an environment with session-first imports this module, so it imports nothing that
its options do not need.
"""

from __future__ import annotations

import pytest

_RECORD = "--aws-calls"
_COMPARE = "--aws-calls-against"
_FORBID = "--forbid-default-session"
_VARY = "aws_calls_vary"
_PARTS = ("session_first_calls", "session_first_default_session")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The three options, and the setting of what varies."""
    group = parser.getgroup("session-first", "AWS calls (session-first)")
    group.addoption(_RECORD, metavar="FILE", help="Record the AWS calls of every test in FILE.")
    group.addoption(
        _COMPARE,
        metavar="FILE",
        help="Fail if the AWS calls of a test differ from those that --aws-calls recorded in FILE.",
    )
    group.addoption(
        _FORBID, action="store_true", help="Fail tests during which boto3's default session is used."
    )
    parser.addini(
        _VARY, "Regular expressions of texts in AWS calls that vary from run to run.", type="linelist"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Starts before a conftest.py can make clients."""
    options = early_config.known_args_namespace
    if _wanted(options) and _is_boto3_there():
        _start(early_config, options)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker; starts, where this was loaded too late to start earlier.

    Raises:
        pytest.UsageError: there is no boto3.
    """
    config.addinivalue_line(
        "markers", "default_session: the test may use boto3's default session (--forbid-default-session)"
    )
    wanted = _wanted(config.option)
    if not wanted or any(map(config.pluginmanager.has_plugin, _PARTS)):
        return
    if not _is_boto3_there():
        raise pytest.UsageError(f"{wanted[0]} needs boto3: pip install 'session-first[trace]'")
    _start(config, config.option)


def _wanted(options: object) -> list[str]:
    return [option for option in (_RECORD, _COMPARE, _FORBID) if _value(options, option)]


def _value(options: object, option: str) -> str | None:
    value: str | None = getattr(options, option.lstrip("-").replace("-", "_"), None)
    return value


def _start(config: pytest.Config, options: object) -> None:
    record, against, forbid = (_value(options, option) for option in (_RECORD, _COMPARE, _FORBID))
    calls, guard = _PARTS
    if record or against:
        from session_first.trace.suite import SuiteCalls  # noqa: PLC0415 # it imports botocore

        config.pluginmanager.register(SuiteCalls(config, record, against, config.getini(_VARY)), calls)
    if forbid:
        from session_first.trace.default_session import DefaultSessionGuard  # noqa: PLC0415 # it imports boto3

        config.pluginmanager.register(DefaultSessionGuard(config), guard)


def _is_boto3_there() -> bool:
    from importlib.util import find_spec  # noqa: PLC0415 # only where an option is used

    return find_spec("boto3") is not None
