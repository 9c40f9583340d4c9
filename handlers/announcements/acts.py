"""The one entry for what people and the clock do to an announcement: chat and console say the same order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.announcements import texts
from handlers.announcements.facts import (
    AnnouncementFact,
    AnnouncementMoved,
    AnnouncementTried,
    AnnouncementWritten,
    AudienceKept,
)
from handlers.announcements.port import Announcement, Audience
from handlers.announcements.rules import AREAS, HAVE_TO_KNOW, ROLES, Act, By, Kind, Place, State, may, move
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Fact, Outcome, Person, Refused, Reply, Role

START = "an_start"  # timer: its hour has come


@dataclass(frozen=True, slots=True)
class Writer:
    """Who announces, and where: the communities of a desk, the micro-grids of a leader."""

    person: int
    communities: frozenset[int]
    micro_grids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds. `kind` None: by the words. `at` None: at once."""

    title: str
    words: str
    audience: Audience
    kind: Kind | None = None
    muster: bool = False
    drill: bool = False
    at: datetime | None = None


def writer(who: Person) -> Writer:
    """By the posts of a person."""
    led = (*who.scopes(Role.LEADER), *who.scopes(Role.DEPUTY))
    return Writer(who.id, frozenset(who.scopes(Role.DESK)), frozenset(led))


def kind_of(words: str) -> Kind:
    return Kind.SERVICE if any(word in words for word in HAVE_TO_KNOW) else Kind.NEWS


def reaches(by: Writer, audience: Audience, read: Read) -> bool:
    """Whether every place of an audience is this writer's."""
    rest = tuple(p for p in audience.places if not (p[0] == "micro_grid" and p[1] in by.micro_grids))
    return not rest or read.communities_of(rest) <= by.communities


def checked(draft: Draft, by: Writer, policy: Policy, read: Read) -> Draft:
    """The draft with its words trimmed. Raises Refused with the one thing that is wrong."""
    title, words = draft.title.strip(), draft.words.strip()
    if not title:
        raise Refused(texts.NO_TITLE)
    if len(title) > policy.announcement_title_most:
        raise Refused(texts.TITLE_LONG.format(length=len(title), most=policy.announcement_title_most))
    if not words:
        raise Refused(texts.NO_WORDS)
    if len(words) > policy.announcement_words_most:
        raise Refused(texts.TOO_LONG.format(length=len(words), most=policy.announcement_words_most))
    audience = draft.audience
    if not audience.places or not {kind for kind, _ in audience.places} <= set(AREAS):
        raise Refused(texts.NO_AUDIENCE)
    if not set(audience.roles) <= set(ROLES):
        raise Refused(texts.NO_AUDIENCE)
    if not reaches(by, audience, read):
        raise Refused(texts.NOT_YOUR_AREA)
    return replace(draft, title=title, words=words)


def write(draft: Draft, by: Writer, policy: Policy, read: Read, *, announcement: int = 0) -> Outcome:
    """A new draft, or another version of one that has not begun."""
    draft = checked(draft, by, policy, read)
    known = _mine(announcement, by, read) if announcement else None
    if known and not may(Act.WRITE, known.state):
        raise Refused(texts.no_more(known.state))
    fact = written(draft, by, read, known)
    cleared: tuple[Fact, ...] = (TimersCleared(fact.announcement, (START,)),) if known else ()
    return Outcome(replies=(Reply(texts.DONE["write"]),), facts=(fact, *cleared), dialog=None)


def written(draft: Draft, by: Writer, read: Read, known: Announcement | None = None) -> AnnouncementWritten:
    places = draft.audience.places
    kind = Kind.EMERGENCY if draft.muster else draft.kind or kind_of(draft.title + draft.words)
    return AnnouncementWritten(
        known.id if known else read.new_id(), known.number if known else read.new_announcement_number(),
        min(read.communities_of(places), default=0), by.person, kind, draft.muster, draft.drill, places,
        draft.audience.roles, draft.at, draft.title, draft.words,
    )  # fmt: skip


def submitted(fact: AnnouncementWritten, now: datetime, policy: Policy, read: Read) -> tuple[tuple[Fact, ...], int]:
    """A draft goes on: to its hour, or to a second person; and how many it would reach. Raises Refused."""
    if fact.at is not None and fact.at <= now:
        raise Refused(texts.PAST)
    since = now - timedelta(minutes=policy.storm_minutes)
    times = read.same_announced(fact.community, fact.words, since)
    if times >= policy.storm_times:
        raise Refused(texts.TWICE.format(times=times))
    people = read.reached(Audience(fact.places, fact.roles, adults=fact.muster)).people
    if not people:
        raise Refused(texts.NOBODY)
    act = Act.ASK if people > policy.announcement_second_above else Act.SUBMIT
    row = move(act)
    moved = AnnouncementMoved(fact.announcement, act, State.DRAFT, row.after, fact.by, people)
    timer = (TimerSet(fact.announcement, START, fact.at or now),) if act is Act.SUBMIT else ()
    return (moved, *timer), people


