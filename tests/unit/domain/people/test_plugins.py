"""A steward approves the files of a code plugin; other files are not what was approved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.errors import InvalidValue
from core.people.institution import create_institution
from core.people.plugins import approve_plugin, revoke_plugin
from tests.builders import ADVISOR, FixedKeys, stamp
from tests.scenario import Scenario, event, given_root


class Keys(FixedKeys):
    institution = UUID(int=7)


KEYS: Any = Keys()
OURS = {"distribution": "rungwise-space", "version": "1.0", "digest": f"sha256:{'ab' * 32}"}
NEWER = {**OURS, "version": "1.1", "digest": f"sha256:{'cd' * 32}"}


def school() -> Scenario:
    return given_root(create_institution("Test School", "America/Chicago", keys=KEYS, stamp=stamp()))


def test_an_approval_names_the_files_and_who_approved_them_and_the_same_files_are_quiet() -> None:
    scenario = school().when(approve_plugin, "space", **OURS)
    root = scenario.then(event("institution.plugin-approved", name="space", **OURS))
    assert (root.plugins["space"].digest, root.plugins["space"].author) == (OURS["digest"], ADVISOR)
    scenario.when(approve_plugin, "space", **OURS).then_nothing()


def test_newer_files_take_the_place_of_those_approved_before() -> None:
    root = (
        school()
        .when(approve_plugin, "space", **OURS)
        .when(approve_plugin, "space", **NEWER)
        .then(event("institution.plugin-approved", **NEWER))
    )
    assert [one.version for one in root.plugins.values()] == ["1.1"]


@pytest.mark.parametrize("digest", ["", "ab" * 32, "sha256:xyz", f"sha256:{'AB' * 32}"])
def test_an_approval_without_a_digest_is_refused(digest: str) -> None:
    school().when(approve_plugin, "space", **{**OURS, "digest": digest}).then_refused(InvalidValue, "digest")


def test_an_approval_that_is_taken_back_is_gone_and_a_second_time_is_quiet() -> None:
    scenario = school().when(approve_plugin, "space", **OURS).when(revoke_plugin, "space")
    assert scenario.then(event("institution.plugin-revoked", name="space")).plugins == {}
    scenario.when(revoke_plugin, "space").then_nothing()
