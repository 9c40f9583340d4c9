"""Applies what happened to points: every entry with its postings, and the accounts beside them; decides nothing."""

from __future__ import annotations

from typing import Any, assert_never
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, select, update

from handlers.points import facts as f
from storage import books
from storage.accounts import person_account
from storage.columns import Utc
from storage.pen import Pen
from storage.schema.points import (
    point_accounts,
    point_cases,
    redemptions,
    shop_items,
)  # fmt: skip
from storage.sql import Prepared

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_a, _i, _r, _c = point_accounts.c, shop_items.c, redemptions.c, point_cases.c
_person: BindParameter[int] = bindparam("owner")
_points: BindParameter[int] = bindparam("change")
_now = bindparam("now", type_=Utc())


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_OPEN = Prepared(
    lambda insert: (
        insert(point_accounts)
        .values(person=_person, community=0, balance=0, gone=0, frozen=False, ranked=False, shared=False)
        .on_conflict_do_nothing()
    )
)
_FROZEN = Prepared(update(point_accounts).where(_a.person == _person).values(frozen=bindparam("on")))
_SHOWN = {
    "ranked": Prepared(update(point_accounts).where(_a.person == _person).values(ranked=bindparam("on"))),
    "shared": Prepared(update(point_accounts).where(_a.person == _person).values(shared=bindparam("on"))),
}
_BALANCE = Prepared(select(_a.balance, _a.community).where(_a.person == _person))


def apply(fact: f.LedgerFact, pen: Pen) -> None:
    tx = pen.tx
    match fact:
        case f.PointsEarned():
            books.enter(
                pen, fact, "earn",
                {person_account(fact.person): fact.points, f"issued:{fact.community}": -fact.points},
                rule=fact.rule, version=fact.version, times=fact.times, once=fact.once, ref=fact.ref, by=fact.by,
                second=fact.second, other=fact.other, flag=fact.flag[:8],
            )  # fmt: skip
            books.change(pen, fact.person, fact.community, fact.points, 0)
            books.month(pen, fact.person, fact.community, fact.points)
        case f.PointsReversed(person=person, community=community, points=points):
            books.enter(
                pen, fact, "reverse", {person_account(person): points, f"issued:{community}": -points},
                by=fact.by, ref=fact.why[:48], reverses=fact.of,
            )  # fmt: skip
            books.change(pen, person, community, points, 0)
            books.month(pen, person, community, points)
        case f.PointsTaken(person=person, community=community, points=points):
            books.enter(
                pen, fact, "deduct", {person_account(person): points, f"issued:{community}": -points},
                rule=fact.rule, version=fact.version, by=fact.by, ref=f"case:{fact.case}", once=f"case:{fact.case}",
            )  # fmt: skip
            books.change(pen, person, community, points, -points)
        case f.PointsExpired(person=person, community=community, points=points):
            books.enter(pen, fact, "expire", {person_account(person): points, f"expired:{community}": -points})
            books.change(pen, person, community, points, -points)
        case f.PointsFrozen(person, _, on, _):
            tx.write(_OPEN, owner=person)
            tx.write(_FROZEN, owner=person, on=on)
        case f.PointsShown(person, what, on):
            tx.write(_OPEN, owner=person)
            tx.write(_SHOWN[what], owner=person, on=on)
        case _:
            assert_never(fact)


def merge(pen: Pen, person: int, owner: int) -> None:
    """The points of a chat's person go over to the register's when the two turn out to be one."""
    row = pen.tx.one(_BALANCE, owner=person)
    if row is None or not row[0]:
        return
    balance, community = row
    entry = pen.new_id()
    moved = {person_account(person): -balance, person_account(owner): balance}
    books.write(
        pen, entry, "move", owner, community, moved, other=person, ref=f"person:{person}",
    )  # fmt: skip
    books.change(pen, person, community, -balance, balance)
    books.change(pen, owner, community, balance, 0)
