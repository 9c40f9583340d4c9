"""What can happen to a person's record, in the past tense. Applied by storage/residents.py."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class Followed(Fact):
    person: int
    scene: str = ""  # of the QR code, "" without


@dataclass(frozen=True, slots=True)
class Unfollowed(Fact):
    """The identity no longer receives; personal data goes with PersonErased."""

    person: int


@dataclass(frozen=True, slots=True)
class NoticeShown(Fact):
    """The privacy notice of this version was shown (PIPL 17)."""

    person: int
    version: int


@dataclass(frozen=True, slots=True)
class HomeBound(Fact):
    """绑定房屋. `source`: text scan desk. `relation`: owner tenant family."""

    person: int
    household: int
    community: int
    relation: str
    source: str


@dataclass(frozen=True, slots=True)
class CommunityKnown(Fact):
    """A person is known to be of a community and micro-grid (building QR code) without a household."""

    person: int
    community: int
    building: int = 0


@dataclass(frozen=True, slots=True)
class HomeLeft(Fact):
    """Moved away or unbound; the household itself stays in the register."""

    person: int
    household: int


@dataclass(frozen=True, slots=True)
class PhoneGiven(Fact):
    person: int
    phone: str = private()


@dataclass(frozen=True, slots=True)
class AnonymitySet(Fact):
    """匿名 for all later reports, or named again."""

    person: int
    on: bool


@dataclass(frozen=True, slots=True)
class PostClaimed(Fact):
    """A leader or staff member joined this chat identity to their record with a one-time code."""

    person: int  # the person of the identity, which is merged away
    owner: int  # the person of the register that holds the post


@dataclass(frozen=True, slots=True)
class ChannelPreferred(Fact):
    """Where a person wants pushes of their post; a channel's name."""

    person: int
    channel: str


@dataclass(frozen=True, slots=True)
class ClaimFailed(Fact):
    person: int


@dataclass(frozen=True, slots=True)
class PersonErased(Fact):
    """删除我的数据 / unfollow: name, phone, homes, words and media of closed orders go at once;
    tickets in `kept` (open emergencies) keep the minimum until they close (domain.md §8, scenario 18)."""

    person: int
    kept: tuple[int, ...] = ()
