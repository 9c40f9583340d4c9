"""A ticket's clocks against a counter that walks every minute, on random calendars and histories (domain.md §2.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.tickets.clock import Calendar
from handlers.tickets.clocks import Event, Face, Kind, faces, promised
from handlers.tickets.limits import Clock, Limit
from tests.handlers.walker import BEGIN, CALENDARS, DAYS, HORIZON, LIMITS, START, histories, walk


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
