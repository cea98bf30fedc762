"""What a flow is rewritten in: the project, what is known of it, and what the fix may touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from session_first.model import ModuleFacts, Position
from session_first.project.callgraph import CallGraph
from session_first.project.context import Project
from session_first.project.credentials import Credentials
from session_first.project.free_names import FreeNames
from session_first.project.parameter_names import Signatures


@dataclass(frozen=True)
class Surroundings:
    """What a flow is rewritten in. `session_name` gives the name of the session parameter of an outermost
    function, None where it can take none; `catches`: something in the project, tests left out, may catch an
    exception."""

    project: Project
    credentials: Credentials
    graph: CallGraph
    session_name: Callable[[ModuleFacts, Position], str | None]
    writable: frozenset[Path]
    mentions_default_session: bool
    mocked: str | None
    method_style: bool
    catches: bool
    free_names: FreeNames

    @property
    def signatures(self) -> Signatures:
        """Which parameters may get another name."""
        return Signatures(self.project, self.graph, self.writable)
