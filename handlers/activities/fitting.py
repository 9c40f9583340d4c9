"""Which activities suit somebody: what he can do, when he is free, whether he is of age, how far it is from home."""

from __future__ import annotations

import re

from handlers import ground
from handlers.activities import rules, texts
from handlers.activities.port import Activity, Volunteer
from handlers.read import Read
from handlers.types import Pin, Turn
from nlp.when import ZONE

FOR_ME = re.compile("适合我|合适我|我能做|我能参加|适合的")
NEAR = re.compile("附近|离我|离家|家门口|近一?点的?|最近的(?!活动)")
_MORNING, _EVENING = 12, 18  # o'clock


def _skills(me: Volunteer) -> list[str]:
    return [skill for skill in re.split("[、，,和 ]", me.skills) if skill]


def _why(activity: Activity, me: Volunteer) -> tuple[str, ...]:
    """What of the person fits, in his own words."""
    words = activity.about + activity.name + "".join(station.name for station in activity.stations)
    return (
        *(f"会{skill}" for skill in _skills(me) if _named(skill, words)),
        *((me.free,) if _free(activity, me) else ()),
    )


def _named(skill: str, words: str) -> bool:
    """「理发」 in 「义务理发」; of a longer skill two characters together are enough: 「修电器」 in 「电器维修」."""
    return skill in words or any(skill[at : at + 2] in words for at in range(len(skill) - 1))


def _free(activity: Activity, me: Volunteer) -> bool:
    local = activity.starts.astimezone(ZONE)
    weekend = local.weekday() >= 5
    said = {
        "周末": weekend, "工作日": not weekend, "平时": not weekend, "随时": True, "上午": local.hour < _MORNING,
        "下午": _MORNING <= local.hour < _EVENING, "白天": local.hour < _EVENING, "晚上": local.hour >= _EVENING,
    }  # fmt: skip
    days = re.search("(?:周|星期)([一二三四五六日天]+)", me.free)
    if days:
        return "一二三四五六日"[local.weekday()] in days.group(1).replace("天", "日")
    return any(fits for name, fits in said.items() if name in me.free)


def ranked(turn: Turn, found: tuple[Activity, ...], read: Read) -> tuple[Activity, ...]:
    """With free seats first, then what the person's skills or free days name, then by time."""
    me = read.volunteer(turn.who.id)
    return tuple(sorted(found, key=lambda activity: (activity.free <= 0, -len(_why(activity, me)))))


def for_me(turn: Turn, found: tuple[Activity, ...], read: Read) -> tuple[str, tuple[Activity, ...], dict[int, str]]:
    """What is said, the activities, and for each why it fits. Minors: nothing dangerous (浙江志愿服务条例 art. 9)."""
    me = read.volunteer(turn.who.id)
    open_to = tuple(a for a in found if not (me.adult is False and (a.danger or a.kind == rules.EMERGENCY)))
    known = bool(me.skills or me.free)
    fits = {activity.id: why for activity in open_to if (why := "、".join(_why(activity, me)))}
    if fits:
        mine = tuple(activity for activity in open_to if activity.id in fits)
        return texts.FITS, tuple(sorted(mine, key=lambda a: (a.free <= 0, -len(fits[a.id].split("、"))))), fits
    return texts.FITS_NONE if known else texts.FITS_UNKNOWN, ranked(turn, open_to, read), {}


def near(turn: Turn, found: tuple[Activity, ...], read: Read) -> tuple[str, tuple[Activity, ...], dict[int, str]]:
    """By distance from home, as far as both are on the map; the others follow in their order."""
    here = _here(turn, read)
    if here is None or not any(activity.pin for activity in found):
        return texts.NEAR_UNKNOWN, found, {}
    away = {activity.id: ground.metres(here, activity.pin) for activity in found if activity.pin}
    order = tuple(sorted(found, key=lambda activity: away.get(activity.id, float("inf"))))
    return texts.NEAR, order, {number: f"约{ground.distance(metres)}" for number, metres in away.items()}


def _here(turn: Turn, read: Read) -> Pin | None:
    if turn.inbound.pin:
        return turn.inbound.pin
    return next((pin for place in turn.who.around if (pin := read.where_is(place))), None)
