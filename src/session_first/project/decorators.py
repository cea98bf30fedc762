"""A decorator in, as a file names it; whether calls of the decorated function may pass a keyword more, out."""

from __future__ import annotations

from collections.abc import Sequence

from session_first.facts.decorators import is_named_for_memory, library_memoises, library_passes_keywords
from session_first.model import Definition, ModuleFacts, Wrapper
from session_first.project.definitions import Class, Definitions, Found, Instance
from session_first.project.origins import Origin, Origins


class Decorators:
    """Questions about the decorators of a project; where nothing is known, the answer is no."""

    def __init__(self, modules: Sequence[ModuleFacts], definitions: Definitions | None = None) -> None:
        self._by_path = {module.path: module for module in modules}
        self._wrappers = {
            module.path: {wrapper.name: wrapper for wrapper in module.wrappers} for module in modules
        }
        self._origins = Origins(modules)
        self._definitions = definitions if definitions is not None else Definitions(modules)

    def passes_keywords(self, module: ModuleFacts, decorator: str, keyword: str) -> bool:
        """Whether what the decorator makes of a function calls it, whenever it does, with the `keyword` it is given.

        `decorator` is the name of a `Decorator` of the module. A decorator that remembers results passes none.
        """
        return self._passes(module, decorator, keyword, frozenset())

    def is_memoised(self, module: ModuleFacts, decorator: str) -> bool:
        """Whether what the decorator makes of a function may answer with what an earlier call gave."""
        return self._memoises(module, decorator, frozenset())

    def passing(self, module: ModuleFacts, definition: Definition, keyword: str) -> bool:
        """Whether all decorators of a function pass the `keyword` on to it."""
        return all(self.passes_keywords(module, d.name, keyword) for d in definition.decorators)

    def memoised(self, module: ModuleFacts, definition: Definition) -> bool:
        """Whether a decorator of the function remembers results."""
        return any(self.is_memoised(module, d.name) for d in definition.decorators)

    def _passes(self, module: ModuleFacts, decorator: str, keyword: str, seen: frozenset[Wrapper]) -> bool:
        origin = self._origin(module, decorator)
        if origin.module is None:
            return library_passes_keywords(origin.name)
        wrapper, owner = self._wrapper(origin)
        if wrapper is None or owner is None or wrapper.memoises or keyword in wrapper.keywords:
            return False
        return wrapper in seen or all(
            self._passes(owner, name, keyword, seen | {wrapper}) for name in wrapper.through
        )

    def _memoises(self, module: ModuleFacts, decorator: str, seen: frozenset[Wrapper]) -> bool:
        origin = self._origin(module, decorator)
        if origin.module is None:
            return library_memoises(origin.name) or is_named_for_memory(origin.name)
        wrapper, owner = self._wrapper(origin)
        if wrapper is None or owner is None:
            return is_named_for_memory(origin.name)
        return wrapper.memoises or (
            wrapper not in seen
            and any(self._memoises(owner, name, seen | {wrapper}) for name in wrapper.through)
        )

    def _origin(self, module: ModuleFacts, decorator: str) -> Origin:
        origin = self._origins.origin(module, decorator)
        return Origin(origin.module, origin.name.removesuffix("()"))

    def _wrapper(self, origin: Origin) -> tuple[Wrapper | None, ModuleFacts | None]:
        """What the project's own decorator does, and the module that defines it."""
        assert origin.module is not None
        meaning = self._definitions.resolve(origin.module, f".{origin.name}")
        match meaning:
            case Found():
                path, name = meaning.function.path, meaning.function.name
            case Class():
                path, name = meaning.path, meaning.name
            case Instance():
                path, name = meaning.of.path, meaning.of.name
            case _:
                return None, None
        return self._wrappers[path].get(name), self._by_path[path]
