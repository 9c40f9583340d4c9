"""A ticket's clocks against a counter that walks every minute, on random calendars and histories (domain.md §2.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.tickets import ladder
from handlers.tickets.clock import SHANGHAI, Calendar
from handlers.tickets.clocks import Event, Face, Kind, faces, promised
from handlers.tickets.limits import CLASSES, DEFAULTS, RAISED, STEPS, Clock, Limit, Limits, limit_from

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

    def begin(self, clock: Clock, limit: Limit) -> None:
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
            self.end(*Clock)

    def minute(self, second: int) -> None:
        local = datetime.fromtimestamp(second, SHANGHAI)
        duty = any(a <= local.time() < b for a, b in self.calendar.on_duty(local.date()))
        for clock in self.on:
            if duty or not self.limit[clock].working:
                self.spent[clock] += 1


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


@settings(max_examples=80, deadline=None)
@given(histories(), CALENDARS, st.integers(0, HORIZON + 600))
def test_agrees_with_the_minute_counter(events: list[Event], calendar: Calendar, minutes: int) -> None:
    now = START + max(minutes * 60, events[-1].at - START)
    walker = walk(events, calendar, now)
    seen = faces(events, calendar, datetime.fromtimestamp(now, UTC))
    assert {clock: face.elapsed for clock, face in seen.items()} == walker.spent
    assert {clock for clock, face in seen.items() if face.running} == walker.on
    assert {clock for clock, face in seen.items() if face.paused} == walker.held
    for clock, face in seen.items():
        assert (face.due is None) == face.paused
        assert face.remaining == walker.limit[clock].minutes - walker.spent[clock]


@settings(max_examples=60, deadline=None)
@given(histories(), CALENDARS)
def test_due_is_the_minute_at_which_the_counter_reaches_the_limit(events: list[Event], calendar: Calendar) -> None:
    calendar = Calendar(calendar.holidays, calendar.workdays, calendar.periods, ((time(9, 0), time(11, 0)),))
    now = events[-1].at
    for clock, face in faces(events, calendar, datetime.fromtimestamp(now, UTC)).items():
        if not face.running or face.remaining <= 0:
            continue
        assert face.due is not None
        due = int(face.due.timestamp())
        walker = walk(events, calendar, now)
        for second in range(now, due, 60):
            assert walker.spent[clock] < face.limit, (clock, face)
            walker.minute(second)
        assert walker.spent[clock] == face.limit


@settings(max_examples=100, deadline=None)
@given(histories(), CALENDARS)
def test_the_date_alone_is_the_same_date(events: list[Event], calendar: Calendar) -> None:
    for history in (events[:1], events):
        now = history[-1].at
        face = faces(history, calendar, datetime.fromtimestamp(now, UTC))[Clock.WHOLE]
        date = promised(history, calendar, now)
        assert date == (int(face.due.timestamp()) if face.running and face.due is not None else 0)


def whole(events: list[Event], calendar: Calendar, now: int) -> Face:
    return faces(events, calendar, datetime.fromtimestamp(now, UTC))[Clock.WHOLE]


@settings(max_examples=100, deadline=None)
@given(LIMITS, CALENDARS, st.integers(0, 2000), st.integers(1, 2000))
def test_pausing_never_shortens(limit: Limit, calendar: Calendar, begin: int, length: int) -> None:
    start = Event(START, Kind.START, Clock.WHOLE, limit)
    paused, on = START + begin * 60, START + (begin + length) * 60
    for kind in (Kind.WAIT, Kind.HANG):
        held = [start, Event(paused, kind)]
        assert whole(held, calendar, on).due is None
        resumed = whole([*held, Event(on, Kind.RESUME)], calendar, on)
        plain = whole([start], calendar, on)
        assert resumed.due is not None and plain.due is not None
        assert resumed.due >= plain.due
        assert resumed.elapsed <= plain.elapsed


@settings(max_examples=100, deadline=None)
@given(histories(), CALENDARS, DAYS)
def test_one_more_holiday_never_shortens(events: list[Event], calendar: Calendar, day: date) -> None:
    more = Calendar(calendar.holidays | {day}, calendar.workdays - {day}, calendar.periods, calendar.weekend)
    now = datetime.fromtimestamp(events[-1].at, UTC)
    before, after = faces(events, calendar, now), faces(events, more, now)
    for clock in before:
        assert after[clock].elapsed <= before[clock].elapsed
        if (due := before[clock].due) is not None and (later := after[clock].due) is not None:
            assert later >= due


@settings(max_examples=100, deadline=None)
@given(LIMITS, CALENDARS, st.integers(0, 2000), st.integers(0, 9000))
def test_an_extension_gives_the_date_it_names_and_never_an_earlier_one(
    limit: Limit, calendar: Calendar, asked: int, until: int
) -> None:
    start = Event(START, Kind.START, Clock.WHOLE, limit)
    now = START + asked * 60
    due = whole([start], calendar, now).due
    new = whole([start, Event(now, Kind.EXTEND, value=START + until * 60)], calendar, now)
    wanted = datetime.fromtimestamp(START + until * 60, UTC)
    assert new.due is not None and due is not None
    assert new.due == max(due, wanted) or (limit.working and due <= new.due <= wanted)
    assert new.limit >= limit.minutes


@settings(max_examples=100, deadline=None)
@given(LIMITS, LIMITS, CALENDARS, st.integers(0, 2000), st.integers(0, 2000), st.booleans())
def test_another_class_has_its_own_limit_from_the_same_beginning(
    old: Limit, new: Limit, calendar: Calendar, asked: int, pause: int, held: bool
) -> None:
    at = START + asked * 60
    before = [Event(at, Kind.WAIT), Event(at + pause * 60, Kind.RESUME)] if held else []
    now = at + (pause * 60 if held else 0)
    changed = whole(
        [Event(START, Kind.START, Clock.WHOLE, old), *before, Event(now, Kind.CLASSED, Clock.WHOLE, new)],
        calendar,
        now,
    )
    always = whole([Event(START, Kind.START, Clock.WHOLE, new), *before], calendar, now)
    assert (changed.elapsed, changed.limit, changed.due) == (always.elapsed, always.limit, always.due)


def test_a_return_restarts_a_single_step_and_a_cumulative_one_goes_on() -> None:
    for limit, used in ((Limit(60, False), 10), (Limit(60, False, cumulative=True), 30)):
        events = [
            Event(START, Kind.START, Clock.ACCEPT, limit),
            Event(START + 20 * 60, Kind.START, Clock.DISPATCH, Limit(60, False)),
            Event(START + 50 * 60, Kind.START, Clock.ACCEPT, limit),
        ]
        seen = faces(events, Calendar(), BEGIN + timedelta(minutes=60))
        assert seen[Clock.ACCEPT].elapsed == used
        assert (seen[Clock.DISPATCH].elapsed, seen[Clock.DISPATCH].running) == (30, False)


def test_every_word_of_the_reporter_restarts_the_next_answer_and_ends_waiting() -> None:
    limit = Limit(100, False)
    events = [
        Event(START, Kind.START, Clock.WHOLE, Limit(1000, False)),
        Event(START + 600, Kind.WAIT),
        Event(START + 6000, Kind.SPOKE, limit=limit),
        Event(START + 9000, Kind.SPOKE, limit=limit),
    ]
    seen = faces(events, Calendar(), BEGIN + timedelta(minutes=160))
    assert (seen[Clock.NEXT].elapsed, seen[Clock.WHOLE].elapsed) == (10, 70)
    answered = faces([*events, Event(START + 9060, Kind.CONTACT)], Calendar(), BEGIN + timedelta(days=1))
    assert (answered[Clock.NEXT].elapsed, answered[Clock.NEXT].running) == (1, False)


def test_hung_stays_hung_when_the_reporter_writes() -> None:
    events = [
        Event(START, Kind.START, Clock.WHOLE, Limit(1000, False)),
        Event(START + 60, Kind.HANG),
        Event(START + 120, Kind.SPOKE, limit=Limit(100, False)),
    ]
    assert faces(events, Calendar(), BEGIN + timedelta(days=3))[Clock.WHOLE].paused


@settings(max_examples=60, deadline=None)
@given(LIMITS, CALENDARS, st.lists(st.integers(1, 3000), min_size=1, max_size=30))
def test_each_rung_of_the_ladder_is_taken_once_in_order_and_not_before_its_moment(
    limit: Limit, calendar: Calendar, steps: list[int]
) -> None:
    events, now, taken = [Event(START, Kind.START, Clock.WHOLE, limit)], START, []
    for step in steps:
        now += step * 60
        at = datetime.fromtimestamp(now, UTC)
        due = ladder.next_rung(events, calendar)
        new = ladder.reached(events, calendar, at)
        assert bool(new) == (due is not None and due <= at)
        taken += new
        events += [Event(now, Kind.RUNG, value=rung) for rung in new]
    assert taken == list(ladder.RUNGS)[: len(taken)]


def test_a_reopened_order_climbs_the_ladder_again() -> None:
    limit = Limit(100, False)
    events = [Event(START, Kind.START, Clock.WHOLE, limit), Event(START + 3000, Kind.RUNG, value=50)]
    assert ladder.reached(events, Calendar(), BEGIN + timedelta(minutes=60)) == ()
    again = [*events, Event(START + 3600, Kind.SOLVED), Event(START + 7200, Kind.START, Clock.WHOLE, limit)]
    assert ladder.reached(again, Calendar(), BEGIN + timedelta(minutes=170)) == (50,)
    assert ladder.next_rung(again, Calendar()) == BEGIN + timedelta(minutes=170)


def test_a_late_look_takes_every_rung_it_missed() -> None:
    events = [Event(START, Kind.START, Clock.WHOLE, Limit(100, False))]
    assert ladder.reached(events, Calendar(), BEGIN + timedelta(minutes=155)) == (50, 80, 100, 150)


def test_the_table_of_the_field() -> None:
    """domain.md §2.4, line by line."""
    table = Limits()
    assert [table.of(Clock.ACCEPT, level) for level in ("T0", "T1", "T2", "T4")] == [
        Limit(5, False), Limit(30, False), Limit(120, True), Limit(480, True),
    ]  # fmt: skip
    assert [table.of(Clock.WHOLE, level) for level in ("T0", "T1", "T2", "T3", "T4", "TC", "TW")] == [
        Limit(120, False), Limit(1440, False), Limit(1440, True), Limit(2400, True), Limit(21600, False),
        Limit(480, True), Limit(14400, False),
    ]  # fmt: skip
    assert table.of(Clock.ARRIVE, "T0") == Limit(30, False)
    assert table.of(Clock.HANDLE, "T2") is None
    for level in CLASSES:  # danger and urgency run round the clock, the rest in duty time
        assert not (level in RAISED and DEFAULTS[level, Clock.FIRST].working)


def test_a_category_has_its_own_limit_but_never_lengthens_danger() -> None:
    own = Limits({**DEFAULTS, ("0101", Clock.WHOLE): Limit(1440, False)})
    assert own.of(Clock.WHOLE, "T2", "0101") == Limit(1440, False)
    assert own.of(Clock.WHOLE, "T2", "0102") == DEFAULTS["T2", Clock.WHOLE]
    assert own.of(Clock.WHOLE, "T0", "0101") == DEFAULTS["T0", Clock.WHOLE]


@settings(deadline=None)
@given(LIMITS)
def test_terms_are_read_as_they_were_written(limit: Limit) -> None:
    assert limit_from(limit.terms) == limit


@pytest.mark.parametrize("terms", ["", "w", "12", "12x", "-1w", "12wcc"])
def test_other_terms_are_refused(terms: str) -> None:
    with pytest.raises(ValueError, match="no limit"):
        limit_from(terms)
