"""The example messages of nlp/training: what each says, and the styles people would say it in.

A file has sections `[intent/action code]` with one message a line; `{place}` and the like stand for words of
words.txt, `(a|b|)` for one of several words or none, `(a)?` for a word or none.
pairs.txt has `code | danger | look-alike`. Everything was written for this project.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files

FOLDER = "training"
_SLOT = re.compile(r"\{(\w+)\}")
_PART = re.compile(r"\(([^()]*)\)(\?)?|[^()]+")
_NONE = "-"
MOST = 10  # sentences made of one frame


@dataclass(frozen=True, slots=True)
class Example:
    """`code` "" when no category applies; `danger`: somebody is in danger now; `line`: its number over all files,
    the same for all styles of one line, so that they are never divided between teaching and testing."""

    text: str
    intent: str
    action: str
    code: str
    danger: bool
    line: int


def examples() -> list[Example]:
    """All lines once, slots filled in order. Raises ValueError for a line that stands under no section."""
    words = _words(_text("words.txt"))
    found: list[Example] = []
    line = 0
    for name in sorted(entry.name for entry in (files("nlp") / FOLDER).iterdir() if entry.name.endswith(".txt")):
        if name == "words.txt":
            continue
        lines = _pairs(_text(name)) if name == "pairs.txt" else _sections(name, _text(name))
        for text, intent, action, code, danger in lines:
            line += 1
            for said in _unfolded(text, line):
                found.append(Example(_filled(said, words, len(found)), intent, action, code, danger, line))
    return found


def _text(name: str) -> str:
    return (files("nlp") / FOLDER / name).read_text(encoding="utf-8")


def _words(text: str) -> dict[str, list[str]]:
    pairs = (line.partition(": ") for line in text.splitlines() if not line.startswith("#"))
    return {name: words.split("|") for name, _, words in pairs}


def _unfolded(text: str, line: int) -> list[str]:
    """Up to MOST of the sentences a frame stands for, spread over its words; the same every time."""
    parts = [
        (*match.group(1).split("|"), *([""] if match.group(2) else []))
        if match.group(1) is not None
        else (match.group(),)
        for match in _PART.finditer(text)
    ]
    if all(len(part) == 1 for part in parts):
        return [text]
    chance = random.Random(line)  # noqa: S311 examples, not secrets
    return list(dict.fromkeys("".join(chance.choice(part) for part in parts) for _ in range(MOST)))


def _filled(text: str, words: dict[str, list[str]], number: int) -> str:
    return _SLOT.sub(lambda match: words[match.group(1)][number % len(words[match.group(1)])], text)


Line = tuple[str, str, str, str, bool]


def _sections(name: str, text: str) -> Iterator[Line]:
    intent = action = code = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("[") and line.endswith("]") and "/" in line:
            target, _, code = line[1:-1].partition(" ")
            intent, _, action = target.partition("/")
        elif line and not line.startswith("#"):
            if not intent:
                raise ValueError(f"{name} line {number} stands under no section")
            yield line, intent, action, "" if code == _NONE else code, intent == "emergency"


def _pairs(text: str) -> Iterator[Line]:
    """The dangers; the look-alikes teach only what is no danger: their intent is left open ("")."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, danger, calm = (part.strip() for part in line.split("|"))
            yield danger, "emergency", "report", code, True
            yield calm, "", "", "", False


_BEFORE = (
    "你好,",
    "请问",
    "麻烦",
    "师傅,",
    "那个",
    "您好,我是{place}的,",
    "我跟你说啊,",
    "{place},",
    "在{place},",
    "喂,",
    "同志,",
)
_AFTER = (",谢谢", "呀", "啊", ",麻烦了", "哦", ",怎么弄", "了", "!", "?", ",{place}", "呢", "。", ",快点", "咯")
_FILLERS = ("呃", "那个", "就是", "嗯", "然后")
_PLACES = (
    "5幢2单元",
    "12幢",
    "3号楼",
    "8-1-502",
    "北门",
    "地下车库",
    "15号202室",
    "2幢门口",
    "一期9号楼",
    "儿童乐园那边",
)
_DIALECT = (
    ("我", "吾"),
    ("你", "侬"),
    ("不", "弗"),
    ("了", "哉"),
    ("的", "格"),
    ("事情", "事体"),
    ("他", "伊"),
    ("怎么", "哪能"),
)
_STYLED = frozenset({"report_issue", "emergency", "consult", "complaint_service", "proposal_vote", ""})


def styled(example: Example, chance: random.Random, times: int) -> list[Example]:
    """The example and up to `times` other ways of saying it; same intent, same words of the matter."""
    found = {example.text: example}
    for _ in range(times):
        text = _restyled(example, chance)
        found.setdefault(text, replace(example, text=text))
    return list(found.values())


def _restyled(example: Example, chance: random.Random) -> str:
    text, kind = example.text, chance.random()
    place = chance.choice(_PLACES)
    if kind < 0.35 and example.intent in _STYLED and len(text) > 4:
        return chance.choice((f"{place}{text}", f"{place},{text}", f"{text},{place}", f"我住{place},{text}"))
    if kind < 0.55:
        return (chance.choice(_BEFORE) + text).replace("{place}", place)
    if kind < 0.75:
        return (text.rstrip("?!。") + chance.choice(_AFTER)).replace("{place}", place)
    if kind < 0.85:
        return "".join(char for char in text if char not in ",。?!、")
    if kind < 0.93 and len(text) > 5:
        at = chance.randrange(1, len(text) - 1)
        return text[:at] + chance.choice(_FILLERS) + text[at:]
    for one, other in chance.sample(_DIALECT, 4):
        text = text.replace(one, other)
    return text
