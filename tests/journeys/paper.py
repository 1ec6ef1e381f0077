"""What a browser prints: the pages of a PDF, their sizes and the words on them.

Reads only what Chromium writes (PDF 1.4, plain objects, fonts with a table of their characters).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>\s*(?:Tj)?|(ET)")
_LINES = re.compile(rb"<([0-9A-Fa-f]+)> (?:<([0-9A-Fa-f]+)> )?<([0-9A-Fa-f]+)>")


@dataclass(frozen=True)
class Sheet:
    """One printed page: its size [points], and its text without any space."""

    width: float
    height: float
    text: str

    def says(self, words: str) -> bool:
        return "".join(words.split()) in self.text


def sheets(pdf: bytes) -> list[Sheet]:
    """The pages of a PDF, in order."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\n", body)]
    return [_sheet(body, objects) for body in pages]


def _sheet(page: bytes, objects: dict[int, bytes]) -> Sheet:
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page)
    content = re.search(rb"/Contents (\d+) 0 R", page)
    assert box, "a page without a size"
    assert content, "a page without content"
    fonts = {name: _characters(objects, int(number)) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", page)}
    return Sheet(width=float(box[1]), height=float(box[2]), text=_text(_stream(objects[int(content[1])]), fonts))


def _text(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    words: list[str] = []
    characters: dict[int, str] = {}
    for font, glyphs, _ in _SHOWN.findall(content):
        if font:
            characters = fonts[font]
        words += (characters.get(int(glyphs[at : at + 4], 16), "") for at in range(0, len(glyphs), 4))
    return "".join("".join(words).split())


def _characters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Return which character each glyph of a font stands for."""
    table = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    found: dict[int, str] = {}
    if table is None:  # a font of pictures
        return found
    listed = _stream(objects[int(table[1])]).partition(b"endcodespacerange")[2]
    for first, last, text in _LINES.findall(listed):
        start, code = int(first, 16), bytes.fromhex(text.decode())
        for step in range(int(last or first, 16) - start + 1):
            letters = code.decode("utf-16-be")
            found[start + step] = letters[:-1] + chr(ord(letters[-1]) + step)
    return found


def _stream(body: bytes) -> bytes:
    content = body.partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
    return zlib.decompress(content) if b"/FlateDecode" in body.partition(b"stream")[0] else content
