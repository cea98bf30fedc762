"""Which decorators of a file pass keywords on to the functions that they decorate."""

from __future__ import annotations

import pytest

from session_first.model import Wrapper
from tests.analysis import facts_of


def only_wrapper(text: str) -> Wrapper | None:
    """What the decorator called `deco` is."""
    return next((w for w in facts_of(text).wrappers if w.name == "deco"), None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            def deco(func):
                @functools.wraps(func)
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                return wrapper
            import functools
            """,
            id="the usual form",
        ),
        pytest.param(
            """
            def deco(func):
                async def wrapper(*args, **kwargs):
                    return await func(*args, **kwargs)
                return wrapper
            """,
            id="asynchronous",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    yield from func(*args, **kwargs)
                return wrapper
            """,
            id="generator",
        ),
        pytest.param(
            """
            def deco(times):
                def decorator(func):
                    def wrapper(*args, **kwargs):
                        for _ in range(times):
                            try:
                                return func(*args, **kwargs)
                            except ValueError:
                                pass
                        raise RuntimeError
                    return wrapper
                return decorator
            """,
            id="with arguments",
        ),
        pytest.param(
            """
            def deco(func=None, *, times=3):
                def decorator(f):
                    def wrapper(*args, **kwargs):
                        return f(*args, **kwargs)
                    return wrapper
                if func is None:
                    return decorator
                return decorator(func)
            """,
            id="with or without arguments",
        ),
        pytest.param(
            """
            from functools import partial, wraps

            def deco(func=None, *, times=3):
                if func is None:
                    return partial(deco, times=times)

                @wraps(func)
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="with or without arguments, by partial",
        ),
        pytest.param(
            """
            import functools

            def deco(func):
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                return functools.update_wrapper(wrapper, func)
            """,
            id="update_wrapper",
        ),
        pytest.param(
            """
            import functools
            from typing import cast

            def deco(func):
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                return cast(F, functools.wraps(func)(wrapper))
            """,
            id="cast",
        ),
        pytest.param(
            "def deco(func):\n    return lambda *args, **kwargs: func(*args, **kwargs)\n", id="lambda"
        ),
        pytest.param(
            "def deco(func):\n    REGISTRY.append(func)\n    return func\n", id="the function itself"
        ),
        pytest.param(
            """
            def deco(name):
                def register(func):
                    REGISTRY[name] = func
                    return func
                return register
            """,
            id="the function itself, with arguments",
        ),
        pytest.param(
            """
            def deco(func):
                async def slow(*args, **kwargs):
                    return await func(*args, **kwargs)

                def fast(*args, **kwargs):
                    return func(*args, **kwargs)

                return slow if is_async(func) else fast
            """,
            id="one of two wrappers",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    started = time()
                    result = func(*args, **kwargs)
                    logger.info("%s(%s, %s) took %s: %s", func.__name__, args, kwargs, time() - started, result)
                    print(f"with {kwargs!r}")
                    return result
                return wrapper
            """,
            id="logs the arguments",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    if not allowed():
                        return abort(403)
                    return retry_call(lambda: func(*args, **kwargs))
                return wrapper
            """,
            id="called in a lambda",
        ),
        pytest.param(
            """
            import asyncio

            def deco(func):
                async def wrapper(*args, **kwargs):
                    return await asyncio.to_thread(func, *args, **kwargs)
                return wrapper
            """,
            id="in a thread",
        ),
        pytest.param(
            """
            class deco:
                def __init__(self, func):
                    self.func = func

                def __call__(self, *args, **kwargs):
                    return self.func(*args, **kwargs)
            """,
            id="class",
        ),
        pytest.param(
            """
            class deco:
                def __init__(self, times):
                    self.times = times

                def __call__(self, func):
                    def wrapper(*args, **kwargs):
                        return func(*args, **kwargs)
                    return wrapper
            """,
            id="class with arguments",
        ),
        pytest.param(
            """
            from contextlib import ContextDecorator

            class deco(ContextDecorator):
                def __enter__(self): ...
                def __exit__(self, *exc): ...
            """,
            id="ContextDecorator",
        ),
        pytest.param(
            """
            import contextlib

            @contextlib.contextmanager
            def deco(name):
                yield
            """,
            id="context manager that decorates",
        ),
        pytest.param(
            """
            import wrapt

            @wrapt.decorator
            def deco(wrapped, instance, args, kwargs):
                return wrapped(*args, **kwargs)
            """,
            id="wrapt",
        ),
        pytest.param(
            """
            import wrapt

            def deco(times):
                @wrapt.decorator
                def wrapper(wrapped, instance, args, kwargs):
                    return wrapped(*args, **kwargs)
                return wrapper
            """,
            id="wrapt, with arguments",
        ),
        pytest.param(
            """
            from decorator import decorator

            @decorator
            def deco(func, *args, **kwargs):
                return func(*args, **kwargs)
            """,
            id="decorator's decorator",
        ),
        pytest.param(
            "import tenacity\n\ndef deco():\n    return tenacity.retry(stop=tenacity.stop_after_attempt(3))\n",
            id="a library's, configured",
        ),
        pytest.param(
            "import tenacity\n\ndef deco(func):\n    return tenacity.retry(reraise=True)(func)\n",
            id="a library's, applied",
        ),
        pytest.param(
            """
            from tenacity import retry

            def deco(func):
                @retry(reraise=True)
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="a wrapper that is decorated by a library's",
        ),
    ],
)
def test_passes_keywords(text: str) -> None:
    wrapper = only_wrapper(text)
    assert wrapper is not None
    assert not wrapper.memoises
    assert not wrapper.through
    assert "session" not in wrapper.keywords


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            def deco(func):
                def wrapper(*args):
                    return func(*args)
                return wrapper
            """,
            id="takes no keywords",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    return func(*args)
                return wrapper
            """,
            id="drops them",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    if args:
                        return func(*args)
                    return func(**kwargs)
                return wrapper
            """,
            id="drops them in one of two calls",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    queue.put((func.__name__, args, json.dumps(kwargs)))
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="serialises them",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    check(**kwargs)
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="gives them to something else too",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    kwargs = {k: v for k, v in kwargs.items() if v}
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="changes them",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    for key in list(kwargs):
                        del kwargs[key]
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="takes some out",
        ),
        pytest.param(
            """
            import functools

            def deco(func):
                func = functools.partial(func, 1)
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="another function by then",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    return queue.send(func.__name__)
                return wrapper
            """,
            id="never calls it",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                if DEBUG:
                    return wrapper
                return Task(func)
            """,
            id="an object of unknown kind on another way",
        ),
        pytest.param(
            """
            def deco(func):
                @app.task
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="a wrapper with an unknown decorator",
        ),
        pytest.param(
            """
            class deco:
                def __init__(self, func):
                    self.func = func
                    self.func = prepare(func)

                def __call__(self, *args, **kwargs):
                    return self.func(*args, **kwargs)
            """,
            id="class that keeps something else",
        ),
        pytest.param(
            "class deco:\n    def add(self, x):\n        return self\n", id="class without __call__"
        ),
        pytest.param("import json\n\ndef deco(func):\n    return json.dumps(func)\n", id="another call"),
        pytest.param("def deco(func):\n    func()\n", id="no result"),
    ],
)
def test_passes_none(text: str) -> None:
    assert only_wrapper(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "def wrapper(self, *args, **kwargs):\n        return func(self, *args, **kwargs)",
            {"self"},
            id="takes it itself",
        ),
        pytest.param(
            "def wrapper(*args, session=None, **kwargs):\n        return func(*args, session=session, **kwargs)",
            {"session"},
            id="takes it and passes it on under its name",
        ),
        pytest.param(
            "def wrapper(*args, **kwargs):\n        return func(*args, db=connect(), **kwargs)",
            {"db"},
            id="gives it",
        ),
        pytest.param(
            "def wrapper(*args, **kwargs):\n        kwargs['user'] = 1\n        return func(*args, **kwargs)",
            {"user"},
            id="sets it",
        ),
        pytest.param(
            "def wrapper(*args, **kwargs):\n        t = kwargs.pop('timeout', 3)\n        return func(*args, **kwargs)",
            {"timeout"},
            id="takes it out",
        ),
        pytest.param(
            "def wrapper(*args, **kwargs):\n"
            "        if 'session' in kwargs:\n"
            "            return func(*args, **kwargs)\n"
            "        with make() as session:\n"
            "            return func(*args, session=session, **kwargs)",
            {"session"},
            id="gives it where it is missing",
        ),
    ],
)
def test_its_own_keywords(text: str, expected: set[str]) -> None:
    wrapper = only_wrapper(f"def deco(func):\n    {text}\n    return wrapper\n")
    assert wrapper is not None
    assert wrapper.keywords == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            def deco(func):
                seen = {}
                def wrapper(*args, **kwargs):
                    if args not in seen:
                        seen[args] = func(*args, **kwargs)
                    return seen[args]
                return wrapper
            """,
            id="in a dict",
        ),
        pytest.param(
            """
            def deco(func):
                seen = {}
                def wrapper(*args, **kwargs):
                    try:
                        return seen[args]
                    except KeyError:
                        result = func(*args, **kwargs)
                        seen[args] = result
                        return result
                return wrapper
            """,
            id="in a dict, by a local",
        ),
        pytest.param(
            """
            def deco(func):
                result = None
                def wrapper(*args, **kwargs):
                    nonlocal result
                    if result is None:
                        result = func(*args, **kwargs)
                    return result
                return wrapper
            """,
            id="in a variable around",
        ),
        pytest.param(
            """
            def deco(func):
                def wrapper(*args, **kwargs):
                    if not hasattr(wrapper, "result"):
                        wrapper.result = func(*args, **kwargs)
                    return wrapper.result
                return wrapper
            """,
            id="on the function",
        ),
        pytest.param(
            """
            def deco(key, ttl):
                def decorator(func):
                    def wrapper(*args, **kwargs):
                        found = redis.get(key)
                        if found is None:
                            found = func(*args, **kwargs)
                            redis.set(key, found, ttl)
                        return found
                    return wrapper
                return decorator
            """,
            id="in a store",
        ),
        pytest.param(
            """
            from functools import lru_cache, wraps

            def deco(func):
                @wraps(func)
                @lru_cache
                def wrapper(*args, **kwargs):
                    return func(*args, **kwargs)
                return wrapper
            """,
            id="by lru_cache",
        ),
        pytest.param(
            "from functools import lru_cache\n\ndef deco(func):\n    return lru_cache(maxsize=1)(func)\n",
            id="by lru_cache, applied",
        ),
        pytest.param(
            """
            class deco:
                def __init__(self, func):
                    self.func = func
                    self.results = {}

                def __call__(self, *args, **kwargs):
                    if args not in self.results:
                        self.results[args] = self.func(*args, **kwargs)
                    return self.results[args]
            """,
            id="class",
        ),
    ],
)
def test_remembers(text: str) -> None:
    wrapper = only_wrapper(text)
    assert wrapper is not None
    assert wrapper.memoises


def test_decorators_of_a_class_and_in_functions() -> None:
    text = """
    class Metrics:
        def timed(self, func):
            def wrapper(*args, **kwargs):
                return func(*args, **kwargs)
            return wrapper

        def named(self, name):
            return self

        @staticmethod
        def marked(func):
            return func

    def outer():
        def inner(func):
            return func
    """
    assert [w.name for w in facts_of(text).wrappers] == ["Metrics.timed", "Metrics.marked"]
