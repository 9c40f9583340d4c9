"""What a text was understood to say: values only, no reading of text here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from nlp.quick import quick

Urgency = Literal["emergency", "urgent", "normal"]
PlaceSource = Literal["text", "home", "scan", "pin", ""]
Tone = Literal["", "angry", "distress", "thanks"]
Grain = Literal["second", "minute", "hour", "part", "day", "week", "month", "quarter", "year"]


@quick
@dataclass(frozen=True, slots=True)
class Place:
    """A place of the register (domain.md §3.2 normal form), down to the level that was said.

    Names are the register's own: `estate` is the 小区's id, `estate_name` its name with the phase,
    `building` the 幢/号 without its word ("3", "C2", "36"), `unit` "" for a building without 单元.
    `level` says how far it goes: estate < building < unit < floor < room; a public spot is "spot".
    """

    community: int = 0
    estate: int = 0
    estate_name: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    spot: str = ""
    label: str = ""  # one line to read back, e.g. 学府花园3幢2单元 (rule A14)
    confidence: float = 0.0
    source: PlaceSource = ""

    @property
    def level(self) -> Literal["", "estate", "building", "unit", "floor", "room", "spot"]:
        if self.room:
            return "room"
        if self.floor:
            return "floor"
        if self.unit:
            return "unit"
        if self.building:
            return "building"
        if self.spot:
            return "spot"
        return "estate" if self.estate else ""


Ask = Literal["", "where", "estate", "building", "unit", "floor", "room", "spot"]
_LEVELS: tuple[tuple[Ask, str], ...] = (
    ("estate", "estate"), ("building", "building"), ("unit", "unit"), ("floor", "floor"), ("spot", "spot"),
)  # fmt: skip


@quick
@dataclass(frozen=True, slots=True)
class PlaceReading:
    """What a text says of a place.

    `found`: the register's places that fit, best first, at most eight. None: nothing was said or
    nothing fits; one: located; several: the resident must be asked (never guess, rule A1). Written
    without a 小区 (「3幢2单元」) every estate that has it is in `found`; the handler narrows by the homes.
    `named_estate` is true when the words themselves name the 小区.
    `unknown`: words written like an address that the register does not have, to be said back.
    `kind_of_spot`: a spot word said without being tied to one place (路灯, 北门), for the desk.
    """

    found: tuple[Place, ...] = ()
    named_estate: bool = False
    unknown: str = ""
    kind_of_spot: str = ""
    crowded: bool = False  # more than eight places fit: ask again with the estates of the person's homes
    spans: tuple[tuple[int, int], ...] = ()  # of the normalised text; stripped from the fault (A10)

    @property
    def ask(self) -> Ask:
        """What must be asked before the place is used: the level where those that fit differ; "" when clear."""
        if len(self.found) == 1:
            return ""
        if not self.found:
            return "estate" if self.crowded or self.unknown else "where"
        for level, name in _LEVELS:
            if len({getattr(one, name) for one in self.found}) > 1:
                return level
        return "room"


NOWHERE = PlaceReading()


@quick
@dataclass(frozen=True, slots=True)
class Issue:
    """One matter of a message (事项) with its own words, category and place."""

    text: str
    category: str = ""  # one of the 90 codes of domain.md §2.7, "" when nothing fits
    score: float = 0.0
    urgency: Urgency = "normal"
    place: PlaceReading = NOWHERE


@dataclass(frozen=True, slots=True)
class When:
    """A time said (docs/time-conventions.md). `start`, `end`: aware, Asia/Shanghai, `end` exclusive; None: open.

    point: a day or a moment; span: from … to …, a week, a month, a part of a day; duration: a length without a
    place, `seconds` (a month counts 30 days, a year 365); repeat: `rule` as in RFC 5545 ("FREQ=WEEKLY;BYDAY=SA"),
    start and end of the first time from now. `certain` is false where a convention had to choose (三点 is 15:00).
    """

    kind: Literal["point", "span", "duration", "repeat"]
    start: datetime | None = None
    end: datetime | None = None
    grain: Grain = "day"
    rule: str = ""
    seconds: float = 0.0
    text: str = ""
    span: tuple[int, int] = (0, 0)  # of the normalised text
    certain: bool = True


@dataclass(frozen=True, slots=True)
class People:
    """Who comes and how many. `self_`: the writer comes too; `proxy_for`: those the writer asks for, in their words.

    `total` counts everybody named, the writer too when `self_`. `certain` is false where a number is missing (全家).
    """

    self_: bool = False
    adults: int = 0
    children: int = 0
    proxy_for: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()  # who is named besides: 老婆, 孩子
    total: int = 0
    certain: bool = True


@quick
@dataclass(frozen=True, slots=True)
class Understanding:
    """A message understood. `text` is normalised (simplified, half-width); `raw` as written."""

    raw: str = ""
    text: str = ""
    intent: str = ""  # one of the 13 of INTENTS, "" when unsure
    action: str = ""  # finer, one of ACTIONS[intent]
    score: float = 0.0
    category: str = ""
    category_top3: tuple[str, ...] = ()
    kind: str = "求助"  # 咨询 求助 投诉举报 意见建议 表扬 其他
    urgency: Urgency = "normal"
    danger: str = ""  # key of the safety advice when urgency is "emergency": lift gas fire …
    place: PlaceReading = NOWHERE
    issues: tuple[Issue, ...] = ()
    phone: str = ""
    tickets: tuple[str, ...] = ()  # ticket numbers as written, digits only: "0017", "202611230017"
    number: int | None = None  # the whole message is a choice number (１ 一 壹 第一个 → 1)
    yes: bool | None = None  # the whole message says yes / no
    when: tuple[When, ...] = ()
    until: datetime | None = None  # a date or time named, aware (extensions, appointments)
    count: int | None = None
    people: People | None = None  # who comes and how many (activities, rooms)
    activities: tuple[str, ...] = ()  # activity numbers, digits only
    plates: tuple[str, ...] = ()  # of vehicles: 沪A12345
    amounts: tuple[float, ...] = ()  # sums of money in yuan
    private: tuple[str, ...] = ()  # kinds of personal numbers in the words: mobile landline identity; to be masked
    anonymous: bool = False  # asks to keep the name hidden
    relation: str = ""  # tenant owner family, when the words say so
    reason: str = ""  # what is left after the command word and the numbers (退单 原因, 办结 说明)
    why: tuple[str, ...] = field(default=())
    told: frozenset[str] = frozenset()  # "intent", "category": named by a rule of words, not by the models alone
    tone: Tone = ""  # chooses words, nothing else
    readings: tuple[tuple[str, str, float], ...] = ()  # likeliest (intent, action, chance), the one taken first

    @property
    def empty(self) -> bool:
        return not self.text

    @property
    def sure(self) -> bool:
        """Sure enough to act without asking; else the resident chooses between two or three readings."""
        looking = self.intent in LOOKING and "intent" in self.told
        return bool(self.intent) and self.score >= (SURE_LOOKING if looking else SURE)


SURE = 0.75  # score from which a reading is acted on
LOOKING = frozenset({"consult", "volunteer_activity"})  # answers and lists: a wrong one costs a glance
SURE_LOOKING = 0.5  # SURE for these, where a rule knows the words

NOTHING = Understanding()

INTENTS = (
    "report_issue", "emergency", "query_progress", "urge_reopen_rate", "consult", "complaint_service",
    "proposal_vote", "volunteer_activity", "points", "mutual_help", "account_privacy",
    "smalltalk_invalid", "staff_ops",
)  # fmt: skip

ACTIONS: dict[str, tuple[str, ...]] = {
    "report_issue": ("report",),
    "emergency": ("report",),
    "query_progress": ("progress",),
    "urge_reopen_rate": ("urge", "solved", "unsolved", "rate", "withdraw", "add", "place"),
    "consult": ("ask", "who_is_leader", "hours"),
    "complaint_service": ("complain",),
    "proposal_vote": ("propose", "support", "vote", "results", "ask"),
    "volunteer_activity": (
        "browse", "detail", "signup", "cancel", "checkin", "checkout", "hours", "certificate", "team", "open", "ask",
    ),
    "points": (
        "balance", "history", "rules", "ranking", "rank_on", "rank_off", "household", "share_on", "share_off",
        "redeem", "redeemed", "cancel", "proxy", "appeal", "level", "level_off", "ask",
    ),
    "mutual_help": ("ask", "offer"),
    "account_privacy": (
        "bind", "unbind", "move", "homes", "claim", "erase", "export", "anonymous", "named", "human",
        "cancel", "back", "skip", "menu", "privacy", "phone", "prefer",
    ),
    "smalltalk_invalid": (
        "greet", "thanks", "bye", "test", "abuse", "advert", "injection", "personal_data", "rumour", "chat",
        "fine", "robot", "slowly",
    ),
    "staff_ops": (
        "accept", "arrive", "finish", "hand_back", "transfer", "extend", "escalate", "todo", "agree",
        "disagree", "dispatch", "reply", "help", "merge", "hang", "resume", "sign_in", "conclude", "not_accepted",
        "urgent", "recategorize", "no_answer", "note", "visit", "announce", "supplies", "stats",
        "award", "deduct", "points_agree", "points_refuse", "points_waiting", "freeze", "unfreeze", "collect",
        "duty",
    ),
}  # fmt: skip
