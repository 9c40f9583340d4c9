"""Does it stay as fast over the years: turns, lists, search, sweeps and sums at 1,000, 1,000,000, 10,000,000 tickets.

python -m tests.bench.growth [--kind sqlite|postgresql|both] [--tickets 1000,1000000] [--in FOLDER] [--rounds 5]

The sizes are measured in turn, round by round, in one process: what else the machine does meets all of them. Ten
million tickets take about 10 GB on SQLite, 16 GB on PostgreSQL.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.engine import Database, open_database
from tests.bench import town, years
from tests.bench.filled import analyze
from tests.bench.growth_asked import Asking, questions
from tests.bench.growth_cpu import Cpu
from tests.bench.growth_rarer import rarer
from tests.bench.growth_turns import Talk

HOUSEHOLDS = 336_000  # 14,000 micro-grids
GOAL = {1_000_000: 0.8, 10_000_000: 0.75}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth", description=__doc__)
    parser.add_argument("--kind", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument(
        "--tickets", default="1000,1000000", help="how many, the first is what the others are compared with"
    )
    parser.add_argument("--in", dest="folder", type=Path, help="where the databases are made, and deleted again")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--only", choices=("turns", "questions"))
    given = parser.parse_args()
    sizes = [int(size) for size in given.tickets.split(",")]
    for kind in ("sqlite", "postgresql"):
        if given.kind in (kind, "both"):
            with databases(kind, sizes, given.folder, given.households) as found:
                print(f"\n{kind}, {given.rounds} rounds; {'':<26}" + "".join(f"{size:>23,}" for size in sizes))
                if given.only != "questions":
                    _turns(found, given.rounds)
                if given.only != "turns":
                    _questions(found, given.rounds)


@contextmanager
def databases(kind: str, sizes: list[int], at: Path | None, households: int) -> Iterator[dict[int, Database]]:
    """One town, copied for each size and filled: what the process keeps of places and people fits all of them."""
    with (
        tempfile.TemporaryDirectory(prefix="jushe-growth-", dir=at) as folder,
        town.database(kind, Path(folder) / "data") as url,
    ):
        Path(folder).chmod(0o755)
        place, now, found = town.found(url, households), datetime.now(UTC), {}
        for size in sizes:
            began = time.perf_counter()
            db = open_database(_copy(url, size), place.key)
            years.fill(db, size, now)
            analyze(db)
            found[size] = db
            print(
                f"{kind}: {size:,} tickets made in {time.perf_counter() - began:.0f} s, {_gigabytes(db):.1f} GB",
                flush=True,
            )
        try:
            yield found
        finally:
            for db in found.values():
                db.close()


def _copy(url: str, size: int) -> str:
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        return f"sqlite:///{shutil.copy(path, path.with_name(f'{size}.db'))}"
    import psycopg

    server = url.replace("postgresql+psycopg://", "postgresql://", 1).replace("/bench?", "/postgres?", 1)
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
        conn.execute("ALTER SYSTEM SET maintenance_work_mem = '1GB'")
        conn.execute("SELECT pg_reload_conf()")
        conn.execute(f"CREATE DATABASE bench_{size} TEMPLATE bench")
    return url.replace("/bench?", f"/bench_{size}?", 1)


def _gigabytes(db: Database) -> float:
    with db.reading() as conn:
        if db.postgresql:
            return float(conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()) / 1e9
        pages, size = (conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size"))
        return float(pages * size) / 1e9


def _turns(found: dict[int, Database], rounds: int) -> None:
    seed = int(time.time()) % 100  # a database that was measured before must not take them for copies
    talks = {size: Talk(db, seed) for size, db in found.items()}
    print(HEAD)
    for kind, name in NAMES.items():
        spent: dict[int, list[tuple[float, float, float]]] = {size: [] for size in talks}
        for number in range(rounds + 1):
            for size, talk in talks.items():
                took = talk.round(kind)
                if number:  # the first warms the caches
                    spent[size].append(took)
        base = next(iter(spent.values()))
        for size, rows in spent.items():
            rate = 1 / statistics.median(clock for clock, _, _ in rows)
            cpu, other = (statistics.median(row[at] for row in rows) * 1e6 for at in (1, 2))
            clock = statistics.median(one[0] / mine[0] for one, mine in zip(base, rows, strict=True))
            by_cpu = statistics.median(sum(one[1:]) / sum(mine[1:]) for one, mine in zip(base, rows, strict=True))
            mark = "" if size not in GOAL else "yes" if by_cpu >= GOAL[size] else "NO"
            print(
                f"  {name:<34}{size:>12,}{rate:>9.0f}{cpu:>9.0f}{other:>9.0f}{clock:>8.2f}{by_cpu:>8.2f}  {mark}",
                flush=True,
            )
    for talk in talks.values():
        talk.close()


HEAD = f"  {'turns':<34}{'tickets':>12}{'turns/s':>9}{'CPU µs':>9}{'database':>9}{'by rate':>8}{'by CPU':>8}  reached"
NAMES = {
    "report": "a report, from hello to ticket", "progress": "查进度, newcomers",
    "known": "查进度, people with years of it", "menu": "菜单",
}  # fmt: skip


def _questions(found: dict[int, Database], rounds: int) -> None:
    asking = {size: Asking(db) for size, db in found.items()}
    for name, ask in (*questions(), *rarer()):
        spent = {size: _least(ask, one, rounds) for size, one in asking.items()}
        base = next(iter(spent.values()))
        told = "".join(f"{ms:>13.1f} ms  ×{ms / base:<5.1f}" for ms in spent.values())
        print(f"  {name:<50}{told}", flush=True)


def _least(ask: Callable[[Asking], object], one: Asking, rounds: int) -> float:
    """Milliseconds of CPU, the database's with it; the least of all rounds."""
    cpu, spent = Cpu(one.db), []
    ask(one)
    for _ in range(rounds):
        before = sum(cpu())
        ask(one)
        spent.append((sum(cpu()) - before) * 1000)
    return min(spent)


if __name__ == "__main__":
    main()
