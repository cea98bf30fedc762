"""A constructor or a method in; the methods or constructors of the same objects, which should work with one identity, out."""

from __future__ import annotations

from session_first.model import ClassFacts, FunctionFacts, Location, ModuleFacts, Skip, SkipReason
from session_first.project.callgraph import CallGraph
from session_first.project.context import Project

_STATIC = frozenset({"staticmethod", "classmethod"})


class Identities:
    """Answers for one project.

    An object whose class cannot keep a session has two ways to get one: its constructor, and each of its methods. Where both
    took one, `Store(session=s).load()` would use `s` for the one half and the default session for the other.
    """

    def __init__(self, project: Project, graph: CallGraph) -> None:
        self._project = project
        self._graph = graph
        self._methods: dict[Location, frozenset[Location]] = {}

    def is_of_objects(self, function: FunctionFacts) -> bool:
        """Whether it is a method that objects have, other than the constructor."""
        return (
            function.class_name is not None
            and not is_constructor(function)
            and not any(decorator.name in _STATIC for decorator in function.decorators)
        )

    def methods(self, module: ModuleFacts, constructor: FunctionFacts) -> frozenset[Location]:
        """The methods of the objects that the constructor makes, inherited ones included."""
        place = Location(module.path, constructor.position)
        if place not in self._methods:
            self._methods[place] = frozenset(
                Location(owner.path, method.position)
                for maker, made in self._project.class_and_below(module, constructor.class_name or "")
                if self._constructor(maker, made) == place
                for owner, cls in self._project.class_and_above(maker, made.name)
                for method in owner.functions.values()
                if method.class_name == cls.name and self.is_of_objects(method)
            )
        return self._methods[place]

    def constructors(self, module: ModuleFacts, method: FunctionFacts) -> frozenset[Location]:
        """The constructors in the project of objects that have the method."""
        if not self.is_of_objects(method):
            return frozenset()
        below = self._project.class_and_below(module, method.class_name or "")
        found = (self._constructor(owner, cls) for owner, cls in below)
        return frozenset(place for place in found if place is not None)

    def _constructor(self, module: ModuleFacts, cls: ClassFacts) -> Location | None:
        function = self._graph.constructor(module.path, cls.name)
        return Location(function.path, function.position) if function is not None else None


def is_constructor(function: FunctionFacts) -> bool:
    """Whether it is the `__init__` of a class."""
    return function.class_name is not None and function.name.rpartition(".")[2] == "__init__"


def split(cls: str | None, other: str) -> Skip:
    """Why one of the two does not take a session."""
    return Skip(
        SkipReason.SPLIT_IDENTITY,
        f"{cls} cannot keep a session, and {other} has none of the constructor's: an object that is given one would"
        " work with two identities",
    )
