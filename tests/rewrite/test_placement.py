"""Where an import without a place of its own goes among a module's imports."""

from __future__ import annotations

import pytest

from session_first.model import AddImport
from tests.analysis import code
from tests.rewrite.places import rewritten

BOTO3 = AddImport("boto3")
OPTIONAL = AddImport("typing", "Optional")
GUARDED = AddImport("boto3", type_checking=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            import os
            import sys

            import click
            import requests

            from .mine import x
            """,
            """
            import os
            import sys

            import boto3
            import click
            import requests

            from .mine import x
            """,
            id="first of the third-party imports",
        ),
        pytest.param(
            """
            import attr

            # for the table
            import click
            from botocore.config import Config
            """,
            """
            import attr
            import boto3

            # for the table
            import click
            from botocore.config import Config
            """,
            id="last of a group",
        ),
        pytest.param(
            """
            import attr
            # for the table
            import click
            from botocore.config import Config
            """,
            """
            import attr
            import boto3
            # for the table
            import click
            from botocore.config import Config
            """,
            id="not between a comment and its import",
        ),
        pytest.param(
            """
            import os

            # third party
            import click
            import requests
            """,
            """
            import os

            # third party
            import click
            import boto3
            import requests
            """,
            id="under a heading",
        ),
        pytest.param(
            """
            import attr
            from botocore.config import Config
            from zope import interface
            """,
            """
            import attr
            import boto3
            from botocore.config import Config
            from zope import interface
            """,
            id="plain imports first",
        ),
        pytest.param(
            """
            import attr
            from botocore.config import Config
            import click
            """,
            """
            import attr
            import boto3
            from botocore.config import Config
            import click
            """,
            id="sorted by module alone",
        ),
        pytest.param(
            """
            import requests
            import click
            from attr import define
            """,
            """
            import requests
            import click
            import boto3
            from attr import define
            """,
            id="in no order",
        ),
        pytest.param(
            """
            import os
            import sys

            from .mine import x
            """,
            """
            import os
            import sys

            import boto3

            from .mine import x
            """,
            id="a group of its own",
        ),
        pytest.param(
            """
            import os
            from .mine import x
            x()
            """,
            """
            import os
            import boto3
            from .mine import x
            x()
            """,
            id="groups without blank lines",
        ),
        pytest.param(
            """
            # about mine
            from . import mine
            """,
            """
            # about mine

            import boto3

            from . import mine
            """,
            id="below the file's first comment",
        ),
        pytest.param(
            """
            #!/usr/bin/env python

            # about mine
            from . import mine
            """,
            """
            #!/usr/bin/env python

            import boto3

            # about mine
            from . import mine
            """,
            id="above another comment",
        ),
        pytest.param(
            """
            import os
            import project.mine

            def f(): pass

            import yaml
            """,
            """
            import os
            import boto3
            import project.mine

            def f(): pass

            import yaml
            """,
            id="the project's own come later, and what is below a function does not count",
        ),
        pytest.param(
            """
            try:
                import yaml
            except ImportError:
                yaml = None
            """,
            """
            import boto3

            try:
                import yaml
            except ImportError:
                yaml = None
            """,
            id="not in a try",
        ),
        pytest.param(
            '''
            """Doc."""
            from __future__ import annotations
            x = 1
            ''',
            '''
            """Doc."""
            from __future__ import annotations

            import boto3

            x = 1
            ''',
            id="after the future",
        ),
        pytest.param(
            '''
            """Doc."""


            def f():
                pass
            ''',
            '''
            """Doc."""

            import boto3


            def f():
                pass
            ''',
            id="after the docstring",
        ),
        pytest.param(
            """
            #!/usr/bin/env python
            # -*- coding: utf-8 -*-
            # Licence

            # about x
            @x
            def f():
                pass
            """,
            """
            #!/usr/bin/env python
            # -*- coding: utf-8 -*-
            # Licence

            import boto3

            # about x
            @x
            def f():
                pass
            """,
            id="after the first comments",
        ),
        pytest.param("@x\ndef f(): pass", "import boto3\n\n\n@x\ndef f(): pass", id="before a function"),
        pytest.param("x = 1\n", "import boto3\n\nx = 1\n", id="before anything else"),
        pytest.param("", "import boto3\n", id="empty file"),
        pytest.param("# c", "# c\n\nimport boto3", id="only a comment, no last newline"),
        pytest.param(
            "import os; import sys \\\n\nx = 1\n",
            "import os; import sys \\\n\nimport boto3\n\nx = 1\n",
            id="semicolon, and a backslash before the blank line",
        ),
        pytest.param("import click\r\n\r\nx\r\n", "import boto3\r\nimport click\r\n\r\nx\r\n", id="CRLF"),
        pytest.param("import click\rx\r", "import boto3\rimport click\rx\r", id="CR"),
        pytest.param("import attr", "import attr\nimport boto3", id="no last newline"),
        pytest.param("x\x0c\n", "import boto3\n\nx\x0c\n", id="form feed"),
        pytest.param("import boto3.session\n", "import boto3.session\n", id="bound by a submodule's import"),
        pytest.param("import os, boto3\n", "import os, boto3\n", id="bound beside another"),
        pytest.param("import boto3 as b\n", "import boto3 as b\nimport boto3\n", id="bound by another name"),
        pytest.param(
            "def f():\n    import boto3\n", "import boto3\n\n\ndef f():\n    import boto3\n", id="in f only"
        ),
    ],
)
def test_module(before: str, after: str) -> None:
    assert rewritten(code(before), BOTO3) == code(after)
    assert rewritten(code(after), BOTO3) == code(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("from typing import Any, Union", "from typing import Any, Optional, Union", id="sorted"),
        pytest.param(
            "from typing import Union, Any", "from typing import Union, Any, Optional", id="in no order"
        ),
        pytest.param(
            "from typing import (Any)  # c", "from typing import (Any, Optional)  # c", id="brackets"
        ),
        pytest.param("from typing import Any as A", "from typing import Any as A, Optional", id="alias"),
        pytest.param(
            "from typing import (\n    Any,  # a\n    Union,\n)",
            "from typing import (\n    Any,  # a\n    Optional,\n    Union,\n)",
            id="one a line",
        ),
        pytest.param(
            "from typing import (\n    Any,  # a\n    cast  # c\n)",
            "from typing import (\n    Any,  # a\n    Optional,\n    cast  # c\n)",
            id="classes before functions",
        ),
        pytest.param(
            "from typing import (Any,\n                    List)",
            "from typing import (Any,\n                    List,\n                    Optional)",
            id="aligned",
        ),
        pytest.param(
            "from typing import (Any, Dict,\n    Union)",
            "from typing import (Any, Dict,\n    Optional, Union)",
            id="several a line",
        ),
        pytest.param(
            "import typing; from typing import Any; x",
            "import typing; from typing import Any, Optional; x",
            id="semicolons",
        ),
        pytest.param("from typing import *", "from typing import *\nfrom typing import Optional", id="star"),
        pytest.param(
            "from .typing import Any", "from typing import Optional\n\nfrom .typing import Any", id="own"
        ),
        pytest.param(
            "from typing import Optional as O", "from typing import Optional, Optional as O", id="as"
        ),
        pytest.param("from typing import Optional", "from typing import Optional", id="there"),
        pytest.param(
            "import re\nfrom zipfile import ZipFile",
            "import re\nfrom typing import Optional\nfrom zipfile import ZipFile",
            id="a line of its own",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_name(before: str, after: str, newline: str) -> None:
    text = f"{before}\n\nx = 'é'".replace("\n", newline)
    assert rewritten(text, OPTIONAL) == f"{after}\n\nx = 'é'".replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            import os
            from typing import Any

            import click


            class A:
              pass
            """,
            """
            import os
            from typing import TYPE_CHECKING, Any

            import click

            if TYPE_CHECKING:
              import boto3


            class A:
              pass
            """,
            id="a new block after the imports",
        ),
        pytest.param(
            """
            import typing
            import click
            """,
            """
            import typing
            import click

            if typing.TYPE_CHECKING:
                import boto3
            """,
            id="typing by its own name",
        ),
        pytest.param(
            """
            x = 1
            """,
            """
            from typing import TYPE_CHECKING

            if TYPE_CHECKING:
                import boto3

            x = 1
            """,
            id="no imports",
        ),
        pytest.param(
            """
            from typing import TYPE_CHECKING

            if TYPE_CHECKING:
            \t# about c
            \tfrom c import d
            \timport attr  # e
            """,
            """
            from typing import TYPE_CHECKING

            if TYPE_CHECKING:
            \t# about c
            \tfrom c import d
            \timport attr  # e
            \timport boto3
            """,
            id="into a block",
        ),
        pytest.param(
            """
            import typing as t
            if t.TYPE_CHECKING:
                import attr

                from . import mine
            else:
                mine = None
            """,
            """
            import typing as t
            if t.TYPE_CHECKING:
                import attr
                import boto3

                from . import mine
            else:
                mine = None
            """,
            id="into its group of a block",
        ),
        pytest.param(
            """
            if TYPE_CHECKING:
                from . import mine
            """,
            """
            if TYPE_CHECKING:
                import boto3

                from . import mine
            """,
            id="above the project's own in a block",
        ),
        pytest.param(
            """
            if TYPE_CHECKING:
                from collections.abc import Iterator

            x = 1
            """,
            """
            if TYPE_CHECKING:
                from collections.abc import Iterator

                import boto3

            x = 1
            """,
            id="below the standard library in a block",
        ),
        pytest.param(
            """
            if TYPE_CHECKING:
                from collections.abc import Iterator

                from . import mine
            """,
            """
            if TYPE_CHECKING:
                from collections.abc import Iterator

                import boto3

                from . import mine
            """,
            id="between them",
        ),
        pytest.param(
            """
            if TYPE_CHECKING:
                from collections.abc import Iterator
                from . import mine
            """,
            """
            if TYPE_CHECKING:
                from collections.abc import Iterator
                from . import mine
                import boto3
            """,
            id="into a block without sections",
        ),
        pytest.param(
            """
            if TYPE_CHECKING: import attr
            """,
            """
            if TYPE_CHECKING: import boto3; import attr
            """,
            id="into a one-line block",
        ),
        pytest.param(
            """
            if TYPE_CHECKING:
                # aliases
                Name = str
            """,
            """
            if TYPE_CHECKING:
                import boto3
                # aliases
                Name = str
            """,
            id="into a block without imports",
        ),
        pytest.param(
            """
            if TYPE_CHECKING:
                import boto3
            """,
            """
            if TYPE_CHECKING:
                import boto3
            """,
            id="there",
        ),
        pytest.param(
            """
            import boto3
            """,
            """
            import boto3
            """,
            id="there for all",
        ),
    ],
)
def test_type_checking(before: str, after: str) -> None:
    assert rewritten(code(before), GUARDED) == code(after)
    assert rewritten(code(after), GUARDED) == code(after)


def test_all_at_once_and_with_other_edits() -> None:
    text = "from typing import Any\n\nfrom boto3 import client\n"
    assert rewritten(text, GUARDED, OPTIONAL, AddImport("attr", "define")) == (
        "from typing import TYPE_CHECKING, Any, Optional\n"
        "\n"
        "from attr import define\n"
        "from boto3 import client\n"
        "\n"
        "if TYPE_CHECKING:\n"
        "    import boto3\n"
    )


@pytest.mark.parametrize("edits", [(GUARDED, BOTO3), (BOTO3, GUARDED)], ids=["first", "last"])
def test_type_checking_is_served_by_an_import_that_runs(edits: tuple[AddImport, ...]) -> None:
    assert rewritten("import yaml\n", *edits) == "import boto3\nimport yaml\n"
