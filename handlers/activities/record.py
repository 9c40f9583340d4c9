"""The organiser records the hours of an activity and corrects them; the ledger is only ever added to."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers import forms
from handlers.activities import manage, rules, texts_hours
from handlers.activities.facts import SignupMoved
from handlers.activities.facts_hours import AttendanceClosed, HoursRecorded, HoursReversed, ObjectionDecided
from handlers.activities.port import Activity, Signup
from handlers.activities.port_hours import Attendance, Served
from handlers.activities.rules import Place, State
from handlers.read import Read
from handlers.types import Fact, Outcome, Refused, Reply, Turn, say
from nlp import numbers
from nlp.when import ZONE

FORM = "act_record"
_CORRECT = re.compile(
    rf"^更正时长[:：\s]*(?P<name>[一-鿿A-Za-z]{{1,12}}?)[,，\s]*(?P<n>\d{{1,2}}(?:\.\d)?|[{numbers.NUMERALS}]{{1,3}})"
    r"个?(?P<half>半)?(?:小时|个?钟头?)[,，\s]*(?P<why>.*)$"
)


def start(turn: Turn, read: Read) -> Outcome:
    """「记录时长 活动1」: what would be recorded, asked once."""
    activity = manage.led(turn, read, past=True)
    if isinstance(activity, Outcome):
        return activity
    if activity.status is State.RECORDED:
        return say(texts_hours.RECORDED_ALREADY.format(name=activity.name))
    if activity.ends > turn.now:
        return say(texts_hours.NOT_ENDED.format(name=activity.name))
    came, absent, flagged = _sorted(activity, read)
    names = "、".join(manage.name_of(signup.person, read) for signup, _ in flagged)
    note = texts_hours.FLAGGED.format(names=names) if flagged else ""
    text = texts_hours.RECORD_ASK.format(
        name=activity.name, came=_heads(came) + _heads(flagged), absent=sum(s.people for s in absent), flagged=note
    )
    choices = texts_hours.RECORD_YES
    return say(text, *choices, dialog=forms.ask(turn, FORM, {"activity": activity.id}, *choices))


def _heads(there: list[tuple[Signup, Attendance]]) -> int:
    return sum(signup.people for signup, _ in there)


def _sorted(
    activity: Activity, read: Read
) -> tuple[list[tuple[Signup, Attendance]], list[Signup], list[tuple[Signup, Attendance]]]:
    """Came and went; absent; came but never checked out (flagged, nothing is invented for them)."""
    there = {attendance.signup: attendance for attendance in read.attendances(activity.id)}
    came, absent, flagged = [], [], []
    for signup in read.signups_in(activity.id):
        if signup.status is not Place.SEATED:
            continue
        attendance = there.get(signup.id)
        if attendance is None:
            absent.append(signup)
        elif attendance.went is None:
            flagged.append((signup, attendance))
        else:
            came.append((signup, attendance))
    return came, absent, flagged


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    index = forms.picked(turn)
    if index == 1 or turn.said.yes is False:
        return say("好的，先不记。10个工作日内要记好。", dialog=None)
    if index != 0 and not turn.said.yes:
        return None
    activity = read.activity_held(turn.dialog.answers["activity"])
    if activity is None or activity.status is not State.OPEN:
        name = activity.name if activity else ""
        return say(texts_hours.RECORDED_ALREADY.format(name=name), dialog=None)
    return closed(turn, activity, read)


def closed(turn: Turn, activity: Activity, read: Read) -> Outcome:
    """Who came gets hours, who did not is absent. The activity must be held, open and over."""
    came, absent, flagged = _sorted(activity, read)
    facts: list[Fact] = [AttendanceClosed(activity.id, turn.who.id, _heads(came) + _heads(flagged), len(absent))]
    for signup, there in came + flagged:
        facts.append(moved(signup, Place.CAME, turn.who.id))
        if there.went is not None:
            facts += hours_of(turn, activity, signup, there.came, there.went, read)
    facts += [moved(signup, Place.ABSENT, turn.who.id) for signup in absent]
    return Outcome(
        replies=(Reply(texts_hours.RECORD_DONE.format(came=_heads(came))),), facts=tuple(facts), dialog=None
    )


def moved(signup: Signup, after: Place, by: int) -> SignupMoved:
    return SignupMoved(
        signup.id, signup.activity, signup.station, signup.person, signup.status.value, after.value, by=by
    )  # fmt: skip


def hours_of(
    turn: Turn, activity: Activity, signup: Signup, came: datetime, went: datetime, read: Read
) -> tuple[HoursRecorded, ...]:
    """The rows of one sign-up: the person's under the day's cap, and one for each guest by name."""
    minutes = rules.served(came, went, activity.starts)
    day = activity.starts.astimezone(ZONE).date().isoformat()
    cap = 2 * turn.policy.hours_per_day
    half = min(rules.half_hours(minutes), cap)
    rows = []
    if signup.self_comes:
        mine = min(half, max(0, cap - read.half_hours_on(signup.person, day)))
        row = HoursRecorded(
            read.new_id(), signup.person, signup.id, activity.id, mine, minutes, day, turn.who.id, cap=cap
        )  # fmt: skip
        rows.append(row)
    for guest, one in enumerate(signup.party, 1):
        row = HoursRecorded(
            read.new_id(), signup.person, signup.id, activity.id, half, minutes, day, turn.who.id, guest=guest,
            label=one.label, cap=cap,
        )  # fmt: skip
        rows.append(row)
    return tuple(rows)


def standing(rows: tuple[Served, ...]) -> tuple[Served, ...]:
    """The rows that count: neither reversing nor reversed."""
    gone = {row.reverses for row in rows if row.reverses}
    return tuple(row for row in rows if not row.reverses and row.id not in gone)


def _of_name(turn: Turn, words: str, read: Read) -> tuple[Activity, Served, str]:
    """The row of whom the words begin with: the one objected to, else the last recorded; and the name."""
    objected = {objection.hours for objection in read.objections_of(turn.who.id)}
    found: list[tuple[bool, Activity, Served]] = []
    for activity in read.activities_led(turn.who.id, turn.now - timedelta(days=365)):
        for row in standing(read.served_in(activity.id)):
            if not row.guest and words.startswith(manage.name_of(row.person, read)):
                found.append((row.id in objected, activity, row))
    if not found:
        raise Refused(texts_hours.NO_RECORD.format(who=words[:4]))
    _, activity, row = max(found, key=lambda one: (one[0], one[2].id))
    read.activity_held(activity.id)
    now = next((r for r in standing(read.served_in(activity.id)) if r.signup == row.signup and not r.guest), row)
    return activity, now, manage.name_of(now.person, read)


def correct(turn: Turn, read: Read) -> Outcome:
    """「更正时长 陈国强 2小时 签退看错」: a reversing row and a new one."""
    match = _CORRECT.match(turn.said.text.strip())
    if match is None or len(match.group("why").strip()) < 2:
        return say(texts_hours.CORRECT_HOW)
    why = match.group("why").strip()
    activity, row, _ = _of_name(turn, match.group("name"), read)
    number = float(match.group("n")) if match.group("n")[0].isdigit() else float(numbers.value(match.group("n")) or 0)
    return corrected(turn, activity, row, int(2 * number) + bool(match.group("half")), why, read)


def corrected(turn: Turn, activity: Activity, row: Served, half: int, why: str, read: Read) -> Outcome:
    """A reversing row and a new one of so many half hours. The activity must be held."""
    name, cap = manage.name_of(row.person, read), 2 * turn.policy.hours_per_day
    if row.person == turn.who.id:
        return say(texts_hours.CORRECT_OWN)
    if half > cap - (read.half_hours_on(row.person, row.day) - row.half):
        return say(texts_hours.OVER_CAP.format(cap=turn.policy.hours_per_day, who=name))
    facts: list[Fact] = [
        HoursReversed(
            read.new_id(), row.id, row.person, row.signup, activity.id, row.half, row.minutes, row.day, turn.who.id,
            round=row.round, words=why,
        ),
        HoursRecorded(
            read.new_id(), row.person, row.signup, activity.id, half, 30 * half, row.day, turn.who.id,
            round=row.round + 1, words=why, cap=cap,
        ),
    ]  # fmt: skip
    facts += _decided(turn, row, activity, True, why, read)
    before, after = rules.hours_text(row.half), rules.hours_text(half)
    text = texts_hours.CORRECTED.format(who=name, before=before, after=after)
    return Outcome(replies=(Reply(text),), facts=tuple(facts))


def reject(turn: Turn, read: Read) -> Outcome:
    """「驳回异议 陈国强 签退是10点」."""
    words = turn.said.text.strip().removeprefix("驳回异议").strip(" ,，:：")
    activity, row, name = _of_name(turn, words, read)
    why = words.removeprefix(name).strip(" ,，:：")
    if len(why) < 2:
        return say("请说「驳回异议 姓名 原因」，原因会告诉本人。")
    return rejected(turn, activity, row, why, read)


def rejected(turn: Turn, activity: Activity, row: Served, why: str, read: Read) -> Outcome:
    name = manage.name_of(row.person, read)
    facts = _decided(turn, row, activity, False, why, read)
    if not facts:
        return say(f"{name}没有等核对的异议。")
    return Outcome(replies=(Reply("好的，已经告诉本人。"),), facts=tuple(facts))


def _decided(turn: Turn, row: Served, activity: Activity, agreed: bool, why: str, read: Read) -> list[Fact]:
    return [
        ObjectionDecided(one.id, one.hours, activity.id, one.person, turn.who.id, agreed, why)
        for one in read.objections_of(activity.organiser)
        if one.hours == row.id
    ]
