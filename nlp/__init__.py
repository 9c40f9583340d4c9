"""Text to understanding: what a message of a resident or a leader says. No I/O, no clock, no decisions."""

from __future__ import annotations

from nlp.context import Context, within
from nlp.printed import as_json
from nlp.register import EMPTY, Building, Estate, Register
from nlp.types import NOTHING, Issue, Place, PlaceReading, Understanding
from nlp.understand import matter, understand, warm

__all__ = [
    "EMPTY", "NOTHING", "Building", "Context", "Estate", "Issue", "Place", "PlaceReading", "Register",
    "Understanding", "as_json", "matter", "understand", "warm", "within",
]  # fmt: skip
