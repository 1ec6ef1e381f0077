"""The templates every page is made of: the frame, the words, the layout and the forms."""

import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

WEB = Path(__file__).resolve().parents[2] / "web"
HOSTILE = "<script>alert('x')</script>\" onclick=\"y"


@pytest.fixture(scope="module")
def env() -> Environment:
    made = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined)
    made.globals["url_for"] = lambda _endpoint, filename: f"/static/{filename}"
    made.globals["csrf_token"] = lambda: "a-token"
    return made


@pytest.fixture(scope="module")
def words(env: Environment) -> Any:
    return env.get_template("parts/words.html").module


@pytest.fixture(scope="module")
def layout(env: Environment) -> Any:
    return env.get_template("parts/layout.html").module


@pytest.fixture(scope="module")
def forms(env: Environment) -> Any:
    return env.get_template("parts/forms.html").module


def text(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", str(markup)).split())


def page(env: Environment, body: str = "", **context: object) -> str:
    source = '{% extends "base.html" %}{% block title %}Board{% endblock %}{% block main %}' + body + "{% endblock %}"
    return env.from_string(source).render(**context)


# ---- the frame ----


def test_a_bare_page_needs_no_context_and_keeps_the_strict_policy(env: Environment) -> None:
    html = page(env)
    assert '<html lang="en-US">' in html
    assert "<title>Board · Rungwise</title>" in html
    assert html.index('class="skip" href="#main"') < html.index("<header")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script|<style|https?://(?!www\.w3\.org)", html)


def test_every_asset_the_frame_names_exists(env: Environment) -> None:
    names = re.findall(r'"/static/([^"]+)"', page(env))
    assert {"tokens.css", "rungwise.css", "pictures.css", "mark.svg", "vendor/pico/pico.min.css"} == set(names)
    assert all((WEB / "static" / name).is_file() for name in names)


def test_the_frame_says_who_is_signed_in_and_signs_out_by_post_with_its_token(env: Environment) -> None:
    nav = [("Cohort", "/cohort", True), ("Import", "/import", False)]
    html = page(env, nav=nav, institution="Larkfield", person="R. Ruiz, advisor", sign_out_href="/sign-out")
    assert '<a href="/cohort" aria-current="page">Cohort</a>' in html
    assert '<a href="/import">Import</a>' in html
    assert "R. Ruiz, advisor" in html
    assert re.search(
        r'<form method="post" action="/sign-out"><input type="hidden" name="csrf_token" value="a-token">', html
    )


def test_notices_say_what_happened_and_faults_are_alerts(env: Environment) -> None:
    html = page(env, notices=[("ok", "Fact recorded."), ("fault", HOSTILE)])
    assert '<p class="note done" role="status"><b>Fact recorded.</b></p>' in html
    assert '<p class="note fault" role="alert">' in html
    assert "<script>" not in html


def test_only_money_pages_carry_the_small_print(env: Environment) -> None:
    assert "not financial or legal advice" not in page(env)
    assert "not financial or legal advice" in page(env, money_page=True)


def test_a_reader_may_force_a_theme(env: Environment) -> None:
    assert '<html lang="en-US" data-theme="dark">' in page(env, theme="dark")


def test_every_glyph_that_a_part_uses_is_in_the_sprite_and_ids_are_unique(env: Environment) -> None:
    sprite = env.get_template("parts/sprite.html").render()
    ids = Counter(re.findall(r'id="(g-[\w-]+)"', sprite))
    assert set(ids.values()) == {1}
    parts = "".join(p.read_text() for p in (WEB / "templates/parts").glob("*.html"))
    assert {f"g-{name}" for name in re.findall(r"#g-([a-z-]+[a-z])\"", parts)} <= set(ids)


# ---- words ----


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        ("REAPPLY", "Reapply"),
        ("PIVOT_NOW", "Pivot now"),
        ("CONTESTED", "Contested"),
        ("INDETERMINATE", "Not yet decidable"),
    ],
)
def test_a_recommendation_is_a_boxed_word_with_a_glyph(words: Any, outcome: str, word: str) -> None:
    html = words.chip(outcome)
    assert text(html) == word
    assert 'class="chip k-' in html
    assert "<use" in html


