"""Which buttons a matter has now, as a table; standard library and the states only."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.tickets.rules import Status

# What the one who has the matter may do next, the usual step first.
BUTTONS: Mapping[Status, tuple[str, ...]] = {
    Status.TO_DISPATCH: ("接单",),
    Status.TO_ACCEPT: ("接单", "退单", "求助"),
    Status.IN_HAND: ("到场", "办结", "退单", "求助"),
    Status.EXTENSION_ASKED: ("到场", "办结", "求助"),
}
WORDS: Mapping[str, str] = {  # buttons that need words, and what to ask for
    "办结": "怎么办好的，比如：已换灯泡",
    "退单": "为什么退，比如：这盏是市政路灯",
}


def buttons(status: Status, *, visited: bool) -> tuple[str, ...]:
    """Who has been there need not say so again."""
    found = BUTTONS.get(status, ())
    return tuple(verb for verb in found if not (visited and verb == "到场"))
