"""Every decision of the demonstration can be taken out and evaluated again; the worked example reads as it happened."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from core.journey.contacts import ContactLogged, NoteAdded
from tests.integration.demo.reading import SCRIPT, journey_of, now
from web.contract import SCHEMA as CONTRACT
from web.contract import BadRequest
from web.packet.build import Taken, file_name, packet_of
from web.packet.explain import SCHEMA, explain
from web.packet.paper import pages_as_pictures, pdf_of

if TYPE_CHECKING:
    from core.advising.desk import Desk

STORIES = sorted({(one.name.ref, one.name.cycle, one.name.system) for one in SCRIPT.stories})
TAKEN = Taken(by="Otto Auditor", at=now(), names={})


@pytest.fixture(scope="module")
def packets(desk: Desk) -> dict[str, dict[str, Any]]:
    """Every decision of every journey, and the recommendation where nothing is decided."""
    made = {}
    for ref, cycle, system in STORIES:
        journey = journey_of(desk, ref, cycle, system)
        for decision in [*journey.decisions, None]:
            if decision or journey.recommendation:
                made[f"{ref} {system} {decision}"] = packet_of(desk, journey.id, TAKEN, decision_id=decision)
    return made


@pytest.fixture(scope="module")
def worked(packets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The worked example of the playbook: CASE.ortho238."""
    return packets["LF-0238 nrmp None"]


def changed(packet: dict[str, Any], path: str, value: Any) -> str:
    copy = json.loads(json.dumps(packet))
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    place = copy
    for part in way:
        place = place[part]
    place[last] = value
    return json.dumps(copy)


def apart(text: str) -> set[str]:
    return {one.what for one in explain(text) if not one.matches}


class TestEveryDecision:
    def test_the_record_is_of_its_schema_and_its_evidence_and_result_of_the_evaluate_contract(
        self, packets: dict[str, dict[str, Any]]
    ) -> None:
        assert len(packets) > len(STORIES)
        for packet in packets.values():
            Draft202012Validator(SCHEMA).validate(packet)
            if packet["recommendation"]:
                for part, value in (
                    ("evidence", packet["evidence"]["input"]),
                    ("recommendation", packet["recommendation"]["result"]),
                ):
                    Draft202012Validator({**CONTRACT, "$ref": f"#/$defs/{part}"}).validate(value)

    def test_evaluated_again_from_the_file_alone_everything_matches(self, packets: dict[str, dict[str, Any]]) -> None:
        for name, packet in packets.items():
            assert apart(json.dumps(packet)) == set(), name

    def test_no_note_and_nothing_that_was_said_in_a_conversation_is_in_it(
        self, desk: Desk, packets: dict[str, dict[str, Any]]
    ) -> None:
        texts = []
        for ref, cycle, system in STORIES:
            for event in desk.journal.stream(journey_of(desk, ref, cycle, system).id):
                if isinstance(event, NoteAdded):
                    texts.append(event.body)
                elif isinstance(event, ContactLogged):
                    texts.append(event.summary)
        assert len(texts) > 20
        playbooks = {packet["playbook"]["digest"]: packet["playbook"] for packet in packets.values()}
        others = [{**packet, "playbook": None} for packet in packets.values()]  # once each: they are most of a record
        everything = json.dumps([*others, *playbooks.values()], ensure_ascii=False)
        assert [text for text in texts if json.dumps(text, ensure_ascii=False)[1:-1] in everything] == []

    def test_each_can_be_set_on_paper(self, packets: dict[str, dict[str, Any]]) -> None:
        for packet in [*packets.values()][::6]:  # one takes a tenth of a second
            assert pdf_of(packet).startswith(b"%PDF-")

    def test_the_file_names_say_nothing_of_the_person(self, packets: dict[str, dict[str, Any]]) -> None:
        for packet in packets.values():
            name = file_name(packet, "pdf")
            assert re.fullmatch(r"decision-record-[0-9a-f]{8}-\d+\.pdf", name)
            assert packet["journey"]["student"]["reference"] not in name


@pytest.fixture(scope="module")
def pdf(worked: dict[str, Any]) -> PdfReader:
    return PdfReader(io.BytesIO(pdf_of(worked)))


@pytest.fixture(scope="module")
def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


