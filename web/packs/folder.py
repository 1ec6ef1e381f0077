"""The commands on a pack's folder: they need no store, and what they say is for a person at a terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import Conflict, InvalidValue
from core.values import STEERS
from plugins.data_pack import FILE, READABLE
from plugins.host import load
from plugins.kit.check import Known
from plugins.kit.check import check as findings_of
from plugins.kit.new import new_pack
from web.cli import OK, REFUSED
from web.house import system_clock
from web.packs.fixtures import fixtures_of

if TYPE_CHECKING:
    import argparse

    from plugins.kit.check import Finding

__all__ = ["check", "checked", "new", "read_folder", "test"]


def new(arguments: argparse.Namespace) -> int:
    """Write the folder of a new pack."""
    folder = Path(arguments.parent, arguments.name)
    text = new_pack(arguments.name, load().packs, system_clock().year)
    if folder.exists():
        raise Conflict(f"{folder} is there already (a name that is free, or --in another folder)")
    try:
        folder.mkdir(parents=True)
        (folder / FILE).write_text(text, "utf-8")
    except OSError as error:
        raise InvalidValue("--in", arguments.parent, f"a folder that can be written; {error.strerror}") from None
    _say(f"Written: {folder / FILE}. It has no findings; make it yours, then:")
    _say(f"  rungwise pack check {folder}", f"  rungwise pack test {folder}")
    return OK


def check(arguments: argparse.Namespace) -> int:
    """Say what is wrong with a pack; 1 when something is."""
    name, text, file = read_folder(arguments.folder)
    return REFUSED if _told(name, checked(name, text, file)) else OK


def test(arguments: argparse.Namespace) -> int:
    """Run the fixtures of a pack; 1 when one comes out otherwise, or the pack has faults."""
    name, text, file = read_folder(arguments.folder)
    faults = checked(name, text, file)
    if faults:
        _told(name, faults)
        return REFUSED
    results = fixtures_of(name, text, load().packs)
    for one in results:
        _say(f"{'differs' if one.wrong else 'ok     '}  {file}:{one.line}: {one.name}")
        _say(*(f"           {line}" for line in one.wrong))
    apart = sum(bool(one.wrong) for one in results)
    if not results:
        _say(f"{name} has no fixtures: add [[fixtures]], so that a change that decides otherwise is noticed.")
    else:
        _say(f"Different: {apart} of {len(results)}." if apart else f"As expected: {len(results)} of {len(results)}.")
    return REFUSED if apart else OK


def read_folder(path: str) -> tuple[str, str, Path]:
    """Return name, text and file of a pack.

    Args:
        path: the pack's folder, or the pack.toml in it.

    Raises:
        InvalidValue: there is no readable pack.toml.
    """
    given = Path(path)
    file = given if given.name == FILE else given / FILE
    try:
        return file.resolve().parent.name, file.read_text("utf-8-sig"), file  # some editors put a mark in front
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InvalidValue("pack", str(file), f"{READABLE}; {reason}") from None


def checked(name: str, text: str, file: Path) -> list[Finding]:
    """Return what is wrong with a pack beside those that are built in or installed."""
    found = findings_of(name, text, Known.of(load().packs, name))
    return [replace(one, file=str(file)) for one in found]


def _told(name: str, found: list[Finding]) -> int:
    _say(*map(str, found))
    _say(f"{len(found)} to mend in {name}." if found else f"{name}: no findings.")
    return len(found)


def _say(*lines: str) -> None:
    for line in lines:
        print(STEERS.sub("", line))  # noqa: T201 - the command line speaks by printing
