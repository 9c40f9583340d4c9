"""How much one sender may write; counts only, nothing of what was written."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Literal

from handlers.policy import Policy
from handlers.types import Sender

_SENDERS = 50_000  # remembered at once; the longest silent is forgotten first
_DAY = 86_400.0

Verdict = Literal["pass", "again", "fast", "many", "hush"]


@dataclass(slots=True)
class _Heard:
    minute: deque[float] = field(default_factory=deque)  # when the messages of the last minute came
    keys: deque[str] = field(default_factory=deque)  # and what they are called
    day: float = 0.0  # when the present day's count began
    count: int = 0
    told: float = -_DAY


class Pace:
    """Messages of each sender against policy.messages_per_minute and _per_day (reliability.md T11).

    "fast" (too many in a minute) or "many" (in a day) is said once a minute at most, so that a flood is
    answered by one calm line; "hush" otherwise.
    A copy of a message just heard is "again" and not counted: the platform delivers each up to three times.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._heard: OrderedDict[Sender, _Heard] = OrderedDict()

    def hear(self, sender: Sender, key: str, now: float) -> Verdict:
        """Count one message at monotonic second `now`."""
        heard = self._heard.pop(sender, None) or _Heard(day=now)
        self._heard[sender] = heard
        if len(self._heard) > _SENDERS:
            self._heard.popitem(last=False)
        while heard.minute and heard.minute[0] <= now - 60:
            heard.minute.popleft()
            heard.keys.popleft()
        if key in heard.keys:
            return "again"
        if now - heard.day >= _DAY:
            heard.day, heard.count = now, 0
        many = heard.count >= self._policy.messages_per_day
        if len(heard.minute) < self._policy.messages_per_minute and not many:
            heard.minute.append(now)
            heard.keys.append(key)
            heard.count += 1
            return "pass"
        if now - heard.told >= 60:
            heard.told = now
            return "many" if many else "fast"
        return "hush"
