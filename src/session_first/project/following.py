"""The facts of many files in; the call graph and the way of credentials through it, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.model import ModuleFacts, RoleUse
from session_first.project.callgraph import CallGraph, build
from session_first.project.context import Project
from session_first.project.credentials import Credentials
from session_first.project.role_uses import role_uses


@dataclass(frozen=True)
class Followed:
    """The calls of the modules, and where credentials go."""

    graph: CallGraph
    credentials: Credentials

    @property
    def roles(self) -> dict[Path, tuple[RoleUse, ...]]:
        """The roles that each file assumes, and where their credentials arrive."""
        return role_uses(self.credentials.flows)


def follow(modules: Sequence[ModuleFacts], graph: CallGraph | None = None) -> Followed:
    """What is known of the way of credentials through `modules`, be they a project or a single file.

    `graph` is their call graph, made here where it is not given and needed.
    """
    if not any(module.values.transfers for module in modules):
        return Followed(graph or build(()), Credentials(Project(()), build(())))
    graph = graph or build(modules)
    return Followed(graph, Credentials(Project(modules), graph))
