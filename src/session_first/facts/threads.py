"""A module in; what it has run in threads of their own, and what it does there under a lock, out.

A function gets there by being handed over: to `Thread`, to a method of what certainly is a pool of threads, to asyncio's
and others' ways into one. Pools of processes are none of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from session_first.facts.blocks import Blocks
from session_first.facts.calls import Calls
from session_first.facts.names import Binding, FunctionNode, Names, qualified_name
from session_first.facts.own_functions import OwnFunctions
from session_first.model import LockedPart, Position, SessionSite, ThreadFacts, ThreadStart
from session_first.source import SourceFile

_MENTIONS = re.compile(r"[Tt]hread|run_in_executor|multiprocessing\.dummy")

THREADS = frozenset({"multiprocessing.dummy.Process", "threading.Thread"})
"""The classes whose `run` is a thread's."""

_EXECUTORS = frozenset(
    {"concurrent.futures.ThreadPoolExecutor", "concurrent.futures.thread.ThreadPoolExecutor"}
)
_POOLS = frozenset({"multiprocessing.dummy.Pool", "multiprocessing.pool.ThreadPool"})
_TIMERS = frozenset({"threading.Timer"})
_METHODS = {
    _EXECUTORS: {"map": "fn", "submit": "fn"},
    _POOLS: dict.fromkeys(
        (
            *("apply", "apply_async", "imap", "imap_unordered"),
            *("map", "map_async", "starmap", "starmap_async"),
        ),
        "func",
    ),
}
"""The methods that run their first argument in a thread, and its keyword."""

_FUNCTIONS = frozenset(
    {
        *(
            "_thread.start_new_thread",
            "anyio.to_thread.run_sync",
            "asyncio.to_thread",
            "trio.to_thread.run_sync",
        ),
        *("fastapi.concurrency.run_in_threadpool", "starlette.concurrency.run_in_threadpool"),
        *("tqdm.contrib.concurrent.thread_map", "twisted.internet.threads.deferToThread"),
    }
)
"""The functions that do."""

_PARTIALS = frozenset({"functools.partial"})
_WORKERS = frozenset({"max_workers", "processes"})
_LOCKS = re.compile(r"lock|mutex|semaphore", re.IGNORECASE)
_LOCKING = re.compile(r"lock|mutex|semaphore|synchroni[sz]ed", re.IGNORECASE)
_LOCK_CLASSES = frozenset({"threading.Condition", "threading.Lock", "threading.RLock"})
_MENTIONS_LOCKS = re.compile(r"lock|mutex|semaphore|\.acquire\b|condition|synchroni[sz]ed", re.IGNORECASE)
_DEPTH = 5
"""So many names stand for one another at most."""


@dataclass(frozen=True, slots=True)
class _HandOver:
    """The expression `what` is handed to `receiver`, in words, at `node`."""

    what: ast.expr
    receiver: str
    node: ast.expr


