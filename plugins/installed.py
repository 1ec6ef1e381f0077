"""The code plugins that are installed beside us, found without importing one of them, and the digest of their files.

A plugin is a distribution with an entry point of the group "rungwise". A steward approves the digest of the
distribution's files, so that what runs is what was approved.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import Distribution, EntryPoint

__all__ = ["GROUP", "Found", "Installed"]

GROUP: Final = "rungwise"
# Written by installers, and another each time; bytecode is made from the files that count.
_NOT_OURS: Final = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_cache.json"}
_BYTECODE: Final = "__pycache__"
_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Installed:
    """A code plugin.

    Args:
        name: of the entry point, and of the pack it brings.
        entry: what the entry point names, such as "space.hooks".
        distribution: that brings it; `version` and `title` are its own.
        files: everything that belongs to it.
        path: where Python looks for modules.
        wrong: why its code cannot be told apart from other code; "" = it can.
    """

    name: str
    entry: str
    distribution: str
    version: str
    title: str
    files: tuple[Path, ...]
    path: tuple[str, ...]
    wrong: str

    @cached_property
    def root(self) -> Path:
        """The folder in which the files lie."""
        return next((Path(one) for one in self.path if any(file.is_relative_to(one) for file in self.files)), Path())

    def digest(self) -> str:
        """Return the digest of the files: every name and every byte; it is read again only when a file changed."""
        marks = tuple(self._marks())
        held: tuple[tuple[object, ...], str] | None = self.__dict__.get("_held")
        if held is None or held[0] != marks:
            held = (marks, self._read())
            self.__dict__["_held"] = held
        return held[1]

    def _marks(self) -> Iterator[object]:
        """Yield what changes with a file; folders are asked too, for a file may be added."""
        for path in (*self.files, *sorted({file.parent for file in self.files})):
            try:
                found = path.stat()
            except OSError:
                yield path, None
            else:
                yield path, found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> str:
        whole = hashlib.sha256()
        for path in sorted({*self.files, *_beside(self.files)}):
            name = str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)
            whole.update(f"{name}\0{_digest_of(path)}\n".encode())
        return f"sha256:{whole.hexdigest()}"


class Found:
    """The installed plugins, looked for again only when something was installed or removed."""

    def __init__(self) -> None:
        self._held: tuple[tuple[object, ...], tuple[Installed, ...]] | None = None

    def plugins(self) -> tuple[Installed, ...]:
        """Return them by name."""
        marks = tuple(_folder_mark(one) for one in sys.path)
        if self._held is None or self._held[0] != marks:
            self._held = (marks, tuple(_named_apart(_look())))
        return self._held[1]


def _folder_mark(name: str) -> tuple[str, int]:
    try:
        return name, os.stat(name or ".").st_mtime_ns  # noqa: PTH116 - asked on every page; a Path costs ten times it
    except OSError:
        return name, 0


def _look() -> list[Installed]:
    found: dict[tuple[str, str], Installed] = {}
    for one in distributions():
        for point in one.entry_points:
            if point.group == GROUP:
                made = _installed(point, one)
                found.setdefault((made.name, made.distribution), made)
    return [found[key] for key in sorted(found)]


def _named_apart(found: list[Installed]) -> Iterator[Installed]:
    """Yield one plugin of each name; where two distributions bring it, nobody can say which is meant."""
    for name in sorted({one.name for one in found}):
        alike = [one for one in found if one.name == name]
        owners = " and ".join(one.distribution for one in alike)
        yield alike[0] if len(alike) == 1 else replace(alike[0], wrong=_TWICE.format(owners))


_TWICE: Final = "the distributions {} both bring a plugin of this name: remove one of them"


def _installed(point: EntryPoint, one: Distribution) -> Installed:
    located = [Path(str(one.locate_file(file))) for file in one.files or ()]
    files = tuple(
        sorted(path for path in located if path.name not in _NOT_OURS and _BYTECODE not in path.parts and path.exists())
    )
    about = one.metadata
    return Installed(
        name=point.name,
        entry=point.value,
        distribution=str(about["Name"]),
        version=str(about["Version"]),
        title=str(about["Summary"] or point.name),
        files=files,
        path=tuple(sys.path),
        wrong="" if _holds(files, point.module) else _ELSEWHERE.format(point.module, about["Name"]),
    )


_ELSEWHERE: Final = (
    "the module {} is not among the files of the distribution {}: install it as a wheel and not from a folder"
)


def _holds(files: tuple[Path, ...], module: str) -> bool:
    """Say whether a module lies among the files, so that the digest speaks of it."""
    top = module.partition(".")[0]
    return any(top in (path.stem, path.parent.name) for path in files if path.suffix in (".py", ".so"))


def _beside(files: tuple[Path, ...]) -> Iterator[Path]:
    """Yield everything in the packages of the distribution: a file that was added later is theirs too."""
    for folder in {path.parent for path in files if path.name == "__init__.py"}:
        yield from (one for one in folder.rglob("*") if one.is_file() and _BYTECODE not in one.parts)


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "gone"
