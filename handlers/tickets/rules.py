"""States, moves and limits of a ticket as tables (domain.md §2.2–2.4); standard library only."""

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


class Action(StrEnum):
    """What people do to a ticket; the value is the word they use."""

    DISPATCH = "派单"
    ACCEPT = "接单"
    VISIT = "到场"
    SOLVE = "办结"
    RETURN = "退单"
    REFUSE_RETURN = "不同意退单"
    TRANSFER = "转给"
    EXTEND = "延期"
    DECIDE_EXTENSION = "审批延期"
    ESCALATE = "上报"
    REOPEN = "重办"
    RATE = "评价"
    CLOSE = "结单"
    WITHDRAW = "撤回"
    URGE = "催办"
    ADD = "补充"


_S, _A = Status, Action

MOVES: dict[tuple[Status, Action], Status] = {
    (_S.WAITING, _A.DISPATCH): _S.TO_ACCEPT,
    (_S.TO_DISPATCH, _A.DISPATCH): _S.TO_ACCEPT,
    (_S.TO_ACCEPT, _A.DISPATCH): _S.TO_ACCEPT,  # the ladder: deputy, community
    (_S.RETURN_ASKED, _A.DISPATCH): _S.TO_ACCEPT,  # return agreed
    (_S.IN_HAND, _A.DISPATCH): _S.TO_ACCEPT,
    (_S.EXTENSION_ASKED, _A.DISPATCH): _S.TO_ACCEPT,
    (_S.WAITING, _A.ACCEPT): _S.IN_HAND,
    (_S.TO_DISPATCH, _A.ACCEPT): _S.IN_HAND,
    (_S.TO_ACCEPT, _A.ACCEPT): _S.IN_HAND,
    (_S.TO_DISPATCH, _A.VISIT): _S.IN_HAND,
    (_S.TO_ACCEPT, _A.VISIT): _S.IN_HAND,  # being there is taking it
    (_S.IN_HAND, _A.VISIT): _S.IN_HAND,
    (_S.EXTENSION_ASKED, _A.VISIT): _S.EXTENSION_ASKED,
    (_S.TO_DISPATCH, _A.SOLVE): _S.TO_RATE,
    (_S.TO_ACCEPT, _A.SOLVE): _S.TO_RATE,  # solved on the way: one step is enough
    (_S.IN_HAND, _A.SOLVE): _S.TO_RATE,
    (_S.EXTENSION_ASKED, _A.SOLVE): _S.TO_RATE,
    (_S.TO_ACCEPT, _A.RETURN): _S.RETURN_ASKED,
    (_S.IN_HAND, _A.RETURN): _S.RETURN_ASKED,
    (_S.RETURN_ASKED, _A.REFUSE_RETURN): _S.IN_HAND,
    (_S.TO_ACCEPT, _A.TRANSFER): _S.TO_ACCEPT,
    (_S.IN_HAND, _A.TRANSFER): _S.TO_ACCEPT,
    (_S.IN_HAND, _A.EXTEND): _S.EXTENSION_ASKED,
    (_S.TO_ACCEPT, _A.EXTEND): _S.EXTENSION_ASKED,
    (_S.EXTENSION_ASKED, _A.DECIDE_EXTENSION): _S.IN_HAND,
    (_S.TO_ACCEPT, _A.ESCALATE): _S.TO_DISPATCH,
    (_S.IN_HAND, _A.ESCALATE): _S.TO_DISPATCH,
    (_S.EXTENSION_ASKED, _A.ESCALATE): _S.TO_DISPATCH,
    (_S.TO_RATE, _A.REOPEN): _S.IN_HAND,
    (_S.DONE, _A.REOPEN): _S.IN_HAND,
    (_S.TO_RATE, _A.RATE): _S.TO_RATE,
    (_S.DONE, _A.RATE): _S.DONE,
    (_S.TO_RATE, _A.CLOSE): _S.DONE,
    **{(s, _A.WITHDRAW): _S.WITHDRAWN for s in OPEN},
    **{(s, _A.URGE): s for s in OPEN},
    **{(s, _A.ADD): s for s in OPEN},
    (_S.TO_RATE, _A.ADD): _S.TO_RATE,
}  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits of a class in minutes (domain.md §2.4). `working`: counted in duty hours."""

    accept: int
    accept_working: bool
    done: int
    done_working: bool


_DAY = 480  # a working day in working minutes: 8 duty hours

LIMITS: dict[str, Limit] = {
    "T0": Limit(5, False, 120, False),  # 5 min ack, feedback ≤ 2 h
    "T1": Limit(30, False, 24 * 60, False),  # 30 min 7×24, ≤ 24 h
    "T2": Limit(120, True, 3 * _DAY, True),  # 2 duty hours, 3 working days
    "T3": Limit(120, True, 5 * _DAY, True),  # 5 working days
    "T4": Limit(_DAY, True, 15 * 24 * 60, False),  # 15 days
    "TC": Limit(120, True, _DAY, True),  # 1 working day
    "TW": Limit(120, True, 10 * 24 * 60, False),  # 物业 answers within 10 days
}


def level(base: str, urgency: str) -> str:
    """The class of a report: danger is T0, urgent at least T1, else the category's own."""
    if urgency == "emergency":
        return "T0"
    if urgency == "urgent" and base in ("T2", "T3", "T4", "TC"):
        return "T1"
    return base
