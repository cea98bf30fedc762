"""What a file's patches replace: boto3, or names of the project. Test files are read, never edited.

A target is a dotted name; the parts that cannot be resolved are `*` (`*.boto3.client` for
`f"{module}.boto3.client"`). What cannot be resolved at all is `*`: it may be anything. `Repo().save` is a method of
an object that `Repo` gives.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from session_first.facts.names import Names, Scope
from session_first.facts.possible_values import UNKNOWN, Patterns, PossibleValues, scope_around
from session_first.model import Replacement
from session_first.source import SourceFile

__all__ = [
    "UNKNOWN",
    "Boto3Part",
    "replaced_parts",
    "replacements",
    "replaces_default_session",
    "replaces_name",
]

Boto3Part = Literal["functions", "session"]
"""What of boto3 a test replaces: `boto3.client` and `boto3.resource`, or what makes or is a `Session`."""

_BY_OBJECT = frozenset({"object", "setattr", "delattr", "spy", "stub", "swap_attr"})
_ANY_WAY = re.compile(r"patch|mock|stub|replace", re.IGNORECASE)
"""What a function is called that patches what it is given, in a test."""

_CALLEES = frozenset(
    {"object", "setattr", "delattr", "spy", "stub", "swap_attr", "multiple", "dict", "setitem", "delitem"}
    | {"update", "setdefault", "partial", "should_receive", "should_call", "flexmock", "when", "expect"}
)
_PATCHERS = frozenset({"object", "multiple", "dict"})
_MULTIPLE_OPTIONS = frozenset({"target", "spec", "create", "spec_set", "autospec", "new_callable"})
_DICT_OPTIONS = frozenset({"in_dict", "values", "clear", "raising", "dic", "name", "value"})
_MODULE_TABLE = "sys.modules"
_DOUBLE = re.compile(r"\bmock\.\w+\(\)|\bSimpleNamespace\(\)")
_DOTTED = re.compile(r"(?:\*|[^\W\d]\w*)(?:\.(?:\*|[^\W\d]\w*))+")
_NAME = re.compile(r"[^\W\d]\w*")
_SESSION_MAKERS = {
    "boto3": frozenset(
        {"Session", "session", "_get_default_session", "setup_default_session", "DEFAULT_SESSION", UNKNOWN}
    ),
    "botocore": frozenset({"session", UNKNOWN}),
    UNKNOWN: frozenset({"Session", UNKNOWN}),
}
"""By package, what of it makes a session or is one."""


def replacements(
    source: SourceFile, names: Names, *, is_test: bool, by_calls: bool
) -> tuple[Replacement, ...]:
    """Everything the file replaces, by patching or by assignment to an attribute of a module or class.

    `by_calls`: it may patch with calls. In a test (`is_test`) objects are followed to where they come from, and
    functions count that are called as if they patched what they are given.
    """
    patches = _Patches(names, is_test=is_test)
    found: list[Replacement] = []
    for call in names.every(ast.Call) if by_calls else ():
        found.extend(Replacement(target, source.start(call)) for target in patches.by_call(call))
    for attribute in names.every(ast.Attribute):
        if not isinstance(attribute.ctx, ast.Load):
            targets: Iterable[str] = patches.by_assignment(attribute)
            found.extend(Replacement(target, source.start(attribute)) for target in targets)
    for entry in names.every(ast.Subscript):
        if not isinstance(entry.ctx, ast.Load):
            found.extend(Replacement(target, source.start(entry)) for target in patches.by_entry(entry))
    return tuple(sorted(set(found), key=lambda r: (r.position, r.target)))


def replaces_default_session(target: str) -> bool:
    """Whether replacing `target` may replace boto3's client or resource, or the module."""
    return "functions" in replaced_parts(target)


def replaced_parts(target: str) -> frozenset[Boto3Part]:
    """What of boto3 replacing `target` may replace.

    `functions`: code that fills a session from the default goes round the fake. `session`: a session that is
    made, or the default one, is a fake or has one for a method. The module, or anything, is both.
    """
    head, _, last = target.rpartition(".")
    if last == "boto3" or target == UNKNOWN:
        return frozenset({"functions", "session"})
    found: set[Boto3Part] = set()
    if last in {"client", "resource", UNKNOWN} and (
        head in {"", UNKNOWN} or head.rpartition(".")[2] == "boto3"
    ):
        found.add("functions")
    parts = target.split(".")
    for package, makers in _SESSION_MAKERS.items():
        if package in parts and (package != UNKNOWN or parts[0] == UNKNOWN):
            after = parts[parts.index(package) + 1 :]
            if not after or after[0].removesuffix("()") in makers:
                found.add("session")
    return frozenset(found)


