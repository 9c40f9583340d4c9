"""Telephones and identity numbers in any text, to mask or to call; what only looks like one is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["mobile", "landline", "service", "identity"]

# One character for one character, so that places in the text stay.
_PLAIN = str.maketrans(
    "０１２３４５６７８９ＸｘＡ－–—―‐‑−﹣（）＋．　\u00a0：①②③④⑤⑥⑦⑧⑨",
    "0123456789XxA--------()+.  :123456789",
)
_SPOKEN = dict(zip("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "00012345678911234567892", strict=True))
_DIGIT = f"\\d{''.join(_SPOKEN)}"
_SPOKEN_RUN = re.compile(f"[{_DIGIT}](?:[ -]?[{_DIGIT}]){{6,17}}")


def _plainly(chars: str) -> str:
    """All that reads as one of these characters."""
    return "".join(map(re.escape, (*chars, *(chr(odd) for odd, plain in _PLAIN.items() if chr(plain) in chars))))


_DIGITS = _plainly(f"0123456789{''.join(_SPOKEN)}")
_ENOUGH = re.compile(rf"[\d{_DIGITS}](?:[{_plainly(' ()-')}]{{0,2}}[\d{_DIGITS}]){{6}}")

_DAY = r"(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])"
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_IDENTITY = rf"{_PROVINCE}\d{{4}}[ -]?(?:18|19|20)\d\d[ -]?{_DAY}[ -]?\d{{3}}[\dXx*]"
_IDENTITY_15 = rf"{_PROVINCE}\d{{4}}[ -]?\d\d[ -]?{_DAY}[ -]?\d{{3}}"
_MOBILE = (
    r"(?:(?:\+|00)?86[ -]{0,2})?"
    r"(?:1[3-9]\d[ -]{0,2}\d{4}[ -]{0,2}\d{4}|1[3-9]\d\d[ -]\d{3}[ -]\d{4}|1[3-9]\d\d[ -]\d{4}[ -]\d{3}"
    r"|1[3-9]\d[ -]\d{3}[ -]\d{5})"
)
_AREA = r"(?:010|02[0-57-9]|0[3-9]\d\d)"
_LANDLINE = (
    rf"(?:(?:\+|00)86[ -]?)?(?:[(]{_AREA}[)][ -]?|{_AREA}[ -]{{0,3}})[1-9]\d{{2,3}}[ -]?\d{{4}}"
    r"(?:(?:-|转|转分机|分机)\d{1,5})?"
)
_SERVICE = r"[48]00[ -]?\d{3}[ -]?\d{4}|[48]00[ -]?\d{4}[ -]?\d{3}"
_LOCAL = r"[2-8]\d{2,3}[ -]?\d{4}"
_ANY = re.compile(
    rf"(?<![\dA-Za-z])(?:(?P<identity>{_IDENTITY})|(?P<older>{_IDENTITY_15}))(?!\d)"
    rf"|(?<!\d)(?:(?P<mobile>{_MOBILE})|(?P<landline>{_LANDLINE})|(?P<service>{_SERVICE})|(?P<local>{_LOCAL}))(?!\d)"
)
# Words right before a number that say what it is.
_CALL = re.compile(
    r"(?:电话|手机|座机|固话|热线|致电|拨打|来电|联系|传真|小灵通|号码|打给|呼叫|tel|phone|mobile|mob|call)"
    r"[^\d,;。!?\n]{0,6}$",
    re.IGNORECASE,
)
_LOCAL_CALL = re.compile(r"(?:电话|座机|固话|传真|tel)(?:号码?|是|为|[:： .(])*$", re.IGNORECASE)
_PERSON = re.compile(r"(?:身份证|证件)[^\d,;。!?\n]{0,8}$")
_OTHER = re.compile(
    r"(?:(?:订单|运单|快递|流水|交易|条码|条形码|产品|商品|型号|序列|批次|合同|发票|设备|设施|资产|代码|信用|准考证|考生|房产证|备案|"
    r"许可|注册|信件|受理|银行卡|卡|账户|户|QQ|qq|扣扣|No|NO|SN|sn)(?:号码?|码|编号)?"
    r"|(?:单|卡|账|帐|户|编|工|税|表|文|案|学|条|件|群|批|证)号|编码|货号)(?:是|为|[:： .#(])*$"
)
_LETTER_BEFORE = re.compile(r"[A-Za-z]+$")
_UNIT_AFTER = re.compile(r"\.\d|[元块万亿吨斤人次套台户个件平米%]|平方|美元|[A-Za-z]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` is a number of a person or an office; `value` its digits (an identity number's X kept)."""

    kind: Kind
    start: int
    end: int
    value: str


