"""The decision tree of a whole cohort: at each step how many said yes, how many no, and how many do not know yet.

It is drawn on the canvas of the single walk. Boxes and counts are links to the people.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from web.pictures.figure import SMALL, WIDE, Table, figure
from web.pictures.flow import people
from web.pictures.svg import drawing
from web.pictures.tree_canvas import Edge, Graph, Node, small, wide


@dataclass(frozen=True, kw_only=True)
class Group:
    """People who ended at one place, with the address that leads to them; nobody leads nowhere."""

    students: int
    href: str


@dataclass(frozen=True, kw_only=True)
class CohortStep:
    """One question: who ended here with a no, and who because the answer is not known."""

    question: str
    no: Group
    unknown: Group


@dataclass(frozen=True, kw_only=True)
class CohortTree:
    """Where the walks of a cohort ended.

    Attributes:
        prefix: Starts every id of the picture; unique on the page.
        steps: The questions in order.
        reapply: Who answered yes throughout and may reapply; likewise `contested`, by money.
        beside: Who answered yes throughout and is told something else by another rule, or lacks another fact.
        pivot: Everybody whom the rules tell to pivot, at whichever step.
        title: What the picture is.
        reading: The sentence under it.
    """

    prefix: str
    steps: tuple[CohortStep, ...]
    reapply: Group
    contested: Group
    beside: Group
    pivot: Group
    title: str = "Where the walks through the tree ended"
    reading: str = (
        "A yes is a step up, a no is a step across to another ladder. Every box and number opens the list of people "
        "behind it. Who may pivot by another rule than the tree's stands with the step where the walk ended."
    )

    @property
    def through(self) -> int:
        """How many answered yes to every question."""
        return self.reapply.students + self.contested.students + self.beside.students

    def asked(self, index: int) -> int:
        """Return how many came to a step."""
        return self.through + sum(step.no.students + step.unknown.students for step in self.steps[index:])


def cohort_tree(tree: CohortTree) -> Markup:
    """Draw the tree of a cohort, wide and for phones, with the same as a table.

    Args:
        tree: Where the walks ended.

    Returns:
        A frame with both drawings, the reading and the table; without walks nothing.
    """
    if not tree.asked(0):
        return Markup()
    graph = _graph(tree)
    says = (tree.title, _description(tree))
    drawn = (("w", WIDE, wide(graph)), ("s", SMALL, small(graph)))
    canvases = [
        drawing(kind, (across, high), f"{tree.prefix}-{kind}", says, marks, role="group")
        for kind, across, (marks, high) in drawn
    ]
    return figure(canvases, f"{tree.reading}{_undrawn(tree)}", _table(tree), kind="tree")


def _undrawn(tree: CohortTree) -> str:
    """Say what the boxes leave out, so that the numbers add up."""
    noes, beside = sum(step.no.students for step in tree.steps), tree.beside.students
    told = ""
    if beside:
        told += f" For {beside:,} of the {tree.through:,} with a yes throughout another rule or a missing fact decides."
    if noes != tree.pivot.students:
        told += f" A no ended {noes:,} walks; Pivot now counts whom the rules tell to pivot in the end."
    return told


def _graph(tree: CohortTree) -> Graph:
    nodes = {"start": Node(head="Did not match", fact=people(tree.asked(0)), kind="bx on")}
    for i, step in enumerate(tree.steps):
        nodes[f"step{i}"] = _step(tree, i, step)
    nodes["middle"] = _outcome("Contested", "contested", tree.contested)
    nodes["reapply"] = _outcome("Reapply", "reapply", tree.reapply)
    nodes["pivot"] = _outcome("Pivot now", "pivot", tree.pivot)
    return Graph(nodes=nodes, edges=tuple(_edges(tree)), steps=len(tree.steps))


def _step(tree: CohortTree, index: int, step: CohortStep) -> Node:
    asked, unknown = tree.asked(index), step.unknown.students
    fact = f"{asked:,} asked" + (f"; {unknown:,} not known yet" if unknown else "")
    return Node(
        head=step.question,
        fact=fact,
        kind="bx on" if asked else "bx",
        href=step.unknown.href,
        says=f"{step.question} {fact}",  # begins as it reads, for people who say what they want to follow
    )


def _outcome(head: str, group: str, those: Group) -> Node:
    fact = people(those.students) if those.students else "nobody"
    kind = f"bx out{' on' if those.students else ''}"
    return Node(head=head, fact=fact, kind=kind, group=f"k-{group}", href=those.href, says=f"{head}: {fact}")


def _edges(tree: CohortTree) -> Iterator[Edge]:
    last = len(tree.steps) - 1
    yield Edge(start="start", end="step0", state="on")
    for i, step in enumerate(tree.steps):
        no = step.no.students
        yield Edge(
            start=f"step{i}",
            end="pivot",
            state="on" if no else "off",
            word=f"no {no:,}" if no else "no",
            href=step.no.href,
            says=f"no {no:,}: {step.question}",
        )
        if i < last:
            yes = tree.asked(i + 1)
            word = f"yes {yes:,}" if yes else "yes"
            yield Edge(start=f"step{i}", end=f"step{i + 1}", state="on" if yes else "off", word=word)
    through = f"yes {tree.through:,}" if tree.through else "yes"
    yield Edge(start=f"step{last}", end="middle", state="on" if tree.contested.students else "off", word=through)
    yield Edge(start=f"step{last}", end="reapply", state="on" if tree.reapply.students else "off")


def _rows(tree: CohortTree) -> Iterator[tuple[str, str, Group]]:
    for step in tree.steps:
        yield step.question, "no", step.no
        yield step.question, "not known yet", step.unknown
    yield "Every answer is yes", "reapply", tree.reapply
    yield "Every answer is yes", "contested", tree.contested
    yield "Every answer is yes", "another rule or a missing fact decides", tree.beside
    yield "The rules, by whichever step", "pivot now", tree.pivot


def _description(tree: CohortTree) -> str:
    said = [f"{question} {end}: {those.students:,}." for question, end, those in _rows(tree)]
    return f"Of {people(tree.asked(0))}. {' '.join(said)}"


def _table(tree: CohortTree) -> Table:
    rows = tuple((question, end, _cell(those)) for question, end, those in _rows(tree))
    return Table(name=tree.title, columns=("Question", "The walk ended with", "Students"), rows=rows)


def _cell(those: Group) -> str:
    told = people(those.students) if those.students else "nobody"
    return Markup('<a href="{}">{}</a>').format(those.href, told) if those.href else told
