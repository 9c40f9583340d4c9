"""What the points ask of storage, and the values that answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from handlers.points.rules import Rule


@dataclass(frozen=True, slots=True)
class Account:
    """A person's points. `frozen`: redemption waits for a check; `ranked`, `shared`: agreed to, off by default."""

    person: int
    balance: int = 0
    frozen: bool = False
    ranked: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger as its owner sees it. `points` is what his account changed by."""

    id: int
    at: datetime
    kind: str  # earn deduct reverse hold collect release expire move
    rule: str
    name: str  # of the rule in its version
    points: int
    ref: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something in the points shop 积分超市. `stock` is what can still be promised."""

    id: int
    community: int
    name: str
    points: int
    stock: int
    pickup: str = ""  # where and when it is handed out
    open: bool = True


@dataclass(frozen=True, slots=True)
class Redemption:
    """A thing promised against points: held → collected, or ended and the points back."""

    id: int
    person: int
    community: int
    item: int
    name: str
    points: int
    state: str  # held collected cancelled expired
    until: datetime
    code: str = ""
    proxy: int = 0  # who may fetch it as well


@dataclass(frozen=True, slots=True)
class Case:
    """Points somebody proposes to give or take, until it is decided. `points` is signed."""

    id: int
    person: int
    community: int
    rule: str
    version: int
    points: int
    by: int
    state: str  # proposed appealed done refused
    why: str
    made: datetime
    until: datetime | None = None  # a deduction can be appealed until then
    number: int = 0  # how people call it, counted in its community
    appeal: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A settled month 公示: until a moment it can be objected to; `closed`: since when it stands."""

    id: int
    community: int
    month: str  # YYYY-MM
    people: int
    points: int
    until: datetime
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flagged:
    """An entry that somebody should look at again, not looked at yet."""

    entry: int
    at: datetime
    person: int
    community: int
    rule: str
    points: int
    ref: str
    by: int
    second: int
    flag: str  # burst pair sample


@dataclass(frozen=True, slots=True)
class Statement:
    """A level given out for one purpose on the person's own word (PIPL 23); `until`: its end."""

    id: int
    person: int
    serial: str
    level: str
    purpose: str
    until: datetime
    withdrawn: bool = False


class PointsRead(Protocol):
    def points_account(self, person: int) -> Account: ...
    def points_entries(self, person: int, limit: int = 5) -> tuple[Entry, ...]:
        """Newest first."""
        ...

    def points_times(self, person: int, rule: str, since: datetime) -> int:
        """How often a rule gave points since then; what was reversed does not count."""
        ...

    def points_pair_times(self, person: int, other: int, rule: str, since: datetime) -> int: ...
    def points_given(self, once: str) -> bool:
        """Whether these points were given already. `once` names rule, reason and person."""
        ...

    def points_entry(self, ref: str, person: int) -> Entry | None:
        """The entry that gave points for a reason, to be reversed."""
        ...

    def points_rules(self, community: int) -> tuple[Rule, ...]:
        """The community's own table in its newest version; the default where it has none."""
        ...

    def points_expiring(self, person: int, before: datetime) -> int:
        """Points earned before then that are still there, the oldest being spent first."""
        ...

    def points_earned(self, person: int, since: datetime) -> int: ...
    def points_ranking(self, community: int, month: date, limit: int) -> tuple[tuple[int, int], ...]:
        """(person, points earned that month) of those who agreed to be shown, most first."""
        ...

    def points_of_household(self, household: int) -> tuple[int, int]:
        """Points and number of the members who share theirs."""
        ...

    def photo_reused(self, ticket: int) -> bool:
        """Whether a photo of this ticket looks like one of an older ticket (domain.md §5.4)."""
        ...

    def points_month(self, community: int, month: str) -> tuple[int, int]:
        """How many people earned in a month (YYYY-MM), and how many points."""
        ...

    def points_month_by_rule(
        self, community: int, since: datetime, until: datetime
    ) -> tuple[tuple[str, int, int], ...]:  # fmt: skip
        """(rule, entries, points) of what was given and not taken back."""
        ...

    def points_notice(self, community: int, month: str) -> Notice | None:
        """Of a month; "": the newest."""
        ...

    def points_notice_by_id(self, notice: int) -> Notice | None: ...
    def points_notice_ranked(self, notice: int, limit: int) -> tuple[tuple[int, int], ...]:
        """(person, points) of those who agreed to be shown, most first."""
        ...

    def points_to_check(self, entry: int) -> Flagged | None: ...
    def points_flagged(self, community: int, limit: int = 50) -> tuple[Flagged, ...]:
        """Oldest first."""
        ...

    def shop(self, community: int) -> tuple[Item, ...]: ...
    def shop_all(self, community: int) -> tuple[Item, ...]:
        """With what is switched off or out of stock."""
        ...

    def shop_item(self, item: int) -> Item | None: ...
    def redemption(self, redemption: int) -> Redemption | None: ...
    def redemption_coded(self, code: str) -> Redemption | None:
        """By the code that the resident shows."""
        ...

    def redemptions_of(self, person: int) -> tuple[Redemption, ...]:
        """Those still to be fetched, newest first."""
        ...

    def redeemed_points(self, person: int, since: datetime) -> int: ...
    def new_code(self) -> str:
        """Eight digits nobody can guess."""
        ...

    def next_case_number(self, community: int) -> int: ...
    def case(self, case: int) -> Case | None: ...
    def cases_of(self, person: int) -> tuple[Case, ...]:
        """Deductions and freezes about a person that are not decided, newest first."""
        ...

    def cases_in(self, community: int) -> tuple[Case, ...]:
        """What waits for a second person, or for a decision after an appeal; oldest first, at most twenty."""
        ...

    def statements_of(self, person: int) -> tuple[Statement, ...]: ...
    def household_members(self, household: int) -> tuple[int, ...]: ...
    def residents_named(self, community: int, name: str) -> tuple[int, ...]:
        """People of a community whose name or phone end is this, at most nine."""
        ...
