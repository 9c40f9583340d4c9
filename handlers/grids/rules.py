"""The rules of grids as tables: sizes, how far ahead a change may be planned, what passes on with a post."""

from __future__ import annotations

from datetime import date, timedelta

# Which tasks of an outgoing leader go to the incoming one on the day (states of 工单, domain.md §2.2). What waits for
# a decision of the desk (退单申请, 延期申请) is decided first, whoever holds the post.
PASS, STAY = "pass", "stay"
PASSES: dict[str, frozenset[str]] = {
    PASS: frozenset({"待接单", "处置中"}),
    STAY: frozenset({"待接单"}),  # what was begun is ended by whoever began it, while he holds another post
}


def day_fault(day: date, today: date, ahead: int) -> str:
    """Why a change cannot begin on a day: "past", "far" (more than `ahead` days off), "" when it can."""
    if day < today:
        return "past"
    return "far" if day > today + timedelta(days=ahead) else ""


def passes(status: str, choice: str, *, still_here: bool) -> bool:
    """Whether a task passes on. `still_here`: the outgoing person keeps another post, so may still act."""
    return status in PASSES[choice if still_here else PASS]


def outside(households: int, least: int, most: int) -> str:
    """Where a micro-grid's size lies (domain.md §1.1: about 25 households): "few", "many" or ""."""
    if households < least:
        return "few"
    return "many" if households > most else ""
