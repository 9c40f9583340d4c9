"""What conversations share: numbered answers, values to and from JSON, which place was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.types import Choice, Dialog, Home, Media, Person, Pin, Turn
from nlp.types import Place, PlaceReading

LAST_QUESTION = "last_question"  # in the answers of a form: what it asked
ASK_BACK = "ask_back"  # and what it asks when it comes back, where that is another question
_NEVER_MIND = re.compile(
    r"^(?:[^ ,，。!！]{1,8}[ ,，。!！]+)?(?:那|那就|就|还是)?"
    r"(?:算了|不用了?|不用报了?|先?不报了?|不弄了|不办了|不找了|不发了)"
    r"(?:吧|啦|啊)?(?:$|[,，。!！ ]|我?先?不(?:报|弄|办|找|要|用|登记)了?|谢谢|我)"
    r"(?!.*(?:还是|要报|报吧|重新|改成|换成))"
)
_WHERE = "，"  # before what the resident said of where in a place
_REASON = 24  # letters
MOST_CHOICES = 5  # more is no choice on a phone, least of all for elders (domain.md §9.2)


def picked(turn: Turn) -> int | None:
    """Index of the offered choice that was tapped, numbered or written out; None for anything else."""
    if turn.dialog is None or not turn.dialog.offered:
        return None
    offered = turn.dialog.offered
    number = turn.said.number
    if number is not None:
        return number - 1 if 1 <= number <= len(offered) else None
    if len(offered) == 1 and turn.said.yes:
        return 0  # 「对」 to a question with one answer to tap is that answer
    words = turn.inbound.text.strip()
    for index, choice in enumerate(offered):
        if words in (choice.label, choice.means):
            return index
    return None


def never_mind(turn: Turn) -> bool:
    """「算了我不报了」 「不用了 我女儿教我了」: what is being asked is given up, with or without a reason."""
    words = turn.inbound.text.strip()
    return len(words) <= _REASON and bool(_NEVER_MIND.match(words)) and not turn.said.tickets


def ask(turn: Turn, form: str, answers: dict[str, Any], *offered: Choice) -> Dialog:
    """The dialog that waits for the next answer."""
    return Dialog(form=form, answers=answers, offered=offered, since=turn.now)


def stale(dialog: Dialog, now: datetime, hours: int) -> bool:
    """An unfinished talk older than `hours` is not picked up again."""
    return dialog.since is not None and now - dialog.since > timedelta(hours=hours)


_PLACE = tuple(field.name for field in fields(Place))


def place_json(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in _PLACE}


def copied(answers: Any) -> Any:
    """A dialog's answers, to be changed: they are JSON, so nothing needs deepcopy, which costs ten times as much."""
    if isinstance(answers, dict):
        return {name: copied(value) if type(value) in _NESTED else value for name, value in answers.items()}
    return [copied(value) if type(value) in _NESTED else value for value in answers]


_NESTED = (dict, list)


def place_from(value: dict[str, Any] | None) -> Place | None:
    return Place(**value) if value else None


def media_json(media: tuple[Media, ...]) -> list[list[str]]:
    return [[m.kind, m.ref] for m in media]


def media_from(value: list[list[str]] | None) -> tuple[Media, ...]:
    return tuple(Media(kind=kind, ref=ref) for kind, ref in value or ())  # type: ignore[arg-type]


def pin_json(pin: Pin | None) -> list[Any] | None:
    return [pin.lat, pin.lon, pin.label, pin.accuracy] if pin else None


def pin_from(value: list[Any] | None) -> Pin | None:
    return Pin(*value) if value else None


@dataclass(frozen=True, slots=True)
class Located:
    """Which place a reading means for this person: one place, several to ask about, or words unknown."""

    place: Place | None = None
    several: tuple[Place, ...] = ()
    unknown: str = ""


def locate(reading: PlaceReading, who: Person) -> Located:
    """Narrows a reading by the person's homes; the words win over the homes, nothing is guessed (A1)."""
    found = reading.found
    if len(found) > 1 and not reading.named_estate:
        estates = {place.estate for place in who.around}
        near = tuple(place for place in found if place.estate in estates)
        found = near or found
    if len(found) > 1 and who.homes:
        # 「12-301」 in a building of several units: the own household settles it.
        own = tuple(p for p in found if any(_same_room(p, home) for home in who.homes))
        found = own if len(own) == 1 else found
    if len(found) == 1:
        return Located(place=found[0])
    if len(found) > MOST_CHOICES:
        return Located()  # too many to choose from by number: the 小区 has to be named
    return Located(several=found, unknown=reading.unknown)


def _same_room(place: Place, home: Home) -> bool:
    own = home.place
    return (place.estate, place.building, place.unit, place.room) == (own.estate, own.building, own.unit, own.room)


def of_building(place: Place) -> Place:
    """The same place without floor, room and what was said of where: a matter of the common parts is there (A12)."""
    if not (place.room or place.floor):
        label = place.label.partition(_WHERE)[0]
        return place if label == place.label else replace(place, label=label)
    label = f"{place.estate_name}{place.building}{_word(place)}" + (f"{place.unit}单元" if place.unit else "")
    return replace(place, floor="", room="", label=label)


def with_where(place: Place, where: str) -> Place:
    """With the words that tell where in it, for those who go there: 「学府花园6幢，垃圾房旁边」."""
    known = next((n for n in range(len(where), 1, -1) if place.label.endswith(where[:n])), 0)
    rest = where[known:].strip(" ,，.。")
    return replace(place, label=f"{place.label}{_WHERE}{rest}") if rest else place


def of_estate(place: Place) -> Place:
    """The 小区 alone."""
    return replace(place, building="", unit="", floor="", room="", spot="", label=place.estate_name)


def without_unit(place: Place) -> Place:
    """The building alone."""
    return replace(of_building(place), unit="", label=f"{place.estate_name}{place.building}{_word(place)}")


def _word(place: Place) -> str:
    rest = place.label.removeprefix(place.estate_name)
    after = rest[rest.find(place.building) + len(place.building) :] if place.building in rest else ""
    for word in ("号楼", "幢", "栋", "座", "号"):
        if after.startswith(word):
            return word
    return "幢"


def places_choices(places: tuple[Place, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(place.label) for place in places)
