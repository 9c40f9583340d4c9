"""Who is told what of a ticket's facts, in words. Called by notify.py only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from handlers.read import Read, Ticket
from handlers.tickets import categories, texts
from handlers.tickets.clock_facts import DueMoved, RungReached
from handlers.tickets.facts import (
    DeskReplied,
    ExtensionAsked,
    ExtensionDecided,
    OwnerReminded,
    PlaceCorrected,
    ReturnAsked,
    ReturnDecided,
    SolvedAnswered,
    TicketAccepted,
    TicketDispatched,
    TicketRated,
    TicketSolved,
    TicketUrged,
    TicketVisited,
    TicketWithdrawn,
    WordsAdded,
)  # fmt: skip
from handlers.tickets.rules import WAKES
from handlers.types import Choice, Fact, Media, Person, Push, Rank

_TASK_CHOICES = (("接单", "接单"), ("退单", "退单"), ("求助", "上报"))


class _People(Protocol):
    """Reporter and followers."""

    def __call__(self, text: str, *choices: Choice, kind: str = "progress") -> list[Push]: ...


class _To(Protocol):
    def __call__(self, ids: Iterable[int], text: str, *choices: Choice, kind: str = "task") -> list[Push]: ...


class _Desk(Protocol):
    def __call__(self, text: str, *choices: Choice) -> list[Push]: ...


def about(fact: Fact, ticket: Ticket, now: datetime, read: Read) -> list[Push]:
    short, head = ticket.short, f"{ticket.short} {ticket.summary}"
    rank = Rank.ALARM if ticket.level in WAKES else Rank.TASK
    handlers_ = [ticket.owner] if ticket.owner else list(read.desk(ticket.community))

    def people(text: str, *choices: Choice, kind: str = "progress") -> list[Push]:
        return [Push(p, text, kind, Rank.NOTICE, ticket.id, choices) for p in _listeners(ticket, read)]

    def to(ids: Iterable[int], text: str, *choices: Choice, kind: str = "task") -> list[Push]:
        return [Push(p, text, kind, rank, ticket.id, choices) for p in ids]

    def desk(text: str, *choices: Choice) -> list[Push]:
        return to(read.desk(ticket.community), text, *choices, kind="desk")

    match fact:
        case TicketDispatched():
            return _dispatched(fact, ticket, now, read, people, to, desk)
        case TicketAccepted(by=by):
            return people(f"{head}：{_name(by, read)}已接单，会和您联系。{_due(ticket, now)}")
        case TicketVisited(by=by):
            return people(f"{head}：{_name(by, read)}已到现场。")
        case WordsAdded(person=person, words=words, media=media):
            what = words or _sent(media)
            if person == ticket.owner:
                text = f"{head}：{_name(person, read)}发来{what}"
                heard = _listeners(ticket, read)
                return [Push(p, text, "progress", Rank.NOTICE, ticket.id, (), media) for p in heard]
            if not words and ticket.media:
                return []  # the rest of an album: the first photo was announced
            return to(handlers_, f"{head}：报事人补充：{what}")
        case PlaceCorrected(place=place):
            where = f"{head}：地点是{place.label}。"
            if ticket.level != "T0":
                return to(handlers_, where)
            duty = read.duty(place)
            return to(dict.fromkeys((*handlers_, duty.leader, duty.deputy, *duty.desk)), f"【紧急】{where}")
        case TicketUrged(words=words):
            late = ticket.due is not None and now > ticket.due
            told = to(handlers_, f"{head}：报事人在催。{words}")
            return told + (desk(f"{head}：已超时，报事人在催。") if late and ticket.owner else [])
        case TicketWithdrawn(kept=kept):
            if kept:
                return to(handlers_, f"{head}：报事人撤回了，但关系安全，请继续办。")
            return to(handlers_, f"{head}：报事人已撤回，不用办了。")
        case ReturnAsked(by=by, reason=reason):
            yes, no = Choice("同意退单", f"同意 {short}"), Choice("不同意", f"不同意 {short}")
            return desk(f"{head}（{ticket.place.label}）：{_name(by, read)}申请退单，原因：{reason}", yes, no)
        case ReturnDecided(agreed=agreed, words=words):
            why = f"原因：{words}" if words else ""
            return [] if agreed else to([ticket.owner], f"{head}：社区不同意退单，请继续办。{why}")
        case ExtensionAsked(by=by, until=until, reason=reason):
            yes, no = Choice("同意延期", f"同意 {short}"), Choice("不同意", f"不同意 {short}")
            return desk(f"{head}：{_name(by, read)}申请延到{texts.when(until, now)}，原因：{reason}", yes, no)
        case ExtensionDecided(agreed=agreed, due=due):
            if not agreed:
                return to([ticket.owner], f"{head}：不同意延期，仍请{texts.when(due, now)}前办好。")
            return to([ticket.owner], f"{head}：同意延到{texts.when(due, now)}。") + people(
                f"{head}：要多花些时间，改到{texts.when(due, now)}前办好。让您久等了。"
            )
        case TicketSolved(words=words, media=media):
            photo = f"（附照片{len(media)}张）" if media else ""
            done = f"{head}：办好了。{words}{photo}"
            return [
                Push(p, f"{done}\n真的解决了吗？", "rating", Rank.NOTICE, ticket.id, texts.SOLVED_CHOICES, media)
                if p == ticket.reporter
                else Push(p, done, "progress", Rank.NOTICE, ticket.id, (), media)
                for p in _listeners(ticket, read)
            ]
        case SolvedAnswered(solved=True):
            return to([ticket.owner], f"{head}：报事人确认解决了。辛苦了。")
        case SolvedAnswered(solved=False, words=words):
            why = f"原因：{words}" if words else ""
            told = to([ticket.owner], f"{head}：报事人说没解决，请重新办。{why}")
            return told + desk(f"{head}：报事人说没解决，已重办。{why}")
        case TicketRated(rating="不满意", words=words):
            said = f"，说：{words}" if words and words != "不满意" else ""
            return desk(f"{head}：报事人不满意{said}。请另一位同事了解情况。")
        case OwnerReminded(step=step):
            return _reminded(step, head, ticket, now, people, to, desk, handlers_)
        case RungReached(rung=100, passed=True):
            return people(texts.RUNG_LATE_REPORTER.format(head=head))
        case RungReached(rung=rung, passed=False):
            return _rung(rung, head, ticket, now, read, people, to)
        case DueMoved(due=due):
            moved = texts.DUE_MOVED.format(head=head, by=texts.when(due, now))
            return to(handlers_, moved) + people(moved)
        case DeskReplied(words=words):
            return people(f"{head}：社区回复您：{words}")
        case _:
            return []


def _dispatched(
    fact: TicketDispatched, ticket: Ticket, now: datetime, read: Read, people: _People, to: _To, desk: _Desk
) -> list[Push]:
    head = f"{ticket.short} {ticket.summary}"
    if fact.why == "taken":
        return []
    if fact.owner:
        hidden = ticket.category in categories.DESK_ONLY
        note = {"deputy": "微网格长没有接单，请您接。", "desk": "社区派给您。", "transfer": "搭档转给您。"}.get(
            fact.why, ""
        )
        if fact.designated:
            note += "这是指定派单，不能再退。"
        who = "" if hidden else reporter(ticket.reporter, ticket.anonymous, read)
        summary = categories.name(ticket.category) if hidden else ticket.summary
        text = texts.task(
            ticket.short, summary, "" if hidden else ticket.words, ticket.place.label, who,
            texts.when(fact.accept_by or ticket.accept_by, now), texts.when(ticket.due, now), note,
        )  # fmt: skip
        told: list[Push] = to(
            [fact.owner], f"【紧急】{text}" if ticket.level == "T0" else text, *task_choices(ticket.short)
        )
        if fact.why in ("deputy", "desk", "transfer"):
            told += people(f"{head}：转给{_name(fact.owner, read)}办。{_due(ticket, now)}")
        return told
    if fact.why == "returned":
        return list(people(f"{head}：正在换更合适的人来办。"))
    why = {"community": "没有人接单", "escalated": f"承办人上报{'：' + fact.reason if fact.reason else ''}"}.get(
        fact.why, ""
    )
    told = desk(
        f"{head}（{ticket.place.label}）：{why}，请安排。说「派给 {ticket.short} 姓名」或「接单 {ticket.short}」。"
    )
    if fact.why == "community":
        return told + list(people(f"{head}：还没有人接单，对不起。已转到社区，社区会安排。"))
    return told + list(people(f"{head}：已上报社区，社区会安排。"))


def _reminded(
    step: str, head: str, ticket: Ticket, now: datetime, people: _People, to: _To, desk: _Desk, owners: list[int]
) -> list[Push]:
    if step == "remind":
        return list(to(owners, f"{head}：还没接单，请看一下。", *task_choices(ticket.short)))
    if step == "deputy":
        return list(to([ticket.owner], f"{head}：没有及时接单，已转给副微网格长。", kind="progress"))
    if step == "community":
        return list(to([ticket.owner], f"{head}：没有及时接单，已转到社区。", kind="progress"))
    return []


def _rung(rung: int, head: str, ticket: Ticket, now: datetime, read: Read, people: _People, to: _To) -> list[Push]:
    """The ladder (domain.md §2.4): handler; handler and leader; the next level and the reporter; the street."""
    desk = read.desk(ticket.community)
    owners = (ticket.owner,) if ticket.owner else desk
    if ticket.due is None:
        return []
    by = texts.when(ticket.due, now)
    if rung == 50:
        return to(owners, texts.RUNG_HALF.format(head=head, by=by))
    if rung == 80:
        above = [person for person in _above(ticket, read) if person not in owners]
        where = f"{head}（{ticket.place.label}）"
        return to(owners, texts.RUNG_WARN.format(head=head, by=by)) + to(
            above, texts.RUNG_WARN_ABOVE.format(head=where, by=by)
        )
    if rung == 100:
        next_level = [person for person in desk if person not in owners]
        told = to(owners, texts.RUNG_LATE.format(head=head))
        told += to(next_level, texts.RUNG_LATE_DESK.format(head=f"{head}（{ticket.place.label}）"))
        return told + people(texts.RUNG_LATE_REPORTER.format(head=head))
    return to(dict.fromkeys((*owners, *desk)), texts.RUNG_STREET.format(head=f"{head}（{ticket.place.label}）"))


def _above(ticket: Ticket, read: Read) -> tuple[int, ...]:
    """Who leads the handler: the micro-grid's leader, for the leader himself the community."""
    leader = read.duty_of(ticket.micro_grid).leader if ticket.micro_grid else 0
    return (leader,) if leader and leader != ticket.owner else read.desk(ticket.community)


