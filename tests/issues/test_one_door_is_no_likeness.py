"""A fire and the rubbish of one door stood as 「说法相近」, a click away from being merged: both had the address."""

from __future__ import annotations

from nlp.types import Place
from storage.engine import Database
from storage.similar import Like, open_like
from tests.storage.kit import do, opened
from tests.storage.town import build

DOOR = Place(community=10, estate=11, building="3", unit="1", label="学府花园3幢1单元")


def test_where_it_is_does_not_make_matters_alike(database: Database) -> None:
    build(database)
    for number, what, category in (
        (901, "门口垃圾没人清", "0101"), (902, "着火了，快来人", "0701"), (903, "门口垃圾堆着没人清", "0102"),
    ):  # fmt: skip
        said = opened(number, words=DOOR.label + what, summary=what, category=category, place=DOOR, community=10)
        do(database, said)
    assert open_like(database, 901, None) == [Like(903, "同一处、说法相近")]
