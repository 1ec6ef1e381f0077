"""docs/packs.md says what is so: its commands exist, its example comes out, its finding reads as shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from plugins.host import load
from plugins.kit.check import Known, check
from plugins.kit.new import new_pack
from web.cli import parser
from web.packs.fixtures import fixtures_of

DOCS = (Path(__file__).parents[3] / "docs" / "packs.md").read_text("utf-8")
COMMANDS = re.findall(r"^ *\.venv/bin/rungwise (.+)$", DOCS, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_walk_is_one_that_the_program_takes(command: str) -> None:
    assert parser().parse_args(shlex.split(command)).run


def test_every_command_that_is_named_exists() -> None:
    named = set(re.findall(r"`pack (\w+)", DOCS)) | {one.split()[1] for one in COMMANDS}
    help_ = next(one for one in parser()._actions if one.choices and "pack" in one.choices)
    assert help_.choices is not None
    (below,) = [one for one in help_.choices["pack"]._actions if one.choices]  # type: ignore[call-overload]
    assert named <= set(below.choices)
    assert {"new", "check", "test", "preview", "propose", "approve", "withdraw", "export", "import"} <= named


def test_the_fixture_of_the_page_comes_out_as_expected() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    packs = load().packs
    text = new_pack("eye", packs, 2026).partition("[[fixtures]]")[0] + example

    assert check("eye", text, Known.of(packs, "eye")) == []
    assert [one.wrong for one in fixtures_of("eye", text, packs)] == [()]


def test_a_finding_reads_as_the_page_shows_it() -> None:
    packs = load().packs
    text = new_pack("eye", packs, 2026).replace('door = "narrow"', 'door = "ajar"')

    (found,) = check("eye", text, Known.of(packs, "eye"))

    shown = re.sub(r":\d+:", ":", f"> eye/{found}")
    assert shown in re.sub(r":\d+:", ":", DOCS)
