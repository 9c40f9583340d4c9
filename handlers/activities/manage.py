"""What an organiser does with an activity: list, approve, excuse, change, call off, write to everybody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import forms
from handlers.activities import find, leave, said, texts, timers
from handlers.activities.facts import ActivityCancelled, ActivityChanged, ParticipantsTold, RepeatSet, SignupMoved
from handlers.activities.port import Activity, Signup
from handlers.activities.rules import HOLDS, Place, State
from handlers.read import Read
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Choice, Dialog, Fact, Outcome, Refused, Reply, Role, Turn, say

CANCEL = "act_off"
_YES = (Choice("是，取消", "确定取消"), Choice("不取消", "不取消"))
_BACK = timedelta(days=30)


def may_lead(turn: Turn, activity: Activity, read: Read) -> bool:
    """The organiser, staff of the community, the captain of the team."""
    team = read.team(activity.team) if activity.team else None
    captain = team is not None and team.captain == turn.who.id
    return activity.organiser == turn.who.id or captain or activity.community in turn.who.scopes(Role.DESK)


def led(turn: Turn, read: Read, *, past: bool = False) -> Activity | Outcome:
    """The activity an organiser means, or the question which. Raises Refused with what to say instead.

    `past`: it may have ended; what waits for its hours comes first.
    """
    since = turn.now - _BACK if past else turn.now - timedelta(hours=12)
    words = turn.said.text
    if (number := said.number(words)) is not None:
        found = read.activity_numbered(number)
        if found is None or not may_lead(turn, found, read):
            raise Refused(texts.NOT_YOURS if found else texts.NO_SUCH)
        return found
    mine = read.activities_led(turn.who.id, since)
    chosen = said.named(words, mine) or mine
    if not chosen:
        raise Refused(texts.NOT_YOURS if said.named(words, find.upcoming(turn, read)) else "您现在没有负责的活动。")
    if len(chosen) > 1 and past:
        waiting = tuple(a for a in chosen if a.ends <= turn.now and a.status is State.OPEN and _joined(a))
        chosen = waiting or tuple(a for a in chosen if _joined(a)) or chosen
    if len(chosen) > 1:
        choices = tuple(Choice(f"{a.name} {texts.when(a)}", f"{words} 活动{a.number}") for a in chosen[:5])
        return say(texts.WHICH, *choices, dialog=Dialog("pick", {}, choices, turn.now))
    return chosen[0]


def _joined(activity: Activity) -> bool:
    return any(station.taken for station in activity.stations)


def roster(turn: Turn, read: Read) -> Outcome:
    """Who comes: names as the organiser may see them, family name and what they said."""
    activity = led(turn, read, past=True)
    if isinstance(activity, Outcome):
        return activity
    lines = [f"{activity.name}（活动{activity.number}），{texts.when(activity)}，{activity.seats}个名额："]
    for count, signup in enumerate(read.signups_in(activity.id), 1):
        answer = f"，{signup.answer}" if signup.answer else ""
        post = f"，{activity.station(signup.station).name}" if len(activity.stations) > 1 else ""
        people = f"，{signup.people}人" if signup.people > 1 else ""
        lines.append(
            f"{count} {name_of(signup.person, read)}{people}{post}，{texts.STATUS[signup.status.value]}{answer}"
        )
    if len(lines) == 1:
        lines.append("还没有人报名。")
    return say("\n".join(lines[:62]))


def name_of(person: int, read: Read) -> str:
    return read.name(person) or "没留姓名"


def _of_name(turn: Turn, read: Read, places: frozenset[Place], words: str) -> tuple[Activity, Signup, str, str]:
    """The sign-up of somebody the words begin with, in an activity this organiser leads; the name and the rest."""
    for activity in read.activities_led(turn.who.id, turn.now):
        for signup in read.signups_in(activity.id):
            name = name_of(signup.person, read)
            if signup.status in places and words.startswith(name):
                held = read.activity_held(activity.id)
                now = read.signup(signup.id)
                if held and now and now.status in places:
                    return held, now, name, words.removeprefix(name).strip(" ,，:：")
    raise Refused("没找到这个人的报名。说「名单」看看。")


_NAMED = re.compile(r"^(?:不?通过|不?同意)(?:报名)?[:：\s]*|^准假[:：\s]*")


def review(turn: Turn, read: Read) -> Outcome:
    """「通过报名 陈国强」 「不通过报名 陈国强 人数够了」."""
    words = turn.said.text.strip()
    activity, signup, _, why = _of_name(turn, read, frozenset({Place.REVIEW}), _NAMED.sub("", words))
    return decided(turn, activity, signup, not words.startswith("不"), why, read)


def decided(turn: Turn, activity: Activity, signup: Signup, yes: bool, why: str, read: Read) -> Outcome:
    """A sign-up that waits for the organiser is let in, or its seats go on. The activity must be held."""
    name = name_of(signup.person, read)
    if not yes:
        facts = leave.ended(turn, activity, signup, why, read, Place.REFUSED)
        return Outcome(replies=(Reply(f"好的，{name}没有通过，已经告诉本人。"),), facts=facts)
    moved = SignupMoved(
        signup.id, activity.id, signup.station, signup.person, signup.status.value, Place.SEATED.value, by=turn.who.id
    )  # fmt: skip
    return Outcome(replies=(Reply(f"好的，{name}报上了。"),), facts=(moved,))


def excuse(turn: Turn, read: Read) -> Outcome:
    """「准假 陈国强」: the seat goes to the next, and it counts as no absence."""
    rest = _NAMED.sub("", turn.said.text.strip())
    activity, signup, _, _ = _of_name(turn, read, frozenset({Place.SEATED}), rest)
    return excused(turn, activity, signup, read)


def excused(turn: Turn, activity: Activity, signup: Signup, read: Read) -> Outcome:
    name = name_of(signup.person, read)
    facts = leave.ended(turn, activity, signup, "负责人准假", read)
    return Outcome(replies=(Reply(f"好的，{name}不来了，不算缺席。"),), facts=facts)


def _without(command: str, activity: Activity, text: str) -> str:
    """What is left of the words after the command and the activity's name and number."""
    return re.sub(rf"{command}|活动\s*\d+|{re.escape(activity.name)}", "", text).strip(" ：:，,。")


