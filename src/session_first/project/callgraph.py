"""The facts of all files in; which function of the project each call runs, or why that cannot be told, out."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.model import (
    CallSite,
    Definition,
    Doubt,
    InstanceOf,
    ModuleFacts,
    ParameterKind,
    Position,
    Reference,
)
from session_first.project.definitions import (
    Class,
    Definitions,
    Found,
    Function,
    Instance,
    Meaning,
    Unknown,
    UnresolvedReason,
)

__all__ = ["CallGraph", "Edge", "Function", "Unresolved", "UnresolvedReason", "build"]

Place = tuple[Path, Position]

_REASONS: Mapping[Doubt, UnresolvedReason] = {
    "variable": UnresolvedReason.VARIABLE,
    "several": UnresolvedReason.SEVERAL_DEFINITIONS,
    "receiver": UnresolvedReason.UNKNOWN_RECEIVER,
    "result": UnresolvedReason.RESULT,
    "star": UnresolvedReason.STAR_IMPORTS,
}
_NOT_BY_NAME = frozenset(
    {UnresolvedReason.EXTERNAL, UnresolvedReason.EXTERNAL_BASE, UnresolvedReason.NO_INIT}
)
"""Where nothing of the project is called, whatever it is called."""

_TRANSPARENT = frozenset(
    {
        "abc.abstractmethod",
        "classmethod",
        "contextlib.asynccontextmanager",
        "contextlib.contextmanager",
        "functools.cache",
        "functools.lru_cache",
        "functools.wraps",
        "staticmethod",
        "typing.final",
        "typing.override",
        "typing_extensions.override",
    }
)
"""Decorators that run the function when it is called, and catch nothing."""

_LAMBDA = "<lambda>"


@dataclass(frozen=True, slots=True)
class Edge:
    """A call with its one certain target.

    `caller` is None at module level; `path` is the file of the call. `constructs`: the call is `Class(...)`
    and the target its `__init__`. `bound`: the target's first parameter is the object that is made, or
    what stands before the dot.
    """

    caller: Function | None
    path: Path
    call: CallSite
    target: Function
    constructs: bool
    bound: bool


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A call without a certain target; `candidates` are its targets as far as they can be narrowed down."""

    path: Path
    call: CallSite
    reason: UnresolvedReason
    candidates: tuple[Function, ...] = ()


def build(modules: Sequence[ModuleFacts]) -> CallGraph:
    """The call graph of a project; nothing of its code is imported or run."""
    definitions = Definitions(modules)
    targets = _Targets(definitions)
    mentions = _Mentions(definitions)
    edges: list[Edge] = []
    unresolved: list[Unresolved] = []
    for module in modules:
        for call in module.calls:
            meaning = targets.meaning(module, call)
            mentions.on_the_way(module, call, meaning)
            resolved = targets.resolved(module, call, meaning)
            if isinstance(resolved, Edge):
                edges.append(resolved)
            else:
                unresolved.append(resolved)
        for reference in module.references:
            mentions.add(module, reference)
        for definition in module.definitions:
            mentions.add_decorated(module, definition)
    functions = tuple(
        Function(module.path, definition.position, definition.name, module.module)
        for module in modules
        for definition in module.definitions
    )
    return CallGraph(definitions, functions, tuple(edges), tuple(unresolved), mentions)


