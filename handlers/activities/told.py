"""Who is told what of the facts of activities. Called by notify.py only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handlers.activities import facts as f
from handlers.activities import texts, told_honour, told_hours
from handlers.activities.port import Activity
from handlers.activities.rules import HOLDS, LIVE, Place
from handlers.read import Read
from handlers.types import Choice, Push, Rank


def of(fact: f.ActivityFact, now: datetime, read: Read) -> list[Push]:
    """The pushes of one fact, before it is applied: what was read is how it stood."""
    if (more := told_honour.of(fact, read)) is not None:
        return more
    match fact:
        case f.TeamFounded() | f.TeamDecided() | f.TeamJoined():
            return _team(fact, read)
    activity = read.activity(getattr(fact, "activity", 0))
    if activity is None:
        return []
    match fact:
        case f.SeatsTaken(status="review"):
            return [_review(activity, fact.person, fact.people, read)]
        case f.SeatsOffered(person=person, people=people, until=until):
            until_text = texts.moment(until, now)
            text = texts.OFFER.format(name=activity.name, when=texts.when(activity), n=people, until=until_text)
            return [Push(person, text, "offer", Rank.TASK, choices=texts.OFFER_CHOICES)]
        case f.SignupMoved():
            return _moved(fact, activity, read)
        case f.LeaveAsked(person=person, words=why):
            name = _name(person, read)
            text = texts.LATE_TOLD.format(who=name, name=activity.name, when=texts.when(activity), why=why)
            return [Push(activity.organiser, text, "task", Rank.TASK, choices=(Choice("准假", f"准假 {name}"),))]
        case f.ActivityChanged(what=what):
            return _all(activity, texts.CHANGED.format(name=activity.name, what=what), read, LIVE)
        case f.ActivityCancelled(words=why):
            why = f"原因：{why}。" if why else ""
            text = texts.CALLED_OFF.format(name=activity.name, when=texts.when(activity), why=why)
            return _all(activity, text, read, LIVE)
        case f.ActivityReminded(step="before"):
            bring = f"带上{activity.bring}。" if activity.bring else ""
            text = texts.REMIND.format(
                when=texts.moment(activity.starts, now), name=activity.name, place=activity.place, bring=bring
            )
            return _all(activity, text, read, {Place.SEATED})
        case f.ActivityReminded(step="record"):
            return [_record(activity, now, read)]
        case f.ParticipantsTold(by=by, words=words):
            text = texts.WRITTEN.format(name=activity.name, organiser=_name(by, read), words=words)
            return _all(activity, text, read, HOLDS)
    return told_hours.of(fact, activity, read)


def _all(activity: Activity, text: str, read: Read, places: Iterable[Place]) -> list[Push]:
    wanted = frozenset(places)
    return [
        Push(signup.person, text, "activity", Rank.NOTICE)
        for signup in read.signups_in(activity.id)
        if signup.status in wanted
    ]


def _moved(fact: f.SignupMoved, activity: Activity, read: Read) -> list[Push]:
    name = activity.name
    match (fact.before, fact.after):
        case ("offered", "lapsed"):
            return [Push(fact.person, texts.OFFER_LAPSED.format(name=name), "activity")]
        case ("consent", "lapsed"):
            return [Push(fact.person, texts.CONSENT_LAPSED.format(name=name), "activity")]
        case ("consent", "seated"):
            done = f"{name}报好了：{texts.when(activity)}，{activity.place}集合。"
            return [Push(fact.person, texts.CONSENT_TOLD.format(done=done), "activity")]
        case (_, "review"):
            return [_review(activity, fact.person, 1, read)]
        case ("review", "seated"):
            text = f"负责人通过了。{name}报好了：{texts.when(activity)}，{activity.place}集合。"
            return [Push(fact.person, text, "activity")]
        case (_, "refused"):
            why = f"原因：{fact.words}。" if fact.words else ""
            return [Push(fact.person, f"{name}这次没能给您报上。{why}谢谢您的热心。", "activity")]
        case ("absent", "came"):
            return [Push(fact.person, f"{name}的缺席记录去掉了。", "activity")]
        case ("seated", "left") if fact.by != fact.person:
            return [Push(fact.person, texts.EXCUSED.format(name=name), "activity")]
        case ("consent", "left"):
            return [Push(fact.person, f"家长没有同意，{name}的报名取消了。", "activity")]
    return []


def _review(activity: Activity, person: int, people: int, read: Read) -> Push:
    name = _name(person, read)
    text = f"{name}报名{activity.name}（{people}人），请您看一下。"
    choices = (Choice("通过", f"通过报名 {name}"), Choice("不通过", f"不通过报名 {name}"))
    return Push(activity.organiser, text, "task", Rank.TASK, choices=choices)


def _record(activity: Activity, now: datetime, read: Read) -> Push:
    came = len(read.attendances(activity.id))
    text = f"{activity.name}结束了，签到{came}人。请说「记录时长 活动{activity.number}」，10个工作日内要记好。"
    return Push(activity.organiser, text, "task", Rank.TASK)


def _team(fact: f.TeamFounded | f.TeamDecided | f.TeamJoined, read: Read) -> list[Push]:
    if isinstance(fact, f.TeamFounded):
        who = _name(fact.captain, read)
        choices = (Choice("同意", f"同意成立 {fact.name}"), Choice("不同意", f"不同意成立 {fact.name}"))
        text = f"{who}想成立志愿队「{fact.name}」：{fact.about}"
        return [Push(desk, text, "desk", Rank.TASK, choices=choices) for desk in read.desk(fact.community)]
    team = read.team(fact.team)
    if team is None:
        return []
    if isinstance(fact, f.TeamJoined):
        return [Push(team.captain, f"{_name(fact.person, read)}加入了{team.name}。", "activity")]
    if fact.agreed:
        text = f"社区同意成立{team.name}，您是队长。请邻居说「加入{team.name}」；要发活动，说「发起活动」。"
    else:
        text = f"社区这次没有同意成立{team.name}。想了解原因，说「转人工」。"
    return [Push(team.captain, text, "activity")]


def _name(person: int, read: Read) -> str:
    return read.name(person) or "一位居民"
