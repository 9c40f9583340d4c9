"""The words of an order as the act's arguments: units by name, a date, a route, a category. Changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.read import Read, Ticket
from handlers.tickets import said
from handlers.tickets.categories import CATEGORIES
from handlers.tickets.doing import Args, refusal
from handlers.tickets.port import Unit
from handlers.tickets.tasks import media_of
from handlers.types import Turn
from nlp import when
from nlp.orders import Order

_AT = re.compile(r"@\s*([\u4e00-\u9fff]{2,4}|\w{2,20})")
# what people write when they do not accept a matter → the key of rules.ROUTES
_ROUTE_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("court", ("法院", "仲裁", "诉讼", "打官司")), ("discipline", ("纪检", "监察", "纪委")), ("review", ("复议",)),
    ("disclosure", ("信息公开",)), ("petition", ("信访",)), ("secret", ("秘密", "隐私", "涉密")),
    ("unlawful", ("违法", "违反", "公序良俗")), ("concluded", ("已办结", "办结过", "没有新", "无新")),
    ("elsewhere", ("不在本", "外地", "别的社区", "不是本社区", "辖区外")),
)  # fmt: skip


def args_for(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    special = _SPECIAL.get(order.action)
    return special(turn, read, ticket, order) if special else Args(words=order.words, media=media_of(turn))


def _hang(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    words = when.beside(order.words.replace("复查", "")).strip(" ,")
    return Args(words=words, until=when.limit(order.words, turn.now))


def _merge(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    into = order.tickets[-1] if len(order.tickets) > 1 else ""
    found = read.tickets_numbered(into, ticket.community) if into else ()
    return Args(into=found[0].id if found else -1 if into else 0)


def _reject(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    route = next((key for key, marks in _ROUTE_WORDS if any(mark in order.words for mark in marks)), "")
    return Args(words=order.words, route=route or ("?" if order.words else ""))


def _line(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    return Args(line=order.words[:3])


def _units(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    """Each word a unit; one that names none or several is refused by its own word."""
    found: list[Unit] = []
    for word in filter(None, order.words.replace("、", ",").split(",")):
        named = read.units_named(ticket.community, word)
        if len(named) != 1:
            text = said.UNITS_SEVERAL if named else said.UNIT_UNKNOWN
            names = "、".join(unit.name for unit in named)
            raise refusal(text.format(word=word[:12], names=names), ticket.id, turn.who.id, order.action, "unknown")
        found.append(named[0])
    return Args(units=tuple(dict.fromkeys(unit.id for unit in found)))


def _rating(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    rating = next((word for word in ("不满意", "基本满意", "满意") if word in order.words), "")
    name = order.words.replace(rating, "").strip(" ,")
    for party in read.parties(ticket.id):
        unit = read.unit(party.unit)
        if unit and name and unit in read.units_named(ticket.community, name):
            return Args(unit=party.unit, rating=rating)
    return Args(unit=-1 if name else 0, rating=rating)


def _category(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    code = next((number for number in order.tickets[1:] if number in CATEGORIES), "")
    if not code and order.words:
        code = next((c for c in CATEGORIES if order.words in read.category(c).name), turn.said.category or "?")
    return Args(category=code)


def _note(turn: Turn, read: Read, ticket: Ticket, order: Order) -> Args:
    """Each 「@张伟」 is somebody of the community with a post. Raises Refused for a name nobody has, or several."""
    names = dict.fromkeys(_AT.findall(order.words))
    return Args(words=order.words, mentioned=tuple(named(ticket, name, turn.who.id, read) for name in names))


def named(ticket: Ticket, name: str, asks: int, read: Read) -> int:
    """The one person of the ticket's community who is called so. Raises Refused."""
    found = read.person_named(ticket.community, name)
    if len(found) != 1:
        text = said.SEVERAL_CALLED if found else said.NOBODY_CALLED
        raise refusal(text.format(name=name[:12]), ticket.id, asks, "备注", "unknown")
    return found[0].id


_SPECIAL: dict[str, Callable[[Turn, Read, Ticket, Order], Args]] = {
    "HANG": _hang, "MERGE": _merge, "REJECT": _reject, "HOTLINE": _line, "WHISTLE": _units, "ASSIST": _units,
    "RATE_UNIT": _rating, "RECLASS": _category, "NOTE": _note,
}  # fmt: skip
