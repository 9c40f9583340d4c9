"""`jushe understand`: what a text is understood to say, a message a line in, one JSON object a line out."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy.exc import DBAPIError

import nlp
from bot.explaining import explained
from bot.settings import Settings, load, previous_keys, secret_key
from handlers.tickets.clock import SHANGHAI
from nlp.register import EMPTY, Register
from nlp.types import Issue, People, PlaceReading, Understanding, When


def register(cli: typer.Typer) -> None:
    cli.command("understand", help="一行一句话从标准输入读，一行一个 JSON 写出它的意思。")(understand)


def understand(why: Annotated[bool, typer.Option("--why", help="也写出每一部分的依据")] = False) -> None:
    """Uses the register of the settings' database when there is one, else no places are known."""
    places = known_places(load())
    nlp.warm()
    for raw in sys.stdin.buffer:
        said = nlp.understand(raw.decode("utf-8", "replace").rstrip("\r\n"), places, now=datetime.now(SHANGHAI))
        sys.stdout.buffer.write(orjson.dumps(shown(said, why=why)) + b"\n")
        sys.stdout.buffer.flush()


def known_places(settings: Settings) -> Register:
    """The register, EMPTY where no database was made yet; nothing is created by looking."""
    url = settings.database
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).is_file():
        return EMPTY
    from storage.engine import open_database  # understanding alone needs no database
    from storage.places import load_register

    db = open_database(url, secret_key(settings), previous_keys(settings))
    try:
        with db.reading() as conn:
            return load_register(conn)
    except DBAPIError:
        typer.echo("数据库还没有建好，先不认地址。运行 jushe migrate 或 jushe doctor 看看。", err=True)
        return EMPTY
    finally:
        db.close()


def shown(said: Understanding, *, why: bool = False) -> dict[str, Any]:
    """An Understanding in the form of design.md §3; slots that were not said are left out."""
    slots = {
        "place": place(said.place),
        "time": iso(said.when[0]) if said.when else "",
        "times": [time(one) for one in said.when],
        "until": said.until.isoformat() if said.until else "",
        "phone": said.phone,
        "ticket": said.tickets[0] if said.tickets else "",
        "tickets": list(said.tickets) if len(said.tickets) > 1 else [],
        "count": said.count,
        "people": people(said.people) if said.people else None,
        "activities": list(said.activities),
        "plates": list(said.plates),
        "amounts": list(said.amounts),
        "private": list(said.private),
        "number": said.number,
        "yes": said.yes,
        "relation": said.relation,
        "reason": said.reason,
        "anonymous": said.anonymous or None,
    }
    found: dict[str, Any] = {
        "text": said.raw,
        "intent": said.intent,
        "action": said.action,
        "score": round(said.score, 4),
        "category": said.category,
        "category_top3": list(said.category_top3),
        "kind": said.kind,
        "urgency": said.urgency,
        "danger": said.danger,
        "slots": {name: value for name, value in slots.items() if value not in ("", None, [])},
        "issues": [_issue(issue) for issue in said.issues],
    }
    return found | {"why": explained(said)} if why else found


def iso(one: When) -> str:
    """ISO 8601: a moment or day, an interval a/b (.. for an open end), a duration PT…S, a repeat R/first/rule."""
    if one.kind == "duration":
        return f"PT{one.seconds:.0f}S"
    start, end = (moment.isoformat() if moment else ".." for moment in (one.start, one.end))
    if one.kind == "repeat":
        return f"R/{start}/{one.rule}"
    if one.kind == "span":
        return f"{start}/{end}"
    return start.partition("T")[0] if one.grain == "day" else start


def time(one: When) -> dict[str, Any]:
    """A time with what it was read from."""
    return {
        "text": one.text, "kind": one.kind, "value": iso(one), "grain": one.grain, "certain": one.certain,
    }  # fmt: skip


def people(who: People) -> dict[str, Any]:
    return {
        "self": who.self_, "adults": who.adults, "children": who.children, "proxy_for": list(who.proxy_for),
        "relations": list(who.relations), "total": who.total, "certain": who.certain,
    }  # fmt: skip


def place(reading: PlaceReading) -> Any:
    """One label, a list of labels when several fit, the words as written when nothing does."""
    labels = [one.label for one in reading.found]
    return labels[0] if len(labels) == 1 else labels or reading.unknown or reading.kind_of_spot


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "text": issue.text,
        "category": issue.category,
        "score": round(issue.score, 4),
        "urgency": issue.urgency,
        "place": place(issue.place),
    }
