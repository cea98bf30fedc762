"""A base class outside the project and a method in; the framework that calls the method, so that nobody could pass it a session, out.

The bases are dotted names as `facts.names` resolves them. Methods that a class of these frameworks may have for callers of its own
are not here: what is unknown takes a parameter, which an override may have as long as it has a default.
"""

from __future__ import annotations

import re

_HTTP = r"get|post|put|patch|delete|head|options|trace"
_WEB = rf"{_HTTP}|dispatch(_request)?|initial(ize)?|setup|prepare|finali[sz]e_response|on_finish"
_VIEW = (
    r"get_(absolute_url|allow_(empty|future)|context_(data|object_name)|date_\w+|day\w*|month\w*|week\w*|year\w*|form(_class|_kwargs)?"
    r"|initial|login_url|make_object_list|object|ordering|paginat\w+|permission_\w+|prefix|query_pk_and_slug|queryset|redirect_\w+"
    r"|slug_field|success_(message|url)|template_names|test_func|filterset\w*|strict)"
)
_REST_VIEW = (
    r"get_(authenticat\w+|content_negotiator|exception_handler\w*|extra_action\w*|format_suffix|object|paginated_response|parser\w*"
    r"|permissions|queryset|renderer\w*|serializer(_class|_context)?|success_headers|throttles|view_(description|name))"
)

