"""The form machine: what a person typed becomes the fields of a command, or one clear sentence for each field."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, g, request
from markupsafe import Markup
from marshmallow import RAISE, Schema, ValidationError

from core.errors import InvalidValue
from web.fields import (
    Choice,
    Choices,
    Day,
    Email,
    Labelled,
    Password,
    Ref,
    Tick,
    Upload,
    Whole,
    Words,
    not_allowed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.datastructures import MultiDict

__all__ = [
    "Choice",
    "Choices",
    "Day",
    "Email",
    "Form",
    "FormSchema",
    "Password",
    "Ref",
    "Tick",
    "Upload",
    "Whole",
    "Words",
    "blank",
    "known_labels",
    "load",
    "sealed",
]

T = TypeVar("T")
MACHINERY = ("csrf_token", "command_id", "seen")
WHOLE_FORM = "_form"
_ID_MAX = 100


class FormSchema(Schema):
    """Base of all forms; a field that is not declared is refused."""

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE


class _Texts(dict[str, Any]):
    """By field; a field that is not there is empty, so that a template need not ask."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(kw_only=True)
class Form:
    """A form on its way to a page or to a command.

    Args:
        name: the word that its control ids begin with.
        typed: what stands in the fields: text, or a list of texts.
        labels: what a person reads above each field.
        options: of choices, pairs of value and label.
        errors: one sentence for each field that needs a change.
        values: what the command takes, when there are no errors.
        command_id: made when the form was first shown; sending it twice has one effect.
        seen: version of the record when the form was shown.
        began: what stood in the fields before anybody typed, as far as it is known.
    """

    name: str
    labels: dict[str, str]
    options: dict[str, list[tuple[str, str]]]
    command_id: str
    seen: int | None
    typed: dict[str, Any] = field(default_factory=_Texts)
    errors: dict[str, str] = field(default_factory=_Texts)
    values: dict[str, Any] = field(default_factory=dict)
    began: dict[str, Any] = field(default_factory=_Texts)

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """What a person wrote or chose: label and words of each field that is not as it was when the form opened."""
        return tuple(
            (label, self._words(name))
            for name, label in self.labels.items()
            if self.typed[name] and self.typed[name] != self.began[name]
        )

    def _words(self, name: str) -> str:
        given, known = self.typed[name], dict(self.options.get(name, ()))
        return ", ".join(known.get(one, one) for one in ([given] if isinstance(given, str) else given))

    @property
    def ok(self) -> bool:
        """Whether every field can be used."""
        return not self.errors

    def send(self, use_case: Callable[[], T]) -> T | None:
        """Run a use case; a value it does not allow becomes a sentence at its field, and None is returned."""
        try:
            return use_case()
        except InvalidValue as error:
            self.refuse(error)
            return None

    def refuse(self, error: InvalidValue) -> None:
        """Put what a use case does not allow beside the field it is about."""
        place = error.what if error.what in self.labels else WHOLE_FORM
        sentence = not_allowed(error.value, error.allowed)
        self.errors[place] = sentence if place != WHOLE_FORM else f"{error.what}: {sentence}"


def load(
    schema: type[FormSchema],
    *,
    form: str = "f",
    source: MultiDict[str, str] | None = None,
    start: Mapping[str, Any] | None = None,
) -> Form:
    """Read a form that was sent; bad input never raises.

    Args:
        schema: what is expected.
        form: the word that the form's control ids begin with.
        source: in place of the request's form.
        start: what the form would begin with now.
    """
    made = schema()
    sent = request.form if source is None else source
    read = _empty(made, form)
    read.began.update({key: _shown(value) for key, value in (start or {}).items()})
    if source is None:
        g.sent_form = read  # a page that says why it was not saved tells it in the words of the form
    raw: dict[str, Any] = {
        key: one for key in sent if key not in MACHINERY and (one := _take(read, made, key, sent.getlist(key)))
    }
    for key, expected in made.fields.items():
        if isinstance(expected, Upload) and source is None and (file := request.files.get(key)):
            raw[key] = file
    _read_machinery(read, sent)
    try:
        read.values = made.load(raw)
    except ValidationError as error:
        for key, sentence in _flat(error.messages_dict, made).items():
            read.errors.setdefault(key, sentence)
    return read


