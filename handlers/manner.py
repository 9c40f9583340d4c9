"""A word of comfort first, for somebody who is angry or in distress. Chooses words; decides and records nothing."""

from __future__ import annotations

from handlers import texts
from handlers.types import Outcome, Turn
from nlp.quick import replace

_MATTERS = frozenset({"report_issue", "complaint_service", "urge_reopen_rate", "query_progress"})


def softened(turn: Turn, out: Outcome) -> Outcome:
    """The outcome with a word before its first reply, once: where a matter begins. Danger has no time for it."""
    said = turn.said
    word = texts.COMFORT.get(said.tone, "")
    if not word or not out.replies or turn.dialog or turn.who.posts or turn.inbound.event:
        return out
    if said.urgency == "emergency" or said.intent not in _MATTERS:
        return out
    first, *rest = out.replies
    return replace(out, replies=(replace(first, text=f"{word}\n{first.text}"), *rest))
