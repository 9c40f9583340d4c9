"""Answers what the core may ask (handlers.read.Read), inside one transaction; changes nothing but counters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

from handlers.tickets.clock import Calendar
from handlers.tickets.clocks import Event
from handlers.tickets.limits import Limits
from storage.ahead import Ahead
from storage.holidays_cn import calendar
from storage.read_activities import ReadActivities
from storage.read_announcements import ReadAnnouncements
from storage.read_categories import ReadCategories
from storage.read_clocks import events_of, limits_of
from storage.read_desk import ReadDesk
from storage.read_digest import ReadDigest
from storage.read_duty import ReadDuty
from storage.read_grids import ReadGrids
from storage.read_honour import ReadHonour
from storage.read_hours import ReadHours
from storage.read_knowledge import ReadKnowledge
from storage.read_months import ReadMonths
from storage.read_mutual import ReadMutual
from storage.read_organisations import ReadOrganisations
from storage.read_points import ReadPoints
from storage.read_received import ticket_of
from storage.read_shop import ReadShop
from storage.read_tickets import ReadTickets
from storage.read_units import ReadUnits
from storage.read_volunteers import ReadVolunteers
from storage.transaction import Transaction

_calendars: dict[tuple[int, date, int], Calendar] = {}
_limits: dict[tuple[int, date, int], Limits] = {}
_calendars_lock = threading.Lock()
_KEPT = 512  # communities


class Reader(
    ReadDuty,
    ReadTickets,
    ReadActivities,
    ReadHours,
    ReadDesk,
    ReadDigest,
    ReadGrids,
    ReadKnowledge,
    ReadOrganisations,
    ReadVolunteers,
    ReadUnits,
    ReadPoints,
    ReadShop,
    ReadMonths,
    ReadHonour,
    ReadMutual,
    ReadCategories,
    ReadAnnouncements,
):
    """One turn's eyes. `database` tells calendars of different databases apart, `today` their day (Asia/Shanghai)."""

    def __init__(
        self,
        tx: Transaction,
        ids: Callable[[], int],
        *,
        database: int = 0,
        today: date,
        numbers: Callable[[str], int] | None = None,
    ) -> None:
        self.asked_ahead = Ahead(tx)
        self._ahead = self.asked_ahead.rows
        ReadDuty.__init__(self, tx, database)
        ReadTickets.__init__(self, tx, numbers, self.learn)
        ReadActivities.__init__(self, tx)
        ReadHours.__init__(self, tx)
        ReadVolunteers.__init__(self, tx)
        ReadKnowledge.__init__(self, tx, database, numbers)
        ReadAnnouncements.__init__(self, tx, numbers)
        self._ids = ids
        self._day = self._category_key = (database, today)

    def new_id(self) -> int:
        return self._ids()

    def calendar(self, community: int = 0) -> Calendar:
        """Read once a day: a change of the operator's tables counts from the next day, or `forget_calendars()`."""
        at = (*self._day, community)
        found = _calendars.get(at)
        if found is None:
            found = calendar(self.tx, self._day[1], community)
            with _calendars_lock:
                if len(_calendars) > _KEPT:
                    _calendars.clear()
                _calendars[at] = found
        return found

    def limits(self, community: int) -> Limits:
        """Read as often as the calendar."""
        at = (*self._day, community)
        found = _limits.get(at)
        if found is None:
            found = limits_of(self.tx, community)
            with _calendars_lock:
                if len(_limits) > _KEPT:
                    _limits.clear()
                _limits[at] = found
        return found

    def received(self, source: str, external: str) -> int:
        return ticket_of(self.tx, source, external)

    def clock_events(self, ticket: int) -> tuple[Event, ...]:
        return events_of(self.tx, ticket)


def forget_calendars() -> None:
    """The tables of holidays, duty hours or limits were changed."""
    with _calendars_lock:
        _calendars.clear()
        _limits.clear()
