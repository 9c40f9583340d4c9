"""Who is told what of a ticket's facts, in words. Called by notify.py only."""

from __future__ import annotations

from datetime import datetime

from handlers.read import Read, Ticket
from handlers.tickets import categories, reach, texts, texts_danger, told_chain, told_desk, told_hand
from handlers.tickets.clock_facts import ContactFailed, DueMoved, RungReached, WaitingEnded
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
from handlers.tickets.listeners import Listeners, listeners
from handlers.types import Choice, Fact, Media, Push, Rank

_ONLY_URGED = frozenset({"", "催一下", "催催", "催办", "催单", "加急"})  # says no more than that


def about(fact: Fact, ticket: Ticket, now: datetime, read: Read) -> list[Push]:
    short = ticket.short
    said = Listeners(ticket, now, read)
    head, people, to, desk = said.head, said.people, said.to, said.desk
    handlers_ = reach.holding(ticket, read)

    match fact:
        case TicketDispatched():
            return told_hand.dispatched(fact, said)
        case TicketAccepted(by=by):
            took = said.called(f"{said.there}：{said.name(by)}已接单。", by)
            return people(f"{head}：{said.name(by)}已接单，会和您联系。{said.due}") + took
        case TicketVisited(by=by):
            return people(there := f"{head}：{said.name(by)}已到现场。") + said.called(there, by)
        case WordsAdded(person=person, words=words, media=media, working=working):
            what = words or _sent(media)
            if working or person == ticket.owner:
                text = f"{head}：{said.name(person)}{'说：' if words else '发来'}{what}"
                heard = listeners(ticket, read)
                told = [Push(p, text, "progress", Rank.NOTICE, ticket.id, (), media) for p in heard]
                told += to([p for p in handlers_ if p != person and p not in heard], text)
                return told + [p for p in said.called(text, person) if p.to not in handlers_]
            if (talked := told_desk.heard(fact, said, what)) is not None:
                return talked
            if not words and ticket.media:
                return []  # the rest of an album: the first photo was announced
            return to(handlers_, f"{head}：报事人补充：{what}")
        case PlaceCorrected(place=place):
            where = f"{head}：地点是{place.label}。"
            if ticket.level != "T0":
                return to(handlers_, where)
            duty = read.duty(place)
            near = [p for p in dict.fromkeys((duty.leader, duty.deputy)) if p]
            if ticket.category not in categories.DESK_ONLY:
                return to(dict.fromkeys((*handlers_, *near, *duty.desk)), f"【紧急】{where}")
            told = to(dict.fromkeys((*handlers_, *duty.desk)), f"【紧急】{where}")
            near = [p for p in near if p not in {one.to for one in told}]
            return told + to(near, texts_danger.HELP_NEEDED.format(place=place.label))
        case TicketUrged(words=words):
            late = ticket.due is not None and now > ticket.due
            more = "" if words in _ONLY_URGED else f"说：{words}"
            told = to(handlers_, f"{head}：报事人在催。{more}")
            return told + (desk(f"{head}：已超时，报事人在催。") if late and ticket.owner else [])
        case TicketWithdrawn(kept=kept):
            if kept:
                return to(handlers_, f"{head}：报事人撤回了，但关系安全或有邻居等着，请继续办。")
            return to(handlers_, f"{head}：报事人已撤回，不用办了。")
        case ReturnAsked(by=by, reason=reason):
            yes, no = Choice("同意退单", f"同意 {short}"), Choice("不同意", f"不同意 {short}")
            return desk(f"{head}（{ticket.place.label}）：{said.name(by)}申请退单，原因：{reason}", yes, no)
        case ReturnDecided(agreed=agreed, words=words):
            why = f"原因：{words}" if words else ""
            return [] if agreed else said.hands(f"{head}：社区不同意退单，请继续办。{why}")
        case ExtensionAsked(by=by, until=until, reason=reason):
            yes, no = Choice("同意延期", f"同意 {short}"), Choice("不同意", f"不同意 {short}")
            return desk(f"{head}：{said.name(by)}申请延到{texts.when(until, now)}，原因：{reason}", yes, no)
        case ExtensionDecided(agreed=agreed, due=due, words=words):
            if not agreed:
                why = f"原因：{words}" if words else ""
                return said.hands(f"{head}：不同意延期，仍请{texts.when(due, now)}前办好。{why}")
            return said.hands(f"{head}：同意延到{texts.when(due, now)}。") + people(
                f"{head}：要多花些时间，改到{texts.when(due, now)}前办好。让您久等了。"
            )
        case TicketSolved(words=words, media=media):
            photo = f"（附照片{len(media)}张）" if media else ""
            done = f"{head}：办好了。{words}{photo}"
            return said.called(done, ticket.owner) + [
                Push(p, f"{done}\n真的解决了吗？", "rating", Rank.NOTICE, ticket.id, texts.SOLVED_CHOICES, media)
                if p in (ticket.reporter, ticket.proxy_for)
                else Push(p, done, "progress", Rank.NOTICE, ticket.id, (), media)
                for p in listeners(ticket, read)
            ]
        case SolvedAnswered(solved=True):
            return said.hands(f"{head}：报事人确认解决了。辛苦了。")
        case SolvedAnswered(solved=False, words=words):
            why = f"原因：{words}" if words else ""
            told = said.hands(f"{head}：报事人说没解决，请重新办。{why}")
            return told + desk(f"{head}：报事人说没解决，已重办。请另一位同事回访。{why}")
        case TicketRated(rating="不满意", words=words):
            more = f"，说：{words}" if words and words != "不满意" else ""
            return desk(f"{head}：报事人不满意{more}。请另一位同事了解情况。")
        case OwnerReminded():
            return told_hand.reminded(fact, said)
        case RungReached(rung=100, passed=True):
            return people(texts.RUNG_LATE_REPORTER.format(head=head))
        case RungReached(rung=rung, passed=False):
            return _rung(rung, said)
        case ContactFailed(hung=True):
            return []  # told with the 挂账 that follows
        case ContactFailed(count=count):
            asked = Push(ticket.reporter, texts.NOT_REACHED.format(head=head), "progress", Rank.NOTICE, ticket.id)
            return [asked] + (desk(texts.NOT_REACHED_DESK.format(head=head, count=count)) if count > 2 else [])
        case WaitingEnded():
            return to(handlers_, texts.WAITING_ENDED.format(head=head))
        case DueMoved(due=due):
            moved = texts.DUE_MOVED.format(head=head, by=texts.when(due, now))
            return to(handlers_, moved) + people(moved)
        case DeskReplied(words=words):
            return people(f"{head}：社区回复您：{words}")
        case _:
            return told_chain.about(fact, said) or told_desk.about(fact, said)


