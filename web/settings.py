"""Settings: from the environment and the command line, checked once, frozen. No secret has a default."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEVELOPERS", "FEATURES", "KNOWN", "Settings", "unknown_names"]

PREFIX = "RUNGWISE_"
FEATURES = ("import", "export")
_YES = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}

# Every environment variable that the program reads, and those of its scripts and tests; anything else with our prefix
# is a slip of the pen that would otherwise go unnoticed.
KNOWN = frozenset(
    PREFIX + name
    for name in (
        "DATA",
        "HOST",
        "PORT",
        "WORKERS",
        "THREADS",
        "PROXIES",
        "SESSION_IDLE_HOURS",
        "SESSION_HOURS",
        "SECURE_COOKIES",
        "DISABLE",
        "DISABLED_PLUGINS",
        "TRACE_PLUGINS",
        "MASTER_KEY",
        "MASTER_KEY_FILE",
        "STEWARD_PASSWORD",
    )
)
DEVELOPERS = frozenset(PREFIX + name for name in ("ENV_LOCKED", "CHROMIUM", "LONG", "SHOTS"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process runs.

    Args:
        data_dir: the store's folder.
        host: address to listen on.
        port: port to listen on.
        workers: processes that answer. Three of two threads by `mix_p99_ms` on two cores: p99 68 ms, where two of four
            had 161: fewer threads in one process wait less for its interpreter.
        threads: of each worker; with a second one a slow page holds nobody up.
        proxies: reverse proxies in front, whose forwarding headers are believed.
        session_idle_hours: a session ends after this long without a request.
        session_hours: a session ends this long after sign-in.
        secure_cookies: cookies travel over https only; off only for plain http on this machine.
        disabled: features that are switched off.
        disabled_plugins: names of code plugins that are never asked.
        trace_plugins: log every call of a code plugin, and show what they write to standard error.
    """

    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 3
    threads: int = 2
    proxies: int = 0
    session_idle_hours: int = 8
    session_hours: int = 24
    secure_cookies: bool = False
    disabled: frozenset[str] = field(default_factory=frozenset)
    disabled_plugins: frozenset[str] = field(default_factory=frozenset)
    trace_plugins: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str], **arguments: object) -> Settings:
        """Read the settings.

        Args:
            env: the environment.
            arguments: from the command line; they win over the environment, None means not given.

        Raises:
            InvalidValue: a setting is not allowed; the message names it, its value and what is allowed.
        """
        read = _Reader(env, arguments)
        if strange := unknown_names(env):
            raise InvalidValue("environment", strange[0], "a variable named in `rungwise doctor --help`")
        host = read.text("host", "127.0.0.1")
        host = "127.0.0.1" if host == "localhost" else host
        return cls(
            data_dir=Path(read.text("data", "data")),
            host=host,
            port=read.whole("port", 8000, 1, 65535),
            workers=read.whole("workers", 3, 1, 16),
            threads=read.whole("threads", 2, 1, 64),
            proxies=read.whole("proxies", 0, 0, 3),
            session_idle_hours=read.whole("session_idle_hours", 8, 1, 24),
            session_hours=read.whole("session_hours", 24, 1, 24 * 14),
            secure_cookies=read.yes_or_no("secure_cookies", default=not _is_loopback(host)),
            disabled=read.some_of("disable", FEATURES),
            disabled_plugins=read.names("disabled_plugins"),
            trace_plugins=read.yes_or_no("trace_plugins", default=False),
        )


def unknown_names(env: Mapping[str, str]) -> list[str]:
    """Return the variables with our prefix that the program does not know."""
    return sorted(name for name in env if name.startswith(PREFIX) and name not in KNOWN | DEVELOPERS)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise InvalidValue(PREFIX + "HOST", host, "an address such as 127.0.0.1 or 0.0.0.0, or localhost") from None


class _Reader:
    """Reads one setting at a time: the argument, else the variable, else the default."""

    def __init__(self, env: Mapping[str, str], arguments: Mapping[str, object]) -> None:
        self._env = env
        self._arguments = arguments

    def text(self, name: str, default: str) -> str:
        _, value = self._given(name)
        return default if value is None else value

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        label, value = self._given(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise InvalidValue(label, value, f"a whole number from {low} to {high}")
        return int(value)

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        label, value = self._given(name)
        if value is None:
            return default
        if value.lower() not in _YES:
            raise InvalidValue(label, value, "yes or no")
        return _YES[value.lower()]

    def some_of(self, name: str, allowed: tuple[str, ...]) -> frozenset[str]:
        label, value = self._given(name)
        found = [part.strip() for part in (value or "").split(",") if part.strip()]
        for part in found:
            if part not in allowed:
                raise InvalidValue(label, part, "a comma-separated list of " + ", ".join(allowed))
        return frozenset(found)

    def names(self, name: str) -> frozenset[str]:
        _, value = self._given(name)
        return frozenset(part.strip() for part in (value or "").split(",") if part.strip())

    def _given(self, name: str) -> tuple[str, str | None]:
        given = self._arguments.get(name)
        if given is not None:
            return "--" + name.replace("_", "-"), str(given)
        label = PREFIX + name.upper()
        value = self._env.get(label, "").strip()
        return label, value or None
