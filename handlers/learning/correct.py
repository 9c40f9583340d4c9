"""The desk corrects by chat what was misread; the words become an example to learn from.

A category: 「改分类 0017 0302」「0017 分类 楼道灯」. What was meant: 「0017 不是报事 是咨询」「改意图 0017 咨询」.
"""

from __future__ import annotations

import re

import nlp
from handlers.learning import texts
from handlers.learning.facts import CategoryCorrected, IntentCorrected
from handlers.read import Read, Ticket
from handlers.types import Outcome, Refused, Reply, Role, Turn

_NUMBER = r"(?P<number>\d{12}|\d{4})[\s号,，:：]*"
_FORMS = (
    re.compile(
        rf"^(?:改分类|分类改|重新分类|改类别)[为成到]?[\s:：]*{_NUMBER}(?:改?[为成到])?\s*(?P<to>.*)$", re.DOTALL
    ),
    re.compile(rf"^{_NUMBER}(?:改?分类|改?类别)(?:改?[为成到]|应[为该是]+)?[\s:：]*(?P<to>.*)$", re.DOTALL),
)
_MEANT = (
    re.compile(rf"^(?:改意图|意图改|改意思)[为成到]?[\s:：]*{_NUMBER}(?:改?[为成到])?\s*(?P<to>.*)$", re.DOTALL),
    re.compile(
        rf"^{_NUMBER}(?:不是|不算)(?P<not>[^是]{{1,8}}?)[\s,，。;；]*(?:而?是|应该?是|算)\s*(?P<to>.*)$", re.DOTALL
    ),
)
_ENDS = " 。.!！"
_CODE = re.compile(r"^(?:\d{4}|99)$")


def command(turn: Turn, read: Read) -> Outcome | None:
    """What the desk wrote, when it corrects a category or what was meant."""
    text = turn.inbound.text.strip()
    return _category(turn, read, text) or _intent(turn, read, text)


def _category(turn: Turn, read: Read, text: str) -> Outcome | None:
    found = next((match for form in _FORMS if (match := form.match(text))), None)
    if found is None:
        return None
    ticket = _ticket(turn, read, found["number"])
    wanted = found["to"].strip(_ENDS)
    code = wanted if _CODE.match(wanted) else nlp.understand(wanted, now=turn.now).category if wanted else ""
    category = read.category(code) if code else None
    if category is None or category.code != code:
        raise Refused(texts.WHICH.format(number=ticket.short))
    if code == ticket.category:
        raise Refused(texts.SAME.format(number=ticket.short, name=category.name))
    was = read.category(ticket.category).name
    fact = CategoryCorrected(ticket.id, turn.who.id, ticket.category, code, read.new_id(), ticket.words)
    text = texts.DONE.format(number=ticket.short, name=category.name, was=was)
    return Outcome(replies=(Reply(text),), facts=(fact,))


def _intent(turn: Turn, read: Read, text: str) -> Outcome | None:
    found = next((match for form in _MEANT if (match := form.match(text))), None)
    if found is None:
        return None
    wanted, denied = _named(found["to"]), found.groupdict().get("not")
    if denied is not None and not _named(denied):
        return None  # 「0017 不是漏水是渗水」 tells of something else
    ticket = _ticket(turn, read, found["number"])
    if not wanted:
        raise Refused(texts.WHICH_INTENT.format(number=ticket.short, names="、".join(texts.INTENTS.values())))
    if not ticket.words:
        raise Refused(texts.NO_WORDS.format(number=ticket.short))
    was = nlp.understand(ticket.words).intent
    fact = IntentCorrected(ticket.id, turn.who.id, was, wanted, read.new_id(), ticket.words)
    text = texts.MEANT.format(number=ticket.short, name=texts.INTENTS[wanted])
    return Outcome(replies=(Reply(text),), facts=(fact,))


def _named(words: str) -> str:
    """The intent these words call, "" for none."""
    words = words.strip(_ENDS)
    intent = next((intent for intent, name in texts.INTENTS.items() if name == words), "")
    return intent or texts.ALSO.get(words, "")


def _ticket(turn: Turn, read: Read, number: str) -> Ticket:
    desks = turn.who.scopes(Role.DESK)
    own = [ticket for community in desks if community for ticket in read.tickets_numbered(number, community)]
    if not own:
        wording = texts.NOT_YOURS if read.tickets_numbered(number) else texts.NO_SUCH
        raise Refused(wording.format(number=number))
    return own[0]
