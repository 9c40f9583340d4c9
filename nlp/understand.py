"""Puts the readers together: one message in, one Understanding out. Pure; owns no words of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import islice

from nlp import (
    amounts,
    category,
    danger,
    evidence,
    ids,
    intents,
    people,
    respell,
    slots,
    split,
    urgency,
    when,
    words,
)
from nlp.category import Ranking
from nlp.commands import Command
from nlp.evidence import Evidence
from nlp.intents import Guess
from nlp.judge import CODE_FLOOR, FLOOR, Judgement, judge
from nlp.lexicon import lexicon
from nlp.local import meant, ranked
from nlp.place import read_place, without
from nlp.register import EMPTY, Register
from nlp.skipping import skipping
from nlp.tone import tone
from nlp.types import NOWHERE, SURE, Issue, PlaceReading, Understanding, Urgency
from nlp.urgency import CALM, Alarm

_REPORTING = ("report_issue", "emergency", "complaint_service", "consult", "")
_ABOUT = (*_REPORTING, "proposal_vote", "query_progress", "urge_reopen_rate")  # speak of a matter that has a code
_LINK = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_WORD = re.compile(r"\w")
_SELDOM = 0.09  # chance below which a reading is nowhere asked for beside one that is sure
_EDGES = " ,.。;:、!?的在"
_LEAD = re.compile(  # who speaks and from where, then at most one word of reporting: 我要投诉… is still a complaint
    r"^(?:[啊呀哎]*(?:我家住?|我住|住在|这里是|位于|我是|你好|您好|请问?|麻烦|师傅|是|那个|业主|租客|住户"
    r"|[我就]?是?(?:想|要)?[跟和向](?:你们?|您|社区)(?:说|讲|反映)(?:一?[个件下])?(?:事情?|情况|问题)?"
    r"|有[个件]事情?|就是(?=我们?|咱))[啊呀哎哈]*[,:。的在 ]*)"
    r"{0,6}(?:(?:我要|我?想反映(?:一下)?|上报|反映|举报|投诉|报修|报事|还有)[,:的在]*)?"
)
_BARE_TAIL = re.compile(r"^[我们家住在的地址是绑定租客业主房东属里边这那吧呀啊了室人 ,.。!:]*$")
FOREIGN = "no Chinese"  # among the reasons: written in English or pinyin, which nothing here can read
_FOREIGN = re.compile(  # letters that are words: no five consonants in a row, as of a hand on the keys
    r"(?=[^㐀-鿿]+$)(?!.*[bcdfghjklmnpqrstvwxz]{5})(?=.*[a-z]{5}|.*[a-z]{2}.*[ ,].*[a-z]{2})", re.I
)
_SCOLDS = re.compile(r"怎么搞的|吃干饭|干什么吃的|吃白饭|到底管不管|有没有人管|管不管的?了|什么素质|还让不让人")
_FAULTS = frozenset(f"{group:02}" for group in range(1, 12))
_HAN = re.compile("[㐀-鿿]")
_WHO_SIGN = skipping(r"[叫姓名]|1\d{10}")
_WHO = re.compile(r"(?:,|我)*(?:叫|姓|名字[叫是]?)[一-鿿]{1,4}|(?:电话|手机)?号?码?[是:]*1\d{10}")


def understand(text: str, register: Register = EMPTY, *, now: datetime | None = None) -> Understanding:
    """Reads a message of any length (the first 2,048 characters). Never raises for what people write.

    `now` is only for times: without it `when` stays empty. Without `warm` the first call loads the words.
    """
    one = evidence.gather(text)
    if not one.clean:
        # Only emoji or a card: something was sent, nothing was said.
        sent = bool(text.strip())
        return Understanding(raw=text, intent="smalltalk_invalid" if sent else "", action="chat" if sent else "")
    verdict = judge(one)
    alarm = danger.alarm(one, verdict)
    place = read_place(one.clean, register, nearest=alarm.urgency == "emergency")
    fault = _fault(one.clean, place)
    if alarm.urgency != "emergency" and (heard := danger.hidden(one, verdict, place)):
        alarm, verdict = heard
        place = read_place(one.clean, register, nearest=True)
    guess = _intent(one, verdict, alarm, place, fault)
    if guess.intent not in _ABOUT and not alarm.danger:
        return _build(text, one, verdict, CALM, Ranking(), guess, place, (), now)
    ranking = _ranking(one, verdict, fault)
    told = guess.intent in _REPORTING or alarm.danger
    issues = _issues(one, ranking, alarm, guess, place, fault, register) if told else ()
    return _build(text, one, verdict, alarm, ranking, guess, place, issues, now)


def matter(text: str, register: Register = EMPTY) -> str:
    """The words of a matter without its address: what the desk's models learn from and are asked about."""
    return _fault(clean := evidence.gather(text).clean, read_place(clean, register))