def _take(form: Form, schema: FormSchema, key: str, given: list[str]) -> str | list[str] | None:
    """Keep what was typed in a field, and return it where there is something to read."""
    expected = schema.fields.get(key)
    if isinstance(expected, Choices):
        form.typed[key] = given
        return given
    if not isinstance(expected, Password):
        form.typed[key] = given[0]
    if len(given) > 1:
        form.errors[key if expected else WHOLE_FORM] = f"{key} was given {len(given)} times: once is allowed."
        return None
    return None if isinstance(expected, Labelled) and expected.is_blank(given[0]) else given[0]


def blank(schema: type[FormSchema], *, form: str = "f", seen: int | None = None, **typed: Any) -> Form:
    """Return a form to show for the first time.

    Args:
        schema: what it asks for.
        form: the word that its control ids begin with.
        seen: version of the record that the person sees.
        typed: values to start from.
    """
    made = _empty(schema(), form)
    made.seen = seen
    made.command_id = secrets.token_hex(16)
    made.typed.update({key: _shown(value) for key, value in typed.items()})
    return made


def sealed(form: Form) -> Markup:
    """Return the hidden fields of a form: the token against forged posts, the command's id, the version seen."""
    token: Callable[[], str] = current_app.extensions["rungwise_csrf"]
    hidden = {"csrf_token": token(), "command_id": form.command_id}
    if form.seen is not None:
        hidden["seen"] = str(form.seen)
    return Markup().join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value) for name, value in hidden.items()
    )


def known_labels() -> dict[str, str]:
    """Return what a person reads above each field that is called the same on every form.

    Forms made for one record are left out: their labels name the student.
    """
    found: dict[str, set[str]] = {}
    waiting = list(FormSchema.__subclasses__())
    while waiting:
        schema = waiting.pop()
        if not schema.__module__.startswith("web."):  # made by `from_dict`
            continue
        waiting += schema.__subclasses__()
        for name, one in schema._declared_fields.items():  # noqa: SLF001 - marshmallow has no public name for it
            if isinstance(one, Labelled):
                found.setdefault(name, set()).add(one.label)
    return {name: labels.pop() for name, labels in found.items() if len(labels) == 1}


def _empty(schema: FormSchema, name: str) -> Form:
    declared = {key: one for key, one in schema.fields.items() if isinstance(one, Labelled)}
    return Form(
        name=name,
        labels={key: one.label for key, one in declared.items()},
        options={key: one.options for key, one in declared.items() if isinstance(one, Choice | Choices)},
        command_id="",
        seen=None,
    )


def _read_machinery(form: Form, sent: MultiDict[str, str]) -> None:
    form.command_id = sent.get("command_id", "")
    seen = sent.get("seen", "")
    form.seen = int(seen) if seen.isascii() and seen.isdigit() else None
    if not 1 <= len(form.command_id) <= _ID_MAX or (seen and form.seen is None):
        form.command_id = secrets.token_hex(16)
        form.errors[WHOLE_FORM] = "A hidden part of this form was missing; it is repaired now: send it again."


def _flat(messages: Mapping[str, Any], schema: FormSchema) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, told in messages.items():
        sentence = " ".join(str(one) for one in told) if isinstance(told, list) else str(told)
        if key in schema.fields:
            found[key] = sentence
        else:
            strange = "" if key == "_schema" else f"{key[:60]}: "
            found[WHOLE_FORM] = strange + ("this form has no such field." if strange else sentence)
    return found


def _shown(value: object) -> str | list[str]:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, list | tuple | set | frozenset):
        return [str(one) for one in value]
    return value.isoformat() if isinstance(value, date) else str(value)
