"""Who is told that a ticket changes hands: the new hand, the desk of its level, the reporter honestly."""

from __future__ import annotations

from dataclasses import replace

from handlers.tickets import categories, reach, texts
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.facts import OwnerReminded, TicketDispatched
from handlers.tickets.listeners import Listeners, seen_reporter, task_choices
from handlers.types import Push

_NOTES = {
    "deputy": "微网格长没有接单，请您接。", "desk": "社区派给您。", "transfer": "搭档转给您。",
    "succession": "原来的微网格长卸任，转给您。",
    "reclassed": "分类改了，转到您这里。", "whistle": "街道吹哨，请到场签到，说「签到」。",
}  # fmt: skip
_NEXT = {1: "网格员", 2: "社区", 3: "街道指挥室"}


def dispatched(fact: TicketDispatched, said: Listeners) -> list[Push]:
    if fact.why == "taken":
        return []
    tier = fact.tier if fact.tier >= 0 else said.ticket.tier
    there = Listeners(replace(said.ticket, owner=fact.owner, unit=fact.unit, tier=tier), said.now, said.read)
    if fact.owner or fact.unit:
        return _task(fact, there, said.ticket.tier)
    level = _NEXT.get(tier, "社区")
    if fact.why == "returned":
        return said.people(f"{said.head}：正在换更合适的人来办。")
    if fact.why == "callback":
        return there.desk(
            f"{said.there}：报事人说解决了，但不满意。请另一位同事回访，说「接单 {said.ticket.short}」。"
        )
    why = {
        "community": "没有人接单", "street": "社区没有安排", "refused": "社区拒收，不在准入清单内",
        "succession": "微网格长卸任",
        "escalated": f"承办人上报{'：' + fact.reason if fact.reason else ''}",
    }.get(fact.why, "")  # fmt: skip
    short = said.ticket.short
    told = there.desk(f"{said.there}：{why}，请安排。说「派给 {short} 姓名」或「接单 {short}」。")
    if fact.why in ("community", "street"):
        sorry = "还没有人接单，对不起。" if fact.why == "community" else "社区还没有安排，对不起。"
        return told + said.people(f"{said.head}：{sorry}已转到{level}，{level}会安排。")
    return told + said.people(f"{said.head}：已上报{level}，{level}会安排。")


def _task(fact: TicketDispatched, said: Listeners, before: int) -> list[Push]:
    ticket = said.ticket
    hidden = ticket.category in categories.DESK_ONLY
    note = _NOTES.get(fact.why, "") if fact.owner or fact.why != "transfer" else "微网格长转给您的单位。"
    if fact.why == "desk" and before >= reach.STREET:
        note = "街道派给您。"
    if fact.designated:
        note += "这是指定派单，不能再退。"
    text = texts.task(
        ticket.short, categories.name(ticket.category) if hidden else ticket.summary, "" if hidden else ticket.words,
        ticket.place.label, "" if hidden else seen_reporter(ticket, said.read),
        texts.when(fact.accept_by or ticket.accept_by, said.now), texts.when(ticket.due, said.now), note,
    )  # fmt: skip
    told = said.hands(f"【紧急】{text}" if ticket.level == "T0" else text, *task_choices(ticket.short))
    if fact.why in _NOTES:
        unit = said.read.unit(fact.unit)
        to = said.name(fact.owner) if fact.owner else unit.name if unit else "单位"
        told += said.people(f"{said.head}：转给{to}办。{said.due}")
    return told


def reminded(fact: OwnerReminded, said: Listeners) -> list[Push]:
    short = said.ticket.short
    owner = (said.ticket.owner,) if said.ticket.owner else reach.holding(said.ticket, said.read)
    match fact.step:
        case "remind":
            return said.hands(f"{said.head}：还没接单，请看一下。", *task_choices(short))
        case "deputy":
            return said.to(owner, f"{said.head}：没有及时接单，已转给副微网格长。", kind="progress")
        case "head":
            heads = reach.holding(replace(said.ticket, owner=0), said.read)[:1]
            return said.to(heads, f"{said.there}：您单位还没有人接单，请安排。", *task_choices(short))
        case "grid":
            at_grid = reach.waits_with(replace(said.ticket, tier=1), said.read)
            day = said.now.astimezone(SHANGHAI).date()
            at_grid = tuple(person for person in at_grid if not said.read.away(person, day))
            return said.to(at_grid, f"{said.there}：微网格长还没有接单，请去看一下。", *task_choices(short))
        case "community":
            return said.to(owner, f"{said.head}：没有及时接单，已转到社区。", kind="progress")
        case "command":
            return said.to(owner, f"{said.head}：没有及时安排，已转到街道指挥室。", kind="progress")
        case _:
            return []
