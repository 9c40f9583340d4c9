"""Balances, the list of honour and the audit of the points ledger at a million entries; both databases.

python -m tests.bench.points [--database sqlite|postgresql|both] [--entries 1000000] [--people 100000]
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from handlers.points.rules import BY_CODE
from handlers.read import Read
from handlers.types import Outcome
from storage import ledger_audit
from storage.engine import Database
from storage.read import Reader
from storage.schema import facts, point_accounts, point_entries, point_months, point_postings
from storage.turns import Turns
from tests.bench.asked_for import asking, at_least, kinds
from tests.bench.clocks import opened
from tests.bench.filled import analyze, filling
from tests.storage.kit import nothing, open_turns

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
COMMUNITIES = 100
RULE = BY_CODE["ZZ01"]
CHUNK = 20_000


def main() -> None:
    parser = asking("tests.bench.points", __doc__)
    parser.add_argument("--entries", type=at_least(1000), default=1_000_000)
    parser.add_argument("--people", type=at_least(100), default=100_000)
    wanted = parser.parse_args()
    for kind in kinds(wanted):
        with opened(kind) as db:
            _run(db, kind, wanted.entries, wanted.people)


def _run(db: Database, kind: str, entries: int, people: int) -> None:
    began = time.perf_counter()
    with filling(db) as conn:
        _fill(conn, entries, people)
    analyze(db)
    print(f"\n{kind}: {entries:,} entries of {people:,} people (made in {time.perf_counter() - began:.0f} s)")
    month = date(2026, 11, 1)
    with open_turns(db, nothing) as turns:
        for name, question in (
            ("a balance", lambda read: read.points_account(people // 2)),
            ("the last six entries of one person", lambda read: read.points_entries(people // 2, 6)),
            (
                "what is left of a cap",
                lambda read: read.points_times(people // 2, RULE.code, NOW - timedelta(days=30)),
            ),
            ("what grows old", lambda read: read.points_expiring(people // 2, NOW - timedelta(days=700))),
            ("the list of honour of one community", lambda read: read.points_ranking(1, month, 5)),
        ):
            print(f"  {name}: {_median(turns, question):.2f} ms")
    began = time.perf_counter()
    assert ledger_audit.findings(db) == []
    print(f"  the whole ledger audited: {time.perf_counter() - began:.1f} s, everything adds up")


def _median(turns: Turns, question: Callable[[Reader], Any]) -> float:
    """Milliseconds of the question alone, inside a turn; the middle of thirty."""
    took: list[float] = []

    def work(read: Read) -> Outcome:
        assert isinstance(read, Reader)
        began = time.perf_counter()
        assert question(read) is not None
        took.append((time.perf_counter() - began) * 1000)
        return Outcome()

    for _ in range(30):
        turns.run(work, NOW, "bench").result(60)
    return statistics.median(took)


def _fill(conn: Connection, entries: int, people: int) -> None:
    apart = max(60, -(-31 * 24 * 3600 // (RULE.month_cap * people)))  # seconds; nobody earns more than a month's cap

    def at(number: int) -> datetime:
        return NOW - timedelta(seconds=apart * (entries - number))

    def entry(n: int) -> dict[str, Any]:
        return {
            "id": n, "at": at(n), "kind": "earn", "person": _who(n, people), "community": _where(n, people),
            "rule": RULE.code, "version": 1, "times": 1, "once": f"b{n}", "ref": "", "by": 0, "second": 0, "other": 0,
            "reverses": None, "flag": "",
        }  # fmt: skip

    def postings(n: int) -> list[dict[str, Any]]:
        return [
            {"entry": n, "account": f"person:{_who(n, people)}", "points": 2},
            {"entry": n, "account": f"issued:{_where(n, people)}", "points": -2},
        ]

    def fact(n: int) -> dict[str, Any]:
        return {
            "id": n, "turn": n, "at": at(n), "actor": 0, "via": "bench", "kind": "PointsEarned", "ticket": 0,
            "body": f'{{"entry":{n}}}',
        }  # fmt: skip

    numbers = range(1, entries + 1)
    _write(conn, point_entries, (entry(n) for n in numbers))
    _write(conn, point_postings, (posting for n in numbers for posting in postings(n)))
    _write(conn, facts, (fact(n) for n in numbers))
    each = [entries // people + (person < entries % people) for person in range(people)]
    _write(conn, point_accounts, (_account(person, count) for person, count in enumerate(each)))
    _write(conn, point_months, (_month(person, count) for person, count in enumerate(each)))


def _who(n: int, people: int) -> int:
    return (n - 1) % people + 1


def _where(n: int, people: int) -> int:
    return _who(n, people) % COMMUNITIES + 1


def _account(person: int, count: int) -> dict[str, Any]:
    return {
        "person": person + 1, "community": (person + 1) % COMMUNITIES + 1, "balance": 2 * count, "gone": 0,
        "frozen": False, "ranked": person % 3 == 0, "shared": False,
    }  # fmt: skip


def _month(person: int, count: int) -> dict[str, Any]:
    return {
        "person": person + 1,
        "month": "2026-11",
        "community": (person + 1) % COMMUNITIES + 1,
        "points": 2 * count,
    }


def _write(conn: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    held: list[dict[str, Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == CHUNK:
            conn.execute(insert(table), held)
            held = []
    if held:
        conn.execute(insert(table), held)


if __name__ == "__main__":
    main()
