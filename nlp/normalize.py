"""One spelling for what can be written in many ways; the words stay readable, nothing is understood here."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from nlp import numbers

LONGEST = 2048  # characters looked at; the rest of a message is kept by others but not read

_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {
    0x3000: " ", 0x00A0: " ", 0x2013: "-", 0x2014: "-", 0x2015: "-", 0x2012: "-", 0x2010: "-", 0x2212: "-",
    0xFF5E: "~", 0x301C: "~", 0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'", 0xFE50: ",", 0xFF61: "。",
    0x5F8C: "后", 0x3008: "<", 0x3009: ">", 0x00B7: "-", 0x2022: "-", 0x30FB: "-",
}  # fmt: skip
_CIRCLED = {0x2460 + i: f"{i + 1}." for i in range(20)} | {0x2776 + i: f"{i + 1}." for i in range(10)}
_TABLE = _WIDTH | _CIRCLED
_OTHERWISE = re.compile(f"[{''.join(map(chr, _TABLE))}]")
# Zero-width and direction marks, variation selectors, private use, surrogates, emoji, dingbats, control characters.
_NOISE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffd"
    "\ud800-\udfff\ue000-\uf8ff\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u20e3"
    "\U0001f000-\U0001faff\U000e0000-\U000e01ef]+"
)
_TAGS = re.compile(r"\[(?:表情|动画表情|图片|语音|视频|链接|名片|位置|文件|[一-鿿]{1,3})\]")
_SPACES = re.compile(r"[ \t\r\n]+")
_LOOSE_SPACE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_PUNCTUATION_RUNS = re.compile(r"([,.!?;:。、~])\1+")
_SIGNS_TOGETHER = re.compile(r"[,.!?;:。、~]{2}")
_FILLER_START = re.compile(
    r"^(?:[呃嗯额哦噢诶欸哎唉喂哈]+|就?那个|就?这个(?!周|星期|礼拜|月|季度|双休)|就是说?|然后)[,,.。…\s]*(?=.)"
)
_FILLER_INSIDE = re.compile(
    r"[呃嗯]+[,,]?|(?<=[,,。])(?:就是说|那个那个|就那个|那个|然后呢?)(?=[^,,。])|(那个|这个|就是|我们|我)\1+"
)
_INSIDE_BEGINS = re.compile(r"[呃嗯就那然这我]")  # how _FILLER_INSIDE can begin
_KEEP_FILLER = re.compile(r"^(?:[呃嗯额哦噢诶欸哎唉喂哈]+|那个|这个|就是|然后)[,,.。…!?\s]*$")

_RUN = f"[{numbers.NUMERALS}]+"
_PLACE_WORD = re.compile(
    rf"(?P<run>[{numbers.NUMERALS}](?<![{numbers.NUMERALS}]{{2}})[{numbers.NUMERALS}]*)(?=号|幢|栋|单元|弄|室|期|楼(?!上|下|道|梯)|层(?![灰水油膜冰土厚薄层])|座(?!位|椅|谈)|号线|门洞|组[\d{numbers.NUMERALS}]|门(?=[{numbers.NUMERALS}\d]))"
)
_AFTER_PLACE = re.compile(
    rf"(?<=[幢栋元弄号座楼期\-—/_、,])(?P<run>[{''.join(numbers.DIGITS)}\d]{{3,4}}|{_RUN})(?![{numbers.NUMERALS}\d])"
)
_LONG = re.compile(f"[{''.join(numbers.DIGITS)}]{{5,}}")
# Nobody means markup: it is left out of what is read. The record keeps every sign of it, as words.
_MARKUP = re.compile(r"<script\b.{0,400}?</script\s*>|</?[A-Za-z!][^<>]{0,400}>", re.IGNORECASE | re.DOTALL)
_NOT_NUMBER = {"千", "百", "万", "一千", "两"}


def normalize(raw: str) -> str:
    """Half-width, simplified, without emoji, zero-width marks, loose spaces, voice fillers and markup;
    numerals of places as digits (三号楼二零一 → 3号楼201). At most 2,048 characters are read."""
    text = raw[:LONGEST]
    if text.isascii():
        return _SPACES.sub(" ", _NOISE.sub("", text)).strip()
    if "<" in text:
        text = _MARKUP.sub(" ", text) if _MARKUP.sub("", text).strip() else text
    text = _NOISE.sub("", text.translate(_TABLE) if _OTHERWISE.search(text) else text)
    if "[" in text:
        text = _TAGS.sub("", text)
    text = simplified(text)
    if _SPACES.search(text):
        text = _LOOSE_SPACE.sub("", _SPACES.sub(" ", text))
    text = text.strip()
    if _SIGNS_TOGETHER.search(text):
        text = _PUNCTUATION_RUNS.sub(r"\1", text)
    text = _without_fillers(text)
    return _with_digits(text)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        # Only a character outside the simplified standard set is worth waking the converter for.
        return str(_converter().convert(text)) if any("一" <= c <= "鿿" and _foreign(c) for c in text) else text
    return text


@lru_cache(maxsize=4096)
def _foreign(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def _without_fillers(text: str) -> str:
    if _KEEP_FILLER.match(text):
        return text
    for _ in range(3):
        shorter = _FILLER_START.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter
    return _FILLER_INSIDE.sub(r"\1", text) if _INSIDE_BEGINS.search(text) else text


def _with_digits(text: str) -> str:
    if numbers.RUN.search(text) is None:
        return text
    text = _PLACE_WORD.sub(_digits, text)
    text = _AFTER_PLACE.sub(_room_digits, text)
    return _LONG.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    run = match.group()
    if run in _NOT_NUMBER:
        return run
    return numbers.digits(run) or run


def _room_digits(match: re.Match[str]) -> str:
    """二零一 and 一百零二 after a building or unit are a room; 三 alone may be anything."""
    run = match.group()
    if len(run) < 3:
        return run
    return numbers.digits(run) or "".join(str(numbers.DIGITS.get(char, char)) for char in run)
