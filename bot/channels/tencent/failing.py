"""What a failed call means for the outbox: how long to wait, whether to try again; alike for every account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.channels.base import SendFailed
from bot.channels.tencent.errors import UNREACHED, ApiError, Policy
from bot.channels.tencent.fetch import Fetched, FetchRefused
from handlers.tickets.clock import SHANGHAI

BUSY_TRIES = 3  # of -1 (wechat.md §7)
UNSURE_TRIES = 1  # of a send whose outcome is unknown: it may have arrived
_REMEMBERED = 1000
_LATER = frozenset({Policy.RETRY, Policy.ALARM, Policy.RENEW_ONCE, Policy.STOP_ENDPOINT})
_T = TypeVar("_T")


def length(error: ApiError, now: datetime) -> float:
    """Seconds for which to leave the platform alone after this error."""
    rule = error.rule
    if rule.policy is Policy.STOP_ENDPOINT and not rule.seconds:
        return until_midnight(now)
    if rule.policy is Policy.RENEW_ONCE:
        return 60.0  # a second refusal: the operator was told, another process may mend it
    return float(rule.seconds)


def until_midnight(now: datetime) -> float:
    """Seconds until the platforms' day ends."""
    local = now.astimezone(SHANGHAI)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - local).total_seconds()


async def fetched(media: Callable[[str], Awaitable[Fetched]], ref: str, now: datetime) -> tuple[bytes, str]:
    """Bytes and content type of a MediaId. Raises SendFailed."""
    try:
        file = await media(ref)
    except FetchRefused as refused:
        raise SendFailed(f"media_{refused.reason}", retry=False) from None
    except ApiError as error:
        if error.rule.policy in _LATER:
            raise SendFailed(str(error.code), retry=True, wait=length(error, now) or None) from None
        raise SendFailed(str(error.code), retry=False) from None
    return file.data, file.content_type


class Counts:
    """Numbers by row, of the last rows. Forgotten by a restart, which then may repeat one message."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}

    def of(self, row: int) -> int:
        return self._numbers.get(row, 0)

    def add(self, row: int) -> None:
        keep(self._numbers, row, self._numbers.pop(row, 0) + 1)


class Tries(Counts):
    """How often a row ended in RETRY."""

    def again(self, error: ApiError, row: int) -> bool:
        """Whether the row may be tried once more after this error."""
        if error.code in UNREACHED:
            return True  # the outbox has a limit of its own
        self.add(row)
        return self.of(row) <= (BUSY_TRIES if error.sure else UNSURE_TRIES)


def keep(rows: dict[int, _T], row: int, value: _T) -> None:
    """Remember a value of a row; the oldest is forgotten."""
    rows[row] = value
    if len(rows) > _REMEMBERED:
        del rows[next(iter(rows))]
