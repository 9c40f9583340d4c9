"""Announcing by chat: 「通知 明天上午停水」 of a leader or the desk, shown with its count, sent after 确认 only."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from handlers import forms
from handlers.announcements import acts, texts
from handlers.announcements.acts import Draft, Writer, writer
from handlers.announcements.facts import AnnouncementWritten
from handlers.announcements.port import Announcement, Audience
from handlers.announcements.rules import SHANGHAI, Act, Kind
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply, Turn, say

FORM = "announce"
NOTICE = re.compile(
    r"^(?:(?:请)?发(?:布)?(?:一?[个条])?(?:通知|公告)(?:说|给(?:大家|居民|住户))?|(?:通知|公告)(?=[\s:：,，])"
    r"|通知(?:全体|所有)?(?:的)?(?:居民|住户|邻居)们?)[\s:：,，]*(?P<words>.*)$",
    re.DOTALL,
)
TO_ALL = re.compile(r"^通知(?:一下)?大家[\s:：,，]*(?P<words>.*)$", re.DOTALL)  # or an organiser's
MUSTER = re.compile(r"^应急动员[\s:：,，]*(?P<words>.*)$", re.DOTALL)
_DRILL = re.compile(r"演练")
_TITLE = re.compile(r"[\s，。,.!！?？;；:：]")


def notice(turn: Turn, read: Read) -> Outcome:
    """「通知 …」: to one's own micro-grid, or from the desk to the community."""
    by = writer(turn.who)
    places = _own(by)
    if not places:
        raise Refused(texts.NOT_LEADER)
    text = turn.inbound.text.strip()
    found = NOTICE.match(text) or TO_ALL.match(text)
    words = found["words"].strip() if found else ""
    if not words:
        return say(texts.ASK_WORDS)
    return _asked(turn, by, Draft(_title(words, turn.policy), words, Audience(places)), read)


def muster(turn: Turn, read: Read) -> Outcome:
    """「应急动员 …」: leaders and grown-up volunteers of the community are asked whether they come."""
    by = writer(turn.who)
    if not by.communities:
        raise Refused(texts.DESK_ONLY)
    found = MUSTER.match(turn.inbound.text.strip())
    words = found["words"].strip() if found else ""
    if not words:
        return say(texts.ASK_MUSTER)
    audience = Audience(
        tuple(("community", one) for one in sorted(by.communities)), ("leader", "volunteer"), adults=True
    )
    draft = Draft(
        _title(words, turn.policy), words, audience, Kind.EMERGENCY, muster=True, drill=bool(_DRILL.search(words))
    )
    return _asked(turn, by, draft, read)


def resume(turn: Turn, read: Read) -> Outcome | None:
    """确认发送 or 不发; anything else is another message and the preview stays."""
    assert turn.dialog is not None
    index = forms.picked(turn)
    words = turn.inbound.text.strip()
    if index == 1 or turn.said.yes is False:
        return say(texts.NOT_SENT, dialog=None)
    if index != 0 and words not in ("确认", "确认发送", "发", "发送") and not turn.said.yes:
        return None
    by, draft = writer(turn.who), _from(turn.dialog.answers)
    draft = acts.checked(draft, by, turn.policy, read)
    fact = acts.written(draft, by, read)
    facts, people = acts.submitted(fact, turn.now, turn.policy, read)
    return Outcome(replies=(Reply(_sent(fact, people, turn)),), facts=(fact, *facts), dialog=None)


def _asked(turn: Turn, by: Writer, draft: Draft, read: Read) -> Outcome:
    draft = acts.checked(draft, by, turn.policy, read)
    reached = read.reached(draft.audience)
    if not reached.people:
        raise Refused(texts.NOBODY)
    community = min(read.communities_of(draft.audience.places))
    kind = draft.kind or acts.kind_of(draft.words)
    one = Announcement(
        0, 0, community, by.person, draft.title, draft.words, kind, draft.audience, muster=draft.muster,
        drill=draft.drill,
    )  # fmt: skip
    office = read.community(community)
    text = texts.preview(one, reached, office.name if office else "")
    choices = (texts.SEND, texts.DROP)
    return say(text, *choices, dialog=forms.ask(turn, FORM, _json(draft), *choices))


def _sent(fact: AnnouncementWritten, people: int, turn: Turn) -> str:
    policy = turn.policy
    if people > policy.announcement_second_above:
        return texts.SECOND_ASKED.format(most=policy.announcement_second_above)
    if fact.kind is not Kind.EMERGENCY and quiet(turn.now, policy):
        return texts.SENDING_LATER.format(hour=policy.quiet_to_hour, people=people)
    return texts.SENDING.format(people=people)


def quiet(now: datetime, policy: Policy) -> bool:
    """Whether `now` is in the quiet hours of Asia/Shanghai; equal hours mean there are none."""
    hour, start, end = now.astimezone(SHANGHAI).hour, policy.quiet_from_hour, policy.quiet_to_hour
    if start == end:
        return False
    return start <= hour < end if start < end else hour >= start or hour < end


def second(turn: Turn, read: Read, number: int, *, agreed: bool, why: str) -> Outcome:
    """「同意公告 12」 「不同意公告 12 时间写错了」 of the second person."""
    known = read.announcement_numbered(number)
    if known is None:
        raise Refused(texts.NO_SUCH)
    act = Act.APPROVE if agreed else Act.REFUSE
    return acts.order(act, known.id, writer(turn.who), turn.now, turn.policy, read, why)


def _own(by: Writer) -> tuple[tuple[str, int], ...]:
    if by.micro_grids:
        return tuple(("micro_grid", one) for one in sorted(by.micro_grids))
    return tuple(("community", one) for one in sorted(by.communities))


def _title(words: str, policy: Policy) -> str:
    """The first sentence, as far as a title goes."""
    first = next((part for part in _TITLE.split(words) if part), words)
    return first[: min(policy.announcement_title_most, 20)]


def _json(draft: Draft) -> dict[str, Any]:
    return {
        "title": draft.title, "words": draft.words, "places": [list(place) for place in draft.audience.places],
        "roles": list(draft.audience.roles), "muster": draft.muster, "drill": draft.drill,
    }  # fmt: skip


def _from(answers: dict[str, Any]) -> Draft:
    places = tuple((kind, number) for kind, number in answers["places"])
    audience = Audience(places, tuple(answers["roles"]), adults=answers["muster"])
    return Draft(
        answers["title"], answers["words"], audience, muster=answers["muster"], drill=answers["drill"]
    )  # fmt: skip