def find(text: str, *, doubtful: bool = False) -> tuple[Found, ...]:
    """Every telephone and identity number of a text, left to right. Linear time; any length; never raises.

    Mobile (11 digits), landline with its area code, or without after the word 电话; 400 and 800 numbers; identity
    numbers of 18 digits (GB 11643-1999 check digit; without it only where the words say 身份证) and, where the words
    say so, of 15 (a grid's code has 15 digits too). `doubtful`: also 18 digits with a birthday
    and a wrong check digit.
    """
    if _ENOUGH.search(text) is None:
        return ()
    return tuple(_all(_digits(text.translate(_PLAIN)), doubtful))


def mask(text: str, with_: str = "***") -> str:
    """`text` with what `find` finds replaced; a mistyped identity number too."""
    kept, last = [], 0
    for found in find(text, doubtful=True):
        kept += [text[last : found.start], with_]
        last = found.end
    return text if not last else "".join((*kept, text[last:]))


def _digits(text: str) -> str:
    """Spoken digits in long runs as digits: 一三八零零一三八零零零."""
    if text.isascii():
        return text
    return _SPOKEN_RUN.sub(_said, text)


def _said(run: re.Match[str]) -> str:
    """Digits for spoken ones; beside written ones (73194一直) only where all together are one mobile number."""
    written = "".join(_SPOKEN.get(char, char) for char in run.group())
    spoken = not any("0" <= char <= "9" for char in run.group())
    return written if spoken or re.fullmatch(_MOBILE, written) else run.group()


def _all(text: str, doubtful: bool) -> Iterator[Found]:
    at = 0
    while match := _ANY.search(text, at):
        name = match.lastgroup or ""
        found = _checked(text, match, name, doubtful)
        if found is not None:
            yield found
            at = found.end
        else:
            at = match.start() + 1
            while at < match.end() and text[at].isdigit():
                at += 1  # what is left of a longer number is no number


def _checked(text: str, match: re.Match[str], name: str, doubtful: bool) -> Found | None:
    start, end = match.span()
    before = text[max(0, start - 16) : start]
    value = "".join(char for char in match.group().upper() if char.isdigit() or char in "X*")
    if name in ("identity", "older"):
        said = bool(_PERSON.search(before))
        if not said and (text[end : end + 1].isascii() and text[end : end + 1].isalpha()):
            return None
        if not said and (_OTHER.search(before) or name == "older" or not (doubtful or valid(value))):
            return None
        return Found("identity", start, end, value)
    said = bool(_CALL.search(before))
    if not said and (_LETTER_BEFORE.search(before) or _OTHER.search(before) or _UNIT_AFTER.match(text, end)):
        return None
    if before.endswith(".") and before[-2:-1].isdigit():
        return None
    if name == "mobile":
        return Found("mobile", start, end, value[-11:])
    if name == "landline":
        return Found("landline", start, end, value.removeprefix("86"))
    if name == "service":
        return Found("service", start, end, value)
    return Found("landline", start, end, value) if _LOCAL_CALL.search(before) else None


def valid(number: str) -> bool:
    """Whether the 18th character of an identity number fits the other 17 (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return "10X98765432"[total % 11] == number[17]
