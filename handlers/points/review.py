"""Staff give and take points by hand: who, which rule, how many, why; two people where the rule asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from handlers.points import rules, texts
from handlers.points.cases import desks, name_of
from handlers.points.facts import CaseDecided, CaseMade, PointsEarned, PointsFrozen
from handlers.points.mine import local
from handlers.points.rules import Rule
from handlers.read import Read
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Fact, Outcome, Refused, Reply, Turn

_COMMAND = re.compile(r"^\s*(?:给|为)?\s*(?:加分|奖分|扣分|减分|冻结积分|解冻积分)[\s::,，给]*")
_NUMBER = re.compile(r"(?<!\d)(\d{1,2})\s*分?(?!\d)")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a reviewer's words name. `points` is signed."""

    person: int
    community: int
    rule: Rule
    points: int
    why: str


def award(turn: Turn, read: Read) -> Outcome:
    """「加分 0017 拾金不昧 20 捡到钱包交还」: at once, or a case for a second person (domain.md §5.4)."""
    asked = _asked(turn, read, takes=False)
    if isinstance(asked, Outcome):
        return asked
    name = name_of(read, asked.person)
    if asked.rule.proof == "two" or asked.points > turn.policy.points_second_above:
        case, number = read.new_id(), read.next_case_number(asked.community)
        fact = CaseMade(
            case, asked.person, asked.community, asked.rule.code, asked.rule.version, asked.points, turn.who.id,
            number, None, asked.why,
        )  # fmt: skip
        called = texts.case_number(number)
        return Outcome(
            replies=(Reply(f"记下了（{called}）。{asked.rule.name}要两个人，已请另一位同志复核。"),),
            facts=(fact,),
            dialog=None,
        )
    entry = read.new_id()
    earned = _earned(asked, entry, turn.who.id, 0, f"hand:{entry}")
    text = f"给{name}「{asked.rule.name}」加{asked.points}分，已告诉本人。"
    return Outcome(replies=(Reply(text),), facts=(earned,), dialog=None)


def deduct(turn: Turn, read: Read) -> Outcome:
    """减分 only by the 居民公约's list, with evidence: told first, five working days to appeal, then applied."""
    asked = _asked(turn, read, takes=True)
    if isinstance(asked, Outcome):
        return asked
    until = workdays_after(local(turn.now), turn.policy.points_appeal_workdays, read)
    case, number = read.new_id(), read.next_case_number(asked.community)
    facts: tuple[Fact, ...] = (
        CaseMade(
            case, asked.person, asked.community, asked.rule.code, asked.rule.version, asked.points, turn.who.id,
            number, until, asked.why,
        ),
        TimerSet(case, "pt_case", until),
    )  # fmt: skip
    who = name_of(read, asked.person)
    text = (
        f"记下了（{texts.case_number(number)}）：{who}「{asked.rule.name}」拟扣{-asked.points}分。"
        f"本人{texts.day(until)}前可以申诉，没有申诉到时生效。"
    )
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)


def freeze(turn: Turn, read: Read) -> Outcome:
    """冻结积分 on suspicion: redemption waits, the points stay; the person is told and may appeal."""
    return _frozen(turn, read, True)


def unfreeze(turn: Turn, read: Read) -> Outcome:
    return _frozen(turn, read, False)


def workdays_after(start: datetime, days: int, read: Read) -> datetime:
    """The end of the n-th working day after a day, by the community's calendar with 调休."""
    return datetime.combine(read.calendar().after(start.date(), days), time(23, 59), start.tzinfo)


