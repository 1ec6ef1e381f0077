import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "path",
    ["web/static/vendor/pico/pico.min.css", "web/static/vendor/htmx/htmx.min.js", "tests/vendor/axe/axe.min.js"],
)
def test_a_vendored_file_is_the_one_its_checksum_names_and_has_its_licence(path: str) -> None:
    file = ROOT / path
    named, name = file.with_name(f"{file.name}.sha256").read_text().split()
    assert name == file.name
    assert hashlib.sha256(file.read_bytes()).hexdigest() == named
    assert list(file.parent.glob("LICENSE*"))
