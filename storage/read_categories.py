"""The city's category table, read once a day like the calendar."""

from __future__ import annotations

import threading
from datetime import date

from sqlalchemy import select

from handlers.tickets.categories import CATEGORIES, OTHER, Category
from storage.schema import categories
from storage.sql import Prepared
from storage.transaction import Transaction

_CATEGORIES = Prepared(select(*categories.c))
_tables: dict[tuple[int, date], dict[str, Category]] = {}
_tables_lock = threading.Lock()


def forget_categories() -> None:
    """The category table was changed."""
    with _tables_lock:
        _tables.clear()


class ReadCategories:
    """The part of handlers.read.Read that is about the category table."""

    _tx: Transaction
    _category_key: tuple[int, date]

    def category(self, code: str) -> Category:
        found = self._categories()
        return found.get(code) or found.get(OTHER) or CATEGORIES[OTHER]

    def _categories(self) -> dict[str, Category]:
        """Read once a day, like the calendar."""
        found = _tables.get(self._category_key)
        if found is None:
            found = CATEGORIES | {
                row[0]: Category(
                    row[0], row[1], row[2], tuple(row[3].split()), row[4], row[5], bool(row[6]), bool(row[7])
                )
                for row in self._tx.rows(_CATEGORIES)
            }
            with _tables_lock:
                if len(_tables) > 32:
                    _tables.clear()
                _tables[self._category_key] = found
        return found
