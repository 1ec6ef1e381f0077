"""A pack as one signed file: saved from here; opened here only after its signature and its findings were shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, make_response, redirect, url_for

from core.advising.playbooks import (
    ForgetPublisher,
    ImportPack,
    TrustPublisher,
    export_pack,
    forget_publisher,
    import_pack,
    read_pack,
    trust_publisher,
)
from core.decision.wording import sentence
from core.errors import Conflict, InvalidValue, NotFound
from core.packfile import SUFFIX, TRUST, public_key
from core.people.access import Permission
from core.values import NAME_MAX
from web.edge import finish, house, may, needs, page, who
from web.fields import Tick, Upload, Words
from web.packs.drafts import Found, found, title_of
from web.packs.editor import Unlike, unlike
from web.packs.place import blueprint
from web.schemas import FormSchema, blank, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from core.packfile import PackFile
    from web.schemas import Form

__all__ = ["FilePage", "FilesPage"]

_SHOWN = 20  # places in which a file differs from the draft that it would replace


class FileForm(FormSchema):
    """A pack file."""

    file = Upload("Pack file", required=True)


class OpenForm(FormSchema):
    """The yes to a file; `base` is the digest of the draft that it would replace."""

    confirmed = Tick("I know where this file comes from, and take it although its signature is not trusted")
    base = Words("The draft that you saw", longest=NAME_MAX)


class TrustForm(FormSchema):
    """Whose signature it is."""

    name = Words("Whose signature is it?", longest=NAME_MAX, required=True)
    public_key = Words("Public key", longest=NAME_MAX, required=True)


class ForgetForm(FormSchema):
    """A signature that is trusted no more."""

    public_key = Words("Public key", longest=NAME_MAX, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPage:
    """Choosing a file; and whose signatures are trusted, with a form to forget each, for who may.

    Args:
        own_key: the key under which files saved here are signed, for others to trust.
    """

    form: Form
    publishers: Mapping[str, str]
    own_key: str
    forget: Form | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """A file before it is kept as a draft.

    Args:
        file: what it holds.
        title: what the pack calls itself.
        words: what its signature is worth.
        found: what the check of its text found.
        unlike: where it differs from the draft that it would replace; `replaces` says that there is one.
        form: keeps it; None for who may not take an untrusted one.
        trust: says whose signature it is; None where that is known, broken or not theirs to say.
    """

    upload_id: str
    file: PackFile
    title: str
    words: str
    found: Found
    unlike: tuple[Unlike, ...]
    replaces: bool
    form: Form | None
    trust: Form | None


@blueprint.get("/pack/<name>/file")
@needs(Permission.WRITE_PACKS)
def download(name: str) -> Response:
    """Give the draft as a signed file."""
    answer = make_response(export_pack(house().desk, who(), name))
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}{SUFFIX}"'
    return answer


@blueprint.get("/packs/file")
@needs(Permission.WRITE_PACKS)
def upload() -> ResponseReturnValue:
    """Show the form for a file, and whose signatures are trusted."""
    return _choose(blank(FileForm), 200)


@blueprint.post("/packs/file")
@needs(Permission.WRITE_PACKS)
def read() -> ResponseReturnValue:
    """Read a file, keep it for its page, and go there."""
    form = load(FileForm)
    if not form.ok:
        return _choose(form, 422)
    given = form.values["file"]
    data = given.read()
    try:
        read_pack(house().desk, data)
    except InvalidValue as error:
        form.errors["file"] = f"This file cannot be read: {error.value} is not allowed ({error.allowed})."
        return _choose(form, 422)
    kept = house().access.uploads.keep(who().member_id, f"pack{SUFFIX}", data)
    return redirect(url_for("packs.opened", upload_id=kept), code=303)


@blueprint.get("/packs/file/<upload_id>")
@needs(Permission.WRITE_PACKS)
def opened(upload_id: str) -> ResponseReturnValue:
    """Show what a file holds and what its signature is worth; nothing is kept yet."""
    return _open(upload_id, 200)


@blueprint.post("/packs/file/<upload_id>")
@needs(Permission.WRITE_PACKS)
def keep(upload_id: str) -> ResponseReturnValue:
    """Keep the pack of a file as a draft."""
    form = load(OpenForm)
    if not form.ok:
        return _open(upload_id, 422, form)
    file = house().access.uploads.get(upload_id, who().member_id)
    command = ImportPack(
        command_id=form.command_id,
        data=file.data,
        confirmed=form.values["confirmed"],
        seen=form.values["base"] or "",
    )
    try:
        receipt = form.send(lambda: import_pack(house().desk, who(), command))
    except Conflict as error:
        untrusted = read_pack(house().desk, file.data).trust != "trusted" and not command.confirmed
        form.errors["confirmed" if untrusted else "_form"] = sentence(error)
        form.typed["base"] = _held(read_pack(house().desk, file.data).name)
        receipt = None
    if receipt is None:
        return _open(upload_id, 422, form)
    house().access.uploads.drop(upload_id)
    name = read_pack(house().desk, file.data).name
    return finish(receipt, url_for("packs.pack", name=name), "Kept as a draft.")


@blueprint.post("/packs/file/<upload_id>/trust")
@needs(Permission.TRUST_PUBLISHER)
def trust(upload_id: str) -> ResponseReturnValue:
    """Trust the signature of a file from now on."""
    form = load(TrustForm, form="trust")
    if form.ok:
        command = TrustPublisher(command_id=form.command_id, **form.values)
        if receipt := form.send(lambda: trust_publisher(house().desk, who(), command)):
            return finish(
                receipt, url_for("packs.opened", upload_id=upload_id), "This signature is trusted from now on."
            )
    return _open(upload_id, 422, trust_form=form)


@blueprint.post("/packs/publishers/forget")
@needs(Permission.TRUST_PUBLISHER)
def forget() -> ResponseReturnValue:
    """Trust a signature no more."""
    form = load(ForgetForm, form="forget")
    command = ForgetPublisher(command_id=form.command_id, public_key=form.values.get("public_key", ""))
    receipt = forget_publisher(house().desk, who(), command)
    return finish(receipt, url_for("packs.upload"), "This signature is trusted no more; what is in force stays.")


def _choose(form: Form, status: int) -> ResponseReturnValue:
    view = FilesPage(
        form=form,
        publishers=house().desk.institution().publishers,
        own_key=public_key(house().desk.journal.keys),
        forget=blank(ForgetForm, form="forget") if may(Permission.TRUST_PUBLISHER) else None,
    )
    return page("packs/files.html", status, view=view)


def _open(
    upload_id: str, status: int, form: Form | None = None, *, trust_form: Form | None = None
) -> ResponseReturnValue:
    try:
        kept = house().access.uploads.get(upload_id, who().member_id)
    except NotFound as error:
        flash(sentence(error), "fault")
        return redirect(url_for("packs.upload"), code=303)
    file = read_pack(house().desk, kept.data)
    draft = house().desk.institution().drafts.get(file.name)
    takes = file.trust == "trusted" or may(Permission.TRUST_PUBLISHER)
    says = file.trust == "unknown" and may(Permission.TRUST_PUBLISHER)
    view = FilePage(
        upload_id=upload_id,
        file=file,
        title=title_of(file.name, file.text),
        words=TRUST[file.trust],
        found=found(file.name, file.text),
        unlike=tuple(unlike(draft.text, file.text))[:_SHOWN] if draft else (),
        replaces=draft is not None and draft.text != file.text,
        form=(form or blank(OpenForm, base=_held(file.name))) if takes else None,
        trust=(trust_form or blank(TrustForm, form="trust", name=file.publisher, public_key=file.public_key))
        if says
        else None,
    )
    return page("packs/file.html", status, view=view)


def _held(name: str) -> str:
    draft = house().desk.institution().drafts.get(name)
    return draft.digest if draft else ""
