"""One form on a page of its own: asked with GET, answered with POST, and back where it came from.

Every kind of event has such a form. A schema says what is asked; a field's `metadata` may hold a `hint`, the `legend`
that starts a group, `radio` for few choices, `consequences` for what follows from each choice, or `quiet` where all
fields may be left empty, so that the word need not stand beside each.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flask import request

from core.values import NAME_MAX
from web.edge import page
from web.fields import Choice, Choices, Day, Labelled, Tick, Whole, Words
from web.journey.meanwhile import changed_meanwhile
from web.journey.record import done, here
from web.schemas import FormSchema, blank, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flask.typing import ResponseReturnValue

    from core.advising.desk import Receipt
    from web.journey.meanwhile import Meanwhile
    from web.journey.record import Record
    from web.schemas import Form

__all__ = ["Control", "Task", "TaskPage", "asking", "controls", "item_id", "perform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """How a field is shown.

    Args:
        name: of the field.
        kind: text, textarea, number, date, select, radio, choices, pick or checkbox.
        required: whether it must be filled in.
        optional: whether the word stands beside its label.
        hint: one line of help.
        options: pairs of value and label; for choices also what follows.
        legend: starts a group of fields with this heading.
    """

    name: str
    kind: str
    required: bool
    optional: bool
    hint: str
    options: tuple[tuple[str, ...], ...]
    legend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A form to fill in about one journey; its texts may hold {first}, the student, and what `perform` is given.

    Args:
        heading: what the page is for.
        button: what sending it does.
        message: said afterwards.
        back: the page of the journey it leads back to.
        lead: one or two sentences over the form.
        schema: what is asked; None where that depends on the journey.
        template: of a page that shows more than the form.
    """

    heading: str
    button: str
    message: str
    back: str = "sheet"
    lead: str = ""
    schema: type[FormSchema] | None = None
    template: str = "journey/task.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """What the page of a task shows; `beside` is what its template shows over the form, `meanwhile` what came in."""

    record: Record
    heading: str
    lead: str
    form: Form
    controls: tuple[Control, ...]
    button: str
    back: str
    beside: Any
    meanwhile: Meanwhile | None


def perform(
    task: Task,
    record: Record,
    send: Callable[[Form], Receipt | None],
    *,
    schema: type[FormSchema] | None = None,
    start: Mapping[str, Any] | None = None,
    beside: Any = None,
    about: Iterable[int | None] = (),
    **words: str,
) -> ResponseReturnValue:
    """Show a form, or take it.

    Args:
        task: the form.
        record: the journey it is about.
        send: runs the use case; None means that it put errors on the form.
        schema: what is asked, where that depends on the journey.
        start: values to start from.
        beside: what the page shows over the form.
        about: versions at which the items that it changes were changed last.
        words: for the texts of the task.
    """
    asked = schema or task.schema or FormSchema
    words = {"first": record.first, "field": record.dream, **words}
    back, sent = here(record, task.back), request.method == "POST"
    form = load(asked, start=start) if sent else blank(asked, seen=record.sheet.version, **(start or {}))
    if sent and form.ok and (receipt := form.send(lambda: send(form))):
        return done(record, receipt, back, task.message.format(**words))
    shown = TaskPage(
        record=record,
        heading=task.heading.format(**words),
        lead=task.lead.format(**words),
        form=form,
        controls=controls(asked, form),
        button=task.button.format(**words),
        back=back,
        beside=beside,
        meanwhile=changed_meanwhile(record, about),
    )
    return page(task.template, 422 if sent else 200, view=shown)


def asking(fields: Mapping[str, Labelled], base: type[FormSchema] = FormSchema) -> type[FormSchema]:
    """Return a form whose fields depend on the journey; a field of `base` with the same name keeps its place."""
    return cast("type[FormSchema]", base.from_dict(dict(fields), name="Asked"))


def item_id(kind: str, form: Form) -> str:
    """Return the id of what a form adds to a journey: made from the command's id, so that a repeat adds nothing."""
    return f"{kind}-{hashlib.sha256(form.command_id.encode()).hexdigest()[:12]}"


def controls(schema: type[FormSchema], form: Form) -> tuple[Control, ...]:
    """Return how each field of a form is shown, in the order of the schema."""
    declared = schema().fields.items()
    return tuple(_control(name, one, form) for name, one in declared if isinstance(one, Labelled))


def _control(name: str, asked: Labelled, form: Form) -> Control:
    options: list[tuple[str, ...]] = list(form.options.get(name, ()))
    kind = _kind(asked)
    if kind == "choices":
        follows = asked.metadata["consequences"]
        options = [(value, label, follows.get(value, "")) for value, label in options]
    elif kind == "select":
        options = [("", "Choose…" if asked.required else "-"), *options]
    return Control(
        name=name,
        kind=kind,
        required=asked.required,
        optional=not asked.required and kind != "checkbox" and not asked.metadata.get("quiet"),
        hint=asked.metadata.get("hint", ""),
        options=tuple(options),
        legend=asked.metadata.get("legend", ""),
    )


def _kind(asked: Labelled) -> str:
    if isinstance(asked, Choice):
        given = asked.metadata
        return "choices" if "consequences" in given else "radio" if given.get("radio") else "select"
    if isinstance(asked, Words):
        return "textarea" if asked.longest > NAME_MAX else "text"
    kinds = {Whole: "number", Day: "date", Choices: "pick", Tick: "checkbox"}
    return next((kind for cls, kind in kinds.items() if isinstance(asked, cls)), "text")
