"""Installed plugins are found without running their code, and a digest names every byte of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.installed import Found

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPACE = """
    from rungwise import hookimpl

    @hookimpl
    def rungwise_specialties():
        return [{"slug": "space-medicine", "name": "Space medicine"}]
"""


def test_the_digest_names_every_byte_and_is_that_of_the_same_files_elsewhere(
    site: Path, installed: Callable[..., Any]
) -> None:
    plugin = installed("space", SPACE)
    before = plugin.digest()
    module = site / "space_hooks.py"
    text = module.read_text()

    module.write_text(text.replace("Space medicine", "Space Medicine"))
    changed = plugin.digest()
    module.write_text(text)
    (site / "space-1.0.dist-info" / "RECORD").touch()

    assert changed != before == plugin.digest()
    module.unlink()
    assert plugin.digest() not in (before, changed)


def test_a_file_added_to_a_package_changes_the_digest(site: Path, installed: Callable[..., Any]) -> None:
    installed("space", SPACE)
    (site / "space_hooks").mkdir()
    (site / "space_hooks" / "__init__.py").write_text("")
    record = site / "space-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text() + "space_hooks/__init__.py,,\n")
    (plugin,) = Found().plugins()
    before = plugin.digest()

    (site / "space_hooks" / "late.py").write_text("")

    assert plugin.digest() != before


def test_code_outside_the_distribution_is_named(site: Path, installed: Callable[..., Any]) -> None:
    installed("space", SPACE)
    record = site / "space-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text().replace("space_hooks.py,,\n", ""))
    (plugin,) = Found().plugins()
    assert "the module space_hooks is not among the files of the distribution space" in plugin.wrong


def test_two_distributions_with_one_plugin_name_are_both_named(site: Path, installed: Callable[..., Any]) -> None:
    installed("space", SPACE)
    installed("moon", SPACE)
    (site / "moon-1.0.dist-info" / "entry_points.txt").write_text("[rungwise]\nspace = moon_hooks\n")
    (plugin,) = Found().plugins()
    assert plugin.wrong == "the distributions moon and space both bring a plugin of this name: remove one of them"


def test_what_is_installed_later_is_found_without_a_restart(site: Path, installed: Callable[..., Any]) -> None:
    found = Found()
    assert found.plugins() == ()
    plugin = installed("space", SPACE)
    assert found.plugins() == (plugin,)
