"""States and moves of a ticket as one table (domain.md §2.2, §2.3); standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The standard names of domain.md §2.2; the value is what a screen shows."""

    WAITING = "待受理"  # S1
    TO_DISPATCH = "待派单"  # S2
    TO_ACCEPT = "待接单"  # S3
    RETURN_ASKED = "退单申请"  # R1
    IN_HAND = "处置中"  # S4
    EXTENSION_ASKED = "延期申请"  # D1
    TO_RATE = "待评价"  # S6
    DONE = "已办结"  # S7
    WITHDRAWN = "已撤回"  # X3


OPEN = frozenset(
    {
        Status.WAITING,
        Status.TO_DISPATCH,
        Status.TO_ACCEPT,
        Status.RETURN_ASKED,
        Status.IN_HAND,
        Status.EXTENSION_ASKED,
    }
)


WAKES = frozenset({"T0", "T1"})  # classes whose pushes pass the quiet hours (domain.md §9.2)


class Who(StrEnum):
    """What somebody is to a ticket; the value is what a refusal calls them."""

    REPORTER = "报事人"
    FOLLOWER = "关注的邻居"
    HANDLER = "承办人"  # the owner; leader and deputy of its micro-grid stand in for each other
    GRID = "网格员"
    DESK = "社区"
    CLOCK = "系统"


class Action(StrEnum):
    """What people do to a ticket; the value is the word they use."""

    DISPATCH = "派单"
    ACCEPT = "接单"
    VISIT = "到场"
    SOLVE = "办结"
    RETURN = "退单"
    AGREE_RETURN = "同意退单"
    REFUSE_RETURN = "不同意退单"
    TRANSFER = "转给"
    EXTEND = "延期"
    DECIDE_EXTENSION = "审批延期"
    ESCALATE = "上报"
    REOPEN = "重办"
    CONFIRM = "确认解决"
    RATE = "评价"
    CLOSE = "结单"
    WITHDRAW = "撤回"
    URGE = "催办"
    ADD = "补充"
    REPLY = "回复"


_S, _A, _W = Status, Action, Who
_WORKERS = (_W.HANDLER, _W.GRID, _W.DESK)
_OFFICE = (_W.DESK,)
_REPORTERS = (_W.REPORTER,)


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `to` None: the state stays. `needs`: fields of handlers.tickets.doing.Args."""

    action: Action
    who: tuple[Who, ...]
    states: tuple[Status, ...]
    to: Status | None
    needs: tuple[str, ...] = ()


_ALL_OPEN = tuple(sorted(OPEN))

TABLE: tuple[Move, ...] = (
    Move(_A.DISPATCH, (*_OFFICE, _W.CLOCK),
         (_S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT, _S.RETURN_ASKED, _S.IN_HAND, _S.EXTENSION_ASKED),
         _S.TO_ACCEPT, ("to",)),
    Move(_A.ACCEPT, _WORKERS, (_S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT), _S.IN_HAND),
    # being there is taking it; solved on the way needs no other word
    Move(_A.VISIT, _WORKERS, (_S.TO_DISPATCH, _S.TO_ACCEPT, _S.IN_HAND), _S.IN_HAND),
    Move(_A.VISIT, _WORKERS, (_S.EXTENSION_ASKED,), None),
    Move(_A.SOLVE, _WORKERS, (_S.TO_DISPATCH, _S.TO_ACCEPT, _S.IN_HAND, _S.EXTENSION_ASKED), _S.TO_RATE, ("words",)),
    Move(_A.RETURN, _WORKERS, (_S.TO_ACCEPT, _S.IN_HAND), _S.RETURN_ASKED, ("words",)),
    Move(_A.AGREE_RETURN, _OFFICE, (_S.RETURN_ASKED,), _S.TO_DISPATCH),
    Move(_A.REFUSE_RETURN, _OFFICE, (_S.RETURN_ASKED,), _S.IN_HAND),
    Move(_A.TRANSFER, _WORKERS, (_S.TO_ACCEPT, _S.IN_HAND), _S.TO_ACCEPT, ("to",)),
    Move(_A.EXTEND, _WORKERS, (_S.TO_ACCEPT, _S.IN_HAND), _S.EXTENSION_ASKED, ("until", "words")),
    Move(_A.DECIDE_EXTENSION, _OFFICE, (_S.EXTENSION_ASKED,), _S.IN_HAND),
    Move(_A.ESCALATE, (*_WORKERS, _W.CLOCK), (_S.TO_ACCEPT, _S.IN_HAND, _S.EXTENSION_ASKED), _S.TO_DISPATCH),
    Move(_A.CONFIRM, _REPORTERS, (_S.TO_RATE,), None),
    Move(_A.REOPEN, _REPORTERS, (_S.TO_RATE, _S.DONE), _S.IN_HAND, ("words",)),
    Move(_A.RATE, _REPORTERS, (_S.TO_RATE, _S.DONE), None, ("rating",)),
    Move(_A.CLOSE, (_W.REPORTER, _W.CLOCK), (_S.TO_RATE,), _S.DONE),
    Move(_A.WITHDRAW, _REPORTERS, _ALL_OPEN, _S.WITHDRAWN),
    Move(_A.URGE, (_W.REPORTER, _W.FOLLOWER), _ALL_OPEN, None),
    Move(_A.ADD, tuple(_W), (*_ALL_OPEN, _S.TO_RATE), None),
    Move(_A.REPLY, _OFFICE, _ALL_OPEN, None, ("words",)),
)  # fmt: skip

MOVES: dict[tuple[Status, Action], Status] = {
    (status, row.action): row.to or status for row in TABLE for status in row.states
}
WHO: dict[Action, frozenset[Who]] = {
    action: frozenset(who for row in TABLE if row.action is action for who in row.who) for action in Action
}
NEEDS: dict[Action, tuple[str, ...]] = {row.action: row.needs for row in TABLE}


class WrongState(Exception):
    """The table has no such move. `status` and `action` name it for the wording."""

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(f"{status} × {action}")
        self.status = status
        self.action = action


def move(status: Status, action: Action) -> Status:
    """The state an action leads to. Raises WrongState."""
    try:
        return MOVES[status, action]
    except KeyError:
        raise WrongState(status, action) from None


def possible(status: Status, parts: frozenset[Who]) -> tuple[Action, ...]:
    """What somebody who is `parts` to a ticket may do to it in a state, in the order of the table."""
    return tuple(dict.fromkeys(row.action for row in TABLE if status in row.states and parts & set(row.who)))


def level(base: str, urgency: str) -> str:
    """The class of a report: danger is T0, urgent at least T1, else the category's own."""
    if urgency == "emergency":
        return "T0"
    if urgency == "urgent" and base in ("T2", "T3", "T4", "TC"):
        return "T1"
    return base
