"""A team gets a new captain, who must want it; its 备案 with the community (domain.md §7.2)."""

from __future__ import annotations

import re
from typing import Any

from handlers import forms
from handlers.activities import find, manage
from handlers.activities import texts_honour as words
from handlers.activities.facts_honour import CaptainChanged, CaptainOffered, FilingAsked, FilingDecided
from handlers.activities.port import Team
from handlers.read import Read
from handlers.types import Choice, Outcome, Refused, Reply, Role, Turn, say

FORM = "act_filing"
_HAND = re.compile(r"^(?:我?要?)?(?:换|更换|移交)队长[:：\s给成为]*(?P<name>[一-鿿A-Za-z]{2,12})?$")
_NUMBER = re.compile(
    r"^备案号[:：\s]*(?P<team>[一-鿿A-Za-z0-9]{2,14}?队)[:：\s]+(?P<number>[一-鿿A-Za-z0-9〔〕（）()-]{4,32})$"
)
_REFUSED = re.compile(r"^不予备案[:：\s]*(?P<team>[一-鿿A-Za-z0-9]{2,14}?队)[:：\s]+(?P<why>.{2,})$")
_NOT_KIND = re.compile("业委会|业主委员会|楼栋|楼道小组|居委会|居民小组")


def _led(turn: Turn, read: Read) -> Team | None:
    mine = [team for team in read.teams_in(find.community_of(turn)) if team.captain == turn.who.id]
    named = [team for team in mine if team.name in turn.said.text]
    return next((team for team in named or mine if team.status == "active"), None)


def hand_over(turn: Turn, read: Read) -> Outcome:
    """「换队长 董红梅」: the member is asked."""
    team, match = _led(turn, read), _HAND.match(turn.said.text.strip())
    if team is None:
        return say(words.CAPTAIN_NOT)
    name = match.group("name") if match else ""
    if not name:
        return say(words.CAPTAIN_HOW)
    found = [one for one in read.members(team.id) if manage.name_of(one, read) == name and one != turn.who.id]
    if len(found) != 1:
        return say(words.CAPTAIN_NO_MEMBER.format(name=name, team=team.name))
    if read.volunteer(found[0]).adult is False:
        return say(words.CAPTAIN_MINOR)
    fact = CaptainOffered(team.id, turn.who.id, found[0])
    return Outcome(replies=(Reply(words.CAPTAIN_ASKED.format(name=name)),), facts=(fact,))


def answer(turn: Turn, read: Read) -> Outcome:
    """「愿意当队长」 「不当队长」."""
    team = read.team(read.successor_of(turn.who.id))
    if team is None or turn.who.id not in read.members(team.id):
        return say(words.CAPTAIN_NONE)
    if turn.said.text.startswith("不"):
        fact = CaptainOffered(team.id, turn.who.id, 0)
        return Outcome(replies=(Reply(words.CAPTAIN_NO.format(team=team.name)),), facts=(fact,))
    changed = CaptainChanged(team.id, team.captain, turn.who.id)
    return Outcome(replies=(Reply(words.CAPTAIN_NOW.format(team=team.name)),), facts=(changed,))


def file(turn: Turn, read: Read) -> Outcome:
    """「志愿队备案」: what the form asks for, one after another."""
    team = _led(turn, read)
    if team is None:
        return say(words.FILING_NOT)
    if _NOT_KIND.search(team.name):
        return say(words.FILING_NOT_KIND)
    known = read.filing(team.id)
    if known and known.state == "filed":
        return say(words.FILING_THERE.format(team=team.name, number=known.number))
    if known and known.state == "asked":
        return say(words.FILING_WAITS.format(team=team.name))
    return _next(turn, {"team": team.id}, team, read)


def _next(turn: Turn, answers: dict[str, Any], team: Team, read: Read) -> Outcome:
    if "category" not in answers:
        choices = tuple(Choice(kind) for kind in words.FILING_KINDS)
        return say(
            words.FILING_ASK_KIND.format(team=team.name), *choices, dialog=forms.ask(turn, FORM, answers, *choices)
        )
    for key, question in (("venue", words.FILING_ASK_VENUE), ("funds", words.FILING_ASK_FUNDS)):
        if key not in answers:
            return say(question, dialog=forms.ask(turn, FORM, answers))
    fact = FilingAsked(read.new_id(), team.id, turn.who.id, answers["category"], answers["venue"], answers["funds"])
    text = words.FILING_ASKED.format(
        team=team.name, category=fact.category, venue=fact.venue, funds=fact.funds, members=team.members
    )
    return Outcome(replies=(Reply(text),), facts=(fact,), dialog=None)


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    answers, text = dict(turn.dialog.answers), turn.inbound.text.strip()
    team = read.team(answers["team"])
    if team is None or team.captain != turn.who.id:
        return None
    if "category" not in answers:
        index = forms.picked(turn)
        named = next((kind for kind in words.FILING_KINDS if kind in text), None)
        if index is None and named is None:
            return None
        answers["category"] = words.FILING_KINDS[index] if index is not None else named
    elif len(text) < 2:
        return None
    else:
        answers["venue" if "venue" not in answers else "funds"] = text[:60]
    return _next(turn, answers, team, read)


def decide(turn: Turn, read: Read) -> Outcome:
    """「备案号 红马甲志愿队 梧社备2026-001」 「不予备案 红马甲志愿队 没有固定场所」, by staff of the community."""
    text = turn.inbound.text.strip()
    filed, refused = _NUMBER.match(text), _REFUSED.match(text)
    match = filed or refused
    community = find.community_of(turn)
    if community not in turn.who.scopes(Role.DESK):
        return say(words.FILING_DESK)
    if match is None:
        return say(words.FILING_HOW)
    team = next((one for one in read.teams_in(community) if one.name == match.group("team")), None)
    if team is None:
        return say(words.FILING_NONE.format(team=match.group("team")))
    number = filed.group("number") if filed else ""
    return decided(turn, read, team, number, refused.group("why").strip() if refused else "")


def decided(turn: Turn, read: Read, team: Team, number: str, why: str) -> Outcome:
    """The community's word on a 备案: its number, or why not. Raises Refused."""
    if team.community not in turn.who.scopes(Role.DESK):
        raise Refused(words.FILING_DESK)
    known = read.filing(team.id)
    if known is None or known.state != "asked":
        raise Refused(words.FILING_NONE.format(team=team.name))
    if not 4 <= len(number) <= 32 and len(why) < 2:
        raise Refused(words.FILING_HOW)
    fact = FilingDecided(known.id, team.id, turn.who.id, number, why[:200])
    done = words.FILING_DONE.format(team=team.name, number=number) if number else words.FILING_REFUSED
    return Outcome(replies=(Reply(done),), facts=(fact,))
