"""One function and its default-session sites in; the fix that makes it take a session, or why not, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.config import Settings
from session_first.facts.blocks import dominates
from session_first.facts.boundaries import (
    framework,
    is_descriptor,
    is_fixed_method,
    is_plain,
    likely_framework,
)
from session_first.facts.entry_points import SESSION_NAMES
from session_first.facts.hooks import decorating_caller
from session_first.model import (
    AddImport,
    AddSessionParameter,
    Applicability,
    DocumentParameter,
    Edit,
    FillSession,
    Fix,
    FunctionFacts,
    ModuleFacts,
    ParameterKind,
    Position,
    SessionSite,
    Skip,
    SkipReason,
    UseSession,
)
from session_first.project.annotations import PythonFloor, optional
from session_first.project.context import Project
from session_first.project.entry_points import ConsoleScript

_REGISTRARS = frozenset(
    {"connect", "connect_via", "handler", "listens_for", "on", "receiver", "register", "subscribe"}
)
"""Last parts of decorators that register a callback, which is then called with keywords of their own."""


@dataclass(frozen=True)
class Context:
    """What decides beside the function itself. `unsafe`: unsafe fixes are to be carried out too; `scripts` are the commands that
    are installed with the project."""

    project: Project
    settings: Settings
    writable: frozenset[Path]
    floor: PythonFloor
    line_length: int | None
    unsafe: bool = False
    scripts: tuple[ConsoleScript, ...] = ()


def site_skip(module: ModuleFacts, site: SessionSite, context: Context) -> Skip | None:
    """What keeps this one site as it is, whatever becomes of its function."""
    function = module.functions.get(site.outermost) if site.outermost is not None else None
    if function is not None and function.replaces_boto3:
        return Skip(SkipReason.REPLACES_BOTO3, "its function replaces boto3's own functions")
    if not site.exact_position:
        return Skip(
            SkipReason.UNCERTAIN_POSITION,
            "it stands in an f-string that prints its own source, or whose positions only Python 3.12 and later report",
        )
    if site.cached is not None:
        return Skip(
            SkipReason.CACHED_CLIENT,
            f"it is kept in {site.cached}: the first caller's session would serve everybody",
        )
    if site.alias is not None:
        return _alias_skip(module, site, site.alias, context)
    return None


def _alias_skip(module: ModuleFacts, site: SessionSite, alias: str, context: Context) -> Skip | None:
    # A function that imports the name anew takes whatever is in boto3 at the call, as the fix does.
    is_patchable = site.imported is None or site.imported.in_module
    by = context.project.replacing(module.module, alias, site.api) if is_patchable else None
    if by is not None:
        replacer, line = by
        where = f"{replacer.path.name}:{line}"
        if not replacer.is_test:
            return Skip(SkipReason.REPLACES_BOTO3, f"{where} replaces {alias} or boto3.{site.api}")
        return Skip(
            SkipReason.MOCKED_IN_TESTS,
            f"{where} replaces {alias} or boto3.{site.api}, which the fix would go round; `import boto3` allows it",
        )
    function = module.functions.get(site.outermost) if site.outermost is not None else None
    needs_import = module.boto3_binding == "absent"
    taken = module.boto3_binding in {"other", "conditional"} or (
        function is not None and ((needs_import and "boto3" in function.names) or function.shadows_boto3)
    )
    if taken or (needs_import and site.imported is None):
        return Skip(
            SkipReason.NAME_TAKEN, "the name boto3 is not free for the module here; import boto3 itself"
        )
    return None


@dataclass(frozen=True, slots=True)
class SessionParameter:
    """The parameter that a function takes: its name, and the edits, in all definitions of the method."""

    name: str
    edits: tuple[tuple[Path, Edit], ...]


def session_parameter(
    module: ModuleFacts, function: FunctionFacts, context: Context
) -> SessionParameter | Skip:
    """The session parameter of `function`, or why it can take none."""
    members = (
        [(module, function), *context.project.family(module, function)]
        if _is_overridable(function)
        else [(module, function)]
    )
    for owner, member in members:
        skip = _signature_skip(owner, member, context)
        if skip is not None:
            return skip if member is function else _override_skip(owner, member, skip)
        if member is not function:
            skip = _reachable(owner, member, context)
            if skip is not None:
                return skip
    name = _parameter_name(members, context)
    if name is None:
        return Skip(
            SkipReason.NAME_TAKEN,
            f"{', '.join(SESSION_NAMES[:-1])} and {SESSION_NAMES[-1]} are all in use in it",
        )
    edits: list[tuple[Path, Edit]] = []
    for owner, member in members:
        for declaration in (member, *_overloads(owner, member)):
            edits.extend((owner.path, edit) for edit in _parameter_edits(owner, declaration, name, context))
    return SessionParameter(name, tuple(dict.fromkeys(edits)))


def take_session(
    module: ModuleFacts,
    function: FunctionFacts,
    sites: Sequence[SessionSite],
    context: Context,
    roles: Sequence[Position] = (),
    *,
    fills: bool = True,
) -> Fix | Skip:
    """The fix for all of `sites` (none of them skipped by itself) in `function`; `roles` are the statements in it that
    assume a role with the session that it takes. `fills`: the default session may be filled in before a use."""
    parameter = session_parameter(module, function, context)
    if isinstance(parameter, Skip):
        return parameter
    name = parameter.name
    edits = list(parameter.edits)
    uses, article, applicability = _uses(sites, name, module, context, roles, fills=fills)
    edits.extend((module.path, edit) for edit in uses)
    edits.extend((module.path, edit) for edit in import_edits(module, sites))
    shown = f"{name}.{sites[0].api}" if article else f"({name} or boto3).{sites[0].api}"
    return Fix(applicability, f"take {name}=None and use {shown}", tuple(dict.fromkeys(edits)))


# --- Whether it can take a parameter ----------------------------------------------------------------


def _signature_skip(module: ModuleFacts, function: FunctionFacts, context: Context) -> Skip | None:
    """What forbids one parameter more."""
    last = function.name.rpartition(".")[2]
    extra = context.settings.boundaries
    for decorator in function.decorators:
        resolved = context.project.meaning(module, decorator.name)
        if is_descriptor(resolved):
            return Skip(
                SkipReason.FIXED_SIGNATURE,
                f"@{decorator.text} makes it an attribute, which is read without arguments; keep a session on the object",
            )
        reader = (
            framework(resolved, extra)
            or framework(decorator.text, extra)
            or likely_framework(
                "" if context.project.is_unknown(module, decorator.name) else resolved,
                decorator.text,
                module.exports,
            )
            or context.project.including_router(module, decorator.name)
        )
        if reader is not None:
            return _framework_skip(reader, f"@{decorator.text}")
    if (reader := context.project.inherited_reader(module, function)) is not None:
        return _framework_skip(reader, f"a method of {function.class_name}")
    called_by = context.project.inherited_caller(module, function) or next(
        (
            by
            for decorator in function.decorators
            if (by := decorating_caller(context.project.meaning(module, decorator.name))) is not None
        ),
        None,
    )
    if called_by is not None:
        return Skip(
            SkipReason.FIXED_SIGNATURE,
            f"{called_by} itself calls {last} and passes no session; keep one on the object, or take a client",
        )
    if function.is_lambda:
        handed = frozenset(function.passed_to)
    elif function.class_name is not None and last in {"__init__", "__new__", "__call__"}:
        handed = context.project.class_handed_to(module, function.class_name)
    else:
        handed = context.project.handed_to(module, function.name)
    for callee in sorted({*handed, *(context.project.meaning(module, d.name) for d in function.decorators)}):
        if context.project.reads_signatures(callee):
            return _framework_skip(callee.removesuffix("()").rpartition(".")[2], callee)
    for callee in sorted(handed):
        if is_descriptor(callee):
            return Skip(
                SkipReason.FIXED_SIGNATURE, f"it is handed to {callee}, which calls it without arguments"
            )
        if (reader := framework(callee, extra)) is not None:
            return _framework_skip(reader, callee)
    if (exposer := context.project.exposing(module, function)) is not None:
        return _framework_skip(framework(exposer, extra) or exposer, exposer)
    if _has_own_new(module, function):
        return Skip(
            SkipReason.FIXED_SIGNATURE,
            f"{function.class_name} has a __new__ of its own, which would be passed the session first",
        )
    if is_fixed_method(last):
        return Skip(
            SkipReason.FIXED_SIGNATURE,
            f"Python itself calls {last} and passes no session; keep one on the object, or take a client",
        )
    if function.type_comment:
        return Skip(
            SkipReason.UNSUPPORTED_SYNTAX, "a type comment counts its parameters; write annotations instead"
        )
    if function.uses_locals:
        return Skip(SkipReason.READS_LOCALS, "it reads its own names through locals() or the like")
    if _takes_keywords(function) and (handed or any(_registers(d.name) for d in function.decorators)):
        return Skip(
            SkipReason.CALLBACK_KWARGS,
            "it takes **kwargs and is registered as a callback, which may be called with a session of another kind",
        )
    return None


def _framework_skip(reader: str, how: str) -> Skip:
    return Skip(
        SkipReason.FRAMEWORK_SIGNATURE,
        f"{reader} reads its signature ({how}), and would show the session as one of its own parameters",
    )


def _override_skip(module: ModuleFacts, member: FunctionFacts, skip: Skip) -> Skip:
    return Skip(
        SkipReason.OVERRIDDEN,
        f"{module.module}:{member.name} overrides or is overridden by it, and {skip.detail}",
    )


def _reachable(module: ModuleFacts, member: FunctionFacts, context: Context) -> Skip | None:
    """Whether another definition of the method may and can be written."""
    where = f"{module.path.name}:{member.position.line} {member.name}"
    if module.is_test:
        return Skip(
            SkipReason.OVERRIDDEN, f"the test code overrides it ({where}), and tests are never edited"
        )
    if module.path not in context.writable:
        return Skip(
            SkipReason.NEEDS_EDIT_OUTSIDE_PATHS, f"{where} must take the parameter too; give its path as well"
        )
    if any(_has_parameter(member, name) for name in SESSION_NAMES):
        return Skip(SkipReason.OVERRIDDEN, f"{where} has a session parameter of its own already")
    return None


def _is_overridable(function: FunctionFacts) -> bool:
    last = function.name.rpartition(".")[2]
    is_private = last.startswith("__") and not last.endswith("__")
    return function.class_name is not None and last != "__init__" and not is_private


def _has_own_new(module: ModuleFacts, function: FunctionFacts) -> bool:
    """`Cls(session=…)` goes through `__new__` first, which would have to take it as well."""
    if function.class_name is None or not function.name.endswith(".__init__"):
        return False
    owner = next((c for c in module.classes if c.name == function.class_name), None)
    return owner is not None and "__new__" in owner.methods


def _takes_keywords(function: FunctionFacts) -> bool:
    return any(p.kind is ParameterKind.VAR_KEYWORD for p in function.parameters)


def _registers(decorator: str) -> bool:
    return decorator.rpartition(".")[2].removesuffix("()") in _REGISTRARS


def _has_parameter(function: FunctionFacts, name: str) -> bool:
    return any(p.name == name for p in function.parameters)


# --- The parameter ------------------------------------------------------------------------------


def _parameter_name(members: Sequence[tuple[ModuleFacts, FunctionFacts]], context: Context) -> str | None:
    """The first of the names that is free in every definition and in the calls that fill `**kwargs`."""
    for name in SESSION_NAMES:
        if not any(_is_taken(name, owner, function, context) for owner, function in members):
            return name
    return None


def _is_taken(name: str, module: ModuleFacts, function: FunctionFacts, context: Context) -> bool:
    if name in function.names:
        return True
    if not _takes_keywords(function):
        return False
    if name == SESSION_NAMES[0] and any(not is_plain(d.name) for d in function.decorators):
        return True  # what the decorator fills **kwargs with is not to be seen
    last = function.name.rpartition(".")[2]
    callees = {last}
    if last == "__init__" and function.class_name is not None:
        callees |= context.project.constructed_as(module, function.class_name)
    return any(context.project.passes_keyword(callee, name) for callee in callees)


def _overloads(module: ModuleFacts, function: FunctionFacts) -> Iterator[FunctionFacts]:
    """The `@overload` declarations of a function."""
    for other in module.functions.values():
        if other.name == function.name and other is not function and _is_overload(other):
            yield other


def _is_overload(function: FunctionFacts) -> bool:
    return any(d.name in {"typing.overload", "typing_extensions.overload"} for d in function.decorators)


def _parameter_edits(
    module: ModuleFacts, function: FunctionFacts, name: str, context: Context
) -> Iterator[Edit]:
    annotation = None
    if function.annotated and module.boto3_binding != "other":
        annotation, imports = _annotation(module, function, context)
        yield from imports
    default = "..." if _is_overload(function) else "None"
    yield AddSessionParameter(function.position, name, annotation, default, context.line_length)
    if function.documented is not None:
        yield DocumentParameter(function.documented.owner, name, function.documented.style)


def _annotation(
    module: ModuleFacts, function: FunctionFacts, context: Context
) -> tuple[str, tuple[Edit, ...]]:
    """The source of the parameter's annotation, and the imports it needs."""
    session, evaluates, imports = _session_class(module, function)
    annotation, needed = optional(
        session, module, function, context.project, context.floor, evaluates=evaluates
    )
    return annotation, (*imports, *needed)


