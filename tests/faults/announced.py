"""An announcement on its way when processes die: who got it how often, and how each recipient stands then.

python -m tests.faults.announced [--tries 50] [--database sqlite|postgresql|both]
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select, update

from handlers.announcements.rules import Place, State
from handlers.texts import MAYBE_AGAIN
from nlp.register import EMPTY
from storage.engine import Database, open_database
from storage.outgoing import UNSURE
from storage.schema import announcements, communities, identities, recipients
from tests.bench.asked_for import asking, kinds
from tests.bench.residents import settle_in
from tests.bench.town import Town
from tests.faults.hall import AT_ONCE, THEN, Clerk, Hall, Phones, Then, clerk_of
from tests.faults.server import Postgres

PEOPLE = 400  # residents on WeChat in both communities of the sample
GIVE_UP = 60.0


@dataclass
class Came:
    """What came of some tries. `wrong`: one line each."""

    tries: int = 0
    sent: int = 0
    repeated: int = 0
    stopped: int = 0
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0  # seconds from a death until the announcement was over

    def line(self, database: str) -> str:
        return (
            f"{database}: {self.tries} announcements, a process killed in the middle of each: {self.sent} sent, "
            f"{self.stopped} not sent because it was cancelled, {self.repeated} repeated with the note that it may "
            f"have come before, {len(self.wrong)} wrong; over after {self.slowest:.1f} s at most"
        )


async def several(house: Hall, chance: random.Random, phones: Phones, thens: Sequence[Then]) -> Came:
    """An announcement for each of `thens`, with a death in the middle; processes are started and ended here."""
    came = Came()
    db = open_database(house.url, house.key)
    try:
        await asyncio.to_thread(settle_in, Town(house.url, house.key, EMPTY, 0), PEOPLE)
        house.api = phones.url
        await house.all_up()
        async with clerk_of(house) as clerk:
            for then in thens:
                await _one(house, db, chance, phones, clerk, then, came)
                came.tries += 1
    finally:
        house.end()
        db.close()
    return came


async def _one(
    house: Hall, db: Database, chance: random.Random, phones: Phones, clerk: Clerk, then: Then, came: Came
) -> None:
    title = f"第{came.tries + 1}次停水"
    phones.got.clear()
    phones.reset()
    number, people = await asyncio.to_thread(_wanted, db)
    path = await clerk.post("/new", title=title, words="明天上午停水", places=f"community:{number}", do="submit")
    announcement = int(path.rpartition("/")[2])
    wanted = chance.randint(1, people * 2 // 3)
    await _until(lambda: phones.taken >= wanted)
    dead = chance.choice(house.servers)
    await asyncio.to_thread(dead.kill)
    house.servers.remove(dead)
    died = time.monotonic()
    if not house.servers:
        await house.up(dead.port)
    if then != "goes on":  # where another process lives, it is asked at once: it would soon be done
        await clerk.post(f"/{announcement}", act="pause" if then == "paused and resumed" else "cancel")
    if dead.port not in house.ports:
        await house.up(dead.port)
    if then == "paused and resumed":
        await _over(db, announcement, State.PAUSED)
        before = phones.taken
        await asyncio.sleep(0.5)
        if phones.taken != before:
            came.wrong.append(f"{title}: {phones.taken - before} sent while it was paused")
        await clerk.post(f"/{announcement}", act="resume")
    await _over(db, announcement, State.CANCELLED if then == "cancelled" else State.DONE)
    came.slowest = max(came.slowest, time.monotonic() - died)
    await asyncio.to_thread(_judge, db, announcement, title, phones, then, came)


def _wanted(db: Database) -> tuple[int, int]:
    """The community of the clerk, and how many can be reached there; each with a window as new."""
    with db.writing() as conn:
        conn.execute(update(identities).where(identities.c.channel == "wechat").values(window_left=5))
        number = conn.execute(select(communities.c.id).where(communities.c.name == "学府社区")).scalar_one()
    return number, PEOPLE // 3


async def _until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(GIVE_UP):
        while not what():  # noqa: ASYNC110 - a test may poll
            await asyncio.sleep(0.005)


async def _over(db: Database, announcement: int, state: State) -> None:
    """Until it stands so and nobody is under way any more. Raises TimeoutError."""
    held = select(announcements.c.state).where(announcements.c.id == announcement)
    open_ = select(recipients.c.person).where(
        recipients.c.announcement == announcement, recipients.c.state == Place.QUEUED.value
    )

    def is_over() -> bool:
        with db.reading() as conn:
            return conn.execute(held).scalar_one() == state.value and conn.execute(open_.limit(1)).first() is None

    async with asyncio.timeout(GIVE_UP):
        while not await asyncio.to_thread(is_over):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)


def _judge(db: Database, announcement: int, title: str, phones: Phones, then: Then, came: Came) -> None:
    r, i = recipients.c, identities.c
    wanted = (
        select(r.person, r.state, r.reason, i.user)
        .join_from(recipients, identities, i.person == r.person)
        .where(r.announcement == announcement, i.channel == "wechat")
    )
    with db.reading() as conn:
        rows = conn.execute(wanted).all()
    repeated = 0
    for row in rows:
        words = [said for said in phones.got.get(row.user, ()) if title in said]
        noted = sum(MAYBE_AGAIN in said for said in words)
        stands = Place(row.state)
        fits = {
            Place.SENT: len(words) == 1 or (len(words) == 2 and noted == 1),
            Place.CANCELLED: not words and then == "cancelled",
            Place.UNSURE: len(words) <= 1 and then == "cancelled" and row.reason in UNSURE,
        }.get(stands, False)
        if not fits:
            came.wrong.append(
                f"{title}, {then}: {row.person} stands as {stands} {row.reason}, got {len(words)}, {noted} noted"
            )
        repeated += len(words) == 2
        came.sent += stands is Place.SENT
        came.stopped += stands is Place.CANCELLED
    strangers = set(phones.got) - {row.user for row in rows}
    if strangers:
        came.wrong.append(f"{title}: {len(strangers)} got it who are no recipients")
    if repeated > AT_ONCE:
        came.wrong.append(f"{title}: {repeated} repeated, more than one process had in hand")
    if not rows or Counter(row.state for row in rows)[Place.SENT.value] == 0:
        came.wrong.append(f"{title}: nobody got it")
    came.repeated += repeated


def main() -> int:
    parser = asking("tests.faults.announced", __doc__)
    parser.add_argument("--tries", type=int, default=6, help="announcements a database")
    parser.add_argument("--seed", type=int, default=20260601)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    good = True
    for kind in kinds(given):
        came = attempt(kind, given.tries, random.Random(f"{given.seed}:{kind}"))
        print(came.line(kind), flush=True)
        for wrong in came.wrong[:10]:
            print(f"     {wrong}")
        good &= not came.wrong
    return 0 if good else 1


def attempt(kind: str, tries: int, chance: random.Random) -> Came:
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="jushe-announced-")))
        server = ends.enter_context(Postgres()) if kind == "postgresql" else None
        house = Hall(server.url if server else f"sqlite:///{folder / 'jushe.db'}", folder / "house")
        house.furnish()
        return asyncio.run(with_phones(house, chance, [THEN[at % len(THEN)] for at in range(tries)]))


async def with_phones(house: Hall, chance: random.Random, thens: Sequence[Then]) -> Came:
    async with Phones(chance) as phones:
        return await several(house, chance, phones, thens)


if __name__ == "__main__":
    sys.exit(main())
