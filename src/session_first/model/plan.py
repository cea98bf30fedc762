"""What is to be done about findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from session_first.model.edits import AddSessionParameter, Edit
from session_first.model.findings import Applicability, Finding, Skip
from session_first.model.places import Location, Position


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a finding: the edits by file, and a sentence for people.

    The edits of a function that takes a session are shared by all findings in it.
    """

    applicability: Applicability
    message: str
    edits: tuple[tuple[Path, Edit], ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """A finding and what becomes of it."""

    finding: Finding
    outcome: Fix | Skip


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from fixes: `edits` that are made where all functions of `needs` (by where they stand) get their session
    parameter, by a fix or by another consequence. `adds` are the functions that get one by these edits."""

    edits: tuple[tuple[Path, Edit], ...]
    needs: frozenset[Location]
    adds: frozenset[Location] = frozenset()


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a session is not passed on: at the call at `place`–`end`, or (`end` None) in the function that stands at `place`,
    which cannot take one for it. `reason` is a `SkipReason`'s value, or `unsafe` for what was not asked for; `detail` a
    sentence for people."""

    place: Location
    end: Position | None
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: one resolution a finding, in the order of path and position, and what follows from the fixes;
    and (`stops`) where sessions do not go on."""

    resolutions: tuple[Resolution, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    stops: tuple[Stop, ...] = ()

    def edits(self, *, unsafe: bool) -> dict[Path, tuple[Edit, ...]]:
        """The edits of all safe (with `unsafe`, of all) fixes and of what follows from them, by file, each once."""
        chosen: dict[Path, dict[Edit, None]] = {}
        taking: set[Location] = set()
        for resolution in self.resolutions:
            fix = resolution.outcome
            if isinstance(fix, Fix) and (unsafe or fix.applicability is Applicability.SAFE):
                for path, edit in fix.edits:
                    chosen.setdefault(path, {})[edit] = None
                    if isinstance(edit, AddSessionParameter):
                        taking.add(Location(path, edit.function))
        waiting = list(self.consequences)
        while ready := [consequence for consequence in waiting if consequence.needs <= taking]:
            waiting = [consequence for consequence in waiting if consequence not in ready]
            for consequence in ready:
                taking |= consequence.adds
                for path, edit in consequence.edits:
                    chosen.setdefault(path, {})[edit] = None
        return {path: tuple(edits) for path, edits in chosen.items()}
