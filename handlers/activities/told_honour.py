"""Who is told of stars, photos, captains and 备案. Called by told.py only."""

from __future__ import annotations

from handlers.activities import facts_honour as f
from handlers.activities import manage, rules, stars, texts
from handlers.activities import texts_honour as words
from handlers.activities.facts import ActivityFact
from handlers.read import Read
from handlers.types import Choice, Push, Rank


def of(fact: ActivityFact, read: Read) -> list[Push] | None:
    """None: none of these facts."""
    match fact:
        case f.StarAsked():
            return _star_asked(fact, read)
        case f.StarShown() | f.StarObjected() | f.StarGranted() | f.StarRefused():
            return _star(fact, read)
        case f.PhotoAdded(activity=activity, people=people):
            found = read.activity(activity)
            text = words.PHOTO_ASK.format(name=found.name if found else "活动")
            return [Push(person, text, "activity", choices=words.PHOTO_CHOICES) for person in people]
        case f.CaptainOffered() | f.CaptainChanged():
            return _captain(fact, read)
        case f.FilingAsked() | f.FilingDecided():
            return _filing(fact, read)
        case f.PhotoAnswered() | f.PhotoRemoved():
            return []
    return None


def _star_asked(fact: f.StarAsked, read: Read) -> list[Push]:
    text = words.STAR_TO_DESK.format(
        who=stars.told_name(fact.person, read), star=fact.star, number=fact.number, have=rules.hours_text(fact.half)
    )
    choices = tuple(Choice(one.label, one.means.format(number=fact.number)) for one in words.STAR_DESK_CHOICES)
    return [Push(desk, text, "desk", Rank.TASK, choices=choices) for desk in read.desk(fact.community)]


def _star(fact: f.StarShown | f.StarObjected | f.StarGranted | f.StarRefused, read: Read) -> list[Push]:
    found = read.star_request(fact.request)
    if found is None:
        return []
    number, star = found.number, found.star
    match fact:
        case f.StarShown(person=person, until=until):
            pushes = [Push(person, words.STAR_SHOWN.format(star=star, until=texts.day(until)), "activity")]
            if found.objector:
                pushes.append(_objector(found.objector, number, "没有影响"))
            return pushes
        case f.StarObjected(words=why, by=by):
            text = words.STAR_OBJECTION.format(
                number=number, who=stars.told_name(found.person, read), star=star, words=why
            )
            choices = tuple(Choice(one.label, one.means.format(number=number)) for one in words.STAR_DESK_CHOICES)
            return [
                Push(desk, text, "desk", Rank.TASK, choices=choices)
                for desk in read.desk(found.community)
                if desk != by
            ]
        case f.StarGranted(person=person):
            return [Push(person, words.STAR_GRANTED.format(star=star), "activity")]
        case f.StarRefused(person=person, words=why):
            pushes = [Push(person, words.STAR_REFUSED.format(star=star, why=why), "activity")]
            if found.objector:
                pushes.append(_objector(found.objector, number, "异议成立"))
            return pushes


def _objector(person: int, number: int, result: str) -> Push:
    return Push(person, words.STAR_OBJECTION_DONE.format(number=number, result=result), "activity")


def _captain(fact: f.CaptainOffered | f.CaptainChanged, read: Read) -> list[Push]:
    team = read.team(fact.team)
    if team is None:
        return []
    if isinstance(fact, f.CaptainChanged):
        name, before = manage.name_of(fact.captain, read), manage.name_of(fact.before, read)
        told = [Push(fact.before, words.CAPTAIN_TOLD.format(name=name, team=team.name), "activity")]
        text = words.CAPTAIN_TOLD_DESK.format(team=team.name, before=before, name=name)
        return told + [Push(desk, text, "desk", Rank.NOTICE) for desk in read.desk(team.community)]
    if not fact.to:
        text = words.CAPTAIN_DECLINED.format(name=manage.name_of(fact.by, read), team=team.name)
        return [Push(team.captain, text, "activity")]
    text = words.CAPTAIN_ASK.format(who=manage.name_of(fact.by, read), team=team.name)
    return [Push(fact.to, text, "activity", Rank.TASK, choices=words.CAPTAIN_CHOICES)]


def _filing(fact: f.FilingAsked | f.FilingDecided, read: Read) -> list[Push]:
    team = read.team(fact.team)
    if team is None:
        return []
    if isinstance(fact, f.FilingDecided):
        if fact.number:
            text = words.FILING_TOLD.format(team=team.name, number=fact.number)
        else:
            text = words.FILING_TOLD_NO.format(team=team.name, why=fact.words)
        return [Push(team.captain, text, "activity")]
    text = words.FILING_TO_DESK.format(
        team=team.name, category=fact.category, venue=fact.venue, funds=fact.funds, members=team.members,
        captain=manage.name_of(team.captain, read),
    )  # fmt: skip
    return [Push(desk, text, "desk", Rank.TASK) for desk in read.desk(team.community)]
