"""The built-in packs hold what playbook §2, §3 and §5 say, and nothing that they must not ship."""

from __future__ import annotations

from typing import Any

import pytest

from core.decision.playbook import Playbook
from core.ladders import Ladder, Track, guidance_for, ladders_for, tracks_in
from plugins.host import Loaded, load, playbook_content

PACKS = ["dermatology", "ent_plastics_urology", "ortho_neuro", "radiation_oncology", "radiology", "general"]
HYPER_COMPETITIVE = {
    "dermatology",
    "orthopaedic-surgery",
    "neurosurgery",
    "otolaryngology",
    "plastic-surgery-integrated",
    "urology",
    "radiology-interventional",
}
BONE, DERM, RADS = (
    ("orthopaedic-surgery", "neurosurgery"),
    ("dermatology",),
    ("radiology-diagnostic", "radiology-interventional"),
)
EPU, ENT_PLASTICS = (
    ("otolaryngology", "plastic-surgery-integrated", "urology"),
    ("otolaryngology", "plastic-surgery-integrated"),
)
URO, RADONC = ("urology",), ("radiation-oncology",)

# Source: playbook §3, one line per ladder id: who missed, the door, the climb.
LADDERS = {
    "ORTHO.gs-ortho": (BONE, "nearly-closed", ["general-surgery", "orthopaedic-surgery"]),
    "ORTHO.gs-vascular": (BONE, "open", ["general-surgery", "vascular-surgery"]),
    "ORTHO.gs-surgonc": (BONE, "open", ["general-surgery", "surgical-oncology"]),
    "ORTHO.gs-bariatric": (BONE, "open", ["general-surgery", "bariatric-mis"]),
    "ORTHO.gs-trauma": (BONE, "open", ["general-surgery", "surgical-critical-care", "trauma-acute-care"]),
    "ORTHO.anes-pain": (BONE, "open", ["anesthesiology", "pain-anes", "pain-interventional"]),
    "ORTHO.pmr-pain": (BONE, "open", ["pmr", "pain-pmr", "pain-interventional"]),
    "ORTHO.pmr-msk": (BONE, "open", ["pmr", "sports-medicine"]),
    "ORTHO.pmr-spine": (BONE, "open", ["pmr", "pain-pmr", "pain-interventional"]),
    "DERM.im-rheum": (DERM, "open", ["internal-medicine", "rheumatology"]),
    "DERM.im-allergy": (DERM, "open", ["internal-medicine", "allergy-immunology"]),
    "DERM.im-endo": (DERM, "open", ["internal-medicine", "endocrinology"]),
    "DERM.fm-aesthetics": (DERM, "open", ["family-medicine", "aesthetic-medicine"]),
    "DERM.im-aesthetics": (DERM, "open", ["internal-medicine", "aesthetic-medicine"]),
    "DERM.path-dermpath": (DERM, "narrow", ["pathology", "dermatopathology"]),
    "RADS.anes-pain": (RADS, "open", ["anesthesiology", "pain-anes", "pain-interventional"]),
    "RADS.anes-cc": (RADS, "open", ["anesthesiology", "anesthesia-critical-care"]),
    "RADS.im-cards": (RADS, "open", ["internal-medicine", "cardiology"]),
    "RADS.im-ic": (RADS, "open", ["internal-medicine", "cardiology", "interventional-cardiology"]),
    "RADS.pmr-spine": (RADS, "open", ["pmr", "pain-pmr", "pain-interventional"]),
    "RADS.pmr-pain": (RADS, "open", ["pmr", "pain-pmr", "pain-interventional"]),
    "RADS.gs-vascular": (RADS, "open", ["general-surgery", "vascular-surgery"]),
    "RADS.gs-hpb": (RADS, "open", ["general-surgery", "hpb"]),
    "RADS.gs-trauma": (RADS, "open", ["general-surgery", "surgical-critical-care", "trauma-acute-care"]),
    "EPU.gs-vascular": (EPU, "open", ["general-surgery", "vascular-surgery"]),
    "EPU.gs-bariatric": (EPU, "open", ["general-surgery", "bariatric-mis"]),
    "EPU.gs-plastics": (EPU, "narrow", ["general-surgery", "plastic-surgery-independent"]),
    "EPU.uro-gs": (URO, "open", ["general-surgery"]),
    "EPU.uro-im-hospitalist": (URO, "open", ["internal-medicine", "hospital-medicine"]),
    "EPU.strong-anes": (ENT_PLASTICS, "open", ["anesthesiology"]),
    "EPU.strong-rads": (ENT_PLASTICS, "open", ["radiology-diagnostic"]),
    "EPU.strong-pmr": (ENT_PLASTICS, "open", ["pmr"]),
    "RADONC.im-hemonc": (RADONC, "open", ["internal-medicine", "hematology-oncology"]),
    "RADONC.dr": (RADONC, "open", ["transitional-year", "radiology-diagnostic"]),
    "RADONC.ir": (RADONC, "narrow", ["transitional-year", "radiology-interventional"]),
    "RADONC.im-palliative": (RADONC, "open", ["internal-medicine", "hospice-palliative"]),
    "RADONC.fm-palliative": (RADONC, "open", ["family-medicine", "hospice-palliative"]),
}

