"""The auditor's desk: what can be searched for, the checklist of each decision, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.advising.findings import RecordFinding, record_finding
from tests.integration.conftest import id_of, send
from tests.integration.journey.conftest import Student, open_student, text_of
from tests.integration.pages import links, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

DESK = "/cohorts/2026/audit"
FOUND = {"decision": "journey", "about": "opinions", "level": "repair", "words": "Both opinions are of one department."}


@pytest.fixture
def decided(priya: Student, client_of: Clients) -> Student:
    """A student who pivots, as the rules say; a fact of before came after."""
    priya.everything(grade=1)
    answer = send(client_of("advisor"), f"{priya.url}/decision", kind="pivot", specialty="anesthesiology")
    assert answer.status_code == 303
    priya.facts(publications=3)
    return priya


def found(client: FlaskClient, **sought: str) -> list[str]:
    """What the desk shows, as "student: what"."""
    answer = client.get(DESK, query_string=sought)
    assert answer.status_code == 200
    return [f"{row[0]}: {row[1]}" for row in rows_of(answer.text)]


class TestSearching:
    def test_every_event_is_there_the_newest_first_what_followed_included(
        self, decided: Student, client_of: Clients
    ) -> None:
        shown = found(client_of("auditor"))
        assert "Fact recorded: Publications" in shown[0]
        for words in ("Recommendation: pivot now", "Gate passed", "Profile: clear", "Decision: pivot"):
            assert any(words in one for one in shown), words

    @pytest.mark.parametrize(
        ("sought", "expected"),
        [
            ({"kind": "decisions"}, "Decision: pivot to another specialty"),
            ({"kind": "gates"}, "Gate passed: pivot to another specialty"),
            ({"kind": "recommendations", "person": "heron"}, "Recommendation: pivot now"),
            ({"kind": "opinions", "since": "2026-06-16", "until": "2026-06-16"}, "Opinion recorded"),
            ({"person": "LF-ORTHO", "kind": "facts"}, "Fact recorded"),
        ],
    )
    def test_it_is_narrowed_by_person_kind_and_time(
        self, decided: Student, client_of: Clients, sought: dict[str, str], expected: str
    ) -> None:
        shown = found(client_of("auditor"), **sought)
        assert any(expected in one for one in shown)
        assert all(one.startswith("Priya Heron") for one in shown)
        assert len(shown) < len(found(client_of("auditor")))

    def test_it_is_narrowed_by_who_did_it(self, decided: Student, client_of: Clients, school: House) -> None:
        by = found(client_of("auditor"), actor=id_of(school, "advisor"))
        assert by
        assert all("Fact recorded" not in one for one in by)  # the lead recorded them
        assert found(client_of("auditor"), actor="me") == []

    @pytest.mark.parametrize("sought", [{"person": "nobody"}, {"until": "2026-06-15"}, {"kind": "findings"}])
    def test_what_fits_nothing_says_so(self, decided: Student, client_of: Clients, sought: dict[str, str]) -> None:
        assert "Nothing fits this search" in client_of("auditor").get(DESK, query_string=sought).text

    @pytest.mark.parametrize(
        "sought", [{"since": "soon"}, {"until": "0001-01-01"}, {"kind": "secrets"}, {"before": "x"}, {"before": "0"}]
    )
    def test_what_cannot_be_looked_for_is_refused(self, client_of: Clients, sought: dict[str, str]) -> None:
        assert client_of("auditor").get(DESK, query_string=sought).status_code == 422

    def test_pages_follow_one_another_without_a_gap(self, decided: Student, client_of: Clients) -> None:
        for number in range(30):
            decided.facts(publications=number)
        client = client_of("auditor")
        first = client.get(DESK).text
        second = client.get(links(first)["Older"]).text
        numbers = [int(row[4]) for page in (first, second) for row in rows_of(page)]
        assert numbers == list(range(numbers[0], 0, -1))


class TestTheChecklist:
    def test_each_line_is_computed_from_the_record(self, decided: Student, client_of: Clients) -> None:
        page = text_of(client_of("auditor").get(f"{decided.url}/audit").text)
        for words in (
            "Was the inventory complete? in order All 9 facts that the decision needs were recorded.",
            "Dream field: Dr. Ibis (program director, Orthopedic surgery)",
            "related field: Dr. Kestrel (program director, Anesthesiology).",
            "Was the gate passed or opened by hand? in order Passed with 12 needs recorded.",
            "No fact was disputed.",
            "It agrees with what the rules said.",
            "Only a decision to reapply must.",
            "What does the advisor think of it? look at it No word of the advisor is recorded.",
            "Do the rules still give what was stored? in order Evaluated again from the record: everything matches.",
            "Which facts and opinions came later? in order Fact recorded: Publications (event",
            "1 line to look at",
        ):
            assert words in page, words

    def test_without_a_decision_it_says_so(self, priya: Student, client_of: Clients) -> None:
        assert "No decision yet" in client_of("auditor").get(f"{priya.url}/audit").text


class TestFindings:
    def test_an_auditor_records_one_and_the_leads_read_it(self, decided: Student, client_of: Clients) -> None:
        auditor = client_of("auditor")
        decision = decided.sheet().decisions[0].decision_id
        url = f"{decided.url}/audit/findings/new"
        answer = send(auditor, url, **(FOUND | {"decision": decision}))
        assert answer.headers["Location"].endswith(f"{decided.url}/audit")
        decided.follow()
        for page in (f"{decided.url}/audit", f"{DESK}?kind=findings", f"{decided.url}/decision"):
            assert FOUND["words"] in client_of("lead").get(page).text, page
        assert "Otto Auditor" in client_of("lead").get(f"{decided.url}/audit").text

    def test_it_changes_nothing_of_the_record(self, decided: Student, client_of: Clients) -> None:
        before = decided.sheet()
        send(client_of("auditor"), f"{decided.url}/audit/findings/new", **FOUND)
        after = decided.sheet()
        assert (after.decisions, after.facts, after.recommendation) == (
            before.decisions,
            before.facts,
            before.recommendation,
        )
        assert [one.text for one in after.findings] == [FOUND["words"]]

    @pytest.mark.parametrize(("field", "value"), [("words", ""), ("level", "bad"), ("about", ""), ("decision", "d-9")])
    def test_a_form_that_cannot_be_taken_keeps_what_was_typed(
        self, decided: Student, client_of: Clients, field: str, value: str
    ) -> None:
        answer = send(client_of("auditor"), f"{decided.url}/audit/findings/new", **(FOUND | {field: value}))
        assert answer.status_code == 422
        assert field == "words" or FOUND["words"] in answer.text
        assert decided.sheet().findings == ()

    def test_a_double_click_records_one(self, decided: Student, school: House) -> None:
        who = school.desk.principal(id_of(school, "auditor"))
        told: dict[str, Any] = {"decision_id": None, "about": "gate", "level": "remark", "words": "x"}
        command = RecordFinding(command_id="twice", journey_id=decided.journey_id, **told)
        assert [record_finding(school.desk, who, command).repeated for _ in range(2)] == [False, True]


PAGES = ("audit", "audit/findings/new")


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "expected"),
        [
            ("auditor", (200, 200, 200)),
            ("lead", (200, 200, 403)),
            ("advisor", (403, 403, 403)),
            ("colleague", (403, 403, 403)),
            ("steward", (403, 403, 403)),
            ("nobody", (403, 403, 403)),
            (None, (302, 302, 302)),
        ],
    )
    def test_the_pages(
        self, decided: Student, client_of: Clients, role: str | None, expected: tuple[int, int, int]
    ) -> None:
        client = client_of(role)
        got = tuple(client.get(url).status_code for url in (DESK, *(f"{decided.url}/{page}" for page in PAGES)))
        assert got == expected

    def test_of_another_cohort_there_is_none(self, school: House, client_of: Clients) -> None:
        assert client_of("auditor").get("/cohorts/2025/audit").status_code == 404

    def test_an_auditor_reads_every_page_of_a_journey_and_writes_on_none(
        self, decided: Student, client_of: Clients, app: Flask
    ) -> None:
        client = client_of("auditor")
        read, refused = [], []
        for rule in app.url_map.iter_rules():
            if rule.arguments != {"journey_id"} or not rule.rule.startswith("/journeys/"):
                continue
            url = rule.rule.replace("<uuid:journey_id>", str(decided.journey_id))
            if "POST" in (rule.methods or ()) and rule.endpoint != "audit.record_finding":
                assert client.post(url).status_code in (400, 401, 403), url
                refused.append(url)
            elif client.get(url).status_code == 200:
                read.append(rule.endpoint)
        assert len(refused) > 10
        assert {"journey.sheet", "journey.decision", "journey.inventory", "journey.opinions", "packet.pdf"} <= set(read)

    def test_the_way_to_the_desk_is_offered_to_those_who_may(self, decided: Student, client_of: Clients) -> None:
        assert links(client_of("auditor").get("/cohorts/2026").text)["Audit"] == DESK
        assert "Audit" not in links(client_of("advisor").get("/cohorts/2026").text)
        assert "Import" not in links(client_of("auditor").get("/cohorts/2026").text)


def test_students_of_two_fields_are_told_apart(school: House, client_of: Clients) -> None:
    open_student(school)
    open_student(school, "dermatology", name="Sam Stone")
    assert {row.split(":")[0].split(" LF")[0] for row in found(client_of("auditor"))} == {"Priya Heron", "Sam Stone"}
