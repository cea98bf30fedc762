"""BSF105: what must be found, and what must not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from session_first.project.view import together
from session_first.rules import check, enabled
from tests.analysis import ROOT, code, facts_of, findings_of, found

CODES = {"BSF105"}

HEAD = """\
import asyncio
import functools
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
import boto3

def work(name):
    return boto3.client("s3").head_bucket(Bucket=name)

"""
"""The site is in line 8, and the test's own text starts in line 10."""


def program(*lines: str) -> str:
    """What hands `work` over, behind the function itself."""
    return HEAD + "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["threading.Thread(target=work, args=('a',)).start()"], id="Thread"),
        pytest.param(["threading.Thread(None, work).start()"], id="Thread, by position"),
        pytest.param(["from threading import Thread as T", "T(target=work)"], id="Thread, from import"),
        pytest.param(["threading.Timer(5, work)"], id="Timer"),
        pytest.param(["threading.Timer(5, function=work)"], id="Timer, by keyword"),
        pytest.param(["import _thread", "_thread.start_new_thread(work, ('a',))"], id="start_new_thread"),
        pytest.param(["ThreadPoolExecutor().submit(work, 'a')"], id="submit"),
        pytest.param(["pool = ThreadPoolExecutor(4)", "pool.submit(work, 'a')"], id="submit, of a variable"),
        pytest.param(
            ["with ThreadPoolExecutor() as pool:", "    list(pool.map(work, names))"], id="map, in a with"
        ),
        pytest.param(
            ["with ThreadPoolExecutor() as pool:", "    [pool.submit(work, n) for n in names]"],
            id="in a comprehension",
        ),
        pytest.param(
            ["def run():", "    with ThreadPoolExecutor() as pool:", "        pool.submit(work, 'a')"],
            id="in a function",
        ),
        pytest.param(
            ["pool = None", "pool = ThreadPoolExecutor()", "pool.submit(work, 'a')"], id="None at first"
        ),
        pytest.param(
            ["def run(pool: ThreadPoolExecutor):", "    pool.submit(work, 'a')"], id="an annotated parameter"
        ),
        pytest.param(
            ["def run(pool: ThreadPoolExecutor | None = None):", "    pool.submit(work, 'a')"],
            id="an annotated parameter, or None",
        ),
        pytest.param(
            [
                "class A:",
                "    def __init__(self):",
                "        self.pool = ThreadPoolExecutor()",
                "    def run(self):",
                "        self.pool.submit(work, 'a')",
            ],
            id="an attribute of self",
        ),
        pytest.param(
            [
                "class A:",
                "    pool = ThreadPoolExecutor()",
                "    def run(self):",
                "        self.pool.submit(work, 'a')",
            ],
            id="an attribute of the class",
        ),
        pytest.param(
            ["class Bounded(ThreadPoolExecutor): ...", "Bounded().submit(work, 'a')"],
            id="a class of executors of its own",
        ),
        pytest.param(["ThreadPoolExecutor(initializer=work, initargs=('a',))"], id="what starts each thread"),
        pytest.param(
            ["import concurrent.futures", "concurrent.futures.ThreadPoolExecutor().submit(fn=work)"],
            id="import of the module",
        ),
        pytest.param(
            ["from multiprocessing.pool import ThreadPool", "ThreadPool(3).map(work, names)"],
            id="ThreadPool.map",
        ),
        pytest.param(
            ["from multiprocessing.pool import ThreadPool", "ThreadPool().apply_async(work, ('a',))"],
            id="ThreadPool.apply_async",
        ),
        pytest.param(
            ["from multiprocessing.pool import ThreadPool", "ThreadPool().starmap(work, names)"],
            id="ThreadPool.starmap",
        ),
        pytest.param(
            ["from multiprocessing.pool import ThreadPool", "ThreadPool().imap_unordered(func=work)"],
            id="ThreadPool.imap_unordered",
        ),
        pytest.param(
            [
                "from multiprocessing.dummy import Pool",
                "with Pool() as p:",
                "    p.map_async(work, names)",
            ],
            id="multiprocessing.dummy.Pool",
        ),
        pytest.param(["async def f():", "    await asyncio.to_thread(work, 'a')"], id="asyncio.to_thread"),
        pytest.param(
            ["async def f(loop):", "    await loop.run_in_executor(None, work, 'a')"], id="run_in_executor"
        ),
        pytest.param(
            [
                "pool = ThreadPoolExecutor()",
                "async def f(loop):",
                "    await loop.run_in_executor(pool, work, 'a')",
            ],
            id="run_in_executor, of a pool",
        ),
        pytest.param(
            ["import anyio", "async def f():", "    await anyio.to_thread.run_sync(work, 'a')"],
            id="anyio.to_thread",
        ),
        pytest.param(
            [
                "from fastapi.concurrency import run_in_threadpool",
                "async def f():",
                "    await run_in_threadpool(work, 'a')",
            ],
            id="run_in_threadpool",
        ),
    ],
)
def test_handed_to(lines: list[str]) -> None:
    assert found(program(*lines), CODES) == ["BSF105 8"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["threading.Thread(target=functools.partial(work, 'a'))"], id="a partial"),
        pytest.param(
            ["task = functools.partial(work, 'a')", "threading.Thread(target=task)"], id="a variable"
        ),
        pytest.param(["threading.Thread(target=lambda: work('a'))"], id="called in a lambda"),
        pytest.param(
            ["def outer():", "    work('a')", "threading.Thread(target=outer)"], id="called by what is handed"
        ),
        pytest.param(
            [
                "def outer():",
                "    for name in names:",
                "        if name: inner(name)",
                "def inner(name):",
                "    return [work(n) for n in name]",
                "threading.Thread(target=outer)",
            ],
            id="called two functions further",
        ),
        pytest.param(
            [
                "class A:",
                "    def start(self):",
                "        threading.Thread(target=self.loop).start()",
                "    def loop(self):",
                "        self.step()",
                "    def step(self):",
                "        work('a')",
            ],
            id="methods",
        ),
        pytest.param(
            [
                "class A:",
                "    def __init__(self):",
                "        work('a')",
                "    def go(self): ...",
                "def outer():",
                "    A().go()",
                "threading.Thread(target=outer)",
            ],
            id="a constructor",
        ),
        pytest.param(
            ["class A(threading.Thread):", "    def run(self):", "        work('a')"], id="run of a thread"
        ),
        pytest.param(
            [
                "class Base(threading.Thread): ...",
                "class A(Base):",
                "    def run(self):",
                "        work('a')",
            ],
            id="run of a thread, further down",
        ),
        pytest.param(
            [
                "class A(threading.Thread):",
                "    def __init__(self):",
                "        super().__init__(target=self.loop)",
                "    def loop(self):",
                "        work('a')",
            ],
            id="target of a thread's own class",
        ),
        pytest.param(
            [
                "def start():",
                "    def inner():",
                "        work('a')",
                "    threading.Thread(target=inner).start()",
            ],
            id="a nested function",
        ),
    ],
)
def test_what_is_handed(lines: list[str]) -> None:
    assert found(program(*lines), CODES) == ["BSF105 8"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("def f():\n    boto3.resource('s3')\nThread(target=f)", [4], id="a resource"),
        pytest.param(
            "local = threading.local()\n"
            "def f():\n"
            "    if not hasattr(local, 's3'):\n"
            "        local.s3 = boto3.client('s3')\n"
            "Thread(target=f)",
            [6],
            id="kept for each thread, and made of one session",
        ),
        pytest.param("Thread(target=lambda: boto3.client('s3').get_object())", [3], id="in a lambda"),
        pytest.param("f = lambda: boto3.client('s3')\nThread(target=f)", [3], id="in a lambda with a name"),
        pytest.param(
            "s3 = None\ndef f():\n    global s3\n    if s3 is None:\n        s3 = boto3.client('s3')\n"
            "Thread(target=f)",
            [7],
            id="kept for all, by whoever comes first",
        ),
        pytest.param("Thread(target=boto3.client, args=('s3',))", [3], id="boto3.client itself"),
        pytest.param(
            "from concurrent.futures import ThreadPoolExecutor as P\n"
            "def f(names):\n    return list(P().map(boto3.client, names))",
            [5],
            id="boto3.client itself, to a pool",
        ),
        pytest.param(
            "def f():\n    boto3.client('s3')\n    boto3.client('sqs')\nThread(target=f)\nThread(target=f)",
            [4, 5],
            id="twice, each once",
        ),
    ],
)
def test_sites(text: str, lines: list[int]) -> None:
    head = "import boto3, threading\nfrom threading import Thread\n"
    assert found(head + text, CODES) == [f"BSF105 {line}" for line in lines]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["work('a')"], id="no thread"),
        pytest.param(["with ThreadPoolExecutor() as pool:", "    work('a')"], id="beside the pool"),
        pytest.param(
            ["with ThreadPoolExecutor() as pool:", "    pool.map(len, work('a'))"], id="an argument"
        ),
        pytest.param(["threading.Thread(target=other, args=(work,))"], id="an argument of another"),
        pytest.param(["ProcessPoolExecutor().submit(work, 'a')"], id="a pool of processes"),
        pytest.param(["ThreadPoolExecutor(1).map(work, names)"], id="a pool of one"),
        pytest.param(
            ["with ThreadPoolExecutor(max_workers=1) as pool:", "    pool.map(work, names)"],
            id="a pool of one, by keyword",
        ),
        pytest.param(
            ["with ProcessPoolExecutor() as pool:", "    pool.map(work, names)"],
            id="a pool of processes, in a with",
        ),
        pytest.param(
            ["import multiprocessing", "multiprocessing.Process(target=work)"], id="multiprocessing.Process"
        ),
        pytest.param(
            ["from multiprocessing import Pool", "Pool().map(work, names)"], id="multiprocessing.Pool"
        ),
        pytest.param(
            ["async def f(loop, pool):", "    await loop.run_in_executor(pool, work, 'a')"],
            id="run_in_executor, of what is not known",
        ),
        pytest.param(
            [
                "pool = ProcessPoolExecutor()",
                "async def f(loop):",
                "    await loop.run_in_executor(pool, work, 'a')",
            ],
            id="run_in_executor, of processes",
        ),
        pytest.param(["def f(pool):", "    pool.submit(work, 'a')"], id="a pool that is not known"),
        pytest.param(["def f(pool: Executor):", "    pool.submit(work, 'a')"], id="any executor"),
        pytest.param(
            [
                "class A:",
                "    def __init__(self, pool):",
                "        self.pool = pool",
                "    def run(self):",
                "        self.pool.submit(work, 'a')",
            ],
            id="an attribute that is not known",
        ),
        pytest.param(
            [
                "class A:",
                "    def __init__(self, pool=None):",
                "        self.pool = pool or ThreadPoolExecutor()",
                "    def run(self):",
                "        self.pool.submit(work, 'a')",
            ],
            id="an attribute that may be another",
        ),
        pytest.param(
            [
                "kind = ThreadPoolExecutor if fast else ProcessPoolExecutor",
                "with kind() as pool:",
                "    pool.submit(work, 'a')",
            ],
            id="threads or processes",
        ),
        pytest.param(
            [
                "with ThreadPoolExecutor() as pool: ...",
                "with ProcessPoolExecutor() as pool:",
                "    pool.submit(work, 'a')",
            ],
            id="a name of both",
        ),
        pytest.param(["form.submit(work)", "frame.map(work)"], id="methods of the same names"),
        pytest.param(
            ["class Thread: ...", "Thread(target=work)"], id="a class of the project with the same name"
        ),
        pytest.param(
            ["async def f():", "    await work('a')", "asyncio.to_thread(f)"],
            id="a coroutine, which runs later",
        ),
        pytest.param(
            ["def f():", "    yield work('a')", "threading.Thread(target=f)"],
            id="a generator, which runs later",
        ),
        pytest.param(
            ["def f():", "    return lambda: work('a')", "threading.Thread(target=f)"],
            id="a function that is only made there",
        ),
        pytest.param(
            ["def f(client=work('a')): ...", "threading.Thread(target=f)"], id="a default, made at import"
        ),
        pytest.param(
            [
                "lock = threading.Lock()",
                "def f():",
                "    with lock:",
                "        work('a')",
                "threading.Thread(target=f)",
            ],
            id="under a lock",
        ),
        pytest.param(
            [
                "class A(threading.Thread):",
                "    def __init__(self):",
                "        super().__init__()",
                "        work('a')",
                "    def run(self): ...",
            ],
            id="before the thread starts",
        ),
        pytest.param(
            [
                "class A:",
                "    def __init__(self):",
                "        work('a')",
                "    def go(self): ...",
                "a = A()",
                "threading.Thread(target=a.go)",
            ],
            id="of an object that is made before",
        ),
    ],
)
def test_not_in_a_thread(lines: list[str]) -> None:
    assert found(program(*lines), CODES) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "def f():\n    boto3.Session().client('s3')\nThread(target=f)", id="a session of its own"
        ),
        pytest.param(
            "def f():\n    session = boto3.Session()\n    return session.client('s3')\nThread(target=f)",
            id="a session of its own, in a variable",
        ),
        pytest.param(
            "def f(session=None):\n    (session or boto3).client('s3')\nThread(target=f)",
            id="a session parameter",
        ),
        pytest.param(
            "def f(session: boto3.Session):\n    boto3.client('s3')\nThread(target=f)",
            id="a session in scope, which is BSF102",
        ),
        pytest.param(
            "s3 = boto3.client('s3')\ndef f():\n    s3.get_object()\nThread(target=f)", id="made at import"
        ),
        pytest.param(
            "def f(s3): ...\ndef g():\n    Thread(target=f, args=(boto3.client('s3'),))", id="handed over"
        ),
        pytest.param(
            "lock = RLock()\ndef f():\n    with lock:\n        s3 = boto3.client('s3')\nThread(target=f)",
            id="under a lock",
        ),
        pytest.param(
            "guard = RLock()\ndef f():\n    with guard:\n        s3 = boto3.client('s3')\nThread(target=f)",
            id="under a lock of another name",
        ),
        pytest.param(
            "class A:\n    def __init__(self):\n        self.ready = Condition()\n"
            "    def f(self):\n        with self.ready:\n            boto3.client('s3')\n"
            "    def g(self):\n        Thread(target=self.f)",
            id="under a condition of the object",
        ),
        pytest.param(
            "@synchronized\ndef f():\n    s3 = boto3.client('s3')\nThread(target=f)",
            id="a decorator takes a lock",
        ),
        pytest.param(
            "class A:\n"
            "    def f(self):\n"
            "        self._lock.acquire()\n"
            "        try:\n"
            "            self.s3 = boto3.client('s3')\n"
            "        finally:\n"
            "            self._lock.release()\n"
            "    def g(self):\n"
            "        Thread(target=self.f)",
            id="under a lock that is taken by hand",
        ),
        pytest.param(
            "s3 = None\n"
            "def get():\n    global s3\n    if s3 is None:\n        s3 = boto3.client('s3')\n    return s3\n"
            "def f():\n    get()\n"
            "def main():\n    get()\n    Thread(target=f).start()",
            id="kept for all, and maybe made before",
        ),
        pytest.param(
            "@functools.lru_cache\n"
            "def get():\n    return boto3.client('s3')\n"
            "def f():\n    get()\n"
            "get()\nThread(target=f).start()",
            id="memoised, and made before",
        ),
        pytest.param("def f():\n    boto3.client('s3')  # noqa: BSF105\nThread(target=f)", id="suppressed"),
        pytest.param(
            "def f(boto3):\n    boto3.client('s3')\nThread(target=f)", id="a parameter called boto3"
        ),
    ],
)
def test_not_the_default_session(text: str) -> None:
    head = "import boto3, functools\nfrom threading import Condition, RLock, Thread\n"
    assert found(head + text, CODES) == []


