"""Where a file is started from outside: main guards, argument parsers, click commands, and the sessions made on import."""

from __future__ import annotations

import pytest

from session_first.model import ArgumentParser, ClickCommand, EntryPoints, Position
from tests.analysis import code, facts_of


def entry_points(text: str) -> EntryPoints:
    """The entry points of one file."""
    return facts_of(text).entry_points


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        pytest.param(
            """
            def main(): ...

            if __name__ == "__main__":
                main()
            """,
            [(".main",)],
            id="a function",
        ),
        pytest.param(
            """
            import sys
            from pkg.cli import run

            if "__main__" == __name__:
                sys.exit(run(sys.argv[1:]))
            """,
            [("sys.exit", "pkg.cli.run")],
            id="inside another call",
        ),
        pytest.param(
            """
            if __name__ == "__main__":
                tool.start()
                def later():
                    never()
            """,
            [("tool.start",)],
            id="of unknown meaning, and nothing of nested functions",
        ),
        pytest.param("if __name__ != '__main__':\n    main()\n", [], id="the other way round"),
        pytest.param("def f():\n    if __name__ == '__main__':\n        main()\n", [], id="in a function"),
        pytest.param(
            "if __name__ == '__main__':\n    a()\nif __name__ == '__main__':\n    b()\n",
            [("a",), ("b",)],
            id="two",
        ),
    ],
)
def test_main_guards(text: str, calls: list[tuple[str, ...]]) -> None:
    assert [guard.calls for guard in entry_points(text).guards] == calls


def test_the_block_of_a_guard() -> None:
    text = """
    if __name__ == "__main__":
        main()
        done()
    else:
        other()
    """
    (guard,) = entry_points(text).guards
    assert (guard.position, guard.body, guard.end) == (Position(1, 0), Position(2, 4), Position(3, 10))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("session = boto3.Session()", [("session", False)], id="Session"),
        pytest.param(
            "aws: boto3.Session = boto3.session.Session(region_name='x')", [("aws", False)], id="annotated"
        ),
        pytest.param("if x:\n    session = boto3.Session()", [("session", True)], id="in a branch"),
        pytest.param("session = boto3.Session()\nsession = other()", [], id="bound twice"),
        pytest.param("def f():\n    session = boto3.Session()", [], id="in a function"),
        pytest.param("def f():\n    global session\n    session = boto3.Session()", [], id="as a global"),
        pytest.param("s3 = boto3.Session().client('s3')", [], id="a client of one"),
        pytest.param("import requests\nsession = requests.Session()", [], id="another kind of session"),
    ],
)
def test_sessions_made_on_import(text: str, expected: list[tuple[str, bool]]) -> None:
    found = entry_points(f"import boto3\n{text}\n").sessions
    assert [(session.name, session.conditional) for session in found] == expected


def test_lambda_handlers() -> None:
    text = "def handler(event, context): ...\n\ndef other(x): ...\n"
    assert entry_points(text).handlers == (Position(1, 0),)


# --- argparse -----------------------------------------------------------------------------------


def parser_of(text: str) -> ArgumentParser:
    """The one parser of a file."""
    (parser,) = entry_points("import argparse\n" + code(text)).parsers
    return parser


