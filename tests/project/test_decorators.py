"""Whether a call of a decorated function may pass a keyword more."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from session_first.project.decorators import Decorators
from tests.analysis import ROOT, facts_of


def asked(head: str, decorator: str, beside: Mapping[str, str] | None = None) -> tuple[bool, bool]:
    """(passes `session`, memoises) of a decorator in `mod.py`."""
    text = f"{head}\n\n{decorator}\ndef run(name): ...\n"
    modules = [facts_of(t, path) for path, t in {"mod.py": text, **(beside or {})}.items()]
    decorators = Decorators(modules)
    module = next(m for m in modules if m.path == ROOT / "mod.py")
    (definition,) = (d for d in module.definitions if d.name == "run")
    return decorators.passing(module, definition, "session"), decorators.memoised(module, definition)


@pytest.mark.parametrize(
    ("head", "decorator"),
    [
        pytest.param("", "@staticmethod", id="staticmethod"),
        pytest.param("", "@classmethod", id="classmethod"),
        pytest.param("import abc", "@abc.abstractmethod", id="abstractmethod"),
        pytest.param("from contextlib import contextmanager", "@contextmanager", id="contextmanager"),
        pytest.param("import contextlib", "@contextlib.asynccontextmanager", id="asynccontextmanager"),
        pytest.param("from typing import overload", "@overload", id="overload"),
        pytest.param("from typing_extensions import override", "@override", id="override"),
        pytest.param("from typing import final", "@final", id="final"),
        pytest.param("from functools import wraps", "@wraps(other)", id="wraps"),
        pytest.param("from tenacity import retry", "@retry", id="tenacity"),
        pytest.param("import tenacity as t", "@t.retry(stop=t.stop_after_attempt(3))", id="tenacity, called"),
        pytest.param("import backoff", "@backoff.on_exception(backoff.expo, OSError)", id="backoff"),
        pytest.param("from retrying import retry", "@retry(wait_fixed=1)", id="retrying"),
        pytest.param("from retry import retry", "@retry(tries=2)", id="retry"),
        pytest.param("from celery import shared_task", "@shared_task", id="Celery's shared_task"),
        pytest.param("from celery import Celery\napp = Celery()", "@app.task(bind=True)", id="Celery's task"),
        pytest.param(
            "from aws_lambda_powertools import Tracer\ntracer = Tracer()",
            "@tracer.capture_method(capture_response=False)",
            id="Powertools' capture_method",
        ),
        pytest.param(
            "from aws_lambda_powertools import Tracer\ntracer = Tracer()",
            "@tracer.capture_lambda_handler",
            id="Powertools' capture_lambda_handler",
        ),
        pytest.param(
            "from aws_lambda_powertools import Logger\nlogger = Logger()",
            "@logger.inject_lambda_context(log_event=True)",
            id="Powertools' inject_lambda_context",
        ),
        pytest.param(
            "from aws_lambda_powertools import Metrics\nmetrics = Metrics()",
            "@metrics.log_metrics",
            id="Powertools' log_metrics",
        ),
        pytest.param(
            "from aws_xray_sdk.core import xray_recorder", "@xray_recorder.capture('x')", id="X-Ray's capture"
        ),
        pytest.param("from deprecated import deprecated", "@deprecated('no')", id="deprecated"),
        pytest.param("from asgiref.sync import sync_to_async", "@sync_to_async", id="sync_to_async"),
        pytest.param(
            "from flask import Flask\napp = Flask(__name__)",
            "@app.route('/')",
            id="a route that is the function",
        ),
        pytest.param(
            "from tenacity import retry\nagain = retry(reraise=True)",
            "@again",
            id="a library's under another name",
        ),
        pytest.param("import typing, tenacity", "@tenacity.retry\n@typing.final", id="two of them"),
    ],
)
def test_libraries_that_pass(head: str, decorator: str) -> None:
    assert asked(head, decorator) == (True, False)


@pytest.mark.parametrize(
    ("head", "decorator"),
    [
        pytest.param("import click", "@click.command()", id="click, which parses the command line"),
        pytest.param(
            "from aws_lambda_powertools.utilities.data_classes import event_source, SQSEvent",
            "@event_source(data_class=SQSEvent)",
            id="Powertools' event_source",
        ),
        pytest.param(
            "from chalice import Chalice\napp = Chalice('x')", "@app.schedule('x')", id="Chalice's events"
        ),
        pytest.param(
            "from functools import singledispatch", "@singledispatch", id="one of several functions"
        ),
        pytest.param("from somewhere import unknown", "@unknown", id="unknown"),
        pytest.param(
            "import tenacity\nfrom somewhere import unknown", "@tenacity.retry\n@unknown", id="one of two"
        ),
        pytest.param("def own(func):\n    return Task(func)", "@own", id="an object of unknown kind"),
    ],
)
def test_nothing_is_passed(head: str, decorator: str) -> None:
    assert asked(head, decorator) == (False, False)


@pytest.mark.parametrize(
    ("head", "decorator"),
    [
        pytest.param("from functools import lru_cache", "@lru_cache(maxsize=1)", id="lru_cache"),
        pytest.param("import functools", "@functools.cache", id="cache"),
        pytest.param("from cachetools import cached, TTLCache", "@cached(TTLCache(1, 1))", id="cachetools"),
        pytest.param("import streamlit as st", "@st.cache_data(ttl=3)", id="st.cache_data"),
        pytest.param("from joblib import Memory\nmemory = Memory('x')", "@memory.cache", id="joblib"),
        pytest.param("from somewhere import memoize", "@memoize(3)", id="by its name"),
        pytest.param("from somewhere import cache_for", "@cache_for(3)", id="by the start of its name"),
        pytest.param(
            "import boto3\nfrom functools import lru_cache\nonce = lru_cache(None)", "@once", id="renamed"
        ),
    ],
)
def test_memory(head: str, decorator: str) -> None:
    assert asked(head, decorator) == (False, True)


PASSING = """
def traced(func):
    def wrapper(*args, **kwargs):
        return func(*args, **kwargs)
    return wrapper

