"""The facts of all files in; which functions of the project a test replaces, fakes or asserts calls of, and where, out.

A patch is followed as Python would: `app.api.upload` is the function that `app/api.py` imported. What a target does
not tell counts: `*.upload` is everything called upload.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from session_first.facts.mocks import UNKNOWN
from session_first.model import Definition, FunctionFacts, ModuleFacts, ParameterKind
from session_first.project.context import Project
from session_first.project.modules import Doubtful, Modules

Where = tuple[ModuleFacts, int]
"""A file and a line of it."""

_DEPTH = 8


@dataclass(frozen=True, slots=True)
class _Whole:
    """The module of the file, and all below it."""

    path: Path


@dataclass(frozen=True, slots=True)
class _Named:
    """A function or class of the file, or (`Class.method`) a method, inherited ones too."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class _Anything:
    """Everything called `name`; None: everything."""

    name: str | None


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Nothing of the project."""


_Denoted = _Whole | _Named | _Anything | _Elsewhere
_ELSEWHERE = _Elsewhere()


class Replaced:
    """What the tests of a project replace; built once for all questions."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._modules = Modules(project.modules)
        self._classes = {m.path: frozenset(cls.name for cls in m.classes) for m in project.modules}
        self._functions = {
            m.path: frozenset(f.name for f in m.functions.values() if not f.is_lambda)
            for m in project.modules
        }

    def replaced(self, module: ModuleFacts, function: FunctionFacts) -> Where | None:
        """Where the function is replaced by any name under which the project calls it, faked, or asserted to be
        called with certain arguments; None where no test would see a further argument.

        A class that is replaced replaces its methods, and those it inherits; a module all its functions. A mock
        that is handed in is known by the name of what is asserted of it alone, a class of a test that stands in
        for another by that of its method.
        """
        last = function.name.rpartition(".")[2]
        places = [
            self._denoted.get(_Anything(None)),
            *(where for whole, where in self._wholes if _is_below(module, whole)),
            *(self._denoted.get(denoted) for denoted in self._names_of(module, function)),
        ]
        if not last.startswith("__"):
            places.append(self._asserted.get(last))
            if function.class_name is not None:
                places.append(self._stand_ins.get(last))
        return next((where for where in places if where is not None), None)

    def _names_of(self, module: ModuleFacts, function: FunctionFacts) -> Iterator[_Denoted]:
        """What may be denoted that is, or holds, the function."""
        yield from _prefixes(module.path, function.name)
        last = function.name.rpartition(".")[2]
        yield _Anything(last)
        if function.class_name is None:
            return
        yield _Anything(function.class_name.rpartition(".")[2])
        for owner, cls in self._project.class_and_below(module, function.class_name):
            if cls.name == function.class_name and owner is module:
                continue
            if last not in cls.methods:
                yield from _prefixes(owner.path, f"{cls.name}.{last}")
                yield _Anything(cls.name.rpartition(".")[2])

    @cached_property
    def _methods_of_tests(self) -> dict[Path, frozenset[str]]:
        return {m.path: frozenset(d.name for d in m.definitions) for m in self._project.modules if m.is_test}

    # --- What the tests say ---------------------------------------------------------------------

    @cached_property
    def _denoted(self) -> dict[_Denoted, Where]:
        found: dict[_Denoted, Where] = {}
        for module in self._project.modules:
            for replacement in module.replacements:
                for denoted in self._meant(module, replacement.target):
                    found.setdefault(denoted, (module, replacement.position.line))
        return found

    @cached_property
    def _wholes(self) -> tuple[tuple[_Whole, Where], ...]:
        return tuple((d, where) for d, where in self._denoted.items() if isinstance(d, _Whole))

    @cached_property
    def _asserted(self) -> dict[str, Where]:
        found: dict[str, Where] = {}
        for module in self._project.modules:
            for name, line in module.asserted_calls.items():
                found.setdefault(name, (module, line))
        return found

    @cached_property
    def _stand_ins(self) -> dict[str, Where]:
        """The methods of the tests' own classes that would fail on a further keyword, and what stands for such."""
        found: dict[str, Where] = {}
        for module in self._project.modules:
            if not module.is_test:
                continue
            for name, line in module.stand_ins.items():
                found.setdefault(name, (module, line))
            classes_of_tests = frozenset(_classes_of_tests(module.definitions))
            for definition in module.definitions:
                if self._is_fake(module, definition, classes_of_tests):
                    name = definition.name.rpartition(".")[2]
                    found.setdefault(name, (module, definition.position.line))
        return found

    def _is_fake(self, module: ModuleFacts, method: Definition, classes_of_tests: frozenset[str]) -> bool:
        """Whether the method may take another's place by its name alone: not one of a class of tests, nor of
        a subclass of a class of the project, whose family is known."""
        return (
            method.class_name is not None
            and method.class_name not in classes_of_tests
            and not any(p.kind is ParameterKind.VAR_KEYWORD for p in method.parameters)
            and not self._project.has_base(module, method.class_name)
        )

    # --- What a target means --------------------------------------------------------------------

    def _meant(self, importer: ModuleFacts, target: str) -> Iterator[_Denoted]:
        parts = target.split(".")
        if UNKNOWN not in parts:
            yield from self._resolved(importer, parts, _DEPTH)
            return
        head = parts[: parts.index(UNKNOWN)]
        tail = parts[len(parts) - parts[::-1].index(UNKNOWN) :]
        if not head:
            yield from self._somewhere(tail)
            return
        for denoted in self._resolved(importer, head, _DEPTH):
            if isinstance(denoted, _Elsewhere):
                continue
            if tail:
                yield _Anything(tail[-1])
            elif isinstance(denoted, _Whole):
                yield denoted
                yield from self._exported(denoted)
            else:
                yield denoted

    def _somewhere(self, tail: list[str]) -> Iterator[_Denoted]:
        """`*.jobs.upload`: `upload` of whatever can be called `jobs`."""
        if len(tail) < 2:
            yield _Anything(tail[0] if tail else None)
            for module in self._project.modules if tail else ():
                if tail[0] in module.exports:
                    yield from self._in_module(module, tail, _DEPTH)
            return
        found: set[_Denoted] = set()
        for module in self._project.modules:
            own = _parts(module)
            for cut in range(len(tail)):
                if cut == 0 or own[-cut:] == tail[:cut]:
                    known = cut > 0 or self._binds(module, tail[0].removesuffix("()"))
                    found.update(self._in_module(module, tail[cut:], _DEPTH) if known else ())
        yield from found or {_Anything(tail[-1])}

    def _binds(self, module: ModuleFacts, name: str) -> bool:
        return (
            name in module.exports
            or name in module.plain_imports
            or name in self._classes[module.path]
            or name in self._functions[module.path]
        )

    def _exported(self, whole: _Whole) -> Iterator[_Denoted]:
        """What a module imports that some name of it may stand for."""
        module = self._project.by_path[whole.path]
        for name in module.exports:
            yield from self._in_module(module, [name], _DEPTH)

    def _resolved(self, importer: ModuleFacts, parts: list[str], depth: int) -> Iterator[_Denoted]:
        """What the dotted name means in the file `importer`."""
        if depth <= 0:
            yield _Anything(parts[-1].removesuffix("()"))
            return
        longest = next((i for i, part in enumerate(parts) if part.endswith("()")), len(parts))
        for cut in range(longest, 0, -1):
            options = self._found(".".join(parts[:cut]), importer)
            is_sure = isinstance(self._modules.find(".".join(parts[:cut]), importer), ModuleFacts)
            for option in options:
                # One that Python need not find counts where it knows the name.
                if (
                    is_sure
                    or option.star_imports
                    or (cut > 1 if cut == len(parts) else self._binds(option, parts[cut].removesuffix("()")))
                ):
                    yield from self._in_module(option, parts[cut:], depth)
            if options:
                yield from self._hiding(importer, parts, cut, options, depth)
                return
        yield _ELSEWHERE

    def _hiding(
        self,
        importer: ModuleFacts,
        parts: list[str],
        cut: int,
        hidden: tuple[ModuleFacts, ...],
        depth: int,
    ) -> Iterator[_Denoted]:
        """What the package binds the name of its module to (`from .upload import upload`)."""
        for package in self._found(".".join(parts[: cut - 1]), importer) if cut > 1 else ():
            meaning = package.exports.get(parts[cut - 1])
            if meaning is not None and self._found(meaning, package) != hidden:
                yield from self._in_module(package, parts[cut - 1 :], depth - 1)

    def _found(self, dotted: str, importer: ModuleFacts) -> tuple[ModuleFacts, ...]:
        found = self._modules.find(dotted, importer)
        if isinstance(found, Doubtful):
            return found.candidates
        return () if found is None else (found,)

    def _in_module(self, module: ModuleFacts, rest: list[str], depth: int) -> Iterator[_Denoted]:
        """What `rest` means as names of the module."""
        if depth <= 0:
            yield _Anything(rest[-1].removesuffix("()") if rest else None)
            return
        if not rest:
            yield _Whole(module.path)
            return
        if module.is_test and ".".join(rest).replace("()", "") in self._methods_of_tests[module.path]:
            yield _ELSEWHERE
            return
        name, called = rest[0].removesuffix("()"), rest[0].endswith("()")
        found: list[_Denoted] = []
        if name in self._classes[module.path]:
            found.extend(self._in_class(module, name, rest[1:]))
        if name in self._functions[module.path]:
            if len(rest) == 1 and not called:
                found.append(_Named(module.path, name))
            else:
                found.append(_Anything(rest[-1]) if called and len(rest) > 1 else _ELSEWHERE)
        meaning = name if name in module.plain_imports else module.exports.get(name)
        if meaning is not None:
            parts = [*(f"{meaning}()" if called else meaning).removeprefix(".").split("."), *rest[1:]]
            if meaning.startswith("."):
                found.extend(self._in_module(module, parts, depth - 1))
            else:
                found.extend(self._resolved(module, parts, depth - 1))
        if not found:
            for star in module.star_imports:
                for option in self._found(star, module):
                    if option is not module and self._binds(option, name):
                        found.extend(self._in_module(option, rest, depth - 1))
        if f".{name}" in module.rebound or (not found and len(rest) > 1):
            found.append(_Anything(rest[-1]))  # of an object that nobody knows
        yield from found

    def _in_class(self, module: ModuleFacts, name: str, rest: list[str]) -> Iterator[_Denoted]:
        if not rest:
            yield _Named(module.path, name)
        elif f"{name}.{rest[0].removesuffix('()')}" in self._classes[module.path]:
            yield from self._in_class(module, f"{name}.{rest[0].removesuffix('()')}", rest[1:])
        elif len(rest) == 1:
            yield _Named(module.path, f"{name}.{rest[0]}")
        else:
            yield _Anything(rest[-1])


def _prefixes(path: Path, name: str) -> Iterator[_Named]:
    """The function itself, and the classes that hold it."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        yield _Named(path, ".".join(parts[:cut]))


def _is_below(module: ModuleFacts, whole: _Whole) -> bool:
    return module.path == whole.path or (
        whole.path.name == "__init__.py" and whole.path.parent in module.path.parents
    )


def _parts(module: ModuleFacts) -> list[str]:
    """The folders and the file as parts of a dotted name."""
    parts = module.path.with_suffix("").parts
    return list(parts[:-1] if parts[-1] == "__init__" else parts)


def _classes_of_tests(definitions: Iterable[Definition]) -> Iterator[str]:
    for definition in definitions:
        if definition.class_name is not None:
            of = definition.class_name.rpartition(".")[2]
            method = definition.name.rpartition(".")[2]
            if (
                of.startswith("Test")
                or of.endswith(("Test", "Tests", "TestCase"))
                or method.startswith("test")
            ):
                yield definition.class_name
