"""Checking in and out: by the rotating picture, six digits, or the place (domain.md §4.2)."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import ground
from handlers.activities import find, rules, texts_hours
from handlers.activities.facts_hours import CheckedIn, CheckedOut
from handlers.activities.port import Activity, Signup
from handlers.activities.port_hours import Attendance
from handlers.activities.rules import Place, State
from handlers.read import Read
from handlers.types import Outcome, Reply, Turn, say

TOKEN = re.compile(r"a1\.\d{1,19}\.[\w-]{20}")
DIGITS = re.compile(r"^(?:我?要?(?P<step>签到|签退))?[:：,，\s]*(?P<code>\d{6})$")
_LOOKBACK = timedelta(hours=24)
_TWICE = timedelta(minutes=10)  # a second scan this soon is the same one


def by_token(turn: Turn, read: Read, text: str) -> Outcome:
    """Scanned the picture on the screen."""
    match = TOKEN.search(text)
    number = read.scanned(match.group(), turn.now) if match else 0
    activity = read.activity(number) if number else None
    return _check(turn, activity, "qr", "", read) if activity else say(texts_hours.CODE_OLD)


def by_digits(turn: Turn, read: Read) -> Outcome:
    """「482913」 「签退 482913」."""
    match = DIGITS.match(turn.said.text.strip())
    assert match is not None
    for activity in _today(turn, read):
        if match.group("code") in read.door_codes(activity.id, turn.now):
            return _check(turn, activity, "code", match.group("step") or "", read)
    return say(texts_hours.DIGITS_WRONG if _today(turn, read) else texts_hours.NOTHING_TODAY)


def by_place(turn: Turn, read: Read) -> Outcome | None:
    """A pin near an activity of the person that is on now; None when there is none: the pin means something else."""
    if (pin := turn.inbound.pin) is None:
        return None
    near = [(ground.metres(pin, a.pin), a) for a in _today(turn, read) if a.pin is not None]
    if not near:
        return None
    away, activity = min(near, key=lambda pair: pair[0])
    if ground.blurred(pin, turn.policy) and abs(away - activity.fence) < pin.accuracy:  # inside or outside
        return say(texts_hours.BLURRED.format(away=ground.distance(pin.accuracy)))
    if away > activity.fence:
        organiser = find.organiser(activity, read)
        return say(texts_hours.TOO_FAR.format(name=activity.name, away=ground.distance(away), organiser=organiser))
    return _check(turn, activity, "place", "", read)


def ask(turn: Turn, read: Read) -> Outcome:
    """「签到」 「签退」 alone: how it goes."""
    return say(texts_hours.HOW if _today(turn, read) else texts_hours.NOTHING_TODAY)


def _today(turn: Turn, read: Read) -> tuple[Activity, ...]:
    """What the person has a seat in and what is on around now."""
    found = []
    for signup in read.signups_of(turn.who.id, turn.now - _LOOKBACK):
        activity = read.activity(signup.activity) if signup.status is Place.SEATED else None
        if activity and activity.status is State.OPEN and activity.starts - turn.now < _LOOKBACK:
            found.append(activity)
    return tuple(found)


def _check(turn: Turn, activity: Activity, how: str, step: str, read: Read) -> Outcome:
    held = read.activity_held(activity.id) or activity
    signup = read.signup_of(held.id, turn.who.id)
    if held.status is not State.OPEN or signup is None or signup.status is not Place.SEATED:
        return say(texts_hours.NOT_SIGNED_UP.format(name=held.name, organiser=find.organiser(held, read)))
    there = read.attendance(signup.id)
    if there is None:
        return _in(turn, held, signup, how, step, read)
    if there.went is not None:
        return say(texts_hours.ALREADY_OUT.format(name=held.name))
    if step == "签到" or (not step and turn.now - there.came < _TWICE):
        return say(texts_hours.ALREADY_IN.format(name=held.name))
    return _out(turn, held, there, how, read)


def _in(turn: Turn, activity: Activity, signup: Signup, how: str, step: str, read: Read) -> Outcome:
    policy = turn.policy
    if step == "签退":
        return say(texts_hours.NOT_IN_YET.format(name=activity.name, organiser=find.organiser(activity, read)))
    match rules.may_come_in(turn.now, activity.starts, policy.checkin_before, policy.checkin_after):
        case -1:
            at = activity.starts - timedelta(minutes=policy.checkin_before)
            return say(texts_hours.TOO_EARLY.format(name=activity.name, at=texts_hours.moment(at, turn.now)))
        case 1:
            organiser = find.organiser(activity, read)
            return say(texts_hours.TOO_LATE.format(minutes=policy.checkin_after, organiser=organiser))
    fact = CheckedIn(signup.id, activity.id, turn.who.id, turn.now, how)
    people = f"（{signup.people}人）" if signup.people > 1 else ""
    text = texts_hours.IN.format(name=activity.name, people=people, at=texts_hours.clock(turn.now))
    return Outcome(replies=(Reply(text),), facts=(fact,), dialog=None)


def _out(turn: Turn, activity: Activity, there: Attendance, how: str, read: Read) -> Outcome:
    if turn.now > activity.ends + timedelta(minutes=turn.policy.checkout_after):
        return say(texts_hours.OUT_TOO_LATE.format(organiser=find.organiser(activity, read)))
    minutes = rules.served(there.came, turn.now, activity.starts)
    fact = CheckedOut(there.signup, activity.id, turn.who.id, turn.now, how)
    text = texts_hours.OUT.format(name=activity.name, time=texts_hours.duration(minutes))
    return Outcome(replies=(Reply(text),), facts=(fact,), dialog=None)
