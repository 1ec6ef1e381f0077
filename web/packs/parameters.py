"""Parameters and cutoffs: each has a page with value, reading, source, history, and what another would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import request
from werkzeug.datastructures import MultiDict

from core.decision.evidence import FACTS
from core.decision.playbook import DEFAULTS, Playbook
from core.errors import NotFound
from core.people.access import Permission
from core.values import SOURCE_MAX
from web.edge import house, needs, page
from web.fields import Choice, Day, Whole, Words
from web.packs.asking import Asked, ProposeForm, asked
from web.packs.place import blueprint, names, page_number, publishers
from web.packs.propose import proposed
from web.packs.readings import EFFECTS, READINGS
from web.packs.standing import asked_about, coming
from web.packs.values import EVERYBODY, changes, cutoff_of, cutoffs_in, values_in
from web.packs.wording import headline
from web.schemas import FormSchema, blank, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from core.decision.playbook import Parameter
    from core.people.proposals import Proposal
    from web.packs.readings import Reading
    from web.packs.values import Changed, Cutoff, Value
    from web.schemas import Form

_ALL: Final = "all"  # in a form, for EVERYBODY
_TRY, _ASK = "try", "ask"  # the two forms of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersPage:
    """Every parameter with its values, every cutoff in force, and the specialties that have none."""

    parameters: tuple[tuple[str, Reading, tuple[Value, ...]], ...]
    cutoffs: tuple[tuple[str, str, Cutoff], ...]
    without: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterPage:
    """One parameter.

    Args:
        name: of the parameter.
        reading: what it is.
        shipped: its default and bounds, and the playbook id that it belongs to.
        effect: what it can change, in a sentence.
        values: in force.
        coming: approved for a later day: the proposal, what it changes, and who approved it.
        history: what it was before, the newest first; `by` says who changed it, by the digest of the playbook.
        try_form: another value.
        asked: what that would do; None before one was tried.
        form: proposes it.
        waiting: a proposal on it that nobody answered yet.
    """

    name: str
    reading: Reading
    shipped: Parameter
    effect: str
    values: tuple[Value, ...]
    coming: tuple[tuple[Proposal, str, str], ...]
    history: tuple[Changed, ...]
    by: Mapping[str, str]
    try_form: Form
    asked: Asked | None
    form: Form
    waiting: Proposal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutoffPage:
    """The Step 2 cutoff of one specialty; as `ParameterPage`."""

    slug: str
    specialty: str
    cutoff: Cutoff | None
    gap: int
    coming: tuple[tuple[Proposal, str, str], ...]
    history: tuple[Changed, ...]
    by: Mapping[str, str]
    try_form: Form
    asked: Asked | None
    form: Form
    waiting: Proposal | None


class CutoffForm(FormSchema):
    """Another cutoff, with where it comes from; empty takes the institution's own away."""

    step2 = Whole("Step 2 cutoff", low=FACTS["step2"].low, high=FACTS["step2"].high or 300)
    source = Words("Source", longest=SOURCE_MAX)
    date = Day("As of")


@blueprint.get("/parameters")
@needs(Permission.WRITE_PACKS)
def parameters() -> ResponseReturnValue:
    """Show all parameters and cutoffs."""
    playbook = house().desk.playbook()
    held = cutoffs_in(playbook)
    known = sorted((one.name, slug) for slug, one in playbook.specialties.items())
    view = ParametersPage(
        parameters=tuple((name, reading, values_in(playbook, name)) for name, reading in READINGS.items()),
        cutoffs=held,
        without=tuple((slug, name) for name, slug in known if slug not in {one[0] for one in held}),
    )
    return page("packs/parameters.html", view=view)


@blueprint.route("/parameters/<name>", methods=["GET", "POST"])
@needs(Permission.WRITE_PACKS)
def parameter(name: str) -> ResponseReturnValue:
    """Show a parameter, try another value, and propose it."""
    if name not in READINGS:
        raise NotFound(f"there is no parameter {name}")
    playbook = house().desk.playbook()
    tried, form = _forms(_try_form(name, playbook), {"slug": _ALL})
    subject, change = _of_parameter(name, tried)
    if request.method == "POST" and tried.ok and form.ok and (answer := proposed(form, "parameter", subject, change)):
        return answer
    view = ParameterPage(
        name=name,
        reading=READINGS[name],
        shipped=DEFAULTS[name],
        effect=EFFECTS[READINGS[name].effect],
        values=values_in(playbook, name),
        coming=_coming("parameter", name),
        history=changes(house().desk.published(), lambda one: _said(one, name)),
        **_changing("parameter", subject, change, tried, form),
    )
    return page("packs/parameter.html", 422 if form.errors or tried.errors else 200, view=view)


