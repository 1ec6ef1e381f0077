"""Whatever happened, in whatever order: the rows that grew with the journal are those of a rebuild."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.decision.playbook import Playbook
from core.errors import RungwiseError
from core.journal.topics import TOPICS
from core.journey import (
    assessments,
    contacts,
    decisions,
    feedback,
    findings,
    milestones,
    placements,
    quarters,
    scenarios,
    time_requests,
)
from core.journey.journey import Journey, correct_details
from core.people import institution as i
from core.people import member as m
from core.people import packs, plugins, proposals
from projections.model import topic_of
from tests import builders as b
from tests.playbooks import minimal_content
from tests.readmodel.school import School

if TYPE_CHECKING:
    from collections.abc import Callable

ids = st.sampled_from(["a", "b"])
grades = st.one_of(st.none(), st.integers(0, 4))
names = st.sampled_from(["step2", "research", "red_flags", "interviews_offered", "visa"])
VALUES: dict[str, list[Any]] = {
    "step2": [238, 228, "comlex_only", "not_taken"],
    "research": ["multiple", "minimal"],
    "red_flags": [[], ["visa"]],
    "interviews_offered": [0, 7],
    "visa": ["j1"],
}


def reviewers() -> st.SearchStrategy[feedback.Reviewer]:
    return st.builds(
        b.pd,
        st.sampled_from(["Dr. Ibis", "dr. ibis", "Dr. Egret"]),
        st.sampled_from([b.ORTHO, "anesthesiology"]),
        st.sampled_from(["pd", "apd", "faculty", "school_advisor"]),
        related=st.booleans(),
    )


def answers() -> st.SearchStrategy[feedback.Said]:
    return st.builds(
        b.said, grades, saw_full_file=st.booleans(), killed=st.just("Research"), reasons=st.just(("research",))
    )


def a_step() -> st.SearchStrategy[b.Step]:
    """Anything that can happen to a journey; a decide function may refuse it, and then nothing happened."""
    made: list[st.SearchStrategy[b.Step]] = [
        names.flatmap(lambda name: st.sampled_from(VALUES[name]).map(lambda value: b.fact(name, value, imported=True))),
        st.just(b.fact("financial_pressure", value=True, on_behalf=True)),
        names.map(b.disputed),
        names.map(b.confirmed),
        names.flatmap(lambda name: st.sampled_from(VALUES[name]).map(lambda value: _correct(name, value))),
        st.sampled_from([(), (b.weakness(),), (b.weakness("letters", None, None),)]).map(lambda w: b.weaknesses(*w)),
        st.sampled_from([("clear", "borderline"), ("indeterminate", None)]).map(lambda p: b.profile(*p)),
        st.sampled_from(["REAPPLY", "PIVOT_NOW", "CONTESTED", "INDETERMINATE"]).map(b.recommended),
        st.builds(b.asked, ids, reviewers()),
        st.builds(b.heard, ids, reviewers(), answers()),
        ids.map(b.withdrawn),
        ids.map(lambda o: lambda j, at: feedback.decline_opinion(j, o, dated=b.TODAY, why="no", stamp=at)),
        st.builds(lambda o, t: lambda j, at: feedback.mark_trust(j, o, trusted=t, stamp=at), ids, st.booleans()),
        st.sampled_from(["pivot", "reapply", "soap_take_part"]).map(b.overridden),
        ids.map(lambda d: b.decided(b.pivot(decision_id=d, reason_code="money", reason="Loans"))),
        ids.map(lambda d: b.decided(b.reapply(decision_id=d, reason_code="calling", reason="This field"))),
        ids.map(lambda d: b.decided(decisions.NewDecision(decision_id=f"s{d}", kind="soap_take_part"))),
        ids.map(lambda d: lambda j, at: decisions.concur(j, d, note="", stamp=at)),
        ids.map(lambda d: lambda j, at: decisions.dissent(j, d, why="no", stamp=at)),
        ids.map(lambda d: lambda j, at: decisions.reverse_decision(j, d, reason="news", stamp=at)),
        st.just(_audited),
        st.just(_waiting),
        st.just(_imagined),
        st.just(_worked),
        ids.map(b.planned),
        ids.map(lambda x: lambda j, at: milestones.miss_milestone(j, x, today=date(2027, 1, 1), stamp=at)),
        ids.map(lambda x: lambda j, at: milestones.complete_milestone(j, x, evidence="done", stamp=at)),
        ids.map(lambda x: lambda j, at: milestones.waive_milestone(j, x, reason="no use", stamp=at)),
        ids.map(_reschedule),
        st.just(b.talked()),
        st.just(lambda j, at: contacts.add_note(j, visibility="team", body="A note", stamp=at)),
        ids.map(lambda x: lambda j, at: contacts.assign_advisor(j, x, team=None, stamp=at)),
        ids.map(lambda x: lambda j, at: contacts.choose_ladder(j, x, title=x, playbook="sha256:0", stamp=at)),
        st.sampled_from(["soap_place", "matched"]).map(_placed),
        st.just(lambda j, at: correct_details(j, {"specialty": "anesthesiology"}, reason="typo", stamp=at)),
    ]
    return st.one_of(made)


def _correct(name: str, value: Any) -> b.Step:
    return lambda j, at: assessments.correct_fact(j, name, value, source="CV", reason="wrong", stamp=at)


def _reschedule(milestone: str) -> b.Step:
    return lambda j, at: milestones.reschedule_milestone(
        j, milestone, due_on=date(2026, 9, 1), reason="later", stamp=at
    )


def _audited(journey: Journey, at: Any) -> None:
    findings.record_finding(journey, None, about="gate", level="remark", words="x", stamp=at)


def _waiting(journey: Journey, at: Any) -> None:
    time_requests.request_time(journey, date(2026, 6, 1), reason="", today=b.TODAY, stamp=at)


def _imagined(journey: Journey, at: Any) -> None:
    kept: dict[str, Any] = {"inputs": {"a": 1}, "model": "1", "seed": 1, "playbook": None, "result": {"b": 2}}
    scenarios.save_scenario(journey, "s", kind="income", name="x", **kept, stamp=at)


def _worked(journey: Journey, at: Any) -> None:
    done: dict[str, Any] = {"work_rvu": 1, "procedures": None, "satisfaction_pct": 90}
    quarters.record_quarter(journey, "2026-Q1", **done, source="x", today=b.TODAY, stamp=at)


def _placed(kind: str) -> b.Step:
    return lambda j, at: placements.record_placement(j, kind, specialty="pmr", place="City", stamp=at)


def _around() -> st.SearchStrategy[Callable[[School], None]]:
    """What can happen around the journeys: people, settings, playbooks, imports, erasure."""

    def change(school: School, do: Callable[[m.Member], None]) -> None:
        do(school.ruiz)
        school.journal.save(school.ruiz)

    def setting(school: School, name: str, value: str) -> None:
        i.change_setting(school.institution, name, value, stamp=school.stamp())
        school.journal.save(school.institution)

    return st.sampled_from(
        [
            lambda s: change(s, lambda one: m.grant_role(one, "lead", "2026", stamp=s.stamp())),
            lambda s: change(s, lambda one: m.revoke_role(one, "lead", "2026", stamp=s.stamp())),
            lambda s: change(s, lambda one: m.change_team(one, "west", stamp=s.stamp())),
            lambda s: change(s, lambda one: m.deactivate(one, stamp=s.stamp())),
            lambda s: setting(s, "time_zone", "Pacific/Auckland"),
            lambda s: setting(s, "support_contact", "555-0100"),
            lambda s: s.publish(minimal_content(label="another")),
            lambda s: s.erase("S-2"),
        ]
    )


STEPS = st.lists(st.tuples(st.integers(0, 2), a_step()), min_size=5, max_size=40)
AROUND = st.dictionaries(st.integers(0, 40), _around(), max_size=3)


@settings(max_examples=25, deadline=None)
@given(steps=STEPS, around=AROUND, folds=st.sets(st.integers(0, 40)), batch=st.integers(1, 50))
def test_the_rows_that_grew_with_the_journal_are_those_of_a_rebuild(
    steps: list[tuple[int, b.Step]], around: dict[int, Callable[[School], None]], folds: set[int], batch: int
) -> None:
    with TemporaryDirectory() as folder, School(Path(folder), batch=batch) as school:
        journeys = [school.student(student_ref=f"S-{number}") for number in range(3)]
        for number, (which, step) in enumerate(steps):
            with suppress(RungwiseError):
                school.add(journeys[which], step)
            if number in around:
                with suppress(RungwiseError):
                    around[number](school)
            if number in folds:
                school.runner.catch_up()
        school.runner.catch_up()
        grown = school.digests()

        school.runner.rebuild()

        assert school.digests() == grown
        for one in journeys:
            _agrees_with_core(school, one)


def _agrees_with_core(school: School, journey_id: Any) -> None:
    """The journey page shows the aggregate as core itself loads it."""
    sheet = school.sheet(journey_id)
    if sheet.erased:
        return
    aggregate = school.journal.get(Journey, journey_id)
    assert sheet.version == aggregate.version
    assert {name: fact.value for name, fact in sheet.facts.items()} == {
        f.name: f.value for f in aggregate.facts.values()
    }
    assert [(o.opinion_id, o.status) for o in sheet.opinions] == [
        (o.opinion_id, o.status) for o in aggregate.opinions.values()
    ]
    assert set(sheet.milestones) == set(aggregate.milestones.values())
    assert len(sheet.decisions) == len(aggregate.decisions)
    assert sheet.profile == aggregate.profile
    assert sheet.recommendation is None or sheet.recommendation.result == aggregate.recommendation


def test_the_steps_above_reach_every_kind_of_event(tmp_path: Path) -> None:
    """Otherwise the property would not speak of all of them."""
    with School(tmp_path) as school:
        one = school.student(student_ref="S-2")
        cohort = school.cohort()
        counts = dict.fromkeys(("new", "changed", "unchanged", "by_hand"), 0)
        i.record_import(cohort, file_name="a", file_digest="b", counts=counts, stamp=school.stamp())
        school.journal.save(cohort)
        school.add(
            one, b.path_ready(without="research"), b.asked("z"), b.overridden("pivot"), b.fact("research", "limited")
        )
        for step in (
            b.fact("research", "limited"),
            b.fact("publications", 1),
            b.confirmed("publications"),
            b.disputed("publications"),
            _correct("publications", 2),
            _waiting,
            b.weaknesses(b.weakness()),
            b.recommended("REAPPLY"),
            b.withdrawn("a"),
            lambda j, at: feedback.decline_opinion(j, "z", dated=b.TODAY, why="no", stamp=at),
            lambda j, at: feedback.mark_trust(j, "b", trusted=True, stamp=at),
            b.heard("y"),
            b.decided(b.reapply(reason_code="calling", reason="x")),
            lambda j, at: decisions.concur(j, "d-1", note="", stamp=at),
            lambda j, at: decisions.dissent(j, "d-1", why="no", stamp=at),
            lambda j, at: decisions.reverse_decision(j, "d-1", reason="news", stamp=at),
            b.planned("p"),
            _reschedule("p"),
            lambda j, at: milestones.miss_milestone(j, "p", today=date(2027, 1, 1), stamp=at),
            lambda j, at: milestones.complete_milestone(j, "p", evidence="x", stamp=at),
            lambda j, at: milestones.waive_milestone(j, "first", reason="x", stamp=at),
            b.talked(),
            lambda j, at: contacts.add_note(j, visibility="team", body="x", stamp=at),
            lambda j, at: contacts.assign_advisor(j, "x", team=None, stamp=at),
            lambda j, at: contacts.choose_ladder(j, "x", title="x", playbook="y", stamp=at),
            _placed("matched"),
            _audited,
            _imagined,
            _worked,
            lambda j, at: correct_details(j, {"name": "Rob"}, reason="x", stamp=at),
        ):
            school.add(one, step)
        for do in (
            lambda at: m.grant_role(school.ruiz, "lead", "2026", stamp=at),
            lambda at: m.revoke_role(school.ruiz, "lead", "2026", stamp=at),
            lambda at: m.change_team(school.ruiz, "west", stamp=at),
            lambda at: m.deactivate(school.ruiz, stamp=at),
            lambda at: m.reactivate(school.ruiz, stamp=at),
        ):
            do(school.stamp())
        school.journal.save(school.ruiz)
        _governed(school)

        seen = {topic_of(event.event) for event in school.journal.read_log(0, 1000)}
        assert seen == set(TOPICS)
        for happened in (lambda: None, lambda: school.erase("S-2")):
            happened()
            school.runner.catch_up()
            grown = school.digests()
            school.runner.rebuild()
            assert school.digests() == grown


def _governed(school: School) -> None:
    """Let everything happen to the institution that can."""
    held, key, today = school.institution, "ab" * 32, date(2026, 4, 1)
    asked: dict[str, Any] = {"kind": "parameter", "effective_on": today, "note": "x", "today": today}
    content = minimal_content(label="third")
    plugin = {"distribution": "x", "version": "1", "digest": "sha256:" + "0" * 64}
    for do in (
        partial(i.change_setting, held, "support_contact", "555"),
        partial(packs.save_pack, held, "eyes", "x", origin="shell"),
        partial(packs.trust_publisher, held, "Fernwood", key),
        partial(packs.forget_publisher, held, key),
        partial(proposals.propose, held, subject="thin_max", change={"value": 3}, **asked),
        partial(proposals.propose, held, subject="handful_min", change={"value": 4}, **asked),
        partial(proposals.decline, held, 2, "x"),
        partial(plugins.approve_plugin, held, "one", **plugin),
        partial(plugins.revoke_plugin, held, "one"),
    ):
        do(stamp=school.stamp())
    proposals.approve(held, 1, stamp=school.stamp(actor=str(school.steward.id)))
    proposals.publish(held, 1, content, digest=Playbook.from_content(content).digest, stamp=school.stamp())
    school.journal.save(held)
