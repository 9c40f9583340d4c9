"""Which activity is meant: by number, name, day, or the one just spoken of."""

from __future__ import annotations

from datetime import timedelta

from handlers import forms
from handlers.activities import said, texts
from handlers.activities.port import Activity
from handlers.read import Read
from handlers.types import Choice, Outcome, Turn, say

SEEN = "act_seen"  # an activity, or a list of them, was shown
_AHEAD = timedelta(days=60)


def community_of(turn: Turn) -> int:
    """0 when nobody knows where the person lives."""
    return turn.who.community or next((place.community for place in turn.who.around), 0)


def upcoming(turn: Turn, read: Read) -> tuple[Activity, ...]:
    """Open ones of the person's community that have not ended, within sixty days."""
    community = community_of(turn)
    return read.activities_on(community, turn.now, turn.now + _AHEAD) if community else ()


def meant(turn: Turn, read: Read) -> tuple[Activity, ...]:
    """The activities the words mean; () when they name none. What was just shown counts when nothing is named."""
    words = turn.said.text
    if (number := said.number(words)) is not None:
        found = read.activity_numbered(number)
        return (found,) if found and found.community == community_of(turn) else ()
    known = upcoming(turn, read)
    if by_name := said.named(words, known):
        return by_name
    if (day := said.day(words, turn.now)) is not None:
        return said.on_day(day, known, weekend="周末" in words)
    return () if said.names_another(words) else spoken_of(turn, read)


def spoken_of(turn: Turn, read: Read) -> tuple[Activity, ...]:
    """The one that was shown, or the one of several by its place in the list."""
    if turn.dialog is None or turn.dialog.form != SEEN:
        return ()
    shown = turn.dialog.answers.get("shown", [])
    at = said.nth(turn.said.text) if len(shown) != 1 else 0
    found = read.activity(shown[at]) if shown and at is not None and at < len(shown) else None
    return (found,) if found else ()


def mine(turn: Turn, read: Read) -> tuple[Activity, ...]:
    """The one activity the person has signed up for; () for none or several."""
    signups = read.signups_of(turn.who.id, turn.now)
    found = read.activity(signups[0].activity) if len(signups) == 1 else None
    return (found,) if found else ()


def shown(turn: Turn, text: str, activities: tuple[Activity, ...], *choices: Choice) -> Outcome:
    """Say it, and remember what was spoken of: 「带孩子行吗」 after it needs no name."""
    answers = {"shown": [activity.id for activity in activities]}
    return say(text, *choices, dialog=forms.ask(turn, SEEN, answers, *choices))


def organiser(activity: Activity, read: Read) -> str:
    """Name and phone of who answers for it: published with the notice (志愿服务条例 art. 12)."""
    person = read.person(activity.organiser)
    office = read.community(activity.community)
    name = (person.name if person else "") or (office.name if office else "社区")
    phone = (person.phone if person else "") or (office.phone if office else "")
    return f"{name}{f'，电话{phone}' if phone else ''}"


def organiser_name(activity: Activity, read: Read) -> str:
    return read.name(activity.organiser) or "社区"


def ask_home(turn: Turn) -> Outcome:
    return say(texts.WHERE_LIVE)
