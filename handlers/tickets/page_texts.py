"""Wording of the pages opened from chat: a matter as its reporter reads it, a handler's list. Plain and kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.tickets.clock import SHANGHAI
from handlers.tickets.rules import ROUTES, Status

STAGES = ("已受理", "有人办", "办好了", "您确认")
# How far a matter has come: the stage it is in.
STAGE: Mapping[Status, int] = {
    Status.DRAFT: 0, Status.WAITING: 0, Status.TO_DISPATCH: 0, Status.TO_ACCEPT: 0, Status.RETURN_ASKED: 0,
    Status.ESCALATED: 0, Status.HOTLINE: 0, Status.IN_HAND: 1, Status.EXTENSION_ASKED: 1, Status.HUNG: 1,
    Status.TO_CHECK: 1, Status.MERGED: 1, Status.TO_RATE: 2, Status.DONE: 3, Status.ARCHIVED: 3,
}  # fmt: skip
LEVELS: Mapping[int, str] = {1: "网格员", 3: "街道指挥室"}  # who arranges it at a level of the chain; else 社区
# What a resident reads of a fact; a fact that is not here is not theirs to read. {who}: who did it, {owner}: whose
# it became. Facts of the person who reads have words of their own.
STEPS: Mapping[str, str] = {
    "TicketOpened": "社区收到了这件事",
    "TicketAccepted": "{who}接单，会和您联系",
    "TicketVisited": "{who}到了现场",
    "TicketSolved": "{who}反馈办好了",
    "SolveTakenBack": "还没办好，{who}接着办",
    "TicketReopened": "重新办理",
    "TicketClosed": "已办结",
    "DeskReplied": "社区回复",
    "PlaceCorrected": "地点更正了",
    "TicketWithdrawn": "已撤回",
    "MoreAsked": "社区想再问一句；回答以前，办理时间先停着",
    "TicketResumed": "接着办了",
    "TicketMerged": "和同一件事一起办，编号不变",
    "TicketUnmerged": "改为单独办",
    "TicketSubmitted": "{who}说办好了，社区在核查",
    "ContactFailed": "联系不上报事人，办理时间先停着",
    "WaitingEnded": "办理时间接着走",
    "CallbackSet": "请另一位同事了解情况",
    "UnitJoined": "请{owner}一起办",
    "UnitArrived": "{owner}到了现场",
}
OWN: Mapping[str, str] = {
    "TicketOpened": "您报了这件事",
    "WordsAdded": "您补充了",
    "TicketUrged": "您催办了",
    "TicketFollowed": "您加入了关注",
    "TicketAppealed": "您补充了新情况",
}
WHY: Mapping[str, str] = {
    "transfer": "转给{owner}办", "deputy": "转给{owner}办", "desk": "社区请{owner}来办", "taken": "{owner}来办",
    "community": "没有人接单，社区在安排", "escalated": "已上报{level}，{level}在安排",
    "returned": "在换更合适的人来办", "place": "地点清楚了，请{owner}来办",
    "street": "社区还没有安排，已转到街道指挥室",
    "refused": "已上报街道指挥室，街道指挥室在安排", "reclassed": "分类改了，转给{owner}办",
    "whistle": "街道请{owner}来办",
}  # fmt: skip
SHOWS_WORDS = frozenset(
    {"TicketSolved", "DeskReplied", "MoreAsked", "TicketHung"}
)  # said to everybody who follows the matter
LATE = "超过了答应您的时间，对不起。社区在催"
GONE = "这件事已经不在您名下，或者链接不完整。"


def step(kind: str, body: Mapping[str, Any], who: str, owner: str, *, own: bool) -> str:
    """One line of the timeline, "" for what a resident does not read."""
    if own and kind in OWN:
        return OWN[kind]
    match kind:
        case "TicketDispatched":
            level = LEVELS.get(body.get("tier", -1), "社区")
            return WHY.get(str(body.get("why", "")), "").format(owner=owner, level=level)
        case "SolvedAnswered" if own:
            return "您说：解决了" if body.get("solved") else "您说：没解决"
        case "TicketRated" if own:
            return f"您的评价：{body.get('rating', '')}"
        case "ExtensionDecided":
            return "要多花些时间，时限改了" if body.get("agreed") else ""
        case "WordsAdded":
            return f"{who}发来补充" if who else ""
        case "TicketHung":
            return f"现在还办不了，先记着，{_day(body)}再看"
        case "DueMoved":
            return f"节假日或值班时间有调整，改到{_day(body, 'due')}前办好"
        case "TicketRejected":
            return rejected(str(body.get("route", "")))
        case "TicketChecked":
            return "核查通过" if body.get("passed") else "核查没有通过，重新办"
        case "LineCalled":
            return f"请马上打{body.get('line', '')}，社区也在跟进"
        case "StateMoved":
            return "社区在跟进专线的结果" if body.get("action") == "FOLLOW_UP" else ""
        case "OwnerReminded":
            return LATE if body.get("step") == "overdue" else ""
        case "RungReached":
            return LATE if body.get("rung") == 100 else ""
        case _:
            return STEPS.get(kind, "").format(who=who, owner=owner)


def rejected(route: str) -> str:
    """不予受理 with the right way, or 终止."""
    if route in ROUTES:
        why, where = ROUTES[route]
        return f"不能受理，因为{why}。{where}"
    return "终止办理了"


def _day(body: Mapping[str, Any], key: str = "until") -> str:
    at = datetime.fromisoformat(str(body[key])).astimezone(SHANGHAI)
    return f"{at.month}月{at.day}日"


def remaining(due: datetime, now: datetime, late: str = "超过") -> str:
    """还剩2小时5分, 超过3天: how far the promise is."""
    minutes = int(abs(due - now) / timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        gap = f"{days}天" + (f"{hours}小时" if hours else "")
    elif hours:
        gap = f"{hours}小时" + (f"{rest}分" if rest else "")
    else:
        gap = f"{rest}分钟"
    return f"还剩{gap}" if due >= now else f"{late}{gap}"


@dataclass(frozen=True, slots=True)
class Facing:
    """What a sentence about a matter needs beside its state. "" where there is nothing.

    `until`: the review date of 挂账 in words, `reason`: why it waits; `main`: the number it is handled with;
    `waits`: the clock stands until the reporter answers.
    """

    owner: str = ""  # a person's or a unit's name
    level: str = "社区"
    until: str = ""
    reason: str = ""
    main: str = ""
    route: str = ""
    waits: bool = False


def state(status: Status, it: Facing, *, own: bool) -> str:
    """Where it stands: who has it, until when, why it waits."""
    you = "您" if own else "报事人"
    match status:
        case Status.DRAFT:
            return f"等{you}补充；回话以前，办理时间先停着"
        case Status.TO_ACCEPT if it.owner:
            return f"等{it.owner}接单"
        case Status.RETURN_ASKED:
            return f"社区在看由谁来办，{it.owner}先照看" if it.owner else "社区在看由谁来办"
        case Status.IN_HAND | Status.EXTENSION_ASKED:
            wait = f"，联系不上{you}，等{you}回一句话，办理时间先停着" if it.waits else ""
            return f"{it.owner or it.level}在办{wait}"
        case Status.HUNG:
            why = f"（{it.reason}）" if it.reason else ""
            return f"现在还办不了{why}，先记着，{it.until}再看"
        case Status.ESCALATED:
            return f"已上报{it.level}，{it.level}在安排"
        case Status.TO_CHECK:
            return "说办好了，社区在核查"
        case Status.HOTLINE:
            return "请马上打专线电话，社区也在跟进"
        case Status.TO_RATE:
            return f"办好了，等{you}确认"
        case Status.DONE | Status.ARCHIVED:
            return "已办结"
        case Status.MERGED:
            return f"和{it.main or '同一件事'}一起办，编号不变，办好单独告诉{you}"
        case Status.REJECTED:
            more = "。有新情况请在聊天里说「新情况」加内容" if own else ""
            return rejected(it.route) + more
        case Status.WITHDRAWN:
            return "已撤回"
        case _:
            return f"{it.level}在安排"
