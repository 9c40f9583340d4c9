"""What the console says of a ticket: states, clocks, the timeline in plain words; personal data masked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.tickets.categories import name as category_name
from handlers.tickets.page_texts import remaining
from handlers.tickets.rules import OPEN, Status
from storage.views import BoardRow, Step

TONES: Mapping[str, str] = {
    Status.WAITING: "wait", Status.TO_DISPATCH: "wait", Status.TO_ACCEPT: "wait", Status.RETURN_ASKED: "ask",
    Status.IN_HAND: "work", Status.EXTENSION_ASKED: "ask", Status.TO_RATE: "ask", Status.DONE: "done",
    Status.WITHDRAWN: "", Status.DRAFT: "ask", Status.HUNG: "ask", Status.ESCALATED: "wait", Status.TO_CHECK: "ask",
    Status.ARCHIVED: "done", Status.REJECTED: "", Status.MERGED: "", Status.HOTLINE: "work",
}  # fmt: skip
# How far a matter has come, for the line above the demo's list.
STEPS: Mapping[str, str] = {
    Status.WAITING: "accept", Status.TO_DISPATCH: "accept", Status.TO_ACCEPT: "accept", Status.RETURN_ASKED: "accept",
    Status.IN_HAND: "solve", Status.EXTENSION_ASKED: "solve", Status.TO_RATE: "confirm", Status.DONE: "end",
    Status.WITHDRAWN: "report", Status.DRAFT: "accept", Status.HUNG: "solve", Status.ESCALATED: "accept",
    Status.TO_CHECK: "solve", Status.ARCHIVED: "end", Status.REJECTED: "end", Status.MERGED: "accept",
    Status.HOTLINE: "accept",
}  # fmt: skip

_WHY = {
    "transfer": "转给{owner}", "deputy": "没人接单，转给副手{owner}", "desk": "社区派给{owner}",
    "taken": "{owner}领走",
    "community": "没人接单，转给社区", "escalated": "上报社区", "returned": "同意退单，改派给{owner}",
    "place": "地点清楚了，派给{owner}", "street": "社区没有安排，转到街道", "refused": "社区拒收，退回街道",
    "callback": "不满意，另一位同事回访", "whistle": "街道吹哨，{owner}主办", "reclassed": "改分类，派给{owner}",
}  # fmt: skip
_REMINDED = {
    "remind": "提醒{person}接单", "deputy": "接单超时，提醒副手", "community": "接单超时，告诉社区",
    "head": "单位没人接单，告诉负责人", "grid": "微网格长没接单，告诉网格员", "command": "社区没安排，告诉街道",
    "overdue": "办理超时，告诉社区",
}  # fmt: skip
_RUNGS = {50: "时限过半，提醒承办人", 80: "快到时限，告诉上一级", 100: "超时，督办", 150: "严重超时，报街道"}
_PLAIN = {
    "MoreAsked": "请报事人补充", "ReturnGrounded": "写明退单依据", "HangAsked": "{actor}申请挂账",
    "HangRefused": "不同意挂账", "TicketHung": "挂账，到期复查", "TicketResumed": "恢复办理",
    "TicketMerged": "{actor}并案", "TicketUnmerged": "{actor}拆案，单独办", "EndAsked": "{actor}申请终止",
    "TicketAppealed": "报事人补充新情况", "TicketSubmitted": "{actor}办结，等核查",
    "UnitArrived": "{actor}到场签到", "UnitConcluded": "{actor}报结论", "UnitRated": "街道评价单位",
    "ListRefused": "社区拒收（清单外）", "ListNoted": "写明准入清单", "CallbackSet": "换人回访",
    "Recurred": "同一件事反复发生，转主动治理", "LeaveTaken": "请假",
    "TicketFollowed": "有邻居一起关注", "WordsAdded": "居民补充", "TicketUrged": "报事人催办",
    "NameHidden": "报事人隐去姓名", "NoteKept": "{actor}备注", "TakeoverBegun": "{actor}接管，和居民说话",
    "DeskSpoke": "{actor}对居民说", "PhotoCovered": "{actor}遮住了照片里的一部分",
    "PhotoRestored": "{actor}恢复了原照片",
    "PlaceCorrected": "更正了地点", "TicketAccepted": "{actor}接单", "TicketVisited": "{actor}到场",
    "ReturnAsked": "{actor}申请退单", "ExtensionAsked": "{actor}申请延期", "TicketSolved": "{actor}办结",
    "SolveTakenBack": "{actor}撤回办结，接着办", "LeaveEnded": "销假",
    "TicketReopened": "重新办理", "DeskReplied": "社区回复", "DueMoved": "节假日或值班时间调整，时限跟着改了",
    "ContactFailed": "{actor}联系不上报事人，等回话",
    "WaitingEnded": "报事人没有回话，时限继续走", "AccessRefused": "有人想看或想办，没有权限，已拦下",
    "MatterReceived": "记下从哪里来、那边的编号", "UnitLate": "单位没有按时到场签到",
    "CategoryCorrected": "记下改的分类，给机器人学", "IntentCorrected": "记下居民的意思，给机器人学",
}  # fmt: skip
_SENTENCE = re.compile(r"[^。？！]+[。？！]*")


def masked_name(name: str) -> str:
    """张*"""
    return f"{name[0]}*" if name else ""


def masked_phone(phone: str) -> str:
    """138****8888"""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else ""


def clock(due: datetime, now: datetime) -> str:
    """还剩2小时5分, 超时3天; static/board.js says the same while the page is open."""
    return remaining(due, now, "超时")


def running(row: BoardRow) -> bool:
    """Somebody still has to act, so the clock runs."""
    return row.status in OPEN


def verdict(row: BoardRow) -> str:
    """What the reporter said of the result; silence is never satisfaction."""
    if row.solved_answer is False and not running(row):
        return "居民说没解决"
    solved = "居民说已解决" if row.solved_answer else ""
    if row.rating:
        return f"{solved}，{row.rating}" if solved else row.rating
    if row.status == Status.DONE:
        return solved or "未评价"
    return solved or ("等居民确认" if row.status == Status.TO_RATE else "")


def here(said: str) -> str:
    """What an act answered without what to say next in the chat: on the page that is a button. The first sentence
    always stays.
    """
    sentences: list[str] = _SENTENCE.findall(said) or [said]
    return sentences[0] + "".join(one for one in sentences[1:] if "说「" not in one and "比如「" not in one)


def step(happened: Step, names: Mapping[int, str]) -> str:
    """One line of the timeline. `names` of the staff it mentions, by person id. Residents are not named."""
    body: dict[str, Any] = happened.body
    actor = happened.actor_name or "系统"
    match happened.kind:
        case "TicketOpened":
            said = "居民匿名报事" if body.get("anonymous") else "居民报事"
            return f"{said}，派给{names.get(body.get('owner', 0), '') or happened.unit or '社区'}"
        case "TicketDispatched":
            owner = names.get(body.get("owner", 0), "") or happened.unit or "社区"
            return _WHY.get(body.get("why", ""), "派给{owner}").format(owner=owner)
        case "TicketReclassed":
            return f"{actor}改分类为「{category_name(body.get('category', ''))}」"
        case "UnitJoined":
            unit = happened.unit or "单位"
            return f"{actor}吹哨，请{unit}到场" if body.get("role") == "whistle" else f"{actor}请{unit}协办"
        case "OwnerReminded":
            return _REMINDED.get(body.get("step", ""), "提醒").format(person=names.get(body.get("person", 0), "社区"))
        case "RungReached":
            return _RUNGS.get(body.get("rung", 0), "时限提醒")
        case "ReturnDecided":
            return "社区同意退单" if body.get("agreed") else "社区不同意退单"
        case "ExtensionDecided":
            return "社区同意延期" if body.get("agreed") else "社区不同意延期"
        case "SolvedAnswered":
            return "居民说：解决了" if body.get("solved") else "居民说：没解决"
        case "TicketRated":
            return f"居民评价：{body.get('rating', '')}"
        case "TicketClosed":
            return "已办结" if body.get("how") == "answered" else "已办结，居民没有评价"
        case "TicketRejected":
            return "终止办理" if body.get("route") == "ended" else "不予受理，已告知去处"
        case "LineCalled":
            return f"转{body.get('line', '')}"
        case "StateMoved":
            return f"现在是「{body.get('status', '')}」"
        case "WordsAdded" if body.get("working"):
            return f"{actor}说办理情况"
        case "TakeoverEnded":
            why = {"timeout": "没有人说话，交还给机器人", "danger": "居民说到危险，机器人接着说"}
            return why.get(body.get("why", ""), f"{actor}交还给机器人")
        case "TicketChecked":
            return "核查通过" if body.get("passed") else "核查不通过，重新办"
        case "TicketWithdrawn":
            return "报事人撤回" + ("，因为关系安全，继续处理" if body.get("kept") else "")
        case kind:
            return _PLAIN.get(kind, kind).format(actor=actor)
