"""States and moves of a ticket as one table (domain.md §2.2, §2.3); standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The standard names of domain.md §2.2; the value is what a screen shows."""

    DRAFT = "待补充"  # S0
    WAITING = "待受理"  # S1
    TO_DISPATCH = "待派单"  # S2
    TO_ACCEPT = "待接单"  # S3
    RETURN_ASKED = "退单申请"  # R1
    IN_HAND = "处置中"  # S4
    EXTENSION_ASKED = "延期申请"  # D1
    HUNG = "挂账"  # H1
    ESCALATED = "升级"  # E1
    TO_CHECK = "待核查"  # S5
    TO_RATE = "待评价"  # S6
    DONE = "已办结"  # S7
    ARCHIVED = "归档"  # S8
    REJECTED = "不予受理"  # X1
    MERGED = "并案"  # X2
    WITHDRAWN = "已撤回"  # X3
    HOTLINE = "转紧急专线"  # X4


_S = Status
OPEN = frozenset(
    {
        _S.DRAFT, _S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT, _S.RETURN_ASKED, _S.IN_HAND, _S.EXTENSION_ASKED, _S.HUNG,
        _S.ESCALATED, _S.TO_CHECK, _S.HOTLINE,
    }
)  # fmt: skip


WAKES = frozenset({"T0", "T1"})  # classes whose pushes pass the quiet hours (domain.md §9.2)


class Who(StrEnum):
    """What somebody is to a ticket; the value is what a refusal calls them."""

    REPORTER = "报事人"  # also whom it was reported for 代
    FOLLOWER = "关注的邻居"
    HANDLER = "承办人"  # the owner; leader and deputy stand in for each other, and so do members of the lead unit
    PARTNER = "协办单位"  # a member of a co-unit or of a unit that was whistled for
    GRID = "网格员"
    DESK = "社区"
    STREET = "街道"  # of what has come up to the street
    CLOCK = "系统"


class Action(StrEnum):
    """What people do to a ticket; the value is the word they use."""

    TAKE_IN = "受理"
    ASK_MORE = "请补充"
    DISPATCH = "派单"
    ACCEPT = "接单"
    VISIT = "到场"
    SOLVE = "办结"
    SUBMIT = "报核查"  # 办结 where somebody else looks first
    PASS = "核查通过"  # noqa: S105
    FAIL = "核查不通过"
    RETURN = "退单"
    AGREE_RETURN = "同意退单"
    REFUSE_RETURN = "不同意退单"
    TRANSFER = "转给"
    EXTEND = "延期"
    DECIDE_EXTENSION = "审批延期"
    ASK_HANG = "申请挂账"
    HANG = "挂账"
    REFUSE_HANG = "不同意挂账"
    RESUME = "恢复"
    ESCALATE = "上报"
    WHISTLE = "吹哨"
    SIGN_IN = "签到"
    CONCLUDE = "报结论"
    RATE_UNIT = "评单位"
    ASSIST = "加协办"
    REFUSE_LIST = "拒收"
    RECLASS = "改分类"
    MERGE = "并案"
    UNMERGE = "拆案"
    REJECT = "不予受理"
    ASK_END = "申请终止"
    END = "终止"
    APPEAL = "新情况"
    HOTLINE = "转专线"
    FOLLOW_UP = "跟进"
    TAKE_BACK = "撤回办结"  # by who said it was done
    REOPEN = "重办"
    CONFIRM = "确认解决"
    RATE = "评价"
    CLOSE = "结单"
    ARCHIVE = "归档"
    WITHDRAW = "撤回"
    URGE = "催办"
    ADD = "补充"
    REPLY = "回复"
    NO_ANSWER = "联系不上"
    TAKE_OVER = "接管"  # talk with the resident instead of the bot
    HAND_OVER = "交还"
    NOTE = "备注"