def _asked(turn: Turn, read: Read, *, takes: bool) -> _Asked | Outcome:
    communities = desks(turn)
    words = _COMMAND.sub("", turn.inbound.text).strip()
    person, words = _whom(turn, read, communities, words)
    if person == turn.who.id:
        raise Refused(texts.OWN)
    known = read.person(person)
    community = known.community if known and known.community in communities else 0
    if not community:
        raise Refused("这位居民不是本社区的，积分请他所在的社区来记。")
    table = [r for r in read.points_rules(community) if r.open and r.takes == takes and r.proof != "auto"]
    named = [rule for part in words.split() for rule in rules.called(table, part)]
    if not named:
        names = "、".join(rule.name for rule in table)
        raise Refused(f"{texts.WHICH_RULE}可以是：{names}。")
    rule = named[0]
    for part in (rule.code, *(p for p in words.split() if rule in rules.called(table, p))):
        words = words.replace(part, " ", 1)
    number = _NUMBER.search(words)
    points = rule.points
    if rule.most and number:
        points = int(number.group(1))
        if not rule.points <= points <= rule.most:
            raise Refused(f"「{rule.name}」是{rule.points}到{rule.most}分，请再说一遍。")
    if number:
        words = words.replace(number.group(0), " ", 1)
    why = " ".join(words.split())
    if len(why) < 4:
        raise Refused(texts.NEED_WHY)
    if not takes and rule.month_cap:
        month = local(turn.now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        if read.points_times(person, rule.code, month) >= rule.month_cap:
            raise Refused(f"「{rule.name}」这个月已经给他记满{rule.month_cap}次了。")
    return _Asked(person, community, rule, points, why)


def _whom(turn: Turn, read: Read, communities: tuple[int, ...], words: str) -> tuple[int, str]:
    """The person by phone, by ticket number, or by a household with one registered member; the words without it."""
    said = turn.said
    if said.phone:
        for community in communities:
            found = read.residents_named(community, said.phone)
            if found:
                return found[0], words.replace(said.phone, " ", 1)
        raise Refused("这个手机号没有登记过。请核对，或者换住址、工单号。")
    if said.place.found and said.place.found[0].room and len(said.place.found) == 1:
        homes = read.households_at(said.place.found[0])
        members = read.household_members(homes[0].household) if len(homes) == 1 else ()
        if len(members) == 1:
            kept = re.sub(r"^\S*?\d+\S*(?:室)?\s+", "", words, count=1)
            return members[0], kept
        raise Refused(texts.WHICH_PERSON if members else "这一户还没有人登记，积分记不上。")
    match = re.match(r"\D{0,3}(\d{4}|20\d{10})(?!\d)\S*\s*", words)
    if match:
        for community in communities:
            tickets = [t for t in read.tickets_numbered(match.group(1), community) if t.reporter]
            if tickets:
                return tickets[0].reporter, words[match.end() :]
    raise Refused(texts.WHO)


def _frozen(turn: Turn, read: Read, on: bool) -> Outcome:
    words = _COMMAND.sub("", turn.inbound.text).strip()
    person, why = _whom(turn, read, desks(turn), words)
    if person == turn.who.id:
        raise Refused(texts.OWN)
    if on and len(why.strip()) < 4:
        raise Refused(texts.NEED_WHY)
    if read.points_account(person).frozen is on:
        raise Refused(texts.FROZEN_ALREADY if on else texts.NOT_FROZEN)
    facts: tuple[Fact, ...] = (PointsFrozen(person, turn.who.id, on, why.strip()),)
    if on:
        known = read.person(person)
        facts = (*facts, *_freeze_case(turn, read, person, known.community if known else 0, why.strip()))
    else:
        open_ = [case for case in read.cases_of(person) if case.rule == rules.FREEZE]
        for case in open_:
            facts = (*facts, CaseDecided(case.id, turn.who.id, False), TimersCleared(case.id, ("pt_case",)))
    word = "暂停兑换，已告诉本人，可以申诉" if on else "恢复兑换，已告诉本人"
    return Outcome(replies=(Reply(f"{name_of(read, person)}的积分{word}。"),), facts=facts, dialog=None)


def _freeze_case(turn: Turn, read: Read, person: int, community: int, why: str) -> tuple[Fact, ...]:
    """What can be appealed; when nobody decides, the freeze ends by itself."""
    case, number = read.new_id(), read.next_case_number(community)
    until = workdays_after(local(turn.now), turn.policy.points_appeal_workdays, read)
    ends = local(turn.now) + timedelta(days=turn.policy.points_freeze_days)
    made = CaseMade(case, person, community, rules.FREEZE, 0, 0, turn.who.id, number, until, why)
    return made, TimerSet(case, "pt_case", ends)


def _earned(asked: _Asked, entry: int, by: int, second: int, once: str) -> PointsEarned:
    return PointsEarned(
        entry, asked.person, asked.community, asked.rule.code, asked.rule.version, asked.points, once, once, by,
        second, other=by,
    )  # fmt: skip
