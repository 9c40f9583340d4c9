"""The clocks of a ticket: a pure function of what happened, the calendar and the moment (domain.md §2.4, §2.9).

Every start of a clock carries the limit that was in force then, so that a promise given does not move when
somebody edits the table; how much of it is used up follows from the calendar as it is known now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from handlers.tickets.clock import NATURAL, Calendar, Ruler, ruler
from handlers.tickets.limits import STEPS, Clock, Limit
from nlp.quick import quick


class Kind(StrEnum):
    """What can happen to clocks."""

    START = "start"  # a clock begins, or begins again; a step ends the step before
    STOP = "stop"  # one clock ends
    SPOKE = "spoke"  # the reporter wrote: 下次答复 begins anew, waiting for them ends
    CONTACT = "contact"  # somebody answered, called or came: 首次联系 and 下次答复 end
    WAIT = "wait"  # the reporter was asked and could not be reached: waiting begins
    HANG = "hang"  # 挂账
    RESUME = "resume"  # neither waiting nor 挂账 any more
    EXTEND = "extend"  # 延期 approved, until `value`
    SOLVED = "solved"  # 办结: every clock stops
    UNDONE = "undone"  # it was not: what stopped goes on, as if it never had
    CLASSED = "classed"  # another class: the whole order has another limit, from the same beginning
    RUNG = "rung"  # a step of the ladder was taken; `value` is its percentage
    RETURN = "return"  # a return was agreed; only counted


@quick
@dataclass(frozen=True, slots=True)
class Event:
    """`at`: seconds since 1970. `limit` where a clock starts, `value` where the kind says so."""

    at: int
    kind: Kind
    clock: Clock | None = None
    limit: Limit | None = None
    value: int = 0


@dataclass(frozen=True, slots=True)
class Face:
    """One clock as it stands. Minutes are whole; `remaining` is negative when it is late.

    `due` None: paused, so that there is no date to promise.
    """

    clock: Clock
    limit: int
    elapsed: int
    due: datetime | None
    running: bool
    paused: bool

    @property
    def remaining(self) -> int:
        return self.limit - self.elapsed

    @property
    def percent(self) -> int:
        return self.elapsed * 100 // self.limit if self.limit else 100

    @property
    def late(self) -> bool:
        return self.elapsed > self.limit or (self.elapsed == self.limit and self.running)


class Hand:
    """One clock while the events are gone through: its runs, and what they come to on its ruler."""

    __slots__ = ("limit", "name", "paused", "runs", "since", "spent", "terms", "until", "working")

    def __init__(self, name: Clock, terms: Limit, working: Ruler) -> None:
        self.name = name
        self.terms = terms
        self.working: Ruler = working if terms.working else NATURAL
        self.limit = terms.minutes * 60
        self.runs: list[tuple[int, int]] = []
        self.spent = 0
        self.since: int | None = None
        self.until = 0  # the moment an extension named
        self.paused = False

    def classed(self, terms: Limit, working: Ruler) -> None:
        """Another limit over the same runs; what was granted beyond the old one stays granted."""
        more = self.limit - self.terms.minutes * 60
        self.terms, self.working = terms, working if terms.working else NATURAL
        self.limit = terms.minutes * 60 + more
        self.spent = sum(self.working.upto(end) - self.working.upto(start) for start, end in self.runs)

    def stop(self, at: int) -> None:
        if self.since is not None and at > self.since:
            self.spent += self.working.upto(at) - self.working.upto(self.since)
            self.runs.append((self.since, at))
        self.since = None

    def elapsed(self, now: int) -> int:
        """Seconds used up."""
        if self.since is None or now <= self.since:
            return self.spent
        return self.spent + self.working.upto(now) - self.working.upto(self.since)

    def reaches(self, counted: int, now: int) -> int:
        """The moment at which so many seconds are used up; a clock that stands is taken as going on from `now`."""
        if counted <= self.spent and self.runs:
            before = 0
            for start, end in self.runs:
                length = self.working.upto(end) - self.working.upto(start)
                if before + length >= counted:
                    return self._ahead(start, counted - before)
                before += length
        return self._ahead(now if self.since is None else self.since, counted - self.spent)

    def _ahead(self, start: int, seconds: int) -> int:
        if seconds <= 0:
            return start
        target = self.working.upto(start) + seconds
        if self.until and self.working.upto(self.until) == target:
            return self.until  # the very moment that was promised, also outside duty hours
        return self.working.when(target)

    def face(self, now: int) -> Face:
        due = None if self.paused else datetime.fromtimestamp(self.reaches(self.limit, now), UTC)
        running = self.since is not None
        return Face(self.name, self.limit // 60, self.elapsed(now) // 60, due, running, self.paused)


_KEPT_RUNNING = frozenset({Clock.FIRST, Clock.NEXT, Clock.CHECK, Clock.INTAKE, Clock.DISPATCH})


def hands(events: Iterable[Event], calendar: Calendar) -> dict[Clock, Hand]:
    """The clocks after these events (in the order they happened). Pausing holds what the reporter's silence holds up:
    the whole order and the work on it, not our own answer to them."""
    working = ruler(calendar)
    found: dict[Clock, Hand] = {}
    paused, ended = "", dict[Clock, int]()

    def start(clock: Clock, limit: Limit, at: int) -> None:
        ended.pop(clock, None)
        if clock in STEPS:
            for other in STEPS & found.keys():
                ended.pop(other, None)
                found[other].stop(at)
                found[other].paused = False
        old = found.get(clock)
        if old is not None and limit.cumulative and clock in STEPS:
            hand = old
            hand.stop(at)
        else:
            hand = found[clock] = Hand(clock, limit, working)
        if paused and clock not in _KEPT_RUNNING:
            hand.paused = True
        else:
            hand.since = at

    def pause(at: int) -> None:
        for clock, hand in found.items():
            if clock not in _KEPT_RUNNING and hand.since is not None:
                hand.stop(at)
                hand.paused = True

    def resume(at: int) -> None:
        for hand in found.values():
            if hand.paused:
                hand.paused, hand.since = False, at

    def stop(clock: Clock, at: int) -> None:
        ended.pop(clock, None)
        if clock in found:
            found[clock].stop(at)
            found[clock].paused = False

    for event in events:
        at = event.at
        match event.kind:
            case Kind.START:
                if event.clock and event.limit:
                    start(event.clock, event.limit, at)
            case Kind.STOP:
                if event.clock:
                    stop(event.clock, at)
            case Kind.CONTACT:
                stop(Clock.FIRST, at)
                stop(Clock.NEXT, at)
            case Kind.SPOKE:
                if event.limit:
                    start(Clock.NEXT, event.limit, at)
                if paused == Kind.WAIT:
                    paused = ""
                    resume(at)
            case Kind.WAIT | Kind.HANG:
                if not paused:
                    pause(at)
                if paused != Kind.HANG:
                    paused = event.kind.value
            case Kind.RESUME | Kind.UNDONE:
                paused = ""
                resume(at)
                while ended and event.kind is Kind.UNDONE:
                    clock, since = ended.popitem()
                    found[clock].since = since
            case Kind.EXTEND:
                _extend(found, event)
            case Kind.SOLVED:
                running = {clock: at for clock, hand in found.items() if hand.since is not None or hand.paused}
                paused, again = "", running or dict(ended)
                for clock in found:
                    stop(clock, at)
                ended.update(again)
            case Kind.CLASSED:
                if event.limit and Clock.WHOLE in found:
                    found[Clock.WHOLE].classed(event.limit, working)
    return found


def _extend(found: dict[Clock, Hand], event: Event) -> None:
    """The limit grows by what lies between the date in force and the new one; it never shrinks."""
    hand = found.get(Clock.WHOLE)
    if hand is None:
        return
    due = hand.reaches(hand.limit, event.at)
    more = hand.working.upto(event.value) - hand.working.upto(due)
    if more >= 0 and event.value > due:
        hand.limit += more
        hand.until = event.value


def promised(events: Sequence[Event], calendar: Calendar, now: int) -> int:
    """The date of the whole order in seconds since 1970; 0 while it is paused, done or was never begun."""
    if len(events) == 1:  # most open orders: begun, and nothing that moves the date since
        only = events[0]
        if only.kind is Kind.START and only.clock is Clock.WHOLE and only.limit is not None:
            measure = ruler(calendar) if only.limit.working else NATURAL
            return measure.when(measure.upto(only.at) + only.limit.minutes * 60)
    hand = hands(events, calendar).get(Clock.WHOLE)
    return hand.reaches(hand.limit, now) if hand is not None and hand.since is not None else 0


def faces(events: Iterable[Event], calendar: Calendar, now: datetime) -> dict[Clock, Face]:
    """Every clock that was ever started: used, left, due, paused."""
    at = int(now.timestamp())
    return {clock: hand.face(at) for clock, hand in hands(events, calendar).items()}
