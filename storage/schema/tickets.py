"""Tickets and what hangs on them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, only, ref

# What is not over: the states of rules.OPEN, and waiting for the reporter's answer. An index is used only where a
# statement says the same words.
OPEN_ONLY = (
    "status IN ('升级', '处置中', '延期申请', '待受理', '待接单', '待核查', "
    "'待派单', '待补充', '待评价', '挂账', '转紧急专线', '退单申请')"
)
# Over, and its person still known: what retention looks for (storage/upkeep.py).
NOT_FORGOTTEN = "closed IS NOT NULL AND reporter != 0"
OF_UNIT = "unit != 0"
RAISED = "tier >= 3 OR level = 'T0'"  # has come up to the street, or is a danger
# Its file is still to be taken off the disk (storage/media.py).
NOT_REMOVED = "state = 'erased' AND (file IS NOT NULL OR original IS NOT NULL)"
NOT_ERASED = "state != 'erased'"  # photos and voices that are still there, or may still come

tickets = Table(
    "tickets", metadata, key(),
    Column("code", String(16), nullable=False, unique=True),
    Column("tail", String(8), nullable=False),  # last four digits
    ref("community", "communities.id", null=True),  # NULL: not known yet
    Column("micro_grid", BigInteger, nullable=False, default=0),
    Column("category", String(4), nullable=False), Column("level", String(2), nullable=False),
    Column("urgency", String(10), nullable=False), Column("kind", String(8), nullable=False),
    Column("status", String(8), nullable=False),
    Column("place", Secret("tickets.place"), nullable=False),  # JSON of nlp.types.Place
    Column("place_key", String(64), nullable=False, default=""),  # storage.places.key: to find what is near
    Column("lat", Float), Column("lon", Float),
    Column("words", Secret("tickets.words"), nullable=False),
    Column("summary", Secret("tickets.summary"), nullable=False),
    Column("result", Secret("tickets.result")),
    Column("reporter", BigInteger, nullable=False), Column("owner", BigInteger, nullable=False, default=0),
    Column("anonymous", Boolean, nullable=False, default=False),
    Column("designated", Boolean, nullable=False, default=False),
    Column("dispatches", Integer, nullable=False, default=0), Column("reopened", Integer, nullable=False, default=0),
    Column("followers", Integer, nullable=False, default=0),
    Column("source", String(16), nullable=False),
    Column("opened", Utc, nullable=False), Column("changed", Utc, nullable=False),
    Column("accept_by", Utc), Column("due", Utc), Column("dispatched", Utc), Column("accepted", Utc),
    Column("visited", Utc), Column("solved", Utc), Column("closed", Utc),
    Column("extended", Boolean, nullable=False, default=False), Column("extension_until", Utc),
    Column("solved_answer", Boolean), Column("rating", String(8), nullable=False, default=""),
    Column("unit", BigInteger, nullable=False, server_default=text("0")),  # the lead unit 主办单位
    Column("tier", Integer, nullable=False, server_default=text("0")),  # level of the chain: 0 micro … 4 department
    Column("merged_into", BigInteger, nullable=False, server_default=text("0")),
    Column("hung_until", Utc), Column("hang_asked", Utc),  # 挂账: the review date; asked for, not decided
    Column("list_basis", String(16), nullable=False, server_default=""),  # 清单内 清单外 of a task pushed down
    Column("cost", Integer, nullable=False, server_default=text("0")),  # yuan, of work outside the list
    Column("proxy_for", BigInteger, nullable=False, server_default=text("0")),  # the person it was reported for
    Column("proxy_name", Secret("tickets.proxy_name")),
    Column("against", BigInteger, nullable=False, server_default=text("0")),  # person complained of
    Column("against_unit", BigInteger, nullable=False, server_default=text("0")),
    Column("ended", String(16), nullable=False, server_default=""),  # key of rules.ROUTES, or terminated
    Column("version", Integer, nullable=False, default=0),  # counts changes: two turns never change what only one saw
    Index("ix_tickets_reporter", "reporter", "opened"),
    Index("ix_tickets_owner_status", "owner", "status"),
    Index("ix_tickets_near", "place_key", "category", "opened"),
    Index("ix_tickets_pin", "category", "lat", **only("lat IS NOT NULL")),
    Index("ix_tickets_board", "community", "changed"), Index("ix_tickets_desk", "community", "status", "id"),
    Index("ix_tickets_number", "tail", "community"), Index("ix_tickets_grid", "micro_grid", "status"),
    Index("ix_tickets_unit", "unit", "status", **only(OF_UNIT)),
    Index("ix_tickets_unit_list", "unit", "id", **only(OF_UNIT)),
    Index("ix_tickets_proxy", "proxy_for", **only("proxy_for != 0")),
    Index(  # newest first, with what a street's list is narrowed by
        "ix_tickets_raised", "id", "community", "against", "category", "source", "owner", "micro_grid", **only(RAISED)
    ),
    Index("ix_tickets_merged", "merged_into", **only("merged_into != 0")),
    Index("ix_tickets_tier", "tier", "status", **only("tier IN (1, 3)")),
    Index("ix_tickets_list", "community", "id", "against", "category", "source"),
    Index("ix_tickets_class", "category", "id", "community"),
    Index("ix_tickets_open", "community", **only(OPEN_ONLY)),
    Index("ix_tickets_ended", "closed", **only(NOT_FORGOTTEN)),
)  # fmt: skip

followers = Table(
    "followers", metadata, Column("ticket", BigInteger), Column("person", BigInteger),
    Column("since", Utc, nullable=False), Column("until", Utc),
    PrimaryKeyConstraint("ticket", "person"), Index("ix_followers_person", "person"),
    sqlite_with_rowid=False,
)  # fmt: skip

notes = Table(  # words added to a ticket, by anybody
    "notes", metadata, key(),
    Column("ticket", BigInteger, nullable=False), Column("person", BigInteger, nullable=False),
    Column("at", Utc, nullable=False), Column("kind", String(16), nullable=False),  # name of the fact
    Column("words", Secret("notes.words"), nullable=False),
    Index("ix_notes_ticket", "ticket", "id"), Index("ix_notes_person", "person"),
)  # fmt: skip

media = Table(  # photos and voices; fetched from the platform by a job
    "media", metadata, key(),
    Column("ticket", BigInteger, nullable=False), Column("person", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False), Column("ref", String(256), nullable=False),
    Column("file", String(96)), Column("state", String(8), nullable=False),  # wanted stored lost erased
    Column("attempts", Integer, nullable=False, default=0), Column("next_at", Utc),
    Column("at", Utc, nullable=False), Column("of", String(8), nullable=False, default="report"),  # report | result
    Column("original", String(96)),  # of a photo with covered faces or plates: never shown but to the desk
    Index("ix_media_ticket", "ticket"),
    Index("ix_media_wanted", "next_at", **only("state = 'wanted'")), Index("ix_media_kept", "at", **only(NOT_ERASED)),
    Index("ix_media_gone", "id", **only(NOT_REMOVED)),
    Index("ix_media_file", "file", **only("file IS NOT NULL")),
    Index("ix_media_original", "original", **only("original IS NOT NULL")),
)  # fmt: skip

timers = Table(
    "timers", metadata, Column("ticket", BigInteger), Column("kind", String(12)),
    Column("due", Utc, nullable=False), Column("attempts", Integer, nullable=False, default=0),
    PrimaryKeyConstraint("ticket", "kind"), Index("ix_timers_due", "due"),
    sqlite_with_rowid=False,
)  # fmt: skip
