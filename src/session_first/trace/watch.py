"""A watcher in; while the context lasts, it is told of every call of botocore's clients, which go on as they would."""

from __future__ import annotations

import functools
import random
import secrets
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Protocol
from unittest import mock

from botocore.client import BaseClient, ClientCreator

_UNDER_WAY: ContextVar[tuple[BaseClient, str] | None] = ContextVar("under_way", default=None)
"""The client and the operation of which the watcher was told, until botocore makes the call."""


_LONG_NUMBER = 100_000
_LONG_TEXT = 16
"""Shorter texts are chosen from a program's own, by `random.choice`: only tokens are this long."""


class Watcher(Protocol):
    """What is told of calls. It must not raise."""

    def begin(self, client: BaseClient, operation: str, parameters: Mapping[str, object], /) -> object:
        """A call is about to be made. What this returns comes back when it has ended."""

    def end(self, begun: object, answer: object, /) -> None:
        """The call has ended: with `answer`, or None where it raised."""


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tells `watcher` of the calls of this process.

    A call is seen where the program makes it, in the client's method, so that it is seen too where a
    test has replaced `_make_api_call`; and in `_make_api_call` itself, for programs that go there
    directly and for clients made earlier.
    """
    create: Callable[..., Callable[..., object]] = vars(ClientCreator)["_create_api_method"]
    call_api: Callable[..., object] = vars(BaseClient)["_make_api_call"]
    active = True

    def watch(
        client: BaseClient, operation: str, parameters: Mapping[str, object], call: Callable[[], object]
    ) -> object:
        __tracebackhide__ = True
        begun = watcher.begin(client, operation, parameters)
        answer = None
        try:
            answer = call()
        finally:
            watcher.end(begun, answer)
        return answer

    @functools.wraps(create)
    def create_api_method(
        creator: ClientCreator, method_name: str, operation_name: str, *others: object, **named: object
    ) -> Callable[..., object]:
        method = create(creator, method_name, operation_name, *others, **named)

        @functools.wraps(method)
        def api_call(client: BaseClient, *args: object, **kwargs: object) -> object:
            __tracebackhide__ = True
            if args or not active:  # botocore refuses arguments without a name
                return method(client, *args, **kwargs)
            token = _UNDER_WAY.set((client, operation_name))
            try:
                return watch(client, operation_name, kwargs, lambda: method(client, **kwargs))
            finally:
                _UNDER_WAY.reset(token)

        return api_call

    @functools.wraps(call_api)
    def make_api_call(client: BaseClient, operation_name: str, api_params: Mapping[str, object]) -> object:
        __tracebackhide__ = True
        if _UNDER_WAY.get() == (client, operation_name):
            return call_api(client, operation_name, api_params)
        return watch(client, operation_name, api_params, lambda: call_api(client, operation_name, api_params))

    with ExitStack() as replaced:
        replaced.enter_context(mock.patch.object(ClientCreator, "_create_api_method", create_api_method))
        replaced.enter_context(mock.patch.object(BaseClient, "_make_api_call", make_api_call))
        try:
            yield
        finally:
            active = False


_DRAWING: tuple[tuple[ModuleType, str], ...] = (
    (uuid, "uuid1"),
    (uuid, "uuid4"),
    (secrets, "token_hex"),
    (secrets, "token_urlsafe"),
    (random, "choice"),
    (random, "choices"),
    (random, "randint"),
    (random, "randrange"),
    (random, "sample"),
)


@contextmanager
def drawn(tell: Callable[[str], None]) -> Iterator[None]:
    """Tells of each text that the program draws at random: UUIDs, tokens, long numbers, single letters."""

    def telling(draw: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(draw)
        def draw_and_tell(*args: object, **kwargs: object) -> object:
            result = draw(*args, **kwargs)
            caller = str(sys._getframe(1).f_globals.get("__name__"))
            if not caller.startswith("botocore."):  # it numbers its requests
                for text in _texts(result):
                    tell(text)
            return result

        return draw_and_tell

    with ExitStack() as replaced:
        for module, name in _DRAWING:
            replaced.enter_context(mock.patch.object(module, name, telling(getattr(module, name))))
        yield


def _texts(result: object) -> tuple[str, ...]:
    match result:
        case uuid.UUID():
            return (result.hex, str(result))
        case int() if result >= _LONG_NUMBER:
            return (str(result),)
        case str() if len(result) == 1 or len(result) >= _LONG_TEXT:
            return (result,)
        case list() if all(isinstance(each, str) and len(each) == 1 for each in result):
            return tuple(result)
        case _:
            return ()
