"""A function and the names that something new may get in; the first that is free there, and is taken from then on, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from session_first.facts.entry_points import SESSION_NAMES
from session_first.model import ModuleFacts, Position, Scoped


@dataclass(frozen=True, slots=True)
class FreeNames:
    """The names that are free in the outermost functions of a project; each is given once, whichever flow asks. Those of
    session parameters, which the functions may take as well, are not given."""

    _taken: dict[tuple[Path, Position | None], set[str]] = field(default_factory=dict)

    def take(self, module: ModuleFacts, scoped: Scoped, candidates: Sequence[str]) -> str | None:
        """The first of the candidates that nothing in the outermost function around goes by; None where all are in use."""
        outermost = module.values.scopes.get(scoped.outermost, scoped)
        taken = self._taken.setdefault((module.path, outermost.position), {*outermost.names, *SESSION_NAMES})
        name = next((name for name in candidates if name not in taken), None)
        if name is not None:
            taken.add(name)
        return name
