"""星级: asked for by the person, level by level, shown for working days, then granted (domain.md §4.2)."""

from __future__ import annotations

import re
from datetime import datetime, time

from handlers import forms
from handlers.activities import find, hours, manage, record, rules, texts
from handlers.activities import texts_honour as words
from handlers.activities.facts_honour import StarAsked, StarGranted, StarObjected, StarRefused, StarShown
from handlers.activities.port_honour import StarRequest
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Fact, Outcome, Refused, Reply, Role, Turn, say
from nlp.when import ZONE

FORM = "act_star"
TIMER = "st_notice"
PATH = "/m/star/"
_NUMBER = re.compile(r"星级\s*(\d{1,6})")
_LEAST = 3  # working days a 公示 lasts at least


def ask(turn: Turn, read: Read) -> Outcome:
    """「申请星级」: the next star, if the hours are there; consent to the 公示 is asked."""
    if not find.community_of(turn):
        return find.ask_home(turn)
    if pending := read.star_pending(turn.who.id):
        return say(words.STAR_PENDING.format(star=pending.star))
    half = hours.total(record.standing(read.served_by(turn.who.id)))
    have = rules.hours_text(half)
    star = read.stars_granted(turn.who.id) + 1
    need = dict(rules.STARS).get(star)
    if need is None:
        return say(words.STAR_ALL)
    if half < 2 * need:
        missing = rules.hours_text(2 * need - half)
        return say(words.STAR_MISSING.format(star=star, need=need, have=have, missing=missing))
    text = words.STAR_ASK.format(have=have, star=star, days=max(turn.policy.star_notice_workdays, _LEAST))
    return say(text, *words.STAR_CHOICES, dialog=forms.ask(turn, FORM, {"star": star}, *words.STAR_CHOICES))


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    index = forms.picked(turn)
    if index == 1 or turn.said.yes is False:
        return say(words.STAR_NO, dialog=None)
    if index != 0 and not turn.said.yes:
        return None
    star = turn.dialog.answers["star"]
    half = hours.total(record.standing(read.served_by(turn.who.id)))
    if (
        read.star_pending(turn.who.id)
        or read.stars_granted(turn.who.id) >= star
        or half < 2 * dict(rules.STARS)[star]
    ):
        return say(words.STAR_PENDING.format(star=star), dialog=None)
    community = find.community_of(turn)
    number = read.next_star_number(community)
    fact = StarAsked(read.new_id(), number, turn.who.id, community, star, half)
    return Outcome(replies=(Reply(words.STAR_ASKED.format(number=number)),), facts=(fact,), dialog=None)


def decide(turn: Turn, read: Read) -> Outcome:
    """「同意星级3」 「不同意星级3 时长和签到对不上」, by staff of the community."""
    text = turn.said.text.strip()
    match = _NUMBER.search(text)
    found = None
    for community in turn.who.scopes(Role.DESK):
        found = found or (read.star_numbered(community, int(match.group(1))) if match else None)
    if not turn.who.holds(Role.DESK):
        return say(words.STAR_DESK_ONLY)
    if found is None or match is None:
        return say(words.STAR_NO_SUCH)
    why = text[match.end() :].strip(" ：:，,。")
    return decided(turn, read, found, not text.startswith("不"), why)


def decided(turn: Turn, read: Read, found: StarRequest, yes: bool, why: str) -> Outcome:
    """The desk's word on an application, before the 公示 or after an objection. Raises Refused."""
    if found.community not in turn.who.scopes(Role.DESK):
        raise Refused(words.STAR_DESK_ONLY)
    if found.state not in ("asked", "objected"):
        raise Refused(words.STAR_NO_SUCH)
    if turn.who.id in (found.person, found.objector):
        raise Refused(words.STAR_OWN)
    if not yes:
        if len(why) < 2:
            raise Refused(words.STAR_WHY.format(number=found.number))
        refused = StarRefused(found.id, found.person, turn.who.id, why)
        text = words.STAR_REFUSED_DESK.format(number=found.number)
        return Outcome(replies=(Reply(text),), facts=(refused, TimersCleared(found.id, (TIMER,))))
    until = _until(turn.now, turn.policy, read) if found.until is None else max(found.until, turn.now)
    facts: tuple[Fact, ...] = (
        StarShown(found.id, found.person, turn.who.id, until),
        TimerSet(found.id, TIMER, until),
    )
    text = words.STAR_SHOWN_DESK.format(number=found.number, until=texts.day(until))
    return Outcome(replies=(Reply(text),), facts=facts)


def _until(now: datetime, policy: Policy, read: Read) -> datetime:
    """The end of the last working day of the 公示."""
    days = max(policy.star_notice_workdays, _LEAST)
    return datetime.combine(read.calendar().after(now.astimezone(ZONE).date(), days), time(23, 59), ZONE)


def object_(turn: Turn, read: Read) -> Outcome:
    """「星级3有异议，那天他没有来」, by anybody of the community while it is shown."""
    match = _NUMBER.search(turn.said.text)
    why = re.sub(r"^.*?异议", "", turn.said.text).strip(" ：:，,。")
    found = read.star_numbered(find.community_of(turn), int(match.group(1))) if match else None
    if found is None or found.state != "shown" or len(why) < 4:
        return say(words.STAR_OBJECT_HOW)
    if found.person == turn.who.id:
        return say(words.STAR_OWN)
    fact = StarObjected(found.id, turn.who.id, why[:300])
    return Outcome(replies=(Reply(words.STAR_OBJECTED),), facts=(fact,))


def due(subject: int, now: datetime, read: Read) -> tuple[Fact, ...]:
    """The 公示 is over: granted, unless somebody objected and nobody has decided yet."""
    found = read.star_request(subject)
    if found is None or found.state != "shown" or found.until is None:
        return ()
    if found.until > now:
        return (TimerSet(subject, TIMER, found.until),)
    serial = read.star_serial(subject, now.astimezone(ZONE).strftime("%Y%m%d"))
    return (StarGranted(found.id, found.person, found.star, serial),)


def certificate(turn: Turn, read: Read) -> Outcome:
    """「星级证书」."""
    found = read.star_certificate(turn.who.id)
    if found is None:
        return say(words.STAR_CERTIFICATE_NONE)
    star, serial = found
    text = words.STAR_CERTIFICATE.format(star=star, serial=serial)
    return Outcome(replies=(Reply(text, (), f"{PATH}{serial}"),))


def told_name(person: int, read: Read) -> str:
    """王姓居民"""
    name = manage.name_of(person, read)
    return f"{name[0]}姓居民" if name != "没留姓名" else "一位居民"
