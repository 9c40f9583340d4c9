"""Clocks: what they are told by, the operator's limits and duty hours. Open tickets get the start of their order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "clocks_1"
down_revision = "0001"

_TERMS = {"T0": "120n", "T1": "1440n", "T2": "1440w", "T3": "2400w", "T4": "21600n", "TC": "480w", "TW": "14400n"}
_DONE = ("待评价", "已办结", "已撤回")


def upgrade() -> None:
    op.create_table(
        "clock_events",
        sa.Column("ticket", sa.BigInteger, nullable=False), sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False), sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("clock", sa.String(4), nullable=False), sa.Column("terms", sa.String(12), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("ticket", "id", name="pk_clock_events"), sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "limits",
        sa.Column("community", sa.BigInteger, nullable=False), sa.Column("of", sa.String(4), nullable=False),
        sa.Column("clock", sa.String(4), nullable=False), sa.Column("terms", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("community", "of", "clock", name="pk_limits"), sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "duty_hours",
        sa.Column("community", sa.BigInteger, nullable=False), sa.Column("day", sa.String(8), nullable=False),
        sa.Column("begin", sa.String(5), nullable=False), sa.Column("end", sa.String(5), nullable=False),
        sa.PrimaryKeyConstraint("community", "day", "begin", name="pk_duty_hours"), sqlite_with_rowid=False,
    )  # fmt: skip
    _begin_open_orders()


def _begin_open_orders() -> None:
    tickets = sa.table("tickets", *(sa.column(name) for name in ("id", "level", "status", "opened")))
    sqlite = op.get_bind().dialect.name == "sqlite"
    seconds = sa.func.strftime("%s", tickets.c.opened) if sqlite else sa.extract("epoch", tickets.c.opened)
    terms = sa.case(*((tickets.c.level == level, text) for level, text in _TERMS.items()), else_="2400w")
    started = sa.select(
        tickets.c.id, tickets.c.id, sa.cast(seconds, sa.BigInteger), sa.literal("start"), sa.literal("整体"), terms,
        sa.literal(0),
    ).where(tickets.c.status.not_in(_DONE))  # fmt: skip
    events = sa.table(
        "clock_events", *(sa.column(name) for name in ("ticket", "id", "at", "kind", "clock", "terms", "value"))
    )
    op.get_bind().execute(events.insert().from_select([column.name for column in events.columns], started))
