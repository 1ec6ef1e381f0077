"""The check of a pack says file, line, key, what is wrong and what is allowed, and finds what never works."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from core.people.packs import PACK_MAX
from plugins.host import PACKS, load
from plugins.kit.check import Known, check

if TYPE_CHECKING:
    from typing import Any

HEADER = 'version = "1.0.0"\ntitle = "Space medicine"\norigin = "house"\n'
SPACE = HEADER + '[[specialties]]\nslug = "space-medicine"\nname = "Space medicine"\n'
BAND = "research_plan_months"


@cache
def _packs() -> tuple[dict[str, Any], ...]:
    return load().packs


def _lines(text: str, name: str = "space") -> list[str]:
    return [str(one) for one in check(name, text, Known.of(_packs(), name))]


def _one(text: str, name: str = "space") -> str:
    (line,) = _lines(text, name)
    return line


def _rung(slug: str, kind: str, **keys: str) -> str:
    values = {"slug": slug, "name": "A step", "kind": kind, "door": "open", "reason": "It is open to all."} | keys
    return "{ " + ", ".join(f'{key} = "{value}"' for key, value in values.items()) + " }"


def _ladder(*rungs: str, more: str = "", missed: str = "space-medicine") -> str:
    """A ladder whose first rung stands on line 12 of the text with SPACE before it; `more` is one line."""
    head = f'[[ladders]]\nid = "SPACE.climb"\nfrom = ["{missed}"]\ntitle = "A climb"\n{more}\n'
    return SPACE + head + "rungs = [\n" + "".join(f"{rung},\n" for rung in rungs) + "]\n"


def _conditions(*conditions: str) -> str:
    """Conditions SPACE.c0, SPACE.c1 and so on from line 8 on."""
    rows = (f'{{ id = "SPACE.c{n}", sentence = "words", {one} }},\n' for n, one in enumerate(conditions))
    return SPACE + "conditions = [\n" + "".join(rows) + "]\n"


UNCLOSED = "a text in quotes is not closed"
SURVEY = 'source = "a survey", year = 2025'
FIELD_PAY = (
    SPACE + '[[field_pay]]\nspecialty = "neurology"\np10_usd = 150000\np50_usd = 200000\np90_usd = 400000\n'
    'source = "a survey"\nyear = 2025\n'
)
LEVER = (
    SPACE + '[[levers]]\nid = "moon"\nkind = "geography"\nlabel = "The moon"\nlow_pct = 100\nmid_pct = 110\n'
    'high_pct = 140\nsource = "a survey"\nyear = 2025\n'
)
MEDICINE = _rung("internal-medicine", "residency")
PRACTICE = _rung("internal-medicine", "practice")


@pytest.mark.parametrize("name", sorted(path.parent.name for path in PACKS.glob("*/pack.toml")))
def test_the_built_in_packs_have_nothing_to_find(name: str) -> None:
    assert _lines((PACKS / name / "pack.toml").read_text("utf-8"), name) == []


def test_a_whole_climb_has_nothing_to_find() -> None:
    pay = 'pay = { low_usd = 200000, high_usd = 300000, source = "our alumni survey", year = 2025 }'

    assert _lines(_ladder(MEDICINE, _rung("cardiology", "fellowship"), PRACTICE, more=pay)) == []


def test_a_finding_has_file_line_key_what_is_wrong_and_what_is_allowed_apart() -> None:
    text = _ladder(MEDICINE, _rung("internal-medicine", "practice", door="ajar"))

    (found,) = check("space", text, Known.of(_packs(), "space"))

    assert (found.file, found.line, found.key) == ("pack.toml", 14, "ladders[0].rungs[1].door")
    assert (found.wrong, found.allowed) == ("'ajar' is not allowed", "one of open, narrow, nearly-closed")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("version = ", "pack.toml:1: invalid value (at end of document) (a readable TOML file in UTF-8)"),
        ('version = "1"\ntitle = x\n', "pack.toml:2: invalid value (a readable TOML file in UTF-8)"),
        ('version = "1\ntitle = "x"\n', f"pack.toml:1: {UNCLOSED} in this line (a readable TOML file in UTF-8)"),
        ("version = '1\ntitle = 'x'\n", f"pack.toml:1: {UNCLOSED} in this line (a readable TOML file in UTF-8)"),
        ('version = \'1\ntitle = "x"\n', f"pack.toml:1: {UNCLOSED} in this line (a readable TOML file in UTF-8)"),
        ('version = "1"\ntitle = """x\n', f"pack.toml:3: {UNCLOSED} (a readable TOML file in UTF-8)"),
        ("version = '''1\ntitle = 4\n", f"pack.toml:1: {UNCLOSED} (a readable TOML file in UTF-8)"),
        (SPACE.replace("version", "versoin"), "pack.toml:1: versoin: unknown key, perhaps version (keys: version, "),
        (SPACE + "specialty = 3\n", "pack.toml:7: specialties[0].specialty: unknown key (one of the keys slug, name"),
        (SPACE + "shrot = 's'\n", "pack.toml:7: specialties[0].shrot: unknown key, perhaps short (one of the keys "),
        (SPACE.replace("name =", "short ="), "pack.toml:4: specialties[0].name is missing (text, not empty)"),
        (SPACE.replace('"house"', '"ours"'), "pack.toml:3: origin: 'ours' is not allowed (source or house)"),
        (SPACE + "[ladders]\n", "pack.toml:7: ladders: {} is not allowed (a list of tables, each under [[ladders]])"),
        (
            SPACE.replace("[[s", "[every_specialty]\nnotes = [{ text = 'x' }]\n[[s"),
            "pack.toml:5: every_specialty.notes[0].source is missing (text, not empty)",
        ),
        (
            SPACE.replace("[[s", "[every_specialty]\nname = 'x'\n[[s"),
            "pack.toml:5: every_specialty.name: shadowed: every specialty of the pack says its own (a key that some ",
        ),
    ],
)
def test_an_unknown_or_missing_key_is_named(text: str, sentence: str) -> None:
    assert any(line.startswith(sentence) for line in _lines(text)), _lines(text)


