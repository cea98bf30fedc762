"""A plan to new bytes, checked; then to written files, all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from session_first.dependencies.declare import Declared, declare
from session_first.dependencies.needed import MODULE, NEEDED
from session_first.dependencies.outcome import Advice
from session_first.model import (
    AddImport,
    Applicability,
    Changed,
    Edit,
    Failed,
    Finding,
    Fix,
    Plan,
    Resolution,
    Settled,
    Skip,
    Status,
)
from session_first.pipeline import writing
from session_first.pipeline.check import Checked, Track, untracked
from session_first.pipeline.examine import Source, bug, dead, examine
from session_first.pipeline.nesting import room_for_nesting
from session_first.pipeline.workers import AS_NEEDED, Died, Workers, each
from session_first.rules import FORWARDING_CODES
from session_first.source import decode

_BYTES_A_PROCESS = 200_000
"""As much Python keeps a process busy for half a second."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a fix of the project at `root` comes to: every finding's end, the files to write, and those that cannot be.

    `declaring` are those of `changes` that declare a dependency; `advice` is what is left to people.
    """

    root: Path
    settled: tuple[Settled, ...]
    changes: tuple[Changed, ...]
    failed: tuple[Failed, ...]
    declaring: frozenset[Path] = frozenset()
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rewrite:
    """The edits of one file, and how many findings may remain in each function where some are fixed.

    They are counted whatever their code: a call that is left next to a new parameter has another.
    """

    source: Source
    edits: tuple[Edit, ...]
    remaining: tuple[tuple[str | None, int], ...]


def fix(
    checked: Checked,
    *,
    unsafe: bool,
    add_dependency: bool = True,
    workers: Workers = AS_NEEDED,
    track: Track = untracked,
) -> Fixed:
    """Carries out the plan's safe fixes (with `unsafe`, all), in memory.

    A fix whose edits fail in one file is left out of the others too, and theirs are made anew. With
    `add_dependency`, what the new imports need is declared where the project declares its dependencies.
    """
    chosen = [resolution for resolution in checked.plan.resolutions if _is_wanted(resolution, unsafe=unsafe)]
    done: dict[_Rewrite, Changed] = {}
    failed: dict[Path, Failed] = {}
    while True:
        standing = [resolution for resolution in chosen if not _paths(resolution) & failed.keys()]
        rewrites = _rewrites(checked, standing, failed.keys())
        missing = [rewrite for rewrite in rewrites if rewrite not in done]
        if not missing:
            break
        size = sum(len(rewrite.source.data) for rewrite in missing)
        results = each(_rewrite, missing, workers, busy=size // _BYTES_A_PROCESS)
        for rewrite, result in zip(missing, track(results, "Fixing", len(missing)), strict=True):
            path = rewrite.source.path
            if isinstance(result, Changed):
                done[rewrite] = result
            else:
                failed[path] = dead(path) if isinstance(result, Died) else result
    importing = {rewrite.source.path: rewrite.source.data for rewrite in rewrites if _imports(rewrite.edits)}
    declared = _declared(importing, checked.root, add_dependency=add_dependency)
    return Fixed(
        root=checked.root,
        settled=tuple(_settled(item, failed, unsafe=unsafe) for item in checked.plan.resolutions),
        changes=(*(done[rewrite] for rewrite in rewrites), *declared.changes),
        failed=tuple(failed.values()),
        declaring=frozenset(change.path for change in declared.changes),
        advice=declared.advice,
    )


def write(fixed: Fixed) -> Fixed:
    """Writes what `fix` made, all files or none; what comes back says which it was."""
    failed = {failure.path: failure for failure in writing.write(fixed.changes, fixed.root)}
    if not failed:
        return fixed
    first = next(iter(failed))
    for change in fixed.changes:
        failed.setdefault(change.path, Failed(change.path, f"not written, as {first.name} could not be"))
    settled = (
        _settled(item.resolution, failed, unsafe=True) if item.status is Status.FIXED else item
        for item in fixed.settled
    )
    return Fixed(fixed.root, tuple(settled), (), (*fixed.failed, *failed.values()))


def _imports(edits: Iterable[Edit]) -> bool:
    return any(isinstance(edit, AddImport) and edit.module == MODULE for edit in edits)


def _declared(importing: Mapping[Path, bytes], root: Path, *, add_dependency: bool) -> Declared:
    if add_dependency or not importing:
        return declare(importing, root)
    files = "1 file" if len(importing) == 1 else f"{len(importing)} files"
    return Declared(advice=(Advice(None, f"{NEEDED} is needed by {files}"),))


def _is_wanted(resolution: Resolution, *, unsafe: bool) -> bool:
    outcome = resolution.outcome
    return isinstance(outcome, Fix) and (unsafe or outcome.applicability is Applicability.SAFE)


def _paths(resolution: Resolution) -> frozenset[Path]:
    outcome = resolution.outcome
    return frozenset(path for path, _ in outcome.edits) if isinstance(outcome, Fix) else frozenset()


def _settled(resolution: Resolution, failed: Mapping[Path, Failed], *, unsafe: bool) -> Settled:
    outcome = resolution.outcome
    if isinstance(outcome, Skip):
        return Settled(resolution, Status.SKIPPED, outcome.reason.value, outcome.detail)
    if not _is_wanted(resolution, unsafe=unsafe):
        return Settled(resolution, Status.SKIPPED, "unsafe", outcome.message)
    for path, _ in outcome.edits:
        if path in failed:
            error = failed[path].error
            detail = error if path == resolution.finding.location.path else f"{path}: {error}"
            return Settled(resolution, Status.FAILED, "error", detail)
    return Settled(resolution, Status.FIXED, None, None)


def _rewrites(checked: Checked, standing: Sequence[Resolution], failed: AbstractSet[Path]) -> list[_Rewrite]:
    before = _counts(resolution.finding for resolution in checked.plan.resolutions)
    fixed = _counts(resolution.finding for resolution in standing)
    following = (c for c in checked.plan.consequences if not failed & {path for path, _ in c.edits})
    edits = Plan(tuple(standing), tuple(following)).edits(unsafe=True)
    return [
        _Rewrite(
            checked.sources[path],
            edits[path],
            tuple((key, before[path][key] - count) for key, count in fixed.get(path, Counter()).items()),
        )
        for path in sorted(edits)
    ]


def _counts(findings: Iterable[Finding]) -> dict[Path, Counter[str | None]]:
    counts: dict[Path, Counter[str | None]] = {}
    for finding in findings:
        if finding.code in FORWARDING_CODES:
            continue  # a call that stays as it is becomes one where its function takes a session
        counts.setdefault(finding.location.path, Counter())[finding.function] += 1
    return counts


def _rewrite(task: _Rewrite) -> Changed | Failed:
    from session_first.rewrite import RewriteError, rewrite  # noqa: PLC0415 - libcst: 200 ms that a check does not pay

    source = task.source
    try:
        with room_for_nesting():
            after = rewrite(decode(source.path, source.data), task.edits)
    except RewriteError as error:
        return Failed(source.path, f"cannot be rewritten: {error}", error.position)
    except RecursionError:
        return Failed(source.path, "cannot be rewritten: nested too deeply")
    except Exception as error:  # noqa: BLE001 - a bug that one file brings out must not cost the others
        return bug(source.path, error)
    if after == source.data:
        return Failed(source.path, "cannot be rewritten: the edits change nothing")
    again = examine(replace(source, data=after))
    if isinstance(again, Failed):
        return Failed(source.path, f"cannot be rewritten: the result {again.error}", again.position)
    left = _counts(again.findings).get(source.path, Counter())
    for function, allowed in task.remaining:
        if left[function] > allowed:
            place = function or "the module"
            return Failed(source.path, f"cannot be rewritten: a finding would remain in {place}")
    return Changed(source.path, source.data, after)
