"""Source texts in; what the analysis makes of them out: facts, findings, and the plan's answers in a few words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from session_first.config import DEFAULT_TESTS, Form, Settings
from session_first.facts.module import analyse
from session_first.files import is_test
from session_first.model import (
    AddSessionParameter,
    Applicability,
    ChangeCall,
    Edit,
    FillSession,
    Finding,
    Fix,
    ModuleFacts,
    PassSession,
    Plan,
    Resolution,
    SessionSite,
    Skip,
    UseSession,
)
from session_first.project.following import follow
from session_first.project.plan import make_plan
from session_first.project.view import alone, together
from session_first.rules import RULES, check, enabled
from session_first.source import SourceFile, decode, parse

ROOT = Path("/project")
ALL = frozenset(rule.code for rule in RULES)
DEFAULT = enabled(None)


def code(text: str) -> str:
    """A test's text as the file would hold it."""
    return textwrap.dedent(text).lstrip("\n")


def source_of(text: str, path: str = "mod.py") -> SourceFile:
    """The text as a file of the project."""
    return decode(ROOT / path, code(text).encode())


def module_of(path: str) -> str:
    """The dotted name of a file whose folders are all packages."""
    parts = PurePosixPath(path.removeprefix("src/")).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def facts_of(text: str, path: str = "mod.py") -> ModuleFacts:
    """The facts of one file."""
    source = source_of(text, path)
    test = is_test(source.path, ROOT, DEFAULT_TESTS)
    return analyse(source, parse(source), module_of(path), is_test=test)


def sites_of(text: str) -> tuple[SessionSite, ...]:
    """The sites of one file."""
    return facts_of(text).sites


def only_site(text: str) -> SessionSite:
    """The one site of a file."""
    (site,) = sites_of(text)
    return site


def findings_of(text: str, codes: Iterable[str] = ALL, path: str = "mod.py") -> tuple[Finding, ...]:
    """The findings in one file."""
    return check(alone(facts_of(text, path)), codes)


def found(text: str, codes: Iterable[str] = ALL, path: str = "mod.py") -> list[str]:
    """The findings in one file, as `CODE line`."""
    return [f"{f.code} {f.location.position.line}" for f in findings_of(text, codes, path)]


def plan_of(
    files: Mapping[str, str],
    *,
    codes: Iterable[str] = DEFAULT,
    given: Iterable[str] | None = None,
    form: Form = "auto",
    boundaries: tuple[str, ...] = (),
    floor: tuple[int, int] | None = (3, 10),
    lift: bool = False,
    stop_at: tuple[str, ...] = (),
    unsafe: bool = False,
) -> Plan:
    """The plan for a project of these files, of which only those of `given` may be written."""
    modules = [facts_of(text, path) for path, text in files.items()]
    writable = frozenset(ROOT / path for path in (files if given is None else given))
    followed = follow(modules)
    findings = [
        finding
        for path, context in together(modules, None, followed).items()
        if path in writable
        for finding in check(context, codes)
    ]
    settings = Settings(form=form, boundaries=boundaries, lift=lift, stop_at=stop_at)
    return make_plan(
        modules,
        findings,
        writable=writable,
        settings=settings,
        python_floor=floor,
        followed=followed,
        unsafe=unsafe,
    )


def answers(plan: Plan) -> list[str]:
    """What becomes of the findings, in their order; the same answer several times over is said once."""
    return list(dict.fromkeys(answer(resolution) for resolution in plan.resolutions))


def answer(resolution: Resolution) -> str:
    """`article session`, `inline session: boto3.Session | None`, `unsafe session.client`, `assumed session`,
    `pass session=session`, `skip cached-client`."""
    outcome = resolution.outcome
    if isinstance(outcome, Skip):
        return f"skip {outcome.reason.value}"
    doubt = "unsafe " if outcome.applicability is Applicability.UNSAFE else ""
    edits = [edit for _, edit in outcome.edits]
    if any(isinstance(edit, ChangeCall) for edit in edits):
        return f"{doubt}assumed session"
    passed = next((edit for edit in edits if isinstance(edit, PassSession)), None)
    if passed is not None:
        return f"{doubt}pass {passed.name}={passed.value}"
    parameter = next((edit for edit in edits if isinstance(edit, AddSessionParameter)), None)
    if parameter is None:
        (use,) = (edit for edit in edits if isinstance(edit, UseSession))
        return f"{doubt}{use.receiver}.{use.attribute}"
    form = "article" if any(isinstance(edit, FillSession) for edit in edits) else "inline"
    annotation = f": {parameter.annotation}" if parameter.annotation is not None else ""
    return f"{doubt}{form} {parameter.name}{annotation}"


def answers_to(
    text: str,
    *,
    beside: Mapping[str, str] | None = None,
    form: Form = "auto",
    boundaries: tuple[str, ...] = (),
    floor: tuple[int, int] | None = (3, 10),
) -> list[str]:
    """The answers to the findings in `mod.py`, in a project with other files `beside` it."""
    files = {"mod.py": text, **(beside or {})}
    plan = plan_of(files, form=form, boundaries=boundaries, floor=floor)
    here = tuple(r for r in plan.resolutions if r.finding.location.path == ROOT / "mod.py")
    return answers(Plan(here))


def edits_of(plan: Plan, path: str = "mod.py", *, unsafe: bool = False) -> tuple[Edit, ...]:
    """The edits of one file."""
    return plan.edits(unsafe=unsafe).get(ROOT / path, ())


def only_outcome(plan: Plan) -> Fix | Skip:
    """The outcome of a plan for one finding."""
    (resolution,) = plan.resolutions
    return resolution.outcome
