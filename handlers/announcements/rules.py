"""What an announcement 公告 can go through, as tables: states, who may move it, kinds, and how each recipient stands.

Standard library only. Quiet hours and unsubscribing: domain.md §9.2 and §10 no. 7; mobilisation: domain.md §7.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class State(StrEnum):
    DRAFT = "draft"
    ASKED = "asked"  # waits for a second person
    WAITING = "waiting"  # for its hour
    PREPARING = "preparing"  # the audience is being frozen
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Act(StrEnum):
    WRITE = "write"
    SUBMIT = "submit"
    ASK = "ask"
    APPROVE = "approve"
    REFUSE = "refuse"
    START = "start"
    OUTGROW = "outgrow"
    FREEZE = "freeze"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RESEND = "resend"
    REPEAT = "repeat"  # of what may have come
    REASK = "reask"
    FINISH = "finish"


class By(StrEnum):
    WRITER = "writer"  # who may announce to this audience
    SECOND = "second"  # the same, but not who wrote it
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Move:
    act: Act
    by: By
    before: frozenset[State]
    after: State


_EARLY = frozenset({State.DRAFT, State.ASKED, State.WAITING})
_UNDER_WAY = frozenset({State.PREPARING, State.SENDING, State.PAUSED})
MOVES: tuple[Move, ...] = (
    Move(Act.WRITE, By.WRITER, _EARLY, State.DRAFT),  # other words or another audience are looked at anew
    Move(Act.SUBMIT, By.WRITER, frozenset({State.DRAFT}), State.WAITING),
    Move(Act.ASK, By.WRITER, frozenset({State.DRAFT}), State.ASKED),
    Move(Act.APPROVE, By.SECOND, frozenset({State.ASKED}), State.WAITING),
    Move(Act.REFUSE, By.SECOND, frozenset({State.ASKED}), State.DRAFT),
    Move(Act.START, By.CLOCK, frozenset({State.WAITING}), State.PREPARING),
    Move(Act.OUTGROW, By.CLOCK, frozenset({State.PREPARING}), State.ASKED),  # more people than one may decide for
    Move(Act.FREEZE, By.CLOCK, frozenset({State.PREPARING}), State.SENDING),
    Move(Act.PAUSE, By.WRITER, frozenset({State.SENDING}), State.PAUSED),
    Move(Act.RESUME, By.WRITER, frozenset({State.PAUSED}), State.SENDING),
    Move(Act.CANCEL, By.WRITER, _EARLY | _UNDER_WAY, State.CANCELLED),
    Move(Act.RESEND, By.WRITER, frozenset({State.DONE}), State.SENDING),
    Move(Act.REPEAT, By.WRITER, frozenset({State.DONE}), State.SENDING),
    Move(Act.REASK, By.WRITER, frozenset({State.DONE, State.SENDING}), State.SENDING),  # of a mobilisation
    Move(Act.FINISH, By.CLOCK, frozenset({State.SENDING}), State.DONE),
)
_MOVES = {move.act: move for move in MOVES}
STARTED = frozenset({*_UNDER_WAY, State.DONE})  # it has, or will have, recipients


def move(act: Act) -> Move:
    """Each act has one row."""
    return _MOVES[act]


def may(act: Act, state: State) -> bool:
    return state in _MOVES[act].before


class Kind(StrEnum):
    """What may be refused by a resident, and what the quiet hours hold."""

    NEWS = "news"  # 一般通知: can be unsubscribed from
    SERVICE = "service"  # 停水停电 and the like: what one has to know at home
    EMERGENCY = "emergency"  # 应急: passes the quiet hours


KIND_NAMES = {Kind.NEWS: "一般通知", Kind.SERVICE: "重要通知", Kind.EMERGENCY: "应急通知"}
# Words that make a notice one that has to be known at home.
HAVE_TO_KNOW = (
    "停水", "停电", "停气", "断水", "断电", "检修", "抢修", "消防", "燃气", "煤气", "电梯", "安全", "封路", "台风",
    "暴雨", "积水", "高温", "寒潮", "结冰", "疫苗", "防汛", "演练",
)  # fmt: skip


class Place(StrEnum):
    """How a recipient stands. Everybody of the frozen audience is in exactly one of these."""

    WAITING = "waiting"
    QUEUED = "queued"  # in the outbox
    SENT = "sent"
    FAILED = "failed"  # the platform said no
    UNSURE = "unsure"  # it may have come: nobody said
    SKIPPED = "skipped"  # nothing is sent: see the reason
    CANCELLED = "cancelled"


PLACE_NAMES = {
    Place.WAITING: "等待", Place.QUEUED: "发送中", Place.SENT: "已送达", Place.FAILED: "没送到",
    Place.UNSURE: "不知道到没到", Place.SKIPPED: "不发", Place.CANCELLED: "已取消",
}  # fmt: skip
DECLINED, NO_ADDRESS, ENOUGH = "declined", "no_address", "enough"  # reasons of SKIPPED
REASONS = {
    DECLINED: "本人退订了一般通知", NO_ADDRESS: "没有聊天地址，要上门或打电话", ENOUGH: "今天收到的一般通知够多了",
    "window": "48小时内没有说过话，也没有配模板消息", "window_part": "只发出了一部分", "no_identity": "没有聊天地址",
    "no_channel": "他用的渠道没有开", "stale": "等得太久，不再发", "erased": "本人删除了数据",
    "storm": "同样的话发得太多，拦下", "timeout": "平台没有答复", "reset": "发的时候连接断了",
    "http": "平台的答复读不懂", "not_json": "平台的答复读不懂", "unknown": "发的时候断了",
    "connect": "连不上平台", "43004": "取消了关注",
    "43019": "被本人拉黑", "48002": "本人拒收", "45015": "48小时内没有说过话", "45047": "平台的条数用完了",
    "45009": "平台今天的额度用完了", "40003": "地址已经无效", "43101": "没有授权订阅通知",
}  # fmt: skip

ROLES = {"owner": "业主", "tenant": "租户", "family": "家人", "volunteer": "志愿者", "leader": "微网格长"}
RELATIONS = frozenset({"owner", "tenant", "family"})
AREAS = {"community": "社区", "estate": "小区", "building": "楼", "micro_grid": "微网格"}
YES, NO = "yes", "no"  # answers to a mobilisation 应急动员
