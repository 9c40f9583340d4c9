"""The table of what is done by the clock; each job looks for due rows, none holds anything itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bot import media, uploads
from bot.ticking import Job
from handlers.clockwork import fire, old_points, settle_month
from handlers.points import months
from handlers.points.mine import local, months_before
from handlers.read import Read
from handlers.tickets import digest
from handlers.tickets.clock import SHANGHAI
from handlers.timing import TimerSet
from handlers.types import Outcome
from storage import (
    allowance,
    chain,
    clock_sweep,
    digests,
    holidays_cn,
    points_shop,
    queue,
    search_index,
    settling,
    shelf,
    tally,
    timers,
    upkeep,
)
from storage.alive import number

if TYPE_CHECKING:
    from bot.app import App

REST = 2.0  # times as long as a step took: what follows the facts leaves the interpreter to messages
LONG_REST = 12.0  # the same while MANY messages wait for their turn: answers come first
MANY = 16
_SEALED_AT_ONCE = 500


async def _in_steps(app: App, step: Callable[[], int], seconds: float) -> int:
    """How much all steps did, until one does nothing; for at most `seconds`, then the next run goes on."""
    total, until = 0, time.monotonic() + seconds
    while not app.jobs.stopping:
        began = time.monotonic()
        done = await asyncio.to_thread(step)
        total += done
        rest = (LONG_REST if app.turns.waiting >= MANY else REST) * (time.monotonic() - began)
        if not done or time.monotonic() + rest > until:
            break
        await asyncio.sleep(rest)
    return total


async def _timers(app: App) -> int:
    return await asyncio.to_thread(timers.fire_due, app.db, app.turns, fire, app.policy, app.clock(), 200)


async def _leases(app: App) -> int:
    """What dead processes had in hand. Dead is who was not there at two looks: a lost connection comes back."""
    now = await asyncio.to_thread(queue.release_expired, app.db, app.clock())
    living = await asyncio.to_thread(app.alive.living)
    dead = {who for who in await asyncio.to_thread(queue.holders, app.db) if number(who) not in living}
    released = now + await asyncio.to_thread(queue.release_of, app.db, dead & app.missed)
    app.missed = frozenset(dead)
    if released:
        app.outbox.wake()
    return released


async def _media(app: App) -> int:
    return await media.fetch(app, app.clock())


async def _chain(app: App) -> int:
    return await asyncio.to_thread(chain.seal, app.db)


async def _search(app: App) -> int:
    """What happened is found within seconds: sealed, then put into the index."""

    def step() -> int:
        sealed = chain.seal(app.db, _SEALED_AT_ONCE)
        indexed = search_index.step(app.db)
        return sealed if indexed is None else sealed + indexed + 1

    return await _in_steps(app, step, 3.0)


async def _register(app: App) -> int:
    return int(await app.refresh_register())


async def _models(app: App) -> int:
    return int(await app.refresh_taught())


async def _knowledge(app: App) -> int:
    return await asyncio.to_thread(shelf.refresh, app.db)


async def _numbers(app: App) -> int:
    """In short steps: while one is written no message is."""
    return await _in_steps(app, lambda: tally.follow(app.db, app.clock(), 300), 15.0)


async def _alarms(app: App) -> int:
    return await app.alarms.look(app)


async def _spool(app: App) -> int:
    return await app.gateway.replay()


async def _stale(app: App) -> int:
    return await asyncio.to_thread(queue.drop_stale, app.db, app.clock(), app.settings.outbox_stale_hours)


async def _erased(app: App) -> int:
    return await asyncio.to_thread(media.forget_erased, app)


async def _sweep(app: App) -> int:
    total, step = 0, -1
    while step:
        swept = await asyncio.to_thread(upkeep.sweep, app.db, app.clock())
        step = swept.inbox + swept.dialogs + swept.pushes
        total += step
    while step := await asyncio.to_thread(upkeep.retire, app.db, app.clock()):
        total += step
    total += await asyncio.to_thread(uploads.forget_old, app)
    return total + await asyncio.to_thread(media.forget_unused, app, app.clock())


async def _depth(app: App) -> int:
    for what, value in (await asyncio.to_thread(queue.depth, app.db)).items():
        app.metrics.outbox.labels(what).set(value)
    oldest = await asyncio.to_thread(queue.oldest, app.db)
    app.metrics.outbox.labels("oldest_seconds").set((app.clock() - oldest).total_seconds() if oldest else 0)
    return 0


async def _calendar(app: App) -> int:
    """Holidays or duty hours were changed, here or by another process: promises that move are told."""

    def missing() -> tuple[int, ...]:
        with app.db.reading() as conn:
            return holidays_cn.missing(conn, today)

    today = app.clock().astimezone(SHANGHAI).date()
    years = await asyncio.to_thread(missing)
    for year, name in ((today.year, "this"), (today.year + 1, "next")):
        app.metrics.holidays.labels(name).set(year in years)
    app.calendar, moved = await asyncio.to_thread(clock_sweep.refresh, app.db, app.turns, app.clock(), app.calendar)
    return moved


async def _allowances(app: App) -> int:
    return await asyncio.to_thread(allowance.forget, app.db, app.clock())


def _told(out: Outcome, _: Read) -> Outcome:
    return out


async def _digests(app: App) -> int:
    """Those who are due get a timer each: it fires once, whichever process has it in hand."""
    now = app.clock()
    count = 0
    for kind in (digest.DIGEST, digest.REMINDER):
        slot = digest.slot(kind, now, app.policy)
        for person in await asyncio.to_thread(digests.due, app.db, kind, slot) if slot else ():
            set_ = Outcome(facts=(TimerSet(person, f"dg_{kind}", now),))
            await asyncio.wrap_future(app.turns.run(partial(_told, set_), now, "clock"))
            count += 1
    return count


async def _old_points(app: App) -> int:
    """Once a day is enough; each person in a transaction of his own."""
    now, last, done = app.clock(), 0, 0
    before = months_before(local(now), app.policy.points_valid_months)
    while found := await asyncio.to_thread(points_shop.aged, app.db, before, last, 200):
        for person, community in found:
            work = partial(old_points, person, community, now, app.policy)
            finished = await asyncio.wrap_future(app.turns.run(work, now, "timer"))
            done += bool(finished.facts)
        last = found[-1][0]
    return done


async def _months(app: App) -> int:
    """From the first of a month on: what was earned in the last one is settled."""
    now = app.clock()
    return await asyncio.to_thread(
        settling.settle_due, app.db, app.turns, settle_month, app.policy, now, months.before(now)
    )


JOBS = (
    Job("timers", 5, _timers),
    Job("leases", 5, _leases),
    Job("media", 5, _media),
    Job("chain", 30, _chain),
    Job("search", 4, _search),
    Job("register", 10, _register, everywhere=True),
    Job("models", 5, _models, everywhere=True),
    Job("knowledge", 10, _knowledge, everywhere=True),
    Job("numbers", 20, _numbers),
    Job("spool", 2, _spool, everywhere=True),
    Job("alarms", 30, _alarms, everywhere=True),
    Job("stale", 3600, _stale),
    Job("erased", 15, _erased),
    Job("sweep", 3600, _sweep),
    Job("depth", 15, _depth, everywhere=True),
    Job("points", 6 * 3600, _old_points),
    Job("months", 1800, _months),
    Job("calendar", 60, _calendar, everywhere=True),
    Job("allowances", 3600, _allowances),
    Job("digests", 60, _digests),
)
