"""Sums of money: 300块, 一百五, 2万3, 12块5, ￥30. In yuan; prices per unit are sums too."""

from __future__ import annotations

import re

from nlp import numbers
from nlp.skipping import skipping

_DIGITS = r"\d{1,9}(?:,\d{3})*(?:\.\d{1,2})?"
_SPOKEN = rf"[{numbers.NUMERALS}]{{1,8}}"
_GATE = skipping(r"元(?<!单元)|[块毛角￥¥万千百]|RMB|人民币")
_SUM = re.compile(
    rf"[￥¥] ?(?P<sign>{_DIGITS})(?P<signed>万)?"
    rf"|(?<![\d.A-Za-z])(?P<big>\d{{1,4}}(?:\.\d{{1,4}})?)(?P<scale>[万千百])(?P<tail>[1-9])?(?P<unit2>多?(?:元|块钱?|人民币))?(?![\d户平人米台个只吨次年条辆株])"
    rf"|(?<![\d.A-Za-z])(?P<n>{_DIGITS}|{_SPOKEN})(?:多|来|余)?(?:元(?!旦|宵|件|素)|块钱?(?!头|地|墙|板|砖|石|玻|瓷|木|牌)|人民币|RMB)"
    r"(?P<part>[1-9一二三四五六七八九](?=$|[,。;、!?的了吧呢 ]))?"
    rf"|(?<![\d.A-Za-z])(?P<tens>\d|[一二两三四五六七八九])[毛角](?!巾|病|坯|钱树|落|度|色|里)"
)
# 一百五 without 块 is money only beside a word of money.
_SPOKEN_SUM = re.compile(
    rf"(?:收|交|花|罚|付|赔|退|欠|押金|费用?|价格?|要价?|卖|买|给|转|扣|充|缴|赚|涨到)了?(?:我|他|你|们)?(?P<n>[{numbers.NUMERALS}]*[百千万][{numbers.NUMERALS}]*)"
    rf"(?![{numbers.NUMERALS}块元户平人米台个只吨次年条辆株岁多])"
)


def amounts(text: str) -> tuple[float, ...]:
    """The sums of a normalised text in yuan, in the order they are said; at most eight."""
    if _GATE.search(text) is None:
        return ()
    found = [(match.start(), _value(match)) for match in _SUM.finditer(text)]
    found += [(match.start("n"), _spoken(match["n"])) for match in _SPOKEN_SUM.finditer(text)]
    return tuple(value for _, value in sorted(found) if value)[:8]


def _value(match: re.Match[str]) -> float:
    if match["sign"]:
        return _plain(match["sign"]) * (10_000 if match["signed"] else 1)
    if match["big"]:
        scale = {"万": 10_000, "千": 1_000, "百": 100}[match["scale"]]
        if not match["unit2"] and not match["tail"] and match["scale"] != "万":
            return 0.0
        return float(match["big"]) * scale + int(match["tail"] or 0) * scale / 10
    if match["tens"]:
        return (numbers.value(match["tens"]) or 0) / 10
    said = match["n"]
    whole = _plain(said) if said[0].isascii() else _spoken(said)
    return whole + (numbers.value(match["part"]) or 0) / 10 if match["part"] else whole


def _plain(digits: str) -> float:
    return float(digits.replace(",", ""))


def _spoken(run: str) -> float:
    value = numbers.value(run)
    return float(value) if value is not None else 0.0
