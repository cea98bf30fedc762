"""Which decorators and callees read a function's signature, so that one parameter more would show.

The tables hold dotted names as `facts.names` resolves them: `fastapi.FastAPI().get` is what `@app.get`
means where `app = FastAPI()`. What is absent here was tried with `session=None` and takes no harm
(click, Flask, Quart, Bottle, aiohttp, Starlette, Connexion, Chalice, Celery, Airflow's `task`, Kedro, Luigi, Nameko,
Locust, behave, nox, `dependency_injector`, `lru_cache`, Streamlit's and joblib's caches, pytest fixtures), or is unknown
and left to the `boundaries` setting. By their documentation alone stand here: Azure Functions, CherryPy, Flyte, Airflow's
tasks that run their source elsewhere, the command lines after defopt, and the tools for language models after smolagents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_HTTP = r"(get|post|put|patch|delete|head|options|trace|connect|query)"

_PATTERNS: tuple[tuple[str, str], ...] = (
    # Web frameworks that make query parameters of the signature.
    (
        "FastAPI",
        rf"fastapi\.(.*\.)?(FastAPI|APIRouter)\(\)\.({_HTTP}|websocket|api_route|websocket_route|add_api_route)",
    ),
    ("FastAPI", r"fastapi\.(.*\.)?(Depends|Security)"),
    ("FastAPI", r".*\.add_api_(websocket_)?route"),
    ("Litestar", rf"(litestar|starlite)\.(.*\.)?({_HTTP}|route|websocket|Provide|handlers\..*)"),
    ("BlackSheep", rf"blacksheep\.(.*\.)?(Application|Router)\(\)\.(router\.)?({_HTTP}|route|add_{_HTTP})"),
    ("CherryPy", r"cherrypy\.(.*\.)?expose"),
    ("Robyn", rf"robyn\.(.*\.)?(Robyn|SubRouter)\(\)\.({_HTTP}|add_route)"),
    ("Azure Functions", r"azure\.functions\.(.*\.)?(FunctionApp|Blueprint)\(\)\.\w+"),
    ("FastStream", r"faststream\.(.*\.)?\w*(Broker|Router)\(\)\.subscriber"),
    ("FastDepends", r"(fast_depends|faststream)\.(.*\.)?(inject|Depends)"),
    # Fills parameters by their names, and many keep a session of SQLAlchemy's under that name.
    ("aiogram", r"aiogram\.(.*\.)?(Router|Dispatcher)\(\)\.(?!include_router)\w+(\.register)?"),
    ("django-ninja", r"ninja_extra\.(.*\.)?(NinjaExtraAPI\(\)\.\w+|route\.\w+|http_\w+)"),
    ("django-ninja", rf"ninja\.(.*\.)?(NinjaAPI|Router)\(\)\.({_HTTP}|api_operation)"),
    ("NiceGUI", r"nicegui\.(.*\.)?ui\.page"),
    ("hug", rf"hug\.({_HTTP}|cli|local|call)"),
    (
        "Powertools REST routes",
        rf"aws_lambda_powertools\.event_handler\.(.*\.)?\w+Resolver\(\)\.({_HTTP}|route|tool)",
    ),
    ("Powertools REST routes", rf"aws_lambda_powertools\.event_handler\.(.*\.)?Router\(\)\.({_HTTP}|route)"),
    ("Strawberry", r"strawberry\.(.*\.)?(field|mutation|subscription)"),
    # Command lines that make options of the signature.
    ("Typer", r"typer\.(.*\.)?(Typer\(\)\.(command|callback)|run)"),
    ("Cyclopts", r"cyclopts\.(.*\.)?(App\(\)\.(command|default|meta(\..*)?)|run)"),
    ("Fire", r"fire\.(.*\.)?Fire"),
    ("invoke", r"(invoke|fabric)\.(.*\.)?(task|Task)"),
    ("tyro", r"tyro\.(.*\.)?(cli|.*SubcommandApp\(\)\.command)"),
    ("argh", r"argh\.(.*\.)?(arg|dispatch_commands?|add_commands|set_default_command|ArghParser\(\)\..*)"),
    ("defopt", r"defopt\.run"),
    ("jsonargparse", r"jsonargparse\.(.*\.)?(CLI|auto_cli|auto_parser)"),
    ("autocommand", r"autocommand\.autocommand"),
    ("tapify", r"tap\.tapify"),
    ("duty", r"duty\.(.*\.)?duty"),
    ("plac", r"plac\.(call|annotations|opt|flg|pos)"),
    ("clize", r"clize\.(.*\.)?run"),
    ("discord.py", r"discord\.(.*\.)?(command|hybrid_command)"),
    # Tools for language models: the signature is the schema.
    ("MCP", r"(mcp|fastmcp)\.(.*\.)?FastMCP\(\)\.(tool|resource|prompt|add_tool|custom_route)"),
    (
        "LangChain",
        r"langchain(_core|_classic|_community)?\.(.*\.)?(tool|(Structured)?Tool(\.from_function)?)",
    ),
    ("LangChain", r".*\.bind_tools"),
    ("LangGraph", r"langgraph\.(.*\.)?(create_react_agent|ToolNode)"),
    ("Strands", r"strands\.(.*\.)?tool"),
    ("OpenAI Agents", r"agents\.(.*\.)?function_tool"),
    ("CrewAI", r"crewai(_tools)?\.(.*\.)?tool"),
    ("LlamaIndex", r"llama_index\.(.*\.)?FunctionTool(\.from_defaults)?"),
    ("smolagents", r"smolagents\.(.*\.)?tool"),
    ("Google ADK", r"google\.adk\.(.*\.)?(FunctionTool|LongRunningFunctionTool|Agent|LlmAgent)"),
    ("Anthropic", r"anthropic\.(.*\.)?beta_(async_)?tool"),
    ("Ollama", r"ollama\.(.*\.)?chat"),
    ("Haystack", r"haystack\.(.*\.)?(tool|create_tool_from_function)"),
    ("Agno", r"(agno|phi)\.(.*\.)?(tool|Agent)"),
    ("AutoGen", r"autogen(_core|_agentchat)?\.(.*\.)?(register_function|FunctionTool|AssistantAgent)"),
    ("DSPy", r"dspy\.(.*\.)?(Tool|ReAct)"),
    ("Pydantic AI", r"pydantic_ai\.(.*\.)?(Agent\(\)\.(tool|tool_plain)|Tool)"),
    ("Bedrock AgentCore", r"bedrock_agentcore\.(.*\.)?tool"),
    ("Semantic Kernel", r"semantic_kernel\.(.*\.)?kernel_function"),
    # Validation and injection by annotation.
    ("pydantic", r"pydantic\.(.*\.)?(validate_call|validate_arguments|validator|root_validator)"),
    # Before 2.8 it took the second positional parameter for its own.
    ("pydantic", r"pydantic\.(.*\.)?(field|model)_(validator|serializer)"),
    ("pydantic", r"pydantic\.(.*\.)?((After|Before|Plain|Wrap)Validator|(Plain|Wrap)Serializer)"),
    ("injector", r"injector\.(.*\.)?(inject|provider|multiprovider)"),
    # Pipelines that make inputs of the signature.
    (
        "Dagster",
        (
            r"dagster\.(.*\.)?(op|solid|asset|multi_asset|graph|graph_asset|graph_multi_asset|job|asset_check|sensor"
            r"|schedule|asset_sensor|run_status_sensor|observable_source_asset|composite_solid|pipeline)"
        ),
    ),
    ("Airflow", r"airflow\.(.*\.)?dag"),
    ("Prefect", r"prefect\.(.*\.)?(flow|task)"),
    # It reads an argument by its annotation only where there are as many arguments as parameters.
    ("Temporal", r"temporalio\.(.*\.)?(activity\.defn|workflow\.(run|signal|query|update|init))"),
    ("Metaflow", r"metaflow\.(.*\.)?step"),  # one parameter more makes it a join
    ("Hera", r"hera\.(.*\.)?(script|task|dag|steps|container)"),
    ("Flyte", r"(flytekit|flyte)\.(.*\.)?(task|workflow|dynamic|eager|TaskEnvironment\(\)\.task)"),
    ("Modal", r"modal\.(.*\.)?(App|Stub)\(\)\.(function|local_entrypoint)"),
    ("Modal", r"modal\.(.*\.)?(method|fastapi_endpoint|web_endpoint)"),
    ("Airflow", r"airflow\.(.*\.)?task\.(virtualenv|external_python|docker|kubernetes|pyspark)"),
    (
        "Kubeflow Pipelines",
        r"kfp\.(.*\.)?(component|pipeline|create_component_from_func|func_to_container_op)",
    ),
    ("ZenML", r"zenml\.(.*\.)?(step|pipeline)"),
    ("Hypothesis", r"hypothesis\.(.*\.)?given"),
    ("inspect", r"inspect\.(signature|getfullargspec|getargspec|get_annotations)"),
    ("typing", r"typing(_extensions)?\.get_type_hints"),
)
PACKAGES = frozenset(
    {
        *("add_api_route", "adk", "agents", "agno", "aiogram", "airflow"),
        *("anthropic", "argh", "autocommand", "autogen", "autogen_agentchat", "autogen_core"),
        *("aws_lambda_powertools", "bedrock_agentcore", "bind_tools", "blacksheep", "cherrypy", "clize"),
        *("crewai", "cyclopts", "dagster", "defopt", "discord", "dspy"),
        *("duty", "fabric", "fast_depends", "fastapi", "fastmcp", "faststream"),
        *("fire", "flyte", "flytekit", "azure", "haystack", "hera"),
        *("hug", "hypothesis", "injector", "inspect", "invoke", "jsonargparse"),
        *("kfp", "langchain", "langchain_classic", "langchain_community", "langchain_core", "langgraph"),
        *("litestar", "llama_index", "mcp", "metaflow", "modal", "nicegui"),
        *("ninja", "ninja_extra", "ollama", "phi", "plac", "prefect"),
        *("property", "pydantic", "pydantic_ai", "robyn", "semantic_kernel", "smolagents"),
        *("starlite", "strands", "strawberry", "tap", "temporalio", "typer"),
        *("tyro", "zenml"),
    }
)
"""Words of which a file has at least one where it hands a function to something in the tables."""

_FRAMEWORKS = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)

_ROUTING = frozenset(
    {
        "api_route",
        "callback",
        "command",
        "default",
        "delete",
        "get",
        "head",
        "options",
        "patch",
        "post",
        "prompt",
    }
    | {"put", "resource", "route", "tool", "websocket"}
)
"""Methods that those frameworks' objects decorate with."""

