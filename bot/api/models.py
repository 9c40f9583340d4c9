"""What the API takes and gives, as models; the specification is made from them."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, create_model

from bot.api.photos import PhotoOut, Refs
from handlers.tickets.categories import CATEGORIES
from handlers.tickets.doing import Args
from handlers.tickets.rules import Action, Status

API_ACTIONS: dict[str, Action] = {action.name.lower().replace("_", "-"): action for action in Action}

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64, pattern=r"^[^\x00]*$")]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/-]{1,64}$")]
# nothing here is about other centuries, whose moments not every clock can hold
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]


class Strict(BaseModel):
    """A name that is not known is an error: a typing mistake must not be taken for nothing."""

    model_config = ConfigDict(extra="forbid")


class TicketQuery(Strict):
    """Filters; all of them must fit."""

    status: Annotated[tuple[Status, ...], Field(description="状态，可写几个")] = ()
    open: Annotated[bool | None, Field(description="true：还要办的；false：其余的")] = None
    late: Annotated[bool, Field(description="只要已超时、还没办结的")] = False
    category: Annotated[str, Field(pattern=r"^\d{0,4}$", description="分类编码或它的开头，如 02、0201")] = ""
    level: Annotated[str, Field(pattern=r"^(T[0-4CWX])?$", description="等级，如 T1")] = ""
    community: Annotated[int, Field(ge=0, le=2**63 - 1, description="社区")] = 0
    micro_grid: Annotated[int, Field(ge=0, le=2**63 - 1, description="微网格")] = 0
    owner: Annotated[int | None, Field(ge=0, le=2**63 - 1, description="承办人；0 是社区")] = None
    opened_from: Annotated[Moment | None, Field(description="报事时间，从（含）")] = None
    opened_to: Annotated[Moment | None, Field(description="报事时间，到（不含）")] = None
    changed_since: Annotated[Moment | None, Field(description="这以后有变化的")] = None
    external_id: Annotated[Number | None, Field(description="对方平台的编号")] = None
    cursor: Annotated[str, Field(pattern=r"^\d{0,19}$", description="上一页给的 next")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Place(Strict):
    """`text` is understood against the register; a position (GCJ-02, as in WeChat) helps where it is not."""

    text: Line = ""
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None


class Contact(Strict):
    """Who called the other platform; sealed, shown to the community on a reason only."""

    name: Line = ""
    phone: Annotated[str, Field(pattern=r"^[0-9+() -]{0,24}$")] = ""


class NewTicket(Strict):
    """A matter that comes in. With `external_id` it is taken once, however often it is sent."""

    words: Annotated[Words, Field(min_length=1, description="原话")]
    external_id: Annotated[Number | None, Field(description="对方平台的编号")] = None
    category: Annotated[str, Field(description="四位分类编码；空着由程序判断", examples=["0201"])] = ""
    urgency: Annotated[Literal["", "normal", "urgent", "emergency"], Field(description="空着由程序判断")] = ""
    kind: Literal["", "咨询", "求助", "投诉举报", "意见建议", "表扬", "其他"] = ""
    place: Place = Place()
    anonymous: bool = False
    contact: Contact = Contact()
    photos: Refs = ()


_ARGUMENTS: dict[str, Any] = {
    "str": Words, "int": Annotated[int, Field(ge=0, le=2**63 - 1)], "bool": bool, "datetime | None": Moment | None,
    "tuple[int, ...]": Annotated[tuple[Annotated[int, Field(ge=0, le=2**63 - 1)], ...], Field(max_length=20)],
}  # fmt: skip
# whatever an act may be given in chat or console, beside photos and pins; `into` is the number of a ticket
ACT_FIELDS: dict[str, Any] = {
    field.name: (_ARGUMENTS[str(field.type)], field.default)
    for field in fields(Args)
    if field.name not in ("media", "pin", "into")
} | {"into": (Annotated[str, Field(pattern=r"^(\d{12,16})?$")], ""), "photos": (Refs, ())}
Act = create_model(
    "Act",
    __base__=Strict,
    __doc__="One act of the life cycle. Which fields it needs is said when they are missing.",
    **{"action": (Literal[tuple(API_ACTIONS)], ...), **ACT_FIELDS},
)


class NumbersQuery(Strict):
    first: Annotated[Day | None, Field(alias="from", description="开始日期，空着是本月1日")] = None
    last: Annotated[Day | None, Field(alias="to", description="结束日期（含），空着是今天")] = None
    by: Literal["", "unit", "category", "micro-grid"] = ""
    trace: Annotated[str, Field(max_length=20, description="指标的 key：也给出它背后的工单")] = ""


class ReasonQuery(Strict):
    reason: Annotated[str, Field(max_length=200, description="为什么要看；看敏感的工单时必填，会记入日志")] = ""


class CategoryOut(BaseModel):
    code: str
    name: str


class PlaceOut(BaseModel):
    label: str
    lat: float | None = None
    lon: float | None = None


class ReporterOut(BaseModel):
    name: str
    phone: str


class ClockOut(BaseModel):
    """Whole minutes. `due` null: paused, so that no date can be promised."""

    clock: str
    limit: int
    elapsed: int
    remaining: int
    percent: int
    due: str | None
    running: bool
    paused: bool


class TicketOut(BaseModel):
    """A ticket as this caller may see it; null is what he may not, or what is not there yet."""

    id: str
    status: Status
    level: str
    kind: str
    urgency: str
    category: CategoryOut
    community: int
    micro_grid: int
    place: PlaceOut
    summary: str
    words: str | None
    reporter: ReporterOut | None
    anonymous: bool
    owner: int
    owner_name: str
    external_id: str | None
    opened: str
    changed: str
    accept_by: str | None
    due: str | None
    paused: bool
    accepted: str | None
    visited: str | None
    solved: str | None
    closed: str | None
    result: str | None
    solved_answer: bool | None
    rating: str
    reopened: int
    followers: int


class WholeTicketOut(TicketOut):
    clocks: list[ClockOut]
    actions: list[str]
    photos: list[PhotoOut] = []


class TicketsOut(BaseModel):
    tickets: list[TicketOut]
    next: str | None


class StepOut(BaseModel):
    at: str
    kind: str
    text: str
    words: str | None


class TimelineOut(BaseModel):
    steps: list[StepOut]


class ActedOut(BaseModel):
    said: str
    ticket: WholeTicketOut


class ContactOut(BaseModel):
    name: str
    phone: str


class CategoriesOut(BaseModel):
    categories: list[CategoryOut]


class MeOut(BaseModel):
    name: str
    role: str
    communities: list[int]
    per_minute: int


class ProblemOut(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = []


def category(code: str) -> CategoryOut:
    found = CATEGORIES.get(code)
    return CategoryOut(code=code, name=found.name if found else "其他")
