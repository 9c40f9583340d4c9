"""What staff, residents and jobs ask of the database besides turns: each question as the page or the job asks it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.console.reckoned import reckoned
from bot.importing.tickets_out import tickets as exported
from handlers.tickets.rules import OPEN
from handlers.types import Role
from storage import (
    chain,
    clock_sweep,
    conversation,
    search,
    search_index,
    similar,
    tallied,
    timers,
    upkeep,
    view_plan,
    viewings,
    views,
    work_list,
)  # fmt: skip
from storage.assignees import assignees
from storage.engine import Database
from storage.looking import looking
from storage.numbers_view import cases
from storage.recent import recent_messages
from storage.schema import communities, tickets, unit_areas
from storage.sight import Sight
from storage.tallied import Asked
from storage.ticket_list import Filter, Scope
from storage.ticket_list import page as api_page
from storage.work_list import Wanted, key_of

PAGE = 50
DAY = timedelta(days=1)
STATES = frozenset(status.value for status in OPEN)


class Asking:
    """One database, a clerk of one of its communities, a ticket a week old and an open one."""

    def __init__(self, db: Database) -> None:
        self.db, self.now = db, datetime.now(UTC)
        t = tickets.c
        with db.reading() as conn:
            open_ = select(t.id, t.community).where(t.status == "处置中", t.reporter != 0)
            self.open, self.community = conn.execute(open_.order_by(t.id).limit(1)).one()
            over = select(t.id, t.code, t.reporter).where(t.status == "归档", t.community == self.community)
            self.over, self.code, self.reporter = conn.execute(over.order_by(t.id.desc()).limit(1)).one()
            middle = select(t.id).where(t.community == self.community).order_by(t.id).limit(1).offset(40)
            street = select(unit_areas.c.unit).where(unit_areas.c.scope == "street").limit(1)
            self.street = conn.execute(street).scalar_one()
            self.middle = conn.execute(middle).scalar() or self.over
        self.sight = Sight(7, (self.community,))
        self.today = self.now.date()

    def ticket(self, ticket: int) -> None:
        db = self.db
        viewings.last_fact(db, ticket)
        found = views.detail(db, ticket, self.sight)
        assert found is not None
        views.timeline(db, ticket)
        with looking(db, self.now) as read:
            one = read.ticket(ticket)
            assert one is not None
            read.parties(ticket)
            read.open_near(one.category, one.place, one.pin, 100, self.now - timedelta(days=7))
        views.lines(db, similar.before_here(db, ticket, self.sight, self.now), self.sight)
        similar.open_like(db, ticket, self.sight)
        conversation.of_ticket(db, ticket, one.reporter, one.opened, one.words)
        assignees(db, (self.community,))
        view_plan.around(db, one.place, self.sight)

    def listed(self, sight: Sight | None, wanted: Wanted, after: int = 0) -> None:
        work_list.tallies(self.db, sight, 7, self.now)
        key = None
        if after:
            with self.db.reading() as conn:
                found = conn.execute(select(tickets).where(tickets.c.id == after)).mappings().all()
                key = key_of(views.board_rows(conn, found)[0])
        work_list.page(self.db, sight, wanted, key, PAGE)
        if sight is not None:
            work_list.owners(self.db, sight)
            work_list.grids_of(self.db, sight)

    def api(self, scope: Scope, wanted: Filter, before: int = 0) -> None:
        with self.db.reading() as conn:
            ids = api_page(conn, scope, wanted, before, PAGE)
        with looking(self.db, self.now) as read:
            read.tickets(ids)

    def read(self, ask: Callable[..., object]) -> None:
        with looking(self.db, self.now) as read:
            ask(read)

    def digest(self, role: Role, scope: int) -> None:
        self.read(lambda read: (read.tally(role, scope, self.now - DAY, self.now + DAY, self.now),
                                read.pressing(role, scope, 5)))  # fmt: skip

    def numbers(self, communities: tuple[int, ...] | None, days: int) -> None:
        reckoned(self.db, Asked(communities, self.today - timedelta(days=days), self.today))

    def behind(self) -> None:
        asked = Asked((self.community,), self.today - timedelta(days=30), self.today)
        tallied.behind(self.db, asked, "", "whole", sight=self.sight)

    def export(self) -> None:
        """The first rows of a community's table; all of it is as long as it is."""
        with self.db.reading() as conn:
            list(itertools.islice(exported(conn, (self.community,), unmasked=False), PAGE))

    def everywhere(self) -> Sight:
        with self.db.reading() as conn:
            return Sight(7, tuple(conn.execute(select(communities.c.id).order_by(communities.c.code)).scalars()))