class Metrics:
    def timed(self, func):
        def wrapper(*args, **kwargs):
            return func(*args, **kwargs)
        return wrapper

class Retry:
    def __init__(self, times): ...
    def __call__(self, func):
        @traced
        def wrapper(*args, **kwargs):
            return func(*args, **kwargs)
        return wrapper

def with_session(func):
    def wrapper(*args, **kwargs):
        return func(*args, session=make(), **kwargs)
    return wrapper

metrics = Metrics()
again = Retry(3)
"""


@pytest.mark.parametrize(
    ("head", "decorator", "beside", "expected"),
    [
        pytest.param("from deco import traced", "@traced", {"deco.py": PASSING}, True, id="function"),
        pytest.param(
            "from deco import traced as t", "@t", {"deco.py": PASSING}, True, id="under another name"
        ),
        pytest.param("import deco", "@deco.traced", {"deco.py": PASSING}, True, id="attribute of a module"),
        pytest.param("from deco import *", "@traced", {"deco.py": PASSING}, True, id="starred import"),
        pytest.param(
            "from pkg import traced",
            "@traced",
            {"pkg/__init__.py": "from .inner import traced\n", "pkg/inner.py": PASSING},
            True,
            id="re-exported",
        ),
        pytest.param("from deco import Retry", "@Retry(3)", {"deco.py": PASSING}, True, id="class"),
        pytest.param("from deco import again", "@again", {"deco.py": PASSING}, True, id="object"),
        pytest.param(
            "from deco import metrics", "@metrics.timed", {"deco.py": PASSING}, True, id="object's method"
        ),
        pytest.param(
            "from deco import with_session",
            "@with_session",
            {"deco.py": PASSING},
            False,
            id="gives a session itself",
        ),
        pytest.param(
            "from deco import traced",
            "@traced",
            {"deco.py": PASSING + "\nif DEBUG:\n    def traced(func):\n        return Task(func)\n"},
            False,
            id="one of two definitions",
        ),
        pytest.param(
            "from deco import again",
            "@again",
            {"deco.py": "import tenacity\n\nagain = tenacity.retry(reraise=True)\n"},
            True,
            id="a library's, configured in another module",
        ),
        pytest.param(
            "from deco import again",
            "@again",
            {"deco.py": "import tenacity\n\ndef again(f):\n    return tenacity.retry(reraise=True)(f)\n"},
            True,
            id="a library's, applied in another module",
        ),
        pytest.param(
            "from deco import outer",
            "@outer",
            {
                "deco.py": "def inner(f):\n    return Task(f)\n\ndef outer(f):\n    @inner\n"
                "    def wrapper(*args, **kwargs):\n        return f(*args, **kwargs)\n    return wrapper\n"
            },
            False,
            id="a wrapper with a decorator that passes nothing",
        ),
    ],
)
def test_decorators_of_the_project(head: str, decorator: str, beside: dict[str, str], expected: bool) -> None:
    assert asked(head, decorator, beside) == (expected, False)


def test_memory_of_the_project() -> None:
    text = "from functools import cache\n\ndef kept(func):\n    return cache(func)\n"
    assert asked("from deco import kept", "@kept", {"deco.py": text}) == (False, True)
