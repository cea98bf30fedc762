"""`boto3.client` or `boto3.resource` is used inside a function, method or lambda.

## What it does

Finds `boto3.client` and `boto3.resource` called, or handed on, inside a function, method or lambda,
under whatever name they were imported.

## Why is this bad?

`boto3.client` hides a session in a module global: an identity and a region that the caller cannot see
or choose. A function that uses it cannot run with other credentials, in another region, or with a
test's session. A session that is passed in can be all of these.

## Example

```python
import boto3


def greet(table_name, user_id):
    ddb = boto3.resource("dynamodb")
    item = ddb.Table(table_name).get_item(Key={"id": user_id})
    print("Hello {}".format(item["Item"]["name"]))
```

Use instead:

```python
import boto3


def greet(table_name, user_id, session=None):
    if not session:
        session = boto3._get_default_session()
    ddb = session.resource("dynamodb")
    item = ddb.Table(table_name).get_item(Key={"id": user_id})
    print("Hello {}".format(item["Item"]["name"]))
```

or, which is the old call exactly when there is no session:

```python
import boto3


def greet(table_name, user_id, session=None):
    ddb = (session or boto3).resource("dynamodb")
    item = ddb.Table(table_name).get_item(Key={"id": user_id})
    print("Hello {}".format(item["Item"]["name"]))
```

## Fix safety

The fix adds a last parameter `session=None` (or `boto3_session`, `aws_session` where the name is in
use) and uses it. As long as nobody passes a session the program makes the same AWS calls and raises
the same exceptions, and its tests pass unedited. The second form is written where the first could
differ: where the project uses `setup_default_session`, where its tests replace parts of boto3, where
the call stands in a nested function, or where not every path reaches it.

There is no fix where a framework reads the signature (FastAPI, Typer, Dagster …), where Python itself
calls the function (properties, operators), where the client is kept in a global or another place that
all callers share, and where a test replaces the very name that would go. The finding then says why.

## References

- Ben Kehoe: boto3 Sessions, and Why You Should Use Them
- boto3 documentation: Session reference
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import Applicability, FileContext, Finding, Location, Rule


def check(context: FileContext) -> Iterator[Finding]:
    """Sites inside functions, outside tests, where no session is in scope."""
    facts = context.facts
    if facts.is_test:
        return
    for site in facts.sites:
        if site.function is None or site.session is not None:
            continue
        verb = "uses" if site.is_call else "hands on"
        yield Finding(
            location=Location(facts.path, site.position),
            end=site.end,
            code=RULE.code,
            message=(
                f"{site.text} {verb} the hidden default session, so callers cannot choose its credentials"
                f" or region; take a session=None parameter and use (session or boto3).{site.api}"
            ),
            function=site.function_name,
        )


RULE = Rule(
    code="BSF101",
    name="default-session-call",
    summary="boto3.client or boto3.resource inside a function",
    applicability=Applicability.SAFE,
    default=True,
    check=check,
    doc=__doc__ or "",
)
