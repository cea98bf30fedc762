"""A module's names in; every value that may carry credentials, and what becomes of it, out."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Literal

from session_first.facts.blocks import Blocks
from session_first.facts.constants import Constants
from session_first.facts.filled_dicts import FilledDicts, by_statement
from session_first.facts.handlers import notices_in, resumes
from session_first.facts.names import (
    FunctionNode,
    Names,
    Scope,
    identifiers,
    qualified_name,
)
from session_first.facts.optional import Optionals
from session_first.facts.places import Places
from session_first.facts.role_calls import RoleCalls
from session_first.facts.scoped import Scopes
from session_first.facts.sessions import SESSION_CLASSES, Sessions, canonical
from session_first.facts.webs import settled_paths
from session_first.model import (
    FILLED,
    BlockStep,
    Choice,
    Contents,
    Dropped,
    Entry,
    Fate,
    Filling,
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
_PATCH = "aws_assume_role_lib.patch_boto3"
_UNKNOWN = Unknown()


def values(source: SourceFile, names: Names) -> ValueFacts:
    """How values travel through the module."""
    blocks = Blocks(source, names.parents)
    walk = _Walk(source, names, blocks)
    walk.module()
    return ValueFacts(
        transfers=tuple(walk.transfers),
        scopes={scoped.position: scoped for scoped in Scopes(source, names, blocks).all()},
        variables=walk.variables(),
        attributes=frozenset(node.attr for node in names.every(ast.Attribute)),
        patches_boto3=any(
            names.dotted(node, scope) == _PATCH
            for node, scope in names.scope_of.items()
            if isinstance(node, (ast.Name, ast.Attribute))
        ),
    )


class _Walk:
    """Walks the statements of a module and notes what becomes of each value."""

    def __init__(self, source: SourceFile, names: Names, blocks: Blocks) -> None:
        self._source = source
        self._names = names
        self._blocks = blocks
        self._sessions = Sessions(names, self._blocks)
        self._roles = RoleCalls(names, self._sessions)
        self._constants = Constants(names)
        self._optionals = Optionals(names)
        self._places = Places(source, names, self._blocks)
        filled = FilledDicts(names, self._blocks, self._constants, ARGUMENTS).all()
        self._filled = by_statement(filled)
        self._filled_reads = {node: each for each in filled for node in each.reads}
        self._statement: ast.stmt = names.tree  # type: ignore[assignment] # until the first statement
        self._paths: dict[ast.stmt, tuple[BlockStep, ...]] = {}
        self._in_handlers: dict[ast.stmt, bool] = {}
        self.transfers: list[Transfer] = []

    def variables(self) -> Mapping[Variable, Occurrences]:
        """Where the name of each local variable stands."""
        found = dict(self._places.variables())
        for filled in dict.fromkeys(self._filled.values()):
            places = tuple((self._source.start(node), self._source.end(node)) for node in filled.reads)
            [function, *_] = self._names.scope_of[filled.reads[0]].functions()
            variable = Variable(self._source.start(function), filled.name, FILLED)
            found[variable] = Occurrences(places, 1, fixed=False)
        return found

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
        if statement in self._filled:
            self._fill(statement, scope)
            return
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

    def _fill(self, statement: ast.stmt, scope: Scope) -> None:
        """A dict is given keys: the last statement that does so stands for all."""
        filled = self._filled[statement]
        if statement is not filled.fills[-1]:
            return
        spans = [(self._source.start(each), self._source.end(each)) for each in filled.fills]
        bindings = tuple((self._source.start(each), self._source.end(each)) for each in filled.bindings)
        parts = tuple(self._value(value, scope) for value in filled.values)
        entries = tuple(self._source.start(value) for value in filled.values)
        filling = Filling(tuple(spans), bindings, filled.rest)
        record = Record("dict", False, filled.keys, parts, entries, spans[-1][0], spans[-1][1], filling)
        place = Variable(self._source.start(scope.functions()[0]), filled.name, FILLED)
        fate = Stored(place, *spans[-1], shared=False)
        self._append(record, fate, statement, statement, scope, statement=spans[-1][0])

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
                self._append(Nothing(empty=False), fate, statement, statement, scope)
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
                place = self._places.variable(target, scope)
                return None if place is None else Stored(place, start, end, shared)
            case ast.Attribute():
                attribute = self._places.attribute(target, scope)
                if attribute.class_name is None:
                    self._use(target.value, scope, "an attribute of it is set")
                return Stored(attribute, start, end, shared)
            case ast.Subscript():
                if self._names.dotted(target.value, scope) == _ENVIRONMENT:
                    key = target.slice
                    return PutInEnvironment(str(key.value) if isinstance(key, ast.Constant) else ANY_KEY)
                self._use(target.slice, scope, "a key")
                container = self._places.place(target.value, scope)
                if container is None:
                    self._use(target.value, scope, "an entry of it is set")
                    return None
                return Stored(Contents(container), start, end, shared)
            case ast.Tuple() | ast.List():
                places: list[Variable | None] = [
                    self._places.variable(element, scope) if isinstance(element, ast.Name) else None
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
                self._append(_UNKNOWN, fate, target, self._statement, scope)
            case Unpacked():
                for place in fate.places:
                    if place is not None:
                        stored = Stored(place, fate.position, fate.end, shared=True)
                        self._append(_UNKNOWN, stored, target, self._statement, scope)
            case _:
                pass

    # --- Values ---------------------------------------------------------------------------------

    def _value(self, node: ast.expr, scope: Scope) -> Value:
        start, end = self._source.start(node), self._source.end(node)
        match node:
            case ast.Constant():
                return Nothing(empty=False) if node.value is None else _UNKNOWN
            case ast.Name() if node in self._filled_reads:
                owner = self._source.start(scope.functions()[0])
                return Read(Variable(owner, node.id, FILLED), start, end, node.id)
            case ast.Name():
                place = self._places.variable(node, scope)
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
                place = self._places.variable(node.target, scope)
                if place is None:
                    return value
                target = self._source.start(node.target), self._source.end(node.target)
                self._note(value, Stored(place, *target, shared=True), node.value, scope)
                return Read(place, start, end, node.target.id)
            case ast.Await():
                if isinstance(node.value, ast.Call) and self._is_role_call(node.value, scope):
                    return self._other(node, scope, "it is awaited")
                return self._value(node.value, scope)
            case ast.Lambda():
                self._parameters(node, scope)
                inner = self._names.scopes[node]
                value = self._value(node.body, inner)
                fate = Returned(start, qualified_name(node, self._names))
                self._note(value, fate, node.body, inner)
                return _UNKNOWN
            case _:
                return self._of_parts(node, scope)

    def _of_parts(self, node: ast.expr, scope: Scope) -> Value:
        """An expression whose value is none of its parts'."""
        match node:
            case ast.UnaryOp(op=ast.Not()):
                self._test(node.operand, scope)
                return _UNKNOWN
            case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.In() | ast.NotIn() | ast.Eq() | ast.NotEq()]):
                if isinstance(node.ops[0], (ast.In, ast.NotIn)):
                    self._use(node.left, scope, "a comparison")
                    [right] = node.comparators
                    self._note(
                        self._value(right, scope), Used("it is searched", "__contains__"), right, scope
                    )
                    return _UNKNOWN
                if _is_presence_test(node):
                    for part in (node.left, node.comparators[0]):
                        self._test(part, scope)
                    return _UNKNOWN
                return self._other(node, scope, "a comparison")
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
        attribute = self._places.attribute(node, scope)
        if attribute.class_name is None:
            dotted = self._names.dotted(node, scope)
            if dotted is not None and self._names.is_bound_by_import(node, scope):
                return _UNKNOWN  # something of a module
            parent = self._names.parents[node]
            is_meta = node.attr == "meta" and isinstance(parent, ast.Attribute)
            name = f"meta.{parent.attr}" if is_meta and isinstance(parent, ast.Attribute) else node.attr
            self._use(node.value, scope, f"its attribute .{name} is read")
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
        """boto3's `assume_role`, called on a client and not awaited."""
        is_awaited = isinstance(self._names.parents.get(node), ast.Await)
        return isinstance(node.func, ast.Attribute) and not is_awaited and self._roles.is_sts(node, scope)

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
            number = self._constants.number(value, scope)
            may_be_none = self._optionals.may_be_none(value, scope)
            optional = frozenset({keyword.arg}) if may_be_none else frozenset()
            variable = self._places.variable(value, scope) if isinstance(value, ast.Name) else None
            return RoleArgument(keyword.arg, position, text, number, None, (), None, optional, variable)
        known = self._constants.entries(value, scope)
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
        optional = self._optionals.entries(value, scope)
        return RoleArgument(None, position, text, None, keys, numbers, display, optional)

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
        if len(node.args) == len(_CLIENT_PARAMETERS):
            return None  # what follows credentials by position cannot move up
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
                given = self._constants.is_given(argument, scope)
                keys.append(KeyArgument(name, self._value(argument, scope), position, text, given))
            else:
                self._use(argument, scope, f"the argument {name} of {ast.unparse(node.func)}")
                if isinstance(argument, ast.Constant) and argument.value is None:
                    continue  # as if it were not there
                if name == "region_name":
                    region = self._text(argument, position, scope)
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

    def _text(self, node: ast.expr, position: Position, scope: Scope) -> SourceText:
        start, end = self._source.start(node), self._source.end(node)
        return SourceText(
            self._source.segment(start, end),
            frozenset(identifiers(ast.walk(node))),
            all(_is_pure(part) for part in ast.walk(node)),
            position,
            looks_up=self._looks_up(node, scope),
            may_fail=any(isinstance(part, ast.Subscript) for part in ast.walk(node)),
        )

    def _looks_up(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the expression is made of names, literals, entries and variables of the environment."""
        match node:
            case ast.Constant() | ast.Name():
                return True
            case ast.Subscript(slice=ast.Constant() | ast.Name()):
                return self._looks_up(node.value, scope)
            case ast.Attribute():
                return self._looks_up(node.value, scope)
            case ast.BoolOp():
                return all(self._looks_up(part, scope) for part in node.values)
            case ast.Call(keywords=[]):
                asks = self._names.dotted(node.func, scope) in {f"{_ENVIRONMENT}.get", "os.getenv"}
                return asks and all(self._looks_up(part, scope) for part in node.args)
            case _:
                return False

    # --- Notes ----------------------------------------------------------------------------------

    def _use(self, node: ast.expr, scope: Scope, how: str) -> None:
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
        self._append(value, fate, node, self._statement, scope, statement=statement)

    def _append(
        self,
        value: Value,
        fate: Fate,
        node: ast.expr | ast.stmt,
        within: ast.stmt,
        scope: Scope,
        *,
        statement: Position | None = None,
    ) -> None:
        functions = scope.functions()
        root: FunctionNode | ast.Module = functions[0] if functions else self._names.tree
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
                loops=self._loops(within),
                guard=self._guard(within),
                handlers=self._handlers(within),
                settled=(
                    settled_paths(self._blocks, within, root)
                    if isinstance(fate, (Stored, Unpacked)) and not is_lambda
                    else ()
                ),
                hoistable=(
                    not is_lambda
                    and isinstance(node, ast.expr)
                    and isinstance(_whole(value), RoleCall)
                    and self._hoistable(node)
                ),
            )
        )

    def _path(self, statement: ast.stmt, root: FunctionNode | ast.Module) -> tuple[BlockStep, ...]:
        if statement not in self._paths:
            self._paths[statement] = self._blocks.path(statement, root)
        return self._paths[statement]

    def _caught(self, statement: ast.stmt) -> bool:
        """Whether the statement stands where its function (or one around) catches exceptions."""
        if statement not in self._in_handlers:
            self._in_handlers[statement] = any(
                notices_in(child, holder) for child, holder in self._blocks.ancestors(statement)
            )
        return self._in_handlers[statement]

    def _loops(self, statement: ast.stmt) -> frozenset[Position]:
        found: set[Position] = set()
        for _, holder in self._blocks.ancestors(statement):
            if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                break
            if isinstance(holder, (ast.For, ast.AsyncFor, ast.While)):
                found.add(self._source.start(holder))
        return frozenset(found)

    def _guard(self, statement: ast.stmt) -> tuple[Position, Position] | None:
        """The innermost block around, up to its end, behind whose handlers control may go on."""
        if not self._caught(statement):
            return None
        turns_end = False
        for child, holder in self._blocks.ancestors(statement):
            if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                return None
            is_around = turns_end and isinstance(holder, (ast.For, ast.AsyncFor, ast.While))
            if is_around or (notices_in(child, holder) and resumes(holder, loops=True)):
                body: list[ast.stmt] = getattr(holder, "body", [])
                return self._source.start(statement), self._source.end(body[-1])
            turns_end = turns_end or (notices_in(child, holder) and resumes(holder))
        return None

    def _handlers(self, statement: ast.stmt) -> tuple[tuple[Position, Position], ...]:
        """Where the handlers around stand, and what runs in any case."""
        if not self._caught(statement):
            return ()
        blocks: list[list[ast.stmt]] = []
        for child, holder in self._blocks.ancestors(statement):
            if notices_in(child, holder):
                blocks.extend(handler.body for handler in getattr(holder, "handlers", ()))
                blocks.append(getattr(holder, "finalbody", []))
        return tuple((self._source.start(block[0]), self._source.end(block[-1])) for block in blocks if block)

    def _hoistable(self, node: ast.expr) -> bool:
        """Whether the statement around evaluates `node` first, so that it may do so a statement earlier."""
        statement = self._blocks.statement(node)
        simple = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr))
        return simple and self._blocks.evaluated_first(node) and self._blocks.insertable(statement)

    # --- Places ---------------------------------------------------------------------------------


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
    """`x is None`, `x == {}`."""
    return any(
        (isinstance(part, ast.Constant) and part.value is None)
        or (isinstance(part, (ast.Dict, ast.Tuple, ast.List)) and not ast.unparse(part).strip("{}()[]"))
        for part in (node.left, node.comparators[0])
    )


def _is_pure(node: ast.AST) -> bool:
    return isinstance(
        node, (ast.Name, ast.Attribute, ast.Constant, ast.expr_context, ast.JoinedStr, ast.FormattedValue)
    )


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
