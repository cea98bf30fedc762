"""A function, variable or attribute of the project in; what reaches it by strings, or with all of its module or object, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from session_first.facts.patterns import ANY, matches
from session_first.facts.reflection import UNKNOWN_OBJECT
from session_first.model import ModuleFacts, Position, Reference, Reflection
from session_first.project.callgraph import CallGraph, Function
from session_first.project.context import Project, same_module

Place = tuple[Path, Position]
Family = tuple[Path, str]
"""The class that stands for all that are related to it."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Answers for one project: the first place that reaches what is asked for, None if nothing does."""

    project: Project
    graph: CallGraph

    def attribute(self, family: Family, name: str) -> Place | None:
        """What reaches an attribute of the objects of a class; not what sets attributes whose names are not known."""
        return next(self._of_attribute(family, name, by_chance=False), None)

    def attribute_by_chance(self, family: Family, name: str) -> Place | None:
        """What sets attributes whose names are not known, and may set this one."""
        return next(self._of_attribute(family, name, by_chance=True), None)

    def _of_attribute(self, family: Family, name: str, *, by_chance: bool) -> Iterator[Place]:
        for module, reflection in self._reflections(name):
            is_chance = reflection.sets and reflection.name.endswith(ANY)
            if is_chance == by_chance and self._is_of_family(module, reflection, family):
                yield module.path, reflection.position

    def variable(self, module: ModuleFacts, name: str) -> Place | None:
        """What reaches a module's variable."""
        return self.variable_by_string(module, name) or next(self._through_module(module, name), None)

    def variable_by_string(self, module: ModuleFacts, name: str) -> Place | None:
        """What reaches it by a string."""
        for other, reflection in self._reflections(name):
            if self._is_of_module(reflection, module):
                return other.path, reflection.position
        return None

    def function(self, function: Function) -> Place | None:
        """What reaches a function or method, other than by what the call graph knows."""
        module = self.project.by_path[function.path]
        class_name = self.graph.definition(function).class_name
        if class_name is None:
            return self.variable(module, function.last_name)
        return self.attribute(self.project.top_class(module, class_name), function.last_name)

    # --- Strings --------------------------------------------------------------------------------

    def _reflections(self, name: str) -> Iterator[tuple[ModuleFacts, Reflection]]:
        for module in self.project.modules:
            for reflection in module.reflections:
                if matches(reflection.name, name):
                    yield module, reflection

    def _is_of_family(self, module: ModuleFacts, reflection: Reflection, family: Family) -> bool:
        if reflection.owner.startswith("."):
            return self.project.top_class(module, reflection.owner[1:]) == family
        if reflection.owner == UNKNOWN_OBJECT and not reflection.name.endswith(ANY):
            return True
        names = {
            cls.name.rpartition(".")[2]: owner
            for owner in self.project.modules
            for cls in owner.classes
            if self.project.top_class(owner, cls.name) == family
        }
        if reflection.owner == UNKNOWN_OBJECT:  # one of its objects, where its class is known
            return module in names.values() or not names.keys().isdisjoint(
                {*module.read_names, *module.attributes}
            )
        return self.project.resolve(reflection.owner).rpartition(".")[2] in names

    def _is_of_module(self, reflection: Reflection, module: ModuleFacts) -> bool:
        if reflection.owner == UNKNOWN_OBJECT:
            return not reflection.name.endswith(ANY) or self._is_handled(module)
        return same_module(self.project.resolve(reflection.owner), module.module, "")

    # --- Modules that are kept in variables -----------------------------------------------------

    def _through_module(self, module: ModuleFacts, name: str) -> Iterator[Place]:
        """`c = module; c.name`, `importlib.import_module("module").name()`."""
        is_handled = self._is_handled(module)
        for other in self.project.modules:
            for reference in other.references:
                head, _, last = reference.name.rpartition(".")
                if last != name or reference.receiver_class is not None:
                    continue
                is_its = _is_plain(reference) and other is not module and self._is(head, module)
                if is_its or (is_handled and _is_open(reference.name, reference.certain)):
                    yield other.path, reference.position
            for call in other.calls if is_handled else ():
                last = call.callee.rpartition(".")[2]
                if last == name and call.receiver_class is None and _is_open(call.callee, call.certain):
                    yield other.path, call.position

    def _is_handled(self, module: ModuleFacts) -> bool:
        """Whether the module is kept as a value, or loaded by its name."""
        return any(
            any(_may_load(pattern, module.module) for pattern in other.loads)
            or any(reference.certain and self._is(reference.name, module) for reference in other.references)
            for other in self.project.modules
        )

    def _is(self, dotted: str, module: ModuleFacts) -> bool:
        is_alike = dotted.rpartition(".")[2] == module.module.rpartition(".")[2]
        return is_alike and same_module(self.project.resolve(dotted), module.module, "")


def _is_plain(reference: Reference) -> bool:
    """Whether it is `module.name`, or `c.name` of a `c` that is certainly a module."""
    return reference.certain and not reference.name.startswith(".") and "()" not in reference.name


def _is_open(name: str, certain: bool) -> bool:
    """Whether what stands before the last dot may be a module that is kept as a value."""
    return not certain or "()" in name


def _may_load(pattern: str, module: str) -> bool:
    known = pattern.removesuffix(ANY)
    return f".{known}" in f".{module}" if pattern.endswith(ANY) else f".{module}".endswith(f".{known}")
