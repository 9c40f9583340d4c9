"""The index by which tickets are found: blind pairs of characters → which tickets, as sets of bits."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, PrimaryKeyConstraint, Table

from storage.schema.base import metadata

search_docs = Table(  # the place of a ticket in the sets; a ticket whose words were erased gets another
    "search_docs", metadata,
    Column("place", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, nullable=False, unique=True),
)  # fmt: skip

search_grams = Table(  # `gram`: keyed, so that the index says no words; `block`: of 4,096 places
    "search_grams", metadata,
    Column("gram", BigInteger), Column("block", Integer), Column("bits", LargeBinary, nullable=False),
    PrimaryKeyConstraint("gram", "block"), sqlite_with_rowid=False,
)  # fmt: skip
