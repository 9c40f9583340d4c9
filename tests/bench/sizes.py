"""`python -m tests.bench.sizes`: bytes a row with its indexes on PostgreSQL, and what a city or a hundred keep."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

import nlp
from handlers.policy import Policy
from handlers.router import decide
from handlers.types import Inbound, Sender
from storage import chain
from storage.engine import Database, open_database
from storage.turns import Turns
from tests.bench import town
from tests.bench.filled import analyze
from tests.bench.traffic import PROGRESS, YES, Crowd, labels

TABLES = ("inbox", "facts", "outbox", "tickets", "notes", "timers", "clock_events", "persons", "identities")
PERSONS = 277_000  # registered residents of one city (the load to think of)
REPORTS_A_DAY = 1_500  # of such a city: 5 to 6 in a thousand residents a day
# how long each is kept, in days (storage/upkeep.py; facts until they are archived)
KEPT = {"inbox": 7, "outbox": 90, "facts": 365 * 3, "tickets": 3650, "notes": 3650, "clock_events": 3650}


def fill(db: Database, place: town.Town, reports: int) -> None:
    """So many reports from hello to the question for progress."""
    crowd, turns = Crowd(labels(place.register)), Turns(db, decide, Policy(), threads=4)
    now, waiting = datetime.now(UTC), []
    for _ in range(reports):
        person = crowd.newcomer()
        sender = Sender("wechat", "bench", person.name)
        for number, words in enumerate(("你好", crowd.fault(person), YES, PROGRESS)):
            said = nlp.understand(words, place.register, now=now)
            waiting.append(turns.submit(Inbound(sender, f"m:{person.name}{number}", now, text=words), said, now))
        if len(waiting) > 400:
            for future in waiting:
                future.result(60)
            waiting.clear()
    for future in waiting:
        future.result(60)
    turns.close(60)
    while chain.seal(db):
        pass


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sizes", description=__doc__)
    parser.add_argument("--reports", type=int, default=3000)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="jushe-sizes-") as folder,
        town.database("postgresql", Path(folder)) as url,
    ):
        place = town.found(url, 2000)
        db = open_database(url, place.key)
        before = measured(db)
        fill(db, place, given.reports)
        analyze(db)
        after = measured(db)
        db.close()
    print(f"{given.reports} reports of 4 messages each, PostgreSQL, table and indexes")
    print(f"{'table':<13} {'bytes/row':>9} {'rows/report':>11} {'kept':>9} {'a city':>9} {'100 cities':>10}")
    total = 0.0
    for name in TABLES:
        rows, size = (later - earlier for later, earlier in zip(after[name], before[name], strict=True))
        each, per = size / max(rows, 1), rows / given.reports
        days = KEPT.get(name)
        gigabytes = each * (REPORTS_A_DAY * per * days if days else PERSONS if name != "timers" else rows) / 1e9
        total += gigabytes
        kept = f"{days} d" if days else "always" if name != "timers" else "open"
        print(f"{name:<13} {each:>9.0f} {per:>11.2f} {kept:>9} {gigabytes:>6.1f} GB {gigabytes * 100:>7.0f} GB")
    print(f"{'together':<13} {'':>9} {'':>11} {'':>9} {total:>6.1f} GB {total * 100:>7.0f} GB")


def measured(db: Database) -> dict[str, tuple[int, int]]:
    """Rows and bytes of each table, indexes included."""
    with db.reading() as conn:
        return {
            name: (
                conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one(),
                conn.execute(text(f"SELECT pg_total_relation_size('{name}')")).scalar_one(),
            )
            for name in TABLES
        }


if __name__ == "__main__":
    main()
