"""The requirement that assumed sessions bring along, and how what a project already declares stands to it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from session_first.dependencies.outcome import Present, Refused

MODULE: Final = "aws_assume_role_lib"
"""The module whose import needs it."""

NAME: Final = "aws-assume-role-lib"
OLDEST: Final = ">=2.10"
NEEDED: Final = f"{NAME}{OLDEST}"
"""As it is written."""

COMPANION: Final = "boto3"
"""The requirement beside which it belongs."""

_WORD = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?=[\[(<>=!~;@,]|$)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_ITSELF = re.compile(r"(?<![\w.-])aws[-_.]+assume[-_.]+role[-_.]+lib(?![A-Za-z0-9])", re.IGNORECASE)

_MINORS = [f"2.{minor}.{micro}" for minor in range(10, 60) for micro in range(6)]
_MAJORS = [f"{major}.{minor}" for major in range(3, 20) for minor in range(10)]


def name_of(requirement: str) -> str | None:
    """The normalised name of the distribution in `requirement`, None where it names none."""
    word = _WORD.match(requirement)
    if word is not None:
        return normalised(word[1])
    if _ITSELF.search(requirement) is not None:  # a link to a wheel or a repository
        return NAME
    egg = _EGG.search(requirement)
    return None if egg is None else normalised(egg[1])


def normalised(name: str) -> str:
    """`name` as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def holds_companion(requirements: Iterable[str]) -> bool:
    """Whether boto3 is among them."""
    return any(name_of(requirement) == COMPANION for requirement in requirements)


def mentioned(text: str) -> bool:
    """Whether a text of any kind names the library's distribution."""
    return _ITSELF.search(text) is not None


def judge(requirements: Iterable[str]) -> Present | Refused | None:
    """Whether `requirements` take care of it, or shut it out; None where they do not name it."""
    declared = [requirement.strip() for requirement in requirements if name_of(requirement) == NAME]
    if not declared:
        return None
    if any(_allows(requirement) for requirement in declared):
        return Present()
    return Refused(f"allow {NEEDED}, since it says {declared[0]}")


def _allows(requirement: str) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - of no use to a check
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - likewise

    try:
        specifiers = Requirement(requirement).specifier
    except InvalidRequirement:
        return True  # whoever wrote it in this way knows which version it is
    try:
        named = [Version(specifier.version.removesuffix(".*")) for specifier in specifiers]
    except InvalidVersion:
        return True
    new = [str(version) for version in named if version >= Version("2.10")]
    return any(specifiers.contains(version, prereleases=True) for version in [*new, *_MINORS, *_MAJORS])


def place(requirements: Sequence[str]) -> int:
    """Where it goes among `requirements`: in order if they are in order, else at the end."""
    for key in (lambda text: name_of(text) or text, str.casefold):
        keys = [key(requirement) for requirement in requirements]
        if keys == sorted(keys):
            return bisect_right(keys, key(NEEDED))
    return len(requirements)
