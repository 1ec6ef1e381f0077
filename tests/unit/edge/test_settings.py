"""Settings: read from arguments and environment, each wrong one named in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InvalidValue
from web.settings import Settings


def test_without_anything_the_pages_are_on_this_machine_only() -> None:
    settings = Settings.from_env({})
    assert (settings.host, settings.port, settings.workers, settings.threads) == ("127.0.0.1", 8000, 3, 2)
    assert settings.data_dir == Path("data")
    assert not settings.secure_cookies


def test_an_argument_wins_over_the_environment() -> None:
    env = {"RUNGWISE_PORT": "9000", "RUNGWISE_DATA": "elsewhere", "RUNGWISE_DISABLE": "import, export"}
    settings = Settings.from_env(env, port=9001, data=None)
    assert settings.port == 9001
    assert settings.data_dir == Path("elsewhere")
    assert settings.disabled == {"import", "export"}


def test_plugins_are_switched_off_by_name_and_traced_when_asked() -> None:
    settings = Settings.from_env({"RUNGWISE_DISABLED_PLUGINS": "space, moon", "RUNGWISE_TRACE_PLUGINS": "yes"})
    assert settings.disabled_plugins == {"space", "moon"}
    assert settings.trace_plugins
    assert not Settings.from_env({}).trace_plugins


@pytest.mark.parametrize(
    ("host", "secure"), [("127.0.0.2", False), ("localhost", False), ("::1", False), ("192.0.2.1", True)]
)
def test_cookies_travel_over_https_only_unless_the_pages_are_on_this_machine(host: str, *, secure: bool) -> None:
    assert Settings.from_env({"RUNGWISE_HOST": host}).secure_cookies is secure


@pytest.mark.parametrize(
    ("env", "arguments", "line"),
    [
        ({"RUNGWISE_PORT": "http"}, {}, "RUNGWISE_PORT: 'http' is not allowed (a whole number from 1 to 65535)"),
        ({}, {"port": "70000"}, "--port: '70000' is not allowed (a whole number from 1 to 65535)"),
        ({"RUNGWISE_PORT": "²"}, {}, "RUNGWISE_PORT: '²' is not allowed (a whole number from 1 to 65535)"),
        ({"RUNGWISE_HOST": "my machine"}, {}, "RUNGWISE_HOST: 'my machine' is not allowed (an address"),
        ({"RUNGWISE_WORKERS": "0"}, {}, "RUNGWISE_WORKERS: '0' is not allowed (a whole number from 1 to 16)"),
        ({"RUNGWISE_THREADS": "-1"}, {}, "RUNGWISE_THREADS: '-1' is not allowed (a whole number from 1 to 64)"),
        ({"RUNGWISE_SESSION_HOURS": "forever"}, {}, "RUNGWISE_SESSION_HOURS: 'forever' is not allowed"),
        ({"RUNGWISE_SECURE_COOKIES": "maybe"}, {}, "RUNGWISE_SECURE_COOKIES: 'maybe' is not allowed (yes or no)"),
        ({"RUNGWISE_DISABLE": "import,mail"}, {}, "RUNGWISE_DISABLE: 'mail' is not allowed (a comma-separated list of"),
        ({"RUNGWISE_PROT": "9000"}, {}, "environment: 'RUNGWISE_PROT' is not allowed"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(
    env: dict[str, str], arguments: dict[str, str], line: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        Settings.from_env(env, **arguments)
    assert str(caught.value).startswith(line)


def test_settings_never_hold_the_master_key() -> None:
    env = {"RUNGWISE_MASTER_KEY": "ab" * 32, "RUNGWISE_STEWARD_PASSWORD": "a secret pass word"}
    shown = repr(Settings.from_env(env))
    assert "abab" not in shown
    assert "secret pass" not in shown
