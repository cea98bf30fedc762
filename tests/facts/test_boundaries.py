"""Whose signature is read by a framework, or called by Python itself; and what takes no harm."""

from __future__ import annotations

import pytest

from session_first.facts.boundaries import framework, is_descriptor, is_fixed_method
from tests.analysis import answers_to

BODY = "    return boto3.client('s3').list_buckets()\n"


def _function(head: str, decorator: str, parameters: str = "name") -> str:
    return f"import boto3\n{head}\n\n{decorator}\ndef run({parameters}):\n{BODY}"


@pytest.mark.parametrize(
    ("head", "decorator", "reader"),
    [
        pytest.param(
            "from fastapi import FastAPI\napp = FastAPI()", "@app.get('/x')", "FastAPI", id="FastAPI"
        ),
        pytest.param("import fastapi\napp = fastapi.FastAPI()", "@app.post('/x')", "FastAPI", id="fastapi."),
        pytest.param(
            "from fastapi import APIRouter\nrouter = APIRouter(prefix='/x')",
            "@router.delete('/x', status_code=204)",
            "FastAPI",
            id="APIRouter",
        ),
        pytest.param(
            "from fastapi.routing import APIRouter\nr = APIRouter()",
            "@r.api_route('/x', methods=['GET'])",
            "FastAPI",
            id="fastapi.routing",
        ),
        pytest.param(
            "from fastapi import FastAPI\napp: FastAPI = FastAPI()",
            "@app.websocket('/x')",
            "FastAPI",
            id="annotated app, websocket",
        ),
        pytest.param("from typer import Typer\napp = Typer()", "@app.command()", "Typer", id="Typer"),
        pytest.param("import typer\napp = typer.Typer()", "@app.callback()", "Typer", id="Typer callback"),
        pytest.param("from cyclopts import App\napp = App()", "@app.command", "Cyclopts", id="Cyclopts"),
        pytest.param(
            "from cyclopts import App\napp = App()", "@app.default", "Cyclopts", id="Cyclopts default"
        ),
        pytest.param("from invoke import task", "@task", "invoke", id="invoke"),
        pytest.param("from invoke import task", "@task(help={})", "invoke", id="invoke, called"),
        pytest.param("import invoke", "@invoke.task", "invoke", id="invoke."),
        pytest.param("from fabric import task", "@task", "invoke", id="fabric"),
        pytest.param(
            "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\n"
            "app = APIGatewayRestResolver()",
            "@app.get('/x')",
            "Powertools REST routes",
            id="Powertools REST",
        ),
        pytest.param(
            "from aws_lambda_powertools.event_handler import APIGatewayHttpResolver\n"
            "app = APIGatewayHttpResolver(enable_validation=True)",
            "@app.route('/x', method='GET')",
            "Powertools REST routes",
            id="Powertools HTTP",
        ),
        pytest.param(
            "from aws_lambda_powertools.event_handler.api_gateway import Router\nrouter = Router()",
            "@router.get('/x')",
            "Powertools REST routes",
            id="Powertools Router",
        ),
        pytest.param(
            "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')", "@mcp.tool()", "MCP", id="MCP"
        ),
        pytest.param("from fastmcp import FastMCP\nmcp = FastMCP('x')", "@mcp.tool", "MCP", id="fastmcp"),
        pytest.param(
            "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')",
            "@mcp.resource('a://b')",
            "MCP",
            id="MCP resource",
        ),
        pytest.param("from langchain_core.tools import tool", "@tool", "LangChain", id="LangChain"),
        pytest.param("from langchain.tools import tool", "@tool('x')", "LangChain", id="LangChain, called"),
        pytest.param("from langchain.agents import tool", "@tool", "LangChain", id="LangChain, elsewhere"),
        pytest.param("from strands import tool", "@tool", "Strands", id="Strands"),
        pytest.param("import strands", "@strands.tool(name='x')", "Strands", id="strands."),
        pytest.param("from pydantic import validate_call", "@validate_call", "pydantic", id="validate_call"),
        pytest.param(
            "from pydantic import validate_call",
            "@validate_call(config={})",
            "pydantic",
            id="validate_call, called",
        ),
        pytest.param("from dagster import op", "@op", "Dagster", id="Dagster op"),
        pytest.param("import dagster as dg", "@dg.asset(deps=[])", "Dagster", id="Dagster asset"),
        pytest.param("from prefect import flow", "@flow(log_prints=True)", "Prefect", id="Prefect flow"),
        pytest.param("from hypothesis import given", "@given(st.text())", "Hypothesis", id="Hypothesis"),
        pytest.param(
            "from aws_lambda_powertools.event_handler import BedrockAgentFunctionResolver\n"
            "app = BedrockAgentFunctionResolver()",
            "@app.tool(description='x')",
            "Powertools REST routes",
            id="Powertools for Bedrock's agents",
        ),
        pytest.param("from litestar import get", "@get('/x')", "Litestar", id="Litestar"),
        pytest.param(
            "from ninja import NinjaAPI\napi = NinjaAPI()",
            "@api.get('/x')",
            "django-ninja",
            id="django-ninja",
        ),
        pytest.param("from robyn import Robyn\napp = Robyn('x')", "@app.get('/x')", "Robyn", id="Robyn"),
        pytest.param(
            "from blacksheep import Application\napp = Application()",
            "@app.router.get('/x')",
            "BlackSheep",
            id="BlackSheep",
        ),
        pytest.param("import cherrypy", "@cherrypy.expose", "CherryPy", id="CherryPy"),
        pytest.param(
            "import azure.functions as func\napp = func.FunctionApp()",
            "@app.route(route='x')",
            "Azure Functions",
            id="Azure Functions",
        ),
        pytest.param(
            "from faststream.rabbit import RabbitBroker\nbroker = RabbitBroker()",
            "@broker.subscriber('q')",
            "FastStream",
            id="FastStream",
        ),
        pytest.param(
            "from aiogram import Router\nrouter = Router()", "@router.message()", "aiogram", id="aiogram"
        ),
        pytest.param("from temporalio import activity", "@activity.defn", "Temporal", id="Temporal activity"),
        pytest.param("from temporalio import workflow", "@workflow.run", "Temporal", id="Temporal workflow"),
        pytest.param("from metaflow import step", "@step", "Metaflow", id="Metaflow"),
        pytest.param("from hera.workflows import script", "@script()", "Hera", id="Hera"),
        pytest.param("from flytekit import task", "@task", "Flyte", id="Flyte"),
        pytest.param("import modal\napp = modal.App('x')", "@app.local_entrypoint()", "Modal", id="Modal"),
        pytest.param(
            "from airflow.decorators import task",
            "@task.virtualenv(requirements=[])",
            "Airflow",
            id="Airflow venv",
        ),
        pytest.param("from anthropic import beta_tool", "@beta_tool", "Anthropic", id="Anthropic"),
        pytest.param("from injector import inject", "@inject", "injector", id="injector"),
    ],
)
def test_signature_is_read(head: str, decorator: str, reader: str) -> None:
    assert answers_to(_function(head, decorator)) == ["skip framework-signature"]


