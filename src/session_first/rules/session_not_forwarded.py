"""A session is in scope, and a function that takes one is called without it.

## What it does

Finds calls of functions that take a boto3 session, from where one is in scope, which do not pass it on. It
follows certain calls only: of functions, methods of `self`, constructors and objects whose class is
certain. `flake8` sees those within a file, `session-first check` those across the project.

An explicit `session=None` says that the default session is meant, and is never a finding.

## Why is this bad?

The function was given an identity and a region. What it calls uses others, the default session's, and nothing says
so: half of the work is done in one account, and half in another.

## Example

```python
import boto3


def upload(key, session=None):
    s3 = (session or boto3).client("s3")
    s3.put_object(Bucket="reports", Key=key)


def process(queue, keys, session=None):
    sqs = (session or boto3).client("sqs")
    for key in keys:
        upload(key)
        sqs.send_message(QueueUrl=queue, MessageBody=key)
```

Use instead:

```python
import boto3


def upload(key, session=None):
    s3 = (session or boto3).client("s3")
    s3.put_object(Bucket="reports", Key=key)


def process(queue, keys, session=None):
    sqs = (session or boto3).client("sqs")
    for key in keys:
        upload(key, session=session)
        sqs.send_message(QueueUrl=queue, MessageBody=key)
```

## Fix safety

The fix passes the session by the name of the callee's parameter. It is safe where the session in scope is the default
one unless a caller passes another, and no call in the project does. Elsewhere it is unsafe: calls may
be made with another identity than before, which is its purpose. There is no fix where the
project's tests replace the callee or check how it is called, where a decorator stands between that may not pass
keywords on, and where what the callee gives is kept for later calls.

## References

- Ben Kehoe: boto3 Sessions, and Why You Should Use Them
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import Applicability, FileContext, Finding, Location, Rule


def check(context: FileContext) -> Iterator[Finding]:
    """Calls that leave the session behind, each with the way that it would take."""
    facts = context.facts
    for call in context.unforwarded:
        name = call.session.expression
        yield Finding(
            location=Location(facts.path, call.position),
            end=call.end,
            code=RULE.code,
            message=(
                f"{call.callee}(…) is not given the session in scope ({name}: {call.session.evidence}):"
                f" {' → '.join(call.chain)} takes a session; pass {call.parameter}={name},"
                f" or {call.parameter}=None if the default one is meant"
            ),
            function=call.function,
        )


RULE = Rule(
    code="BSF103",
    name="session-not-forwarded",
    summary="a function that takes a session called without the one in scope",
    applicability=Applicability.SAFE,
    default=True,
    check=check,
    doc=__doc__ or "",
)
