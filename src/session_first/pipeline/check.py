"""Paths and settings to the findings in them and the plan for these, made with the whole project in view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypeVar

from session_first import files
from session_first.config import Settings
from session_first.model import Failed, Finding, ModuleFacts, Plan
from session_first.pipeline import journal
from session_first.pipeline.examine import Examined, Source, dead, examine, unreadable
from session_first.pipeline.reading import IsRelated, Mark, decides_form, holds_site, names_boto3, read_marked
from session_first.pipeline.workers import AS_NEEDED, Died, Workers, each
from session_first.project.callgraph import CallGraph, build
from session_first.project.entry_points import console_scripts
from session_first.project.following import Followed, follow
from session_first.project.line_length import line_length
from session_first.project.plan import make_plan
from session_first.project.python_floor import python_floor
from session_first.project.related import assumes_role, related
from session_first.project.threaded import may_be_threaded
from session_first.project.view import together
from session_first.rules import FORWARDING_CODES, ROLE_CODES, THREAD_CODES, enabled
from session_first.rules import check as rules_check

Item = TypeVar("Item")

_BYTES_A_PROCESS = 500_000
"""As much Python keeps a process busy for half a second."""

_BYTES_A_PROCESS_PARSES = 1_500_000
"""As much it parses in that time."""


class Track(Protocol):
    """Shows how far a stage is."""

    def __call__(self, items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
        """Hands on `items`, of which there are `total`."""


def untracked(items: Iterable[Item], label: str, total: int) -> Iterator[Item]:  # noqa: ARG001 - a Track
    """Shows nothing."""
    yield from items


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of the given files.

    `files` is their number. `failed` are those without an answer; `warnings` are files around them
    that could not be read, so that nothing they say was considered. `sources` are the bytes from
    which the plan was made. `interrupted` are the journals of fixes that were stopped while they wrote, or are
    still at it.
    """

    root: Path
    files: int
    plan: Plan
    failed: tuple[Failed, ...]
    warnings: tuple[Failed, ...]
    sources: Mapping[Path, Source] = field(repr=False)
    interrupted: tuple[Path, ...] = ()


def check(
    paths: Sequence[Path],
    settings: Settings,
    *,
    unsafe: bool = False,
    workers: Workers = AS_NEEDED,
    track: Track = untracked,
) -> Checked:
    """The findings at and below `paths`, and what is to become of each; with `unsafe` where unsafe fixes are to be
    carried out too.

    Raises:
        ConfigError: the project's pyproject.toml cannot be read.
    """
    root = (settings.project_root or files.project_root(paths)).absolute()
    codes = enabled(settings.select, settings.extend_select, settings.ignore)
    tree = files.collect(paths, root, settings.exclude)
    interrupted = journal.find(root, (path.parent for path in (*tree.given, *tree.context)))
    look = Look(root, settings, workers, track)

    given = look.at(tree.given, holds_site, codes)
    assumes = bool(codes & ROLE_CODES) and any(assumes_role(examined.facts) for examined in given.examined)
    seen = {*(e.source.path for e in given.examined), *(failure.path for failure in given.failed)}
    broken = look.broken([path for path in tree.given if path not in seen])
    failed = tuple(sorted((*tree.failed, *given.failed, *broken), key=lambda failed: failed.path))
    sources = {examined.source.path: examined.source for examined in given.examined}
    findings = [finding for examined in given.examined for finding in examined.findings]
    forwards = bool(codes & FORWARDING_CODES) and any(map(_concerns_callers, given.examined))
    threads = bool(codes & THREAD_CODES) and any(may_be_threaded(e.facts) for e in given.examined)
    if not findings and not assumes and not forwards and not threads:  # then the project has nothing to add
        return Checked(root, len(tree.given), Plan(), failed, (), sources, interrupted)

    known = {*sources, *(failure.path for failure in (*given.failed, *broken))}
    others = [path for path in (*tree.given, *tree.context) if path not in known]
    around = look.at(others, decides_form)
    first = (*given.examined, *around.examined)
    met = {examined.source.path for examined in first}
    whole = look.around(first, [path for path in others if path not in met], threads=threads)
    writable = frozenset(tree.given)
    modules = [examined.facts for examined in whole.examined]
    graph = build(modules)
    followed = follow(modules if assumes else (), graph)
    own = frozenset(examined.source.path for examined in given.examined)
    findings = across_files(
        findings,
        modules,
        graph,
        followed if assumes else None,
        codes=codes,
        own=own,
        writable=writable,
    )
    plan = make_plan(
        modules,
        findings,
        writable=writable,
        settings=settings,
        python_floor=python_floor(root),
        line_length=line_length(root),
        graph=graph,
        followed=followed,
        unsafe=unsafe,
        scripts=console_scripts(root) if settings.lift else (),
    )
    for examined in whole.examined:
        if examined.source.path in writable:
            sources[examined.source.path] = examined.source
    warnings = tuple(dict.fromkeys((*tree.context_failed, *around.failed, *whole.failed)))
    return Checked(root, len(tree.given), plan, failed, warnings, sources, interrupted)


