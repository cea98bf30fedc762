"""How sessions travel in; the methods that lifting gives one for nothing, out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from session_first.model import FunctionFacts, Location, ModuleFacts, Skip, SkipReason
from session_first.project.forwarding import Forwarding


def idle(
    forwarding: Forwarding, modules: Mapping[Path, ModuleFacts], *, unsafe: bool
) -> dict[Location, Skip]:
    """The methods that take a session only to pass it on, where an override of theirs has nobody to pass it to.

    All overrides of a method have one signature. Where the method itself makes a client, its fix is worth a parameter that the others
    ignore; where it would only pass a session on, a store for another cloud need not know of AWS.
    """
    passing = forwarding.passing(unsafe=unsafe)
    found: dict[Location, Skip] = {}
    for lifted in forwarding.lifted:
        for place in sorted(lifted.adds) if len(lifted.adds) > 1 else ():
            function = modules[place.path].functions[place.position]
            if place not in passing and not _only_declares(function):
                reason = f"{function.name} would take one as well, as all overrides do, and has no use for it"
                found.update(dict.fromkeys(lifted.adds, Skip(SkipReason.OVERRIDDEN, reason)))
                break
    return found


def _only_declares(function: FunctionFacts) -> bool:
    """Whether the method is there to be overridden, or does nothing."""
    own = function.names - {parameter.name for parameter in function.parameters}
    return own <= {"NotImplementedError"} or any(
        d.name.endswith("abstractmethod") for d in function.decorators
    )
