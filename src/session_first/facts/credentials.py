"""A module's names in; every value that may carry credentials, and what becomes of it, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from session_first.facts.blocks import Blocks
from session_first.facts.names import (
    COMPREHENSIONS,
    FUNCTIONS,
    FunctionNode,
    Names,
    Scope,
    all_arguments,
    identifiers,
    qualified_name,
)
from session_first.facts.sessions import SESSION_CLASSES, Sessions, canonical
from session_first.facts.webs import Webs
from session_first.model import (
    Annotation,
    AttributePlace,
    BlockStep,
    Choice,
    Contents,
    Dropped,
    Entry,
    Fate,
    KeyArgument,
    Maker,
    Nothing,
    Occurrences,
    Passed,
    Position,
    PutInEnvironment,
    Read,
    Record,
    Result,
    Returned,
    RoleArgument,
    RoleCall,
    Scoped,
    SourceText,
    Stored,
    Tested,
    Transfer,
    Unknown,
    Unpacked,
    Used,
    Value,
    ValueFacts,
    Variable,
)
from session_first.source import SourceFile

ANY_KEY = "*"
"""The key of an entry that is asked for by a key of its own."""

ARGUMENTS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
"""The arguments that make an identity of Session, client and resource."""

_CLIENT_PARAMETERS = (
    *("service_name", "region_name", "api_version", "use_ssl", "verify", "endpoint_url"),
    *ARGUMENTS,
    "config",
)
_SESSION_PARAMETERS = (*ARGUMENTS, "region_name", "botocore_session", "profile_name")
_APIS: dict[str, Literal["client", "resource", "session"]] = {
    "boto3.client": "client",
    "boto3.resource": "resource",
    **dict.fromkeys(SESSION_CLASSES, "session"),
}
_ENVIRONMENT = "os.environ"
_SUPPRESSING = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})
_PATCH = "aws_assume_role_lib.patch_boto3"
_UNKNOWN = Unknown()


def values(source: SourceFile, names: Names) -> ValueFacts:
    """How values travel through the module."""
    walk = _Walk(source, names)
    walk.module()
    return ValueFacts(
        transfers=tuple(walk.transfers),
        scopes={scoped.position: scoped for scoped in walk.scoped()},
        variables=walk.variables(),
        attributes=frozenset(node.attr for node in names.scope_of if isinstance(node, ast.Attribute)),
        patches_boto3=any(
            names.dotted(node, scope) == _PATCH
            for node, scope in names.scope_of.items()
            if isinstance(node, (ast.Name, ast.Attribute))
        ),
    )


class _Walk:
    """Walks the statements of a module and notes what becomes of each value."""

    def __init__(self, source: SourceFile, names: Names) -> None:
        self._source = source
        self._names = names
        self._blocks = Blocks(source, names.parents)
        self._sessions = Sessions(names, self._blocks)
        self._webs = Webs(names, self._blocks)
        self._statement: ast.stmt = names.tree  # type: ignore[assignment] # until the first statement
        self._paths: dict[ast.stmt, tuple[BlockStep, ...]] = {}
        self._in_handlers: dict[ast.stmt, bool] = {}
        self.transfers: list[Transfer] = []

    def module(self) -> None:
        """Walks everything."""
        self._body(self._names.tree.body, self._names.top)

    # --- Statements -----------------------------------------------------------------------------

    def _body(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        for statement in body:
            outer, self._statement = self._statement, statement
            self._visit(statement, scope)
            self._statement = outer

    def _visit(self, statement: ast.stmt, scope: Scope) -> None:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(statement, scope)
            case ast.ClassDef():
                keywords = [keyword.value for keyword in statement.keywords]
                for part in (*statement.decorator_list, *statement.bases, *keywords):
                    self._use(part, scope, "a class")
                self._body(statement.body, self._names.scopes[statement])
            case ast.Assign():
                self._assign(statement.targets, statement.value, scope)
            case ast.AnnAssign():
                if statement.value is not None:
                    self._assign([statement.target], statement.value, scope)
            case ast.AugAssign():
                self._use(statement.value, scope, "an operator")
                self._bind(statement.target, scope)
            case ast.Return():
                self._returned(statement, scope)
            case ast.Expr():
                value = self._value(statement.value, scope)
                self._note(value, Dropped(), statement.value, scope, whole=True)
            case ast.If() | ast.While():
                self._test(statement.test, scope)
                self._body(statement.body, scope)
                self._body(statement.orelse, scope)
            case ast.For() | ast.AsyncFor():
                self._use(statement.iter, scope, "a loop over it")
                self._bind(statement.target, scope)
                self._body(statement.body, scope)
                self._body(statement.orelse, scope)
            case ast.With() | ast.AsyncWith():
                for item in statement.items:
                    self._use(item.context_expr, scope, "a with statement")
                    if item.optional_vars is not None:
                        self._bind(item.optional_vars, scope)
                self._body(statement.body, scope)
            case ast.Assert():
                self._test(statement.test, scope)
                if statement.msg is not None:
                    self._use(statement.msg, scope, "a message")
            case _:
                self._compound(statement, scope)

    def _compound(self, statement: ast.stmt, scope: Scope) -> None:
        for child in ast.iter_child_nodes(statement):
            match child:
                case ast.stmt():
                    self._body([child], scope)
                case ast.ExceptHandler():
                    self._body(child.body, scope)
                case ast.match_case():
                    if child.guard is not None:
                        self._test(child.guard, scope)
                    self._body(child.body, scope)
                case ast.expr():
                    self._use(child, scope, f"a {type(statement).__name__.lower()} statement")
                case _:
                    pass

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        for decorator in node.decorator_list:
            self._use(decorator, scope, "a decorator")
        self._parameters(node, scope)
        self._body(node.body, self._names.scopes[node])

    def _parameters(self, node: FunctionNode, scope: Scope) -> None:
        """The defaults are what the parameters hold where nothing is passed."""
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [
            *zip(reversed(positional), reversed(arguments.defaults), strict=False),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        owner = self._source.start(node)
        for argument, default in pairs:
            if default is not None:
                place = Variable(owner, argument.arg)
                position = self._source.position(argument.lineno, argument.col_offset)
                fate = Stored(place, position, position, shared=True)
                self._note(self._value(default, scope), fate, default, scope)

    def _returned(self, statement: ast.Return, scope: Scope) -> None:
        functions = scope.functions()
        if statement.value is None or not functions:
            if functions:
                fate = self._return_fate(functions[0])
                self._append(Nothing(empty=False), fate, statement, statement, scope, None)
            return
        value = self._value(statement.value, scope)
        self._note(value, self._return_fate(functions[0]), statement.value, scope, whole=True)

    def _return_fate(self, function: FunctionNode) -> Returned:
        return Returned(self._source.start(function), qualified_name(function, self._names))

    def _assign(self, targets: Sequence[ast.expr], value_node: ast.expr, scope: Scope) -> None:
        value = self._value(value_node, scope)
        shared = len(targets) > 1
        for target in targets:
            fate = self._target(target, scope, shared=shared)
            if fate is None:
                self._use_value(value, value_node, scope, f"it is kept in {ast.unparse(target)}")
            else:
                self._note(value, fate, value_node, scope, whole=not shared)

    def _target(self, target: ast.expr, scope: Scope, *, shared: bool) -> Fate | None:
        start, end = self._source.start(target), self._source.end(target)
        match target:
            case ast.Name():
                place = self._variable(target, scope)
                return None if place is None else Stored(place, start, end, shared)
            case ast.Attribute():
                attribute = self._attribute(target, scope)
                if attribute.class_name is None:
                    self._use(target.value, scope, "an attribute of it is set", method=None)
                return Stored(attribute, start, end, shared)
            case ast.Subscript():
                if self._names.dotted(target.value, scope) == _ENVIRONMENT:
                    key = target.slice
                    return PutInEnvironment(str(key.value) if isinstance(key, ast.Constant) else ANY_KEY)
                self._use(target.slice, scope, "a key")
                container = self._place(target.value, scope)
                if container is None:
                    self._use(target.value, scope, "an entry of it is set")
                    return None
                return Stored(Contents(container), start, end, shared)
            case ast.Tuple() | ast.List():
                places: list[Variable | None] = [
                    self._variable(element, scope) if isinstance(element, ast.Name) else None
                    for element in target.elts
                ]
                for element in target.elts:
                    if not isinstance(element, ast.Name):
                        self._bind(element, scope)
                return Unpacked(tuple(places), start, end)
            case _:
                return None

    def _bind(self, target: ast.expr, scope: Scope) -> None:
        """A target that gets a value nobody follows."""
        fate = self._target(target, scope, shared=True)
        match fate:
            case Stored():
                self._append(_UNKNOWN, fate, target, self._statement, scope, None)
            case Unpacked():
                for place in fate.places:
                    if place is not None:
                        stored = Stored(place, fate.position, fate.end, shared=True)
                        self._append(_UNKNOWN, stored, target, self._statement, scope, None)
            case _:
                pass

    # --- Values ---------------------------------------------------------------------------------

    def _value(self, node: ast.expr, scope: Scope) -> Value:
        start, end = self._source.start(node), self._source.end(node)
        match node:
            case ast.Constant():
                return Nothing(empty=False) if node.value is None else _UNKNOWN
            case ast.Name():
                place = self._variable(node, scope)
                return _UNKNOWN if place is None else Read(place, start, end, node.id)
            case ast.Attribute():
                return self._attribute_value(node, scope)
            case ast.Subscript():
                return self._subscript(node, scope)
            case ast.Call():
                return self._call(node, scope)
            case ast.Tuple() | ast.List():
                if not node.elts:
                    return Nothing(empty=True)
                if any(isinstance(element, ast.Starred) for element in node.elts):
                    return self._other(node, scope, "a list")
                parts = tuple(self._value(element, scope) for element in node.elts)
                slots = tuple(str(number) for number in range(len(parts)))
                entries = tuple(self._source.start(element) for element in node.elts)
                return Record("tuple", False, slots, parts, entries, start, end)
            case ast.Dict():
                return self._dict(node, scope)
            case ast.IfExp():
                self._test(node.test, scope)
                options = tuple(self._value(option, scope) for option in (node.body, node.orelse))
                return Choice(options, start, end)
            case ast.BoolOp():
                options = tuple(self._value(option, scope) for option in node.values)
                if isinstance(node.op, ast.And):
                    for option in node.values[:-1]:
                        self._test(option, scope)
                    return options[-1]
                return Choice(options, start, end)
            case ast.NamedExpr():
                value = self._value(node.value, scope)
                place = self._variable(node.target, scope)
                if place is None:
                    return value
                target = self._source.start(node.target), self._source.end(node.target)
                self._note(value, Stored(place, *target, shared=True), node.value, scope)
                return Read(place, start, end, node.target.id)
            case ast.Await():
                if isinstance(node.value, ast.Call) and self._is_role_call(node.value, scope):
                    return self._other(node, scope, "it is awaited")
                return self._value(node.value, scope)
            case ast.UnaryOp(op=ast.Not()):
                self._test(node.operand, scope)
                return _UNKNOWN
            case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn() | ast.Eq() | ast.NotEq()]):
                if _is_presence_test(node):
                    for part in (node.left, node.comparators[0]):
                        self._test(part, scope)
                    return _UNKNOWN
                return self._other(node, scope, "a comparison")
            case ast.Lambda():
                self._parameters(node, scope)
                inner = self._names.scopes[node]
                value = self._value(node.body, inner)
                fate = Returned(start, qualified_name(node, self._names))
                self._note(value, fate, node.body, inner)
                return _UNKNOWN
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node, scope)
                return _UNKNOWN
            case _:
                return self._other(node, scope, _description(node))

    def _other(self, node: ast.expr, scope: Scope, how: str) -> Value:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._use(child, scope, how)
            elif isinstance(child, ast.keyword):
                self._use(child.value, scope, how)
        return _UNKNOWN

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: Scope
    ) -> None:
        inner = self._names.scopes[node]
        for number, generator in enumerate(node.generators):
            self._use(generator.iter, scope if number == 0 else inner, "a loop over it")
            for condition in generator.ifs:
                self._test(condition, inner)
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for part in parts:
            self._use(part, inner, "a comprehension")

    def _attribute_value(self, node: ast.Attribute, scope: Scope) -> Value:
        attribute = self._attribute(node, scope)
        if attribute.class_name is None:
            dotted = self._names.dotted(node, scope)
            if dotted is not None and self._names.is_bound_by_import(node, scope):
                return _UNKNOWN  # something of a module
            self._use(node.value, scope, f"its attribute .{node.attr} is read")
        return Read(attribute, self._source.start(node), self._source.end(node), ast.unparse(node))

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Value:
        of = self._value(node.value, scope)
        key = _literal_key(node.slice)
        if key is None:
            if isinstance(node.slice, ast.Slice):
                self._use_value(of, node.value, scope, "a slice of it")
                return _UNKNOWN
            self._use(node.slice, scope, "a key")
        start, end = self._source.start(node), self._source.end(node)
        return Entry(of, key or ANY_KEY, False, start, end, self._source.segment(start, end))

    def _dict(self, node: ast.Dict, scope: Scope) -> Value:
        if not node.keys:
            return Nothing(empty=True)
        keys = [_literal_key(key) if key is not None else None for key in node.keys]
        if None in keys:
            for key_node, value in zip(node.keys, node.values, strict=True):
                if key_node is not None:
                    self._use(key_node, scope, "a key")
                self._use(value, scope, "a dict")
            return _UNKNOWN
        parts = tuple(self._value(value, scope) for value in node.values)
        entries = tuple(self._source.start(key) for key in node.keys if key is not None)
        slots = tuple(key for key in keys if key is not None)
        return Record("dict", False, slots, parts, entries, self._source.start(node), self._source.end(node))

    # --- Calls ----------------------------------------------------------------------------------

    def _call(self, node: ast.Call, scope: Scope) -> Value:
        start, end = self._source.start(node), self._source.end(node)
        if self._is_role_call(node, scope):
            return self._role_call(node, scope)
        maker = self._maker(node, scope)
        if maker is not None:
            return maker
        function = node.func
        if isinstance(function, ast.Name) and function.id == "dict" and not self._names.lookup("dict", scope):
            record = self._dict_call(node, scope)
            if record is not None:
                return record
        if isinstance(function, ast.Attribute):
            dotted = self._names.dotted(function, scope)
            if function.attr == "get" and node.args and dotted != f"{_ENVIRONMENT}.get":
                of = self._value(function.value, scope)
                key = _literal_key(node.args[0])
                if len(node.args) > 1:
                    self._use(node.args[1], scope, "a default")
                if key is None:
                    self._use(node.args[0], scope, "a key")
                if not isinstance(of, Unknown):
                    return Entry(of, key or ANY_KEY, True, start, end, self._source.segment(start, end))
            elif f"{_ENVIRONMENT}." in f"{dotted}." and function.attr in {"update", "setdefault", "putenv"}:
                self._environment(node, scope)
                return _UNKNOWN
            else:
                self._receiver(function, scope)
        elif not isinstance(function, ast.Name):
            self._use(function, scope, "it is called")
        self._arguments(node, scope)
        return Result(start, end, self._source.segment(start, end), self._sessions.makes_session(node, scope))

    def _receiver(self, function: ast.Attribute, scope: Scope) -> None:
        """What a method is called on."""
        if self._names.is_bound_by_import(function, scope):
            return
        value = self._value(function.value, scope)
        method = function.attr
        fate = Used(f".{method}() is called on it", method)
        self._note(value, fate, function.value, scope)

    def _arguments(self, node: ast.Call, scope: Scope) -> None:
        start, end = self._source.start(node), self._source.end(node)
        callee = ast.unparse(node.func)
        for index, argument in enumerate(node.args):
            starred = isinstance(argument, ast.Starred)
            inner = argument.value if isinstance(argument, ast.Starred) else argument
            fate = Passed(start, end, index, None, starred, callee)
            self._note(self._value(inner, scope), fate, inner, scope)
        for index, keyword in enumerate(node.keywords, len(node.args)):
            fate = Passed(start, end, index, keyword.arg, keyword.arg is None, callee)
            self._note(self._value(keyword.value, scope), fate, keyword.value, scope)

    def _environment(self, node: ast.Call, scope: Scope) -> None:
        """`os.environ.update({…}, NAME=…)`, `os.environ.setdefault("NAME", …)`."""
        for argument in node.args:
            value = self._value(argument, scope)
            self._note(value, PutInEnvironment(ANY_KEY), argument, scope)
        for keyword in node.keywords:
            value = self._value(keyword.value, scope)
            self._note(value, PutInEnvironment(keyword.arg or ANY_KEY), keyword.value, scope)

    def _dict_call(self, node: ast.Call, scope: Scope) -> Value | None:
        if node.args or any(keyword.arg is None for keyword in node.keywords):
            return None
        start, end = self._source.start(node), self._source.end(node)
        if not node.keywords:
            return Nothing(empty=True)
        parts = tuple(self._value(keyword.value, scope) for keyword in node.keywords)
        entries = tuple(self._source.position(k.lineno, k.col_offset) for k in node.keywords)
        slots = tuple(keyword.arg or "" for keyword in node.keywords)
        return Record("dict", True, slots, parts, entries, start, end)

    def _is_role_call(self, node: ast.Call, scope: Scope) -> bool:
        """boto3's `assume_role`: keywords in capitals, on an object that is no session."""
        function = node.func
        if not isinstance(function, ast.Attribute) or function.attr != "assume_role" or node.args:
            return False
        if not node.keywords or isinstance(self._names.parents.get(node), ast.Await):
            return False
        if any(keyword.arg is not None and not keyword.arg[:1].isupper() for keyword in node.keywords):
            return False
        owner = function.value
        if isinstance(owner, ast.Name) and owner.id in {"self", "cls"}:
            return False
        if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super":
            return False
        if self._names.is_bound_by_import(function, scope):
            return self._is_module_client(owner, scope)
        return not (
            self._sessions.makes_session(owner, scope) or self._sessions.is_session_name(owner, scope)
        )

    def _is_module_client(self, owner: ast.expr, scope: Scope) -> bool:
        """`clients.sts.assume_role(…)`: of the project's own module; never boto3's or the library's."""
        dotted = self._names.dotted(owner, scope) or ""
        return bool({"sts", "sts_client"} & {dotted.rpartition(".")[2].lower()})

    def _role_call(self, node: ast.Call, scope: Scope) -> RoleCall:
        assert isinstance(node.func, ast.Attribute)
        receiver = self._value(node.func.value, scope)
        return RoleCall(
            receiver,
            self._source.start(node),
            self._source.end(node),
            tuple(self._role_argument(keyword, scope) for keyword in node.keywords),
        )

    def _role_argument(self, keyword: ast.keyword, scope: Scope) -> RoleArgument:
        position = self._source.position(keyword.lineno, keyword.col_offset)
        value = keyword.value
        text = self._source.segment(self._source.start(value), self._source.end(value))
        if keyword.arg is not None:
            self._use(value, scope, f"the argument {keyword.arg} of assume_role")
            number = self._number(value, scope)
            return RoleArgument(keyword.arg, position, text, number, None, (), None)
        known = self._known_entries(value, scope)
        display = None
        if isinstance(value, ast.Dict):
            self._use(value, scope, "the arguments of assume_role")
            if all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in value.keys):
                display = tuple(
                    (
                        str(key.value),
                        self._source.segment(self._source.start(item), self._source.end(item)),
                    )
                    for key, item in zip(value.keys, value.values, strict=True)
                    if isinstance(key, ast.Constant)
                )
        keys = None if known is None else tuple(known)
        numbers = () if known is None else tuple(known.items())
        return RoleArgument(None, position, text, None, keys, numbers, display)

    def _number(self, node: ast.expr, scope: Scope, depth: int = 3) -> int | None:
        """The integer that the expression certainly is."""
        if isinstance(node, ast.Constant):
            is_number = isinstance(node.value, int) and not isinstance(node.value, bool)
            return int(node.value) if is_number and isinstance(node.value, int) else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            left, right = (self._number(part, scope, depth) for part in (node.left, node.right))
            return left * right if left is not None and right is not None else None
        if isinstance(node, ast.Name) and depth:
            bindings = self._names.lookup(node.id, scope)
            if len(bindings) == 1 and bindings[0].kind == "assign" and bindings[0].value is not None:
                return self._number(bindings[0].value, bindings[0].scope, depth - 1)
        return None

    def _known_entries(self, node: ast.expr, scope: Scope) -> dict[str, int | None] | None:
        """The keys that a dict may have, with the integers they certainly are; None where one is not known."""
        match node:
            case ast.Dict():
                entries: dict[str, int | None] = {}
                for key, value in zip(node.keys, node.values, strict=True):
                    if key is None:
                        inner = self._known_entries(value, scope)
                        if inner is None:
                            return None
                        entries.update(inner)
                    elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                        entries[key.value] = self._number(value, scope)
                    else:
                        return None
                return entries
            case ast.Call(func=ast.Name(id="dict"), args=[]):
                if any(keyword.arg is None for keyword in node.keywords):
                    return None
                return {str(k.arg): self._number(k.value, scope) for k in node.keywords}
            case ast.IfExp():
                options = [self._known_entries(part, scope) for part in (node.body, node.orelse)]
                found: dict[str, int | None] = {}
                for option in options:
                    if option is None:
                        return None
                    found.update(option)
                return found
            case ast.Name():
                return self._local_entries(node, scope)
            case _:
                return None

    def _local_entries(self, name: ast.Name, scope: Scope) -> dict[str, int | None] | None:
        """The keys of a dict that is a local, and that only grows by entries of literal keys."""
        functions = scope.functions()
        bindings = self._names.lookup(name.id, scope)
        if not functions or any(b.kind != "assign" or b.scope is not scope for b in bindings):
            return None
        entries: dict[str, int | None] = {}
        for binding in bindings:
            assert binding.value is not None
            if isinstance(binding.value, ast.Name):
                return None
            known = self._known_entries(binding.value, scope)
            if known is None:
                return None
            entries.update(known)
        for node in ast.walk(functions[0]):
            if not isinstance(node, ast.Name) or node.id != name.id or not isinstance(node.ctx, ast.Load):
                continue
            parent = self._names.parents[node]
            if isinstance(parent, ast.keyword) and parent.arg is None:
                continue  # unpacked, here or elsewhere
            holder = self._names.parents.get(parent)
            match parent:
                case ast.Subscript(slice=ast.Constant(value=str(key))):
                    stored = isinstance(parent.ctx, ast.Store) and isinstance(holder, ast.Assign)
                    number = (
                        self._number(holder.value, scope)
                        if isinstance(holder, ast.Assign) and stored
                        else None
                    )
                    if isinstance(parent.ctx, ast.Store):
                        entries[key] = number
                case ast.Attribute(attr="update") if isinstance(holder, ast.Call):
                    for argument in holder.args:
                        inner = self._known_entries(argument, scope)
                        if inner is None:
                            return None
                        entries.update(inner)
                    for keyword in holder.keywords:
                        if keyword.arg is None:
                            return None
                        entries[keyword.arg] = self._number(keyword.value, scope)
                case ast.Call() if parent.func is not node and _only_shows(parent):
                    pass
                case _:
                    return None
        return entries

    # --- Sessions, clients and resources --------------------------------------------------------

    def _maker(self, node: ast.Call, scope: Scope) -> Maker | None:
        dotted = canonical(self._names.dotted(node.func, scope))
        api = _APIS.get(dotted or "")
        owner: ast.expr | None = None
        or_default = False
        if api is None:
            function = node.func
            if not isinstance(function, ast.Attribute) or function.attr not in {"client", "resource"}:
                return None
            if not (node.args or node.keywords) or self._names.is_bound_by_import(function, scope):
                return None
            api = "client" if function.attr == "client" else "resource"
            owner = function.value
            if isinstance(owner, ast.BoolOp) and isinstance(owner.op, ast.Or) and len(owner.values) == 2:
                or_default = canonical(self._names.dotted(owner.values[1], scope)) == "boto3"
                owner = owner.values[0] if or_default else owner
        elif not self._names.is_bound(node.func, scope):
            return None
        parameters = _SESSION_PARAMETERS if api == "session" else _CLIENT_PARAMETERS
        if len(node.args) > len(parameters) or any(isinstance(a, ast.Starred) for a in node.args):
            return None
        named: list[tuple[str | None, ast.expr, Position]] = [
            (name, argument, self._source.start(argument))
            for name, argument in zip(parameters, node.args, strict=False)
        ]
        named.extend(
            (keyword.arg, keyword.value, self._source.position(keyword.lineno, keyword.col_offset))
            for keyword in node.keywords
        )
        return self._made(node, api, owner, named, scope, or_default=or_default)

    def _made(
        self,
        node: ast.Call,
        api: Literal["client", "resource", "session"],
        owner: ast.expr | None,
        named: Sequence[tuple[str | None, ast.expr, Position]],
        scope: Scope,
        *,
        or_default: bool,
    ) -> Maker:
        keys: list[KeyArgument] = []
        unpacked: list[tuple[Value, Position]] = []
        others: list[str] = []
        region: SourceText | None = None
        service: str | None = None
        service_position: Position | None = None
        for name, argument, position in named:
            if name is None:
                unpacked.append((self._value(argument, scope), position))
            elif name in ARGUMENTS:
                text = self._source.segment(self._source.start(argument), self._source.end(argument))
                given = self._is_given(argument, scope)
                keys.append(KeyArgument(name, self._value(argument, scope), position, text, given))
            else:
                self._use(argument, scope, f"the argument {name} of {ast.unparse(node.func)}")
                if name == "region_name":
                    region = self._text(argument, scope, position)
                elif name == "service_name":
                    service_position = position
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        service = argument.value
                else:
                    others.append(name)
        function = node.func
        assert not isinstance(function, ast.Lambda)
        owner_node = owner if owner is not None else function
        return Maker(
            api=api,
            owner=None if owner is None else self._value(owner, scope),
            owner_text=None
            if owner is None
            else self._source.segment(self._source.start(owner), self._source.end(owner)),
            owner_position=self._source.start(owner_node),
            owner_end=self._source.end(owner_node),
            or_default=or_default,
            evidence=owner is not None and self._is_session(owner, node, scope),
            position=self._source.start(node),
            end=self._source.end(node),
            callee_end=self._source.end(function),
            text=_shown(node),
            service=service,
            service_position=service_position,
            keys=tuple(keys),
            unpacked=tuple(unpacked),
            region=region,
            others=tuple(others),
        )

    def _is_session(self, owner: ast.expr, site: ast.expr, scope: Scope) -> bool:
        if self._sessions.makes_session(owner, scope) or self._sessions.is_session_name(owner, scope):
            return True
        text = ast.unparse(owner)
        return any(binding.expression == text for binding in self._sessions.at(site, scope))

    def _is_given(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the expression is certainly not None: a literal, or `os.environ["NAME"]`."""
        match node:
            case ast.Constant() | ast.JoinedStr():
                return not isinstance(node, ast.Constant) or isinstance(node.value, str)
            case ast.Subscript():
                return self._names.dotted(node.value, scope) == _ENVIRONMENT
            case ast.Name():
                bindings = self._names.lookup(node.id, scope)
                return (
                    bool(bindings)
                    and all(
                        b.kind == "assign" and b.value is not None and self._is_given(b.value, b.scope)
                        for b in bindings
                        if not (isinstance(b.value, ast.Name))
                    )
                    and not any(isinstance(b.value, ast.Name) for b in bindings)
                )
            case _:
                return False

    def _text(self, node: ast.expr, scope: Scope, position: Position) -> SourceText:
        start, end = self._source.start(node), self._source.end(node)
        return SourceText(
            self._source.segment(start, end),
            frozenset(identifiers(ast.walk(node))),
            all(_is_pure(part) for part in ast.walk(node)),
            position,
        )

    # --- Notes ----------------------------------------------------------------------------------

    def _use(self, node: ast.expr, scope: Scope, how: str, method: str | None = None) -> None:
        self._use_value(self._value(node, scope), node, scope, how)

    def _use_value(self, value: Value, node: ast.expr, scope: Scope, how: str) -> None:
        self._note(value, Used(how), node, scope)

    def _test(self, node: ast.expr, scope: Scope) -> None:
        if isinstance(node, ast.BoolOp):
            for part in node.values:
                self._test(part, scope)
            return
        self._note(self._value(node, scope), Tested(), node, scope)

    def _note(self, value: Value, fate: Fate, node: ast.expr, scope: Scope, *, whole: bool = False) -> None:
        if isinstance(value, Unknown) and not isinstance(fate, (Stored, Unpacked, Returned)):
            return
        statement = self._source.start(self._statement) if whole else None
        self._append(value, fate, node, self._statement, scope, statement)

    def _append(
        self,
        value: Value,
        fate: Fate,
        node: ast.expr | ast.stmt,
        within: ast.stmt,
        scope: Scope,
        statement: Position | None,
    ) -> None:
        functions = scope.functions()
        root: ast.AST = functions[0] if functions else self._names.tree
        is_lambda = isinstance(root, ast.Lambda)
        self.transfers.append(
            Transfer(
                value=value,
                fate=fate,
                position=self._source.start(node),
                end=self._source.end(node),
                function=self._source.start(functions[0]) if functions else None,
                statement=statement,
                within=self._source.start(within),
                path=() if is_lambda else self._path(within, root),
                caught=self._caught(within),
                hoistable=(
                    not is_lambda
                    and isinstance(node, ast.expr)
                    and isinstance(_whole(value), RoleCall)
                    and self._hoistable(node)
                ),
            )
        )

    def _path(self, statement: ast.stmt, root: ast.AST) -> tuple[BlockStep, ...]:
        if statement not in self._paths:
            self._paths[statement] = self._blocks.path(statement, root)  # type: ignore[arg-type] # a module is a root too
        return self._paths[statement]

    def _caught(self, statement: ast.stmt) -> bool:
        """Whether the statement stands where its function (or one around) catches exceptions."""
        if statement not in self._in_handlers:
            self._in_handlers[statement] = any(
                _catches_in(child, holder) for child, holder in self._blocks.ancestors(statement)
            )
        return self._in_handlers[statement]

    def _hoistable(self, node: ast.expr) -> bool:
        """Whether the statement around evaluates `node` first, so that it may do so a statement earlier."""
        statement = self._blocks.statement(node)
        simple = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr))
        return simple and self._blocks.evaluated_first(node)

    # --- Places ---------------------------------------------------------------------------------

    def _place(self, node: ast.expr, scope: Scope) -> Variable | AttributePlace | None:
        if isinstance(node, ast.Name):
            return self._variable(node, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope)
        return None

    def _variable(self, node: ast.Name, scope: Scope) -> Variable | None:
        owner = self._names.binder(node.id, scope)
        if owner is None:
            return None
        bindings = owner.bindings.get(node.id, ())
        if not bindings or all(b.kind in {"import", "def", "class"} for b in bindings):
            return None
        if isinstance(owner.node, ast.Module):
            return Variable(None, node.id, self._webs.number(node, owner))
        if isinstance(owner.node, FUNCTIONS):
            return Variable(self._source.start(owner.node), node.id, self._webs.number(node, owner))
        return None

    def _attribute(self, node: ast.Attribute, scope: Scope) -> AttributePlace:
        if isinstance(node.value, ast.Name):
            for around in scope.chain():
                function = around.node
                if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or around.parent is None:
                    continue
                holder = around.parent.node
                first = next(iter((*function.args.posonlyargs, *function.args.args)), None)
                if isinstance(holder, ast.ClassDef) and first is not None and first.arg == node.value.id:
                    if any(
                        isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list
                    ):
                        break
                    return AttributePlace(qualified_name(holder, self._names), node.attr)
        return AttributePlace(None, node.attr)

    # --- Scopes ---------------------------------------------------------------------------------

    def scoped(self) -> Iterator[Scoped]:
        """The module and its functions."""
        yield self._scoped(self._names.tree, self._names.top)
        for node, scope in self._names.scopes.items():
            if isinstance(node, FUNCTIONS):
                yield self._scoped(node, scope)

    def _scoped(self, node: ast.Module | FunctionNode, scope: Scope) -> Scoped:
        functions = scope.functions()
        inside = [child for child in ast.walk(node) if child is not node]
        is_function = isinstance(node, FUNCTIONS)
        holder = scope.parent.node if scope.parent is not None else None
        return Scoped(
            position=self._source.start(node) if isinstance(node, FUNCTIONS) else None,
            name=qualified_name(node, self._names) if isinstance(node, FUNCTIONS) else None,
            class_name=qualified_name(holder, self._names) if isinstance(holder, ast.ClassDef) else None,
            outermost=self._source.start(functions[-1]) if functions else None,
            parameters=tuple(a.arg for a in all_arguments(node.args)) if isinstance(node, FUNCTIONS) else (),
            names=frozenset(identifiers(inside)),
            catches=any(_catches(child) for child in (inside if is_function else self._own(node))),
            falls_through=(
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not _ends(node.body)
            ),
            yields=is_function and any(isinstance(child, (ast.Yield, ast.YieldFrom)) for child in inside),
            uses_locals=any(
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Name)
                and child.func.id in {"locals", "vars", "globals", "eval", "exec"}
                for child in inside
            ),
            annotations=dict(self._annotations(node)),
            boto3_import=self._boto3_import(scope),
        )

    def _annotations(self, node: ast.Module | FunctionNode) -> Iterator[tuple[str, Annotation]]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for argument in all_arguments(node.args):
                if argument.annotation is not None:
                    yield argument.arg, self._annotation(argument.annotation)
            if node.returns is not None:
                yield "return", self._annotation(node.returns)

    def _annotation(self, node: ast.expr) -> Annotation:
        start, end = self._source.start(node), self._source.end(node)
        return Annotation(start, end, self._source.segment(start, end))

    def _boto3_import(self, scope: Scope) -> Position | None:
        bindings = scope.bindings.get("boto3", ())
        if not bindings or any(b.dotted != "boto3" for b in bindings):
            return None
        statements = [b.node for b in bindings if isinstance(b.node, ast.Import)]
        if len(statements) != len(bindings):
            return None
        if scope is self._names.top and (len(statements) > 1 or statements[0] not in self._names.tree.body):
            return None
        return min(self._source.start(statement) for statement in statements)

    def _own(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes of a module outside its functions."""
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, FUNCTIONS):
                yield child
                yield from self._own(child)

    def variables(self) -> Mapping[Variable, Occurrences]:
        """Where the name of each local variable stands."""
        places: dict[Variable, list[tuple[Position, Position]]] = {}
        bindings: dict[Variable, int] = {}
        annotations: dict[Variable, Annotation] = {}
        for node, scope in self._names.scope_of.items():
            if not isinstance(node, ast.Name):
                continue
            around = scope
            if isinstance(self._names.parents.get(node), ast.NamedExpr):
                while isinstance(around.node, COMPREHENSIONS) and around.parent is not None:
                    around = around.parent
            variable = self._variable(node, around)
            if variable is None:
                continue
            places.setdefault(variable, []).append((self._source.start(node), self._source.end(node)))
            if not isinstance(node.ctx, ast.Load):
                bindings[variable] = bindings.get(variable, 0) + 1
                holder = self._names.parents.get(node)
                if isinstance(holder, ast.AnnAssign):
                    annotations[variable] = self._annotation(holder.annotation)
        fixed = self._fixed_names()
        return {
            variable: Occurrences(
                tuple(sorted(found)),
                bindings.get(variable, 0),
                (variable.owner, variable.name) in fixed,
                annotations.get(variable),
            )
            for variable, found in places.items()
        }

    def _fixed_names(self) -> frozenset[tuple[Position | None, str]]:
        """The names, by what binds them, that an edit of the plain names alone would not rename."""
        fixed: set[tuple[Position | None, str]] = set()
        for scope in self._names.scopes.values():
            owner = self._source.start(scope.node) if isinstance(scope.node, FUNCTIONS) else None
            for name, bound in scope.bindings.items():
                if any(not isinstance(b.node, ast.Name) for b in bound):
                    fixed.add((owner, name))
            for name in (*scope.global_names, *scope.nonlocal_names):
                binder = self._names.binder(name, scope.parent) if scope.parent is not None else None
                outer = binder.node if binder is not None and name in scope.nonlocal_names else None
                fixed.add((self._source.start(outer) if isinstance(outer, FUNCTIONS) else None, name))
        return frozenset(fixed)


