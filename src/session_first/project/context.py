"""The facts of all files in; what one file cannot tell (re-exports, overrides, tests' patches), out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from session_first.facts.boundaries import (
    exposes_methods,
    included_router,
    includes_routers,
    method_reader,
)
from session_first.facts.hooks import caller
from session_first.facts.mocks import (
    UNKNOWN,
    Boto3Part,
    replaced_parts,
    replaces_default_session,
    replaces_name,
)
from session_first.facts.module import EVERYTHING, UNPACKED
from session_first.model import ClassFacts, FunctionFacts, ModuleFacts
from session_first.project.origins import Origins

_DEPTH = 5


class Project:
    """Questions about all the modules of a project."""

    def __init__(self, modules: Sequence[ModuleFacts]) -> None:
        self.modules = tuple(modules)
        self._tops: dict[tuple[str, str], tuple[str, str]] = {}

    @cached_property
    def _by_name(self) -> dict[str, ModuleFacts]:
        return {module.module: module for module in self.modules}

    @cached_property
    def by_path(self) -> dict[Path, ModuleFacts]:
        """The modules by their files."""
        return {module.path: module for module in self.modules}

    def top_class(self, module: ModuleFacts, name: str) -> tuple[Path, str]:
        """One class, always the same, that stands for all that are related to this one."""
        key = self._class(module, name)
        if key is None:
            return module.path, name
        if key not in self._tops:
            related = {key, *self._ancestors(key)}
            for ancestor in tuple(related):
                related.update(self._descendants(ancestor))
            self._tops[key] = min(related)
        owner, cls = self._classes[self._tops[key]]
        return owner.path, cls.name

    @cached_property
    def mentions_default_session(self) -> bool:
        """Whether code outside tests names `setup_default_session` or `DEFAULT_SESSION`."""
        return any(module.mentions_default_session for module in self.modules if not module.is_test)

    @cached_property
    def replaces_default_session(self) -> bool:
        """Whether something replaces boto3's client or resource, or the module itself."""
        return any(
            replaces_default_session(r.target) or replaces_default_session(self._under_own_name(r.target))
            for module in self.modules
            for r in module.replacements
        )

    def replacing_boto3(self, part: Boto3Part) -> tuple[ModuleFacts, int] | None:
        """The file and line that replace boto3's `client` and `resource`, or what makes or is a session.

        Code that fills a session from the default goes round fakes of the `functions`; a session that is made
        above is a fake, or goes round one, where a test replaces either.
        """
        for facts in self.modules:
            for replacement in facts.replacements:
                targets = (
                    replacement.target,
                    self._under_own_name(replacement.target),
                    self.resolve(replacement.target),
                )
                if any(part in replaced_parts(target) for target in targets):
                    return facts, replacement.position.line
        return None

    def _under_own_name(self, target: str) -> str:
        """`boto3.client` for `app.jobs.b.client` where `app.jobs` has `import boto3 as b`; `*` for any name of a
        module that has boto3 under some name."""
        head, _, last = target.rpartition(".")
        if last == UNKNOWN and (module := self._by_name.get(head)) is not None:
            return UNKNOWN if "boto3" in {*module.exports.values(), *module.plain_imports} else target
        if self.resolve(target) == "boto3":
            return "boto3"
        return f"boto3.{last}" if self.resolve(head) == "boto3" else target

    def replacing(self, module: str, name: str, api: str) -> tuple[ModuleFacts, int] | None:
        """The file and line that replace `name` of `module`, or `boto3.client` in boto3 itself."""
        for facts in self.modules:
            for replacement in facts.replacements:
                in_boto3 = f".{replacement.target}".endswith(f".boto3.{api}")
                if in_boto3 or replaces_name(replacement.target, module, name):
                    return facts, replacement.position.line
        return None

    def resolve(self, dotted: str, depth: int = _DEPTH) -> str:
        """`dotted` with the project's own re-exports followed: `pkg.cli.app.command` → `typer.Typer().command`."""
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            module = self._by_name.get(".".join(parts[:cut]))
            if module is not None:
                called = parts[cut].endswith("()")
                meaning = module.exports.get(parts[cut].removesuffix("()"))
                if meaning is None or depth == 0:
                    return dotted
                if meaning.startswith("."):
                    meaning = f"{module.module}{meaning}"
                head = f"{meaning}()" if called else meaning
                return self.resolve(".".join([head, *parts[cut + 1 :]]), depth - 1)
        return dotted

    def meaning(self, module: ModuleFacts, dotted: str) -> str:
        """What a dotted name that `module` uses means: `fastapi.FastAPI().get` for `app.get`, however it got `app`."""
        origin = self.origins.origin(module, dotted)
        return origin.name if origin.module is None else f"{origin.module.module}.{origin.name}"

    def is_unknown(self, module: ModuleFacts, dotted: str) -> bool:
        """Whether the name is an attribute of an object that something in the project makes, and that no class of it has."""
        origin = self.origins.origin(module, dotted)
        owner, _, last = origin.name.removesuffix("()").rpartition(".")
        return (
            origin.module is not None
            and owner.endswith("()")
            and not any(
                cls.name == owner.removesuffix("()") and last in cls.methods for cls in origin.module.classes
            )
        )

    @cached_property
    def origins(self) -> Origins:
        """Where names come from."""
        return Origins(self.modules)

    def including_router(self, module: ModuleFacts, decorator: str) -> str | None:
        """The framework an object of which takes in the object that decorates (`app.include_router(router)`)."""
        owner, _, method = decorator.rpartition(".")
        callees = self._including.get(self.meaning(module, owner), ()) if owner and self._including else ()
        return next((reader for callee in callees if (reader := included_router(callee, method))), None)

    @cached_property
    def _including(self) -> dict[str, list[str]]:
        """What objects are taken in by, by what they mean."""
        found: dict[str, list[str]] = {}
        for module in self.modules:
            for dotted, callees in module.handed_over.items():
                for callee in sorted(callees):
                    if includes_routers(callee):
                        found.setdefault(self.meaning(module, dotted), []).append(
                            self.meaning(module, callee)
                        )
        return found

    def handed_to(self, module: ModuleFacts, name: str) -> frozenset[str]:
        """What the function or class `name` of `module` is passed to, anywhere in the project."""
        last = name.rpartition(".")[2]
        found: set[str] = set()
        for facts, dotted in self._handed_by_last_name.get(last, ()):
            head = self.resolve(dotted).rpartition(".")[0].replace("()", "")
            if _is_instance(head) or same_module(head, module.module, name):
                found.update(self.meaning(facts, callee) for callee in facts.handed_over[dotted])
        return frozenset(found)

    @cached_property
    def _handed_by_last_name(self) -> dict[str, list[tuple[ModuleFacts, str]]]:
        """What is passed to something, with the module that does it."""
        found: dict[str, list[tuple[ModuleFacts, str]]] = {}
        for facts in self.modules:
            for dotted in facts.handed_over:
                found.setdefault(dotted.rpartition(".")[2], []).append((facts, dotted))
        return found

    def exposing(self, module: ModuleFacts, function: FunctionFacts) -> str | None:
        """What shows the function though it is not handed to it itself: with all of the module
        (`fire.Fire()`), or with all of its class."""
        everything = module.handed_over.get(EVERYTHING, frozenset())
        of_class = (
            self.class_handed_to(module, function.class_name) if function.class_name is not None else ()
        )
        return next((callee for callee in sorted({*everything, *of_class}) if exposes_methods(callee)), None)

    def inherited_reader(self, module: ModuleFacts, function: FunctionFacts) -> str | None:
        """The framework whose base class reads the signature of the method."""
        key = self._class(module, function.class_name) if function.class_name is not None else None
        if key is None:
            return None
        method = function.name.rpartition(".")[2]
        for related in sorted({key, *self._ancestors(key)}):
            owner, cls = self._classes[related]
            for base in cls.bases:
                if (reader := method_reader(self.meaning(owner, base), method)) is not None:
                    return reader
        return None

    def inherited_caller(self, module: ModuleFacts, function: FunctionFacts) -> str | None:
        """The framework whose base class, or that of a class below which inherits the method, calls the method itself."""
        if function.class_name is None:
            return None
        method = function.name.rpartition(".")[2]
        for owner, cls in self.class_family(module, function.class_name) or ():
            for base in cls.bases:
                if (called_by := caller(self.meaning(owner, base), method)) is not None:
                    return called_by
        return None

    def reads_signatures(self, callee: str) -> bool:
        """Whether `callee` is a function or class of the project that reads the signatures of functions."""
        head, _, last = self.resolve(callee).replace("()", "").rpartition(".")
        return any(
            reader.rpartition(".")[2] == last and same_module(head, module.module, reader)
            for module in self.modules
            for reader in module.signature_readers
        )

    def has_old_style(self, module: ModuleFacts) -> bool:
        """Whether annotations are written as before Python 3.10: in the file, or in the project where the
        file does not tell."""
        if module.old_generics or module.union_operator:
            return not module.union_operator
        return any(m.old_generics for m in self.modules) and not any(m.union_operator for m in self.modules)

    def class_handed_to(self, module: ModuleFacts, name: str) -> frozenset[str]:
        """What the class, or a subclass of it, is passed to."""
        return frozenset(
            callee
            for owner, cls in self.class_and_below(module, name)
            for callee in self.handed_to(owner, cls.name)
        )

    def constructed_as(self, module: ModuleFacts, name: str) -> frozenset[str]:
        """The names of a class and of its subclasses, by which its constructor is called."""
        return frozenset(cls.name.rpartition(".")[2] for _, cls in self.class_and_below(module, name))

    def class_and_below(self, module: ModuleFacts, name: str) -> list[tuple[ModuleFacts, ClassFacts]]:
        """The class and its subclasses; nothing where the module has no such class outside functions."""
        key = self._class(module, name)
        return [self._classes[k] for k in sorted({key, *self._descendants(key)})] if key is not None else []

    def class_and_above(self, module: ModuleFacts, name: str) -> list[tuple[ModuleFacts, ClassFacts]]:
        """The class and its base classes in the project; nothing where the module has no such class outside functions."""
        key = self._class(module, name)
        return [self._classes[k] for k in sorted({key, *self._ancestors(key)})] if key is not None else []

    def class_family(
        self, module: ModuleFacts, name: str
    ) -> tuple[tuple[ModuleFacts, ClassFacts], ...] | None:
        """The class with those above and below it, and those above these; None where there is no such class."""
        key = self._class(module, name)
        if key is None:
            return None
        below = {key, *self._descendants(key)}
        family = below.union(*(self._ancestors(one) for one in below))
        return tuple(self._classes[one] for one in sorted(family))

    def classes_below(self, module: ModuleFacts, name: str) -> tuple[tuple[ModuleFacts, ClassFacts], ...]:
        """The classes that inherit from the class."""
        key = self._class(module, name)
        return tuple(self._classes[one] for one in sorted(self._descendants(key))) if key is not None else ()

    def is_class(self, module: ModuleFacts, base: str) -> bool:
        """Whether the base of a class of `module`, as it is written there, is a class of the project."""
        return any(True for _ in self._resolved_base(module, base))

    def has_base(self, module: ModuleFacts, name: str) -> bool:
        """Whether the class has a base class in the project."""
        key = self._class(module, name)
        return key is not None and bool(self._bases[key])

    def passes_keyword(self, callee: str, keyword: str) -> bool:
        """Whether a call of something called `callee` passes `keyword`, or may do so in a mapping."""
        calls = self._keyword_calls
        return (callee, keyword) in calls or (
            (callee, UNPACKED) in calls and any(word == keyword for _, word in calls)
        )

    @cached_property
    def _keyword_calls(self) -> frozenset[tuple[str, str]]:
        return frozenset(call for module in self.modules for call in module.keyword_calls)

    def is_imported_elsewhere(self, module: ModuleFacts, name: str) -> bool:
        """Whether another module imports `name` from `module`, or reads it there."""
        return any(self.imports(facts, module, name) for facts in self.modules if facts is not module)

    def imports(self, facts: ModuleFacts, module: ModuleFacts, name: str) -> bool:
        """Whether the module of `facts` imports `name` from `module`, or reads it there."""
        wanted = f"{module.module}.{name}"
        if any(dotted == wanted or wanted.endswith(f".{dotted}") for dotted in facts.exports.values()):
            return True
        if name in facts.attributes:
            return True
        is_starred = any(same_module(star, module.module, "") for star in facts.star_imports)
        return is_starred and name in facts.read_names

    def family(
        self, module: ModuleFacts, function: FunctionFacts
    ) -> tuple[tuple[ModuleFacts, FunctionFacts], ...]:
        """The other definitions of a method in the classes related to its own; the method not included."""
        if function.class_name is None:
            return ()
        method = function.name.rpartition(".")[2]
        start = self._class(module, function.class_name)
        if start is None:
            return ()
        related = {start}
        top = {start, *self._ancestors(start)}
        definers = {key for key in top if method in self._classes[key][1].methods}
        for key in definers:
            related.add(key)
            related.update(self._descendants(key))
        found = []
        for key in sorted(related - {start}):
            owner, cls = self._classes[key]
            if method in cls.methods and (other := owner.functions.get(cls.methods[method])) is not None:
                found.append((owner, other))
        return tuple(found)

    # --- Classes --------------------------------------------------------------------------------

    @cached_property
    def _classes(self) -> dict[tuple[str, str], tuple[ModuleFacts, ClassFacts]]:
        return {(str(m.path), c.name): (m, c) for m in self.modules for c in m.classes}

    @cached_property
    def _classes_by_name(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for key in self._classes:
            found.setdefault(key[1], []).append(key)
        return found

    @cached_property
    def _bases(self) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
        return {
            key: frozenset(self._resolved_bases(module, cls)) for key, (module, cls) in self._classes.items()
        }

    def _resolved_bases(self, module: ModuleFacts, cls: ClassFacts) -> Iterator[tuple[str, str]]:
        for base in cls.bases:
            yield from self._resolved_base(module, base)

    def _resolved_base(self, module: ModuleFacts, base: str) -> Iterator[tuple[str, str]]:
        if base.startswith("."):
            own = self._class(module, base[1:])
            if own is not None:
                yield own
            return
        resolved = self.resolve(base)
        head, _, last = resolved.rpartition(".")
        for key in self._classes_by_name.get(last, ()):
            if same_module(head, self._classes[key][0].module, last):
                yield key

    def _class(self, module: ModuleFacts, name: str) -> tuple[str, str] | None:
        key = (str(module.path), name)
        return key if key in self._classes else None

    def _ancestors(self, key: tuple[str, str]) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        waiting = [key]
        while waiting:
            for base in self._bases[waiting.pop()]:
                if base not in found:
                    found.add(base)
                    waiting.append(base)
        return found

    def _descendants(self, key: tuple[str, str]) -> frozenset[tuple[str, str]]:
        return frozenset(self._below.get(key, ()))

    @cached_property
    def _below(self) -> dict[tuple[str, str], set[tuple[str, str]]]:
        found: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for key in self._classes:
            for ancestor in self._ancestors(key):
                found.setdefault(ancestor, set()).add(key)
        return found


def same_module(head: str, module: str, name: str) -> bool:
    """Whether the dotted `head` before a name may be `module` (or a class in it, for a method).

    The same file goes by `pkg.mod`, `src.pkg.mod` or, in a flat folder, `mod`; a longer name that
    ends in the shorter is taken to be it.
    """
    owner = name.rpartition(".")[0]
    full = f"{module}.{owner}" if owner else module
    return head == full or head.endswith(f".{full}") or full.endswith(f".{head}")


def _is_instance(head: str) -> bool:
    """`self.method`, `worker.run`: a method handed over through an object of unknown class."""
    return head in {"self", "cls"} or head.endswith("()")
