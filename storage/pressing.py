"""快超时 as a condition on tickets: by class, so that the due date alone is compared with a moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, literal

from handlers.tickets.limits import PRESSING
from storage.columns import Utc
from storage.schema import tickets

_LONGEST = max(PRESSING.values())


def presses(now: datetime) -> ColumnElement[bool]:
    """Soon due, or late already; what limits.presses says of one."""
    latest = literal(now + _LONGEST, Utc())  # said apart, so that an index of due dates narrows
    moments = {level: literal(now + before, Utc()) for level, before in PRESSING.items()}
    return and_(tickets.c.due < latest, tickets.c.due <= case(moments, value=tickets.c.level, else_=latest))
