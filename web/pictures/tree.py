"""The decision tree as a climb: yes is a step up to the right, no goes straight down onto the pivot ladder.

The path taken is thick and its boxes are bold; what was not reached stays dashed. A missing answer ends the path with
a question mark. A result that another rule decided (playbook §4, the normative rule) is drawn beside the path, with
its own line to the result, because the walk alone would not explain it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from web.pictures.figure import SMALL, WIDE, Table, figure
from web.pictures.svg import drawing
from web.pictures.tree_canvas import Edge, Graph, Node, small, wide

Outcome = Literal["REAPPLY", "PIVOT_NOW", "CONTESTED", "INDETERMINATE"]
Answer = Literal["yes", "no", "missing", "not_reached"]

_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "REAPPLY": ("reapply", "Reapply", "a dedicated year first"),
    "PIVOT_NOW": ("pivot", "Pivot now", "step across to another ladder"),
    "CONTESTED": ("contested", "Contested", "both ways are open"),
    "INDETERMINATE": ("unknown", "Not yet decidable", "an answer is missing"),
}
_ANSWERS: Final = {"missing": "not known yet", "not_reached": "not reached", "yes": "yes", "no": "no"}


@dataclass(frozen=True, kw_only=True)
class TreeStep:
    """One question of the tree.

    Attributes:
        question: The question as this specialty asks it.
        answer: The answer the recorded facts give; ``not_reached`` after the path's end.
        fact: The fact it turned on, with its numbers; empty when none is known.
    """

    question: str
    answer: Answer
    fact: str = ""


@dataclass(frozen=True, kw_only=True)
class TreePicture:
    """One walk through the tree.

    Attributes:
        prefix: Starts every id of the picture; unique on the page.
        outcome: The recommendation.
        steps: The questions in order, TREE.interviews, TREE.pd, TREE.fixable; one to four.
        start: The box the climb starts from.
        start_fact: Its date.
        note: A line in the box of the outcome; a general one stands there when empty.
        beside: A rule (its sentence, the fact it turned on) that decided the outcome apart from the path.
        title: What the picture is.
        reading: The sentence under it.
    """

    prefix: str
    outcome: Outcome
    steps: tuple[TreeStep, ...]
    start: str = "Did not match"
    start_fact: str = ""
    note: str = ""
    beside: tuple[str, str] | None = None
    title: str = "The path through the tree"
    reading: str = (
        "A yes is a step up, a no is a step across to another ladder. The thick line is the path; dashed steps were "
        "not taken."
    )

    @property
    def end(self) -> int:
        """Index of the step the path ends at; the number of steps when every answer is yes."""
        return next((i for i, step in enumerate(self.steps) if step.answer != "yes"), len(self.steps))

    @property
    def straight(self) -> bool:
        """Whether the path itself leads to the outcome."""
        ended = self.steps[self.end].answer if self.end < len(self.steps) else "yes"
        return (self.outcome, ended) in {("PIVOT_NOW", "no"), ("REAPPLY", "yes"), ("INDETERMINATE", "missing")}


def decision_tree(picture: TreePicture) -> Markup:
    """Draw a walk through the decision tree, wide and for phones, with the same as a table.

    Args:
        picture: The walk.

    Returns:
        A frame with both drawings, the reading and the table.
    """
    graph = _graph(picture)
    says = (picture.title, _description(picture))
    drawn = (("w", WIDE, wide(graph)), ("s", SMALL, small(graph)))
    canvases = [drawing(kind, (across, high), f"{picture.prefix}-{kind}", says, m) for kind, across, (m, high) in drawn]
    return figure(canvases, picture.reading, _table(picture), kind="tree")


def drawn_tree(picture: TreePicture) -> tuple[str, str]:
    """Draw the wide picture alone, for paper; return it, and what it says."""
    marks, high = wide(_graph(picture))
    says = (picture.title, _description(picture))
    return drawing("w", (WIDE, high), f"{picture.prefix}-w", says, marks), says[1]


def _graph(picture: TreePicture) -> Graph:
    nodes = {"start": Node(head=picture.start, fact=picture.start_fact, kind="bx on")}
    for i, step in enumerate(picture.steps):
        nodes[f"step{i}"] = Node(head=step.question, fact=step.fact or _ANSWERS[step.answer], kind=_kind(picture, i))
    asked = ""
    if picture.straight and picture.outcome == "INDETERMINATE":
        asked = f"step{picture.end}"
        nodes["ask"] = _outcome(picture, "INDETERMINATE", dashed=True)
    elif not picture.straight:
        nodes["middle"] = _middle(picture)
    nodes["reapply"] = _outcome(picture, "REAPPLY")
    nodes["pivot"] = _outcome(picture, "PIVOT_NOW")
    return Graph(nodes=nodes, edges=tuple(_edges(picture)), steps=len(picture.steps), asked=asked)


def _kind(picture: TreePicture, index: int) -> str:
    if index > picture.end:
        return "bx"
    return "bx on open" if picture.steps[index].answer == "missing" else "bx on"


def _outcome(picture: TreePicture, outcome: Outcome, *, dashed: bool = False) -> Node:
    group, head, note = _WORDS[outcome]
    on = picture.outcome == outcome
    kind = f"bx out{' on' if on else ''}{' open' if dashed else ''}"
    return Node(head=head, fact=(picture.note if on else "") or note, kind=kind, group=f"k-{group}")


def _middle(picture: TreePicture) -> Node:
    """Return what stands beside the path: an outcome it does not show, or the rule that decided instead of it."""
    if picture.outcome in {"CONTESTED", "INDETERMINATE"}:
        return _outcome(picture, picture.outcome, dashed=picture.outcome == "INDETERMINATE")
    head, fact = picture.beside or ("Another rule decides", "see every rule")
    return Node(head=head, fact=fact, kind="bx on")


def _edges(picture: TreePicture) -> Iterator[Edge]:
    last = len(picture.steps) - 1
    beside = picture.end > last and not picture.straight
    yield Edge(start="start", end="step0", state="on")
    for i, step in enumerate(picture.steps):
        up = i < picture.end and (i < last or picture.outcome == "REAPPLY")
        above = f"step{i + 1}" if i < last else "reapply"
        if not (beside and i == last and picture.outcome != "PIVOT_NOW"):
            word = "" if beside and i == last else "yes"
            yield Edge(start=f"step{i}", end=above, state="on" if up else "off", word=word)
        down = i == picture.end and step.answer == "no"
        yield Edge(start=f"step{i}", end="pivot", state="on" if down else "off", word="no")
    if picture.straight:
        if picture.outcome == "INDETERMINATE":
            yield Edge(start=f"step{picture.end}", end="ask", state="ask", word="?")
        return
    if beside:
        asks = picture.outcome == "INDETERMINATE"
        yield Edge(start=f"step{last}", end="middle", state="ask" if asks else "on", word="yes")
    yield Edge(start="middle", end="pivot", state="on" if picture.outcome == "PIVOT_NOW" else "off")
    if picture.outcome != "PIVOT_NOW":
        yield Edge(start="middle", end="reapply")


def _description(picture: TreePicture) -> str:
    said = [f"Start: {picture.start}{', ' + picture.start_fact if picture.start_fact else ''}."]
    said += [f"{step.question} {_answer(step).capitalize()}." for step in picture.steps]
    if picture.beside is not None:
        said.append(f"Beside the path: {picture.beside[0]}; {picture.beside[1]}.")
    said.append(f"Result: {_WORDS[picture.outcome][1].lower()}.")
    return " ".join(said)


def _answer(step: TreeStep) -> str:
    return f"{_ANSWERS[step.answer]}{': ' + step.fact if step.fact else ''}"


def _table(picture: TreePicture) -> Table:
    result = _WORDS[picture.outcome][1]
    rows = [("Start", picture.start, picture.start_fact, "step 1")]
    rows += [(str(i + 1), step.question, _answer(step), _leads(picture, i)) for i, step in enumerate(picture.steps)]
    if picture.beside is not None:
        rows.append(("Beside the path", *picture.beside, result.lower()))
    rows.append(("Result", result, picture.note or _WORDS[picture.outcome][2], ""))
    return Table(name=picture.title, columns=("Step", "Question", "Answer", "Leads to"), rows=tuple(rows))


def _leads(picture: TreePicture, index: int) -> str:
    answer = picture.steps[index].answer
    if answer == "not_reached":
        return ""
    if answer == "yes" and index + 1 < len(picture.steps):
        return f"step {index + 2}"
    if answer == "no":
        return "pivot now"
    return _WORDS[picture.outcome][1].lower() if answer == "yes" or picture.straight else "no answer"
