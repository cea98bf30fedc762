"""Where programs and Lambda functions start in; the sessions that are made there, or why none can be, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from session_first.facts.blocks import dominates
from session_first.facts.boundaries import COMMAND_LINES, framework
from session_first.facts.entry_points import SESSION_NAMES
from session_first.model import (
    AddImport,
    AddStatementBefore,
    Applicability,
    BlockStep,
    Edit,
    Fix,
    FunctionFacts,
    Location,
    ModuleFacts,
    Outline,
    OutlinedStatement,
    Position,
    SessionSite,
    Skip,
    SkipReason,
    UseSession,
)
from session_first.project.barriers import Barriers
from session_first.project.callgraph import CallGraph
from session_first.project.entry_points import is_click_command
from session_first.project.profile_option import ProfileOption, argparse_option, click_option
from session_first.project.take_session import Context, import_edits

Kind = Literal["handler", "main", "guard"]
"""A Lambda function's handler; a function that is a program; what `if __name__ == "__main__":` guards."""

_STARTS = frozenset(
    {"main", "_main", "amain", "async_main", "cli", "run", "start", "entry_point", "entrypoint"}
)
"""What a function is called that is a program, whatever parameters it has."""


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """Where code is started from outside: a function (`position` is where its `def` stands) or a guard (its `if`)."""

    path: Path
    position: Position
    kind: Kind


