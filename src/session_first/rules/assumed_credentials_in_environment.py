"""The credentials of `sts.assume_role` are put into `os.environ`.

## What it does

Finds calls of `sts.assume_role` whose credentials are assigned to variables of `os.environ`.

## Why is this bad?

The environment belongs to the whole process: every session that is made afterwards, in any thread, takes on the role,
and so does every child process. The credentials expire, after an hour as a rule, and nothing refreshes them; by then the
identity that could assume the role anew is gone from the environment.

## Example

```python
import os

import boto3


def become(role_arn, session: boto3.Session):
    sts = session.client("sts")
    credentials = sts.assume_role(RoleArn=role_arn, RoleSessionName="deploy")["Credentials"]
    os.environ["AWS_ACCESS_KEY_ID"] = credentials["AccessKeyId"]
    os.environ["AWS_SECRET_ACCESS_KEY"] = credentials["SecretAccessKey"]
    os.environ["AWS_SESSION_TOKEN"] = credentials["SessionToken"]
```

Use instead:

```python
import aws_assume_role_lib
import boto3


def deploy_session(role_arn, session: boto3.Session):
    return aws_assume_role_lib.assume_role(session, RoleArn=role_arn, RoleSessionName="deploy")
```

and pass the session to what needs it. A child process can be given credentials in its own `env=`.

## Fix safety

There is no fix: who reads the environment is not to be seen.

## References

- Ben Kehoe: boto3 Sessions, and Why You Should Use Them
- Ben Kehoe: aws-assume-role-lib
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import FileContext, Finding, Location, Rule


def check(context: FileContext) -> Iterator[Finding]:
    """Roles whose credentials arrive in the environment, outside tests."""
    facts = context.facts
    if facts.is_test:
        return
    for role in context.roles:
        if not role.environment:
            continue
        yield Finding(
            location=Location(facts.path, role.position),
            end=role.end,
            code=RULE.code,
            message=(
                f"credentials of {role.callee} (line {role.position.line}) are put into {role.environment[0]}: all of the"
                " process takes on the role, and nothing refreshes it; pass on a session from"
                " aws_assume_role_lib.assume_role(session, RoleArn=…) instead"
            ),
            function=role.function,
        )


RULE = Rule(
    code="BSF202",
    name="assumed-credentials-in-environment",
    summary="credentials of sts.assume_role put into os.environ",
    applicability=None,
    default=True,
    check=check,
    doc=__doc__ or "",
)
