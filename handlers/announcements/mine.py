"""A resident's side: what was announced lately, no more 一般通知, and having them back."""

from __future__ import annotations

from datetime import timedelta

from handlers import forms
from handlers.announcements import texts
from handlers.announcements.facts import NoticesSet
from handlers.announcements.port import Announcement
from handlers.read import Read
from handlers.types import Choice, Outcome, Reply, Turn, say

LIST = "notices"


def lately(turn: Turn, read: Read) -> Outcome:
    """「最近有什么通知」: one is shown whole, several by their titles."""
    since = turn.now - timedelta(days=turn.policy.announcement_shown_days)
    found = read.announcements_for(turn.who, since, turn.policy.announcement_listed)
    if not found:
        return say(texts.NONE)
    if len(found) == 1:
        return say(texts.shown(found[0], _office(found[0], read)), dialog=None)
    dialog = forms.ask(turn, LIST, {"shown": [one.id for one in found]}, *(Choice(one.title) for one in found))
    return say(texts.listed(found), dialog=dialog)


def resume(turn: Turn, read: Read) -> Outcome | None:
    """The number of one that was listed; the list stays open for the next."""
    assert turn.dialog is not None
    index = forms.picked(turn)
    if index is None:
        return None
    known = read.announcement(turn.dialog.answers["shown"][index])
    return say(texts.shown(known, _office(known, read)) if known else texts.NOT_YOURS, dialog=turn.dialog)


def stop(turn: Turn, read: Read) -> Outcome:
    if read.notices_declined(turn.who.id):
        return say(texts.STOPPED_BEFORE)
    return Outcome(replies=(Reply(texts.STOPPED),), facts=(NoticesSet(turn.who.id, False),))


def again(turn: Turn, read: Read) -> Outcome:
    if not read.notices_declined(turn.who.id):
        return say(texts.RESUMED_BEFORE)
    return Outcome(replies=(Reply(texts.RESUMED),), facts=(NoticesSet(turn.who.id, True),))


def _office(one: Announcement, read: Read) -> str:
    found = read.community(one.community)
    return found.name if found else ""
