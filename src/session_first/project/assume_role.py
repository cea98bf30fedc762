"""A flow of credentials in; the edits that make it one of sessions, or why there are none, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from session_first.facts.blocks import dominates
from session_first.model import (
    FILLED,
    AddImport,
    AddStatement,
    Annotation,
    Applicability,
    AttributePlace,
    ChangeCall,
    Choice,
    Contents,
    Dropped,
    Edit,
    Entry,
    HoistExpression,
    Maker,
    ModuleFacts,
    Nothing,
    Passed,
    Position,
    Read,
    Record,
    RemoveEntries,
    RemoveStatement,
    RenameKeyword,
    ReplaceExpression,
    Result,
    Returned,
    RoleCall,
    Scoped,
    Skip,
    SkipReason,
    Stored,
    Transfer,
    Unpacked,
    Unwrap,
    Used,
    Value,
    Variable,
)
from session_first.project.callgraph import CallGraph
from session_first.project.client_uses import other_uses, used_elsewhere
from session_first.project.context import Project
from session_first.project.credentials import (
    KEYS,
    Credentials,
    Flow,
    Origin,
    Role,
    Sink,
    Step,
    Where,
    parts,
)
from session_first.project.durations import least
from session_first.project.environment import Change, changed_before, may_change_after
from session_first.project.environment import changes as environment_changes
from session_first.project.failures import untested_failures
from session_first.project.flow_check import blockers
from session_first.project.free_names import FreeNames
from session_first.project.parameter_names import Signatures, documented_result
from session_first.project.parent import DEFAULT, Parent, parent_of
from session_first.project.reached import Reached
from session_first.project.regions import Regions, regions
from session_first.project.role_arguments import RoleArguments, role_arguments

LIBRARY = "aws_assume_role_lib"
EAGER = ".get_credentials().get_frozen_credentials()"
_WORDS = re.compile(
    r"(?i)credentials?|creds?|response|resp|result|object|output|assumed|assume|role|sts|dict|(?<=_)d$"
)
_READS_BOTO3 = re.compile(r"(?<![\w.])boto3\b")
_NEW_NAMES = ("new_session", "new_assumed_session")
_NAMES = ("assumed_session", "assumed_role_session", "role_session")

Site = tuple[Path, Position]
"""A place where a session, client or resource is made."""


@dataclass(frozen=True, slots=True)
class DefaultParent:
    """A role that a function's session parameter, or else the default session, assumes: where its call and the
    statement around it stand."""

    path: Path
    function: Position
    statement: Position
    call: Position


@dataclass(frozen=True, slots=True)
class Rewritten:
    """How a flow becomes one of sessions.

    `covered` are the sites that go with it, `default_parents` the roles that the default session assumes where no session
    is passed, `boto3_reads` the names of boto3 that are read once less;
    `receivers` the variables whose STS client is not asked any more, each
    time once; `doubts` say what may differ, each in a sentence.
    """

    edits: tuple[tuple[Path, Edit], ...]
    covered: frozenset[Site]
    default_parents: tuple[DefaultParent, ...]
    boto3_reads: tuple[tuple[Path, str], ...]
    receivers: tuple[tuple[Path, Variable], ...]
    doubts: tuple[str, ...]
    message: str

    @property
    def applicability(self) -> Applicability:
        """How far it can be trusted."""
        return Applicability.UNSAFE if self.doubts else Applicability.SAFE


class _Stop(Exception):  # noqa: N818 - no error: the answer is a skip
    """Carries the skip out of a helper."""

    def __init__(self, reason: SkipReason, detail: str) -> None:
        super().__init__(detail)
        self.skip = Skip(reason, detail)


@dataclass(frozen=True)
class Surroundings:
    """What a flow is rewritten in. `session_name` gives the name of the session parameter of an outermost
    function, None where it can take none; `catches`: something in the project, tests left out, may catch an exception."""

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


def rewrite_flow(flow: Flow, around: Surroundings) -> Rewritten | Skip:
    """The edits for all of a flow, or what stands in the way."""
    found = blockers(flow, around.credentials, around.project, around.graph)
    if found:
        first = min(found, key=lambda blocker: _ORDER.index(blocker.reason))
        return Skip(first.reason, first.detail)
    for step in flow.steps:
        if step.module.path not in around.writable and _needs_edit(step):
            where = f"{step.module.path.name}:{step.transfer.position.line}"
            if step.module.is_test:
                return Skip(
                    SkipReason.UNSEEN_CONSUMER,
                    f"test code uses the credentials ({where}), and is never edited",
                )
            return Skip(
                SkipReason.NEEDS_EDIT_OUTSIDE_PATHS, f"{where} must be rewritten too; give its path as well"
            )
        if step.module.is_test:
            where = f"{step.module.path.name}:{step.transfer.position.line}"
            return Skip(
                SkipReason.UNSEEN_CONSUMER, f"test code uses the credentials ({where}), and is never edited"
            )
    try:
        return _Rewriter(flow, around).result()
    except _Stop as stop:
        return stop.skip


_ORDER = (
    SkipReason.CREDENTIALS_USED_OTHERWISE,
    SkipReason.UNSEEN_CONSUMER,
    SkipReason.UNCLEAR_FLOW,
)


def _needs_edit(step: Step) -> bool:
    return not isinstance(step.transfer.value, Result) or isinstance(step.transfer.fate, (Stored, Unpacked))


@dataclass(frozen=True, slots=True)
class _Base:
    """The session-to-be behind a value: a variable, or (`text`) an expression as it stands."""

    variable: tuple[Path, Variable] | None = None
    text: str | None = None


@dataclass(slots=True)
class _Rewriter:
    """Rewrites one flow; made for one use."""

    flow: Flow
    around: Surroundings
    edits: list[tuple[Path, Edit]] = field(default_factory=list)
    covered: set[Site] = field(default_factory=set)
    default_parents: list[DefaultParent] = field(default_factory=list)
    boto3_reads: list[tuple[Path, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    receivers: list[tuple[Path, Variable]] = field(default_factory=list)
    dead: dict[tuple[Path, Position], Step] = field(default_factory=dict)
    gone: dict[Path, list[tuple[Position, Position]]] = field(default_factory=dict)
    alias: dict[tuple[Path, Variable], tuple[Path, Variable]] = field(default_factory=dict)
    unpacked: dict[tuple[Path, Variable], tuple[Path, Variable]] = field(default_factory=dict)
    names: dict[tuple[Path, Variable], str] = field(default_factory=dict)
    merged: set[Site] = field(default_factory=set)
    branches: list[tuple[Path, Step]] = field(default_factory=list)
    instead: dict[Site, str] = field(default_factory=dict)
    imports: dict[Path, set[str]] = field(default_factory=dict)
    may_be_unset: bool = False

    def result(self) -> Rewritten:
        """The edits for the flow.

        Raises:
            _Stop: something in it cannot be rewritten.
        """
        plans = [self._planned(role) for role in self.flow.roles]
        wanted = regions(
            self.flow,
            [parent for parent, _ in plans],
            self.around.credentials,
            self.around.mentions_default_session,
            self._may_be_caught,
        )
        if isinstance(wanted, Skip):
            raise _Stop(wanted.reason, wanted.detail)
        self.doubts.extend(wanted.doubts)
        if self.around.mocked is not None:
            self.doubts.append(self.around.mocked)
        self.doubts.extend(self._set_by_chance())
        self._carriers()
        for path, step in self.branches:
            self._choose_receiver(path, step, plans[0][0])
        self._merge_sessions()
        self._name_carriers()
        for sink in self.flow.sinks:
            self._sink(sink, wanted)
        for step in self.flow.steps:
            self._step(step)
        for role, (parent, arguments) in zip(self.flow.roles, plans, strict=True):
            self._role(role, parent, arguments, wanted)
        for (path, start, end), added in wanted.of_maker.items():
            self.edits.append((path, ChangeCall(start, end, added=added)))
        for path, position in self.dead:
            self.edits.append((path, RemoveStatement(position)))
        self._rename()
        self._annotate()
        self._check_dead()
        self.doubts.extend(untested_failures(self.flow, self.around.credentials, self.around.graph))
        for path, modules in self.imports.items():
            self.edits.extend((path, AddImport(name)) for name in sorted(modules))
        sinks = ", ".join(dict.fromkeys(sink.maker.text for sink in self.flow.sinks))
        message = f"assume the role with {LIBRARY}, whose session refreshes itself, and make {sinks} of it"
        if self.doubts:
            message = f"{message}; {'; '.join(dict.fromkeys(self.doubts))}"
        return Rewritten(
            tuple(dict.fromkeys(self.edits)),
            frozenset(self.covered),
            tuple(self.default_parents),
            tuple(self.boto3_reads),
            tuple(self.receivers),
            tuple(dict.fromkeys(self.doubts)),
            message,
        )

    # --- The roles ------------------------------------------------------------------------------

    def _planned(self, role: Role) -> tuple[Parent, RoleArguments]:
        arguments = role_arguments(role.call, lambda a: least(a, role.module, self.around.graph))
        if isinstance(arguments, Skip):
            raise _Stop(arguments.reason, arguments.detail)
        parent = parent_of(
            role,
            self.flow,
            self.around.credentials,
            mentions_default_session=self.around.mentions_default_session,
        )
        if isinstance(parent, Skip):
            raise _Stop(parent.reason, parent.detail)
        self._check_client(role)
        makers = self.around.credentials.sts_makers(role.module, role.call.receiver) or ()
        origins = [(module.path, maker.position) for module, maker, _ in makers]
        clients = [(module, step) for module, _, step in makers]
        self.doubts.extend(other_uses(origins, self.around.credentials, self.around.project))
        self.doubts.extend(used_elsewhere(role, self.around.project))
        changed = changed_before(role, clients, self._environment_changes, self.around.graph)
        self.doubts.extend([changed] if changed is not None else [])
        self.doubts.extend((*arguments.doubts, *parent.doubts))
        return parent, arguments

    def _set_by_chance(self) -> Iterator[str]:
        """What sets attributes whose names are not known, on objects that keep the session."""
        reached = Reached(self.around.project, self.around.graph)
        for where in sorted(self.flow.places, key=repr):
            place = where.place.of if isinstance(where.place, Contents) else where.place
            if isinstance(place, AttributePlace) and place.class_name is not None:
                found = reached.attribute_by_chance((where.path, place.class_name), place.name)
                if found is not None:
                    path, position = found
                    yield f"{path.name}:{position.line} sets attributes by names that are not known, .{place.name} maybe"

    @property
    def _environment_changes(self) -> tuple[Change, ...]:
        return environment_changes(self.around.project)

    def _check_client(self, role: Role) -> None:
        """The STS client must be the one that the code sets."""
        receiver = role.call.receiver
        place = receiver.place if isinstance(receiver, Read) else None
        reached = Reached(self.around.project, self.around.graph)
        found = None
        if isinstance(place, AttributePlace) and place.class_name is not None:
            family = self.around.project.top_class(role.module, place.class_name)
            found = reached.attribute(family, place.name)
        elif isinstance(place, Variable) and place.owner is None:
            found = reached.variable_by_string(role.module, place.name)
        if found is not None:
            path, position = found
            name = receiver.text if isinstance(receiver, Read) else ""
            raise _Stop(
                SkipReason.UNKNOWN_PARENT,
                f"{path.name}:{position.line} may reach {name}, and set another STS client",
            )

    def _role(self, role: Role, parent: Parent, arguments: RoleArguments, wanted: Regions) -> None:
        path = role.module.path
        name = self._parent_text(role, parent)
        receiver = role.call.receiver
        if (
            isinstance(receiver, Read)
            and isinstance(receiver.place, Variable)
            and not (parent.edits or parent.base)
        ):
            self.receivers.append((path, receiver.place))
        if isinstance(receiver, Maker):
            self._cover(path, receiver)
        elif isinstance(receiver, Read):
            self.gone.setdefault(path, []).append((receiver.position, receiver.end))
        added = (*arguments.added, *wanted.of_role.get(role.origin, ()))
        method = self.around.method_style
        self.edits.append(
            (
                path,
                ChangeCall(
                    role.call.position,
                    role.call.end,
                    callee=f"{_as_receiver(name)}.assume_role" if method else f"{LIBRARY}.assume_role",
                    first=None if method else name,
                    removed=arguments.removed,
                    added=added,
                ),
            )
        )
        self._check_name(role)
        local = self._local_import(role)
        if not method and local is not None:
            self.edits.append((path, AddImport(LIBRARY, beside=local)))
        elif not method:
            self.imports.setdefault(path, set()).add(LIBRARY)
        if self._may_be_caught(role):
            self._assume_at_once(role)

    def _parent_text(self, role: Role, parent: Parent) -> str:
        path = role.module.path
        self.edits.extend((path, edit) for edit in parent.edits)
        if parent.base is not None:
            return self._text(self._base(role.module, parent.base), role.step)
        if parent.text is not None:
            if DEFAULT in parent.text or parent.text.startswith("boto3."):
                return _READS_BOTO3.sub(self._import_boto3(role), parent.text)
            return parent.text
        boto3 = self._import_boto3(role)
        default = DEFAULT.replace("boto3", boto3)
        outermost = self._outermost(role.module, role.step.transfer)
        if outermost is None or self._is_shared(role):
            return default
        name = self.around.session_name(role.module, outermost)
        if name is None:
            return default
        parent_of_role = DefaultParent(path, outermost, role.step.transfer.within, role.call.position)
        self.default_parents.append(parent_of_role)
        return f"{name} or {default}"

    def _is_shared(self, role: Role) -> bool:
        """Whether the session is kept where every caller of the function that assumes the role gets it; the first
        caller's must not serve everybody."""
        for step in self.flow.steps:
            fate = step.transfer.fate
            if (
                step.module is role.module
                and step.transfer.function == role.step.transfer.function
                and isinstance(fate, Stored)
            ):
                place = fate.place.of if isinstance(fate.place, Contents) else fate.place
                if isinstance(place, Variable) and place.owner is None:
                    return True
        return False

    def _boto3(self, module: ModuleFacts, transfer: Transfer, makers: Iterable[Maker]) -> str:
        """Sees to it that boto3 is bound where new text reads it, and says by which name; `makers` are read there now.

        Raises:
            _Stop: it is bound on some ways only, and no maker reads it there.
        """
        if any(_READS_BOTO3.search(maker.text) for maker in makers):
            return "boto3"
        scoped = module.values.scopes.get(transfer.function)
        local = None if scoped is None or scoped.position is None else scoped.boto3_import
        if local is not None and scoped is not None and dominates(scoped.boto3_import_path, transfer.path):
            return "boto3"
        if local is None and module.boto3_binding == "unconditional":
            return "boto3"
        for name, line in module.boto3_imports.items():
            if name != "boto3" and line and module.exports.get(name) == "boto3":
                return name
        if local is not None or module.boto3_binding != "absent":
            raise _Stop(
                SkipReason.NAME_TAKEN,
                f"the name boto3 is bound in {module.path.name} under a condition only, or as something else; import boto3 itself",
            )
        self.imports.setdefault(module.path, set()).add("boto3")
        return "boto3"

    def _import_boto3(self, role: Role) -> str:
        """The name of boto3 where a role is assumed."""
        scopes, here = role.module.values.scopes, role.step.transfer
        makers = [
            maker
            for module, maker, step in self.around.credentials.sts_makers(role.module, role.call.receiver)
            or ()
            if module is role.module
            and (step.transfer.function in {here.function, None} or not _imports_boto3(scopes, step.transfer))
        ]
        return self._boto3(role.module, here, makers)

    def _check_name(self, role: Role) -> None:
        """The library's name must mean the library."""
        scopes = role.module.values.scopes
        is_imported = LIBRARY in scopes[None].boto3_names
        scoped = scopes.get(role.step.transfer.function)
        outermost = None if scoped is None else scopes.get(scoped.outermost)
        used = scopes[None].names if outermost is None else outermost.names | set(outermost.parameters)
        is_bound = any(v.name == LIBRARY for v in role.module.values.variables)
        if not is_imported and (is_bound or LIBRARY in used or LIBRARY in scopes[None].names):
            raise _Stop(
                SkipReason.NAME_TAKEN, f"the name {LIBRARY} is in use here, or imported under a condition"
            )
        if "boto3" in used and any(v.name == "boto3" for v in role.module.values.variables):
            raise _Stop(SkipReason.NAME_TAKEN, "the name boto3 is that of a variable")

    def _local_import(self, role: Role) -> Position | None:
        """The function's own `import boto3`, where the module has none and no role is assumed without it."""
        scopes = role.module.values.scopes
        scoped = scopes[role.step.transfer.function]
        if not _imports_boto3(scopes, role.step.transfer) or role.module.boto3_binding != "absent":
            return None
        roles = (
            step
            for step in self.around.credentials.steps
            if step.module is role.module
            and step.transfer.function == scoped.position
            and any(isinstance(value, RoleCall) for value in parts(step.transfer.value))
        )
        if not all(dominates(scoped.boto3_import_path, step.transfer.path) for step in roles):
            return None
        return scoped.boto3_import

    def _outermost(self, module: ModuleFacts, transfer: Transfer) -> Position | None:
        scoped = module.values.scopes.get(transfer.function)
        return None if scoped is None else scoped.outermost

    def _may_be_caught(self, role: Role) -> bool:
        transfer = role.step.transfer
        scoped = role.module.values.scopes.get(transfer.function)
        if transfer.caught or (scoped is not None and scoped.catches) or _may_change(role):
            return True
        if self._escapes() and self.around.catches:
            return True
        if self.may_be_unset or may_change_after(role, self._environment_changes):
            return True
        if transfer.function is None:
            return True  # whoever imports the module may catch it
        function = self.around.graph.function(role.module.path, transfer.function)
        return function is None or self.around.graph.may_be_caught(function)

    def _escapes(self) -> bool:
        """Whether the session, or what is made of it, leaves the function: what uses it first may be anywhere."""
        functions = {(step.module.path, step.transfer.function) for step in self.flow.steps}
        return len(functions) > 1 or any(
            isinstance(step.transfer.fate, (Returned, Passed))
            or (isinstance(step.transfer.fate, Used) and step.transfer.fate.method is None)
            or (isinstance(step.transfer.fate, Stored) and not isinstance(step.transfer.fate.place, Variable))
            for step in self._with_uses()
        )

    def _with_uses(self) -> Iterator[Step]:
        """The steps of the flow, and those of the variables that keep what is made of it."""
        yield from self.flow.steps
        for sink in self.flow.sinks:
            fate = sink.step.transfer.fate
            if isinstance(fate, Stored) and isinstance(fate.place, Variable):
                for step in self.around.credentials.reads_of(sink.module, fate.place):
                    if not isinstance(step.transfer.value, (Result, Entry)):
                        yield step

    def _assume_at_once(self, role: Role) -> None:
        """The failure to assume the role is raised where it was."""
        path, transfer = role.module.path, role.step.transfer
        fate = transfer.fate
        value = transfer.value
        is_whole = transfer.statement is not None and _innermost(value) is role.call
        place = fate.place if is_whole and isinstance(fate, Stored) else None
        if isinstance(place, Variable) and not self._outlives_failure(role, place):
            name = self._name(path, place)
            self.edits.append((path, AddStatement(transfer.within, f"{name}{EAGER}")))
            return
        if not transfer.hoistable or _innermost(value) is not role.call:
            raise _Stop(
                SkipReason.UNSUPPORTED_SYNTAX,
                "a failure to assume the role may be caught, and here is no room to assume it at once; give it a line of its own",
            )
        name = self._free_name(
            role.module, transfer, (*_NAMES, *_NEW_NAMES) if not isinstance(fate, Stored) else _NEW_NAMES
        )
        self.edits.append(
            (
                path,
                HoistExpression(transfer.within, transfer.position, transfer.end, name, (f"{name}{EAGER}",)),
            )
        )

    def _outlives_failure(self, role: Role, variable: Variable) -> bool:
        """Whether the variable may be read where the role could not be assumed: then it must get the session last."""
        path, transfer = role.module.path, role.step.transfer
        if variable.owner != transfer.function:
            return True
        places = [
            place
            for name in self._same(path, variable)
            for place, _ in role.module.values.variables[name].places
        ]
        if any(start <= place < end for place in places for start, end in transfer.handlers):
            return True
        if transfer.guard is None:
            return variable.owner is None and transfer.caught
        start, end = transfer.guard
        return any(not start <= place < end for place in places)

    def _same(self, path: Path, variable: Variable) -> Iterator[Variable]:
        """The variable, and those that are one with it after the fix."""
        root = self._root((path, variable))
        for other in self._module(path).values.variables:
            if self._root((path, other)) == root or (
                other.owner == variable.owner and other.name == self.names.get(root, variable.name)
            ):
                yield other

    # --- What carries the session ---------------------------------------------------------------

    def _carriers(self) -> None:
        """Decides which variables go on, as sessions, and which statements are dead."""
        for where in sorted(self.flow.places, key=repr):
            if isinstance(where.place, Variable) and not self._is_carrier(where):
                self._part(where.path, where.place)
        for where in sorted(self.flow.places, key=repr):
            if isinstance(where.place, Variable) and self._is_carrier(where):
                self._try_alias(where.path, where.place)

    def _module(self, path: Path) -> ModuleFacts:
        return next(step.module for step in self.flow.steps if step.module.path == path)

    def _stores(self, path: Path, variable: Variable) -> tuple[Step, ...]:
        return self.around.credentials.stores_of(self._module(path), variable)

    def _is_carrier(self, where: Where) -> bool:
        """Whether a session takes its place; else it holds parts, which nobody needs any more."""
        assert isinstance(where.place, Variable)
        kinds = [k for k in self.around.credentials.kept(where) if k.origin in self._origins()]
        if all(kind.part in {"response", "credentials"} for kind in kinds):
            return True
        if not all(kind.is_whole for kind in kinds):
            return False
        stores = [s for s in self._stores(where.path, where.place) if not _is_nothing(s)]
        return not any(isinstance(step.transfer.value, Record) for step in stores)

    def _origins(self) -> frozenset[Origin]:
        return frozenset(role.origin for role in self.flow.roles)

    def _part(self, path: Path, variable: Variable) -> None:
        """A variable of parts: what fills it is dead."""
        module = self._module(path)
        occurrences = module.values.variables[variable]
        stores = self._stores(path, variable)
        if len(stores) != 1 or occurrences.fixed or occurrences.bindings != 1:
            raise _Stop(
                SkipReason.UNCLEAR_FLOW,
                f"{variable.name} in {path.name} gets a part of the credentials in several places",
            )
        [step] = stores
        transfer = step.transfer
        if transfer.statement is None:
            raise _Stop(
                SkipReason.UNCLEAR_FLOW,
                f"{variable.name} in {path.name} gets a part of the credentials within an expression",
            )
        filling = transfer.value.filling if isinstance(transfer.value, Record) else None
        if filling is not None and not self._reaches_all(module, variable, transfer):
            self.branches.append((path, step))
        else:
            self._only_later(path, variable, transfer)
        if isinstance(transfer.fate, Unpacked) and not isinstance(transfer.value, Record):
            first = transfer.fate.places[0]
            assert first is not None
            self.unpacked[path, variable] = (path, first)
            if variable == first:
                self.gone.setdefault(path, []).append((transfer.fate.position, transfer.fate.end))
            return
        base = self._base(module, transfer.value)
        self._steady(base, step, variable)
        if (
            isinstance(transfer.value, Record)
            and set(transfer.value.slots) - set(KEYS)
            and transfer.value.kind == "dict"
        ):
            self._reduce(path, transfer.value)
            return
        self._bury(step)

    def _reduce(self, path: Path, record: Record) -> None:
        """The dict keeps its other entries."""
        entries = tuple(
            entry for slot, entry in zip(record.slots, record.entries, strict=True) if slot in KEYS
        )
        if not entries:
            raise _Stop(SkipReason.UNCLEAR_FLOW, f"the credentials are kept under other names in {path.name}")
        if record.call:
            self.edits.append((path, ChangeCall(record.position, record.end, removed=entries)))
        else:
            self.edits.append((path, RemoveEntries(record.position, record.end, entries)))
        for value in record.values:
            if isinstance(value, (Entry, Read)):
                self.gone.setdefault(path, []).append((value.position, value.end))

    def _bury(self, step: Step) -> None:
        transfer = step.transfer
        path = step.module.path
        ranges = self.gone.setdefault(path, [])
        filling = transfer.value.filling if isinstance(transfer.value, Record) else None
        if filling is None:
            self.dead[path, transfer.within] = step
            ranges.append((transfer.within, transfer.end))
            return
        self.dead.update({(path, start): step for start, _ in filling.statements})
        ranges.extend(filling.statements)
        if not filling.rest:  # nothing is left of the dict
            self.edits.extend((path, RemoveStatement(start)) for start, _ in filling.bindings)

    def _only_later(self, path: Path, variable: Variable, transfer: Transfer) -> None:
        if not self._reaches_all(self._module(path), variable, transfer):
            raise _Stop(
                SkipReason.UNCLEAR_FLOW, f"{variable.name} in {path.name} may be read before it is set"
            )

    def _reaches_all(self, module: ModuleFacts, variable: Variable, transfer: Transfer) -> bool:
        """Whether no read of the variable is reached without the statement that sets it."""
        places = module.values.variables[variable].places
        if any(start < transfer.within for start, _ in places):
            return False
        return all(
            step.transfer.function == transfer.function
            and any(
                dominates(path, step.transfer.path)
                and (number == 0 or step.transfer.path[: len(path)] != path)
                for number, path in enumerate(transfer.settled)
            )
            for step in self.around.credentials.reads_of(module, variable)
        )

    def _steady(self, base: _Base, step: Step, variable: Variable) -> None:
        """The session behind a part must still be the same where the part is used."""
        if base.variable is None:
            if base.text is not None and "(" in base.text:
                raise _Stop(
                    SkipReason.UNCLEAR_FLOW,
                    f"{variable.name} in {step.module.path.name} is a part of what a call gives; keep all of it in a variable",
                )
            return
        path, behind = base.variable
        if path != step.module.path or behind.owner != variable.owner:
            raise _Stop(SkipReason.UNCLEAR_FLOW, f"{behind.name} is of another function than {variable.name}")
        for store in self._stores(path, behind):
            if store.transfer.within >= step.transfer.within and not _is_nothing(store):
                raise _Stop(
                    SkipReason.UNCLEAR_FLOW,
                    f"{behind.name} in {path.name} is set again after {variable.name}",
                )

    def _try_alias(self, path: Path, variable: Variable) -> None:
        """`credentials = response["Credentials"]`: two names of one session; the line goes."""
        module = self._module(path)
        occurrences = module.values.variables.get(variable)
        stores = self._stores(path, variable)
        if occurrences is None or occurrences.fixed or occurrences.bindings != 1 or len(stores) != 1:
            return
        [step] = stores
        transfer = step.transfer
        if transfer.statement is None or not isinstance(transfer.fate, Stored):
            return
        value = _innermost(transfer.value)
        if not isinstance(value, Read) or not isinstance(value.place, Variable):
            return
        behind = value.place
        if behind.owner != variable.owner or self._is_part(path, behind):
            return
        if not self._reaches_all(module, variable, transfer):
            self.may_be_unset = True
            return
        if any(
            s.transfer.within >= transfer.within for s in self._stores(path, behind) if not _is_nothing(s)
        ):
            return
        self.alias[path, variable] = (path, behind)
        self._bury(step)

    def _is_part(self, path: Path, variable: Variable) -> bool:
        where = Where(path, variable)
        return where in self.flow.places and not self._is_carrier(where)

    def _root(self, variable: tuple[Path, Variable]) -> tuple[Path, Variable]:
        while variable in self.alias:
            variable = self.alias[variable]
        return variable

    def _base(self, module: ModuleFacts, value: Value) -> _Base:
        """The session behind a value."""
        match value:
            case Read(place=Variable() as place):
                key = (module.path, place)
                if key in self.unpacked:
                    return _Base(variable=self.unpacked[key])
                if self._is_part(module.path, place):
                    stores = [s for s in self._stores(module.path, place) if not _is_nothing(s)]
                    if len(stores) == 1 and isinstance(stores[0].transfer.fate, Unpacked):
                        fate = stores[0].transfer.fate
                        whole = stores[0].transfer.value
                        if isinstance(whole, Record):
                            return self._base(module, whole.values[fate.places.index(place)])
                        assert fate.places[0] is not None
                        return _Base(variable=(module.path, fate.places[0]))
                    if len(stores) == 1:
                        return self._base(module, stores[0].transfer.value)
                    raise _Stop(SkipReason.UNCLEAR_FLOW, f"{place.name} is set in several places")
                return _Base(variable=self._root(key))
            case Read():
                return _Base(text=value.text)
            case Entry():
                kinds = self.around.credentials.kinds(module, value.of)
                if any(kind.origin in self._origins() for kind in kinds):
                    return self._base(module, value.of)
                return _Base(text=value.text)
            case Result():
                return _Base(text=value.text)
            case Record():
                bases = {
                    self._base(module, part)
                    for part, slot in zip(value.values, value.slots, strict=True)
                    if self._is_of_flow(module, part)
                }
                if len(bases) == 1:
                    return bases.pop()
            case _:
                pass
        raise _Stop(
            SkipReason.UNCLEAR_FLOW,
            f"the credentials have no name in {module.path.name}; keep them in a variable",
        )

    def _is_of_flow(self, module: ModuleFacts, value: Value) -> bool:
        return any(kind.origin in self._origins() for kind in self.around.credentials.kinds(module, value))

    def _text(self, base: _Base, step: Step) -> str:
        if base.variable is None:
            assert base.text is not None
            if "\n" in base.text:
                raise _Stop(
                    SkipReason.UNSUPPORTED_SYNTAX,
                    "the call that gives the credentials stands on several lines",
                )
            return base.text
        path, variable = base.variable
        if path != step.module.path:
            raise _Stop(SkipReason.UNCLEAR_FLOW, f"{variable.name} is of another module")
        return self._name(path, variable)

    # --- Where the keys are given in a branch alone ---------------------------------------------

    def _choose_receiver(self, path: Path, step: Step, parent: Parent) -> None:
        """The keys are put into a dict in a branch: there the role is assumed as the session that makes the clients
        in any case."""
        module = self._module(path)
        transfer, role = step.transfer, self.flow.roles[0]
        here = role.step.transfer
        base = self._base(module, transfer.value)
        sinks = [sink for sink in self.flow.sinks if self._unpacks(sink, path, transfer)]
        if (
            len(self.flow.roles) != 1
            or base.variable is None
            or len(sinks) != len(self.flow.sinks)
            or any(sink.maker.api == "session" for sink in sinks)
            or not self._is_named_beside(self._root(base.variable), role, transfer)
        ):
            raise _in_a_branch(step, "the role is not assumed there for these clients alone")
        owners = {(sink.maker.owner_text, sink.maker.or_default) for sink in sinks}
        owner = sinks[0].maker.owner
        if len(owners) == 1 and isinstance(owner, Read) and not sinks[0].maker.or_default:
            name = self._session_to_rebind(module, owner, here, parent, sinks)
        elif parent.is_default and all(sink.maker.owner is None for sink in sinks):
            name = self._parameter_to_rebind(module, role, sinks)
            self.instead.update({(path, sink.maker.position): f"({name} or boto3)" for sink in sinks})
        else:
            name = None
        if name is None:
            raise _in_a_branch(step, "elsewhere the clients are made of another session; write both out")
        self.names[self._root(base.variable)] = name

    def _unpacks(self, sink: Sink, path: Path, transfer: Transfer) -> bool:
        assert isinstance(transfer.fate, Stored)
        return (
            sink.module.path == path
            and sink.step.transfer.function == transfer.function
            and any(isinstance(v, Read) and v.place == transfer.fate.place for v, _ in sink.maker.unpacked)
        )

    def _is_named_beside(self, key: tuple[Path, Variable], role: Role, transfer: Transfer) -> bool:
        """Whether the role's answer has a name of its own, in the block where the keys are given, and nothing is caught
        in between."""
        here = role.step.transfer
        stores = [store for store in self._stores(*key) if not _is_nothing(store)]
        occurrences = role.module.values.variables[key[1]]
        return (
            [store.transfer.within for store in stores] == [here.within]
            and occurrences.bindings == 1
            and not occurrences.fixed
            and isinstance(here.fate, Stored)
            and here.statement is not None
            and here.path[:-1] == transfer.path[:-1]
            and here.path[-1].block == transfer.path[-1].block
            and here.path[-1].index < transfer.path[-1].index
            and not here.caught
            and not transfer.caught
        )

    def _session_to_rebind(
        self, module: ModuleFacts, owner: Read, here: Transfer, parent: Parent, sinks: Sequence[Sink]
    ) -> str | None:
        """The variable that holds the parent, if the clients are all that is made of it from the role on."""
        place = owner.place
        if not isinstance(place, Variable) or parent.text != place.name or parent.edits:
            return None
        occurrences = module.values.variables.get(place)
        if occurrences is None or (occurrences.fixed and not occurrences.parameter):
            return None
        stores = [s for s in self._stores(module.path, place) if not _is_default(s)]
        reads = self.around.credentials.reads_of(module, place)
        seen = {
            value.position
            for step in reads
            for value in parts(step.transfer.value)
            if isinstance(value, Read) and value.place == place
        }
        seen.update(s.transfer.fate.position for s in stores if isinstance(s.transfer.fate, Stored))
        makers = {sink.maker.owner_position for sink in sinks}
        outermost = self._outermost(module, here)
        if any(
            site.session is not None and site.outermost == outermost and site.position > here.end
            for site in module.sites
        ):
            return None  # it would be made of the variable as well
        return (
            place.name
            if place.owner == here.function
            and all(start in seen for start, _ in occurrences.places)
            and all(step.transfer.function == here.function for step in (*reads, *stores))
            and all(s.transfer.within < here.within and s.transfer.loops == here.loops for s in stores)
            and (bool(stores) or not here.loops)
            and all(start < here.end or start in makers for start, _ in occurrences.places)
            else None
        )

    def _parameter_to_rebind(self, module: ModuleFacts, role: Role, sinks: Sequence[Sink]) -> str | None:
        """The session parameter that the fix brings, if no other client is made of it from the role on."""
        here = role.step.transfer
        outermost = self._outermost(module, here)
        if outermost is None or outermost != here.function or here.loops or self._is_shared(role):
            return None
        graph = self.around.graph
        function = graph.function(module.path, outermost)
        if any(edge.caller == function and edge.call.position > here.end for edge in graph.edges):
            return None  # the parameter may be passed on
        own = {sink.maker.position for sink in sinks}
        sites = [site for site in module.sites if site.outermost == outermost]
        if {site.position for site in sites if site.position > here.end} != own:
            return None
        if not all(site.own_body and site.session is None and site.receiver == "boto3" for site in sites):
            return None
        return self.around.session_name(module, outermost)

    # --- Names ----------------------------------------------------------------------------------

    def _name(self, path: Path, variable: Variable) -> str:
        key = self._root((path, variable))
        return self.names.get(key, key[1].name)

    def _name_carriers(self) -> None:
        for where in sorted(self.flow.places, key=lambda w: (w.path, self._first_place(w))):
            if not isinstance(where.place, Variable):
                continue
            key = (where.path, where.place)
            module = self._module(where.path)
            occurrences = module.values.variables.get(where.place)
            is_unpacked = key in self.unpacked and self.unpacked[key] == key
            if not is_unpacked and (not self._is_carrier(where) or key in self.alias or key in self.names):
                continue
            if occurrences is None or key in self.names:
                continue
            if occurrences.fixed and not self._is_free_parameter(*key):
                continue
            scoped = module.values.scopes.get(where.place.owner)
            if scoped is None or scoped.uses_locals:
                continue
            own = f"{_WORDS.sub('', where.place.name).strip('_')}_session".lstrip("_")
            others = [own] if own != "session" else []
            names = (_NAMES[0], *others, *_NAMES[1:])
            if self._is_one_of_several(where.path, where.place, scoped):
                names = (*others, *_NAMES)
            name = self.around.free_names.take(module, scoped, names)
            if name is None and is_unpacked:
                raise _Stop(SkipReason.NAME_TAKEN, f"{', '.join(_NAMES)} are all in use")
            if name is not None:
                self.names[key] = name

    def _is_free_parameter(self, path: Path, variable: Variable) -> bool:
        """Whether it is a parameter that may get another name."""
        module = self._module(path)
        scoped = module.values.scopes.get(variable.owner)
        occurrences = module.values.variables[variable]
        several = (
            sum(v.owner == variable.owner and v.name == variable.name for v in module.values.variables) > 1
        )
        function = self.around.graph.function(path, variable.owner) if variable.owner is not None else None
        return (
            occurrences.parameter
            and not several
            and "session" not in variable.name.lower()
            and scoped is not None
            and function is not None
            and self._signatures().can_rename(function, scoped, variable.name)
        )

    def _signatures(self) -> Signatures:
        return Signatures(self.around.project, self.around.graph, self.around.writable)

    def _is_one_of_several(self, path: Path, variable: Variable, scoped: Scoped) -> bool:
        """Whether the function is given the credentials of several roles."""
        given = [Where(path, Variable(variable.owner, name)) for name in scoped.parameters]
        return variable.name in scoped.parameters and sum(where in self.flow.places for where in given) > 1

    def _first_place(self, where: Where) -> Position:
        if isinstance(where.place, Variable):
            occurrences = self._module(where.path).values.variables.get(where.place)
            if occurrences is not None:
                return occurrences.places[0][0]
        return Position(0, 0)

    def _free_name(self, module: ModuleFacts, transfer: Transfer, candidates: Sequence[str]) -> str:
        name = self.around.free_names.take(module, module.values.scopes[transfer.function], candidates)
        if name is None:
            raise _Stop(SkipReason.NAME_TAKEN, f"{', '.join(candidates)} are all in use")
        return name

    def _rename(self) -> None:
        for where in self.flow.places:
            if not isinstance(where.place, Variable):
                continue
            key = (where.path, where.place)
            if key in self.unpacked:
                if self.unpacked[key] == key:
                    step = self._stores(*key)[0]
                    fate = step.transfer.fate
                    assert isinstance(fate, Unpacked)
                    self.edits.append(
                        (where.path, ReplaceExpression(fate.position, fate.end, self._name(*key)))
                    )
                continue
            if not self._is_carrier(where):
                continue
            name = self._name(*key)
            if name == where.place.name:
                continue
            module = self._module(where.path)
            for start, end in module.values.variables[where.place].places:
                if not self._is_gone(where.path, start):
                    self.edits.append((where.path, ReplaceExpression(start, end, name)))
            if module.values.variables[where.place].fixed:
                self._rename_parameter(module, where.place, name)

    def _rename_parameter(self, module: ModuleFacts, parameter: Variable, name: str) -> None:
        assert parameter.owner is not None
        function = self.around.graph.function(module.path, parameter.owner)
        assert function is not None
        scoped = module.values.scopes[parameter.owner]
        for path, edit in self._signatures().renaming(function, scoped, parameter.name, name):
            if isinstance(edit, RenameKeyword) and self._is_gone(path, edit.keyword):
                raise _Stop(
                    SkipReason.UNSUPPORTED_SYNTAX,
                    f"the call in {path.name}:{edit.position.line} is moved; keep what it gives in a variable",
                )
            self.edits.append((path, edit))

    def _check_dead(self) -> None:
        """Nothing may be left of a variable whose statement goes."""
        for (path, _), step in self.dead.items():
            fate = step.transfer.fate
            places = (
                fate.places
                if isinstance(fate, Unpacked)
                else (fate.place,)
                if isinstance(fate, Stored)
                else ()
            )
            for place in places:
                if not isinstance(place, Variable) or place.web == FILLED:
                    continue
                key = self._root((path, place))
                if (path, place) in self.alias or place.name in {
                    self.names.get(k) for k in self.names if k[0] == path
                }:
                    continue
                occurrences = step.module.values.variables[place]
                left = [start for start, _ in occurrences.places if not self._is_gone(path, start)]
                if left and key not in self.names:
                    raise _Stop(
                        SkipReason.UNCLEAR_FLOW,
                        f"{place.name} in {path.name}:{left[0].line} is used in another way too",
                    )

    def _annotate(self) -> None:
        """Annotations of what held credentials say that it is a session."""
        for where in self.flow.places:
            module = self._module_of(where.path)
            if module is None:
                continue
            annotation: Annotation | None = None
            match where.place:
                case None:
                    scoped = module.values.scopes.get(where.function)
                    annotation = None if scoped is None else scoped.annotations.get("return")
                    self._document_result(module, where.function)
                case Variable() as variable:
                    scoped = module.values.scopes.get(variable.owner)
                    occurrences = module.values.variables.get(variable)
                    if scoped is not None and variable.name in scoped.parameters:
                        annotation = scoped.annotations.get(variable.name)
                    elif occurrences is not None and not self._is_gone(where.path, occurrences.places[0][0]):
                        annotation = occurrences.annotation
                case _:
                    pass
            if annotation is None or "Session" in annotation.text:
                continue
            text = _session_annotation(annotation.text)
            if module.boto3_binding == "other":
                raise _Stop(SkipReason.NAME_TAKEN, f"the name boto3 is something else in {where.path.name}")
            if module.boto3_binding == "conditional" and text[0] not in {"'", '"'}:
                text = f'"{text}"'  # it may be there for type checkers alone
            self.edits.append((where.path, ReplaceExpression(annotation.position, annotation.end, text)))
            if module.boto3_binding == "absent":
                self.imports.setdefault(where.path, set()).add("boto3")

    def _document_result(self, module: ModuleFacts, function: Position | None) -> None:
        """The docstring of a function that returned credentials says that it returns a session."""
        scoped = module.values.scopes.get(function)
        fails = any(
            isinstance(step.transfer.fate, Returned)
            and step.module is module
            and step.transfer.fate.function == function
            for step in self.flow.failures
        )
        if scoped is None or function is None or fails or scoped.falls_through:
            return
        edit = documented_result(function, scoped)
        if edit is not None:
            self.edits.append((module.path, edit))

    def _module_of(self, path: Path) -> ModuleFacts | None:
        return next((step.module for step in self.flow.steps if step.module.path == path), None)

    def _is_gone(self, path: Path, position: Position) -> bool:
        return any(start <= position < end for start, end in self.gone.get(path, ()))

    # --- Where it ends --------------------------------------------------------------------------

    def _merge_sessions(self) -> None:
        """`session = boto3.Session(…)` of the credentials: the role is assumed as `session` (or `self.session`) at once."""
        for sink in self.flow.sinks:
            transfer = sink.step.transfer
            fate = transfer.fate
            if (
                sink.maker.api != "session"
                or transfer.value is not sink.maker
                or transfer.statement is None
                or not isinstance(fate, Stored)
                or isinstance(fate.place, Contents)
            ):
                continue
            base = self._sink_base(sink)
            if base.variable is None or base.variable in self.names:
                continue
            path, behind = base.variable
            if isinstance(fate.place, AttributePlace):
                target = self._attribute_text(sink, fate.place)
                if target is not None and path == sink.module.path and self._is_only_kept(sink, path, behind):
                    self.names[base.variable] = target
                    self.merged.add((path, sink.maker.position))
                    self._bury(sink.step)
                continue
            if path != sink.module.path or fate.place.owner != behind.owner:
                continue
            if self._can_merge(sink, path, behind, fate.place):
                self.names[base.variable] = fate.place.name
                self.merged.add((path, sink.maker.position))
                self._bury(sink.step)

    def _attribute_text(self, sink: Sink, place: AttributePlace) -> str | None:
        """How the attribute of a method's own object is written, where the session may be kept there before its role is assumed."""
        scoped = sink.module.values.scopes.get(sink.step.transfer.function)
        if place.class_name is None or scoped is None or scoped.class_name is None or not scoped.parameters:
            return None
        if len(self.flow.roles) != 1 or self._may_be_caught(self.flow.roles[0]):
            return None
        return f"{scoped.parameters[0]}.{place.name}"

    def _is_only_kept(self, sink: Sink, path: Path, behind: Variable) -> bool:
        """Whether a role's answer is for nothing but the session that is kept."""
        own = sink.module.values.variables[behind]
        stores = self._stores(path, behind)
        transfer = sink.step.transfer
        return (
            (path, behind) not in self.unpacked
            and not own.fixed
            and own.bindings == len(stores) == 1
            and stores[0].transfer.statement is not None
            and stores[0].transfer.within == self.flow.roles[0].step.transfer.within
            and all(
                self._is_gone(path, start) or transfer.within <= start < transfer.end
                for start, _ in own.places[1:]
            )
            and self._adjacent(stores[0].transfer, transfer, path)
        )

    def _can_merge(self, sink: Sink, path: Path, behind: Variable, target: Variable) -> bool:
        values = sink.module.values
        occurrences = values.variables[target]
        own = values.variables[behind]
        if (path, behind) in self.unpacked or (own.fixed and not self._is_free_parameter(path, behind)):
            return False
        at = sink.step.transfer.within
        several = sum(v.owner == target.owner and v.name == target.name for v in values.variables) > 1
        alone = occurrences.bindings == 1 and not occurrences.fixed and not several
        if alone and self._reaches_all(sink.module, target, sink.step.transfer):
            return True
        stores = [s for s in self._stores(path, behind) if not _is_nothing(s)]
        if len(stores) != 1 or occurrences.fixed or own.fixed:
            return False
        inside = (at, sink.step.transfer.end)
        live = [
            start
            for start, _ in own.places
            if not self._is_gone(path, start) and not inside[0] <= start < inside[1]
        ]
        return len(live) == own.bindings and self._adjacent(stores[0].transfer, sink.step.transfer, path)

    def _adjacent(self, first: Transfer, last: Transfer, path: Path) -> bool:
        """Whether only dead statements stand between two of one block."""
        if len(first.path) != len(last.path) or first.path[:-1] != last.path[:-1]:
            return False
        if first.path[-1].block != last.path[-1].block:
            return False
        between = last.path[-1].index - first.path[-1].index - 1
        buried = sum(
            1
            for (p, at), step in self.dead.items()
            if p == path and step.transfer.path[:-1] == first.path[:-1] and first.within < at < last.within
        )
        return between == buried

    def _sink_base(self, sink: Sink) -> _Base:
        values = [key.value for key in sink.maker.keys] + [value for value, _ in sink.maker.unpacked]
        bases = {self._base(sink.module, value) for value in values if self._is_of_flow(sink.module, value)}
        if len(bases) != 1:
            raise _Stop(
                SkipReason.UNCLEAR_FLOW,
                f"{sink.maker.text} in {sink.module.path.name} gets credentials of several names",
            )
        return bases.pop()

    def _only_assumes(self, sink: Sink) -> bool:
        """Whether the sink is an STS client in a variable that does nothing but assume roles of this flow."""
        transfer = sink.step.transfer
        if (
            transfer.value is not sink.maker
            or transfer.statement is None
            or not isinstance(transfer.fate, Stored)
        ):
            return False
        place = transfer.fate.place
        occurrences = sink.module.values.variables.get(place) if isinstance(place, Variable) else None
        asked = sum(
            isinstance(role.call.receiver, Read)
            and role.call.receiver.place == place
            and role.module is sink.module
            for role in self.flow.roles
        )
        return (
            asked > 0
            and occurrences is not None
            and not occurrences.fixed
            and occurrences.bindings == 1
            and len(occurrences.places) == asked + 1
            and self.around.credentials.is_read_beside(sink.module, sink.step.transfer, place)
        )

    def _sink(self, sink: Sink, wanted: Regions) -> None:
        maker = sink.maker
        path = sink.module.path
        if self._only_assumes(sink):
            self._cover(path, maker)
            self._bury(sink.step)
            return
        self._cover(path, maker)
        ranges = self.gone.setdefault(path, [])
        if (path, maker.position) in self.merged:
            return
        base = self._sink_base(sink)
        if (
            maker.api == "session"
            and isinstance(sink.step.transfer.fate, Dropped)
            and sink.step.transfer.value is maker
        ):
            self._bury(sink.step)
            return
        values = [key.value for key in maker.keys] + [value for value, _ in maker.unpacked]
        if base.variable is None and base.text is not None and "(" in base.text and len(values) > 1:
            raise _Stop(
                SkipReason.UNCLEAR_FLOW,
                f"{maker.text} calls {base.text} for each part; keep its result in a variable",
            )
        text = self.instead.get((path, maker.position)) or self._text(base, sink.step)
        if maker.api == "session":
            self.edits.append((path, ReplaceExpression(maker.position, maker.end, text)))
            ranges.append((maker.position, maker.end))
            return
        removed = [key.position for key in maker.keys]
        ranges.extend(
            (v.position, v.end) for v in (key.value for key in maker.keys) if isinstance(v, (Read, Entry))
        )
        for value, position in maker.unpacked:
            if self._is_of_flow(sink.module, value) and not self._has_more(sink.module, value):
                removed.append(position)
                if isinstance(value, (Read, Entry, Record, Result)):
                    ranges.append((value.position, value.end))
            elif isinstance(value, Record):
                self._reduce(path, value)
        added = wanted.of_sink.get((path, maker.position), ())
        if added and any(not self._is_of_flow(sink.module, value) for value, _ in maker.unpacked):
            raise _Stop(SkipReason.SEVERAL_REGIONS, f"what is unpacked into {maker.text} may name a region")
        if any(DEFAULT in text for _, text in added):
            boto3 = self._boto3(sink.module, sink.step.transfer, [maker])
            added = tuple(
                (name, text.replace(DEFAULT, DEFAULT.replace("boto3", boto3))) for name, text in added
            )
        if added and maker.region is not None:
            removed.append(maker.region.position)
        self.edits.append(
            (path, ChangeCall(maker.position, maker.end, f"{text}.{maker.api}", None, tuple(removed), added))
        )

    def _cover(self, path: Path, maker: Maker) -> None:
        self.covered.add((path, maker.position))
        if maker.owner is None or maker.or_default:
            self.boto3_reads.append((path, first_name(maker)))

    def _has_more(self, module: ModuleFacts, value: Value) -> bool:
        """Whether an unpacked dict keeps other entries."""
        if isinstance(value, Record):
            return bool(set(value.slots) - set(KEYS)) or (value.filling is not None and value.filling.rest)
        if (
            isinstance(value, Read)
            and isinstance(value.place, Variable)
            and self._is_part(module.path, value.place)
        ):
            [step] = self._stores(module.path, value.place)
            return isinstance(step.transfer.value, Record) and self._has_more(module, step.transfer.value)
        return False

    # --- On the way -----------------------------------------------------------------------------

    def _step(self, step: Step) -> None:
        transfer = step.transfer
        if (step.module.path, transfer.within) in self.dead and transfer.statement is not None:
            return
        if self._is_of_flow(step.module, transfer.value):
            self._carry(step, transfer.value)

    def _carry(self, step: Step, value: Value) -> None:
        """Makes an expression that gave credentials give the session."""
        path = step.module.path
        match value:
            case Choice():
                for option in value.options:
                    if self._is_of_flow(step.module, option):
                        self._carry(step, option)
            case Entry():
                inner = value.of
                while isinstance(inner, Entry) and self._is_of_flow(step.module, inner.of):
                    inner = inner.of
                if self._is_of_flow(step.module, value.of) and isinstance(
                    inner, (Read, Result, RoleCall, Entry)
                ):
                    self.edits.append((path, Unwrap(value.position, value.end, inner.position, inner.end)))
            case Record():
                if isinstance(step.transfer.fate, Stored) and self._is_part_of(step):
                    return
                text = self._text(self._base(step.module, value), step)
                self.edits.append((path, ReplaceExpression(value.position, value.end, text)))
                self.gone.setdefault(path, []).append((value.position, value.end))
            case Read(place=Variable() as place) if self._is_part(path, place):
                text = self._text(self._base(step.module, value), step)
                self.edits.append((path, ReplaceExpression(value.position, value.end, text)))
            case _:
                pass

    def _is_part_of(self, step: Step) -> bool:
        fate = step.transfer.fate
        return (
            isinstance(fate, Stored)
            and isinstance(fate.place, Variable)
            and self._is_part(step.module.path, fate.place)
        )


