"""Changing the playbook at the desk: proposed by one, approved by another, in force on its day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.advising.assessments import RecordFact, record_fact
from core.advising.playbooks import (
    ApproveProposal,
    DeclineProposal,
    ForgetPublisher,
    ImportPack,
    ProposeChange,
    SavePack,
    TrustPublisher,
    approve_proposal,
    decline_proposal,
    export_pack,
    forget_publisher,
    import_pack,
    playbook_with,
    propose_change,
    publish_due,
    read_pack,
    save_pack,
    trust_publisher,
)
from core.errors import Conflict, InvalidValue, NotAllowed, NotFound
from core.packfile import public_key
from core.people.proposals import due
from tests.builders import TODAY
from tests.playbooks import pack, specialty
from tests.scenario import refused

if TYPE_CHECKING:
    from datetime import date

    from core.people.proposals import Proposal
    from tests.scenario import Team

LATER = TODAY + timedelta(days=30)
EYES = pack("eyes", specialty("ophthalmology", name="Ophthalmology", parameters={"handful_min": 5}))


def propose(team: Team, value: int = 4, effective_on: date = TODAY, **changes: Any) -> int:
    fields: dict[str, Any] = {"kind": "parameter", "subject": "handful_min", "change": {"value": value}, "note": "why"}
    team.do(propose_change, ProposeChange, team.lead, effective_on=effective_on, **(fields | changes))
    return max(team.desk.institution().proposals)


def approve(team: Team, proposal: int) -> Any:
    return team.do(approve_proposal, ApproveProposal, team.steward, proposal=proposal)


def held(team: Team, proposal: int) -> Proposal:
    return team.desk.institution().proposals[proposal]


def last_topics(team: Team, count: int) -> list[str]:
    return [topic.removeprefix("institution.") for topic in team.topics(team.desk.journal.keys.institution)[-count:]]


def test_what_is_approved_on_its_day_is_in_force_with_the_same_save(team: Team) -> None:
    before = team.desk.playbook()
    proposal = propose(team)
    assert team.desk.playbook().digest == before.digest
    approve(team, proposal)
    after = team.desk.playbook()
    assert last_topics(team, 3) == ["proposal-approved", "playbook-published", "proposal-published"]
    assert after.content == before.content | {"parameters": {"handful_min": 4}, "label": "2026-04-01"}
    assert (held(team, proposal).state, held(team, proposal).playbook) == ("in force", after.digest)


def test_two_playbooks_of_one_day_have_two_labels(team: Team) -> None:
    labels = []
    for value in (4, 5, 6):
        approve(team, propose(team, value))
        labels.append(team.desk.playbook().content["label"])
    assert labels == ["2026-04-01", "2026-04-01.2", "2026-04-01.3"]


def test_nobody_approves_their_own_and_the_refusal_leaves_nothing_behind(team: Team) -> None:
    proposal = propose(team)
    with refused(Conflict, "is your own; another person approves it"):
        team.do(approve_proposal, ApproveProposal, team.lead, proposal=proposal)
    assert held(team, proposal).state == "waiting"
    with refused(NotFound, "there is no proposal 9"):
        approve(team, 9)


def test_what_is_approved_for_a_later_day_comes_into_force_on_it_and_once(team: Team) -> None:
    before = team.desk.playbook().digest
    proposal = propose(team, effective_on=LATER)
    approve(team, proposal)
    assert (held(team, proposal).state, team.desk.playbook().digest) == ("approved", before)
    assert publish_due(team.desk, now=team.clock()) == 0
    team.clock.forward(days=30)
    assert publish_due(team.desk, now=team.clock()) == 1
    assert held(team, proposal).state == "in force"
    assert team.desk.playbook().content["parameters"] == {"handful_min": 4}
    head = team.desk.journal.head()
    assert publish_due(team.second_desk(), now=team.clock()) == 0
    assert team.desk.journal.head() == head


def test_a_change_of_a_later_day_keeps_what_came_into_force_before_it(team: Team) -> None:
    later = propose(team, effective_on=LATER)
    approve(team, later)
    approve(team, propose(team, 3, subject="thin_max"))
    team.clock.forward(days=31)
    publish_due(team.desk, now=team.clock())
    assert team.desk.playbook().content["parameters"] == {"handful_min": 4, "thin_max": 3}


def test_what_does_not_go_with_the_playbook_on_its_day_is_declined_with_the_reason(team: Team) -> None:
    first, second = propose(team, effective_on=LATER), 0
    approve(team, first)
    second = propose(team, 4)
    approve(team, second)
    team.clock.forward(days=30)
    assert publish_due(team.desk, now=team.clock()) == 0
    assert held(team, first).state == "declined"
    assert held(team, first).reason == (
        "could not come into force: handful_min: nothing would change; the playbook in force says so already"
    )
    head = team.desk.journal.head()
    assert publish_due(team.desk, now=team.clock()) == 0
    assert team.desk.journal.head() == head


def test_an_approval_that_no_longer_goes_is_refused_and_the_proposal_waits_on(team: Team) -> None:
    content = {"pack": pack("other", specialty("ophthalmology"))}
    first = propose(team, kind="installed", subject="other", change=content)
    second = propose(team, kind="installed", subject="eyes", change={"pack": EYES})
    approve(team, first)
    with refused(Conflict, "specialty ophthalmology: packs eyes and other both claim it"):
        approve(team, second)
    assert held(team, second).state == "waiting"


def test_a_proposal_is_declined_by_another_and_taken_back_by_its_author(team: Team) -> None:
    for who in (team.steward, team.lead):
        proposal = propose(team)
        team.do(decline_proposal, DeclineProposal, who, proposal=proposal, reason="no")
        assert (held(team, proposal).state, held(team, proposal).decided_by) == ("declined", who.member_id)
        with refused(Conflict, "it is declined"):
            approve(team, proposal)


def test_a_pack_is_proposed_from_its_draft_as_it_stands(team: Team) -> None:
    team.do(save_pack, SavePack, team.lead, name="eyes", text="one")
    draft = team.desk.institution().drafts["eyes"].digest
    team.do(save_pack, SavePack, team.steward, name="eyes", text="two")
    given: dict[str, Any] = {"kind": "pack", "subject": "eyes", "change": {"pack": EYES}}
    with refused(Conflict, "pack eyes: its draft was saved anew meanwhile"):
        propose(team, **given, draft=draft)
    draft = team.desk.institution().drafts["eyes"].digest
    proposal = propose(team, **given, draft=draft)
    assert held(team, proposal).change == {"pack": EYES, "draft": draft}
    approve(team, proposal)
    assert team.desk.playbook().specialty("ophthalmology").pack == "eyes"


def test_a_pack_with_faults_or_without_a_draft_is_not_proposed(team: Team) -> None:
    given: dict[str, Any] = {"kind": "pack", "subject": "eyes", "change": {"pack": EYES}}
    with refused(Conflict, "saved anew"):
        propose(team, **given)
    team.do(save_pack, SavePack, team.lead, name="eyes", text="one")
    draft = team.desk.institution().drafts["eyes"].digest
    with refused(InvalidValue, "pack eyes: 'pack.toml:3: no door and 1 more'"):
        propose(team, **given, draft=draft, faults=("pack.toml:3: no door", "pack.toml:9: no source"))
    assert team.desk.institution().proposals == {}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"subject": "luck"}, "parameter: 'luck'"),
        ({"subject": "podiatry:handful_min"}, "podiatry"),
        ({"change": {"value": "many"}}, "a whole number"),
        ({"kind": "cutoff", "subject": "urology", "change": {"cutoff": {"step2": 240}}}, "cutoffs/urology/source"),
        ({"kind": "installed", "subject": "eyes", "change": {"pack": pack("eyes", {"slug": "x"})}}, "eyes/x/name"),
    ],
)
def test_what_makes_no_playbook_is_not_proposed(team: Team, change: dict[str, Any], sentence: str) -> None:
    with refused(InvalidValue, sentence):
        propose(team, **change)
    assert team.desk.institution().proposals == {}


def test_the_playbook_that_a_change_would_make_is_told_and_nothing_is_written(team: Team) -> None:
    head = team.desk.journal.head()
    made = playbook_with(team.desk, "parameter", "handful_min", {"value": 4})
    assert (made.parameters, team.desk.playbook().parameters) == ({"handful_min": 4}, {})
    assert team.desk.journal.head() == head


def test_a_command_sent_twice_proposes_once(team: Team) -> None:
    command = ProposeChange(
        command_id="same", kind="parameter", subject="thin_max", change={"value": 3}, effective_on=TODAY, note="x"
    )
    assert not propose_change(team.desk, team.lead, command).repeated
    assert propose_change(team.desk, team.lead, command).repeated
    assert len(team.desk.institution().proposals) == 1


def test_a_draft_is_not_saved_over_another_text_than_the_one_seen(team: Team) -> None:
    team.do(save_pack, SavePack, team.lead, name="eyes", text="one", seen="")
    first = team.desk.institution().drafts["eyes"].digest
    team.do(save_pack, SavePack, team.steward, name="eyes", text="two", seen=first)
    with refused(Conflict, "somebody saved it meanwhile"):
        team.do(save_pack, SavePack, team.lead, name="eyes", text="three", seen=first)
    assert team.desk.institution().drafts["eyes"].text == "two"
    team.do(save_pack, SavePack, team.lead, name="eyes", text="two", seen=first)  # the same text is no quarrel
    team.do(save_pack, SavePack, team.lead, name="eyes", text="four")
    assert team.desk.institution().drafts["eyes"].text == "four"


def test_a_steward_trusts_a_publisher_and_forgets_them(team: Team) -> None:
    team.do(trust_publisher, TrustPublisher, team.steward, name="Larkfield", public_key="ab" * 32)
    assert team.desk.institution().publishers == {"ab" * 32: "Larkfield"}
    team.do(forget_publisher, ForgetPublisher, team.steward, public_key="ab" * 32)
    assert team.desk.institution().publishers == {}


def test_advice_given_before_names_the_playbook_it_was_given_under(team: Team) -> None:
    stream = team.open()
    team.do(record_fact, RecordFact, journey_id=stream, name="step2", value=238, source="ERAS")
    before = team.desk.playbook().digest
    approve(team, propose(team))
    assert team.journey(stream).recommendation["playbook"] == before  # type: ignore[index] # it has one
    team.do(record_fact, RecordFact, journey_id=stream, name="step2", value=240, source="ERAS")
    assert team.journey(stream).recommendation["playbook"] == team.desk.playbook().digest  # type: ignore[index]


def exported(team: Team, text: str = "one") -> bytes:
    """The pack eyes as another institution would send it."""
    team.do(save_pack, SavePack, team.lead, name="eyes", text=text)
    return export_pack(team.desk, team.lead, "eyes")


def foreign(data: bytes) -> bytes:
    """The same file, changed on its way."""
    return data.replace(b'"one"', b'"two"')


def test_a_pack_that_was_exported_here_is_taken_back_with_its_key(team: Team) -> None:
    data = exported(team)
    team.do(save_pack, SavePack, team.lead, name="eyes", text="later")
    team.do(import_pack, ImportPack, team.lead, data=data)
    draft = team.desk.institution().drafts["eyes"]
    assert (draft.text, draft.origin, draft.signed_by) == ("one", "import", public_key(team.desk.journal.keys))


def test_an_untrusted_file_needs_a_steward_who_confirms_it(team: Team) -> None:
    data = foreign(exported(team))
    head = team.desk.journal.head()
    with refused(NotAllowed, "may not say whose packs are trusted; ask a steward"):
        team.do(import_pack, ImportPack, team.lead, data=data, confirmed=True)
    with refused(Conflict, "pack eyes is untrusted: not as it was signed"):
        team.do(import_pack, ImportPack, team.steward, data=data)
    assert team.desk.journal.head() == head
    team.do(import_pack, ImportPack, team.steward, data=data, confirmed=True)
    draft = team.desk.institution().drafts["eyes"]
    assert (draft.text, draft.signed_by) == ("two", None)


def test_a_publisher_who_is_trusted_from_now_on_needs_no_confirmation(team: Team) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key = other.public_key().public_bytes_raw().hex()
    fields = {"format": 1, "name": "eyes", "text": "one", "publisher": "Other", "public_key": key}
    signed = b"rungwise pack file\n" + json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    data = json.dumps(fields | {"signature": other.sign(signed).hex()}).encode()
    assert read_pack(team.desk, data).trust == "unknown"
    with refused(NotAllowed):
        team.do(import_pack, ImportPack, team.lead, data=data)
    team.do(trust_publisher, TrustPublisher, team.steward, name="Fernwood", public_key=key)
    team.do(import_pack, ImportPack, team.lead, data=data)
    assert team.desk.institution().drafts["eyes"].signed_by == key
    assert read_pack(team.desk, data).publisher == "Fernwood"


def test_an_import_does_not_go_over_a_draft_that_was_saved_meanwhile(team: Team) -> None:
    data = exported(team)
    team.do(save_pack, SavePack, team.steward, name="eyes", text="mine")
    with refused(Conflict, "somebody saved it meanwhile"):
        team.do(import_pack, ImportPack, team.lead, data=data, seen="sha256:0")


def test_only_a_pack_that_is_kept_can_be_exported_and_only_by_who_writes_packs(team: Team) -> None:
    with refused(NotFound, "there is no pack eyes"):
        export_pack(team.desk, team.lead, "eyes")
    with refused(NotAllowed):
        export_pack(team.desk, team.advisor, "eyes")


def test_of_two_who_approve_at_once_one_is_told_that_it_is_done(team: Team) -> None:
    proposal = propose(team)
    command = ApproveProposal(command_id=team.id(), proposal=proposal)
    other = team.second_desk()
    approve_proposal(other, other.principal(team.steward.member_id), command)
    with refused(Conflict, f"proposal {proposal} does not wait any more: it is in force"):
        approve(team, proposal)
    assert approve_proposal(team.desk, team.steward, command).repeated


@pytest.mark.parametrize("declined", [True, False])
def test_a_tick_that_looked_before_somebody_else_was_done_changes_nothing(
    team: Team, monkeypatch: pytest.MonkeyPatch, *, declined: bool
) -> None:
    proposal = propose(team, effective_on=LATER)
    approve(team, proposal)
    looked = due(team.desk.institution(), LATER)
    team.clock.forward(days=30)
    if declined:
        team.do(decline_proposal, DeclineProposal, team.steward, proposal=proposal, reason="no")
    else:
        publish_due(team.second_desk(), now=team.clock())
    head = team.desk.journal.head()
    monkeypatch.setattr("core.people.proposals.due", lambda *_: looked)
    publish_due(team.desk, now=team.clock())
    assert team.desk.journal.head() == head
