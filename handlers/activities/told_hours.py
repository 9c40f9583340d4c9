"""Who is told of 补签, hours, objections. Called by told.py only."""

from __future__ import annotations

from handlers.activities import facts as f
from handlers.activities import facts_hours as h
from handlers.activities import hours, record, rules, texts_hours
from handlers.activities.port import Activity
from handlers.read import Read
from handlers.types import Choice, Push, Rank

_STEPS = {"came": "签到", "went": "签退"}


def of(fact: f.ActivityFact, activity: Activity, read: Read) -> list[Push]:
    match fact:
        case h.MakeupAsked():
            return _makeup(fact, activity, read)
        case h.CheckedIn(person=person, at=at, how="makeup") | h.CheckedOut(person=person, at=at, how="makeup"):
            step = _STEPS["came" if isinstance(fact, h.CheckedIn) else "went"]
            text = texts_hours.MAKEUP_TOLD.format(name=activity.name, step=step, time=texts_hours.clock(at))
            return [Push(person, text, "activity")]
        case h.HoursRecorded(guest=0, round=0):
            return [_recorded(fact, activity, read)]
        case h.AttendanceClosed():
            return _closed(activity, read)
        case h.HoursObjected(hours=row, person=person, words=words):
            return _objected(row, person, words, activity, read)
        case h.ObjectionDecided(person=person, agreed=False, words=words):
            text = texts_hours.REJECTED_TOLD.format(name=activity.name, why=f"原因：{words}。" if words else "")
            return [Push(person, text, "activity")]
        case h.HoursRecorded(guest=0, person=person, signup=signup, half=half):
            before = next((r.half for r in record.standing(read.served_in(activity.id)) if r.signup == signup), 0)
            text = texts_hours.CORRECTED_TOLD.format(
                name=activity.name, before=rules.hours_text(before), after=rules.hours_text(half)
            )
            return [Push(person, text, "activity")]
    return []


def _makeup(fact: h.MakeupAsked, activity: Activity, read: Read) -> list[Push]:
    """Staff, and those who were there; never who asked nor whom it is about."""
    signup = read.signup(fact.signup)
    person = signup.person if signup else 0
    who = name(person, read)
    text = texts_hours.MAKEUP_TELL.format(
        by=name(fact.by, read), who=who, time=texts_hours.clock(fact.at), step=_STEPS[fact.step], name=activity.name,
        why=fact.words,
    )  # fmt: skip
    others = [a.person for a in read.attendances(activity.id)][:3]
    asked = dict.fromkeys((*read.desk(activity.community), activity.organiser, *others))
    choices = (Choice("能证明", f"证明 {who}"),)
    return [Push(p, text, "task", Rank.TASK, choices=choices) for p in asked if p not in (fact.by, person)]


def _recorded(fact: h.HoursRecorded, activity: Activity, read: Read) -> Push:
    if not fact.half:
        text = texts_hours.HOURS_SHORT.format(name=activity.name, minutes=fact.minutes)
        return Push(fact.person, text, "activity")
    half = hours.total(record.standing(read.served_by(fact.person))) + fact.half
    star = hours.star(half, read.stars_granted(fact.person))
    told, total = rules.hours_text(fact.half), rules.hours_text(half)
    text = texts_hours.HOURS_TOLD.format(name=activity.name, hours=told, total=total, star=star)
    return Push(fact.person, text, "activity")


def _closed(activity: Activity, read: Read) -> list[Push]:
    """Who did not come, and whose check-out is missing."""
    there = {a.signup: a for a in read.attendances(activity.id)}
    told = []
    for signup in read.signups_in(activity.id):
        if signup.status is not rules.Place.SEATED:
            continue
        attendance = there.get(signup.id)
        if attendance is None:
            text = texts_hours.ABSENT_TOLD.format(name=activity.name, organiser=name(activity.organiser, read))
            told.append(Push(signup.person, text, "activity"))
        elif attendance.went is None:
            told.append(Push(signup.person, texts_hours.HOURS_NOT_OUT.format(name=activity.name), "activity"))
    return told


def _objected(row: int, person: int, words: str, activity: Activity, read: Read) -> list[Push]:
    half = next((r.half for r in read.served_in(activity.id) if r.id == row), 0)
    who = name(person, read)
    text = texts_hours.OBJECT_TOLD.format(who=who, name=activity.name, hours=rules.hours_text(half), words=words)
    how = texts_hours.OBJECT_HOW.format(who=who)
    return [Push(activity.organiser, f"{text}\n{how}", "task", Rank.TASK)]


def name(person: int, read: Read) -> str:
    return read.name(person) or "一位居民"
