"""Signing up: in one sentence where it says enough, else the first open question (a form as data)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from handlers import forms
from handlers.activities import find, rules, said, seats, texts, timers
from handlers.activities.facts import VolunteerKnown
from handlers.activities.port import Activity, Asking, Guest, Station
from handlers.activities.rules import LIVE, Place, State
from handlers.read import Read
from handlers.types import Choice, Fact, Outcome, Refused, Reply, Turn, say
from nlp.when import ZONE

FORM = "act_join"
_MOST_PARTY = 10
_NEVER_MIND = re.compile("^(?:那?就?算了|不报名?了|不[去来]了|不参加了)")


def start(turn: Turn, read: Read) -> Outcome:
    """「我和老婆周六都来」 「帮我妈报」 「报名清洁家园」."""
    if not find.community_of(turn):
        return find.ask_home(turn)
    found = tuple(a for a in find.meant(turn, read) or find.upcoming(turn, read) if a.status is State.OPEN)
    if not found:
        return say(texts.NONE_ON if not find.upcoming(turn, read) else texts.NO_SUCH)
    party = said.who_comes(turn.said)
    answers: dict[str, Any] = {
        "self": party.myself, "party": [[g.label, g.age, g.child] for g in party.guests], "age": party.age,
    }  # fmt: skip
    if len(found) > 1:
        choices = tuple(Choice(texts.line(a), f"活动{a.number}") for a in found[:5])
        answers["which"] = [a.id for a in found[:5]]
        return say(texts.WHICH, *choices, dialog=forms.ask(turn, FORM, answers, *choices))
    answers["activity"] = found[0].id
    return _next(turn, answers, read)


def resume(turn: Turn, read: Read) -> Outcome | None:
    """The answer to the open question; None when the message is about something else."""
    assert turn.dialog is not None
    answers, words, index = dict(turn.dialog.answers), turn.said.text.strip(), forms.picked(turn)
    if index is None and _NEVER_MIND.search(words):
        return say(texts.NOT_SIGNED_UP, dialog=None)
    if "activity" not in answers:
        known = tuple(a for number in answers["which"] if (a := read.activity(number)))
        named = said.named(words, known) or tuple(a for a in known if a.number == said.number(words))
        if index is None and len(named) != 1:
            return None
        answers["activity"] = answers["which"][index] if index is not None else named[0].id
        return _next(turn, answers, read)
    match answers.get("asked"):
        case "station":
            activity = read.activity(answers["activity"])
            stations = activity.stations if activity else ()
            by_name = next((s.id for s in stations if s.name in words), 0)
            if index is None and not by_name:
                return None
            answers["station"] = stations[index].id if index is not None else by_name
        case "adult":
            age = said.age_told(words)
            grown = turn.said.yes is True or said.is_grown(words)
            if index is None and turn.said.yes is None and not age and not grown:
                return None
            adult = index == 0 or (index is None and (age >= rules.ADULT if age else grown))
            answers |= {"adult": adult, "new": True}
            if not adult:
                answers["age"] = age
        case "age":
            age = said.party(words).age or turn.said.number or 0
            if not 3 <= age <= 110:
                return None
            answers["age"] = age
        case "question":
            answers["answer"] = words[:200]
        case _:
            return None
    return _next(turn, answers, read)


def _next(turn: Turn, answers: dict[str, Any], read: Read) -> Outcome:
    """The next open question, or the seats; a rule that says no ends the form."""
    try:
        return _step(turn, answers, read)
    except Refused as no:
        return say(str(no), dialog=None)


def _step(turn: Turn, answers: dict[str, Any], read: Read) -> Outcome:
    activity = read.activity_held(answers["activity"])
    if activity is None or activity.status is not State.OPEN:
        return say(texts.CANCELLED_ACTIVITY, dialog=None)
    asking = read.asking(activity.id, turn.who.id, turn.now - timedelta(days=turn.policy.absence_days))
    _refuse(turn, activity, asking, read)
    party = tuple(Guest(*guest) for guest in answers["party"])[:_MOST_PARTY]
    if any(guest.child for guest in party) and not activity.children:
        raise Refused(texts.NO_CHILDREN.format(name=activity.name))
    if activity.kind == rules.EMERGENCY and any(0 < g.age < rules.ADULT or g.child for g in party):
        raise Refused(texts.NO_MINORS.format(name=activity.name))
    station = _station(turn, activity, answers)
    if station is None:
        choices = tuple(Choice(f"{s.name}（{_left(s)}）", s.name) for s in activity.stations)
        return _ask(turn, answers, "station", texts.ASK_STATION.format(name=activity.name), *choices)
    answers["station"] = station.id
    people = int(answers["self"]) + len(party)
    if people > station.seats:  # on the waiting list it would stand in everybody's way for ever
        raise Refused(texts.TOO_MANY.format(name=activity.name, seats=station.seats, n=people))
    if answers["self"] and (question := _age(turn, activity, answers, asking)):
        return question
    if activity.question and "answer" not in answers:
        return _ask(turn, answers, "question", texts.question(activity.question))
    wish = seats.Wish(answers["self"], party, answers.get("answer", ""), answers.get("minor", False))
    return _done(turn, activity, station, wish, answers, asking, read)


def _refuse(turn: Turn, activity: Activity, asking: Asking, read: Read) -> None:
    if activity.starts <= turn.now:
        raise Refused(texts.STARTED.format(organiser=find.organiser(activity, read)))
    before = asking.before
    if before and before.status in LIVE:
        if before.status is Place.WAITING:
            raise Refused(f"您已经在候补了，排第{read.ahead(before) + 1}位。")
        raise Refused(texts.ALREADY.format(name=activity.name, people=before.people))


def _station(turn: Turn, activity: Activity, answers: dict[str, Any]) -> Station | None:
    if "station" in answers:
        return activity.station(answers["station"])
    if len(activity.stations) == 1:
        return activity.stations[0]
    return next((s for s in activity.stations if s.name in turn.said.text), None)


def _left(station: Station) -> str:
    return f"还有{station.free}个" if station.free > 0 else "已满，可候补"


def _age(turn: Turn, activity: Activity, answers: dict[str, Any], asking: Asking) -> Outcome | None:
    """Of age or not is asked once in a life; a minor's age then decides (domain.md §4.1 "Minors")."""
    known = asking.volunteer
    year = turn.now.astimezone(ZONE).year
    age = answers["age"]
    if not age and "adult" not in answers:
        if turn.who.posts or known.adult:
            return None
        if known.adult is None:
            return _ask(turn, answers, "adult", texts.ASK_ADULT, *texts.ADULT)
        age = rules.age_in(year, known.born)
        if age >= rules.ADULT:
            answers |= {"new": True, "adult": True}
            return None
    if not age and answers.get("adult") is False:
        return _ask(turn, answers, "age", texts.ASK_AGE)
    if age and age < rules.ADULT:
        if activity.kind == rules.EMERGENCY:
            raise Refused(texts.NO_MINORS.format(name=activity.name))
        if age < rules.ALONE:
            raise Refused(texts.TOO_YOUNG)
        answers |= {"minor": True, "new": known.adult is None, "born": year - age}
    elif age:
        answers |= {"new": known.adult is None, "adult": True}
    return None


