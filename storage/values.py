"""Values of the core as JSON and back; nothing of tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from handlers.types import Choice, Dialog, Reply
from nlp.types import Place

_PLACE = tuple(Place.__dataclass_fields__)


def place_json(place: Place) -> str:
    """Only what is not the default."""
    return orjson.dumps({name: value for name in _PLACE if (value := getattr(place, name))}).decode()


def place_from(text: str) -> Place:
    return Place(**orjson.loads(text)) if text else Place()


def coarse(place: Place, word: str) -> Place:
    """The place down to the building, public part only: what may stay when a person is erased.

    `word`: what the estate calls its buildings (幢).
    """
    label = f"{place.estate_name}{place.building}{word}" if place.building else place.estate_name + place.spot
    return replace(place, unit="", floor="", room="", label=label, source="")


def replies_json(replies: tuple[Reply, ...]) -> str:
    return orjson.dumps([[r.text, [[c.label, c.say] for c in r.choices], r.link] for r in replies]).decode()


def replies_from(text: str) -> tuple[Reply, ...]:
    return tuple(Reply(said, tuple(Choice(*c) for c in choices), link) for said, choices, link in orjson.loads(text))


def dialog_json(dialog: Dialog) -> str:
    """`answers` must be JSON: raises TypeError otherwise."""
    offered = [[c.label, c.say] for c in dialog.offered]
    return orjson.dumps({"answers": dialog.answers, "offered": offered, "asked": dialog.asked}).decode()


def dialog_from(form: str, state: str, since: datetime) -> Dialog:
    said: dict[str, Any] = orjson.loads(state)
    return Dialog(form, said["answers"], tuple(Choice(*c) for c in said["offered"]), since, said["asked"])


def public_place(place: Place, digest: str) -> dict[str, Any]:
    """A place as the facts log may keep it for ever: the building, and a digest of the whole."""
    return {
        "community": place.community, "estate": place.estate, "building": place.building, "spot": place.spot,
        "digest": digest,
    }  # fmt: skip
