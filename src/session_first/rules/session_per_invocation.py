"""A Lambda handler makes a session, or assumes a role, on every call.

## What it does

Finds `boto3.Session(...)`, `sts.assume_role(...)` and `aws_assume_role_lib.assume_role(...)` in the body of a
Lambda handler: a function of `(event, context)`, one that is called `lambda_handler`, or one that Powertools or
Chalice make a handler.

What depends on the event, the context or the turn of a loop (a role for every account) has to be made there
and is not found. Nor is what the handler keeps in a global that it fills once, or makes where something failed.

## Why is this bad?

A session reads its configuration, looks for credentials and loads its service models anew, and every client
made from it opens new connections: tens to hundreds of milliseconds that each invocation pays for. An assumed role
costs a request more each time, counts against the limit of STS, and throws away credentials that are good for an
hour. The initialisation code, at module level, runs once in each execution environment, and Lambda keeps what it
makes for the invocations that follow.

## Example

```python
import boto3


def lambda_handler(event, context):
    session = boto3.Session()
    s3 = session.client("s3")
    return s3.get_object(Bucket="reports", Key=event["key"])["ETag"]
```

Use instead:

```python
import boto3

session = boto3.Session()
s3 = session.client("s3")


def lambda_handler(event, context):
    return s3.get_object(Bucket="reports", Key=event["key"])["ETag"]
```

or, for an assumed role, a session that assumes it again when its credentials expire:

```python
import os

import aws_assume_role_lib
import boto3

session = boto3.Session()
assumed_session = aws_assume_role_lib.assume_role(session, os.environ["ROLE_ARN"])
s3 = assumed_session.client("s3")


def lambda_handler(event, context):
    return s3.get_object(Bucket="reports", Key=event["key"])["ETag"]
```

## Fix safety

There is no fix: an error in the initialisation code stops the function before its handler can answer, and
tests that import the module need a region then.

## References

- AWS Lambda documentation: Best practices for working with AWS Lambda functions
- Ben Kehoe: boto3 Sessions, and Why You Should Use Them
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import FileContext, Finding, Location, Rule


def check(context: FileContext) -> Iterator[Finding]:
    """What handlers make on every call, outside tests."""
    facts = context.facts
    if facts.is_test:
        return
    for made in facts.made_sessions:
        message = (
            f"{made.text} assumes the role again on every call of {made.handler}: one more request each, while its"
            " credentials are good for an hour; make one session with aws_assume_role_lib.assume_role at module"
            " level, in the initialisation code, and pass it on"
            if made.is_role
            else f"{made.text} is made on every call of {made.handler}: configuration, credentials and"
            " connections anew each time; make it once at module level, in the initialisation code, and pass it on"
        )
        yield Finding(
            location=Location(facts.path, made.position),
            end=made.end,
            code=RULE.code,
            message=message,
            function=made.handler,
        )


RULE = Rule(
    code="BSF106",
    name="session-per-invocation",
    summary="a session or assumed role made on every call of a Lambda handler",
    applicability=None,
    default=True,
    check=check,
    doc=__doc__ or "",
)
