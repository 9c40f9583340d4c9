"""A resident and their tickets: progress, urging, adding, correcting the place, withdrawing, hiding the name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from handlers import forms
from handlers.read import Read, Ticket
from handlers.texts import FINE
from handlers.tickets import at_work, naming, texts
from handlers.tickets.chat import done
from handlers.tickets.doing import Args, refusal
from handlers.tickets.facts import NameHidden, WordsAdded
from handlers.tickets.rules import OPEN, Action, Status
from handlers.tickets.sos import moved
from handlers.types import Choice, Outcome, Refused, Reply, Turn, say

PICK = "pick"
_POLITE_NO = re.compile(
    r"^(?:那|那就|就|先)?(?:不用|不要|不需要|不必)了?[啦啊哦呀]?[,，。!！ ]*(?:谢谢|多谢|麻烦).{0,6}$"
)


def progress(turn: Turn, read: Read) -> Outcome:
    """Where things are; no number needed."""
    if told := at_work.asked(turn, read, urged=False):
        return told
    numbered = _by_number(turn, read)
    items = numbered or read.reports_of(turn.who.id, limit=5)
    if not items:
        return say(texts.NO_REPORTS)
    names = read.names(ticket.owner for ticket in items)
    text = "\n".join(_line(ticket, names[ticket.owner], turn) for ticket in items)
    # One matter: its page with photos and all that happened; several are a list, and each push has its own link.
    return Outcome(replies=(Reply(text, link=f"/m/t/{items[0].id}" if len(items) == 1 else ""),))


def _line(ticket: Ticket, owner: str, turn: Turn) -> str:
    return texts.progress(ticket, owner, turn.now, own=ticket.reporter == turn.who.id)


def _by_number(turn: Turn, read: Read) -> tuple[Ticket, ...]:
    """The own tickets named by number. Raises Refused when a number names none of them."""
    found: list[Ticket] = []
    for digits in turn.said.tickets:
        mine = read.tickets_numbered(digits, person=turn.who.id)
        own = [t for t in mine if turn.who.id in read.people_of(t.id)]
        if not own:
            near = read.tickets_numbered(digits)
            foreign = bool(near) and len(digits) > 4
            text = texts.NOT_YOURS if foreign else texts.NO_SUCH.format(number=digits)
            raise refusal(text, near[0].id if near else 0, turn.who.id, "查看", "role" if near else "unknown")
        found.append(own[0])
    return tuple(found)


def one(turn: Turn, read: Read, command: str, wanted: Iterable[Status]) -> Ticket | Outcome:
    """The ticket a command means: by number, or the only one that fits, else asked with choices."""
    allowed = frozenset(wanted)
    numbered = _by_number(turn, read)
    if numbered:
        return numbered[0]
    reports = read.reports_of(turn.who.id, limit=9)
    if not reports:
        raise Refused(texts.NO_REPORTS)
    fits = naming.named(turn, tuple(t for t in reports if t.status in allowed))
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise Refused(texts.NOTHING_TO.format(command=command))
    choices = tuple(Choice(f"{t.short} {t.summary}", f"{command} {t.short}") for t in fits[:5])
    return Outcome(replies=(Reply(texts.WHICH_TICKET, choices),), dialog=forms.ask(turn, PICK, {}, *choices))


def urge(turn: Turn, read: Read) -> Outcome:
    if told := at_work.asked(turn, read, urged=True):
        return told
    found = one(turn, read, "催办", OPEN)
    return found if isinstance(found, Outcome) else urge_one(turn, read, found)


def urge_one(turn: Turn, read: Read, ticket: Ticket) -> Outcome:
    """催办; the words are filed under the same number."""
    words = "" if turn.said.number else turn.inbound.text.strip()
    return done(turn, read, Action.URGE, ticket, Args(words=words))


def add(turn: Turn, read: Read) -> Outcome:
    """补充 words, to the ticket named or the latest open one."""
    found = one(turn, read, "补充", OPEN | {Status.TO_RATE})
    if isinstance(found, Outcome):
        return found
    words = turn.inbound.text.strip() if turn.said.reason == turn.said.text else turn.said.reason
    if not words and not turn.inbound.media:
        return Outcome(replies=(Reply(texts.ASK_ADD),), dialog=forms.ask(turn, "add", {"ticket": found.id}))
    return _add(turn, read, found, words)


def resume_add(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    ticket = read.ticket(turn.dialog.answers["ticket"])
    if ticket is None:
        return None
    return _add(turn, read, ticket, turn.inbound.text.strip())


def _add(turn: Turn, read: Read, ticket: Ticket, words: str) -> Outcome:
    return done(turn, read, Action.ADD, ticket, Args(words=words, media=turn.inbound.media, pin=turn.inbound.pin))


def attach_recent(turn: Turn, read: Read) -> Outcome | None:
    """A photo, voice or pin soon after a report belongs to it (one album, one report)."""
    since = turn.now - timedelta(minutes=turn.policy.album_minutes)
    for ticket in read.reports_of(turn.who.id, limit=3):
        if ticket.reporter == turn.who.id and ticket.opened >= since and ticket.status in OPEN:
            fact = WordsAdded(ticket.id, turn.who.id, "", turn.inbound.media, turn.inbound.pin)
            return Outcome(replies=(Reply(texts.ADDED.format(short=ticket.short)),), facts=(fact,), dialog=None)
    return None


def correct_place(turn: Turn, read: Read) -> Outcome:
    """「地址改成…」: the register decides, the right leader gets it."""
    found = one(turn, read, "改地址", OPEN)
    if isinstance(found, Outcome):
        return found
    located = forms.locate(turn.said.place, turn.who)
    if located.place is None:
        return say(texts.ASK_PLACE, dialog=forms.ask(turn, "place", {"ticket": found.id}))
    return _corrected(turn, read, found)


def resume_place(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    ticket = read.ticket(turn.dialog.answers["ticket"])
    if ticket is None or not (turn.said.place.found or turn.said.place.unknown):
        return None
    return _corrected(turn, read, ticket)


def _corrected(turn: Turn, read: Read, ticket: Ticket) -> Outcome:
    located = forms.locate(turn.said.place, turn.who)
    if located.place is None:
        return say(texts.ASK_PLACE, dialog=forms.ask(turn, "place", {"ticket": ticket.id}))
    facts = moved(turn, read, ticket, located.place)
    return Outcome(
        replies=(Reply(f"改好了，{ticket.short}的地点是{located.place.label}。"),), facts=facts, dialog=None
    )


def withdraw(turn: Turn, read: Read) -> Outcome:
    """撤回; a safety matter stays open as an anonymous duty (domain.md §2.2 X3). 「不用了 谢谢」 is polite."""
    if _POLITE_NO.match(turn.said.text.strip()):
        return say(FINE)
    found = one(turn, read, "撤回", OPEN)
    return found if isinstance(found, Outcome) else done(turn, read, Action.WITHDRAW, found, Args())


def appeal(turn: Turn, read: Read) -> Outcome | None:
    """「新情况」 after 不予受理; None when the message is none, or nothing was refused."""
    words = turn.inbound.text.strip()
    if not words.startswith("新情况"):
        return None
    for ticket in read.reports_of(turn.who.id, limit=9):
        if ticket.status is Status.REJECTED:
            said = words.removeprefix("新情况").lstrip(" ,，:：")
            return done(turn, read, Action.APPEAL, ticket, Args(words=said))
    return None


def hide_name(turn: Turn, read: Read) -> Outcome | None:
    """「匿名」 soon after a report means that report."""
    since = turn.now - timedelta(minutes=turn.policy.album_minutes)
    for ticket in read.reports_of(turn.who.id, limit=3):
        if ticket.reporter == turn.who.id and ticket.opened >= since and not ticket.anonymous:
            return Outcome(
                replies=(Reply(texts.ANONYMOUS_HERE),), facts=(NameHidden(ticket.id, turn.who.id),), dialog=None
            )
    return None