def test_tests_are_left_out() -> None:
    assert found(program("threading.Thread(target=work)"), CODES, path="tests/test_x.py") == []


def test_on_by_default_beside_bsf101() -> None:
    assert "BSF105" in enabled(None)
    assert found(program("threading.Thread(target=work)")) == ["BSF101 8", "BSF105 8"]


def messages(text: str) -> list[str]:
    return [finding.message for finding in findings_of(code(text), CODES)]


def test_finding() -> None:
    (finding,) = findings_of(program("pool = ThreadPoolExecutor()", "pool.submit(work, 'a')"), CODES)
    position = finding.location.position
    assert (position.line, position.column) == (8, 11)
    assert (finding.end.line, finding.end.column) == (8, 29)
    assert finding.function == "work"
    assert finding.message == (
        "boto3.client('s3') uses the default session in a thread (work is handed to pool.submit in line 11), and"
        " sessions are not thread-safe; make the client before and hand it over, as clients are, or make a"
        " boto3.Session() in each thread"
    )


def test_the_message_names_the_way() -> None:
    text = """
        import boto3
        from threading import Thread

        class Poller(Thread):
            def run(self):
                self.poll()

            def poll(self):
                boto3.resource("sqs")
        """
    (message,) = messages(text)
    assert message == (
        "boto3.resource('sqs') uses the default session in a thread (Poller.run is run by the thread Poller in line"
        " 4, which calls Poller.poll), and sessions are not thread-safe; make a boto3.Session() in each thread, and"
        " the resource from it, as resources are not either"
    )


