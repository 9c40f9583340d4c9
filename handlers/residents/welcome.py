"""First words: following the account, scanning the building's code, the privacy notice shown once."""

from __future__ import annotations

import re

from handlers import texts
from handlers.read import Read
from handlers.residents.facts import CommunityKnown, Followed, HomeBound, NoticeShown, PersonErased, Unfollowed
from handlers.types import Fact, Outcome, Reply, Turn, say
from nlp.quick import replace

_REACH = re.compile(r"联系|电话|找[到他她]")
_SCENE = "g1."
_WORK = "wecom"  # its members are staff: taken off the list there, their record stays


def follow(turn: Turn, read: Read) -> Outcome:
    """Followed the account, with or without the corridor's QR code."""
    facts: tuple[Fact, ...] = (Followed(turn.who.id, turn.inbound.event_key),)
    if turn.inbound.sender.channel == _WORK:
        hello = texts.STAFF_HELLO.format(name=turn.who.name) if turn.who.posts else texts.MEMBER_HELLO
        return Outcome(replies=(Reply(hello),), facts=facts, dialog=None)
    text, bound = _scene(turn, read)
    return Outcome(replies=(Reply(text or texts.WELCOME, texts.SUGGESTIONS),), facts=facts + bound, dialog=None)


def scan(turn: Turn, read: Read) -> Outcome:
    """An old friend scans a building's code."""
    text, bound = _scene(turn, read)
    return Outcome(replies=(Reply(text or texts.MENU, texts.SUGGESTIONS),), facts=bound)


def _scene(turn: Turn, read: Read) -> tuple[str, tuple[Fact, ...]]:
    """What a plate tells. It is a claim, not a proof: it names the place, never opens others' data."""
    code = turn.inbound.event_key
    if not code.startswith(_SCENE):
        return "", ()
    scene = read.scene(code.removeprefix(_SCENE))
    if scene is None:
        return "", ()
    community = read.community(scene.community)
    text = texts.welcome_at(scene.place.label, community.name if community else "")
    if scene.household and all(home.household != scene.household for home in turn.who.homes):
        return text, (HomeBound(turn.who.id, scene.household, scene.community, "family", "scan"),)
    return text, (CommunityKnown(turn.who.id, scene.community, scene.building),)


def unfollow(turn: Turn, read: Read) -> Outcome:
    """Unfollowed: the platform requires deleting the resident's data; a post stays in the register."""
    if turn.who.posts or turn.inbound.sender.channel == _WORK:
        return Outcome(facts=(Unfollowed(turn.who.id),), dialog=None)
    kept = tuple(ticket.id for ticket in read.emergencies_of(turn.who.id))
    return Outcome(facts=(Unfollowed(turn.who.id), PersonErased(turn.who.id, kept)), dialog=None)


def with_notice(turn: Turn, out: Outcome) -> Outcome:
    """Adds the three lines of the privacy notice once; never in front of safety advice."""
    if turn.who.notice >= texts.NOTICE_VERSION or turn.who.posts or not out.replies:
        return out
    if turn.said.urgency == "emergency" or (turn.dialog and turn.dialog.form == "sos"):
        return out
    if any(isinstance(fact, PersonErased) for fact in out.facts):
        return out
    notice = Reply(texts.NOTICE, (), texts.PRIVACY_PATH)
    first, *rest = out.replies
    if turn.inbound.event and not rest:
        # A greeting: welcome, notice, and the suggestions under the last bubble, where they can be tapped.
        replies: tuple[Reply, ...] = (replace(first, choices=()), replace(notice, choices=first.choices))
    else:
        replies = (notice, *out.replies)
    return replace(out, replies=replies, facts=(*out.facts, NoticeShown(turn.who.id, texts.NOTICE_VERSION)))


def menu(turn: Turn, read: Read) -> Outcome:
    return Outcome(replies=(Reply(texts.MENU, texts.MENU_CHOICES),))


def who_leads(turn: Turn, read: Read) -> Outcome:
    """谁管我们楼, 学府花园5幢归谁管: the leader's name is published on site (domain.md §2.1)."""
    places = list(turn.said.place.found[:1]) or list(turn.who.around)
    if not places:
        return say(texts.ASK_ADDRESS)
    lines = []
    for place in places:
        duty = read.duty(place)
        leader, deputy = (read.person(p) if p else None for p in (duty.leader, duty.deputy))
        if leader:
            text = texts.who_leads(place.label, leader.name, deputy.name if deputy else "", duty.name)
            away = read.away(leader.id, turn.now.astimezone(texts.SHANGHAI).date())
            lines.append(text + (texts.leader_away(deputy.name if deputy else "") if away else ""))
        else:
            known = read.community(place.community)
            lines.append(texts.no_leader(place.label, known.phone if known else ""))
    if _REACH.search(turn.said.text):
        lines.append(texts.REACH)
    return say("\n".join(lines))