def warm(cache_dir: str | None = None) -> None:
    """Loads what is otherwise loaded at first need: word lists, models, converter, pinyin, jieba (about 1 s).

    `cache_dir`: a folder of the service's own for what is made of jieba's dictionary; None: it is made anew.
    """
    lexicon()
    words.load(cache_dir)
    understand("樓道燈坏了没气味很重厨房,五号楼3单元二零一")
    respell.respell("没气味很重厨房")


def _ranking(one: Evidence, verdict: Judgement, fault: str) -> Ranking:
    """The codes by rules, models and what was taught. Commands keep what their own rules say."""
    rules = one.read.ranking
    if one.command is not None:
        return rules
    return ranked(_weighed(rules, verdict), fault)


def _weighed(rules: Ranking, verdict: Judgement) -> Ranking:
    code, chance = verdict.codes[0]
    if chance < CODE_FLOOR:
        return rules
    weight = max(dict(rules.codes).get(code, 0.0), category.ENOUGH)
    rest = tuple((other, weight * share / chance) for other, share in verdict.codes[1:])
    return Ranking(((code, weight), *rest), chance)


def _intent(one: Evidence, verdict: Judgement, alarm: Alarm, place: PlaceReading, fault: str) -> Guess:
    command = one.command
    if alarm.urgency == "emergency" and command is None:
        why = tuple(f"danger:{hit.text[:16]}" for hit in alarm.hits[:3]) or (f"danger model:{verdict.danger:.2f}",)
        return Guess("emergency", "report", round(max(0.9, verdict.danger), 3), why)
    if command is not None:
        also = (f"also:{command.also}",) if command.also else ()
        return Guess(command.intent, command.action, command.score, also)
    if _bare_address(one.plain, place):
        return Guess("account_privacy", "bind", 0.9, ("address",))
    named = verdict.cue
    if named.action == "personal_data":
        return replace(named, score=max(0.9, named.score))  # somebody else's data: refused by the words alone
    if _FOREIGN.match(one.plain) and named.action != "injection":
        return Guess("", "", 0.0, (FOREIGN,))
    chances = dict(verdict.intents)
    danger = chances.pop("emergency", 0.0)
    intent, chance = next(iter(chances.items()))
    chance = min(0.99, chance / max(1e-9, 1.0 - danger))
    intent, chance = meant(intent, chance, fault)
    if intent == "consult" and _SCOLDS.search(one.plain) and verdict.codes[0][0][:2] in _FAULTS:
        intent, chance = "report_issue", 0.8  # 「你们怎么搞的」 asks nothing
    if _LINK.match(one.plain) and chance < 0.8:
        return Guess("smalltalk_invalid", "advert", 0.8, ("link",))
    if not _WORD.search(one.plain):
        return Guess("smalltalk_invalid", "chat", 0.4, ("no words",))
    if chance < FLOOR:
        return Guess("", "", round(chance, 3), one.cues.why)
    action = intents.finer(intent, one.read.scan, one.cues.actions.get(intent, ""))
    action = action or verdict.action(intent)
    if action == "injection" and named.action != "injection" and not _HAN.search(one.plain):
        action = "chat"  # a hand on the keys attacks nobody
    return Guess(intent, action, round(chance, 3), one.cues.why)


def _bare_address(plain: str, place: PlaceReading) -> bool:
    """The message is an address and nothing else."""
    if not place.spans or len(plain) > 60:
        return False
    rest = without(plain, place.spans)
    return bool(_BARE_TAIL.match(_WHO.sub("", rest) if _WHO_SIGN.search(rest) else rest))


def _fault(text: str, place: PlaceReading) -> str:
    """The words of the matter without the address (A10) and without the way into it (A11)."""
    rest = without(text, place.spans).strip(_EDGES)
    if lead := _LEAD.match(rest):
        rest = rest[lead.end() :].strip(_EDGES)
    return rest if len(rest) >= 2 else text.strip(_EDGES)


