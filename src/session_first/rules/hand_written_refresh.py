"""`assume_role` is called again by hand, through botocore's own classes.

## What it does

Finds `assume_role` calls of an STS client that feed botocore's refreshing credentials:
`RefreshableCredentials`, `DeferredRefreshableCredentials`, a subclass of these or of
`CachedCredentialFetcher`, or the private `_credentials` of a botocore session. The call is found where it
stands: in the function that refreshes, or in one that this calls. `AssumeRoleCredentialFetcher`, which
makes the call itself, is found where it is built.

## Why is this bad?

None of these classes is documented, and `_credentials` is private: a release of botocore may change them.
What is written around them is forty lines that every project writes anew, and that go wrong late: a
wrong key or a time without its zone shows when the first credentials expire, an hour after the start.

## Example

```python
import boto3
from botocore.credentials import RefreshableCredentials
from botocore.session import get_session


def assumed(role_arn, session: boto3.Session):
    def refresh():
        response = session.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="reports")
        credentials = response["Credentials"]
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
            "token": credentials["SessionToken"],
            "expiry_time": credentials["Expiration"].isoformat(),
        }

    botocore_session = get_session()
    botocore_session._credentials = RefreshableCredentials.create_from_metadata(
        metadata=refresh(), refresh_using=refresh, method="sts-assume-role"
    )
    return boto3.Session(botocore_session=botocore_session)
```

Use instead:

```python
import aws_assume_role_lib
import boto3


def assumed(role_arn, session: boto3.Session):
    return aws_assume_role_lib.assume_role(session, role_arn, RoleSessionName="reports")
```

## Fix safety

There is no fix: what else a refresher does (logging, caching, retries) is for people to decide. The role is
then assumed at the first call to AWS and not before, and with the parent session's region. A role that asks
for an MFA code each time cannot refresh itself and is not found. The library makes boto3 sessions; for
aiobotocore, a profile with `role_arn` refreshes itself.

## References

- aws-assume-role-lib
- Ben Kehoe: boto3 Sessions, and Why You Should Use Them
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import FileContext, Finding, HandWrittenRefresh, Location, Rule


def check(context: FileContext) -> Iterator[Finding]:
    """Each `assume_role` call, or fetcher, once."""
    facts = context.facts
    for refresh in facts.refreshes:
        yield Finding(
            location=Location(facts.path, refresh.position),
            end=refresh.end,
            code=RULE.code,
            message=f"{_what(refresh)}; {_instead(refresh)}",
            function=refresh.function,
        )


def _what(refresh: HandWrittenRefresh) -> str:
    if refresh.is_fetcher:
        return f"{refresh.text} refreshes an assumed role through botocore's undocumented classes"
    return (
        f"{refresh.text} feeds {refresh.machinery} (line {refresh.line}): a refresh written by hand on"
        " botocore's undocumented classes"
    )


def _instead(refresh: HandWrittenRefresh) -> str:
    if refresh.asynchronous:
        return (
            "use a profile with role_arn and source_profile, whose credentials aiobotocore refreshes itself"
        )
    return (
        "use aws_assume_role_lib.assume_role(session, RoleArn), which gives a session that assumes the role again"
        " before its credentials expire"
    )


RULE = Rule(
    code="BSF203",
    name="hand-written-refresh",
    summary="botocore's refreshing credentials around assume_role by hand",
    applicability=None,
    default=True,
    check=check,
    doc=__doc__ or "",
)
