"""The what-if lab: up to four variants of a journey side by side, on a copy; nothing is saved unless it is filed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from flask import request

from core.advising.scenarios import SaveScenario, save_scenario
from core.decision.recommendation import ENGINE, evaluate
from core.decision.suppose import suppose
from core.errors import InvalidValue, NotFound
from core.journey.evidence import evidence_of
from core.journey.journey import Journey
from core.journey.scenarios import ScenarioSaved
from core.people.access import Permission
from core.values import NAME_MAX
from web.edge import house, needs, page, who
from web.journey.record import blueprint, done, here, read, read_to_write, told
from web.journey.suppositions import Question, questions, said_of
from web.journey.task import Control, asking, controls, item_id
from web.journey.words import rule_sentence
from web.schemas import FormSchema, Words, blank, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from core.decision.evidence import Evidence
    from core.decision.playbook import Playbook
    from web.fields import Labelled
    from web.journey.record import Record
    from web.schemas import Form

__all__: list[str] = []

LETTERS: Final = "abcd"
MODEL: Final = f"rules {ENGINE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the rules say of one variant.

    Args:
        name: "As recorded", or "Variant A".
        letter: of a variant.
        changes: what was supposed, in words: label, recorded, supposed.
        result: whole, in the shape of the evaluate contract.
        decided: the rules that decided, as sentences with what they turned on.
        differs: rules that stand otherwise than as recorded: id, sentence, verdict, why.
    """

    name: str
    letter: str
    changes: tuple[tuple[str, str, str], ...]
    result: dict[str, Any]
    decided: tuple[tuple[str, str], ...]
    differs: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question with a control for each variant."""

    question: Question
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabPage:
    """What the lab shows: the answers side by side, and under them what can be supposed, in groups."""

    record: Record
    form: Form
    answers: tuple[Answer, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    letters: str
    title: Control
    filed: tuple[tuple[str, str, str], ...]

    @property
    def more(self) -> bool:
        """Whether one more variant fits."""
        return len(self.letters) < len(LETTERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPage:
    """A scenario as it was filed."""

    record: Record
    name: str
    filed: str
    answer: Answer
    playbook: str
    model: str


class _Lab(FormSchema):
    """What every variant shares."""

    title = Words("Name of the scenario", longest=NAME_MAX, metadata={"quiet": True})
    do = Words("What to do", longest=10)


@blueprint.route("/journeys/<uuid:journey_id>/what-if", methods=["GET", "POST"])
@needs(Permission.READ_JOURNEY)
def what_if(journey_id: UUID) -> ResponseReturnValue:
    """Show the lab, what its variants give, or a scenario that was filed; nothing is written."""
    with house().views.read() as db:
        record = read(db, journey_id)
    if scenario_id := request.args.get("scenario"):
        return _filed(record, scenario_id)
    return _show(record, _letters())


@blueprint.post("/journeys/<uuid:journey_id>/what-if/<letter>")
@needs(Permission.WRITE_JOURNEY)
def file_scenario(journey_id: UUID, letter: str) -> ResponseReturnValue:
    """File one variant as a scenario of the journey."""
    record = read_to_write(journey_id)
    letters = _letters()
    if letter not in letters:
        raise NotFound("there is no such variant")
    asked, evidence, playbook = _asked(record)
    form = load(_schema(asked, letters), form="lab")
    name = form.values.get("title") if form.ok else None
    changes = _changes(asked, form, letter) if form.ok else {}
    if form.ok and not name:
        form.errors["title"] = "Give the scenario a name, so that it can be found again."
    elif form.ok and not changes:
        form.errors["title"] = f"Variant {letter.upper()} is as recorded: change something first."
    if form.ok:
        supposed = suppose(evidence, playbook, changes)
        command = SaveScenario(
            **told(record, form),
            scenario_id=item_id("scenario", form),
            kind="what_if",
            name=str(name),
            inputs={"changes": changes, "as_of": evidence.as_of.isoformat(), "evidence_version": record.sheet.version},
            model=MODEL,
            playbook=playbook.digest,
            result=evaluate(*supposed).to_dict(),
        )
        if receipt := form.send(lambda: save_scenario(house().desk, who(), command)):
            return done(record, receipt, here(record, "what_if"), f"“{name}” is filed as a scenario.")
    return _show(record, letters, refused=form)


def _filed(record: Record, scenario_id: str) -> ResponseReturnValue:
    """Show a scenario with the answer that was filed, whatever the program has become since."""
    held = {one.said.version: one for one in record.sheet.scenarios if one.kind == "what_if"}
    version = next((number for number, one in held.items() if one.scenario_id == scenario_id), None)
    stored = [
        one for one in house().desk.journal.stream(record.journey_id, version) if one.originator_version == version
    ]
    if version is None or not stored or not isinstance(stored[0], ScenarioSaved):
        raise NotFound("there is no such scenario on this journey")
    event, said = stored[0], held[version].said
    asked, _, _ = _asked(record, event.inputs["evidence_version"])
    view = ScenarioPage(
        record=record,
        name=event.name,
        filed=f"{record.moment(said.recorded_at)}, by {said.actor_name}",
        answer=_answer(record, event.result, name=event.name, changes=_told_changes(asked, event.inputs["changes"])),
        playbook=(event.playbook or "").removeprefix("sha256:")[:8],
        model=event.model,
    )
    return page("journey/scenario.html", view=view)


def _letters() -> str:
    """Return the variants that are open: those whose fields were sent, and one more where it was asked for."""
    sent = [letter for letter in LETTERS if any(name.startswith(f"{letter}-") for name in request.form)]
    many = max(1, len(sent)) + (request.form.get("do") == "add")
    return LETTERS[:many]


def _asked(record: Record, version: int | None = None) -> tuple[tuple[Question, ...], Evidence, Playbook]:
    journey = house().desk.journal.get(Journey, record.journey_id, version)
    playbook = house().desk.playbook()
    evidence = evidence_of(journey, as_of=record.today)
    return questions(record, evidence, playbook), evidence, playbook


def _schema(asked: Iterable[Question], letters: str) -> type[FormSchema]:
    fields: dict[str, Labelled] = {_key(letter, one): one.of(letter) for letter in letters for one in asked}
    return asking(fields, _Lab)


def _key(letter: str, question: Question) -> str:
    return f"{letter}-{question.name}"


def _changes(asked: Iterable[Question], form: Form, letter: str) -> dict[str, Any]:
    given = {one: form.values.get(_key(letter, one)) for one in asked}
    return {one.path: one.value(value) for one, value in given.items() if value is not None}


def _show(record: Record, letters: str, *, refused: Form | None = None) -> ResponseReturnValue:
    asked, evidence, playbook = _asked(record)
    schema = _schema(asked, letters)
    sent = request.method == "POST"
    form = refused or (load(schema, form="lab") if sent else blank(schema, form="lab", seen=record.sheet.version))
    base = evaluate(evidence, playbook, flips=False).to_dict()
    answers = [_answer(record, base, name="As recorded")]
    for letter in letters if form.values else "":
        changes = _changes(asked, form, letter)
        try:
            result = evaluate(*suppose(evidence, playbook, changes), flips=False).to_dict()
        except InvalidValue as error:
            form.refuse(error)
            continue
        name, words = f"Variant {letter.upper()}", _told_changes(asked, changes)
        answers.append(_answer(record, result, name=name, letter=letter, changes=words, base=base))
    shown = {one.name: one for one in controls(schema, form)}
    rows = [
        (one.group, Row(question=one, controls=tuple(shown[_key(letter, one)] for letter in letters))) for one in asked
    ]
    view = LabPage(
        record=record,
        form=form,
        answers=tuple(answers),
        groups=tuple((group, tuple(row for _, row in some)) for group, some in groupby(rows, key=lambda row: row[0])),
        letters=letters,
        title=shown["title"],
        filed=tuple(
            (one.name, record.moment(one.said.recorded_at), here(record, "what_if", scenario=one.scenario_id))
            for one in record.sheet.scenarios
            if one.kind == "what_if"
        ),
    )
    return page("journey/what_if.html", 422 if form.errors else 200, view=view)


def _told_changes(asked: Iterable[Question], changes: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    known = {one.path: one for one in asked}
    return tuple(
        (
            known[path].label if path in known else path,
            known[path].recorded if path in known else "",
            said_of(known.get(path), path, value),
        )
        for path, value in changes.items()
    )


def _answer(
    record: Record,
    result: dict[str, Any],
    *,
    name: str,
    letter: str = "",
    changes: tuple[tuple[str, str, str], ...] = (),
    base: Mapping[str, Any] | None = None,
) -> Answer:
    conditions = {one.id: one.sentence for one in record.specialty.conditions} if record.specialty else {}
    rules = {rule["id"]: rule for rule in result["rules"]}
    before = {rule["id"]: (rule["verdict"], rule["why"]) for rule in (base or result)["rules"]}
    return Answer(
        name=name,
        letter=letter,
        changes=changes,
        result=result,
        decided=tuple(
            (rule_sentence(rule, record.field, conditions), rules[rule]["why"]) for rule in result["decided_by"]
        ),
        differs=tuple(
            (rule, rule_sentence(rule, record.field, conditions), one["verdict"], one["why"])
            for rule, one in rules.items()
            if before.get(rule) != (one["verdict"], one["why"])
        ),
    )
