"""Applies what happened to the rules of points, the shop's stock, a month's sum and second looks; decides nothing."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import BigInteger, bindparam, cast, insert, select, update

from handlers.points import facts_table as t
from storage.columns import Utc
from storage.pen import Pen
from storage.schema.points import (
    point_checks,
    point_months,
    point_notice_lines,
    point_notices,
    point_rules,
    shop_items,
)  # fmt: skip
from storage.sql import Prepared

_now = bindparam("now", type_=Utc())
_i, _m = shop_items.c, point_months.c


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_RULE = Prepared(
    point_rules.insert().values(
        **_given(
            "community", "code", "version", "field", "name", "points", "day_cap", "month_cap", "proof", "most",
            "pair_month_cap", "open", "categories",
        ),
        until=bindparam("until", type_=Utc()), since=_now,
    )
)  # fmt: skip
_NEW_ITEM = Prepared(
    shop_items.insert().values(**_given("id", "community", "name", "points", "stock", "pickup", "open"))
)
_ITEM = Prepared(  # pieces are counted up and down, so that what is promised at the same time is not forgotten
    update(shop_items)
    .where(_i.id == bindparam("item"), _i.stock + bindparam("more") >= 0)
    .values(**_given("name", "points", "pickup", "open"), stock=_i.stock + bindparam("more"))
)
_NOTICE = Prepared(
    point_notices.insert().values(
        **_given("id", "community", "month", "people", "points", "totals"), since=_now,
        until=bindparam("until", type_=Utc()),
    )
)  # fmt: skip
_LINES = Prepared(
    insert(point_notice_lines).from_select(
        ["notice", "person", "points"],
        select(cast(bindparam("notice"), BigInteger), _m.person, _m.points).where(
            _m.community == bindparam("of_community"), _m.month == bindparam("of_month"), _m.points > 0
        ),
    )
)
_CLOSED = Prepared(
    update(point_notices)
    .where(point_notices.c.id == bindparam("notice"), point_notices.c.closed.is_(None))
    .values(closed=_now)
)
_CHECKED = Prepared(point_checks.insert().values(**_given("entry", "by", "ok", "words"), at=_now))


def apply(fact: t.TableFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case t.RuleSet(community, code, version, _, rule):
            tx.write(
                _RULE, community=community, code=code, version=version, field=rule.field, name=rule.name,
                points=rule.points, day_cap=rule.day_cap, month_cap=rule.month_cap, proof=rule.proof,
                most=rule.most, pair_month_cap=rule.pair_month_cap, open=rule.open, categories=rule.categories,
                until=rule.until, now=now,
            )  # fmt: skip
        case t.ItemSet(item, community, name, points, more, pickup, on, _, True):
            tx.write(
                _NEW_ITEM, id=item, community=community, name=name, points=points, stock=more, pickup=pickup, open=on
            )
        case t.ItemSet(item, _, name, points, more, pickup, on):
            tx.write_once(_ITEM, item=item, name=name, points=points, more=more, pickup=pickup, open=on)
        case t.MonthSettled(notice, community, month, people, points, until, totals):
            tx.write(
                _NOTICE, id=notice, community=community, month=month, people=people, points=points, totals=totals,
                until=until, now=now,
            )  # fmt: skip
            tx.write(_LINES, notice=notice, of_community=community, of_month=month)
        case t.MonthClosed(notice):
            tx.write_once(_CLOSED, notice=notice, now=now)
        case t.EntryChecked(entry, by, ok, words):
            tx.write(_CHECKED, entry=entry, by=by, ok=ok, words=words or None, now=now)
        case _:
            assert_never(fact)
