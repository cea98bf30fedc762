"""With `--lift`: where sessions are made, and where none is."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import tool
from tests.analysis import code

STORE = {"store.py": 'import boto3\n\n\ndef save(x):\n    boto3.client("s3").put_object(Key=x)\n'}
"""A file with a function that takes a session by the fix."""


def fixed(tree: Path, files: Mapping[str, str], *options: str, name: str = "app.py") -> str:
    """What `fix --lift` makes of a file beside STORE; a second run must make nothing more of it."""
    for path, text in {**STORE, **files}.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(code(text), encoding="utf-8")
    (tree / "setup.cfg").touch()
    printed = tool.run(tree, "fix", "--lift", "--allow-dirty", *options, ".")
    assert printed.exit_code in {0, 1}, printed.stderr
    once = (tree / name).read_text(encoding="utf-8")
    tool.run(tree, "fix", "--lift", "--allow-dirty", *options, ".")
    assert (tree / name).read_text(encoding="utf-8") == once
    return once


def edge(text: str) -> str:
    """The file without its imports and blank lines."""
    lines = (line for line in textwrap.dedent(text).splitlines() if line.strip())
    return "\n".join(line for line in lines if not line.startswith(("import ", "from ")))


HANDLERS = [
    pytest.param(
        """
        from store import save

        def handler(event, context):
            save(event)
        """,
        """
        session = boto3.Session()
        def handler(event, context):
            save(event, session=session)
        """,
        id="a handler that passes a session on",
    ),
    pytest.param(
        """
        import boto3

        def lambda_handler(event, context):
            return boto3.client("s3").list_buckets()
        """,
        """
        session = boto3.Session()
        def lambda_handler(event, context):
            return session.client("s3").list_buckets()
        """,
        id="its own calls",
    ),
    pytest.param(
        """
        from boto3 import client

        def lambda_handler(event, context):
            return client("s3").list_buckets()
        """,
        """
        session = boto3.Session()
        def lambda_handler(event, context):
            return session.client("s3").list_buckets()
        """,
        id="its own calls, by an imported name",
    ),
    pytest.param(
        """
        import boto3
        from store import save

        def helper():
            pass

        def other_handler(event, context):
            pass

        class Jobs:
            @staticmethod
            def handler(event, context):
                save(event)

        def lambda_handler(event, context):
            save(event)
        """,
        """
        def helper():
            pass
        def other_handler(event, context):
            pass
        session = boto3.Session()
        class Jobs:
            @staticmethod
            def handler(event, context):
                save(event, session=session)
        def lambda_handler(event, context):
            save(event, session=session)
        """,
        id="one for all, before the first that needs it",
    ),
    pytest.param(
        """
        import boto3
        from store import save

        session = boto3.Session()

        def handler(event, context):
            save(event)
        """,
        """
        session = boto3.Session()
        def handler(event, context):
            save(event, session=session)
        """,
        id="one that is there already",
    ),
    pytest.param(
        """
        import boto3
        from store import save

        session = boto3.Session(region_name="eu-west-1")

        def handler(event, context):
            save(event)
        """,
        """
        session = boto3.Session(region_name="eu-west-1")
        def handler(event, context):
            save(event)
        """,
        id="not beside one of another kind",
    ),
    pytest.param(
        """
        import requests
        from store import save

        session = requests.Session()

        def handler(event, context):
            save(event)
        """,
        """
        session = requests.Session()
        boto3_session = boto3.Session()
        def handler(event, context):
            save(event, session=boto3_session)
        """,
        id="another name where that is in use",
    ),
    pytest.param(
        """
        from store import save
        try:
            import boto3
        except ImportError:
            boto3 = None

        def handler(event, context):
            save(event)
        """,
        """
        try:
            import boto3
        except ImportError:
            boto3 = None
        def handler(event, context):
            save(event)
        """,
        id="not where boto3 may be missing",
    ),
    pytest.param(
        """
        from store import save

        def handler(event, context):
            save(event)

        if __name__ == "__main__":
            handler({}, None)
        """,
        """
        session = boto3.Session()
        def handler(event, context):
            save(event, session=session)
        if __name__ == "__main__":
            handler({}, None)
        """,
        id="a handler that its file calls is one all the same",
    ),
]


@pytest.mark.parametrize(("text", "expected"), HANDLERS)
def test_a_lambda_function_makes_a_session_when_it_is_initialised(
    text: str, expected: str, tmp_path: Path
) -> None:
    assert edge(fixed(tmp_path, {"app.py": text})) == edge(expected)


GUARD = 'if __name__ == "__main__":\n    main()\n'


MAINS = [
    pytest.param("save(1)", "session = boto3.Session()\nsave(1, session=session)", id="first statement"),
    pytest.param(
        "if a:\n    print()\n    save(1)",
        "if a:\n    print()\n    session = boto3.Session()\n    save(1, session=session)",
        id="in the block that needs it",
    ),
    pytest.param(
        "if a:\n    save(1)\nelif b:\n    save(2)",
        "session = boto3.Session()\nif a:\n    save(1, session=session)\nelif b:\n    save(2, session=session)",
        id="before the branches that need it",
    ),
    pytest.param(
        "if a:\n    pass\nelif b:\n    save(2)",
        "if a:\n    pass\nelif b:\n    session = boto3.Session()\n    save(2, session=session)",
        id="in one branch",
    ),
    pytest.param(
        "for x in a:\n    save(x)",
        "session = boto3.Session()\nfor x in a:\n    save(x, session=session)",
        id="before a loop",
    ),
    pytest.param(
        "print()\nreturn [save(x) for x in a]",
        "print()\nsession = boto3.Session()\nreturn [save(x, session=session) for x in a]",
        id="before a comprehension",
    ),
    pytest.param(
        "def run():\n    save(1)\nrun()",
        "session = boto3.Session()\ndef run():\n    save(1, session=session)\nrun()",
        id="before a function inside",
    ),
    pytest.param(
        "try:\n    save(1)\nexcept Exception:\n    print()",
        "try:\n    session = boto3.Session()\n    save(1, session=session)\nexcept Exception:\n    print()",
        id="where its failure is caught",
    ),
    pytest.param(
        "try:\n    save(1)\nexcept Exception:\n    print()\nsave(2)",
        "try:\n    save(1)\nexcept Exception:\n    print()\nsave(2)",
        id="not where its failure would be caught no more",
    ),
    pytest.param(
        "try:\n    save(1)\nexcept (KeyError, ClientError):\n    print()\nsave(2)",
        "session = boto3.Session()\ntry:\n    save(1, session=session)\nexcept (KeyError, ClientError):\n    print()\n"
        "save(2, session=session)",
        id="exceptions that it does not raise",
    ),
    pytest.param(
        "import boto3\nsave(1)",
        "import boto3\nsession = boto3.Session()\nsave(1, session=session)",
        id="behind an import of its own",
    ),
    pytest.param("save(1)\nimport boto3", "save(1)\nimport boto3", id="not before an import of its own"),
    pytest.param(
        "session = a.login()\nsave(session)",
        "session = a.login()\nboto3_session = boto3.Session()\nsave(session, session=boto3_session)",
        id="another name",
    ),
    pytest.param("print(); save(1)", "print(); save(1)", id="not among statements on one line"),
    pytest.param("boto3 = a\nsave(1)", "boto3 = a\nsave(1)", id="not where boto3 is something else"),
]


@pytest.mark.parametrize(("body", "expected"), MAINS)
def test_main_makes_a_session_where_it_needs_one(body: str, expected: str, tmp_path: Path) -> None:
    def script(body: str) -> str:
        return (
            f"from store import save\n\n\ndef main(a=(), b=()):\n{textwrap.indent(body, '    ')}\n\n\n{GUARD}"
        )

    result = fixed(tmp_path, {"app.py": script(body)})
    assert result.removeprefix("import boto3\n") == script(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3

            def main():
                boto3.client("s3").list_buckets()

            if __name__ == "__main__":
                main()
            """,
            """
            def main():
                session = boto3.Session()
                session.client("s3").list_buckets()
            if __name__ == "__main__":
                main()
            """,
            id="its own calls",
        ),
        pytest.param(
            """
            import typer
            from store import save

            app = typer.Typer()

            @app.command()
            def put(name: str = typer.Option("a")):
                save(name)

            @app.callback()
            def every():
                save("log")
            """,
            """
            app = typer.Typer()
            @app.command()
            def put(name: str = typer.Option("a")):
                session = boto3.Session()
                save(name, session=session)
            @app.callback()
            def every():
                session = boto3.Session()
                save("log", session=session)
            """,
            id="commands of Typer, which takes their parameters for options",
        ),
        pytest.param(
            """
            from store import save

            def store_all(names):
                for name in names:
                    save(name)

            if __name__ == "__main__":
                names = ["a"]
                store_all(names)
                store_all(names)
            """,
            """
            def store_all(names, session=None):
                for name in names:
                    save(name, session=session)
            if __name__ == "__main__":
                names = ["a"]
                session = boto3.Session()
                store_all(names, session=session)
                store_all(names, session=session)
            """,
            id="a guard that does the work",
        ),
        pytest.param(
            """
            from store import save

            save(1)
            """,
            "save(1)",
            id="the module itself makes none",
        ),
        pytest.param(
            """
            from store import save

            def store_all():
                save(1)

            def nightly():
                store_all()

            if __name__ == "__main__":
                store_all()
            """,
            """
            def store_all(session=None):
                save(1, session=session)
            def nightly(session=None):
                store_all(session=session)
            if __name__ == "__main__":
                session = boto3.Session()
                store_all(session=session)
            """,
            id="a function that others call as well is no program",
        ),
    ],
)
def test_scripts(text: str, expected: str, tmp_path: Path) -> None:
    assert edge(fixed(tmp_path, {"app.py": text})) == edge(expected)


