"""The `rungwise pack` commands on a store: preview, propose, approve, withdraw, hand over and take in."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import packfile
from core.advising import playbooks
from core.errors import InvalidValue, NotFound
from core.packfile import TRUST
from core.people.member import member_id
from core.people.proposals import KINDS, STATES
from core.values import STEERS, short_digest
from plugins.host import read_pack
from plugins.kit.check import Known, check
from projections import people
from projections.preview import preview as judge_all
from web.cli import OK, REFUSED, read_bytes, store_of
from web.house import open_house
from web.packs.folder import read_folder

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping

    from core.advising.desk import Desk
    from core.people.access import Principal
    from core.people.packs import Draft
    from core.people.proposals import Proposal
    from projections.preview import Previewed
    from web.house import House

__all__ = [
    "approve",
    "decline",
    "export",
    "forget",
    "import_file",
    "key",
    "list_packs",
    "preview",
    "propose",
    "trust",
    "withdraw",
]

SHOWN = 50  # past students that `preview` lists without --all


def preview(arguments: argparse.Namespace) -> int:
    """Say which past students a pack would advise otherwise; 1 when it has faults."""
    with closing(_house(arguments)) as house:
        name, text, faults = _checked(house, arguments.folder)
        if faults:
            _say(*faults, f"{len(faults)} to mend in {name}.")
            return REFUSED
        before, now = house.desk.playbook(), playbooks.playbook_with(house.desk, "pack", name, _change(name, text))
        house.runner.catch_up()
        with house.views.read() as db:
            found = judge_all(db, before, now, house.desk.today())
    _say(
        f"{found.journeys} past students; {found.touched} of specialties that the pack judges otherwise; "
        f"{len(found.rows)} would be advised otherwise."
    )
    tally = Counter((one.compared.before, one.compared.now) for one in found.rows)
    _say(*(f"  {count:>6}  {_outcome(was)} -> {_outcome(now)}" for (was, now), count in tally.most_common()))
    shown = found.rows if arguments.all else found.rows[:SHOWN]
    for row in shown:
        _say(*_student(row))
    if len(shown) < len(found.rows):
        _say(f"{len(found.rows) - len(shown)} more; --all lists them.")
    return OK


def propose(arguments: argparse.Namespace) -> int:
    """Keep a pack as the institution's draft and propose it; 1 when it has faults."""
    with closing(_house(arguments)) as house:
        who = _who(house.desk, arguments.actor)
        name, text, faults = _checked(house, arguments.folder)
        if faults:
            _say(*faults, f"{len(faults)} to mend in {name}; nothing was proposed.")
            return REFUSED
        desk = house.desk
        _day(desk, arguments.on)  # refused before anything is kept
        playbooks.save_pack(desk, who, playbooks.SavePack(command_id=_new_id(), name=name, text=text, origin="shell"))
        draft = desk.institution().drafts[name].digest
        _propose(house, who, arguments, kind="pack", subject=name, change=_change(name, text), draft=draft)
    return OK


def withdraw(arguments: argparse.Namespace) -> int:
    """Propose to take a pack out of the playbook."""
    with closing(_house(arguments)) as house:
        _propose(house, _who(house.desk, arguments.actor), arguments, kind="withdrawal", subject=arguments.name)
    return OK


def approve(arguments: argparse.Namespace) -> int:
    """Approve what another person proposed."""
    with closing(_house(arguments)) as house:
        command = playbooks.ApproveProposal(command_id=_new_id(), proposal=_number(arguments.number))
        playbooks.approve_proposal(house.desk, _who(house.desk, arguments.actor), command)
        held = house.desk.institution().proposals[command.proposal]
        if held.state == "in force":
            _say(f"Approved: in force now as playbook {house.desk.playbook().content['label']}.")
        else:
            _say(f"Approved: in force from {held.effective_on:%a %d %B %Y}.")
    return OK