def questions() -> list[tuple[str, Callable[[Asking], object]]]:
    def search_for(words: str, *, mine: bool = True) -> Callable[[Asking], object]:
        return lambda it: search.find(it.db, words, it.sight if mine else None)

    one = lambda it: Scope((it.community,), unplaced=True)  # noqa: E731
    return [
        ("list 待办, first page and counts", lambda it: it.listed(it.sight, Wanted(STATES))),
        ("list 待办 of one category", lambda it: it.listed(it.sight, Wanted(STATES, category="02"))),
        ("list 快超时", lambda it: it.listed(it.sight, Wanted(STATES, pressing=it.now))),
        ("list 全部", lambda it: it.listed(it.sight, Wanted())),
        ("list 全部, the oldest page", lambda it: it.listed(it.sight, Wanted(), it.middle)),
        ("list 全部 of one state 归档", lambda it: it.listed(it.sight, Wanted(frozenset({"归档"})))),
        ("list 全部 of one state 待评价 (none)", lambda it: it.listed(it.sight, Wanted(frozenset({"待评价"})))),
        ("list 全部 of a rare category (none)", lambda it: it.listed(it.sight, Wanted(category="1203"))),
        ("list 全部 of one source, another (none)", lambda it: it.listed(it.sight, Wanted(source="phone"))),
        ("list 待办 of all 350 communities (no post)", lambda it: it.listed(it.everywhere(), Wanted(STATES))),
        ("list 全部 of the whole city", lambda it: it.listed(None, Wanted())),
        ("a ticket that is open", lambda it: it.ticket(it.open)),
        ("a ticket that is over", lambda it: it.ticket(it.over)),
        ("search 路灯", search_for("路灯")),
        ("search 路灯, the whole city", search_for("路灯", mine=False)),
        ("search 电梯 异响 三天", search_for("电梯 异响 三天")),
        ("search a word nobody used", search_for("恐龙化石", mine=False)),
        ("search four digits", search_for("0417")),
        ("search a whole number", lambda it: search.find(it.db, it.code, it.sight)),
        ("four digits said to the bot", lambda it: it.read(lambda r: r.tickets_numbered("0417"))),
        ("four digits said by staff", lambda it: it.read(lambda r: r.tickets_numbered("0417", it.community))),
        ("a whole number by the API", lambda it: it.read(lambda r: r.tickets_numbered(it.code))),
        ("reports of one person", lambda it: it.read(lambda r: r.reports_of(it.reporter))),
        ("tasks of the desk", lambda it: it.read(lambda r: r.desk_tasks(it.community))),
        ("API: newest", lambda it: it.api(one(it), Filter())),
        ("API: open", lambda it: it.api(one(it), Filter(open=True))),
        ("API: late", lambda it: it.api(one(it), Filter(late_at=it.now))),
        (
            "API: changed since yesterday",
            lambda it: it.api(one(it), Filter(changed_since=it.now - timedelta(days=1))),
        ),
        ("API: reported since now (none)", lambda it: it.api(one(it), Filter(since=it.now))),
        ("API: of a micro-grid of elsewhere (none)", lambda it: it.api(one(it), Filter(micro_grid=1))),
        ("due timers, none", lambda it: timers.due(it.db, it.now - timedelta(days=400), 200)),
        ("every open clock looked at", lambda it: clock_sweep.look(it.db, it.now)),
        ("retention: sweep, nothing to take", lambda it: upkeep.sweep(it.db, it.now)),
        ("retention: retire, nothing to forget", lambda it: upkeep.retire(it.db, it.now)),
        ("seal, index and sums, nothing happened", lambda it: (chain.seal(it.db), search_index.step(it.db))),
        ("the digest of a desk", lambda it: it.digest(Role.DESK, it.community)),
        ("the digest of a street", lambda it: it.digest(Role.STREET, it.street)),
        ("what was said in a week", lambda it: recent_messages(it.db, it.now - 7 * DAY, None, it.sight, 2_000)),
        (
            "figures of two days",
            lambda it: cases(it.db, (it.community,), it.now - 2 * DAY, it.now, it.now),
        ),
        ("figures of two days, the whole city", lambda it: cases(it.db, None, it.now - 2 * DAY, it.now, it.now)),
        ("ranking of points", lambda it: it.read(lambda r: r.points_ranking(it.community, it.today, 5))),
        ("the report of a day", lambda it: it.numbers((it.community,), 1)),
        ("the report of a month", lambda it: it.numbers((it.community,), 30)),
        ("the report of a month, the whole city", lambda it: it.numbers(None, 30)),
        ("the tickets behind a number", lambda it: it.behind()),
        ("export, its first rows", lambda it: it.export()),
    ]