HANDLER = "from store import save\n\n\ndef handler(event, context):\n    save(event)\n"
MAIN = f"from store import save\n\n\ndef main():\n    save(1)\n\n\n{GUARD}"


@pytest.mark.parametrize(
    ("text", "beside", "is_made"),
    [
        pytest.param(HANDLER, {"test_a.py": "import pytest\n"}, True, id="tests that replace nothing"),
        pytest.param(
            HANDLER, {"test_a.py": "from moto import mock_aws\n"}, False, id="a handler whose tests use moto"
        ),
        pytest.param(
            MAIN, {"test_a.py": "from moto import mock_aws\n"}, True, id="a script whose tests use moto"
        ),
        pytest.param(
            MAIN,
            {
                "test_a.py": 'from unittest.mock import patch\n\n@patch("boto3.client")\ndef test(client): ...\n'
            },
            False,
            id="tests that replace boto3.client",
        ),
        pytest.param(
            MAIN,
            {"test_a.py": 'from unittest.mock import patch\n\n@patch("boto3.Session")\ndef test(cls): ...\n'},
            False,
            id="tests that replace boto3.Session",
        ),
        pytest.param(
            MAIN,
            {"setup_aws.py": 'import boto3\nboto3.setup_default_session(profile_name="x")\n'},
            False,
            id="a default session that is set up",
        ),
        pytest.param(
            MAIN,
            {"env.py": 'import os\n\ndef choose(x):\n    os.environ["AWS_PROFILE"] = x\n'},
            False,
            id="a function that chooses a profile for everybody",
        ),
        pytest.param(
            MAIN.replace("    save", '    os.environ["AWS_PROFILE"] = "x"\n    save'),
            {},
            True,
            id="a script that chooses one itself",
        ),
        pytest.param(
            MAIN,
            {"env.py": 'import os\n\ndef chosen():\n    return os.environ["AWS_PROFILE"]\n'},
            True,
            id="a function that reads which is chosen",
        ),
    ],
)
def test_where_a_session_would_not_be_the_default_one_only_unsafe_fixes_make_it(
    text: str, beside: Mapping[str, str], *, is_made: bool, tmp_path: Path
) -> None:
    safe, unsafe = tmp_path / "safe", tmp_path / "unsafe"
    assert ("boto3.Session()" in fixed(safe, {"app.py": text, **beside})) is is_made
    assert "boto3.Session()" in fixed(unsafe, {"app.py": text, **beside}, "--unsafe-fixes")