def test_a_name_that_is_no_name_of_a_pack_is_named() -> None:
    assert _one(SPACE, "Space medicine").startswith("pack.toml:1: name of the pack: 'Space medicine' is not allowed (")


@pytest.mark.parametrize(
    ("text", "key", "wrong"),
    [
        (
            _ladder(_rung("space-medicine", "residency"), _rung("space-medicine", "practice")),
            "13: ladders[0].rungs[0].slug",
            "unreachable: the residency space-medicine is the field that was missed",
        ),
        (
            _ladder(MEDICINE, _rung("pain-anes", "fellowship"), _rung("pain-anes", "practice")),
            "14: ladders[0].rungs[1].slug",
            "unreachable: pain-anes is not open after internal-medicine (after anesthesiology)",
        ),
        (
            _ladder(MEDICINE, _rung("interventional-cardiology", "fellowship"), PRACTICE),
            "14: ladders[0].rungs[1].slug",
            "unreachable: interventional-cardiology is not open after internal-medicine (after cardiology)",
        ),
        (_ladder(PRACTICE), "13: ladders[0].rungs[0].kind", "unreachable: the first rung is no residency"),
        (_ladder(MEDICINE), "12: ladders[0].rungs", "the climb leads to no practice"),
        (
            _ladder(MEDICINE, PRACTICE, _rung("cardiology", "fellowship")),
            "15: ladders[0].rungs[2].kind",
            "a fellowship after practice",
        ),
        (
            _ladder(MEDICINE, _rung("cardiolgy", "practice")),
            "14: ladders[0].rungs[1].slug",
            "'cardiolgy' is not allowed (the slug of a specialty that some pack declares; near to it is cardiology; or",
        ),
        (_ladder(MEDICINE, PRACTICE, missed="spce-medicine"), "9: ladders[0].from[0]", "'spce-medicine' is not"),
    ],
)
def test_a_climb_that_nobody_can_go_is_found(text: str, key: str, wrong: str) -> None:
    assert _one(text.replace("\n\nrungs", "\n# what follows\nrungs")).startswith(f"pack.toml:{key}: {wrong}")