def _issues(
    one: Evidence, ranking: Ranking, alarm: Alarm, guess: Guess, place: PlaceReading, fault: str, register: Register
) -> tuple[Issue, ...]:
    clean = one.clean
    if alarm.urgency == "emergency":
        return (Issue(fault, ranking.best, ranking.score, "emergency", place),)
    found = split.parts(one.plain, one.read.scan, one.read.ranking)
    if len(found) < 2:
        if not ranking.best and guess.intent not in ("report_issue", "complaint_service"):
            return ()
        return (Issue(fault, ranking.best, ranking.score, alarm.urgency, place),)
    issues = []
    for part in found:
        said = clean[part.start : part.end]
        own = read_place(said, register)
        level: Urgency = urgency.alarm(one.read.scan.part(part.start, part.end)).urgency
        issues.append(Issue(_fault(said, own), part.ranking.best, part.ranking.score, level, own))
    return tuple(issues)


def _build(
    raw: str, one: Evidence, verdict: Judgement, alarm: Alarm, ranking: Ranking, guess: Guess, place: PlaceReading,
    issues: tuple[Issue, ...], now: datetime | None,
) -> Understanding:  # fmt: skip
    clean, command = one.clean, one.command
    best = issues[0].category if issues else ranking.best
    top3 = ranking.top3
    if best and top3[:1] != (best,):
        top3 = (best, *(code for code in top3 if code != best))[:3]
    tickets = ids.tickets(clean)
    if command is not None and command.tickets:
        tickets = tuple(dict.fromkeys((*command.tickets, *tickets)))
    times = when.find(clean, now) if now is not None else ()
    matter = issues[0].place if len(issues) > 1 and place.found and issues[0].place.found else place
    return Understanding(
        raw=raw, text=clean, intent=guess.intent, action=guess.action, score=guess.score,
        category=best, category_top3=top3, kind=intents.kind(clean, guess.intent),
        urgency=alarm.urgency, danger=alarm.danger, place=matter, issues=issues,
        phone=next((number.value for number in one.numbers if number.kind == "mobile"), ""), tickets=tickets,
        number=slots.number(clean), yes=slots.yes(one.core),
        when=times, until=when.until(times, now), count=slots.count(clean), people=people.people(clean),
        activities=ids.activities(clean), plates=ids.plates(clean), amounts=amounts.amounts(clean),
        private=tuple(dict.fromkeys(number.kind for number in one.numbers)), anonymous=slots.anonymous(clean),
        relation=slots.relation(clean), reason=command.reason if command else "", why=guess.why,
        tone=tone(clean), told=_told(one, guess, best), readings=_readings(guess, verdict, command),
    )  # fmt: skip


def _told(one: Evidence, guess: Guess, code: str) -> frozenset[str]:
    """Which of intent and category the words themselves name."""
    named = one.command is not None or guess.why[:1] == ("address",) or guess.intent in one.cues.weights
    found = {"intent"} if named and (one.command is not None or guess.why) else set()
    if guess.intent == "consult" and one.cues.asks and not one.cues.fault:
        found.add("intent")  # the form of a question is a rule too
    if code and one.read.ranking.best:
        found.add("category")
    return frozenset(found)


def _readings(guess: Guess, verdict: Judgement, command: Command | None) -> tuple[tuple[str, str, float], ...]:
    """The three likeliest readings as (intent, action, chance), the one taken first; beside one that is acted on
    without asking none that nobody would offer."""
    also = command.also.partition("/") if command and command.also else ("", "", "")
    found = [(guess.intent, guess.action, guess.score)] if guess.intent else []
    if also[0]:
        found.append((also[0], also[2], 1.0 - guess.score))
    known = {"emergency", *(intent for intent, _, _ in found)}
    least = _SELDOM if guess.score >= SURE and guess.intent != "staff_ops" else 0.0
    more = (item for item in verdict.intents[:4] if item[0] not in known and item[1] >= least)
    found += [(intent, verdict.action(intent), round(chance, 3)) for intent, chance in islice(more, 3 - len(found))]
    return tuple(found)


__all__ = ["NOWHERE", "matter", "understand", "warm"]
