"""What waits to be done and what came of it: values that queue, batch and turn share."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from handlers.read import Read
from handlers.types import Dialog, Fact, Inbound, Outcome, Person, Reply, Sender
from nlp.quick import quick
from nlp.types import Understanding
from storage.addresses import Address

Work = Callable[[Read], Outcome]
Cut = Callable[[Sender, int, tuple[Reply, ...]], tuple[str, str] | None]  # (sender, person, replies)


def whole(_: Sender, __: int, ___: tuple[Reply, ...]) -> None:
    """A channel whose answers may be as long as they are."""


@quick
@dataclass(frozen=True, slots=True)
class Resting:
    """A sender without a post after a turn: all that the next one begins with, until something happens."""

    who: Person
    address: Address
    dialog: Dialog | None


@quick
@dataclass(frozen=True, slots=True)
class Done:
    """A turn after its commit. `copy`: the message had come before, the replies are the recorded ones.

    `parts`: what the channel's answer takes of the replies and the rest, which is in the outbox; None: it takes all.
    `rests`: the sender as the turn left him.
    """

    replies: tuple[Reply, ...] = ()
    copy: bool = False
    person: int = 0
    facts: tuple[Fact, ...] = ()
    pushed: bool = False
    parts: tuple[str, str] | None = None
    rests: Resting | None = None


@quick
@dataclass(frozen=True, slots=True)
class Item:
    """A message with its understanding, or a piece of work without one."""

    what: Inbound | Work
    said: Understanding | None
    now: datetime
    via: str = ""
    actor: int = 0
    name: str = ""  # of work that must leave its pushes once, however often it is tried


Told = Callable[[Done | BaseException], None]  # what came of it, once, in any thread


@dataclass(slots=True)
class Unit:
    """An item and who is told of it."""

    item: Item
    told: Told
    committing: bool = False

    @property
    def keyed(self) -> bool:
        return isinstance(self.item.what, Inbound)


def into(future: Future[Done]) -> Told:
    """Settles a future with what it is told."""
    future.set_running_or_notify_cancel()  # a caller that stops waiting must not stop the turn

    def told(what: Done | BaseException) -> None:
        if isinstance(what, BaseException):
            future.set_exception(what)
        else:
            future.set_result(what)

    return told