def first_name(maker: Maker) -> str:
    """The name of boto3 that the call of a session, client or resource reads."""
    return "boto3" if maker.or_default else maker.text.partition("(")[0].partition(".")[0]


def _session_annotation(text: str) -> str:
    """The annotation of a session in the place of `text`, with None where that allows it."""
    quote = text[0] if text[:1] in {"'", '"'} else ""
    inner = text.strip("'\"")
    optional, bracket, _ = inner.partition("Optional[")
    if bracket and optional.rpartition(".")[2] == "":
        session = f"{optional}Optional[boto3.Session]"
    else:
        session = "boto3.Session | None" if "None" in inner else "boto3.Session"
    return f"{quote}{session}{quote}"


def _may_change(role: Role) -> bool:
    """Whether an argument is a list or dict that may be changed before the role is assumed."""
    return any(
        argument.keyword in {"Tags", "PolicyArns", "TransitiveTagKeys", "Policy"}
        and argument.text.isidentifier()
        for argument in role.call.arguments
    )


def _imports_boto3(scopes: Mapping[Position | None, Scoped], transfer: Transfer) -> bool:
    """Whether the function around has an `import boto3` of its own."""
    scoped = scopes.get(transfer.function)
    return scoped is not None and scoped.position is not None and scoped.boto3_import is not None


def _as_receiver(parent: str) -> str:
    """The parent before `.assume_role`, which boto3 has as well once it is patched."""
    text = parent.replace("boto3._get_default_session()", "boto3")
    return f"({text})" if " " in text and not text.endswith(")") else text


def _in_a_branch(step: Step, why: str) -> _Stop:
    return _Stop(
        SkipReason.UNCLEAR_FLOW,
        f"they are given in a branch alone ({step.module.path.name}:{step.transfer.position.line}), and {why}",
    )


def _is_default(step: Step) -> bool:
    """Whether the value is a parameter's default."""
    fate = step.transfer.fate
    return isinstance(fate, Stored) and fate.position == fate.end


def _innermost(value: Value) -> Value:
    while isinstance(value, Entry):
        value = value.of
    return value


def _is_nothing(step: Step) -> bool:
    return isinstance(step.transfer.value, Nothing)