_INCLUDING = frozenset({"add_router", "add_typer", "include_router", "mount"})
"""Methods that take an object with functions of its own in."""

_ROUTERS = {
    "fastapi": "FastAPI",
    "typer": "Typer",
    "cyclopts": "Cyclopts",
    "mcp": "MCP",
    "fastmcp": "MCP",
    "ninja": "django-ninja",
    "litestar": "Litestar",
}

_DESCRIPTORS = frozenset(
    {
        "abstractproperty",
        "cached_classproperty",
        "cached_property",
        "classproperty",
        "hybrid_property",
        "lazy_property",
        "lazyproperty",
        "memoized_property",
        "property",
        "reify",
        "threaded_cached_property",
    }
)
_ACCESSORS = frozenset({"setter", "getter", "deleter"})

CALLED_BY_PYTHON_FOR_CALLERS = frozenset({"__init__", "__call__"})
"""Dunder methods that pass on what their caller gives."""


@lru_cache(maxsize=4096)
def framework(dotted: str, extra: tuple[str, ...] = ()) -> str | None:
    """The framework that reads the signature of what `dotted` decorates or is given; None for none.

    `extra` are the dotted names of the `boundaries` setting; `*` at the end of one stands for any text.
    """
    called = dotted.removesuffix("()")
    plain = called.replace("()", "")
    if any(_is_meant(plain, name) for name in extra):
        return plain
    for name, pattern in _FRAMEWORKS:
        if pattern.fullmatch(called):
            return name
    return None