class TestTheWorkedExample:
    def test_the_pdf_is_tagged_and_says_its_language_and_a_title_without_the_person(self, pdf: PdfReader) -> None:
        root: Any = pdf.trailer["/Root"]
        assert "/StructTreeRoot" in root
        assert root["/MarkInfo"]["/Marked"].value is True
        assert root["/Lang"] == "en-US"
        assert pdf.metadata is not None
        assert pdf.metadata.title == "Decision record: Pivot to another specialty"
        assert "Woodlark" not in str(pdf.metadata)

    def test_the_picture_has_words_for_those_who_do_not_see_it(self, pdf: PdfReader) -> None:
        said = "Does a program director in ortho say reapply? No: best grade 1 of 5; 3 is needed."
        [alt] = [str(each["/Alt"]) for each in _structure(pdf) if "/Alt" in each]
        assert said in alt

    @pytest.mark.parametrize(
        "words",
        [
            "Rowan Woodlark, LF-0238",
            "Orthopedic surgery, NRMP 2014 (Match Day Friday, March 21, 2014). Did not match",
            "pivot now, Wednesday, September 10, 2014",
            "No program director in ortho will champion another try (PIVOT.champion)",
            "Pivot to another specialty: Anesthesiology, Thursday, September 11, 2014",
            "It agrees with what the rules said.",
            "Dr. Crane was honest with me. I like the operating room more than the bones.",
            "the best grade from ortho program directors is 1 of 5; 3 is needed",
            "Step 2 CK 238, confirmed Application file",
            "Dr. H. Crane, program director, Orthopedic surgery (one of the two outside opinions: dream field)",
            "with the statement of Dr. H. Crane at grade 3 instead of 1, the result would be: reapply",
            "Profile: clear borderline",
            "Placement: preliminary surgery year: Willow Bend University Hospital",
            "Ladder chosen: Anesthesiology → pain medicine",
            "$650,000 a year",
            "playbook 2014.1, in force since Monday, January 6, 2014, digest sha256:",
            "rungwise explain FILE",
            "page 1 of",
        ],
    )
    def test_the_text_tells_what_was_known_who_decided_and_what_came_later(self, text: str, words: str) -> None:
        assert words in text

    def test_it_can_be_looked_at_page_by_page(self, worked: dict[str, Any]) -> None:
        pages = pages_as_pictures(worked)
        assert 4 <= len(pages) <= 8
        assert all(page.startswith(b"\x89PNG") for page in pages)

    def test_the_same_record_is_the_same_file(self, worked: dict[str, Any]) -> None:
        assert pdf_of(worked) == pdf_of(worked)

    @pytest.mark.parametrize(
        "typed",
        ['#panic("x")', "*a* _b_ $c$ `d` @e <f> = g", '"; #read("/etc/passwd")', "\\u{41} // x /* y", "李 ひ Ω é"],
    )
    def test_what_somebody_typed_stays_text(self, worked: dict[str, Any], typed: str) -> None:
        packet = json.loads(changed(worked, "decision/reason", typed))
        packet["journey"]["student"]["name"] = typed
        pages = PdfReader(io.BytesIO(pdf_of(packet))).pages
        found = "".join("".join(page.extract_text() for page in pages).split())
        if typed.isascii():
            assert "".join(typed.split()) in found


class TestExplaining:
    @pytest.mark.parametrize(
        ("path", "value", "what"),
        [
            ("recommendation/result/outcome", "REAPPLY", {"outcome", "decision"}),
            ("recommendation/result/decided_by", ["PIVOT.interviews"], {"decided_by"}),
            ("recommendation/result/rules/0/why", "because", {"rules"}),
            ("recommendation/result/rules/0/refs/0", 1, {"rules"}),
            ("recommendation/result/profile/row", "undermatched", {"profile"}),
            ("recommendation/result/warnings", [], {"warnings"}),
            ("recommendation/result/flips", [], {"flips"}),
            ("evidence/input/facts/interviews_offered", 12, {"rules", "profile", "warnings"}),
            ("playbook/label", "another", set()),
            ("playbook/content/label", "another", {"playbook"}),
            ("playbook/digest", "sha256:0", {"playbook"}),
            ("decision/relation", "differs", {"decision"}),
            ("recommendation/engine", "0", set()),
        ],
    )
    def test_what_was_changed_is_named(self, worked: dict[str, Any], path: str, value: Any, what: set[str]) -> None:
        assert apart(changed(worked, path, value)) == what

    def test_another_engine_is_said(self, worked: dict[str, Any]) -> None:
        [engine] = [one for one in explain(changed(worked, "recommendation/engine", "0")) if one.what == "engine"]
        assert engine.words == "0 then, 1 in this program: a difference below may come from that"

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("", "input: empty"),
            ("{}", "input: "),
            ("[1]", "input: "),
            ('{"format": "another"}', "input: "),
            ("{'a': 1}", "input: no JSON"),
        ],
    )
    def test_what_is_no_record_is_said_in_a_line_a_fault(self, text: str, fault: str) -> None:
        with pytest.raises(BadRequest) as refused:
            explain(text)
        assert refused.value.faults[0].startswith(fault)
        assert not any("\n" in one for one in refused.value.faults)

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("version", 2),
            ("evidence", None),
            ("evidence/refs/statements", []),
            ("evidence/input/facts/step2", 900),
            ("playbook/content", {}),
            ("recommendation/result/outcome", 7),
        ],
    )
    def test_a_record_that_cannot_be_evaluated_is_bad_input(
        self, worked: dict[str, Any], path: str, value: Any
    ) -> None:
        with pytest.raises(BadRequest):
            explain(changed(worked, path, value))


def _structure(pdf: PdfReader) -> list[Any]:
    """Return every element of the structure tree."""
    root: Any = pdf.trailer["/Root"]
    waiting, found = [root["/StructTreeRoot"]], []
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting += [each for each in one if not isinstance(each, int)]
        elif isinstance(one, dict):
            found.append(one)
            if "/K" in one and not isinstance(one["/K"].get_object(), int):
                waiting.append(one["/K"])
    return found
