"""Taking a sign-up back, and answering an offer from the waiting list."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import forms
from handlers.activities import find, seats, texts
from handlers.activities.facts import LeaveAsked, SignupMoved
from handlers.activities.port import Activity, Signup
from handlers.activities.rules import HOLDS, Place
from handlers.read import Read
from handlers.timing import TimerSet
from handlers.types import Choice, Fact, Outcome, Reply, Turn, say
from nlp import when

FORM = "act_leave"
_GUEST = re.compile(  # 「孙子不去了」: somebody who was to come along, not the one who writes
    r"^(?:我|我们|我家|那)?(?:的)?(?:外?孙子|外?孙女|老公|老伴|老婆|爱人|儿子|女儿|孩子|小孩|妈妈?|爸爸?|朋友|同事|邻居)"
    r"(?:他|她|也|就|又)?(?:不去了|不来了|不参加了|[来去]不了)"
)
_COMMAND = re.compile(
    r"取消(?:活动)?报名|退出报名|不参加了?|退报名|来不了了?|去不了了?|不去了|不来了|参加不了了?|退出活动|请假|"
    r"(?:本|这|下)?(?:周|星期|礼拜)[一二三四五六日天末]|今天|明天|后天|活动\d*|我们?|因为|原因|[,，。.!！~、\s]"
)


def leave(turn: Turn, read: Read) -> Outcome:
    """「取消报名」 「周六去不了了，孩子病了」."""
    mine = [(s, a) for s in read.signups_of(turn.who.id, turn.now) if (a := read.activity(s.activity))]
    mine = [(s, a) for s, a in mine if s.status is not Place.CAME]
    if not mine:
        return say(texts.NOTHING_TO_LEAVE)
    meant = {activity.id for activity in find.meant(turn, read)}
    chosen = [pair for pair in mine if pair[1].id in meant] or mine
    why = _COMMAND.sub("", when.without(turn.said.text))
    why = _COMMAND.sub("", turn.said.text) if len(why) < 2 else why
    for _, activity in mine:
        why = why.replace(activity.name, "")
    if len(chosen) > 1:
        choices = tuple(Choice(a.name, f"取消报名活动{a.number}") for _, a in chosen[:5])
        answers = {"which": [s.id for s, _ in chosen[:5]], "why": why}
        return say(texts.WHICH_LEAVE, *choices, dialog=forms.ask(turn, FORM, answers, *choices))
    if chosen[0][0].self_comes and _GUEST.match(turn.said.text):
        return say(texts.STILL_YOURS.format(name=chosen[0][1].name))
    return _leave(turn, chosen[0][0], why, read)


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    answers, index = turn.dialog.answers, forms.picked(turn)
    if "which" in answers:
        signup = read.signup(answers["which"][index]) if index is not None else None
        return _leave(turn, signup, answers["why"], read) if signup else None
    if turn.said.intent and turn.said.intent not in ("smalltalk_invalid", "volunteer_activity"):
        return None
    signup = read.signup(answers["signup"])
    return _leave(turn, signup, turn.inbound.text.strip()[:200], read) if signup else None


def skip(turn: Turn, read: Read) -> Outcome:
    """「跳过」: nobody has to say why."""
    assert turn.dialog is not None
    signup = read.signup(turn.dialog.answers.get("signup", 0))
    return _leave(turn, signup, "没有说", read) if signup else say(texts.NOTHING_TO_LEAVE, dialog=None)


def _leave(turn: Turn, signup: Signup, why: str, read: Read) -> Outcome:
    activity = read.activity_held(signup.activity)
    signup = read.signup(signup.id) or signup
    if activity is None or signup.status not in HOLDS | {Place.WAITING}:
        return say(texts.NOTHING_TO_LEAVE, dialog=None)
    waiting = signup.status in (Place.WAITING, Place.OFFERED)
    if not waiting and len(why) < 2:
        return say(texts.ASK_WHY, dialog=forms.ask(turn, FORM, {"signup": signup.id}))
    limit = timedelta(hours=turn.policy.signup_leave_hours)
    changed = activity.moved is not None and activity.moved > signup.created
    if not waiting and not changed and activity.starts - turn.now < limit:
        text = texts.TOO_LATE.format(
            hours=turn.policy.signup_leave_hours, organiser=find.organiser_name(activity, read)
        )  # fmt: skip
        asked = LeaveAsked(signup.id, activity.id, turn.who.id, why)
        return Outcome(replies=(Reply(text),), facts=(asked,), dialog=None)
    words = texts.LEFT_QUEUE if waiting else texts.LEFT
    text = words.format(name=activity.name, when=texts.when(activity))
    return Outcome(replies=(Reply(text),), facts=ended(turn, activity, signup, why, read), dialog=None)


def ended(
    turn: Turn, activity: Activity, signup: Signup, why: str, read: Read, after: Place = Place.LEFT
) -> tuple[Fact, ...]:
    """The end of a sign-up and the offers that follow from it. The activity must be held."""
    gone = seats.leave(signup, after, why, turn.who.id)
    return (gone, *seats.freed(activity, signup, read, turn.now, turn.policy))


def offered(turn: Turn, read: Read) -> Signup | None:
    """The offer that waits for this person's answer."""
    mine = read.signups_of(turn.who.id, turn.now)
    return next((s for s in mine if s.status is Place.OFFERED and s.until and s.until > turn.now), None)


def take_offer(turn: Turn, read: Read) -> Outcome:
    signup = offered(turn, read)
    activity = read.activity_held(signup.activity) if signup else None
    signup = read.signup(signup.id) if signup else None
    if signup is None or activity is None or signup.status is not Place.OFFERED:
        return say(texts.OFFER_GONE)
    me = read.volunteer(turn.who.id)
    minor = signup.self_comes and me.adult is False and not signup.guardian
    after = Place.CONSENT if minor else Place.REVIEW if activity.approve else Place.SEATED
    until = min(turn.now + timedelta(hours=turn.policy.consent_hours), activity.starts) if minor else None
    moved = SignupMoved(
        signup.id, activity.id, signup.station, signup.person, signup.status.value, after.value, by=turn.who.id,
        until=until,
    )  # fmt: skip
    if minor and until:
        code = read.consent_code(signup.id)
        text = texts.CONSENT_ASK.format(code=code, until=texts.moment(until, turn.now))
        return Outcome(replies=(Reply(text),), facts=(moved, TimerSet(signup.id, "su_until", until)), dialog=None)
    if activity.approve:
        text = texts.REVIEW.format(organiser=find.organiser_name(activity, read))
    else:
        limit = timedelta(hours=turn.policy.signup_leave_hours)
        text = texts.signed_up(activity, activity.station(signup.station), signup, limit)
    return Outcome(replies=(Reply(text),), facts=(moved,), dialog=None)


def decline_offer(turn: Turn, read: Read) -> Outcome:
    signup = offered(turn, read)
    activity = read.activity_held(signup.activity) if signup else None
    signup = read.signup(signup.id) if signup else None
    if signup is None or activity is None or signup.status is not Place.OFFERED:
        return say(texts.OFFER_GONE)
    facts = ended(turn, activity, signup, "", read)
    return Outcome(replies=(Reply(texts.OFFER_LEFT),), facts=facts, dialog=None)
