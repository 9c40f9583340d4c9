"""What the indicators are read from: each ticket as judged, the sums of each day, and what the staff's work came to.

All of it follows from tickets, clock events and the facts log and is kept up by storage/tally.py: it may be emptied
at any time. Nothing personal; a ticket's words are not here.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, PrimaryKeyConstraint, String, Table

from handlers.tickets.measures import MEASURES
from storage.columns import Utc
from storage.schema.base import metadata, only


def _measures() -> list[Column[float]]:
    return [Column(name, Float if name.endswith("_part") else Integer, nullable=False) for name in MEASURES]


ticket_numbers = Table(
    "ticket_numbers", metadata, Column("ticket", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), nullable=False),  # of the report, Asia/Shanghai
    Column("community", BigInteger, nullable=False),  # 0: not known yet
    Column("category", String(4), nullable=False), Column("micro_grid", BigInteger, nullable=False),
    Column("unit", BigInteger, nullable=False),  # 0: a person of the grid or the community
    Column("first_length", Integer), Column("done_length", Integer),  # rounded minutes; NULL: does not count
    Column("again", Utc),  # when it is to be judged again although nothing happens
    *_measures(),
    Index("ix_ticket_numbers_where", "community", "day", "ticket"), Index("ix_ticket_numbers_when", "day", "ticket"),
    Index("ix_ticket_numbers_again", "again", **only("again IS NOT NULL")),
)  # fmt: skip

number_days = Table(  # sums of ticket_numbers; `of`: "" category micro_grid unit
    "number_days", metadata, Column("community", BigInteger),  # 0: not known yet, -1: all together
    Column("of", String(10)), Column("day", String(10)), Column("key", String(20)), *_measures(),
    PrimaryKeyConstraint("community", "of", "day", "key"), Index("ix_number_days_day", "day", "community"),
    sqlite_with_rowid=False,
)  # fmt: skip

number_lengths = Table(  # how many tickets of a day took how long; `what`: first done
    "number_lengths", metadata, Column("community", BigInteger), Column("what", String(5)),
    Column("day", String(10)), Column("minutes", Integer), Column("tickets", Integer, nullable=False),
    PrimaryKeyConstraint("community", "what", "day", "minutes"), Index("ix_number_lengths_day", "day", "community"),
    sqlite_with_rowid=False,
)  # fmt: skip

effort_days = Table(  # what staff and the bot did on a day
    "effort_days", metadata, Column("community", BigInteger), Column("day", String(10)),
    Column("acts", Integer, nullable=False), Column("seconds", Integer, nullable=False),
    Column("answered", Integer, nullable=False), Column("unhelped", Integer, nullable=False),
    Column("handed", Integer, nullable=False), Column("replied", Integer, nullable=False),
    PrimaryKeyConstraint("community", "day"), sqlite_with_rowid=False,
)  # fmt: skip

effort_last = Table(  # the latest act of each member of staff, to measure the next one from
    "effort_last", metadata, Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("turn", BigInteger, nullable=False), Column("at", Utc, nullable=False),
)  # fmt: skip
