"""A program and where it makes its session in; the `--profile` that its command line can have, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from session_first.facts.blocks import dominates
from session_first.model import (
    AddClickOption,
    AddImport,
    AddStatementBefore,
    ArgumentParser,
    ClickCommand,
    Edit,
    FunctionFacts,
    ModuleFacts,
    Outline,
    OutlinedStatement,
    ParameterKind,
    ParsedArguments,
    Position,
)
from session_first.project.annotations import optional
from session_first.project.entry_points import (
    PROFILE,
    ambiguous_from_then_on,
    is_click_command,
    option_is_free,
    parsed_arguments,
)
from session_first.project.take_session import Context

HELP = "Use a specific profile from your credential file."
"""What the AWS CLI says of its own option."""


@dataclass(frozen=True, slots=True)
class ProfileOption:
    """An option that these edits add; `value` is how its value is written where the session is made."""

    value: str
    edits: tuple[Edit, ...]


def argparse_option(
    module: ModuleFacts,
    function: Position | None,
    outline: Outline,
    place: OutlinedStatement,
    context: Context,
) -> ProfileOption | None:
    """The option of the `argparse` parser whose arguments the function (None: the guarded code) of that outline has at `place`."""
    for parser in module.entry_points.parsers:
        kept = parsed_arguments(parser)
        if (
            kept is None
            or kept.name is None
            or kept.function != function
            or kept.name not in outline.bound_once
        ):
            continue
        statement = _statement(outline, kept.statement)
        if statement is None or statement.path == place.path or not dominates(statement.path, place.path):
            continue
        at = _parsing(parser, kept)
        if at is None or parser.name is None or parser.function != at.function:
            continue
        inside = outline
        if at.function != function:
            if at.function is None or at.function not in module.entry_points.outlines:
                continue
            inside = module.entry_points.outlines[at.function]
        before = _statement(inside, at.statement)
        if before is None or not before.insertable:
            continue
        if not option_is_free(context.project.modules, module, parser, PROFILE):
            return None
        if ambiguous_from_then_on(parser, PROFILE):
            return None
        source = f'{parser.name}.add_argument("--{PROFILE}", help="{HELP}")'
        return ProfileOption(f"{kept.name}.{PROFILE}", (AddStatementBefore(at.statement, source),))
    return None


def click_option(module: ModuleFacts, function: FunctionFacts, context: Context) -> ProfileOption | None:
    """The option of the click command that the function is."""
    command = next((c for c in module.entry_points.commands if c.function == function.position), None)
    if command is None or not is_click_command(context.project.origins, module, command):
        return None
    option = _click_option(module, command)
    if option is None or PROFILE in function.names or function.type_comment or function.uses_locals:
        return None
    if not option_is_free(context.project.modules, module, command, PROFILE):
        return None
    if any("callback" in other.attributes for other in context.project.modules):
        return None  # what calls the function itself passes no profile
    positional = {ParameterKind.POSITIONAL, ParameterKind.POSITIONAL_ONLY}
    needs_default = any(p.has_default and p.kind in positional for p in function.parameters)
    annotation: str | None = None
    imports: tuple[AddImport, ...] = ()
    if function.annotated:
        annotation, imports = optional("str", module, function, context.project, context.floor)
    edit = AddClickOption(
        function.position,
        f'{option}("--{PROFILE}", help="{HELP}")',
        PROFILE,
        annotation,
        "None" if needs_default else None,
        context.line_length,
    )
    return ProfileOption(PROFILE, (edit, *imports))


def _parsing(parser: ArgumentParser, kept: ParsedArguments) -> ParsedArguments | None:
    """The one call of `parse_args`, where `kept` may be that of a function that gives what it parsed."""
    returned: Sequence[ParsedArguments] = [parsed for parsed in parser.parsed if parsed.returned]
    if not returned:
        return kept
    return returned[0] if len(returned) == 1 else None


def _statement(outline: Outline, position: Position) -> OutlinedStatement | None:
    return next((s for s in outline.statements if s.position == position), None)


def _click_option(module: ModuleFacts, command: ClickCommand) -> str | None:
    """How click's `option` is written in the module."""
    packages = [name.partition(".")[0] for name in (d.name for d in command.decorators)]
    for package in (*packages, "click"):
        if package in {"click", "rich_click", "asyncclick"}:
            if package in module.plain_imports:
                return f"{package}.option"
            for name, dotted in sorted(module.exports.items()):
                if dotted == package:
                    return f"{name}.option"
                if dotted == f"{package}.option":
                    return name
    return None
