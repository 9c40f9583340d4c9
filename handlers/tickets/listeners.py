"""Those who are told of a ticket, and what they may read of one another; no facts, no wording of news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers.read import Read, Ticket
from handlers.tickets import categories, reach, texts
from handlers.tickets.rules import WAKES
from handlers.types import Choice, Person, Push, Rank

_TASK_CHOICES = (("接单", "接单"), ("退单", "退单"), ("求助", "上报"))


@dataclass(frozen=True, slots=True)
class Listeners:
    """The ways to tell of one ticket. `head` begins every line: number and matter."""

    ticket: Ticket
    now: datetime
    read: Read

    @property
    def head(self) -> str:
        return f"{self.ticket.short} {self.ticket.summary}"

    @property
    def there(self) -> str:
        return f"{self.head}（{self.ticket.place.label}）" if self.ticket.place.label else self.head

    def people(self, text: str, *choices: Choice, kind: str = "progress") -> list[Push]:
        """Reporter, whom it was reported for, and followers."""
        told = listeners(self.ticket, self.read)
        return [Push(p, text, kind, Rank.NOTICE, self.ticket.id, choices) for p in told]

    def to(self, ids: Iterable[int], text: str, *choices: Choice, kind: str = "task") -> list[Push]:
        rank = Rank.ALARM if self.ticket.level in WAKES else Rank.TASK
        return [Push(p, text, kind, rank, self.ticket.id, choices) for p in ids]

    def desk(self, text: str, *choices: Choice) -> list[Push]:
        """Who decides at its level of the chain."""
        return self.to(reach.waits_with(self.ticket, self.read), text, *choices, kind="desk")

    def hands(self, text: str, *choices: Choice) -> list[Push]:
        """Who has it in hand."""
        return self.to(reach.holding(self.ticket, self.read), text, *choices)

    def called(self, text: str, by: int) -> list[Push]:
        """Whoever a danger had called out hears what becomes of it; nobody of anything else."""
        if self.ticket.level != "T0" or self.ticket.merged_into:
            return []
        duty = self.read.duty_of(self.ticket.micro_grid)
        kept = self.ticket.category in categories.DESK_ONLY
        near = () if kept or not self.ticket.micro_grid else (duty.leader, duty.deputy)
        unit = self.read.unit_members(self.ticket.unit) if self.ticket.unit else ()
        desk = (p for p in self.read.desk(self.ticket.community) if p != self.ticket.against)
        known = (by, *listeners(self.ticket, self.read))
        return self.to([p for p in dict.fromkeys((*near, *unit, *desk)) if p and p not in known], text)

    def name(self, person: int) -> str:
        return self.read.name(person) or "工作人员"

    @property
    def due(self) -> str:
        due = self.ticket.due
        return f"{texts.when(due, self.now)}前办好。" if due and due > self.now else ""


def task_choices(short: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, f"{word} {short}") for label, word in _TASK_CHOICES)


def listeners(ticket: Ticket, read: Read) -> tuple[int, ...]:
    """Reporter and followers who can still be reached; who left or was erased is not written to."""
    people = ((p, read.person(p)) for p in read.people_of(ticket.id))
    return tuple(p for p, found in people if found and found.followed)


def reporter(person: int, anonymous: bool, read: Read) -> str:
    """What a leader sees of a reporter: family name and the phone's last four (§2.8); nothing when anonymous."""
    if anonymous:
        return "匿名"
    found: Person | None = read.person(person)
    if found is None:
        return ""
    name = f"{found.name[0]}姓居民" if found.name else "居民"
    return f"{name}（尾号{found.phone[-4:]}）" if found.phone else name


def seen_reporter(ticket: Ticket, read: Read) -> str:
    """The reporter as the one who handles it may see them; of a complaint nothing (§2.8)."""
    if reach.kept_at_desk(ticket) or not ticket.reporter:
        return ""
    who = reporter(ticket.reporter, ticket.anonymous, read)
    return f"{who}（代{ticket.proxy_name or '家人'}报）" if ticket.proxy_for or ticket.proxy_name else who
