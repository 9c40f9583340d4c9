"""A guardian's yes or no to a minor's sign-up, said in the guardian's own chat (浙江志愿服务条例 art. 9)."""

from __future__ import annotations

import re

from handlers.activities import seats, texts
from handlers.activities.facts import ConsentGiven, SignupMoved, VolunteerKnown
from handlers.activities.rules import Place
from handlers.read import Read
from handlers.types import Fact, Outcome, Reply, Turn, say

SAID = re.compile(
    r"^(?:我是)?(?:家长|监护人)?(?P<no>不)?同意(?:[孩子女儿参加报名他她去的]*)[:：,，\s]*(?P<code>\d{8})$"
)


def answer(turn: Turn, read: Read) -> Outcome:
    """「家长同意48291105」 「不同意48291105」."""
    match = SAID.match(turn.said.text.strip())
    signup = read.signup_for_consent(match.group("code")) if match else None
    if match is None or signup is None:
        return say(texts.CONSENT_NONE)
    if signup.person == turn.who.id:
        return say(texts.CONSENT_SELF)
    me = read.volunteer(turn.who.id)
    if me.adult is False:
        return say(texts.CONSENT_MINOR)
    activity = read.activity_held(signup.activity)
    signup = read.signup(signup.id)
    if activity is None or signup is None or signup.status not in (Place.CONSENT, Place.WAITING):
        return say(texts.CONSENT_NONE)
    if match.group("no"):
        gone = seats.leave(signup, Place.LEFT, "家长不同意", turn.who.id)
        facts = (gone, *seats.freed(activity, signup, read, turn.now, turn.policy))
        return Outcome(replies=(Reply(texts.CONSENT_NO),), facts=facts)
    happened: list[Fact] = [ConsentGiven(signup.id, activity.id, signup.person, turn.who.id)]
    if me.adult is None:
        happened.append(VolunteerKnown(turn.who.id, True))  # who gives consent says that they are of age
    if signup.status is Place.CONSENT:
        after = Place.REVIEW if activity.approve else Place.SEATED
        happened.append(
            SignupMoved(
                signup.id,
                activity.id,
                signup.station,
                signup.person,
                signup.status.value,
                after.value,
                by=turn.who.id,
            )
        )
    text = texts.CONSENT_OK.format(name=activity.name, when=texts.when(activity), place=activity.place)
    return Outcome(replies=(Reply(text),), facts=tuple(happened))