@blueprint.route("/cutoffs/<slug>", methods=["GET", "POST"])
@needs(Permission.WRITE_PACKS)
def cutoff(slug: str) -> ResponseReturnValue:
    """Show the cutoff of a specialty, try another one, and propose it."""
    playbook = house().desk.playbook()
    if slug not in playbook.specialties:
        raise NotFound(f"there is no specialty {slug}")
    held = cutoff_of(playbook.content, slug)
    start = {"step2": held.step2, "source": held.source, "date": held.on} if held else {}
    tried, form = _forms(CutoffForm, start)
    change = _of_cutoff(tried)
    if request.method == "POST" and tried.ok and form.ok and (answer := proposed(form, "cutoff", slug, change)):
        return answer
    view = CutoffPage(
        slug=slug,
        specialty=playbook.specialties[slug].name,
        cutoff=held,
        gap=playbook.parameter("significant_gap", slug),
        coming=_coming("cutoff", slug),
        history=changes(house().desk.published(), lambda one: _cutoff_said(one, slug)),
        **_changing("cutoff", slug, change, tried, form),
    )
    return page("packs/cutoff.html", 422 if form.errors or tried.errors else 200, view=view)


def _changing(kind: str, subject: str, change: dict[str, Any], tried: Form, form: Form) -> dict[str, Any]:
    """Return what both pages show of a change: who made those before, what this one does, and whether one waits."""
    return {
        "by": publishers(),
        "try_form": tried,
        "asked": asked(kind, subject, change, number=page_number()) if tried.values and tried.ok else None,
        "form": form,
        "waiting": asked_about(kind, subject),
    }


def _coming(kind: str, subject: str) -> tuple[tuple[Proposal, str, str], ...]:
    called = names()
    return tuple((one, headline(one), called.get(one.decided_by or "", "")) for one in coming(kind, subject))


def _forms(tries: type[FormSchema], start: dict[str, Any]) -> tuple[Form, Form]:
    """Return the form that tries a value and the one that proposes it; the second carries what the first asked."""
    wanted = tries().fields.keys()
    sent = request.method == "POST"
    given = request.form if sent else request.args
    named = MultiDict([(name, given[name]) for name in wanted if name in given])
    if not named:
        tried = blank(tries, form=_TRY, **start)
    else:
        tried = load(tries, form=_TRY, source=MultiDict([*named.items(), ("command_id", "tried")]))
    if not sent:
        return tried, blank(ProposeForm, form=_ASK, effective_on=house().desk.today())
    rest = MultiDict([(name, one) for name, one in request.form.items(multi=True) if name not in wanted])
    return tried, load(ProposeForm, form=_ASK, source=rest)


def _try_form(name: str, playbook: Playbook) -> type[FormSchema]:
    bounds = DEFAULTS[name]
    known = sorted(playbook.specialties.items(), key=lambda item: item[1].name)
    fields: dict[str, Any] = {
        "value": Whole("Value", low=bounds.low, high=bounds.high),
        "slug": Choice("For", {_ALL: "All specialties", **{slug: one.name for slug, one in known}}, required=True),
    }
    made: type[FormSchema] = FormSchema.from_dict(fields)  # type: ignore[assignment] # a subclass of ours
    return made


def _of_parameter(name: str, tried: Form) -> tuple[str, dict[str, Any]]:
    slug = tried.values.get("slug", _ALL)
    return name if slug == _ALL else f"{slug}:{name}", {"value": tried.values.get("value")}


def _of_cutoff(tried: Form) -> dict[str, Any]:
    """Return the cutoff that was tried; with a score it needs to say where it comes from and of when it is."""
    if not tried.ok or not tried.values:
        return {}
    if tried.values["step2"] is None:
        return {"cutoff": None}
    for name in ("source", "date"):
        if tried.values[name] is None:
            tried.errors[name] = "This is needed: a cutoff counts with its source and its day alone."
    held = {name: tried.values[name] for name in ("step2", "source")}
    return {"cutoff": {**held, "date": str(tried.values["date"])}}


def _said(playbook: Playbook, name: str) -> dict[str, tuple[str, str]]:
    return {
        one.slug or EVERYBODY: (one.specialty, READINGS[name].shown(one.number)) for one in values_in(playbook, name)
    }


def _cutoff_said(playbook: Playbook, slug: str) -> dict[str, tuple[str, str]]:
    held = cutoff_of(playbook.content, slug)
    if held is None:
        return {}
    return {slug: (playbook.specialties[slug].name, held.words)}
