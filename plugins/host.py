"""The host: finds plugins, asks their hooks, and makes of the answers the packs that a playbook holds as data.

Plugins are the data packs in `plugins/packs/`, those in further folders, an institution's own, and what code plugins
answered in their processes (`plugins/contained.py`). Who a plugin is must be right, or loading stops with one sentence;
what it answers is checked row by row, and a bad row is left out and reported (`plugins/boundary.py`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.claims import refuse_shared
from core.decision.playbook import GENERAL_PACK
from core.errors import Conflict, InvalidValue
from core.values import digest_of
from plugins.boundary import Fault, checked
from plugins.data_pack import FILE, DataPack
from plugins.references import drop_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from plugins.contained import CodePack, Trouble

PACKS = Path(__file__).parent / "packs"
"""The built-in packs, one folder each; a new folder is a new pack and nothing else changes."""

SECTIONS = {
    "specialties": "rungwise_specialties",
    "ladders": "rungwise_ladders",
    "tracks": "rungwise_income_tracks",
    "pay": "rungwise_pay",
    "field_pay": "rungwise_income_fields",
    "levers": "rungwise_income_levers",
    "milestones": "rungwise_milestones",
    "inventory_fields": "rungwise_inventory_fields",
    "calendars": "rungwise_calendars",
    "evidence": "rungwise_evidence",
}
"""Each section of a pack and the hook that fills it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What loading gave.

    Args:
        packs: one dict per pack, by name, the general pack last.
        faults: the rows that were left out, and why; and what kept a code plugin from answering.
    """

    packs: tuple[dict[str, Any], ...]
    faults: tuple[Fault | Trouble, ...]


@dataclass(frozen=True, kw_only=True)
class _Plugin:
    name: str
    version: str
    title: str
    origin: str
    answer: Callable[[str], object]


def load(
    extra: Sequence[Path] = (),
    own: Mapping[str, str] = MappingProxyType({}),
    code: Sequence[CodePack] = (),
) -> Loaded:
    """Load all plugins and ask each of them once.

    Args:
        extra: further folders of data packs, each laid out as `plugins/packs/` is, or itself one pack.
        own: the institution's own data packs: name to the text of its pack.toml. One named as a built-in pack takes its
            place, which is how an institution corrects one.
        code: what the approved code plugins answered; one that did not answer a hook is left out whole.

    Returns:
        The packs, and the faults of the rows left out.

    Raises:
        InvalidValue: a pack.toml is none.
        Conflict: two packs have one name, or claim one specialty, ladder or track.
    """
    built_in = [pack for pack in _data_packs((PACKS,)) if pack.name not in own]
    owned = [_data_pack(DataPack(name, text)) for name, text in own.items()]
    plugins = [*built_in, *_data_packs(extra), *owned, *(_code_pack(one) for one in code if one.whole)]
    _refuse_alike(plugins)
    faults: list[Fault | Trouble] = [trouble for one in code for trouble in one.troubles]
    packs: list[dict[str, Any]] = []
    for plugin in sorted(plugins, key=lambda plugin: (plugin.name == GENERAL_PACK, plugin.name)):
        pack, wrong = _asked(plugin)
        packs.append(pack)
        faults += wrong
    faults += drop_unknown(packs, SECTIONS)
    _yield_general(packs)
    refuse_shared(packs)
    return Loaded(packs=tuple({**pack, "digest": digest_of(pack)} for pack in packs), faults=tuple(faults))


def read_pack(name: str, text: str) -> dict[str, Any]:
    """Make a data pack alone, as a playbook holds it, without its faulty rows.

    What it claims and names beside the packs in force is for `core.decision.composing.compose` to judge.

    Args:
        name: the pack's name.
        text: what its pack.toml says.

    Raises:
        InvalidValue: the text is not that of a pack.
    """
    pack, _ = _asked(_data_pack(DataPack(name, text)))
    return {**pack, "digest": digest_of(pack)}


def load_packs(extra: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Load all packs and log the rows that were left out; see `load` for the arguments and errors.

    Returns:
        One dict per pack, by name, the general pack last.
    """
    loaded = load(extra)
    for fault in loaded.faults:
        _log.warning("left out: %s", fault)
    return list(loaded.packs)


def playbook_content(label: str, packs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Put a playbook's content together: default parameters, no cutoffs, and the packs as data.

    Args:
        label: the playbook's name for people, such as "2026.1".
        packs: what `load_packs` returned.
    """
    return {"format": 1, "label": label, "parameters": {}, "cutoffs": {}, "packs": list(packs)}


def _asked(plugin: _Plugin) -> tuple[dict[str, Any], list[Fault]]:
    """Ask a plugin every hook once; return its pack and the faults of the rows left out."""
    pack: dict[str, Any] = {"name": plugin.name, "version": plugin.version, "title": plugin.title}
    pack["origin"] = plugin.origin
    faults: list[Fault] = []
    for section, hook in SECTIONS.items():
        pack[section], wrong = checked(plugin.name, hook, plugin.answer(hook))
        faults += wrong
    return pack, faults


def _data_packs(folders: Sequence[Path]) -> Iterator[_Plugin]:
    for folder in folders:
        if not folder.is_dir():
            raise InvalidValue("folder of packs", str(folder), "a folder that exists")
        found = [folder] if (folder / FILE).is_file() else sorted(path.parent for path in folder.glob(f"*/{FILE}"))
        for path in found:
            yield _data_pack(DataPack.at(path))


def _data_pack(pack: DataPack) -> _Plugin:
    def answer(hook: str) -> object:
        return getattr(pack, hook)()

    return _Plugin(name=pack.name, version=pack.version, title=pack.title, origin=pack.origin, answer=answer)


def _code_pack(pack: CodePack) -> _Plugin:
    def answer(hook: str) -> object:
        return pack.answers.get(hook, [])

    return _Plugin(name=pack.name, version=pack.version, title=pack.title, origin="house", answer=answer)


def _refuse_alike(plugins: Sequence[_Plugin]) -> None:
    names = [plugin.name for plugin in plugins]
    for name in names:
        if names.count(name) > 1:
            raise Conflict(f"pack {name}: two plugins have this name (one plugin of each name)")


def _yield_general(packs: Sequence[dict[str, Any]]) -> None:
    claimed = {row["slug"] for pack in packs if pack["name"] != GENERAL_PACK for row in pack["specialties"]}
    for pack in packs:
        if pack["name"] == GENERAL_PACK:
            pack["specialties"] = [row for row in pack["specialties"] if row["slug"] not in claimed]
