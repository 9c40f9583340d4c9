"""The end of a report: confirmed, every matter becomes a ticket with its own number and promise."""

from __future__ import annotations

from typing import Any

from handlers import forms
from handlers.read import Read
from handlers.tickets import matters, proxy, texts
from handlers.tickets.facts import TicketOpened, TicketWithdrawn
from handlers.tickets.opening import open_ticket
from handlers.tickets.recurrence import again
from handlers.types import Fact, Outcome, Reply, Turn
from nlp.quick import replace


def _leads(opened: TicketOpened, read: Read) -> str:
    """Who has it, as the reporter is told."""
    unit = read.unit(opened.unit) if not opened.owner else None
    owner = read.person(opened.owner)
    return unit.name if unit else f"微网格长{owner.name}" if owner and owner.name else "微网格长"


def submit(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    """Confirmed: every matter becomes a ticket with its own number and promise."""
    media, pin = forms.media_from(answers["media"]), forms.pin_from(answers["pin"])
    facts: list[Fact] = []
    lines: list[str] = []
    for matter in answers["matters"]:
        report = matters.report(matter, media, pin, bool(answers["anonymous"]))
        if name := answers.get("proxy"):
            known = answers.get("proxy_for") or proxy.who_is(name, report.place, turn.who.id, read)
            report = replace(report, proxy_for=known, proxy_name=name)
        opened, timers = open_ticket(turn, read, report)
        facts += [opened, *timers, *again(turn, read, opened)]
        accept, due = texts.when(opened.accept_by, turn.now), texts.when(opened.due, turn.now)
        if opened.owner or opened.unit:
            lines.append(texts.opened(opened.code[-4:], opened.code, _leads(opened, read), accept, due))
        else:
            lines.append(texts.opened_desk(opened.code[-4:], opened.code, accept, due))
    if voice := answers.get("voice"):
        facts.append(TicketWithdrawn(voice, turn.who.id, kept=False))
    if len(lines) > 1:
        marks = "①②③④⑤⑥⑦⑧⑨"
        text = "\n".join(
            f"{marks[n]}{m['summary']}\n{line}"
            for n, (m, line) in enumerate(zip(answers["matters"], lines, strict=True))
        )
    else:
        text = lines[0]
    return Outcome(replies=(Reply(text),), facts=tuple(facts), dialog=None)
