"""Questions of the desk's page (handlers.tickets.desk_port.AskDesk)."""

from __future__ import annotations

from sqlalchemy import bindparam, literal, select

from handlers.tickets.desk_port import Takeover
from storage.schema import facts, takeovers
from storage.sql import Prepared
from storage.transaction import Transaction

# what only reminds, or is no change of the ticket itself
_QUIET = ("TimerSet", "TimersCleared", "AccessRefused", "OwnerReminded", "RungReached", "NoteKept", "TicketFollowed")
_TAKEOVER = Prepared(
    select(takeovers.c.ticket, takeovers.c.by, takeovers.c.since, takeovers.c.until).where(
        takeovers.c.person == bindparam("person")
    )
)
_SINCE = Prepared(
    select(facts.c.kind)
    .where(
        facts.c.ticket == bindparam("ticket"),
        facts.c.id > bindparam("fact"),
        facts.c.actor != bindparam("but"),
        facts.c.kind.not_in([literal(kind) for kind in _QUIET]),
    )
    .order_by(facts.c.id)
    .limit(20)
)


class ReadDesk:
    tx: Transaction

    def takeover(self, person: int) -> Takeover | None:
        row = self.tx.one(_TAKEOVER, person=person)
        return Takeover(*row) if row else None

    def happened_since(self, ticket: int, fact: int, but: int) -> tuple[str, ...]:
        return tuple(row[0] for row in self.tx.rows(_SINCE, ticket=ticket, fact=fact, but=but))