@pytest.mark.parametrize("reason", ["", "open", "n/a", "..."])
def test_a_door_without_a_reason_is_found(reason: str) -> None:
    line = _one(_ladder(MEDICINE, _rung("internal-medicine", "practice", reason=reason)))

    assert line.startswith(f"pack.toml:14: ladders[0].rungs[1].reason: {reason!r} is not allowed (")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            'pay = { low = 200000, low_usd = 200000, high_usd = 300000, source = "a survey", year = 2025 }',
            "ladders[0].pay.low: 200000 is money, if it is that, without its unit (a key that ends in _usd; one of",
        ),
        (
            'pay = { low_usd = 200, high_usd = 300000, source = "a survey", year = 2025 }',
            "ladders[0].pay.low_usd: 200 is not allowed (whole US dollars a year, such as 450000, not thousands)",
        ),
        (
            'pay = { low_usd = 200000, high_usd = 300000, source = "a survey" }',
            "ladders[0].pay.year is missing (the year of the figure; only the source 'playbook ballpark' has none)",
        ),
        (
            "pay = { low_usd = 200000, high_usd = 300000, year = 2025 }",
            "ladders[0].pay.source is missing (text, not empty)",
        ),
        (
            'pay = { low_usd = 200000, high_usd = 300000, source = "n/a", year = 2025 }',
            "ladders[0].pay.source: 'n/a' is not allowed (who says so: author or publisher, year, table)",
        ),
        (
            'sourced_pay = [{ what = "all", usd = 200000, source = "a survey", year = 2025 }]',
            "ladders[0].sourced_pay[0].measure is missing (one of median, mean, most)",
        ),
        (
            'sourced_pay = [{ what = "all", measure = "median", source = "a survey", year = 2025 }]',
            "ladders[0].sourced_pay[0].usd is missing (the median [USD])",
        ),
        (
            'sourced_pay = [{ what = "a", measure = "mean", usd = 90000, low_usd = 80000, source = "b", year = 2025 }]',
            "ladders[0].sourced_pay[0].high_usd is missing (both the 10th and the 90th percentile [USD], or neither)",
        ),
        (
            'sourced_pay = [{ what = "a", measure = "most", low_usd = 80000, source = "a survey", year = 2025 }]',
            "ladders[0].sourced_pay[0].high_usd is missing (both ends of what most are paid [USD])",
        ),
    ],
)
def test_money_without_unit_percentile_year_or_source_is_found(more: str, sentence: str) -> None:
    assert _one(_ladder(MEDICINE, PRACTICE, more=more)).startswith(f"pack.toml:11: {sentence}")


@pytest.mark.parametrize(
    "text",
    [
        FIELD_PAY.replace("p50_usd = 2", "p50_usd = 5"),
        _ladder(MEDICINE, PRACTICE, more=f"pay = {{ low_usd = 300000, high_usd = 200000, {SURVEY} }}"),
        _ladder(
            MEDICINE,
            PRACTICE,
            more='sourced_pay = [{ what = "all", measure = "median", usd = 200000, low_usd = 250000, '
            f"high_usd = 300000, {SURVEY} }}]",
        ),
        LEVER.replace("mid_pct = 110", "mid_pct = 90"),
    ],
)
def test_percentiles_and_ends_that_do_not_rise_are_found(text: str) -> None:
    assert len(_lines(text)) == 1