class CallGraph:
    """The functions of a project and the calls among them, in the order of files and text."""

    def __init__(
        self,
        definitions: Definitions,
        functions: tuple[Function, ...],
        edges: tuple[Edge, ...],
        unresolved: tuple[Unresolved, ...],
        mentions: _Mentions,
    ) -> None:
        self.functions = functions
        self.edges = edges
        self.unresolved = unresolved
        self.definitions = definitions
        self._targets = _Targets(definitions)
        self._mentions = mentions
        self._by_last_name: dict[str, list[Function]] = {}
        for function in functions:
            self._by_last_name.setdefault(function.last_name, []).append(function)
        self._incoming: dict[Function, list[Edge]] = {}
        self._at: dict[tuple[Path, Position, Position], Edge | None] = {}
        for edge in edges:
            self._incoming.setdefault(edge.target, []).append(edge)
            place = (edge.path, edge.call.position, edge.call.end)
            self._at[place] = None if place in self._at else edge  # two at one place: in an f-string
        self._may_reach: dict[Function, list[Unresolved]] = {}
        self._may_reach_by_name: dict[str, list[Unresolved]] = {}
        for item in unresolved:
            for target in item.candidates:
                self._may_reach.setdefault(target, []).append(item)
            if _is_by_name(item):
                self._may_reach_by_name.setdefault(_last_name(item.call.callee), []).append(item)
        self._caught: dict[Function, bool] = {}

    def function(self, path: Path, position: Position) -> Function | None:
        """The function whose `def` or `lambda` stands there."""
        return self.definitions.function(path, position)

    def constructor(self, path: Path, name: str) -> Function | None:
        """The `__init__` that certainly runs where an object of the class is made."""
        made = self.definitions.method(Class(path, name), "__init__")
        return made.function if isinstance(made, Found) else None

    def definition(self, function: Function) -> Definition:
        """What its file says of it."""
        return self.definitions.definition(function)

    def edge(self, path: Path, position: Position, end: Position) -> Edge | None:
        """The call that stands there, if its target is certain."""
        return self._at.get((path, position, end))

    def target(self, path: Path, position: Position, end: Position) -> Function | None:
        """The function that the call there certainly runs."""
        edge = self.edge(path, position, end)
        return edge.target if edge is not None else None

    def run_by(self, module: ModuleFacts, call: CallSite) -> Function | None:
        """The function that a call certainly runs which somebody else makes for the module, with what it hands over."""
        lambda_ = self.function(module.path, call.position)
        if lambda_ is not None:
            return lambda_
        resolved = self._targets.resolved(module, call, self._targets.meaning(module, call))
        return resolved.target if isinstance(resolved, Edge) else None

    def callers(self, function: Function) -> tuple[Edge, ...]:
        """The calls that certainly run it."""
        return tuple(self._incoming.get(function, ()))

    def uncertain_callers(self, function: Function) -> tuple[Unresolved, ...]:
        """The calls that may run it: it is among the candidates, or nothing but its name is known of the callee."""
        by_name = self._may_reach_by_name.get(function.last_name, ())
        return (*self._may_reach.get(function, ()), *by_name)

    def possible_targets(self, unresolved: Unresolved) -> tuple[Function, ...]:
        """The functions of the project that the call may run."""
        if not _is_by_name(unresolved):
            return unresolved.candidates
        return tuple(self._by_last_name.get(_last_name(unresolved.call.callee), ()))

    def parameter(self, path: Path, position: Position, end: Position, argument: int | str) -> str | None:
        """The parameter that an argument of the call there certainly fills; see `parameter_of`."""
        edge = self.edge(path, position, end)
        return self.parameter_of(edge, argument) if edge is not None else None

    def parameter_of(self, edge: Edge, argument: int | str) -> str | None:
        """The parameter of the target that an argument fills, given by its place in the call's arguments or its keyword.

        None where it lands in `*args` or `**kwargs`, or where a star before it, or of its own, leaves that open.
        """
        if isinstance(argument, int):
            given = edge.call.arguments[argument]
            if given.keyword is None:
                before = edge.call.arguments[: argument + 1]
                return None if any(a.starred for a in before) else self._positional(edge, argument)
            argument = given.keyword
        kinds = {p.name: p.kind for p in self.definition(edge.target).parameters}
        named = kinds.get(argument) in {ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY}
        return argument if named else None

    def _positional(self, edge: Edge, number: int) -> str | None:
        positional = [
            p.name
            for p in self.definition(edge.target).parameters
            if p.kind in {ParameterKind.POSITIONAL, ParameterKind.POSITIONAL_ONLY}
        ]
        number += edge.bound
        return positional[number] if number < len(positional) else None

    def fills(self, edge: Edge, parameter: str) -> bool:
        """Whether an argument of the call certainly is the parameter's value."""
        return any(self.parameter_of(edge, number) == parameter for number in range(len(edge.call.arguments)))

    def references(self, function: Function) -> tuple[Place, ...]:
        """Where the function is mentioned other than to call it, or something of its name and unknown origin is."""
        return self._mentions.of(function)

    def is_borrowed(self, function: Function) -> bool:
        """Whether the method is mentioned as one of its class, and may be run with any object (`map(Class.method, …)`)."""
        return self._mentions.is_borrowed(function)

    def unseen_use(
        self, function: Function, known: Container[tuple[Path, Position]] = ()
    ) -> tuple[Path, Position, str] | None:
        """A place from which it may be called in a way that cannot be followed, with a verb that says how; `known` are
        the places of calls that are known to be of something else."""
        for path, position in self.references(function):
            decorated = path == function.path and position == function.position
            return path, position, "decorates" if decorated and function.last_name != _LAMBDA else "mentions"
        for unresolved in self.uncertain_callers(function):
            is_method = self.definition(function).class_name is not None
            if not is_method and unresolved.call.doubt == "receiver":
                continue  # a method of some object; the function is of a module
            if (unresolved.path, unresolved.call.position) not in known:
                return unresolved.path, unresolved.call.position, "may call"
        return None

    def may_be_caught(self, function: Function) -> bool:
        """Whether an exception that leaves the function may be caught by a caller, near or far.

        A function that is handed over may be called from anywhere, and so may one that Python calls by itself.
        """
        if function not in self._caught:
            self._caught[function] = self._reaches_handler(function)
        return self._caught[function]

    def _reaches_handler(self, start: Function) -> bool:
        seen = {start}
        waiting = [start]
        while waiting:
            function = waiting.pop()
            if _is_special(function.last_name) or self.references(function):
                return True
            deferred = self.definition(function).deferred
            for caller, call in self._calls_of(function):
                if call.caught or (deferred and not call.awaited):
                    return True
                if caller is not None and caller not in seen:
                    seen.add(caller)
                    waiting.append(caller)
        return False

    def _calls_of(self, function: Function) -> Iterator[tuple[Function | None, CallSite]]:
        for edge in self.callers(function):
            yield edge.caller, edge.call
        for unresolved in self.uncertain_callers(function):
            position = unresolved.call.caller
            yield self.function(unresolved.path, position) if position is not None else None, unresolved.call