def _whole(value: Value) -> Value:
    """What the entries that are asked for belong to."""
    while isinstance(value, Entry):
        value = value.of
    return value


def _literal_key(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
        return str(node.value)
    return None


def _is_presence_test(node: ast.Compare) -> bool:
    """`x is None`, `x == {}`, `key in x`."""
    if isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return True
    return any(
        (isinstance(part, ast.Constant) and part.value is None)
        or (isinstance(part, (ast.Dict, ast.Tuple, ast.List)) and not ast.unparse(part).strip("{}()[]"))
        for part in (node.left, node.comparators[0])
    )


def _only_shows(call: ast.Call) -> bool:
    """`print(parameters)`, `logger.info(parameters)`: the dict stays as it is."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in {"print", "debug", "info", "warning", "error", "len", "str", "repr"}


def _is_pure(node: ast.AST) -> bool:
    return isinstance(
        node, (ast.Name, ast.Attribute, ast.Constant, ast.expr_context, ast.JoinedStr, ast.FormattedValue)
    )


def _catches(node: ast.AST) -> bool:
    if isinstance(node, ast.Try) or node.__class__.__name__ == "TryStar":
        return bool(getattr(node, "handlers", ()))
    return isinstance(node, (ast.With, ast.AsyncWith)) and any(
        _suppresses(item.context_expr) for item in node.items
    )


def _catches_in(child: ast.AST, holder: ast.AST) -> bool:
    """Whether `holder` catches what happens in its part `child`."""
    return _catches(holder) and child in getattr(holder, "body", ())


def _suppresses(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else node
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _SUPPRESSING


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Whether control certainly does not run off the end of the block."""
    last = body[-1]
    match last:
        case ast.Return() | ast.Raise():
            return True
        case ast.If():
            return bool(last.orelse) and _ends(last.body) and _ends(last.orelse)
        case ast.With() | ast.AsyncWith():
            return _ends(last.body) and not _catches(last)
        case ast.Try():
            if last.finalbody and _ends(last.finalbody):
                return True
            body_ends = _ends(last.orelse) if last.orelse else _ends(last.body)
            return body_ends and all(_ends(handler.body) for handler in last.handlers)
        case ast.While(test=ast.Constant(value=True)):
            return not any(isinstance(child, ast.Break) for child in ast.walk(last))
        case ast.Expr(value=ast.Call(func=function)):
            return ast.unparse(function) in {"sys.exit", "exit", "quit", "os._exit"}
        case _:
            return False


def _description(node: ast.expr) -> str:
    match node:
        case ast.JoinedStr():
            return "a string is made of it"
        case ast.BinOp():
            return "an operator"
        case ast.Compare():
            return "a comparison"
        case ast.Yield() | ast.YieldFrom():
            return "it is yielded"
        case ast.Starred():
            return "it is unpacked"
        case _:
            return "an expression"


def _shown(node: ast.Call) -> str:
    """The call as a message shows it."""
    first = (
        f"({ast.unparse(node.args[0])})" if node.args and isinstance(node.args[0], ast.Constant) else "(…)"
    )
    return (
        f"{ast.unparse(node.func)}{first}"
        if len(ast.unparse(node.func)) < 60
        else f"….{node.func.attr}{first}"
        if isinstance(node.func, ast.Attribute)
        else f"call{first}"
    )
