"""The entry that the session parameter gets in a docstring."""

from __future__ import annotations

import pytest

from session_first.facts.docstrings import names_as_code
from session_first.model import DocstringStyle, DocumentAssumedSession, DocumentParameter, Position
from session_first.rewrite import RewriteError
from tests.analysis import code
from tests.rewrite.places import place, rewritten


def documented(body: str, style: DocstringStyle, parameters: str = "a, b") -> str:
    """The docstring's body after the edit, in a function and with its indentation taken away again."""
    lines = "".join(
        f"    {line}".rstrip(" ") if line.isspace() else f"    {line}" for line in body.splitlines(True)
    )
    text = f'def f({parameters}):\n    """Doc.\n\n{lines}    """\n'
    edit = DocumentParameter(Position(1, 0), "session", style)
    new = rewritten(text, edit)
    start, end = f'def f({parameters}):\n    """Doc.\n\n', '    """\n'
    assert new.startswith(start) and new.endswith(end)
    assert rewritten(text.replace("\n", "\r\n"), edit) == new.replace("\n", "\r\n")
    return "".join(line.removeprefix("    ") for line in new[len(start) : -len(end)].splitlines(True))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            Args:
                a: The a.
                b: The b, which
                    goes on.

            Returns:
                x
            """,
            """
            Args:
                a: The a.
                b: The b, which
                    goes on.
                session: boto3 session to use; the default session if omitted.

            Returns:
                x
            """,
            id="untyped",
        ),
        pytest.param(
            """
            Arguments:
              a (str): the a
              b (int): the b
            """,
            """
            Arguments:
              a (str): the a
              b (int): the b
              session (boto3.Session): boto3 session to use; the default session if
                omitted
            """,
            id="typed, no full stops, two columns of indentation",
        ),
        pytest.param(
            """
            Args:
                a (str): The a.
                b (Optional[int], optional): The b.
            """,
            """
            Args:
                a (str): The a.
                b (Optional[int], optional): The b.
                session (Optional[boto3.Session], optional): boto3 session to use; the
                    default session if omitted.
            """,
            id="optional",
        ),
        pytest.param(
            """
            Args:
                a (str): The a.
                b (int | None): The b.
            """,
            """
            Args:
                a (str): The a.
                b (int | None): The b.
                session (boto3.Session | None): boto3 session to use; the default
                    session if omitted.
            """,
            id="or None",
        ),
        pytest.param(
            """
            Args:
                a: The a.

                b: The b.

            Raises:
                E
            """,
            """
            Args:
                a: The a.

                b: The b.

                session: boto3 session to use; the default session if omitted.

            Raises:
                E
            """,
            id="blank lines between",
        ),
        pytest.param(
            """
            Args:
                a (str):
                    The a.
                b (str):
                    The b.
            """,
            """
            Args:
                a (str):
                    The a.
                b (str):
                    The b.
                session (boto3.Session):
                    boto3 session to use; the default session if omitted.
            """,
            id="text below the name",
        ),
        pytest.param(
            """
            Parameters:
                - `a` -- the a
                - `b` -- the b
            """,
            """
            Parameters:
                - `a` -- the a
                - `b` -- the b
                - `session` -- boto3 session to use; the default session if omitted
            """,
            id="bullets, quotes and dashes",
        ),
        pytest.param(
            """
            Args:
                a: The a.
                **kwargs: The rest.
            """,
            """
            Args:
                a: The a.
                session: boto3 session to use; the default session if omitted.
                **kwargs: The rest.
            """,
            id="before kwargs",
        ),
        pytest.param(
            """
            Args:
                a: The a.
                session: What it was.
            """,
            """
            Args:
                a: The a.
                session: What it was.
            """,
            id="documented already",
        ),
    ],
)
def test_google(before: str, after: str) -> None:
    assert documented(code(before), "google") == code(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            Parameters
            ----------
            a : int
                The a.
            b : str, optional
                The b.

            Returns
            -------
            x
            """,
            """
            Parameters
            ----------
            a : int
                The a.
            b : str, optional
                The b.
            session : boto3.Session, optional
                boto3 session to use; the default session if omitted.

            Returns
            -------
            x
            """,
            id="typed",
        ),
        pytest.param(
            """
            Parameters
            ----------
            a
               the a

            b
               the b
            """,
            """
            Parameters
            ----------
            a
               the a

            b
               the b

            session
               boto3 session to use; the default session if omitted
            """,
            id="untyped, with blank lines",
        ),
        pytest.param(
            """
            Parameters
            ----------
            a, b: int
            **kw: dict
            """,
            """
            Parameters
            ----------
            a, b: int
            session: boto3.Session
                boto3 session to use; the default session if omitted.
            **kw: dict
            """,
            id="no descriptions, before kwargs",
        ),
    ],
)
def test_numpy(before: str, after: str) -> None:
    assert documented(code(before), "numpy") == code(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            :param a: the a, which
                goes on.
            :return: x
            """,
            """
            :param a: the a, which
                goes on.
            :param session: boto3 session to use; the default session if omitted.
            :return: x
            """,
            id="untyped",
        ),
        pytest.param(
            """
            :param int a: the a
            :param b: the b
            """,
            """
            :param int a: the a
            :param b: the b
            :param boto3.Session session: boto3 session to use; the default session if
                omitted
            """,
            id="type before the name",
        ),
        pytest.param(
            """
            :param a: The a.
            :type a: int
            :param b: The b.
            :type b: str, optional
            :rtype: x
            """,
            """
            :param a: The a.
            :type a: int
            :param b: The b.
            :type b: str, optional
            :param session: boto3 session to use; the default session if omitted.
            :type session: boto3.Session, optional
            :rtype: x
            """,
            id="each with its type",
        ),
        pytest.param(
            """
            :type a: int
            :param a: The a.
            """,
            """
            :type a: int
            :param a: The a.
            :type session: boto3.Session
            :param session: boto3 session to use; the default session if omitted.
            """,
            id="type first",
        ),
        pytest.param(
            """
            :param a: The a.
            :param b: The b.

            :type a: int
            :type b: int
            """,
            """
            :param a: The a.
            :param b: The b.
            :param session: boto3 session to use; the default session if omitted.

            :type a: int
            :type b: int
            :type session: boto3.Session
            """,
            id="all types at the end",
        ),
        pytest.param(
            """
            @param a: the a
            @type a: int
            @return: x
            """,
            """
            @param a: the a
            @type a: int
            @param session: boto3 session to use; the default session if omitted
            @type session: boto3.Session
            @return: x
            """,
            id="Epytext",
        ),
        pytest.param(
            """
            :arg a:
                The a.
            """,
            """
            :arg a:
                The a.
            :arg session:
                boto3 session to use; the default session if omitted.
            """,
            id="text below the name",
        ),
    ],
)
def test_sphinx(before: str, after: str) -> None:
    assert documented(code(before), "sphinx") == code(after)


def test_kwargs_by_its_own_name() -> None:
    before = ":param a: The a.\n\n:type a: int\n:param options: The rest.\n:type options: dict\n"
    assert documented(before, "sphinx", "a, **options") == (
        ":param a: The a.\n"
        "\n"
        ":type a: int\n"
        ":param session: boto3 session to use; the default session if omitted.\n"
        ":type session: boto3.Session\n"
        ":param options: The rest.\n"
        ":type options: dict\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "class A:\n\tdef f(self):\n\t\t'''Doc \\'''.\n\n\t\tArgs:\n\t\t\ta: The a.'''; x = 1\n",
            "class A:\n\tdef f(self):\n\t\t'''Doc \\'''.\n\n\t\tArgs:\n\t\t\ta: The a.\n"
            "\t\t\tsession: boto3 session to use; the default session if omitted.'''; x = 1\n",
            id="tabs, and quotes behind the last entry",
        ),
        pytest.param(
            'def f():\n  r"""Doc \\d.\n\n  Args:\n    a: \\w\\\n    """\n',
            'def f():\n  r"""Doc \\d.\n\n  Args:\n    a: \\w\\\n'
            '    session: boto3 session to use; the default session if omitted\n    """\n',
            id="raw",
        ),
        pytest.param(
            'def f():\n    u"""\\\n    Doc.\n    Args:\n      a: \\u00e9 é.  """',
            'def f():\n    u"""\\\n    Doc.\n    Args:\n      a: \\u00e9 é.\n'
            '      session: boto3 session to use; the default session if omitted.  """',
            id="escapes and a prefix",
        ),
        pytest.param(
            'def f(a):\n    """Args:\n        a: The a.\n    """\n',
            'def f(a):\n    """Args:\n        a: The a.\n'
            '        session: boto3 session to use; the default session if omitted.\n    """\n',
            id="the title on the first line",
        ),
    ],
)
def test_the_literal_as_written(before: str, after: str) -> None:
    assert rewritten(before, DocumentParameter(_function(before), "session", "google")) == after


