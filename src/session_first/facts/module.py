"""A file's text and tree in, its `ModuleFacts` out."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Literal

from session_first.facts.annotations import Annotations
from session_first.facts.blocks import Blocks
from session_first.facts.boundaries import framework
from session_first.facts.caches import Caches
from session_first.facts.callees import Callees
from session_first.facts.calls import Calls
from session_first.facts.classes import Classes
from session_first.facts.constants import Constants
from session_first.facts.docstrings import Section, parameter_section
from session_first.facts.entry_points import SESSION_NAMES, entry_points
from session_first.facts.environment import environment_changes
from session_first.facts.expectations import Expectations
from session_first.facts.in_scope import InScope
from session_first.facts.instances import Instances, set_attributes
from session_first.facts.mentions import Mentions
from session_first.facts.mocks import replacements
from session_first.facts.names import (
    FUNCTIONS,
    FunctionNode,
    Names,
    Scope,
    all_arguments,
    identifiers,
    is_none,
    qualified_name,
)
from session_first.facts.objects import Objects
from session_first.facts.per_invocation import PerInvocation
from session_first.facts.reflection import Reflections
from session_first.facts.refreshes import Refreshes
from session_first.facts.sessions import Sessions, canonical
from session_first.facts.sites import Sites
from session_first.facts.suppressions import suppressions
from session_first.facts.surroundings import Surroundings
from session_first.facts.threads import Threads
from session_first.facts.wrappers import wrappers
from session_first.model import (
    Decorator,
    Definition,
    Documented,
    FunctionFacts,
    ModuleFacts,
    Parameter,
    ParameterKind,
    Replacement,
    ValueFacts,
)
from session_first.source import SourceFile

TABLE = "<a table>"
"""Where a name stands in a list or dict that is handed to nothing."""

UNPACKED = "**"
"""The keyword under which a call stands that unpacks a mapping."""

EVERYTHING = "*"
"""The name under which the frameworks stand that were called with nothing (`fire.Fire()`)."""

_PATCH_IN_ANY_CASE = ("patch", "mock", "stub")
_PATCH = ("setattr", "setitem", "delattr", "spy", "swap_attr", "sys.modules")
_SIGNATURE_ATTRIBUTES = frozenset({"__code__", "__defaults__", "__kwdefaults__", "__annotations__"})
_SIGNATURE_CALLS = frozenset(
    f"{module}.{name}"
    for module, names in {
        "inspect": ("signature", "getfullargspec", "getargspec", "Signature.from_callable"),
        "typing": ("get_type_hints",),
    }.items()
    for name in names
)

_READS_SIGNATURES = re.compile(
    r"signature|getfullargspec|getargspec|from_callable|get_type_hints"
    r"|__(?:code|defaults|kwdefaults|annotations)__"
)
"""Without one of these words nothing in a file can be found to read a signature."""

_PARTIALS = frozenset({"functools.partial", "partial"})
_CARRIERS = (ast.Starred, ast.keyword, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.IfExp)
_HOLDERS = (*_CARRIERS, ast.Call)
_SIGNATURE_COMMENT = re.compile(r"#\s*type:\s*\([^)]*\)\s*->")
_CREDENTIALS = frozenset(
    {"assume_role", "aws_access_key_id", "aws_session_token", "AccessKeyId", "patch_boto3"}
)
_CANS = frozenset({"Stubber", "_make_api_call", "placebo", "vcr", "VCR", "betamax"})
_MENTIONS_DEFAULT = frozenset({"setup_default_session", "DEFAULT_SESSION"})


def analyse(
    source: SourceFile,
    tree: ast.Module,
    module: str,
    *,
    is_test: bool,
    follows_values: bool = False,
    alone: bool = False,
) -> ModuleFacts:
    """All that later stages know of one file; with `follows_values`, how values travel through it even if
    it names no role and no credentials. `alone`: the rules are asked, and no file beside this one, so that most of
    what only the project needs is left out.

    Raises:
        RecursionError: the tree is nested too deeply.
    """
    names = Names(tree, module, is_package=source.path.name == "__init__.py")
    callees, surroundings = Callees(names), Surroundings(names)
    blocks = Blocks(source, names.parents)
    sessions = Sessions(names, blocks)
    instances = Instances(names)
    calls = Calls(source, names, callees, surroundings, instances)
    in_scope = InScope(source, names, sessions, calls)
    caches = Caches(names, blocks)
    sites = Sites(source, names, blocks, sessions, caches).all()
    threads = Threads(source, names, calls, sites)
    own = ModuleFacts(
        path=source.path,
        module=module,
        is_test=is_test,
        sites=sites,
        suppressed=suppressions(source),
        made_sessions=PerInvocation(source, names).all(),
        threads=threads.facts(),
        refreshes=Refreshes(source, names).all(),
        values=_values(source, names, follows=follows_values),
    )
    if alone and not (own.values.transfers or in_scope.may_reach_takers() or threads.may_run_sites()):
        return own
    replaced = replacements(source, names, is_test=is_test, by_calls=_may_patch(source))
    postponed = _has_future_annotations(tree)
    annotations = Annotations(names, postponed=postponed)
    facts = _Facts(source, names, annotations, replaced)
    mentions = Mentions(source, names, callees, surroundings)
    classes = Classes(source, names, blocks, instances)
    expectations = Expectations(names) if is_test else None
    reflections = Reflections(source, names, callees)
    return replace(
        own,
        functions={function.position: function for function in facts.functions()},
        classes=tuple(classes.all(facts.decorator)),
        replacements=replaced,
        mentions_default_session=source.names_any(_MENTIONS_DEFAULT),
        future_annotations=postponed,
        boto3_binding=_boto3_binding(tree, names),
        boto3_imports=facts.boto3_imports(),
        session_imports=annotations.session_imports(),
        plain_imports=facts.plain_imports(),
        star_imports=tuple(names.star_imports),
        attributes=facts.attributes(),
        optional_name=annotations.optional_name(),
        optional_style=annotations.optional_style(),
        old_generics=annotations.old_generics(),
        union_operator=annotations.union_operator(),
        signature_readers=facts.signature_readers(),
        keyword_calls=frozenset(facts.keyword_calls()),
        handed_over=facts.handed_over(),
        exports=facts.exports(),
        read_names=facts.read_names(),
        calls=calls.all(),
        definitions=tuple(facts.definitions()),
        references=mentions.references(),
        rebound=mentions.rebound(),
        cans_answers=source.names_any(_CANS),
        taking=in_scope.taking(),
        in_scope=in_scope.at_calls(),
        may_take=in_scope.may_take(),
        dissected=classes.dissected(),
        loose_bases=classes.loose_bases(),
        private_names=classes.private_names(),
        inexact_calls=in_scope.inexact_calls(),
        kept_calls={(source.start(call), source.end(call)): place for call, place in caches.results()},
        set_attributes=set_attributes(names),
        wrappers=wrappers(names),
        entry_points=entry_points(source, names, blocks),
        asserted_calls=expectations.asserted_calls() if expectations is not None else {},
        stand_ins=expectations.stand_ins() if expectations is not None else {},
        made=facts.made(),
        reflections=reflections.all(),
        loads=reflections.loads(),
        environment_changes=environment_changes(source, names, surroundings),
    )


class _Facts:
    """What is gathered from one module's names."""

    def __init__(
        self,
        source: SourceFile,
        names: Names,
        annotations: Annotations,
        replaced: tuple[Replacement, ...],
    ) -> None:
        self._source = source
        self._names = names
        self._annotations = annotations
        self._replaced = replaced
        self._objects = Objects(names)

    def made(self) -> dict[str, str]:
        """What objects functions give and attributes hold."""
        return self._objects.made()

    def _parameters(self, node: FunctionNode) -> tuple[Parameter, ...]:
        outer = self._names.scopes[node].parent or self._names.top
        constants = Constants(self._names)
        return tuple(_parameters(node.args, lambda default: constants.number(default, outer)))

    def functions(self) -> Iterator[FunctionFacts]:
        """The functions that could take a parameter: those with no function around them."""
        for node, scope in self._names.scopes.items():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                assert scope.parent is not None
                if not scope.parent.functions():
                    yield self._function(node, scope.parent)

    def definitions(self) -> Iterator[Definition]:
        """All functions, those inside others too."""
        for node, scope in self._names.scopes.items():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                assert scope.parent is not None
                yield Definition(
                    name=qualified_name(node, self._names),
                    position=self._source.start(node),
                    class_name=_class_name(scope.parent, self._names),
                    parameters=self._parameters(node),
                    decorators=()
                    if isinstance(node, ast.Lambda)
                    else tuple(self._decorators(node, scope.parent)),
                    deferred=isinstance(node, ast.AsyncFunctionDef) or node in self._generators,
                )

    @cached_property
    def _generators(self) -> frozenset[ast.AST]:
        """The functions that have a `yield` of their own."""
        found: set[ast.AST] = set()
        for node in (*self._names.every(ast.Yield), *self._names.every(ast.YieldFrom)):
            holder = self._names.parents[node]
            while not isinstance(holder, (*FUNCTIONS, ast.Module)):
                holder = self._names.parents[holder]
            found.add(holder)
        return frozenset(found)

    def _function(self, node: FunctionNode, around: Scope) -> FunctionFacts:
        parameters = self._parameters(node)
        inside = self._names.inside(node)
        names = {p.name for p in parameters}.union(identifiers(inside))
        if any(p.kind is ParameterKind.VAR_KEYWORD for p in parameters):
            names.update(_strings(inside).intersection(SESSION_NAMES))
            if any(map(_passes_keywords_up, inside)):
                names.add(SESSION_NAMES[0])  # which a base class elsewhere may be waiting for
        start, end = self._source.start(node), self._source.end(node)
        returns = None if isinstance(node, ast.Lambda) else node.returns
        return FunctionFacts(
            name=qualified_name(node, self._names),
            position=start,
            end=end,
            parameters=parameters,
            decorators=() if isinstance(node, ast.Lambda) else tuple(self._decorators(node, around)),
            class_name=_class_name(around, self._names),
            names=frozenset(names),
            is_lambda=isinstance(node, ast.Lambda),
            annotated=returns is not None or any(p.annotated for p in parameters),
            optional_style=self._annotations.optional_style(node),
            documented=self._documented(node, around),
            type_comment=not isinstance(node, ast.Lambda) and self._has_type_comment(node),
            uses_locals=any(map(_is_locals_call, inside)),
            shadows_boto3=self._shadows_boto3(node),
            replaces_boto3=any(
                start <= r.position < end and "boto3" in r.target.split(".") for r in self._replaced
            ),
            passed_to=tuple(self._passed_to(node, around)) if isinstance(node, ast.Lambda) else (),
        )

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef, around: Scope) -> Iterator[Decorator]:
        for decorator in node.decorator_list:
            yield self.decorator(decorator, around)
            dotted = self._objects.dotted(decorator, around)
            text = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
            yield Decorator(name=(dotted or text).removesuffix("()"), text=text)
        if node.name == self._names.module.rpartition(".")[2] and "TOOL_SPEC" in self._names.top.bindings:
            yield Decorator(name="strands.tool", text="TOOL_SPEC")  # a Strands tool made of a module

    def decorator(self, node: ast.expr, around: Scope) -> Decorator:
        """What a decorator is, as seen from the scope `around`."""
        dotted = self._names.dotted(node, around)
        text = ast.unparse(node.func if isinstance(node, ast.Call) else node)
        return Decorator(name=(dotted or text).removesuffix("()"), text=text)

    def _shadows_boto3(self, node: FunctionNode) -> bool:
        """Whether a scope in the function binds the name boto3 to something else."""
        return any(node in scope.functions() for scope in self._scopes_with_other_boto3)

    @cached_property
    def _scopes_with_other_boto3(self) -> tuple[Scope, ...]:
        return tuple(
            scope
            for scope in self._names.scopes.values()
            if any(binding.dotted != "boto3" for binding in scope.bindings.get("boto3", ()))
        )

    def _has_type_comment(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """`# type: (int) -> str`, which counts the parameters."""
        header = self._source.segment(self._source.start(node), self._source.start(node.body[0]))
        return _SIGNATURE_COMMENT.search(header) is not None

    def _passed_to(self, node: ast.expr, scope: Scope) -> Iterator[str]:
        """The callees that `node` is an argument of, in a list, a dict or a partial as well."""
        child: ast.AST = node
        parent = self._names.parents[node]
        holder = None
        while isinstance(parent, _CARRIERS) or (isinstance(parent, ast.Call) and parent.func is not child):
            if isinstance(parent, ast.Dict) and child in parent.keys:
                return
            if isinstance(parent, ast.Call):
                holder = self._objects.dotted(parent.func, scope) or ast.unparse(parent.func)
                if holder not in _PARTIALS:
                    break
            elif not isinstance(parent, (ast.keyword, ast.Starred)):
                holder = holder or TABLE
            child, parent = parent, self._names.parents[parent]
        if holder is not None:
            yield holder

    def _documented(self, node: FunctionNode, around: Scope) -> Documented | None:
        if isinstance(node, ast.Lambda):
            return None
        section = self._parameter_section(node)
        if section is not None:
            return Documented(self._source.start(node), section.style)
        owner = around.node
        if node.name != "__init__" or not isinstance(owner, ast.ClassDef):
            return None
        section = self._parameter_section(owner)
        names = {argument.arg for argument in all_arguments(node.args)}
        if section is None or names.isdisjoint(entry.name.lstrip("*") for entry in section.entries):
            return None
        return Documented(self._source.start(owner), section.style)

    def _parameter_section(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> Section | None:
        if not ast.get_docstring(node, clean=False):
            return None
        expression = node.body[0]
        return parameter_section(
            self._source.segment(self._source.start(expression), self._source.end(expression))
        )

    def keyword_calls(self) -> Iterator[tuple[str, str]]:
        """(last part of the callee, keyword) for the keywords that a session parameter may be called."""
        for keyword in self._names.every(ast.keyword):
            call = self._names.parents[keyword]
            if isinstance(call, ast.Call) and (keyword.arg is None or keyword.arg in SESSION_NAMES):
                yield from ((callee, keyword.arg or UNPACKED) for callee in self._called(call))
        texts = {node.value for node in self._names.every(ast.Constant) if isinstance(node.value, str)}
        yield from (("", name) for name in SESSION_NAMES if name in texts)

    def _called(self, call: ast.Call) -> set[str]:
        """What a call calls, by the name that stands there and by its own."""
        dotted = self._names.dotted(call.func, self._scope(call.func))
        return {_last(call.func), (dotted or "").rpartition(".")[2]} - {""}

    def _scope(self, node: ast.expr) -> Scope:
        return self._names.scope_of.get(node, self._names.top)

    def handed_over(self) -> dict[str, frozenset[str]]:
        """Dotted name → what it is passed to, for the names that may be functions or classes."""
        found: dict[str, set[str]] = {}
        for node, scope in self._names.scope_of.items():
            assert isinstance(node, (ast.Name, ast.Attribute))
            parent = self._names.parents[node]
            if not isinstance(node.ctx, ast.Load) or isinstance(parent, ast.Attribute):
                continue
            if isinstance(parent, _HOLDERS):
                for callee in self._passed_to(node, scope):
                    found.setdefault(self._absolute(node, scope), set()).add(callee)
            if isinstance(parent, ast.Call) and parent.func is node:
                if isinstance(self._names.parents[parent], _HOLDERS):
                    for callee in self._passed_to(parent, scope):  # fire.Fire(Commands())
                        if framework(callee) is not None:
                            found.setdefault(self._absolute(node, scope), set()).add(callee)
                if not parent.args:
                    exposing = self._names.dotted(node, scope)
                    if exposing is not None and framework(exposing) is not None:
                        found.setdefault(EVERYTHING, set()).add(exposing)
        for argument, default in self._defaults():
            dotted = self._names.dotted(default.func, self._names.top)
            if dotted is not None and framework(dotted) is not None and not default.args:
                for part in ast.walk(argument):  # `store: Store = Depends()` means Depends(Store)
                    if isinstance(part, (ast.Name, ast.Attribute)):
                        found.setdefault(self._absolute(part, self._names.top), set()).add(dotted)
        return {name: frozenset(callees) for name, callees in found.items()}

    def _defaults(self) -> Iterator[tuple[ast.expr, ast.Call]]:
        """(annotation, call) for the parameters whose default is a call."""
        for node in self._names.scopes:
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            positional = [*node.args.posonlyargs, *node.args.args]
            pairs = [
                *zip(reversed(positional), reversed(node.args.defaults), strict=False),
                *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
            ]
            for argument, default in pairs:
                if argument.annotation is not None and isinstance(default, ast.Call):
                    yield argument.annotation, default

    def _absolute(self, node: ast.expr, scope: Scope) -> str:
        """`pkg.mod.name` where it can be told, else what stands there (`self.method`)."""
        dotted = self._names.dotted(node, scope)
        if dotted is None:
            return ast.unparse(node)
        return f"{self._names.module}{dotted}" if dotted.startswith(".") else dotted

    def exports(self) -> dict[str, str]:
        """Module-level names → the dotted names that they certainly mean (`app` → `typer.Typer()`)."""
        found = {}
        for name, bindings in self._names.top.bindings.items():
            if all(b.kind in {"import", "assign"} for b in bindings):
                dotted = self._names.dotted(ast.Name(name, ast.Load()), self._names.top)
                if dotted is not None and dotted != name:
                    found[name] = dotted
        return found

    def plain_imports(self) -> frozenset[str]:
        """The module-level names that mean the package of that very name."""
        return frozenset(
            name
            for name, bindings in self._names.top.bindings.items()
            if all(b.kind == "import" and b.dotted == name for b in bindings if not is_none(b.value))
        )

    def read_names(self) -> dict[str, int]:
        """How often each plain name is read, `__all__` and string annotations included."""
        found: dict[str, int] = {}
        for node in self._names.every(ast.Name):
            if not isinstance(node.ctx, ast.Store):
                found[node.id] = found.get(node.id, 0) + 1
        for text in self._names.every(ast.Constant):
            if isinstance(text.value, str) and text.value.isidentifier():
                found[text.value] = found.get(text.value, 0) + 1
        return found

    def boto3_imports(self) -> dict[str, int]:
        """The names of boto3 that are bound unconditionally at module level, and the lines of that."""
        found: dict[str, int] = {}
        for name, bindings in self._names.top.bindings.items():
            if all(b.kind == "import" and canonical(b.dotted) == "boto3" for b in bindings):
                lines = [
                    b.node.lineno
                    for b in bindings
                    if isinstance(b.node, ast.stmt) and b.node in self._names.tree.body
                ]
                if lines:
                    found[name] = min(lines)
        return found

    def signature_readers(self) -> frozenset[str]:
        """The functions and classes that read the signature of a function they are given."""
        if _READS_SIGNATURES.search(self._source.text) is None:
            return frozenset()
        found: set[str] = set()
        for node, scope in self._names.scope_of.items():
            assert isinstance(node, (ast.Name, ast.Attribute))
            is_reading = (isinstance(node, ast.Attribute) and node.attr in _SIGNATURE_ATTRIBUTES) or (
                (self._names.dotted(node, scope) or "") in _SIGNATURE_CALLS
            )
            if not is_reading:
                continue
            holders = [s.node for s in scope.chain() if isinstance(s.node, (*FUNCTIONS, ast.ClassDef))]
            if holders:
                outermost = holders[-1]
                assert not isinstance(outermost, ast.Module)
                found.add(qualified_name(outermost, self._names))
        return frozenset(found)

    def attributes(self) -> frozenset[str]:
        """The attributes that the module reads of what it imports, but for boto3's own functions."""
        return frozenset(
            node.attr
            for node in self._names.every(ast.Attribute)
            for scope in (self._names.scope_of[node],)
            if self._names.is_bound_by_import(node, scope)
            and self._names.dotted(node, scope) not in {"boto3.client", "boto3.resource"}
        )


def _parameters(arguments: ast.arguments, number: Callable[[ast.expr], int | None]) -> Iterator[Parameter]:
    """The parameters; `number` says which integer a default certainly is."""
    defaults = {
        **dict(
            zip(
                reversed([*arguments.posonlyargs, *arguments.args]),
                reversed(arguments.defaults),
                strict=False,
            )
        ),
        **dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)),
    }
    for argument in all_arguments(arguments):
        if argument in arguments.posonlyargs:
            kind = ParameterKind.POSITIONAL_ONLY
        elif argument in arguments.args:
            kind = ParameterKind.POSITIONAL
        elif argument is arguments.vararg:
            kind = ParameterKind.VAR_POSITIONAL
        elif argument is arguments.kwarg:
            kind = ParameterKind.VAR_KEYWORD
        else:
            kind = ParameterKind.KEYWORD_ONLY
        default = defaults.get(argument)
        value = None if default is None else number(default)
        yield Parameter(argument.arg, kind, argument.annotation is not None, default is not None, value)


