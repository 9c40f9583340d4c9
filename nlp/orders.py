"""Orders of leaders, units, desks and streets: several in one message, each with its numbers and words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlp.normalize import normalize


@dataclass(frozen=True, slots=True)
class Order:
    """`action`: a name of the order table. `tickets`: digits as written. `words`: what is left of the clause."""

    action: str
    tickets: tuple[str, ...] = ()
    words: str = ""


# the order decides: longer words before those they begin with
_VERBS: tuple[tuple[str, str], ...] = (
    ("TAKE_BACK", r"(?:撤回|取消|撤销)办结|办结撤回"),
    ("TAKE_OVER", r"接管"), ("HAND_OVER", r"交还"), ("NOTE", r"备注"),
    ("FAIL", r"核查不通过|核查不合格"), ("PASS", r"核查通过|核查合格"),
    ("REJECT", r"不予受理|不受理"), ("REFUSE_LIST", r"拒收(?:\(?清单外\)?)?"),
    ("MERGE", r"(?:合并|并案|并单|并入|并)(?:到|至|入)?"), ("UNMERGE", r"拆案|拆单|拆出来"),
    ("HANG", r"(?:申请)?(?:挂账|挂起)"), ("RESUME", r"恢复办理|取消挂账|结束挂账|恢复"),
    ("END", r"(?:申请)?终止(?:办理)?"), ("HOTLINE", r"转(?=1(?:10|19|20|22)(?!\d))"),
    ("WHISTLE", r"吹哨(?:给)?"), ("SIGN_IN", r"签到|报到"), ("CONCLUDE", r"报?结论(?:是)?"),
    ("ASSIST", r"加?协办"), ("RECLASS", r"改分类|分类改[为成]"), ("TAKE_IN", r"受理"),
    ("ASK_MORE", r"请(?:报事人)?补充"), ("FOLLOW_UP", r"跟进"), ("RATE_UNIT", r"评(?:单位)?(?=[\s:]*\d{4})"),
    ("ADD", r"办理情况(?:是)?|办理进展(?:是)?"),
    ("RETURN", r"退单|退回|退件|退"), ("ACCEPT", r"接单|接下|接"), ("VISIT", r"到场"), ("SOLVE", r"办结|办好了"),
    ("ESCALATE", r"上报"),
)  # fmt: skip
_NUMBER = r"(?:20\d{10}|\d{4})(?!\d)"
_NUMBERS = rf"{_NUMBER}(?:[\s:]*(?:和|与|跟|及|、|,|还有)?[\s:]*{_NUMBER})*"
_ANY = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _VERBS)
_VERB_FIRST = re.compile(rf"^(?:我)?(?:{_ANY})(?:了)?[\s:,]*(?P<numbers>{_NUMBERS})?[号单]?[\s:,]*(?P<rest>.*)$")
_NUMBER_FIRST = re.compile(rf"^(?P<numbers>{_NUMBERS})[号单]?[\s:,]*(?:{_ANY})(?:了)?[\s:,]*(?P<rest>.*)$")
_CLAUSE = re.compile(
    rf"[;。\n]|,(?=[\s:]*(?:{_NUMBER}|接|退单|退回|办结|挂账|并到))"
    rf"|(?<=.)[,:\s]+(?={_NUMBER}[:\s]*(?:退单|退回|接单|办结|办好|到场))"
)
_DIGITS = re.compile(_NUMBER)
_BLANKS = re.compile(r"[ \t\u3000]+")  # a blank after a word ends it
# single orders with one number that the table of commands reads as well
_COMMON = frozenset({"ACCEPT", "RETURN", "VISIT", "SOLVE", "ESCALATE"})

_BEFORE = re.compile(r"^(?:工单|编号|单号|#)?(?:20\d{10}|\d{4})[号单\s,，:：、]*")
_SENT = re.compile(
    r"(?:让|叫|请|派|喊)(?![我你您他她人大谁])([一-鿿]{1,8}?)(?:过?去|过来|来|上门|跑)(?!电|年|不|哪|了)"
)


def sent(text: str) -> str:
    """Whom somebody else's going names: 「让冯师傅去」 → 冯师傅, "" for none."""
    match = _SENT.search(text)
    return match.group(1) if match else ""


def without_number(text: str) -> str:
    """The words behind the ticket number: 「0017 垃圾拉走了」 → 垃圾拉走了."""
    return _BEFORE.sub("", text.strip())


def read(text: str) -> tuple[Order, ...]:
    """The orders of a message, () when it gives none or only one that any reader knows."""
    found: list[Order] = []
    for clause in _CLAUSE.split(normalize(_BLANKS.sub(":", text.strip()))):
        clause = clause.strip(" ,;。、:")
        if not clause:
            continue
        order = _one(clause)
        if order is None or (found and not order.tickets):
            if not found:
                return ()
            found[-1] = replace(found[-1], words=f"{found[-1].words},{clause}".strip(","))
            continue
        found.append(order)
    if len(found) == 1 and found[0].action in _COMMON and len(found[0].tickets) < 2:
        return ()
    return tuple(found)


def _one(clause: str) -> Order | None:
    match = _NUMBER_FIRST.match(clause) or _VERB_FIRST.match(clause)
    if match is None:
        return None
    action = next(name for name, _ in _VERBS if match.group(name))
    tickets = tuple(dict.fromkeys(_DIGITS.findall(match.group("numbers") or "")))
    rest = match.group("rest").strip(" ,:、").replace(":", ",")
    if action == "HOTLINE" and not tickets:
        tickets = tuple(_DIGITS.findall(rest))
    if action == "MERGE":
        tickets += tuple(n for n in _DIGITS.findall(rest) if n not in tickets)
    if action in _COMMON and not tickets:
        return None
    return Order(action, tickets, rest)
