"""The clocks of stored tickets: what facts mean for them, dates that move, the sweep of all of them at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from handlers import clockwork
from handlers.policy import Policy
from handlers.tickets import facts as f
from handlers.tickets.clock import Calendar
from handlers.tickets.clock_facts import ContactFailed, RungReached
from handlers.tickets.clocks import Face, faces
from handlers.tickets.ladder import first_rung
from handlers.tickets.limits import DEFAULTS, Clock, Limit
from handlers.tickets.rules import Status
from handlers.timing import TimerSet
from handlers.types import Fact
from storage import clock_sweep, timers
from storage.engine import Database
from storage.holidays_cn import calendar, calendars
from storage.schema import clock_events, duty_hours, holidays, limits, meta, tickets
from storage.schema import facts as log
from storage.schema import timers as timer_table
from storage.transaction import Transaction
from tests.storage.kit import NOW, asked, at, do, nothing, open_turns, opened, row, rows

T2 = DEFAULTS["T2", Clock.WHOLE]
DUE = datetime(2026, 6, 4, 1, 0, tzinfo=NOW.tzinfo)  # three working days later, 09:00 in Shanghai
RUNG = first_rung(T2, NOW, Calendar())


def begin(database: Database, number: int = 1, **more: object) -> None:
    do(database, opened(number, **{"due": DUE, **more}), TimerSet(number, "overdue", RUNG))


def clock(database: Database, which: Clock, now: datetime, ticket: int = 1) -> Face:
    def question(read):  # type: ignore[no-untyped-def]
        return faces(read.clock_events(ticket), read.calendar(0), now)[which]

    found: Face = asked(database, question, now)
    return found


def due(database: Database, ticket: int = 1) -> datetime | None:
    found: datetime | None = row(database, tickets, tickets.c.id == ticket).due
    return found


def test_calendars_of_many_are_those_of_each(database: Database) -> None:
    hours = [(0, "work", "08:30", "17:30"), (2, "work", "09:00", "12:00"), (2, "work", "13:00", "18:00"),
             (3, "weekend", "10:00", "11:00")]  # fmt: skip
    with database.writing() as conn:
        for community, day, begin_, end in hours:
            conn.execute(insert(duty_hours).values(community=community, day=day, begin=begin_, end=end))
        conn.execute(insert(holidays).values(day="2026-06-02", works=False, name="停电日"))
    with database.reading() as conn:
        tx = Transaction(conn.connection.cursor(), database.dialect)
        many = calendars(tx, NOW.date(), (0, 1, 2, 3))
        assert many == {one: calendar(tx, NOW.date(), one) for one in (0, 1, 2, 3)}
    assert many[0] is many[1]
    assert len({many[0].periods, many[2].periods, many[3].periods}) == 2
    assert many[3].weekend == ((time(10), time(11)),)


def test_the_life_of_a_ticket(database: Database) -> None:
    begin(database)
    assert clock(database, Clock.WHOLE, at(60)).elapsed == 60
    assert clock(database, Clock.ACCEPT, at(60)).limit == 120
    do(database, f.TicketDispatched(1, 300, 0, "deputy", Status.TO_ACCEPT), now=at(90))
    assert clock(database, Clock.ACCEPT, at(100)).elapsed == 10  # restarts, the whole order does not
    do(database, f.TicketAccepted(1, 300), now=at(110))
    accepted = clock(database, Clock.ACCEPT, at(150))
    assert (accepted.elapsed, accepted.running) == (20, False)
    assert clock(database, Clock.FIRST, at(120)).running  # taking it is not yet speaking with the reporter
    do(database, f.WordsAdded(1, 300, "明天来看"), now=at(120))
    assert clock(database, Clock.FIRST, at(150)).elapsed == 120
    do(database, f.WordsAdded(1, 100, "又坏了一盏"), now=at(130))
    assert clock(database, Clock.NEXT, at(140)).elapsed == 10
    do(database, f.TicketUrged(1, 100), now=at(140))
    assert clock(database, Clock.NEXT, at(145)).elapsed == 5  # every word of theirs begins it anew
    do(database, f.TicketVisited(1, 300), now=at(150))
    assert not clock(database, Clock.NEXT, at(160)).running
    do(database, f.TicketSolved(1, 300, "换好了"), now=at(150 + 60))
    whole = clock(database, Clock.WHOLE, at(5000))
    assert (whole.elapsed, whole.running) == (150, False)  # 11:30 to 13:00 nobody is on duty
    assert rows(database, timer_table) == []
    do(database, f.TicketReopened(1, 100, at(400), at(900)), now=at(1000))
    assert row(database, timer_table).kind == "overdue"
    assert clock(database, Clock.WHOLE, at(1000)).running


def test_danger_has_its_clock_of_arrival(database: Database) -> None:
    begin(database, level="T0")
    assert clock(database, Clock.ARRIVE, at(20)).remaining == 10
    do(database, f.TicketVisited(1, 200), now=at(25))
    assert not clock(database, Clock.ARRIVE, at(90)).running


def test_waiting_for_the_reporter_holds_the_promise_until_they_write(database: Database) -> None:
    begin(database)
    do(database, ContactFailed(1, 200, "没人接电话"), now=at(60))
    assert due(database) is None
    assert rows(database, timer_table) == []
    do(database, ContactFailed(1, 200), now=at(90))  # asked again: still waiting
    do(database, f.WordsAdded(1, 100, "我刚才在开会"), now=at(120))
    assert due(database) == DUE + timedelta(minutes=60)
    assert row(database, timer_table).due == RUNG + timedelta(minutes=60)
    assert clock(database, Clock.WHOLE, at(150)).elapsed == 90


def test_an_extension_moves_the_ladder(database: Database) -> None:
    begin(database)
    until = datetime(2026, 6, 10, 10, 0, tzinfo=NOW.tzinfo)
    do(database, f.ExtensionDecided(1, 200, True, until), now=at(60))
    assert due(database) == until
    assert row(database, timer_table).due > RUNG
    whole = clock(database, Clock.WHOLE, at(60))
    assert (whole.due, whole.limit) == (until, 1440 + 450 + 4 * 480)


def test_each_rung_is_said_once_through_the_one_door(database: Database) -> None:
    begin(database)
    with open_turns(database, nothing) as turns:

        def tick(now: datetime) -> list[int]:
            before = len(rows(database, log, log.c.kind == "RungReached"))
            timers.fire_due(database, turns, clockwork.fire, Policy(), now, 100)
            found = rows(database, log, log.c.kind == "RungReached")[before:]
            return [int(fact.body.split('"rung":')[1].split("}")[0].split(",")[0]) for fact in found]

        assert tick(RUNG - timedelta(seconds=1)) == []
        assert tick(RUNG) == [50]
        assert tick(RUNG) == []
        assert tick(DUE) == [80, 100]
        assert tick(DUE + timedelta(days=30)) == [150]
        assert tick(DUE + timedelta(days=60)) == []
    assert rows(database, timer_table) == []


def test_a_communitys_own_limits_and_hours(database: Database) -> None:
    with database.writing() as conn:
        conn.execute(insert(limits).values(community=0, of="T2", clock=Clock.ACCEPT.value, terms="60w"))
        conn.execute(insert(limits).values(community=7, of="T2", clock=Clock.ACCEPT.value, terms="30w"))
        conn.execute(insert(limits).values(community=7, of="0201", clock=Clock.WHOLE.value, terms="1440n"))
        for day, start, end in (("work", "09:00", "12:00"), ("weekend", "09:00", "11:00")):
            conn.execute(insert(duty_hours).values(community=7, day=day, begin=start, end=end))
    assert asked(database, lambda r: r.limits(8).of(Clock.ACCEPT, "T2")) == Limit(60, True)
    own = asked(database, lambda r: r.limits(7))
    assert own.of(Clock.ACCEPT, "T2") == Limit(30, True)
    assert own.of(Clock.WHOLE, "T2", "0201") == Limit(1440, False)
    assert asked(database, lambda r: r.calendar(8)).periods == Calendar().periods
    mine = asked(database, lambda r: r.calendar(7))
    assert mine.periods == ((time(9, 0), time(12, 0)),)
    assert mine.on_duty(date(2026, 6, 6)) == ((time(9, 0), time(11, 0)),)


def test_a_holiday_announced_late_moves_the_promises_and_says_so(database: Database) -> None:
    begin(database)
    begin(database, 2, level="T1", due=at(1440), status=Status.TO_DISPATCH, owner=0)  # natural time: nothing moves
    with open_turns(database, nothing) as turns:
        mark, moved = clock_sweep.refresh(database, turns, NOW, "")
        assert moved == 0
        assert clock_sweep.refresh(database, turns, at(1), mark) == (mark, 0)
        with database.writing() as conn:
            conn.execute(insert(holidays).values(day="2026-06-02", works=False, name="试"))
        assert clock_sweep.look(database, at(2))[0] == 2
        new, moved = clock_sweep.refresh(database, turns, at(2), mark)
        assert (new != mark, moved) == (True, 1)
        assert clock_sweep.refresh(database, turns, at(3), "") == (new, 0)  # another process finds it done
    assert due(database) == DUE + timedelta(days=1)
    assert row(database, timer_table, timer_table.c.ticket == 1).due == RUNG + timedelta(days=1)
    assert row(database, log, log.c.kind == "DueMoved").via == "clock"
    assert len(rows(database, meta, meta.c.name == "calendar")) == 1


STEPS = st.sampled_from(["speak", "urge", "fail", "answer", "visit", "extend", "rung", "other owner"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(STEPS, st.integers(1, 900)), max_size=8))
def test_the_stored_date_is_always_the_clocks(database: Database, steps: list[tuple[str, int]]) -> None:
    """Whatever happens, the date people are told is the one the pure function gives."""
    for table in (tickets, clock_events, timer_table):
        with database.writing() as conn:
            conn.execute(table.delete())
    begin(database)
    now, last = NOW, DUE
    for name, minutes in steps:
        now += timedelta(minutes=minutes)
        before = due(database)
        happened: dict[str, Fact] = {
            "speak": f.WordsAdded(1, 100, "还在吗"), "urge": f.TicketUrged(1, 100),
            "fail": ContactFailed(1, 200), "answer": f.DeskReplied(1, 200, "在办"), "visit": f.TicketVisited(1, 200),
            "extend": f.ExtensionDecided(1, 200, True, (before or last) + timedelta(hours=5)),
            "rung": RungReached(1, 50, 200), "other owner": f.TicketDispatched(1, 300, 0, "desk", Status.TO_ACCEPT),
        }  # fmt: skip
        if name == "extend" and before is None:
            continue
        do(database, happened[name], now=now)
        whole, stored = clock(database, Clock.WHOLE, now), due(database)
        assert whole.paused == (stored is None)
        if stored is not None:
            assert whole.due is not None
            if name == "extend":  # what a person named is kept to the minute, also outside duty hours
                assert stored >= whole.due
            elif before is None:
                assert stored == whole.due
            assert stored >= last
            last = max(last, whole.due)


def test_a_ticket_that_was_only_opened_in_this_turn(database: Database) -> None:
    do(database, replace(opened(1), due=DUE), f.WordsAdded(1, 100, "还有一盏"))
    assert [event.kind for event in rows(database, clock_events)] == ["start", "start", "start", "spoke"]
