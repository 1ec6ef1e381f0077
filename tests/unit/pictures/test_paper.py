"""On paper a picture has the light colors of the pages."""

from __future__ import annotations

import re
from pathlib import Path

from web.packet.paper import PAPER_STYLE

STATIC = Path(__file__).parents[3] / "web" / "static"
LIGHT = dict(re.findall(r"--([\w-]+): light-dark\((#\w+),", (STATIC / "tokens.css").read_text()))


def rules(css: str) -> dict[str, str]:
    return {
        " ".join(name.split()): body
        for names, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css)
        for name in names.split(",")
    }


def test_every_color_on_paper_is_a_light_color_of_the_pages() -> None:
    assert set(re.findall(r"#[0-9a-f]{6}", PAPER_STYLE)) <= set(LIGHT.values())


def test_paths_and_boxes_are_drawn_as_on_the_page() -> None:
    page, paper = (STATIC / "pictures.css").read_text().partition("@media print")[0], rules(PAPER_STYLE)
    for name in (".bx.on", ".bx.open", ".bx", ".pt", ".pt.on", ".pt.ask"):
        light = re.sub(r"var\(--([\w-]+)\)", lambda found: LIGHT[found[1]], rules(re.sub(r"/\*.*?\*/", "", page))[name])
        assert light.strip(" ;") == paper[name].strip(" ;"), name
