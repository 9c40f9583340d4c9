"""Who is told what of the facts of announcements, besides the recipients. Called by notify.py only."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.announcements import facts as f
from handlers.announcements import texts
from handlers.announcements.port import Announcement, Audience
from handlers.announcements.rules import Act, State
from handlers.read import Read
from handlers.types import Push, Rank

KIND, MUSTER = "announce", "muster"  # kinds of push: their templates, their page, the words looked up


def of(fact: f.AnnouncementFact, read: Read, drafts: dict[int, f.AnnouncementWritten]) -> Iterable[Push]:
    """`drafts`: those written in the same turn, not yet to be read."""
    match fact:
        case f.AnnouncementTried(announcement, by):
            known = read.announcement(announcement)
            return (to(known, by, read),) if known else ()
        case f.MusterSaid(announcement, person, words):
            known = read.announcement(announcement)
            text = texts.SAID.format(number=known.number, name=read.name(person), words=words) if known else ""
            return [Push(known.by, text, "notice", Rank.REPLY)] if known else ()
        case f.MusterClosed(announcement):
            known = read.announcement(announcement)
            if known is None:
                return ()
            text = texts.STOOD_DOWN.format(title=known.title)
            return [Push(who, text, "notice", Rank.REPLY) for who in read.muster_coming(announcement)]
        case f.AnnouncementMoved():
            draft = drafts.get(fact.announcement)
            one = _from(draft) if draft else read.announcement(fact.announcement)
            return _moved(fact, one, read) if one else ()
        case _:
            return ()


def _moved(fact: f.AnnouncementMoved, one: Announcement, read: Read) -> Iterable[Push]:
    match fact.act:
        case Act.ASK | Act.OUTGROW:
            writer = read.person(one.by)
            text = texts.to_second(one, fact.people, writer.name if writer else "")
            choices = texts.second_choices(one.number)
            asked = [
                Push(desk, text, "desk", Rank.TASK, choices=choices)
                for desk in read.desk(one.community)
                if desk != one.by
            ]
            told = [Push(one.by, texts.outgrown(one, fact.people), "notice")] if fact.act is Act.OUTGROW else []
            return (*asked, *told)
        case Act.APPROVE:
            return (Push(one.by, texts.decided(one, agreed=True, why=""), "notice"),)
        case Act.REFUSE:
            return (Push(one.by, texts.decided(one, agreed=False, why=fact.words), "notice"),)
        case Act.FINISH:
            return (Push(one.by, texts.finished(one, one.people), "notice"),)
        case _:
            return ()


def to(one: Announcement, person: int, read: Read) -> Push:
    """The announcement as a push to one person: how it will look."""
    office = read.community(one.community)
    text = texts.message(one, office.name if office else "")
    choices = texts.ANSWER_CHOICES if one.muster else ()
    return Push(person, text, MUSTER if one.muster else KIND, Rank.REPLY, one.id, choices)


def _from(draft: f.AnnouncementWritten) -> Announcement:
    return Announcement(
        draft.announcement, draft.number, draft.community, draft.by, draft.title, draft.words, draft.kind,
        Audience(draft.places, draft.roles), State.DRAFT, draft.muster, draft.drill, draft.at,
    )  # fmt: skip
