"""What each command of `rungwise` does; `web.cli` says what they are called and what they take."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import InvalidValue, NotFound
from core.values import CYCLES, STEERS
from web.cli import BAD_INPUT, OK, REFUSED, read_bytes, settings_of, store_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from core.advising.roster import RosterPlan
    from projections.journey import Found
    from projections.sheet import JourneySheet
    from web.house import House
    from web.settings import Settings

__all__ = [
    "backup",
    "doctor",
    "evaluate",
    "explain",
    "import_roster",
    "income",
    "link",
    "log_verify",
    "restore",
    "serve",
    "show_journey",
    "views_rebuild",
    "views_status",
]


def serve(arguments: argparse.Namespace) -> int:
    """Make the store where there is none, and serve it."""
    from web import serve as server
    from web.first_start import prepare

    settings = settings_of(arguments)
    server.refuse_clashes()
    server.refuse_taken_port(settings)
    told = prepare(settings, os.environ, arguments)

    def ready() -> None:
        _say(f"Rungwise is at {server.address(settings)}", *told, "Ctrl-C ends it.")

    server.serve(settings, os.environ, ready=ready)
    return OK


def import_roster(arguments: argparse.Namespace) -> int:
    """Show what a roster would do; with --apply, do it."""
    from core.advising import roster
    from core.people.member import member_id

    content = read_bytes(arguments.file)
    if not arguments.cycle.isdigit():
        raise InvalidValue("--cycle", arguments.cycle, "a match year such as 2026")
    if int(arguments.cycle) not in CYCLES:
        raise InvalidValue("--cycle", arguments.cycle, f"a match year from {CYCLES.start} to {CYCLES.stop - 1}")
    with closing(_house(store_of(arguments))) as house:
        try:
            who = house.desk.principal(str(member_id(house.desk.journal.keys, arguments.actor)))
        except NotFound:
            raise InvalidValue("--as", arguments.actor, "the e-mail address of a member") from None
        command = roster.ImportRoster(
            command_id=os.urandom(16).hex(),
            cycle=int(arguments.cycle),
            file_name=Path(arguments.file).name,
            content=content,
        )
        plan = roster.preview(house.desk, who, command)
        _say(*_plan_lines(plan))
        if not plan.writes:
            _say("There is nothing to write.")
        elif arguments.apply:
            roster.apply(house.desk, who, command)
            _say(f"Written: {plan.writes} rows.")
        else:
            _say("Nothing is written; --apply writes it.")
    return REFUSED if plan.counts["faulty"] else OK


def evaluate(arguments: argparse.Namespace) -> int:
    """Evaluate a case; needs no store."""
    from core.decision.playbook import Playbook
    from plugins.host import load_packs, playbook_content
    from web import contract

    text = read_bytes(arguments.file)
    playbook = Playbook.from_content(playbook_content("built-in", load_packs()))
    try:
        result = contract.evaluate_text(text, playbook)
    except contract.BadRequest as error:
        for fault in error.faults:
            _complain(fault)
        return BAD_INPUT
    _say(json.dumps(result, indent=2, ensure_ascii=False))
    return OK


def income(arguments: argparse.Namespace) -> int:
    """Compare the paths of a scenario; needs no store."""
    from core.income import BadScenario
    from plugins.host import load_packs, playbook_content
    from plugins.income import load_tables
    from web import income as money

    text = read_bytes(arguments.file)
    try:
        result = money.answer(text, load_tables(), playbook_content("built-in", load_packs()))
    except BadScenario as error:
        for fault in error.faults:
            _complain(str(fault))
        return BAD_INPUT
    _say(json.dumps(result, indent=2, ensure_ascii=False))
    return OK


def explain(arguments: argparse.Namespace) -> int:
    """Evaluate a decision record again; 1 when something differs. Needs no store."""
    from web.contract import BadRequest
    from web.packet.explain import explain as hold_against

    try:
        found = hold_against(read_bytes(arguments.file))
    except BadRequest as error:
        for fault in error.faults:
            _complain(fault)
        return BAD_INPUT
    apart = [one for one in found if not one.matches]
    _say(*(f"{'ok     ' if one.matches else 'differs'}  {one.what}: {one.words}" for one in found))
    _say(f"{len(apart)} of {len(found)} differ." if apart else "Everything matches.")
    return REFUSED if apart else OK


def show_journey(arguments: argparse.Namespace) -> int:
    """Show a journey and its events."""
    from projections import journey, timeline

    with closing(_house(store_of(arguments))) as house:
        house.runner.catch_up()
        with house.views.read() as db:
            found = _the_one(arguments, journey.by_reference(db, arguments.reference))
            sheet = journey.sheet(db, found.journey_id)
            events = timeline.page(db, found.journey_id, size=100_000).entries
    if sheet is None:
        raise NotFound(f"there is no journey of {arguments.reference!r}")
    if arguments.json:
        _say(_as_json({"journey": sheet, "events": events}))
    else:
        _say(f"{sheet.name} ({sheet.student_ref}), {sheet.specialty_name}, cycle {sheet.cycle} ({sheet.match_system})")
        _say(f"advisor: {sheet.advisor_name or 'none'}; journey {sheet.journey_id}, version {sheet.version}")
        outcome = sheet.recommendation.outcome if sheet.recommendation else "none yet"
        _say(f"recommended: {outcome}", *_decided(sheet), "")
        _say(
            *(f"{one.recorded_at:%Y-%m-%d}  {one.title}  {one.detail}  ({one.actor_name})" for one in reversed(events))
        )
    return OK


def _the_one(arguments: argparse.Namespace, found: tuple[Found, ...]) -> Found:
    """Return the journey that is meant; where the arguments fit none or several, the error names the choices."""
    cycle, system = arguments.cycle, arguments.system
    if cycle is not None and not cycle.isdigit():
        raise InvalidValue("--cycle", cycle, "a match year such as 2026")
    if not found:
        raise NotFound(f"there is no journey of {arguments.reference!r}")
    fit = [one for one in found if cycle in (None, str(one.cycle)) and system in (None, one.match_system)]
    if len(fit) == 1:
        return fit[0]
    choices = " or ".join(f"--cycle {one.cycle} --system {one.match_system}" for one in found)
    given = " ".join(f"{name} {one}" for name, one in (("--cycle", cycle), ("--system", system)) if one)
    raise InvalidValue("journey", given or "not said which", choices)


def _decided(sheet: JourneySheet) -> Iterator[str]:
    """Tell the decisions, the newest last, each with what the advisor thinks of it."""
    from core.journey.hold import GATES

    if not sheet.decisions:
        yield "decided: nothing yet"
    for one in reversed(sheet.decisions):
        stance = {"concurs": "the advisor concurs", "dissents": "the advisor thinks otherwise"}.get(one.stance or "")
        undone = "taken back" if one.reversed_reason is not None else None
        said = (GATES[one.kind], one.mode, one.specialty_name, one.relation.replace("_", " "))
        told = (*said, stance or "no stance of the advisor yet", undone)
        yield f"decided: {', '.join(part for part in told if part)}"


def log_verify(arguments: argparse.Namespace) -> int:
    """Walk the journal; 1 on any finding."""
    from core.journal.verify import Walk
    from web.verify import remembered

    folder, found = store_of(arguments).data_dir, 0
    reached = remembered(folder)  # before the walk begins: the log only grows
    with closing(Walk(folder, os.environ, reached=reached)) as walk:
        for one in walk.findings():
            found += one.level == "finding"
            where = f"position {one.position}" if one.position else "the store"
            _say(f"{one.level}  {where}: {one.sentence}")
    erased = f", {walk.erased} of them erased" if walk.erased else ""
    ends = f"{found} finding{'s' if found > 1 else ''}" if found else "nothing is wrong"
    _say(f"{walk.rows} events in {walk.streams} streams{erased}, up to position {walk.head}: {ends}")
    return REFUSED if found else OK


def views_status(arguments: argparse.Namespace) -> int:
    """Say how far the read models are."""
    with closing(_house(store_of(arguments))) as house:
        state = house.runner.status()
    _say(f"{state.state}: at {state.position} of {state.head}, {state.lag} to go")
    if state.remaking is not None:
        _say(f"they are being made again: at {state.remaking}")
    if state.error:
        _say(f"last error: {state.error}")
    for one in state.parked:
        since = f"{one.at:%Y-%m-%d %H:%M} UTC" if one.at else "no time known"
        _say(f"parked: event {one.position} ({one.topic}), {since}, {', '.join(one.models)}: {one.reason}")
    if state.parked:
        _say("rungwise views rebuild tries these again")
    return REFUSED if state.state == "degraded" else OK


def views_rebuild(arguments: argparse.Namespace) -> int:
    """Make the read models again; 1 when they have to go on without some events."""
    with closing(_house(store_of(arguments))) as house:
        _say(f"rebuilt up to position {house.runner.rebuild()}")
        parked = house.runner.status().parked
    if parked:
        first = f"event {parked[0].position} ({parked[0].topic}): {parked[0].reason}"
        _complain(f"rungwise: {len(parked)} events could not be read and are parked, the first is {first}")
    return REFUSED if parked else OK


def backup(arguments: argparse.Namespace) -> int:
    """Copy the store."""
    from web.backup import backup as copy
    from web.house import system_clock

    destination = Path(arguments.destination)
    made = copy(
        store_of(arguments).data_dir, destination, now=system_clock(), with_master_key=arguments.with_master_key
    )
    _say(f"{destination}: {len(made.sha256)} files, events up to position {made.position}")
    if made.with_master_key:
        _say("The master key lies in it: whoever holds this copy can read everything. Lock it away.")
    else:
        _say("The master key is not in it, and without it nothing in it can be read: keep a copy of the key elsewhere.")
    return OK


def restore(arguments: argparse.Namespace) -> int:
    """Bring a backup back."""
    from web.backup import restore as bring_back
    from web.house import system_clock

    folder = settings_of(arguments).data_dir
    done = bring_back(
        Path(arguments.source),
        folder,
        os.environ,
        now=system_clock(),
        replace=arguments.replace,
        without_erasures=arguments.without_erasures,
    )
    _say(f"{folder}: as of {done.manifest.made_at}, events up to position {done.manifest.position}")
    if done.erasures:
        _say(f"{done.erasures} erasures recorded since were repeated.")
    if done.kept:
        _say(f"The store that was there lies in {done.kept} now; remove it once all is well.")
    if not done.has_master_key:
        _say(f"The master key was not in the backup: put it at {folder / 'master.key'} before you serve.")
    return OK


def doctor(arguments: argparse.Namespace) -> int:
    """Check everything; 1 when something fails."""
    from web.doctor import examine

    worst = OK
    for found in examine(settings_of(arguments), os.environ, deep=arguments.deep):
        _say(f"{found.level:4}  {found.what}: {found.sentence}")
        if found.level == "fail":
            worst = REFUSED
    return worst


def link(arguments: argparse.Namespace) -> int:
    """Make a link for setting a password: the way back in for a steward who lost theirs."""
    from core.people.member import member_id
    from web.access.credentials import INVITATION_HOURS
    from web.serve import address

    if arguments.url and not arguments.url.startswith(("http://", "https://")):
        raise InvalidValue("--url", arguments.url, "the server's address, such as https://rungwise.school.example")
    settings = store_of(arguments)
    with closing(_house(settings)) as house:
        member = str(member_id(house.desk.journal.keys, arguments.email))
        try:
            house.desk.principal(member)
        except NotFound:
            raise InvalidValue("EMAIL", arguments.email, "the e-mail address of a member") from None
        token = house.access.credentials.invite(member)
    base = arguments.url or address(settings)
    _say(f"{base.rstrip('/')}/welcome/{token}", f"It works once, within {INVITATION_HOURS // 24} days.")
    if not arguments.url:
        _say("If the server is at another address, put that in front; --url does it for you.")
    return OK


def _house(settings: Settings) -> House:
    from web.house import open_house

    return open_house(settings, os.environ)


def _plan_lines(plan: RosterPlan) -> list[str]:
    words = {"by_hand": "kept by hand"}
    lines = [", ".join(f"{count} {words.get(name, name)}" for name, count in plan.counts.items())]
    for row in plan.rows:
        if row.outcome == "unchanged":
            continue
        lines.append(f"line {row.line:>4}  {words.get(row.outcome, row.outcome):17}  {row.reference}  {row.name}")
        lines += [f"           {column}: {old} -> {new}" for column, old, new in row.changes]
        lines += [f"           {column}: {new} in the file, {kept} kept" for column, new, kept in row.kept]
        lines += [f"           {column}: {value!r} is not allowed ({allowed})" for column, value, allowed in row.faults]
    return lines


def _as_json(value: Any) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode()


def _say(*lines: str) -> None:
    """Print lines; without what a terminal would obey: a text may be older than the check of it."""
    for line in lines:
        print(STEERS.sub("", line))  # noqa: T201 - the command line speaks by printing


def _complain(line: str) -> None:
    print(STEERS.sub("", line), file=sys.stderr)  # noqa: T201
