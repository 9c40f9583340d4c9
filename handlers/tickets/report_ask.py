"""The questions of a report, in order: matter, place, already known, confirm. Asks; takes no answer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from handlers import forms
from handlers.read import Read, Ticket
from handlers.texts import unknown_place
from handlers.tickets import matters, report_pin, texts
from handlers.tickets.matters import Matter
from handlers.types import Choice, Dialog, Outcome, Reply, Turn
from nlp.types import Place

FORM = "report"
# of the 小区 as a whole, not of the building that was named with another matter
_OUTSIDE = re.compile(r"小区|[东西南北大侧]门|广场|停车场|车库|门口路")


def proceed(turn: Turn, read: Read, answers: dict[str, Any], asked: int = 0) -> Outcome:
    """Asks the first open question, or shows the summary."""
    items: list[Matter] = answers["matters"]
    if not items:
        text = report_pin.question(answers) or (texts.ASK_MATTER_PHOTO if answers["media"] else texts.ASK_MATTER)
        return wait(turn, answers, "matter", 0, text, asked=asked)
    for at, matter in enumerate(items):
        question = _place_question(turn, answers, at, matter, asked)
        if question:
            return question
    for at, matter in enumerate(items):
        if "near" not in matter and not matter.get("desk"):
            matter["near"] = True
            place = matters.place_of(matter)
            found = read.open_near(
                matter["category"], place, forms.pin_from(answers["pin"]), turn.policy.near_metres,
                turn.now - timedelta(days=turn.policy.near_days),
            ) if place else ()  # fmt: skip
            if found:
                return _show_near(turn, answers, at, found[0], asked)
    return _summary(turn, answers)


def _place_question(turn: Turn, answers: dict[str, Any], at: int, matter: Matter, asked: int) -> Outcome | None:
    if matter.get("nowhere"):
        return None
    place = matters.place_of(matter)
    if place is None and not matter.get("cands") and not matter.get("unknown"):
        place = _silent_place(turn, answers, at, matter)
    if place is not None:
        if place.level == "estate" and "where" not in matter and not matter.get("desk"):
            text = texts.ASK_WHERE_IN.format(estate=place.estate_name)
            return wait(turn, answers, "where", at, text, asked=asked)
        return None
    if matter.get("cands"):
        cands = tuple(p for p in (forms.place_from(c) for c in matter["cands"]) if p)
        return wait(turn, answers, "which", at, texts.ASK_WHICH, *forms.places_choices(cands), asked=asked)
    if matter.get("desk") and turn.who.community:
        put = Place(community=turn.who.community)
        matter["place"] = forms.place_json(put)
        return None
    if unknown := matter.pop("unknown", ""):
        return wait(turn, answers, "place", at, unknown_place(unknown), *_home_choices(turn), asked=asked)
    text = texts.ASK_PLACE_HOME if turn.who.around else texts.ASK_PLACE
    return wait(turn, answers, "place", at, text, *_home_choices(turn), asked=asked)


def _silent_place(turn: Turn, answers: dict[str, Any], at: int, matter: Matter) -> Place | None:
    """What need not be asked: the pin, the place said with another matter, the home of a household fault."""
    place = forms.place_from(answers.get("pinned"))
    if place is None:
        others = (matters.place_of(m) for m in answers["matters"][:at] if not m.get("desk"))
        place = next((p for p in others if p is not None), None)
        if place is not None and place.building and _OUTSIDE.search(matter["summary"]):
            place = forms.of_estate(place)
            matter["where"] = ""  # its own words say where
    if place is None and not answers.get("ask_place"):
        place = matters.default_place(matter, turn.who)
    if place is not None:
        matters.put_place(matter, place)
    return place


def _home_choices(turn: Turn) -> tuple[Choice, ...]:
    seen = dict.fromkeys(forms.of_building(place).label for place in turn.who.around)
    return tuple(Choice(f"{label}（我家楼里）", label) for label in seen)


def _show_near(turn: Turn, answers: dict[str, Any], at: int, found: Ticket, asked: int) -> Outcome:
    answers["found"] = found.id
    if found.reporter == turn.who.id:
        choices = (texts.SHOW_MINE, texts.URGE, texts.STILL_NEW)
        return wait(turn, answers, "near", at, texts.near_own(found, turn.now), *choices, asked=asked)
    return wait(turn, answers, "near", at, texts.near(found, turn.now), texts.JOIN, texts.STILL_NEW, asked=asked)


def _summary(turn: Turn, answers: dict[str, Any]) -> Outcome:
    items: list[Matter] = answers["matters"]
    media = forms.media_from(answers["media"])
    labels = [(m["summary"], _label(m)) for m in items]
    if len(items) > 1:
        text = texts.confirm_many(labels)
    else:
        photos, voices = (sum(m.kind == k for m in media) for k in ("photo", "voice"))
        note = "不显示您的名字" if answers["anonymous"] else ""
        if name := answers.get("proxy"):
            note = "；".join(filter(None, (f"代{name}报", note)))
        text = texts.confirm_one(
            texts.matter(items[0]["summary"], labels[0][1], items[0]["category"], photos, voices, note)
        )
    choices = texts.CONFIRM_DESK if all(m.get("desk") for m in items) else texts.CONFIRM
    return wait(turn, answers, "confirm", 0, text, *choices)


def _label(matter: Matter) -> str:
    place = matters.place_of(matter)
    where = matter.get("where", "")
    return forms.with_where(place, where).label if place else where


def wait(
    turn: Turn, answers: dict[str, Any], waits: str, at: int, text: str, *choices: Choice, asked: int = 0
) -> Outcome:
    answers["waits"], answers["at"] = waits, at
    dialog = Dialog(form=FORM, answers=answers, offered=choices, since=turn.now, asked=asked)
    return Outcome(replies=(Reply(text, choices),), dialog=dialog)
