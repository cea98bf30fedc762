"""A file and its edits in, the file's new bytes out: the one importer of libcst."""

from session_first.rewrite.engine import rewrite
from session_first.rewrite.error import RewriteError

__all__ = ["RewriteError", "rewrite"]