class _Targets:
    """Finds what calls call."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def meaning(self, module: ModuleFacts, call: CallSite) -> Meaning:
        """What stands before the parentheses."""
        if call.certain:
            return self._definitions.imported(module, call.callee)
        if call.doubt == "star":
            return self._definitions.loose(module, call.callee)
        if call.instance is not None:
            return self._of_instance(module, call, call.instance)
        if call.doubt is not None:
            return Unknown(_REASONS[call.doubt])
        owner = call.receiver_class
        cls = self._definitions.class_(module, owner) if owner is not None else None
        if cls is None:
            return Unknown(UnresolvedReason.UNKNOWN_RECEIVER)
        name = _last_name(call.callee) if "." in call.callee else "__class__"
        if name == "__class__":  # cls(), type(self)(), self.__class__()
            made = self._definitions.method_of_any(cls, "__init__")
            return cls if isinstance(made, Found) else made
        if call.through == "super":
            return self._definitions.method_above(cls, name)
        return self._definitions.method_of_any(cls, name, of_class=call.through == "cls")

    def _of_instance(self, module: ModuleFacts, call: CallSite, instance: InstanceOf) -> Meaning:
        """The method of an object whose class is told by an annotation, or by what made it."""
        cls = self._definitions.resolve(module, instance.name)
        unknown = Unknown(UnresolvedReason.UNKNOWN_RECEIVER)
        if not isinstance(cls, Class) or (self._definitions.is_protocol(cls) and not instance.exact):
            return unknown
        if instance.attribute is not None and instance.owner is not None:
            owner = self._definitions.class_(module, instance.owner)
            if owner is None or self._definitions.is_set_elsewhere(owner, instance.attribute):
                return unknown
        name = _last_name(call.callee)
        if instance.exact:
            return self._definitions.method(cls, name)
        return self._definitions.method_of_any(cls, name)

    def resolved(self, module: ModuleFacts, call: CallSite, meaning: Meaning) -> Edge | Unresolved:
        """The call with its target, or with the reason why there is none."""
        constructs = isinstance(meaning, Class)
        run = self._run(meaning)
        if isinstance(run, Unknown):
            return Unresolved(module.path, call, run.reason, run.candidates)
        caller = self._definitions.function(module.path, call.caller) if call.caller is not None else None
        return Edge(caller, module.path, call, run.function, constructs, run.bound)

    def _run(self, meaning: Meaning) -> Found | Unknown:
        match meaning:
            case Class():
                return self._constructor(meaning)
            case Instance():
                called = self._definitions.method(meaning.of, "__call__")
                return called if isinstance(called, (Found, Unknown)) else Unknown(UnresolvedReason.RESULT)
            case _:
                return meaning

    def _constructor(self, cls: Class) -> Found | Unknown:
        made = self._definitions.method(cls, "__init__")
        new = self._definitions.method(cls, "__new__")
        if isinstance(made, Found) and isinstance(new, Found):
            return Unknown(UnresolvedReason.SEVERAL_DEFINITIONS, (new.function, made.function))
        if isinstance(made, Found):
            return made
        if isinstance(made, Unknown) and made.candidates:
            return made
        return Unknown(UnresolvedReason.NO_INIT, (new.function,) if isinstance(new, Found) else ())


class _Mentions:
    """Collects where functions are mentioned."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._places: dict[Function, dict[Place, None]] = {}
        self._by_name: dict[str, dict[Place, None]] = {}
        self._borrowed: set[Function] = set()

    def is_borrowed(self, function: Function) -> bool:
        """Whether the method is mentioned as one of its class, outside the body of that."""
        return function in self._borrowed

    def of(self, function: Function) -> tuple[Place, ...]:
        """The places, those that are certain first."""
        exact = self._places.get(function, {})
        return tuple({**exact, **self._by_name.get(function.last_name, {})})

    def add(self, module: ModuleFacts, reference: Reference) -> None:
        """Notes what the reference may mean."""
        place = (module.path, reference.position)
        last = _last_name(reference.name)
        if not reference.certain and reference.receiver_class is None:
            self._by_name.setdefault(last, {})[place] = None
            return
        meaning = self._meaning(module, reference, last)
        if isinstance(meaning, Class):
            meaning = self._definitions.method(meaning, "__init__")
        if not reference.plain:
            self._note_borrowed(reference.name, meaning, certain=reference.certain)
        if isinstance(meaning, Found):
            self._places.setdefault(meaning.function, {})[place] = None
        elif isinstance(meaning, Unknown):
            for function in (*meaning.candidates, *self._foreign(module, reference.caller, meaning)):
                self._places.setdefault(function, {})[place] = None
            is_open = not meaning.candidates and not meaning.mentioned and meaning.reason not in _NOT_BY_NAME
            if is_open and meaning.reason is not UnresolvedReason.VARIABLE:
                self._by_name.setdefault(last, {})[place] = None

    def _meaning(self, module: ModuleFacts, reference: Reference, last: str) -> Meaning:
        if reference.receiver_class is not None:
            cls = self._definitions.class_(module, reference.receiver_class)
            if cls is None:
                return Unknown(UnresolvedReason.UNKNOWN_RECEIVER)
            return self._definitions.method_of_any(cls, last)
        meaning = self._definitions.resolve(module, reference.name)
        is_loose = isinstance(meaning, Unknown) and meaning.reason is UnresolvedReason.EXTERNAL
        if is_loose and module.star_imports and not reference.name.startswith("."):
            return self._definitions.loose(module, reference.name)
        return meaning

    def on_the_way(self, module: ModuleFacts, call: CallSite, meaning: Meaning) -> None:
        """Notes the functions whose attributes are called (`task.delay()`), and properties that are read."""
        if isinstance(meaning, Unknown):
            self._note_borrowed(call.callee, meaning, certain=call.certain)
            for function in self._foreign(module, call.caller, meaning):
                self._places.setdefault(function, {})[module.path, call.position] = None

    def _note_borrowed(self, name: str, meaning: Meaning, *, certain: bool) -> None:
        if certain and "()" not in name:  # which an object would be
            match meaning:
                case Found(function=function):
                    self._borrowed.add(function)
                case Unknown(mentioned=functions):
                    self._borrowed.update(functions)
                case _:
                    pass

    def _foreign(self, module: ModuleFacts, caller: Position | None, meaning: Unknown) -> Iterator[Function]:
        """What is mentioned, without the function around: `f.Local` in `f` is a class of its own."""
        around = self._definitions.function(module.path, caller) if caller is not None else None
        for function in meaning.mentioned:
            inside = around is not None and f"{around.name}.".startswith(f"{function.name}.")
            if not (inside and function.path == module.path):
                yield function

    def add_decorated(self, module: ModuleFacts, definition: Definition) -> None:
        """Notes a function that is handed to a decorator, and a lambda, which is handed to whatever it stands in."""
        handed = any(decorator.name not in _TRANSPARENT for decorator in definition.decorators)
        if handed or definition.name.endswith(_LAMBDA):
            function = Function(module.path, definition.position, definition.name, module.module)
            self._places.setdefault(function, {})[module.path, definition.position] = None


def _is_by_name(unresolved: Unresolved) -> bool:
    """Whether nothing but the callee's last name says what may be called."""
    return not unresolved.candidates and unresolved.reason not in _NOT_BY_NAME


def _last_name(dotted: str) -> str:
    return dotted.rpartition(".")[2].strip()


def _is_special(name: str) -> bool:
    """`__enter__`, `__getattr__`, …, whose calls are not written as calls; `__init__`'s are."""
    return name.startswith("__") and name.endswith("__") and name != "__init__"