def options(found: ArgumentParser | ClickCommand) -> dict[str, tuple[str, ...]]:
    """Destination → strings."""
    return {option.destination: option.strings for option in found.options}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("parser.add_argument('--profile')", {"profile": ("--profile",)}, id="option"),
        pytest.param(
            "parser.add_argument('-p', '--aws-profile')",
            {"aws_profile": ("-p", "--aws-profile")},
            id="short and long",
        ),
        pytest.param("parser.add_argument('-p')", {"p": ("-p",)}, id="short"),
        pytest.param("parser.add_argument('--aws', dest='profile')", {"profile": ("--aws",)}, id="dest"),
        pytest.param("parser.add_argument('bucket', nargs='*')", {"bucket": ()}, id="argument"),
        pytest.param("parser.set_defaults(profile=None)", {"profile": ()}, id="default"),
        pytest.param(
            "group = parser.add_argument_group('AWS')\ngroup.add_argument('--profile')",
            {"profile": ("--profile",)},
            id="group",
        ),
        pytest.param(
            "parser.add_mutually_exclusive_group().add_argument('--profile')",
            {"profile": ("--profile",)},
            id="group without a name",
        ),
        pytest.param(
            "sub = parser.add_subparsers(dest='command')\n"
            "one = sub.add_parser('one')\none.add_argument('--profile')",
            {"command": (), "profile": ("--profile",)},
            id="subcommand",
        ),
        pytest.param(
            "sub = parser.add_subparsers()\n"
            "p = sub.add_parser('one')\np.add_argument('--a')\np = sub.add_parser('two')\np.add_argument('--b')",
            {"a": ("--a",), "b": ("--b",)},
            id="subcommands of one name",
        ),
    ],
)
def test_options(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    parser = parser_of(f"parser = argparse.ArgumentParser()\n{text}\nargs = parser.parse_args()\n")
    assert options(parser) == expected
    assert not parser.open


def test_options_of_a_parser_on_an_object() -> None:
    text = """
    class Tool:
        def __init__(self):
            self.parser = argparse.ArgumentParser()
            self.parser.add_argument("--profile")

        def run(self):
            self.args = self.parser.parse_args()
    """
    parser = parser_of(text)
    assert (parser.name, options(parser)) == ("self.parser", {"profile": ("--profile",)})
    assert [parsed.name for parsed in parser.parsed] == ["self.args"]


def test_a_name_that_is_bound_many_times_over() -> None:
    more = "".join(f"parser = parser.add_argument_group('{n}')\n" for n in range(30))
    text = f"parser = argparse.ArgumentParser()\n{more}parser.add_argument('--name')\n"
    assert parser_of(text).options == ()  # it takes no time that doubles with every line


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("parser = argparse.ArgumentParser()\nadd_common(parser)", id="handed to a function"),
        pytest.param("parser = argparse.ArgumentParser(parents=[common])", id="with parents"),
        pytest.param(
            "parser = argparse.ArgumentParser()\nparser.add_argument(*NAMES)", id="names from elsewhere"
        ),
        pytest.param("parser = argparse.ArgumentParser()\nparser.add_argument(f'--{n}')", id="made-up names"),
        pytest.param("parser = argparse.ArgumentParser()\nparser.add_argument('--x', **o)", id="unpacked"),
        pytest.param(
            "parser = argparse.ArgumentParser()\np = parser\np.add_argument('--x')", id="another name"
        ),
        pytest.param(
            "parser = argparse.ArgumentParser()\n"
            "for p in (parser, parser.add_subparsers().add_parser('x')):\n    p.add_argument('--profile')",
            id="in a loop",
        ),
        pytest.param("tool.run(argparse.ArgumentParser())", id="without a name, handed over"),
        pytest.param(
            "parser = argparse.ArgumentParser()\nsub = parser.add_subparsers()\nsub.add_parser('x', parents=[p])",
            id="a subcommand with parents",
        ),
    ],
)
def test_options_out_of_sight(text: str) -> None:
    assert parser_of(text).open


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            def main():
                parser = argparse.ArgumentParser()
                args = parser.parse_args()
            """,
            [("args", 2, False)],
            id="in main",
        ),
        pytest.param(
            """
            parser = argparse.ArgumentParser()
            if __name__ == "__main__":
                options = parser.parse_args()
            """,
            [("options", None, False)],
            id="at module level",
        ),
        pytest.param(
            """
            def main():
                parser = argparse.ArgumentParser()
                run(parser.parse_args())
            """,
            [(None, 2, False)],
            id="not kept",
        ),
        pytest.param(
            """
            def main():
                parser = argparse.ArgumentParser()
                args, rest = parser.parse_known_args()
            """,
            [("args", 2, False)],
            id="known arguments",
        ),
        pytest.param(
            """
            def parse():
                parser = argparse.ArgumentParser()
                return parser.parse_args()

            def main():
                args = parse()
            """,
            [(None, 2, True), ("args", 6, False)],
            id="given by a function",
        ),
        pytest.param(
            """
            def build():
                parser = argparse.ArgumentParser()
                parser.add_argument("--x")
                return parser

            def main():
                args = build().parse_args()
            """,
            [("args", 7, False)],
            id="of a parser that a function gives",
        ),
        pytest.param(
            """
            def build():
                return argparse.ArgumentParser()

            def main():
                parser = build()
                parser.add_argument("--x")
                args = parser.parse_args()
            """,
            [("args", 5, False)],
            id="of a parser that a function gives, kept",
        ),
        pytest.param("args = argparse.ArgumentParser().parse_args()", [("args", None, False)], id="at once"),
    ],
)
def test_parsing(text: str, expected: list[tuple[str | None, int | None, bool]]) -> None:
    parser = parser_of(text)
    found = [(p.name, p.function.line if p.function else None, p.returned) for p in parser.parsed]
    assert found == expected
    assert not parser.open


# --- click --------------------------------------------------------------------------------------


def command_of(text: str) -> ClickCommand:
    """The last command of a file."""
    return entry_points(code(text)).commands[-1]


@pytest.mark.parametrize(
    ("decorators", "expected"),
    [
        pytest.param("@click.option('--profile')", {"profile": ("--profile",)}, id="option"),
        pytest.param(
            "@click.option('-p', '--aws-profile')", {"aws_profile": ("-p", "--aws-profile")}, id="long"
        ),
        pytest.param("@click.option('--aws', 'profile')", {"profile": ("--aws",)}, id="named"),
        pytest.param("@click.option('--dry/--wet')", {"dry": ("--dry/--wet",)}, id="flag"),
        pytest.param("@click.argument('bucket')", {"bucket": ()}, id="argument"),
        pytest.param("@click.pass_context", {}, id="context"),
        pytest.param("@click.version_option()", {"version": ("--version",)}, id="version"),
    ],
)
def test_click_options(decorators: str, expected: dict[str, tuple[str, ...]]) -> None:
    command = command_of(f"import click\n\n@click.command()\n{decorators}\ndef run(): ...\n")
    assert options(command) == expected
    assert not command.open


def test_click_decorators_have_positions() -> None:
    command = command_of("import click\n\n@click.command()\n@click.option('--x')\ndef run(x): ...\n")
    assert [(d.name, d.position) for d in command.decorators] == [
        ("click.command", Position(3, 1)),
        ("click.option", Position(4, 1)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import click\n\n@click.command\ndef run(): ...\n", ("run", False, None), id="command"),
        pytest.param(
            "from click import group\n\n@group()\ndef run(): ...\n", ("run", True, None), id="group"
        ),
        pytest.param(
            "import click\n\n@click.group()\ndef cli(): ...\n\n@cli.command()\ndef run(): ...\n",
            ("run", False, ".cli"),
            id="a group's",
        ),
        pytest.param(
            "import click\nfrom pkg import cli\n\n@cli.group()\ndef run(): ...\n",
            ("run", True, "pkg.cli"),
            id="another module's group",
        ),
    ],
)
def test_click_commands(text: str, expected: tuple[str, bool, str | None]) -> None:
    command = command_of(text)
    assert (command.name, command.group, command.of) == expected


@pytest.mark.parametrize(
    "decorator",
    [
        pytest.param("@common_options", id="options of the project"),
        pytest.param("@click.option(*NAMES)", id="names from elsewhere"),
        pytest.param("@click.option('--x', **more)", id="unpacked"),
    ],
)
def test_click_options_out_of_sight(decorator: str) -> None:
    assert command_of(f"import click\n\n@click.command()\n{decorator}\ndef run(): ...\n").open


def test_a_command_of_a_group_from_elsewhere() -> None:
    """Whether that is a group of click's is for the project to say."""
    assert command_of("from cli import app\n\n@app.command()\ndef run(): ...\n").of == "cli.app"


