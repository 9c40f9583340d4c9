"""Wording of the pages opened from chat: a matter as its reporter reads it, a handler's list. Plain and kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.tickets.rules import OPEN, Status

STAGES = ("已受理", "有人办", "办好了", "您确认")
# How far a matter has come: the stage it is in.
STAGE: Mapping[Status, int] = {
    Status.WAITING: 0, Status.TO_DISPATCH: 0, Status.TO_ACCEPT: 0, Status.RETURN_ASKED: 0, Status.IN_HAND: 1,
    Status.EXTENSION_ASKED: 1, Status.TO_RATE: 2, Status.DONE: 3,
}  # fmt: skip
# What a resident reads of a fact; a fact that is not here is not theirs to read. {who}: who did it, {owner}: whose
# it became. Facts of the person who reads have words of their own.
STEPS: Mapping[str, str] = {
    "TicketOpened": "社区收到了这件事",
    "TicketAccepted": "{who}接单，会和您联系",
    "TicketVisited": "{who}到了现场",
    "TicketSolved": "{who}反馈办好了",
    "TicketReopened": "重新办理",
    "TicketClosed": "已办结",
    "DeskReplied": "社区回复",
    "PlaceCorrected": "地点更正了",
    "TicketWithdrawn": "已撤回",
}
OWN: Mapping[str, str] = {
    "TicketOpened": "您报了这件事",
    "WordsAdded": "您补充了",
    "TicketUrged": "您催办了",
    "TicketFollowed": "您加入了关注",
}
WHY: Mapping[str, str] = {
    "transfer": "转给{owner}办", "deputy": "转给{owner}办", "desk": "社区请{owner}来办", "taken": "{owner}来办",
    "community": "没有人接单，社区在安排", "escalated": "已上报社区，社区在安排", "returned": "在换更合适的人来办",
    "place": "地点清楚了，请{owner}来办",
}  # fmt: skip
SHOWS_WORDS = frozenset({"TicketSolved", "DeskReplied"})  # said to everybody who follows the matter
LATE = "超过了答应您的时间，对不起。社区在催"
GONE = "这件事已经不在您名下，或者链接不完整。"


def step(kind: str, body: Mapping[str, Any], who: str, owner: str, *, own: bool) -> str:
    """One line of the timeline, "" for what a resident does not read."""
    if own and kind in OWN:
        return OWN[kind]
    match kind:
        case "TicketDispatched":
            return WHY.get(str(body.get("why", "")), "").format(owner=owner)
        case "SolvedAnswered" if own:
            return "您说：解决了" if body.get("solved") else "您说：没解决"
        case "TicketRated" if own:
            return f"您的评价：{body.get('rating', '')}"
        case "ExtensionDecided":
            return "要多花些时间，时限改了" if body.get("agreed") else ""
        case "WordsAdded":
            return f"{who}发来补充" if who else ""
        case "OwnerReminded":
            return LATE if body.get("step") == "overdue" else ""
        case _:
            return STEPS.get(kind, "").format(who=who)


def remaining(due: datetime, now: datetime) -> str:
    """还剩2小时5分, 超过3天: how far the promise is."""
    minutes = int(abs(due - now) / timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        gap = f"{days}天" + (f"{hours}小时" if hours else "")
    elif hours:
        gap = f"{hours}小时" + (f"{rest}分" if rest else "")
    else:
        gap = f"{rest}分钟"
    return f"还剩{gap}" if due >= now else f"超过{gap}"


def state(status: Status, owner: str, *, own: bool) -> str:
    """Where it stands, in one sentence."""
    if status is Status.TO_ACCEPT and owner:
        return f"等{owner}接单"
    if status in (Status.IN_HAND, Status.EXTENSION_ASKED):
        return f"{owner or '社区'}在办"
    if status is Status.TO_RATE:
        return "办好了，等您确认" if own else "办好了，等报事人确认"
    if status in OPEN:
        return "社区在安排"
    return {Status.DONE: "已办结", Status.WITHDRAWN: "已撤回"}.get(status, str(status))
