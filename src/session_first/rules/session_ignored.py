"""The default session is used where another session is in scope.

## What it does

Finds `boto3.client` and `boto3.resource` where a boto3 session is already in scope: a parameter, a
local, or an attribute of `self` that certainly holds one (it is annotated, was made by
`boto3.Session`, or is filled from the default session).

## Why is this bad?

The function was given an identity and a region, and uses others. It works as long as the two are the
same, and then reads the wrong account.

## Example

```python
import boto3


def copy(key, session: boto3.Session):
    s3 = boto3.client("s3")
    return s3.get_object(Bucket="reports", Key=key)
```

Use instead:

```python
import boto3


def copy(key, session: boto3.Session):
    s3 = session.client("s3")
    return s3.get_object(Bucket="reports", Key=key)
```

## Fix safety

The fix is unsafe: calls may be made with another identity than before, which is its purpose. There is
none on a branch that tests the session, and none where the function means to use both: where it makes
the same service from each, or makes a session of another identity itself.

## References

- Ben Kehoe: boto3 Sessions, and Why You Should Use Them
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.facts.suppressions import is_suppressed
from session_first.model import Applicability, FileContext, Finding, Location, Rule


def check(context: FileContext) -> Iterator[Finding]:
    """Sites with a session in scope; what was silenced as BSF101 stays silent."""
    facts = context.facts
    if facts.is_test:
        return
    for site in facts.sites:
        if site.function is None or site.session is None:
            continue
        if is_suppressed(facts.suppressed, site.position.line, "BSF101"):
            continue
        name = site.session.expression
        session = f"({name} or boto3)" if site.session.optional else name
        yield Finding(
            location=Location(facts.path, site.position),
            end=site.end,
            code=RULE.code,
            message=(
                f"{site.text} falls back to the hidden default session where {name} is not given; one call serves both:"
                f" ({name} or boto3).{site.api}"
                if site.session_tested
                else f"{site.text} ignores the session in scope ({name}: {site.session.evidence}) and uses the"
                f" hidden default one; use {session}.{site.api}"
            ),
            function=site.function_name,
        )


RULE = Rule(
    code="BSF102",
    name="session-ignored",
    summary="the default session used where a session is in scope",
    applicability=Applicability.UNSAFE,
    default=True,
    check=check,
    doc=__doc__ or "",
)