def test_the_docstring_of_a_class() -> None:
    text = code(
        """
        @final
        class Store:
            '''A store.

            :param bucket: The bucket.
            :param options: The rest.
            '''

            def put(self, key, **kwargs):
                ''':param key: The key.'''

            def __init__(self, bucket, **options):
                '''Makes it.'''
        """
    )
    assert rewritten(text, DocumentParameter(place(text, "class"), "session", "sphinx")) == text.replace(
        "    :param options",
        "    :param session: boto3 session to use; the default session if omitted.\n    :param options",
    )


@pytest.mark.parametrize(
    ("text", "style"),
    [
        pytest.param('def f():\n    """Doc."""\n', "google", id="no section"),
        pytest.param(
            'def f():\n    """Doc.\n\n    Args:\n        a: b\n    """\n', "numpy", id="another style"
        ),
        pytest.param(
            'def f():\n    """Doc.\n\n    Args:\n        a: b\n    """ ""\n', "google", id="two literals"
        ),
        pytest.param("def f():\n    pass\n", "google", id="no docstring"),
        pytest.param("x = lambda: 1\n", "google", id="lambda"),
        pytest.param('def f(): "Args:"\n', "google", id="one line"),
    ],
)
def test_not_possible(text: str, style: DocstringStyle) -> None:
    with pytest.raises(RewriteError) as caught:
        rewritten(text, DocumentParameter(_function(text), "session", style))
    assert caught.value.position == _function(text)


