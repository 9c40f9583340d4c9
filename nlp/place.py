"""Where a message speaks of: addresses and spots against the register (domain.md §3.2). Never guesses (A1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter

from nlp import place_patterns as patterns
from nlp.lexicon import lexicon
from nlp.place_names import Named, named, sounding
from nlp.place_patterns import Written
from nlp.register import EMPTY, Building, Estate, Register
from nlp.types import NOWHERE, Place, PlaceReading

_sureness = attrgetter("confidence")
_DENIED = re.compile(r"(?<!是)不[是在住][^,。;是在住]{0,10}$")
MOST = 8  # places offered; more than that and the resident must name the 小区


def read_place(text: str, register: Register = EMPTY, *, nearest: bool = False) -> PlaceReading:
    """The places of the register that a normalised text names, best first; see PlaceReading.

    `nearest`: where the room or unit does not exist, the building that does (for messages in danger).
    """
    if not text:
        return NOWHERE
    addresses = _meant(text, patterns.written(text))
    names = named(text, register)
    if not addresses:
        return _without_number(text, register, names)
    found: dict[Place, None] = {}
    spans: list[tuple[int, int]] = []
    unknown, said, whole = "", False, len(addresses) == 1
    for address in addresses:
        name = _name_of(text, address, names, addresses)
        estates, by_name, begin = _estates(text, address, name, register)
        found_here = _places(address, estates, by_name)
        # Without homes to narrow by, one more than can be offered is as good as all of them.
        places = tuple(found_here if register.near else islice(found_here, MOST + 1))
        if nearest and not places and estates:
            rough = address._replace(unit="", room="")
            places = tuple(_places(rough, estates, by_name))
        alone = whole and len(text) <= address.end - begin + 4
        if not places and not (address.sure or by_name or alone):
            continue
        spans.append((begin, address.end))
        if name and name.end <= begin:
            spans.insert(0, (name.start, name.end))
        said = said or by_name
        if not places and not unknown:
            unknown = text[name.start if name and name.end <= begin else begin : address.end]
        found.update(dict.fromkeys(sorted(places, key=_sureness, reverse=True)))
    if not spans:
        return _without_number(text, register, names)
    if len(found) > MOST and register.near:
        found = dict.fromkeys(place for place in found if place.estate in register.near)
    if len(found) > MOST or (register.near and spans and not found and not unknown):
        words = "".join(text[start:end] for start, end in spans)
        return PlaceReading((), said, "", words, crowded=True, spans=tuple(spans))
    return PlaceReading(tuple(found), said and bool(found), "" if found else unknown, "", spans=tuple(spans))


def without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The words beside an address."""
    kept, last = [], 0
    for start, end in sorted(spans):
        if start >= last:
            kept.append(text[last:start])
        last = max(last, end)
    kept.append(text[last:])
    return "".join(kept)


def _meant(text: str, addresses: list[Written]) -> list[Written]:
    """Without what is denied beside another: 「不是4幢,还是3幢」 is 3幢."""
    if "不" not in text:
        return addresses
    meant = [one for one in addresses if not _DENIED.search(text[: one.start])]
    return meant or addresses


def _name_of(text: str, address: Written, names: list[Named], addresses: list[Written]) -> Named | None:
    """The name that belongs to an address: the nearest before it, else the first of the text."""
    before = [name for name in names if name.end <= address.end and name.start <= address.start]
    if before:
        return before[-1]
    return names[0] if names and len(addresses) == 1 else None


def _estates(
    text: str, address: Written, name: Named | None, register: Register
) -> tuple[tuple[Estate, ...], bool, int]:
    """The estates an address may lie in, whether the words name them, and where the written address begins."""
    if name is not None:
        estates = _in_lane(name.estates, address.lane) if address.lane else name.estates
        begin = name.start if address.start - name.end <= 3 else address.start
        return estates, True, begin
    phase, begin = _phase_before(text, address.start)
    own, own_begin = patterns.name_before(text, begin)
    located = (
        register.lanes.get(address.lane, ()) if address.lane else register.phases.get(phase, ()) if phase else ()
    )
    if address.lane or phase:
        road = patterns.ROAD_END.search(own)
        if road:
            estates = tuple(e for e in located if not e.road or own.endswith(e.road) or e.road.endswith(own))
            return estates, bool(estates), own_begin
        if own and _is_name(own, begin, own_begin, text):
            return sounding(own, located), True, own_begin
        return located, bool(address.lane and located) or len(located) == 1, begin
    if own and _is_name(own, begin, own_begin, text):
        return (), True, own_begin  # A2: a lone number does not locate a misheard name
    if not address.word and address.unit and address.building in register.lanes:
        return register.lanes[address.building], True, address.start
    key = _key(address)
    return register.holding.get(key, ()) or register.holding.get(address.building, ()), False, address.start


def _is_name(own: str, end: int, begin: int, text: str) -> bool:
    """Words before a number that can only be the name of some 小区 we do not have."""
    if len(own) < 2 or any(len(lexicon().words[word]) >= 2 for word in lexicon().scan(own).spans):
        return bool(patterns.NAME_END.search(own)) and len(own) >= 3
    if patterns.NAME_END.search(own):
        return True
    starts = begin == 0 or not ("一" <= text[begin - 1] <= "鿿") or end - begin < 14
    return starts and len(own) <= 4


