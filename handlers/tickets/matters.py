"""One matter of a report as JSON in a dialog: from words, to place, to a Report. Decides nothing."""

from __future__ import annotations

import re
from typing import Any

from handlers import forms
from handlers.tickets import categories
from handlers.tickets.opening import Report, summary_of
from handlers.types import Media, Person, Pin, Turn
from nlp.types import Issue, Place, PlaceReading, Understanding
from nlp.unnamed import unnamed

_BEHIND = re.compile(
    "(?:的)?(?:旁边|边上|后面|后头|前面|前头|对面|门口|门前|楼下|里面|附近|隔壁|东面|西面|南面|北面)"
)
Matter = dict[str, Any]


def from_words(turn: Turn) -> list[Matter]:
    """The matters of a message; a message without a clear split is one matter with its whole text."""
    said = turn.said
    if len(said.issues) > 1:
        return [_matter(turn, part.text, part.text, part) for part in said.issues]
    only = said.issues[0] if said.issues else None
    part = Issue(
        text=(only.text if only else said.text) or said.text,
        category=said.category,
        urgency=said.urgency,
        place=said.place if said.place.found or said.place.unknown else (only.place if only else said.place),
    )
    return [_matter(turn, said.raw or turn.inbound.text, part.text, part)]


def _matter(turn: Turn, words: str, fault: str, part: Issue) -> Matter:
    said: Understanding = turn.said
    matter: Matter = {
        "words": words.strip(),
        "summary": summary_of(fault) or summary_of(words),
        "category": part.category or categories.OTHER,
        "urgency": part.urgency,
        "kind": said.kind,
    }
    if said.intent == "complaint_service" or matter["category"] in categories.COMPLAINTS | categories.DESK_ONLY:
        matter["desk"] = True  # nobody judges a complaint against himself (domain.md §2.8)
    set_place(matter, part.place, turn.who)
    if (where := _where(said, fault)) and "place" in matter:
        matter["summary"], matter["where"] = summary_of(fault.removesuffix(where)) or matter["summary"], where
    return matter


def _where(said: Understanding, fault: str) -> str:
    """The words of where that stood behind the place, and are left at the end when it is cut out: 「3幢旁边」."""
    behind = (said.text[end:] for _, end in said.place.spans)
    return next((words for words in behind if _BEHIND.fullmatch(words) and fault.endswith(words)), "")


def set_place(matter: Matter, reading: PlaceReading, who: Person) -> bool:
    """Puts what a reading says of the place into the matter. True when it said anything."""
    located = forms.locate(reading, who)
    if located.place:
        put_place(matter, located.place)
        return True
    if located.several:
        matter["cands"] = [forms.place_json(place) for place in located.several]
        return True
    if located.unknown:
        matter["unknown"] = located.unknown
        return True
    return False


def put_place(matter: Matter, place: Place) -> None:
    matter["place"] = forms.place_json(place)
    matter.pop("cands", None)
    matter.pop("unknown", None)
    matter.pop("nowhere", None)
    if matter.pop("gave_up", False):
        matter.pop("desk", None)  # it was the desk's for want of a place


def place_of(matter: Matter) -> Place | None:
    return forms.place_from(matter.get("place"))


def default_place(matter: Matter, who: Person) -> Place | None:
    """The home, only for household faults and only when there is one (rule A17); a building alone is none."""
    if matter["category"] in categories.HOUSEHOLD and len(who.around) == 1 and who.around[0].level == "room":
        return who.around[0]
    return None


def report(matter: Matter, media: tuple[Media, ...], pin: Pin | None, anonymous: bool) -> Report:
    place = place_of(matter)
    return Report(
        words=matter["words"],
        summary=matter["summary"],
        category=matter["category"],
        urgency=matter["urgency"],
        kind=matter["kind"],
        place=forms.with_where(place, unnamed(matter.get("where", ""))) if place else None,
        media=media,
        pin=pin,
        anonymous=anonymous,
        to_desk=bool(matter.get("desk")),
    )
