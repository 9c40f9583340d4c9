"""Faces and plates of a ticket's photo are covered before neighbours see it; whose work the ticket is may do it."""

from __future__ import annotations

from handlers.read import Read
from handlers.tickets import reach, said
from handlers.tickets.doing import refusal
from handlers.tickets.facts_desk import PhotoCovered, PhotoRestored
from handlers.types import Outcome, Reply

_ACT = "遮住照片"


def cover(ticket: int, medium: int, file: str, person: int, read: Read) -> Outcome:
    """`file`: the stored picture that takes the place of the photo `medium`. Raises Refused."""
    _mine(ticket, person, read)
    return Outcome(replies=(Reply(said.COVERED),), facts=(PhotoCovered(ticket, person, medium, file),))


def restore(ticket: int, medium: int, person: int, read: Read) -> Outcome:
    """The original is shown again. Raises Refused."""
    _mine(ticket, person, read)
    return Outcome(replies=(Reply(said.UNCOVERED),), facts=(PhotoRestored(ticket, person, medium),))


def _mine(ticket: int, person: int, read: Read) -> None:
    found, who = read.ticket(ticket), read.person(person)
    if found is None or who is None or not reach.parts(who, found, read) & reach.WORKING:
        raise refusal(said.NOT_YOUR_GRID, ticket, person, _ACT, "role")
