"""The rules of the house that neither the linter nor the import checker sees."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("rungwise", "core", "plugins", "projections", "web")
OURS = [
    path
    for folder in (*PACKAGES, "tests", "scripts")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and not {"__pycache__", "vendor", "data"} & set(path.relative_to(ROOT).parts)
]
LINES_MAX = 400
WRITTEN = {".py", ".html", ".css", ".js", ".toml", ".txt", ".md", ".sql", ".sh", ""}
READ_BY_PEOPLE = {".py", ".html", ".js", ".toml", ".txt", ".typ"}
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc"}
#: UI text says what happened, "did not match", and judges nobody.
JUDGING = re.compile(r"failed[\s_-]+applicant|risk[\s_-]+score|weak[\s_-]+candidate", re.IGNORECASE)


def test_the_rules_look_at_something() -> None:
    assert len(OURS) > 100
    assert {path.relative_to(ROOT).parts[0] for path in OURS} == {*PACKAGES, "tests", "scripts"}


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): lines(path) for path in OURS if path.suffix in WRITTEN}
    assert {name: length for name, length in lengths.items() if length > LINES_MAX} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in OURS if VAGUE & {path.stem, *path.relative_to(ROOT).parts}] == []


def test_no_test_folder_is_named_like_a_package_which_it_would_shadow() -> None:
    folders = {path for path in (ROOT / "tests").rglob("*") if path.is_dir()}
    assert [folder for folder in folders if folder.name in PACKAGES] == []
    assert (ROOT / "tests" / "__init__.py").exists()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_text_of_ours_judges_a_student(package: str) -> None:
    texts = [path for path in OURS if path.is_relative_to(ROOT / package) and path.suffix in READ_BY_PEOPLE]
    assert {str(path): found for path in texts if (found := JUDGING.findall(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize("text", ["a Failed applicant", "the risk_score", "weak\n  candidate"])
def test_a_judging_text_would_be_found(text: str) -> None:
    assert JUDGING.search(text)


def test_the_event_library_is_imported_in_the_journal_alone() -> None:
    modules = [path for path in OURS if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES]
    users = [path for path in modules if "eventsourcing" in imported(path)]
    assert users
    assert [path for path in users if not path.is_relative_to(ROOT / "core" / "journal")] == []


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def imported(path: Path) -> set[str]:
    """Return the names of the distributions a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names