def _strings(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _passes_keywords_up(node: ast.AST) -> bool:
    """`super().method(**kwargs)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Call)
        and isinstance(node.func.value.func, ast.Name)
        and node.func.value.func.id == "super"
        and any(keyword.arg is None for keyword in node.keywords)
    )


def _is_locals_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    arguments = len(node.args) + len(node.keywords)
    return (node.func.id in {"locals", "vars", "dir"} and arguments == 0) or (
        node.func.id in {"eval", "exec"} and arguments == 1
    )


def _class_name(around: Scope, names: Names) -> str | None:
    return qualified_name(around.node, names) if isinstance(around.node, ast.ClassDef) else None


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _values(source: SourceFile, names: Names, *, follows: bool) -> ValueFacts:
    if not follows and not source.names_any(_CREDENTIALS):
        return ValueFacts()
    from session_first.facts.credentials import values  # noqa: PLC0415 - 10 ms, for few files

    return values(source, names)


def _may_patch(source: SourceFile) -> bool:
    """Whether something in the file may replace something by a call."""
    text, lowered = source.text, source.text.lower()
    return (
        any(name in lowered for name in _PATCH_IN_ANY_CASE)
        or any(name in text for name in _PATCH)
        or "replace" in source.words
    )


def _has_future_annotations(tree: ast.Module) -> bool:
    return any(
        isinstance(s, ast.ImportFrom)
        and s.module == "__future__"
        and any(a.name == "annotations" for a in s.names)
        for s in tree.body
    )


def _boto3_binding(
    tree: ast.Module, names: Names
) -> Literal["unconditional", "conditional", "absent", "other"]:
    """How the very name `boto3` is bound at module level."""
    bindings = names.top.bindings.get("boto3", [])
    if not bindings:
        return "unconditional" if names.star_imports and _is_read(names, "boto3") else "absent"
    if names.dotted(ast.Name("boto3", ast.Load()), names.top) != "boto3" and not all(
        (b.dotted or "").endswith("boto3") for b in bindings
    ):
        return "other"
    if any(b.node in tree.body for b in bindings) and all(b.kind == "import" for b in bindings):
        return "unconditional"
    return "conditional"


def _is_read(names: Names, name: str) -> bool:
    return any(node.id == name for node in names.every(ast.Name))