def task_choices(short: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, f"{word} {short}") for label, word in _TASK_CHOICES)


def _listeners(ticket: Ticket, read: Read) -> tuple[int, ...]:
    """Reporter and followers who can still be reached; who left or was erased is not written to."""
    people = ((p, read.person(p)) for p in read.people_of(ticket.id))
    return tuple(p for p, found in people if found and found.followed)


def _sent(media: tuple[Media, ...]) -> str:
    photos, voices = (sum(m.kind == kind for m in media) for kind in ("photo", "voice"))
    parts = [f"照片{photos}张"] * bool(photos) + [f"语音{voices}段"] * bool(voices)
    return "、".join(parts) or "新的情况"


def _due(ticket: Ticket, now: datetime) -> str:
    return f"{texts.when(ticket.due, now)}前办好。" if ticket.due and ticket.due > now else ""


def _name(person: int, read: Read) -> str:
    found = read.person(person) if person else None
    return found.name if found and found.name else "工作人员"


def reporter(person: int, anonymous: bool, read: Read) -> str:
    """What a leader sees of a reporter: family name and the phone's last four (§2.8); nothing when anonymous."""
    if anonymous:
        return "匿名"
    found: Person | None = read.person(person)
    if found is None:
        return ""
    name = f"{found.name[0]}姓居民" if found.name else "居民"
    return f"{name}（尾号{found.phone[-4:]}）" if found.phone else name
