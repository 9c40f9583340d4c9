"""Which buttons a matter has now, as a table; standard library and the states only."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.tickets.rules import Action, Status, Who, possible

# What the one who has the matter may do next, the usual step first.
BUTTONS: Mapping[Status, tuple[str, ...]] = {
    Status.WAITING: ("接单",),
    Status.TO_DISPATCH: ("接单",),
    Status.ESCALATED: ("接单",),
    Status.TO_ACCEPT: ("接单", "退单", "求助"),
    Status.IN_HAND: ("到场", "办结", "退单", "求助"),
    Status.EXTENSION_ASKED: ("到场", "办结", "求助"),
    Status.HUNG: ("办结",),
}
_ACTS: Mapping[str, Action] = {
    "接单": Action.ACCEPT, "到场": Action.VISIT, "办结": Action.SOLVE, "退单": Action.RETURN, "求助": Action.ESCALATE,
}  # fmt: skip
WORDS: Mapping[str, str] = {  # buttons that need words, and what to ask for
    "办结": "怎么办好的，比如：已换灯泡",
    "退单": "为什么退，比如：这盏是市政路灯",
}


def buttons(
    status: Status, parts: frozenset[Who], *, visited: bool = False, designated: bool = False
) -> tuple[str, ...]:
    """What somebody who is `parts` to the matter is offered. Who has been there need not say so again; what was
    designated cannot be returned; a co-unit signs in and reports by word and is not offered the lead's buttons.
    """
    may = possible(status, parts)
    hidden = {verb for verb, is_so in (("到场", visited), ("退单", designated)) if is_so}
    return tuple(verb for verb in BUTTONS.get(status, ()) if _ACTS[verb] in may and verb not in hidden)
