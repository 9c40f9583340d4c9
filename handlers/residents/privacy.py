"""The resident's rights over their data: see, export, hide the name, delete (PIPL 44–47, domain.md §8)."""

from __future__ import annotations

from handlers import forms, texts
from handlers.read import Read
from handlers.residents.facts import AnonymitySet, PersonErased, PhoneGiven
from handlers.types import Outcome, Reply, Turn, say

ERASE = "erase"


def privacy(turn: Turn, read: Read) -> Outcome:
    return Outcome(replies=(Reply(texts.PRIVACY, (), texts.PRIVACY_PATH),))


def export(turn: Turn, read: Read) -> Outcome:
    """Everything kept about the person, in one message; the office gives it on paper or as a file."""
    who = turn.who
    reports = read.reports_of(who.id, limit=20)
    lines = ["我们存的您的信息：", f"姓名：{who.name or '没有'}", f"电话：{_masked(who.phone)}"]
    lines.append("住址：" + ("、".join(home.place.label for home in who.homes) or "没有"))
    lines.append(f"报事：{len(reports)}件")
    lines += [f"{t.short} {t.summary}（{t.place.label}）" for t in reports]
    lines.append("要纸质的或文件，请说「转人工」。")
    return say("\n".join(lines))


def _masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else ("有" if phone else "没有")


def erase(turn: Turn, read: Read) -> Outcome:
    """Asked once, because it cannot be undone."""
    if turn.who.posts:
        return say("您有社区的岗位，先请社区免去岗位，再删除数据。")
    choices = (texts.ERASE_YES, texts.ERASE_NO)
    return say(texts.ERASE_ASK, *choices, dialog=forms.ask(turn, ERASE, {}, *choices))


def resume_erase(turn: Turn, read: Read) -> Outcome | None:
    index = forms.picked(turn)
    if index == 0 or turn.said.yes or turn.said.action == "erase":
        kept = tuple(ticket.id for ticket in read.emergencies_of(turn.who.id))
        return Outcome(replies=(Reply(texts.ERASED),), facts=(PersonErased(turn.who.id, kept),), dialog=None)
    if index == 1 or turn.said.yes is False or "不删" in turn.said.text or forms.never_mind(turn):
        return say(texts.ERASE_KEPT, dialog=None)
    return None


def anonymous(turn: Turn, read: Read) -> Outcome:
    return Outcome(replies=(Reply(texts.ANONYMOUS_ON),), facts=(AnonymitySet(turn.who.id, True),))


def named(turn: Turn, read: Read) -> Outcome:
    return Outcome(replies=(Reply(texts.ANONYMOUS_OFF),), facts=(AnonymitySet(turn.who.id, False),))


def phone(turn: Turn, read: Read) -> Outcome:
    if not turn.said.phone:
        return say("请把电话号码直接发给我，比如「我的电话是138开头的11位号码」。")
    return Outcome(replies=(Reply(texts.PHONE_SAVED),), facts=(PhoneGiven(turn.who.id, turn.said.phone),))
