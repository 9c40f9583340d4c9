"""Whether the points ledger adds up: sums, orphans, what happened twice, stock and promises. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, exists, func, or_, select

from handlers.points.rules import BY_CODE
from storage import chain
from storage.engine import Database
from storage.schema import facts, point_accounts, point_entries, point_postings, point_rules, redemptions, shop_items
from storage.standing import STANDS

_SHANGHAI = ZoneInfo("Asia/Shanghai")

_MOST = 20  # lines of one kind: a broken table needs no thousand
_a, _e, _p, _r = point_accounts.c, point_entries.c, point_postings.c, redemptions.c
_kind = facts.c.kind


def findings(db: Database) -> list[str]:
    """What does not add up, a line each; [] when all is well."""
    with db.reading() as conn:
        return [line for check in _CHECKS for line in check(conn)]


def counts(db: Database) -> dict[str, int]:
    """How much was looked at: entries, postings, accounts, redemptions."""
    tables = {"entries": point_entries, "postings": point_postings, "accounts": point_accounts, "codes": redemptions}
    with db.reading() as conn:
        return {
            name: int(conn.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in tables.items()
        }


def _entries_add_up(conn: Connection) -> Iterator[str]:
    wrong = select(_p.entry, func.sum(_p.points)).group_by(_p.entry).having(func.sum(_p.points) != 0).limit(_MOST)
    for entry, total in conn.execute(wrong):
        yield f"分录 {entry} 借贷不平，差{total}分"


def _orphans(conn: Connection) -> Iterator[str]:
    bare = select(_e.id).where(~exists().where(_p.entry == _e.id)).limit(_MOST)
    lost = select(_p.entry).where(~exists().where(_e.id == _p.entry)).distinct().limit(_MOST)
    for (entry,) in conn.execute(bare):
        yield f"分录 {entry} 没有明细"
    for (entry,) in conn.execute(lost):
        yield f"明细指向不存在的分录 {entry}"


def _balances(conn: Connection) -> Iterator[str]:
    mine = _p.account.like("person:%")
    really = {
        int(account.removeprefix("person:")): total
        for account, total in conn.execute(select(_p.account, func.sum(_p.points)).where(mine).group_by(_p.account))
    }
    kept = {row.person: row.balance for row in conn.execute(select(_a.person, _a.balance))}
    wrong = [person for person in really.keys() | kept.keys() if really.get(person, 0) != kept.get(person, 0)]
    for person in sorted(wrong)[:_MOST]:
        yield f"居民 {person} 余额记{kept.get(person, 0)}分，分录合计{really.get(person, 0)}分"


def _held(conn: Connection) -> Iterator[str]:
    promised = conn.execute(select(func.coalesce(func.sum(_r.points), 0)).where(_r.state == "held")).scalar_one()
    held = conn.execute(select(func.coalesce(func.sum(_p.points), 0)).where(_p.account == "held")).scalar_one()
    if promised != held:
        yield f"占用账户{held}分，未领的兑换合计{promised}分"
    for name, stock in conn.execute(
        select(shop_items.c.name, shop_items.c.stock).where(shop_items.c.stock < 0).limit(_MOST)
    ):
        yield f"「{name}」库存是{stock}"


def _reasons(conn: Connection) -> Iterator[str]:
    """What was earned has a key that can happen once, and was not approved by the person himself."""
    given = select(_e.id).where(_e.kind == "earn")
    for (entry,) in conn.execute(given.where(_e.once.is_(None)).limit(_MOST)):
        yield f"分录 {entry} 没有来由"
    own = given.where(or_(_e.by == _e.person, _e.second == _e.person), _e.person != 0).limit(_MOST)
    for (entry,) in conn.execute(own):
        yield f"分录 {entry} 是自己批的"


def _logged(conn: Connection) -> Iterator[str]:
    """Every entry that gave points stands in the facts log, which is sealed."""
    told = {
        orjson.loads(body)["entry"] for (body,) in conn.execute(select(facts.c.body).where(_kind == "PointsEarned"))
    }
    earned = select(_e.id).where(_e.kind == "earn")
    if until := chain.start(conn).until:  # older records are in an archive
        earned = earned.where(_e.at > until)
    there = {entry for (entry,) in conn.execute(earned)}
    for entry in sorted(there - told)[:_MOST]:
        yield f"分录 {entry} 在审计日志里没有"
    for entry in sorted(told - there)[:_MOST]:
        yield f"审计日志里的分录 {entry} 不见了"


def _caps(conn: Connection) -> Iterator[str]:
    """What one person earned by one rule in one day (Shanghai) or month, against the caps of the rule's version."""
    own = {(r.community, r.code, r.version): (r.day_cap, r.month_cap) for r in conn.execute(select(point_rules))}
    earned = select(_e.person, _e.community, _e.rule, _e.version, _e.at, _e.times).where(
        _e.kind == "earn", _e.rule != "", STANDS
    )
    days: Counter[tuple[Any, ...]] = Counter()
    months: Counter[tuple[Any, ...]] = Counter()
    for person, community, code, version, at, times in conn.execute(earned):
        usual = BY_CODE.get(code)
        caps = own.get((community, code, version)) or ((usual.day_cap, usual.month_cap) if usual else (0, 0))
        local = at.astimezone(_SHANGHAI)
        if caps[0]:
            days[person, code, caps[0], f"{local:%Y-%m-%d}"] += times
        if caps[1]:
            months[person, code, caps[1], f"{local:%Y-%m}"] += times
    over = [(key, times) for counted in (days, months) for key, times in counted.items() if times > key[2]]
    for (person, code, cap, when), times in sorted(over)[:_MOST]:
        yield f"居民 {person} 在 {when} 的 {code} 记了{times}次，最多{cap}次"


_CHECKS = (_entries_add_up, _orphans, _balances, _held, _reasons, _logged, _caps)
