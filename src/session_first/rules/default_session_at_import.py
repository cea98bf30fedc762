"""`boto3.client` or `boto3.resource` is called while a module is imported.

## What it does

Finds `boto3.client` and `boto3.resource` called while a module is imported: at module or class level,
in a default argument or a decorator. What stands under `if __name__ == "__main__":` is no import.

This rule is opt-in: select it by its code.

## Why is this bad?

The import needs a region, and often credentials; whoever imports the module cannot choose them, and
`setup_default_session` comes too late. Tests must set the environment before they import.

## Example

```python
import boto3

TABLE = boto3.resource("dynamodb").Table("users")


def load(user_id):
    return TABLE.get_item(Key={"id": user_id})
```

Use instead:

```python
import boto3


def load(user_id, session=None):
    table = (session or boto3).resource("dynamodb").Table("users")
    return table.get_item(Key={"id": user_id})
```

## Fix safety

There is no fix: when the client is made is for people to decide. In a Lambda function the
initialisation code is a good place, with a session of its own.

## References

- Ben Kehoe: boto3 Sessions, and Why You Should Use Them
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import FileContext, Finding, Location, Rule


def check(context: FileContext) -> Iterator[Finding]:
    """Calls outside functions."""
    facts = context.facts
    if facts.is_test:
        return
    for site in facts.sites:
        if site.function is None and site.is_call and not site.main_guard:
            yield Finding(
                location=Location(facts.path, site.position),
                end=site.end,
                code=RULE.code,
                message=(
                    f"{site.text} runs when the module is imported, with the hidden default session that nobody"
                    " can choose by then; make it in a function that takes a session"
                ),
                function=None,
            )


RULE = Rule(
    code="BSF104",
    name="default-session-at-import",
    summary="boto3.client or boto3.resource called at import",
    applicability=None,
    default=False,
    check=check,
    doc=__doc__ or "",
)
