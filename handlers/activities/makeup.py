"""补签: the organiser vouches for a forgotten check-in or check-out, a second person confirms (domain.md §4.2)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers.activities import find, manage, record, texts_hours
from handlers.activities.facts_hours import CheckedIn, CheckedOut, MakeupAsked, MakeupConfirmed
from handlers.activities.port import Activity, Signup
from handlers.activities.port_hours import Makeup
from handlers.activities.rules import Place, State
from handlers.read import Read
from handlers.types import Fact, Outcome, Refused, Reply, Role, Turn, say
from nlp import when
from nlp.when import ZONE

_ASKED = re.compile(r"^补签(?P<step>到|退)?[:：\s]*(?P<rest>.*)$")
_STEPS = {"came": "签到", "went": "签退"}
_BACK = timedelta(days=30)


def start(turn: Turn, read: Read) -> Outcome:
    """「补签退 陈国强 10:40 手机没电」 by the organiser; from anybody else it is explained."""
    match = _ASKED.match(turn.said.text.strip())
    assert match is not None
    if not read.activities_led(turn.who.id, turn.now - _BACK) and Role.DESK not in {p.role for p in turn.who.posts}:
        return forgot(turn, read)
    activity, signup, name = _named(turn, match.group("rest"), read)
    at = _clock(match.group("rest").replace(name, "", 1), activity)
    why = when.without(match.group("rest").replace(name, "", 1)).strip(" ,，。")
    if at is None or len(why) < 2:
        return say(texts_hours.MAKEUP_HOW)
    there = read.attendance(signup.id)
    step = {"到": "came", "退": "went"}.get(match.group("step") or "", "went" if there else "came")
    return asked(turn, activity, signup, step, at, why, read)


def asked(
    turn: Turn, activity: Activity, signup: Signup, step: str, at: datetime, why: str, read: Read
) -> Outcome:  # fmt: skip
    """`step`: came or went. A second person has to confirm. Raises Refused."""
    name, there = manage.name_of(signup.person, read), read.attendance(signup.id)
    _possible(turn, activity, step, at, there.came if there else None, name)
    if there and (step == "came" or there.went):
        return say(texts_hours.ALREADY_OUT.format(name=activity.name))
    if signup.person == turn.who.id:
        return say(texts_hours.MAKEUP_SELF)
    fact = MakeupAsked(read.new_id(), signup.id, activity.id, step, at, turn.who.id, why)
    text = texts_hours.MAKEUP_ASKED.format(who=name, time=texts_hours.clock(at), step=_STEPS[step])
    return Outcome(replies=(Reply(text),), facts=(fact,))


def forgot(turn: Turn, read: Read) -> Outcome:
    """「忘记签退了」 from who took part."""
    for signup in reversed(read.signups_of(turn.who.id, turn.now - _BACK)):
        activity = read.activity(signup.activity)
        if activity and activity.starts <= turn.now:
            return say(texts_hours.FORGOT.format(organiser=find.organiser(activity, read)))
    return say(texts_hours.NOTHING_TODAY)


def _named(turn: Turn, words: str, read: Read) -> tuple[Activity, Signup, str]:
    recent = [a for a in read.activities_led(turn.who.id, turn.now - _BACK) if a.starts <= turn.now]
    community = find.community_of(turn)
    if community in turn.who.scopes(Role.DESK):
        recent += [a for a in read.activities_on(community, turn.now - _BACK, turn.now) if a not in recent]
    for activity in sorted(recent, key=lambda a: a.starts, reverse=True):
        for signup in read.signups_in(activity.id):
            name = manage.name_of(signup.person, read)
            if name in words and signup.status in (Place.SEATED, Place.CAME, Place.ABSENT):
                return read.activity_held(activity.id) or activity, signup, name
    raise Refused(texts_hours.MAKEUP_HOW)


def _clock(words: str, activity: Activity) -> datetime | None:
    """The time of day that is named, on the activity's day."""
    morning = activity.starts.astimezone(ZONE).replace(hour=0, minute=0)
    found = when.limit(words, morning)
    if found is None or not re.search(r"\d[:：点时]", words):
        return None
    found = found.astimezone(ZONE).replace(year=morning.year, month=morning.month, day=morning.day)
    late = found + timedelta(hours=12)
    inside = activity.starts - timedelta(hours=1) <= found
    return found if inside or found.hour >= 12 else late


def _possible(turn: Turn, activity: Activity, step: str, at: datetime, came: datetime | None, name: str) -> None:
    first = activity.starts - timedelta(minutes=turn.policy.checkin_before)
    last = activity.ends + timedelta(minutes=turn.policy.checkout_after)
    if step == "went" and came is None:
        raise Refused(texts_hours.MAKEUP_IN_FIRST.format(who=name))
    if not first <= at <= min(last, turn.now) or (came is not None and step == "went" and at <= came):
        raise Refused(f"时间不对：要在{texts_hours.clock(first)}到{texts_hours.clock(last)}之间，签退在签到之后。")


def confirm(turn: Turn, read: Read) -> Outcome:
    """「证明 陈国强」 by staff or by somebody who was there."""
    words = re.sub(r"^(?:我?能?)?证明[:：\s]*", "", turn.said.text.strip())
    found = _waiting(turn, words, read)
    if found is None:
        return say(texts_hours.MAKEUP_NONE)
    return vouched(turn, *found, read)


def vouched(turn: Turn, activity: Activity, signup: Signup, makeup: Makeup, read: Read) -> Outcome:
    """The second person's word; the check counts from now on. The activity must be held."""
    if makeup.by == turn.who.id or signup.person == turn.who.id:
        return say(texts_hours.MAKEUP_SELF)
    checked: Fact
    if makeup.step == "came":
        checked = CheckedIn(signup.id, activity.id, signup.person, makeup.at, "makeup")
    else:
        checked = CheckedOut(signup.id, activity.id, signup.person, makeup.at, "makeup")
    facts: tuple[Fact, ...] = (MakeupConfirmed(makeup.id, activity.id, turn.who.id), checked)
    there = read.attendance(signup.id)
    if signup.status is Place.ABSENT:
        facts += (record.moved(signup, Place.CAME, turn.who.id),)  # who was there was not absent
    if activity.status is State.RECORDED and makeup.step == "went" and there:
        facts += record.hours_of(turn, activity, signup, there.came, makeup.at, read)
    name = manage.name_of(signup.person, read)
    text = texts_hours.MAKEUP_DONE.format(who=name, time=texts_hours.clock(makeup.at), step=_STEPS[makeup.step])
    return Outcome(replies=(Reply(text),), facts=facts)


def _waiting(turn: Turn, name: str, read: Read) -> tuple[Activity, Signup, Makeup] | None:
    """An open 补签 of that name this person may confirm: staff of the community, or who was there too."""
    community = find.community_of(turn)
    staff = community in turn.who.scopes(Role.DESK)
    activities = {a.id for a in read.activities_on(community, turn.now - _BACK, turn.now)} if staff else set()
    mine = read.signups_of(turn.who.id, turn.now - _BACK)
    activities |= {s.activity for s in mine if read.attendance(s.id)}
    activities |= {a.id for a in read.activities_led(turn.who.id, turn.now - _BACK)}
    for number in sorted(activities):
        for makeup in read.makeups_open(number):
            signup = read.signup(makeup.signup)
            activity = read.activity_held(number)
            if signup and activity and (not name or manage.name_of(signup.person, read) == name):
                return activity, signup, makeup
    return None
