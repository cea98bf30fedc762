"""One file's bytes to its facts and findings, or to what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from session_first.facts.module import analyse
from session_first.model import Failed, Finding, ModuleFacts
from session_first.pipeline.nesting import room_for_nesting
from session_first.project.following import follow
from session_first.project.unforwarded import unforwarded
from session_first.rules import check
from session_first.source import SourceError, decode, parse


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes, what its place makes of it, and the codes to look for. `follows_values`: credentials may pass
    through it though it does not name them."""

    path: Path
    data: bytes = field(repr=False)
    module: str
    is_test: bool
    codes: frozenset[str]
    follows_values: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """What one file says."""

    source: Source
    facts: ModuleFacts
    findings: tuple[Finding, ...]


def examine(source: Source) -> Examined | Failed:
    """The facts of the file, and the findings in it."""
    try:
        text = decode(source.path, source.data)
        with room_for_nesting():
            facts = analyse(
                text,
                parse(text),
                source.module,
                is_test=source.is_test,
                follows_values=source.follows_values,
            )
        if not source.codes:
            return Examined(source, facts, ())
        roles = follow([facts]).roles.get(facts.path, ()) if facts.values.transfers else ()
        calls = unforwarded([facts]).get(facts.path, ())
        return Examined(source, facts, check(facts, source.codes, roles=roles, unforwarded=calls))
    except SourceError as error:
        return error.failed
    except RecursionError:
        return Failed(source.path, "cannot be analysed: nested too deeply")
    except Exception as error:  # noqa: BLE001 - a bug that one file brings out must not cost the others
        return bug(source.path, error)


def unreadable(source: Source) -> Failed | None:
    """What is wrong with the text of a file that can hold no finding, None if nothing is."""
    try:
        with room_for_nesting():
            parse(decode(source.path, source.data))
    except SourceError as error:
        return error.failed
    except RecursionError:
        return Failed(source.path, "cannot be parsed: nested too deeply")
    return None


def bug(path: Path, error: Exception) -> Failed:
    """What to report of an exception that no one foresaw."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" ({Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno})"
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return Failed(path, f"internal error, please report it: {text}{where}")


def dead(path: Path) -> Failed:
    """What to report where the process that worked on the file is gone."""
    return Failed(path, "cannot be analysed: the process that worked on it died")
