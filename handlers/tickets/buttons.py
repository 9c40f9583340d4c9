"""Which buttons a matter has now, as a table; standard library and the states only."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.tickets.port import Party
from handlers.tickets.rules import Action, Status, Who, possible

# What somebody whose work it is may do next, the usual step first; a card shows six.
BUTTONS: Mapping[Status, tuple[str, ...]] = {
    Status.WAITING: ("接单",),
    Status.TO_DISPATCH: ("接单",),
    Status.ESCALATED: ("接单",),
    Status.TO_ACCEPT: ("接单", "签到", "报结论", "退单", "求助"),
    Status.RETURN_ASKED: ("同意退单", "不同意退单"),
    Status.IN_HAND: ("到场", "签到", "报结论", "办结", "办理情况", "退单", "求助"),
    Status.EXTENSION_ASKED: ("到场", "办结", "办理情况", "求助", "同意延期", "不同意延期"),
    Status.HUNG: ("恢复", "办结", "办理情况"),
    Status.TO_CHECK: ("核查通过", "核查不通过"),
    Status.HOTLINE: ("跟进", "办理情况"),
}
ACTS: Mapping[str, Action] = {
    "接单": Action.ACCEPT, "到场": Action.VISIT, "办结": Action.SOLVE, "退单": Action.RETURN, "求助": Action.ESCALATE,
    "签到": Action.SIGN_IN, "报结论": Action.CONCLUDE, "办理情况": Action.ADD, "恢复": Action.RESUME,
    "核查通过": Action.PASS, "核查不通过": Action.FAIL, "跟进": Action.FOLLOW_UP,
    "同意退单": Action.AGREE_RETURN, "不同意退单": Action.REFUSE_RETURN,
    "同意延期": Action.DECIDE_EXTENSION, "不同意延期": Action.DECIDE_EXTENSION,
}  # fmt: skip
_WORKING = frozenset({Who.HANDLER, Who.PARTNER, Who.GRID, Who.DESK, Who.STREET})
_ASKED = frozenset({"同意退单", "不同意退单", "同意延期", "不同意延期", "核查通过", "核查不通过"})
WORDS: Mapping[str, str] = {  # buttons that need words, and what to ask for
    "办结": "怎么办好的，比如：已换灯泡",
    "退单": "为什么退，比如：这盏是市政路灯",
    "办理情况": "办到哪一步了，报事人看得到",
    "报结论": "结论是什么，街道看得到",
    "核查不通过": "哪里不合格，好让承办人改",
    "不同意退单": "为什么不同意",
    "不同意延期": "为什么不同意",
}


def buttons(
    status: Status,
    parts: frozenset[Who],
    *,
    visited: bool = False,
    designated: bool = False,
    own: bool = False,
    party: Party | None = None,
) -> tuple[str, ...]:
    """What somebody who is `parts` to the matter is offered. Who has been there need not say so again; what was
    designated cannot be returned; nobody decides on his `own` work; who was whistled for (`party`: his unit's part)
    signs in first and then gives the conclusion; a co-unit that was only asked along is not offered the lead's
    buttons.
    """  # fmt: skip
    may = possible(status, parts) if parts & _WORKING else ()
    whistled = party is not None and party.role == "whistle"
    hidden = {
        verb
        for verb, is_so in (
            ("到场", visited or whistled), ("退单", designated),
            ("签到", not whistled or (party is not None and party.arrived is not None)),
            ("报结论", not whistled or party is None or party.arrived is None or party.concluded is not None),
        )
        if is_so
    }  # fmt: skip
    if own:
        hidden |= _ASKED
    return tuple(verb for verb in BUTTONS.get(status, ()) if ACTS[verb] in may and verb not in hidden)
