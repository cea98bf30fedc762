"""A requirements file of pins in, the packages' unpacked sources out; only pip is asked, nothing is built or run."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[\w.!+]+)$")


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """A release: its name in normal form, and its version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Package:
    """A release whose files lie at and below `sources`."""

    pin: Pin
    sources: Path


def read_pins(text: str) -> tuple[Pin, ...]:
    """The pins of a requirements file, in its order; options and comments are for pip alone.

    Raises:
        ValueError: a line is no exact pin.
    """
    pins = []
    for line in text.splitlines():
        requirement = line.partition("#")[0].strip()
        if not requirement or requirement.startswith("-"):
            continue
        match = _PIN.match(requirement)
        if not match:
            raise ValueError(f"not an exact pin: {requirement!r}")
        pins.append(Pin(normal(match["name"]), match["version"]))
    return tuple(pins)


def normal(name: str) -> str:
    """A distribution's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def chosen(pins: Sequence[Pin], names: Iterable[str]) -> tuple[Pin, ...]:
    """The pins of these names, all of them where no name is given.

    Raises:
        ValueError: a name is not pinned.
    """
    wanted = {normal(name) for name in names}
    if unknown := wanted - {pin.name for pin in pins}:
        raise ValueError(f"not pinned: {', '.join(sorted(unknown))}")
    return tuple(pin for pin in pins if not wanted or pin.name in wanted)


def pin_of(archive: Path) -> Pin | None:
    """The release that a wheel or a source archive holds, None for another file."""
    if archive.suffix == ".whl":
        name, version, *_ = archive.name.split("-")
    elif archive.name.endswith((".tar.gz", ".zip")):
        name, _, version = re.sub(r"\.(tar\.gz|zip)$", "", archive.name).rpartition("-")
    else:
        return None
    return Pin(normal(name), version)


def fetch(requirements: Path, cache: Path, wanted: Iterable[Pin]) -> tuple[Package, ...]:
    """The wanted packages, from the cache; with one missing there, pip downloads what is pinned.

    Raises:
        subprocess.CalledProcessError: pip could not.
        ValueError: pip brought another release than the one that is pinned.
    """
    archives = cache / "archives"
    pins = tuple(wanted)
    if not set(pins) <= _archives(archives).keys():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*command, "--dest", archives, "--requirement", requirements], check=True)
    found = _archives(archives)
    if missing := sorted(set(pins) - found.keys()):
        raise ValueError(f"not downloaded: {', '.join(map(str, missing))}")
    return tuple(
        Package(pin, unpack(found[pin], cache / "sources" / f"{pin.name}-{pin.version}")) for pin in pins
    )


def unpack(archive: Path, target: Path) -> Path:
    """The folder with the archive's files, made if it is not there yet."""
    if not target.exists():
        partial = target.with_name(f"{target.name}.partial")
        partial.mkdir(parents=True, exist_ok=True)
        if archive.name.endswith(".tar.gz"):
            with tarfile.open(archive) as tar:
                tar.extractall(partial, filter="data")
        else:
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(partial)  # noqa: S202 (zipfile keeps members below the folder)
        partial.replace(target)
    inner: Sequence[Path] = tuple(target.iterdir())
    return inner[0] if len(inner) == 1 and archive.name.endswith(".tar.gz") else target


def _archives(folder: Path) -> dict[Pin, Path]:
    found = {pin_of(path): path for path in sorted(folder.glob("*"))}
    return {pin: path for pin, path in found.items() if pin}
