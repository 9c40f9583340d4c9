"""The indicators at 1,000,000 tickets (goal: a page of a month in 100 ms, however many there are); both databases.

python -m tests.bench.numbers [--database sqlite|postgresql|both] [--tickets 1000000]
"""

from __future__ import annotations

import time
from datetime import date, timedelta

from bot.console.reckoned import reckoned
from handlers.tickets.numbers import Numbers, numbers
from storage import numbers_view, tallied, tally
from storage.engine import Database
from storage.tallied import Asked
from tests.bench.asked_for import asking, at_least, kinds
from tests.bench.clocks import NOW, fill, opened, print_median
from tests.bench.filled import analyze, filling

GOAL = 100.0  # ms, of the server's time for a page


def main() -> None:
    parser = asking("tests.bench.numbers", __doc__)
    parser.add_argument("--tickets", type=at_least(1000), default=1_000_000)
    wanted = parser.parse_args()
    for kind in kinds(wanted):
        with opened(kind) as db:
            _run(db, kind, wanted.tickets)


def _run(db: Database, kind: str, total: int) -> None:
    with filling(db) as conn:
        fill(conn, db, total // 100, total)
    began, longest = time.perf_counter(), 0.0
    while True:
        before = time.perf_counter()
        if not tally.follow(db, NOW, 500):
            break
        longest = max(longest, time.perf_counter() - before)
    took = time.perf_counter() - began
    analyze(db)
    print(f"\n{kind}: {total:,} tickets; all judged in {took:.0f} s, a step at most {longest * 1000:.0f} ms")
    today = NOW.date()
    month, year = (today.replace(day=1), today), (today - timedelta(days=364), today)
    for who, communities in (("one community", (1,)), ("thirty communities", tuple(range(1, 31))), ("all", None)):
        for name, days in (("this month", month), ("a year", year)):
            _one(db, f"{who}, {name}", Asked(communities, *days))
    kept = tallied.whole(db, Asked((1,), date(2025, 1, 1), today))
    assert kept.rates == _counted(db).rates
    print_median("the same counted directly: one community, a year", lambda: _counted(db), 3)
    print_median("the job when nothing happened", lambda: tally.follow(db, NOW), 20, 50)


def _one(db: Database, name: str, asked: Asked) -> None:
    goal = GOAL if "thirty" not in name and "year" not in name else 0
    print_median(f"{name}: the page", lambda: reckoned(db, asked), 5, goal)
    print_median(f"{name}: the tickets behind a number", lambda: tallied.behind(db, asked, "closed", "rest"), 5, goal)


def _counted(db: Database) -> Numbers:
    """Of one community from its rows, to the end of the last day: the newest may be reported a second after NOW."""
    return numbers(numbers_view.cases(db, (1,), NOW - timedelta(days=365), NOW + timedelta(days=1), NOW))


if __name__ == "__main__":
    main()
