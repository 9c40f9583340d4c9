"""Who is told of a new ticket: its first hand; in danger everybody near, and the unit that can end it."""

from __future__ import annotations

from datetime import datetime

from handlers.read import Read
from handlers.tickets import categories, texts, texts_danger
from handlers.tickets.facts import TicketOpened
from handlers.tickets.listeners import reporter, task_choices
from handlers.tickets.rules import WAKES
from handlers.types import Push, Rank


def opened(fact: TicketOpened, now: datetime, read: Read) -> list[Push]:
    danger = fact.level == "T0"
    duty = read.duty(fact.place) if fact.place.community else None
    kept = fact.kind == "投诉举报" or fact.category in categories.COMPLAINTS
    who = "" if (fact.owner and kept) or not fact.reporter else reporter(fact.reporter, fact.anonymous, read)
    if fact.proxy_for or fact.proxy_name:
        who = f"{who}（代{fact.proxy_name or '家人'}报）"
    photos = sum(m.kind == "photo" for m in fact.media)
    extra = "、".join(
        [f"照片{photos}张"] * bool(photos) + ["有语音"] * any(m.kind == "voice" for m in fact.media)
        + ["有定位"] * (fact.pin is not None)
    )  # fmt: skip

    if danger and fact.place.source == "home":
        extra = f"{extra}、地点按住址推定，待确认".strip("、")
    body = texts.task(
        fact.code[-4:], fact.summary, fact.words, fact.place.label, who,
        texts.when(fact.accept_by, now), texts.when(fact.due, now), extra,
    )  # fmt: skip
    text = f"【紧急】{body}" if danger else body
    rank, kind = Rank.ALARM if fact.level in WAKES else Rank.TASK, "alarm" if danger else "task"
    choices = task_choices(fact.code[-4:])
    told: list[Push] = []
    members = read.unit_members(fact.unit) if fact.unit else ()
    told += [Push(p, text, kind, rank, fact.ticket, choices) for p in ((fact.owner,) if fact.owner else ())]
    told += [Push(p, text, kind, rank, fact.ticket, choices) for p in members]
    if fact.proxy_for and fact.proxy_for != fact.reporter:
        by = read.person(fact.reporter)
        text_for = texts.PROXY_TOLD.format(
            who=by.name if by and by.name else "有人", summary=fact.summary, short=fact.code[-4:]
        )
        told.append(Push(fact.proxy_for, text_for, "progress", Rank.NOTICE, fact.ticket))
    if danger and duty:
        near = [p for p in (duty.leader, duty.deputy) if p and p != fact.owner]
        if fact.category in categories.DESK_ONLY:
            told += [
                Push(p, texts_danger.HELP_NEEDED.format(place=fact.place.label), kind, rank, fact.ticket)
                for p in near
            ]
        else:
            told += [Push(p, text, kind, rank, fact.ticket, choices) for p in near]
    if danger or not (fact.owner or fact.unit):
        desk = [p for p in read.desk(fact.community) if p != fact.against]
        told += [Push(p, text, kind, rank, fact.ticket, choices) for p in desk]
    return told
