"""Wording of announcements, short and readable aloud; the second half is for those who write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.announcements.port import Announcement, Answers, Audience, Reached
from handlers.announcements.rules import KIND_NAMES, ROLES, SHANGHAI, Kind
from handlers.types import Choice

GO, CANNOT = Choice("我去", "应急我去"), Choice("来不了", "应急来不了")
ANSWER_CHOICES = (GO, CANNOT)
_HEADS = {Kind.NEWS: "【通知】", Kind.SERVICE: "【重要通知】", Kind.EMERGENCY: "【应急通知】"}
_MUSTER = "能来请回「我去」，不能来请回「来不了」。"

# --- to residents
NONE = "最近没有给您家的通知。"
LISTED = "最近给您家的通知："
NOT_YOURS = "没有找到这条通知。说「最近有什么通知」看看。"
STOPPED = "好的，一般通知不再发给您。停水停电、安全和应急的还会发。想恢复说「恢复通知」。"
STOPPED_BEFORE = "一般通知已经不发给您了。想恢复说「恢复通知」。"
RESUMED = "好的，以后社区有通知照样发给您。"
RESUMED_BEFORE = "您一直在收社区的通知，不用恢复。"
YES_NOTED = "记下了，您去。{words}"
YES_MINUTES = "记下了，您去，大约{minutes}分钟到。{words}"
NO_NOTED = "知道了，您来不了。照顾好自己。"
STOOD_DOWN = "【应急解除】{title}结束了，不用再去。谢谢您。"


def message(one: Announcement, office: str) -> str:
    """What a recipient reads."""
    head = ("【演练】" if one.drill else "") + ("【应急动员】" if one.muster else _HEADS[one.kind])
    said = one.words if one.words.startswith(one.title) else f"{one.title}\n{one.words}"
    return "\n".join(filter(None, (head + said, _MUSTER if one.muster else "", f"——{office}" if office else "")))


def day(at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日"


def submitted(at: datetime | None) -> str:
    if at is None:
        return DONE["submit"]
    return LATER.format(at=f"{day(at)} {at.astimezone(SHANGHAI):%H:%M}")


def listed(found: Sequence[Announcement]) -> str:
    lines = (f"{number} {day(one.started)} {one.title}" for number, one in enumerate(found, 1))
    return "\n".join((LISTED, *lines)) + "\n想看哪条，说它的数字。"


def shown(one: Announcement, office: str) -> str:
    return f"{message(one, office)}\n（{day(one.started)}发）"


# --- to those who write
ASK_WORDS = "通知什么？比如「通知 明天上午8点到12点停水」。"
ASK_MUSTER = "动员什么？比如「应急动员 台风要来，现在到北门集合，带雨鞋」。"
TOO_LONG = "内容有{length}个字，最多{most}个字。请写短一点再发。"
TITLE_LONG = "标题有{length}个字，最多{most}个字。请写短一点。"
NO_TITLE = "请写标题。"
NO_WORDS = "请写内容。"
NOBODY = "选的范围里没有人，发不出去。请换一个范围。"
NO_AUDIENCE = "请选发给谁：社区、小区、楼、微网格或者一类人。"
NOT_YOUR_AREA = "选的范围不归您管，不能发。"
NO_SUCH = "没有这条公告。"
NOT_LEADER = "只有微网格长和社区工作人员能发通知。"
DESK_ONLY = "应急动员由社区发起。请打社区电话，或者说「转人工」。"
SEND, DROP = Choice("确认发送", "确认发送"), Choice("不发", "取消")
NOT_SENT = "好，没有发。"
PREVIEW = "发给{who}，共{people}人{less}{names}。\n预览：\n{message}\n确认发送吗？"
SENDING = "好，马上发，共{people}人。"
SENDING_LATER = "好。现在是休息时间，早上{hour}点开始发，共{people}人。"
SECOND_ASKED = "超过{most}人，要另一位同志复核才发。已经告诉他们了。"
PAST = "定的时间已经过了。请选以后的时间，或者不填，马上发。"
TWICE = "同样的话5分钟里已经发了{times}次，先拦下了。请看看是不是点重了。"
SELF = "自己写的公告要另一个人复核，不能自己同意。"
_STATES = {
    "draft": "还没有提交", "asked": "在等复核", "waiting": "在等时间", "preparing": "正在准备名单",
    "sending": "正在发", "paused": "暂停了", "done": "已经发完", "cancelled": "已经取消",
}  # fmt: skip
NO_MORE = "这条公告{state}，不能这样操作。请刷新页面看看。"
DONE = {
    "write": "存好了。", "submit": "好，马上就发。", "ask": SECOND_ASKED, "approve": "同意了，到时间就发。",
    "refuse": "退回给写的人了。", "pause": "暂停了，没发出去的都停下。", "resume": "继续发。",
    "cancel": "取消了，没发出去的不再发。", "resend": "没送到的再发一次。",
    "repeat": "不知道到没到的再发一次，写明可能收到过。", "reask": "没回话的再问一次。",
}  # fmt: skip
LATER = "好，{at}发。"
TRIED = "发给您自己了，在聊天里看看样子。"
KEPT = "记住了，下次可以直接选「{name}」。"
NO_NAME = "请给这个范围起个名字，比如「三幢老人」。"
SAID = "应急动员{number}，{name}：{words}"
SAID_NOTED = "记下了，告诉社区了。"
NO_MUSTER = "现在没有应急动员。"
CLOSED = "解除了，已告诉答应来的{yes}人。"
NOT_FAILED = "没有没送到的，不用再发。"
NOT_UNSURE = "没有不知道到没到的，不用再发。"
NO_SILENT = "都回话了，不用再问。"


def no_more(state: str) -> str:
    return NO_MORE.format(state=_STATES[state])


def who(audience: Audience, reached: Reached) -> str:
    roles = "、".join(ROLES[role] for role in audience.roles) or "居民"
    return f"{reached.where}的{roles}"


def less(kind: Kind, reached: Reached) -> str:
    """Who of them gets nothing, said beforehand."""
    parts = []
    if reached.no_address:
        parts.append(f"{reached.no_address}人没有聊天地址")
    if kind is Kind.NEWS and reached.declined:
        parts.append(f"{reached.declined}人退订了")
    return f"（{'，'.join(parts)}）" if parts else ""


def some(reached: Reached) -> str:
    """：王*、陈*等"""
    first = "、".join(reached.names)
    return f"：{first}" + ("等" if reached.people > len(reached.names) else "") if first else ""


def preview(one: Announcement, reached: Reached, office: str) -> str:
    return PREVIEW.format(
        who=who(one.audience, reached), people=reached.people, less=less(one.kind, reached),
        names=some(reached), message=message(one, office),
    )  # fmt: skip


def to_second(one: Announcement, people: int, name: str) -> str:
    return f"公告{one.number}「{one.title}」要发给{people}人，{name or '同事'}写的，请您复核。"


def second_choices(number: int) -> tuple[Choice, ...]:
    return (Choice("同意发", f"同意公告 {number}"), Choice("不同意", f"不同意公告 {number}"))


def decided(one: Announcement, *, agreed: bool, why: str) -> str:
    if agreed:
        return f"公告{one.number}「{one.title}」复核通过了。"
    return f"公告{one.number}「{one.title}」没有通过复核。" + (f"原因：{why}" if why else "")


def outgrown(one: Announcement, people: int) -> str:
    return f"公告{one.number}「{one.title}」的范围现在有{people}人，要另一位同志复核才发。"


def finished(one: Announcement, people: int) -> str:
    head = f"公告{one.number}「{one.title}」（{KIND_NAMES[one.kind]}）"
    return f"{head}发完了，名单{people}人。没送到的在工作台「公告」里看。"


def answers(one: Announcement, found: Answers) -> str:
    return f"应急动员{one.number}「{one.title}」：去{found.yes}人，来不了{found.no}人，没回话{found.silent}人。"
