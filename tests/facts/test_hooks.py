"""Which methods a framework calls itself, so that nobody could pass them a session."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from session_first.facts.hooks import caller
from tests.analysis import answers_to, code


@pytest.mark.parametrize(
    ("base", "method", "expected"),
    [
        ("django.views.View", "get", "Django"),
        ("django.views.generic.ListView", "get_queryset", "Django"),
        ("django.views.generic.base.TemplateView", "get_context_data", "Django"),
        ("django.core.management.base.BaseCommand", "handle", "Django"),
        ("django.core.management.BaseCommand", "handle", "Django"),
        ("django.apps.AppConfig", "ready", "Django"),
        ("django.db.models.Model", "save", "Django"),
        ("django.forms.ModelForm", "clean_name", "Django"),
        ("django.contrib.admin.ModelAdmin", "save_model", "Django"),
        ("django.core.files.storage.Storage", "_save", "Django"),
        ("storages.backends.s3boto3.S3Boto3Storage", "url", "Django"),
        ("django.core.mail.backends.base.BaseEmailBackend", "send_messages", "Django"),
        ("rest_framework.viewsets.ModelViewSet", "perform_create", "Django REST framework"),
        ("rest_framework.views.APIView", "post", "Django REST framework"),
        ("rest_framework.viewsets.ModelViewSet", "get_serializer_class", "Django REST framework"),
        ("rest_framework.serializers.ModelSerializer", "validate_key", "Django REST framework"),
        ("flask.views.MethodView", "get", "Flask"),
        ("flask_restful.Resource", "post", "Flask"),
        ("tornado.web.RequestHandler", "get", "Tornado"),
        ("starlette.middleware.base.BaseHTTPMiddleware", "dispatch", "Starlette"),
        ("celery.Task", "run", "Celery"),
        ("celery.app.task.Task", "on_failure", "Celery"),
        ("threading.Thread", "run", "threading"),
        ("multiprocessing.Process", "run", "multiprocessing"),
        ("airflow.models.BaseOperator", "execute", "Airflow"),
        ("airflow.sensors.base.BaseSensorOperator", "poke", "Airflow"),
        ("airflow.providers.amazon.aws.operators.s3.S3ListOperator", "execute", "Airflow"),
        ("luigi.Task", "run", "Luigi"),
        ("luigi.contrib.s3.S3Target", "exists", "Luigi"),
        ("dagster.ConfigurableIOManager", "load_input", "Dagster"),
        ("logging.Handler", "emit", "logging"),
        ("logging.handlers.BufferingHandler", "flush", "logging"),
        ("logging.Formatter", "format", "logging"),
        ("argparse.Action", "__call__", "argparse"),
        ("ast.NodeVisitor", "visit_Call", "ast"),
        ("http.server.BaseHTTPRequestHandler", "do_GET", "http.server"),
        ("socketserver.BaseRequestHandler", "handle", "socketserver"),
        ("json.JSONEncoder", "default", "json"),
        ("cmd.Cmd", "do_list", "cmd"),
        ("unittest.TestCase", "setUp", "unittest"),
        ("setuptools.Command", "run", "setuptools"),
        ("click.ParamType", "convert", "click"),
        ("click.Group", "invoke", "click"),
        ("ansible.plugins.lookup.LookupBase", "run", "Ansible"),
        ("rdklib.ConfigRule", "evaluate_change", "rdklib"),
        # The class's own methods, and what is not of these frameworks.
        ("django.views.View", "upload", None),
        ("django.db.models.Model", "upload", None),
        ("threading.Thread", "stop", None),
        ("logging.Handler", "upload", None),
        ("celery.Task", "upload", None),
        ("airflow.hooks.base.BaseHook", "get_conn", None),
        ("django.views.View", "get_s3_client", None),
        ("django.contrib.admin.ModelAdmin", "save_to_s3", None),
        ("rest_framework.viewsets.ViewSet", "get_presigned_url", None),
        ("dagster.ConfigurableResource", "get_client", None),
        ("luigi.Config", "run", None),
        ("library.Base", "run", None),
        ("run", "run", None),
    ],
)
def test_callers(base: str, method: str, expected: str | None) -> None:
    assert caller(base, method) == expected


UPLOAD = """
from logging import Handler
import boto3

class Upload(Handler):
    def {name}(self):
        return [boto3.client("s3") for _ in self]
"""
TAKES = ["inline session"]
SKIPS = ["skip fixed-signature"]


@pytest.mark.parametrize(
    ("text", "beside", "expected"),
    [
        pytest.param(UPLOAD.format(name="emit"), {}, SKIPS, id="a method that the base calls"),
        pytest.param(UPLOAD.format(name="upload"), {}, TAKES, id="another one"),
        pytest.param(
            UPLOAD.format(name="emit").replace("logging", "library"), {}, TAKES, id="a base that is not known"
        ),
        pytest.param(
            UPLOAD.format(name="emit").replace("from logging import Handler", "class Handler: ..."),
            {},
            TAKES,
            id="a base of the project",
        ),
        pytest.param(
            UPLOAD.format(name="emit").replace("logging", "workers"),
            {"workers.py": "import logging\nclass Handler(logging.Handler): ..."},
            SKIPS,
            id="a base of the project that has such a base",
        ),
        pytest.param(
            UPLOAD.format(name="emit").replace("logging", "workers"),
            {"workers.py": "from logging import Handler"},
            SKIPS,
            id="a base that the project exports",
        ),
        pytest.param(
            UPLOAD.format(name="emit").replace("(Handler)", "").replace("Upload", "Uploading"),
            {"jobs.py": "import logging\nimport mod\nclass Job(mod.Uploading, logging.Handler): ..."},
            SKIPS,
            id="a class beside one with such a base",
        ),
        pytest.param(
            """
            import boto3
            from rest_framework.decorators import action
            from library import Views

            class Files(Views):
                @action(detail=True)
                def download(self, request):
                    return [boto3.client("s3") for _ in self]
            """,
            {},
            SKIPS,
            id="a method that is an action of Django REST framework",
        ),
        pytest.param(
            UPLOAD.format(name="emit") + "\n    def __init__(self):\n        super().__init__()\n",
            {},
            TAKES,
            id="the constructor takes one, and the class keeps it",
        ),
    ],
)
def test_what_becomes_of_the_method(text: str, beside: Mapping[str, str], expected: list[str]) -> None:
    assert answers_to(code(text), beside=beside) == expected