def _in_lane(estates: Iterable[Estate], lane: str) -> tuple[Estate, ...]:
    return tuple(estate for estate in estates if lane in estate.lanes)


def _phase_before(text: str, start: int) -> tuple[str, int]:
    for match in patterns.PHASE.finditer(text[max(0, start - 4) : start]):
        if match.end() >= min(4, start) - 1:
            return match.group(1), max(0, start - 4) + match.start()
    return "", start


def _key(address: Written) -> str:
    return f"{address.group}组{address.building}" if address.group else address.building


def _places(address: Written, estates: Iterable[Estate], by_name: bool) -> Iterator[Place]:
    for estate in estates:
        if not address.building:
            yield _place(estate, None, "", address, 0.9)
            continue
        buildings = estate.by_number.get(_key(address)) or estate.by_number.get(address.building, ())
        # 186/47/201 is 弄/号/室 where there is such a lane (A13); elsewhere 幢/单元/室.
        if not address.word and address.unit and address.building in estate.lanes:
            yield from _in_building(
                Written(0, 0, lane=address.building, building=address.unit, room=address.room), estate,
                estate.by_number.get(address.unit, ()), 0.9,
            )  # fmt: skip
            continue
        bare = address.word == "号" and not (address.unit or address.room or address.lane or by_name)
        if bare and not estate.word.startswith("号"):
            continue
        same_word = address.word in ("", "号楼") or (address.word == "号") == estate.word.startswith("号")
        yield from _in_building(address, estate, buildings, 0.95 if by_name else 0.7 if same_word else 0.6)


def _in_building(
    address: Written, estate: Estate, buildings: Iterable[Building], confidence: float
) -> Iterator[Place]:
    for building in buildings:
        if address.lane and building.lane and address.lane != building.lane:
            continue
        units = building.units
        if not any(units.values()) and not any(units):
            yield _place(
                estate, building, "", address, confidence
            )  # no households known: the building is all there is
            continue
        if address.unit and address.unit not in units:
            continue
        wanted = (address.unit,) if address.unit else tuple(units)
        if not address.room:
            yield _place(estate, building, address.unit, address, confidence)
            continue
        if not any(units[unit] for unit in wanted):
            yield _place(estate, building, address.unit, address, confidence)
            continue
        for unit in wanted:
            for room in (address.room, address.room.lstrip("0"), f"0{address.room}"):
                if room in units[unit]:
                    yield _place(estate, building, unit, address, confidence, room)
                    break


def _place(
    estate: Estate, building: Building | None, unit: str, address: Written, confidence: float, room: str = ""
) -> Place:
    floor = address.floor if building and not room else ""
    return Place(
        community=estate.community, estate=estate.id, estate_name=estate.name,
        building=building.number if building else "", unit=unit, floor=floor, room=room,
        label=label(estate, building, unit, floor, room), confidence=confidence, source="text",
    )  # fmt: skip


def label(estate: Estate, building: Building | None, unit: str = "", floor: str = "", room: str = "") -> str:
    """One line to read back (A14): the 弄 only where the 小区 has several and its name does not say it."""
    words = [estate.name]
    if building is not None:
        word = building.word or estate.word or "幢"
        if building.lane and len(estate.lanes) > 1 and building.lane not in estate.name:
            words.append(f"{building.lane}弄")
        words.append(f"{building.number}{word}")
        if unit:
            words.append(f"{unit}单元")
        if floor:
            words.append(f"{floor}楼")
        if room:
            words.append(f"{room}室" if word == "号" else room)
    return "".join(words)


def _without_number(text: str, register: Register, names: list[Named]) -> PlaceReading:
    """A 小区 by name alone, or a spot of it; else the kind of spot (A17 asks where)."""
    spot_match = patterns.UNDERGROUND.search(text) or patterns.SPOT.search(text)
    spot = spot_match.group() if spot_match else ""
    named_here = tuple(dict.fromkeys(estate for name in names[:1] for estate in name.estates))
    spans = tuple((name.start, name.end) for name in names[:1])
    estates = named_here or (register.estates if len(register.estates) == 1 else ())
    known = [(estate, best) for estate in estates if (best := _own_spot(text, spot, estate))]
    if known and (named_here or len(known) == 1):
        found = tuple(
            Place(e.community, e.id, e.name, spot=s, label=f"{e.name}{s}", confidence=0.9, source="text")
            for e, s in known
        )
        return PlaceReading(found[:MOST], bool(named_here), spans=spans)
    if named_here:
        places = tuple(_place(estate, None, "", Written(0, 0), 0.9) for estate in named_here)
        return PlaceReading(places if len(places) <= MOST else (), True, "", spot, spans=spans)
    return PlaceReading(kind_of_spot=spot) if spot else NOWHERE


def _own_spot(text: str, spot: str, estate: Estate) -> str:
    """The longest spot of the estate that the text names (§3.1: longest name wins)."""
    return max((s for s in estate.spots if s and (s in text or (spot and s == spot))), key=len, default="")
