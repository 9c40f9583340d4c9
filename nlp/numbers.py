"""Chinese numerals as numbers: what a run of numerals is worth; not which numerals mean a number."""

from __future__ import annotations

import re

DIGITS = {
    "零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
    "九": 9, "幺": 1, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "俩": 2,
}  # fmt: skip
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000}
TENS = {"廿": 20, "卅": 30}
NUMERALS = "".join((*DIGITS, *UNITS, *TENS))
RUN = re.compile(f"[{NUMERALS}]+")


def value(run: str) -> int | None:
    """十七 → 17, 一千二百零六 → 1206, 二零一 → 201, "12" → 12; None for what is no number (千百, 十十)."""
    if run.isascii() and run.isdigit():
        return int(run) if len(run) <= 12 else None
    if not run or any(char not in NUMERALS for char in run):
        return None
    if all(char in DIGITS for char in run):
        return int("".join(str(DIGITS[char]) for char in run)) if len(run) <= 12 else None
    return _counted(run)


def digits(run: str) -> str | None:
    """Like `value`, as written digits: a run of single digits keeps its zeros (零二 → 02)."""
    if run and all(char in DIGITS for char in run):
        return "".join(str(DIGITS[char]) for char in run)
    number = value(run)
    return None if number is None else str(number)


def _counted(run: str) -> int | None:
    total, digit, smallest, waiting = 0, 0, 100_000, False
    for char in run:
        if char in DIGITS:
            if waiting and digit:
                return None  # 二三十: two digits beside each other are "about", not a number
            digit, waiting = DIGITS[char], True
            continue
        unit = UNITS.get(char) or TENS.get(char, 0)
        if unit >= smallest or (unit != 10 and unit not in (20, 30) and not waiting):
            return None
        if char in TENS:
            total, digit, waiting, smallest = total + unit, 0, False, 10
        else:
            total, digit, waiting, smallest = total + (digit if waiting else 1) * unit, 0, False, unit
    # 一百五 is 150; 一百零五 is 105.
    if waiting and smallest >= 100 and len(run) >= 2 and run[-2] in UNITS:
        digit *= smallest // 10
    return total + digit
