"""A small playbook for tests: the specialties of playbook §3 with what the rules read of them, and no ladders."""

from __future__ import annotations

from typing import Any

from core.decision.playbook import Playbook

#: slug, name, short name, hyper-competitive, trusted statements only. Source: playbook §3 and §4.
SPECIALTIES = (
    ("orthopaedic-surgery", "Orthopedic surgery", "ortho", True, False),
    ("neurosurgery", "Neurosurgery", "neurosurgery", True, False),
    ("dermatology", "Dermatology", "derm", True, False),
    ("radiology-diagnostic", "Diagnostic radiology", "radiology", False, False),
    ("radiology-interventional", "Interventional radiology", "IR", True, False),
    ("otolaryngology", "Otolaryngology", "ENT", True, True),
    ("plastic-surgery-integrated", "Plastic surgery", "plastics", True, True),
    ("urology", "Urology", "urology", True, True),
    ("radiation-oncology", "Radiation oncology", "rad onc", False, False),
)
GENERAL = (("anesthesiology", "Anesthesiology", "anesthesia"), ("pmr", "Physical medicine and rehabilitation", "PM&R"))


def specialty(slug: str, **changes: Any) -> dict[str, Any]:
    """One specialty of a pack as a playbook holds it."""
    return {
        "slug": slug,
        "name": slug,
        "short": slug,
        "hyper_competitive": False,
        "trusted_statements_only": False,
        "parameters": {},
        "conditions": [],
        "questions": [],
        "cutoff": None,
        "typical_miss": None,
        "notes": [],
    } | changes


def pack(name: str, *specialties: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """One pack as a playbook holds it."""
    return {
        "name": name,
        "version": "1.0",
        "digest": "sha256:0",
        "title": name,
        "origin": "source",
        "specialties": list(specialties),
        "ladders": [],
        "tracks": [],
        "pay": [],
    } | changes


def minimal_content(**changes: Any) -> dict[str, Any]:
    """The content of the small playbook; dermatology has its conditions and its own parameters."""
    specs = [
        specialty(slug, name=name, short=short, hyper_competitive=hyper, trusted_statements_only=trusted)
        for slug, name, short, hyper, trusted in SPECIALTIES
    ]
    derm = next(spec for spec in specs if spec["slug"] == "dermatology")
    derm["parameters"] = {"champion_min": 4, "max_fix_months": 24}
    derm["conditions"] = [
        {
            "id": "DERM.move",
            "fact": "willing_to_move_anywhere",
            "equals": True,
            "sentence": "You are willing to move anywhere.",
        },
        {
            "id": "DERM.plan",
            "fact": "research_plan_months",
            "min": "plan_months_min",
            "max": "plan_months_max",
            "sentence": "You have a clear research plan.",
        },
    ]
    general = [specialty(slug, name=name, short=short) for slug, name, short in GENERAL]
    packs = [pack("dream-fields", *specs), pack("general", *general)]
    return {"format": 1, "label": "test", "parameters": {}, "cutoffs": {}, "packs": packs} | changes


def minimal_playbook(**changes: Any) -> Playbook:
    """The small playbook; `changes` replace top-level keys of its content."""
    return Playbook.from_content(minimal_content(**changes))