def _session_class(module: ModuleFacts, function: FunctionFacts) -> tuple[str, bool, tuple[AddImport, ...]]:
    """How the module writes `boto3.Session`, whether that is there when the function is defined, and the import it needs."""
    for name, line in sorted(module.session_imports.items()):
        return name, line is not None and line < function.position.line, ()
    imports: tuple[AddImport, ...] = ()
    boto3, evaluates = "boto3", False
    bound = sorted(module.boto3_imports, key=lambda name: (name != "boto3", name))
    if bound:
        boto3, evaluates = bound[0], module.boto3_imports[bound[0]] < function.position.line
    elif module.boto3_binding == "unconditional":  # by a star import
        evaluates = True
    elif module.boto3_binding == "absent":
        alias = next((name for name, dotted in sorted(module.exports.items()) if dotted == "boto3"), None)
        from_boto3 = next(
            (s.imported for s in module.sites if s.imported is not None and s.imported.top_level), None
        )
        if alias is not None:
            boto3 = alias
        elif from_boto3 is not None:
            evaluates = True  # the fix brings `import boto3` in its place
        else:
            imports = (AddImport("boto3", type_checking=True),)
    return f"{boto3}.Session", evaluates, imports


# --- The sites ----------------------------------------------------------------------------------


def _uses(
    sites: Sequence[SessionSite],
    name: str,
    module: ModuleFacts,
    context: Context,
    roles: Sequence[Position],
    *,
    fills: bool,
) -> tuple[list[Edit], bool, Applicability]:
    """The edits of the sites, whether they are in the article's form, and how far to trust them."""
    first = _filling_site(sites, context) if fills else None
    wanted = context.settings.form
    if wanted == "auto" and first is not None and not fills_before(first, roles):
        first = None  # else the function would have two styles
    if wanted != "inline" and first is not None and first.statement is not None:
        fill = FillSession(first.statement.position, name, first.receiver or "boto3")
        return [fill, *_article_uses(sites, name)], True, Applicability.SAFE
    boto3 = next((site.receiver for site in sites if site.receiver is not None), None)
    if boto3 is None and module.boto3_binding == "unconditional":
        boto3 = "boto3"
    start = min((site.body_statement for site in sites if site.body_statement is not None), default=None)
    if wanted == "article" and boto3 is not None and start is not None:
        fill = FillSession(start, name, boto3)
        return [fill, *_article_uses(sites, name)], True, Applicability.UNSAFE
    return [inline_use(site, name) for site in sites], False, Applicability.SAFE