def test_the_message_says_less_of_a_long_way() -> None:
    steps = "".join(f"def f{n}():\n    f{n + 1}()\n" for n in range(6))
    text = f"import boto3, threading\n{steps}def f6():\n    boto3.client('s3')\nthreading.Thread(target=f0)"
    (message,) = messages(text)
    assert (
        "(f0 is handed to threading.Thread in line 16, which leads through f1 and 4 others to f6)" in message
    )


def test_boto3_itself_handed_over() -> None:
    text = """
        import boto3
        from concurrent.futures import ThreadPoolExecutor

        clients = ThreadPoolExecutor().map(boto3.client, ["s3", "sqs"])
        """
    (message,) = messages(text)
    assert message == (
        "boto3.client is handed to ThreadPoolExecutor().map in line 4 and uses the default session in a"
        " thread, and sessions are not thread-safe; make the client before and hand it over, as clients are, or make"
        " a boto3.Session() in each thread"
    )


# --- Across files ---------------------------------------------------------------------------------

UPLOAD = """
    import boto3

    def upload(name):
        boto3.client("s3").upload_file(name, "reports", name)

    class Store:
        def __init__(self, bucket):
            self.bucket = bucket

        def save(self, name):
            boto3.client("s3").upload_file(name, self.bucket, name)
    """
