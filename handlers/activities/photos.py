"""Photos of an activity: shown only when everybody in them has agreed; a no, at any time, takes them away."""

from __future__ import annotations

from handlers.activities import clicks, texts_clicks
from handlers.activities import texts_honour as words
from handlers.activities.facts_honour import PhotoAdded, PhotoAnswered, PhotoRemoved
from handlers.activities.rules import Place
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply, Turn, say

_MOST = 30  # people asked for one photo


def add(turn: Turn, read: Read, activity: int, file: str, people: tuple[int, ...]) -> Outcome:
    """By who runs it. `people`: those of the participants who can be recognised; nobody else can be asked."""
    found = clicks.led(turn, read, activity)
    there = {signup.person for signup in read.signups_in(found.id) if signup.status in (Place.SEATED, Place.CAME)}
    if any(person not in there for person in people) or len(people) > _MOST:
        raise Refused(texts_clicks.PHOTO_PEOPLE)
    fact = PhotoAdded(read.new_id(), found.id, turn.who.id, file, people)
    text = words.PHOTO_WAITS.format(count=len(people)) if people else words.PHOTO_TAKEN
    return Outcome(replies=(Reply(text),), facts=(fact,))


def remove(turn: Turn, read: Read, activity: int, photo: int) -> Outcome:
    found = clicks.led(turn, read, activity)
    known = read.photo(photo)
    if known is None or known[0] != found.id:
        raise Refused(texts_clicks.PHOTO_NO_MORE)
    return Outcome(replies=(Reply(words.PHOTO_GONE),), facts=(PhotoRemoved(photo, found.id, turn.who.id),))


def answer(turn: Turn, read: Read) -> Outcome:
    """「照片可以放」 「照片不要放」: the photo last asked about."""
    agreed = "不" not in turn.said.text
    waiting = [one for one in read.photos_of(turn.who.id) if not one.agreed]
    if not waiting:
        return say(words.PHOTO_NONE)
    one = waiting[0]
    fact = PhotoAnswered(one.photo, one.activity, turn.who.id, agreed)
    return Outcome(replies=(Reply(words.PHOTO_YES if agreed else words.PHOTO_NO),), facts=(fact,))


def withdraw(turn: Turn, read: Read) -> Outcome:
    """「撤回照片」: every photo with this person."""
    mine = read.photos_of(turn.who.id)
    if not mine:
        return say(words.PHOTO_BACK_NONE)
    facts = tuple(PhotoAnswered(one.photo, one.activity, turn.who.id, False) for one in mine)
    return Outcome(replies=(Reply(words.PHOTO_BACK.format(count=len(mine))),), facts=facts)
