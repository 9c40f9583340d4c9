"""Opening an activity by chat: staff and team captains; the form is data (notice.py)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import forms
from handlers.activities import find, notice, rules, texts, texts_hours, timers
from handlers.activities.facts import ActivityOpened
from handlers.activities.port import Activity, Station
from handlers.read import Read
from handlers.types import Choice, Fact, Outcome, Person, Reply, Role, Turn, say

FORM = "act_open"
_PUBLISH = (Choice("发布", "发布"), Choice("改一项", "改一项"), Choice("不发了", "取消"))
_HOW_TO_CHANGE = (
    "要改哪一项？写出名字和新内容，比如「地点 南门广场」「人数 30人」。"
    "还可以加「带上 水杯」「报名要问 衣服尺码」「要审核」「每周一次」。"
)
_FENCE = (200, 500)  # metres (domain.md §4.2)
_PINNED = "集合点的位置记下了，签到时可以发定位。"
_ORDER = re.compile(r"^(?:名单|补签[到退]|不?通过报名|准假|记(?:录)?时长|更正时长|通知大家|取消活动|证明\s)")
_TOLD = "时间记下了。"
_NOT_READ = "没看明白。{ask}"
PUBLISHED = "发布好了：{name}（活动{number}）。名单说「名单 活动{number}」，签到码在工作台的「活动」里。"


def small_team(turn: Turn, community: int, read: Read) -> str:
    """What to say to the captain of a team that is too small; "" otherwise."""
    team = read.team(max(0, may_open(turn.who, community, read)))
    least = turn.policy.team_members_min
    return (
        texts_hours.TEAM_SMALL.format(name=team.name, n=team.members, least=least)
        if team and team.members < least
        else ""
    )


def may_open(who: Person, community: int, read: Read) -> int:
    """The team a captain opens for, -1 for staff of the community, 0 for everybody else."""
    if community in who.scopes(Role.DESK):
        return -1
    return next((t.id for t in read.teams_in(community) if t.captain == who.id and t.status == "active"), 0)


def start(turn: Turn, read: Read) -> Outcome:
    """「发起清洁家园活动，周六上午9点到11点，北门集合，20人」."""
    if not may_open(turn.who, find.community_of(turn), read):
        return say(texts.NOT_ORGANISER)
    if small := small_team(turn, find.community_of(turn), read):
        return say(small)
    return _next(turn, notice.from_first(turn.said.text, turn.now), read)


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    answers, words = dict(turn.dialog.answers), turn.inbound.text.strip()
    index = forms.picked(turn)
    value: Any
    if answers.pop("confirm", False):
        if index == 0 or words in ("发布", "确认", "对", "好") or turn.said.yes:
            return _publish(turn, answers, read)
        if index == 1 or words == "改一项":
            return say(_HOW_TO_CHANGE, dialog=forms.ask(turn, FORM, {**answers, "confirm": True}))
    if _ORDER.match(words) or ("intent" in turn.said.told and turn.said.intent == "staff_ops"):
        return None  # about something that is running, no field of the notice
    if turn.inbound.pin:
        return _next(turn, {**answers, "pin": forms.pin_json(turn.inbound.pin)}, read, _PINNED)
    if (switch := notice.switched(words)) is not None:
        return _next(turn, {**answers, switch[0]: switch[1]}, read)
    if (named := notice.set_by_name(words, turn.now)) is not None:
        key, value = named
        if value is None:
            return say(_NOT_READ.format(ask=notice.BY_KEY[key].ask), dialog=forms.ask(turn, FORM, answers))
        return _next(turn, {**answers, key: value}, read)
    field = notice.missing(answers)
    if field is None:
        return say(_HOW_TO_CHANGE, dialog=forms.ask(turn, FORM, {**answers, "confirm": True}))
    told = notice.from_first(words, turn.now) if field.key == "name" else {}
    if "span" in told and "name" not in told:  # when, but not what it is called
        return _next(turn, {**told, **answers}, read, _TOLD)
    if field.key == "policy":
        value = notice.policy_in(words) or None
    elif index is not None and field.choices:
        value = field.read(field.choices[index].means, turn.now)
    else:
        value = field.read(words, turn.now)
    if value is None:
        return say(
            _NOT_READ.format(ask=field.ask), *field.choices, dialog=forms.ask(turn, FORM, answers, *field.choices)
        )
    return _next(turn, {**answers, field.key: value}, read)


def stays(turn: Turn, out: Outcome) -> Outcome:
    """Something else was answered in between: what was filled in stays, and its question is asked again."""
    if turn.dialog is None or out.dialog not in (None, "keep") or not out.replies or out.replies[-1].choices:
        return out
    field = notice.missing(turn.dialog.answers)
    again = Reply(field.ask, field.choices) if field else Reply("可以发布吗？", _PUBLISH)
    return replace(out, replies=(*out.replies, again), dialog="keep")


def _next(turn: Turn, answers: dict[str, Any], read: Read, first: str = "") -> Outcome:
    field = notice.missing(answers)
    if field is not None:
        return say(first + field.ask, *field.choices, dialog=forms.ask(turn, FORM, answers, *field.choices))
    activity = built(turn, answers, read)
    text = f"{first}我记的是：\n" + texts.sheet(activity, find.organiser(activity, read)) + "\n可以发布吗？"
    return say(text, *_PUBLISH, dialog=forms.ask(turn, FORM, {**answers, "confirm": True}, *_PUBLISH))


def built(turn: Turn, answers: dict[str, Any], read: Read, *, number: int = 0, community: int = 0) -> Activity:
    """The notice from the answers; `community` 0: the organiser's own."""
    starts, ends = (datetime.fromisoformat(at) for at in answers["span"])
    community = community or find.community_of(turn)
    team = may_open(turn.who, community, read)
    stations = tuple(Station(read.new_id(), name[:24], seats) for name, seats in answers["posts"])
    return Activity(
        read.new_id(), number, community, turn.who.id, answers["name"], answers.get("kind", "其他"), answers["about"],
        answers["place"], starts, ends, answers["conditions"], answers["risks"], answers["insurance"], stations,
        team=max(team, 0), danger=answers["danger"],
        policy_number=answers.get("policy", "") if answers["danger"] else "",
        bring=answers.get("bring", ""), question=answers.get("question", ""),
        children=answers["children"] and answers.get("kind") != rules.EMERGENCY,
        approve=answers.get("approve", False),
        weekly=answers.get("weekly", False),
        pin=forms.pin_from(answers.get("pin")),
        fence=min(max(answers.get("fence", turn.policy.fence_metres), _FENCE[0]), _FENCE[1]),
    )  # fmt: skip


def _publish(turn: Turn, answers: dict[str, Any], read: Read) -> Outcome:
    if not may_open(turn.who, find.community_of(turn), read):
        return say(texts.NOT_ORGANISER, dialog=None)
    if datetime.fromisoformat(answers["span"][0]) <= turn.now:
        answers.pop("span")
        return _next(turn, answers, read)
    number = read.activity_number()
    activity = built(turn, answers, read, number=number)
    text = PUBLISHED.format(name=activity.name, number=number)
    return Outcome(replies=(Reply(text),), facts=published(activity, turn.who.id), dialog=None)


def published(activity: Activity, by: int) -> tuple[Fact, ...]:
    """The facts of an activity that is open from now on."""
    return (ActivityOpened(activity.id, activity.number, activity.community, by, activity), *timers.opened(activity))