@dataclass(frozen=True, slots=True)
class Offer:
    """A session that can be made at a start: the name that will hold it, how `boto3` is written there, and how safe that is.
    `exists`: the module makes one already. `doubt` says in words why it is not safe."""

    name: str
    boto3: str
    applicability: Applicability
    exists: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A session that is made at `start` and kept as `name`, by `statement` before that at `place` (None: it is there already)."""

    start: Start
    name: str
    place: Position | None
    statement: str
    edits: tuple[tuple[Path, Edit], ...]
    applicability: Applicability
    doubt: str = ""


class Edges:
    """Answers for one project. The functions of `taking` get a session as a parameter for another reason."""

    def __init__(self, graph: CallGraph, context: Context, taking: frozenset[Location] = frozenset()) -> None:
        self._graph = graph
        self._context = context
        self._project = context.project
        self._barriers = Barriers(graph, context)
        self._taking = taking
        self._scripts = {self._project.resolve(f"{s.module}.{s.function}") for s in context.scripts}
        self._offers: dict[Start, Offer | Skip] = {}

    def of_function(self, module: ModuleFacts, function: FunctionFacts) -> Start | None:
        """The start that the function is."""
        if not self._context.settings.lift or module.is_test:
            return None
        if Location(module.path, function.position) in self._taking:
            return None
        if function.position in module.entry_points.handlers:
            return Start(module.path, function.position, "handler")
        if self._is_main(module, function):
            return Start(module.path, function.position, "main")
        return None

    def around(self, module: ModuleFacts, position: Position, function: FunctionFacts | None) -> Start | None:
        """The start around a call, which stands in `function`, if it is in one."""
        if function is not None:
            return self.of_function(module, function)
        if not self._context.settings.lift or module.is_test:
            return None
        guards = (g for g in module.entry_points.guards if g.body <= position < g.end)
        return next((Start(module.path, guard.position, "guard") for guard in guards), None)

    def offer(self, start: Start) -> Offer | Skip:
        """The session that can be made there, wherever it is needed."""
        if start not in self._offers:
            self._offers[start] = self._offer(start)
        return self._offers[start]

    def make(self, needs: Mapping[Start, Sequence[Position]]) -> dict[Start, Made | Skip]:
        """The sessions for all starts that need one, at these places."""
        first: dict[Path, Position] = {}
        for start in needs:
            if start.kind == "handler":
                place = self._project.by_path[start.path].entry_points.before_handlers.get(start.position)
                if place is not None:
                    first[start.path] = min(place, first.get(start.path, place))
        return {start: self._make(start, sorted(positions), first) for start, positions in needs.items()}

    # --- What starts a program ------------------------------------------------------------------

    def _is_main(self, module: ModuleFacts, function: FunctionFacts) -> bool:
        if function.is_lambda or "." in function.name:
            return False
        if f"{module.module}.{function.name}" in self._scripts:
            return True
        command = next((c for c in module.entry_points.commands if c.function == function.position), None)
        if command is not None and is_click_command(self._project.origins, module, command):
            return True
        if any(
            framework(self._project.meaning(module, decorator.name)) in COMMAND_LINES
            for decorator in function.decorators
        ):
            return True
        if not any(f".{function.name}" in guard.calls for guard in module.entry_points.guards):
            return False
        node = self._graph.function(module.path, function.position)
        return function.name in _STARTS or (
            node is not None
            and not any(p.kind.value in _REQUIRED and not p.has_default for p in function.parameters)
            and not any(
                edge.caller is not None and not self._project.by_path[edge.path].is_test
                for edge in self._graph.callers(node)
            )
        )

    # --- Whether a session can be made there ----------------------------------------------------

    def _offer(self, start: Start) -> Offer | Skip:
        module = self._project.by_path[start.path]
        function = module.functions.get(start.position)
        skip = self._barriers.lift(module, function) if function is not None else self._unwritable(start)
        if skip is not None:
            return skip
        doubt = self._doubt(start)
        if doubt is not None and not self._context.unsafe:
            return doubt
        safe = Applicability.SAFE if doubt is None else Applicability.UNSAFE
        why = "" if doubt is None else doubt.detail
        outline = module.entry_points.outlines.get(start.position)
        if outline is None:
            return Skip(SkipReason.UNSUPPORTED_SYNTAX, f"no session can be made in {self._name(start)}")
        existing = module.entry_points.sessions
        if existing:
            only = existing[0]
            if (
                len(existing) > 1
                or only.conditional
                or not only.text.endswith("Session()")
                or only.name in outline.bound
            ):
                return Skip(
                    SkipReason.USES_BOTH_SESSIONS,
                    f"{module.path.name}:{only.statement.line} makes a session for itself, which may be another one",
                )
            if start.kind == "handler" or only.statement < start.position:
                return Offer(only.name, "", safe, exists=True, doubt=why)
        boto3 = self._boto3(start, module, function, outline)
        name = self._free_name(start, module, function)
        if boto3 is None:
            return Skip(
                SkipReason.NAME_TAKEN, f"the name boto3 is not free for the module in {self._name(start)}"
            )
        if name is None:
            return Skip(
                SkipReason.NAME_TAKEN,
                f"{', '.join(SESSION_NAMES[:-1])} and {SESSION_NAMES[-1]} are all in use in {self._name(start)}",
            )
        return Offer(name, boto3, safe, doubt=why)

    def _doubt(self, start: Start) -> Skip | None:
        """Why a session that is made there may not be the default one."""
        where = self._name(start)
        if self._project.mentions_default_session:
            return Skip(
                SkipReason.STOPPED,
                f"the project sets up a default session, which one made in {where} would not be (--unsafe-fixes makes it)",
            )
        for part in ("functions", "session"):
            replaced = self._project.replacing_boto3("functions" if part == "functions" else "session")
            if replaced is not None:
                return Skip(
                    SkipReason.MOCKED_IN_TESTS,
                    f"{replaced[0].path.name}:{replaced[1]} replaces boto3, which a session made in {where} would go"
                    " round (--unsafe-fixes makes it)",
                )
        if self._project.replaces_default_session:
            return Skip(
                SkipReason.MOCKED_IN_TESTS,
                f"something replaces boto3, which a session made in {where} would go round (--unsafe-fixes makes it)",
            )
        for module in self._project.modules:
            for place, function in module.entry_points.profile_settings:
                if not module.is_test and (
                    start.kind == "handler" or (module.path, function) != (start.path, start.position)
                ):
                    return Skip(
                        SkipReason.STOPPED,
                        f"{module.path.name}:{place.line} sets the AWS profile, which a session made in {where} may not see"
                        " (--unsafe-fixes makes it)",
                    )
        if start.kind == "handler":
            moto = next((m for m in self._project.modules if m.entry_points.uses_moto), None)
            if moto is not None:
                return Skip(
                    SkipReason.MOCKED_IN_TESTS,
                    f"{moto.path.name} uses moto, which does not see a session that was made before it is imported"
                    " (--unsafe-fixes makes it)",
                )
        return None

    def _unwritable(self, start: Start) -> Skip | None:
        if start.path in self._context.writable:
            return None
        return Skip(
            SkipReason.NEEDS_EDIT_OUTSIDE_PATHS,
            f"{start.path.name}:{start.position.line} would have to make a session; give its path as well",
        )

    def _boto3(
        self, start: Start, module: ModuleFacts, function: FunctionFacts | None, outline: Outline
    ) -> str | None:
        """How boto3 is written there; None where the name may mean something else."""
        if function is not None and function.shadows_boto3 and start.kind != "handler":
            return None
        if outline.boto3_imports and start.kind == "main":
            return "boto3"
        inside = outline.bound if start.kind == "main" else frozenset[str]()
        line = module.entry_points.before_handlers.get(start.position, start.position).line
        bound = [
            name
            for name in sorted(module.boto3_imports, key=lambda name: (name != "boto3", name))
            if name not in inside and (start.kind == "main" or module.boto3_imports[name] < line)
        ]
        if bound:
            return bound[0]
        if module.boto3_binding == "unconditional" and not module.boto3_imports and "boto3" not in inside:
            return "boto3"  # by a star import
        is_free = function is None or "boto3" not in function.names
        return "boto3" if module.boto3_binding == "absent" and is_free else None

    def _free_name(self, start: Start, module: ModuleFacts, function: FunctionFacts | None) -> str | None:
        if start.kind == "main":
            return next((name for name in SESSION_NAMES if function and name not in function.names), None)
        handlers = [module.functions[h] for h in module.entry_points.handlers if h in module.functions]
        for name in SESSION_NAMES:
            if (
                name not in module.entry_points.taken_names
                and not (start.kind == "handler" and any(name in handler.names for handler in handlers))
                and not self._is_imported(module, name)
            ):
                return name
        return None

    def _is_imported(self, module: ModuleFacts, name: str) -> bool:
        """Whether another module takes the name from this one."""
        wanted = f"{module.module}.{name}"
        return any(
            any(dotted == wanted or wanted.endswith(f".{dotted}") for dotted in other.exports.values())
            or (name in other.read_names and any(_is_same(s, module.module) for s in other.star_imports))
            for other in self._project.modules
            if other is not module
        )

    def _name(self, start: Start) -> str:
        function = self._project.by_path[start.path].functions.get(start.position)
        return function.name if function is not None else f"{start.path.name}:{start.position.line}"

    # --- Where it is made -----------------------------------------------------------------------

    def _make(self, start: Start, needs: Sequence[Position], first: Mapping[Path, Position]) -> Made | Skip:
        offer = self.offer(start)
        if isinstance(offer, Skip):
            return offer
        module = self._project.by_path[start.path]
        statement = f"{offer.name} = {offer.boto3}.Session()"
        if offer.exists:
            return Made(start, offer.name, None, "", (), offer.applicability, offer.doubt)
        if start.kind == "handler":
            if start.path not in first or start.position not in module.entry_points.before_handlers:
                return self._no_place(start)
            return self._made(start, offer, first[start.path], statement, module)
        outline = module.entry_points.outlines[start.position]
        place = place_before(outline, needs)
        if place is None or (
            outline.boto3_imports
            and not any(dominates(path, place.path) and path != place.path for path in outline.boto3_imports)
        ):
            return self._no_place(start)
        option = self._option(start, module, outline, place)
        if option is not None:
            statement = f"{offer.name} = {offer.boto3}.Session(profile_name={option.value})"
        made = self._made(start, offer, place.position, statement, module)
        if option is not None:
            made = replace(made, edits=(*made.edits, *((module.path, edit) for edit in option.edits)))
        if escapes(outline, place, needs) and made.applicability is Applicability.SAFE:
            doubt = f"the failure to make one in {self._name(start)} would not be caught as it is"
            if not self._context.unsafe:
                return Skip(SkipReason.STOPPED, f"{doubt} (--unsafe-fixes makes it)")
            return replace(made, applicability=Applicability.UNSAFE, doubt=doubt)
        return made

    def _option(
        self, start: Start, module: ModuleFacts, outline: Outline, place: OutlinedStatement
    ) -> ProfileOption | None:
        """The option that the program gets."""
        if not self._context.settings.add_profile_option:
            return None
        function = module.functions.get(start.position)
        if function is not None and (option := click_option(module, function, self._context)) is not None:
            return option
        position = function.position if function is not None else None
        return argparse_option(module, position, outline, place, self._context)

    def _made(self, start: Start, offer: Offer, place: Position, statement: str, module: ModuleFacts) -> Made:
        edits: list[Edit] = [AddStatementBefore(place, statement)]
        outline = module.entry_points.outlines[start.position]
        if module.boto3_binding == "absent" and not (outline.boto3_imports and start.kind == "main"):
            edits.append(AddImport("boto3"))
        own = tuple((module.path, edit) for edit in edits)
        return Made(start, offer.name, place, statement, own, offer.applicability, offer.doubt)

    def _no_place(self, start: Start) -> Skip:
        return Skip(
            SkipReason.UNSUPPORTED_SYNTAX,
            f"no statement can be put where {self._name(start)} needs a session",
        )


_REQUIRED = frozenset({"positional-only", "positional", "keyword-only"})


def use_made(module: ModuleFacts, sites: Sequence[SessionSite], made: Made) -> Fix:
    """The fix for the sites of a function that makes a session itself."""
    uses = [UseSession(site.callee, site.callee_end, made.name, site.api) for site in sites]
    edits = [
        *made.edits,
        *((module.path, edit) for edit in uses),
        *((module.path, edit) for edit in import_edits(module, sites)),
    ]
    message = f"make a session and use {made.name}.{sites[0].api}"
    if made.doubt:
        message += f": {made.doubt}"
    return Fix(made.applicability, message, tuple(dict.fromkeys(edits)))


def place_before(outline: Outline, needs: Sequence[Position]) -> OutlinedStatement | None:
    """The statement before which a session must be made that is there at all of `needs`: in the innermost block around them."""
    around = [_innermost(outline, need) for need in needs]
    paths = [statement.path for statement in around if statement is not None]
    if not paths or len(paths) < len(needs):
        return None
    depth = 0
    while all(len(path) > depth + 1 for path in paths) and (
        len({path[: depth + 1] for path in paths}) == 1
        and len({path[depth + 1].block for path in paths}) == 1
    ):
        depth += 1
    wanted: tuple[BlockStep, ...] = min(
        (path[: depth + 1] for path in paths), key=lambda path: path[depth].index
    )
    by_path = {statement.path: statement for statement in outline.statements}
    while wanted and not by_path[wanted].insertable:
        wanted = wanted[:-1]
    return by_path[wanted] if wanted else None


def escapes(outline: Outline, place: OutlinedStatement, needs: Sequence[Position]) -> bool:
    """Whether what is raised at the place is not caught, as it is at one of the needs."""
    depth = len(place.path)
    return any(
        step.block in outline.catching
        for need in needs
        if (statement := _innermost(outline, need)) is not None
        for step in statement.path[depth:]
    )


def _innermost(outline: Outline, need: Position) -> OutlinedStatement | None:
    around = [s for s in outline.statements if s.start <= need < s.end]
    return max(around, key=lambda statement: len(statement.path), default=None)


def _is_same(star: str, module: str) -> bool:
    return star == module or module.endswith(f".{star}") or star.endswith(f".{module}")