"""`app/upload.py`, with sites in lines 4 and 11."""


def across(files: Mapping[str, str]) -> list[str]:
    """The findings in `app/upload.py` beside other files."""
    whole = {"app/__init__.py": "", "app/upload.py": UPLOAD, **files}
    facts = [facts_of(text, path) for path, text in whole.items()]
    context = together(facts, None, None)[ROOT / "app/upload.py"]
    return [f"{f.code} {f.location.position.line}" for f in check(context, CODES)]


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        pytest.param(
            {"run.py": "from threading import Thread\nfrom app.upload import upload\nThread(target=upload)"},
            [4],
            id="a function of another module",
        ),
        pytest.param(
            {
                "app/run.py": "from threading import Thread\nfrom . import upload\nThread(target=upload.upload)"
            },
            [4],
            id="through its module, relative",
        ),
        pytest.param(
            {
                "app/__init__.py": "from .upload import upload as send",
                "run.py": "import threading, app\nthreading.Thread(target=app.send)",
            },
            [4],
            id="exported again under another name",
        ),
        pytest.param(
            {
                "app/work.py": "from .upload import upload\ndef step(n):\n    upload(n)\ndef work(n):\n    step(n)",
                "run.py": (
                    "from concurrent.futures import ThreadPoolExecutor\nfrom app import work\n"
                    "with ThreadPoolExecutor() as pool:\n    pool.map(work.work, names)"
                ),
            },
            [4],
            id="called by what is handed over, in a third",
        ),
        pytest.param(
            {
                "run.py": (
                    "from threading import Thread\nfrom app.upload import upload\n"
                    "Thread(target=lambda: upload('a'))"
                )
            },
            [4],
            id="in a lambda",
        ),
        pytest.param(
            {
                "run.py": (
                    "import asyncio\nfrom app.upload import Store\nstore = Store('b')\n"
                    "async def go():\n    await asyncio.to_thread(store.save, 'a')"
                )
            },
            [11],
            id="a method of an object",
        ),
        pytest.param(
            {
                "app/base.py": "import threading\nclass Worker(threading.Thread): ...",
                "app/job.py": (
                    "from .base import Worker\nfrom .upload import upload\n"
                    "class Job(Worker):\n    def run(self):\n        upload('a')"
                ),
            },
            [4],
            id="run of a class whose base is a thread elsewhere",
        ),
        pytest.param(
            {
                "run.py": (
                    "import asyncio\nfrom threading import Thread\nfrom app.upload import upload\n"
                    "async def go():\n    upload('a')\ndef start():\n    asyncio.run(go())\nThread(target=start)"
                )
            },
            [4],
            id="by a coroutine that is run there",
        ),
        pytest.param(
            {"run.py": "from app.upload import upload\nupload('a')"}, [], id="not: called without a thread"
        ),
        pytest.param(
            {
                "run.py": (
                    "from threading import Thread, Lock\nfrom app.upload import upload\nlock = Lock()\n"
                    "def work():\n    with lock:\n        upload('a')\nThread(target=work)"
                )
            },
            [],
            id="not: called under a lock",
        ),
        pytest.param(
            {
                "tests/test_run.py": (
                    "from threading import Thread\nfrom app.upload import upload\nThread(target=upload)"
                )
            },
            [],
            id="not: handed over by a test",
        ),
        pytest.param(
            {
                "run.py": (
                    "from threading import Thread\nfrom app.upload import upload\n"
                    "def upload(n): ...\nThread(target=upload)"
                )
            },
            [],
            id="not: another function may have the name",
        ),
        pytest.param(
            {
                "run.py": (
                    "from threading import Thread\nfrom app.upload import Store\n"
                    "class Quiet(Store):\n    def save(self, name): ...\n"
                    "def go(store: Store):\n    Thread(target=store.save)"
                )
            },
            [],
            id="not: a method that a subclass overrides",
        ),
    ],
)
def test_across_files(files: dict[str, str], lines: list[int]) -> None:
    assert across(files) == [f"BSF105 {line}" for line in lines]


def test_what_another_file_made_before() -> None:
    cached = """
        import boto3

        s3 = None

        def get():
            global s3
            if s3 is None:
                s3 = boto3.client("s3")
            return s3
        """
    start = "from threading import Thread\nfrom app.upload import get\nThread(target=get)"
    assert across({"app/upload.py": cached, "run.py": start}) == ["BSF105 8"]
    assert across({"app/upload.py": cached, "run.py": start.replace("\nT", "\nget()\nT")}) == []


def test_the_message_names_the_other_file() -> None:
    start = "from threading import Thread\nfrom app.upload import upload\nThread(target=upload)"
    facts = [facts_of(text, path) for path, text in {"app/upload.py": UPLOAD, "app/run.py": start}.items()]
    (finding,) = check(together(facts, None, None)[ROOT / "app/upload.py"], CODES)
    assert "(upload is handed to Thread in line 3 of app.run)" in finding.message
