"""Volunteer teams 志愿队 and what a volunteer can do and when (domain.md §7.2, 余姚 form)."""

from __future__ import annotations

import re

from handlers.activities import find, texts_hours
from handlers.activities.facts import SkillsStated, TeamDecided, TeamFounded, TeamJoined, TeamLeft
from handlers.activities.port import Team
from handlers.read import Read
from handlers.types import Choice, Dialog, Outcome, Refused, Reply, Role, Turn, say

_FOUND = re.compile(
    r"(?:成立|组建|建|创建|办)(?:一?[个支])?[「“]?(?P<name>[一-鿿A-Za-z0-9]{2,14}?队)[」”]?[,，:：、\s]*(?P<about>.*)$"
)
_DECIDE = re.compile(r"^(?P<no>不)?同意成立[:：\s]*[「“]?(?P<name>[一-鿿A-Za-z0-9]{2,14}?队)")
_SKILLS = re.compile(r"(?:我会|特长是?|我擅长|我能(?!不能|.{0,3}(?:当|做|参加|报)))(?P<skills>[^,，。;；]{2,30})")
_FREE = re.compile(
    r"(?P<free>周末|工作日|平时|晚上|白天|上午|下午|随时|每?(?:周|星期)[一二三四五六日天]+)"
    r"[一-鿿]{0,4}?(?:有空|都有空|可以|行)"
)
_MOST = 5


def _meant(turn: Turn, read: Read) -> Team | None:
    words = turn.said.text
    teams = [t for t in read.teams_in(find.community_of(turn)) if t.status == "active"]
    named = [t for t in teams if t.name in words or t.name.removesuffix("志愿队") in words]
    return named[0] if len(named) == 1 else (teams[0] if len(teams) == 1 and not named else None)


def listed(turn: Turn, read: Read) -> Outcome:
    if not find.community_of(turn):
        return find.ask_home(turn)
    teams = [t for t in read.teams_in(find.community_of(turn)) if t.status == "active"]
    if not teams:
        return say(texts_hours.TEAM_NONE)
    lines = "\n".join(
        f"{t.name}：{t.about}，{t.members}人{f'，备案号{t.filing}' if t.filing else ''}" for t in teams[:_MOST]
    )
    choices = tuple(Choice(f"加入{t.name}") for t in teams[:_MOST])
    return say(texts_hours.TEAM_LIST.format(lines=lines), *choices, dialog=Dialog("pick", {}, choices, turn.now))


def join(turn: Turn, read: Read) -> Outcome:
    if not find.community_of(turn):
        return find.ask_home(turn)
    team = _meant(turn, read)
    if team is None:
        return say(texts_hours.TEAM_NO_SUCH)
    if turn.who.id in read.members(team.id):
        return say(texts_hours.TEAM_IN.format(name=team.name))
    captain = read.person(team.captain)
    text = texts_hours.TEAM_JOINED.format(name=team.name, captain=captain.name if captain else "")
    return Outcome(replies=(Reply(text),), facts=(TeamJoined(team.id, turn.who.id),))


def leave(turn: Turn, read: Read) -> Outcome:
    team = _meant(turn, read)
    if team is None or turn.who.id not in read.members(team.id):
        return say(texts_hours.TEAM_NOT_IN)
    if team.captain == turn.who.id:
        return say(texts_hours.CAPTAIN_STAYS)
    return Outcome(
        replies=(Reply(texts_hours.TEAM_LEFT.format(name=team.name)),), facts=(TeamLeft(team.id, turn.who.id),)
    )


def found(turn: Turn, read: Read) -> Outcome:
    """「成立护河志愿队，做河道清洁」: the community answers."""
    community = find.community_of(turn)
    if not community:
        return find.ask_home(turn)
    match = _FOUND.search(turn.said.text)
    if match is None or len(match.group("about")) < 2:
        return say(texts_hours.TEAM_NAME)
    name = match.group("name")
    if any(t.name == name for t in read.teams_in(community)):
        return say(texts_hours.TEAM_TAKEN.format(name=name))
    team = read.new_id()
    facts = (
        TeamFounded(team, community, name, turn.who.id, match.group("about")[:120]),
        TeamJoined(team, turn.who.id),
    )
    return Outcome(replies=(Reply(texts_hours.TEAM_ASKED.format(name=name)),), facts=facts)


def decide(turn: Turn, read: Read) -> Outcome:
    """「同意成立 护河志愿队」, by staff of the community."""
    match = _DECIDE.match(turn.said.text.strip())
    community = find.community_of(turn)
    if match is None or community not in turn.who.scopes(Role.DESK):
        return say(texts_hours.TEAM_DESK)
    asked = next(
        (t for t in read.teams_in(community) if t.name == match.group("name") and t.status == "asked"), None
    )  # fmt: skip
    return decided(turn, asked, not match.group("no")) if asked else say(texts_hours.TEAM_NO_SUCH)


def decided(turn: Turn, team: Team, yes: bool) -> Outcome:
    """The community's word on a team that asks to be founded. Raises Refused."""
    if team.community not in turn.who.scopes(Role.DESK):
        raise Refused(texts_hours.TEAM_DESK)
    if team.status != "asked":
        raise Refused(texts_hours.TEAM_NO_SUCH)
    fact = TeamDecided(team.id, turn.who.id, yes)
    return Outcome(replies=(Reply(texts_hours.TEAM_DECIDED),), facts=(fact,))


def states_skills(text: str) -> bool:
    can = bool(_SKILLS.search(text))
    offers = re.search("义[剪诊务卖]|当志愿者|做志愿", text)
    return (can and bool(_FREE.search(text) or offers)) or text.startswith(("我的特长", "我擅长"))


def skills(turn: Turn, read: Read) -> Outcome:
    """「我会修电器，周末有空」."""
    can, free = _SKILLS.search(turn.said.text), _FREE.search(turn.said.text)
    known = read.volunteer(turn.who.id)
    able = can.group("skills") if can else known.skills
    when = free.group("free") if free else known.free
    said = "，".join(filter(None, (f"会{able}" if able else "", f"{when}有空" if when else "")))
    return Outcome(
        replies=(Reply(texts_hours.SKILLS.format(skills=said)),), facts=(SkillsStated(turn.who.id, able, when[:48]),)
    )
