"""Wording of tickets: what the resident, the leader and the desk read. Short, kind, readable aloud."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.read import Ticket
from handlers.tickets import categories
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.rules import ROUTES, Status
from handlers.types import Choice

ASK_MATTER = "是什么事？直接说，比如「楼道灯坏了」。"
ASK_MATTER_PHOTO = "照片收到了。是什么事、在哪里？说一句就行。"
ASK_PLACE = "在哪里？写小区和几幢就行，比如「学府花园3幢2单元」。"
ASK_PLACE_HOME = "在哪个位置？"
ASK_WHERE_IN = "在{estate}的哪里？比如几幢旁边、哪个门。说不清就回复「跳过」。"
ASK_WHICH = "我找到几处，是哪一处？"
CONFIRM = (Choice("对，报上去", "对"), Choice("不对", "不对"))
CONFIRM_DESK = (Choice("对，转给社区", "对"), Choice("不用了", "取消"))
PHOTO_ADDED = "照片收到了，一共{n}张。"
JOIN = Choice("加入关注", "加入关注")
STILL_NEW = Choice("仍要新报", "仍要新报")
BESIDE = "这句也记下了。先定上一件："
SHOW_MINE = Choice("看进度", "看进度")
URGE = Choice("催一下", "催一下")
ANONYMOUS_HERE = "好的，这件事不显示您的名字，只有社区知道。"
TOO_MANY_OPEN = "您已经有{n}件事在办，请等几件办好再报。有危险直接说，不受限制。"
VOICE_TAKEN = (
    "语音收到了。机器听不懂语音，已经请社区的同志来听，编号{short}。"
    "方便的话，再打几个字：什么事、在哪里。有危险请直接打110、119、120。"
)
VOICE_MORE = "这段语音也收到了，一起转给社区。"

URGE_OWNER = "请{name}快办"
URGE_WORDS = "请尽快办，报事人在等"
NO_REPORTS = "您还没有报过事。有事直接说，比如「楼道灯坏了」。"
NOTHING_TO = "您没有可以{command}的事。说「查进度」看看您报过的。"
NO_SUCH_TASK = "没有找到编号{number}的工单。说「我的待办」看看您手上的。"
NO_SUCH = "没有找到编号{number}的事。说「查进度」，我把您报的都列出来。"
NOT_YOURS = "这一单不在您名下，看不了。"
WHICH_TICKET = "是哪一件？"
UNCLEAR_ACCEPT = "{short}您接吗？"
UNCLEAR_ACCEPTS = "您手上有几单还没接，接哪一单？"
UNCLEAR_TASK = "这句话怎么办？"
UNCLEAR_TELL = "告诉报事人"
UNCLEAR_TO = "转给{name}"
UNCLEAR_RETURN = "退单"
UNCLEAR_EXTEND = "申请延期"
UNCLEAR_HANG = "申请挂账"
UNCLEAR_DONE = "办结"
UNDONE = "{short}先不办结：「{words}」不像是办好了，报事人会看到这句话。怎么办？"
UNCLEAR_ONE = "{act}：{short} {summary}"
UNCLEAR_HELP = "请社区帮忙"
UNCLEAR_TODO = "看我的待办"
UNCLEAR_PERSON = "找社区的人"
WHICH_TASK = "您手上有几单，是哪一单？"
NO_TASKS = "您现在没有待办。辛苦了。"
TASK_PHOTO = "照片收到了。是哪一单的？说「办结」加一句话，照片一起附上。"
ADDED = "补充好了，{short}。"
ASK_ADD = "要补充什么？直接说，或者发照片。"
ASK_RATING = "谢谢！您对这次办理满意吗？"
RATINGS = (Choice("满意"), Choice("基本满意"), Choice("不满意"))
RATING_WORDS = tuple(choice.label for choice in RATINGS)
RATED = "谢谢您，评价记下了。"
RATED_BAD = "谢谢您直说。社区会有人了解情况。"
SOLVED_CHOICES = (Choice("解决了"), Choice("没解决"))
NOTHING_TO_RATE = "您现在没有等评价的事。说「查进度」看看。"
WITHDRAWN = "已撤回，{short}。"
WITHDRAWN_KEPT = "已撤回，{short}。这件事关系安全，我们会继续处理，不显示您的名字。"
PROACTIVE = "同一个地方，{days}天里第{times}次「{name}」。请找根源，一次解决；要花钱或要大家定的，可以发起议事提案。"
PROXY_TOLD = "{who}替您报了一件事：{summary}，编号{short}。有进展也告诉您，办好了您来评价。"
HUMAN_OPENED = "已经告诉社区的同志，编号{short}，他们会回您。{phone}"
GOOD_NEWS = "太好了！{short}好了，我告诉办事的人，由他来办结。没好再说一声。"
HUMAN_AGAIN = "已经告诉社区了，编号{short}，请稍等。{phone}"
STAFF_HELP = (
    "您可以说：接单、到场、办结 加说明、退单 加原因、转给 副网格长、延期 日期 原因、上报、我的待办。"
    "几单时加上编号后四位，比如「接单 0017」。"
)
DESK_HELP = (
    "您可以说：我的待办、接单、办结 加说明、派给 姓名、同意 或 不同意、回复 加内容、"
    "改分类 加编码、待答问题。带上编号后四位。"
)

RUNG_HALF = "{head}：时间过了一半，{by}前要办好。"
RUNG_WARN = "{head}：快到时限了，{by}前要办好。办不完请说「延期」加日期和原因，或说「上报」。"
RUNG_WARN_ABOVE = "{head}：快到时限了，{by}前要办好，还没办结。请帮着催一下。"
RUNG_LATE = "{head}：已超时，请尽快办，或说明情况。"
RUNG_LATE_DESK = "{head}：已超时，请督办。"
RUNG_LATE_REPORTER = "{head}：超过了答应您的时间，对不起。社区在催，有进展马上告诉您。"
NOT_REACHED = "{head}：我们联系不上您。看到请回一句话；您回话以前，办理时间先停着。"
NOT_REACHED_DESK = "{head}：联系报事人{count}次都联系不上，请决定挂账还是怎么办。"
WAITING_ENDED = "{head}：报事人还没回话，时限继续走。请再联系一次，还联系不上说「联系不上」。"
DUE_MOVED = "{head}：节假日或值班时间有调整，改到{by}前办好。"
RUNG_TO_STREET = "{head}：超过时限一半以上了，还没办好。请督办。"
RUNG_STREET = "{head}：超过时限一半以上了，还没办好。{street}，今天一定要答复报事人。"


def when(at: datetime | None, now: datetime) -> str:
    """今天18:00, 明天10:30, 11月26日18:00 — Shanghai time."""
    if at is None:
        return ""
    day, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    clock = f"{day.hour}:{day.minute:02d}"
    ahead = (day.date() - today.date()).days
    if ahead in (-1, 0, 1, 2):
        return {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}[ahead] + clock
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日{clock}"


def ago(at: datetime, now: datetime) -> str:
    gap = now - at
    if gap < timedelta(hours=1):
        return f"{max(1, int(gap.total_seconds() // 60))}分钟前"
    if gap < timedelta(days=1):
        return f"{int(gap.total_seconds() // 3600)}小时前"
    return f"{gap.days}天前"


def matter(summary: str, place: str, category: str, photos: int, voices: int, note: str = "") -> str:
    lines = [f"事情：{summary}"]
    if place:
        lines.append(f"地点：{place}")
    lines.append(f"分类：{categories.name(category)}")
    if photos or voices:
        parts = [f"照片{photos}张"] if photos else []
        parts += [f"语音{voices}段"] if voices else []
        lines.append("附件：" + "、".join(parts))
    if note:
        lines.append(note)
    return "\n".join(lines)


def confirm_one(text: str) -> str:
    return f"我记的是：\n{text}\n对吗？"


def also_noted(added: str, first: str) -> str:
    return f"「{added}」也记下了。先问「{first}」这件："


def confirm_many(items: list[tuple[str, str]]) -> str:
    marks = "①②③④⑤⑥⑦⑧⑨"
    lines = [f"{marks[n]}{summary}" + (f"（{place}）" if place else "") for n, (summary, place) in enumerate(items)]
    return f"我理解为{len(items)}件事：\n" + "\n".join(lines) + "\n对吗？"


def near(ticket: Ticket, now: datetime) -> str:
    return (
        f"{ago(ticket.opened, now)}已有人报过：{ticket.summary}（{ticket.place.label}），{state(ticket)}。"
        "要一起关注，还是仍要新报？"
    )


def near_own(ticket: Ticket, now: datetime) -> str:
    return f"这件事您{ago(ticket.opened, now)}报过，编号{ticket.short}，{state(ticket)}。"


def state(ticket: Ticket, *, own: bool = True) -> str:
    """How it stands, in a resident's words; `own`: for the reporter."""
    if ticket.status is Status.DONE and not ticket.rating and ticket.solved_answer is None:
        return "已办结（未评价）"
    if ticket.status is Status.REJECTED and ticket.ended in ROUTES:
        return f"不能受理，{ROUTES[ticket.ended][1]}"
    said = {
        Status.TO_RATE: "已反馈，等您确认" if own else "已反馈，等报事人确认",
        Status.TO_ACCEPT: "等待接单",
        Status.IN_HAND: "处理中",
        Status.DRAFT: "等您补充",
        Status.HUNG: "现在还办不了，先记着，到复查的日子再办",
        Status.ESCALATED: "已上报，上一级正在安排",
        Status.TO_CHECK: "说办好了，社区在核查",
        Status.MERGED: "和同一件事一起办，办好单独告诉您",
        Status.HOTLINE: "请马上打专线电话，社区在跟进",
        Status.REJECTED: "已终止办理",
    }
    return said.get(ticket.status, str(ticket.status))


