"""Applies what happened in the points shop, to proposed points and to level statements; decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import BindParameter, bindparam, or_, select, update

from handlers.points import facts as f
from storage.accounts import code_hash, person_account
from storage.books import change, enter
from storage.columns import Utc
from storage.engine import Database
from storage.pen import Pen
from storage.schema import level_statements, point_accounts, point_cases, point_entries, redemptions, shop_items
from storage.sql import Prepared

_a, _i, _r, _c, _e = point_accounts.c, shop_items.c, redemptions.c, point_cases.c, point_entries.c
_person: BindParameter[int] = bindparam("owner")
_points: BindParameter[int] = bindparam("change")
_now = bindparam("now", type_=Utc())


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_ONE_LESS = Prepared(
    update(shop_items).where(_i.id == bindparam("item"), _i.stock > 0, _i.open.is_(True)).values(stock=_i.stock - 1)
)
_ONE_BACK = Prepared(update(shop_items).where(_i.id == bindparam("item")).values(stock=_i.stock + 1))
_PROMISED = Prepared(
    redemptions.insert().values(
        **_given("id", "person", "community", "item", "points", "code_hash", "code", "until"),
        state="held",
        proxy=0,
        made=_now,
    )
)
_ENDED = Prepared(
    update(redemptions)
    .where(_r.id == bindparam("redemption"), _r.state == "held")
    .values(state=bindparam("how"), ended=_now)
)
_PROXY = Prepared(
    update(redemptions).where(_r.id == bindparam("redemption"), _r.state == "held").values(proxy=bindparam("who"))
)
_CASE = Prepared(
    point_cases.insert().values(
        **_given("id", "person", "community", "rule", "version", "points", "by", "number", "why", "until"),
        state="proposed", made=_now,
    )
)  # fmt: skip
_APPEALED = Prepared(
    update(point_cases)
    .where(_c.id == bindparam("case"), _c.state == "proposed")
    .values(state="appealed", appeal=bindparam("words"))
)
_DECIDED = Prepared(
    update(point_cases)
    .where(_c.id == bindparam("case"), or_(_c.state == "proposed", _c.state == "appealed"))
    .values(state=bindparam("to"), decided_by=bindparam("who"))
)
_STATED = Prepared(
    level_statements.insert().values(**_given("id", "person", "serial", "level", "purpose", "until"), made=_now)
)
_WITHDRAWN = Prepared(
    update(level_statements).where(level_statements.c.id == bindparam("statement")).values(withdrawn=_now)
)
_HOLD = Prepared(  # only what is there, and only while it is not frozen: two at once cannot both have the last points
    update(point_accounts)
    .where(_a.person == _person, _a.balance >= _points, _a.frozen.is_(False))
    .values(balance=_a.balance - _points, gone=_a.gone + _points)
)


def apply(fact: f.ShopFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case f.RedemptionMade():
            _promise(fact, pen)
        case f.RedemptionCollected(redemption, _, person, community, points, by):
            tx.write_once(_ENDED, redemption=redemption, how="collected", now=now)
            enter(
                pen, fact, "collect", {"held": -points, f"shop:{community}": points}, by=by, ref=f"shop:{redemption}"
            )
        case f.RedemptionEnded(redemption, _, person, community, item, points, how):
            tx.write_once(_ENDED, redemption=redemption, how=how, now=now)
            tx.write(_ONE_BACK, item=item)
            enter(
                pen, fact, "release", {"held": -points, person_account(person): points}, ref=f"shop:{redemption}"
            )  # fmt: skip
            change(pen, person, community, points, -points)
        case f.ProxyNamed(redemption, _, proxy):
            tx.write_once(_PROXY, redemption=redemption, who=proxy)
        case f.CaseMade():
            tx.write(
                _CASE, id=fact.case, person=fact.person, community=fact.community, rule=fact.rule,
                version=fact.version, points=fact.points, by=fact.by, number=fact.number, why=fact.why,
                until=fact.until, now=now,
            )  # fmt: skip
        case f.CaseAppealed(case, _, words):
            tx.write_once(_APPEALED, case=case, words=words)
        case f.CaseDecided(case, by, done, _):
            tx.write_once(_DECIDED, case=case, to="done" if done else "refused", who=by)
        case f.LevelStated(statement, person, _, level, purpose, until, serial):
            tx.write(
                _STATED, id=statement, person=person, serial=serial, level=level, purpose=purpose, until=until,
                now=now,
            )  # fmt: skip
        case f.LevelWithdrawn(statement, _):
            tx.write(_WITHDRAWN, statement=statement, now=now)
        case _:
            assert_never(fact)


def aged(db: Database, before: datetime, after: int, limit: int) -> list[tuple[int, int]]:
    """(person, community) with points earned before then, in the order of persons beyond `after`."""
    old = select(_e.person).where(_e.at < before, _e.kind == "earn")
    wanted = select(_a.person, _a.community).where(_a.balance > 0, _a.person > after, _a.person.in_(old))
    with db.reading() as conn:
        return [(row[0], row[1]) for row in conn.execute(wanted.order_by(_a.person).limit(limit))]


def _promise(fact: f.RedemptionMade, pen: Pen) -> None:
    pen.tx.write_once(_ONE_LESS, item=fact.item)
    pen.tx.write_once(_HOLD, owner=fact.person, change=fact.points)
    pen.tx.write(
        _PROMISED, id=fact.redemption, person=fact.person, community=fact.community, item=fact.item,
        points=fact.points, code_hash=code_hash(fact.code), code=fact.code, until=fact.until, now=pen.now,
    )  # fmt: skip
    enter(
        pen, fact, "hold", {person_account(fact.person): -fact.points, "held": fact.points},
        ref=f"shop:{fact.redemption}",
    )  # fmt: skip
