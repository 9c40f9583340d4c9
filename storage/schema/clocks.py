"""What a ticket's clocks are told by, the operator's limits and duty hours."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, String, Table

from storage.schema.base import metadata

clock_events = Table(  # handlers.tickets.clocks.Event, in the order of their ids
    "clock_events", metadata, Column("ticket", BigInteger), Column("id", BigInteger),
    Column("at", BigInteger, nullable=False),  # whole seconds since 1970: the clocks' own unit
    Column("kind", String(8), nullable=False), Column("clock", String(4), nullable=False, default=""),
    Column("terms", String(12), nullable=False, default=""),  # of handlers.tickets.limits.Limit
    Column("value", BigInteger, nullable=False, default=0),
    PrimaryKeyConstraint("ticket", "id"), sqlite_with_rowid=False,
)  # fmt: skip

limits = Table(  # over the defaults of handlers.tickets.limits; community 0: the whole city
    "limits", metadata, Column("community", BigInteger), Column("of", String(4)), Column("clock", String(4)),
    Column("terms", String(12), nullable=False),
    PrimaryKeyConstraint("community", "of", "clock"), sqlite_with_rowid=False,
)  # fmt: skip

duty_hours = Table(  # community 0: the whole city; `day`: work or weekend
    "duty_hours", metadata, Column("community", BigInteger), Column("day", String(8)), Column("begin", String(5)),
    Column("end", String(5), nullable=False),
    PrimaryKeyConstraint("community", "day", "begin"), sqlite_with_rowid=False,
)  # fmt: skip
