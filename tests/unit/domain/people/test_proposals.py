"""Drafts of packs, and changes of the playbook that a second person approves."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.errors import Conflict, InvalidValue, NotFound
from core.people.institution import create_institution
from core.people.packs import forget_publisher, save_pack, trust_publisher
from core.people.proposals import approve, decline, due, propose, publish
from core.values import digest_of
from tests.builders import ADVISOR, LEAD, TODAY, FixedKeys, stamp
from tests.scenario import Scenario, event, given_root


class Keys(FixedKeys):
    institution = UUID(int=7)


KEYS: Any = Keys()
KEY = "ab" * 32
CHANGE: dict[str, Any] = {"value": 4}


def school() -> Scenario:
    return given_root(create_institution("Test School", "America/Chicago", keys=KEYS, stamp=stamp()))


def proposed(effective_on: date = TODAY, **changes: Any) -> Scenario:
    given: dict[str, Any] = {"kind": "parameter", "subject": "handful_min", "change": CHANGE, "note": " why "}
    return school().when(propose, **(given | changes), effective_on=effective_on, today=TODAY)


def second(command_id: str = "second") -> Any:
    return stamp(command_id, actor=LEAD)


def test_a_draft_is_kept_with_its_digest_and_who_saved_it_and_the_same_text_is_quiet() -> None:
    scenario = school().when(save_pack, "eyes", "a\r\nb", origin="editor")
    root = scenario.then(event("institution.pack-saved", name="eyes", text="a\nb", digest=digest_of("a\nb")))
    draft = root.drafts["eyes"]
    assert (draft.text, draft.origin, draft.signed_by, draft.author) == ("a\nb", "editor", None, ADVISOR)
    scenario.when(save_pack, "eyes", "a\nb", origin="shell").then_nothing()
    root = scenario.when(save_pack, "eyes", "c", origin="import", signed_by=KEY).then(
        event("institution.pack-saved", text="c", signed_by=KEY)
    )
    assert (root.drafts["eyes"].text, len(root.drafts)) == ("c", 1)


@pytest.mark.parametrize("name", ["", "Eyes", "a b", "../a", "general", "-a", "a" * 61, "äpfel"])
def test_a_draft_needs_a_name_fit_for_a_folder_and_not_that_of_the_general_pack(name: str) -> None:
    school().when(save_pack, name, "x", origin="editor").then_refused(InvalidValue, "name")


def test_a_draft_without_text_or_from_nowhere_is_refused() -> None:
    school().when(save_pack, "eyes", "", origin="editor").then_refused(InvalidValue, "text")
    school().when(save_pack, "eyes", "x" * 200_001, origin="editor").then_refused(InvalidValue, "text")
    school().when(save_pack, "eyes", "x", origin="mail").then_refused(InvalidValue, "origin")


def test_a_proposal_waits_with_its_change_its_day_its_note_and_its_digest() -> None:
    root = proposed().then(
        event("institution.change-proposed", proposal=1, note="why", digest=digest_of(CHANGE), effective_on=TODAY)
    )
    held = root.proposals[1]
    assert (held.state, held.author, held.change, held.decided_by) == ("waiting", ADVISOR, CHANGE, None)
    assert root.playbook is None


def test_a_digest_of_a_change_does_not_depend_on_the_order_of_its_keys() -> None:
    assert digest_of({"a": 1, "b": "é"}) == digest_of({"b": "é", "a": 1}) != digest_of({"a": 1, "b": "e"})


def test_a_proposal_for_a_day_that_is_over_without_note_or_of_no_kind_is_refused() -> None:
    proposed(effective_on=date(2026, 3, 31)).then_refused(InvalidValue, "2026-04-01 or later")
    proposed(note=" ").then_refused(InvalidValue, "note")
    proposed(kind="wish").then_refused(InvalidValue, "kind")


def test_one_proposal_on_a_subject_waits_at_a_time() -> None:
    more: dict[str, Any] = {"change": {"value": 5}, "effective_on": TODAY, "note": "x", "today": TODAY}
    scenario = proposed().when(propose, kind="parameter", subject="handful_min", **more)
    scenario.then_refused(Conflict, "handful_min: proposal 1 on it waits already")
    scenario.when(propose, kind="parameter", subject="thin_max", **more).then(
        event("institution.change-proposed", proposal=2)
    )
    scenario.when(propose, kind="withdrawal", subject="eyes", **more).then(event("institution.change-proposed"))
    scenario.when(propose, kind="pack", subject="eyes", **more).then_refused(Conflict, "proposal 3")
    scenario.when(decline, 1, "no", stamp=second()).then(event("institution.proposal-declined"))
    scenario.when(propose, kind="parameter", subject="handful_min", **more).then(
        event("institution.change-proposed", proposal=4)
    )


def test_a_second_person_approves_and_nobody_their_own() -> None:
    scenario = proposed()
    scenario.when(approve, 1).then_refused(Conflict, "proposal 1 is your own; another person approves it")
    root = scenario.when(approve, 1, stamp=second()).then(event("institution.proposal-approved", proposal=1))
    held = root.proposals[1]
    assert (held.state, held.author, held.decided_by) == ("approved", ADVISOR, LEAD)
    scenario.when(approve, 1, stamp=second("again")).then_refused(Conflict, "it is approved")


def test_what_nobody_proposed_can_be_neither_approved_nor_declined() -> None:
    school().when(approve, 1, stamp=second()).then_refused(NotFound, "there is no proposal 1")
    school().when(decline, 1, "no").then_refused(NotFound, "there is no proposal 1")


def test_a_proposal_is_declined_with_a_reason_also_by_its_author_and_while_it_waits_for_its_day() -> None:
    root = (
        proposed()
        .when(decline, 1, " mine, and wrong ")
        .then(event("institution.proposal-declined", reason="mine, and wrong"))
    )
    assert (root.proposals[1].state, root.proposals[1].decided_by) == ("declined", ADVISOR)
    scenario = proposed(effective_on=date(2026, 7, 1)).when(approve, 1, stamp=second())
    scenario.when(decline, 1, " ").then_refused(InvalidValue, "reason")
    scenario.when(decline, 1, "not now").then(event("institution.proposal-declined"))
    scenario.when(decline, 1, "not now").then_refused(Conflict, "it is declined")


def test_an_approved_proposal_is_due_from_its_day_and_in_the_order_of_days() -> None:
    scenario = proposed(effective_on=date(2026, 7, 1))
    scenario.when(
        propose, kind="cutoff", subject="x", change={}, effective_on=TODAY, note="x", today=TODAY, stamp=stamp("two")
    )
    root = scenario.root
    assert due(root, date(2027, 1, 1)) == []
    scenario.when(approve, 1, stamp=second("a1")).when(approve, 2, stamp=second("a2"))
    assert [one.id for one in due(root, date(2026, 6, 30))] == [2]
    assert [one.id for one in due(root, date(2026, 7, 1))] == [2, 1]


def test_what_comes_into_force_names_the_playbook_it_made_and_is_due_no_more() -> None:
    scenario = proposed().when(approve, 1, stamp=second())
    root = scenario.when(publish, 1, {"label": "2026-04-01"}, digest="sha256:2").then(
        event("institution.playbook-published", digest="sha256:2", note="why", label="2026-04-01"),
        event("institution.proposal-published", proposal=1, playbook="sha256:2"),
    )
    assert (root.playbook_digest, root.proposals[1].state, root.proposals[1].playbook) == (
        "sha256:2",
        "in force",
        "sha256:2",
    )
    assert due(root, TODAY) == []
    scenario.when(decline, 1, "too late").then_refused(Conflict, "it is in force")


def test_a_publisher_is_trusted_by_a_key_until_forgotten() -> None:
    scenario = school().when(trust_publisher, " Larkfield ", KEY.upper())
    root = scenario.then(event("institution.publisher-trusted", name="Larkfield", public_key=KEY))
    assert root.publishers == {KEY: "Larkfield"}
    scenario.when(trust_publisher, "Larkfield", KEY).then_nothing()
    scenario.when(forget_publisher, KEY).then(event("institution.publisher-forgotten", public_key=KEY))
    assert root.publishers == {}
    scenario.when(forget_publisher, KEY).then_nothing()


@pytest.mark.parametrize("key", ["", "zz", "ab" * 31, "ab" * 33, "g" * 64])
def test_what_is_no_public_key_is_trusted_by_nobody(key: str) -> None:
    school().when(trust_publisher, "Larkfield", key).then_refused(InvalidValue, "64 hexadecimal digits")
