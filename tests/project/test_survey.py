"""Sessions that a plan makes where the program starts."""

from __future__ import annotations

from session_first.model import AddStatementBefore, Consequence, PassSession, Plan, Position, UseSession
from session_first.project.callgraph import build
from session_first.project.session_graph import Since, Start, Use
from session_first.project.survey import Plans, survey
from tests.analysis import facts_of

HANDLER = """
    import boto3

    def lambda_handler(event, context):
        process(event)
        boto3.client("sns").publish()

    def process(event, session=None):
        (session or boto3).client("s3").list_buckets()
    """


def test_a_session_in_a_lambda_functions_initialisation_code() -> None:
    facts = facts_of(HANDLER)
    edits = (
        AddStatementBefore(Position(3, 0), "session = boto3.Session()"),
        PassSession(Position(4, 4), Position(4, 18), "session", "session"),
        UseSession(Position(5, 4), Position(5, 16), "session", "client"),
    )
    lift = Plan((), (Consequence(tuple((facts.path, edit) for edit in edits), frozenset()),))
    graph = survey([facts], build([facts]), Plans(Plan(), lift))
    module, handler, _ = graph.nodes
    assert (module.id, module.start) == ("mod:<module>", Start.MODULE_LEVEL)
    assert module.uses == (Use(Position(3, 0), "boto3.Session()", "session", None, Since.LIFT),)
    assert (handler.since, handler.holds, handler.holds_since) == (None, "session", Since.LIFT)
    assert handler.uses == (Use(Position(5, 4), "boto3.client('sns')", "client", "session", Since.LIFT),)
    assert [(call.value, call.since) for call in graph.calls] == [("session", Since.LIFT)]


def test_a_session_in_main() -> None:
    facts = facts_of('def main():\n    f()\n\ndef f():\n    import boto3\n    boto3.client("s3")\n')
    edit = AddStatementBefore(Position(2, 4), "session = boto3.Session(profile_name=args.profile)")
    lift = Plan((), (Consequence(((facts.path, edit),), frozenset()),))
    main, _ = survey([facts], build([facts]), Plans(Plan(), lift)).nodes
    text = "boto3.Session(profile_name=args.profile)"
    assert main.uses == (Use(Position(2, 4), text, "session", None, Since.LIFT),)