# --- Credentials that have become a session -----------------------------------------------------


def of_session(body: str, name: str | None) -> str:
    """The docstring's body, of which `name` (None: the result) is a session now."""
    text = f'def f(a, creds):\n    """Doc.\n\n{indented(body)}\n    """\n'
    new = None if name is None else "assumed_session"
    after = rewritten(text, DocumentAssumedSession(Position(1, 0), name, new))
    closed = rewritten(_closed(text), DocumentAssumedSession(Position(1, 0), name, new))
    assert closed == _closed(after)  # where the quotes stand behind the last line
    return after


def _closed(text: str) -> str:
    return text.removesuffix('\n    """\n') + '"""\n'


def indented(body: str) -> str:
    """The body within a function."""
    return "\n".join(f"    {line}".rstrip() for line in code(body).rstrip().split("\n"))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param(
            "creds",
            """
            Args:
                a: The a.
                creds: The keys, as STS
                    gives them.
            """,
            """
            Args:
                a: The a.
                assumed_session: boto3 session of the assumed role.
            """,
            id="Google, on two lines",
        ),
        pytest.param(
            "creds",
            """
            Args:
              creds (dict, optional): the keys
              a (str): the a
            """,
            """
            Args:
              assumed_session (boto3.Session, optional): boto3 session of the assumed role
              a (str): the a
            """,
            id="Google, typed",
        ),
        pytest.param(
            "creds",
            """
            Parameters
            ----------
            creds : dict
                The keys.
            a : str
            """,
            """
            Parameters
            ----------
            assumed_session : boto3.Session
                boto3 session of the assumed role.
            a : str
            """,
            id="NumPy",
        ),
        pytest.param(
            "creds",
            """
            :param a: the a
            :param creds: the keys
            :type creds: dict
            :return: x
            """,
            """
            :param a: the a
            :param assumed_session: boto3 session of the assumed role
            :type assumed_session: boto3.Session
            :return: x
            """,
            id="Sphinx",
        ),
        pytest.param(
            None,
            """
            Args:
                a: The a.

            Returns:
                dict: A dict of AccessKeyId,
                SecretAccessKey, SessionToken.

            Raises:
                ClientError: no.
            """,
            """
            Args:
                a: The a.

            Returns:
                boto3.Session: boto3 session of the assumed role.

            Raises:
                ClientError: no.
            """,
            id="what Google's style returns",
        ),
        pytest.param(
            None,
            """
            Returns
            -------
            dict
                The keys.

            Raises
            ------
            ClientError
            """,
            """
            Returns
            -------
            boto3.Session
                boto3 session of the assumed role.

            Raises
            ------
            ClientError
            """,
            id="what NumPy's style returns",
        ),
        pytest.param(
            None,
            """
            :param a: the a
            :returns: the keys of
                the role
            :rtype: dict
            """,
            """
            :param a: the a
            :returns: boto3 session of the assumed role
            :rtype: boto3.Session
            """,
            id="what Sphinx's style returns",
        ),
    ],
)
def test_a_session_for_credentials(name: str | None, before: str, after: str) -> None:
    assert of_session(before, name) == f'def f(a, creds):\n    """Doc.\n\n{indented(after)}\n    """\n'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("Returns the keys.", id="a sentence"),
        pytest.param("Returns:\n    The keys.\n\n    And more.", id="two paragraphs"),
        pytest.param("Returns\n-------\nkey : str\nsecret : str", id="several results"),
        pytest.param("Returns:\n- dict: the keys", id="a list that is not indented"),
    ],
)
def test_a_result_that_is_not_told_in_one_paragraph(body: str) -> None:
    with pytest.raises(RewriteError):
        of_session(body, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("List with the credentials.", False, id="a word of a sentence"),
        pytest.param("List with `credentials`.", True, id="in backticks"),
        pytest.param("credentials: a dict", True, id="before a colon"),
        pytest.param("- credentials (dict): what", True, id="in a list"),
        pytest.param(":param dict credentials: what", True, id="a field"),
        pytest.param("@param credentials: what", True, id="a field of epytext"),
        pytest.param("credentials -- what", True, id="before dashes"),
        pytest.param('uses credentials["AccessKeyId"]', True, id="an entry of it"),
        pytest.param("no word of it", False, id="not at all"),
    ],
)
def test_named_as_code(text: str, expected: bool) -> None:
    assert names_as_code(f'"""Do it.\n\n{text}\n"""', "credentials") is expected


def test_a_name_with_an_underscore_is_no_word() -> None:
    assert names_as_code('"""Use the hub_creds."""', "hub_creds")


def _function(text: str) -> Position:
    lines = text.split("\n")
    number = next(at for at, line in enumerate(lines) if "def" in line or "lambda" in line)
    line = lines[number]
    return Position(number + 1, line.index("lambda" if "lambda" in line else "def"))
