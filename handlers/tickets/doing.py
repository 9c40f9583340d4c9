"""One act on one ticket as a value: who, with what, when; and the ways it is refused. Decides no act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets import said, texts
from handlers.tickets.facts import AccessRefused
from handlers.tickets.rules import Action, Who, possible
from handlers.types import Media, Person, Pin, Refused


@dataclass(frozen=True, slots=True)
class Args:
    """What an act is given beside the ticket; which fields it needs stands in rules.TABLE.

    `to`: person id. `agreed`: the decision of an approval. `unit`, `units`, `into`: ids of units and of a ticket.
    """

    words: str = ""
    until: datetime | None = None
    to: int = 0
    agreed: bool = True
    rating: str = ""  # 满意 基本满意 不满意
    basis: str = ""  # of a return: a key of acts_pass.BASES
    unit: int = 0
    units: tuple[int, ...] = ()  # the first leads
    into: int = 0
    category: str = ""
    route: str = ""  # a key of rules.ROUTES
    line: str = ""  # 110 119 120 122 …
    list_basis: str = ""  # 清单内 清单外
    cost: int = 0  # yuan
    media: tuple[Media, ...] = ()
    pin: Pin | None = None
    mentioned: tuple[int, ...] = ()  # people a note names

    def gives(self, field: str) -> bool:
        """Whether a needed field is there; a ticket goes to a person or to a unit."""
        return bool(getattr(self, field)) or (field == "to" and bool(self.unit))


@dataclass(frozen=True, slots=True)
class Doing:
    """An act that the table allows. `parts`: what `who` is to the ticket."""

    action: Action
    ticket: Ticket
    args: Args
    who: Person
    parts: frozenset[Who]
    now: datetime
    policy: Policy
    read: Read

    def no(self, text: str, why: str = "rule") -> Refused:
        """The refusal to raise, kept in the log. `why`: role state rule repeat unknown."""
        return refusal(text, self.ticket.id, self.who.id, self.action, why)


class Missing(Refused):
    """Something the act needs was not given: asked for, nothing is refused."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


def refusal(text: str, ticket: int, person: int, action: str, why: str) -> Refused:
    return Refused(text, AccessRefused(ticket, person, str(action), why))


def wrong_state(ticket: Ticket, action: Action, who: Person, parts: frozenset[Who]) -> Refused:
    """One sentence: how it stands, what cannot be done, what can."""
    if words := said.ALREADY.get((ticket.status, action)):
        return refusal(words.format(short=ticket.short), ticket.id, who.id, action, "repeat")
    can = "、".join(action for action in possible(ticket.status, parts) if action in said.OFFERED)
    text = texts.wrong_state(ticket, str(action)) + (f"现在可以：{can}。" if can else said.NOTHING_LEFT)
    return refusal(text, ticket.id, who.id, action, "state")
