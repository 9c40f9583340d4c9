"""A second look: flagged entries, by who did not approve them, and the leaders' month (domain.md §5.2, §5.4)."""

from __future__ import annotations

from datetime import date

from handlers.points import earn, rules, texts
from handlers.points.earn import Merit
from handlers.points.facts import PointsReversed
from handlers.points.facts_table import EntryChecked
from handlers.points.mine import local
from handlers.points.months import before
from handlers.read import Read
from handlers.types import Fact, Outcome, Refused, Reply, Role, Turn

_OWN, _APPROVED = "这一条和您本人有关，请另一位同志看。", "这一条是您批的，请另一位同志看。"


def look(turn: Turn, read: Read, entry: int, ok: bool, words: str) -> Outcome:
    """In order, or taken back with a reason; the person is told and may appeal."""
    found = read.points_to_check(entry)
    if found is None:
        raise Refused("这一条已经查过了，或者不用查。")
    if found.community not in turn.who.scopes(Role.DESK):
        raise Refused(texts.NOT_ALLOWED)
    if turn.who.id == found.person:
        raise Refused(_OWN)
    if turn.who.id in (found.by, found.second):
        raise Refused(_APPROVED)
    if not ok and len(words) < 4:
        raise Refused("退回积分要写原因，会告诉本人。")
    facts: tuple[Fact, ...] = (EntryChecked(entry, turn.who.id, ok, words),)
    if not ok:
        back = PointsReversed(
            read.new_id(), entry, found.person, found.community, -found.points, turn.who.id, words[:40]
        )
        facts = (*facts, back)
    text = "记下了：没有问题。" if ok else "退回了，已告诉本人。"
    return Outcome(replies=(Reply(text),), facts=facts)


def duty(turn: Turn, read: Read) -> Outcome:
    """「履职合格 苏建华」: the month before, by the grid or the desk."""
    words = turn.inbound.text.partition("合格")[2].strip(" ：:,，")
    communities = turn.who.scopes(Role.DESK) or ((turn.who.community,) if turn.who.holds(Role.GRID) else ())
    found = [person for community in communities for person in read.person_named(community, words)]
    if len(found) != 1:
        raise Refused(
            "请说「履职合格 微网格长的姓名」。" if not found else "有几位同名的，请在工作台的「积分」里点。"
        )
    return duty_done(turn, read, found[0].community, found[0].id)


def duty_done(turn: Turn, read: Read, community: int, leader: int, month: date | None = None) -> Outcome:
    """The month's duty of a micro-grid leader is in order: checked by the grid or the desk, never by himself."""
    if community not in turn.who.scopes(Role.DESK) and not turn.who.holds(Role.GRID):
        raise Refused(texts.NOT_ALLOWED)
    if leader == turn.who.id:
        raise Refused(texts.OWN)
    person = read.person(leader)
    if person is None or person.community != community or not person.holds(Role.LEADER, Role.DEPUTY):
        raise Refused("这位不是本社区的微网格长。")
    month = month or before(turn.now)
    merit = Merit(leader, community, rules.DUTY, f"duty:{month:%Y-%m}", by=turn.who.id)
    facts = earn.granted([merit], local(turn.now), turn.policy, read)
    if not facts:
        raise Refused(f"{person.name}{month.month}月的履职积分已经记过，或者这一条停用了。")
    points = next(rule for rule in read.points_rules(community) if rule.code == rules.DUTY).points
    text = f"{person.name}{month.month}月履职合格，加{points}分，已告诉本人。"
    return Outcome(replies=(Reply(text),), facts=facts)
