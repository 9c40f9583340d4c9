"""How a push is put into the fields of a template message or subscription notice; not when one is used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_FIELD = re.compile(r"[0-9A-Za-z_]{1,40}")
_WHAT = frozenset({"text", "time", "ticket"})
# Characters a keyword holds (wechat.md §9); too long is refused as 47003.
_MOST = {"thing": 20, "phrase": 5, "name": 10, "number": 32, "letter": 32, "character_string": 32}
_MOST_ELSE = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """`fields`: (keyword of the template, what goes there: text, time or ticket)."""

    template: str
    subscription: bool
    fields: tuple[tuple[str, str], ...]

    def filled(self, text: str, at: datetime, ticket: int) -> dict[str, str]:
        """Every keyword with its value, cut to the keyword's length; time in Asia/Shanghai."""
        local = at.astimezone(_SHANGHAI)
        values = {
            "text": " ".join(text.split()),
            "time": f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}",
            "ticket": str(ticket),
        }
        return {field: _cut(field, values[what]) for field, what in self.fields}


def parse_notices(line: str) -> tuple[Notice, ...]:
    """One setting: "ID thing1=text time2=time", "notice:ID …" for a subscription notice, both joined by "|".

    Without fields the text goes into thing1. Raises ValueError with a line for the operator.
    """
    return tuple(_notice(part) for part in line.split("|"))


def _notice(part: str) -> Notice:
    head, *rest = part.split() or [""]
    template = head.removeprefix("notice:")
    if not _ID.fullmatch(template):
        raise ValueError("a template id is expected first")
    fields = []
    for item in rest or ["thing1=text"]:
        field, _, what = item.partition("=")
        if not _FIELD.fullmatch(field) or what not in _WHAT:
            raise ValueError(f"{item}: <keyword>=text, time or ticket is expected")
        fields.append((field, what))
    return Notice(template, head.startswith("notice:"), tuple(fields))


def _cut(field: str, value: str) -> str:
    most = _MOST.get(field.rstrip("0123456789"), _MOST_ELSE)
    return value if len(value) <= most else value[: most - 1] + "…"
