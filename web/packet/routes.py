"""The decision record in the hand: as PDF and as JSON, one click on the decision page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response, request

from core.people.access import Permission, require
from projections import people
from web.edge import house, needs, who
from web.journey.record import read
from web.packet.build import Taken, file_name, packet_of

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

__all__ = ["blueprint"]

blueprint = Blueprint("packet", "web.packet")


@blueprint.get("/journeys/<uuid:journey_id>/decision-record.pdf")
@needs(Permission.EXPORT_RECORD)
def pdf(journey_id: UUID) -> Response:
    """Give the record as a tagged PDF."""
    from web.packet.paper import pdf_of  # the typesetter is large, and most workers never need it

    packet = _packet(journey_id)
    return _file(pdf_of(packet), "application/pdf", file_name(packet, "pdf"))


@blueprint.get("/journeys/<uuid:journey_id>/decision-record.json")
@needs(Permission.EXPORT_RECORD)
def data(journey_id: UUID) -> Response:
    """Give the record as `packet.schema.json` defines it."""
    packet = _packet(journey_id)
    content = json.dumps(packet, indent=1, ensure_ascii=False).encode()
    return _file(content, "application/json", file_name(packet, "json"))


def _packet(journey_id: UUID) -> dict[str, Any]:
    """Read the record of the decision that is asked for, of the one that stands without `decision`."""
    with house().views.read() as db:
        record = read(db, journey_id)  # to those who may not read it, it does not exist
        names = people.names(db)
    require(who(), Permission.EXPORT_RECORD, record.sheet.target)
    taken = Taken(by=who().name, at=house().clock(), names=names)
    return packet_of(house().desk, journey_id, taken, decision_id=request.args.get("decision"))


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
