"""A second look: flagged entries, by who did not approve them, and the leaders' month (domain.md §5.2, §5.4)."""

from __future__ import annotations

from datetime import date

from handlers.points import earn, rules, texts, texts_desk
from handlers.points.earn import Merit
from handlers.points.facts import PointsReversed
from handlers.points.facts_table import EntryChecked
from handlers.points.mine import local
from handlers.points.months import before
from handlers.read import Read
from handlers.types import Fact, Outcome, Refused, Reply, Role, Turn


def look(turn: Turn, read: Read, entry: int, ok: bool, words: str) -> Outcome:
    """In order, or taken back with a reason; the person is told and may appeal."""
    found = read.points_to_check(entry)
    if found is None:
        raise Refused(texts_desk.CHECK_NONE)
    if found.community not in turn.who.scopes(Role.DESK):
        raise Refused(texts.NOT_ALLOWED)
    if turn.who.id == found.person:
        raise Refused(texts_desk.CHECK_OWN)
    if turn.who.id in (found.by, found.second):
        raise Refused(texts_desk.CHECK_APPROVED)
    if not ok and len(words) < 4:
        raise Refused(texts_desk.CHECK_WHY)
    facts: tuple[Fact, ...] = (EntryChecked(entry, turn.who.id, ok, words),)
    if not ok:
        back = PointsReversed(
            read.new_id(), entry, found.person, found.community, -found.points, turn.who.id, words[:40]
        )
        facts = (*facts, back)
    return Outcome(replies=(Reply(texts_desk.CHECKED[ok]),), facts=facts)


def duty(turn: Turn, read: Read) -> Outcome:
    """「履职合格 苏建华」: the month before, by the grid or the desk."""
    words = turn.inbound.text.partition("合格")[2].strip(" ：:,，")
    communities = turn.who.scopes(Role.DESK) or ((turn.who.community,) if turn.who.holds(Role.GRID) else ())
    found = [person for community in communities for person in read.person_named(community, words)]
    if len(found) != 1:
        raise Refused(texts_desk.DUTY_SEVERAL if found else texts_desk.DUTY_HOW)
    return duty_done(turn, read, found[0].community, found[0].id)


def duty_done(turn: Turn, read: Read, community: int, leader: int, month: date | None = None) -> Outcome:
    """The month's duty of a micro-grid leader is in order: checked by the grid or the desk, never by himself."""
    if community not in turn.who.scopes(Role.DESK) and not turn.who.holds(Role.GRID):
        raise Refused(texts.NOT_ALLOWED)
    if leader == turn.who.id:
        raise Refused(texts.OWN)
    person = read.person(leader)
    if person is None or person.community != community or not person.holds(Role.LEADER, Role.DEPUTY):
        raise Refused(texts_desk.DUTY_NOT)
    month = month or before(turn.now)
    merit = Merit(leader, community, rules.DUTY, f"duty:{month:%Y-%m}", by=turn.who.id)
    facts = earn.granted([merit], local(turn.now), turn.policy, read)
    if not facts:
        raise Refused(texts_desk.DUTY_TWICE.format(name=person.name, month=month.month))
    points = next(rule for rule in read.points_rules(community) if rule.code == rules.DUTY).points
    text = texts_desk.DUTY_DONE.format(name=person.name, month=month.month, points=points)
    return Outcome(replies=(Reply(text),), facts=facts)
