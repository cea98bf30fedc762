"""The journals that killed runs left, to whole files and what people are told of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from session_first.pipeline import recovery
from session_first.pipeline.journal import JournalError
from session_first.pipeline.recovery import Ending, Recovered, Stuck
from session_first.report.text import count, shown


def refuse_half_written(journals: Sequence[Path]) -> None:
    """Passes where all files are whole.

    Raises:
        click.ClickException: some may be rewritten and others not.
    """
    for journal in journals:
        with _explained(journal):
            half_written = recovery.is_half_written(journal)
        if half_written:
            raise click.ClickException(
                "a fix was stopped while it wrote, so some files are rewritten and others not;"
                f" `session-first fix` completes it ({shown(journal, Path.cwd())})"
            )


def make_whole(journals: Sequence[Path]) -> Iterator[str]:
    """Ends what killed runs began; yields a line on each.

    Raises:
        click.ClickException: a person has to.
    """
    for journal in journals:
        with _explained(journal):
            outcome = recovery.recover(journal)
        if isinstance(outcome, Stuck):
            raise click.ClickException(_question(journal, outcome))
        if outcome is not None:
            yield _line(outcome)


@contextlib.contextmanager
def _explained(journal: Path) -> Iterator[None]:
    try:
        yield
    except JournalError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        place = shown(Path(error.filename or journal), Path.cwd())
        raise click.ClickException(
            f"a fix was stopped while it wrote, and cannot be completed: {place}: {error.strerror or error}"
        ) from error


def _line(recovered: Recovered) -> str:
    files = count(recovered.files, "file")
    match recovered.ending:
        case Ending.CLEANED:
            return "note: removed the temporary files of a fix that was stopped"
        case Ending.COMPLETED:
            return f"note: completed a fix that was stopped while it wrote {files}"
        case Ending.UNDONE:
            return f"note: undid a fix that was stopped while it wrote {files}"


def _question(journal: Path, stuck: Stuck) -> str:
    here = Path.cwd()
    edited = "".join(f"\n  {shown(path, here)}" for path in stuck.edited)
    return (
        "nothing written: a fix was stopped while it wrote, and these files are neither as they were before it nor"
        f" as it makes them:{edited}\n"
        "Put them back as they were (git restore) and run again, which completes or undoes it; or keep all files as"
        f" they are: delete {shown(journal, here)}, and what is called {stuck.temporary}-* beside them"
    )