COMMAND_LINES = frozenset({"Cyclopts", "Typer"})
"""Those whose decorated functions are programs, which may make a session though they cannot take one."""


def _is_meant(plain: str, name: str) -> bool:
    """Whether the dotted name is `name` or ends in it; with `*` at the end, whether `name` and any text do."""
    if name.endswith("*"):
        return f".{name[:-1]}" in f".{plain}"
    return plain == name or plain.endswith(f".{name}")


def possible_router(decorator: str) -> str | None:
    """The last name of the object that decorates, if it may be one that an app takes in: `router` of `web.router.get`."""
    owner, _, method = decorator.rpartition(".")
    return owner.rpartition(".")[2] or None if method in _ROUTING else None


def includes_routers(callee: str) -> bool:
    """Whether the callee's name says that it takes in objects with functions of their own."""
    return callee.removesuffix("()").rpartition(".")[2] in _INCLUDING


def included_router(callee: str, method: str) -> str | None:
    """The framework whose object takes another in (`app.include_router(router)`), and decorates with `method` as well."""
    return framework(f"{callee.removesuffix('()').rpartition('.')[0]}.{method}")


def exposes_methods(callee: str) -> bool:
    """Whether what is handed to `callee` is shown with all its methods, or a module's functions."""
    return framework(callee) == "Fire"


