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
            from pydantic import BaseModel, field_validator

            class Bucket(BaseModel):
                name: str

                @field_validator("name")
                @classmethod
                def exists(cls, value):
                    boto3.client("s3").head_bucket(Bucket=value)
                    return value
            """,
            id="pydantic's field_validator",
        ),
    ],
)
def test_validators_that_take_no_harm(text: str) -> None:
    assert answers_to(text) == ["article session"]


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
        pytest.param("pydantic.field_validator", None, id="pydantic's field_validator"),
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
