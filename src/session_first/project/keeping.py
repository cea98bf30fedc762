"""A class in; how its objects can keep the session that their constructor is given, or why that is not certain, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.facts.classes import ANY_ATTRIBUTES, ANY_OBJECT
from session_first.facts.mocks import UNKNOWN
from session_first.model import (
    AddStatementBefore,
    Applicability,
    ClassFacts,
    Constructor,
    Edit,
    Fix,
    FunctionFacts,
    Location,
    ModuleFacts,
    SessionSite,
)
from session_first.project.callgraph import CallGraph, Function
from session_first.project.take_session import (
    Context,
    SessionParameter,
    import_edits,
    inline_use,
    session_parameter,
)

ATTRIBUTES = ("_session", "_boto3_session", "_aws_session")
"""The attributes that may keep a session, best first."""

Family = tuple[tuple[ModuleFacts, ClassFacts], ...]

_HARMLESS_DECORATORS = frozenset(
    {"functools.total_ordering", "typing.final", "typing.runtime_checkable", "typing_extensions.final"}
)
_ABSTRACT = (
    *("Callable", "Collection", "Container", "Iterable", "Iterator", "Mapping", "MutableMapping", "Sequence"),
    "Sized",
)
HARMLESS_BASES = frozenset(
    {
        *("object", "abc.ABC", "typing.Generic"),
        *("Exception", "RuntimeError", "ValueError", "LookupError", "KeyError", "TypeError", "dict", "list"),
        *(f"{module}.{name}" for module in ("collections.abc", "typing") for name in _ABSTRACT),
        *("contextlib.AbstractContextManager", "contextlib.AbstractAsyncContextManager"),
        *("contextlib.ContextDecorator", "concurrent.futures.Executor", "threading.Thread"),
        *("logging.Handler", "logging.StreamHandler", "logging.FileHandler"),
        *("logging.Filter", "logging.Formatter"),
        *("ast.NodeVisitor", "ast.NodeTransformer", "cmd.Cmd", "html.parser.HTMLParser"),
    }
)
"""Bases outside the project whose objects have attributes as usual, and none of these names."""
_HARMLESS_METACLASSES = frozenset({None, "abc.ABCMeta"})
_OF_OBJECTS = frozenset(
    f"__{name}__"
    for name in (
        *(
            "new",
            "slots",
            "setattr",
            "getattribute",
            "getattr",
            "getstate",
            "setstate",
            "reduce",
            "reduce_ex",
        ),
        *("getnewargs", "getnewargs_ex", "copy", "deepcopy", "init_subclass", "del"),
    )
)
"""What decides otherwise than usual what an object has; and `__del__`, which runs for objects whose constructor was never entered."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How a class keeps its session. `constructor` is where its `__init__` stands, `attribute` the name of what keeps it,
    `edits` make that so."""

    constructor: Location
    attribute: str
    parameter: SessionParameter
    edits: tuple[tuple[Path, Edit], ...]


def use_kept(module: ModuleFacts, sites: Sequence[SessionSite], kept: Kept, receiver: str) -> Fix:
    """The fix for sites in a method whose class keeps the session."""
    held = f"{receiver}.{kept.attribute}"
    edits = [
        *kept.edits,
        *((module.path, inline_use(site, held)) for site in sites),
        *((module.path, edit) for edit in import_edits(module, sites)),
    ]
    shown = f"({held} or boto3).{sites[0].api}"
    message = f"keep {kept.parameter.name}=None of the constructor and use {shown}"
    return Fix(Applicability.SAFE, message, tuple(dict.fromkeys(edits)))


class Keeping:
    """Answers for one project."""

    def __init__(self, graph: CallGraph, context: Context) -> None:
        self._graph = graph
        self._context = context
        self._project = context.project
        self._kept: dict[tuple[Path, str], Kept | None] = {}

    def of_method(self, module: ModuleFacts, function: FunctionFacts) -> tuple[Kept, str] | None:
        """How the method's class keeps its session, or the one above that its constructor is of, and how the method calls the
        object; None where the method must take a session itself."""
        name = function.class_name
        cls = next((c for c in module.classes if c.name == name), None)
        last = function.name.rpartition(".")[2]
        if cls is None or last == "__init__":
            return None
        receiver = cls.receivers.get(function.position)
        owner = self._constructing(module, cls)
        kept = self._of_class(*owner) if receiver is not None and owner is not None else None
        return None if kept is None or receiver is None else (kept, receiver)

    def _constructing(self, module: ModuleFacts, cls: ClassFacts) -> tuple[ModuleFacts, ClassFacts] | None:
        """The class whose constructor makes the objects of the class."""
        function = self._graph.constructor(module.path, cls.name)
        if function is None:
            return None
        owner = self._project.by_path[function.path]
        found = next((c for c in owner.classes if c.methods.get("__init__") == function.position), None)
        return (owner, found) if found is not None else None

    def _of_class(self, module: ModuleFacts, cls: ClassFacts) -> Kept | None:
        key = (module.path, cls.name)
        if key not in self._kept:
            self._kept[key] = self._keep(module, cls)
        return self._kept[key]

    def _keep(self, module: ModuleFacts, cls: ClassFacts) -> Kept | None:
        made = cls.constructor
        init = module.functions.get(cls.methods.get("__init__", cls.position))
        if made is None or made.body is None or init is None or module.path not in self._context.writable:
            return None
        if [c.name for c in module.classes].count(cls.name) != 1:
            return None
        family = self._project.class_family(module, cls.name)
        if family is None or not all(self._is_plain(owner, one) for owner, one in family):
            return None
        constructor = self._graph.constructor(module.path, cls.name)
        if constructor is None or constructor.position != init.position or constructor.path != module.path:
            return None
        if not self._always_runs(constructor, module, cls, family) or self._is_inherited_loosely(
            constructor, family
        ):
            return None
        if self._is_dissected(module, family) or self._is_made_otherwise(module, cls):
            return None
        attribute = next((name for name in ATTRIBUTES if self._is_free(name, family)), None)
        parameter = session_parameter(module, init, self._context)
        if attribute is None or not isinstance(parameter, SessionParameter):
            return None
        keep = AddStatementBefore(made.body, f"{made.receiver}.{attribute} = {parameter.name}")
        return Kept(
            Location(module.path, init.position),
            attribute,
            parameter,
            (*parameter.edits, (module.path, keep)),
        )

    def _is_plain(self, module: ModuleFacts, cls: ClassFacts) -> bool:
        """Whether objects of the class are made and have attributes as usual."""
        decorators = {self._project.resolve(decorator.name) for decorator in cls.decorators}
        return (
            decorators <= _HARMLESS_DECORATORS
            and cls.metaclass in _HARMLESS_METACLASSES
            and not cls.names & _OF_OBJECTS
            and all(base in HARMLESS_BASES or self._project.is_class(module, base) for base in cls.bases)
        )

    def _always_runs(
        self, constructor: Function, module: ModuleFacts, cls: ClassFacts, family: Family
    ) -> bool:
        """Whether every class below runs the constructor before it uses its objects."""
        setters = {name for _, one in family for name in one.methods}
        running = {constructor}
        below = self._project.classes_below(module, cls.name)
        waiting = [constructor] if below else []
        while waiting:
            for edge in self._graph.callers(waiting.pop()):
                caller = edge.caller
                if caller is None or caller in running or edge.constructs:
                    continue
                made = self._constructor_at(caller)
                if made is None or made.runs_first != edge.call.position:
                    continue
                if setters.isdisjoint(made.sets_before):
                    running.add(caller)
                    waiting.append(caller)
        return all(self._graph.constructor(owner.path, one.name) in running for owner, one in below)

    def _constructor_at(self, function: Function) -> Constructor | None:
        """The `__init__` that the function is."""
        classes = self._project.by_path[function.path].classes
        return next((c.constructor for c in classes if c.methods.get("__init__") == function.position), None)

    def _is_inherited_loosely(self, constructor: Function, family: Family) -> bool:
        """Whether a class may be below that is not seen to run the constructor."""
        names = {one.name.rpartition(".")[2] for _, one in family}
        loose = frozenset().union(*(other.loose_bases for other in self._project.modules))
        return not names.isdisjoint(loose) or ("*" in loose and bool(self._graph.references(constructor)))

    def _is_free(self, attribute: str, family: Family) -> bool:
        """Whether nothing else has the name in objects of the family."""
        return not any(
            attribute in owner.private_names or attribute in one.names for owner, one in family
        ) and not any(attribute in other.set_attributes for other in self._project.modules)

    def _is_dissected(self, module: ModuleFacts, family: Family) -> bool:
        """Whether something may copy an object, read its attributes as a dict, or make one without the constructor."""
        names = {one.name.rpartition(".")[2] for _, one in family}
        for owner, one in family:
            if f".{one.name}" in owner.dissected:
                return True
        return any(
            ANY_ATTRIBUTES in other.dissected
            or (
                ANY_OBJECT in other.dissected
                and (
                    other is module
                    or not names.isdisjoint(other.read_names)
                    or not names.isdisjoint(other.exports)
                )
            )
            for other in self._project.modules
        )

    def _is_made_otherwise(self, module: ModuleFacts, cls: ClassFacts) -> bool:
        """Whether a test replaces the constructor, or something may call a method with an object of its own."""
        last = cls.name.rpartition(".")[2]
        for other in self._project.modules:
            for replacement in other.replacements:
                head, _, name = replacement.target.rpartition(".")
                if name == "__init__" and head.rpartition(".")[2] in {last, UNKNOWN, ""}:
                    return True
        for owner, one in self._project.class_and_below(module, cls.name):
            for name, position in one.methods.items():
                function = self._graph.function(owner.path, position)
                if function is None or name == "__init__":
                    continue
                if position in one.receivers and (
                    self._graph.is_borrowed(function)
                    or any(not edge.bound for edge in self._graph.callers(function))
                ):
                    return True
        return False
