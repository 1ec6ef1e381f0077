"""A pack as one signed file: it arrives as it was given, or it is seen that it did not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import InvalidValue
from core.packfile import public_key, read, sign
from tests.builders import FixedKeys


class Keys(FixedKeys):
    """An institution's keys; another `name` is another institution."""

    def __init__(self, name: str = "one") -> None:
        self.name = name

    def pseudonym(self, *parts: str) -> bytes:
        return super().pseudonym(self.name, *parts)


ONE: Any = Keys()
OTHER: Any = Keys("other")
TEXT = 'version = "1.0"\ntitle = "Eyes — \u03b1"\n'
TRUSTED = {public_key(ONE): "Larkfield"}


def file(**changes: Any) -> bytes:
    return json.dumps(json.loads(sign(ONE, "eyes", TEXT, "A school")) | changes).encode()


def test_a_file_of_a_trusted_publisher_is_read_as_it_was_given() -> None:
    found = read(sign(ONE, "eyes", TEXT, "A school"), TRUSTED)
    assert (found.name, found.text, found.trust) == ("eyes", TEXT, "trusted")
    assert (found.public_key, found.publisher) == (public_key(ONE), "Larkfield")  # as we call them, not as they do


def test_a_file_may_be_laid_out_anew_without_being_another() -> None:
    assert read(file(), TRUSTED).trust == "trusted"


def test_a_whole_file_of_somebody_unknown_says_so() -> None:
    found = read(file(), {public_key(OTHER): "Larkfield"})
    assert (found.trust, found.publisher, found.public_key) == ("unknown", "A school", public_key(ONE))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "ears"),
        ("text", TEXT + " "),
        ("publisher", "Larkfield"),
        ("public_key", public_key(OTHER)),
        ("public_key", public_key(ONE).upper()),
        ("public_key", "zz" * 32),
        ("public_key", ""),
        ("signature", "0" * 128),
        ("signature", "no signature"),
        ("signature", json.loads(sign(ONE, "eyes", TEXT + " ", "A school"))["signature"]),
        ("signature", json.loads(sign(OTHER, "eyes", TEXT, "A school"))["signature"]),
        ("signature", json.loads(sign(ONE, "eyes", TEXT, "A school"))["signature"].upper()),
    ],
)
def test_a_file_in_which_any_field_was_changed_is_broken_and_signed_by_nobody(field: str, value: str) -> None:
    trusted = {**TRUSTED, public_key(OTHER): "Other", value: "Whoever"}
    found = read(file(**{field: value}), trusted)
    assert (found.trust, found.public_key) == ("broken", None)
    assert found.publisher in ("A school", value)


def test_no_changed_byte_of_a_file_goes_unnoticed() -> None:
    given = sign(ONE, "eyes", TEXT, "A school")
    whole = read(given, TRUSTED)
    for byte in range(len(given)):
        data = bytearray(given)
        data[byte] ^= 1
        try:
            found = read(bytes(data), TRUSTED)
        except InvalidValue:
            continue
        assert found.trust != "trusted" or found == whole, byte  # equal: a byte of the layout, between the fields


def test_a_file_without_a_signature_is_unsigned() -> None:
    fields = json.loads(file())
    del fields["signature"]
    assert read(json.dumps(fields).encode(), TRUSTED).trust == "unsigned"
    assert read(file(signature=""), TRUSTED).trust == "unsigned"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "a file that was exported"),
        (b"\xff\xfe", "a file that was exported"),
        (b"[1]", "a file that was exported"),
        (b"[" * 100_000, "a file that was exported"),
        (b"x" * 2_000_000, "at most"),
        (file(format=2), "newer program"),
        (file(format=True), "a file that was exported"),
        (file(name=7), "its keys"),
        (file(more="x"), "its keys"),
        (file(signature=7), "its keys"),
        (file(text="\ud800"), "a file that was exported"),
        (file(publisher="\u001b[2J"), "publisher"),
    ],
)
def test_what_is_no_pack_file_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        read(data, TRUSTED)
