"""A file's text in; whether the file is worth parsing at all, out. It needs nothing else of the package: flake8 asks
it of every file."""

from __future__ import annotations

import re

_GAP = rb"(?:\s|\\|#[^\n]*\n)*"
_BLANK = rb"(?:\s|\\)+"
_SITE = re.compile(
    rb"\bboto3"
    + _GAP
    + rb"\)?"
    + _GAP
    + rb"\."
    + _GAP
    + rb"(?:client|resource|assume_role)\b"  # boto3.client
    rb"|\bfrom" + _BLANK + rb"boto3" + _BLANK + rb"import\b"
    rb"|\bboto3" + _BLANK + rb"as\b"
    rb"|=\s*(?:\w+\.)*boto3\b(?!\s*\.)"  # b = boto3
)
_ROLE = re.compile(rb"(?<!\.)\." + _GAP + rb"assume_role\b|\bcreate_assume_role_refresher\b")
_SESSION = re.compile(rb"\bSession\b|\bassume_role\b|\bJumpSession\b")
_TAKES_SESSION = re.compile(
    rb"(?i:\b\w*session\w*)\s*(?::[^=\n]{1,200})?=\s*None\b"
    rb"|\bSession\b[^=\n]*=\s*None\b"  # x: boto3.Session | None = None
)
_MAKES_SESSION = re.compile(rb"\bSession\b|\b_get_default_session\b|\bassume_role\b|\bJumpSession\b")
_HANDLERS = (  # each starts with a word that can be looked for fast
    re.compile(rb"def\s+(?i:\w*handler\b|\w+" + _GAP + rb"\(" + _GAP + rb"\w*(?:event|evt)s?_?\b)"),
    re.compile(rb"lambda\s+(?i:\w*(?:event|evt)s?_?\b)"),
    re.compile(rb"LambdaContext|aws_lambda_powertools|chalice|inject_lambda_context|capture_lambda_handler"),
)
_SESSION_REPLACED = re.compile(
    rb"patch|setattr|setitem|delattr|\bspy\b|\bstub\b|\bboto3\b[\w.]*\s*=[^=]|sys\.modules"
)
_OF_DEFAULT_SESSION = (b"default_session", b"stubber", b"_make_api_call", b"placebo", b"vcr", b"patch_boto3")
"""Without one of these, in lower case, nothing matches the next, which takes longer to look for."""

_DEFAULT_SESSION = re.compile(
    rb"setup_default_session|DEFAULT_SESSION|\bStubber\b|_make_api_call|\bplacebo\b|(?i:\bvcr\b)|patch_boto3"
)


def may_hold_site(text: bytes | str) -> bool:
    """Whether the file can hold a finding: it names boto3's functions, or boto3 under another name; it assumes a
    role; a function in it takes a session; or a Lambda handler in it may make one."""
    data = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    if b"boto3" in data and _SITE.search(data) is not None:
        return True
    if b"assume_role" in data and _ROLE.search(data) is not None:
        return True
    if b"AssumeRoleCredentialFetcher" in data:
        return True
    names_maker = b"boto3" in data or b"aws_assume_role_lib" in data
    if names_maker and _TAKES_SESSION.search(data) is not None:
        return True
    if not names_maker or _SESSION.search(data) is None:
        return False
    return any(handler.search(data) is not None for handler in _HANDLERS)


def may_pass_session(data: bytes) -> bool:
    """Whether a session may be in scope where something in the file calls a function, which may stand in another file."""
    return (b"boto3" in data or b"aws_assume_role_lib" in data) and _MAKES_SESSION.search(data) is not None


def may_decide_form(data: bytes) -> bool:
    """Whether the file can say how far a fix in another file is to be trusted: it names the default
    session, or names boto3 and replaces something, or cans AWS's answers."""
    lowered = data.lower()
    if any(name in lowered for name in _OF_DEFAULT_SESSION) and _DEFAULT_SESSION.search(data) is not None:
        return True
    return b"boto3" in data and _SESSION_REPLACED.search(data) is not None
