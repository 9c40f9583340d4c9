"""Questions about people and posts, for storage/read.py; nothing of tickets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, and_, bindparam, func, literal, or_, select

from handlers.read import Community
from handlers.types import Person, Role
from nlp.quick import replace
from storage import crypto
from storage.people import claim_hash
from storage.person_rows import load_persons
from storage.read_places import ReadPlaces
from storage.schema import (
    claim_failures,
    claims,
    communities,
    grids,
    identities,
    micro_grids,
    persons,
    posts,
)  # fmt: skip
from storage.sql import Prepared
from storage.transaction import Transaction

_CALLED = re.compile(r"(?:微网格长|网格长|网格员|组长|楼长|师傅|老师|主任|书记|阿姨|大姐|叔叔|长|工)$")

_ID: BindParameter[int] = bindparam("id")


_NAME = Prepared(select(persons.c.name).where(persons.c.id == _ID))
_COMMUNITY = Prepared(
    select(communities.c.id, communities.c.name, communities.c.phone, communities.c.street).where(
        communities.c.id == _ID
    )
)
_in_community: BindParameter[int] = bindparam("community")
_STAFF = Prepared(
    select(posts.c.person)
    .where(
        posts.c.until.is_(None),
        or_(
            and_(
                posts.c.role.in_([literal(Role.LEADER.value), literal(Role.DEPUTY.value)]),
                posts.c.scope.in_(select(micro_grids.c.id).where(micro_grids.c.community == _in_community)),
            ),
            and_(
                posts.c.role == Role.GRID.value,
                posts.c.scope.in_(select(grids.c.id).where(grids.c.community == _in_community)),
            ),
            and_(posts.c.role == Role.DESK.value, posts.c.scope == _in_community),
        ),
    )
    .distinct()
    .order_by(posts.c.person)
)
_CLAIM = Prepared(
    select(claims.c.person, claims.c.expires, claims.c.used).where(claims.c.code_hash == bindparam("code"))
)
_CHANNELS = Prepared(
    select(identities.c.channel)
    .where(identities.c.person == _ID, identities.c.followed.is_(True))
    .distinct()
    .order_by(identities.c.channel)
)
_FAILURES = Prepared(
    select(func.count()).where(claim_failures.c.person == _ID, claim_failures.c.at >= bindparam("since"))
)


class ReadPeople(ReadPlaces):
    """The part of handlers.read.Read that is about people, posts and duties."""

    def __init__(self, tx: Transaction, database: int) -> None:
        super().__init__(tx, database)
        self._persons: dict[int, Person] = {}
        self._names: dict[int, str] = {}

    def forget_person(self, person: int) -> None:
        """Somebody's record was changed in this transaction, nobody's post: load it again when it is asked for."""
        self._persons.pop(person, None)
        self._names.pop(person, None)

    def noticed(self, person: int, version: int) -> None:
        """Somebody was shown the privacy notice, which changes nothing else of the record."""
        if person in self._persons:
            self._persons[person] = replace(self._persons[person], notice=version)

    def forget(self) -> None:
        """People and posts were changed in this transaction: load them again."""
        self._persons.clear()
        self._names.clear()

    def know(self, people: dict[int, Person]) -> None:
        self._persons |= people

    def person(self, person: int) -> Person | None:
        if person and person not in self._persons:
            self._persons |= load_persons(self.tx, [person])
        return self._persons.get(person)

    def learn(self, person: int, name: str | None) -> None:
        """Somebody's sealed name, which came with another question."""
        if person and person not in self._persons and person not in self._names:
            self._names[person] = crypto.current().open(name, "persons.name") if name else ""

    def name(self, person: int) -> str:
        if not person or person in self._persons:
            known = self._persons.get(person)
            return known.name if known else ""
        if person not in self._names:
            row = self.tx.one(_NAME, id=person)
            self._names[person] = (row[0] if row else "") or ""
        return self._names[person]

    def names(self, persons: Iterable[int]) -> dict[int, str]:
        asked = dict.fromkeys(persons)
        unknown = [one for one in asked if one and one not in self._persons and one not in self._names]
        found = self.tx.many(_NAME, [{"id": one} for one in unknown]) if unknown else ()
        for person, rows in zip(unknown, found, strict=True):
            self._names[person] = (rows[0][0] if rows else "") or ""
        return {person: self.name(person) for person in asked}

    def community(self, community: int) -> Community | None:
        row = self.of_register(("community", community), lambda: self.tx.one(_COMMUNITY, id=community))
        return Community(*row) if row else None

    def staff(self, community: int) -> tuple[Person, ...]:
        # names are sealed, each with its own nonce: the staff of one community are few, so all are opened
        return self._people([row[0] for row in self.tx.rows(_STAFF, community=community)])

    def person_named(self, community: int, name: str) -> tuple[Person, ...]:
        name = name.strip()
        family = _CALLED.sub("", name)
        if not name:
            return ()
        staff = self.staff(community)
        exact = tuple(person for person in staff if person.name and person.name in (name, family))
        if exact or family == name or not family:
            return exact
        return tuple(person for person in staff if person.name.startswith(family) and len(family) <= 2)

    def claim(self, code: str, now: datetime) -> int:
        row = self.tx.one(_CLAIM, code=claim_hash(code))
        return row[0] if row and row[2] is None and row[1] > now else 0

    def channels(self, person: int) -> tuple[str, ...]:
        return tuple(row[0] for row in self.tx.rows(_CHANNELS, id=person))

    def failed_claims(self, person: int, since: datetime) -> int:
        return int(self.tx.one(_FAILURES, id=person, since=since)[0])

    def _people(self, ids: Sequence[int]) -> tuple[Person, ...]:
        unknown = [person for person in ids if person not in self._persons]
        if unknown:
            self._persons |= load_persons(self.tx, unknown)
        return tuple(self._persons[person] for person in ids if person in self._persons)
