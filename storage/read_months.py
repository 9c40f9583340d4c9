"""Questions about settled months and flagged entries, for storage/read.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, func, literal_column, select

from handlers.points.port import Flagged, Item, Notice
from storage.accounts import person_account
from storage.columns import Utc
from storage.schema import shop_items
from storage.schema.points import (
    point_accounts,
    point_checks,
    point_entries,
    point_months,
    point_notice_lines,
    point_notices,
    point_postings,
)  # fmt: skip
from storage.sql import Prepared
from storage.standing import STANDS
from storage.transaction import Transaction

_e, _p, _m, _n, _l, _i = (
    point_entries.c, point_postings.c, point_months.c, point_notices.c, point_notice_lines.c, shop_items.c
)  # fmt: skip
_id: BindParameter[int] = bindparam("id")
_community: BindParameter[int] = bindparam("community")
_limit: BindParameter[int] = bindparam("limit")
_MONTH = Prepared(
    select(func.count(), func.coalesce(func.sum(_m.points), 0)).where(
        _m.community == _community, _m.month == bindparam("month"), _m.points > 0
    )
)
_BY_RULE = Prepared(
    select(_e.rule, func.count(), func.sum(_p.points))
    .select_from(point_entries.join(point_postings, _p.entry == _e.id))
    .where(
        _e.community == _community, _e.kind == literal_column("'earn'"), _e.at >= bindparam("since", type_=Utc()),
        _e.at < bindparam("until", type_=Utc()), _p.points > 0, STANDS,
    )
    .group_by(_e.rule)
    .order_by(_e.rule)
)  # fmt: skip
_notice = select(_n.id, _n.community, _n.month, _n.people, _n.points, _n.until, _n.closed)
_NOTICE = Prepared(_notice.where(_n.id == _id))
_OF_MONTH = Prepared(_notice.where(_n.community == _community, _n.month == bindparam("month")))
_NEWEST = Prepared(_notice.where(_n.community == _community).order_by(_n.month.desc()).limit(1))
_RANKED = Prepared(
    select(_l.person, _l.points)
    .select_from(point_notice_lines.join(point_accounts, point_accounts.c.person == _l.person))
    .where(_l.notice == _id, point_accounts.c.ranked.is_(True))
    .order_by(_l.points.desc(), _l.person)
    .limit(_limit)
)
_unseen = ~exists().where(point_checks.c.entry == _e.id)
_flagged = select(_e.id, _e.at, _e.person, _e.community, _e.rule, _e.times, _e.ref, _e.by, _e.second, _e.flag).where(
    _e.flag != literal_column("''"), _e.kind == literal_column("'earn'"), _unseen, STANDS
)
_TO_CHECK = Prepared(_flagged.where(_e.id == _id))
_FLAGGED = Prepared(_flagged.where(_e.community == _community).order_by(_e.id).limit(_limit))
_POINTS = Prepared(select(_p.points).where(_p.entry == _id, _p.account == bindparam("account")))
_ALL = Prepared(
    select(_i.id, _i.community, _i.name, _i.points, _i.stock, _i.pickup, _i.open)
    .where(_i.community == _community)
    .order_by(_i.open.desc(), _i.points, _i.id)
    .limit(200)
)


class ReadMonths:
    """The part of handlers.read.Read that is about a month's sum and second looks."""

    tx: Transaction

    def points_month(self, community: int, month: str) -> tuple[int, int]:
        people, points = self.tx.one(_MONTH, community=community, month=month)
        return int(people), int(points)

    def points_month_by_rule(
        self, community: int, since: datetime, until: datetime
    ) -> tuple[tuple[str, int, int], ...]:  # fmt: skip
        rows = self.tx.rows(_BY_RULE, community=community, since=since, until=until)
        return tuple((row[0], int(row[1]), int(row[2])) for row in rows)

    def points_notice(self, community: int, month: str) -> Notice | None:
        if month:
            row = self.tx.one(_OF_MONTH, community=community, month=month)
        else:
            row = self.tx.one(_NEWEST, community=community)
        return Notice(*row) if row else None

    def points_notice_by_id(self, notice: int) -> Notice | None:
        row = self.tx.one(_NOTICE, id=notice)
        return Notice(*row) if row else None

    def points_notice_ranked(self, notice: int, limit: int) -> tuple[tuple[int, int], ...]:
        return tuple((row[0], row[1]) for row in self.tx.rows(_RANKED, id=notice, limit=limit))

    def points_to_check(self, entry: int) -> Flagged | None:
        row = self.tx.one(_TO_CHECK, id=entry)
        return self._flag(row) if row else None

    def points_flagged(self, community: int, limit: int = 50) -> tuple[Flagged, ...]:
        return tuple(self._flag(row) for row in self.tx.rows(_FLAGGED, community=community, limit=limit))

    def shop_all(self, community: int) -> tuple[Item, ...]:
        return tuple(Item(*row) for row in self.tx.rows(_ALL, community=community))

    def _flag(self, row: Any) -> Flagged:
        entry, at, person, community, rule, _, ref, by, second, flag = row
        points = self.tx.one(_POINTS, id=entry, account=person_account(person))
        return Flagged(entry, at, person, community, rule, points[0] if points else 0, ref, by, second, flag)