def fills_before(site: SessionSite, roles: Sequence[Position]) -> bool:
    """Whether a session that is filled in before the site is there for the roles."""
    statement = site.statement
    if statement is None or (roles and statement.position != site.body_statement):
        return False
    return all(statement.position < role for role in roles)


def _article_uses(sites: Sequence[SessionSite], name: str) -> list[Edit]:
    return [UseSession(site.callee, site.callee_end, name, site.api) for site in sites]


def inline_use(site: SessionSite, name: str) -> Edit:
    """The inline form, which is the old call exactly while `name` holds no session."""
    return UseSession(site.callee, site.callee_end, f"({name} or {site.receiver or 'boto3'})", site.api)


def _filling_site(sites: Sequence[SessionSite], context: Context) -> SessionSite | None:
    """The site before whose statement the default may be filled in; None where it may not.

    The three conditions of the article's form.
    """
    if context.project.replaces_default_session:
        return None
    if not all(site.own_body and site.statement is not None for site in sites):
        return None
    if any(not site.is_call or site.api == "assume_role" for site in sites):
        return None  # a reference stays the very same object; assume_role is there once patch_boto3() ran
    for site in sites:
        statement = site.statement
        assert statement is not None
        if not (statement.always and statement.insertable) or site.fills_parameter:
            continue
        if not all(s.statement is not None and dominates(statement.path, s.statement.path) for s in sites):
            continue
        if context.project.mentions_default_session and not (
            statement.first and all(s.statement == statement for s in sites)
        ):
            continue
        return site
    return None


def import_edits(module: ModuleFacts, sites: Sequence[SessionSite]) -> Iterator[Edit]:
    """`import boto3` beside the `from boto3 import client` that the sites were reached by."""
    for site in sites:
        if site.imported is not None and module.boto3_binding == "absent":
            yield AddImport("boto3", beside=site.imported.statement)