def opened(short: str, code: str, owner: str, accept_by: str, due: str) -> str:
    """The promise: number, who has it, by when."""
    return f"已受理，编号{code}（说后四位{short}就行）。{owner}会在{accept_by}前接单，{due}前办好。"


def opened_desk(short: str, code: str, accept_by: str, due: str) -> str:
    return f"已受理，编号{code}（说后四位{short}就行）。社区会在{accept_by}前派人，{due}前答复您。"


def progress(ticket: Ticket, owner: str, now: datetime, *, own: bool = True) -> str:
    head = f"{ticket.short} {ticket.summary}（{ticket.place.label}）" if ticket.place.label else (
        f"{ticket.short} {ticket.summary}"
    )  # fmt: skip
    waits = ticket.status is Status.TO_ACCEPT and owner
    line = f"{head}：" + (f"等{owner}接单" if waits else state(ticket, own=own))
    if ticket.status in (Status.TO_ACCEPT, Status.IN_HAND, Status.RETURN_ASKED, Status.EXTENSION_ASKED):
        line += f"，{owner}在办" if owner and not waits else ""
        if ticket.due and ticket.due >= now:
            line += f"，{when(ticket.due, now)}前办好"
        elif ticket.due:
            line += "，已经超时，社区在催，对不起"
    elif ticket.status in (Status.WAITING, Status.TO_DISPATCH):
        line += "，社区正在安排"
    elif ticket.result:
        line += f"，结果：{ticket.result}"
    return line + "。"


