"""A pack as one signed file: what one institution gives to another, and whether it arrived as it was given.

The file is a JSON object in UTF-8:

| key | what |
|---|---|
| format | 1 |
| name | of the pack |
| text | what its pack.toml says |
| publisher | who gives it, in their own words; only a trusted key makes it true |
| public_key | Ed25519, 64 hexadecimal digits |
| signature | Ed25519 over all the above, 128 hexadecimal digits |

Signed is the line `rungwise pack file` and then the other five as canonical JSON: keys sorted, no spaces, UTF-8.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.errors import InvalidValue
from core.people.packs import PACK_MAX
from core.values import NAME_MAX, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.journal.keys import Keys

__all__ = ["SUFFIX", "TRUST", "PackFile", "public_key", "read", "sign"]

FORMAT: Final = 1
SUFFIX: Final = ".rungpack"
FILE_MAX: Final = 6 * PACK_MAX + 4096  # bytes: a character may take six in JSON, "\u001f"
TRUST: Final = {
    "trusted": "signed by a publisher whom this institution trusts",
    "unknown": "signed, and whole; but nobody here has said whose signature this is",
    "broken": "not as it was signed: the file was changed, or the signature is of another",
    "unsigned": "not signed",
}
"""What a signature is worth, in words; anything but "trusted" needs a steward who takes it all the same."""
_TAG: Final = b"rungwise pack file\n"
_FIELDS: Final = ("name", "text", "publisher", "public_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """What a file holds.

    Args:
        name: of the pack.
        text: what its pack.toml says.
        publisher: a trusted publisher as the institution calls them, else what the file says of itself.
        public_key: under which it was signed and found whole; None = under none.
        trust: a key of `TRUST`.
    """

    name: str
    text: str
    publisher: str
    public_key: str | None
    trust: str


def public_key(keys: Keys) -> str:
    """Return the public key of an institution [64 hexadecimal digits], for others to trust."""
    return _private(keys).public_key().public_bytes_raw().hex()


def sign(keys: Keys, name: str, content: str, publisher: str) -> bytes:
    """Return a pack as a signed file.

    Args:
        keys: of the institution; its signing key is made from its secret, so a backup holds it.
        name: of the pack.
        content: what its pack.toml says.
        publisher: name of the institution.
    """
    fields = {"format": FORMAT, "name": name, "text": content, "publisher": publisher, "public_key": public_key(keys)}
    signature = _private(keys).sign(_signed(fields)).hex()
    return (json.dumps({**fields, "signature": signature}, ensure_ascii=False, indent=1) + "\n").encode()


def read(data: bytes, publishers: Mapping[str, str]) -> PackFile:
    """Read a file and say what its signature is worth.

    Args:
        data: of the file.
        publishers: the trusted ones: public key to name.

    Raises:
        InvalidValue: it is no pack file, or one of a newer format.
    """
    fields = _fields(data)
    key = fields["public_key"]
    trust = _worth(fields, publishers)
    whole = trust in ("trusted", "unknown")
    return PackFile(
        name=fields["name"],
        text=fields["text"],
        publisher=publishers[key] if trust == "trusted" else text("publisher", fields["publisher"], NAME_MAX),
        public_key=key if whole else None,
        trust=trust,
    )


def _fields(data: bytes) -> dict[str, Any]:
    if len(data) > FILE_MAX:
        raise InvalidValue("pack file", f"{len(data)} bytes", f"at most {FILE_MAX} bytes")
    try:
        fields = json.loads(data)
        json.dumps(fields, ensure_ascii=False).encode()  # half a character can be written in JSON, and never be stored
    except (ValueError, RecursionError):  # not UTF-8, or not JSON
        raise InvalidValue("pack file", data[:40].decode(errors="replace"), "a file that was exported") from None
    if not isinstance(fields, dict) or type(fields.get("format")) is not int:
        raise InvalidValue("pack file", "what it holds", "a file that was exported")
    if fields["format"] != FORMAT:
        raise InvalidValue("pack file: format", fields["format"], f"{FORMAT}; another needs a newer program")
    held = {"signature": "", **fields}
    if set(held) != {"format", "signature", *_FIELDS} or not all(
        isinstance(held[name], str) for name in (*_FIELDS, "signature")
    ):
        raise InvalidValue("pack file", "its keys", f"format, {', '.join(_FIELDS)} and signature")
    return held


def _worth(fields: Mapping[str, Any], publishers: Mapping[str, str]) -> str:
    key, signature = fields["public_key"], fields["signature"]
    if not signature:
        return "unsigned"
    if not re.fullmatch("[0-9a-f]{64}", key) or not re.fullmatch("[0-9a-f]{128}", signature):
        return "broken"
    signed = {name: value for name, value in fields.items() if name != "signature"}
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), _signed(signed))
    except (InvalidSignature, ValueError):
        return "broken"
    return "trusted" if key in publishers else "unknown"


def _signed(fields: Mapping[str, Any]) -> bytes:
    return _TAG + json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _private(keys: Keys) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.pseudonym("signing key of packs", str(FORMAT)))