def test_what_a_person_decided_is_never_boxed(words: Any) -> None:
    assert "chip" not in words.said("reapply", "research year")
    assert text(words.said("reapply", "research year")) == "Reapply, research year"
    assert text(words.said("PIVOT")) == "Pivot"
    assert text(words.said(None)) == "no decision yet"
    assert text(words.said("a word of its own")) == "a word of its own"


def test_verdicts_use_words_and_never_tick_or_cross(words: Any) -> None:
    said = [text(words.verdict(v)) for v in ("holds", "fails", "missing", "cannot_evaluate", "not_applicable")]
    assert said == ["holds", "does not hold", "fact missing", "cannot be evaluated", "does not apply"]


def test_a_champion_grade_is_counted_and_a_missing_one_is_said(words: Any) -> None:
    assert text(words.champion(0)) == "0 of 5"
    assert words.champion(3).count('class="x"') == 3
    assert text(words.champion(None)) == "not asked"
    assert text(words.champion(None, asked=True)) == "asked"


def test_a_profile_shows_its_row_its_dissent_and_what_is_still_reachable(words: Any) -> None:
    clear = words.profile("borderline")
    assert (text(clear), clear.count("<circle")) == ("borderline", 1)
    mixed = {
        "kind": "mixed",
        "row": "borderline",
        "reachable": ["borderline"],
        "dissent": ["step2", "research"],
        "dimensions": {"step2": ["undermatched"], "research": ["near-competitive"], "interviews": ["borderline"]},
    }
    assert words.profile_of(mixed).count('class="h"') == 2
    assert text(words.profile_of(SimpleNamespace(**mixed))) == "mixed, borderline"
    open_ = words.profile(None, "indeterminate", ["undermatched", "borderline"])
    assert (text(open_), open_.count('class="dsh"'), open_.count("<circle")) == ("not yet known", 2, 0)


@pytest.mark.parametrize("name", ["nearly closed", "nearly-closed", "nearly_closed"])
def test_a_door_has_its_word_beside_it(words: Any, name: str) -> None:
    assert text(words.door(name)) == "nearly closed"
    assert "g-door-shut" in words.door(name)


# ---- layout ----


def test_a_fact_without_a_value_says_so_and_its_source_stands_under_it(layout: Any) -> None:
    rows = [{"label": "Step 2", "value": 238, "source": "ERAS import"}, SimpleNamespace(label="Money", value=None)]
    html = layout.facts(rows)
    assert '<dd>238<span class="src">ERAS import</span></dd>' in html
    assert "<b>not recorded</b>" in html
    assert "<dd>0</dd>" in layout.fact("Red flags", 0)


def test_rungs_carry_their_state_as_a_class_and_their_date_beside_the_words(layout: Any) -> None:
    html = layout.rungs([{"what": "Decide", "when": "by June 20", "state": "next"}, {"what": "Old", "state": "missed"}])
    assert '<li class="next-rung"><b>Decide</b> <span class="when">by June 20</span></li>' in html
    assert '<li class="missed">' in html


def test_a_table_says_its_labels_on_a_phone_and_keeps_its_roles(env: Environment) -> None:
    source = (
        '{% from "parts/layout.html" import table, row, cell %}'
        '{% call table("People", ["Who", {"label": "Days", "n": true, "href": "?s=d", "sort": "ascending"}]) %}'
        '{% call row(name) %}{{ cell("Days", 3, n=true) }}{{ cell("Days", none) }}{% endcall %}{% endcall %}'
    )
    html = env.from_string(source).render(name=HOSTILE)
    assert 'role="region" aria-label="People"' in html
    assert '<th scope="col" role="columnheader" class="n" aria-sort="ascending"><a href="?s=d">Days ↑</a></th>' in html
    assert '<td role="cell" class="n" data-l="Days">3</td>' in html
    assert "not recorded" in html
    assert "<script>" not in html


def test_counts_are_links_to_the_people_and_the_current_one_is_named(layout: Any) -> None:
    html = layout.counts([{"label": "students", "value": 54, "href": "?", "current": True}])
    assert '<a href="?" aria-current="true"><b>54</b> <span>students</span></a>' in html


def test_pages_name_their_range_and_leave_out_links_at_the_ends(layout: Any) -> None:
    html = layout.pagination(1, 50, 120, next_href="?page=2")
    assert "1\u201350 of 120 students" in html
    assert "Next" in html
    assert "Previous" not in html


