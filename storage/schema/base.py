"""What every table is made with: the metadata, ids, references, partial indexes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[int]:
    """Ids are made by the application (storage/ids.py): 63 bits, rising with time."""
    # INTEGER on SQLite: the id is then the row's own key, without an index beside the table
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)


def ref(name: str, target: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(target), nullable=null)


def only(which: str) -> dict[str, Any]:
    """An index of the rows that fit only, on both databases."""
    return {"sqlite_where": text(which), "postgresql_where": text(which)}
