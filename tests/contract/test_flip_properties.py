"""Flips against brute force: over whole domains, by the second reading of the rule, without the engine's search."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from hypothesis import given, settings

from tests.contract import oracle
from tests.contract.requests import evaluated, requests

OUTCOMES = ("REAPPLY", "PIVOT_NOW", "CONTESTED", "INDETERMINATE")
SMALL = 4  # months; the limits of small requests are 1 and 2, so every kind of number is in 0 to 4


def by_outcome(answer: dict[str, Any]) -> dict[str, list[list[dict[str, Any]]]]:
    return {
        outcome: [flip["changes"] for flip in flips]
        for outcome, flips in groupby(answer["flips"], key=lambda flip: flip["outcome"])
    }


def fact_names(changes: list[dict[str, Any]]) -> frozenset[str]:
    return frozenset(change["fact"] for change in changes)


@given(requests())
@settings(max_examples=150, derandomize=True, deadline=None)
def test_every_flip_applied_gives_its_outcome(request: dict[str, Any]) -> None:
    answer = evaluated(request)

    for flip in answer["flips"]:
        assert flip["outcome"] != answer["outcome"]
        assert oracle.outcome(oracle.changed(request, flip["changes"])) == flip["outcome"]
        assert oracle.outcome(oracle.changed(request, flip["changes"], whole_person=True)) == flip["outcome"]


@given(requests())
@settings(max_examples=150, derandomize=True, deadline=None)
def test_flips_to_an_outcome_are_at_most_five_of_one_size_and_each_of_other_facts(request: dict[str, Any]) -> None:
    answer = evaluated(request)
    found = by_outcome(answer)

    assert [outcome for outcome in OUTCOMES if outcome in found] == list(found)
    for sets in found.values():
        assert len(sets) <= 5
        assert len({len(changes) for changes in sets}) == 1
        assert len({fact_names(changes) for changes in sets}) == len(sets)


@given(requests(most_statements=3, one_each=True, months=SMALL, most_weaknesses=2))
@settings(max_examples=120, derandomize=True, deadline=None)
def test_brute_force_finds_no_smaller_flip_and_misses_none_of_one_or_two_facts(request: dict[str, Any]) -> None:
    given_flips = by_outcome(evaluated(request))
    smallest: dict[str, set[frozenset[str]]] = {oracle.outcome(request): set()}
    for size in (1, 2):
        found: dict[str, set[frozenset[str]]] = {}
        for changes in oracle.sets_of_changes(request, size, SMALL):
            found.setdefault(oracle.outcome(oracle.changed(request, changes, whole_person=True)), set()).add(
                fact_names(changes)
            )
        smallest = found | smallest
    del smallest[oracle.outcome(request)]

    for outcome, sets in smallest.items():
        flips = {fact_names(changes) for changes in given_flips[outcome]}
        assert flips <= sets
        assert len(flips) == min(5, len(sets))
    for outcome, flips in given_flips.items():
        assert outcome in smallest or len(flips[0]) > 2


@given(requests(most_statements=2, one_each=True, months=SMALL, most_weaknesses=1))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_brute_force_over_four_facts_finds_no_outcome_without_a_flip(request: dict[str, Any]) -> None:
    given_flips = by_outcome(evaluated(request))
    reached: dict[str, int] = {}
    for size in (1, 2, 3):
        for changes in oracle.sets_of_changes(request, size, SMALL):
            reached.setdefault(oracle.outcome(oracle.changed(request, changes, whole_person=True)), size)
    reached.pop(oracle.outcome(request), None)

    assert {outcome: len(sets[0]) for outcome, sets in given_flips.items() if len(sets[0]) < 4} == reached