def _ask(turn: Turn, answers: dict[str, Any], step: str, text: str, *choices: Choice) -> Outcome:
    return say(text, *choices, dialog=forms.ask(turn, FORM, {**answers, "asked": step}, *choices))


def _done(
    turn: Turn, activity: Activity, station: Station, wish: seats.Wish, answers: dict[str, Any], asking: Asking,
    read: Read,
) -> Outcome:  # fmt: skip
    given = seats.take(turn, activity, station, wish, asking.absences, read)
    facts: tuple[Fact, ...] = given.facts
    if not any(post.taken for post in activity.stations):
        facts = (*facts, *timers.joined(activity, turn.now, turn.policy))
    if answers.get("new"):
        facts = (VolunteerKnown(turn.who.id, not wish.minor, answers.get("born", 0) if wish.minor else 0), *facts)
    return Outcome(replies=(Reply(_words(turn, activity, station, given, read)),), facts=facts, dialog=None)


def _words(turn: Turn, activity: Activity, station: Station, given: seats.Given, read: Read) -> str:
    limit = timedelta(hours=turn.policy.signup_leave_hours)
    match given.signup.status:
        case Place.SEATED:
            return texts.signed_up(activity, station, given.signup, limit)
        case Place.CONSENT:
            assert given.signup.until is not None
            return texts.CONSENT_ASK.format(code=given.code, until=texts.moment(given.signup.until, turn.now))
        case Place.REVIEW:
            return texts.REVIEW.format(organiser=find.organiser_name(activity, read))
    name = f"{activity.name}的{station.name}" if len(activity.stations) > 1 else activity.name
    people = texts.people(given.signup.people)
    if station.free > 0 and not given.ahead:
        text = texts.QUEUED_SHORT.format(name=name, free=station.free, n=given.signup.people, place=1)
    else:
        text = texts.QUEUED.format(name=name, people=people, place=given.ahead + 1)
    if given.absences:
        text += texts.LOW.format(n=given.absences)
    return texts.CONSENT_WAIT.format(queue=text, code=given.code) if given.code else text