def decline(arguments: argparse.Namespace) -> int:
    """Decline a proposal, or take back one's own."""
    with closing(_house(arguments)) as house:
        command = playbooks.DeclineProposal(
            command_id=_new_id(), proposal=_number(arguments.number), reason=arguments.reason
        )
        playbooks.decline_proposal(house.desk, _who(house.desk, arguments.actor), command)
    _say(f"Declined: proposal {command.proposal}.")
    return OK


def list_packs(arguments: argparse.Namespace) -> int:
    """List the packs in force, the drafts, the proposals and the trusted publishers; or the specialties alone."""
    with closing(_house(arguments)) as house:
        held, content = house.desk.institution(), house.desk.playbook().content
        if arguments.specialties:
            rows = sorted(
                (row["slug"], row["name"], one["name"]) for one in content["packs"] for row in one["specialties"]
            )
            _say(*(f"{slug:32} {title}, of {pack}" for slug, title, pack in rows))
            return OK
        house.runner.catch_up()
        with house.views.read() as db:
            names = people.names(db)
    _say(f"In force: playbook {content['label']}")
    _say(
        *(
            f"  {one['name']:24} {one['version']:10} {short_digest(one['digest'])}  {one['title']}"
            for one in content["packs"]
        )
    )
    if held.drafts:
        _say("Drafts:")
    for draft in held.drafts.values():
        signed = f", signed by {held.publishers.get(draft.signed_by, draft.signed_by[:12])}" if draft.signed_by else ""
        digest = _draft_digest(draft, content["packs"])
        _say(f"  {draft.name:24} {digest}  {draft.at:%Y-%m-%d}  {names.get(draft.author, '')}{signed}")
    if held.proposals:
        _say("Proposals:")
    _say(*(_proposal(one, names) for one in held.proposals.values()))
    if held.publishers:
        _say("Trusted publishers:")
    _say(*(f"  {name}  {public_key}" for public_key, name in held.publishers.items()))
    return OK


def export(arguments: argparse.Namespace) -> int:
    """Write the draft of a pack as a signed file."""
    with closing(_house(arguments)) as house:
        data = playbooks.export_pack(house.desk, _who(house.desk, arguments.actor), arguments.name)
    file = Path(arguments.to or f"{arguments.name}{packfile.SUFFIX}")
    try:
        with file.open("xb") as opened:
            opened.write(data)
    except OSError as error:
        raise InvalidValue("--to", str(file), f"a file that can be made; {error.strerror}") from None
    _say(f"Written: {file}. Who takes it in needs your public key: rungwise pack key{_data(arguments)}")
    return OK


def import_file(arguments: argparse.Namespace) -> int:
    """Take the pack of a file in as a draft; 1 when its signature is not a trusted one and nobody confirmed it."""
    data = read_bytes(arguments.file)
    with closing(_house(arguments)) as house:
        who = _who(house.desk, arguments.actor)
        file = playbooks.read_pack(house.desk, data)
        _say(f"Pack {file.name} of {file.publisher}: {TRUST[file.trust]}.")
        command = playbooks.ImportPack(command_id=_new_id(), data=data, confirmed=arguments.confirm)
        if file.trust != "trusted" and not arguments.confirm:
            _say("Nothing is written; a steward who takes it all the same adds --confirm.")
            return REFUSED
        playbooks.import_pack(house.desk, who, command)
    _say(f"Kept as the draft {file.name}; nothing of it counts before it is proposed and approved.")
    return OK


def key(arguments: argparse.Namespace) -> int:
    """Print the public key under which this institution signs packs."""
    with closing(_house(arguments)) as house:
        _say(packfile.public_key(house.desk.journal.keys))
    return OK


def trust(arguments: argparse.Namespace) -> int:
    """Trust packs that are signed under a public key."""
    with closing(_house(arguments)) as house:
        command = playbooks.TrustPublisher(command_id=_new_id(), name=arguments.name, public_key=arguments.public_key)
        playbooks.trust_publisher(house.desk, _who(house.desk, arguments.actor), command)
    _say(f"Trusted: {arguments.name}.")
    return OK


