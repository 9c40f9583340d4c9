"""The values that pass between the rooms: what came in, what is known, what should happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Literal

from handlers.policy import Policy
from nlp.quick import quick
from nlp.types import NOTHING, Place, Understanding


class Refused(Exception):
    """A rule said no. `str(error)` is the text for the person; nothing is changed.

    `facts`: what the log keeps of the attempt.
    """

    def __init__(self, text: str, *facts: Fact) -> None:
        super().__init__(text)
        self.facts = facts


@quick
@dataclass(frozen=True, slots=True)
class Sender:
    """One address on one channel: channel "wechat" | "webchat" | "terminal" | "wecom" | "page" (a signed page)."""

    channel: str
    account: str  # AppID or CorpID; "-" where a channel has no account
    user: str  # OpenID, UserID, web chat user

    def __hash__(self) -> int:
        return hash(self.user)  # a key of many tables: one string, whose hash is kept


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or voice. `ref` is "file:<name>" when stored, "<channel>:<MediaId>" while to be fetched."""

    kind: Literal["photo", "voice", "video"]
    ref: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A location pin 定位, in degrees GCJ-02 (`bot/datum.py`). `accuracy`: metres it may be off, 0 where unsaid."""

    lat: float
    lon: float
    label: str = ""
    accuracy: float = 0.0


@quick
@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or event as it arrived. `key` identifies its copies within one sender.

    `event`: "" for a message; else follow, unfollow, scan (key = scene), menu (key = button),
    press (key = "<ticket id>:<command>", a button of a card or page; `text` are the words beside it),
    sent (a template's receipt). `spoken`: the text was recognised from a voice.
    """

    sender: Sender
    key: str
    at: datetime  # when it was written, aware
    text: str = ""
    media: tuple[Media, ...] = ()
    pin: Pin | None = None
    event: str = ""
    event_key: str = ""
    spoken: bool = False


class Role(StrEnum):
    """Posts 岗位 a person can hold (domain.md §2.8). The scope is in Post."""

    LEADER = "leader"  # 微网格长, scope: micro-grid
    DEPUTY = "deputy"  # 副微网格长, scope: micro-grid
    GRID = "grid"  # 专职网格员, scope: grid
    DESK = "desk"  # 社区工作人员, scope: community
    STREET = "street"  # 街道指挥室, scope: the street's unit
    HEAD = "head"  # 单位负责人, scope: unit
    MEMBER = "member"  # 单位办事人员, scope: unit


@dataclass(frozen=True, slots=True)
class Post:
    role: Role
    scope: int  # id of the micro-grid, grid, community or unit


@dataclass(frozen=True, slots=True)
class Home:
    """A household a person belongs to. `relation`: owner tenant family."""

    household: int
    place: Place
    micro_grid: int
    community: int
    relation: str


@quick
@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the platform talks with. `name` is as they gave it, "" when not given."""

    id: int
    community: int = 0  # 0: not known yet
    name: str = ""
    phone: str = ""
    homes: tuple[Home, ...] = ()
    posts: tuple[Post, ...] = ()
    anonymous: bool = False  # 匿名: name hidden from everybody but the desk
    near: Place | None = None  # the building of a scanned plate, when no home is bound
    notice: int = 0  # version of the privacy notice shown; 0: never
    followed: bool = True

    def holds(self, *roles: Role) -> bool:
        return any(post.role in roles for post in self.posts)

    @property
    def around(self) -> tuple[Place, ...]:
        """Where the person is known to live: homes, else the scanned building."""
        return tuple(home.place for home in self.homes) or ((self.near,) if self.near else ())

    def scopes(self, role: Role) -> tuple[int, ...]:
        return tuple(post.scope for post in self.posts if post.role is role)


@quick
@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to tap: `say` is what is understood when it is tapped or its number is written."""

    label: str
    say: str = ""

    @property
    def means(self) -> str:
        return self.say or self.label


@quick
@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    choices: tuple[Choice, ...] = ()
    link: str = ""  # a path of the public pages, made absolute by the channel


class Rank(IntEnum):
    """Which push leaves first."""

    ALARM = 0  # danger to persons: quiet hours do not hold it
    REPLY = 1
    TASK = 2
    NOTICE = 3
    BULK = 4


@quick
@dataclass(frozen=True, slots=True)
class Push:
    """Something to tell a person outside the reply. `ticket` groups and dedups, 0 when none."""

    to: int  # person id
    text: str
    kind: str  # task, progress, rating, alarm, … (key of the template table)
    rank: Rank = Rank.NOTICE
    ticket: int = 0
    choices: tuple[Choice, ...] = ()
    media: tuple[Media, ...] = ()


class Fact:
    """Base of what happened, in the past tense. Subclasses are frozen dataclasses.

    A field with metadata {"private": True} holds words or data of a person: it is applied to its
    table but stands in the facts log only as a keyed digest, so that erasing a person leaves the chain whole.
    """

    __slots__ = ()


def private(**kw: Any) -> Any:
    """A dataclass field whose value must not stand in the facts log."""
    return field(metadata={"private": True}, **kw)


@quick
@dataclass(frozen=True, slots=True)
class Dialog:
    """A conversation in progress. `answers` is JSON; `offered` are the numbered choices last shown."""

    form: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    offered: tuple[Choice, ...] = ()
    since: datetime | None = None
    asked: int = 0  # times the present question was not understood


@quick
@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a handler is given about one message."""

    id: int
    now: datetime
    who: Person
    inbound: Inbound
    said: Understanding = NOTHING
    dialog: Dialog | None = None
    policy: Policy = field(default_factory=Policy)


@quick
@dataclass(frozen=True, slots=True)
class Outcome:
    """What should happen. `dialog`: the new state; None ends the conversation; KEEP leaves it."""

    replies: tuple[Reply, ...] = ()
    facts: tuple[Fact, ...] = ()
    pushes: tuple[Push, ...] = ()
    dialog: Dialog | Literal["keep"] | None = "keep"


KEEP: Literal["keep"] = "keep"


def say(text: str, *choices: Choice, dialog: Dialog | Literal["keep"] | None = KEEP) -> Outcome:
    """One reply and nothing else."""
    return Outcome(replies=(Reply(text, choices),), dialog=dialog)
