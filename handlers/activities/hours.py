"""What somebody has served: the sum, stars, an objection, a record to print."""

from __future__ import annotations

import json
from typing import Any

from handlers import forms
from handlers.activities import find, record, rules, said, texts_hours
from handlers.activities.facts_hours import CertificateIssued, HoursObjected
from handlers.activities.port_hours import Served
from handlers.read import Read
from handlers.types import Outcome, Reply, Turn, say
from nlp.when import ZONE

NAME = "act_name"
_PATH = "/m/hours/"
_LAST = 5


def total(rows: tuple[Served, ...]) -> int:
    """Half hours of the person alone; guests have their own lines."""
    return sum(row.half for row in rows if not row.guest)


def star(half: int, granted: int = 0) -> str:
    missing = rules.missing(half)
    less = (missing[0], rules.hours_text(missing[1])) if missing else None
    return texts_hours.star(rules.stars(half), less, granted)


def mine(turn: Turn, read: Read) -> Outcome:
    """「我的时长」 「几星了」."""
    rows = record.standing(read.served_by(turn.who.id))
    if not rows:
        return say(texts_hours.HOURS_NONE)
    half = total(rows)
    lines = [texts_hours.HOURS.format(total=rules.hours_text(half), star=star(half, read.stars_granted(turn.who.id)))]
    for row in reversed(rows[-_LAST:]):
        who = f"（{row.label}）" if row.guest else ""
        lines.append(f"{_day(row.day)} {row.name}{who} {rules.hours_text(row.half)}小时")
    return say("\n".join(lines))


def _day(day: str) -> str:
    _, month, date = day.split("-")
    return f"{int(month)}月{int(date)}日"


def when(turn: Turn, read: Read) -> Outcome:
    """「时长什么时候录入」."""
    return say(texts_hours.HOURS_WHEN.format(days=turn.policy.record_work_days))


def object_(turn: Turn, read: Read) -> Outcome:
    """「清洁家园时长不对，应该2小时」: the organiser checks (民政部令67号 art. 13)."""
    rows = tuple(row for row in record.standing(read.served_by(turn.who.id)) if not row.guest)
    if not rows:
        return say(texts_hours.HOURS_NONE)
    words = turn.inbound.text.strip()
    day = said.day(turn.said.text, turn.now)
    named = [row for row in rows if row.name in words or (day and row.day == day.isoformat())] or list(rows)
    if len({row.id for row in named}) > 1 and len(named) == len(rows) and len(rows) > 1:
        return say(texts_hours.OBJECT_WHICH)
    row = named[-1]
    activity = read.activity_held(row.activity)
    if activity is None:
        return say(texts_hours.OBJECT_WHICH)
    if any(one.hours == row.id for one in read.objections_of(activity.organiser)):
        return say(texts_hours.OBJECTED_ALREADY)
    fact = HoursObjected(read.new_id(), row.id, row.activity, turn.who.id, words[:300])
    text = texts_hours.OBJECTED.format(organiser=find.organiser_name(activity, read))
    return Outcome(replies=(Reply(text),), facts=(fact,))


def certificate(turn: Turn, read: Read) -> Outcome:
    """「开志愿证明」: a page that prints, with 服务时间, 服务内容, 记录单位 (民政部令67号 art. 14)."""
    if total(record.standing(read.served_by(turn.who.id))) <= 0:
        return say(texts_hours.CERTIFICATE_NONE)
    if not turn.who.name:
        return say(texts_hours.CERTIFICATE_NAME, dialog=forms.ask(turn, NAME, {}))
    return _issue(turn, turn.who.name, read)


def resume(turn: Turn, read: Read) -> Outcome | None:
    name = turn.inbound.text.strip().removeprefix("我叫").strip(" 。.,，")
    if not 2 <= len(name) <= 20 or any(char.isdigit() for char in name):
        return None
    return _issue(turn, name, read)


def _issue(turn: Turn, name: str, read: Read) -> Outcome:
    rows = tuple(row for row in record.standing(read.served_by(turn.who.id)) if not row.guest and row.half)
    half = total(rows)
    number = read.new_id()
    day = turn.now.astimezone(ZONE).strftime("%Y%m%d")
    serial = read.certificate_serial(number, day)
    office = read.community(find.community_of(turn))
    lines: list[list[Any]] = [[row.day, row.name, row.half] for row in rows]
    fact = CertificateIssued(
        number, serial, turn.who.id, half, office.name if office else "社区", name,
        json.dumps(lines, ensure_ascii=False),
    )  # fmt: skip
    text = texts_hours.CERTIFICATE.format(hours=rules.hours_text(half), serial=serial)
    return Outcome(replies=(Reply(text, (), f"{_PATH}{serial}"),), facts=(fact,), dialog=None)
