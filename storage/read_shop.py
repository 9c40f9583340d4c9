"""Questions about the points shop, proposed points and level statements, for storage/read.py."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, func, literal, or_, select

from handlers.points.port import Case, Item, Redemption, Statement
from handlers.points.rules import OBJECTION
from storage.accounts import code_hash
from storage.columns import Utc
from storage.people import phone_indexes
from storage.schema import homes, level_statements, persons, point_cases, redemptions, shop_items
from storage.sql import Prepared
from storage.transaction import Transaction

_i, _r, _c = shop_items.c, redemptions.c, point_cases.c
_person: BindParameter[int] = bindparam("person")
_community: BindParameter[int] = bindparam("community")
_id: BindParameter[int] = bindparam("id")
_since = bindparam("since", type_=Utc())

_item_columns = (_i.id, _i.community, _i.name, _i.points, _i.stock, _i.pickup, _i.open)
_SHOP = Prepared(
    select(*_item_columns).where(_i.community == _community, _i.open.is_(True)).order_by(_i.points, _i.id).limit(20)
)
_ITEM = Prepared(select(*_item_columns).where(_i.id == _id))
_promised = select(
    _r.id, _r.person, _r.community, _r.item, _i.name, _r.points, _r.state, _r.until, _r.code, _r.proxy
).select_from(redemptions.join(shop_items, _i.id == _r.item))
_REDEMPTION = Prepared(_promised.where(_r.id == _id))
_CODED = Prepared(_promised.where(_r.code_hash == bindparam("code")))
_HELD = Prepared(
    _promised.where(or_(_r.person == _person, and_(_r.proxy == _person, _r.proxy != 0)), _r.state == "held")
    .order_by(_r.id.desc())
    .limit(5)
)
_REDEEMED = Prepared(
    select(func.coalesce(func.sum(_r.points), 0)).where(
        _r.person == _person, _r.made >= _since, _r.state.in_([literal("held"), literal("collected")])
    )
)
_case = select(
    _c.id, _c.person, _c.community, _c.rule, _c.version, _c.points, _c.by, _c.state, _c.why, _c.made, _c.until,
    _c.number, _c.appeal,
)  # fmt: skip
_undecided = _c.state.in_([literal("proposed"), literal("appealed")])
_CASE = Prepared(_case.where(_c.id == _id))
_CASES_OF = Prepared(
    _case.where(_c.person == _person, _c.points <= 0, _c.rule != OBJECTION, _undecided)
    .order_by(_c.id.desc())
    .limit(5)
)
_CASES_IN = Prepared(
    _case.where(_c.community == _community, or_(_c.state == "appealed", and_(_c.points > 0, _c.state == "proposed")))
    .order_by(_c.id)
    .limit(20)
)
_s = level_statements.c
_STATEMENTS = Prepared(
    select(_s.id, _s.person, _s.serial, _s.level, _s.purpose, _s.until, _s.withdrawn)
    .where(_s.person == _person)
    .order_by(_s.id.desc())
    .limit(5)
)
_PHONED = Prepared(
    select(persons.c.id).where(
        persons.c.phone_index == bindparam("index"), persons.c.community == _community, persons.c.erased.is_(None)
    )
)
_MEMBERS = Prepared(
    select(homes.c.person)
    .where(homes.c.household == _id, homes.c.until.is_(None))
    .distinct()
    .order_by(homes.c.person)
)


_LAST = Prepared(select(func.coalesce(func.max(_c.number), 0)).where(_c.community == _community))


class ReadShop:
    """The part of handlers.read.Read that is about the shop and what waits for a decision."""

    tx: Transaction

    def household_members(self, household: int) -> tuple[int, ...]:
        return tuple(row[0] for row in self.tx.rows(_MEMBERS, id=household))

    def residents_named(self, community: int, phone: str) -> tuple[int, ...]:
        found = (self.tx.one(_PHONED, index=index, community=community) for index in phone_indexes(phone))
        return tuple(row[0] for row in found if row)[:1]

    def shop(self, community: int) -> tuple[Item, ...]:
        return tuple(Item(*row) for row in self.tx.rows(_SHOP, community=community))

    def shop_item(self, item: int) -> Item | None:
        row = self.tx.one(_ITEM, id=item)
        return Item(*row) if row else None

    def redemption(self, redemption: int) -> Redemption | None:
        row = self.tx.one(_REDEMPTION, id=redemption)
        return Redemption(*row) if row else None

    def redemption_coded(self, code: str) -> Redemption | None:
        row = self.tx.one(_CODED, code=code_hash(code))
        return Redemption(*row) if row else None

    def redemptions_of(self, person: int) -> tuple[Redemption, ...]:
        return tuple(Redemption(*row) for row in self.tx.rows(_HELD, person=person))

    def redeemed_points(self, person: int, since: datetime) -> int:
        return int(self.tx.one(_REDEEMED, person=person, since=since)[0])

    def new_code(self) -> str:
        return f"{secrets.randbelow(10**8):08d}"

    def next_case_number(self, community: int) -> int:
        return int(self.tx.one(_LAST, community=community)[0]) + 1

    def case(self, case: int) -> Case | None:
        row = self.tx.one(_CASE, id=case)
        return _as_case(row) if row else None

    def cases_of(self, person: int) -> tuple[Case, ...]:
        return tuple(_as_case(row) for row in self.tx.rows(_CASES_OF, person=person))

    def cases_in(self, community: int) -> tuple[Case, ...]:
        return tuple(_as_case(row) for row in self.tx.rows(_CASES_IN, community=community))

    def statements_of(self, person: int) -> tuple[Statement, ...]:
        return tuple(
            Statement(row[0], row[1], row[2], row[3], row[4], row[5], row[6] is not None)
            for row in self.tx.rows(_STATEMENTS, person=person)
        )


def _as_case(row: Any) -> Case:
    values = list(row)
    values[-1] = values[-1] or ""  # the appeal
    return Case(*values)
