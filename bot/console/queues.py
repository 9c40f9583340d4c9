"""The views of the list of work by role, and the filters in its address; as tables and values, no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from handlers.numerals import number_in
from handlers.tickets.rules import OPEN, Status
from storage.sight import StaffRole
from storage.work_list import Key, Tally, Wanted

_DAY = timedelta(days=1)
_S = Status


@dataclass(frozen=True, slots=True)
class View:
    """`statuses` empty: everything there ever was, without a count. `nothing`: what an empty one says."""

    key: str
    name: str
    hint: str
    statuses: frozenset[str]
    nothing: str
    mine: bool = False
    soon: bool = False

    def count(self, tallies: Iterable[Tally]) -> int:
        return sum(
            one.count
            for one in tallies
            if one.status in self.statuses and (one.mine or not self.mine) and (one.soon or not self.soon)
        )


def _states(*states: Status) -> frozenset[str]:
    return frozenset(state.value for state in states)


_ALL_OPEN = frozenset(state.value for state in OPEN)
_NONE_YET = "还没有工单。居民报一件事，这里马上就有。"
OPEN_VIEW = View("open", "在办", "还要有人办的，紧急的在前，先到期的在前。", _ALL_OPEN, _NONE_YET)
_MINE = View("mine", "我的", "在我手上的。", _ALL_OPEN, "您手上没有工单。到「在办」里接一件。", mine=True)
_SOON = View("soon", "快超时", "时限快用完，或者已经超时。", _ALL_OPEN, "没有快超时的，都来得及。", soon=True)
_ALL = View("all", "全部", "办完的也在内，新报的在前。", frozenset(), _NONE_YET)
_CALLBACK = View(
    "callback", "待回访", "说办好了，等核查，或等居民回话。", _states(_S.TO_CHECK, _S.TO_RATE),
    "没有等核查、等居民回话的。",
)  # fmt: skip
_OFFICE = (
    OPEN_VIEW, _MINE,
    View(
        "waiting", "待受理", "等社区受理、派单的。", _states(_S.DRAFT, _S.WAITING, _S.TO_DISPATCH, _S.ESCALATED),
        "没有等受理、派单的，都派下去了。",
    ),
    _SOON,
    View("returned", "退回", "承办的人申请退单，等您答复。", _states(_S.RETURN_ASKED), "没有人申请退单。"),
    View("asked", "待批", "申请延期，等您答复。", _states(_S.EXTENSION_ASKED), "没有人申请延期。"),
    _CALLBACK, _ALL,
)  # fmt: skip
_WORK = (
    OPEN_VIEW, _MINE,
    View("waiting", "待接单", "等人接的。", _states(_S.TO_DISPATCH, _S.TO_ACCEPT), "没有等人接的。"), _SOON,
    View("returned", "退回", "已申请退单，等答复。", _states(_S.RETURN_ASKED), "没有退单等答复。"),
    _CALLBACK, _ALL,
)  # fmt: skip
VIEWS: Mapping[StaffRole, tuple[View, ...]] = {
    StaffRole.DESK: _OFFICE, StaffRole.STREET: _OFFICE,
    StaffRole.LEADER: _WORK, StaffRole.GRID: _WORK, StaffRole.UNIT: _WORK,
}  # fmt: skip

CLOCKS = (("", "不限"), ("late", "已超时"), ("day", "一天内到期"))
SOURCES = (
    ("", "不限"), ("wechat", "微信"), ("wecom", "企业微信"), ("webchat", "网页聊天"), ("api", "别的平台"),
    ("phone", "电话代报"),
    ("terminal", "终端"),
)  # fmt: skip
_KEY = re.compile(r"([01])_(\d{1,18})_(\d{1,19})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Query:
    """What the address asks for; anything that makes no sense there is left out. `after`: where the page begins."""

    view: View
    state: str = ""
    clock: str = ""
    category: str = ""
    owner: int = 0
    grid: int = 0
    source: str = ""
    building: int = 0
    after: Key | None = None

    @property
    def filtered(self) -> bool:
        return any((self.state, self.clock, self.category, self.owner, self.grid, self.source, self.building))

    def href(self, path: str = "/console/", **change: object) -> str:
        """The address of the same question with something else asked."""
        one = replace(self, **change)  # type: ignore[arg-type]
        given = {
            "view": "" if one.view is OPEN_VIEW else one.view.key, "state": one.state, "clock": one.clock,
            "category": one.category, "owner": one.owner or "", "grid": one.grid or "", "source": one.source,
            "building": one.building or "",
            "after": key_text(one.after) if one.after else "",
        }  # fmt: skip
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path

    def view_alone(self) -> str:
        """The address of the view without filters."""
        return Query(self.view).href()

    def wanted(self, person: int, now: datetime) -> Wanted:
        statuses = self.view.statuses
        if self.state:
            statuses = frozenset({self.state})
        due = {"late": now, "day": now + _DAY}.get(self.clock)
        if due is not None and not statuses:
            statuses = _ALL_OPEN  # what is over is not late
        pressing = now if self.view.soon else None
        owner = person if self.view.mine else self.owner or None
        return Wanted(statuses, owner, due, pressing, self.category, self.grid, self.source, self.building)


def read_query(given: Mapping[str, str], role: StaffRole) -> Query:
    views = VIEWS.get(role, _WORK)
    view = next((one for one in views if one.key == given.get("view", "")), OPEN_VIEW)
    state, clock = given.get("state", ""), given.get("clock", "")
    category, source = given.get("category", ""), given.get("source", "")
    return Query(
        view=view,
        state=state if state in Status.__members__.values() else "",
        clock=clock if clock in dict(CLOCKS) else "",
        category=category if re.fullmatch(r"\d{2}|\d{4}", category) else "",
        owner=number_in(given.get("owner", "")),
        grid=number_in(given.get("grid", "")),
        source=source if source in dict(SOURCES) else "",
        building=number_in(given.get("building", "")),
        after=_key(given.get("after", "")),
    )


def key_text(key: Key) -> str:
    return f"{key.calm}_{(key.due - _EPOCH) // _MICRO}_{key.id}"


def _key(text: str) -> Key | None:
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    try:
        due, number = _EPOCH + int(found[2]) * _MICRO, int(found[3])
    except OverflowError:
        return None
    return Key(int(found[1]), due, number) if number < 2**63 else None


def seen_at(changed: datetime) -> int:
    """A ticket's last change as a number: what a form was made of."""
    return (changed - _EPOCH) // _MICRO
