"""What is answered straight away, without a turn: who writes too much, and words that need nothing looked up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.hearing import SHORT, Hearing
from bot.pace import Pace
from bot.running import Replies
from handlers import texts
from handlers.policy import Policy
from handlers.types import Inbound, Reply
from storage.turns import Turns

_HELD_BACK: dict[str, Replies] = {"fast": (Reply(texts.TOO_FAST),), "many": (Reply(texts.TOO_MANY),)}


class Straight:
    """Nothing raises. `clock` gives aware time."""

    def __init__(self, turns: Turns, hearing: Hearing, policy: Policy, clock: Callable[[], datetime]) -> None:
        self._turns = turns
        self._hearing = hearing
        self._clock = clock
        self._pace = Pace(policy)

    def answer(self, inbound: Inbound, now: float, *, free: bool) -> tuple[Replies, str] | None:
        """(replies, what the metrics call it), or None: it has a turn. `now`: monotonic seconds, `free`: nothing of
        the sender's is under way or kept."""
        if inbound.event == "unfollow":
            return None
        verdict = self._pace.hear(inbound.sender, inbound.key, now)
        if verdict == "pass":
            replies = self._standing(inbound) if free and self._turns.rests(inbound.sender) else None
            return None if replies is None else (replies, "answered")
        if verdict == "again" or self._hearing.danger(inbound.text):  # danger always passes
            return None
        return _HELD_BACK.get(verdict, ()), "held_back"

    def _standing(self, inbound: Inbound) -> Replies | None:
        if not 0 < len(inbound.text) <= SHORT or inbound.event or inbound.media or inbound.pin:
            return None  # what is longer would be read twice
        try:
            said = self._hearing.at_once(inbound)
            return None if said is None else self._turns.at_once(inbound, said, self._clock())
        except Exception:  # noqa: BLE001 - its turn meets the same, where it is taken care of
            return None