_PATTERNS: tuple[tuple[str, str, str], ...] = (
    # Web frameworks.
    (
        "Django",
        r"django\.views\..*|django_filters\.views\..*",
        (
            rf"{_WEB}|{_VIEW}|http_method_not_allowed|form_(in)?valid|render_to_response|paginate_queryset"
            r"|test_func|has_permission|handle_no_permission"
        ),
    ),
    (
        "Django",
        r"django\.core\.management\.(base\.|commands\.)?.*",
        r"handle(_noargs|_label|_app_config)?|execute|add_arguments|check",
    ),
    ("Django", r"django\.apps\.(config\.)?AppConfig", r"ready|import_models"),
    (
        "Django",
        r"django\.(contrib\.gis\.)?db\.models\.(\w+\.)*(Model|\w*Field|\w*Manager|QuerySet)|django\.contrib\.auth\.\w*models\.\w+",
        (
            r"save|delete|clean|full_clean|clean_fields|save_base|validate_unique|get_absolute_url|refresh_from_db|pre_save"
            r"|to_python|from_db_value|get_prep_value|get_queryset|create|bulk_create|deconstruct|contribute_to_class"
        ),
    ),
    (
        "Django",
        r"django\.forms\.(\w+\.)*\w+",
        r"clean(_\w+)?|is_valid|save|has_changed|to_python|validate|get_context|render",
    ),
    (
        "Django",
        r"django\.contrib\.admin\.(\w+\.)*\w+",
        r"get_\w+|save_(as_new|form|formset|model|related)|delete_(model|queryset|view)|has_\w+_permission|\w+_view|response_\w+|lookups|queryset|formfield_for_\w+",
    ),
    (
        "Django",
        r"django\.contrib\.auth\.backends\.\w+",
        r"authenticate|get_user|has_perm|get_\w+_permissions",
    ),
    (
        "Django",
        r"(django\.core\.files\.storage|django\.contrib\.staticfiles\.storage|storages)\.(\w+\.)*\w+",
        (
            r"_open|_save|open|save|delete|exists|listdir|size|url|path|get_(accessed|created|modified)_time"
            r"|get_(valid|available|alternative)_name|generate_filename|hashed_name|stored_name"
        ),
    ),
    ("Django", r"django\.core\.mail\.backends\.(\w+\.)*\w+", r"send_messages|open|close"),
    (
        "Django",
        r"django\.core\.cache\.backends\.(\w+\.)*\w+",
        r"get|set|add|touch|delete|clear|incr|has_key|\w+_many|get_or_set",
    ),
    (
        "Django",
        r"django\.utils\.deprecation\.MiddlewareMixin",
        r"process_(request|response|view|exception|template_response)",
    ),
    ("Django", r"django\.test\.runner\.\w+", r"setup_\w+|teardown_\w+|run_\w+|build_suite"),
    (
        "Django REST framework",
        r"rest_framework\.(views|viewsets|generics|mixins)\.\w+",
        (
            rf"{_WEB}|list|create|retrieve|update|partial_update|destroy|perform_\w+|{_REST_VIEW}|filter_queryset|paginate_queryset"
            r"|check_(object_)?permissions|check_throttles|handle_exception|permission_denied"
        ),
    ),
    (
        "Django REST framework",
        r"rest_framework\.(serializers|fields|relations)\.\w+",
        r"create|update|save|validate(_\w+)?|is_valid|run_validation|to_representation|to_internal_value|get_\w+",
    ),
    (
        "Django REST framework",
        r"rest_framework\.(permissions|authentication|throttling|filters|pagination|renderers|parsers)\.\w+",
        r"has_(object_)?permission|authenticate(_header)?|allow_request|filter_queryset|paginate_queryset|render|parse|get_\w+",
    ),
    ("Flask", r"(flask|quart)\.views\.(Method)?View|flask_rest(ful|x|plus)\.(\w+\.)*Resource", _WEB),
    ("Tornado", r"tornado\.(web|websocket)\.\w*Handler", rf"{_WEB}|get_current_user|write_error|on_\w+|open"),
    ("aiohttp", r"aiohttp\.web\.View", _HTTP),
    ("Starlette", r"starlette\.endpoints\.\w+", rf"{_WEB}|on_\w+"),
    ("Starlette", r"(starlette|fastapi)\.middleware\.base\.BaseHTTPMiddleware", r"dispatch"),
    ("Sanic", r"sanic\.views\.\w+", _WEB),
    (
        "http.server",
        r"http\.server\.\w*HTTPRequestHandler",
        r"do_\w+|handle(_\w+)?|log_\w+|setup|finish|send_head|translate_path",
    ),
    ("socketserver", r"socketserver\.\w*RequestHandler", r"setup|handle|finish"),
    # Workers and pipelines.
    (
        "Celery",
        r"celery\.(app\.)?(task\.)?Task|celery\.Celery\(\)\.Task",
        r"run|before_start|after_return|on_(failure|success|retry|timeout|bound)",
    ),
    ("threading", r"threading\.(Thread|Timer)", r"run"),
    ("multiprocessing", r"multiprocessing\.(\w+\.)*(\w*Process)", r"run"),
    ("Qt", r"(PyQt\d|PySide\d)\.QtCore\.Q(Thread|Runnable)", r"run"),
    (
        "Airflow",
        r"airflow\.(\w+\.)*\w*(Operator|Sensor|Trigger|Notifier)(Mixin|Async|Base)?",
        r"execute(_complete)?|poke|(pre|post)_execute|on_kill|run|notify|serialize|get_openlineage_facets_\w+",
    ),
    ("Luigi", r"luigi\.(\w+\.)*\w*Task", r"run|requires|output|input|complete|on_(failure|success)|deps"),
    ("Luigi", r"luigi\.(\w+\.)*\w*Target", r"exists|open"),
    (
        "Apache Beam",
        r"apache_beam\.(\w+\.)*(DoFn|PTransform|CombineFn)",
        r"process|setup|teardown|(start|finish)_bundle|expand|\w+_accumulators?|add_input|extract_output",
    ),
    (
        "Dagster",
        r"dagster\.(\w+\.)*\w*(IOManager|IOManagerFactory|Resource|StepLauncher|RunLauncher|Executor|StepHandler)",
        (
            r"load_input|handle_output|create_io_manager|(setup|teardown)_(for|after)_execution|yield_for_execution"
            r"|launch_step|launch_run|resume_run|terminate(_step)?|check_(run_worker|step)_health"
        ),
    ),
    ("Scrapy", r"scrapy\.(\w+\.)*\w*Spider", r"start(_requests)?|parse\w*|closed"),
    ("Kedro", r"kedro\.io\.(\w+\.)*Abstract(Versioned)?Data[sS]et", r"_?(load|save|exists|describe|release)"),
    # The standard library.
    (
        "logging",
        r"logging\.(handlers\.)?\w*Handler",
        r"emit|handle|handleError|flush|close|format|acquire|release|createLock|shouldRollover|doRollover",
    ),
    (
        "logging",
        r"logging\.(Filter|Formatter|LoggerAdapter)",
        r"filter|format(Time|Exception|Stack|Message)?|process",
    ),
    ("argparse", r"argparse\.(\w*Action)", r"__call__|format_usage"),
    ("argparse", r"argparse\.ArgumentParser", r"error|exit|convert_arg_line_to_args"),
    ("ast", r"ast\.Node(Visitor|Transformer)", r"visit(_\w+)?|generic_visit"),
    (
        "LibCST",
        r"libcst\.(\w+\.)*\w*(Visitor|Transformer|Command)",
        r"(visit|leave)_\w+|on_(visit|leave)|transform_module(_impl)?",
    ),
    ("html.parser", r"html\.parser\.HTMLParser", r"handle_\w+|unknown_decl"),
    ("json", r"json\.(encoder\.)?JSONEncoder", r"default|encode|iterencode"),
    ("cmd", r"cmd\.Cmd", r"(do|help|complete)_\w+|default|emptyline|precmd|postcmd|preloop|postloop|onecmd"),
    (
        "unittest",
        r"unittest\.(\w+\.)*\w*TestCase|django\.test\.(\w+\.)*\w*TestCase",
        r"setUp\w*|tearDown\w*|test\w*|asyncSetUp|asyncTearDown",
    ),
    ("setuptools", r"(setuptools|distutils|wheel)\.(\w+\.)*\w+", r"initialize_options|finalize_options|run"),
    (
        "asyncio",
        r"asyncio\.(\w*Protocol)",
        r"connection_(made|lost)|\w+_received|error_received|(pause|resume)_writing",
    ),
    # Command lines, servers, plugins.
    (
        "click",
        r"(rich_)?click\.(\w+\.)*(\w*Command|\w*Group|MultiCommand|CommandCollection)",
        r"invoke|main|get_command|list_commands|resolve_command|parse_args|format_\w+",
    ),
    (
        "click",
        r"click\.(\w+\.)*\w*(ParamType|Option|Argument|Path|Choice)",
        r"convert|get_default|shell_complete|process_value|handle_parse_result",
    ),
    ("Gunicorn", r"gunicorn\.app\.(\w+\.)*\w*Application", r"load(_config)?|init"),
    ("Locust", r"locust\.(\w+\.)*\w*(User|TaskSet)", r"on_start|on_stop|wait_time"),
    ("watchdog", r"watchdog\.events\.\w*Handler", r"on_\w+|dispatch"),
    (
        "Ansible",
        r"ansible\.(\w+\.)*\w*(ActionBase|ActionModule|LookupBase|CallbackBase|CallbackModule|BaseInventoryPlugin|ConnectionBase)",
        r"run|parse|verify_file|v2_\w+|_connect|exec_command|put_file|fetch_file",
    ),
    ("Sphinx", r"(docutils\.parsers\.rst|sphinx)\.(\w+\.)*\w*Directive", r"run"),
    ("MkDocs", r"mkdocs\.plugins\.BasePlugin", r"on_\w+"),
    ("rdklib", r"rdklib\.(\w+\.)*ConfigRule", r"evaluate_\w+"),
    ("Alexa Skills Kit", r"ask_sdk_core\.(\w+\.)*Abstract\w+", r"can_handle|handle|process"),
    ("SQLAlchemy", r"sqlalchemy\.(\w+\.)*(TypeDecorator|UserDefinedType)", r"process_\w+|load_dialect_impl"),
    ("pydantic", r"pydantic\.(\w+\.)*(BaseModel|RootModel)", r"model_post_init"),
    (
        "pydantic",
        r"pydantic_settings\.(\w+\.)*\w+",
        r"settings_customise_sources|get_field_value|prepare_field_value|model_post_init",
    ),
    ("MLflow", r"mlflow\.pyfunc\.(\w+\.)*PythonModel", r"load_context|predict(_stream)?"),
)
_HOOKS = tuple((name, re.compile(base), re.compile(method)) for name, base, method in _PATTERNS)

_CALLED = (("Django REST framework", re.compile(r"rest_framework\.decorators\.action")),)


def caller(base: str, method: str) -> str | None:
    """The framework that calls `method` in a subclass of `base`."""
    return next(
        (name for name, of, called in _HOOKS if called.fullmatch(method) and of.fullmatch(base)), None
    )


def decorating_caller(decorator: str) -> str | None:
    """The framework that calls a method because of its decorator."""
    called = decorator.removesuffix("()")
    return next((name for name, pattern in _CALLED if pattern.fullmatch(called)), None)
