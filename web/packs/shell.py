"""The `rungwise pack` commands: what they are called and what they take.

A command's work is imported when it runs, so that `--help` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

__all__ = ["add_commands"]

_DOCS = "docs/packs.md walks from a new pack to a published one. exit codes: 0 done; 1 something was found; 2 bad input"


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    store: argparse.ArgumentParser,
) -> None:
    """Add `pack` and the commands below it.

    Args:
        commands: those of `rungwise`.
        store: the parser of what every command takes that opens a store.
    """
    pack = commands.add_parser("pack", help="write, check, try and publish packs", epilog=_DOCS)
    below = pack.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _writing(below)
    _changing(below, store)
    _handing(below, store)


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


def _changing(below: argparse._SubParsersAction[argparse.ArgumentParser], store: argparse.ArgumentParser) -> None:
    one = add(
        below, "preview", "web.packs.store:preview", "say which past students a pack would advise otherwise", store
    )
    one.add_argument("folder", metavar="DIR", help="a pack's folder, or its pack.toml")
    one.add_argument("--all", action="store_true", help="list them all, by number and never by name")
    one = add(below, "propose", "web.packs.store:propose", "propose a pack, which another person approves", store)
    one.add_argument("folder", metavar="DIR", help="a pack's folder, or its pack.toml")
    _about(one, "the lead or steward who proposes it")
    one = add(below, "withdraw", "web.packs.store:withdraw", "propose to take a pack out of the playbook", store)
    one.add_argument("name", metavar="NAME", help="of the pack, as rungwise pack list shows it")
    _about(one, "the lead or steward who proposes it")
    one = add(below, "approve", "web.packs.store:approve", "approve what another person proposed", store)
    one.add_argument("number", metavar="NUMBER", help="of the proposal, as rungwise pack list shows it")
    _acting(one, "the lead or steward who approves it")
    one = add(below, "decline", "web.packs.store:decline", "decline a proposal, or take back your own", store)
    one.add_argument("number", metavar="NUMBER", help="of the proposal, as rungwise pack list shows it")
    one.add_argument("--reason", metavar="TEXT", required=True, help="why")
    _acting(one, "the lead or steward who declines it")
    one = add(
        below, "list", "web.packs.store:list_packs", "list packs, drafts, proposals and trusted publishers", store
    )
    one.add_argument("--specialties", action="store_true", help="list the specialties that a ladder may name instead")


def _handing(below: argparse._SubParsersAction[argparse.ArgumentParser], store: argparse.ArgumentParser) -> None:
    one = add(
        below, "export", "web.packs.store:export", "write a pack of the institution's own as a signed file", store
    )
    one.add_argument("name", metavar="NAME", help="of the draft, as rungwise pack list shows it")
    one.add_argument("--to", metavar="FILE", help="which file to make (default: NAME.rungpack)")
    _acting(one, "the lead or steward who hands it over")
    one = add(below, "import", "web.packs.store:import_file", "take the pack of a signed file in as a draft", store)
    one.add_argument("file", metavar="FILE", help="the file, or - for standard input")
    one.add_argument("--confirm", action="store_true", help="a steward takes it although its signature is not trusted")
    _acting(one, "the lead or steward who takes it in")
    add(below, "key", "web.packs.store:key", "print the public key under which this institution signs packs", store)
    one = add(below, "trust", "web.packs.store:trust", "trust packs that are signed under a public key", store)
    one.add_argument("public_key", metavar="KEY", help="as the other institution's rungwise pack key prints it")
    one.add_argument("--name", metavar="NAME", required=True, help="whose key it is")
    _acting(one, "the steward who trusts them")
    one = add(below, "forget", "web.packs.store:forget", "trust a publisher no more", store)
    one.add_argument("public_key", metavar="KEY", help="as rungwise pack list shows it")
    _acting(one, "the steward who does so")


def _about(one: argparse.ArgumentParser, who: str) -> None:
    one.add_argument("--note", metavar="TEXT", required=True, help="what changes, and why")
    one.add_argument("--on", metavar="DATE", help="from which day it counts, as YYYY-MM-DD (default: today)")
    _acting(one, who)


def _acting(one: argparse.ArgumentParser, who: str) -> None:
    one.add_argument("--as", dest="actor", required=True, metavar="EMAIL", help=who)
