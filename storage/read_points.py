"""Questions about points, the shop and what waits for a decision, for storage/read.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, exists, func, literal, select

from handlers.points.port import Account, Entry
from handlers.points.rules import BY_CODE, TABLE, Rule
from storage.accounts import person_account
from storage.columns import Utc
from storage.schema import homes, media
from storage.schema.points import (
    photo_marks,
    point_accounts,
    point_cases,
    point_entries,
    point_months,
    point_postings,
    point_rules,
    redemptions,
    shop_items,
)  # fmt: skip
from storage.sql import Prepared
from storage.standing import STANDS
from storage.transaction import Transaction

_a, _e, _p, _i, _r, _c = (
    point_accounts.c, point_entries.c, point_postings.c, shop_items.c, redemptions.c, point_cases.c
)  # fmt: skip
_person: BindParameter[int] = bindparam("person")
_community: BindParameter[int] = bindparam("community")
_id: BindParameter[int] = bindparam("id")
_since = bindparam("since", type_=Utc())

_ACCOUNT = Prepared(select(_a.balance, _a.frozen, _a.ranked, _a.shared).where(_a.person == _person))
_ENTRIES = Prepared(
    select(_e.id, _e.at, _e.kind, _e.rule, _e.community, _p.points, _e.ref, _e.flag)
    .select_from(point_entries.join(point_postings, _p.entry == _e.id))
    .where(_e.person == _person, _p.account == bindparam("account"))
    .order_by(_e.id.desc())
    .limit(bindparam("limit"))
)
_ENTRY = Prepared(
    select(_e.id, _e.at, _e.kind, _e.rule, _e.community, _p.points, _e.ref, _e.flag)
    .select_from(point_entries.join(point_postings, _p.entry == _e.id))
    .where(_e.once == bindparam("once"), _p.account == bindparam("account"), STANDS)
)
_TIMES = Prepared(
    select(func.coalesce(func.sum(_e.times), 0)).where(
        _e.person == _person, _e.rule == bindparam("rule"), _e.at >= _since, _e.kind == "earn", STANDS
    )
)
_PAIR = Prepared(
    select(func.coalesce(func.sum(_e.times), 0)).where(
        _e.person == _person, _e.rule == bindparam("rule"), _e.at >= _since, _e.kind == "earn", STANDS,
        _e.other == bindparam("other"),
    )
)  # fmt: skip
_ONCE = Prepared(select(_e.id).where(_e.once == bindparam("once")))
_newer = point_rules.alias("newer")
_RULES = Prepared(
    select(
        *(
            point_rules.c[name]
            for name in (
                "code", "field", "name", "points", "day_cap", "month_cap", "proof", "most", "pair_month_cap",
                "version", "open", "categories", "until",
            )
        )
    )
    .where(
        point_rules.c.community == _community,
        ~exists().where(
            and_(
                _newer.c.community == point_rules.c.community, _newer.c.code == point_rules.c.code,
                _newer.c.version > point_rules.c.version,
            )
        ),
    )
    .order_by(point_rules.c.code)
)  # fmt: skip
_BEFORE = Prepared(
    select(func.coalesce(func.sum(_p.points), 0))
    .select_from(point_entries.join(point_postings, _p.entry == _e.id))
    .where(
        _e.person == _person, _p.account == bindparam("account"), _e.at < _since,
        _e.kind.in_([literal("earn"), literal("move")]), STANDS,
    )
)  # fmt: skip
_GONE = Prepared(select(_a.gone).where(_a.person == _person))
_EARNED = Prepared(
    select(func.coalesce(func.sum(_p.points), 0))
    .select_from(point_entries.join(point_postings, _p.entry == _e.id))
    .where(
        _e.person == _person, _p.account == bindparam("account"), _e.at >= _since,
        _e.kind.in_([literal("earn"), literal("reverse")]),
    )
)  # fmt: skip
_RANKING = Prepared(
    select(point_months.c.person, point_months.c.points)
    .select_from(point_months.join(point_accounts, _a.person == point_months.c.person))
    .where(
        point_months.c.community == _community, point_months.c.month == bindparam("month"), _a.ranked.is_(True),
        point_months.c.points > 0,
    )
    .order_by(point_months.c.points.desc(), point_months.c.person)
    .limit(bindparam("limit"))
)  # fmt: skip
_HOUSEHOLD = Prepared(
    select(func.coalesce(func.sum(_a.balance), 0), func.count()).where(
        _a.shared.is_(True),
        _a.person.in_(select(homes.c.person).where(homes.c.household == _id, homes.c.until.is_(None))),
    )
)
_other, _m = photo_marks.alias("other"), media.alias("m")
_alike = and_(_other.c.part == photo_marks.c.part, _other.c.bits == photo_marks.c.bits)
_ALIKE = Prepared(  # marks of this ticket's photos, and of those in older tickets that share a part with them
    select(photo_marks.c.mark, _other.c.mark.label("older"))
    .select_from(
        media.join(photo_marks, photo_marks.c.file == media.c.file)
        .join(_other, _alike)
        .join(_m, _m.c.file == _other.c.file)
    )
    .where(media.c.ticket == _id, media.c.of == "report", _m.c.ticket != _id, _m.c.id < media.c.id)
    .distinct()
    .limit(500)
)
_ALIKE_BITS = 3  # of 64: two photos this near are the same picture (re-encoded, resized)


class ReadPoints:
    """The part of handlers.read.Read that is about points."""

    tx: Transaction

    def points_account(self, person: int) -> Account:
        row = self.tx.one(_ACCOUNT, person=person)
        return Account(person, *row) if row else Account(person)

    def points_entries(self, person: int, limit: int = 5) -> tuple[Entry, ...]:
        rows = self.tx.rows(_ENTRIES, person=person, account=person_account(person), limit=limit)
        return tuple(self._entry(row) for row in rows)

    def points_entry(self, ref: str, person: int) -> Entry | None:
        row = self.tx.one(_ENTRY, once=ref, account=person_account(person))
        return self._entry(row) if row else None

    def points_times(self, person: int, rule: str, since: datetime) -> int:
        return int(self.tx.one(_TIMES, person=person, rule=rule, since=since)[0])

    def points_pair_times(self, person: int, other: int, rule: str, since: datetime) -> int:
        return int(self.tx.one(_PAIR, person=person, other=other, rule=rule, since=since)[0])

    def points_given(self, once: str) -> bool:
        return self.tx.one(_ONCE, once=once) is not None

    def points_rules(self, community: int) -> tuple[Rule, ...]:
        own = {rule.code: rule for rule in (Rule(*row) for row in self.tx.rows(_RULES, community=community))}
        return tuple(own.get(rule.code, rule) for rule in TABLE) + tuple(
            rule for code, rule in own.items() if code not in BY_CODE
        )

    def points_expiring(self, person: int, before: datetime) -> int:
        earned = int(self.tx.one(_BEFORE, person=person, account=person_account(person), since=before)[0])
        gone = self.tx.one(_GONE, person=person)
        return max(0, earned - (gone[0] if gone else 0))

    def points_earned(self, person: int, since: datetime) -> int:
        return int(self.tx.one(_EARNED, person=person, account=person_account(person), since=since)[0])

    def points_ranking(self, community: int, month: date, limit: int) -> tuple[tuple[int, int], ...]:
        rows = self.tx.rows(_RANKING, community=community, month=f"{month:%Y-%m}", limit=limit)
        return tuple((row[0], row[1]) for row in rows)

    def points_of_household(self, household: int) -> tuple[int, int]:
        points, members = self.tx.one(_HOUSEHOLD, id=household)
        return int(points), int(members)

    def photo_reused(self, ticket: int) -> bool:
        pairs = self.tx.rows(_ALIKE, id=ticket)
        return any((int(mark, 16) ^ int(older, 16)).bit_count() <= _ALIKE_BITS for mark, older in pairs)

    def _entry(self, row: Any) -> Entry:
        id_, at, kind, rule, community, points, ref, flag = row
        names = {r.code: r.name for r in self.points_rules(community)} if rule else {}
        return Entry(id_, at, kind, rule, names.get(rule, ""), points, ref, flag)