def forget(arguments: argparse.Namespace) -> int:
    """Trust a publisher no more."""
    with closing(_house(arguments)) as house:
        command = playbooks.ForgetPublisher(command_id=_new_id(), public_key=arguments.public_key.strip().lower())
        playbooks.forget_publisher(house.desk, _who(house.desk, arguments.actor), command)
    _say("Not trusted any more; what came into force stays.")
    return OK


def _propose(house: House, who: Principal, arguments: argparse.Namespace, **what: Any) -> None:
    desk = house.desk
    command = playbooks.ProposeChange(
        command_id=_new_id(), effective_on=_day(desk, arguments.on), note=arguments.note, **what
    )
    playbooks.propose_change(desk, who, command)
    number = next(one.id for one in reversed(desk.institution().proposals.values()) if one.subject == command.subject)
    _say(
        f"Proposed as number {number}. Nothing counts until another person approves it:",
        f"  rungwise pack approve {number} --as EMAIL{_data(arguments)}",
    )


def _checked(house: House, folder: str) -> tuple[str, str, list[str]]:
    """Read a pack's folder and check it beside the playbook in force; return name, text and faults."""
    name, text, file = read_folder(folder)
    known = Known.of(house.desk.playbook().content["packs"], name)
    return name, text, [f"{file.parent}/{one}" for one in check(name, text, known)]


def _change(name: str, text: str) -> dict[str, Any]:
    return {"pack": read_pack(name, text)}


def _student(row: Previewed) -> Iterator[str]:
    one = row.compared
    fits = one.profile.row or "profile not known"
    yield f"{row.number:>6}  {row.cohort}  {row.specialty}, {fits}: {_outcome(one.before)} -> {_outcome(one.now)}"
    for rule in one.rules:
        was, now = (f"{said[0]}" if said else "not a rule" for said in (rule.before, rule.now))
        yield f"          {rule.name}: {was} -> {now}" + (f"; {rule.now[1]}" if rule.now else "")


def _outcome(outcome: str | None) -> str:
    return outcome or "specialty unknown"


def _proposal(one: Proposal, names: Mapping[str, str]) -> str:
    decided = f" ({names.get(one.decided_by, one.decided_by)})" if one.decided_by else ""
    why = f": {one.reason}" if one.reason else ""
    return (
        f"  {one.id:>4}  {one.subject:24} {KINDS[one.kind]}; from {one.effective_on}, proposed by "
        f"{names.get(one.author, one.author)}; {STATES[one.state]}{decided}{why}"
    )


def _draft_digest(draft: Draft, packs: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of the pack that a draft makes: the one of the pack in force when both say the same."""
    if check(draft.name, draft.text, Known.of(packs, draft.name)):
        return "has findings"
    return short_digest(read_pack(draft.name, draft.text)["digest"])


def _data(arguments: argparse.Namespace) -> str:
    """Return the option that names the store again, where it was given."""
    return f" --data {shlex.quote(arguments.data)}" if arguments.data else ""


def _day(desk: Desk, given: str | None) -> date:
    today = desk.today()
    try:
        day = date.fromisoformat(given) if given else today
    except ValueError:
        raise InvalidValue("--on", given, "a date that exists, as YYYY-MM-DD") from None
    if day < today:
        raise InvalidValue("--on", given, f"{today.isoformat()} or later")
    return day


def _number(given: str) -> int:
    if not given.isdecimal():
        raise InvalidValue("NUMBER", given, "the number of a proposal, as rungwise pack list shows it")
    return int(given)


def _who(desk: Desk, email: str) -> Principal:
    try:
        return desk.principal(str(member_id(desk.journal.keys, email)))
    except NotFound:
        raise InvalidValue("--as", email, "the e-mail address of a member") from None


def _new_id() -> str:
    return os.urandom(16).hex()


def _house(arguments: argparse.Namespace) -> House:
    return open_house(store_of(arguments), os.environ)


def _say(*lines: str) -> None:
    for line in lines:
        print(STEERS.sub("", line))  # noqa: T201 - the command line speaks by printing
