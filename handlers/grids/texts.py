"""Wording about grids, posts and borders: for leaders, residents and the desk. Short, kind, readable aloud."""

from __future__ import annotations

from datetime import date

ROLES = {"leader": "微网格长", "deputy": "副微网格长", "grid": "专职网格员"}
DAY_PAST = "生效日期已经过了，请选今天或以后的日子。"
DAY_FAR = "生效日期太远，最多提前{days}天安排。"
NOT_HERE = "这里没有这个网格，或者它不归您的社区管。"
NO_ROLE = "岗位只能是微网格长、副微网格长或专职网格员。"
WHICH_TASKS = "手上的任务：请选“都交给新的人”或“正在办的留给原来的人”。"
NAME_AND_PHONE = "新的人请写姓名和11位手机号；没有人接，就选“先空着”。"
OTHER_NAME = "这个手机号登记的是另一个姓名，请核对。"
SAME_PERSON = "{name}现在就是{role}，不用换。"
NOBODY_GOES = "这个岗位现在没有人，也没有写新的人。"
ALREADY_PLANNED = "这个岗位已经安排在{day}换人。要改，请先取消那次安排。"
NOT_PLANNED = "这次安排已经生效或取消了。"
DROPPED = "已取消安排。"
NO_MOVES = "没有要调整的住户：每一处的“改到”都和现在一样。"
MOVED_MEANWHILE = "有住户刚刚被别人调整过，请重新看一遍再确认。"
TO_ELSEWHERE = "只能调到本社区的微网格。"
REDRAW_OVERLAPS = "其中有住户已经安排在{day}调整。请先取消那次安排。"
GRID_FULL = "这个网格已有99个微网格，编码用完了。"
NOT_AT_HOME = "这个人没有登记在这一户，可能刚刚已经解绑。"
REASON = "请选原因。"
REASONS = {"moved": "搬走了", "wrong": "登记错了", "asked": "本人要求", "other": "其他"}


def day_words(day: date) -> str:
    return f"{day.month}月{day.day}日"


def planned_post(role: str, where: str, name: str, day: date, *, now: bool) -> str:
    """What the desk reads back."""
    who = f"由{name}担任" if name else "先空着"
    return f"{where}{ROLES[role]}已换：{who}。" if now else f"已安排：{day_words(day)}起，{where}{ROLES[role]}{who}。"


def to_incoming(role: str, where: str, day: date | None) -> str:
    when = f"从{day_words(day)}起，" if day else ""
    return f"{when}您是{where}的{ROLES[role]}。" + ("到那天我会再告诉您。" if day else "说「我的待办」随时查看。")


def to_outgoing(role: str, where: str, name: str, day: date | None) -> str:
    when = f"从{day_words(day)}起" if day else "今天起"
    who = f"由{name}担任" if name else "先空着"
    return f"{when}，{where}的{ROLES[role]}{who}。" + ("谢谢您这段时间的辛苦。" if not day else "")


def passed_on(count: int, name: str) -> str:
    return f"您手上的{count}件任务转给了{name}。" if name else f"您手上的{count}件任务转给了社区。"


def not_any_more(role: str, where: str) -> str:
    return f"{where}{ROLES[role]}换人的安排取消了，还和原来一样。"


def redraw_planned(count: int, day: date, *, now: bool) -> str:
    return f"已调整{count}户。" if now else f"已安排：{day_words(day)}起调整{count}户。"


def redraw_leader(name: str, came: int, went: int, total: int) -> str:
    moved = "，".join(part for part in (f"划入{came}户" if came else "", f"划出{went}户" if went else "") if part)
    return f"{name}微网格调整了：{moved}，现在共{total}户。手上的任务不变。"


def redraw_ahead(name: str, came: int, went: int, day: date) -> str:
    moved = "，".join(part for part in (f"划入{came}户" if came else "", f"划出{went}户" if went else "") if part)
    return f"{day_words(day)}起，{name}微网格{moved}。手上的任务不变。"


REDRAW_DROPPED = "微网格调整的安排取消了，还和原来一样。"


def redraw_resident(name: str, leader: str) -> str:
    who = f"微网格长是{leader}，" if leader else ""
    return f"您家现在归{name}微网格，{who}有事还是直接在这里说。"


def unbound(label: str, community: str) -> str:
    where = community or "社区"
    return f"{where}把您和{label}的登记解除了。要是弄错了，请说「转人工」。"


NO_POST_HERE = "这个人在您的社区没有岗位。"
LEAVE_ORDER = "请假要有头有尾：最后一天不能早于第一天，也不能已经过去。"
LEAVE_LONG = "一次最多{days}天。"
NOT_AWAY = "今天和以后都没有请假。"


def leave_set(name: str, first: date, last: date) -> str:
    return f"{name or '这位同志'}请假记下了：{day_words(first)}到{day_words(last)}。这几天的新任务由搭档接。"


def leave_ended(name: str) -> str:
    return f"{name or '这位同志'}已销假，从今天起照常接新任务。"


def to_away(first: date, last: date) -> str:
    return f"社区替您记了请假：{day_words(first)}到{day_words(last)}。这几天的新任务由搭档接。"


BACK = "社区替您销了假，从今天起照常接新任务。"


def micro_added(name: str) -> str:
    return f"已新增{name}微网格。先划入住户，再定微网格长。"


MOVED_OUT = "已解除这一户的登记，本人会收到通知。"
