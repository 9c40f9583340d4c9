"""Questions about matters of other platforms: which ticket a number stands for, and who called there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from storage.schema import received
from storage.sql import Prepared
from storage.transaction import Transaction

_MATTER = ~received.c.external.startswith("#")  # an update of a matter is kept beside it
_KNOWN = Prepared(
    select(received.c.ticket).where(
        received.c.source == bindparam("source"), received.c.external == bindparam("external")
    )
)


def ticket_of(tx: Transaction, source: str, external: str) -> int:
    """0 when that number was never received."""
    row = tx.one(_KNOWN, source=source, external=external)
    return int(row[0]) if row else 0


def numbers_there(conn: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Ticket → (source, number there)."""
    wanted = select(received.c.ticket, received.c.source, received.c.external).where(
        received.c.ticket.in_(ids), _MATTER
    )
    return {row.ticket: (row.source, row.external) for row in conn.execute(wanted)}


def contact(conn: Connection, ticket: int) -> str:
    """JSON of the caller's name and phone, "" without."""
    found = conn.execute(select(received.c.contact).where(received.c.ticket == ticket, _MATTER)).scalar()
    return found or ""
