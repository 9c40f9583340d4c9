"""Which words about announcements go to which handler: tables, read from the top; the first that fits wins."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.announcements import chat, mine, muster
from handlers.read import Read
from handlers.types import Outcome, Role, Turn

Handler = Callable[[Turn, Read], Outcome]

_LATELY = re.compile(
    r"^(?:请问|最近|这几天|今天|这周|现在|社区|小区|咱们?|我们|楼里|村里|还|都|又|我|想|要|看看?|查看?|查一?下|听听)*"
    r"(?:有没有|有什么|有啥|有哪些|有些什么|有|发了?什么|发了?哪些)?(?:最近|新|什么|停水|停电|停气|疫苗|活动)?的?"
    r"(?:通知|公告)(?:栏|列表|吗|么|没有|呢|啊|呀)?[?？。!！]*$"
)
_STOP = re.compile(
    r"^(?:请|以后|麻烦)?(?:不要|别|不用|停止|不想)(?:再)?(?:老是?|总是?)?(?:给我|向我|收到?)?(?:老是?|总是?|乱)?(?:发|推送?|群发|收)?(?:这些|这种|那么多)?(?:的)?"
    r"(?:通知|公告|群发|广告)(?:消息|信息)?(?:给我)?(?:了)?[。!！]*$|^(?:退订|取消订阅|拒收|[Tt][Dd])(?:通知)?$"
)
_AGAIN = re.compile(
    r"^(?:请)?(?:恢复|重新|继续|还是)(?:接收?|收|发|给我发|订阅|要)?(?:社区)?(?:的)?(?:通知|公告)(?:吧|给我)?[。!！]*$"
    r"|^(?:重新|恢复)订阅$"
)
_AGREE = re.compile(r"^(?P<no>不)?同意公告[\s:：#]*(?P<n>\d{1,6})\s*号?[\s,，:：]*(?P<why>.*)$", re.DOTALL)
_STATE = re.compile(r"^(?:应急|动员)(?:动员)?(?:的)?(?:情况|进展|多少人)(?:怎么样)?[?？]?$")
_STATE_SHORT = re.compile(
    r"^(?:谁|还有谁|几个人?|多少人|有谁)(?:还)?(?:没有?回话?|去|来|能去|能来|答应)(?:了|吗|的)?[?？]?$|^没回的?(?:话的)?$"
)
_ASK_AGAIN = re.compile(r"^(?:没回话?的)?(?:再|又)?(?:问|催)(?:一)?(?:次|遍|下)(?:没回话?的)?$")
_DOWN_SHORT = re.compile(r"^(?:解除|解散|结束)(?:了|吧)?$")
_DOWN = re.compile(r"^(?:应急|动员)?(?:解除|结束)(?:应急|动员)*\s*\d*$|^应急(?:解除|结束)$")


def first(turn: Turn, read: Read) -> Outcome | None:
    """What goes before everything, danger too: what staff announce is no report, and an answer to a call."""
    if answer := muster.answered(turn, read):
        return answer
    if not turn.who.posts:
        return None
    words = turn.inbound.text.strip()
    if chat.TO_ALL.match(words) and not read.activities_led(turn.who.id, turn.now) and _may(turn):
        return chat.notice(turn, read)
    if chat.NOTICE.match(words) and _may(turn):
        return chat.notice(turn, read)
    if chat.MUSTER.match(words):
        return chat.muster(turn, read)
    if found := _AGREE.match(words):
        return chat.second(turn, read, int(found["n"]), agreed=not found["no"], why=found["why"])
    if turn.who.holds(Role.DESK):
        if _STATE.match(words):
            return muster.state(turn, read)
        if turn.dialog is None and (short := _short(words)) and read.musters_on(turn.who.scopes(Role.DESK)):
            return short(turn, read)
        if _DOWN.match(words) and ("应急" in words or "动员" in words):
            return muster.stand_down(turn, read)
    return None


def _may(turn: Turn) -> bool:
    """Who may announce by chat."""
    return turn.who.holds(Role.DESK, Role.LEADER, Role.DEPUTY)


def _short(words: str) -> Handler | None:
    """What is meant while a mobilisation is on, without saying so."""
    for pattern, handler in (
        (_STATE_SHORT, muster.state), (_ASK_AGAIN, muster.ask_again), (_DOWN_SHORT, muster.stand_down),
    ):  # fmt: skip
        if pattern.match(words):
            return handler
    return None


def wanted(turn: Turn, read: Read) -> Outcome | None:
    """What residents ask of announcements; None when the words are about something else."""
    words = turn.said.text or turn.inbound.text.strip()
    for pattern, handler in _RESIDENTS:
        if pattern.match(words):
            return handler(turn, read)
    return None


_RESIDENTS: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (_LATELY, mine.lately), (_STOP, mine.stop), (_AGAIN, mine.again),
)  # fmt: skip