def replaces_name(target: str, module: str, name: str) -> bool:
    """Whether `target` may be `name` in the module (which a test may know by a shorter name)."""
    head, _, last = target.rpartition(".")
    if target == UNKNOWN:
        return True
    if last not in {name, UNKNOWN}:
        return False
    head = head.removeprefix("*.")
    return (
        head in {"", UNKNOWN} or module == head or module.endswith(f".{head}") or head.endswith(f".{module}")
    )


class _Patches:
    """The targets of single calls and assignments of one module."""

    def __init__(self, names: Names, *, is_test: bool) -> None:
        self._names = names
        self._values = PossibleValues(names)
        self._is_test = is_test

    # --- Calls ----------------------------------------------------------------------------------

    def by_call(self, node: ast.Call) -> Iterator[str]:
        written = _last(node.func)
        if (
            written in _CALLEES
            or _ANY_WAY.search(written)
            or (isinstance(node.func, ast.Name) and "mock" in self._imported_as(node.func))
        ):
            yield from self._call(node.func, node.args, node.keywords, scope_around(node, self._names))

    def _imported_as(self, node: ast.Name) -> str:
        """What the name was imported, or made another name of."""
        for binding in self._names.lookup(node.id, self._names.scope_of[node]):
            if binding.dotted is not None:
                return binding.dotted
            if binding.value is not None:
                return self._names.dotted(binding.value, binding.scope) or ""
        return ""

    def _call(
        self, func: ast.expr, args: Sequence[ast.expr], keywords: Sequence[ast.keyword], scope: Scope
    ) -> Iterator[str]:
        callee = self._callee(func, scope)
        given = {k.arg: k.value for k in keywords if k.arg is not None}
        first = args[0] if args else given.get("target")
        if callee == "patch":
            yield from self._patch(func, args, first, scope)
        elif callee in _BY_OBJECT:
            yield from self._by_object(func, callee, args, given, scope)
        elif callee == "multiple" and first is not None:
            for owner in self._owner(first, scope):
                yield from (f"{owner}.{name}" for name in self._multiple(keywords, scope))
        elif callee in {"dict", "update"}:
            yield from self._mapping(func, callee, args, keywords, scope)
        elif callee in {"setitem", "delitem", "setdefault"}:
            yield from self._entry_call(func, callee, args, given, scope)
        elif callee == "partial" and first is not None and _last(first) in {"patch", *_BY_OBJECT, *_PATCHERS}:
            yield from self._partial(first, args[1:], keywords, scope)
        elif self._is_test:
            yield from self._expected(func, callee, args, keywords, scope)

    def _callee(self, func: ast.expr, scope: Scope) -> str:
        """The last part of what is called, by its own name where it was imported under another."""
        if isinstance(func, ast.Attribute):
            return func.attr
        dotted = self._names.dotted(func, scope) or ""
        return dotted.rpartition(".")[2] if "mock" in dotted else getattr(func, "id", "")

    def _patch(
        self, func: ast.expr, args: Sequence[ast.expr], first: ast.expr | None, scope: Scope
    ) -> Iterator[str]:
        if first is None or isinstance(first, (ast.List, ast.Tuple, ast.Dict, ast.Set)):
            return
        if self._is_mock_call(func, scope):
            yield from self._texts(first, scope)
        elif self._is_test:
            yield from self._any_way(func, args, scope)

    def _is_mock_call(self, func: ast.expr, scope: Scope) -> bool:
        """Not `client.patch("/path")` of a web test client, nor `kubernetes.patch(...)`, nor a `patch` of one's own."""
        if isinstance(func, ast.Name):
            if not self._names.lookup(func.id, scope):
                return True
            dotted = self._names.dotted(func, scope) or ""
            if self._is_test:
                return not dotted.startswith(".")
            return "mock" in dotted.lower()
        assert isinstance(func, ast.Attribute)
        owner = func.value
        last = _last(owner)
        return "mock" in last.lower() or "mock" in (self._names.dotted(owner, scope) or "").lower()

    def _by_object(
        self,
        func: ast.expr,
        callee: str,
        args: Sequence[ast.expr],
        given: dict[str, ast.expr],
        scope: Scope,
    ) -> Iterator[str]:
        first = args[0] if args else given.get("target") or given.get("obj")
        if first is None:
            return
        named = given.get("attribute") or given.get("name") or given.get("method_name")
        second = args[1] if len(args) > 1 else named
        if isinstance(func, ast.Name) and callee in {"setattr", "delattr"}:
            if second is not None and not self._names.lookup(callee, scope):
                yield from self._set(first, self._texts(second, scope), scope)
            return
        if callee in {"setattr", "delattr"} and len(args) <= 2 and self._texts(first, scope) != {UNKNOWN}:
            yield from self._texts(first, scope)  # monkeypatch.setattr("pkg.mod.name", value)
        elif second is not None:
            if callee == "setattr" and len(args) == 2 and not given.keys() & {"name", "value"}:
                yield UNKNOWN  # monkeypatch.setattr(target, value)
                return
            for owner in self._values.dotted(first, scope):
                yield from (f"{owner}.{name}" for name in self._texts(second, scope))

    def _multiple(self, keywords: Sequence[ast.keyword], scope: Scope) -> Iterator[str]:
        for keyword in keywords:
            if keyword.arg is None:
                yield from self._values.keys(keyword.value, scope)
            elif keyword.arg not in _MULTIPLE_OPTIONS:
                yield keyword.arg

    def _mapping(
        self,
        func: ast.expr,
        callee: str,
        args: Sequence[ast.expr],
        keywords: Sequence[ast.keyword],
        scope: Scope,
    ) -> Iterator[str]:
        """`patch.dict(table, {…}, key=…)`, `sys.modules.update({…})`."""
        given = {k.arg: k.value for k in keywords if k.arg is not None}
        if callee == "update":
            table, values = func.value if isinstance(func, ast.Attribute) else None, args[:1]
        else:
            table = args[0] if args else given.get("in_dict")
            values = args[1:2] or ([given["values"]] if "values" in given else [])
        prefix = self._table(table, scope) if table is not None else None
        if prefix is None:
            if callee == "dict" and table is not None:  # patch.dict("pkg.mod.CACHE", {…})
                yield from filter(_DOTTED.fullmatch, self._texts(table, scope))
            return
        for value in values:
            for key in self._values.keys(value, scope):
                if key != UNKNOWN or not self._values.comes_from(value, scope, _MODULE_TABLE):
                    yield f"{prefix}{key}"
        for keyword in keywords:
            if keyword.arg is None:
                yield from (f"{prefix}{key}" for key in self._values.keys(keyword.value, scope))
            elif keyword.arg not in _DICT_OPTIONS:
                yield f"{prefix}{keyword.arg}"

    def _entry_call(
        self,
        func: ast.expr,
        callee: str,
        args: Sequence[ast.expr],
        given: dict[str, ast.expr],
        scope: Scope,
    ) -> Iterator[str]:
        """`monkeypatch.setitem(table, key, value)`, `sys.modules.setdefault(key, value)`."""
        if callee == "setdefault":
            table, key = func.value if isinstance(func, ast.Attribute) else None, args[0] if args else None
        else:
            table = args[0] if args else given.get("dic")
            key = args[1] if len(args) > 1 else given.get("name")
        prefix = self._table(table, scope) if table is not None else None
        if prefix is not None and key is not None:
            for text in self._texts(key, scope):
                if text != UNKNOWN or callee != "delitem":
                    yield f"{prefix}{text}"

    def _partial(
        self, func: ast.expr, args: Sequence[ast.expr], keywords: Sequence[ast.keyword], scope: Scope
    ) -> Iterator[str]:
        """`partial(patch.object, module)`: which name it will replace is not known yet."""
        if _last(func) in _BY_OBJECT and len(args) == 1:
            yield from (f"{owner}.{UNKNOWN}" for owner in self._values.dotted(args[0], scope))
        else:
            yield from self._call(func, args, keywords, scope)

    def _expected(
        self,
        func: ast.expr,
        callee: str,
        args: Sequence[ast.expr],
        keywords: Sequence[ast.keyword],
        scope: Scope,
    ) -> Iterator[str]:
        """`flexmock(module).should_receive("f")`, `when(module).f(…)`, and functions of the tests that patch."""
        if callee in {"should_receive", "should_call"} and args:
            for owner in self._flexmocked(func, scope):
                yield from (f"{owner}.{name}" for name in self._texts(args[0], scope))
        elif callee == "flexmock" and args:
            for owner in self._values.dotted(args[0], scope):
                yield from (f"{owner}.{k.arg}" for k in keywords if k.arg is not None and owner != UNKNOWN)
        elif callee in {"when", "expect"} and args and "mockito" in (self._names.dotted(func, scope) or ""):
            parent = self._names.parents.get(self._names.parents[func])
            if isinstance(parent, ast.Attribute):
                yield from (f"{owner}.{parent.attr}" for owner in self._values.dotted(args[0], scope))
        elif _ANY_WAY.search(callee):
            yield from self._any_way(func, args, scope)

    def _flexmocked(self, func: ast.expr, scope: Scope) -> Patterns:
        owner = func.value if isinstance(func, ast.Attribute) else None
        if isinstance(owner, ast.Call) and owner.args:
            return self._values.dotted(owner.args[0], scope)
        return frozenset({UNKNOWN})

    def _any_way(self, func: ast.expr, args: Sequence[ast.expr], scope: Scope) -> Iterator[str]:
        """`self.start_patch("app.jobs.upload")`, `self.patch(jobs, "upload", fake)`: by what it is given alone."""
        if not args or self._is_own(func, scope):
            return
        first, second = args[0], args[1] if len(args) > 1 else None
        is_replace = "replace" in _last(func).lower()
        if isinstance(first, (ast.Name, ast.Attribute)) and second is not None:
            if isinstance(second, ast.Constant) and _NAME.fullmatch(str(second.value)):
                for owner in self._values.dotted(first, scope):
                    if UNKNOWN not in owner and isinstance(second.value, str):
                        yield f"{owner}.{second.value}"
            elif not is_replace:
                yield from filter(_DOTTED.fullmatch, self._texts(first, scope))
        elif isinstance(first, (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Name, ast.Attribute, ast.Call)):
            if is_replace and (second is None or isinstance(second, (ast.Constant, ast.JoinedStr))):
                return  # of a string
            yield from filter(_DOTTED.fullmatch, self._texts(first, scope))

    def _is_own(self, func: ast.expr, scope: Scope) -> bool:
        """Whether what is called is a function of this file, whose own calls of `patch` tell."""
        if isinstance(func, ast.Attribute):
            return self._values.is_method_object(func.value, scope) and func.attr in self._functions
        dotted = self._names.dotted(func, scope) or ""
        return dotted.startswith(".")

    @cached_property
    def _functions(self) -> frozenset[str]:
        return frozenset(
            node.name
            for node in self._names.scopes
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        )

    # --- Assignments ----------------------------------------------------------------------------

    def by_assignment(self, node: ast.Attribute) -> Iterator[str]:
        """`boto3.client = fake`, `jobs.upload = fake`, `Repo.save = fake`; not `self.client = fake`."""
        scope = self._names.scope_of[node]
        if isinstance(node.value, ast.Name) and self._values.is_method_object(node.value, scope):
            return
        parent = self._names.parents[node]
        value = parent.value if isinstance(parent, (ast.Assign, ast.AnnAssign)) else None
        if _is_setting(value) and "boto3" not in (self._names.dotted(node, scope) or "").split("."):
            return
        yield from self._set(node.value, frozenset({node.attr}), scope)

    def _set(self, owner: ast.expr, attributes: Patterns, scope: Scope) -> Iterator[str]:
        """An attribute is set of an object that is known."""
        if self._names.is_bound_by_import(owner, scope):
            dotted = self._names.dotted(owner, scope)
            owners = frozenset({dotted}) if dotted is not None else frozenset()
        elif self._is_test:
            owners = self._values.dotted(owner, scope)
        else:
            return
        for known in owners:
            if UNKNOWN not in known.split(".") and not _DOUBLE.search(known):
                yield from (f"{known}.{attribute}" for attribute in attributes)

    def by_entry(self, node: ast.Subscript) -> Iterator[str]:
        """`sys.modules["app.jobs"] = fake`."""
        scope = scope_around(node, self._names)
        if not self._is_module_table(node.value, scope):
            return
        parent = self._names.parents[node]
        value = parent.value if isinstance(parent, ast.Assign) else None
        for text in self._texts(node.slice, scope):
            if text != UNKNOWN or not (isinstance(node.ctx, ast.Del) or self._is_loaded(value, scope)):
                yield text

    def _is_loaded(self, value: ast.expr | None, scope: Scope) -> bool:
        """Whether the value is a module of a file, or was in the table before, so that nothing is faked."""
        if value is None:
            return False
        return self._values.comes_from(value, scope, _MODULE_TABLE) or any(
            dotted.endswith(".module_from_spec()") for dotted in self._values.dotted(value, scope)
        )

    def _table(self, node: ast.expr, scope: Scope) -> str | None:
        """What comes before a key of the table in a dotted name: nothing for `sys.modules`, the module for
        its `__dict__`; None where the table is neither."""
        if self._is_module_table(node, scope):
            return ""
        if isinstance(node, ast.Call) and _last(node.func) == "vars" and node.args:
            return next((f"{owner}." for owner in sorted(self._values.dotted(node.args[0], scope))), None)
        for text in (*sorted(self._texts(node, scope)), *sorted(self._values.dotted(node, scope))):
            if text.endswith(".__dict__"):
                return text.removesuffix("__dict__")
        return None

    def _is_module_table(self, node: ast.expr, scope: Scope) -> bool:
        return self._values.is_module_table(node, scope)

    def _owner(self, node: ast.expr, scope: Scope) -> Patterns:
        """The module or class that `node` is, or names."""
        texts = self._texts(node, scope)
        return texts if texts != {UNKNOWN} else self._values.dotted(node, scope)

    def _texts(self, node: ast.expr, scope: Scope) -> Patterns:
        return self._values.texts(node, scope)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_setting(value: ast.expr | None) -> bool:
    """A number, a string, a list: what no function is replaced by."""
    return isinstance(
        value,
        (ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.DictComp),
    )