def test_percentiles_that_rise_have_nothing_to_find() -> None:
    assert _lines(FIELD_PAY + LEVER.removeprefix(SPACE)) == []


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        (
            (f'fact = "{BAND}", min = 12, max = 24', f'fact = "{BAND}", min = 18, max = 30'),
            "9: specialties[0].conditions[1]: overlaps SPACE.c0: 12 to 24 and 18 to 30 (one condition for each",
        ),
        (
            (f'fact = "{BAND}", max = 12', f'fact = "{BAND}", min = 18'),
            "9: specialties[0].conditions[1]: a gap: nothing is both 12 and less (SPACE.c0) and 18 and more (",
        ),
        (
            (f'fact = "{BAND}", min = 6', f'fact = "{BAND}", min = 12, max = "plan_months_max"'),
            "8: specialties[0].conditions[0]: shadowed by SPACE.c1: whoever has 12 to 24 has 6 and more too (one",
        ),
        ((f'fact = "{BAND}", min = 36, max = 24',), "8: specialties[0].conditions[0]: a gap: no number is 36 to 24 ("),
        (('fact = "applications", min = 0',), "8: specialties[0].conditions[0]: shadowed: everything meets 0 and more"),
        (('fact = "interviews_offered", min = 3',), "8: specialties[0].conditions[0]: shadowed by PIVOT.interviews"),
        (
            ('fact = "step2", min = 240',),
            "8: specialties[0].conditions[0]: shadows PIVOT.cutoff and its exception FAQ.",
        ),
        (('fact = "financial_pressure", equals = false',), "8: specialties[0].conditions[0]: shadows PIVOT.money, "),
        (
            ('fact = "research", equals = "multiple"', 'fact = "research", equals = "multiple"'),
            "9: specialties[0].conditions[1]: shadowed by SPACE.c0 (one condition for each fact)",
        ),
        (
            ('fact = "research", equals = "multiple"', 'fact = "research", equals = "limited"'),
            "9: specialties[0].conditions[1]: a gap: nothing meets SPACE.c0 too, which asks for another value (one",
        ),
    ],
)
def test_bands_that_overlap_or_gape_and_rules_in_the_shadow_are_found(
    conditions: tuple[str, ...], sentence: str
) -> None:
    assert _one(_conditions(*conditions)).startswith(f"pack.toml:{sentence}")


def test_conditions_about_two_facts_stand_beside_each_other() -> None:
    assert _lines(_conditions(f'fact = "{BAND}", min = 12', 'fact = "interviews_offered", min = 5')) == []


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ("champion_min = 5", "champion_min: 5 is not allowed (a whole number from 1 to 4)"),
        ("handful_min = 0", "handful_min: 0 is not allowed (a whole number from 1 to 15)"),
        ("max_fix_months = -1", "max_fix_months: -1 is not allowed (a whole number from 1 to 60)"),
        ("handful_min = 6", "handful_min: a gap: thin_max 4 is below handful_min 6 (thin_max not below handful_min)"),
        ("plan_months_min = 6", "plan_months_min: plan_months_min decides nothing here (a condition that names it"),
        ("champoin_min = 3", "champoin_min: unknown key, perhaps champion_min (one of the keys handful_min, "),
    ],
)
def test_a_parameter_out_of_range_is_found(parameters: str, sentence: str) -> None:
    line = _one(SPACE + f"parameters = {{ {parameters} }}\n")

    assert line.startswith(f"pack.toml:7: specialties[0].parameters.{sentence}")


@pytest.mark.parametrize(
    ("rule", "attribute"),
    [
        ('fact = "race", equals = "x"', "race"),
        ('fact = "ethnicity", equals = "x"', "ethnicity"),
        ('fact = "sex", equals = "x"', "sex"),
        ('fact = "age", max = 40', "age"),
        ('fact = "religion", equals = "x"', "religion"),
        ('fact = "disability", equals = false', "disability"),
        ('fact = "national_origin", equals = "x"', "national origin"),
    ],
)
def test_a_protected_attribute_as_the_fact_of_a_rule_is_found(rule: str, attribute: str) -> None:
    line = _one(_conditions(rule))

    assert line.startswith(
        f"pack.toml:8: specialties[0].conditions[0].fact: the protected attribute {attribute} is a rule input"
    )


