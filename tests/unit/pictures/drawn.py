"""Reads a picture back: its drawings, where its texts stand, what its table says."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

from markupsafe import Markup

from web.pictures.svg import LABEL, SECOND, width

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\" onload='x' & \x00\x1b]]> <!-- Müller 山田 👩‍⚕️"


@dataclass(frozen=True)
class Spot:
    """A text and the room it takes."""

    text: str
    left: float
    right: float
    top: float
    foot: float

    def meets(self, other: "Spot") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.foot and other.top < self.foot


def parse(markup: Markup) -> ET.Element:
    """Parse strictly, as XML: a picture must survive a page, a print and a packet."""
    return ET.fromstring(str(markup))  # noqa: S314 - our own output


def drawings(markup: Markup) -> list[ET.Element]:
    return [e for e in parse(markup).iter(f"{SVG}svg") if e.get("role") in {"img", "group"}]


def words(element: ET.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def table(markup: Markup) -> list[list[str]]:
    body = parse(markup).find(".//details//tbody")
    assert body is not None
    return [[words(cell) for cell in row] for row in body]


def spots(svg: ET.Element) -> list[Spot]:
    found = []
    for e in svg.iter(f"{SVG}text"):
        kinds = (e.get("class") or "").split()
        size = SECOND if "q" in kinds else LABEL
        text = "".join(e.itertext())
        wide = width(text, size, bold="b" in kinds)
        x, y = float(e.get("x", "0")), float(e.get("y", "0"))
        left = x - wide if "e" in kinds else x - wide / 2 if "m" in kinds else x
        found.append(Spot(text, left, left + wide, y - 0.74 * size, y + 0.2 * size))
    return found


def canvas(svg: ET.Element) -> tuple[float, float]:
    return float(svg.get("width", "0")), float(svg.get("height", "0"))


def overlaps(svg: ET.Element) -> list[tuple[str, str]]:
    return [(a.text, b.text) for a, b in combinations(spots(svg), 2) if a.meets(b)]


def outside(svg: ET.Element) -> list[str]:
    wide, high = canvas(svg)
    return [s.text for s in spots(svg) if s.left < -0.5 or s.right > wide + 0.5 or s.top < -0.5 or s.foot > high + 0.5]


def lines(svg: ET.Element, kind: str) -> list[str]:
    return [e.get("d", "") for e in svg.iter(f"{SVG}path") if e.get("class") == kind]


def assert_sound(markup: Markup) -> None:
    """Check what holds for every picture: accessible, strict policy, unique ids, texts apart and inside."""
    text = str(markup)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script|javascript:|<style", text.replace("&#39;", "").lower())
    root = parse(markup)
    ids = Counter(i for e in root.iter() if (i := e.get("id")))
    assert [i for i, n in ids.items() if n > 1] == []
    for svg in drawings(markup):
        title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        assert title is not None
        assert desc is not None
        assert words(title)
        assert words(desc)
        assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert overlaps(svg) == []
        assert outside(svg) == []
    assert root.findtext(".//details/summary") == "The same as a table"