class Threads:
    """Answers for one module, whose session sites are `sites`."""

    def __init__(self, source: SourceFile, names: Names, calls: Calls, sites: Sequence[SessionSite]) -> None:
        self._source = source
        self._names = names
        self._calls = calls
        self._sites = sites
        self._blocks = Blocks(source, names.parents)
        self._own = OwnFunctions(names, self._blocks)

    def facts(self) -> ThreadFacts:
        """What a stage that knows the calls of the whole project needs to tell what runs in threads."""
        text = self._source.text
        return ThreadFacts(
            starts=tuple(self._starts()) if _MENTIONS.search(text) is not None else (),
            locked=tuple(self._locked()) if _MENTIONS_LOCKS.search(text) is not None else (),
            kept=frozenset(self._kept()) if self._sites else frozenset(),
        )

    def may_run_sites(self) -> bool:
        """Whether one of the sites may run in a thread that the module starts."""
        return bool(self._sites) and _MENTIONS.search(self._source.text) is not None

    def _starts(self) -> Iterator[ThreadStart]:
        for handed in self._hand_overs:
            what = self._followed(handed.what)
            if isinstance(what, (ast.Attribute, ast.Call, ast.Lambda, ast.Name)):
                yield ThreadStart(self._calls.of(what), handed.receiver, handed.node.lineno)

    def _locked(self) -> Iterator[LockedPart]:
        """Where one thread at a time comes, as far as names tell: under a lock, in a function that takes one by hand or that a decorator
        takes one for."""
        blocks: list[ast.With | ast.AsyncWith] = [
            *self._names.every(ast.With),
            *self._names.every(ast.AsyncWith),
        ]
        for node in blocks:
            if any(self._is_lock(item.context_expr) for item in node.items):
                yield self._part(node, self._around(node))
        definitions: list[ast.FunctionDef | ast.AsyncFunctionDef] = [
            *self._names.every(ast.FunctionDef),
            *self._names.every(ast.AsyncFunctionDef),
        ]
        for definition in definitions:
            if any(_LOCKING.search(ast.unparse(decorator)) for decorator in definition.decorator_list):
                yield self._part(definition, definition)
        for attribute in self._names.every(ast.Attribute):
            function = self._around(attribute) if attribute.attr == "acquire" else None
            if function is not None:
                yield self._part(function, function)

    def _is_lock(self, node: ast.expr) -> bool:
        return _LOCKS.search(ast.unparse(node)) is not None or self._is_made_by(node, _LOCK_CLASSES)

    def _part(
        self, node: ast.With | ast.AsyncWith | FunctionNode, function: FunctionNode | None
    ) -> LockedPart:
        around = self._source.start(function) if function is not None else None
        return LockedPart(self._source.start(node), self._source.end(node), around)

    def _kept(self) -> Iterator[Position]:
        """The sites whose client outlives the call that made it."""
        sites = {(site.position, site.end): site for site in self._sites if site.is_call}
        for node in self._names.every(ast.Call):
            site = sites.get((self._source.start(node), self._source.end(node)))
            if site is None:
                continue
            statement = self._blocks.statement(node)
            targets = statement.targets if isinstance(statement, ast.Assign) else ()
            if site.cached is not None or any(isinstance(t, (ast.Attribute, ast.Subscript)) for t in targets):
                yield site.position

    def _around(self, node: ast.AST) -> FunctionNode | None:
        """The innermost function that runs `node`. Decorators and defaults belong to what is around theirs."""
        for child, holder in self._blocks.ancestors(node):
            if isinstance(holder, ast.Lambda) and child is holder.body:
                return holder
            if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef)) and child in holder.body:
                return holder
        return None

    # --- What is handed over --------------------------------------------------------------------

    @cached_property
    def _hand_overs(self) -> tuple[_HandOver, ...]:
        return tuple(handed for call in self._names.every(ast.Call) for handed in self._handed_by(call))

    def _handed_by(self, call: ast.Call) -> Iterator[_HandOver]:
        dotted = self._dotted(call.func)
        if dotted is not None:
            if self._is_a(dotted, THREADS):
                yield from self._argument(call, 1, "target")
            elif self._is_a(dotted, _TIMERS):
                yield from self._argument(call, 1, "function")
            elif self._is_a(dotted, _EXECUTORS):
                yield from self._argument(call, 2, "initializer")
            elif self._is_a(dotted, _POOLS):
                yield from self._argument(call, 1, "initializer")
            elif dotted in _FUNCTIONS:
                yield from self._argument(call, 0, "func")
        if not isinstance(call.func, ast.Attribute):
            return
        owner, method = call.func.value, call.func.attr
        if method == "__init__" and self._is_super_of(owner, THREADS):
            yield from self._argument(call, 1, "target")
        elif method == "run_in_executor" and call.args:
            if isinstance(call.args[0], ast.Constant) or self._is_made_by(call.args[0], _EXECUTORS):
                yield from self._argument(call, 1, "func")
        else:
            for classes, methods in _METHODS.items():
                if method in methods and self._is_made_by(owner, classes):
                    yield from self._argument(call, 0, methods[method])

    def _argument(self, call: ast.Call, number: int, keyword: str) -> Iterator[_HandOver]:
        given = next((k.value for k in call.keywords if k.arg == keyword), None)
        before = call.args[: number + 1]
        if given is None and len(before) > number and not any(isinstance(a, ast.Starred) for a in before):
            given = before[number]
        if given is not None:
            yield _HandOver(given, ast.unparse(call.func), call)

    def _followed(self, what: ast.expr, depth: int = _DEPTH) -> ast.expr:
        """What a name stands for that has one value, without `partial(…)` around it."""
        what = self._unwrapped(what)
        if not isinstance(what, ast.Name) or depth == 0:
            return what
        bindings = self._names.lookup(what.id, self._own.scope(what))
        if len(bindings) != 1 or bindings[0].value is None:
            return what
        return self._followed(bindings[0].value, depth - 1)

    def _unwrapped(self, what: ast.expr) -> ast.expr:
        """`f` of `partial(f, …)`."""
        while isinstance(what, ast.Call) and self._dotted(what.func) in _PARTIALS and what.args:
            what = what.args[0]
        return what

    # --- What it is handed to ---------------------------------------------------------------------

    def _dotted(self, node: ast.expr) -> str | None:
        scope = self._own.scope(node)
        return self._names.dotted(node, scope) if self._names.is_bound(node, scope) else None

    def _is_a(self, dotted: str, classes: frozenset[str]) -> bool:
        """Whether the class is one of `classes`, or one of the module's that inherits from one."""
        waiting = [dotted]
        for name in waiting:  # which grows
            if name in classes:
                return True
            waiting.extend(base for base in self._own.bases(name[1:]) if base not in waiting)
        return False

    def _is_super_of(self, node: ast.expr, classes: frozenset[str]) -> bool:
        """`super()` in a class that inherits from one of `classes`, or that one itself (`Thread.__init__(self)`)."""
        if not isinstance(node, ast.Call):
            dotted = self._dotted(node)
            return dotted is not None and dotted in classes
        owner = self._class_around(node) if ast.unparse(node.func) == "super" else None
        return owner is not None and self._is_a(f".{qualified_name(owner, self._names)}", classes)

    def _class_around(self, node: ast.AST) -> ast.ClassDef | None:
        holders = (holder for _, holder in self._blocks.ancestors(node))
        return next((holder for holder in holders if isinstance(holder, ast.ClassDef)), None)

    def _is_made_by(self, node: ast.expr, classes: frozenset[str], depth: int = _DEPTH) -> bool:
        """Whether all that `node` can be is made by `classes`, or None."""
        if depth == 0:
            return False
        match node:
            case ast.Call():
                dotted = self._dotted(node.func)
                return dotted is not None and self._is_a(dotted, classes) and not _is_of_one(node)
            case ast.NamedExpr():
                return self._is_made_by(node.value, classes, depth - 1)
            case ast.Name():
                bindings = self._names.lookup(node.id, self._own.scope(node))
                known = [b for b in bindings if not _is_none(b.value)]
                return bool(known) and all(self._gives(b, classes, depth - 1) for b in known)
            case ast.Attribute(value=ast.Name()):
                values = [value for value in self._kept_on_self(node) if not _is_none(value)]
                return bool(values) and all(self._is_made_by(v, classes, depth - 1) for v in values)
            case _:
                return False

    def _gives(self, binding: Binding, classes: frozenset[str], depth: int) -> bool:
        if binding.value is not None:
            return self._is_made_by(binding.value, classes, depth)
        if isinstance(binding.node, ast.arg):
            return self._is_annotated(binding.node.annotation, classes)
        item = self._names.parents.get(binding.node)
        if isinstance(item, ast.withitem) and item.optional_vars is binding.node:
            return self._is_made_by(item.context_expr, classes, depth)
        return False

    def _is_annotated(self, annotation: ast.expr | None, classes: frozenset[str]) -> bool:
        match annotation:
            case ast.BinOp(op=ast.BitOr(), left=left, right=ast.Constant(value=None)):
                return self._is_annotated(left, classes)
            case ast.Subscript(value=outer, slice=inner) if ast.unparse(outer).endswith("Optional"):
                return self._is_annotated(inner, classes)
            case ast.Name() | ast.Attribute():
                dotted = self._dotted(annotation)
                return dotted is not None and self._is_a(dotted, classes)
            case _:
                return False

    def _kept_on_self(self, node: ast.Attribute) -> Iterator[ast.expr]:
        """What the class around gives to `self.name`, in its methods or its body."""
        owner = self._class_around(node)
        function = self._around(node)
        if owner is None or function is None or not isinstance(node.value, ast.Name):
            return
        if node.value.id not in {a.arg for f in self._own.scope(node).functions() for a in f.args.args[:1]}:
            return
        for part in ast.walk(owner):
            targets = part.targets if isinstance(part, ast.Assign) else [getattr(part, "target", None)]
            if isinstance(part, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and any(
                isinstance(t, ast.Attribute) and t.attr == node.attr for t in targets
            ):
                yield part.value or ast.Constant(None)
        for binding in self._names.scopes[owner].bindings.get(node.attr, ()):
            yield binding.value or ast.Name(node.attr, ast.Load())


def _is_of_one(pool: ast.Call) -> bool:
    """Whether the pool has a single thread, which does one thing after the other."""
    workers = pool.args[:1] or [k.value for k in pool.keywords if k.arg in _WORKERS]
    return any(isinstance(number, ast.Constant) and number.value == 1 for number in workers)


def _is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
