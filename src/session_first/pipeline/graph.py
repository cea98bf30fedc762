"""Paths and settings to the graph of how sessions travel in the whole project, with a fix and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from session_first import files
from session_first.config import Settings
from session_first.model import Failed, ModuleFacts
from session_first.pipeline.check import Look, Track, across_files, untracked
from session_first.pipeline.reading import holds_site
from session_first.pipeline.workers import AS_NEEDED, Workers
from session_first.project.callgraph import CallGraph, Function, build
from session_first.project.entry_points import console_scripts
from session_first.project.following import follow
from session_first.project.line_length import line_length
from session_first.project.plan import make_plan
from session_first.project.python_floor import python_floor
from session_first.project.related import assumes_role
from session_first.project.session_graph import SessionGraph
from session_first.project.survey import Plans, survey
from session_first.rules import ROLE_CODES, enabled


class NoSuchFunctionError(Exception):
    """The project has no function of the name; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Graphed:
    """The graph, and what could not be read for it; `failed` are of the given files, `warnings` of those around."""

    graph: SessionGraph
    files: int
    failed: tuple[Failed, ...]
    warnings: tuple[Failed, ...]


def graph(
    paths: Sequence[Path],
    settings: Settings,
    *,
    function: str | None = None,
    unsafe: bool = False,
    workers: Workers = AS_NEEDED,
    track: Track = untracked,
) -> Graphed:
    """How sessions travel in the project of `paths`, or (`function`: `pkg.mod:func`) to and from one function of it.

    What a fix would do is what it would do to `paths`; with `unsafe`, by its unsafe fixes as well.

    Raises:
        ConfigError: the project's pyproject.toml cannot be read.
        NoSuchFunctionError: `function` names no function of the project, or several.
    """
    root = (settings.project_root or files.project_root(paths)).absolute()
    codes = enabled(settings.select, settings.extend_select, settings.ignore)
    tree = files.collect(paths, root, settings.exclude)
    look = Look(root, settings, workers, track)
    given = look.at(tree.given, holds_site, codes)
    seen = {*(e.source.path for e in given.examined), *(failure.path for failure in given.failed)}
    rest = look.at([path for path in (*tree.given, *tree.context) if path not in seen], _any)
    whole = look.around((*given.examined, *rest.examined), (), threads=False)
    modules = sorted((examined.facts for examined in whole.examined), key=lambda facts: facts.path)
    calls = build(modules)
    focus = _function(modules, calls, function) if function is not None else None
    assumes = bool(codes & ROLE_CODES) and any(map(assumes_role, modules))
    followed = follow(modules if assumes else (), calls)
    writable = frozenset(tree.given)
    findings = across_files(
        [finding for examined in given.examined for finding in examined.findings],
        modules,
        calls,
        followed if assumes else None,
        codes=codes,
        own=frozenset(examined.source.path for examined in given.examined),
        writable=writable,
    )
    fix, lift = (
        make_plan(
            modules,
            findings,
            writable=writable,
            settings=replace(settings, lift=lifted),
            python_floor=python_floor(root),
            line_length=line_length(root),
            graph=calls,
            followed=followed,
            unsafe=unsafe,
        )
        for lifted in (False, True)
    )
    found = survey(
        modules,
        calls,
        Plans(fix, lift, unsafe),
        scripts=console_scripts(root),
        boundaries=settings.boundaries,
        focus=focus,
    )
    broken = look.broken([failure.path for failure in rest.failed if failure.path in writable])
    failed = tuple(sorted({*tree.failed, *given.failed, *broken}, key=lambda failure: failure.path))
    others = dict.fromkeys((*tree.context_failed, *rest.failed, *whole.failed))
    warnings = tuple(failure for failure in others if failure not in failed)
    return Graphed(found, len(tree.given), failed, warnings)


def _any(path: Path, data: bytes) -> bool:  # noqa: ARG001 - a Mark
    """Marks every file."""
    return True


def _function(modules: Sequence[ModuleFacts], calls: CallGraph, name: str) -> Function:
    """The function that `pkg.mod:func` names; the module may go by the end of its name."""
    module, _, last = name.partition(":")
    own = {facts.path for facts in modules if not facts.is_test}
    named = [f for f in calls.functions if f.path in own and f.name == last]
    found = [f for f in named if f.module == module] or [f for f in named if f.module.endswith(f".{module}")]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(f"{f.path.name}:{f.position.line}" for f in found)
        raise NoSuchFunctionError(f"{name!r} is more than one function: {places}")
    near = ", ".join(sorted({f"{f.module}:{f.name}" for f in named})[:3])
    raise NoSuchFunctionError(f"there is no function {name!r}" + (f"; there is {near}" if near else ""))