# Source: playbook §5, thousand USD a year, every top open.
TRACKS = {
    "TRACK.im-cards": ("internal-medicine", 450, 800),
    "TRACK.im-gi": ("internal-medicine", 450, 800),
    "TRACK.im-hemonc": ("internal-medicine", 450, 800),
    "TRACK.anes-community": ("anesthesiology", 450, 700),
    "TRACK.anes-pain": ("anesthesiology", 450, 700),
    "TRACK.pmr-pain": ("pmr", 400, 700),
    "TRACK.pmr-spine": ("pmr", 400, 700),
    "TRACK.em-rural": ("emergency-medicine", 400, 600),
    "TRACK.fm-rural": ("family-medicine", 300, 500),
}

# Training years to practice; None = a step without a checked length. Source: ACGME Data Resource Book 2024-25, A.11.
YEARS = {
    "ORTHO.gs-ortho": None,
    "ORTHO.gs-vascular": 7,
    "ORTHO.gs-bariatric": None,
    "ORTHO.gs-trauma": 6,
    "ORTHO.anes-pain": 5,
    "ORTHO.pmr-pain": 5,
    "DERM.im-endo": 5,
    "DERM.fm-aesthetics": 3,
    "DERM.path-dermpath": 5,
    "RADS.im-cards": 6,
    "RADS.im-ic": 7,
    "RADS.gs-hpb": None,
    "EPU.gs-plastics": 8,
    "EPU.uro-im-hospitalist": 3,
    "EPU.strong-rads": 5,
    "RADONC.im-hemonc": 6,
    "RADONC.dr": 5,
    "RADONC.ir": 6,
}


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The packs of the playbook; a further pack among the built-in ones is held to the boundary only."""
    everything = load()
    return Loaded(packs=tuple(pack for pack in everything.packs if pack["name"] in PACKS), faults=everything.faults)


@pytest.fixture(scope="module")
def content(loaded: Loaded) -> dict[str, Any]:
    return playbook_content("2026.1", loaded.packs)


@pytest.fixture(scope="module")
def specialties(loaded: Loaded) -> dict[str, dict[str, Any]]:
    return {row["slug"]: row for pack in loaded.packs for row in pack["specialties"]}


@pytest.fixture(scope="module")
def ladders(content: dict[str, Any], specialties: dict[str, Any]) -> dict[str, Ladder]:
    return {ladder.id: ladder for slug in specialties for ladder in ladders_for(content, slug)}


def test_every_built_in_row_passes_the_boundary(loaded: Loaded) -> None:
    assert [str(fault) for fault in loaded.faults] == []


def test_the_packs_come_by_name_with_the_general_pack_last(loaded: Loaded) -> None:
    assert [pack["name"] for pack in loaded.packs] == PACKS


def test_every_ladder_of_the_playbook_is_there_and_no_other(ladders: dict[str, Ladder]) -> None:
    assert set(ladders) == set(LADDERS)


@pytest.mark.parametrize("ladder_id", LADDERS)
def test_a_ladder_has_its_door_its_climb_and_those_who_missed(ladders: dict[str, Ladder], ladder_id: str) -> None:
    missed, door, climb = LADDERS[ladder_id]
    ladder = ladders[ladder_id]
    slugs = [rung.slug for rung in ladder.rungs]
    assert set(ladder.missed) == set(missed)
    assert ladder.door == door
    assert list(dict.fromkeys(slugs)) == climb


def test_only_the_steps_that_are_hard_stand_behind_a_hard_door(ladders: dict[str, Ladder]) -> None:
    hard = {
        (ladder.id, rung.kind, str(rung.door))
        for ladder in ladders.values()
        for rung in ladder.rungs
        if rung.door != "open"
    }
    assert hard == {
        ("ORTHO.gs-ortho", "fellowship", "nearly-closed"),
        ("ORTHO.gs-ortho", "practice", "nearly-closed"),
        ("DERM.path-dermpath", "fellowship", "narrow"),
        ("DERM.path-dermpath", "practice", "narrow"),
        ("EPU.gs-plastics", "residency", "narrow"),
        ("EPU.gs-plastics", "practice", "narrow"),
        ("RADONC.ir", "residency", "narrow"),
        ("RADONC.ir", "practice", "narrow"),
    }


@pytest.mark.parametrize("ladder_id", YEARS)
def test_the_years_to_practice_are_those_of_the_source(ladders: dict[str, Ladder], ladder_id: str) -> None:
    assert ladders[ladder_id].training_years == YEARS[ladder_id]


def test_a_training_step_says_where_its_years_come_from_or_that_they_are_unverified(ladders: dict[str, Ladder]) -> None:
    for ladder in ladders.values():
        for rung in (rung for rung in ladder.rungs if rung.is_training):
            source = rung.years_source or ""
            wanted = (
                ("unverified: ", "not known: ")
                if rung.years is None
                else ("ACGME Data Resource Book 2024-25, Table A.11",)
            )
            assert source.startswith(wanted), (ladder.id, rung.slug)


def test_the_pain_range_of_the_orthopedics_pack_is_that_of_the_playbook(ladders: dict[str, Ladder]) -> None:
    pay = ladders["ORTHO.anes-pain"].pay
    assert pay is not None
    assert (pay.low_usd, pay.high_usd, pay.open_top, pay.source, pay.year) == (
        500_000,
        800_000,
        True,
        "playbook ballpark",
        None,
    )


def test_every_rough_range_is_labeled_ballpark_and_every_published_figure_has_source_and_year(
    loaded: Loaded,
) -> None:
    for pack in loaded.packs:
        rows = [*pack["ladders"], *pack["tracks"], *pack["pay"]]
        rough = [row["pay"] for row in pack["ladders"] if row["pay"]] + pack["tracks"] + pack["pay"]
        assert {(row["source"], row["year"]) for row in rough} <= {("playbook ballpark", None)}
        assert all(one["source"] and one["year"] in (2017, 2024, 2025) for row in rows for one in row["sourced_pay"])


def test_the_tracks_are_those_of_the_playbook(content: dict[str, Any]) -> None:
    def shown(track: Track) -> tuple[str, int, int]:
        return track.base, track.pay.low_usd // 1000, track.pay.high_usd // 1000

    tracks = tracks_in(content)
    assert {track.id: shown(track) for track in tracks} == TRACKS
    assert all(track.pay.open_top for track in tracks)


def test_the_base_pay_is_that_of_the_playbook(loaded: Loaded) -> None:
    rows = {row["label"]: row["usd"] // 1000 for pack in loaded.packs for row in pack["pay"] if row["id"] == "PAY.base"}
    assert rows == {
        "Orthopedic surgery": 650,
        "Dermatology": 600,
        "Radiology": 550,
        "Anesthesiology": 500,
        "Internal medicine subspecialist": 450,
        "Emergency medicine": 420,
        "Family medicine with procedures": 350,
    }


def test_exactly_seven_specialties_are_hyper_competitive(specialties: dict[str, dict[str, Any]]) -> None:
    assert {slug for slug, row in specialties.items() if row["hyper_competitive"]} == HYPER_COMPETITIVE


def test_only_ent_plastics_and_urology_count_trusted_statements_only(specialties: dict[str, dict[str, Any]]) -> None:
    assert {slug for slug, row in specialties.items() if row["trusted_statements_only"]} == set(EPU)


def test_only_dermatology_has_conditions_and_its_own_parameters(specialties: dict[str, dict[str, Any]]) -> None:
    derm = specialties["dermatology"]
    move, plan = derm["conditions"]
    assert {key: move[key] for key in ("id", "fact", "equals")} == {
        "id": "DERM.move",
        "fact": "willing_to_move_anywhere",
        "equals": True,
    }
    assert {key: plan[key] for key in ("id", "fact", "min", "max")} == {
        "id": "DERM.plan",
        "fact": "research_plan_months",
        "min": "plan_months_min",
        "max": "plan_months_max",
    }
    assert set(move) == {"id", "fact", "equals", "sentence"}
    assert derm["parameters"] == {"champion_min": 4, "max_fix_months": 24}
    others = [row for slug, row in specialties.items() if slug != "dermatology"]
    assert not any(row["conditions"] or row["parameters"] for row in others)


def test_no_cutoff_is_shipped(specialties: dict[str, dict[str, Any]]) -> None:
    assert [slug for slug, row in specialties.items() if row["cutoff"] is not None] == []


def test_both_drive_questions_are_asked_and_steer_by_the_fact_drive(content: dict[str, Any]) -> None:
    asked = {one.id: one.fact for slug in (*BONE, *RADS) for one in guidance_for(content, slug).questions}
    assert asked == {"ORTHO.drive": "drive", "RADS.drive": "drive"}


def test_the_typical_miss_is_told_where_the_playbook_tells_it(specialties: dict[str, dict[str, Any]]) -> None:
    assert {slug for slug, row in specialties.items() if row["typical_miss"]} == {*BONE, *DERM}


def test_procedures_and_pay_make_the_pain_ladders_the_usual_pivot_from_ortho(ladders: dict[str, Ladder]) -> None:
    usual = {ladder.id for ladder in ladders.values() if set(ladder.recommended_for) == {"procedures", "pay"}}
    assert usual == {"ORTHO.anes-pain", "ORTHO.pmr-pain"}


def test_for_imaging_itself_radiology_has_no_ladder_and_says_so(content: dict[str, Any]) -> None:
    for slug in RADS:
        assert not any("imaging" in ladder.drives for ladder in ladders_for(content, slug))
        assert any(
            "imaging itself" in note.text and "no ladder" in note.text for note in guidance_for(content, slug).notes
        )


def test_the_strong_score_ladders_say_for_whom_they_are(ladders: dict[str, Ladder]) -> None:
    strong = {ladder.id for ladder in ladders.values() if ladder.when and "strong_scores_min" in ladder.when}
    assert strong == {"EPU.strong-anes", "EPU.strong-rads", "EPU.strong-pmr"}


def test_the_radiation_oncology_pack_is_marked_as_a_house_pack_and_carries_the_dated_facts(
    loaded: Loaded, content: dict[str, Any]
) -> None:
    assert [pack["name"] for pack in loaded.packs if pack["origin"] == "house"] == ["radiation_oncology"]
    marked, filled, users = guidance_for(content, "radiation-oncology").notes
    assert marked.text.startswith("Not from the source, needs expert review.")
    assert "81%" in filled.text
    assert filled.year == 2020
    assert "SOAP" in users.text
    assert users.year == 2022
    climbs = ladders_for(content, "radiation-oncology")
    assert all(ladder.house and "needs expert review" in (ladder.note or "") for ladder in climbs)


def test_a_specialty_of_the_general_pack_says_that_no_ladder_is_known(content: dict[str, Any]) -> None:
    (note,) = guidance_for(content, "neurology").notes
    assert ladders_for(content, "neurology") == ()
    assert note.text.startswith("No ladder is known for this specialty.")
    assert "institution can add a pack" in note.text


def test_names_are_american_english(specialties: dict[str, dict[str, Any]]) -> None:
    assert specialties["orthopaedic-surgery"]["name"] == "Orthopedic surgery"
    assert specialties["orthopaedic-surgery"]["short"] == "ortho"
    british = [row["name"] for row in specialties.values() if "aedic" in row["name"] or "aesthesi" in row["name"]]
    assert british == []


def test_the_content_is_one_that_the_decision_engine_takes(content: dict[str, Any]) -> None:
    playbook = Playbook.from_content(content)
    assert playbook.parameter("champion_min", "dermatology") == 4
    assert playbook.parameter("champion_min", "urology") == 3
    assert playbook.specialty("neurology").pack == "general"
    assert playbook.specialty("urology").pack == "ent_plastics_urology"
