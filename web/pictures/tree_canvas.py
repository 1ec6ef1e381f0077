"""Where the boxes and lines of a decision tree stand: once as a climb to the right, once top down for a phone.

A tree is handed over as boxes and lines with their state; nothing here knows a rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from web.pictures.figure import SMALL, WIDE
from web.pictures.svg import LABEL, SECOND, box, label, link, path, width, wrap

State = Literal["on", "off", "ask"]
"""Of a line: taken, not taken, ending at an open question."""

_PAD: Final = 10
_START: Final = 118
_GAP: Final = 32
_OUT: Final = 164
_STEP: Final = 44
_RAIL: Final = 48
_LEFT: Final = 218
_SIDE: Final = 60
_DROP: Final = 30


@dataclass(frozen=True, kw_only=True)
class Node:
    """A box: its head, the fact under it, classes of the box and of its group; where it leads to, and its name then."""

    head: str
    fact: str
    kind: str = "bx"
    group: str = ""
    href: str = ""
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A line between two boxes named by their keys, with its state and its word (yes, no, ?), which may be a link."""

    start: str
    end: str
    state: State = "off"
    word: str = ""
    href: str = ""
    says: str = ""

    @property
    def kind(self) -> str:
        """Classes of the line."""
        return "pt" if self.state == "off" else f"pt {self.state}"


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A tree ready to be laid out.

    Attributes:
        nodes: Boxes by key: start, step0 …, reapply, pivot, and where they exist ask (over the step whose answer is
            missing) and middle (beside the path).
        edges: Lines between them.
        steps: Number of steps.
        asked: Key of the step that `ask` belongs to.
    """

    nodes: Mapping[str, Node]
    edges: Sequence[Edge]
    steps: int
    asked: str = ""


@dataclass(frozen=True, kw_only=True)
class _Box:
    x: float
    y: float
    wide: float
    high: float
    head: Sequence[str]
    fact: Sequence[str]
    node: Node

    @property
    def mid(self) -> float:
        return self.y + self.high / 2

    @property
    def center(self) -> float:
        return self.x + self.wide / 2

    @property
    def foot(self) -> float:
        return self.y + self.high

    @property
    def right(self) -> float:
        return self.x + self.wide


def _measure(node: Node, wide: float, *, facts: int = 3) -> _Box:
    room = wide - 2 * _PAD
    head, fact = wrap(node.head, room, 3, LABEL, bold=True), wrap(node.fact, room, facts, SECOND)
    high = 14 + 16 * len(head) + 15 * len(fact)
    return _Box(x=1, y=1, wide=wide, high=high, head=head, fact=fact, node=node)


def _draw(b: _Box) -> str:
    marks = [box(b.node.kind, b.x, b.y, b.wide, b.high)]
    bold = b.node.kind != "bx"
    y = b.y + 4
    for line in b.head:
        y += 16
        marks.append(label(b.x + _PAD, y, line, "b" if bold else ""))
    y += 1
    for line in b.fact:
        y += 15
        marks.append(label(b.x + _PAD, y, line, "q"))
    return _group(b.node, marks)


def _group(node: Node, marks: Sequence[str]) -> str:
    body = " ".join(marks)  # apart: else a browser reads the lines of a box as one word
    grouped = f'<g class="{node.group}">{body}</g>' if node.group else body
    return link(node.href, node.says, grouped) if node.href else grouped


def _word(edge: Edge, x: float, y: float, side: str = "") -> str:
    word = label(x, y, edge.word, f"{'q' if edge.state == 'off' else 'b'} {side}".strip()) if edge.word else ""
    return link(edge.href, edge.says, word) if edge.href else word


def _d(*parts: str | float) -> str:
    return "".join(part if isinstance(part, str) else f"{part:.1f} " for part in parts).strip()


def wide(graph: Graph) -> tuple[list[str], float]:
    """Lay the tree out as a climb.

    Args:
        graph: The tree.

    Returns:
        Marks, and the height they need [px]; the width is `WIDE`.
    """
    boxes = _climb(graph)
    floor = boxes["step0"].foot + 42
    lowest = boxes.get("middle")
    if lowest is not None:
        floor = max(floor, lowest.foot + 24)
    marks = [_line(edge, boxes, floor) for edge in sorted(graph.edges, key=lambda e: e.state == "on")]
    marks += [_draw(b) for b in boxes.values()]
    marks += _lying(graph.nodes["pivot"], boxes["step0"].x, floor)
    return marks, floor + _RAIL + 2


def _climb(graph: Graph) -> dict[str, _Box]:
    across = (WIDE - 2 - _START - _OUT - _GAP * (graph.steps + 1)) / graph.steps
    keys = ["start", *(f"step{i}" for i in range(graph.steps))]
    boxes = {key: _measure(graph.nodes[key], across if key != "start" else _START) for key in keys}
    high = max(boxes[key].high for key in keys[1:])
    ask = _measure(graph.nodes["ask"], across) if graph.asked else None
    lift = max(0.0, ask.high + 24 - _STEP * (graph.steps - keys.index(graph.asked) + 1)) if ask is not None else 0.0
    x = 1.0
    for i, key in enumerate(keys):
        tall = boxes[key].high if key == "start" else high
        y = 2 + lift + _STEP * (graph.steps + 1 - i) + (high - tall) / 2
        boxes[key] = replace(boxes[key], x=x, y=y, high=tall)
        x += boxes[key].wide + _GAP
    boxes["reapply"] = replace(_measure(graph.nodes["reapply"], _OUT, facts=2), x=x, y=2 + lift)
    if ask is not None:
        under = boxes[graph.asked]
        boxes["ask"] = replace(ask, x=under.x, y=under.y - 24 - ask.high)
    if "middle" in graph.nodes:
        beside = _measure(graph.nodes["middle"], _OUT)
        boxes["middle"] = replace(beside, x=x, y=boxes["reapply"].foot + 34)
    return boxes


def _line(edge: Edge, boxes: Mapping[str, _Box], floor: float) -> str:
    low = boxes[edge.start]
    if edge.end == "pivot":
        down = path(edge.kind, _d("M", low.center, low.foot, "V", floor))
        return down + _word(edge, low.center + 8, floor - 14)
    high = boxes[edge.end]
    if edge.end == "ask" or edge.start == "middle":
        up = path(edge.kind, _d("M", low.center, low.y, "V", high.foot))
        return up + _word(edge, low.center + 8, low.y - 7)
    riser = low.right + 12
    step = path(edge.kind, _d("M", low.right, low.mid, "H", riser, "V", high.mid, "H", high.x))
    return step + _word(edge, riser - 5, low.y - 7, "e")


def _lying(node: Node, x: float, y: float) -> list[str]:
    """Draw the pivot ladder lying along the bottom: its words, then its rungs."""
    right = WIDE - 2
    line = wrap(node.fact, right - x - 200, 1, SECOND)
    marks = [box(node.kind, x, y, right - x, _RAIL), label(x + 14, y + 29, node.head, "b")]
    marks += [label(x + 96, y + 29, text, "q") for text in line]
    rungs = "".join(_d("M", right - 20 - 26 * i, y + 6, "V", y + _RAIL - 6) for i in range(4))
    return [_group(node, [*marks, path("st", rungs)])]


def small(graph: Graph) -> tuple[list[str], float]:
    """Lay the tree out top down, the pivot ladder standing at the right.

    Args:
        graph: The tree.

    Returns:
        Marks, and the height they need [px]; the width is `SMALL`.
    """
    boxes = _column(graph)
    side = SMALL - 1 - _SIDE
    order = list(boxes)
    marks = [_fall(edge, boxes, order, side) for edge in sorted(graph.edges, key=lambda e: e.state == "on")]
    marks += [_draw(b) for b in boxes.values()]
    marks += [_bypass_word(edge, boxes) for edge in graph.edges if _passes(edge, order)]
    marks += _standing(graph.nodes["pivot"], side, boxes["step0"].y, boxes[order[-2]].foot)
    return marks, boxes["reapply"].foot + 2


def _column(graph: Graph) -> dict[str, _Box]:
    keys = ["start"]
    for i in range(graph.steps):
        keys.append(f"step{i}")
        if graph.asked == keys[-1]:
            keys.append("ask")
    if "middle" in graph.nodes:
        keys.append("middle")
    boxes: dict[str, _Box] = {}
    y = 2.0
    for key in [*keys, "reapply"]:
        boxes[key] = replace(_measure(graph.nodes[key], _LEFT), x=2, y=y)
        y = boxes[key].foot + _DROP
    return boxes


def _passes(edge: Edge, order: Sequence[str]) -> bool:
    """Return whether a line goes behind a box that stands between its ends."""
    return edge.end in order and order.index(edge.end) - order.index(edge.start) > 1


def _fall(edge: Edge, boxes: Mapping[str, _Box], order: Sequence[str], side: float) -> str:
    low = boxes[edge.start]
    if edge.end == "pivot":
        spare = side - low.right - width(edge.word, LABEL, bold=True)
        word = _word(edge, low.right + max(3, spare / 2), low.mid - 8)
        return path(edge.kind, _d("M", low.right, low.mid, "H", side)) + word
    after = boxes[edge.end]
    if _passes(edge, order):
        return path(edge.kind, _d("M", low.x + 22, low.foot, "V", after.y))
    x = low.x + 46
    return path(edge.kind, _d("M", x, low.foot, "V", after.y)) + _word(edge, x + 10, low.foot + _DROP / 2 + 4)


def _bypass_word(edge: Edge, boxes: Mapping[str, _Box]) -> str:
    after = boxes[edge.end]
    return _word(edge, after.x + 30, after.y - _DROP / 2 + 4)


def _standing(node: Node, x: float, y: float, foot: float) -> Iterator[str]:
    mid, middle = x + _SIDE / 2, (y + foot) / 2
    words = wrap(node.head, _SIDE - 8, 3, LABEL, bold=True)
    marks = [box(node.kind, x, y, _SIDE, foot - y)]
    marks += [label(mid, middle + 17 * (i - (len(words) - 1) / 2) + 4, word, "b m") for i, word in enumerate(words)]
    yield _group(node, marks)
