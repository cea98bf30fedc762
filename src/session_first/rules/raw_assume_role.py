"""The credentials of `sts.assume_role` are copied into a session, client or resource.

## What it does

Follows the credentials that `sts.assume_role` gives, through variables, attributes, dicts, parameters and
functions, to where they become the `aws_*` arguments of `boto3.Session`, `boto3.client` or `boto3.resource`. flake8
sees one file; `session-first check` follows them through the project.

## Why is this bad?

The three strings expire, after an hour as a rule, and nothing refreshes them: what was made of them then fails with
`ExpiredToken`, wherever it is used at that moment. A session that knows how to assume its role refreshes itself.

## Example

```python
import boto3


def instances(account, session: boto3.Session):
    sts = session.client("sts")
    response = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/audit", RoleSessionName="audit")
    credentials = response["Credentials"]
    assumed = boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        region_name="eu-west-1",
    )
    return assumed.client("ec2").describe_instances()
```

Use instead:

```python
import aws_assume_role_lib
import boto3


def instances(account, session: boto3.Session):
    assumed = aws_assume_role_lib.assume_role(
        session,
        RoleArn=f"arn:aws:iam::{account}:role/audit",
        RoleSessionName="audit",
        region_name="eu-west-1",
    )
    return assumed.client("ec2").describe_instances()
```

Where the STS client is `boto3.client("sts")`, the function gets a parameter `session=None`, and the role is assumed with
`session or boto3._get_default_session()`.

## Fix safety

The fix makes the same calls as the same identity, in the same region. The role is assumed when it is first needed,
unless a `try` in the function or in one of its callers could catch a failure: then a line is added that assumes it
at once. Where a helper returns the credentials, it returns the session instead, and all that use it are rewritten too.

The fix is unsafe where the STS client has settings or event handlers of its own that a refresh would not use, where an argument
may be `None`, where `DurationSeconds` is 900 or less or not known (botocore would assume the role on nearly every call), and where
tests replace STS or boto3 or can its answers. There is none where another part of the answer is read, where the credentials leave
boto3, where somebody else may get them, or where they need an MFA code. The finding then says why.

mypy --strict reports that `aws_assume_role_lib` does not explicitly export `assume_role`; that is its packaging.

## References

- Ben Kehoe: aws-assume-role-lib
- AWS: Temporary security credentials in IAM
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import Applicability, FileContext, Finding, Location, Rule


def check(context: FileContext) -> Iterator[Finding]:
    """Roles whose credentials arrive in boto3, outside tests; a refresh written by hand has a rule of its own."""
    facts = context.facts
    if facts.is_test:
        return
    refreshed = {refresh.position for refresh in facts.refreshes}
    for role in context.roles:
        if not role.sinks or role.position in refreshed:
            continue
        first, *others = role.sinks
        more = f" and {len(others)} more" if others else ""
        yield Finding(
            location=Location(facts.path, role.position),
            end=role.end,
            code=RULE.code,
            message=(
                f"credentials of {role.callee} (line {role.position.line}) reach {first}{more}: they expire, and nothing"
                " refreshes them; use a session from aws_assume_role_lib.assume_role(session, RoleArn=…), which"
                " refreshes itself"
            ),
            function=role.function,
        )


RULE = Rule(
    code="BSF201",
    name="raw-assume-role",
    summary="credentials of sts.assume_role copied into a session or client",
    applicability=Applicability.SAFE,
    default=True,
    check=check,
    doc=__doc__ or "",
)
