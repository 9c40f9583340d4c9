"""What the process itself remembers: tokens, job runs, holidays."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, LargeBinary, String, Table

from storage.columns import Secret, Utc
from storage.schema.base import metadata

tokens = Table(  # access tokens of the platforms, one holder for all processes
    "tokens", metadata, Column("name", String(96), primary_key=True), Column("token", Secret("tokens.token")),
    Column("expires", Utc), Column("refreshing_until", Utc), Column("holder", String(36)),
)  # fmt: skip

job_runs = Table(
    "job_runs", metadata, Column("name", String(32), primary_key=True), Column("started", Utc, nullable=False),
    Column("seconds", Float, nullable=False), Column("ok", Boolean, nullable=False),
    Column("result", String(200), nullable=False),
)  # fmt: skip

holidays = Table(  # the operator's own table beside the library's: holiday or workday (调休)
    "holidays", metadata, Column("day", String(10), primary_key=True), Column("works", Boolean, nullable=False),
    Column("name", String(32), nullable=False, default=""),
)  # fmt: skip

alarms = Table(  # those that are on, each told once whichever process sees it
    "alarms", metadata, Column("name", String(96), primary_key=True), Column("since", Utc, nullable=False),
    Column("told", Utc, nullable=False),
)  # fmt: skip

meta = Table("meta", metadata, Column("name", String(32), primary_key=True), Column("value", LargeBinary))
