"""A number as it stands in an address, a form or a button: read the same way everywhere."""

from __future__ import annotations

_BELOW = 2**63  # as ids are (storage/ids.py): no database is asked for more


def number_in(text: str) -> int:
    """An id or another whole number of ASCII digits; 0 for anything else, and for what no id can be."""
    found = int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else 0
    return found if found < _BELOW else 0
