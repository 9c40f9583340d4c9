"""A pin that may be hundreds of metres off: said so, and asked for in words; what was going on goes on."""

from __future__ import annotations

from handlers import ground, texts
from handlers.activities import arrive, opening
from handlers.read import Read
from handlers.repair import kept
from handlers.residents import homes
from handlers.tickets import sos
from handlers.tickets.report_ask import FORM as REPORT
from handlers.types import Outcome, Turn, say


def unclear(turn: Turn, read: Read) -> Outcome | None:
    """None for a pin that is clear, and in a danger: who comes to help is helped by a rough one too."""
    pin, form = turn.inbound.pin, turn.dialog.form if turn.dialog else ""
    if pin is None or not ground.blurred(pin, turn.policy) or form == sos.FORM:
        return None
    in_form = form in (REPORT, opening.FORM, homes.BIND)
    if not in_form and (here := arrive.by_place(turn, read)):
        return here
    text = texts.PIN_BLURRED.format(away=ground.distance(pin.accuracy))
    return kept(turn, say(text)) if in_form else say(text + texts.PIN_IN_WORDS)
