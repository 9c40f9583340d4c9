"""What a message means here: who writes, in the middle of what, and which choice a bare number stands for."""

from __future__ import annotations

import nlp
from handlers.activities.find import SEEN
from handlers.read import Read
from handlers.repair import MISREAD, QUIET_DIALOGS
from handlers.tickets import answer
from handlers.tickets.rules import Status
from handlers.types import Role, Turn
from nlp.quick import replace
from nlp.types import PlaceReading

_EXPECTS = {answer.RATING: ("urge_reopen_rate",), answer.UNSOLVED: ("urge_reopen_rate",)}


def context(turn: Turn) -> nlp.Context:
    """Who writes and in the middle of what: the same word means what these make of it."""
    form = turn.dialog.form if turn.dialog else ""
    return nlp.Context(
        bool(turn.who.posts), bool(form) and form not in (MISREAD, SEEN, *QUIET_DIALOGS), _EXPECTS.get(form, ())
    )


def again(turn: Turn, words: str) -> Turn:
    """The turn as if these words had been written: a tapped choice, a command completed."""
    said = nlp.within(nlp.understand(words, now=turn.now), context(turn))
    return replace(turn, said=said, inbound=replace(turn.inbound, text=words))


def in_own_grid(turn: Turn, read: Read) -> Turn:
    """A number that several 小区 have, from who leads in one of them, or lives there, is in that one."""
    led = turn.who.scopes(Role.LEADER) + turn.who.scopes(Role.DEPUTY) if turn.who.posts else ()
    if not led:
        return turn
    readings = (turn.said.place, *(issue.place for issue in turn.said.issues))
    if all(len(reading.found) < 2 or reading.named_estate for reading in readings):
        return turn
    own = read.estates_of(led) | {place.estate for place in turn.who.around}
    issues = tuple(replace(issue, place=_within(issue.place, own)) for issue in turn.said.issues)
    return replace(turn, said=replace(turn.said, place=_within(turn.said.place, own), issues=issues))


def _within(reading: PlaceReading, estates: frozenset[int]) -> PlaceReading:
    near = tuple(place for place in reading.found if place.estate in estates)
    return replace(reading, found=near) if near and not reading.named_estate else reading


def numbered(turn: Turn, read: Read) -> Turn:
    """A bare number where it stands for a choice: of a list of commands, or of the last push."""
    number = turn.said.number
    if number is None:
        return turn
    if turn.dialog and turn.dialog.offered:
        if turn.dialog.form in ("pick", "") and 1 <= number <= len(turn.dialog.offered):
            return again(turn, turn.dialog.offered[number - 1].means)
        return turn
    if turn.who.posts:
        ready = [t for t in read.tasks_of(turn.who.id) if t.status is Status.TO_ACCEPT]
        if len(ready) == 1 and 1 <= number <= 3:
            return again(turn, f"{('接单', '退单', '上报')[number - 1]} {ready[0].short}")
    waiting = answer.waiting(turn, read)
    if waiting and number in (1, 2):
        return again(turn, ("解决了", "没解决")[number - 1] + f" {waiting.short}")
    return turn