def _rung(rung: int, said: Listeners) -> list[Push]:
    """The ladder (domain.md §2.4): handler; handler and leader; the next level and the reporter; the street."""
    ticket, head, there = said.ticket, said.head, said.there
    desk, owners = reach.waits_with(ticket, said.read), reach.holding(ticket, said.read)
    if ticket.due is None:
        return []
    by = texts.when(ticket.due, said.now)
    if rung == 50:
        return said.to(owners, texts.RUNG_HALF.format(head=head, by=by))
    if rung == 80:
        above = [person for person in _above(said) if person not in owners]
        return said.to(owners, texts.RUNG_WARN.format(head=head, by=by)) + said.to(
            above, texts.RUNG_WARN_ABOVE.format(head=there, by=by)
        )
    if rung == 100:
        next_level = [person for person in desk if person not in owners]
        told = said.to(owners, texts.RUNG_LATE.format(head=head))
        told += said.to(next_level, texts.RUNG_LATE_DESK.format(head=there))
        return told + said.people(texts.RUNG_LATE_REPORTER.format(head=head))
    street = said.read.unit_members(said.read.street_of(ticket.community))
    knows = "街道指挥室已经知道了" if street else "请报街道指挥室"
    told = said.to(dict.fromkeys((*owners, *desk)), texts.RUNG_STREET.format(head=there, street=knows))
    return told + said.to([p for p in street if p not in desk], texts.RUNG_TO_STREET.format(head=there))


def _above(said: Listeners) -> tuple[int, ...]:
    """Who leads the handler: the micro-grid's leader, for the leader himself and for units the community."""
    ticket = said.ticket
    kept = ticket.unit or reach.kept_at_desk(ticket) or not ticket.micro_grid
    leader = 0 if kept else said.read.duty_of(ticket.micro_grid).leader
    return (leader,) if leader and leader != ticket.owner else reach.waits_with(ticket, said.read)


def _sent(media: tuple[Media, ...]) -> str:
    photos, voices = (sum(m.kind == kind for m in media) for kind in ("photo", "voice"))
    parts = [f"照片{photos}张"] * bool(photos) + [f"语音{voices}段"] * bool(voices)
    return "、".join(parts) or "新的情况"
