"""Units of the register with the areas they serve and their members; the category table; not what they do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, update

from handlers.tickets.categories import Category
from handlers.types import Role
from storage import people
from storage.ledger import Ledger
from storage.read_categories import forget_categories
from storage.schema import categories, unit_areas, units


def unit(ledger: Ledger, code: str, name: str, kind: str, phone: str | None = None) -> int:
    """By code. `kind`: a key of handlers.tickets.categories.UNITS."""
    return ledger.put(units, ("code",), {"code": code, "name": name, "kind": kind, "phone": phone})


def area(ledger: Ledger, unit: int, scope: str, place: int = 0, street: str = "") -> int:
    """A unit serves an estate, a community, a street or all. `place`: id of the estate or community."""
    key = {"unit": unit, "scope": scope, "place": place, "street": street}
    return ledger.put(unit_areas, tuple(key), key)


def member(ledger: Ledger, unit: int, person: int, role: Role, now: datetime) -> int:
    """`role`: HEAD, MEMBER, or STREET for the command room."""
    return people.post(ledger, person, role, unit, now)


def write_categories(conn: Connection, wanted: Iterable[Category], stored: frozenset[str]) -> None:
    """`stored`: the codes that are there."""
    for one in wanted:
        values = {
            "name": one.name, "lead": one.lead, "assist": " ".join(one.assist), "level": one.level,
            "std_code": one.std_code, "photo": one.photo, "verify": one.verify,
        }  # fmt: skip
        if one.code in stored:
            conn.execute(update(categories).where(categories.c.code == one.code).values(**values))
        else:
            conn.execute(insert(categories).values(code=one.code, **values))
    forget_categories()
