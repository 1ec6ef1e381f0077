"""What a fact may be, written in a form or a roster cell, checked, and shown."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import InvalidValue
from core.journey.inventory import FACTS, check, parse, show


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("step2", " 238 ", 238),
        ("step2", "COMLEX_only", "comlex_only"),
        ("step2", "not_taken", "not_taken"),
        ("interviews_offered", "0", 0),
        ("interviews_ranked", "not_shared", "not_shared"),
        ("research", "Limited", "limited"),
        ("financial_pressure", "YES", True),
        ("willing_to_move_anywhere", "false", False),
        ("red_flags", "none", ()),
        ("red_flags", "visa; failed_exam ;visa", ("failed_exam", "visa")),
        ("honors", " AOA, Gold Humanism ", "AOA, Gold Humanism"),
        ("honors", "None", "none"),
        ("no_go_list", "none", "none"),
    ],
)
def test_what_is_written_becomes_its_value(name: str, text: str, value: Any) -> None:
    assert parse(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("step2", "0"),
        ("step2", "301"),
        ("step2", "238.0"),
        ("step2", "\uff12\uff13\uff18"),
        ("step2", "-1"),
        ("step2", ""),
        ("publications", "9" * 7),
        ("research", "some"),
        ("financial_pressure", "maybe"),
        ("red_flags", "none; visa"),
        ("red_flags", " "),
        ("red_flags", "lateness"),
        ("honors", " "),
        ("honors", "x" * 2001),
        ("step1", "comlex_only"),
    ],
)
def test_what_is_not_allowed_is_refused_with_the_text_as_written(name: str, text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        parse(name, text)
    assert (refusal.value.what, refusal.value.value, refusal.value.allowed) == (name, text.strip(), FACTS[name].allowed)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("step2", True),
        ("step2", 238.0),
        ("step2", "238"),
        ("step2", None),
        ("financial_pressure", 1),
        ("financial_pressure", "yes"),
        ("research", ["limited"]),
        ("red_flags", "visa"),
        ("red_flags", [["visa"]]),
        ("red_flags", {"visa": True}),
        ("honors", 7),
        ("honors", "   "),
    ],
)
def test_a_value_of_another_kind_is_refused(name: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match=name):
        check(name, value)


def test_an_unknown_fact_is_refused_with_the_known_ones() -> None:
    for read in (check, parse):
        with pytest.raises(InvalidValue, match=r"fact: 'faith' is not allowed \(one of step1, step2"):
            read("faith", "x")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("step2", None, "not recorded"),
        ("step2", 238, "238"),
        ("step2", "comlex_only", "COMLEX only"),
        ("red_flags", (), "none"),
        ("red_flags", ("visa", "failed_exam"), "Visa issue, Failed exam"),
        ("financial_pressure", False, "no"),
        ("research", "limited", "Limited: exactly one in the field, or any number outside it"),
        ("honors", "AOA", "AOA"),
    ],
)
def test_a_value_reads_as_a_person_reads_it(name: str, value: Any, words: str) -> None:
    assert show(name, value) == words


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_has_a_label_and_says_what_is_allowed(name: str) -> None:
    kind = FACTS[name]
    assert kind.name == name
    assert kind.label
    assert kind.allowed
    assert bool(kind.choices) == (kind.kind in ("choice", "several"))


def test_protected_attributes_are_never_facts() -> None:
    banned = {"age", "race", "ethnicity", "sex", "gender", "religion", "disability", "marital_status", "pregnancy"}
    assert banned.isdisjoint(FACTS)
