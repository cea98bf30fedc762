"""The arguments of a call of `assume_role` in; what the library's takes of them, and what not, out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from session_first.model import Position, RoleArgument, RoleCall, Skip, SkipReason

SHORTEST = 900
"""botocore refreshes credentials in their last 15 minutes; sessions no longer than that are refreshed at once."""

_KEPT = frozenset(
    {
        "RoleArn",
        "RoleSessionName",
        "ExternalId",
        "Policy",
        "PolicyArns",
        "Tags",
        "TransitiveTagKeys",
        "SourceIdentity",
    }
)
_LEFT_OUT = _KEPT - {"RoleArn"}
"""What the library does without where it is None."""

_ONE_TIME = frozenset({"SerialNumber", "TokenCode"})
_DURATION = "DurationSeconds"
_MFA = Skip(
    SkipReason.ONE_TIME_CODE,
    "it is assumed with an MFA code, which cannot refresh; a profile with mfa_serial asks again",
)


@dataclass(frozen=True, slots=True)
class RoleArguments:
    """The arguments that go (by where they start), those that come, and what may differ."""

    removed: tuple[Position, ...]
    added: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]


def role_arguments(call: RoleCall, least: Callable[[RoleArgument], int | None]) -> RoleArguments | Skip:
    """What becomes of the arguments; `least` says which integer one certainly is at least."""
    removed: list[Position] = []
    added: list[tuple[str, str]] = []
    doubts: list[str] = []
    additional: list[tuple[str, str]] = []
    for argument in call.arguments:
        doubts.extend(
            f"{name} may be None, which boto3 refuses and the library leaves out"
            for name in sorted(argument.optional & _LEFT_OUT)
        )
        if argument.keyword is None and argument.dict_display is None:
            skip = _unpacked(argument)
            if skip is not None:
                return skip
            continue
        numbers = dict(argument.numbers)
        pairs = (
            [(argument.keyword, argument.text, least(argument) if argument.keyword == _DURATION else None)]
            if argument.keyword is not None
            else [(name, text, numbers.get(name)) for name, text in argument.dict_display or ()]
        )
        for name, text, number in pairs:
            if name in _ONE_TIME:
                return _MFA
            is_long = name == _DURATION and number is not None and number > SHORTEST
            if name == _DURATION and not is_long:
                doubts.append(
                    f"DurationSeconds={text} is left out, as a session of {SHORTEST} seconds or less would be refreshed on nearly every call"
                )
            elif name not in _KEPT and not is_long:
                additional.append((name, text))
            elif argument.keyword is None:
                added.append((name, text))
            kept = (name in _KEPT or is_long) and argument.keyword is not None
            if not kept and argument.position not in removed:
                removed.append(argument.position)
    if additional:
        entries = ", ".join(f'"{name}": {text}' for name, text in additional)
        added.append(("additional_kwargs", f"{{{entries}}}"))
    return RoleArguments(tuple(removed), tuple(added), tuple(doubts))


def _unpacked(argument: RoleArgument) -> Skip | None:
    """Whether a mapping that is unpacked may stay as it is."""
    if argument.keys is None:
        return Skip(
            SkipReason.UNCLEAR_FLOW,
            f"what **{argument.text} passes to assume_role cannot be told; name the arguments",
        )
    if _ONE_TIME.intersection(argument.keys):
        return _MFA
    for name, number in argument.numbers:
        if name == _DURATION and (number is None or number <= SHORTEST):
            return Skip(
                SkipReason.UNCLEAR_FLOW,
                f"**{argument.text} may pass a DurationSeconds of {SHORTEST} or less, which would refresh on nearly every call",
            )
        if name not in _KEPT and name != _DURATION:
            return Skip(
                SkipReason.UNCLEAR_FLOW,
                f"**{argument.text} may pass {name}, which the library takes in additional_kwargs",
            )
    return None
