"""Who is told what of points, in words. Called by notify.py only."""

from __future__ import annotations

from handlers.points import facts as f
from handlers.points import rules, texts
from handlers.points.cases import rule_name
from handlers.points.facts_table import MonthSettled
from handlers.points.port import Case
from handlers.read import Read
from handlers.types import Fact, Push, Rank

_WORTH_SAYING = 10


def about(fact: Fact, read: Read) -> list[Push]:
    match fact:
        case f.PointsEarned(person=person, points=points):
            if points < _WORTH_SAYING and not fact.ref.startswith(("hand:", "case:")):
                return []  # small thanks are there when one asks; a message each would be noise
            left = read.points_account(person).balance + points
            return [_push(person, texts.thanked(rule_name(read, fact.community, fact.rule), points, left))]
        case f.PointsReversed(why=rules.CORRECTED):
            return []  # he is told of the hours themselves, and they earn anew
        case f.PointsReversed(person=person, points=points, why=why):
            return [_push(person, f"积分更正{points:+d}：{why}。觉得不对，说「转人工」。")]
        case f.CaseMade(rule=rules.FREEZE | rules.OBJECTION):
            return []  # the person hears of the freeze itself; an objection follows as an appeal
        case f.CaseMade(points=points, until=until) if points < 0 and until:
            rule = rule_name(read, fact.community, fact.rule)
            return [_push(fact.person, texts.to_take(rule, points, fact.why, until))]
        case f.CaseMade(points=points):
            number = texts.case_number(fact.number)
            rule = rule_name(read, fact.community, fact.rule)
            text = texts.to_second(number, rule, points, _name(fact.person, read), fact.why)
            return [
                Push(p, text, "points", Rank.TASK, choices=texts.second_choices(number, rule, points))
                for p in read.desk(fact.community)
                if p not in (fact.by, fact.person)
            ]
        case f.CaseAppealed(case=number, words=words):
            case = read.case(number)
            return _appealed(case, words, read) if case else []
        case f.CaseDecided(case=number, done=done, words=words):
            case = read.case(number)
            return _decided(case, done, words, read) if case else []
        case MonthSettled(community=community, month=month, people=people, points=points, until=until):
            text = texts.settled(month, people, points, until)
            return [Push(desk, text, "points", Rank.NOTICE) for desk in read.desk(community)]
        case f.RedemptionCollected(person=person, points=points):
            return [_push(person, f"东西领到了，用了{points}分。不是您本人或家里人领的，请马上说「转人工」。")]
        case f.RedemptionEnded(redemption=number, how="expired"):
            found = read.redemption(number)
            return [_push(found.person, texts.ended(found, "expired"))] if found else []
        case f.PointsExpired(person=person, points=points):
            return [_push(person, f"有{-points}分满期，已经到期。新的积分照样攒。")]
        case f.PointsFrozen(person=person, on=on, why=why):
            text = (
                f"您的积分正在核对，暂时不能兑换。原因：{why}。觉得不对，5个工作日内说「申诉」加一句话。"
                if on
                else "您的积分核对好了，可以兑换了。"
            )
            return [_push(person, text)]
        case f.ProxyNamed(proxy=proxy, redemption=number):
            found = read.redemption(number)
            if found is None:
                return []
            return [_push(proxy, f"家里人请您代领。{texts.redemption(found)}")]
        case _:
            return []


def _push(person: int, text: str) -> Push:
    return Push(person, text, "points", Rank.NOTICE)


def _appealed(case: Case, words: str, read: Read) -> list[Push]:
    number, rule = texts.case_number(case.number), rule_name(read, case.community, case.rule)
    who, points = _name(case.person, read), f"{case.points:+d}分" if case.points else ""
    why = f"说明：{case.why}。" if case.rule != rules.OBJECTION else ""
    text = f"{number}的申诉：{who}「{rule}」{points}。{why}申诉：{words}"
    choices = texts.second_choices(number, rule, case.points)
    return [Push(p, text, "points", Rank.TASK, choices=choices) for p in read.desk(case.community) if p != case.by]


def _decided(case: Case, done: bool, words: str, read: Read) -> list[Push]:
    rule = rule_name(read, case.community, case.rule)
    if case.rule == rules.OBJECTION:
        return [
            _push(
                case.person,
                texts.OBJECTION_RIGHT if done else texts.OBJECTION_WRONG.format(why=words.rstrip("。！!")),
            )
        ]
    if case.rule == rules.FREEZE:
        return [_push(case.person, texts.FREEZE_STAYS)] if done else []
    if case.points > 0:
        return [] if done else [_push(case.by, f"「{rule}」{case.points:+d}分没有通过复核。")]
    text = (
        f"「{rule}」扣{-case.points}分已生效。不服可以说「转人工」。"
        if done
        else f"「{rule}」不扣了，谢谢您说明情况。"
    )
    return [_push(case.person, text)]


def _name(person: int, read: Read) -> str:
    found = read.person(person)
    return f"{found.name[0]}姓居民" if found and found.name else "居民"
