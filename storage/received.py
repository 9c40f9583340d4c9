"""Keeps matters of other platforms: their number there and the ticket here; the caller's contact sealed."""

from __future__ import annotations

from sqlalchemy import bindparam

from handlers.tickets.received_facts import MatterReceived
from storage.pen import Pen
from storage.schema import received
from storage.sql import Prepared

ReceivedFact = MatterReceived
_names = ("source", "external", "ticket", "contact", "at")
_NEW = Prepared(received.insert().values(**{name: bindparam(name) for name in _names}))


def apply(fact: ReceivedFact, pen: Pen) -> None:
    pen.tx.write(
        _NEW, source=fact.source, external=fact.external, ticket=fact.ticket, contact=fact.contact, at=pen.now
    )  # fmt: skip
