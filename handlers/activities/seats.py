"""Who gets a seat: pure decisions over an activity that is held for this turn (never oversold, waiting in order)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.activities import rules
from handlers.activities.facts import SeatsOffered, SeatsTaken, SignupMoved
from handlers.activities.port import Activity, Guest, Signup, Station
from handlers.activities.rules import HOLDS, Place
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimerSet
from handlers.types import Fact, Turn
from nlp.when import ZONE

_LAST_OFFER = timedelta(minutes=30)  # nobody can come from home in less


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to come. `minor`: a guardian has to agree."""

    myself: bool
    party: tuple[Guest, ...]
    answer: str = ""
    minor: bool = False

    @property
    def people(self) -> int:
        return int(self.myself) + len(self.party)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody who signs up gets. `ahead`: how many sign-ups wait before, when it is the waiting list."""

    signup: Signup
    facts: tuple[Fact, ...]
    ahead: int = 0
    absences: int = 0
    code: str = ""


def take(
    turn: Turn, activity: Activity, station: Station, wish: Wish, absences: tuple[datetime, ...], read: Read
) -> Given:
    """Seats when nobody waits and there are enough, else the end of the waiting list."""
    policy, now = turn.policy, turn.now
    usual, behind = read.queue(station.id)
    low = rules.low_priority(absences, now, policy.absences_most, policy.absence_low_days)
    place = Place.WAITING
    if not usual + behind and station.free >= wish.people:
        place = Place.CONSENT if wish.minor else Place.REVIEW if activity.approve else Place.SEATED
    number = read.new_id()
    code = read.consent_code(number) if wish.minor else ""
    until = min(now + timedelta(hours=policy.consent_hours), activity.starts) if place is Place.CONSENT else None
    signup = Signup(
        number, activity.id, station.id, turn.who.id, wish.people, wish.party, place, now, low,
        answer=wish.answer,
        until=until,
    )  # fmt: skip
    fact = SeatsTaken(
        number, activity.id, station.id, turn.who.id, wish.people, place.value, party_json(wish.party), wish.answer,
        low, until, code,
    )  # fmt: skip
    timed = (TimerSet(number, "su_until", until),) if until else ()
    ahead = usual + behind if low else usual
    return Given(signup, (fact, *timed), ahead, len(absences) if low else 0, code)


def leave(signup: Signup, after: Place, why: str, by: int) -> SignupMoved:
    """A sign-up ends; the seats it held become free."""
    frees = signup.people if signup.status in HOLDS else 0
    return SignupMoved(
        signup.id, signup.activity, signup.station, signup.person, signup.status.value, after.value, frees, why, by
    )


def offers(
    activity: Activity, station: Station, freed: int, waiting: Iterable[Signup], now: datetime, policy: Policy
) -> tuple[Fact, ...]:
    """The first of the waiting list are offered what is free, in their order; nobody is passed over."""
    if activity.starts - now < _LAST_OFFER:
        return ()
    until = offer_until(activity, now, policy)
    free = station.free + freed
    facts: list[Fact] = []
    for signup in waiting:
        if signup.people > free:
            break
        free -= signup.people
        facts.append(SeatsOffered(signup.id, activity.id, station.id, signup.person, signup.people, until))
        facts.append(TimerSet(signup.id, "su_until", until))
    return tuple(facts)


def offer_until(activity: Activity, now: datetime, policy: Policy) -> datetime:
    """Two hours of the day: what is offered in the night is good until after breakfast."""
    local = now.astimezone(ZONE)
    start, quiet = now, policy.quiet_from_hour != policy.quiet_to_hour
    if quiet and local.hour >= policy.quiet_from_hour:
        start = (local + timedelta(days=1)).replace(hour=policy.quiet_to_hour, minute=0, second=0, microsecond=0)
    elif quiet and local.hour < policy.quiet_to_hour:
        start = local.replace(hour=policy.quiet_to_hour, minute=0, second=0, microsecond=0)
    return min(start + timedelta(hours=policy.seat_offer_hours), activity.starts)


def freed(activity: Activity, signup: Signup, read: Read, now: datetime, policy: Policy) -> tuple[Fact, ...]:
    """The offers that follow when this sign-up ends."""
    frees = signup.people if signup.status in HOLDS else 0
    station = activity.station(signup.station)
    first = read.waiting(signup.station, station.free + frees + 1)  # everybody needs at least one seat
    waiting = tuple(other for other in first if other.id != signup.id)
    return offers(activity, station, frees, waiting, now, policy)


def party_json(party: tuple[Guest, ...]) -> str:
    return json.dumps([[guest.label, guest.age, guest.child] for guest in party], ensure_ascii=False)
