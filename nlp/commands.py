"""Whole-message commands and the commands of leaders and staff, with the words after them; no free text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp import slots, when
from nlp.lexicon import data
from nlp.quick import quick
from nlp.skipping import begins


@quick
@dataclass(frozen=True, slots=True)
class Command:
    """`also`: what the same words mean said by the other side, as "intent/action"."""

    intent: str
    action: str
    score: float = 0.95
    reason: str = ""
    tickets: tuple[str, ...] = ()
    also: str = ""


_ALSO = {
    ("urge_reopen_rate", "solved"): "staff_ops/finish",
    ("staff_ops", "finish"): "urge_reopen_rate/solved",
    ("staff_ops", "escalate"): "report_issue/report",
    ("staff_ops", "agree"): "account_privacy/privacy",
    ("staff_ops", "disagree"): "account_privacy/privacy",
    ("staff_ops", "help"): "account_privacy/menu",
    ("staff_ops", "hand_back"): "urge_reopen_rate/withdraw",
    ("account_privacy", "menu"): "staff_ops/help",
    ("query_progress", "progress"): "staff_ops/todo",
    ("volunteer_activity", "checkin"): "staff_ops/sign_in",
    ("staff_ops", "sign_in"): "volunteer_activity/checkin",
    ("volunteer_activity", "cancel"): "staff_ops/hand_back",
    ("proposal_vote", "vote"): "staff_ops/agree",
}
# What both sides say as a whole message, and what it means from the other: unsure while nobody knows who writes.
_EITHER = {
    "同意": "account_privacy/privacy", "不同意": "account_privacy/privacy", "到了": "volunteer_activity/checkin",
    "我到了": "volunteer_activity/checkin", "求助": "mutual_help/ask", "上报": "report_issue/report",
}  # fmt: skip
_EITHER_SCORE = 0.6
_END = r"(?=$|[\s,.:。!;#\d])"
# Words a leader and a resident both use; what follows tells a report of work done from thanks.
_DONE = re.compile(
    r"^(?:都|已经|已|全部)?(?:处理好|弄好|修好|搞定|办好|解决|清理好|换好|清理完|更换|恢复)(?:了|啦)?+(?!吗|没|么|呢|不|一半|的|后|以后|之前|之后|就|前)"
)
_WORK = re.compile(
    r"换|清理|清掉|拉走|运走|疏通|维修|更换|加固|修复|打扫|安装|劝|沟通|联系|通知|移走|拆|补|焊|装|恢复供|排除|复位"
)
_THANKS = re.compile(r"谢|满意|感谢|好评|赞|辛苦|真快|及时")
_WISH = re.compile(r"^(?:我要|我想|我要求|请你们|你们?|我今天的|我)")
_ASKING = re.compile(r"[吗么?]|行不行|可不可以|可以不|能不能|好不好|怎么|多久|什么时候|为什么|是什么|哪")
_COUNTS = frozenset("0123456789一二两三四五六七八九十")
_NAME_END = re.compile(r"^[\s:,]*([一-鿿A-Za-z0-9]{1,12})")


_TWICE = re.compile(r"([一-鿿]{2,4}?)\1+")  # 「谢谢谢谢」 「晓得了晓得了」


@lru_cache(maxsize=1)
def _phrases() -> dict[str, tuple[str, str]]:
    known: dict[str, tuple[str, str]] = {}
    for line in data("phrases.txt").splitlines():
        if not line or line.startswith("# "):
            continue
        target, _, words = line.partition(": ")
        intent, _, action = target.partition("/")
        for word in words.split():
            known.setdefault(word.casefold(), (intent, action))
    return known


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    found = []
    for line in data("commands.txt").splitlines():
        target, colon, pattern = line.partition(": ")
        if colon and not line.startswith("#"):
            intent, _, action = target.partition("/")
            found.append((intent, action, re.compile(pattern.replace("_END", _END))))
    return tuple(found)


@lru_cache(maxsize=1)
def _gates() -> tuple[frozenset[str], re.Pattern[str], re.Pattern[str]]:
    """The characters with which most patterns begin, any of those, any of the others."""
    first: set[str] = set()
    led: list[str] = []
    free: list[str] = []
    for _, _, pattern in _patterns():
        chars = begins(pattern.pattern)
        first |= chars or set()
        (free if chars is None else led).append(f"(?:{pattern.pattern})")
    return frozenset(first), re.compile("|".join(led)), re.compile("|".join(free))


def _possible(text: str) -> bool:
    """Whether any of the patterns matches: one or two looks instead of fifty for the words that are no command."""
    first, led, free = _gates()
    return bool((text[:1] in first and led.match(text)) or free.match(text))


def whole(text: str, words: str) -> Command | None:
    """The message is one command and nothing else. `words` is its slots.core."""
    known = _phrases()
    found = (
        known.get(text.casefold())
        or known.get(words)
        or known.get(words.rstrip("了呢啦"))
        or ((twice := _TWICE.fullmatch(words)) and known.get(twice[1]))
        or ((wish := _WISH.match(words)) and known.get(words[wish.end() :]))
    )
    if found is None:
        return None
    if (also := _EITHER.get(words)) and found[0] == "staff_ops":
        return Command(*found, score=_EITHER_SCORE, also=also)
    return Command(*found, score=0.98, also=_ALSO.get(found, ""))


def leading(text: str) -> Command | None:
    """A command at the beginning with a ticket number, reason or name after it."""
    for intent, action, pattern in _patterns() if _possible(text) else ():
        if (match := pattern.match(text)) is None:
            continue
        if intent == "staff_ops" and _ASKING.search(text[match.end() : match.end() + 12]):
            continue
        return _with_rest(intent, action, text[match.end() :])
    if match := _DONE.match(text):
        rest = text[match.end() :]
        done = bool(_WORK.search(rest)) and not _THANKS.search(rest)
        return _with_rest(*(("staff_ops", "finish") if done else ("urge_reopen_rate", "solved")), rest)
    return _numbered(text)


_NUMBER_FIRST = re.compile(r"^(?:工单|编号|单号|#)?(\d{4}|20\d{10})[号单\s,:]*(?=[一-鿿])")
_SHORT_FIRST = re.compile(r"^(\d{1,3})[号单][\s,:]*(?=[一-鿿])")  # 「2号接了」: only before an order


def _numbered(text: str) -> Command | None:
    """The number before the command: 「0017 接单」."""
    match = _NUMBER_FIRST.match(text) or _SHORT_FIRST.match(text)
    if match is None or len(text) == match.end():
        return None
    rest = text[match.end() :]
    found = leading(rest) or whole(rest, slots.core(rest))
    if found is None or (len(match.group(1)) < 4 and "staff_ops" not in (found.intent, found.also.partition("/")[0])):
        return None
    tickets = found.tickets or (match.group(1),)
    return Command(found.intent, found.action, found.score, found.reason, tickets, found.also)


def _with_rest(intent: str, action: str, rest: str) -> Command | None:
    ticket, rest = slots.leading_ticket(rest)
    also = _ALSO.get((intent, action), "")
    rest = rest.strip(" ,.:;。!、")
    if action in ("transfer", "dispatch"):
        return _to_whom(intent, action, rest, ticket)
    if action == "claim":
        ticket = ""
    if action == "extend":
        rest = when.beside(f"延{rest}" if rest[:1] in _COUNTS else rest).removeprefix("延").strip(" ,.:;。!、")
    return Command(intent, action, 0.95, rest, (ticket,) if ticket else (), also)


def _to_whom(intent: str, action: str, rest: str, ticket: str) -> Command | None:
    match = _NAME_END.match(rest)
    if match is None:
        return Command(intent, action, 0.9, "", (ticket,) if ticket else ())
    name = match.group(1)
    digits = re.search(r"(\d{4}|20\d{10})$", name)
    if digits and not ticket:
        ticket, name = digits.group(1), name[: digits.start()]
    return Command(intent, action, 0.93, name, (ticket,) if ticket else ())
