"""Which names certainly hold a boto3 session at a place: by evidence, never by being called `session`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from session_first.facts.blocks import Blocks, dominates
from session_first.facts.names import Binding, FunctionNode, Names, Scope
from session_first.model import SessionBinding, SessionParameter

SESSION_CLASSES = frozenset({"boto3.Session", "boto3.session.Session"})
_MAKERS = SESSION_CLASSES | {
    "boto3._get_default_session",
    "aws_assume_role_lib.assume_role",
    "aws_assume_role_lib.JumpSession",
}
_STANDS_IN = "used where boto3's default session is the alternative"

MAKING = frozenset({"client", "resource"})
"""The methods of a session that make something to call AWS with."""


def canonical(dotted: str | None) -> str | None:
    """`boto3.client` for `boto3.client` however it was reached (`pkg.aws.boto3.client`)."""
    if dotted is None or dotted.startswith("."):
        return dotted
    parts = dotted.split(".")
    return ".".join(parts[parts.index("boto3") :]) if "boto3" in parts else dotted


@dataclass(frozen=True, slots=True)
class _Held:
    """A name of a function that holds a session: the parameter that it is, and what makes it one."""

    name: str
    parameter: ast.arg | None
    made: tuple[Binding, ...]
    evidence: str
    from_default: bool


class Sessions:
    """Answers for one module."""

    def __init__(self, names: Names, blocks: Blocks) -> None:
        self._names = names
        self._blocks = blocks
        self._asked: set[Binding] = set()
        self._held_in: dict[FunctionNode, tuple[_Held, ...]] = {}
        self._kept: dict[ast.ClassDef, tuple[SessionBinding, ...]] = {}

    def makes_session(self, node: ast.expr | None, scope: Scope) -> bool:
        """Whether the expression certainly gives a session (not None)."""
        match node:
            case ast.Call():
                dotted = canonical(self._names.dotted(node.func, scope))
                if dotted in _MAKERS or self._returns_session(node.func, scope):
                    return True
                if isinstance(node.func, ast.Attribute) and node.func.attr == "assume_role":
                    owner = node.func.value  # a method that the library's patch_boto3() brings
                    return self.is_session_name(owner, scope) or self.makes_session(owner, scope)
                return False
            case ast.BoolOp(op=ast.Or()):
                return self.makes_session(node.values[-1], scope)
            case ast.IfExp():
                return self.makes_session(node.body, scope) or self.makes_session(node.orelse, scope)
            case ast.NamedExpr():
                return self.makes_session(node.value, scope)
            case _:
                return False

    def is_session_name(self, node: ast.expr, scope: Scope) -> bool:
        """Whether a plain name is bound to sessions and nothing else."""
        if not isinstance(node, ast.Name):
            return False
        bindings = self._names.lookup(node.id, scope)
        return (
            bool(bindings)
            and any(self._evidence(b) for b in bindings)
            and not any(map(self._foreign, bindings))
        )

    def is_session_annotation(self, node: ast.expr | None, scope: Scope) -> bool:
        """Whether an annotation means a session, or a session or None."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError):
                return False
        match node:
            case ast.BinOp(op=ast.BitOr()):
                return self.is_session_annotation(node.left, scope) or self.is_session_annotation(
                    node.right, scope
                )
            case ast.Subscript():
                inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                outer = (
                    node.value.attr
                    if isinstance(node.value, ast.Attribute)
                    else getattr(node.value, "id", "")
                )
                return outer in {"Optional", "Union", "Annotated"} and any(
                    self.is_session_annotation(part, scope) for part in inner
                )
            case ast.Name() | ast.Attribute():
                return canonical(self._names.dotted(node, scope)) in SESSION_CLASSES
            case _:
                return False

    def at(self, site: ast.expr, scope: Scope) -> tuple[SessionBinding, ...]:
        """The sessions in scope at `site`: parameters and locals, else attributes of `self`, else what
        the code itself takes for one where `site` is the alternative."""
        functions = scope.functions()
        for find in (self._in_function, self._on_self, self._alternatives):
            found = tuple(
                binding
                for function in functions
                for binding in find(site, function)
                if self._is_visible(binding.expression, function, scope)
            )
            if found:
                return found
        return ()

    def for_callee(self, call: ast.Call, scope: Scope) -> SessionBinding | None:
        """The one session that is in scope at a call, where no test of it decides that the call is reached."""
        functions = scope.functions()
        if not any(map(self._knows_session, functions)):
            return None
        for find in (self._in_function, self._on_self):
            found = [
                binding
                for function in functions
                for binding in find(call, function)
                if self._is_visible(binding.expression, function, scope)
            ]
            if found:
                only = found[0] if len(found) == 1 else None
                if only is None or any(self.tested(call, only.expression, f) for f in functions):
                    return None
                return only
        return None

    def _knows_session(self, function: FunctionNode) -> bool:
        holder = self._names.scopes[function].parent
        owner = holder.node if holder is not None else None
        return bool(self._held(function)) or (isinstance(owner, ast.ClassDef) and bool(self._kept_by(owner)))

    def _is_visible(self, expression: str, function: FunctionNode, scope: Scope) -> bool:
        """Whether the name means in `scope` what it means in `function`: no scope between hides it."""
        name = expression.partition(".")[0]
        return self._names.lookup(name, scope) == self._names.lookup(name, self._names.scopes[function])

    def tested(self, site: ast.expr, session: str, function: FunctionNode) -> bool:
        """Whether a test of `session`, or of what is called a session, decides that `site` is reached."""
        return any(
            _mentions(test, session) or "session" in ast.unparse(test).lower()
            for test in self._blocks.guarded_by(site, function)
        )

    def made_from(self, session: str, function: FunctionNode) -> frozenset[str | None]:
        """The literal services (None for others) that `function` makes from `session`."""
        return frozenset(
            _service(node)
            for node in ast.walk(function)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in MAKING
            and ast.unparse(node.func.value) == session
        )

    def is_own_identity(self, session: str, function: FunctionNode) -> bool:
        """Whether `function` makes the session itself, with arguments: an identity on purpose."""
        return any(
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and bool(node.value.args or node.value.keywords)
            and any(ast.unparse(target) == session for target in node.targets)
            for node in ast.walk(function)
        )

    # --- Names of a function --------------------------------------------------------------------

    def _in_function(self, site: ast.expr, function: FunctionNode) -> Iterator[SessionBinding]:
        for held in self._held(function):
            before = any(self._before(b.node, site, function) for b in held.made)
            if held.parameter is None:
                if before:
                    yield SessionBinding(held.name, False, "made by boto3.Session", held.from_default)
                continue
            optional = not before and _may_be_none(held.parameter, function)
            yield SessionBinding(held.name, optional, held.evidence, held.from_default)

    def taken_by(self, function: FunctionNode) -> SessionParameter | None:
        """The parameter of `function` that may be given a session and is None by default."""
        for held in self._held(function):
            if held.parameter is not None and is_none_by_default(held.parameter, function):
                own = self._own(held.name, held.made, function)
                return SessionParameter(held.name, held.from_default, own)
        for name, bindings in self._names.scopes[function].bindings.items():
            is_one = len(bindings) == 1 and bindings[0] in self._instead
            if is_one and is_none_by_default(bindings[0].node, function):
                return SessionParameter(name, fills_default=False, own=self._own(name, (), function))
        return None

    def _own(self, name: str, made: Sequence[Binding], function: FunctionNode) -> str | None:
        """What the function uses where its parameter `name` is None, if that is neither the default session nor a plain
        `boto3.Session()`."""
        scope = self._names.scopes[function]
        others = [b.value for b in made if b.value is not None]
        for binding in scope.bindings[name]:
            others.extend(self._instead.get(binding, ()))
        parts = (part for other in others for part in self._alternatives_in(other, name, scope))
        made_otherwise = (part for part in parts if not self._is_plain(part, scope))
        other = next(chain(made_otherwise, self._on_other_branches(name, function)), None)
        return ast.unparse(other) if other is not None else None

    def _on_other_branches(self, name: str, function: FunctionNode) -> Iterator[ast.Call]:
        """The sessions and clients that a test of `name` decides on, other than those that `name` would make just so."""
        calls = [node for node in self._names.inside(function) if isinstance(node, ast.Call)]
        texts = {ast.unparse(call) for call in calls}
        for call in calls:
            dotted = canonical(
                self._names.dotted(call.func, self._names.scope_of.get(call.func, self._names.top))
            )
            is_session = dotted in SESSION_CLASSES and not self._is_plain(call, self._names.scopes[function])
            is_client = dotted in {"boto3.client", "boto3.resource"} and not self._is_made_alike(
                call, name, texts
            )
            if (is_session or is_client) and any(
                _mentions(test, name) for test in self._blocks.guarded_by(call, function)
            ):
                yield call

    def _is_made_alike(self, call: ast.Call, name: str, texts: set[str]) -> bool:
        """`boto3.client("s3")`, where `name.client("s3")` is among the calls as well."""
        text = ast.unparse(call)
        rest = text[len(ast.unparse(call.func)) :]
        return any(f"{name}.{api}{rest}" in texts for api in MAKING)

    def _alternatives_in(self, value: ast.expr, name: str, scope: Scope) -> Iterator[ast.expr]:
        """The parts that an expression may give, other than what `name` and boto3's default session hold."""
        match value:
            case ast.BoolOp(values=parts):
                pass
            case ast.IfExp(body=one, orelse=other):
                parts = [one, other]
            case _:
                if not self._is_default(value, name, scope):
                    yield value
                return
        for part in parts:
            yield from self._alternatives_in(part, name, scope)

    def _is_plain(self, value: ast.expr, scope: Scope) -> bool:
        """`boto3.Session()`, which has the credentials and the region of the default session."""
        match value:
            case ast.Call(func=func, args=[], keywords=[]):
                return canonical(self._names.dotted(func, scope)) in SESSION_CLASSES
            case _:
                return False

    @cached_property
    def _instead(self) -> dict[Binding, list[ast.expr]]:
        """What is used where there is one, with the session that is used where there is none: `name or boto3.Session()`,
        `name if name else boto3.Session()`."""
        found: dict[Binding, list[ast.expr]] = {}
        for given, other in self._with_alternatives():
            for binding in self._names.lookup(given.id, self._names.scope_of[given]):
                found.setdefault(binding, []).append(other)
        return found

    def _with_alternatives(self) -> Iterator[tuple[ast.Name, ast.expr]]:
        for node in (*self._names.every(ast.BoolOp), *self._names.every(ast.IfExp)):
            match node:
                case ast.BoolOp(op=ast.Or(), values=[ast.Name() as given, *_, other]):
                    pass
                case (
                    ast.IfExp(body=ast.Name() as given, orelse=other)
                    | ast.IfExp(body=other, orelse=ast.Name() as given)
                ):
                    pass
                case _:
                    continue
            if self.makes_session(other, self._names.scope_of[given]):
                yield given, other

    def _held(self, function: FunctionNode) -> tuple[_Held, ...]:
        """The names of `function` that hold a session, or may do so, and nothing else."""
        if function not in self._held_in:
            self._held_in[function] = tuple(self._holding(function))
        return self._held_in[function]

    def _holding(self, function: FunctionNode) -> Iterator[_Held]:
        scope = self._names.scopes[function]
        for name, bindings in scope.bindings.items():
            if any(map(self._foreign, bindings)):
                continue
            parameter = next((b for b in bindings if b.kind == "parameter"), None)
            made = tuple(b for b in bindings if b.kind == "assign" and self.makes_session(b.value, scope))
            from_default = all(self._is_default(b.value, name, scope) for b in made)
            if parameter is None:
                if made:
                    yield _Held(name, None, made, "made by boto3.Session", from_default)
                continue
            evidence = self._parameter_evidence(parameter, name, function)
            if evidence is None and made:
                evidence = "filled with a session"
            if evidence is not None:
                argument = parameter.node
                assert isinstance(argument, ast.arg)
                from_default = from_default and is_none_by_default(argument, function)
                yield _Held(name, argument, made, evidence, from_default)

    def _is_default(self, value: ast.expr | None, name: str, scope: Scope) -> bool:
        """Whether the expression gives boto3's default session, or what `name` held."""
        match value:
            case ast.Call():
                return canonical(self._names.dotted(value.func, scope)) == "boto3._get_default_session"
            case ast.BoolOp(op=ast.Or()):
                return all(self._is_default(part, name, scope) for part in value.values)
            case ast.Name(id=read):
                return read == name
            case _:
                return False

    def _parameter_evidence(self, binding: Binding, name: str, function: FunctionNode) -> str | None:
        argument = binding.node
        assert isinstance(argument, ast.arg)
        around = self._names.scopes[function].parent
        assert around is not None
        if self.is_session_annotation(argument.annotation, around):
            return "annotated"
        if self.makes_session(_default(argument, function), around):
            return "its default is a session"
        if self._stands_in_for_boto3(name, function) or self._is_kept_to_stand_in(name, function):
            return _STANDS_IN
        return None

    def _is_kept_to_stand_in(self, name: str, function: FunctionNode) -> bool:
        """`self._session = name` in a constructor, and `(self._session or boto3).client` in a method."""
        around = self._names.scopes[function].parent
        owner = around.node if around is not None else None
        if not isinstance(owner, ast.ClassDef) or not isinstance(function, ast.FunctionDef):
            return False
        receiver = function.args.args[0].arg if function.args.args else None
        return function.name == "__init__" and any(
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == receiver
            and target.attr in self._kept_stand_ins.get(owner, ())
            for statement in function.body
            if isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Name)
            and statement.value.id == name
            for target in statement.targets
        )

    @cached_property
    def _kept_stand_ins(self) -> dict[ast.ClassDef, set[str]]:
        """The attributes of its objects that a class uses in the inline form."""
        found: dict[ast.ClassDef, set[str]] = {}
        for node, scope in self._names.scope_of.items():
            match node:
                case ast.Attribute(
                    attr="client" | "resource" | "assume_role",
                    value=ast.BoolOp(
                        op=ast.Or(),
                        values=[ast.Attribute(value=ast.Name(id=receiver), attr=attribute), *_, last],
                    ),
                ) if canonical(self._names.dotted(last, scope)) == "boto3" and scope.functions():
                    method = scope.functions()[-1]
                    around = self._names.scopes[method].parent
                    owner = around.node if around is not None else None
                    first = method.args.args[0].arg if method.args.args else None
                    if isinstance(owner, ast.ClassDef) and receiver == first:
                        found.setdefault(owner, set()).add(attribute)
                case _:
                    pass
        return found

    def _alternatives(self, site: ast.expr, function: FunctionNode) -> Iterator[SessionBinding]:
        """`session.client("s3") if session else boto3.client("s3")`: the same service from either."""
        service = _service_text(site)
        if service is None:
            return
        tests = self._blocks.guarded_by(site, function)
        makers = {
            ast.unparse(node.func.value)
            for node in ast.walk(function)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in MAKING
            and isinstance(node.func.value, (ast.Name, ast.Attribute))
            and _service_text(node) == service
            and canonical(self._names.dotted(node.func.value, self._names.scope_of[node.func])) != "boto3"
        }
        for expression in sorted(makers):
            if any(_mentions(test, expression) for test in tests):
                yield SessionBinding(expression, optional=True, evidence=_STANDS_IN)

    def _stands_in_for_boto3(self, name: str, function: FunctionNode) -> bool:
        """`(name or boto3).client`: the inline form."""
        return any(
            used == name and self._names.scopes[function] in scope.chain() for used, scope in self._stand_ins
        )

    @cached_property
    def _stand_ins(self) -> tuple[tuple[str, Scope], ...]:
        """(name, scope) of each inline form in the module."""
        return tuple(
            (node.value.values[0].id, scope)
            for node, scope in self._names.scope_of.items()
            if isinstance(node, ast.Attribute)
            and node.attr in MAKING | {"assume_role"}
            and isinstance(node.value, ast.BoolOp)
            and isinstance(node.value.op, ast.Or)
            and isinstance(node.value.values[0], ast.Name)
            and canonical(self._names.dotted(node.value.values[-1], scope)) == "boto3"
        ) + tuple(self._parents_of_roles())

    def _parents_of_roles(self) -> Iterator[tuple[str, Scope]]:
        """`aws_assume_role_lib.assume_role(name, …)`, `assume_role(name or boto3._get_default_session(), …)`."""
        for node, scope in self._names.scope_of.items():
            call = self._names.parents.get(node)
            if not isinstance(call, ast.Call) or call.func is not node or not call.args:
                continue
            if self._names.dotted(call.func, scope) != "aws_assume_role_lib.assume_role":
                continue
            parent = call.args[0]
            if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or):
                parent = parent.values[0]
            if isinstance(parent, ast.Name):
                yield parent.id, scope

    def _before(self, binding: ast.AST, site: ast.expr, function: FunctionNode) -> bool:
        statement = self._blocks.statement(binding)
        here = self._blocks.statement(site)
        if here is statement:
            return False
        target = self._blocks.path(here, function)
        if dominates(self._blocks.path(statement, function), target):
            return True
        holder = self._blocks.block(statement)[0]
        if not _is_fill(holder, binding):
            return False
        # `if session is None: session = …` fills it for what comes after the branch.
        assert isinstance(holder, ast.If)
        is_inside = any(child is holder for child, _ in self._blocks.ancestors(here))
        return not is_inside and dominates(self._blocks.path(holder, function), target)

    def _evidence(self, binding: Binding) -> bool:
        if binding in self._asked:
            return False  # `x = x.assume_role(…)` says nothing of itself
        self._asked.add(binding)
        try:
            return self._says_session(binding)
        finally:
            self._asked.remove(binding)

    def _says_session(self, binding: Binding) -> bool:
        node = binding.node
        if binding.kind == "parameter" and isinstance(node, ast.arg) and binding.scope.parent is not None:
            return self.is_session_annotation(node.annotation, binding.scope.parent)
        return binding.kind == "assign" and self.makes_session(binding.value, binding.scope)

    def _foreign(self, binding: Binding) -> bool:
        """A binding that may give the name something else than a session or None."""
        if binding.kind == "parameter":
            return False
        if binding.kind != "assign":
            return True
        value = binding.value
        if isinstance(value, ast.Constant) and value.value is None:
            return False
        return not self.makes_session(value, binding.scope)

    def _returns_session(self, callee: ast.expr, scope: Scope) -> bool:
        if not isinstance(callee, ast.Name):
            return False
        bindings = self._names.lookup(callee.id, scope)
        return len(bindings) == 1 and any(
            isinstance(b.node, (ast.FunctionDef, ast.AsyncFunctionDef))
            and not _admits_none(b.node.returns)
            and self.is_session_annotation(b.node.returns, b.scope)
            for b in bindings
        )

    # --- Attributes of self ---------------------------------------------------------------------

    def _on_self(self, site: ast.expr, function: FunctionNode) -> Iterator[SessionBinding]:
        holder = self._names.scopes[function].parent
        if holder is None or not isinstance(holder.node, ast.ClassDef) or not function.args.args:
            return
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_static(function):
            return
        receiver = function.args.args[0].arg
        for kept in self._kept_by(holder.node):
            attribute = kept.expression
            if function.name == "__init__":
                assigned = [
                    node
                    for node in ast.walk(function)
                    if isinstance(node, ast.Attribute)
                    and isinstance(node.ctx, ast.Store)
                    and ast.unparse(node) == f"{receiver}.{attribute}"
                ]
                if not any(self._before(node, site, function) for node in assigned):
                    continue
            yield replace(kept, expression=f"{receiver}.{attribute}")

    def _replaced_attributes(self, owner: ast.ClassDef) -> frozenset[str]:
        """The attributes that a method other than `__init__` sets to something that is no session."""
        return frozenset(
            target.attr
            for method in owner.body
            if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) and method.name != "__init__"
            for node in ast.walk(method)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Attribute)
            and not _is_none(node.value)
            and not self.makes_session(node.value, self._names.scopes[method])
        )

    def _kept_by(self, owner: ast.ClassDef) -> tuple[SessionBinding, ...]:
        """The attributes that `__init__` or the class body says are sessions, by their bare names."""
        if owner not in self._kept:
            found = tuple(self._session_attributes(owner))
            replaced = self._replaced_attributes(owner) if found else ()
            self._kept[owner] = tuple(
                SessionBinding(attribute, optional, "kept on the object")
                for attribute, optional, of_class in found
                if of_class or attribute not in replaced
            )
        return self._kept[owner]

    def _session_attributes(self, owner: ast.ClassDef) -> Iterator[tuple[str, bool, bool]]:
        """(attribute, may be None, by the class body) for what that or `__init__` says is a session."""
        class_scope = self._names.scopes[owner]
        for statement in owner.body:
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and self.is_session_annotation(statement.annotation, class_scope)
            ):
                yield statement.target.id, _admits_none(statement.annotation), True
            if (
                isinstance(statement, ast.FunctionDef)
                and statement.name == "__init__"
                and statement.args.args
            ):
                receiver = statement.args.args[0].arg
                scope = self._names.scopes[statement]
                for inner in statement.body:
                    if not isinstance(inner, (ast.Assign, ast.AnnAssign)) or inner.value is None:
                        continue
                    for target in inner.targets if isinstance(inner, ast.Assign) else [inner.target]:
                        if not (
                            isinstance(target, ast.Attribute)
                            and isinstance(target.value, ast.Name)
                            and target.value.id == receiver
                        ):
                            continue
                        if self.makes_session(inner.value, scope):
                            yield target.attr, False, False
                        elif isinstance(inner.value, ast.Name):
                            for bound in self._in_function(inner.value, statement):
                                if bound.expression == inner.value.id:
                                    yield target.attr, bound.optional, False


