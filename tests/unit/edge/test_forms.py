"""The form machine: typed text becomes values, or one clear sentence for each field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict

from core.errors import InvalidValue
from web.schemas import Choice, Choices, Day, Email, Form, FormSchema, Password, Ref, Tick, Whole, Words, blank, load

if TYPE_CHECKING:
    from collections.abc import Sequence

STANDING = {"q1": "Top quarter", "q4": "Lowest quarter"}


class Everything(FormSchema):
    step2 = Whole("Step 2", low=1, high=300, required=True)
    source = Words("Source", longest=10)
    happened_on = Day("When")
    standing = Choice("Standing", STANDING)
    flags = Choices("Red flags", ("visa", "leave"))
    trusted = Tick("Trusted")
    member = Ref("Member")
    email = Email()
    password = Password("Password")


GOOD = {"step2": "238", "command_id": "c1"}


def sent(**fields: Any) -> Form:
    pairs: Sequence[tuple[str, Any]] = [
        (name, one)
        for name, value in (GOOD | fields).items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return load(Everything, source=MultiDict(pairs))


def test_what_was_typed_becomes_typed_values_and_what_was_left_empty_is_none() -> None:
    form = sent(
        source="  dean ",
        happened_on="2026-06-16",
        standing="q1",
        flags=["leave", "visa"],
        trusted="yes",
        member=str(UUID(int=3)),
        email=" ",
        seen="4",
    )
    assert form.ok
    assert form.values == {
        "step2": 238,
        "source": "dean",
        "happened_on": date(2026, 6, 16),
        "standing": "q1",
        "flags": ["visa", "leave"],
        "trusted": True,
        "member": UUID(int=3),
        "email": None,
        "password": None,
    }
    assert (form.command_id, form.seen) == ("c1", 4)


def test_nothing_ticked_is_no_and_an_empty_list() -> None:
    assert (sent().values["trusted"], sent().values["flags"]) == (False, [])


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("step2", "2388", "2388 is too high: a whole number from 1 to 300."),
        ("step2", "0", "0 is too low: a whole number from 1 to 300."),
        ("step2", "two", "“two” is not allowed: a whole number from 1 to 300."),
        ("step2", "23.5", "“23.5” is not allowed: a whole number from 1 to 300."),
        ("step2", "", "This is needed: a whole number from 1 to 300."),
        ("step2", "9" * 40, "“" + "9" * 40 + "” is not allowed: a whole number from 1 to 300."),
        ("source", "x" * 11, "This has 11 characters: at most 10 are allowed."),
        ("source", "a\x00b", "This holds a control character, which is no text: type it again."),
        ("happened_on", "16/06/2026", "“16/06/2026” is not allowed: a date such as 2026-06-16."),
        ("happened_on", "2026-02-30", "“2026-02-30” is not allowed: a date such as 2026-06-16."),
        ("standing", "q9", "“q9” is not allowed: one of Top quarter, Lowest quarter."),
        ("flags", ["visa", "x"], "“x” is not allowed: some of visa, leave."),
        ("trusted", "perhaps", "“perhaps” is not allowed: ticked or not."),
        ("member", "12", "“12” is not allowed: the id of a record."),
    ],
)
def test_a_value_that_is_not_allowed_gets_one_sentence_and_stays_in_the_field(
    field: str, typed: Any, sentence: str
) -> None:
    form = sent(**{field: typed})
    assert form.errors == {field: sentence}
    assert form.typed[field] == typed


def test_a_long_value_is_shortened_in_the_sentence_but_kept_whole_in_the_field() -> None:
    form = sent(step2="x" * 500)
    assert len(form.errors["step2"]) < 140
    assert form.typed["step2"] == "x" * 500


def test_a_field_that_the_form_does_not_have_is_refused() -> None:
    assert sent(is_admin="yes").errors == {"_form": "is_admin: this form has no such field."}


def test_a_field_given_twice_is_refused() -> None:
    assert sent(step2=["238", "260"]).errors["step2"] == "step2 was given 2 times: once is allowed."


def test_a_form_without_its_hidden_command_id_is_repaired_and_not_run() -> None:
    form = sent(command_id="")
    assert "send it again" in form.errors["_form"]
    assert form.command_id


def test_a_password_is_taken_as_it_is_and_never_shown_again() -> None:
    form = sent(password="  spaces count  ")
    assert form.values["password"] == "  spaces count  "
    assert "password" not in form.typed


def test_what_the_domain_refuses_stands_at_its_field_or_above_the_form() -> None:
    form = sent()

    def refuse(what: str) -> None:
        raise InvalidValue(what, "2388", "a whole number from 1 to 300")

    assert form.send(lambda: refuse("step2")) is None
    assert form.send(lambda: refuse("cycle")) is None
    assert form.errors["step2"] == "“2388” is not allowed: a whole number from 1 to 300."
    assert form.errors["_form"] == "cycle: “2388” is not allowed: a whole number from 1 to 300."
    assert not form.ok


def test_a_fresh_form_starts_from_given_values_under_an_id_of_its_own() -> None:
    one = blank(
        Everything, form="fact", seen=7, step2=238, happened_on=date(2026, 6, 16), flags=("visa",), trusted=True
    )
    assert one.typed == {"step2": "238", "happened_on": "2026-06-16", "flags": ["visa"], "trusted": "yes"}
    assert one.typed["source"] == ""
    assert one.errors["step2"] == ""
    assert (one.name, one.seen) == ("fact", 7)
    assert one.command_id != blank(Everything).command_id
    assert one.options["standing"] == list(STANDING.items())
    assert one.labels["step2"] == "Step 2"
