"""A module in; its `assume_role` calls that feed botocore's credentials by hand, out.

From what builds such credentials it goes back to the functions that fetch them, and to what these call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from session_first.facts.blocks import Blocks
from session_first.facts.names import FUNCTIONS, FunctionNode, Names, qualified_name
from session_first.facts.own_functions import OwnFunctions
from session_first.facts.role_calls import RoleCalls
from session_first.facts.sessions import Sessions
from session_first.model import HandWrittenRefresh
from session_first.source import SourceFile

_CREDENTIALS = re.compile(r"(?:.*\.)?(?P<package>aiobotocore|botocore)\.credentials\.(?P<name>\w+)")
_SESSION = re.compile(r"(?:.*\.)?(?P<package>aiobotocore|botocore)\.session\.(get_session|(Aio)?Session)\(\)")
_REFRESHING = frozenset({"DeferredRefreshableCredentials", "RefreshableCredentials"})
_FETCHERS = frozenset({"AssumeRoleCredentialFetcher", "create_assume_role_refresher"})
_FETCHER_BASES = frozenset({"BaseAssumeRoleCredentialFetcher", "CachedCredentialFetcher"})
_METADATA = frozenset({"access_key", "secret_key", "token", "expiry_time"})
"""The keys that botocore expects of a function that refreshes credentials."""

_VENDORED = frozenset({"aiobotocore", "aws_assume_role_lib", "botocore"})
_PARTIALS = frozenset({"functools.partial", "partial"})
_MAKING_CLIENTS = frozenset({"client", "create_client", "resource"})
_STEPS = 2
"""How many calls away from the function that refreshes AssumeRole may be."""

_MENTIONS = ("assume_role", "AssumeRoleCredentialFetcher", "create_assume_role_refresher")


@dataclass(frozen=True, slots=True)
class _Machinery:
    """What of botocore's an `assume_role` call feeds.

    `name` is botocore's, `text` what the module calls it; `is_own`: it is a class of the module.
    """

    name: str
    text: str
    line: int
    asynchronous: bool
    is_own: bool = False


class Refreshes:
    """Finds the hand-written refreshes of one module."""

    def __init__(self, source: SourceFile, names: Names) -> None:
        self._source = source
        self._names = names
        self._blocks = Blocks(source, names.parents)
        self._roles = RoleCalls(names, Sessions(names, self._blocks))

    @cached_property
    def _own(self) -> OwnFunctions:
        return OwnFunctions(self._names, self._blocks)

    def all(self) -> tuple[HandWrittenRefresh, ...]:
        """The calls, each once, in the order of the text; what feeds boto3 and aiobotocore counts as boto3's."""
        here = {*self._names.module.split("."), self._source.path.parent.name}
        if not any(name in self._source.text for name in _MENTIONS) or here & _VENDORED:
            return ()
        found: dict[ast.Call, HandWrittenRefresh] = {}
        for call, machinery, is_fetcher in self._calls():
            if call not in found or (found[call].asynchronous and not machinery.asynchronous):
                found[call] = self._refresh(call, machinery, is_fetcher=is_fetcher)
        return tuple(sorted(found.values(), key=lambda refresh: (refresh.position, refresh.end)))

    def _refresh(self, call: ast.Call, machinery: _Machinery, *, is_fetcher: bool) -> HandWrittenRefresh:
        function = next(iter(self._own.scope(call.func).functions()), None)
        return HandWrittenRefresh(
            position=self._source.start(call),
            end=self._source.end(call),
            text=f"{ast.unparse(call.func)}(…)",
            function=None if function is None else qualified_name(function, self._names),
            machinery=machinery.text,
            line=machinery.line,
            is_fetcher=is_fetcher,
            asynchronous=machinery.asynchronous,
        )

    # --- What is fed ----------------------------------------------------------------------------

    def _calls(self) -> Iterator[tuple[ast.Call, _Machinery, bool]]:
        """(call, what it feeds, whether it is a fetcher)."""
        for node in self._names.parents:
            match node:
                case ast.Call(func=ast.Name() | ast.Attribute()):
                    yield from self._fed_by_call(node)
                case ast.Assign(targets=[ast.Attribute(attr="_credentials") as target]):
                    yield from self._fed_by_assignment(node, target)
                case ast.ClassDef():
                    yield from self._fed_by_class(node)
                case _:
                    pass
        for node in self._names.parents:  # last, since it says least
            if isinstance(node, (ast.Dict, ast.Call)) and _is_metadata(node):
                yield from self._fed_by_metadata(node)

    def _fed_by_call(self, call: ast.Call) -> Iterator[tuple[ast.Call, _Machinery, bool]]:
        scope = self._own.scope(call.func)
        machinery = self._machinery(self._names.dotted(call.func, scope), call)
        if machinery is None:
            return
        if machinery.name in _REFRESHING:
            trace = self._trace()
            for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                trace.value(argument)
            yield from ((found, machinery, False) for found in trace.found)
        elif machinery.name in _FETCHERS and not machinery.is_own and not _asks_for_code(call):
            yield call, machinery, True

    def _fed_by_assignment(
        self, statement: ast.Assign, target: ast.Attribute
    ) -> Iterator[tuple[ast.Call, _Machinery, bool]]:
        """`get_session()._credentials = …`, `boto3_session._session._credentials = …`."""
        dotted = _SESSION.fullmatch(self._names.dotted(target.value, self._own.scope(target)) or "")
        is_inner = isinstance(target.value, ast.Attribute) and target.value.attr == "_session"
        if dotted is None and not is_inner:
            return
        asynchronous = dotted is not None and dotted["package"] == "aiobotocore"
        machinery = _Machinery("Session", ast.unparse(target), statement.lineno, asynchronous)
        trace = self._trace()
        trace.value(statement.value)
        yield from ((found, machinery, False) for found in trace.found)

    def _fed_by_class(self, node: ast.ClassDef) -> Iterator[tuple[ast.Call, _Machinery, bool]]:
        name = qualified_name(node, self._names)
        machinery = self._machinery(f".{name}", node)
        if machinery is None or machinery.name not in {*_REFRESHING, *_FETCHERS, *_FETCHER_BASES}:
            return
        trace = self._trace()
        for method in node.body:
            if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                trace.body(method)
        yield from ((found, machinery, False) for found in trace.found)

    def _fed_by_metadata(self, node: ast.Dict | ast.Call) -> Iterator[tuple[ast.Call, _Machinery, bool]]:
        """A function whose result has botocore's keys is one that refreshes, wherever it is handed to botocore."""
        holder = self._names.parents[node]
        while not isinstance(holder, (*FUNCTIONS, ast.ClassDef, ast.Module)):
            holder = self._names.parents[holder]
        if not isinstance(holder, FUNCTIONS):
            return
        text = "a dict for RefreshableCredentials"
        asynchronous = isinstance(holder, ast.AsyncFunctionDef)
        machinery = _Machinery("RefreshableCredentials", text, node.lineno, asynchronous)
        trace = self._trace()
        trace.body(holder)
        yield from ((found, machinery, False) for found in trace.found)

    def _machinery(self, dotted: str | None, node: ast.Call | ast.ClassDef) -> _Machinery | None:
        """What of botocore's credentials `dotted` is, be it a subclass of this module."""
        called = (dotted or "").removesuffix(".create_from_metadata")
        text = called.rpartition(".")[2]
        seen: set[str] = set()
        while called.startswith(".") and called not in seen:
            seen.add(called)
            called = next(self._own.bases(called[1:]), "")
        match = _CREDENTIALS.fullmatch(called)
        if match is None:
            return None
        return _Machinery(
            name=match["name"].removeprefix("Aio"),
            text=text,
            line=node.lineno,
            asynchronous=match["package"] == "aiobotocore",
            is_own=bool(seen),
        )

    def _trace(self) -> _Trace:
        return _Trace(self._own, self._names, self._is_role_call)

    def _is_role_call(self, call: ast.Call) -> bool:
        """Whether it is AssumeRole, and not one for which somebody has to type a code."""
        if not isinstance(call.func, (ast.Name, ast.Attribute)):
            return False
        return self._roles.is_sts(call, self._own.scope(call.func)) and not _asks_for_code(call)