def is_none_by_default(parameter: ast.AST, function: FunctionNode) -> bool:
    """Whether the parameter's default is None."""
    return isinstance(parameter, ast.arg) and _is_none(_default(parameter, function))


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_fill(holder: ast.AST, binding: ast.AST) -> bool:
    """`if not x:`/`if x is None:` around a binding of `x`."""
    if not isinstance(holder, ast.If) or holder.orelse or not isinstance(binding, (ast.Name, ast.Attribute)):
        return False
    name = ast.unparse(binding)
    match holder.test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ast.unparse(operand) == name
        case ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return ast.unparse(left) == name
        case _:
            return False


def _mentions(test: ast.expr, expression: str) -> bool:
    return any(
        isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node) == expression
        for node in ast.walk(test)
    )


def _service(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        value = node.args[0].value
        return value if isinstance(value, str) else None
    return None


def _service_text(node: ast.expr) -> str | None:
    return ast.unparse(node.args[0]) if isinstance(node, ast.Call) and node.args else None


def _default(argument: ast.arg, function: FunctionNode) -> ast.expr | None:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if argument in positional:
        number = positional.index(argument) - len(positional) + len(arguments.defaults)
        return arguments.defaults[number] if number >= 0 else None
    if argument in arguments.kwonlyargs:
        return arguments.kw_defaults[arguments.kwonlyargs.index(argument)]
    return None


def _may_be_none(argument: ast.AST, function: FunctionNode) -> bool:
    assert isinstance(argument, ast.arg)
    default = _default(argument, function)
    if isinstance(default, ast.Constant) and default.value is None:
        return True
    return argument.annotation is None or _admits_none(argument.annotation)


def _admits_none(annotation: ast.expr | None) -> bool:
    text = "None" if annotation is None else ast.unparse(annotation)
    return "None" in text or "Optional" in text


def _is_static(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(d, ast.Name) and d.id in {"staticmethod", "classmethod"} for d in function.decorator_list
    )
