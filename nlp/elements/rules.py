"""Address elements by names and suffixes alone: divisions by name, then roads, numbers by what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexicon import data

_PROV_END = r"(?:省|壮族自治区|回族自治区|维吾尔自治区|自治区)?"
_NUMBER = r"[A-Za-z]?\d{1,6}(?:[-~、,]\d{1,5}){0,2}[A-Za-z]?|[一二三四五六七八九十百]{1,4}|[甲乙丙]\d{1,4}"
_TOWN = re.compile(r"[一-鿿]{1,5}?(?:街道办事处|街道|镇(?!政府|中心)|乡(?!村)|苏木)")
_ZONE = re.compile(r"[一-鿿]{0,7}?(?:经济技术开发区|高新技术开发区|经济开发区|高新区|开发区|工业园区|经开区)")
_VILLAGE = re.compile(r"[一-鿿]{1,5}?(?:村委会|村(?!委|镇|路)|社区|居委会)")
_ROAD = re.compile(
    r"(?:[一-鿿]|\d(?=\d*号?[路街])){1,9}?(?:大道|公路|国道|省道|路(?!口)|街(?!道|区)|巷|胡同|大街)(?:[东西南北中]段)?"
)
_ROAD_NUMBER = re.compile(
    rf"(?:{_NUMBER})(?:号(?!楼|院)(?:之\d+)?|弄)|\d{{1,6}}(?=$|[-_ ]|[一-鿿])(?![幢栋座楼层单室#])"
)
_HOUSE = re.compile(rf"(?:{_NUMBER}|[A-Za-z])(?:号楼|[幢栋座](?:楼(?!上|下))?|#楼?)")
_CELL = re.compile(r"(?:\d{1,3}|[一二三四五六七八九十]{1,2}|[东西中A-Za-z])单元")
_FLOOR = re.compile(r"(?:负?[一二三四五六七八九十]{1,3}|-?\d{1,3})(?:楼(?!上|下)|层)|\d{1,3}[Ff](?![A-Za-z])")
_ROOM = re.compile(r"[A-Za-z]?\d{2,6}[A-Za-z]?(?:室|房间?|号房)?|\d{1,2}室|[A-Za-z]室")
_TRIPLE = re.compile(r"([A-Za-z]?\d{1,4})([-—/ _])(\d{1,3})([-—/ _])(\d{1,5})(?:室)?(?!\d)")
_PAIR = re.compile(r"([A-Za-z]?\d{1,4})([-—/_])(\d{2,5})(?:室)?(?![\d号幢栋弄])")
_HOUSE_NUMBER = re.compile(r"(?:\d{1,6}(?:-\d{1,4})?)号(?!楼)")


@dataclass(frozen=True, slots=True)
class Element:
    """`text[start:end]` is the element `label` (the labels of Li et al., NAACL 2019)."""

    label: str
    start: int
    end: int


@lru_cache(maxsize=1)
def divisions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a province, city, district looks like, by name (and by suffix for districts elsewhere)."""
    lines = (line.partition(": ") for line in data("divisions.txt").splitlines() if line and line[0] != "#")
    names = {label: "|".join(sorted(words.split(), key=len, reverse=True)) for label, _, words in lines}
    return (
        ("country", re.compile(r"中国|中华人民共和国")),
        ("prov", re.compile(rf"(?:{names['prov']}){_PROV_END}(?!路|街|大道|大学|大厦)")),
        ("city", re.compile(rf"(?:{names['city']})(?:市|地区)?(?![路街巷镇村苑区]|大道|大厦|银行|大酒店)")),
        (
            "district",
            re.compile(
                rf"(?:{names['district']})(?:新区|自治县|[市区县])?(?![路街巷镇村苑桥]|大道|大厦|小区|社区|文化)"
            ),
        ),
        ("district", re.compile(r"[一-鿿]{1,4}?(?:新区|自治县|县|市(?!场|政|民)|区(?!域|政府))")),
    )


def segment(text: str) -> tuple[Element, ...]:
    """The elements of an address string, left to right. Linear time; what is not known is left out."""
    found = list(_divisions(text))
    at = max((one.end for one in found), default=0)
    found += _below(text, at)
    return tuple(found)


def _divisions(text: str) -> Iterator[Element]:
    at, seen = 0, ""
    order = ("country", "prov", "city", "district")
    while at < len(text):
        for label, pattern in divisions():
            if seen and order.index(label) <= order.index(seen):
                continue
            match = pattern.match(text, at)
            if match is not None:
                yield Element(label, at, match.end())
                at, seen = match.end(), label
                break
        else:
            return


def _below(text: str, at: int) -> Iterator[Element]:
    for label, pattern in (("devZone", _ZONE), ("town", _TOWN), ("community", _VILLAGE)):
        match = pattern.match(text, at)
        if match is not None:
            yield Element(label, at, match.end())
            at = match.end()
    road = _ROAD.match(text, at)
    if road is not None:
        yield Element("road", at, road.end())
        at = road.end()
        number = _ROAD_NUMBER.match(text, at)
        if number is not None:
            yield Element("roadno", at, number.end())
            at = number.end()
    yield from _numbers(text, at, road is not None)


def _numbers(text: str, at: int, has_road: bool) -> Iterator[Element]:
    """Building, unit, floor and room of what is left; names between them are passed over."""
    level = 0
    while at < len(text):
        if (match := _TRIPLE.match(text, at)) and level == 0:
            for group, label in ((1, "houseno"), (3, "cellno"), (5, "roomno")):
                yield Element(label, match.start(group), match.end() if group == 5 else match.end(group))
            return
        if (match := _PAIR.match(text, at)) and level == 0:
            yield Element("houseno", match.start(1), match.end(1))
            yield Element("roomno", match.start(3), match.end())
            return
        for label, pattern, rank in (
            ("houseno", _HOUSE, 1), ("cellno", _CELL, 2), ("floorno", _FLOOR, 3), ("houseno", _HOUSE_NUMBER, 1),
            ("roomno", _ROOM, 4),
        ):  # fmt: skip
            match = pattern.match(text, at)
            if match is None or (rank < level and rank != 3) or not _alone(text, at):
                continue
            yield Element(label if rank != 1 or level < 1 else "cellno", at, match.end())
            at, level = match.end(), max(level, rank)
            break
        else:
            if (
                (road := _ROAD.match(text, at))
                and not has_road
                and level == 0
                and (at == 0 or not text[at - 1].isdigit())
            ):
                yield Element("road", at, road.end())
                at, has_road = road.end(), True
                if number := _ROAD_NUMBER.match(text, at):
                    yield Element("roadno", at, number.end())
                    at = number.end()
            else:
                at += 1


def _alone(text: str, at: int) -> bool:
    """A number begins here, not in the middle of one."""
    return at == 0 or not (text[at - 1].isascii() and text[at - 1].isalnum())
