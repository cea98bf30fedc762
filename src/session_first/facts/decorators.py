"""A library's decorator in, by its dotted name; whether it passes on the keywords that callers give, and whether it
remembers results, out.

All of the first table that could be installed were tried: `f(name, session=None)` decorated and called with
`session=`. Absent are those that fail it (click's commands, Chalice's event handlers, Powertools' `event_source`), that
call in another process, or that choose among functions (`singledispatch`). The names are as `facts.names` resolves them, without the last parentheses: `tenacity.retry` for `@tenacity.retry(...)`.
"""

from __future__ import annotations

import re

_PASSING = (
    # Python's own.
    r"staticmethod|classmethod|abstractmethod|abc\.abstract(class|static)?method",
    r"(functools|six)\.(wraps|update_wrapper)",
    r"contextlib\.(async)?contextmanager",
    r"(typing|typing_extensions)\.(final|override|overload|no_type_check|runtime_checkable|deprecated)",
    r"warnings\.deprecated|atexit\.register|unittest\.(case\.)?skip(If|Unless)?",
    # Trying again.
    r"tenacity\.(.*\.)?retry|backoff\.(.*\.)?on_(exception|predicate)|retrying\.retry|retry\.(api\.)?retry",
    r"stamina\.retry|ratelimit\.(.*\.)?(limits|sleep_and_retry|RateLimitDecorator|rate_limited)",
    # Tracing, logs, metrics.
    r"aws_lambda_powertools\.(.*\.)?Tracer\(\)\.capture_(method|lambda_handler)",
    r"aws_lambda_powertools\.(.*\.)?Logger\(\)\.inject_lambda_context",
    r"aws_lambda_powertools\.(.*\.)?\w*Metrics\(\)\.log_metrics",
    r"aws_lambda_powertools\.utilities\.(parser\.(.*\.)?event_parser|validation\.(.*\.)?validator)",
    r"aws_xray_sdk\.core\.xray_recorder\.capture(_async)?",
    r"sentry_sdk\.(.*\.)?(trace|monitor)",
    r"opentelemetry\.trace\.get_tracer\(\)\.start_as_current_span",
    r"ddtrace\.(.*\.)?tracer\.wrap",
    # Notes on functions.
    r"deprecated\.(.*\.)?deprecated|deprecated\.sphinx\.(versionadded|versionchanged)",
    r"asgiref\.sync\.(sync_to_async|async_to_sync|SyncToAsync|AsyncToSync)",
    r"beartype\.beartype|typeguard\.typechecked",
    # Tests.
    r"moto\.(.*\.)?mock_\w+|freezegun\.(.*\.)?freeze_time|time_machine\.travel|pytest\.mark\.\w+",
    # Registering frameworks that give the function back, or an object that calls it.
    r"celery\.(.*\.)?(shared_task|Celery\(\)\.(task|on_after_(configure|finalize)\.connect))",
    (
        r"flask\.(.*\.)?(Flask|Blueprint)\(\)\.(route|get|post|put|patch|delete|before_request|after_request"
        r"|errorhandler|teardown_\w+|context_processor|template_filter|app_errorhandler|before_app_request)"
    ),
    r"chalice\.(.*\.)?(Chalice|Blueprint)\(\)\.(route|middleware)",
    (
        r"fastapi\.(.*\.)?(FastAPI|APIRouter)\(\)\.(get|post|put|patch|delete|head|options|trace|api_route|websocket"
        r"|on_event|exception_handler|middleware)"
    ),
    (
        r"aws_lambda_powertools\.event_handler\.(.*\.)?(\w+Resolver|\w*Router)\(\)\.(get|post|put|patch|delete|head|route"
        r"|exception_handler|not_found|resolver)"
    ),
    r"typer\.(.*\.)?Typer\(\)\.(command|callback)|cyclopts\.(.*\.)?App\(\)\.(command|default)",
    r"dramatiq\.(.*\.)?actor|rq\.(.*\.)?job",
    r"django\.(.*\.)?(require_(http_methods|GET|POST|safe)|csrf_exempt|login_required|receiver|atomic)",
)
_PASSES = re.compile("|".join(f"(?:{pattern})" for pattern in _PASSING))

_MEMOISING = (
    r"(functools|methodtools|backports\.functools_lru_cache)\.(lru_cache|cache|cached_property)",
    r"cachetools\.(cached|cachedmethod|func\.\w+_cache)|async_lru\.alru_cache|asyncache\.cached(method)?",
    r"streamlit\.(cache|cache_data|cache_resource|experimental_memo|experimental_singleton)",
    r"joblib\.(.*\.)?Memory\(\)\.cache|diskcache\.(.*\.)?Cache\(\)\.memoize|diskcache\.(.*\.)?memoize_stampede",
    r"aiocache\.(.*\.)?(cached|cached_stampede|multi_cached)|cashews\.(.*\.)?cache|cache_memoize\.cache_memoize",
    r"flask_caching\.(.*\.)?Cache\(\)\.(cached|memoize)|django\.(.*\.)?cache_page",
    r"dogpile\.cache\.(.*\.)?\w+\(\)(\.configure\(\))?\.cache_(multi_)?on_arguments",
    r"c?y?toolz\.(.*\.)?memoize|boltons\.cacheutils\.\w+|beaker\.(.*\.)?cache\w*|ring\.\w+|memoization\.cached",
    r"aws_lambda_powertools\.(.*\.)?idempotent(_function)?",
)
_MEMOISES = re.compile("|".join(f"(?:{pattern})" for pattern in _MEMOISING))

_NAMED_FOR_MEMORY = re.compile(
    r"(?:.*_)?(?:(?:lru_|ttl_)?cached?|(?:cached_)?memoi[sz]ed?|memoi[sz]e|memo)(?:_\w+)?"
)
"""The last part of a decorator's name that says it remembers results, whoever's it is."""


def library_passes_keywords(dotted: str) -> bool:
    """Whether a library's decorator is known to call the function, whenever it is called, with all its keywords."""
    return _PASSES.fullmatch(dotted.removesuffix("()")) is not None and not library_memoises(dotted)


def library_memoises(dotted: str) -> bool:
    """Whether a library's decorator is known to answer a call with what an earlier one gave."""
    return _MEMOISES.fullmatch(dotted.removesuffix("()")) is not None


def is_named_for_memory(dotted: str) -> bool:
    """Whether the name of a decorator says that it remembers results."""
    return _NAMED_FOR_MEMORY.fullmatch(dotted.removesuffix("()").rpartition(".")[2].lower()) is not None
