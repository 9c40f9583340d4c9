"""What a turn writes with: the transaction, the moment, ids, and the versions of what it has read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nlp.quick import quick
from storage.read import Reader
from storage.transaction import Transaction


@quick
@dataclass(frozen=True, slots=True)
class Pen:
    tx: Transaction
    reader: Reader
    new_id: Callable[[], int]
    now: datetime