_A, _W = Action, Who
_WORKERS = (_W.HANDLER, _W.GRID, _W.DESK, _W.STREET)
_OFFICE = (_W.DESK, _W.STREET)
_REPORTERS = (_W.REPORTER,)
_AT_WORK = (_S.IN_HAND, _S.EXTENSION_ASKED, _S.HUNG)


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
    Move(_A.TAKE_IN, _OFFICE, (_S.WAITING,), _S.TO_DISPATCH),
    Move(_A.ASK_MORE, _OFFICE, (_S.WAITING, _S.TO_DISPATCH), _S.DRAFT, ("words",)),
    Move(_A.DISPATCH, (_W.GRID, *_OFFICE, _W.CLOCK),
         (_S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT, _S.RETURN_ASKED, _S.IN_HAND, _S.EXTENSION_ASKED, _S.ESCALATED),
         _S.TO_ACCEPT, ("to",)),
    Move(_A.ACCEPT, _WORKERS, (_S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT, _S.ESCALATED), _S.IN_HAND),
    # being there is taking it; solved on the way needs no other word
    Move(_A.VISIT, _WORKERS, (_S.TO_DISPATCH, _S.TO_ACCEPT, _S.ESCALATED, _S.IN_HAND), _S.IN_HAND),
    Move(_A.VISIT, _WORKERS, (_S.EXTENSION_ASKED, _S.HUNG), None),
    Move(_A.SOLVE, _WORKERS, (_S.TO_DISPATCH, _S.TO_ACCEPT, _S.ESCALATED, *_AT_WORK), _S.TO_RATE, ("words",)),
    Move(_A.SUBMIT, _WORKERS, (_S.TO_DISPATCH, _S.TO_ACCEPT, _S.ESCALATED, *_AT_WORK), _S.TO_CHECK, ("words",)),
    Move(_A.TAKE_BACK, _WORKERS, (_S.TO_RATE, _S.TO_CHECK), _S.IN_HAND),
    Move(_A.PASS, (_W.GRID, *_OFFICE), (_S.TO_CHECK,), _S.TO_RATE),
    Move(_A.FAIL, (_W.GRID, *_OFFICE), (_S.TO_CHECK,), _S.IN_HAND, ("words",)),
    Move(_A.RETURN, _WORKERS, (_S.TO_ACCEPT, _S.IN_HAND), _S.RETURN_ASKED, ("words", "basis")),
    Move(_A.AGREE_RETURN, _OFFICE, (_S.RETURN_ASKED,), _S.TO_DISPATCH),
    Move(_A.REFUSE_RETURN, _OFFICE, (_S.RETURN_ASKED,), _S.TO_ACCEPT),
    Move(_A.TRANSFER, _WORKERS, (_S.TO_ACCEPT, _S.IN_HAND), _S.TO_ACCEPT, ("to",)),
    Move(_A.EXTEND, _WORKERS, (_S.IN_HAND,), _S.EXTENSION_ASKED, ("until", "words")),
    Move(_A.DECIDE_EXTENSION, _OFFICE, (_S.EXTENSION_ASKED,), _S.IN_HAND),
    Move(_A.ASK_HANG, _WORKERS, (_S.IN_HAND,), None, ("until", "words")),
    Move(_A.HANG, _OFFICE, (_S.IN_HAND,), _S.HUNG, ("until", "words")),
    Move(_A.REFUSE_HANG, _OFFICE, (_S.IN_HAND,), None),
    Move(_A.RESUME, (*_WORKERS, _W.CLOCK), (_S.HUNG,), _S.IN_HAND),
    Move(_A.ESCALATE, (*_WORKERS, _W.CLOCK),
         (_S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT, _S.IN_HAND, _S.EXTENSION_ASKED, _S.ESCALATED), _S.ESCALATED),
    Move(_A.WHISTLE, (_W.STREET,), (_S.TO_DISPATCH, _S.TO_ACCEPT, _S.IN_HAND, _S.ESCALATED), _S.TO_ACCEPT,
         ("units",)),
    Move(_A.SIGN_IN, (_W.HANDLER, _W.PARTNER), (_S.TO_ACCEPT, _S.IN_HAND), None),
    Move(_A.CONCLUDE, (_W.HANDLER, _W.PARTNER), (_S.TO_ACCEPT, _S.IN_HAND), None, ("words",)),
    Move(_A.RATE_UNIT, (_W.STREET,), (_S.IN_HAND, _S.TO_CHECK, _S.TO_RATE, _S.DONE), None, ("unit", "rating")),
    Move(_A.ASSIST, _OFFICE, (_S.TO_DISPATCH, _S.TO_ACCEPT, *_AT_WORK, _S.ESCALATED), None, ("units",)),
    Move(_A.REFUSE_LIST, (_W.DESK,), (_S.TO_DISPATCH, _S.TO_ACCEPT), _S.ESCALATED, ("words",)),
    Move(_A.RECLASS, (_W.GRID, *_OFFICE),
         (_S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT, _S.RETURN_ASKED, *_AT_WORK, _S.ESCALATED), _S.TO_ACCEPT,
         ("category",)),
    Move(_A.MERGE, (_W.HANDLER, _W.GRID, *_OFFICE),
         (_S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT, _S.IN_HAND, _S.ESCALATED), _S.MERGED, ("into",)),
    Move(_A.UNMERGE, (_W.HANDLER, _W.GRID, *_OFFICE), (_S.MERGED,), _S.TO_DISPATCH),
    Move(_A.REJECT, _OFFICE, (_S.DRAFT, _S.WAITING, _S.TO_DISPATCH), _S.REJECTED, ("route",)),
    Move(_A.ASK_END, _WORKERS, (_S.IN_HAND,), None, ("words",)),
    Move(_A.END, _OFFICE, (_S.TO_ACCEPT, *_AT_WORK, _S.ESCALATED), _S.REJECTED, ("words",)),
    Move(_A.APPEAL, _REPORTERS, (_S.REJECTED,), _S.WAITING, ("words",)),
    Move(_A.HOTLINE, _OFFICE, (_S.WAITING, _S.TO_DISPATCH, _S.TO_ACCEPT), _S.HOTLINE, ("line",)),
    Move(_A.FOLLOW_UP, (*_OFFICE, _W.CLOCK), (_S.HOTLINE,), _S.TO_DISPATCH),
    Move(_A.CONFIRM, _REPORTERS, (_S.TO_RATE,), None),
    Move(_A.REOPEN, _REPORTERS, (_S.TO_RATE, _S.DONE), _S.IN_HAND, ("words",)),
    Move(_A.RATE, _REPORTERS, (_S.TO_RATE, _S.DONE), None, ("rating",)),
    Move(_A.CLOSE, (_W.REPORTER, _W.CLOCK), (_S.TO_RATE,), _S.DONE),
    Move(_A.ARCHIVE, (_W.CLOCK,), (_S.DONE,), _S.ARCHIVED),
    Move(_A.WITHDRAW, _REPORTERS, (*_ALL_OPEN, _S.MERGED), _S.WITHDRAWN),
    Move(_A.URGE, (_W.REPORTER, _W.FOLLOWER), (*_ALL_OPEN, _S.MERGED), None),
    Move(_A.ADD, (_W.REPORTER,), (_S.DRAFT,), _S.WAITING),
    Move(_A.ADD, tuple(_W), (*(s for s in _ALL_OPEN if s is not _S.DRAFT), _S.MERGED, _S.TO_RATE), None),
    # who may talk with the reporter may answer them, in the same states
    Move(_A.REPLY, _WORKERS, (*_ALL_OPEN, _S.MERGED, _S.TO_RATE), None, ("words",)),
    Move(_A.TAKE_OVER, _WORKERS, (*_ALL_OPEN, _S.MERGED, _S.TO_RATE), None),
    Move(_A.HAND_OVER, _WORKERS, tuple(_S), None),
    Move(_A.NOTE, (*_WORKERS, _W.PARTNER), tuple(_S), None, ("words",)),
    Move(_A.NO_ANSWER, _WORKERS, (_S.IN_HAND, _S.EXTENSION_ASKED), None),  # the clock waits for the reporter
)  # fmt: skip

