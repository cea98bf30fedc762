"""The one registry of rules, and the check of one file's facts against them."""

from __future__ import annotations

from collections.abc import Iterable

from session_first.facts.suppressions import is_suppressed
from session_first.model import FileContext, Finding, Rule
from session_first.rules import (
    assumed_credentials_in_environment,
    default_session_at_import,
    default_session_call,
    default_session_in_thread,
    hand_written_refresh,
    raw_assume_role,
    session_ignored,
    session_not_forwarded,
    session_per_invocation,
)

RULES: tuple[Rule, ...] = (
    default_session_call.RULE,
    session_ignored.RULE,
    session_not_forwarded.RULE,
    default_session_at_import.RULE,
    default_session_in_thread.RULE,
    session_per_invocation.RULE,
    raw_assume_role.RULE,
    assumed_credentials_in_environment.RULE,
    hand_written_refresh.RULE,
)

FORWARDING_CODES = frozenset({session_not_forwarded.RULE.code})
"""The rules that look at calls, of functions in other files as well."""

THREAD_CODES = frozenset({default_session_in_thread.RULE.code})
"""The rules that look at what runs in threads, which other files may start."""

ROLE_CODES = frozenset({raw_assume_role.RULE.code, assumed_credentials_in_environment.RULE.code})
"""The rules that look at where a role's credentials go, in other files as well."""


def check(context: FileContext, codes: Iterable[str], *, noqa: bool = True) -> tuple[Finding, ...]:
    """The findings of the rules named in `codes`, in the order of the text.

    `noqa=False` leaves the suppressions to the caller (flake8 applies its own).
    """
    wanted = frozenset(codes)
    found = [finding for rule in RULES if rule.code in wanted for finding in rule.check(context)]
    if noqa:
        suppressed = context.facts.suppressed
        found = [f for f in found if not is_suppressed(suppressed, f.location.position.line, f.code)]
    return tuple(sorted(found, key=lambda f: (f.location, f.end, f.code)))


def matching(prefixes: Iterable[str]) -> frozenset[str]:
    """The codes that start with one of the prefixes."""
    return frozenset(rule.code for rule in RULES if rule.code.startswith(tuple(prefixes)))


def enabled(
    select: Iterable[str] | None, extend_select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> frozenset[str]:
    """The codes to check: those selected (None: all that are on by default), plus, minus.

    A longer prefix wins over a shorter one, as in flake8: `--select BSF102 --ignore BSF1` keeps BSF102.
    """
    chosen = tuple(select) if select is not None else tuple(rule.code for rule in RULES if rule.default)
    wanted = (*chosen, *extend_select)
    unwanted = tuple(ignore)
    named = (*(tuple(select) if select is not None else ()), *extend_select)
    return frozenset(
        code
        for code in matching(wanted)
        if _longest(unwanted, code) == 0 or _longest(named, code) > _longest(unwanted, code)
    )


def _longest(prefixes: tuple[str, ...], code: str) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)
