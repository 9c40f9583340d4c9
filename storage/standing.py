"""Which entries of the points ledger stand: those that no other entry takes back."""

from __future__ import annotations

from sqlalchemy import exists

from storage.schema import point_entries

_back = point_entries.alias("taken_back")
STANDS = ~exists().where(_back.c.reverses == point_entries.c.id)
