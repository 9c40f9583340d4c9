"""The numbers that alarms are raised by: each asked of the App, none judged. All that block run in a thread."""

from __future__ import annotations

import asyncio
import shutil
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot import certificate
from handlers.announcements.chat import quiet
from handlers.tickets.clock import SHANGHAI
from storage import holidays_cn, watch

if TYPE_CHECKING:
    from bot.app import App

WINDOW = 300.0  # seconds in which errors are counted
TOKEN = frozenset({"token", "40001", "40013", "40014", "40125", "40164", "40243", "42001", "60020", "61004", "89503"})
QUOTA = frozenset({"45009", "45028", "paused", "48001", "48004", "50002"})
_CERTIFICATE_EVERY = 6 * 3600.0

Measure = Callable[["App"], Awaitable[float]]


class Window:
    """How much a counter grew within WINDOW seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def grown(self, now: float, value: float) -> float:
        self._seen.append((now, value))
        while now - self._seen[0][0] > WINDOW:
            self._seen.popleft()
        return value - self._seen[0][1]


def counted(app: App, name: str, **labels: str) -> float:
    """A counter of /metrics, summed over the labels not given."""
    total = 0.0
    for family in app.metrics.registry.collect():
        for sample in family.samples:
            if sample.name == name and all(sample.labels.get(label) == value for label, value in labels.items()):
                total += sample.value
    return total


async def database(app: App) -> float:
    """1 when it does not answer."""
    try:
        async with asyncio.timeout(5):
            await asyncio.to_thread(app.db.check)
    except Exception:  # noqa: BLE001 - whatever it is, it does not answer
        return 1.0
    return 0.0


async def spooled(app: App) -> float:
    return float(await asyncio.to_thread(app.spool.count))


async def set_aside(app: App) -> float:
    found = await asyncio.to_thread(app.spool.stuck_count)
    app.metrics.set_aside.set(found)
    return float(found)


async def disk_gb(app: App) -> float:
    """Free, negative: less is worse, and every rule counts upwards."""
    free = (await asyncio.to_thread(shutil.disk_usage, app.settings.data_dir)).free
    app.metrics.disk.set(free)
    return -free / 1024**3


async def late_tick(app: App) -> float:
    return max(app.jobs.late().values(), default=0.0)


async def silent_jobs(app: App) -> float:
    return await asyncio.to_thread(watch.silence, app.db, app.clock())


async def backlog(app: App) -> float:
    now = app.clock()
    return await asyncio.to_thread(watch.overdue, app.db, now, quiet(now, app.policy))


async def token(app: App) -> float:
    return float(await asyncio.to_thread(watch.refused, app.db, TOKEN))


async def quota(app: App) -> float:
    return float(await asyncio.to_thread(watch.refused, app.db, QUOTA))


async def stuck_rows(app: App) -> float:
    found = await asyncio.to_thread(watch.stuck, app.db, app.clock())
    return float(found.sending + found.timers + found.failing)


async def bugs(app: App) -> float:
    now = asyncio.get_running_loop().time()
    return app.alarms.windows["bugs"].grown(now, counted(app, "jushe_messages_total", outcome="bug"))


async def undelivered(app: App) -> float:
    """Pushes given up within the window."""
    now, total = asyncio.get_running_loop().time(), 0.0
    for family in app.metrics.registry.collect():
        for sample in family.samples:
            if sample.name == "jushe_pushes_total" and sample.labels["outcome"].startswith("failed:"):
                total += sample.value
    return app.alarms.windows["undelivered"].grown(now, total)


async def storms(app: App) -> float:
    """Pushes stopped within the window because the same words went to one person again and again."""
    now = asyncio.get_running_loop().time()
    return app.alarms.windows["storms"].grown(now, counted(app, "jushe_pushes_total", outcome="failed:storm"))


async def jumps(app: App) -> float:
    now = asyncio.get_running_loop().time()
    return app.alarms.windows["jumps"].grown(now, counted(app, "jushe_clock_jumps_total"))


async def skew(app: App) -> float:
    return abs(await asyncio.to_thread(watch.skew, app.db, app.clock()))


async def lag(app: App) -> float:
    return counted(app, "jushe_loop_lag_seconds")


async def certificate_days(app: App) -> float:
    """Negative days; asked every six hours. One that cannot be had counts as ended."""
    now = asyncio.get_running_loop().time()
    asked, days = app.alarms.certificate
    if not asked or now - asked > _CERTIFICATE_EVERY:
        try:
            left = await asyncio.to_thread(certificate.days_left, app.settings.address, app.clock())
        except certificate.NoCertificate:
            left = 0.0
        days = 3650.0 if left is None else left
        app.alarms.certificate = (now, days)
        app.metrics.certificate.set(days)
    return -days


async def no_holidays(app: App) -> float:
    """1 when this year's 调休 is missing."""

    def missing() -> bool:
        today = app.clock().astimezone(SHANGHAI).date()
        with app.db.reading() as conn:
            return today.year in holidays_cn.missing(conn, today)

    return float(await asyncio.to_thread(missing))


async def backup_hours(app: App) -> float:
    """Since the last one; 0 before the first, of which the doctor speaks."""
    last = await asyncio.to_thread(watch.last_backup, app.db)
    return (app.clock() - last).total_seconds() / 3600 if last else 0.0
