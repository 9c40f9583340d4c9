"""Puts the readers together: one message in, one Understanding out. Pure; owns no words of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nlp import (
    amounts,
    category,
    commands,
    dialect,
    ids,
    intents,
    people,
    pii,
    respell,
    slots,
    split,
    urgency,
    when,
    words,
)
from nlp.category import Ranking
from nlp.commands import Command
from nlp.intents import Guess
from nlp.lexicon import Scan, lexicon
from nlp.normalize import normalize
from nlp.place import read_place
from nlp.register import EMPTY, Register
from nlp.types import NOWHERE, Issue, PlaceReading, Understanding, Urgency
from nlp.urgency import Alarm

_REPORTING = ("report_issue", "emergency", "complaint_service", "consult", "")
_LINK = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u3000]+")
_EDGES = " ,.。;:、!?的在"
_LEAD = re.compile(
    r"^(?:我要|上报|反映|举报|投诉|我家住?|我住|住在|家住|这里是|位于|报修|报事|我是|你好|您好|请问?|麻烦|师傅|是|还有|那个)[,:的在]*"
)
_BARE_TAIL = re.compile(r"^[我们家住在的地址是绑定租客业主房东属里边这那吧呀啊了室人 ,.。!:]*$")


@dataclass(frozen=True, slots=True)
class _Read:
    """What the words of one text say, before intent and slots."""

    scan: Scan
    alarm: Alarm
    ranking: Ranking


def understand(text: str, register: Register = EMPTY, *, now: datetime | None = None) -> Understanding:
    """Reads a message of any length (the first 2,048 characters). Never raises for what people write.

    `now` is only for times: without it `when` stays empty. Without `warm` the first call loads the words.
    """
    clean = normalize(text)
    if not clean:
        # Only emoji or a card: something was sent, nothing was said.
        sent = bool(text.strip())
        return Understanding(raw=text, intent="smalltalk_invalid" if sent else "", action="chat" if sent else "")
    # A space after a command word ends it (「求助 需要电工」), so here it stays as a comma.
    core = slots.core(normalize(_SPACES.sub(",", text.strip())) if _SPACES.search(text) else clean)
    plain = dialect.standard(clean)
    read = _read(plain)
    command = _command(clean, core, dialect.standard(core), read)
    place = read_place(clean, register, nearest=read.alarm.urgency == "emergency")
    if command is None and not read.ranking.best and read.alarm.urgency == "normal" and not place.spans:
        read = _second_look(plain, read)
    guess = _intent(plain, core, read, command, place)
    issues = (
        _issues(clean, plain, read, guess, place, register) if guess.intent in _REPORTING or read.alarm.danger else ()
    )
    return _build(text, clean, core, read, guess, command, place, issues, now)


def warm(cache_dir: str | None = None) -> None:
    """Loads everything that is otherwise loaded at first need: word lists, converter, pinyin, jieba (about 1 s).

    `cache_dir`: a folder of the service's own for jieba's cache; None: jieba keeps no cache there.
    """
    lexicon()
    words.load(cache_dir)
    understand("樓道燈坏了没气味很重厨房,五号楼3单元二零一")
    respell.respell("没气味很重厨房")
    words.codes("楼道里面有人堆了东西")


def _read(plain: str) -> _Read:
    scan = lexicon().scan(plain)
    alarm = urgency.alarm(scan)
    return _Read(scan, alarm, category.rank(scan, alarm.hits if alarm.danger else ()))


def _second_look(plain: str, read: _Read) -> _Read:
    """Keywords did not settle it: by sound, then by the words jieba cuts (only a hint, never a category alone)."""
    if len(plain) < 3 or not any("一" <= char <= "鿿" for char in plain):
        return read
    guessed = intents.guess(plain, read.scan, read.ranking)
    if guessed.score >= 0.55:
        return read
    spelt, longest = respell.respell(plain)
    if longest:
        heard = _read(spelt)
        if heard.alarm.urgency == "emergency" and longest < 3:
            heard = _Read(heard.scan, urgency.CALM, category.rank(heard.scan))
        if heard.ranking.weight >= (3.0 if longest >= 3 else 3.5):
            return heard
    if words.ready() and not read.ranking.codes:
        return _Read(read.scan, read.alarm, Ranking(words.codes(plain)))
    return read


def _command(clean: str, core: str, plain_core: str, read: _Read) -> Command | None:
    """A command, unless the words after it tell of a matter (「上报:楼道灯坏了」 is a report).

    In danger only a leader's command about a task counts (「办结 火已扑灭」); the urgency stays for everybody else.
    """
    found = commands.whole(clean, core) or commands.whole(plain_core, plain_core)
    if found is None:
        found = commands.leading(core)
        if found is not None and not _holds(found, read):
            found = None
    if read.alarm.urgency == "emergency" and (found is None or found.intent != "staff_ops"):
        return None
    return found


def _holds(found: Command, read: _Read) -> bool:
    if found.intent != "staff_ops" or not found.reason:
        return True
    if found.action == "escalate" and read.ranking.weight >= 3 and not found.tickets:
        return False
    return found.action != "transfer" or len(found.reason) <= 8


def _intent(plain: str, core: str, read: _Read, command: Command | None, place: PlaceReading) -> Guess:
    if read.alarm.urgency == "emergency" and command is None:
        return Guess("emergency", "report", 0.97, tuple(f"danger:{hit.text[:16]}" for hit in read.alarm.hits[:3]))
    if command is not None:
        also = (f"also:{command.also}",) if command.also else ()
        return Guess(command.intent, command.action, command.score, also)
    guess = intents.guess(plain, read.scan, read.ranking)
    if _bare_address(plain, place):
        return Guess("account_privacy", "bind", 0.9, ("address",))
    if (
        read.alarm.urgency == "urgent"
        and guess.intent in ("", "consult")
        and read.ranking.best
        and guess.score < 0.75
    ):
        return Guess("report_issue", "report", max(guess.score, 0.6), guess.why)
    if not guess.intent and _LINK.match(plain):
        return Guess("smalltalk_invalid", "advert", 0.6, ("link",))
    return guess


def _bare_address(plain: str, place: PlaceReading) -> bool:
    """The message is an address and nothing else."""
    if not place.spans or len(plain) > 60:
        return False
    return bool(_BARE_TAIL.match(_without(plain, place.spans)))


def _without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    kept, last = [], 0
    for start, end in sorted(spans):
        if start >= last:
            kept.append(text[last:start])
        last = max(last, end)
    kept.append(text[last:])
    return "".join(kept)


def _fault(text: str, place: PlaceReading) -> str:
    """The words of the matter without the address (A10) and without the way into it (A11)."""
    rest = _LEAD.sub("", _without(text, place.spans).strip(_EDGES)).strip(_EDGES)
    return rest if len(rest) >= 2 else text.strip(_EDGES)


def _issues(
    clean: str, plain: str, read: _Read, guess: Guess, place: PlaceReading, register: Register
) -> tuple[Issue, ...]:
    if read.alarm.urgency == "emergency":
        return (Issue(_fault(clean, place), read.ranking.best, read.ranking.score, "emergency", place),)
    found = split.parts(plain, read.scan, read.ranking)
    if len(found) < 2:
        if not read.ranking.best and guess.intent not in ("report_issue", "complaint_service"):
            return ()
        return (Issue(_fault(clean, place), read.ranking.best, read.ranking.score, read.alarm.urgency, place),)
    issues = []
    for part in found:
        said = clean[part.start : part.end]
        own = read_place(said, register)
        level: Urgency = urgency.alarm(read.scan.part(part.start, part.end)).urgency
        issues.append(Issue(_fault(said, own), part.ranking.best, part.ranking.score, level, own))
    return tuple(issues)


def _build(
    raw: str, clean: str, core: str, read: _Read, guess: Guess, command: Command | None, place: PlaceReading,
    issues: tuple[Issue, ...], now: datetime | None,
) -> Understanding:  # fmt: skip
    about = guess.intent in _REPORTING or guess.intent in ("proposal_vote", "query_progress", "urge_reopen_rate")
    about = about or bool(read.alarm.danger)
    best = issues[0].category if issues else read.ranking.best if about else ""
    top3 = read.ranking.top3
    if best and top3[:1] != (best,):
        top3 = (best, *(code for code in top3 if code != best))[:3]
    tickets = ids.tickets(clean)
    if command is not None and command.tickets:
        tickets = tuple(dict.fromkeys((*command.tickets, *tickets)))
    numbers = pii.find(clean)
    times = when.find(clean, now) if now is not None else ()
    matter = issues[0].place if len(issues) > 1 and place.found and issues[0].place.found else place
    return Understanding(
        raw=raw, text=clean, intent=guess.intent, action=guess.action, score=guess.score,
        category=best, category_top3=top3 if about else (), kind=intents.kind(clean, guess.intent),
        urgency=read.alarm.urgency if about else "normal", danger=read.alarm.danger, place=matter, issues=issues,
        phone=next((one.value for one in numbers if one.kind == "mobile"), ""), tickets=tickets,
        number=slots.number(clean), yes=slots.yes(core),
        when=times, until=when.until(times, now), count=slots.count(clean), people=people.people(clean),
        activities=ids.activities(clean), plates=ids.plates(clean), amounts=amounts.amounts(clean),
        private=tuple(dict.fromkeys(one.kind for one in numbers)), anonymous=slots.anonymous(clean),
        relation=slots.relation(clean), reason=command.reason if command else "", why=guess.why,
    )  # fmt: skip


def as_json(said: Understanding) -> dict[str, Any]:
    """The object `jushe understand` prints: keys of design.md §3, plain values only."""
    place = said.place
    values: dict[str, Any] = {
        "place": [one.label for one in place.found], "place_unknown": place.unknown, "spot": place.kind_of_spot,
        "time": said.until.isoformat() if said.until else None, "phone": said.phone, "ticket": list(said.tickets),
        "count": said.count, "number": said.number, "yes": said.yes, "anonymous": said.anonymous,
        "relation": said.relation, "reason": said.reason,
    }  # fmt: skip
    return {
        "text": said.text, "intent": said.intent, "action": said.action, "score": said.score,
        "category": said.category, "category_top3": list(said.category_top3),
        "kind": said.kind, "urgency": said.urgency, "danger": said.danger,
        "slots": {key: value for key, value in values.items() if value not in (None, "", [], False)},
        "issues": [
            {
                "text": issue.text, "category": issue.category, "score": issue.score, "urgency": issue.urgency,
                "place": [one.label for one in issue.place.found],
            }
            for issue in said.issues
        ],
    }  # fmt: skip


__all__ = ["NOWHERE", "as_json", "understand", "warm"]