def change(turn: Turn, read: Read) -> Outcome:
    """「改时间 活动12 周日上午9点到11点」 「改地点 活动12 南门」: everybody is told at once."""
    activity = led(turn, read)
    if isinstance(activity, Outcome):
        return activity
    held = read.activity_held(activity.id) or activity
    rest = re.sub(r"^改(?:活动)?(?:时间|地点|期)?|活动\s*\d+|" + re.escape(activity.name), "", turn.said.text).strip(
        " ：:，,"
    )
    if "地点" in turn.said.text:
        place = rest.removeprefix("地点").removeprefix("到").removeprefix("改").strip(" ：:到在成")
        if len(place) < 2:
            return say("改到哪里？比如「改地点 活动12 南门广场」。")
        return changed(turn, held, held.starts, held.ends, place[:60])
    span = said.span(rest, turn.now)
    if span is None or span[0] <= turn.now:
        return say("改到什么时候？比如「改时间 活动12 周日上午9点到11点」。")
    return changed(turn, held, span[0], span[1], held.place)


def changed(turn: Turn, held: Activity, starts: datetime, ends: datetime, place: str) -> Outcome:
    """Time and place as they are from now on; everybody who signed up is told, and may leave without a limit."""
    moved = replace(held, starts=starts, ends=ends, place=place)
    parts = [f"时间改到{texts.when(moved)}"] if (starts, ends) != (held.starts, held.ends) else []
    parts += [f"地点改到{place}"] if place != held.place else []
    if not parts:
        raise Refused(texts.NOTHING_CHANGED)
    what = "，".join(parts)
    facts: tuple[Fact, ...] = (ActivityChanged(held.id, turn.who.id, starts, ends, place, what),)
    if (starts, ends) != (held.starts, held.ends):
        facts = (*facts, *timers.opened(moved), *timers.joined(moved, turn.now, turn.policy))
    return Outcome(replies=(Reply(f"改好了，已经告诉报名的人：{what}。"),), facts=facts)


