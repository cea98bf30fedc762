"""A statement that gets new text in; the name by which boto3 can be read there, and the import that takes, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from session_first.facts.blocks import dominates
from session_first.model import Maker, ModuleFacts, Position, Scoped, SkipReason, Transfer
from session_first.project.assume_role.stop import Stop
from session_first.project.credentials import Credentials, Role

_READS_BOTO3 = re.compile(r"(?<![\w.])boto3\b")


@dataclass(frozen=True, slots=True)
class Boto3:
    """The name of boto3 in a statement; `imports` are the modules that files need for it."""

    name: str = "boto3"
    imports: tuple[tuple[Path, str], ...] = ()

    def put_in(self, text: str) -> str:
        """The text, which says `boto3`, with the name instead."""
        return _READS_BOTO3.sub(self.name, text)


def boto3_in(module: ModuleFacts, transfer: Transfer, makers: Iterable[Maker]) -> Boto3:
    """How boto3 is read in the statement; `makers` are read there now.

    Raises:
        Stop: it is bound on some ways only, and no maker reads it there.
    """
    if any(_READS_BOTO3.search(maker.text) for maker in makers):
        return Boto3()
    scoped = module.values.scopes.get(transfer.function)
    local = None if scoped is None or scoped.position is None else scoped.boto3_import
    if local is not None and scoped is not None and dominates(scoped.boto3_import_path, transfer.path):
        return Boto3()
    if local is None and module.boto3_binding == "unconditional":
        return Boto3()
    for name, line in module.boto3_imports.items():
        if name != "boto3" and line and module.exports.get(name) == "boto3":
            return Boto3(name)
    if local is not None or module.boto3_binding != "absent":
        raise Stop(
            SkipReason.NAME_TAKEN,
            f"the name boto3 is bound in {module.path.name} under a condition only, or as something else; import boto3 itself",
        )
    return Boto3(imports=((module.path, "boto3"),))


def boto3_beside(role: Role, credentials: Credentials) -> Boto3:
    """How boto3 is read where a role is assumed.

    Raises:
        Stop: it is bound on some ways only.
    """
    scopes, here = role.module.values.scopes, role.step.transfer
    makers = [
        maker
        for module, maker, step in credentials.sts_makers(role.module, role.call.receiver) or ()
        if module is role.module
        and (step.transfer.function in {here.function, None} or not imports_boto3(scopes, step.transfer))
    ]
    return boto3_in(role.module, here, makers)


def imports_boto3(scopes: Mapping[Position | None, Scoped], transfer: Transfer) -> bool:
    """Whether the function around has an `import boto3` of its own."""
    scoped = scopes.get(transfer.function)
    return scoped is not None and scoped.position is not None and scoped.boto3_import is not None