def test_a_protected_attribute_in_the_words_of_a_rule_is_found() -> None:
    born = SPACE + f'conditions = [{{ id = "SPACE.a", fact = "{BAND}", min = 6, sentence = "not older than 40" }}]\n'
    asked = SPACE + 'questions = [{ id = "SPACE.a", fact = "drive", ask = "Your religion?", why = "It steers." }]\n'

    assert "conditions[0].sentence: the protected attribute age" in _one(born)
    assert "questions[0].ask: the protected attribute religion" in _one(asked)


def test_the_reasons_of_a_blank_year_are_no_rule_input() -> None:
    assert "blank_reason tells of illness" in _one(_conditions('fact = "blank_reason", equals = "military"'))


def test_what_belongs_to_another_pack_is_found_with_its_name() -> None:
    taken = SPACE.replace("space-medicine", "dermatology")
    rule = _conditions(f'fact = "{BAND}", min = 12').replace("SPACE.c0", "DERM.plan")

    assert _one(taken) == (
        "pack.toml:5: specialties[0].slug: pack dermatology claims the specialty dermatology too (one pack for each)"
    )
    assert _one(rule) == (
        "pack.toml:8: specialties[0].conditions[0].id: pack dermatology has a rule DERM.plan too (an id of the "
        "pack's own)"
    )


def test_a_specialty_of_the_general_pack_may_be_claimed() -> None:
    assert _lines(SPACE.replace("space-medicine", "ophthalmology")) == []


def test_two_rows_of_one_name_are_found() -> None:
    again = SPACE + '[[specialties]]\nslug = "space-medicine"\nname = "Again"\n'

    assert _one(again) == "pack.toml:7: specialties[1]: a second row of this name (one row of each name)"


def test_every_fault_of_a_pack_is_found_at_once_in_the_order_of_the_lines() -> None:
    text = _conditions('fact = "age", max = 3').replace('"house"', '"ours"') + "[[tracks]]\n[[pay]]\n"

    lines = [one.line for one in check("space", text, Known.of(_packs(), "space"))]

    assert lines == sorted(lines)
    assert {3, 8, 10, 11} <= set(lines)


HALF = ["3", "{}", "[1]", "[{}]", '""', "[[1]]", "true", "{ a = 1 }", "nan"]


@pytest.mark.parametrize("value", HALF)
@pytest.mark.parametrize(
    "key", ["version", "every_specialty", "specialties", "ladders", "pay", "calendars", "fixtures"]
)
def test_a_section_that_is_half_written_is_checked_without_a_crash(key: str, value: str) -> None:
    assert _lines(f"{key} = {value}\n") != []


@pytest.mark.parametrize("value", HALF)
def test_a_row_that_is_half_written_is_checked_without_a_crash(value: str) -> None:
    specialty = f"slug = {value}\nname = {value}\nconditions = {value}\nparameters = {value}\nquestions = {value}\n"
    condition = f"fact = {value}, id = {value}, min = {value}, sentence = {value}"

    assert _lines(HEADER + f"[[specialties]]\n{specialty}") != []
    assert _lines(HEADER + f"[[ladders]]\nid = {value}\nfrom = {value}\nrungs = {value}\npay = {value}\n") != []
    assert _lines(SPACE + f"conditions = [{{ {condition} }}]\n") != []


def test_a_text_of_lists_in_lists_is_refused_as_one_that_cannot_be_read() -> None:
    assert "(a readable TOML file in UTF-8)" in _one(HEADER + "x = " + "[" * 5000 + "]" * 5000)


def test_a_text_is_as_long_as_a_draft_may_be() -> None:
    longest = SPACE + "#" * (PACK_MAX - len(SPACE))

    assert _lines(longest) == []
    assert _one(longest + "#") == "pack.toml:1: it has 200,001 characters (at most 200,000)"


def test_a_specialty_that_no_pack_has_may_be_declared_in_this_one() -> None:
    text = _ladder(MEDICINE, _rung("space-walking", "practice"))

    assert _one(text).endswith("; or declare it with a [[specialties]] of its own in this pack)")
    assert _lines(text + '[[specialties]]\nslug = "space-walking"\nname = "Space walking"\n') == []