_PLAIN = frozenset(
    {
        "staticmethod",
        "classmethod",
        "abc.abstractmethod",
        "abstractmethod",
        "functools.lru_cache",
        "functools.cache",
    }
    | {"contextlib.contextmanager", "contextlib.asynccontextmanager", "typing.overload", "typing.override"}
    | {"typing.final", "typing_extensions.override", "typing_extensions.overload"}
)


def is_plain(decorator: str) -> bool:
    """Whether the decorator is known to pass on the keywords that callers give, and no others."""
    return decorator in _PLAIN


_READER_BASES = re.compile(r"(crewai|crewai_tools|langchain\w*)\.(.*\.)?BaseTool")


def method_reader(base: str, method: str) -> str | None:
    """The framework that reads the signature of `method` in a subclass of `base`."""
    if method in {"_run", "_arun"} and _READER_BASES.fullmatch(base):
        return "CrewAI" if base.startswith("crewai") else "LangChain"
    return None


def likely_framework(dotted: str, text: str, imported: Mapping[str, str]) -> str | None:
    """The framework a decorator of an object of unknown class may well be of.

    `@app.get("/")`, where `app` comes from a factory and the file imports FastAPI, is taken for
    FastAPI's. `imported` are the dotted names of the file's imports.
    """
    owner, _, method = text.rpartition(".")
    certain = dotted.partition(".")[0] not in {"", owner.partition(".")[0]}
    if not owner or certain or method not in _ROUTING:
        return None
    roots = {value.partition(".")[0] for value in imported.values()}
    return next((name for root, name in _ROUTERS.items() if root in roots), None)


def is_descriptor(dotted: str) -> bool:
    """Whether the decorator makes the function run on attribute access, where nothing can be passed."""
    last = dotted.removesuffix("()").rpartition(".")[2]
    return last in _DESCRIPTORS or (last in _ACCESSORS and "." in dotted)


def is_fixed_method(name: str) -> bool:
    """Whether Python itself calls the method (or module-level function) of that name."""
    return name.startswith("__") and name.endswith("__") and name not in CALLED_BY_PYTHON_FOR_CALLERS
