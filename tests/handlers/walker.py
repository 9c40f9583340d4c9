"""A counter of a ticket's clocks that walks every minute; random calendars, limits and histories."""

from __future__ import annotations

from datetime import date, datetime, time

from hypothesis import strategies as st

from handlers.tickets.clock import SHANGHAI, Calendar
from handlers.tickets.clocks import Event, Kind
from handlers.tickets.limits import STEPS, Clock, Limit

BEGIN = datetime(2026, 9, 28, 9, 0, tzinfo=SHANGHAI)  # a Monday before the national holiday
START = int(BEGIN.timestamp())
HORIZON = 6 * 1440
DAYS = st.dates(date(2026, 9, 27), date(2026, 10, 8))
PERIODS = st.sampled_from(
    [
        ((time(8, 30), time(11, 30)), (time(13, 0), time(18, 0))),
        ((time(9, 0), time(12, 0)),),
        ((time(8, 0), time(10, 0)), (time(11, 0), time(12, 30)), (time(19, 0), time(21, 0))),
    ]
)
CALENDARS = st.builds(
    lambda off, on, periods, weekend: Calendar(frozenset(off - on), frozenset(on), periods, weekend),
    st.sets(DAYS, max_size=4),
    st.sets(DAYS, max_size=2),
    PERIODS,
    st.sampled_from([(), ((time(9, 0), time(11, 0)),)]),
)
LIMITS = st.builds(Limit, st.integers(1, 1200), st.booleans(), st.booleans())
HELD = frozenset({Clock.FIRST, Clock.NEXT, Clock.CHECK, Clock.INTAKE, Clock.DISPATCH})  # go on while others pause


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """The report at minute 0, then anything in any order."""
    events = [
        Event(START, Kind.START, Clock.WHOLE, draw(LIMITS)),
        Event(START, Kind.START, Clock.FIRST, draw(LIMITS)),
    ]
    for minute in sorted(draw(st.lists(st.integers(0, HORIZON), max_size=8))):
        at = START + minute * 60
        kind = draw(st.sampled_from([k for k in Kind if k not in (Kind.EXTEND, Kind.RETURN, Kind.CLASSED)]))
        clock = draw(st.sampled_from(sorted(STEPS))) if kind in (Kind.START, Kind.STOP) else None
        limit = draw(LIMITS) if kind in (Kind.START, Kind.SPOKE) else None
        events.append(Event(at, kind, clock, limit, draw(st.sampled_from((50, 80)))))
    return events


class Walker:
    """The same rules, one minute after another, nothing looked up."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.limit: dict[Clock, Limit] = {}
        self.spent: dict[Clock, int] = {}
        self.on: set[Clock] = set()
        self.held: set[Clock] = set()
        self.why = ""
        self.ended: dict[Clock, int] = {}  # what 办结 stopped, and what would have been spent since

    def begin(self, clock: Clock, limit: Limit) -> None:
        for gone in STEPS if clock in STEPS else {clock}:
            self.ended.pop(gone, None)
        if clock in STEPS:
            self.on -= STEPS
            self.held -= STEPS
        if clock in STEPS and limit.cumulative and clock in self.limit:
            limit = self.limit[clock]
        else:
            self.spent[clock] = 0
        self.limit[clock] = limit
        (self.held if self.why and clock not in HELD else self.on).add(clock)

    def end(self, *clocks: Clock) -> None:
        for clock in clocks:
            self.ended.pop(clock, None)
        self.on -= set(clocks)
        self.held -= set(clocks)

    def go_on(self) -> None:
        self.why = ""
        self.on |= self.held
        self.held = set()

    def take(self, event: Event) -> None:
        if event.kind is Kind.START:
            assert event.clock is not None and event.limit is not None
            self.begin(event.clock, event.limit)
        elif event.kind is Kind.STOP:
            assert event.clock is not None
            self.end(event.clock)
        elif event.kind is Kind.CONTACT:
            self.end(Clock.FIRST, Clock.NEXT)
        elif event.kind is Kind.SPOKE:
            assert event.limit is not None
            self.begin(Clock.NEXT, event.limit)
            if self.why == "wait":
                self.go_on()
        elif event.kind in (Kind.WAIT, Kind.HANG):
            stopped = {clock for clock in self.on if clock not in HELD}
            if not self.why:
                self.on -= stopped
                self.held |= stopped
            self.why = "hang" if event.kind is Kind.HANG or self.why == "hang" else "wait"
        elif event.kind is Kind.RESUME:
            self.go_on()
        elif event.kind is Kind.SOLVED:
            self.why = ""
            again = dict.fromkeys(self.on | self.held, 0) or self.ended
            self.ended = {}
            self.end(*Clock)
            self.ended = again
        elif event.kind is Kind.UNDONE:
            self.go_on()
            for clock, spent in self.ended.items():
                self.spent[clock] += spent
                self.on.add(clock)
            self.ended = {}

    def minute(self, second: int) -> None:
        local = datetime.fromtimestamp(second, SHANGHAI)
        duty = any(a <= local.time() < b for a, b in self.calendar.on_duty(local.date()))
        for clock in self.on:
            if duty or not self.limit[clock].working:
                self.spent[clock] += 1
        for clock in self.ended:
            if duty or not self.limit[clock].working:
                self.ended[clock] += 1


def walk(events: list[Event], calendar: Calendar, until: int) -> Walker:
    walker, waiting = Walker(calendar), list(events)
    for second in range(START, until, 60):
        while waiting and waiting[0].at <= second:
            walker.take(waiting.pop(0))
        walker.minute(second)
    for event in waiting:
        if event.at <= until:
            walker.take(event)
    return walker