def repeat(turn: Turn, read: Read) -> Outcome:
    """「每周重复 活动12」 「不再重复 活动12」."""
    activity = led(turn, read)
    if isinstance(activity, Outcome):
        return activity
    return repeated(turn, read.activity_held(activity.id) or activity, not turn.said.text.startswith("不"))


def repeated(turn: Turn, held: Activity, on: bool) -> Outcome:
    if held.weekly is on:
        raise Refused(texts.WEEKLY_ALREADY if on else texts.WEEKLY_NOT)
    later: Fact = TimerSet(held.id, "ac_weekly", held.ends) if on else TimersCleared(held.id, ("ac_weekly",))
    text = (texts.WEEKLY_ON if on else texts.WEEKLY_OFF).format(name=held.name)
    return Outcome(replies=(Reply(text),), facts=(RepeatSet(held.id, turn.who.id, on), later))


def call_off(turn: Turn, read: Read) -> Outcome:
    """「取消活动 清洁家园 下雨」: asked once, then everybody is told."""
    activity = led(turn, read)
    if isinstance(activity, Outcome):
        return activity
    why = _without("^取消活动", activity, turn.said.text)
    count = sum(s.people for s in read.signups_in(activity.id) if s.status in HOLDS)
    text = f"要取消{activity.name}（{texts.when(activity)}）吗？{count}人报了名，会马上告诉他们。"
    return say(text, *_YES, dialog=forms.ask(turn, CANCEL, {"activity": activity.id, "why": why}, *_YES))


def resume_off(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    index = forms.picked(turn)
    if index == 1 or turn.said.yes is False:
        return say("好的，不取消。", dialog=None)
    if index != 0 and not turn.said.yes and "确定" not in turn.said.text:
        return None
    activity = read.activity_held(turn.dialog.answers["activity"])
    if activity is None or activity.status is not State.OPEN:
        return say(texts.CANCELLED_ACTIVITY, dialog=None)
    return cancelled(turn, activity, turn.dialog.answers["why"])


def cancelled(turn: Turn, activity: Activity, why: str) -> Outcome:
    """Everybody who signed up is told at once."""
    fact = ActivityCancelled(activity.id, turn.who.id, why)
    return Outcome(replies=(Reply(f"{activity.name}取消了，已经告诉报名的人。"),), facts=(fact,), dialog=None)


def tell(turn: Turn, read: Read) -> Outcome:
    """「通知大家 带好雨衣」: to everybody who has a seat."""
    activity = led(turn, read)
    if isinstance(activity, Outcome):
        return activity
    words = re.sub(
        r"^通知(?:一下)?(?:大家|参加的人|报名的人|志愿者|所有人)?|活动\s*\d+|" + re.escape(activity.name),
        "",
        turn.said.text,
    ).strip(" ：:，,")
    if len(words) < 2:
        return say("要通知什么？比如「通知大家 明天带好雨衣」。")
    return told(turn, activity, words, read)


def told(turn: Turn, activity: Activity, words: str, read: Read) -> Outcome:
    """Words of the organiser to everybody who has a seat."""
    count = sum(s.status in HOLDS for s in read.signups_in(activity.id))
    fact = ParticipantsTold(activity.id, turn.who.id, words[:300])
    return Outcome(replies=(Reply(f"发给报名的{count}位了。"),), facts=(fact,))
