"""What is clicked about one activity in the console: the decisions of the chat, about exactly the thing clicked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.activities import makeup, manage, opening, rate, record, texts, texts_clicks, texts_hours
from handlers.activities.facts_hours import Rated
from handlers.activities.port import Activity, Signup
from handlers.activities.rules import Place, State
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply, Turn

_WORDS = 300


def led(turn: Turn, read: Read, activity: int) -> Activity:
    """The activity, held for this turn. Raises Refused when it is none this person may run."""
    found = read.activity_held(activity)
    if found is None:
        raise Refused(texts.NO_SUCH)
    if not manage.may_lead(turn, found, read):
        raise Refused(texts.NOT_YOURS)
    return found


def _open(turn: Turn, read: Read, activity: int) -> Activity:
    found = led(turn, read, activity)
    if found.status is not State.OPEN:
        raise Refused(texts.ENDED_ALREADY.format(name=found.name))
    return found


def _signup(read: Read, activity: Activity, signup: int, *places: Place) -> Signup:
    found = read.signup(signup)
    if found is None or found.activity != activity.id or found.status not in places:
        raise Refused(texts.SIGNUP_MOVED)
    return found


def opened(turn: Turn, read: Read, answers: dict[str, Any], community: int) -> Outcome:
    """`answers` as notice.py reads them, complete. The same notice twice is one: a second click of the button."""
    if not opening.may_open(turn.who, community, read):
        raise Refused(texts.NOT_ORGANISER)
    if small := opening.small_team(turn, community, read):
        raise Refused(small)
    activity = opening.built(turn, answers, read, number=read.activity_number(), community=community)
    for other in read.activities_on(community, activity.starts, activity.ends):
        if (other.name, other.starts, other.place) == (activity.name, activity.starts, activity.place):
            raise Refused(texts.SAME_OPEN.format(name=other.name, number=other.number))
    text = opening.PUBLISHED.format(name=activity.name, number=activity.number)
    return Outcome(replies=(Reply(text),), facts=opening.published(activity, turn.who.id))


def decide(turn: Turn, read: Read, activity: int, signup: int, yes: bool, why: str) -> Outcome:
    found = _open(turn, read, activity)
    return manage.decided(turn, found, _signup(read, found, signup, Place.REVIEW), yes, why[:_WORDS], read)


def excuse(turn: Turn, read: Read, activity: int, signup: int) -> Outcome:
    found = _open(turn, read, activity)
    return manage.excused(turn, found, _signup(read, found, signup, Place.SEATED), read)


def change(turn: Turn, read: Read, activity: int, starts: datetime, ends: datetime, place: str) -> Outcome:
    found = _open(turn, read, activity)
    if starts <= turn.now or ends <= starts:
        raise Refused(texts_clicks.TIMES)
    if len(place) < 2:
        raise Refused(texts_clicks.PLACE)
    return manage.changed(turn, found, starts, ends, place[:60])


def repeat(turn: Turn, read: Read, activity: int, on: bool) -> Outcome:
    return manage.repeated(turn, _open(turn, read, activity), on)


def cancel(turn: Turn, read: Read, activity: int, why: str) -> Outcome:
    found = _open(turn, read, activity)
    if len(why) < 2:
        raise Refused(texts_clicks.WHY_CANCEL)
    return manage.cancelled(turn, found, why[:_WORDS])


def tell(turn: Turn, read: Read, activity: int, words: str) -> Outcome:
    found = led(turn, read, activity)
    if len(words) < 2:
        raise Refused(texts_clicks.WHAT_TO_TELL)
    return manage.told(turn, found, words[:_WORDS], read)


def close(turn: Turn, read: Read, activity: int) -> Outcome:
    found = led(turn, read, activity)
    if found.status is not State.OPEN:
        raise Refused(texts_hours.RECORDED_ALREADY.format(name=found.name))
    if found.ends > turn.now:
        raise Refused(texts_hours.NOT_ENDED.format(name=found.name))
    return record.closed(turn, found, read)


def make_up(turn: Turn, read: Read, activity: int, signup: int, step: str, at: datetime, why: str) -> Outcome:
    found = led(turn, read, activity)
    one = _signup(read, found, signup, Place.SEATED, Place.CAME, Place.ABSENT)
    if step not in ("came", "went") or len(why) < 2:
        raise Refused(texts_clicks.MAKEUP)
    return makeup.asked(turn, found, one, step, at, why[:_WORDS], read)


def vouch(turn: Turn, read: Read, activity: int, number: int) -> Outcome:
    found = led(turn, read, activity)
    asked = read.makeup(number)
    signup = read.signup(asked.signup) if asked else None
    if asked is None or signup is None or signup.activity != found.id:
        raise Refused(texts_hours.MAKEUP_NONE)
    return makeup.vouched(turn, found, signup, asked, read)


def correct(turn: Turn, read: Read, activity: int, hours: int, half: int, why: str) -> Outcome:
    """`hours`: the row that stands; `half`: half hours it should have been."""
    found = led(turn, read, activity)
    row = next((one for one in record.standing(read.served_in(found.id)) if one.id == hours and not one.guest), None)
    if row is None:
        raise Refused(texts.SIGNUP_MOVED)
    if len(why) < 2 or half < 0:
        raise Refused(texts_clicks.CORRECT)
    return record.corrected(turn, found, row, half, why[:_WORDS], read)


def reject(turn: Turn, read: Read, activity: int, hours: int, why: str) -> Outcome:
    found = led(turn, read, activity)
    row = next((one for one in read.served_in(found.id) if one.id == hours), None)
    if row is None or len(why) < 2:
        raise Refused(texts_clicks.WHY_NOT)
    return record.rejected(turn, found, row, why[:_WORDS], read)


def praise(turn: Turn, read: Read, activity: int, signup: int, stars: int, words: str) -> Outcome:
    """评价 of a volunteer, once (民政部令67号 art. 10)."""
    found = led(turn, read, activity)
    one = _signup(read, found, signup, Place.CAME)
    if not 1 <= stars <= rate.MOST:
        raise Refused(texts_clicks.STARS)
    if one.person == turn.who.id:
        raise Refused(texts_clicks.OWN_STARS)
    if read.rated(one.id, "volunteer"):
        raise Refused(texts_hours.RATE_TWICE)
    fact = Rated(read.new_id(), one.id, found.id, "volunteer", turn.who.id, stars, words[:200])
    return Outcome(replies=(Reply(texts_clicks.PRAISED),), facts=(fact,))
