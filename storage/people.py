"""People of the register: persons, homes, posts, chat identities, one-time codes; not what they say."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, insert, select, update

from handlers.types import Role, Sender
from storage import crypto
from storage.ids import new_id
from storage.land import (
    add_building,
    add_community,
    add_estate,
    add_grid,
    add_household,
    add_micro_grid,
    building_codes,
)  # fmt: skip
from storage.ledger import Ledger, Row
from storage.schema import claims, homes, identities, persons, posts

__all__ = [
    "add_building", "add_community", "add_estate", "add_grid", "add_home", "add_household", "add_micro_grid",
    "add_person", "add_post", "building_codes", "claim_hash", "end_home", "end_post", "link_identity", "new_claim",
]  # fmt: skip

CLAIM_DIGITS = 8


def digits(phone: str) -> str:
    """What the blind index is made of: digits only, without the country's 86."""
    found = re.sub(r"\D", "", phone)
    return found[-11:] if len(found) in (13, 15) and found.lstrip("0").startswith("86") else found


def phone_indexes(phone: str) -> tuple[str, ...]:
    """Blind indexes of a phone, the present key's first; () without one."""
    return crypto.current().indexes(digits(phone)) if digits(phone) else ()


def with_phone(ledger: Ledger, phone: str) -> Row | None:
    """The person with this phone."""
    found = (ledger.find(persons, phone_index=index) for index in phone_indexes(phone))
    return next((row for row in found if row is not None), None)


def person(
    ledger: Ledger, name: str, phone: str, community: int, now: datetime, *, overwrite: bool = False, known: int = 0
) -> int:
    """By `known` (an id), else by phone, else new. Fills what is empty; changes a name or phone only with
    `overwrite`.
    """
    index = next(iter(phone_indexes(phone)), None)
    row = ledger.find(persons, id=known) if known else with_phone(ledger, phone)
    values = {
        "name": name, "phone": phone or None, "phone_index": index, "community": community or None, "created": now,
    }  # fmt: skip
    if row is None:
        key = "phone_index" if index else "id"
        return ledger.put(persons, (key,), {**values, "id": new_id()})
    for column in ("name", "phone"):
        if row[column] and not overwrite:
            values[column] = None
    if values["phone"] is None:
        values["phone_index"] = None
    values["created"] = None
    values["community"] = None if row["community"] else values["community"]
    return ledger.put(persons, ("id",), {**values, "id": row["id"]})


def home(ledger: Ledger, person: int, household: int, relation: str, source: str, now: datetime) -> int:
    """A person belongs to a household. `relation`: owner tenant family; `source`: text scan desk import."""
    row = ledger.find(homes, person=person, household=household)
    values = {"person": person, "household": household, "relation": relation}
    if row is None:
        values |= {"source": source, "since": now}
    return ledger.put(homes, ("person", "household"), values)


def post(ledger: Ledger, person: int, role: Role, scope: int, now: datetime) -> int:
    """A person holds a post; who else holds it is the caller's business."""
    key = {"person": person, "role": role.value, "scope": scope}
    since = now if ledger.find(posts, **key) is None else None
    return ledger.put(posts, tuple(key), {**key, "since": since})


# --- one row at a time


def add_person(conn: Connection, name: str, phone: str, community: int, *, now: datetime) -> int:
    """The person with this phone, else a new one; returns the id."""
    ledger = Ledger(conn)
    found = person(ledger, name, phone, community, now)
    ledger.write()
    return found


def add_home(
    conn: Connection, person: int, household: int, relation: str = "owner", source: str = "desk", *, now: datetime
) -> int:
    ledger = Ledger(conn)
    found = home(ledger, person, household, relation, source, now)
    ledger.write()
    return found


def end_home(conn: Connection, person: int, household: int, *, now: datetime) -> None:
    same = and_(homes.c.person == person, homes.c.household == household, homes.c.until.is_(None))
    conn.execute(update(homes).where(same).values(until=now))


def add_post(conn: Connection, person: int, role: Role, scope: int, *, now: datetime) -> int:
    """`scope`: id of the micro-grid (LEADER, DEPUTY), grid (GRID) or community (DESK)."""
    ledger = Ledger(conn)
    found = post(ledger, person, role, scope, now)
    ledger.write()
    return found


def end_post(conn: Connection, person: int, role: Role, scope: int, *, now: datetime) -> None:
    same = and_(posts.c.person == person, posts.c.role == role.value, posts.c.scope == scope, posts.c.until.is_(None))
    conn.execute(update(posts).where(same).values(until=now))


def link_identity(conn: Connection, person: int, sender: Sender, now: datetime) -> None:
    """The address on a channel belongs to this person from now on."""
    at = {"channel": sender.channel, "account": sender.account, "user": sender.user}
    here = and_(*(identities.c[name] == value for name, value in at.items()))
    moved = conn.execute(update(identities).where(here).values(person=person))
    if not moved.rowcount:
        conn.execute(insert(identities).values(**at, person=person, followed=True, seen=now, window_left=0))


def claim_hash(code: str) -> str:
    """How a one-time code is stored: SHA-256 in hex of its digits."""
    return hashlib.sha256(code.encode()).hexdigest()


def new_claim(conn: Connection, person: int, now: datetime, days: int = 7) -> str:
    """A one-time code of eight digits, good for `days`; codes the person has not used stop working.

    The code itself is returned once and stored nowhere.
    """
    conn.execute(delete(claims).where(claims.c.person == person, claims.c.used.is_(None)))
    while True:
        code = f"{secrets.randbelow(10**CLAIM_DIGITS):0{CLAIM_DIGITS}d}"
        taken = conn.execute(select(claims.c.person).where(claims.c.code_hash == claim_hash(code))).first()
        if taken is None:
            break
    conn.execute(insert(claims).values(code_hash=claim_hash(code), person=person, expires=now + timedelta(days=days)))
    return code
