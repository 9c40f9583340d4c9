"""Social organisations of the communities 社区社会组织."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, UniqueConstraint

from storage.columns import Secret
from storage.schema.base import key, metadata, ref

organisations = Table(
    "organisations", metadata, key(), ref("community", "communities.id"),
    Column("name", String(64), nullable=False),
    Column("kind", String(8), nullable=False),  # handlers.organisations.rules.KINDS
    Column("tier", String(8), nullable=False),  # 民政登记 街道管理 社区指导
    Column("services", String(200), nullable=False),  # what it does, as residents are told
    Column("place", String(64), nullable=False, default=""),
    Column("members", Integer, nullable=False, default=0),
    Column("leader", Secret("organisations.leader")), Column("phone", Secret("organisations.phone")),
    Column("public", Boolean, nullable=False, default=False),  # the leader lets the phone be told to residents
    Column("number", String(32), nullable=False, default=""),  # 备案号
    Column("since", String(10), nullable=False, default=""),
    Column("gone", Boolean, nullable=False, default=False),  # 注销
    UniqueConstraint("community", "name"),
)  # fmt: skip
