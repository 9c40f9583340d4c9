"""Server time of every page of the console with a full database (goal: 100 ms each); both databases.

python -m tests.bench.console [--database sqlite|postgresql|both] [--tickets 1000000] [--open 100000] [--role desk …]
"""

from __future__ import annotations

import asyncio
import re
import statistics
import tempfile
import time
from pathlib import Path

from aiohttp import ClientSession, CookieJar
from sqlalchemy import insert

from bot import app as parts
from bot.app import App
from bot.console.doors import declared
from bot.console.rights import RIGHTS, Right
from bot.server import listen
from bot.settings import load
from handlers.types import Role
from storage import people, staff
from storage.engine import Database
from storage.schema import grids, micro_grids
from storage.sight import StaffRole
from tests.bench.asked_for import asking, kinds
from tests.bench.clocks import COMMUNITIES, NOW, SECRET, fill, opened
from tests.bench.filled import analyze, filling

GOAL = 100.0  # milliseconds
PASSWORD = "correct-horse-of-the-bench-9"
# Pages that are asked for with something in their address beside the plain one; a number stands for a ticket.
MORE = (
    "/console/?view=mine", "/console/?view=soon", "/console/?view=callback", "/console/?view=all",
    "/console/?category=02&clock=late", "/console/?view=all&source=wechat", "/console/?view=all&state=归档",
)  # fmt: skip


def main() -> None:
    parser = asking("tests.bench.console", __doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--communities", type=int, default=1, help="of how many communities the clerk holds the desk")
    wanted = parser.parse_args()
    for kind in kinds(wanted):
        with opened(kind) as db:
            _prepare(db, wanted.open, wanted.tickets, wanted.communities)
            print(f"\n{kind}: {wanted.tickets:,} tickets, {wanted.open:,} of them open")
            asyncio.run(_measure(db, wanted.tickets))


def _prepare(db: Database, still_open: int, total: int, communities: int) -> None:
    with filling(db) as conn:
        fill(conn, db, still_open, total)
        every = range(1, COMMUNITIES + 1)
        conn.execute(
            insert(grids), [{"id": n, "community": n, "code": f"{n:015d}", "name": f"网格{n}"} for n in every]
        )
        # as `fill` places its tickets: micro-grid n lies in community n % 100 + 1
        micros = [(n, n % COMMUNITIES + 1, f"{n:017d}", f"微网格{n}") for n in range(1, 2001)]
        names = ("id", "grid", "code", "name")
        conn.execute(
            insert(micro_grids), [dict(zip(names, one, strict=True)) | {"community": one[1]} for one in micros]
        )
        for role, post, scopes in (
            (StaffRole.DESK, Role.DESK, range(1, communities + 1)), (StaffRole.LEADER, Role.LEADER, (1,)),
            (StaffRole.GRID, Role.GRID, (1,)), (StaffRole.SYSTEM, None, ()), (StaffRole.AUDIT, None, ()),
        ):  # fmt: skip
            person = people.add_person(conn, f"人{role}", "", 0, now=NOW)
            for scope in scopes:
                assert post is not None
                people.add_post(conn, person, post, scope, now=NOW)
            staff.add_login(conn, f"one-{role}", PASSWORD, person, now=NOW, role=role)
    analyze(db)


async def _measure(db: Database, total: int) -> None:
    with tempfile.TemporaryDirectory(prefix="jushe-bench-") as folder:
        address = db.engine.url.render_as_string(hide_password=False)
        settings = load(data_dir=Path(folder), database_url=address, secret_key=SECRET)
        app = await parts.start(settings, clock=lambda: NOW, ticking=False)
        runner, port = await listen(app, "127.0.0.1", 0)
        for role in (StaffRole.DESK, StaffRole.LEADER, StaffRole.GRID, StaffRole.SYSTEM, StaffRole.AUDIT):
            await _pages(app, f"http://127.0.0.1:{port}", role, total)
        app.topics.close()
        await runner.cleanup()
        await app.stop()


async def _pages(app: App, url: str, role: StaffRole, total: int) -> None:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        data = {"login": f"one-{role}", "password": PASSWORD}
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with session.post(f"{url}/console/login", data=data, headers=headers) as answer:
            assert answer.status == 200
        ticket = (total // COMMUNITIES * COMMUNITIES) * 256
        for path in [*_plain(app, role, ticket), *(MORE if Right.TICKETS_SEE in RIGHTS[role] else ())]:
            spent, status = [], 0
            for _ in range(5):
                start = time.perf_counter()
                async with session.get(url + path, allow_redirects=False) as answer:
                    body, status = await answer.text(), answer.status
                spent.append((time.perf_counter() - start) * 1000)
            median = statistics.median(spent)
            reached = f"goal {GOAL:.0f} ms: {'reached' if median <= GOAL else 'MISSED'}"
            spread = f"{median:>8.1f} ms (least {min(spent):.1f})"
            print(f"  {role:<9} {path:<46} {status} {len(body):>8,} B {spread}   {reached}")
            if path == "/console/" and (following := re.search(r'href="([^"]+)" rel="next"', body)):
                start = time.perf_counter()
                async with session.get(url + following[1].replace("&amp;", "&")) as answer:
                    await answer.text()
                print(f"  {role:<9} {'the page after it':<46} {(time.perf_counter() - start) * 1000:>23.1f} ms")


def _plain(app: App, role: StaffRole, ticket: int) -> list[str]:
    """Every page the role may open, as it is without a question; those of one thing as of one that is not there."""
    found = []
    for route in app.web.router.routes():
        right = declared(route)
        if route.method != "GET" or not isinstance(right, Right) or right not in RIGHTS[role]:
            continue
        assert route.resource is not None
        path = re.sub(r"\{[^}]+\}", str(ticket), route.resource.canonical)
        if path != "/console/events":
            found.append(path)
    return found


if __name__ == "__main__":
    main()
