"""What the clock does to activities: reminders, offers that end, the next of a weekly one. One timer at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.activities import seats
from handlers.activities.facts import ActivityOpened, ActivityReminded
from handlers.activities.port import Activity, Station
from handlers.activities.rules import Place, State
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimerSet
from handlers.types import Fact
from nlp.when import ZONE

_SOON = timedelta(hours=2)


def opened(activity: Activity) -> tuple[TimerSet, ...]:
    """The timer of a new activity: a weekly one opens the next when it ends."""
    return (TimerSet(activity.id, "ac_weekly", activity.ends),) if activity.weekly else ()


def joined(activity: Activity, now: datetime, policy: Policy) -> tuple[TimerSet, ...]:
    """The timers of an activity that somebody comes to, or whose time has changed."""
    before = activity.starts - timedelta(hours=policy.activity_remind_hours)
    before = before if before > now else activity.starts - _SOON
    timers = [TimerSet(activity.id, "ac_record", activity.ends)]
    if before > now:
        timers.append(TimerSet(activity.id, "ac_before", before))
    return tuple(timers)


def of_activity(kind: str, subject: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The facts of a due "ac_…" timer; none when the activity is cancelled or recorded. Raises ValueError."""
    activity = read.activity_held(subject)
    if activity is None or activity.status is not State.OPEN:
        return ()
    match kind:
        case "ac_before":
            return (ActivityReminded(activity.id, "before"),) if activity.starts > now else ()
        case "ac_record":
            return _record(activity, now, policy, read)
        case "ac_weekly":
            return _weekly(activity, now, policy, read)
        case "ac_seats":
            return tuple(
                fact
                for station in activity.stations
                for fact in seats.offers(activity, station, 0, read.waiting(station.id, station.free), now, policy)
            )
        case _:
            raise ValueError(f"no timer is called {kind!r}")


def of_signup(kind: str, subject: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """An offer or a guardian's answer did not come in time: the seats go to the next."""
    signup = read.signup(subject)
    activity = read.activity_held(signup.activity) if signup else None
    signup = read.signup(subject)
    if signup is None or activity is None or signup.status not in (Place.OFFERED, Place.CONSENT):
        return ()
    if signup.until is None or signup.until > now:
        return ()
    gone = seats.leave(signup, Place.LAPSED, "", 0)
    return (gone, *seats.freed(activity, signup, read, now, policy))


def _record(activity: Activity, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The organiser is asked for the hours at the end, half way, and on each of the last days until it is done."""
    nearly = (policy.record_work_days // 2, policy.record_work_days - 1)
    due, passed = activity.ends.astimezone(ZONE).replace(hour=9, minute=0, second=0, microsecond=0), 0
    calendar = read.calendar()
    upcoming: datetime | None = None
    for _ in range(60):
        due += timedelta(days=1)
        passed += calendar.works(due.date())
        if due > now and calendar.works(due.date()) and (passed in nearly or passed >= policy.record_work_days):
            upcoming = due
            break
    again = (TimerSet(activity.id, "ac_record", upcoming),) if upcoming else ()
    return (ActivityReminded(activity.id, "record"), *again)


def _weekly(activity: Activity, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    week = timedelta(days=7)
    stations = tuple(Station(read.new_id(), s.name, s.seats) for s in activity.stations)
    following = replace(
        activity, id=read.new_id(), number=read.activity_number(), starts=activity.starts + week,
        ends=activity.ends + week, stations=stations, recorded=None,
    )  # fmt: skip
    opening = ActivityOpened(
        following.id, following.number, following.community, following.organiser, following, follows=activity.id
    )
    return (opening, *opened(following))
