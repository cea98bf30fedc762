"""A flow of credentials in; the edits that make it one of sessions, or why there are none, out.

`rewritten` leads through it. `role_plan` says which session assumes each role, and with what. `carriers`, `parts`, `aliases`,
`branches`, `merged` and `names` settle what becomes of each variable, and `behind` says which session is in a value's place.
With that, `sinks`, `steps`, `role_call`, `renamed` and `annotated` each change their part of the text.
"""

from session_first.project.assume_role.changes import DefaultParent, Site, first_name
from session_first.project.assume_role.rewritten import Rewritten, rewrite_flow
from session_first.project.assume_role.surroundings import Surroundings

__all__ = [
    "DefaultParent",
    "Rewritten",
    "Site",
    "Surroundings",
    "first_name",
    "rewrite_flow",
]
