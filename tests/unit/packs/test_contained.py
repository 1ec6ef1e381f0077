"""A code plugin runs in a process of its own, is asked as a data pack is, and can break nothing but itself."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from plugins.host import SECTIONS, load
from rungwise.testing import JOURNEY, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from plugins.contained import Contained, Trouble
    from plugins.installed import Installed

SPACE = """
    from rungwise import hookimpl

    @hookimpl
    def rungwise_specialties():
        return [{"slug": "space-medicine", "name": "Space medicine"}]
"""
PANEL = """
    import os, sys, time
    from rungwise import hookimpl

    @hookimpl
    def rungwise_panels(journey, today):
        if journey.cycle == 1:
            time.sleep(60)
        return [{"title": f"{journey.specialty} in process", "text": str(os.getpid())}]
"""
ASKED = {"journey": JOURNEY, "today": TODAY}
SLOW = {"journey": replace(JOURNEY, cycle=1), "today": TODAY}


def panels(contained: Contained, *plugins: Installed, **asked: Any) -> Any:
    (reply,) = contained.ask(plugins, "rungwise_panels", asked or ASKED)
    return reply


def refused(contained: Contained, plugin: Installed) -> str:
    assert not contained.started([plugin])
    (reply,) = contained.ask([plugin], "rungwise_panels", ASKED)
    assert not reply.answered
    return str(reply.trouble)


def test_a_code_plugin_brings_a_pack_as_a_data_pack_does(contained: Contained, installed: Callable[..., Any]) -> None:
    plugin = installed("space", SPACE)
    assert contained.started([plugin])

    loaded = load(code=contained.packs([plugin], [*SECTIONS.values()]))

    (space,) = [pack for pack in loaded.packs if pack["name"] == "space"]
    assert [row["name"] for row in space["specialties"]] == ["Space medicine"]
    assert (space["version"], space["title"], space["origin"]) == ("1.0", "The space plugin", "house")
    assert loaded.faults == ()


def test_no_code_is_imported_into_the_process_that_asks(contained: Contained, installed: Callable[..., Any]) -> None:
    plugin = installed("space", PANEL)
    assert contained.started([plugin])
    assert panels(contained, plugin).value[0]["text"] != str(os.getpid())
    assert "space_hooks" not in sys.modules


def test_loading_packs_asks_no_code_that_was_not_handed_to_it(installed: Callable[..., Any]) -> None:
    before = load()
    installed("space", SPACE)
    assert load() == before


def test_a_plugin_that_only_shows_panels_adds_no_pack(contained: Contained, installed: Callable[..., Any]) -> None:
    plugin = installed("space", PANEL)
    assert contained.started([plugin])
    assert contained.packs([plugin], [*SECTIONS.values()]) == []


def test_a_plugin_with_a_data_hook_that_raises_is_left_out_whole_and_the_others_stay(
    contained: Contained, installed: Callable[..., Any]
) -> None:
    raising = "\n    @hookimpl\n    def rungwise_ladders():\n        return 1 / 0\n"
    plugin = installed("space", SPACE + raising)
    assert contained.started([plugin])

    loaded = load(code=contained.packs([plugin], [*SECTIONS.values()]))

    assert loaded.packs == load().packs
    assert [str(fault) for fault in loaded.faults] == [
        "plugin space, rungwise_ladders: raised ZeroDivisionError: division by zero"
    ]


def test_plugins_are_asked_at_the_same_time(contained: Contained, installed: Callable[..., Any]) -> None:
    pausing = PANEL.replace("time.sleep(60)", "time.sleep(0.5)")
    plugins = [installed(name, pausing) for name in ("one", "three", "two")]
    assert contained.started(plugins)

    began = time.monotonic()
    replies = contained.ask(plugins, "rungwise_panels", SLOW)

    assert [reply.plugin for reply in replies if reply.answered] == ["one", "three", "two"]
    assert time.monotonic() - began < 1.2


def test_who_hangs_is_ended_replaced_and_answers_the_next_call(
    contained: Contained, installed: Callable[..., Any], troubles: list[Trouble], caplog: pytest.LogCaptureFixture
) -> None:
    plugin = installed("space", PANEL)
    assert contained.started([plugin])
    before = panels(contained, plugin).value[0]["text"]

    with caplog.at_level(logging.WARNING):
        hung = panels(contained, plugin, **SLOW)
    after = panels(contained, plugin)

    assert str(hung.trouble) == "plugin space, rungwise_panels: gave no answer within 1000 ms"
    assert after.answered
    assert after.value[0]["text"] != before
    assert troubles == [hung.trouble]
    assert caplog.messages == [str(hung.trouble)]
    with pytest.raises(ProcessLookupError):
        os.kill(int(before), 0)


def test_a_page_that_waits_behind_another_is_told_so_and_counts_nothing(
    contained: Contained, installed: Callable[..., Any], troubles: list[Trouble]
) -> None:
    plugin = installed("space", PANEL)
    assert contained.started([plugin])

    first, second = contained._put([(plugin, "rungwise_panels", msgspec.json.encode(SLOW))] * 2, 0.2)
    told = second[0].wait(second[1])

    assert "is busy or being started" in str(told.trouble)
    assert not told.trouble.counts
    first[0].wait(first[1])
    assert [trouble for trouble in troubles if "busy" in str(trouble)] == []


def test_a_plugin_whose_process_was_killed_from_outside_comes_back(
    contained: Contained, installed: Callable[..., Any]
) -> None:
    plugin = installed("space", PANEL)
    assert contained.started([plugin])
    os.kill(int(panels(contained, plugin).value[0]["text"]), signal.SIGKILL)

    lost, found = panels(contained, plugin), panels(contained, plugin)

    assert str(lost.trouble) == "plugin space, rungwise_panels: was ended by the signal SIGKILL"
    assert found.answered


def test_a_plugin_that_is_kept_no_longer_has_no_process(contained: Contained, installed: Callable[..., Any]) -> None:
    plugin = installed("space", PANEL)
    assert contained.started([plugin])
    process = int(panels(contained, plugin).value[0]["text"])

    contained.keep([])

    until = time.monotonic() + 10
    while runs(process) and time.monotonic() < until:
        time.sleep(0.05)
    assert not runs(process)


def test_a_plugin_that_is_busy_does_not_keep_a_page_waiting_whose_hook_it_lacks(
    contained: Contained, installed: Callable[..., Any]
) -> None:
    plugin = installed("space", PANEL)
    assert contained.started([plugin])
    hanging = contained._put([(plugin, "rungwise_panels", msgspec.json.encode(SLOW))], 1.0)

    began = time.monotonic()
    assert contained.ask([plugin], "rungwise_income_model", {"today": TODAY}) == []
    assert time.monotonic() - began < 0.5
    hanging[0][0].wait(hanging[0][1])


def test_one_plugin_asked_several_times_takes_no_longer_than_a_page(
    contained: Contained, installed: Callable[..., Any]
) -> None:
    plugin = installed("space", PANEL)
    assert contained.started([plugin])

    began = time.monotonic()
    replies = contained.ask_each([(plugin, SLOW), (plugin, ASKED), (plugin, ASKED)], "rungwise_panels")

    assert time.monotonic() - began < 1.3
    assert [reply.trouble is not None for reply in replies] == [True, True, True]
    assert "gave no answer" in str(replies[0].trouble)
    assert panels(contained, plugin).answered


def test_a_plugin_that_writes_into_the_line_of_its_process_is_ended(
    contained: Contained, installed: Callable[..., Any]
) -> None:
    writing = PANEL.replace("time.sleep(60)", "[os.write(int(sys.argv[1]), b'\\0\\0\\0\\2{]') for _ in '12']")
    plugin = installed("space", writing)
    assert contained.started([plugin])
    assert "sent what cannot be read" in str(panels(contained, plugin, **SLOW).trouble)
    assert panels(contained, plugin).answered


def test_a_process_sees_neither_the_settings_nor_the_secrets_of_the_server(
    contained: Contained, installed: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGWISE_MASTER_KEY", "secret")
    plugin = installed("space", PANEL.replace("str(os.getpid())", "','.join(os.environ)"))
    assert contained.started([plugin])
    assert "RUNGWISE" not in panels(contained, plugin).value[0]["text"]


def test_a_process_writes_no_file(contained: Contained, installed: Callable[..., Any], tmp_path: Path) -> None:
    writing = f"""open({str(tmp_path / "file")!r}, "w").write("x" * 100_000)"""
    plugin = installed("space", PANEL.replace("str(os.getpid())", writing))
    assert contained.started([plugin])
    assert "raised OSError" in str(panels(contained, plugin).trouble)
    assert (tmp_path / "file").stat().st_size == 0


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("    @hookimpl\n    def rungwise_ladder(): ...\n", "hook: 'rungwise_ladder' is not allowed (one of rungwise_"),
        (
            '    @hookimpl(specname="rungwise_luck")\n    def ours(): ...\n',
            "hook: 'rungwise_luck' is not allowed (one of rungwise_",
        ),
        (
            "    def rungwise_ladders(): ...\n",
            "hook: 'rungwise_ladders' is not allowed (a function marked with @hookimpl)",
        ),
        (
            "    @hookimpl\n    def rungwise_ladders(today): ...\n",
            "rungwise_ladders: argument: 'today' is not allowed (the hook's arguments, without defaults: none)",
        ),
        (
            "    @hookimpl\n    def rungwise_panels(journey=None): ...\n",
            "argument: 'journey' is not allowed (the hook's arguments, without defaults: journey, today)",
        ),
        (
            '    @hookimpl\n    def rungwise_pay(): ...\n    @hookimpl(specname="rungwise_pay")\n    def b(): ...\n',
            "hook: a second 'rungwise_pay' is not allowed (one function for each hook)",
        ),
        ("    RUNGWISE_API = 2\n", "RUNGWISE_API: 2 is not allowed (1, which this program speaks)"),
        ("    import no_such_module_here\n", "ModuleNotFoundError: No module named 'no_such_module_here'"),
        ("    raise SystemExit(3)\n", "cannot be loaded: SystemExit: 3"),
    ],
    ids=["unknown", "unknown under another name", "unmarked", "argument", "default", "twice", "api", "import", "exit"],
)
def test_a_plugin_that_is_none_is_refused_by_name_and_the_others_load(
    contained: Contained, installed: Callable[..., Any], source: str, sentence: str
) -> None:
    plugin = installed("space", f"    from rungwise import hookimpl\n{source}")
    told = refused(contained, plugin)
    assert told.startswith("plugin space")
    assert sentence in told
    loaded = load(code=contained.packs([plugin], [*SECTIONS.values()]))
    assert sentence in str(loaded.faults)
    assert "dermatology" in {pack["name"] for pack in loaded.packs}


def test_a_code_plugin_named_as_a_pack_is_refused(contained: Contained, installed: Callable[..., Any]) -> None:
    plugin = installed("dermatology", SPACE)
    assert contained.started([plugin])
    with pytest.raises(Exception, match="pack dermatology: two plugins have this name"):
        load(code=contained.packs([plugin], [*SECTIONS.values()]))


def test_every_call_is_told_when_it_is_asked_for(
    installed: Callable[..., Any], caplog: pytest.LogCaptureFixture, contained: Contained
) -> None:
    contained.loud = True
    plugin = installed("space", PANEL)
    with caplog.at_level(logging.WARNING):
        assert contained.started([plugin])
        panels(contained, plugin)
        contained.close()
    assert "plugin space: loaded in " in caplog.messages[0]
    assert "hooks rungwise_panels" in caplog.messages[0]
    assert "plugin space, rungwise_panels: answered in " in caplog.messages[1]


@pytest.mark.parametrize("busy", [False, True])
def test_a_process_outlives_its_server_by_no_more_than_a_call(
    installed: Callable[..., Any], site: Path, *, busy: bool
) -> None:
    installed("space", PANEL)
    server = f"""
        import os, signal, sys, threading
        sys.path.insert(0, {str(site)!r})
        from dataclasses import replace
        from plugins.contained import Contained
        from plugins.installed import Found
        from plugins.process import Limits
        from rungwise.testing import JOURNEY, TODAY

        contained = Contained(Limits(), lambda trouble: None)
        contained.started(Found().plugins())
        asked = {{"journey": JOURNEY, "today": TODAY}}
        print(contained.ask(Found().plugins(), "rungwise_panels", asked)[0].value[0]["text"], flush=True)
        if {busy}:
            slow = {{**asked, "journey": replace(JOURNEY, cycle=1)}}
            threading.Thread(target=contained.ask, args=(Found().plugins(), "rungwise_panels", slow)).start()
            threading.Event().wait(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(server)], capture_output=True, text=True, check=False)
    process = int(done.stdout)
    until = time.monotonic() + 10
    while runs(process) and time.monotonic() < until:
        time.sleep(0.05)
    assert not runs(process)


def runs(process: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked about since does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
