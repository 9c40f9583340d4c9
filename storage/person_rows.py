"""People as the core knows them, with homes and posts: one statement for all who are asked about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import String, bindparam, func, literal, select

from handlers.types import Person, Post, Role
from storage.read_places import AT, HOUSES, SITE_OF, home_from, place_at_site
from storage.schema import homes, households, identities, persons, posts
from storage.sql import Prepared, among, each, gathered, given, listed
from storage.transaction import Transaction


def _persons(dialect: str) -> Any:
    """Everything of the people asked for, their homes and posts as JSON: one statement for all of it."""
    followed = select(func.count()).where(identities.c.person == persons.c.id, identities.c.followed.is_(True))
    lives = (
        select(*AT, homes.c.relation)
        .select_from(HOUSES.join(homes, homes.c.household == households.c.id))
        .where(homes.c.person == persons.c.id, homes.c.until.is_(None))
        .order_by(homes.c.since, homes.c.id)
    )
    holds = (
        select(posts.c.role, posts.c.scope)
        .where(posts.c.person == persons.c.id, posts.c.until.is_(None))
        .order_by(posts.c.since, posts.c.id)
    )
    return select(
        persons.c.id, persons.c.community, persons.c.name, persons.c.phone, persons.c.anonymous, persons.c.notice,
        persons.c.building, followed.scalar_subquery().label("followed"),
        gathered(dialect, lives.correlate(persons)).label("homes"),
        gathered(dialect, holds.correlate(persons)).label("posts"),
    )  # fmt: skip


def _of_senders(dialect: str) -> Any:
    """The people behind addresses, each looked for by the whole key (storage/known.py tells why)."""
    asked, (user, _) = given(dialect, "asked", String(), String())
    i = identities.c
    here = (i.channel == bindparam("channel"), i.account == bindparam("account"), i.user == user)
    behind = select(select(i.person).where(*here).correlate(asked).scalar_subquery()).select_from(asked)
    if dialect == "sqlite":
        return _persons(dialect).where(persons.c.id.in_(behind))
    return _persons(dialect).where(persons.c.id == func.any(func.array(behind.scalar_subquery())))


_PERSONS = Prepared(each(lambda dialect: _persons(dialect).where(among(dialect, persons.c.id))))
OF_SENDERS = Prepared(each(_of_senders))  # asked like storage.known's, read by `people_from`
LEADERS = Prepared(  # of a micro-grid
    each(
        lambda dialect: _persons(dialect).where(
            persons.c.id.in_(
                select(posts.c.person).where(
                    posts.c.role == literal(Role.LEADER.value),
                    posts.c.scope == bindparam("grid"),
                    posts.c.until.is_(None),
                )
            )
        )
    )
)


def load_persons(tx: Transaction, ids: Sequence[int]) -> dict[int, Person]:
    """People by id, one statement for all of them. An unknown id is left out."""
    return people_from(tx, tx.rows(_PERSONS, ids=listed(ids))) if ids else {}


def people_from(tx: Transaction, rows: Iterable[Sequence[Any]]) -> dict[int, Person]:
    found = {}
    for id_, community, name, phone, anonymous, notice, building, followed, lives, holds in rows:
        lived = tuple(home_from(home, home[10]) for home in orjson.loads(lives or "[]"))
        held = tuple(Post(Role(role), scope) for role, scope in orjson.loads(holds or "[]"))
        site = tx.one(SITE_OF, id=building) if building and not lived else None
        found[id_] = Person(
            id_, community, name or "", phone or "", lived, held, anonymous,
            place_at_site(site, "scan") if site else None, notice, followed > 0,
        )  # fmt: skip
    return found
