"""What a tagger looks at around each character of an address string. Pure; no weights here."""

from __future__ import annotations

import re

from nlp.elements.rules import segment

_ENDS = frozenset("省市区县镇乡村路街道巷弄号幢栋座楼层室单元园苑院庄桥店厂城里场司厦期组队")
_RUN = re.compile(r"[A-Za-z]+|\d+|[一二三四五六七八九十百]+(?=[号幢栋座楼层单期组区])")
_SHAPE = {"-": "-", "_": "-", "—": "-", " ": " ", "(": "(", ")": ")", "#": "#"}


def features(text: str) -> list[list[str]]:
    """For each character the names of what is true there; the tags before it are added while tagging."""
    size = len(text)
    chars = ["<2", "<1", *text, ">1", ">2", ">3"]
    kinds = [_kind(char) for char in text]
    runs, ruled, nearest, last = _runs(text), _ruled(text), _nearest(text), _last(text)
    found = []
    for at in range(size):
        before2, before, char, after, after2, after3 = chars[at : at + 6]
        kind_before = kinds[at - 1] if at else "<"
        kind_after = kinds[at + 1] if at + 1 < size else ">"
        kind_after2 = kinds[at + 2] if at + 2 < size else ">"
        digit = kinds[at] in "dac"
        shape = f"{kind_before}{kinds[at]}{kind_after}"
        found.append([
            f"c{char}" if kinds[at] != "d" else "c0", f"b{before}" if kind_before != "d" else "b0",
            f"a{after}" if kind_after != "d" else "a0", f"B{before2}{before}", f"A{after}{after2}",
            f"1{before}{char}", f"2{char}{after}", f"3{before2}{before}{char}", f"4{char}{after}{after2}",
            f"5{before}{char}{after}", f"6{after}{after2}{after3}", f"k{shape}{kind_after2}",
            f"r{ruled[at]}", f"R{ruled[at - 1] if at else ''}{ruled[at]}{ruled[at + 1] if at + 1 < size else ''}",
            f"n{nearest[at]}", f"N{ruled[at]}{nearest[at]}", f"l{last[at]}", f"L{last[at]}{nearest[at]}",
            f"d{runs[at]}" if digit else f"D{runs[at]}", f"e{min(size - at, 6)}", f"s{min(at, 4)}",
            f"g{last[at]}{runs[at]}",
        ])  # fmt: skip
    return found


def _kind(char: str) -> str:
    if char.isdigit():
        return "d"
    if char.isascii() and char.isalpha():
        return "a"
    if char in "一二三四五六七八九十百":
        return "c"
    return _SHAPE.get(char, "z" if "一" <= char <= "鿿" else "p")


def _runs(text: str) -> list[str]:
    """Of a number: its length, what stands after and before it, and how many numbers are still to come."""
    found = [""] * len(text)
    matches = list(_RUN.finditer(text))
    for order, match in enumerate(matches):
        start, end = match.span()
        left = min(len(matches) - order, 3)
        sign = f"{min(end - start, 5)}{text[end : end + 1] or '>'}{text[start - 1 : start] or '<'}{left}"
        for at in range(start, end):
            found[at] = sign
    return found


def _ruled(text: str) -> list[str]:
    """What the rules say: B or I and the label."""
    found = [""] * len(text)
    for one in segment(text):
        for at in range(one.start, one.end):
            found[at] = ("B" if at == one.start else "I") + one.label[:6]
    return found


def _nearest(text: str) -> list[str]:
    """The next character that ends a name, and how far it is."""
    found, mark = [""] * len(text), ""
    for at in range(len(text) - 1, -1, -1):
        if text[at] in _ENDS:
            mark = text[at]
            distance = 0
        elif mark:
            distance += 1
        found[at] = f"{mark}{min(distance, 6)}" if mark else ">"
    return found


def _last(text: str) -> list[str]:
    """The last character before that ended a name."""
    found, mark = [], "<"
    for char in text:
        found.append(mark)
        if char in _ENDS:
            mark = char
    return found
