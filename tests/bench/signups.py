"""`python -m tests.bench.signups`: thousands after a few seats in a minute, and whether every seat is right."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from handlers.texts import NOTICE_VERSION
from storage.engine import open_database
from storage.ids import new_id
from storage.schema import activities, identities, persons, signups, stations, volunteers
from tests.bench import town
from tests.bench.asked_for import asking, kinds, standing
from tests.bench.driver import Load, steady
from tests.bench.messages import APP_ID, Writer
from tests.bench.serving import own_count, serve
from tests.channels.fake_wechat import FakeWeChat

LINES = 64  # so few that none is idle long enough to be closed by the server
NAME = "清洁家园"


@dataclass(frozen=True)
class Found:
    """What the tables say afterwards. `wrong`: sentences about seats that are not as they must be."""

    seated: int
    waiting: int
    wrong: tuple[str, ...]


def options() -> argparse.Namespace:
    parser = asking("tests.bench.signups", __doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seats", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=1, help="on PostgreSQL")
    return parser.parse_args()


def main() -> int:
    given = options()
    right = True
    for kind in kinds(given):
        with standing(kind, "signups") as (url, folder):
            load, found, became = asyncio.run(measure(url, folder, given, kind))
        late = sum(value for name, value in became.items() if name in ("spooled", "bug", "held_back"))
        times = ", ".join(f"p{share * 100:g} {load.percentile(share) * 1000:.1f} ms" for share in (0.5, 0.95, 0.99))
        print(f"{kind}: {load.count} sign-ups for {given.seats} seats in {load.seconds:.1f} s, {times}")
        bad = f"lost {load.lost}, not 200 {load.wrong}, late or failed {late:.0f}"
        print(f"{kind}: {found.seated} seated, {found.waiting} waiting in order; {bad}")
        for sentence in found.wrong:
            print(f"{kind}: WRONG {sentence}")
        right = right and not (found.wrong or load.lost or load.wrong or late)
    return 0 if right else 1


async def measure(
    url: str, folder: Path, given: argparse.Namespace, kind: str
) -> tuple[Load, Found, dict[str, float]]:
    place = await asyncio.to_thread(town.found, url, 0)
    users = await asyncio.to_thread(crowd, place, given.people, given.seats)
    processes = given.processes if kind == "postgresql" else 1
    async with FakeWeChat() as api:
        servers = [await asyncio.to_thread(serve, place, folder / str(at), api.url, 0) for at in range(processes)]
        try:
            await asyncio.sleep(6.0)  # dictionaries are loaded meanwhile
            loads = await asyncio.gather(
                *(steady(server.port, events(users[at::processes], given.seconds), LINES)
                  for at, server in enumerate(servers))
            )  # fmt: skip
            became: dict[str, float] = {}
            for server in servers:
                for name, value in own_count(server).items():
                    became[name] = became.get(name, 0.0) + value
                await asyncio.to_thread(server.stop)
        finally:
            for server in servers:
                server.kill()
    whole = Load(seconds=max(load.seconds for load in loads))
    for load in loads:
        whole.times.extend(load.times)
        whole.wrong, whole.lost = whole.wrong + load.wrong, whole.lost + load.lost
    return whole, await asyncio.to_thread(seen, place, given.people, given.seats), became


def crowd(place: town.Town, people: int, seats: int) -> list[str]:
    """Grown-ups of the first community with a WeChat identity each; the activity gets its seats."""
    now, users = datetime.now(UTC), [f"oS{at:026d}" for at in range(people)]
    db = open_database(place.url, place.key)
    with db.writing() as conn:
        found = conn.execute(select(activities.c.id, activities.c.community).where(activities.c.name == NAME)).one()
        conn.execute(stations.update().where(stations.c.activity == found.id).values(seats=seats))
        ids = [new_id() for _ in users]
        known = {"community": found.community, "notice": NOTICE_VERSION, "created": now}
        conn.execute(insert(persons), [{**known, "id": number} for number in ids])
        conn.execute(insert(volunteers), [{"person": number, "adult": True, "since": now} for number in ids])
        window = {"window_until": None, "window_left": 0}
        conn.execute(
            insert(identities),
            [
                {
                    "channel": "wechat",
                    "account": APP_ID,
                    "user": user,
                    "person": number,
                    "followed": True,
                    "seen": now,
                }
                | window
                for user, number in zip(users, ids, strict=True)
            ],
        )
    db.close()
    return users


def events(users: list[str], seconds: float) -> list[tuple[float, int, bytes]]:
    """One sign-up each, at random moments of the time."""
    chance, writer = random.Random(1), Writer()
    made = [
        (chance.uniform(0, seconds), at % LINES, writer.text(user, f"报名{NAME}")) for at, user in enumerate(users)
    ]
    return sorted(made, key=lambda event: event[0])


def seen(place: town.Town, people: int, seats: int) -> Found:
    """Exactly the seats are taken, everybody else waits, places run from 1 without a gap."""
    db = open_database(place.url, place.key)
    with db.reading() as conn:
        number = conn.execute(select(activities.c.id).where(activities.c.name == NAME)).scalar_one()
        rows = conn.execute(select(signups).where(signups.c.activity == number)).all()
        taken = conn.execute(select(stations.c.taken).where(stations.c.activity == number)).scalar_one()
    db.close()
    seated = sum(row.status == "seated" for row in rows)
    places = sorted(row.place for row in rows if row.status == "waiting")
    wrong = []
    if seated != min(seats, people) or taken != seated:
        wrong.append(f"{seated} seated, {taken} taken, {seats} seats")
    if places != list(range(1, people - seated + 1)):
        wrong.append(f"{len(places)} wait, places are not 1 to {people - seated}")
    if len({row.person for row in rows}) != len(rows):
        wrong.append("somebody has two sign-ups")
    return Found(seated, len(places), tuple(wrong))


if __name__ == "__main__":
    sys.exit(main())