# 不予受理: why, and where the matter belongs (domain.md §2.3, ⚖ 北京接诉即办条例 art. 11; 潍坊 art. 19)
ROUTES: dict[str, tuple[str, str]] = {
    "court": ("已经或应当由法院、仲裁处理", "请到人民法院诉讼服务中心或仲裁委员会，诉讼服务热线12368"),
    "discipline": ("属于纪检监察事项", "请找纪检监察机关，举报热线12388"),
    "review": ("属于行政复议事项", "请向行政复议机关申请，也可拨12348问法律援助"),
    "disclosure": ("属于政府信息公开申请", "请向公开该信息的机关提出书面申请"),
    "petition": ("已经在信访程序中办理", "请继续通过原信访渠道查询，国家信访局网上平台可查"),
    "secret": ("涉及国家秘密、商业秘密或个人隐私", "请向主管机关当面反映，不要在网上写细节"),
    "unlawful": ("请求违反法律或公序良俗", "需要法律建议可拨12348"),
    "concluded": ("已依法办结，没有新的事实", "有新情况请说「新情况」加内容，我们重新受理"),
    "elsewhere": ("不在本社区、本街道", "请拨当地12345，说清地点"),
}

ROWS: dict[tuple[Status, Action], Move] = {(status, row.action): row for row in TABLE for status in row.states}
WHO: dict[Action, frozenset[Who]] = {
    action: frozenset(who for row in TABLE if row.action is action for who in row.who) for action in Action
}
MOVES: dict[tuple[Status, Action], Status] = {key: row.to or key[0] for key, row in ROWS.items()}


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
