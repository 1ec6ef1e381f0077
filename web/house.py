"""The house: everything one institution's pages and commands work with, put together in one place."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.advising.desk import Desk
from core.errors import StoreError
from core.journal.store import open_journal
from plugins.process import Limits
from projections.kept import Once
from projections.news import News
from projections.runner import Runner
from projections.store import open_views
from web.access.store import open_access
from web.code_plugins import CodePlugins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from projections.store import Views
    from web.access.store import Access
    from web.settings import Settings

__all__ = ["DEMO_START", "House", "open_house", "system_clock"]

# The demonstration's calendar starts here whenever it is made, so that its dates and its pages are always the same.
DEMO_START = datetime(2026, 6, 16, 14, 0, tzinfo=UTC)  # Tuesday 16 June 2026, 9:00 in Chicago
_OFFSET = "clock_offset_s"


def system_clock() -> datetime:
    """Return now [timezone-aware, UTC]; the one place where the machine's clock is read."""
    return datetime.now(UTC)  # noqa: TID251 - the edge is where the clock comes in


@dataclass(frozen=True, kw_only=True)
class House:
    """One open institution.

    Args:
        settings: how this process runs.
        desk: what use cases need.
        views: the read models.
        runner: folds events into them; it runs in one process only.
        news: what changed last, for the pages that are open.
        access: passwords, sessions, uploads.
        plugins: those with code.
        clock: the school's clock [timezone-aware, UTC]; in a demonstration it runs from `DEMO_START`.
        demo: whether people and school are fictional.
        once: what pages are made of, kept in memory.
    """

    settings: Settings
    desk: Desk
    views: Views
    runner: Runner
    news: News
    access: Access
    plugins: CodePlugins
    clock: Callable[[], datetime]
    demo: bool
    once: Once = field(default_factory=Once)

    @property
    def founded(self) -> bool:
        """Whether the institution exists in this store."""
        return self.desk.journal.has(self.desk.journal.keys.institution)

    def close(self) -> None:
        """Close all stores."""
        self.plugins.close()
        self.runner.stop()
        self.news.stop()
        self.views.close()
        self.access.close()
        self.desk.journal.close()


def open_house(
    settings: Settings,
    env: Mapping[str, str],
    *,
    create: bool = False,
    demo: bool = False,
    clock: Callable[[], datetime] | None = None,
    limits: Limits | None = None,
) -> House:
    """Open the stores of an institution.

    Args:
        settings: names the folder.
        env: where the master key may be named.
        create: make what is missing.
        demo: a store made now is a demonstration; one that exists stays what it is.
        clock: in place of the store's own clock, for tests.
        limits: of plugins with code, in place of the product's, for tests.

    Raises:
        StoreError: a store is missing, damaged, newer than the program, or locked with another key.
    """
    folder = settings.data_dir
    with ExitStack() as undo:
        try:
            if create:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            journal = open_journal(folder, env, create=create)
            undo.callback(journal.close)
            (folder / "files").mkdir(exist_ok=True)
            key = journal.keys.pseudonym("access.db")
            access = open_access(folder / "access.db", key, create=create)
            undo.callback(access.close)
            views = open_views(folder, journal)
            undo.callback(views.close)
        except OSError as error:
            raise StoreError(f"{folder} cannot be used as a store ({error.strerror or error})") from None
        if demo and access.setting(_OFFSET) is None and journal.head() == 0:
            access.keep_setting(_OFFSET, str((DEMO_START - system_clock()).total_seconds()))
        offset = access.setting(_OFFSET)
        now = clock or (system_clock if offset is None else _offset_clock(float(offset)))
        access.quarantine.now = lambda: now().timestamp()
        undo.pop_all()
    desk = Desk(journal=journal, clock=now)
    return House(
        settings=settings,
        desk=desk,
        views=views,
        runner=Runner(journal, views, clock=now),
        news=News(views, desk.today),
        access=access,
        plugins=CodePlugins(desk.institution, access.quarantine, settings, limits or Limits()),
        clock=now,
        demo=offset is not None,
    )


def _offset_clock(offset_s: float) -> Callable[[], datetime]:
    offset = timedelta(seconds=offset_s)
    return lambda: system_clock() + offset
