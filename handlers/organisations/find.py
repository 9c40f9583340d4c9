"""「有没有理发的志愿组织」: answered from the community's own register, or handed to the desk; never invented."""

from __future__ import annotations

from handlers import forms
from handlers.organisations import rules, texts
from handlers.read import Read
from handlers.types import Outcome, Reply, Turn, say

_NAMED = 3  # organisations of one answer


def wanted(turn: Turn, read: Read) -> Outcome | None:
    """None where the message is about something else."""
    words = turn.said.text or turn.inbound.text
    if not rules.asks(words) or turn.said.intent == "report_issue":
        return None
    if not turn.who.community:
        return say(texts.WHERE)
    every = read.organisations(turn.who.community)
    about = rules.topic(words)
    if not about:
        found = list(every)
    else:
        ranked = [(rules.likeness(about, f"{one.name} {one.kind} {one.services}"), one) for one in every]
        best = max((score for score, _ in ranked), default=0)
        found = [one for score, one in ranked if score and score == best]
    if not found:
        dialog = forms.ask(turn, "desk", {"words": words, "category": "1407"}, texts.TO_DESK, texts.NO_NEED)
        text = texts.NOTHING if every else texts.NOT_ANY
        return Outcome(replies=(Reply(text, (texts.TO_DESK, texts.NO_NEED)),), dialog=dialog)
    lines = [texts.HEAD if about else texts.ALL, *(texts.line(one) for one in found[:_NAMED])]
    if len(found) > _NAMED:
        lines.append(texts.more(len(found) - _NAMED))
    return say("\n".join(lines))