def test_texts_given_to_any_part_are_escaped_and_markup_is_kept(layout: Any, words: Any, forms: Any) -> None:
    made = [
        layout.title(HOSTILE, HOSTILE, [(HOSTILE, "/x")]),
        layout.next_card(HOSTILE, HOSTILE, "/x", HOSTILE),
        layout.note(HOSTILE),
        layout.fact(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        layout.rung(HOSTILE, HOSTILE, HOSTILE),
        layout.empty(HOSTILE, HOSTILE),
        layout.cell(HOSTILE, HOSTILE),
        words.chip(HOSTILE),
        words.said(HOSTILE, HOSTILE),
        words.verdict(HOSTILE),
        words.door(HOSTILE),
        words.profile(HOSTILE),
        forms.field("n", HOSTILE, HOSTILE, hint=HOSTILE, error=HOSTILE),
        forms.field("n", "l", HOSTILE, type="textarea"),
        forms.error_summary({"n": [HOSTILE]}, {"n": HOSTILE}),
        forms.choices("n", HOSTILE, [(HOSTILE, HOSTILE, HOSTILE)], HOSTILE),
    ]
    for html in made:
        assert "<script" not in html
        assert '" onclick="' not in html
    assert "<em>x</em>" in layout.fact("l", Markup("<em>x</em>"))


# ---- forms ----


def test_a_field_that_came_back_keeps_its_value_and_says_what_is_wrong(forms: Any) -> None:
    html = forms.field("step2", "Step 2", 2388, type="number", hint="From the report", error=["too high: 1 to 300"])
    assert '<label for="f-step2">Step 2</label>' in html
    assert 'value="2388"' in html
    assert 'inputmode="numeric"' in html
    assert 'aria-describedby="f-step2-hint f-step2-err" aria-invalid="true"' in html
    assert '<span class="err" id="f-step2-err">' in html
    assert "aria-invalid" not in forms.field("step2", "Step 2")


def test_a_password_is_never_sent_back(forms: Any) -> None:
    assert "secret" not in forms.field("password", "Password", "secret", type="password")


def test_a_select_keeps_its_choice_and_a_textarea_its_first_line_break(forms: Any) -> None:
    html = forms.field(
        "kind", "Research", "limited", type="select", options=[("multiple", "Multiple"), ("limited", "L")]
    )
    assert '<option value="limited" selected>L</option>' in html
    assert html.count("selected") == 1
    assert ">\n\nfirst" in forms.field("why", "Why", "\nfirst", type="textarea")


def test_a_tick_is_kept_and_a_no_is_no_tick(forms: Any) -> None:
    assert "checked" in forms.field("full", "Full file seen", "yes", type="checkbox")
    assert "checked" not in forms.field("full", "Full file seen", "no", type="checkbox")


def test_a_group_of_choices_is_named_and_tells_its_fault(forms: Any) -> None:
    html = forms.choices(
        "d", "What did Priya decide?", [("p", "Pivot", "Agrees"), ("r", "Reapply", "")], "r", error="Choose."
    )
    assert "<legend>What did Priya decide?</legend>" in html
    assert 'role="radiogroup" id="f-d" aria-describedby="f-d-err" tabindex="-1" aria-invalid="true"' in html
    assert 'value="r" checked' in html
    assert html.count("checked") == 1
    picked = forms.pick("drive", "Drive", ["pay", "procedures"], ["pay"])
    assert picked.count("checked") == 1


def test_two_forms_on_a_page_share_no_id(forms: Any) -> None:
    assert 'id="a-on"' in forms.field("on", "On", form="a")
    assert 'id="b-on"' in forms.field("on", "On", form="b")


def test_the_summary_counts_the_faults_and_links_each_to_its_field(forms: Any) -> None:
    html = forms.error_summary({"on": "in the future", "_schema": ["two at once"]}, {"on": "Happened on"})
    assert 'role="alert"' in html
    assert "2 answers need a change." in text(html)
    assert '<a href="#f-on">Happened on</a>: in the future' in html
    assert "<li>two at once</li>" in html
    assert not forms.error_summary({}, {})


def test_a_form_carries_the_token(forms: Any) -> None:
    assert forms.csrf() == '<input type="hidden" name="csrf_token" value="a-token">'
