"""A client of the default session is made in a thread.

## What it does

Finds `boto3.client` and `boto3.resource` in a function that runs in a thread of its own, and in what such a function
calls. A function gets there by being handed to

- `threading.Thread` or `Timer` (or it is the `run` of a class of threads),
- `submit` or `map` of a `ThreadPoolExecutor`, or a method of `multiprocessing.pool.ThreadPool` or
  `multiprocessing.dummy.Pool`,
- `asyncio.to_thread`, `loop.run_in_executor`, `anyio.to_thread.run_sync`, `run_in_threadpool` and the like.

Pools of processes are left out, since each process has a default session of its own, and so are objects
that need not be a pool of threads, or have one thread only. What happens under a lock is not found.

flake8 sees what one file starts and calls; `session-first check` follows the calls through the repository.

## Why is this bad?

The default session is one for the whole process, and a session is not thread-safe: making a client looks up
credentials, loads service models and registers event handlers, all kept on the session. Threads that do so at
the same time fail now and then, with a `KeyError: 'credential_provider'` or `'endpoint_resolver'`, or get a client
that lacks half of its methods. It shows under load, and not in tests. Clients are thread-safe, sessions and
resources are not.

## Example

```python
from concurrent.futures import ThreadPoolExecutor

import boto3


def upload(name):
    s3 = boto3.client("s3")
    s3.upload_file(name, "reports", name)


def upload_all(names):
    with ThreadPoolExecutor() as pool:
        list(pool.map(upload, names))
```

Use instead:

```python
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def upload(s3, name):
    s3.upload_file(name, "reports", name)


def upload_all(names, session):
    s3 = session.client("s3")
    with ThreadPoolExecutor() as pool:
        list(pool.map(partial(upload, s3), names))
```

which makes one client for all threads; or, where each has to have its own (a resource, say), a session for each:

```python
from concurrent.futures import ThreadPoolExecutor

import boto3


def upload(name):
    s3 = boto3.Session().resource("s3")
    s3.Bucket("reports").upload_file(name, name)


def upload_all(names):
    with ThreadPoolExecutor() as pool:
        list(pool.map(upload, names))
```

## Fix safety

There is no fix: whether the threads are to share a client, and where it is made then, is for the program's design. The
fix of BSF101 at the same place gives the function a session, and does not make it safe to use one session in several threads.

## References

- boto3 documentation: Session reference, Multithreading or multiprocessing with sessions
- boto3#1592, boto3#2750 and botocore#2985
"""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import FileContext, Finding, Location, Rule, ThreadedSite

_LONGEST = 4
"""So many calls on the way are all named."""


def check(context: FileContext) -> Iterator[Finding]:
    """The sites that run in threads."""
    for site in context.threaded:
        yield Finding(
            location=Location(context.facts.path, site.position),
            end=site.end,
            code=RULE.code,
            message=f"{_problem(site)}, and sessions are not thread-safe; {_remedy(site)}",
            function=site.function,
        )


def _problem(site: ThreadedSite) -> str:
    where = f"line {site.line}" if site.module is None else f"line {site.line} of {site.module}"
    handed = f"{site.receiver} in {where}"
    if not site.way:
        return f"{site.text} is handed to {handed} and uses the default session in a thread"
    start, *steps = site.way
    through = "".join(f", which calls {step}" for step in steps)
    if len(steps) > _LONGEST:
        through = f", which leads through {steps[0]} and {len(steps) - 2} others to {steps[-1]}"
    by = "run by" if site.receiver.startswith("the thread ") else "handed to"
    return f"{site.text} uses the default session in a thread ({start} is {by} {handed}{through})"


def _remedy(site: ThreadedSite) -> str:
    if site.api == "resource":
        return "make a boto3.Session() in each thread, and the resource from it, as resources are not either"
    return "make the client before and hand it over, as clients are, or make a boto3.Session() in each thread"


RULE = Rule(
    code="BSF105",
    name="default-session-in-thread",
    summary="a client of the default session made in a thread",
    applicability=None,
    default=True,
    check=check,
    doc=__doc__ or "",
)
