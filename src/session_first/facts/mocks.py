"""What a file's patches replace: boto3, or names of the project. Test files are read, never edited.

A target is a dotted name; the parts that cannot be resolved are `*` (`*.boto3.client` for
`f"{module}.boto3.client"`). What cannot be resolved at all is `*`: it may be anything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.names import Names, Scope
from session_first.model import Replacement
from session_first.source import SourceFile

UNKNOWN = "*"

_BY_STRING = frozenset({"patch"})
_BY_OBJECT = frozenset({"object", "setattr", "delattr", "spy", "stub", "swap_attr"})
_MAPPINGS = frozenset({"dict", "setitem", "delitem"})
_DICT_OPTIONS = frozenset({"in_dict", "values", "clear", "raising"})
_MODULE_TABLE = "sys.modules"


def replacements(source: SourceFile, names: Names) -> tuple[Replacement, ...]:
    """Everything the file replaces, by patching or by assignment to a module's attribute."""
    found: list[Replacement] = []
    for node in names.parents:
        if isinstance(node, ast.Call):
            targets = _call_targets(node, names)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del)):
            targets = _assigned(node, names)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
            targets = _module_table_entry(node, names)
        else:
            continue
        found.extend(Replacement(target, source.start(node)) for target in targets)
    return tuple(sorted(set(found), key=lambda r: (r.position, r.target)))


def replaces_default_session(target: str) -> bool:
    """Whether replacing `target` may replace boto3's client or resource, or the module."""
    head, _, last = target.rpartition(".")
    if last == "boto3" or target == UNKNOWN:
        return True
    return last in {"client", "resource", UNKNOWN} and (
        head in {"", UNKNOWN} or head.rpartition(".")[2] == "boto3"
    )


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


def _call_targets(node: ast.Call, names: Names) -> Iterator[str]:
    scope = _scope(node, names)
    callee = _callee(node, names, scope)
    first = node.args[0] if node.args else _keyword(node, "target") or _keyword(node, "in_dict")
    if callee in _BY_STRING:
        if first is not None and _is_mock_call(node, names, scope):
            yield _text(first, names, scope)
    elif callee in _BY_OBJECT and first is not None:
        if isinstance(node.func, ast.Name) and not names.is_bound_by_import(first, scope):
            return  # the builtin setattr, of an object of the program's own
        named = _keyword(node, "attribute") or _keyword(node, "name")
        second = node.args[1] if len(node.args) > 1 else named
        if callee in {"setattr", "delattr"} and len(node.args) <= 2 and _is_text(first, names, scope):
            yield _text(first, names, scope)  # monkeypatch.setattr("pkg.mod.name", value)
        elif second is not None:
            owner = names.dotted(first, scope) or UNKNOWN
            yield f"{owner}.{_text(second, names, scope)}"
    elif callee == "multiple" and first is not None:
        owner = (
            _text(first, names, scope)
            if _is_text(first, names, scope)
            else names.dotted(first, scope) or UNKNOWN
        )
        for keyword in node.keywords:
            if keyword.arg != "target":
                yield f"{owner}.{keyword.arg or UNKNOWN}"
    elif callee in _MAPPINGS and first is not None:
        prefix = _table(first, names, scope)
        if prefix is not None:
            yield from (f"{prefix}{key}" for key in _replaced_keys(node))


def _replaced_keys(node: ast.Call) -> Iterator[str]:
    """The keys that `patch.dict(table, {…}, key=…)` or `monkeypatch.setitem(table, key, …)` replaces."""
    yield from (k.arg for k in node.keywords if k.arg is not None and k.arg not in _DICT_OPTIONS)
    for argument in (*node.args[1:], *(k.value for k in node.keywords)):
        for key in argument.keys if isinstance(argument, ast.Dict) else [argument]:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value


def _table(node: ast.expr, names: Names, scope: Scope) -> str | None:
    """What comes before a key of the table in a dotted name: nothing for `sys.modules`, the module for
    its `__dict__`; None where the table is neither."""
    if _is_module_table(node, names, scope):
        return ""
    for text in (_text(node, names, scope), names.dotted(node, scope) or ""):
        if text.endswith(".__dict__"):
            return text.removesuffix("__dict__")
    return None


def _callee(node: ast.Call, names: Names, scope: Scope) -> str:
    """The last part of what is called, by its own name where it was imported under another."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    dotted = names.dotted(node.func, scope) or ""
    return dotted.rpartition(".")[2] if "mock" in dotted else getattr(node.func, "id", "")


def _is_mock_call(node: ast.Call, names: Names, scope: Scope) -> bool:
    """Not `client.patch("/path")` of a web test client, nor `kubernetes.patch(...)`."""
    if isinstance(node.func, ast.Name):
        return True
    assert isinstance(node.func, ast.Attribute)
    owner = node.func.value
    last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return "mock" in last.lower() or "mock" in (names.dotted(owner, scope) or "").lower()


def _assigned(node: ast.Attribute, names: Names) -> Iterator[str]:
    """`boto3.client = fake`, `module.boto3 = fake`."""
    if not names.is_bound_by_import(node, names.scope_of[node]):
        return
    dotted = names.dotted(node, names.scope_of[node])
    if dotted is not None and "boto3" in dotted.split("."):
        yield dotted


def _module_table_entry(node: ast.Subscript, names: Names) -> Iterator[str]:
    if _is_module_table(node.value, names, _scope(node.value, names)):
        key = node.slice
        yield key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else UNKNOWN


def _is_module_table(node: ast.expr, names: Names, scope: Scope) -> bool:
    return _text(node, names, scope) == _MODULE_TABLE or names.dotted(node, scope) == _MODULE_TABLE


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in node.keywords if k.arg == name), None)


def _scope(node: ast.AST, names: Names) -> Scope:
    """The scope a node is evaluated in, near enough to look up module constants."""
    while node not in names.scopes:
        node = names.parents[node]
    return names.scopes[node]


def _is_text(node: ast.expr, names: Names, scope: Scope) -> bool:
    return _text(node, names, scope) != UNKNOWN


def _text(node: ast.expr, names: Names, scope: Scope, depth: int = 4) -> str:
    """The string an expression gives, with `*` for its unknown parts."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr():
            return _tidy("".join(_text(part, names, scope, depth) for part in node.values))
        case ast.FormattedValue():
            return _text(node.value, names, scope, depth)
        case ast.BinOp(op=ast.Add()):
            return _tidy(_text(node.left, names, scope, depth) + _text(node.right, names, scope, depth))
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(value))):
            return _tidy(value.replace("%s", UNKNOWN).replace("%r", UNKNOWN))
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(value)), attr="format")):
            return _tidy("".join(UNKNOWN if part.startswith("}") else part for part in _split_fields(value)))
        case ast.Attribute(attr="__name__"):
            return names.dotted(node.value, scope) or UNKNOWN
        case ast.Name(id="__name__"):
            return names.module
        case ast.Name() if depth:
            bindings = names.lookup(node.id, scope)
            if len(bindings) == 1 and bindings[0].value is not None:
                return _text(bindings[0].value, names, bindings[0].scope, depth - 1)
    return UNKNOWN


def _split_fields(text: str) -> Iterator[str]:
    """The literal parts of a format string, each field between them as `}`."""
    rest = text
    while "{" in rest:
        literal, _, rest = rest.partition("{")
        yield literal
        yield "}"
        _, _, rest = rest.partition("}")
    yield rest


def _tidy(text: str) -> str:
    """An unknown part takes the rest of its dotted component with it."""
    return ".".join(UNKNOWN if UNKNOWN in part else part for part in text.split("."))
