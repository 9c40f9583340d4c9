"""A sweep over open clocks (goal: 2 s for each 100,000) and lists of tickets at 1,000,000; both databases.

python -m tests.bench.clocks [--database sqlite|postgresql|both] [--open 100000] [--tickets 1000000]
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, literal, select, text

from handlers.tickets.rules import Status
from nlp.types import Place
from storage import clock_sweep, crypto, ticket_list, timers
from storage.engine import Database, open_database
from storage.looking import looking
from storage.schema import clock_events, communities, tickets
from storage.schema import timers as timer_table
from storage.ticket_list import Filter, Scope
from storage.values import place_json
from tests.bench.asked_for import asking, kinds
from tests.bench.filled import analyze, filling
from tests.bench.town import database

SECRET = "a-secret-of-the-bench-and-of-nothing-else"
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
COMMUNITIES = 100
PAGE = 50


def main() -> None:
    parser = asking("tests.bench.clocks", __doc__)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    wanted = parser.parse_args()
    for kind in kinds(wanted):
        with opened(kind) as db:
            _run(db, kind, wanted.open, wanted.tickets)


def _run(db: Database, kind: str, still_open: int, total: int) -> None:
    began = time.perf_counter()
    with filling(db) as conn:
        fill(conn, db, still_open, total)
    analyze(db)
    print(f"\n{kind}: {total:,} tickets, {still_open:,} of them open (made in {time.perf_counter() - began:.0f} s)")
    looked, _ = clock_sweep.look(db, NOW)
    assert looked == still_open, looked
    clocks = still_open * 3
    sweep = f"full sweep of {clocks:,} open clocks ({still_open:,} tickets)"
    print_median(sweep, lambda: clock_sweep.look(db, NOW), 5, 2000 * clocks / 100_000)
    print_median(
        "look for due timers when nothing is due", lambda: timers.due(db, NOW - timedelta(days=400), 200), 20, 20
    )
    one, many = Scope((1,), unplaced=True), Scope(tuple(range(1, COMMUNITIES + 1)), unplaced=True)
    in_hand = (Status.IN_HAND.value,)
    week = NOW - timedelta(days=7)
    for name, scope, rules in (
        ("newest of one community", one, Filter()),
        ("newest of all communities", many, Filter()),
        ("in hand, one community", one, Filter(statuses=in_hand)),
        ("open, one community", one, Filter(open=True)),
        ("late, one community", one, Filter(late_at=NOW)),
        ("one category, one community", one, Filter(category="0201")),
        ("danger, all communities", many, Filter(level="T0")),
        ("last week, all communities", many, Filter(since=week)),
        ("of one handler", Scope((1,), member=(7, ())), Filter()),
    ):
        print_median(f"list of {PAGE}: {name}", lambda scope=scope, rules=rules: _page(db, scope, rules), 7)
    middle = _page(db, one, Filter(), (total // 2) << 8)
    assert len(middle) == PAGE
    print_median(f"list of {PAGE}: a page in the middle", lambda: _page(db, one, Filter(), (total // 2) << 8), 7)


def _page(db: Database, scope: Scope, rules: Filter, before: int = 0) -> tuple[object, ...]:
    """As the API asks: ids, then what is shown of them."""
    with db.reading() as conn:
        ids = ticket_list.page(conn, scope, rules, before, PAGE)
    with looking(db, NOW) as read:
        return read.tickets(ids)


def print_median(name: str, work: Callable[[], object], times: int, goal: float = 0) -> None:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    median = statistics.median(spent)
    reached = f"   goal {goal:,.0f} ms: {'reached' if median <= goal else 'MISSED'}" if goal else ""
    print(f"  {name:<58} {median:>10.1f} ms{reached}")


def fill(conn: Connection, db: Database, still_open: int, total: int) -> None:
    """Rows made by the database itself; sealed columns all hold the same words."""
    for number in range(1, COMMUNITIES + 1):
        conn.execute(insert(communities).values(id=number, code=f"{number:012d}", name=f"社区{number}"))
    series = (
        f"SELECT generate_series(1, {total}) AS n"
        if db.postgresql
        else f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {total}) SELECT n FROM s"
    )
    conn.execute(text(f"CREATE TEMPORARY TABLE series AS {series}"))
    seal = crypto.current().seal
    opened = _moment(db, f"-{365 * 24 * 3600} + n * {365 * 24 * 3600 // total}.0 + n * 0.000001")
    solved = _moment(db, f"-{364 * 24 * 3600} + n * {365 * 24 * 3600 // total}.0")
    late = _moment(db, "(n % 10 - 5) * 86400.0")
    first_open = total - still_open
    given = {
        "id": "n * 256", "code": "20260000000000 + n", "tail": "n % 10000",
        "community": f"n % {COMMUNITIES} + 1", "micro_grid": "n % 2000", "category": _cases(
            "n % 20", {0: "0201", 1: "0101", 2: "0501", 3: "0601"}, "0802"),
        "level": _cases("n % 50", {0: "T0", 1: "T1"}, "T2"), "urgency": "'normal'", "kind": "'求助'",
        "status": f"CASE WHEN n <= {first_open} THEN '{Status.DONE.value}' WHEN n % 2 = 0 THEN "
                  f"'{Status.IN_HAND.value}' ELSE '{Status.TO_ACCEPT.value}' END",
        "reporter": "n % 50000 + 1", "owner": "n % 5000", "source": "'wechat'", "place_key": "''", "rating": "''",
        "place": f"'{seal(place_json(Place(label='学府花园3幢')), 'tickets.place')}'",
        "words": f"'{seal('楼道灯坏了', 'tickets.words')}'", "summary": f"'{seal('楼道灯坏了', 'tickets.summary')}'",
        "opened": opened, "changed": opened, "due": late,
        "solved": f"CASE WHEN n <= {first_open} THEN {solved} END",
    }  # fmt: skip
    _insert(conn, db, tickets, given, "")
    where = f"WHERE n > {first_open}"
    second = int((NOW - timedelta(days=1)).timestamp())
    for number, (clock, terms) in enumerate((("整体", "1440w"), ("首次联系", "480w"), ("接单", "120w"))):
        event = {
            "ticket": "n * 256", "id": str(number), "at": f"{second} - n % 86400", "kind": "'start'",
            "clock": f"'{clock}'", "terms": f"'{terms}'", "value": "0",
        }  # fmt: skip
        _insert(conn, db, clock_events, event, where)
    timer = {"ticket": "n * 256", "kind": "'overdue'", "due": _moment(db, "n * 60.0"), "attempts": "0"}
    _insert(conn, db, timer_table, timer, where)
    assert conn.execute(select(func.count()).select_from(tickets)).scalar() == total


def _insert(conn: Connection, db: Database, table: Table, given: dict[str, str], where: str) -> None:
    for column in table.columns:
        if column.name not in given and not column.nullable:
            value = column.default.arg if column.default is not None else 0  # type: ignore[attr-defined]
            given[column.name] = str(literal(value).compile(db.engine, compile_kwargs={"literal_binds": True}))
    cells = [
        f"CAST({cell} AS VARCHAR)" if column in ("code", "tail") else cell for column, cell in given.items()
    ]  # fmt: skip
    names = ", ".join(f'"{name}"' for name in given)
    statement = f"INSERT INTO {table.name} ({names}) SELECT {', '.join(cells)} FROM series {where}"
    conn.exec_driver_sql(statement.replace("%", "%%") if db.postgresql else statement)


def _moment(db: Database, seconds: str) -> str:
    """SQL of a moment so many seconds after NOW, as the column holds it."""
    at = int(NOW.timestamp())
    if db.postgresql:
        return f"to_timestamp({at} + {seconds})"
    return f"strftime('%Y-%m-%dT%H:%M:%f', {at} + {seconds}, 'unixepoch') || '000Z'"


def _cases(of: str, table: dict[int, str], other: str) -> str:
    whens = " ".join(f"WHEN {key} THEN '{value}'" for key, value in table.items())
    return f"CASE {of} {whens} ELSE '{other}' END"


@contextmanager
def opened(kind: str) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="jushe-bench-") as folder, database(kind, Path(folder) / "data") as url:
        Path(folder).chmod(0o755)
        db = open_database(url, SECRET)
        db.migrate()
        try:
            yield db
        finally:
            db.close()


if __name__ == "__main__":
    main()
