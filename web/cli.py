"""The `rungwise` command. Everything heavy is imported by the command that needs it, so that `--help` is quick."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InvalidValue, RungwiseError, StoreError
from core.values import STEERS
from web.packs import shell
from web.settings import DEVELOPERS, KNOWN, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "parser"]

OK, REFUSED, BAD_INPUT, MISTAKE = 0, 1, 2, 3
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_CODES = "exit codes: 0 done; 1 refused, or something was found; 2 bad input or usage; 3 a mistake in the program"


class NoStore(StoreError):  # noqa: N818 - named as the other errors are
    """A folder holds no store: the command named the wrong one."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code. Whatever goes wrong is one clear sentence on standard error.

    Args:
        argv: arguments without the program's name; those of the process when None.
    """
    arguments = parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader went away, such as `| head`: nobody is left to be told
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except (InvalidValue, NoStore) as error:
        return _told(error, BAD_INPUT)
    except RungwiseError as error:
        return _told(error, REFUSED)
    except Exception as error:  # noqa: BLE001 - a person at a terminal gets a sentence, never a trace
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {at.filename}:{at.lineno}"
        return _told(f"this is a mistake in the program, not yours ({where}); please report it", MISTAKE)
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="rungwise", description="The record and the workbench of an advising team.", epilog=_CODES
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument("--data", metavar="DIR", help="the store's folder (default: data, or RUNGWISE_DATA)")
    _serving(commands, store)
    _importing(commands, store)
    _reading(commands, store)
    shell.add_commands(commands, store)
    _keeping(commands, store)
    return top


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: str,
    about: str,
    *parents: argparse.ArgumentParser,
    epilog: str = _CODES,
) -> argparse.ArgumentParser:
    """Add a command; `run` names the function of `web.commands` that does it."""
    made = commands.add_parser(
        name, help=about, description=about[:1].upper() + about[1:] + ".", parents=parents, epilog=epilog
    )

    def late(arguments: argparse.Namespace) -> int:
        from web import commands as module

        code: int = getattr(module, run)(arguments)
        return code

    made.set_defaults(run=late)
    return made


def _serving(commands: argparse._SubParsersAction[argparse.ArgumentParser], store: argparse.ArgumentParser) -> None:
    one = _add(commands, "serve", "serve", "serve the pages until Ctrl-C", store)
    one.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    one.add_argument("--port", help="port to listen on (default 8000)")
    one.add_argument("--workers", help="worker processes (default 3)")
    one.add_argument("--threads", help="threads of each worker (default 2)")
    kind = one.add_mutually_exclusive_group()
    kind.add_argument("--demo", action="store_true", help="make a store with a fictional school, where there is none")
    kind.add_argument("--empty", action="store_true", help="make an empty store, where there is none")
    one.add_argument("--steward-name", metavar="NAME", help="with --empty: who manages members and settings")
    one.add_argument("--steward-email", metavar="EMAIL", help="with --empty: with which they sign in")
    one.add_argument("--password", help="with --empty: better in RUNGWISE_STEWARD_PASSWORD, or asked for")
    one.add_argument("--institution", metavar="NAME", help="with --empty: name of the institution")
    one.add_argument("--time-zone", metavar="ZONE", help="with --empty: such as America/Chicago")


def _importing(commands: argparse._SubParsersAction[argparse.ArgumentParser], store: argparse.ArgumentParser) -> None:
    one = _add(commands, "import", "import_roster", "show what a roster file would do, and with --apply do it", store)
    one.add_argument("file", metavar="FILE", help="a CSV file")
    one.add_argument("--cycle", required=True, metavar="YEAR", help="the match year, which names the cohort")
    one.add_argument("--as", dest="actor", required=True, metavar="EMAIL", help="the lead who imports")
    write = one.add_mutually_exclusive_group()
    write.add_argument("--dry-run", action="store_true", help="only show it (the default)")
    write.add_argument("--apply", action="store_true", help="write it; faulty rows are left out")


def _reading(commands: argparse._SubParsersAction[argparse.ArgumentParser], store: argparse.ArgumentParser) -> None:
    one = _add(commands, "evaluate", "evaluate", "evaluate a case by the built-in packs and print the result as JSON")
    one.add_argument("file", metavar="FILE", help="a JSON file, or - for standard input")
    money = _add(commands, "income", "income", "compare the income of paths and print the result as JSON")
    money.add_argument("file", metavar="FILE", help="a scenario in TOML or JSON, or - for standard input")
    again = _add(commands, "explain", "explain", "evaluate a decision record again and say what matches")
    again.add_argument("file", metavar="FILE", help="the JSON of a decision record, or - for standard input")
    journey = commands.add_parser("journey", help="look at a journey", epilog=_CODES)
    below = journey.add_subparsers(title="commands", required=True, metavar="COMMAND")
    show = _add(below, "show", "show_journey", "show a student's journey, with all its events", store)
    show.add_argument("reference", metavar="REF", help="the school's own reference of the student")
    show.add_argument("--cycle", metavar="YEAR", help="where the student has journeys of several years")
    show.add_argument("--system", metavar="SYSTEM", help="where they have several in one year, such as nrmp or aua")
    show.add_argument("--json", action="store_true", help="as JSON")


def _keeping(commands: argparse._SubParsersAction[argparse.ArgumentParser], store: argparse.ArgumentParser) -> None:
    log = commands.add_parser("log", help="look after the journal", epilog=_CODES)
    below = log.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add(below, "verify", "log_verify", "walk the whole journal and say what is wrong with it", store)
    views = commands.add_parser("views", help="look after the read models", epilog=_CODES)
    below = views.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add(below, "status", "views_status", "say how far the read models are (1 when they are degraded)", store)
    _add(below, "rebuild", "views_rebuild", "make the read models again from the journal", store)
    save = _add(commands, "backup", "backup", "copy the whole store, while people work", store)
    save.add_argument("destination", metavar="DEST", help="a folder that does not exist yet")
    save.add_argument("--with-master-key", action="store_true", help="put the key in too: who has the copy can read it")
    back = _add(commands, "restore", "restore", "bring a backup back; erasures recorded since are repeated", store)
    back.add_argument("source", metavar="SRC", help="a folder made by rungwise backup")
    back.add_argument("--replace", action="store_true", help="in place of the store there, which is kept beside it")
    back.add_argument("--without-erasures", action="store_true", help="although those recorded since cannot be read")
    known = "environment: " + ", ".join(sorted(KNOWN - DEVELOPERS))
    doctor = _add(
        commands, "doctor", "doctor", "check everything that carries a promise", store, epilog=f"{known}. {_CODES}"
    )
    doctor.add_argument("--deep", action="store_true", help="also open every event")
    again = _add(commands, "link", "link", "make a link with which a member sets a new password", store)
    again.add_argument("email", metavar="EMAIL", help="of the member")
    again.add_argument("--url", help="where members reach the server, such as https://rungwise.school.example")


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings that arguments and environment give."""
    names = ("data", "host", "port", "workers", "threads")
    return Settings.from_env(os.environ, **{name: getattr(arguments, name, None) for name in names})


def store_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings of a command that opens a store.

    Raises:
        NoStore: there is none in the folder.
    """
    settings = settings_of(arguments)
    if not any((settings.data_dir / name).exists() for name in ("journal.db", "keys.db")):
        raise NoStore(f"there is no store at {settings.data_dir} (--data DIR names another)")
    return settings


def read_bytes(file: str) -> bytes:
    """Return what is in a file, or on standard input for "-".

    Raises:
        InvalidValue: it cannot be read.
    """
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InvalidValue("file", file, f"a file that can be read; {error.strerror}") from None


def _told(error: object, code: int) -> int:
    print(STEERS.sub("", f"rungwise: {error}"), file=sys.stderr)  # noqa: T201 - the command line speaks by printing
    return code
