"""Which functions AWS Lambda calls."""

from __future__ import annotations

import pytest

from session_first.facts.lambda_handlers import lambda_handlers
from session_first.facts.names import Names, qualified_name
from session_first.source import parse
from tests.analysis import source_of


def handlers(text: str) -> list[str]:
    """The qualified names of the handlers in a file."""
    names = Names(parse(source_of(text)), "mod", is_package=False)
    return [qualified_name(node, names) for node in lambda_handlers(names)]


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("def process(event, context)", id="by the parameters"),
        pytest.param("def process(_event, _context)", id="unused"),
        pytest.param("def process(evt, ctx)", id="shortened"),
        pytest.param("def process(sqs_event, lambda_context)", id="said more exactly"),
        pytest.param("def process(event: dict, context: object) -> dict", id="annotated"),
        pytest.param("def process(event, context=None)", id="the context with a default"),
        pytest.param("def process(event, context, session=None)", id="with a session, as the fix writes it"),
        pytest.param("def process(event, context, *, session=None, **extra)", id="with keywords"),
        pytest.param("def process(payload, context: LambdaContext)", id="by the annotation"),
        pytest.param("def process(payload, context: 'typing.LambdaContext')", id="by a quoted annotation"),
        pytest.param("def lambda_handler(data, extra)", id="called lambda_handler"),
        pytest.param("def lambda_handler(_, __)", id="called lambda_handler, nothing used"),
        pytest.param("def handler(input, context)", id="called handler"),
        pytest.param("def handler(event, _)", id="called handler, no context used"),
        pytest.param("def handler(e, c)", id="called handler, one letter each"),
        pytest.param("def s3_handler(data, context)", id="called a handler"),
        pytest.param("def lambdaHandler(data, extra)", id="in camel case"),
        pytest.param("async def handler(event, context)", id="asynchronous"),
    ],
)
def test_signatures(header: str) -> None:
    assert len(handlers(f"{header}: ...")) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            from aws_lambda_powertools import Logger
            logger = Logger()

            @logger.inject_lambda_context(log_event=True)
            def process(payload, _): ...
            """,
            id="Powertools' logger",
        ),
        pytest.param(
            """
            from app.log import logger

            @logger.inject_lambda_context
            def process(payload, _): ...
            """,
            id="Powertools' logger, made elsewhere",
        ),
        pytest.param(
            """
            from aws_lambda_powertools.utilities.data_classes import event_source, SQSEvent

            @event_source(data_class=SQSEvent)
            def process(payload, _): ...
            """,
            id="Powertools' event_source",
        ),
        pytest.param(
            """
            from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

            @lambda_handler_decorator
            def process(handler, payload, _): ...
            """,
            id="Powertools' middleware, which runs as often",
        ),
        pytest.param(
            """
            from chalice import Chalice
            app = Chalice(app_name="reports")

            @app.lambda_function(name="nightly")
            def process(payload, _): ...
            """,
            id="Chalice",
        ),
        pytest.param(
            """
            import chalice
            app = chalice.Chalice(app_name="reports")

            @app.on_s3_event(bucket="reports")
            def process(event): ...
            """,
            id="Chalice, an event",
        ),
        pytest.param("process = lambda event, context: None", id="a lambda"),
        pytest.param(
            """
            class Function:
                @staticmethod
                def process(event, context): ...
            """,
            id="a static method",
        ),
        pytest.param("if True:\n    def process(event, context): ...", id="on a branch"),
    ],
)
def test_other_evidence(text: str) -> None:
    assert len(handlers(text)) == 1


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("def handler(signum, frame)", id="a signal"),
        pytest.param("def handler(sig, _)", id="a signal, no frame used"),
        pytest.param("def error_handler(request, exc)", id="a web framework's error"),
        pytest.param("def handler(request, context)", id="gRPC"),
        pytest.param("def start_handler(update, context)", id="a chat bot"),
        pytest.param("def exception_handler(loop, context)", id="asyncio's exceptions"),
        pytest.param("def handler(args)", id="argparse"),
        pytest.param("def handler(args, config)", id="a command line"),
        pytest.param("def upload_handler(bucket, key)", id="a function of a handler's name"),
        pytest.param("def click_handler(event, element)", id="a user interface"),
        pytest.param("def command_handler(ctx, _)", id="the context first"),
        pytest.param("def get_handler(name, *, context)", id="the context as a keyword"),
        pytest.param("def process(event)", id="one parameter"),
        pytest.param("def process(event, context, table)", id="three, which Lambda does not give"),
        pytest.param("def process(event, context, *, table)", id="a keyword, which Lambda does not give"),
        pytest.param("def process(context, event)", id="the other way round"),
        pytest.param("def process(event, _)", id="nothing says context"),
        pytest.param("def handler()", id="none"),
    ],
)
def test_other_functions(header: str) -> None:
    assert handlers(f"{header}: ...") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("class A:\n    def handler(self, event, context): ...", id="a method"),
        pytest.param("def make():\n    def handler(event, context): ...", id="inside a function"),
        pytest.param("register(lambda event, context: None)", id="a lambda handed over"),
        pytest.param("@app.handler\ndef process(payload): ...", id="another decorator"),
    ],
)
def test_other_places(text: str) -> None:
    assert handlers(text) == []
