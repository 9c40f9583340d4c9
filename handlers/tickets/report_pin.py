"""A pin in a report: which house it names, and what it leaves open."""

from __future__ import annotations

from typing import Any

from handlers import forms, ground
from handlers.read import Read
from handlers.tickets import matters, texts_report
from handlers.tickets.matters import Matter
from handlers.types import Turn
from nlp.types import Place


def place_of(turn: Turn, read: Read) -> Place | None:
    """The house at the message's pin; None where there is no pin, no house, or the pin may be of another house."""
    pin = turn.inbound.pin
    return read.place_at(pin) if pin and not ground.blurred(pin, turn.policy) else None


def take(turn: Turn, read: Read, answers: dict[str, Any]) -> str:
    """Puts the pin into the report, and its house where the words left the house open. What to say of it."""
    if turn.inbound.pin is None:
        return ""
    answers["pin"] = forms.pin_json(turn.inbound.pin)
    place = place_of(turn, read)
    if place is None:
        answers.pop("pinned", None)
        said = any(matters.place_of(matter) for matter in answers["matters"])
        return texts_report.PIN_ADDED if said else texts_report.PIN_NO_HOUSE
    answers["pinned"] = forms.place_json(place)
    for matter in answers["matters"]:
        if found := _narrowed(matter, place):
            matters.put_place(matter, found)
    return texts_report.PIN_ADDED


def question(answers: dict[str, Any]) -> str:
    """What the matter is, asked of who sent a pin; "" where no pin was sent."""
    if place := forms.place_from(answers.get("pinned")):
        return texts_report.ASK_MATTER_AT.format(label=place.label)
    return texts_report.ASK_MATTER_PIN if answers["pin"] else ""


def _narrowed(matter: Matter, place: Place) -> Place | None:
    """What the pin adds to the words: they win where they name a house."""
    if matter.get("cands"):
        cands = (forms.place_from(cand) for cand in matter["cands"])
        inside = [cand for cand in cands if cand and cand.estate == place.estate]
        return inside[0] if len(inside) == 1 else None
    said = matters.place_of(matter)
    open_ = said is None or (said.level == "estate" and said.estate == place.estate and "where" not in matter)
    return place if open_ else None
