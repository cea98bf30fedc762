"""Facts in; what the rules look at, as one file by itself or all files together tell it, out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from session_first.model import FileContext, ModuleFacts
from session_first.project.callgraph import CallGraph
from session_first.project.following import Followed, follow
from session_first.project.threaded import threaded
from session_first.project.unforwarded import unforwarded


def alone(facts: ModuleFacts) -> FileContext:
    """What the file tells by itself."""
    (context,) = together([facts], None, follow([facts]) if facts.values.transfers else None).values()
    return context


def together(
    modules: Sequence[ModuleFacts], graph: CallGraph | None, followed: Followed | None
) -> dict[Path, FileContext]:
    """By file what all of `modules` tell. `graph` is their call graph, made here where it is not given and needed;
    `followed` where the credentials of the roles that they assume go, None where that does not matter."""
    roles = followed.roles if followed is not None else {}
    calls = unforwarded(modules, graph)
    threads = threaded(modules, graph)
    return {
        module.path: FileContext(
            module,
            roles.get(module.path, ()),
            calls.get(module.path, ()),
            threads.get(module.path, ()),
        )
        for module in modules
    }
