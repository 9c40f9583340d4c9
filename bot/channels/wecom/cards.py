"""A push or the state of a matter as a template card with buttons (wechat.md §11); knows no matter itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.tencent.render import clean
from handlers.types import Choice
from storage.queue import Outgoing

# What a card shows without cutting by itself: characters, lines, buttons.
_TITLE, _DESC, _WORDS, _KEYNAME, _VALUE, _LINES, _BUTTON, _BUTTONS = 26, 30, 112, 5, 26, 6, 10, 6
_KEY_BYTES = 1024
_SOURCE = "居社通"


@dataclass(frozen=True, slots=True)
class Look:
    """A matter as it is now. `facts`: short lines (name, value); `link`: its page; `ticket` 0: none."""

    ticket: int
    title: str
    state: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[Choice, ...]
    link: str


def of_push(out: Outgoing) -> dict[str, Any]:
    """The card of a push: its first line is the title, short lines with a colon are facts, the rest are words."""
    title, *lines = clean(out.text).strip().split("\n")
    facts: list[tuple[str, str]] = []
    words: list[str] = []
    for line in lines:
        name, colon, value = line.partition("：")
        if colon and 0 < len(name) <= _KEYNAME and len(value) <= _VALUE and len(facts) < _LINES:
            facts.append((name, value))
        elif line.strip():
            words.append(line.strip())
    if len(title) > _TITLE:  # a sentence, not a heading
        words.insert(0, title)
        title = title.partition("：")[0]
    photos = sum(media.kind == "photo" for media in out.media)
    if photos:
        facts = [*facts[: _LINES - 1], ("照片", f"{photos}张")]
    look = Look(out.ticket, title, "", tuple(facts), out.choices, out.link)
    return card(f"t{out.ticket}-{out.id}", look, "\n".join(words))


def after_click(task: str, code: str, look: Look, words: str) -> dict[str, Any]:
    """The card that takes the clicked one's place; its task_id follows from the code, so a repeat is the same."""
    mark = hashlib.sha256(code.encode()).hexdigest()[:12]
    return card(f"{task.split('_')[0][:100]}_{mark}", look, words)


def card(task: str, look: Look, words: str) -> dict[str, Any]:
    """A card of the interactive kind; without buttons, or without anything to answer, a plain notice."""
    made: dict[str, Any] = {
        "card_type": "button_interaction" if look.buttons else "text_notice",
        "source": {"desc": _SOURCE, "desc_color": 0},
        "main_title": {"title": _cut(look.title, _TITLE), "desc": _cut(look.state, _DESC)},
        "sub_title_text": _cut(words, _WORDS),
        "horizontal_content_list": [
            {"keyname": name[:_KEYNAME], "value": _cut(value, _VALUE)} for name, value in look.facts[:_LINES]
        ],
        "task_id": task,
    }
    if look.link:
        made["card_action"] = {"type": 1, "url": look.link}
    if look.buttons:
        made["button_list"] = _buttons(look.ticket, look.buttons)
    return made


def fits(words: str, choices: Sequence[Choice]) -> bool:
    """Whether a card says it all, so that no message need follow."""
    return len(words) <= _WORDS and not choices


def key_of(ticket: int, choice: Choice) -> str:
    """What a tap on the button sends back; handlers/pressed.py reads it."""
    return f"{ticket}:{choice.means}"


def _buttons(ticket: int, choices: Sequence[Choice]) -> list[dict[str, Any]]:
    found = []
    for place, choice in enumerate(choices[:_BUTTONS]):
        key = key_of(ticket, choice)
        if len(key.encode()) <= _KEY_BYTES:
            found.append({"text": _cut(choice.label, _BUTTON), "style": 1 if place == 0 else 2, "key": key})
    return found


def _cut(text: str, most: int) -> str:
    text = clean(text).strip()
    return text if len(text) <= most else text[: most - 1] + "…"
