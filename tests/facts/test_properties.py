"""Any valid module in: an analysis that never fails, always says the same, and survives pickling."""

from __future__ import annotations

import ast
import io
import keyword
import pickle
import textwrap
import tokenize
import warnings
from pathlib import Path

import hypothesmith
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from session_first.facts.module import analyse
from session_first.model import ModuleFacts
from session_first.project.view import alone
from session_first.rules import check
from session_first.source import SourceFile, parse
from tests.analysis import ALL, ROOT, answers, plan_of

few = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

WORDS = ("boto3", "client", "resource", "session", "Session", "self", "setup_default_session", "patch", "é")


def facts_of(text: str) -> ModuleFacts:
    """The facts of a text as it is."""
    source = SourceFile(ROOT / "mod.py", text.encode(errors="surrogatepass"), text, "utf-8")
    return analyse(source, parse(source), "pkg.mod", is_test=False)


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A valid module in which many names are those that the analysis looks for."""
    text = draw(hypothesmith.from_grammar("file_input", auto_target=False))
    tokens = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            name = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
            tokens.append((token.type, draw(st.sampled_from(WORDS)) if name else token.string))
        changed = "import boto3\n" + tokenize.untokenize(tokens)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(changed)
    except (tokenize.TokenError, SyntaxError, ValueError, MemoryError):
        assume(False)
    return changed


@given(modules())
@few
def test_any_module(text: str) -> None:
    facts = facts_of(text)
    assert facts_of(text) == facts
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301 # our own bytes
    findings = check(alone(facts), ALL)
    assert check(alone(facts), ALL) == findings
    assert pickle.loads(pickle.dumps(findings)) == findings  # noqa: S301 # our own bytes


EXPRESSIONS = st.sampled_from(
    [
        "boto3.client('s3')",
        "client('s3')",
        "b.resource('s3').Bucket('x')",
        "[boto3.client(n) for n in x]",
        "(lambda: boto3.client('s3'))()",
        "partial(boto3.client, 's3')",
        "x or boto3.client('s3')",
        "(y := boto3.client('s3'))",
        "f'{boto3.client(\"s3\")}'",
        "session.client('s3')",
        "(session or boto3).client('s3')",
        "boto3.Session(profile_name=x)",
        "x",
    ]
)
TARGETS = st.sampled_from(
    ["x", "session", "self.session", "CACHE[x]", "x, y", "cls.c", "boto3", "client", "G"]
)
SIMPLE = st.one_of(
    EXPRESSIONS,
    st.builds("{} = {}".format, TARGETS, EXPRESSIONS),
    st.builds("return {}".format, EXPRESSIONS),
    st.sampled_from(
        ["global G", "import boto3", "from boto3 import client", "del x", "pass", "boto3.client = x"]
    ),
)


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def _compound(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block = blocks.map(_indented)
    return st.one_of(
        st.builds(
            "if {}:\n{}\nelif {}:\n{}\nelse:\n{}".format, EXPRESSIONS, block, EXPRESSIONS, block, block
        ),
        st.builds("for x in {}:\n{}\nelse:\n{}".format, EXPRESSIONS, block, block),
        st.builds("while {}:\n{}".format, EXPRESSIONS, block),
        st.builds("try:\n{}\nexcept {}:\n{}\nfinally:\n{}".format, block, EXPRESSIONS, block, block),
        st.builds("with {} as x:\n{}".format, EXPRESSIONS, block),
        st.builds("match {}:\n    case {{'x': boto3}}:\n{}".format, EXPRESSIONS, block.map(_indented)),
        st.builds(
            "{}def {}({}):\n{}".format,
            st.sampled_from(
                ["", "async ", "@property\n", "@classmethod\n", "@app.get('/')\n", "@overload\n"]
            ),
            st.sampled_from(["f", "load", "__init__", "__getattr__"]),
            st.sampled_from(
                [
                    "",
                    "x",
                    "self",
                    "x, /, *, y",
                    "*a, **k",
                    "x: int = 1",
                    "session=None",
                    "session: boto3.Session",
                ]
            ),
            block,
        ),
        st.builds("class {}:\n{}".format, st.sampled_from(["A", "B(A)", "C(B, A)", "A(pkg.mod.A)"]), block),
        st.lists(blocks, min_size=2, max_size=4).map("\n".join),
    )


PROGRAMS = st.recursive(SIMPLE, _compound, max_leaves=12)


@given(PROGRAMS)
@settings(few, max_examples=300)
def test_any_program_has_a_plan(program: str) -> None:
    """Also what is no sense: `return` at module level parses."""
    text = f"import boto3\nimport boto3 as b\nfrom boto3 import client\n{program}\n"
    plan = plan_of({"mod.py": text, "tests/test_mod.py": text})
    assert plan_of({"mod.py": text, "tests/test_mod.py": text}) == plan
    assert pickle.loads(pickle.dumps(plan)) == plan  # noqa: S301 # our own bytes
    assert all(answers(plan))
    assert all(path == Path(ROOT / "mod.py") for path in plan.edits(unsafe=True))