@pytest.mark.parametrize(
    ("head", "decorator"),
    [
        pytest.param("import click", "@click.command()\n@click.option('--name')", id="click command"),
        pytest.param(
            "import click\n\n@click.group()\ndef cli():\n    pass",
            "@cli.command()",
            id="click group's command",
        ),
        pytest.param("from flask import Flask\napp = Flask(__name__)", "@app.route('/x')", id="Flask route"),
        pytest.param("from flask import Flask\napp = Flask(__name__)", "@app.get('/x')", id="Flask get"),
        pytest.param(
            "from flask import Blueprint\nbp = Blueprint('x', __name__)",
            "@bp.route('/x')",
            id="Flask blueprint",
        ),
        pytest.param(
            "from chalice import Chalice\napp = Chalice('x')", "@app.route('/x')", id="Chalice route"
        ),
        pytest.param(
            "from chalice import Chalice\napp = Chalice('x')", "@app.lambda_function()", id="Chalice function"
        ),
        pytest.param("from celery import shared_task", "@shared_task", id="Celery shared_task"),
        pytest.param("from celery import Celery\napp = Celery()", "@app.task(bind=True)", id="Celery task"),
        pytest.param(
            "from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source",
            "@event_source(data_class=SQSEvent)",
            id="Powertools event_source",
        ),
        pytest.param(
            "from aws_lambda_powertools import Logger\nlogger = Logger()",
            "@logger.inject_lambda_context",
            id="Powertools handler",
        ),
        pytest.param("from dagster import resource", "@resource", id="Dagster resource"),
        pytest.param("from functools import lru_cache", "@lru_cache", id="lru_cache"),
        pytest.param("from functools import lru_cache", "@lru_cache(maxsize=None)", id="lru_cache, called"),
        pytest.param("import functools", "@functools.cache", id="cache"),
        pytest.param("from contextlib import contextmanager", "@contextmanager", id="contextmanager"),
        pytest.param("import pytest", "@pytest.fixture", id="pytest fixture"),
        pytest.param("from tenacity import retry", "@retry", id="an unknown decorator"),
        pytest.param("from quart import Quart\napp = Quart('x')", "@app.route('/x')", id="Quart"),
        pytest.param("import bottle", "@bottle.route('/x')", id="Bottle"),
        pytest.param("from sanic import Sanic\napp = Sanic('x')", "@app.get('/x')", id="Sanic"),
        pytest.param(
            "from aiohttp import web\nroutes = web.RouteTableDef()", "@routes.get('/x')", id="aiohttp"
        ),
        pytest.param("from airflow.decorators import task", "@task", id="Airflow task"),
        pytest.param("import ray", "@ray.remote", id="Ray"),
        pytest.param("import streamlit as st", "@st.cache_data", id="Streamlit's cache"),
        pytest.param("from joblib import Memory\nmemory = Memory('x')", "@memory.cache", id="joblib"),
        pytest.param("from locust import task", "@task", id="Locust"),
        pytest.param("from behave import given", "@given('x')", id="behave"),
        pytest.param("import nox", "@nox.session", id="nox"),
        pytest.param("from nameko.rpc import rpc", "@rpc", id="Nameko"),
        pytest.param("from dependency_injector.wiring import inject", "@inject", id="dependency_injector"),
        pytest.param(
            "from aws_lambda_powertools.event_handler import AppSyncResolver\napp = AppSyncResolver()",
            "@app.resolver(type_name='Query')",
            id="Powertools GraphQL",
        ),
        pytest.param(
            "from fastapi import FastAPI\napp = FastAPI()",
            "@app.on_event('startup')",
            id="FastAPI startup, which passes nothing",
        ),
        pytest.param("from mylib import task", "@task", id="a task of somebody else"),
        pytest.param("from mylib import tool", "@tool", id="a tool of somebody else"),
        pytest.param("from mylib import op", "@op", id="an op of somebody else"),
        pytest.param(
            "import typer\nfrom mylib import app", "@app.cached", id="another method of something unknown"
        ),
    ],
)
def test_takes_no_harm(head: str, decorator: str) -> None:
    assert answers_to(_function(head, decorator)) == ["article session"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            import boto3
            from pydantic import BaseModel, validator

            class Bucket(BaseModel):
                name: str

                @validator("name")
                def exists(cls, value):
                    boto3.client("s3").head_bucket(Bucket=value)
                    return value
            """,
            id="pydantic's first validator",
        ),
        pytest.param(
            """
            import boto3
            from pydantic import BaseModel, field_validator

            class Bucket(BaseModel):
                name: str

                @field_validator("name")
                @classmethod
                def exists(cls, value):
                    boto3.client("s3").head_bucket(Bucket=value)
                    return value
            """,
            id="pydantic's field_validator, which before 2.8 passes an info as second argument",
        ),
        pytest.param(
            """
            import boto3
            from typing import Annotated
            from pydantic import AfterValidator

            def exists(value):
                boto3.client("s3").head_bucket(Bucket=value)
                return value

            Bucket = Annotated[str, AfterValidator(exists)]
            """,
            id="pydantic's validators in annotations",
        ),
        pytest.param(
            """
            import boto3
            from pydantic.v1 import BaseModel, root_validator

            class Bucket(BaseModel):
                @root_validator(pre=True)
                def exists(cls, values):
                    boto3.client("s3").head_bucket(Bucket=values["name"])
                    return values
            """,
            id="pydantic.v1",
        ),
        pytest.param(
            """
            import boto3
            from fastapi import Depends, FastAPI

            app = FastAPI()

            def s3():
                return boto3.client("s3")

            @app.get("/")
            def index(client=Depends(s3)):
                return client.list_buckets()
            """,
            id="Depends",
        ),
        pytest.param(
            """
            from typing import Annotated

            import boto3
            from fastapi import APIRouter, Depends

            router = APIRouter()

            def s3():
                return boto3.client("s3")

            S3 = Annotated[object, Depends(s3)]

            @router.get("/")
            def index(client: S3):
                return client.list_buckets()
            """,
            id="Depends in Annotated",
        ),
        pytest.param(
            """
            import boto3
            from fastapi import Depends, FastAPI

            app = FastAPI(dependencies=[Depends(lambda: boto3.client("s3"))])
            """,
            id="lambda handed to Depends",
        ),
        pytest.param(
            """
            import boto3
            from fastapi import Depends, FastAPI

            app = FastAPI()

            class Store:
                def __init__(self, bucket):
                    self.s3 = boto3.client("s3")

            @app.get("/")
            def index(store: Store = Depends(Store)):
                return store.s3.list_buckets()
            """,
            id="class handed to Depends",
        ),
        pytest.param(
            """
            import boto3
            from fastapi import Depends, FastAPI

            app = FastAPI()

            class Store:
                def __init__(self, bucket):
                    self.s3 = boto3.client("s3")

            @app.get("/")
            def index(store: Store = Depends()):
                return store.s3.list_buckets()
            """,
            id="class meant by an empty Depends",
        ),
        pytest.param(
            """
            import boto3
            from fastapi import FastAPI

            def index():
                return boto3.client("s3").list_buckets()

            app = FastAPI()
            app.add_api_route("/", index)
            """,
            id="add_api_route",
        ),
        pytest.param(
            """
            import boto3
            from fastapi import FastAPI

            def index():
                return boto3.client("s3").list_buckets()

            app = FastAPI()
            app.get("/")(index)
            """,
            id="decorator called by hand",
        ),
        pytest.param(
            """
            import boto3
            import typer

            def main(name: str):
                boto3.client("s3").list_buckets()

            if __name__ == "__main__":
                typer.run(main)
            """,
            id="typer.run",
        ),
        pytest.param(
            """
            import boto3
            import fire

            def main(name):
                boto3.client("s3").list_buckets()

            if __name__ == "__main__":
                fire.Fire(main)
            """,
            id="fire.Fire of a function",
        ),
        pytest.param(
            """
            import boto3
            import fire

            def main(name):
                boto3.client("s3").list_buckets()

            if __name__ == "__main__":
                fire.Fire()
            """,
            id="fire.Fire of everything",
        ),
        pytest.param(
            """
            import boto3
            import fire

            def main(name):
                boto3.client("s3").list_buckets()

            if __name__ == "__main__":
                fire.Fire(name="tool")
            """,
            id="fire.Fire of everything, with a name",
        ),
        pytest.param(
            """
            import boto3
            import fire

            def backup(name):
                boto3.client("s3").list_buckets()

            if __name__ == "__main__":
                fire.Fire({"backup": backup})
            """,
            id="fire.Fire of a dict",
        ),
        pytest.param(
            """
            import boto3
            import fire

            class Commands:
                def backup(self, name):
                    boto3.client("s3").list_buckets()

            if __name__ == "__main__":
                fire.Fire(Commands)
            """,
            id="fire.Fire of a class",
        ),
        pytest.param(
            """
            import boto3
            import fire

            class Commands:
                def backup(self, name):
                    boto3.client("s3").list_buckets()

            if __name__ == "__main__":
                fire.Fire(Commands())
            """,
            id="fire.Fire of an object",
        ),
        pytest.param(
            """
            import argh
            import boto3

            def backup(name):
                boto3.client("s3").list_buckets()

            argh.dispatch_commands([backup])
            """,
            id="functions in a list",
        ),
        pytest.param(
            """
            import boto3
            from langchain_core.tools import StructuredTool

            def buckets(prefix: str) -> list:
                return boto3.client("s3").list_buckets()

            tool = StructuredTool.from_function(func=buckets)
            """,
            id="StructuredTool.from_function",
        ),
        pytest.param(
            """
            import boto3
            from langchain_openai import ChatOpenAI

            def buckets(prefix: str) -> list:
                return boto3.client("s3").list_buckets()

            model = ChatOpenAI().bind_tools([buckets])
            """,
            id="bind_tools",
        ),
        pytest.param(
            """
            import boto3
            from langgraph.prebuilt import create_react_agent

            def buckets(prefix: str) -> list:
                return boto3.client("s3").list_buckets()

            agent = create_react_agent("openai:gpt", tools=[buckets])
            """,
            id="LangGraph's agents",
        ),
        pytest.param(
            """
            import boto3
            from mcp.server.fastmcp import FastMCP

            def buckets(prefix: str) -> list:
                return boto3.client("s3").list_buckets()

            server = FastMCP("x")
            server.add_tool(buckets)
            """,
            id="add_tool",
        ),
    ],
)
def test_handed_to_a_framework(text: str) -> None:
    assert answers_to(text) == ["skip framework-signature"]


@pytest.mark.parametrize(
    ("text", "boundaries", "expected"),
    [
        pytest.param(
            _function("from company.jobs import task", "@task"),
            ("company.jobs.task",),
            "skip framework-signature",
            id="imported name",
        ),
        pytest.param(
            _function("from company import jobs", "@jobs.task(retries=3)"),
            ("company.jobs.task",),
            "skip framework-signature",
            id="imported module, called",
        ),
        pytest.param(
            _function("from company.jobs import Runner\nrunner = Runner()", "@runner.task"),
            ("company.jobs.Runner.task",),
            "skip framework-signature",
            id="method of an object",
        ),
        pytest.param(
            _function("from company.jobs import task", "@task"),
            ("company.jobs.*",),
            "skip framework-signature",
            id="all of a module",
        ),
        pytest.param(
            _function("from company.jobs import Runner\nrunner = Runner()", "@runner.task"),
            ("company.*",),
            "skip framework-signature",
            id="all of a package",
        ),
        pytest.param(
            _function("from company.jobs import run_daily", "@run_daily"),
            ("jobs.run_*",),
            "skip framework-signature",
            id="the start of a name",
        ),
        pytest.param(
            _function("from company.tools import task", "@task"),
            ("company.jobs.*",),
            "article session",
            id="another module",
        ),
        pytest.param(
            _function("from company.jobs import task", "@task"),
            (),
            "article session",
            id="without the setting",
        ),
        pytest.param(
            _function("from company.jobs import subtask", "@subtask"),
            ("company.jobs.task",),
            "article session",
            id="another decorator",
        ),
        pytest.param(
            _function("from company.jobs import subtask", "@subtask"),
            ("task",),
            "article session",
            id="a name that only ends alike",
        ),
    ],
)
def test_the_setting_adds_decorators(text: str, boundaries: tuple[str, ...], expected: str) -> None:
    assert answers_to(text, boundaries=boundaries) == [expected]


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [
        pytest.param("fastapi.FastAPI().get", "FastAPI", id="a route"),
        pytest.param("fastapi.FastAPI().include_router", None, id="another method"),
        pytest.param("flask.Flask().get", None, id="another framework"),
        pytest.param("typer.Option", None, id="another name of the framework"),
        pytest.param("myfastapi.FastAPI().get", None, id="a package that only ends alike"),
        pytest.param("dagster.resource", None, id="Dagster's resource"),
        pytest.param("pydantic.field_validator", "pydantic", id="pydantic's field_validator"),
        pytest.param("pydantic.computed_field", None, id="pydantic's computed_field"),
        pytest.param("aiogram.Dispatcher().include_router", None, id="aiogram's routers"),
    ],
)
def test_names(dotted: str, expected: str | None) -> None:
    assert framework(dotted) == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        pytest.param("property", True, id="property"),
        pytest.param("functools.cached_property", True, id="cached_property"),
        pytest.param("django.utils.functional.cached_property", True, id="Django's"),
        pytest.param("abc.abstractproperty", True, id="abstractproperty"),
        pytest.param("client.setter", True, id="setter"),
        pytest.param("sqlalchemy.ext.hybrid.hybrid_property", True, id="SQLAlchemy's"),
        pytest.param("staticmethod", False, id="staticmethod"),
        pytest.param("classmethod", False, id="classmethod"),
        pytest.param("functools.cache", False, id="cache"),
        pytest.param("setter", False, id="a plain name"),
    ],
)
def test_descriptors(decorator: str, expected: bool) -> None:
    assert is_descriptor(decorator) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("__getattr__", True, id="__getattr__"),
        pytest.param("__enter__", True, id="__enter__"),
        pytest.param("__aexit__", True, id="__aexit__"),
        pytest.param("__del__", True, id="__del__"),
        pytest.param("__eq__", True, id="operator"),
        pytest.param("__new__", True, id="__new__"),
        pytest.param("__post_init__", True, id="__post_init__"),
        pytest.param("__init_subclass__", True, id="__init_subclass__"),
        pytest.param("__init__", False, id="__init__"),
        pytest.param("__call__", False, id="__call__"),
        pytest.param("_private", False, id="private"),
        pytest.param("__mangled", False, id="mangled"),
    ],
)
def test_fixed_methods(name: str, expected: bool) -> None:
    assert is_fixed_method(name) is expected


APPS = {
    "FastAPI": ("fastapi", "FastAPI", "FastAPI()", "get('/x')"),
    "FastAPI router": ("fastapi", "APIRouter", "APIRouter()", "post('/x')"),
    "Typer": ("typer", "Typer", "Typer()", "command()"),
    "Cyclopts": ("cyclopts", "App", "App()", "default"),
    "Powertools": (
        "aws_lambda_powertools.event_handler",
        "APIGatewayRestResolver",
        "APIGatewayRestResolver()",
        "get('/x')",
    ),
    "MCP": ("mcp.server.fastmcp", "FastMCP", "FastMCP('x')", "tool()"),
    "FastMCP": ("fastmcp", "FastMCP", "FastMCP('x')", "tool"),
}
"""(module, class, object, decorator) of the frameworks whose objects decorate."""

DECORATORS = {
    "invoke": ("invoke", "task"),
    "LangChain": ("langchain_core.tools", "tool"),
    "Strands": ("strands", "tool"),
    "pydantic": ("pydantic", "validate_call"),
    "Dagster op": ("dagster", "op"),
    "Dagster asset": ("dagster", "asset"),
    "Prefect": ("prefect", "flow"),
    "Hypothesis": ("hypothesis", "given"),
}
"""(module, decorator) of the others."""

SPELLINGS = {
    "import": "import {module}\napp = {module}.{made}",
    "import as": "import {module} as m\napp = m.{made}",
    "from import": "from {module} import {cls}\napp = {made}",
    "from import in try": "try:\n    from {module} import {cls}\nexcept ImportError:\n    {cls} = None\napp = {made}",
    "annotated": "from {module} import {cls}\napp: {cls} = {made}",
    "factory": "from {module} import {cls}\n\ndef create():\n    app = {made}\n    return app\n\napp = create()",
    "annotated factory": "from {module} import {cls}\n\ndef create() -> {cls}:\n    return Maker().make()\n\napp = create()",
    "quoted factory": "import {module}\n\ndef create() -> '{module}.{cls}':\n    return Maker().make()\n\napp = create()",
    "subclass": "from {module} import {cls}\n\nclass Own({cls}):\n    pass\n\napp = Own()",
    "subclass of a subclass": "import {module}\n\nclass Own({module}.{cls}):\n    pass\n\nclass Mine(Own):\n    pass\n\napp = Mine()",
    "attribute": "from {module} import {cls}\n\nclass Web:\n    def __init__(self):\n        self.app = {made}\n\napp = Web().app",
    "class attribute": "from {module} import {cls}\n\nclass Web:\n    app = {made}\n\napp = Web.app",
}
"""How a module comes by the object `app`."""


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("framework_name", APPS)
@pytest.mark.parametrize("where", ["here", "elsewhere", "re-exported", "starred", "as an attribute"])
def test_every_way_to_an_app(framework_name: str, spelling: str, where: str) -> None:
    module, cls, made, decorator = APPS[framework_name]
    head = SPELLINGS[spelling].replace("{made}", made).replace("{module}", module).replace("{cls}", cls)
    if where == "here":
        assert answers_to(_function(head, f"@app.{decorator}")) == ["skip framework-signature"]
        return
    imports, app = {
        "elsewhere": ("from .web.core import app", "app"),
        "re-exported": ("from web import app as api", "api"),
        "starred": ("from web import *", "app"),
        "as an attribute": ("import web.core", "web.core.app"),
    }[where]
    beside = {"web/core.py": f"{head}\n", "web/__init__.py": "from .core import app\n"}
    assert answers_to(_function(imports, f"@{app}.{decorator}"), beside=beside) == [
        "skip framework-signature"
    ]


@pytest.mark.parametrize("framework_name", DECORATORS)
@pytest.mark.parametrize(
    ("head", "decorator"),
    [
        pytest.param("import {m}", "@{m}.{d}", id="import"),
        pytest.param("import {m} as x", "@x.{d}", id="import as"),
        pytest.param("from {m} import {d}", "@{d}", id="from import"),
        pytest.param("from {m} import {d} as x", "@x", id="from import as"),
        pytest.param("from {m} import {d}", "@{d}(1)", id="called"),
        pytest.param("import {m}\nx = {m}.{d}", "@x", id="renamed"),
        pytest.param("from {m} import {d}\nx = {d}(a=1)", "@x", id="called and renamed"),
        pytest.param("from own import {d}", "@{d}", id="of another module"),
        pytest.param("from own import *", "@{d}", id="starred"),
        pytest.param("import own", "@own.{d}", id="attribute of another module"),
    ],
)
def test_every_way_to_a_decorator(framework_name: str, head: str, decorator: str) -> None:
    module, name = DECORATORS[framework_name]
    text = _function(head.format(m=module, d=name), decorator.format(m=module, d=name))
    beside = {"own.py": f"from {module} import {name}\n"}
    assert answers_to(text, beside=beside) == ["skip framework-signature"]


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        pytest.param(
            """
            import boto3
            from fastapi import FastAPI
            from web import Site

            class Api(Site):
                def __init__(self):
                    self.app = FastAPI()
                    self.app.get("/")(self.index)

                def index(self):
                    return boto3.client("s3").list_buckets()
            """,
            {},
            id="a decorator on an attribute, called by hand",
        ),
        pytest.param(
            """
            import boto3
            from fastapi import FastAPI

            def index():
                return boto3.client("s3").list_buckets()

            def register(app: FastAPI) -> None:
                app.get("/")(index)
            """,
            {},
            id="a decorator of an annotated parameter, called by hand",
        ),
        pytest.param(
            """
            import boto3
            from lib import make_router

            router = make_router()

            @router.get("/")
            def index():
                return boto3.client("s3").list_buckets()
            """,
            {
                "main.py": "from fastapi import FastAPI\nimport mod\n\napp = FastAPI()\napp.include_router(mod.router)\n"
            },
            id="an unknown router that an app includes",
        ),
        pytest.param(
            """
            import boto3
            from lib import make_cli

            cli = make_cli()

            @cli.command()
            def index():
                return boto3.client("s3").list_buckets()
            """,
            {
                "main.py": "import typer\nfrom mod import cli\n\napp = typer.Typer()\napp.add_typer(cli, name='x')\n"
            },
            id="an unknown app that a Typer takes in",
        ),
        pytest.param(
            """
            import boto3
            from fastapi import FastAPI

            def create(kind):
                return MAKERS[kind]()

            app = create("web")

            @app.get("/")
            def index():
                return boto3.client("s3").list_buckets()
            """,
            {},
            id="an unknown app of a factory, beside FastAPI",
        ),
    ],
)
def test_objects_of_unknown_origin(text: str, beside: dict[str, str]) -> None:
    assert answers_to(text, beside=beside) == ["skip framework-signature"]


@pytest.mark.parametrize(
    ("head", "decorator"),
    [
        pytest.param(
            "from flask import Flask\n\ndef create():\n    return Flask('x')\n\napp = create()",
            "@app.get('/x')",
            id="Flask from a factory",
        ),
        pytest.param(
            "from fastapi import FastAPI\nfrom flask import Flask\n\nclass Own(Flask):\n    pass\n\nweb = Own('x')",
            "@web.before_request",
            id="a subclass of Flask, beside FastAPI",
        ),
        pytest.param(
            "from fastapi import FastAPI\n\nclass Own(FastAPI):\n    def cached(self, f):\n        return f\n\napp = Own()",
            "@app.cached",
            id="a method of its own in a subclass",
        ),
        pytest.param(
            "from fastapi import FastAPI\n\nclass Own:\n    def get(self, f):\n        return f\n\napp = Own()",
            "@app.get",
            id="a class of the project, beside FastAPI",
        ),
        pytest.param(
            "from lib import make\nrouter = make()\nother.mount(router)",
            "@router.get('/x')",
            id="taken in by something unknown",
        ),
    ],
)
def test_objects_that_take_no_harm(head: str, decorator: str) -> None:
    assert answers_to(_function(head, decorator)) == ["article session"]


def test_an_app_that_is_annotated_and_given_later() -> None:
    text = _function("from fastapi import FastAPI\n\napp: FastAPI\nsetup()", "@app.get('/x')")
    assert answers_to(text) == ["skip framework-signature"]


READER = (
    "import inspect\n\ndef inject(func):\n    names = inspect.signature(func).parameters\n    return func\n"
)


@pytest.mark.parametrize(
    ("head", "decorator", "beside"),
    [
        pytest.param(READER, "@inject", {}, id="of this module"),
        pytest.param("from own import inject", "@inject", {"own.py": READER}, id="of another module"),
        pytest.param("from own import inject as i", "@i()", {"own.py": READER}, id="under another name"),
        pytest.param("from own import *", "@inject", {"own.py": READER}, id="starred"),
        pytest.param(
            "from pkg import inject",
            "@inject",
            {"pkg/__init__.py": "from .inner import inject\n", "pkg/inner.py": READER},
            id="re-exported",
        ),
    ],
)
def test_decorators_of_the_project_that_read_signatures(
    head: str, decorator: str, beside: dict[str, str]
) -> None:
    assert answers_to(_function(head, decorator), beside=beside) == ["skip framework-signature"]
