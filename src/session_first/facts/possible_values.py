"""A module's names in; the strings and the dotted names that an expression of a test may give, out.

Where `Names` answers with what is certain, this answers with everything that is possible: each value of a loop over
a literal list, of `@pytest.mark.parametrize`, of the calls of a function in the same file. What cannot be told is
`*`, alone or as a part of a dotted name.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from session_first.facts.names import FUNCTIONS, Binding, Names, Scope, qualified_name

UNKNOWN = "*"
"""A string, or parts of a dotted name, of which nothing is known."""

Patterns = frozenset[str]
"""Strings, each a dotted name with `*` for what is not known."""

Source = tuple[ast.expr, Scope] | None
"""An expression that a name may stand for and the scope to read it in; None for one that cannot be told."""

_NOTHING_KNOWN: Patterns = frozenset({UNKNOWN})
_DEPTH = 8
_MOST = 64
"""More possibilities than these are as good as unknown."""

_CONVERSION = re.compile(r"%(?:\((\w+)\))?[-+ #0-9.]*[a-zA-Z%]")
_FIELD = re.compile(r"\{(\w*)[^{}]*\}")
_IMPORTERS = frozenset(
    {"importlib.import_module", "import_module", "__import__", "pytest.importorskip", "importorskip"}
)
_MODULE_TABLE = "sys.modules"
_FILE_OF_TESTS = re.compile(r"(?:^|\.)(?:test_\w*|\w*_tests?|tests?)$")
_PATCHING = re.compile(r"patch|mock|stub", re.IGNORECASE)


class PossibleValues:
    """Answers for one module."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._asked: set[tuple[str, ast.AST]] = set()
        self._named: dict[tuple[str, Scope], Patterns] = {}
        self._given_back: dict[ast.AST, tuple[Source, ...]] = {}

    def texts(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> Patterns:
        """The strings that `node` may give."""
        if isinstance(node, ast.Constant):
            return frozenset({node.value}) if isinstance(node.value, str) else _NOTHING_KNOWN
        if depth <= 0 or ("text", node) in self._asked:
            return _NOTHING_KNOWN
        self._asked.add(("text", node))
        found = _limited(self._texts(node, scope, depth - 1))
        self._asked.discard(("text", node))
        return found

    def dotted(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> Patterns:
        """The dotted names that `node` may mean, `app.jobs.Repo()` for an object that a call gives."""
        if depth <= 0 or ("dotted", node) in self._asked:
            return _NOTHING_KNOWN
        whole = not self._asked  # else something may be left out that is asked for already
        if whole and isinstance(node, ast.Name) and (node.id, scope) in self._named:
            return self._named[node.id, scope]
        self._asked.add(("dotted", node))
        found = _limited(self._dotted(node, scope, depth - 1))
        self._asked.discard(("dotted", node))
        if whole and isinstance(node, ast.Name):
            self._named[node.id, scope] = found
        return found

    def keys(self, node: ast.expr, scope: Scope, depth: int = _DEPTH) -> Patterns:
        """The keys of the mapping that `node` may be."""
        if depth <= 0:
            return _NOTHING_KNOWN
        match node:
            case ast.Dict():
                return _limited(
                    pattern
                    for key, value in zip(node.keys, node.values, strict=True)
                    for pattern in (
                        self.keys(value, scope, depth - 1) if key is None else self.texts(key, scope)
                    )
                )
            case ast.DictComp():
                return self.texts(node.key, self._names.scopes[node])
            case ast.Call(func=ast.Name(id="dict"), args=[]):
                return _limited(
                    pattern
                    for keyword in node.keywords
                    for pattern in (
                        self.keys(keyword.value, scope, depth - 1)
                        if keyword.arg is None
                        else frozenset({keyword.arg})
                    )
                )
            case _:
                return _limited(
                    pattern
                    for source in self._sources(node, scope)
                    for pattern in (
                        _NOTHING_KNOWN if source is None else self.keys(source[0], source[1], depth - 1)
                    )
                )

    def comes_from(self, node: ast.expr, scope: Scope, dotted: str, depth: int = 3) -> bool:
        """Whether `dotted` is read in `node`, or in what the names in it were made of."""
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute) and self._names.dotted(part, scope) == dotted:
                return True
            if not isinstance(part, ast.Name) or not depth:
                continue
            for binding in self._names.lookup(part.id, scope):
                made_of = binding.value
                holder = self._names.parents.get(binding.node)
                while isinstance(holder, (ast.Tuple, ast.List)):
                    holder = self._names.parents.get(holder)
                if isinstance(holder, (ast.For, ast.comprehension)):
                    made_of = holder.iter
                elif isinstance(holder, ast.Assign):
                    made_of = holder.value
                if made_of is not None and self.comes_from(made_of, binding.scope, dotted, depth - 1):
                    return True
        return False

    def is_method_object(self, node: ast.expr, scope: Scope) -> bool:
        """Whether `node` is the `self` or `cls` of the method around."""
        return isinstance(node, ast.Name) and any(
            _owner(binding) is not None for binding in self._names.lookup(node.id, scope)
        )

    # --- Strings --------------------------------------------------------------------------------

    def _texts(self, node: ast.expr, scope: Scope, depth: int) -> Iterator[str]:
        match node:
            case ast.JoinedStr():
                yield from self._joined([self.texts(part, scope, depth) for part in node.values])
            case ast.FormattedValue() | ast.NamedExpr():
                yield from self.texts(node.value, scope, depth)
            case ast.BinOp(op=ast.Add()):
                yield from self._joined(
                    [self.texts(node.left, scope, depth), self.texts(node.right, scope, depth)]
                )
            case ast.BinOp(op=ast.Mod()):
                for text in self.texts(node.left, scope, depth):
                    yield from self._interpolated(text, node.right, scope, depth)
            case ast.IfExp():
                yield from self.texts(node.body, scope, depth)
                yield from self.texts(node.orelse, scope, depth)
            case ast.BoolOp():
                for value in node.values:
                    yield from self.texts(value, scope, depth)
            case ast.Attribute(attr="__name__" | "__qualname__"):
                yield from map(_own_name, self.dotted(node.value, scope, depth))
            case ast.Attribute(attr="__module__"):
                for dotted in self.dotted(node.value, scope, depth):
                    yield dotted.rpartition(".")[0] or UNKNOWN
            case ast.Name(id="__name__"):
                yield self._names.module
            case ast.Name(id="__package__"):
                yield self._names.module.rpartition(".")[0]
            case ast.Call(func=ast.Attribute(attr="format", value=template)):
                for text in self.texts(template, scope, depth):
                    yield from self._formatted(text, node, scope, depth)
            case ast.Call(
                func=ast.Attribute(attr="join", value=separator), args=[ast.List() | ast.Tuple() as parts]
            ):
                between = self.texts(separator, scope, depth)
                pieces = [self.texts(part, scope, depth) for part in parts.elts]
                yield from self._joined([p for piece in pieces for p in (between, piece)][1:])
            case ast.Call(func=ast.Name(id="str"), args=[inner]):
                yield from self.texts(inner, scope, depth)
            case _:
                for source in self._sources(node, scope):
                    yield from (_NOTHING_KNOWN if source is None else self.texts(source[0], source[1], depth))

    def _joined(self, parts: Sequence[Patterns]) -> Iterator[str]:
        for chosen in itertools.islice(itertools.product(*parts), _MOST + 1):
            yield _tidy("".join(chosen))

    def _interpolated(self, text: str, right: ast.expr, scope: Scope, depth: int) -> Iterator[str]:
        """`text % right`."""
        values = right.elts if isinstance(right, ast.Tuple) else [right]
        named = (
            {
                key.value: value
                for key, value in zip(right.keys, right.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if isinstance(right, ast.Dict)
            else {}
        )
        parts: list[Patterns] = []
        end = number = 0
        for match in _CONVERSION.finditer(text):
            parts.append(frozenset({text[end : match.start()]}))
            end = match.end()
            value = named.get(match.group(1)) if match.group(1) else None
            if value is None and not match.group(1) and number < len(values):
                value = values[number]
                number += 1
            parts.append(_NOTHING_KNOWN if value is None else self.texts(value, scope, depth))
        return self._joined([*parts, frozenset({text[end:]})])

    def _formatted(self, text: str, call: ast.Call, scope: Scope, depth: int) -> Iterator[str]:
        """`text.format(…)`."""
        named: dict[str, ast.expr] = {k.arg: k.value for k in call.keywords if k.arg is not None}
        numbered = itertools.count()
        parts: list[Patterns] = []
        end = 0
        for match in _FIELD.finditer(text):
            parts.append(frozenset({text[end : match.start()]}))
            end = match.end()
            field = match.group(1) or str(next(numbered))
            value = named.get(field)
            if field.isdigit() and int(field) < len(call.args):
                value = call.args[int(field)]
            plain = match.group() in {"{}", f"{{{match.group(1)}}}"}
            parts.append(self.texts(value, scope, depth) if value is not None and plain else _NOTHING_KNOWN)
        return self._joined([*parts, frozenset({text[end:]})])

    # --- Dotted names ---------------------------------------------------------------------------

    def _dotted(self, node: ast.expr, scope: Scope, depth: int) -> Iterator[str]:
        match node:
            case ast.Name():
                yield from self._meanings(node, scope, depth)
            case ast.Attribute(attr="__class__"):
                yield from map(_class_of, self.dotted(node.value, scope, depth))
            case ast.Attribute():
                sources = tuple(self._attribute(node, scope))
                if sources:
                    yield from self._of_sources(sources, depth)
                else:
                    for owner in self.dotted(node.value, scope, depth):
                        yield f"{owner}.{node.attr}"
            case ast.Call():
                yield from self._called(node, scope, depth)
            case ast.Subscript() if self.is_module_table(node.value, scope):
                yield from self.texts(node.slice, scope, depth)
            case ast.NamedExpr() | ast.Await():
                yield from self.dotted(node.value, scope, depth)
            case ast.IfExp():
                yield from self.dotted(node.body, scope, depth)
                yield from self.dotted(node.orelse, scope, depth)
            case ast.BoolOp():
                for value in node.values:
                    yield from self.dotted(value, scope, depth)
            case _:
                yield from self._of_sources(self._sources(node, scope), depth)

    def is_module_table(self, node: ast.expr, scope: Scope) -> bool:
        """Whether `node` is `sys.modules`, or names it."""
        if isinstance(node, (ast.Constant, ast.JoinedStr)):
            return _MODULE_TABLE in self.texts(node, scope)
        if self._names.dotted(node, scope) == _MODULE_TABLE:
            return True
        return isinstance(node, ast.Name) and self.texts(node, scope) == frozenset({_MODULE_TABLE})

    def _of_sources(self, sources: Iterable[Source], depth: int) -> Iterator[str]:
        for source in sources:
            yield from _NOTHING_KNOWN if source is None else self.dotted(source[0], source[1], depth)

    def _meanings(self, node: ast.Name, scope: Scope, depth: int) -> Iterator[str]:
        bindings = self._names.lookup(node.id, scope)
        if not bindings:
            certain = self._names.dotted(node, scope) or node.id
            loose = bool(self._names.star_imports) and certain == node.id != "boto3"
            yield f"{UNKNOWN}.{certain}" if loose else certain
        for binding in bindings:
            if isinstance(binding.value, ast.Constant) and binding.value.value is None:
                continue
            if binding.kind == "import":
                yield binding.dotted or UNKNOWN
            elif isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                yield self._absolute(binding.node)
            elif (owner := _owner(binding)) is not None:
                yield f"{self._absolute(owner)}()"
            else:
                yield from self._of_sources(self._bound(binding), depth)

    def _called(self, node: ast.Call, scope: Scope, depth: int) -> Iterator[str]:
        certain = self._names.dotted(node.func, scope)
        first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "name"), None)
        if certain in _IMPORTERS and first is not None:
            package = node.args[1] if len(node.args) > 1 else None
            for text in self.texts(first, scope, depth):
                if text.startswith("."):
                    around = self.texts(package, scope, depth) if package is not None else _NOTHING_KNOWN
                    yield from (f"{name}{text}" for name in around)
                else:
                    yield text
        elif certain == "importlib.reload" and first is not None:
            yield from self.dotted(first, scope, depth)
        elif certain == "type" and len(node.args) == 1:
            yield from map(_class_of, self.dotted(node.args[0], scope, depth))
        elif certain == "getattr" and len(node.args) > 1:
            for owner in self.dotted(node.args[0], scope, depth):
                yield from (f"{owner}.{name}" for name in self.texts(node.args[1], scope, depth))
        elif (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and first is not None
            and self.is_module_table(node.func.value, scope)
        ):
            yield from self.texts(first, scope, depth)
        else:
            given = _limited(self._of_sources(self._results(node, scope), depth))
            if given and given != _NOTHING_KNOWN:
                yield from given
            else:
                yield from (f"{called}()" for called in self.dotted(node.func, scope, depth))

    def _absolute(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
        name = qualified_name(node, self._names)
        return f"{self._names.module}.{name}" if self._names.module else name

    # --- What a name stands for -----------------------------------------------------------------

    def _sources(self, node: ast.expr, scope: Scope) -> Iterator[Source]:
        """The expressions that `node` may stand for."""
        match node:
            case ast.Name():
                bindings = self._names.lookup(node.id, scope)
                if not bindings:
                    yield None
                for binding in bindings:
                    yield from self._bound(binding)
            case ast.Attribute():
                yield from tuple(self._attribute(node, scope)) or (None,)
            case ast.Subscript():
                for source in self._sources_of_whole(node.value, scope):
                    yield from self._elements(source, values=True)
            case ast.Call():
                yield from self._results(node, scope) or (None,)
            case _:
                yield None

    def _sources_of_whole(self, node: ast.expr, scope: Scope) -> Iterator[Source]:
        """`node` itself where it is a display, else what it stands for."""
        if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
            yield node, scope
        else:
            yield from self._sources(node, scope)

    def _elements(self, source: Source, *, values: bool = False) -> Iterator[Source]:
        """What a literal list, tuple, set or dict (its keys, or its `values`) holds."""
        key = ("elements", source[0]) if source is not None else None
        if source is None or key is None or key in self._asked:  # `found = list(found)`, in a loop
            yield None
            return
        self._asked.add(key)
        found = tuple(self._elements_of(*source, values=values))
        self._asked.discard(key)
        yield from found

    def _elements_of(self, node: ast.expr, scope: Scope, *, values: bool) -> Iterator[Source]:
        match node:
            case ast.List() | ast.Tuple() | ast.Set():
                for element in node.elts:
                    if isinstance(element, ast.Starred):
                        for inner in self._sources_of_whole(element.value, scope):
                            yield from self._elements(inner)
                    else:
                        yield _parameter_set(element), scope
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    chosen = value if values else key
                    yield None if chosen is None else (chosen, scope)
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
                for keyword in keywords:
                    if keyword.arg is None:
                        yield None
                    else:
                        yield (keyword.value if values else ast.Constant(keyword.arg)), scope
            case ast.Call(func=ast.Attribute(attr="values" | "keys" as which, value=inner), args=[]):
                for whole in self._sources_of_whole(inner, scope):
                    yield from self._elements(whole, values=which == "values")
            case ast.Call(func=ast.Name(id="list" | "tuple" | "set" | "sorted"), args=[inner]):
                for whole in self._sources_of_whole(inner, scope):
                    yield from self._elements(whole)
            case ast.BinOp(op=ast.Add()):
                yield from self._elements((node.left, scope))
                yield from self._elements((node.right, scope))
            case ast.Name() | ast.Attribute():
                for whole in self._sources(node, scope):
                    yield from (
                        self._elements(whole) if whole is not None and whole[0] is not node else (None,)
                    )
            case _:
                yield None

    def _bound(self, binding: Binding) -> Iterator[Source]:
        """What a binding that is no import and no definition gives its name."""
        key = ("bound", binding.node)
        if key in self._asked:
            yield None
            return
        self._asked.add(key)
        found = tuple(self._values(binding))
        self._asked.discard(key)
        yield from found

    def _values(self, binding: Binding) -> Iterator[Source]:
        if binding.kind == "assign" and binding.value is not None:
            yield binding.value, binding.scope
        elif binding.kind == "parameter" and isinstance(binding.node, ast.arg):
            yield from self._arguments(binding.node, binding.scope)
        elif binding.kind == "other" and isinstance(binding.node, ast.Name):
            yield from self._unpacked(binding.node, binding.scope)
        else:
            yield None

    def _unpacked(self, node: ast.Name, scope: Scope) -> Iterator[Source]:
        """The values of a loop's variable, or of one that a tuple is taken apart into."""
        path: list[int] = []
        child: ast.AST = node
        parent = self._names.parents[node]
        while isinstance(parent, (ast.Tuple, ast.List)):
            if any(isinstance(element, ast.Starred) for element in parent.elts):
                yield None
                return
            path.insert(0, next(i for i, element in enumerate(parent.elts) if element is child))
            child, parent = parent, self._names.parents[parent]
        sources: Iterable[Source]
        match parent:
            case ast.For() | ast.AsyncFor() | ast.comprehension() if parent.target is child:
                match parent.iter:
                    case ast.Call(func=ast.Attribute(attr="items", value=table), args=[]) if path:
                        wholes = tuple(self._sources_of_whole(table, scope))
                        sources = [e for w in wholes for e in self._elements(w, values=path[0] == 1)]
                        path = path[1:]
                    case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]) if path:
                        sources = self._elements((inner, scope)) if path[0] == 1 else (None,)
                        path = path[1:]
                    case _:
                        sources = self._elements((parent.iter, scope))
            case ast.Assign() if path:
                sources = ((parent.value, scope),)
            case _:
                sources = (None,)
        for source in sources:
            yield _part(source, path)

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Iterator[Source]:
        """The values of `self.x`, `cls.x` or `Class.x` that the class, here or in a base of it here, gives."""
        if not isinstance(node.value, ast.Name):
            return
        for binding in self._names.lookup(node.value.id, scope):
            owner = binding.node if isinstance(binding.node, ast.ClassDef) else _owner(binding)
            if owner is not None:
                yield from self._members(owner, node.attr, _DEPTH)
            elif node.attr == "param" and node.value.id == "request":
                yield from self._fixture_parameters(binding.scope.node)

    def _members(self, owner: ast.ClassDef, name: str, depth: int) -> Iterator[Source]:
        around = self._names.scopes[owner]
        found = [s for binding in around.bindings.get(name, ()) for s in self._bound_member(binding)]
        found.extend(self._kept.get((owner, name), ()))
        if not found and depth and around.parent is not None:
            for base in owner.bases:
                for binding in (
                    self._names.lookup(base.id, around.parent) if isinstance(base, ast.Name) else ()
                ):
                    if isinstance(binding.node, ast.ClassDef) and binding.node is not owner:
                        found.extend(self._members(binding.node, name, depth - 1))
        yield from found

    def _bound_member(self, binding: Binding) -> Iterator[Source]:
        if binding.kind not in {"def", "class", "import"}:
            yield from self._bound(binding)

    @cached_property
    def _kept(self) -> dict[tuple[ast.ClassDef, str], list[Source]]:
        """What methods assign to attributes of their object."""
        found: dict[tuple[ast.ClassDef, str], list[Source]] = {}
        for node in self._names.every(ast.Attribute):
            if not (isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)):
                continue
            scope = self._names.scope_of[node]
            for binding in self._names.lookup(node.value.id, scope):
                owner = _owner(binding)
                if owner is not None:
                    parent = self._names.parents[node]
                    known = isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is not None
                    value = parent.value if isinstance(parent, (ast.Assign, ast.AnnAssign)) else None
                    if isinstance(value, ast.Constant) and value.value is None:
                        continue
                    found.setdefault((owner, node.attr), []).append(
                        (value, scope) if known and value is not None else None
                    )
        return found

    # --- Parameters -----------------------------------------------------------------------------

    def _arguments(self, parameter: ast.arg, scope: Scope) -> Iterator[Source]:
        """What a parameter gets: from `parametrize`, from a fixture, or from the calls in this file."""
        function = scope.node
        if not isinstance(function, FUNCTIONS) or isinstance(function, ast.Lambda):
            yield None
            return
        around = self._names.scopes[function].parent
        assert around is not None
        decorated = [(d, around) for d in function.decorator_list]
        if isinstance(around.node, ast.ClassDef) and around.parent is not None:
            decorated.extend((d, around.parent) for d in around.node.decorator_list)
        given = [s for d, inner in decorated for s in self._parametrized(d, inner, parameter.arg)]
        if given:
            yield from given
        elif parameter.arg in self._fixtures and (
            function.name.startswith("test") or function in self._fixtures.values()
        ):
            fixture = self._fixtures[parameter.arg]
            yield from self._returned(fixture) if fixture is not function else (None,)
        else:
            yield from self._passed(function, parameter.arg, around)

    def _parametrized(self, decorator: ast.expr, scope: Scope, name: str) -> Iterator[Source]:
        if not (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
            and decorator.func.attr == "parametrize"
        ):
            return
        keywords = {k.arg: k.value for k in decorator.keywords}
        arguments = dict(zip(("argnames", "argvalues"), decorator.args, strict=False)) | keywords
        names, values = arguments.get("argnames"), arguments.get("argvalues")
        if names is None or values is None:
            return
        if isinstance(names, ast.Constant) and isinstance(names.value, str):
            listed = [part.strip() for part in names.value.split(",") if part.strip()]
            single = "," not in names.value
        else:
            elements = names.elts if isinstance(names, (ast.List, ast.Tuple)) else []
            listed = [e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            single = False
        if name in listed:
            path = [] if single else [listed.index(name)]
            for source in self._elements((values, scope)):
                yield _part(source, path)

    @cached_property
    def _fixtures(self) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
        found: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        for node in self._names.scopes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for decorator in node.decorator_list:
                    called = decorator.func if isinstance(decorator, ast.Call) else decorator
                    last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                    if last in {"fixture", "yield_fixture"}:
                        keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
                        named = next((k.value for k in keywords if k.arg == "name"), None)
                        is_named = isinstance(named, ast.Constant) and isinstance(named.value, str)
                        name = str(named.value) if isinstance(named, ast.Constant) and is_named else node.name
                        found[name] = node
        return found

    def _fixture_parameters(self, function: ast.AST) -> Iterator[Source]:
        """What `request.param` may be in a fixture with `params`."""
        scope = self._names.scopes.get(function)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or scope is None:
            return
        assert scope.parent is not None
        for decorator in function.decorator_list:
            for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
                if keyword.arg == "params":
                    yield from self._elements((keyword.value, scope.parent))

    def _passed(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, around: Scope
    ) -> Iterator[Source]:
        """The arguments for the parameter `name` at the calls of a function of this file."""
        positional = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        default = _default(function.args, name)
        static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
        shift = 1 if isinstance(around.node, ast.ClassDef) and not static else 0
        calls = self._calls.get(function.name, ())
        for call in calls:
            scope = self._scope_of(call)
            given = next((k.value for k in call.keywords if k.arg == name), None)
            if given is None and name in positional:
                index = positional.index(name) - shift
                plain = not any(isinstance(a, ast.Starred) for a in call.args[: index + 1])
                if 0 <= index < len(call.args) and plain:
                    given = call.args[index]
                elif not plain:
                    yield None
                    continue
            if given is not None:
                yield given, scope
            elif default is not None and not any(k.arg is None for k in call.keywords):
                yield default, around
            else:
                yield None
        if not calls or (
            not _FILE_OF_TESTS.search(self._names.module) and not _PATCHING.search(function.name)
        ):
            yield None  # others may call it, and nothing says that they do it to patch

    @cached_property
    def _calls(self) -> dict[str, list[ast.Call]]:
        """The calls by the last name of what is called."""
        found: dict[str, list[ast.Call]] = {}
        for node in self._names.every(ast.Call):
            called = node.func
            last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
            if last is not None:
                found.setdefault(last, []).append(node)
        return found

    def _results(self, node: ast.Call, scope: Scope) -> tuple[Source, ...]:
        """What the function of this file that is called gives; nothing where none is."""
        if not isinstance(node.func, ast.Name):
            return ()
        bindings = self._names.lookup(node.func.id, scope)
        if len(bindings) != 1 or not isinstance(bindings[0].node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return ()
        return self._returned(bindings[0].node)

    def _returned(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[Source, ...]:
        """What a function returns or yields."""
        if function not in self._given_back:
            scope = self._names.scopes[function]
            self._given_back[function] = tuple(
                (node.value, scope)
                for statement in function.body
                for node in _own_nodes(statement)
                if isinstance(node, (ast.Return, ast.Yield)) and node.value is not None
            )
        return self._given_back[function]

    def _scope_of(self, node: ast.AST) -> Scope:
        return scope_around(node, self._names)


def scope_around(node: ast.AST, names: Names) -> Scope:
    """The scope that an expression is evaluated in: not the function's for a decorator or a default of it."""
    child, parent = node, names.parents.get(node)
    while parent is not None:
        if parent in names.scopes and not _is_outside(child, parent):
            return names.scopes[parent]
        child, parent = parent, names.parents.get(parent)
    return names.top


def _is_outside(child: ast.AST, holder: ast.AST) -> bool:
    """Whether what `holder` holds directly is evaluated outside its scope."""
    match holder:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return child not in holder.body
        case ast.ClassDef():
            return child not in holder.body
        case ast.Lambda():
            return child is not holder.body
        case _:
            return False


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """A node of a function and those in it, without functions and classes inside."""
    if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from _own_nodes(child)


def _owner(binding: Binding) -> ast.ClassDef | None:
    """The class whose object, or which itself, the first parameter of a method is."""
    function, around = binding.scope.node, binding.scope.parent
    if binding.kind != "parameter" or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    if around is None or not isinstance(around.node, ast.ClassDef):
        return None
    positional = (*function.args.posonlyargs, *function.args.args)
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)
    return around.node if binding.node in positional[:1] and not static else None


def _default(arguments: ast.arguments, name: str) -> ast.expr | None:
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(positional), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((default for argument, default in pairs if argument.arg == name), None)


def _parameter_set(node: ast.expr) -> ast.expr:
    """The value in `pytest.param(value, id=…)`, the values as a tuple where there are several."""
    if isinstance(node, ast.Call):
        last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if last == "param" and node.args:
            return node.args[0] if len(node.args) == 1 else ast.Tuple(node.args, ast.Load())
    return node


def _part(source: Source, path: Sequence[int]) -> Source:
    for index in path:
        if source is None or not isinstance(source[0], (ast.Tuple, ast.List)):
            return None
        elements = source[0].elts
        if index >= len(elements) or any(isinstance(e, ast.Starred) for e in elements[: index + 1]):
            return None
        source = elements[index], source[1]
    return source


def _own_name(dotted: str) -> str:
    """`__name__` of what goes by the dotted name: of a class its last part, of a module all of it."""
    last = dotted.removesuffix("()").rpartition(".")[2]
    return last if last[:1].isupper() else dotted


def _class_of(dotted: str) -> str:
    return dotted.removesuffix("()") if dotted.endswith("()") else UNKNOWN


def _limited(found: Iterable[str]) -> Patterns:
    kept = frozenset(itertools.islice(found, _MOST + 1))
    return kept if len(kept) <= _MOST else _NOTHING_KNOWN


def _tidy(text: str) -> str:
    """An unknown part takes the rest of its dotted component with it."""
    return ".".join(UNKNOWN if UNKNOWN in part else part for part in text.split("."))