class _Trace:
    """Goes from a value back to the AssumeRole calls that give it, or that the functions it is call."""

    def __init__(self, own: OwnFunctions, names: Names, is_role_call: Callable[[ast.Call], bool]) -> None:
        self.found: dict[ast.Call, None] = {}
        self._own = own
        self._names = names
        self._is_role_call = is_role_call
        self._seen: set[ast.AST] = set()
        self._walked: dict[FunctionNode, int] = {}

    def value(self, node: ast.expr) -> None:
        """Where `node` comes from; a function stands for what it will give."""
        if node in self._seen:
            return
        self._seen.add(node)
        match node:
            case ast.Lambda():
                self.body(node)
            case ast.Call():
                self._call(node)
            case ast.Name() | ast.Attribute():
                functions = self._own.named(node)
                for function in functions:
                    self.body(function)
                if functions:
                    return
                for kept in self._own.values(node):
                    self.value(kept)
                if isinstance(node, ast.Attribute):
                    self.value(node.value)
            case ast.Subscript():
                self.value(node.value)
            case _:
                for part in ast.iter_child_nodes(node):
                    if isinstance(part, ast.expr):
                        self.value(part)

    def _call(self, call: ast.Call) -> None:
        if self._is_role_call(call):
            self.found[call] = None
            return
        functions = self._own.named(call)
        for function in functions:
            self.body(function)
        if isinstance(call.func, ast.Attribute) and call.func.attr in _MAKING_CLIENTS:
            return
        if functions:
            return
        self.value(call.func)
        is_partial = self._names.dotted(call.func, self._own.scope(call.func)) in _PARTIALS
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        for argument in arguments[:1] if is_partial else arguments:
            self.value(argument)

    def body(self, function: FunctionNode, steps: int = _STEPS) -> None:
        """The AssumeRole calls in a function, and in those of the module that it calls or names."""
        if self._walked.get(function, -1) >= steps:
            return
        self._walked[function] = steps
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and self._is_role_call(node):
                self.found[node] = None
            elif steps and isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                for called in self._own.named(node):
                    self.body(called, steps - 1)


def _is_metadata(node: ast.Dict | ast.Call) -> bool:
    """`{"access_key": …, "secret_key": …, "token": …, "expiry_time": …}`, or the same by `dict(…)`."""
    if isinstance(node, ast.Dict):
        return {key.value for key in node.keys if isinstance(key, ast.Constant)} >= _METADATA
    is_dict = isinstance(node.func, ast.Name) and node.func.id == "dict"
    return is_dict and {keyword.arg for keyword in node.keywords} >= _METADATA


def _asks_for_code(call: ast.Call) -> bool:
    """Whether somebody has to type a code each time: a role with MFA cannot refresh itself."""
    return any(
        (
            isinstance(part, ast.keyword)
            and part.arg in {"TokenCode", "mfa_prompter"}
            and not _is_none(part.value)
        )
        or (isinstance(part, ast.Constant) and part.value == "TokenCode")
        for part in ast.walk(call)
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
