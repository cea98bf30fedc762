"""Whether a client is kept where every caller shares it."""

from __future__ import annotations

import pytest

from tests.analysis import code, sites_of


def kept(text: str) -> list[bool]:
    """For each site inside a function, whether what it makes is shared."""
    sites = [site for site in sites_of("import boto3\n" + code(text)) if site.function is not None]
    assert sites
    return [site.cached is not None for site in sites]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            _client = None

            def client():
                global _client
                if _client is None:
                    _client = boto3.client("s3")
                return _client
            """,
            id="global",
        ),
        pytest.param(
            """
            _client = None

            def client():
                global _client
                _client = _client or boto3.client("s3")
                return _client
            """,
            id="global, with or",
        ),
        pytest.param(
            """
            _client = None

            def client():
                global _client
                return _client or (_client := boto3.client("s3"))
            """,
            id="global, walrus",
        ),
        pytest.param(
            """
            def connect():
                global s3, sqs
                s3, sqs = boto3.client("s3"), boto3.client("sqs")
            """,
            id="globals, unpacked",
        ),
        pytest.param(
            """
            def connect():
                global bucket
                bucket = boto3.resource("s3").Bucket("reports")
            """,
            id="global, an object made of the resource",
        ),
        pytest.param(
            """
            def connect():
                global store
                s3 = boto3.client("s3")
                store = Store(s3)
            """,
            id="global, an object made of a local",
        ),
        pytest.param(
            """
            def connect():
                global store
                s3 = boto3.client("s3")
                wrapped = Retrying(s3)
                store = Store(wrapped)
            """,
            id="global, an object made of a local made of a local",
        ),
        pytest.param(
            """
            def connect():
                global clients
                clients = {name: boto3.client(name) for name in ("s3", "sqs")}
            """,
            id="global, in a comprehension",
        ),
        pytest.param(
            """
            def connect():
                client = _client()

                def use():
                    global table
                    table = boto3.resource("dynamodb").Table("users")
            """,
            id="global, in a nested function",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def client(name):
                if name not in CLIENTS:
                    CLIENTS[name] = boto3.client(name)
                return CLIENTS[name]
            """,
            id="module-level dict",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def client(account, name):
                CLIENTS[account][name] = boto3.client(name)
            """,
            id="module-level dict of dicts",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def client(name):
                made = CLIENTS.get(name) or boto3.client(name)
                CLIENTS[name] = made
                return made
            """,
            id="module-level dict, through a local",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def client(name):
                made = CLIENTS[name] = boto3.client(name)
                return made
            """,
            id="module-level dict, two targets",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def client(name):
                return CLIENTS.setdefault(name, boto3.client(name))
            """,
            id="setdefault",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def connect():
                CLIENTS.update(s3=boto3.client("s3"))
            """,
            id="update with keywords",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def connect():
                CLIENTS.update({"s3": boto3.client("s3")})
            """,
            id="update with a dict",
        ),
        pytest.param(
            """
            POOL = []

            def connect():
                POOL.append(boto3.client("s3"))
            """,
            id="append",
        ),
        pytest.param(
            """
            POOL = []

            def connect():
                global POOL
                POOL += [boto3.client("s3")]
            """,
            id="augmented assignment",
        ),
        pytest.param(
            """
            import threading
            local = threading.local()

            def client():
                if not hasattr(local, "s3"):
                    local.s3 = boto3.client("s3")
                return local.s3
            """,
            id="thread-local object of the module",
        ),
        pytest.param(
            """
            def client():
                if not hasattr(client, "s3"):
                    client.s3 = boto3.client("s3")
                return client.s3
            """,
            id="attribute of the function itself",
        ),
        pytest.param(
            """
            def client(name, cache={}):
                if name not in cache:
                    cache[name] = boto3.client(name)
                return cache[name]
            """,
            id="mutable default argument",
        ),
        pytest.param(
            """
            class Store:
                _client = None

                @classmethod
                def client(cls):
                    if cls._client is None:
                        cls._client = boto3.client("s3")
                    return cls._client
            """,
            id="class attribute through cls",
        ),
        pytest.param(
            """
            class Store:
                _client = None

                def client(self):
                    if Store._client is None:
                        Store._client = boto3.client("s3")
                    return Store._client
            """,
            id="class attribute through the class",
        ),
        pytest.param(
            """
            class Store:
                def client(self):
                    self.__class__._client = boto3.client("s3")
            """,
            id="class attribute through __class__",
        ),
        pytest.param(
            """
            class Store:
                def client(self):
                    type(self)._client = boto3.client("s3")
            """,
            id="class attribute through type",
        ),
        pytest.param(
            """
            class Store:
                @classmethod
                def client(cls):
                    setattr(cls, "_client", boto3.client("s3"))
            """,
            id="class attribute through setattr",
        ),
        pytest.param(
            """
            class Store:
                _clients = {}

                def client(self, name):
                    if name not in self._clients:
                        self._clients[name] = boto3.client(name)
                    return self._clients[name]
            """,
            id="dict made in the class body",
        ),
        pytest.param(
            """
            class Store:
                _clients: dict[str, object] = {}

                def client(self, name):
                    return self._clients.setdefault(name, boto3.client(name))
            """,
            id="dict made in the class body, annotated, setdefault",
        ),
        pytest.param(
            """
            class Store:
                _instance = None

                @classmethod
                def get(cls):
                    cls._instance = cls(boto3.client("s3"))
                    return cls._instance
            """,
            id="singleton",
        ),
        pytest.param(
            """
            def connect():
                globals()["s3"] = boto3.client("s3")
            """,
            id="globals()",
        ),
        pytest.param(
            """
            import settings

            def connect():
                settings.S3 = boto3.client("s3")
            """,
            id="attribute of another module",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def client(name):
                try:
                    return CLIENTS[name]
                except KeyError:
                    client = CLIENTS[name] = boto3.client(name)
                    return client
            """,
            id="in an except",
        ),
        pytest.param(
            """
            CLIENT = contextvars.ContextVar("client")

            def connect():
                CLIENT.set(boto3.client("s3"))
            """,
            id="context variable",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def connect(names):
                cache = CLIENTS
                for name in names:
                    cache[name] = boto3.client(name)
            """,
            id="module-level dict under a local name",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def connect():
                for name in ("s3", "sqs"):
                    CLIENTS[name] = functools.partial(boto3.client, name)
            """,
            id="a maker of clients in a module-level dict",
        ),
        pytest.param(
            """
            class Job:
                _partition = None

                @classmethod
                def partition(cls):
                    if cls._partition is None:
                        arn = boto3.client("sts").get_caller_identity()["Arn"]
                        cls._partition = arn.split(":")[1]
                    return cls._partition
            """,
            id="class attribute, asked for once, by way of a local",
        ),
        pytest.param(
            """
            CACHE = {}

            def secret(name):
                found = CACHE.get(name)
                if found is not None:
                    return found
                value = boto3.client("ssm").get_parameter(Name=name)
                CACHE[name] = value
                return value
            """,
            id="module-level dict, asked for once, where a local tells",
        ),
        pytest.param(
            """
            _account = None

            def account():
                global _account
                if _account:
                    return _account
                sts = boto3.client("sts")
                identity = sts.get_caller_identity()
                _account = identity["Account"]
                return _account
            """,
            id="global, asked for once, by way of two locals",
        ),
        pytest.param(
            """
            _bucket = None

            def bucket():
                global _bucket
                if _bucket is None:
                    account = boto3.client("sts").get_caller_identity()["Account"]
                    _bucket = f"logs-{account}-" + REGION
            """,
            id="global, a text made of what was asked for",
        ),
        pytest.param(
            """
            REGIONS = []

            def regions():
                if not REGIONS:
                    for region in boto3.client("ec2").describe_regions()["Regions"]:
                        REGIONS.append(region["RegionName"])
                return REGIONS
            """,
            id="module-level list, filled in a loop once",
        ),
        pytest.param(
            """
            SECRETS = {}

            def secret(name):
                try:
                    return SECRETS[name]
                except KeyError:
                    answer = boto3.client("secretsmanager").get_secret_value(SecretId=name)
                    SECRETS[name] = answer["SecretString"]
            """,
            id="module-level dict, where the entry is missing",
        ),
        pytest.param(
            """
            class Job:
                def account(self):
                    if not hasattr(Job, "_account"):
                        identity = boto3.client("sts").get_caller_identity()
                        setattr(Job, "_account", identity["Account"])
            """,
            id="class attribute by its name, where it is missing",
        ),
    ],
)
def test_shared(text: str) -> None:
    assert all(kept(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            def names():
                s3 = boto3.client("s3")
                return s3.list_buckets()
            """,
            id="local",
        ),
        pytest.param(
            """
            def names():
                clients = {}
                for name in ("s3", "sqs"):
                    clients[name] = boto3.client(name)
                return clients
            """,
            id="local dict",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def names(CLIENTS):
                CLIENTS["s3"] = boto3.client("s3")
            """,
            id="parameter of the name of a module-level dict",
        ),
        pytest.param(
            """
            class Store:
                def __init__(self):
                    self.s3 = boto3.client("s3")
            """,
            id="on the object",
        ),
        pytest.param(
            """
            class Store:
                s3 = None

                def connect(self):
                    self.s3 = boto3.client("s3")
            """,
            id="on the object, with a class-level None",
        ),
        pytest.param(
            """
            class Store:
                def __init__(self):
                    self.clients = {}

                def client(self, name):
                    return self.clients.setdefault(name, boto3.client(name))
            """,
            id="dict of the object",
        ),
        pytest.param(
            """
            NAMES = []

            def load():
                NAMES.append(boto3.client("sts").get_caller_identity()["Account"])
            """,
            id="data read with the client",
        ),
        pytest.param(
            """
            ACCOUNTS = {}

            def load(name):
                sts = boto3.client("sts")
                ACCOUNTS[name] = sts.get_caller_identity()["Account"]
            """,
            id="data read with a local client",
        ),
        pytest.param(
            """
            def make():
                client = None

                def get():
                    nonlocal client
                    if client is None:
                        client = boto3.client("s3")
                    return client

                return get
            """,
            id="variable of a function around, made anew by every call of that",
        ),
        pytest.param(
            """
            LIMITS = {}

            def load(name):
                client = boto3.client("s3")
                LIMITS[name] = 5
                return client
            """,
            id="beside a module-level dict",
        ),
        pytest.param(
            """
            CLIENTS = {}

            def load(name):
                return CLIENTS.get(name) or boto3.client(name)
            """,
            id="read from a cache, never kept",
        ),
        pytest.param(
            """
            def load(request):
                request.state.s3 = boto3.client("s3")
            """,
            id="on an argument",
        ),
        pytest.param(
            """
            def load(regions, results=None):
                results = results or {}
                for region in regions:
                    results[region] = boto3.client("s3", region_name=region)
                return results
            """,
            id="in a dict the caller may give",
        ),
        pytest.param(
            """
            def load(name, cache=None):
                cache = {} if cache is None else cache
                cache[name] = boto3.client(name)
            """,
            id="a default of None",
        ),
        pytest.param(
            """
            import logging
            logger = logging.getLogger(__name__)

            def load(name):
                logger.info("made %s", boto3.client(name))
            """,
            id="handed to a module-level object's method",
        ),
        pytest.param(
            """
            class Job:
                _partition = None

                def partition(self):
                    if self._partition is None:
                        arn = boto3.client("sts").get_caller_identity()["Arn"]
                        self._partition = arn.split(":")[1]
            """,
            id="data of the object, asked for once",
        ),
        pytest.param(
            """
            SEEN = {}

            def look(name):
                found = other(name)
                if found is not None:
                    return found
                SEEN[name] = boto3.client("ssm").get_parameter(Name=name)
            """,
            id="data that is asked for unless a local of something else tells",
        ),
        pytest.param(
            """
            _account = None

            def account():
                if _account is None:
                    identity = boto3.client("sts").get_caller_identity()
                    _log(identity)
            """,
            id="data that is not kept where it was asked for",
        ),
        pytest.param(
            """
            _account = None

            def account(identity):
                global _account
                if _account is None:
                    identity = identity or boto3.client("sts").get_caller_identity()
                    _account = identity["Account"]
            """,
            id="a local that may hold what the caller gave",
        ),
        pytest.param(
            """
            SEEN = []

            def scan():
                for bucket in boto3.client("s3").list_buckets()["Buckets"]:
                    SEEN.append(bucket["Name"])
            """,
            id="data that every call adds",
        ),
    ],
)
def test_not_shared(text: str) -> None:
    assert not any(kept(text))


def test_says_where() -> None:
    (site,) = sites_of("import boto3\nCACHE = {}\ndef f(k):\n    CACHE[k] = boto3.client('s3')\n")
    assert site.cached == "the module-level 'CACHE'"
