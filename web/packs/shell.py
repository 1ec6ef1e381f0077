"""The `rungwise pack` commands: what they are called and what they take.

A command's work is imported when it runs, so that `--help` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Add = Callable[..., argparse.ArgumentParser]

__all__ = ["add_commands"]

_DOCS = "docs/packs.md walks from a new pack to a published one. exit codes: 0 done; 1 something was found; 2 bad input"


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    store: argparse.ArgumentParser,  # noqa: ARG001 - for what publishes
) -> None:
    """Add `pack` and the commands below it.

    Args:
        commands: those of `rungwise`.
        store: the parser of what every command takes that opens a store.
    """
    pack = commands.add_parser("pack", help="write, check, try and publish packs", epilog=_DOCS)
    below = pack.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _writing(below)


def add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: str,
    about: str,
    *parents: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    """Add a command.

    Args:
        commands: those of `rungwise pack`.
        name: what it is called.
        run: the module and function that do it, such as "web.packs.folder:check".
        about: one line about it.
        parents: parsers of further arguments.
    """
    made = commands.add_parser(
        name, help=about, description=about[:1].upper() + about[1:] + ".", parents=parents, epilog=_DOCS
    )
    module, _, function = run.partition(":")

    def late(arguments: argparse.Namespace) -> int:
        code: int = getattr(import_module(module), function)(arguments)
        return code

    made.set_defaults(run=late)
    return made


def _writing(below: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = add(below, "new", "web.packs.folder:new", "write the folder of a new pack, complete and commented")
    one.add_argument("name", metavar="NAME", help="such as ophthalmology; that of a built-in pack copies it")
    one.add_argument("--in", dest="parent", metavar="DIR", default=".", help="where the folder goes (default: here)")
    one = add(below, "check", "web.packs.folder:check", "say what is wrong with a pack, with file, line and key")
    one.add_argument("folder", metavar="DIR", help="a pack's folder, or its pack.toml")
    one = add(below, "test", "web.packs.folder:test", "run the fixtures of a pack")
    one.add_argument("folder", metavar="DIR", help="a pack's folder, or its pack.toml")
