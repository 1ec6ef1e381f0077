"""The pages of the import: choose a file, look at what it would do, confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for

from core.advising import roster
from core.advising.roster import ImportRoster
from core.advising.roster_file import COLUMNS, REQUIRED, ROWS_MAX, read_rows
from core.decision.wording import sentence
from core.errors import Conflict, InvalidValue, NotAllowed, NotFound
from core.journey.inventory import FACTS
from core.journey.journey import Target
from core.people.access import Permission, allowed
from core.values import NAME_MAX
from projections import people
from web.edge import finish, house, needs, page, who
from web.roster.preview import preview_of, summary
from web.schemas import Choice, FormSchema, Upload, Words, blank, load

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.exceptions import RequestEntityTooLarge

    from projections.people import ImportRow
    from web.access.uploads import Upload as PendingFile
    from web.schemas import Form

__all__ = ["blueprint"]

blueprint = Blueprint("roster", __name__)
TOO_LARGE = "This file is too large: at most 5 MiB, which is more than any roster needs. Choose another file."
STALE = "The records changed since you looked; nothing was written. This is what the file would do now."
_DIGEST_MAX = 100


class _ConfirmForm(FormSchema):
    confirmed = Words("The preview you saw", longest=_DIGEST_MAX, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadScreen:
    """What the page for choosing a file shows.

    Args:
        form: cohort and file.
        columns: (name in the file, what stands in it, whether it is needed).
        fields: every dream field the playbook knows: (slug, name, short name).
        imports: what was imported before, newest first.
        rows_max: students in one file.
    """

    form: Form
    columns: tuple[tuple[str, str, bool], ...]
    fields: tuple[tuple[str, str, str], ...]
    imports: tuple[ImportRow, ...]
    rows_max: int = ROWS_MAX


@blueprint.get("/import")
@needs(Permission.IMPORT_ROSTER)
def upload() -> ResponseReturnValue:
    """Show the form for a roster file."""
    cohorts = _cohorts()
    wanted = request.args.get("cohort")
    return _upload_page(blank(_upload_form(), cohort=wanted if wanted in cohorts else cohorts[0]), 200)


@blueprint.post("/import")
@needs(Permission.IMPORT_ROSTER)
def read() -> ResponseReturnValue:
    """Read a file, keep it for its preview, and go there; a file that cannot be read is named, and another chosen."""
    form = load(_upload_form())
    if not form.ok:
        return _upload_page(form, 422)
    file, cycle = form.values["file"], int(form.values["cohort"])
    content = file.read()
    name = _file_name(str(file.filename))
    try:
        read_rows(content, cycle=cycle, specialties={})  # the file as a whole; the preview judges its rows
    except InvalidValue as error:
        form.errors["file"] = f"{name} cannot be read ({error.what}: {error.value}). What is allowed: {error.allowed}."
        return _upload_page(form, 422)
    kept = house().access.uploads.keep(who().member_id, name, content)
    return redirect(url_for("roster.preview", upload_id=kept, cycle=cycle), code=303)


@blueprint.get("/import/<int:cycle>/<upload_id>")
@needs(Permission.IMPORT_ROSTER)
def preview(cycle: int, upload_id: str) -> ResponseReturnValue:
    """Show what a file would do; nothing is written."""
    return _preview_page(cycle, upload_id, 200)


@blueprint.post("/import/<int:cycle>/<upload_id>")
@needs(Permission.IMPORT_ROSTER)
def confirm(cycle: int, upload_id: str) -> ResponseReturnValue:
    """Write what the preview showed."""
    form = load(_ConfirmForm)
    if not form.ok:
        return _preview_page(cycle, upload_id, 422)
    if (file := _kept(upload_id)) is None:
        return redirect(url_for("roster.upload"), code=303)
    command = _command(form.command_id, cycle, file.file_name, file.data, confirmed=form.values["confirmed"])
    try:
        plan = roster.preview(house().desk, who(), command)
        receipt = roster.apply(house().desk, who(), command)
    except Conflict:
        return _preview_page(cycle, upload_id, 409, stale=STALE)
    return finish(receipt, url_for("board.cohort", cohort=cycle, sort="-changed"), summary(plan))


@blueprint.errorhandler(413)
def too_large(_: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say how large a file may be, where another can be chosen."""
    form = blank(_upload_form(), cohort=_cohorts()[0])
    form.errors["file"] = TOO_LARGE
    return _upload_page(form, 413)


def _kept(upload_id: str) -> PendingFile | None:
    """Return the file that waits for its "yes"; where there is none any more, leave word for the next page."""
    try:
        return house().access.uploads.get(upload_id, who().member_id)
    except NotFound as error:
        flash(sentence(error), "fault")
        return None


def _preview_page(cycle: int, upload_id: str, status: int, stale: str = "") -> ResponseReturnValue:
    if (file := _kept(upload_id)) is None:
        return redirect(url_for("roster.upload"), code=303)
    plan = roster.preview(house().desk, who(), _command("preview", cycle, file.file_name, file.data))
    form = blank(_ConfirmForm, confirmed=plan.digest)
    shown = preview_of(plan, {slug: one.name for slug, one in house().desk.playbook().specialties.items()})
    return page("roster/preview.html", status, form=form, preview=shown, upload_id=upload_id, stale=stale)


def _upload_page(form: Form, status: int) -> ResponseReturnValue:
    cohorts = _cohorts()
    with house().views.read() as db:
        imports = tuple(row for row in people.imports(db) if row.cohort in cohorts)
    specialties = house().desk.playbook().specialties.values()
    columns = [(name, holds, name in REQUIRED) for name, holds in COLUMNS.items()]
    columns += [(fact.name, f"{fact.label}: {fact.allowed}", False) for fact in FACTS.values()]
    screen = UploadScreen(
        form=form,
        columns=tuple(columns),
        fields=tuple(sorted((one.slug, one.name, one.short) for one in specialties)),
        imports=imports,
    )
    return page("roster/upload.html", status, screen=screen)


def _upload_form() -> type[FormSchema]:
    """Return the form; the cohorts are those in which the person may import."""
    fields: dict[str, Any] = {
        "cohort": Choice("Cohort", _cohorts(), required=True),
        "file": Upload("Roster file (CSV)", required=True),
    }
    made: type[FormSchema] = FormSchema.from_dict(fields)  # type: ignore[assignment] # a subclass of ours
    return made


def _file_name(text: str) -> str:
    """Return the last part of a file's path, as the person knows it."""
    name = text.replace("\\", "/").rpartition("/")[2].replace("\x00", "")
    return name[-NAME_MAX:] or "roster.csv"


def _cohorts() -> list[str]:
    """Return the cohorts in which the person may import, newest first.

    Raises:
        NotAllowed: there is none.
    """
    person, wanted = who(), Permission.IMPORT_ROSTER
    targets = [Target(cohort=cohort, advisor=None, team=None) for cohort in person.cohorts if cohort.isdigit()]
    found = [target.cohort for target in targets if allowed(person, wanted, target)]
    if not found:
        raise NotAllowed(f"{person.name} may not import a roster; a steward can give the role lead in a cohort")
    return found


def _command(command_id: str, cycle: int, file_name: str, content: bytes, confirmed: str | None = None) -> ImportRoster:
    return ImportRoster(command_id=command_id, cycle=cycle, file_name=file_name, content=content, confirmed=confirmed)
