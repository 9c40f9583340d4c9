"""What only a person can answer: 转人工, and voices no machine understands, as tickets of the desk."""

from __future__ import annotations

from handlers import forms
from handlers.read import Read, Ticket
from handlers.texts import ROBOT
from handlers.tickets import texts
from handlers.tickets.facts import WordsAdded
from handlers.tickets.opening import Report, open_ticket
from handlers.tickets.rules import OPEN
from handlers.types import Choice, Outcome, Reply, Turn, say
from nlp.types import Place

VOICE = "voice"
_HUMAN, _VOICE = "找社区的人", "发来语音，请听"


def human(turn: Turn, read: Read) -> Outcome:
    """转人工 anywhere: a ticket of the desk, so that it is not lost, and the office's number."""
    if "真人" in turn.said.text and turn.said.text.rstrip("?!。").endswith(("吗", "么", "吧")):
        return say(ROBOT, Choice("转人工"))
    before = _open_one(turn, read, _HUMAN)
    phone = _phone(turn, read)
    if before:
        text = texts.HUMAN_AGAIN.format(short=before.short, phone=phone)
        return Outcome(replies=(Reply(text),), facts=(WordsAdded(before.id, turn.who.id, turn.inbound.text.strip()),))
    doing = turn.dialog.answers.get("matters") if turn.dialog and turn.dialog.form == "report" else None
    words = ";".join(m["words"] for m in doing) if doing else ""
    report = Report(
        words=f"{turn.inbound.text.strip()}{'；刚才在说：' + words if words else ''}",
        summary=_HUMAN, category="1407", kind="咨询", place=_home(turn), to_desk=True,
        media=forms.media_from(turn.dialog.answers.get("media")) if turn.dialog and doing else (),
    )  # fmt: skip
    opened, timers = open_ticket(turn, read, report)
    text = texts.HUMAN_OPENED.format(short=opened.code[-4:], phone=phone)
    return Outcome(replies=(Reply(text),), facts=(opened, *timers), dialog=None)


def voice(turn: Turn, read: Read) -> Outcome:
    """A voice without words: the desk listens; nobody has to type to be heard."""
    before = _open_one(turn, read, _VOICE)
    if before:
        fact = WordsAdded(before.id, turn.who.id, "", turn.inbound.media)
        return Outcome(replies=(Reply(texts.VOICE_MORE),), facts=(fact,))
    report = Report(
        words="（语音）", summary=_VOICE, category="99", urgency="urgent", kind="求助", place=_home(turn),
        media=turn.inbound.media, to_desk=True,
    )  # fmt: skip
    opened, timers = open_ticket(turn, read, report)
    text = texts.VOICE_TAKEN.format(short=opened.code[-4:])
    return Outcome(
        replies=(Reply(text),),
        facts=(opened, *timers),
        dialog=forms.ask(turn, VOICE, {"ticket": opened.ticket, "media": forms.media_json(turn.inbound.media)}),
    )


def _open_one(turn: Turn, read: Read, summary: str) -> Ticket | None:
    for ticket in read.reports_of(turn.who.id, limit=9):
        if ticket.summary == summary and ticket.status in OPEN and ticket.reporter == turn.who.id:
            return ticket
    return None


def _home(turn: Turn) -> Place | None:
    if len(turn.who.around) == 1:
        return turn.who.around[0]
    return Place(community=turn.who.community) if turn.who.community else None


def _phone(turn: Turn, read: Read) -> str:
    known = read.community(turn.who.community) if turn.who.community else None
    return f"也可以打{known.name}电话{known.phone}。" if known and known.phone else ""
