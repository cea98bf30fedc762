"""The command line: arguments in; lines, written files and an exit code out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import click

from session_first import __version__, config, files, git
from session_first.cli.interrupted import make_whole, refuse_half_written
from session_first.cli.progress import tracker
from session_first.config import ConfigError, Settings
from session_first.model import Changed, Failed, Status
from session_first.pipeline.check import Track, check, untracked
from session_first.pipeline.fix import fix, write
from session_first.pipeline.garbage import collect_rarely
from session_first.pipeline.graph import NoSuchFunctionError, graph
from session_first.pipeline.workers import Workers
from session_first.report import diff as diffs
from session_first.report import graph_dot, graph_json, graph_mermaid, graph_text, json, text
from session_first.rules import RULES

CLEAN: Final = 0
FINDINGS: Final = 1
ERROR: Final = 2
INTERRUPTED: Final = 130

Command = TypeVar("Command", bound=Callable[..., int])


_SHOWN_WARNINGS = 5
"""Of the files around the given ones that could not be read."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and ends the program with its exit code."""
    collect_rarely()
    try:
        code = commands.main(arguments, prog_name="session-first", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = ERROR
    except (ConfigError, git.GitError) as error:
        _say(f"error: {error}")
        code = ERROR
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - Python's own exit code for it is 1, which here means findings
        sys.__excepthook__(type(error), error, error.__traceback__)
        code = ERROR
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def commands() -> None:
    """Find boto3 code that hides its session, and rewrite it to take one.

    Exit codes: 0 clean, 1 findings, 2 an error in usage, settings or a file.
    Settings come from [tool.session-first] in pyproject.toml; options win over them.
    """


def _split(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> list[str] | None:
    return [part.strip() for value in values for part in value.split(",")] or None


def _lists(*names: str, help: str) -> Callable[[Command], Command]:  # noqa: A002 - click's word
    return click.option(*names, multiple=True, callback=_split, metavar="LIST", help=help)


def _looks_at_files(*formats: str) -> Callable[[Command], Command]:
    """The options of a command that looks at files and prints one of the formats, the first by default."""
    return lambda command: _with_options(command, formats)


def _with_options(command: Command, formats: Sequence[str]) -> Command:
    for decorate in (
        click.option(
            "--output-format",
            type=click.Choice(formats),
            default=formats[0],
            show_default=True,
            help="What to print on standard output.",
        ),
        click.option("--jobs", type=click.IntRange(min=1), help="Number of processes.  [default: what pays]"),
        click.option(
            "--project-root",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="The folder whose files are the context.  [default: the nearest one upward with a"
            " pyproject.toml, setup.py or setup.cfg, else the git repository]",
        ),
        _lists("--exclude", help="Patterns as in .gitignore, from the project root, of files to leave out."),
        _lists("--extend-select", help="Rules to check besides those selected, such as opt-in rules."),
        _lists("--ignore", help="Rules to leave out: codes, or how they start."),
        _lists("--select", help="Rules to check: codes, or how they start.  [default: see `rules`]"),
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]..."),
    ):
        command = decorate(command)
    return command


# --- Commands -------------------------------------------------------------------------------------


@commands.command("check")
@_looks_at_files("concise", "json")
def check_command(
    *, paths: tuple[Path, ...], output_format: str, project_root: Path | None, **flags: object
) -> int:
    """Print the findings in PATHS (default: here)."""
    settings = _settings(paths, project_root, flags)
    checked = check(_given(paths), settings, workers=Workers(jobs=settings.jobs), track=_track())
    refuse_half_written(checked.interrupted)
    resolutions = checked.plan.resolutions
    if output_format == "json":
        _print(json.findings(resolutions) + "\n")
    else:
        _print_lines(text.finding_lines(resolutions, Path.cwd()))
    _complain(checked.failed, checked.warnings)
    _say(text.check_summary(resolutions, checked.files))
    if checked.failed:
        return ERROR
    return FINDINGS if resolutions else CLEAN


@commands.command("fix")
@_looks_at_files("concise", "json")
@click.option(
    "--diff", is_flag=True, help="Write nothing; print what would change, and exit 1 if anything would."
)
@click.option(
    "--unsafe-fixes", is_flag=True, help="Also make the fixes that may change what the program does."
)
@click.option(
    "--allow-dirty", is_flag=True, help="Also write files with changes that git could not bring back."
)
@click.option(
    "--add-dependency/--no-add-dependency",
    default=True,
    show_default=True,
    help="Whether to add what the new code imports to the requirements.txt, pyproject.toml or setup.cfg"
    " that governs it.",
)
@click.option(
    "--lift",
    is_flag=True,
    help="Also give a session to the functions that call those which take one, up to where the program starts.",
)
@click.option(
    "--stop-at",
    multiple=True,
    metavar="PKG.MOD:FUNC",
    help="With --lift: leave this function as it is, and all that is only reached through it. Repeatable.",
)
@click.option(
    "--add-profile-option",
    is_flag=True,
    help="With --lift: also give scripts that use argparse or click an option --profile for their session.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write every finding to this file as JSON, with `status` fixed, skipped or failed, and `reason`:"
    " why there is no fix, `unsafe` for one that takes --unsafe-fixes, `error` for a file that failed.",
)
def fix_command(
    *,
    paths: tuple[Path, ...],
    output_format: str,
    project_root: Path | None,
    diff: bool,
    unsafe_fixes: bool,
    allow_dirty: bool,
    add_dependency: bool,
    lift: bool,
    stop_at: tuple[str, ...],
    add_profile_option: bool,
    report: Path | None,
    **flags: object,
) -> int:
    """Rewrite the functions with findings in PATHS (default: here) to take a session."""
    if diff and output_format == "json":
        raise click.UsageError("--diff and --output-format json cannot both have standard output")
    if report is not None and not report.absolute().parent.is_dir():
        raise click.UsageError(f"--report: there is no folder {report.parent}")
    if stop_at and not lift:
        raise click.UsageError("--stop-at says where --lift is to stop; give --lift as well")
    if add_profile_option and not lift:
        raise click.UsageError(
            "--add-profile-option is for the sessions that --lift makes; give --lift as well"
        )
    settings = _settings(paths, project_root, {**flags, "stop_at": stop_at or None})
    settings = replace(settings, lift=lift, add_profile_option=add_profile_option)
    workers, track = Workers(jobs=settings.jobs), _track()
    look = partial(check, _given(paths), settings, unsafe=unsafe_fixes, workers=workers, track=track)
    checked = look()
    if diff:
        refuse_half_written(checked.interrupted)
    elif checked.interrupted:
        for line in make_whole(checked.interrupted):
            _say(line)
        checked = look()
    fixed = fix(checked, unsafe=unsafe_fixes, add_dependency=add_dependency, workers=workers, track=track)
    if not diff:
        if not allow_dirty:
            _refuse_unsaved(fixed.changes)
        fixed = write(fixed)
    here = Path.cwd()
    if diff:
        _print_bytes(b"".join(_diff(change, here) for change in fixed.changes))
        for line in text.remaining_lines(fixed.settled, here):
            _say(line)
    elif output_format == "json":
        _print(json.settled(fixed.settled) + "\n")
    else:
        _print_lines(text.change_lines(fixed.changes, fixed.settled, here, fixed.declaring))
        _print_lines(text.remaining_lines(fixed.settled, here))
    _complain((*checked.failed, *fixed.failed), checked.warnings)
    _say(text.fix_summary(fixed.settled, len(fixed.changes), written=not diff))
    for line in text.advice_lines(fixed.advice, here):
        _say(f"to do: {line}")
    if report is not None:
        _save(report, json.settled(fixed.settled) + "\n")
    if checked.failed or fixed.failed:
        return ERROR
    left = fixed.changes if diff else [item for item in fixed.settled if item.status is not Status.FIXED]
    return FINDINGS if left else CLEAN


@commands.command("graph")
@_looks_at_files("text", "json", "dot", "mermaid")
@click.option(
    "--function",
    metavar="PKG.MOD:FUNC",
    help="Show what calls this function, and where it passes a session. May also stand among the PATHS.",
)
@click.option("--depth", type=click.IntRange(min=1), help="As text: so many calls below each root.")
@click.option(
    "--unresolved",
    is_flag=True,
    help="As text: list all calls that could not be followed, not only those that may run one of the functions.",
)
@click.option("--unsafe-fixes", is_flag=True, help="Count on the unsafe fixes too.")
@click.option(
    "--stop-at",
    multiple=True,
    metavar="PKG.MOD:FUNC",
    help="A function that `fix --lift` is to leave as it is. Repeatable.",
)
def graph_command(
    *,
    paths: tuple[Path, ...],
    output_format: str,
    project_root: Path | None,
    function: str | None,
    depth: int | None,
    unresolved: bool,
    unsafe_fixes: bool,
    stop_at: tuple[str, ...],
    **flags: object,
) -> int:
    """Show how sessions travel in the project of PATHS (default: here): where clients and sessions are made, which
    calls pass a session, now and after a fix, and why others do not.

    One of PATHS may be a function, PKG.MOD:FUNC.
    """
    named = [str(path) for path in paths if ":" in str(path) and not os.path.lexists(path)]
    named += [function] if function is not None else []
    if len(named) > 1:
        raise click.UsageError(f"one function at a time: {', '.join(named)}")
    paths = tuple(path for path in paths if str(path) not in named)
    settings = _settings(paths, project_root, {**flags, "stop_at": stop_at or None})
    try:
        graphed = graph(
            _given(paths),
            settings,
            function=named[0] if named else None,
            unsafe=unsafe_fixes,
            workers=Workers(jobs=settings.jobs),
            track=_track(),
        )
    except NoSuchFunctionError as error:
        raise click.UsageError(str(error)) from error
    here = Path.cwd()
    match output_format:
        case "json":
            _print(graph_json.graph(graphed.graph) + "\n")
        case "dot":
            _print_lines(graph_dot.lines(graphed.graph, here))
        case "mermaid":
            _print_lines(graph_mermaid.lines(graphed.graph, here))
        case _:
            lines = graph_text.lines(graphed.graph, here, depth=depth, unresolved=unresolved)
            _print_lines(lines if _draws_lines(sys.stdout.encoding) else map(graph_text.plain, lines))
    _complain(graphed.failed, graphed.warnings)
    _say(graph_text.summary(graphed.graph))
    return ERROR if graphed.failed else CLEAN


@commands.command()
@click.argument("code")
def explain(code: str) -> int:
    """Print the page of a rule."""
    for rule in RULES:
        if code.upper() == rule.code or code.lower() == rule.name:
            _print(rule.page)
            return CLEAN
    raise click.UsageError(f"no rule {code!r}; rules are {', '.join(rule.code for rule in RULES)}")


@commands.command()
def rules() -> int:
    """List the rules."""
    _print("".join(f"{line}\n" for line in text.rule_lines(RULES)))
    return CLEAN


# --- What the commands share ----------------------------------------------------------------------


def _given(paths: Sequence[Path]) -> Sequence[Path]:
    for path in paths:
        if not os.path.lexists(path):
            raise click.UsageError(f"there is no file or folder {str(path)!r}")
    return paths or (Path.cwd(),)


def _settings(paths: Sequence[Path], project_root: Path | None, flags: Mapping[str, object]) -> Settings:
    """The settings of the nearest pyproject.toml upward, with those of the command line in their place."""
    codes = [rule.code for rule in RULES]
    start = project_root.absolute() if project_root is not None else files.shared_folder(_given(paths))
    upward = (start,) if project_root is not None else (start, *start.parents)
    pyproject = next((f for folder in upward if (f := folder / "pyproject.toml").is_file()), None)
    settings = Settings() if pyproject is None else config.load(pyproject, codes)
    chosen = {name.replace("_", "-"): value for name, value in flags.items() if value is not None}
    settings = config.override(settings, chosen, codes=codes, origin="--")
    return replace(settings, project_root=None if project_root is None else start)


def _track() -> Track:
    return tracker() if sys.stderr.isatty() else untracked


def _refuse_unsaved(changes: Sequence[Changed]) -> None:
    try:
        unsaved = git.unsaved(change.path for change in changes)
    except git.GitError as error:
        raise click.ClickException(
            f"nothing written: git cannot tell whether files hold unsaved work ({error}); --allow-dirty does not ask"
        ) from error
    if unsaved:
        here = Path.cwd()
        files_at_risk = "".join(
            f"\n  {text.shown(path, here)}: {state}" for path, state in sorted(unsaved.items())
        )
        raise click.ClickException(
            f"nothing written: commit or stash these files first, or use --allow-dirty{files_at_risk}"
        )


def _diff(change: Changed, here: Path) -> bytes:
    # `git apply` and `patch` do not write through symbolic links, so the file itself is named.
    name = os.path.relpath(os.path.realpath(change.path), here.resolve())
    wants_colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return diffs.unified(os.fsencode(name), change.before, change.after, colour=wants_colour)


def _complain(failed: Iterable[Failed], warnings: Sequence[Failed]) -> None:
    here = Path.cwd()
    for failure in warnings[:_SHOWN_WARNINGS]:
        _say(f"warning: {text.failure_line(failure, here)}; what it says was not considered")
    if len(warnings) > _SHOWN_WARNINGS:
        more = len(warnings) - _SHOWN_WARNINGS
        _say(f"warning: {more} more of the project's files could not be read or parsed")
    for failure in failed:
        _say(f"error: {text.failure_line(failure, here)}")


def _save(report: Path, content: str) -> None:
    try:
        report.write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(
            f"--report: {report} cannot be written: {error.strerror or error}"
        ) from error


def _draws_lines(encoding: str) -> bool:
    try:
        "│├└─".encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _say(line: str) -> None:
    click.echo(line, err=True)


def _print_lines(lines: Iterable[str]) -> None:
    _print("".join(f"{line}\n" for line in lines))


def _print(output: str) -> None:
    encoding = sys.stdout.encoding
    # A file's name may hold bytes that are no text, and a terminal's encoding may lack a letter.
    _print_bytes(output.encode(encoding, "surrogateescape" if encoding == "utf-8" else "backslashreplace"))


def _print_bytes(output: bytes) -> None:
    try:
        sys.stdout.buffer.write(output)
        sys.stdout.flush()
    except BrokenPipeError:  # its reader has seen enough; what is left goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