def test_a_handler_that_makes_no_session_takes_one_for_its_own_calls(tmp_path: Path) -> None:
    text = 'import boto3\n\n\ndef handler(event, context):\n    boto3.client("s3")\n'
    result = fixed(tmp_path, {"app.py": text, "test_a.py": "from moto import mock_aws\n"})
    assert "def handler(event, context, session=None):" in result


def test_an_installed_command_is_a_program(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project.scripts]\ntool = "app:work"\n')
    text = "from store import save\n\n\ndef work():\n    save(1)\n"
    assert "    session = boto3.Session()\n    save(1, session=session)\n" in fixed(
        tmp_path, {"app.py": text}
    )


def test_stop_at_leaves_an_edge_alone(tmp_path: Path) -> None:
    assert "boto3" not in fixed(tmp_path, {"app.py": MAIN}, "--stop-at", "app:main")


PROFILE = 'parser.add_argument("--profile", help="Use a specific profile from your credential file.")'
CLICK = '@click.option("--profile", help="Use a specific profile from your credential file.")'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "args = parser.parse_args()\nif args.dry_run:\n    return\nsave(args.x)",
            f"{PROFILE}\nargs = parser.parse_args()\nif args.dry_run:\n    return\n"
            "session = boto3.Session(profile_name=args.profile)\nsave(args.x, session=session)",
            id="the option before the parsing, the session where it is needed",
        ),
        pytest.param(
            "args = parser.parse_args()\nargs = vars(args)\nsave(args)",
            "args = parser.parse_args()\nargs = vars(args)\nsession = boto3.Session()\nsave(args, session=session)",
            id="not where the name comes to mean another thing",
        ),
        pytest.param(
            "save(0)\nargs = parser.parse_args()",
            "session = boto3.Session()\nsave(0, session=session)\nargs = parser.parse_args()",
            id="not where a session is needed before",
        ),
        pytest.param(
            "save(parser.parse_args().x)",
            "session = boto3.Session()\nsave(parser.parse_args().x, session=session)",
            id="not where the arguments have no name",
        ),
        pytest.param(
            'parser.add_argument("--prefix")\nargs = parser.parse_args()\nsave(args.x)',
            'parser.add_argument("--prefix")\nargs = parser.parse_args()\nsession = boto3.Session()\n'
            "save(args.x, session=session)",
            id="not where an abbreviation would become ambiguous",
        ),
        pytest.param(
            'parser.add_argument("--profile")\nargs = parser.parse_args()\nsave(args.x)',
            'parser.add_argument("--profile")\nargs = parser.parse_args()\nsession = boto3.Session()\n'
            "save(args.x, session=session)",
            id="one that is there is not taken for AWS's",
        ),
        pytest.param(
            "args, rest = parser.parse_known_args()\nsave(args.x)",
            "args, rest = parser.parse_known_args()\nsession = boto3.Session()\nsave(args.x, session=session)",
            id="not where others get what is left over",
        ),
    ],
)
def test_add_profile_option_with_argparse(body: str, expected: str, tmp_path: Path) -> None:
    def script(body: str) -> str:
        made = textwrap.indent(f"parser = argparse.ArgumentParser()\n{body}", "    ")
        return f"import argparse\n\nfrom store import save\n\n\ndef main():\n{made}\n\n\n{GUARD}"

    result = fixed(tmp_path, {"app.py": script(body)}, "--add-profile-option")
    assert edge(result) == edge(script(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import argparse
            from store import save

            def parse():
                parser = argparse.ArgumentParser()
                parser.add_argument("x")
                return parser.parse_args()

            def main():
                args = parse()
                save(args.x)

            if __name__ == "__main__":
                main()
            """,
            f"""
            def parse():
                parser = argparse.ArgumentParser()
                parser.add_argument("x")
                {PROFILE}
                return parser.parse_args()
            def main():
                args = parse()
                session = boto3.Session(profile_name=args.profile)
                save(args.x, session=session)
            if __name__ == "__main__":
                main()
            """,
            id="arguments parsed by another function",
        ),
        pytest.param(
            """
            import argparse
            from store import save

            if __name__ == "__main__":
                parser = argparse.ArgumentParser()
                args = parser.parse_args()
                save(1)
            """,
            f"""
            if __name__ == "__main__":
                parser = argparse.ArgumentParser()
                {PROFILE}
                args = parser.parse_args()
                session = boto3.Session(profile_name=args.profile)
                save(1, session=session)
            """,
            id="arguments parsed under the guard",
        ),
        pytest.param(
            """
            import click
            from store import save

            @click.group()
            def cli():
                pass

            @cli.command()
            @click.option("--name", default="x")
            def put(name: str = "x"):
                if name:
                    save(name)

            if __name__ == "__main__":
                cli()
            """,
            f"""
            @click.group()
            def cli():
                pass
            @cli.command()
            @click.option("--name", default="x")
            {CLICK}
            def put(name: str = "x", profile: str | None = None):
                if name:
                    session = boto3.Session(profile_name=profile)
                    save(name, session=session)
            if __name__ == "__main__":
                cli()
            """,
            id="a command of a click group",
        ),
        pytest.param(
            """
            from click import command, option
            from store import save

            @command()
            @option("--name")
            def main(*, name, **others):
                save(name)
            """,
            """
            @command()
            @option("--name")
            @option("--profile", help="Use a specific profile from your credential file.")
            def main(*, name, profile, **others):
                session = boto3.Session(profile_name=profile)
                save(name, session=session)
            """,
            id="click's names imported one by one",
        ),
        pytest.param(
            """
            import click
            from own import options
            from store import save

            @click.command()
            @options
            def main(profile):
                save(1)
            """,
            """
            @click.command()
            @options
            def main(profile):
                session = boto3.Session()
                save(1, session=session)
            """,
            id="not where options are added out of sight",
        ),
    ],
)
def test_add_profile_option(text: str, expected: str, tmp_path: Path) -> None:
    assert edge(fixed(tmp_path, {"app.py": text}, "--add-profile-option")) == edge(expected)


def test_add_profile_option_is_for_sessions_that_lift_makes(tmp_path: Path) -> None:
    assert "give --lift as well" in tool.run(tmp_path, "fix", "--add-profile-option", ".").stderr
