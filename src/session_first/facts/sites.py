"""Where a module uses boto3's default session: calls of, and references to, `boto3.client` and its like."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import get_args

from session_first.facts.blocks import Blocks
from session_first.facts.caches import Caches
from session_first.facts.fstrings import is_exact
from session_first.facts.names import FunctionNode, Names, Scope, qualified_name
from session_first.facts.own_sessions import OwnSessions
from session_first.facts.sessions import Sessions, canonical
from session_first.model import Api, ImportedName, SessionBinding, SessionSite
from session_first.source import SourceFile

_APIS: dict[str, Api] = {f"boto3.{api}": api for api in get_args(Api)}


class Sites:
    """Finds the sites of one module."""

    def __init__(
        self, source: SourceFile, names: Names, blocks: Blocks, sessions: Sessions, caches: Caches
    ) -> None:
        self._source = source
        self._names = names
        self._blocks = blocks
        self._sessions = sessions
        self._caches = caches
        self._own_sessions = OwnSessions(names, self._blocks)

    def all(self) -> tuple[SessionSite, ...]:
        """The sites in the order of the text."""
        sites = [self._site(node, api) for node, api in self._references()]
        return tuple(sorted(sites, key=lambda site: (site.position, site.end)))

    def _references(self) -> Iterator[tuple[ast.Name | ast.Attribute, Api]]:
        if "boto3" not in self._source.words and "boto3" not in self._names.module:
            return
        for node, scope in self._names.scope_of.items():
            if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
                continue
            if isinstance(node, ast.Attribute) and node.attr not in get_args(Api):
                continue
            api = self._api(node, scope)
            if api is not None and not self._is_mere_mention(node):
                yield node, api

    def _api(self, node: ast.Name | ast.Attribute, scope: Scope) -> Api | None:
        dotted = self._names.dotted(node, scope)
        if dotted is None or "boto3" not in dotted or canonical(dotted) not in _APIS:
            return None
        if isinstance(node, ast.Name) and not self._may_be_alias(node, scope):
            return None
        if dotted not in _APIS and not self._is_boto3_elsewhere(node, dotted, scope):
            return None
        if dotted in _APIS and not self._names.is_bound(node, scope):
            return None
        return _APIS[canonical(dotted) or ""]

    def _is_boto3_elsewhere(self, node: ast.expr, dotted: str, scope: Scope) -> bool:
        """Whether `aws.boto3.client` is boto3's, got at through another module, and not a module of the
        project that is called boto3 as well."""
        owner = dotted.rpartition(".")[0]
        return self._names.is_bound_by_import(node, scope) and owner not in self._names.imported_modules

    def _may_be_alias(self, node: ast.Name, scope: Scope) -> bool:
        """A name bound to boto3's function elsewhere than in this very function.

        `make = boto3.client` in a function is one site, at the reference; what is then done with
        `make` there needs no change.
        """
        bindings = self._names.lookup(node.id, scope)
        functions = set(scope.functions())
        return (not bindings and "boto3" in self._names.star_imports) or any(
            b.kind == "import" or (b.kind == "assign" and not functions.intersection(b.scope.functions()))
            for b in bindings
        )

    def _is_mere_mention(self, node: ast.Name | ast.Attribute) -> bool:
        """An annotation, an attribute of the function itself, or its replacement is no use of it."""
        parent = self._names.parents[node]
        if isinstance(parent, ast.Attribute):
            return True  # boto3.client.__doc__
        for child, holder in self._blocks.ancestors(node):
            if isinstance(holder, (ast.arg, ast.AnnAssign)) and child is holder.annotation:
                return True
            if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef)) and child is holder.returns:
                return True
            if isinstance(holder, ast.stmt):
                break
        return self._at_import(node) and not (isinstance(parent, ast.Call) and parent.func is node)

    def _at_import(self, node: ast.AST) -> bool:
        return not self._scope(node).functions()

    def _scope(self, node: ast.AST) -> Scope:
        return self._names.scope_of[node]

    def _site(self, node: ast.Name | ast.Attribute, api: Api) -> SessionSite:
        parent = self._names.parents[node]
        call = parent if isinstance(parent, ast.Call) and parent.func is node else None
        whole: ast.expr = call or node
        scope = self._scope(node)
        functions = scope.functions()
        inner = functions[0] if functions else None
        outermost = functions[-1] if functions else None
        own = (
            outermost is not None
            and scope is self._names.scopes[outermost]
            and not self._blocks.in_comprehension(node)
        )
        bindings = self._sessions.at(whole, scope)
        session = bindings[0] if bindings else None
        return SessionSite(
            api=api,
            position=self._source.start(whole),
            end=self._source.end(whole),
            callee=self._source.start(node),
            callee_end=self._source.end(node),
            text=_shown(whole),
            service=_service(call),
            is_call=call is not None,
            receiver=ast.unparse(node.value) if isinstance(node, ast.Attribute) else None,
            alias=node.id if isinstance(node, ast.Name) else None,
            imported=self._imported(node, scope) if isinstance(node, ast.Name) else None,
            function=self._source.start(inner) if inner is not None else None,
            function_name=qualified_name(inner, self._names) if inner is not None else None,
            outermost=self._source.start(outermost) if outermost is not None else None,
            own_body=own,
            exact_position=is_exact(node, self._source, self._names),
            statement=(
                self._blocks.facts(whole, outermost)
                if own and outermost is not None and not isinstance(outermost, ast.Lambda)
                else None
            ),
            body_statement=self._blocks.body_statement(node, outermost) if outermost is not None else None,
            cached=self._caches.kept(whole, scope),
            main_guard=inner is None and self._blocks.under_main_guard(node),
            fills_parameter=inner is not None and self._fills_parameter(whole, inner),
            session=session,
            session_tested=(
                session is not None
                and any(self._sessions.tested(whole, session.expression, function) for function in functions)
            ),
            both=self._both(whole, bindings, functions),
        )

    def _imported(self, node: ast.Name, scope: Scope) -> ImportedName | None:
        for binding in self._names.lookup(node.id, scope):
            if isinstance(binding.node, ast.ImportFrom) and binding.dotted is not None:
                return ImportedName(
                    statement=self._source.start(binding.node),
                    name=binding.dotted.rpartition(".")[2],
                    bound_as=node.id,
                    top_level=self._names.parents[binding.node] is self._names.tree,
                    in_module=binding.scope is self._names.top,
                )
        return None

    def _fills_parameter(self, site: ast.expr, function: FunctionNode) -> bool:
        if isinstance(function, ast.Lambda):
            return False
        bindings = self._names.scopes[function].bindings
        statement = self._blocks.statement(site)
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
            return False
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return any(
            isinstance(target, ast.Name) and any(b.kind == "parameter" for b in bindings.get(target.id, ()))
            for target in targets
        )

    def _both(
        self, site: ast.expr, bindings: tuple[SessionBinding, ...], functions: tuple[FunctionNode, ...]
    ) -> str | None:
        """In words, why the function means to use the default session beside another one."""
        service = _service(site) if isinstance(site, ast.Call) else None
        if not bindings and functions:
            own = self._own_sessions.beside(site, functions[-1])
            return f"{own} is made here as well" if own is not None else None
        if len(bindings) > 1:
            names = ", ".join(binding.expression for binding in bindings)
            return f"several sessions are in scope ({names})"
        for binding in bindings:
            for function in functions:
                made = self._sessions.made_from(binding.expression, function)
                if service is not None and service in made:
                    return f"it makes {service!r} from {binding.expression} as well"
                if made and self._sessions.is_own_identity(binding.expression, function):
                    return f"{binding.expression} is made here with an identity of its own, and used"
        return None


def _service(call: ast.Call | None) -> str | None:
    if call is None:
        return None
    first = (
        call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "service_name"), None)
    )
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _shown(node: ast.expr) -> str:
    """The site as a message shows it: the call with its first argument, in one line."""
    if not isinstance(node, ast.Call):
        return ast.unparse(node)
    more = len(node.args) + len(node.keywords)
    if node.args and isinstance(node.args[0], ast.Constant):
        return f"{ast.unparse(node.func)}({ast.unparse(node.args[0])}{', …' if more > 1 else ''})"
    return f"{ast.unparse(node.func)}({'…' if more else ''})"
