"""Who is told of mutual help. Called by notify.py only. Names are family names, doors are never named."""

from __future__ import annotations

from handlers.mutual import facts as f
from handlers.mutual import texts
from handlers.mutual.port import Help
from handlers.read import Read
from handlers.types import Choice, Push, Rank


def of(fact: f.MutualFact, read: Read) -> list[Push]:
    """The pushes of one fact, before it is applied."""
    if isinstance(fact, f.HelpAsked):
        return _asked(fact.number, fact.words, fact.micro_grid, read, {fact.asker})
    if isinstance(fact, f.HelperJoined):
        return []
    found = read.help(fact.help)
    return _about(fact, found, read) if found else []


def _about(fact: f.MutualFact, found: Help, read: Read) -> list[Push]:
    number = found.number
    match fact:
        case f.HelpTaken(helper=helper):
            text = texts.TAKEN_TOLD.format(who=_name(helper, read), number=number, words=found.words)
            return [_push(found.asker, text)]
        case f.HelpReleased(helper=helper):
            told = [_push(found.asker, texts.RELEASED_TOLD.format(number=number))]
            return told + _asked(number, found.words, found.micro_grid, read, {found.asker, helper})
        case f.HelpWritten(by=by, words=words):
            return [_push(found.other(by), texts.WRITTEN.format(number=number, words=words))]
        case f.HelpConfirmed(by=by):
            choice = Choice(texts.CONFIRM_CHOICE.label, texts.CONFIRM_CHOICE.means.format(number=number))
            return [Push(found.other(by), texts.CONFIRM.format(number=number), "notice", choices=(choice,))]
        case f.HelpDone():
            return [_push(person, texts.DONE_TOLD.format(number=number)) for person in (found.asker, found.helper)]
        case f.HelpEnded(how="expired"):
            return [_push(found.asker, texts.EXPIRED.format(number=number, words=found.words))]
        case f.HelpEnded():
            return [_push(found.helper, texts.CANCELLED_TOLD.format(number=number))] if found.helper else []
    return []


def _asked(number: int, words: str, micro_grid: int, read: Read, without: set[int]) -> list[Push]:
    """To those who want to be told; to the leader when there is nobody else."""
    people = [one for one in read.helpers(micro_grid) if one not in without]
    leader = read.duty_of(micro_grid).leader
    to = people or ([leader] if leader and leader not in without else [])
    choice = Choice(texts.TAKE.label, texts.TAKE.means.format(number=number))
    text = texts.NEW.format(number=number, words=words)
    return [Push(one, text, "notice", Rank.NOTICE, choices=(choice,)) for one in to]


def _push(person: int, text: str) -> Push:
    return Push(person, text, "notice", Rank.NOTICE)


def _name(person: int, read: Read) -> str:
    found = read.person(person)
    return f"{found.name[0]}姓邻居" if found and found.name else "一位邻居"
