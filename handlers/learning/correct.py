"""The desk corrects a category by chat: 「改分类 0017 0302」「0017 分类 楼道灯」; the words become an example."""

from __future__ import annotations

import re

import nlp
from handlers.learning import texts
from handlers.learning.facts import CategoryCorrected
from handlers.read import Read, Ticket
from handlers.types import Outcome, Refused, Reply, Role, Turn

_NUMBER = r"(?P<number>\d{12}|\d{4})[\s号,，:：]*"
_FORMS = (
    re.compile(
        rf"^(?:改分类|分类改|重新分类|改类别)[为成到]?[\s:：]*{_NUMBER}(?:改?[为成到])?\s*(?P<to>.*)$", re.DOTALL
    ),
    re.compile(rf"^{_NUMBER}(?:改?分类|改?类别)(?:改?[为成到]|应[为该是]+)?[\s:：]*(?P<to>.*)$", re.DOTALL),
)
_CODE = re.compile(r"^(?:\d{4}|99)$")


def command(turn: Turn, read: Read) -> Outcome | None:
    """What the desk wrote, when it corrects a category."""
    text = turn.inbound.text.strip()
    found = next((match for form in _FORMS if (match := form.match(text))), None)
    if found is None:
        return None
    ticket = _ticket(turn, read, found["number"])
    wanted = found["to"].strip(" 。.!！")
    code = wanted if _CODE.match(wanted) else nlp.understand(wanted, now=turn.now).category if wanted else ""
    category = read.category(code) if code else None
    if category is None or category.code != code:
        raise Refused(texts.WHICH.format(number=ticket.short))
    if code == ticket.category:
        raise Refused(texts.SAME.format(number=ticket.short, name=category.name))
    was = read.category(ticket.category).name
    fact = CategoryCorrected(ticket.id, turn.who.id, ticket.category, code, read.new_id(), ticket.words)
    text = texts.DONE.format(number=ticket.short, name=category.name, was=was)
    return Outcome(replies=(Reply(text),), facts=(fact,), dialog=None)


def _ticket(turn: Turn, read: Read, number: str) -> Ticket:
    found = read.tickets_numbered(number)
    if not found:
        raise Refused(texts.NO_SUCH.format(number=number))
    own = [ticket for ticket in found if ticket.community in turn.who.scopes(Role.DESK)]
    if not own:
        raise Refused(texts.NOT_YOURS.format(number=number))
    return own[0]