def task(
    ticket_short: str, summary: str, words: str, place: str, who: str, accept_by: str, due: str, extra: str
) -> str:
    lines = [f"新任务 {ticket_short}", f"事情：{summary}", f"地点：{place or '还没说清，正在问'}"]
    if words and _adds(words, summary, place):
        lines.append(f"原话：{words}")
    if who:
        lines.append(f"报事人：{who}")
    if extra:
        lines.append(extra)
    lines.append(f"请{accept_by}前接单，{due}前办好。")
    return "\n".join(lines)


def _adds(words: str, summary: str, place: str) -> bool:
    """The words say more than summary and place already do."""
    rest = _bare(words).replace(_bare(summary).removesuffix("…"), "", 1)
    return len("".join(c for c in rest if c not in place)) > 1


def _bare(text: str) -> str:
    return "".join(c for c in text if c not in " ,.。，、;；:：!！?？")


def todo(items: tuple[Ticket, ...], now: datetime, head: str = "您有") -> str:
    lines = []
    for ticket in items:
        clock = ""
        if ticket.due:
            clock = (
                f"，{when(ticket.due, now)}前" if ticket.due >= now else f"，已超时（{when(ticket.due, now)}到期）"
            )
        lines.append(f"{ticket.short} {ticket.summary}（{ticket.place.label or '地点待定'}）{ticket.status}{clock}")
    return f"{head}{len(items)}件：\n" + "\n".join(lines)


def wrong_state(ticket: Ticket, action: str) -> str:
    """One clear sentence: what it is now, so what cannot be done."""
    return f"{ticket.short}现在是「{ticket.status}」，不能{action}。"
