"""The decision page: the recommendation explained, the gate, the decision and what the advisor thinks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.advising import contacts
from core.advising.contacts import LogContact
from core.journey.journey import ChangedMeanwhile
from tests.integration.conftest import send
from tests.integration.forms import hidden_of
from tests.integration.journey.conftest import INVENTORY, Student, open_student, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from web.house import House

    Clients = Callable[[str | None], FlaskClient]

OWN = {"reason_code": "accepts_odds", "reason": "I want to try once more."}
PLAN = {"kind": "reapply", "mode": "research_year", "remedy_1": "Two projects", "reapply_milestones": ["PLAN.6r.role"]}


def page_of(client: FlaskClient, student: Student) -> str:
    return text_of(client.get(f"{student.url}/decision").text)


def decide(client: FlaskClient, student: Student, **fields: object) -> TestResponse:
    return send(client, f"{student.url}/decision", **fields)


def test_the_page_shows_every_rule_with_its_verdict_its_numbers_and_the_facts_source_and_age(
    priya: Student, client_of: Clients
) -> None:
    priya.everything(grade=1)
    page = page_of(client_of("advisor"), priya)
    assert "Pivot now is what the rules say" in page
    assert "playbook test" in page
    assert "No program director in ortho will champion another try PIVOT.champion decided the result holds" in page
    assert "the best grade from ortho program directors is 1 of 5; 3 is needed" in page
    assert "Interviews offered: 4 ERAS export · Tuesday, June 16 · today" in page
    for group in ("Pivot now if any", "Reapply only if all", "Weighed, never automatic", "Exceptions and advice"):
        assert group in page
    assert "No Step 2 cutoff is loaded for this field." in page
    assert "Enough interviews, but only just." in page


def test_a_packs_own_conditions_stand_in_a_group_of_their_own(school: House, client_of: Clients) -> None:
    student = open_student(school, "dermatology")
    student.facts(willing_to_move_anywhere=False)
    page = page_of(client_of("advisor"), student)
    assert "Conditions of dermatology: all must hold" in page
    assert "You are willing to move anywhere DERM.move decided the result does not hold" in page


def test_what_would_flip_it_is_two_plain_sentences_and_one_to_cite(priya: Student, client_of: Clients) -> None:
    priya.everything(grade=1)
    page = page_of(client_of("advisor"), priya)
    assert (
        "For Priya. If Dr. Ibis said: do this with us, and the odds are reasonable, the rules would say: reapply. "
        "No smaller change gives another result." in page
    )
    assert (
        "To cite. PIVOT_NOW, decided by PIVOT.champion; with the statement of Dr. Ibis at grade 3 instead of 1" in page
    )
    assert "Every smallest change Reapply if Dr. Ibis said: do this with us, and the odds are reasonable" in page


def test_a_result_that_stands_on_the_past_says_that_nothing_can_change_it(priya: Student, client_of: Clients) -> None:
    priya.facts(interviews_offered=2)
    page = page_of(client_of("advisor"), priya)
    assert "The result stands on something that cannot change any more: 2 ortho interview offers" in page


def test_what_is_missing_links_to_where_it_is_recorded_and_says_what_its_answers_would_decide(
    priya: Student, client_of: Clients
) -> None:
    priya.everything()
    undecided = open_student(priya.house, "neurosurgery")
    undecided.facts(**INVENTORY)
    undecided.opinion("Dr. Ibis", 3, specialty="neurosurgery")
    undecided.weaknesses(12)
    client = client_of("advisor")
    raw = client.get(f"{undecided.url}/decision").text
    assert "Not yet decidable is what the rules say" in text_of(raw)
    assert f"{undecided.url}/inventory/plans#f-financial_pressure" in raw
    assert "yes: contested ; no: reapply" in text_of(raw)
    page, label = page_of(client, priya), "How the year would be spent"
    assert f"{label} Record it : {label} Advice only: it does not change the result." in page
    priya.facts(planned_year="research_year")
    page = page_of(client, priya)
    assert "Everything the rules turn on is recorded." in page
    assert "for a fact" not in page


def test_after_the_last_fact_the_page_says_from_what_to_what_it_changed_and_because_of_what(
    priya: Student, client_of: Clients
) -> None:
    priya.facts(**INVENTORY, financial_pressure=False)
    priya.weaknesses(12)
    priya.opinion("Dr. Ibis", 1)
    page = page_of(client_of("advisor"), priya)
    assert (
        "The recommendation changed from “not yet decidable” to “pivot now”. After: Opinion recorded: Dr. Ibis" in page
    )
    assert "is 1 of 5; 3 is needed before: no ortho program director has been heard on another try" in page


def test_a_decision_before_the_facts_is_refused_on_the_same_page_with_what_is_missing_and_typed_text_kept(
    priya: Student, client_of: Clients
) -> None:
    priya.facts(step2=238)
    answer = decide(client_of("advisor"), priya, kind="pivot", specialty="anesthesiology", **OWN)
    assert answer.status_code == 409
    page = text_of(answer.text)
    assert "Not yet: this cannot be undone, and something is missing." in page
    assert "Class standing: record it" in page
    assert "an outside opinion from the dream field: record it" in page
    assert "I want to try once more." in answer.text
    assert "A lead of the cohort can open the gate with a reason." in page
    assert priya.sheet().decisions == ()


def test_a_lead_opens_the_gate_with_a_code_and_words_in_the_same_form(priya: Student, client_of: Clients) -> None:
    lead, wanted = client_of("lead"), {"kind": "pivot", "specialty": "anesthesiology", **OWN}
    assert "Open the gate as a lead" in text_of(decide(lead, priya, **wanted).text)
    silent = decide(lead, priya, **wanted, override="yes")
    assert silent.status_code == 422
    assert "Choose why it cannot wait." in silent.text
    spoken = {"override": "yes", "override_code": "deadline", "override_text": "The list closes tonight."}
    assert decide(lead, priya, **wanted, **spoken).status_code == 303
    sheet = priya.sheet()
    assert [one.kind for one in sheet.decisions] == ["pivot"]
    assert sheet.overrides[0].code == "deadline"
    page = page_of(lead, priya)
    assert "opened by Lena Lead: The list closes tonight. Missing then: " in page
    assert "class standing, " in page.partition("Missing then: ")[2]


def test_an_advisor_cannot_open_a_gate_by_adding_the_fields_of_a_lead(priya: Student, client_of: Clients) -> None:
    spoken = {"override": "yes", "override_code": "deadline", "override_text": "The list closes tonight."}
    answer = decide(client_of("advisor"), priya, kind="leave_medicine", **OWN, **spoken)
    assert answer.status_code == 403
    assert priya.sheet().overrides == ()


def test_a_disputed_fact_keeps_the_gate_shut_and_is_named(priya: Student, client_of: Clients) -> None:
    priya.everything(grade=1)
    client = client_of("advisor")
    send(client, f"{priya.url}/facts/step2/dispute", reason="It is 248.")
    answer = decide(client, priya, kind="pivot", specialty="anesthesiology")
    assert answer.status_code == 409
    assert f"{priya.url}/facts/step2" in answer.text


def test_a_reapply_decision_needs_its_plan_each_part_told_at_its_field(priya: Student, client_of: Clients) -> None:
    priya.everything()
    answer = decide(client_of("advisor"), priya, kind="reapply")
    page = text_of(answer.text)
    assert answer.status_code == 422
    assert "Choose how the year will be spent." in page
    assert "Each main weakness needs a remedy." in page
    assert "Tick at least one milestone, or write your own." in page


def test_a_refused_decision_tells_every_fault_and_what_its_gate_lacks_in_one_round(
    priya: Student, client_of: Clients
) -> None:
    priya.facts(step2=238)
    answer = decide(client_of("advisor"), priya, kind="reapply")
    page = text_of(answer.text)
    assert answer.status_code == 409
    for told in ("Choose the main reason", "Choose how the year", "Tick at least one", "Class standing: record it"):
        assert told in page


def test_what_refuses_a_form_takes_the_focus_links_to_its_fields_and_stands_in_the_title(
    priya: Student, client_of: Clients
) -> None:
    client = client_of("advisor")
    refused = decide(client, priya, kind="reapply").text
    assert "<title>Error: Decision: Priya Heron" in refused
    assert refused.count("autofocus") == 1
    assert 'id="path-errors" tabindex="-1" autofocus' in refused
    assert '<a href="#path-mode">' in refused
    assert 'id="path-mode"' in refused
    priya.facts(step2=238)
    closed = decide(client, priya, kind="pivot", specialty="anesthesiology", **OWN).text
    assert 'id="path-closed" autofocus' in closed
    shown = client.get(f"{priya.url}/decision").text
    assert "Error:" not in shown
    assert "autofocus" not in shown


def test_the_form_shows_what_a_decision_plans_by_itself_with_days_and_without_what_was_waived(
    priya: Student, client_of: Clients
) -> None:
    priya.everything()
    client, role = client_of("advisor"), "Secure a research or clinical year with responsibility"
    page = page_of(client, priya)
    assert f"{role}, by Sunday, September 20 (6 months from Match Day)" in page
    assert "With the decision these go on Priya's plan by themselves" in page
    assert "The others go on the plan by themselves" in page
    assert decide(client, priya, **PLAN).status_code == 303
    assert {"PLAN.6r.role", "PLAN.6r.letter", "PLAN.12.record"} <= {one.code for one in priya.sheet().milestones}
    send(client, f"{priya.url}/milestones/PLAN.6r.letter", happened="waive", words="has one")
    url = f"{priya.url}/decisions/{priya.sheet().decisions[0].decision_id}/reverse"
    send(client, url, reason="Changed her mind.")
    page = page_of(client, priya)
    assert f"{role}, by Sunday" in page
    assert "Win one letter writer who knows the plan, by" not in page


def test_a_reapply_decision_is_recorded_with_its_remedies_and_milestones(priya: Student, client_of: Clients) -> None:
    priya.everything()
    client = client_of("advisor")
    own = {"own_1": "Call the lab", "own_1_by": "2026-07-01"}
    assert decide(client, priya, **PLAN, **own).status_code == 303
    sheet = priya.sheet()
    assert (sheet.decisions[0].relation, sheet.decisions[0].mode) == ("agrees", "research_year")
    assert [one.remedy for one in sheet.decisions[0].remedies] == ["Two projects"]
    assert {"PLAN.6r.role", "own"} <= {one.code for one in sheet.milestones}
    page = page_of(client, priya)
    assert "no, it agrees with the recommendation" in page
    assert "Record Priya's decision" not in page


def test_a_milestone_of_ones_own_needs_both_its_words_and_its_day(priya: Student, client_of: Clients) -> None:
    priya.everything()
    answer = decide(client_of("advisor"), priya, **PLAN, own_2="Call the lab")
    assert "A milestone needs both: what is to be done, and by when." in answer.text


def test_a_decision_against_the_recommendation_needs_its_reason_and_is_recorded_with_it(
    priya: Student, client_of: Clients
) -> None:
    priya.everything(grade=1)
    client = client_of("advisor")
    assert "Differs from the recommendation: a reason is needed." in page_of(client, priya)
    refused = decide(client, priya, **PLAN)
    assert refused.status_code == 422
    assert "Choose the main reason" in refused.text
    assert "Write at least one sentence in the student's words." in text_of(refused.text)
    assert decide(client, priya, **PLAN, **OWN).status_code == 303
    decision = priya.sheet().decisions[0]
    assert (decision.relation, decision.reason) == ("differs", "I want to try once more.")
    assert "yes, it differs from the recommendation" in page_of(client, priya)


def test_a_decision_says_which_recommendation_it_differed_from_once_that_is_another(
    priya: Student, client_of: Clients
) -> None:
    priya.everything(grade=1)
    client = client_of("advisor")
    assert decide(client, priya, **PLAN, **OWN).status_code == 303
    priya.opinion("Dr. Wader", 4)
    page = page_of(client, priya)
    assert "Reapply is what the rules say" in page
    assert "yes, it differed from the recommendation of then (pivot now)" in page


def test_the_last_change_of_the_outcome_stays_told_when_only_what_stands_behind_it_changed(
    priya: Student, client_of: Clients
) -> None:
    client, told = client_of("advisor"), "The outcome last changed"
    priya.facts(**INVENTORY)
    priya.opinion("Dr. Ibis", 1)
    assert told not in page_of(client, priya)  # the change itself stands first
    priya.weaknesses(12)
    page = page_of(client, priya)
    assert "The outcome is the same as before; what stands behind it changed." in page
    assert f"{told} from “not yet decidable” to “pivot now” on Tuesday, June 16" in page
    assert "After: Opinion recorded: Dr. Ibis" in page.partition(told)[2]


def test_things_that_are_missing_are_told_apart_where_one_of_them_holds_an_and(
    priya: Student, client_of: Clients
) -> None:
    priya.facts(**INVENTORY)
    priya.weaknesses(12)
    page = page_of(client_of("advisor"), priya)
    first = "what a program director in ortho says about another try"
    assert f"{first}; another year is a serious money burden." in page


def test_a_pivot_needs_its_new_field(priya: Student, client_of: Clients) -> None:
    priya.everything(grade=1)
    assert "Choose the new field." in decide(client_of("advisor"), priya, kind="pivot").text


def test_what_the_advisor_thinks_is_recorded_beside_the_decision(priya: Student, client_of: Clients) -> None:
    priya.everything(grade=1)
    client, page = client_of("advisor"), f"{priya.url}/decision"
    decide(client, priya, kind="pivot", specialty="anesthesiology")
    decision_id = priya.sheet().decisions[0].decision_id
    url = f"{priya.url}/decisions/{decision_id}/stance"
    assert "Write why you think otherwise." in send(client, url, page=page, stance="dissents").text
    assert send(client, url, page=page, stance="dissents", reason="Too early.").status_code == 303
    assert priya.sheet().decisions[0].stance == "dissents"
    assert send(client, url, page=page, stance="concurs").status_code == 303
    assert priya.sheet().decisions[0].stance == "concurs"


def test_a_decision_taken_back_stays_in_the_record_and_another_can_be_recorded(
    priya: Student, client_of: Clients
) -> None:
    priya.everything(grade=1)
    client = client_of("advisor")
    decide(client, priya, kind="pivot", specialty="anesthesiology")
    url = f"{priya.url}/decisions/{priya.sheet().decisions[0].decision_id}/reverse"
    assert send(client, url).status_code == 422
    assert send(client, url, reason="Changed her mind.").status_code == 303
    page = page_of(client, priya)
    assert "Changed her mind." in page
    assert "Record Priya's decision" in page


def test_a_soap_decision_is_judged_by_its_own_gate(priya: Student, client_of: Clients) -> None:
    client, page = client_of("advisor"), f"{priya.url}/decision"
    url = f"{priya.url}/decision/soap"
    refused = send(client, url, page=page, kind="soap_take_part")
    assert refused.status_code == 409
    assert "the student's own no-go list" in text_of(refused.text)
    assert '<details class="no-print" open>' in refused.text
    priya.facts(**INVENTORY, visa="not_needed", soap_eligible=True, no_go_list="none")
    contact = LogContact(**priya.told(), channel="call", summary="Spoke")
    contacts.log_contact(priya.house.desk, priya.lead(), contact)
    assert send(client, url, page=page, kind="soap_take_part").status_code == 303
    assert priya.sheet().decisions[0].relation == "own_gate"


def test_a_recommendation_that_changed_while_the_form_was_open_is_read_first(
    priya: Student, client_of: Clients
) -> None:
    priya.everything()
    client, url = client_of("advisor"), f"{priya.url}/decision"
    fields = hidden_of(client.get(url).text, url)
    priya.facts(financial_pressure=True)
    answer = client.post(url, data=fields | PLAN)
    assert answer.status_code == 409
    assert "the recommendation changed while this was written" in text_of(answer.text).lower()
    assert ChangedMeanwhile.__name__ not in answer.text


def test_where_the_source_disagrees_with_itself_both_readings_stand_with_what_each_says(
    priya: Student, client_of: Clients
) -> None:
    priya.everything(grade=4)
    assert "disagrees with itself" not in page_of(client_of("advisor"), priya)
    priya.facts(interviews_offered=2)
    page = page_of(client_of("advisor"), priya)
    assert "Where the source disagrees with itself" in page
    assert "At least a handful (in force) 2 ortho interview offers; a handful starts at 3: Pivot now" in page
    assert "Any interview offer, word for word the walk would go on: Reapply" in page


def test_the_rules_are_counted_by_how_they_stand(priya: Student, client_of: Clients) -> None:
    priya.everything(grade=1)
    page = page_of(client_of("advisor"), priya)
    assert "3 hold, 3 do not hold, 1 waits for a fact, 1 cannot be evaluated, 1 does not apply" in page
