"""What is asked more rarely, or by who sees more than a community: street, unit, auditor, other programs, jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from handlers.tickets import digest
from storage import (
    audit_view,
    changes,
    digests,
    media,
    points_shop,
    queue,
    settling,
    updates,
    view_duty,
    view_gaps,
    view_people,
    watch,
)
from storage.schema import facts, grids, micro_grids
from storage.sight import Sight
from storage.ticket_list import Filter, Scope
from storage.work_list import Wanted
from tests.bench.growth_asked import DAY, STATES, Asking

MONTH = 30 * DAY


def _grid(it: Asking, most: int) -> Sight:
    """Somebody who goes round in `most` micro-grids of one grid."""
    with it.db.reading() as conn:
        grid = select(grids.c.id).where(grids.c.community == it.community).order_by(grids.c.id).limit(1)
        wanted = select(micro_grids.c.id).where(micro_grids.c.grid == grid.scalar_subquery())
        found = conn.execute(wanted.order_by(micro_grids.c.id).limit(most)).scalars()
        return Sight(7, (it.community,), micro_grids=tuple(found))


def _street(it: Asking) -> Sight:
    return Sight(7, it.everywhere().communities, escalated=True)


def _unit(it: Asking) -> Sight:
    return Sight(7, it.everywhere().communities, units=(it.street,))


def _city(it: Asking) -> Scope:
    return Scope(it.everywhere().communities)


def _followed(it: Asking) -> None:
    with it.db.reading() as conn:
        end = int(conn.execute(select(func.max(facts.c.position))).scalar() or 0)
        changes.after(conn, Scope((it.community,)), end - 2_000, 100)


def _audited(it: Asking, person: int) -> None:
    audit_view.page(it.db, audit_view.Asked(it.now - MONTH, it.now, person=person), 50)


def rarer() -> list[tuple[str, Callable[[Asking], object]]]:
    name = lambda it: f"{it.now - MONTH:%Y-%m}"  # noqa: E731
    return [
        ("list 全部 of a street's room", lambda it: it.listed(_street(it), Wanted())),
        ("the same of one source, another (none)", lambda it: it.listed(_street(it), Wanted(source="phone"))),
        ("the same of a rare category (none)", lambda it: it.listed(_street(it), Wanted(category="1203"))),
        ("list 待办 of a unit that has nothing", lambda it: it.listed(_unit(it), Wanted(STATES))),
        ("list 全部 of a unit that has nothing", lambda it: it.listed(_unit(it), Wanted())),
        ("list 全部 of a micro-grid", lambda it: it.listed(_grid(it, 1), Wanted())),
        ("list 全部 of a grid", lambda it: it.listed(_grid(it, 50), Wanted())),
        ("list 全部 of somebody who has none", lambda it: it.listed(it.sight, Wanted(owner=7))),
        ("API: newest of the whole city", lambda it: it.api(_city(it), Filter())),
        ("API: late, of the whole city", lambda it: it.api(_city(it), Filter(late_at=it.now))),
        ("API: of a rare category (none), whole city", lambda it: it.api(_city(it), Filter(category="1203"))),
        ("API: of one state 待评价 (none), whole city", lambda it: it.api(_city(it), Filter(statuses=("待评价",)))),
        ("API: changed since yesterday, whole city",
         lambda it: it.api(_city(it), Filter(changed_since=it.now - DAY))),
        ("API: of a number elsewhere (none)", lambda it: it.api(_city(it), Filter(external=("x", "1")))),
        ("API: of a platform that sent nothing", lambda it: it.api(Scope(reporter=7), Filter())),
        ("API: of a member", lambda it: it.api(Scope((it.community,), member=(7, (1, 2))), Filter())),
        ("API: what happened lately", _followed),
        ("API: what happened in a day",
         lambda it: updates.between(it.db, it.now - DAY, it.now, ["TicketSolved"], 500)),
        ("log of a month, of one who did nothing", lambda it: _audited(it, 7)),
        ("grids and their leaders", lambda it: view_people.overview(it.db, (it.community,), it.today)),
        ("what leaders took in a month", lambda it: view_gaps.leaders(it.db, (it.community,), it.now - MONTH)),
        ("duty of the leaders of a month",
         lambda it: view_duty.month(it.db, it.community, name(it), it.now - MONTH, it.now)),
        ("job: photos to take off the disk, none", lambda it: media.erased(it.db)),
        ("job: whether a photo is still shown", lambda it: media.in_use(it.db, ["p/none.jpg"])),
        ("job: who has tasks unread", lambda it: digests.due(it.db, digest.REMINDER, it.now)),
        ("job: pushes too old, none", lambda it: queue.drop_stale(it.db, it.now - 400 * DAY, 1.0)),
        ("job: how long the queues are", lambda it: (queue.depth(it.db), queue.oldest(it.db))),
        ("job: what is stuck", lambda it: watch.stuck(it.db, it.now)),
        ("job: points too old", lambda it: points_shop.aged(it.db, it.now - timedelta(days=900), 0, 200)),
        ("job: months to settle", lambda it: settling.due(it.db, it.today.replace(day=1) - DAY)),
    ]  # fmt: skip