def test_no_command() -> None:
    assert not entry_points("from cli import app, commands\n\n@app.run()\ndef run(): ...\n").commands


def insertable(text: str) -> dict[int, list[int]]:
    """By the line of each outline: the lines of the statements that another can be put before."""
    outlines = entry_points(text).outlines
    return {
        position.line: sorted(s.position.line for s in outline.statements if s.insertable)
        for position, outline in outlines.items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def main():\n    a()\n    b()\n", {1: [2, 3]}, id="a function"),
        pytest.param("if __name__ == '__main__':\n    a()\n", {1: [2]}, id="a guard"),
        pytest.param("def main():\n    for x in y:\n        a()\n", {1: [2]}, id="not in a loop"),
        pytest.param("def main():\n    def g():\n        a()\n", {1: [2]}, id="not in a function inside"),
        pytest.param(
            "def main():\n    with a:\n        b\n    try:\n        c\n    except E:\n        d\n    finally:\n        e\n",
            {1: [2, 3, 4, 5, 7, 9]},
            id="in every other block",
        ),
        pytest.param("def main(): a()\n", {1: []}, id="not on the line of the header"),
        pytest.param("if x:\n    def main():\n        a()\n", {}, id="not of functions in a branch"),
        pytest.param(
            "if x:\n    def handler(event, context):\n        a()\n",
            {2: []},
            id="of handlers their names alone",
        ),
    ],
)
def test_outlines(text: str, expected: dict[int, list[int]]) -> None:
    assert insertable(text) == expected


@pytest.mark.parametrize(
    ("handler", "is_caught"),
    [
        pytest.param("except:", True, id="everything"),
        pytest.param("except Exception as e:", True, id="every exception"),
        pytest.param("except (KeyError, BotoCoreError):", True, id="botocore's"),
        pytest.param("except OwnError:", True, id="what is not known"),
        pytest.param("except (KeyError, ValueError):", False, id="Python's own"),
        pytest.param("except botocore.exceptions.ClientError:", False, id="an answer of AWS"),
        pytest.param("except s3.exceptions.NoSuchKey:", False, id="a service's"),
        pytest.param("finally:", False, id="none"),
    ],
)
def test_where_the_failure_to_make_a_session_is_caught(handler: str, *, is_caught: bool) -> None:
    text = f"def main():\n    try:\n        a()\n    {handler}\n        pass\n"
    outline = entry_points(text).outlines[Position(1, 0)]
    block = next(s for s in outline.statements if s.position.line == 3).path[-1].block
    assert (block in outline.catching) is is_caught


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("session = a()\n", {"session"}, id="bound"),
        pytest.param("def f():\n    return session\n", {"session"}, id="read in a function"),
        pytest.param(
            "def f():\n    global session\n    session = 1\n", {"session"}, id="bound by a function"
        ),
        pytest.param("__all__ = ['aws_session']\n", {"aws_session"}, id="exported"),
        pytest.param("def f(session):\n    return session\n", set(), id="a parameter"),
        pytest.param("x.session = 1\n", set(), id="an attribute"),
    ],
)
def test_names_that_mean_something_in_the_module(text: str, expected: set[str]) -> None:
    assert entry_points(text).taken_names == expected