def across_files(
    findings: Sequence[Finding],
    modules: Sequence[ModuleFacts],
    graph: CallGraph,
    followed: Followed | None,
    *,
    codes: frozenset[str],
    own: frozenset[Path],
    writable: frozenset[Path],
) -> list[Finding]:
    """`findings`, those that more than one file tells of in the place of what each file says by itself.

    `followed` is None where no role is assumed. Roles and threads are looked for in `own`, calls in `writable`.
    """
    contexts = together(modules, graph, followed)
    of_calls = codes & FORWARDING_CODES
    of_sites = codes & (THREAD_CODES if followed is None else THREAD_CODES | ROLE_CODES)
    found = [finding for finding in findings if finding.code not in of_calls | of_sites]
    for path in sorted(own | writable):
        if path in contexts:
            wanted = (of_calls if path in writable else frozenset()) | (
                of_sites if path in own else frozenset()
            )
            found.extend(rules_check(contexts[path], wanted))
    seen = {(finding.code, finding.location) for finding in found}
    kept = (f for f in findings if f.code in ROLE_CODES and (f.code, f.location) not in seen)
    return [*found, *kept]  # what one file tells of roles may not be in what all do


def _concerns_callers(examined: Examined) -> bool:
    """Whether calls in the file, or of its functions, may leave a session behind."""
    facts = examined.facts
    return not facts.is_test and bool(facts.taking or facts.in_scope)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at files gives; those without the mark are in neither."""

    examined: tuple[Examined, ...]
    failed: tuple[Failed, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Reads and examines files of one project."""

    root: Path
    settings: Settings
    workers: Workers
    track: Track

    def around(self, first: Sequence[Examined], paths: Sequence[Path], *, threads: bool) -> Seen:
        """`first`, and those of `paths` that matter to the plan for it, or (`threads`) to what of it runs in threads; what
        they say can bring in more."""
        examined = {e.source.path: e for e in first}
        failed: list[Failed] = []
        relation = None
        while True:
            facts = [e.facts for e in examined.values()]
            wider = related(facts, self.settings.boundaries, lift=self.settings.lift, threads=threads)
            again = [
                replace(e.source, follows_values=True)
                for e in examined.values()
                if not e.facts.values.transfers
                and not e.source.follows_values
                and wider.carries(e.source.data)
            ]
            if relation == wider and not again:
                return Seen(tuple(examined.values()), tuple(failed))
            relation = wider
            known = {*examined, *(failure.path for failure in failed)}
            unknown = [path for path in paths if path not in known]
            for seen in (
                self._examined(again),
                self.at(unknown, IsRelated(self.root, self.settings.tests, relation)),
            ):
                examined.update((e.source.path, e) for e in seen.examined)
                failed.extend(seen.failed)

    def at(self, paths: Sequence[Path], mark: Mark, codes: frozenset[str] = frozenset()) -> Seen:
        """The facts of the files that have the mark, and the findings of `codes` in them."""
        sources, failed = self._read(paths, mark, codes)
        seen = self._examined(sources)
        return Seen(seen.examined, (*failed, *seen.failed))

    def _examined(self, sources: Sequence[Source]) -> Seen:
        size = sum(len(source.data) for source in sources)
        results = each(examine, sources, self.workers, busy=size // _BYTES_A_PROCESS)
        examined: list[Examined] = []
        failed: list[Failed] = []
        for result in self.track(results, "Analysing", len(sources)):
            if isinstance(result, Examined):
                examined.append(result)
            else:
                failed.append(dead(result.task.path) if isinstance(result, Died) else result)
        return Seen(tuple(examined), tuple(failed))

    def broken(self, paths: Sequence[Path]) -> tuple[Failed, ...]:
        """Those of `paths`, tests left out, that name boto3 and cannot be parsed, whatever they hold."""
        sources, failed = self._read([path for path in paths if not self._is_test(path)], names_boto3)
        size = sum(len(source.data) for source in sources)
        results = each(unreadable, sources, self.workers, busy=size // _BYTES_A_PROCESS_PARSES)
        for result in self.track(results, "Parsing", len(sources)):
            if result is not None:
                failed.append(dead(result.task.path) if isinstance(result, Died) else result)
        return tuple(failed)

    def _read(
        self, paths: Sequence[Path], mark: Mark, codes: frozenset[str] = frozenset()
    ) -> tuple[list[Source], list[Failed]]:
        sources: list[Source] = []
        failed: list[Failed] = []
        for path in self.track(paths, "Reading", len(paths)):
            data = read_marked(path, mark)
            if isinstance(data, Failed):
                failed.append(data)
            elif data is not None:
                module = files.module_name(path, self.root)
                sources.append(Source(path, data, module, self._is_test(path), codes))
        return sources, failed

    def _is_test(self, path: Path) -> bool:
        return files.is_test(path, self.root, self.settings.tests)