def order(
    act: Act, announcement: int, by: Writer, now: datetime, policy: Policy, read: Read, words: str = ""
) -> Outcome:
    """What a person does with an announcement that is written. Raises Refused, with one sentence."""
    known = _mine(announcement, by, read)
    if act is Act.SUBMIT:
        if not may(act, known.state):
            raise Refused(texts.no_more(known.state))
        facts, _ = submitted(_as_written(known, by), now, policy, read)
        asked = isinstance(facts[0], AnnouncementMoved) and facts[0].act is Act.ASK
        said = (
            texts.SECOND_ASKED.format(most=policy.announcement_second_above) if asked else texts.submitted(known.at)
        )
        return Outcome(replies=(Reply(said),), facts=facts, dialog=None)
    row = move(act)
    if known.state not in row.before:
        raise Refused(texts.no_more(known.state))
    if row.by is By.SECOND and by.person == known.by:
        raise Refused(texts.SELF)
    if row.by is By.CLOCK:
        raise Refused(texts.no_more(known.state))
    _something_left(act, known, read)
    moved = AnnouncementMoved(known.id, act, known.state, row.after, by.person, known.people, words.strip()[:200])
    more = _THEN[act](known, now) if act in _THEN else ()
    return Outcome(replies=(Reply(texts.DONE[act]),), facts=(moved, *more), dialog=None)


_THEN: dict[Act, Callable[[Announcement, datetime], tuple[Fact, ...]]] = {
    Act.APPROVE: lambda one, now: (TimerSet(one.id, START, max(one.at or now, now)),),
    Act.CANCEL: lambda one, now: (TimersCleared(one.id, (START,)),),
}


def _something_left(act: Act, known: Announcement, read: Read) -> None:
    """Again only for somebody. Raises Refused."""
    if act is Act.RESEND and not read.recipients_in(known.id).get(Place.FAILED):
        raise Refused(texts.NOT_FAILED)
    if act is Act.REPEAT and not read.recipients_in(known.id).get(Place.UNSURE):
        raise Refused(texts.NOT_UNSURE)
    if act is Act.REASK and not (known.muster and known.closed is None and read.muster_answers(known.id).silent):
        raise Refused(texts.NO_SILENT)


def try_it(announcement: int, by: Writer, read: Read) -> Outcome:
    """To the writer's own chat, before anybody else."""
    known = _mine(announcement, by, read)
    fact: AnnouncementFact = AnnouncementTried(known.id, by.person)
    return Outcome(replies=(Reply(texts.TRIED),), facts=(fact,), dialog=None)


def keep_audience(name: str, audience: Audience, by: Writer, read: Read) -> Outcome:
    """An audience gets a name."""
    name = name.strip()[:24]
    if not name:
        raise Refused(texts.NO_NAME)
    if not audience.places:
        raise Refused(texts.NO_AUDIENCE)
    if not reaches(by, audience, read):
        raise Refused(texts.NOT_YOUR_AREA)
    community = min(read.communities_of(audience.places))
    kept = AudienceKept(read.new_id(), community, by.person, name, audience.places, audience.roles)
    return Outcome(replies=(Reply(texts.KEPT.format(name=name)),), facts=(kept,), dialog=None)


def by_clock(act: Act, known: Announcement, people: int = 0) -> tuple[Fact, ...]:
    """A step of the program itself; nothing when the announcement has moved on since."""
    row = move(act)
    if known.state not in row.before:
        return ()
    return (AnnouncementMoved(known.id, act, known.state, row.after, 0, people),)


def _as_written(known: Announcement, by: Writer) -> AnnouncementWritten:
    return AnnouncementWritten(
        known.id, known.number, known.community, by.person, known.kind, known.muster, known.drill,
        known.audience.places, known.audience.roles, known.at, known.title, known.words,
    )  # fmt: skip


def _mine(announcement: int, by: Writer, read: Read) -> Announcement:
    """404 and not-yours look the same."""
    known = read.announcement(announcement)
    if known is None or not reaches(by, known.audience, read):
        raise Refused(texts.NO_SUCH)
    return known
