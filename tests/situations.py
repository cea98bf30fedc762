"""The folder of fixtures in; its situations out, and what the tool makes of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


@dataclass(frozen=True, slots=True)
class Situation:
    """A folder of `fixtures/`: the trees before and after, what `check` says, how it is run."""

    folder: Path

    @property
    def name(self) -> str:
        """The situation, in a few words."""
        return self.folder.name

    @property
    def before(self) -> Path:
        """The tree that is given."""
        return self.folder / "before"

    @property
    def after(self) -> Path:
        """The whole tree after the fix."""
        return self.folder / "after"

    @property
    def expected(self) -> Path:
        """What `session-first check .` prints in `before`."""
        return self.folder / "expected.txt"

    @property
    def program(self) -> Path:
        """What drives the tree; not every situation has one."""
        return self.folder / "run.py"

    @property
    def options(self) -> tuple[str, ...]:
        """Further flags for `fix`."""
        path = self.folder / "options.txt"
        return tuple(path.read_text(encoding="utf-8").split()) if path.exists() else ()

    def allows(self, exit_code: int) -> bool:
        """Whether a command may end so: an error (2) only where a file is broken on purpose."""
        return exit_code in {0, 1} or (exit_code == 2 and any(self.before.rglob("*.broken.py")))


SITUATIONS = tuple(Situation(folder) for folder in sorted(FIXTURES.iterdir()) if (folder / "before").is_dir())


def files(tree: Path) -> dict[str, bytes]:
    """The bytes of the tree's files by relative posix path."""
    return {
        path.relative_to(tree).as_posix(): path.read_bytes()
        for path in sorted(tree.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
