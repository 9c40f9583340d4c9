"""Who is told of a fact, decided once. Handlers state what happened; nobody else addresses a push."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handlers.activities import told as activities_told
from handlers.activities.facts import ActivityFact
from handlers.knowledge import told as knowledge_told
from handlers.knowledge.facts import KnowledgeFact
from handlers.points import told as points_told
from handlers.points.facts import PointsFact
from handlers.read import Read
from handlers.residents.facts import HomeBound
from handlers.tickets import categories, digest, texts
from handlers.tickets.digest_facts import DigestTold
from handlers.tickets.facts import PlaceCorrected, TicketOpened
from handlers.tickets.rules import WAKES
from handlers.tickets.told import about, reporter, task_choices
from handlers.types import Fact, Push, Rank
from nlp.types import Place


def pushes(facts: Iterable[Fact], actor: int, now: datetime, read: Read) -> tuple[Push, ...]:
    """The pushes of one turn. The actor is not told what he just did; nobody is told twice of one fact."""
    facts = tuple(facts)
    out: list[Push] = []
    opened = {f.ticket for f in facts if isinstance(f, TicketOpened)}
    moved = {f.ticket: f.place for f in facts if isinstance(f, PlaceCorrected)}
    for fact in facts:
        for push in _of(fact, now, read, opened, moved):
            if push.to and push.to != actor and not any(p.to == push.to and p.text == push.text for p in out):
                out.append(push)
    return tuple(out)


def _of(fact: Fact, now: datetime, read: Read, fresh: set[int], moved: dict[int, Place]) -> Iterable[Push]:
    if isinstance(fact, TicketOpened):
        return _opened(fact, now, read)
    if isinstance(fact, ActivityFact):
        return activities_told.of(fact, now, read)
    if isinstance(fact, KnowledgeFact):
        return knowledge_told.of(fact, read)
    if isinstance(fact, HomeBound):
        return _bound(fact, read)
    if isinstance(fact, DigestTold):
        return digest.pushes(fact)
    if isinstance(fact, PointsFact):
        return points_told.about(fact, read)
    number: int = getattr(fact, "ticket", 0)
    ticket = read.ticket(number) if number and number not in fresh else None
    if ticket is None:
        return ()
    if number in moved:
        ticket = replace(ticket, place=moved[number])
    return about(fact, ticket, now, read)


def _opened(fact: TicketOpened, now: datetime, read: Read) -> list[Push]:
    danger = fact.level == "T0"
    duty = read.duty(fact.place) if fact.place.community else None
    who = reporter(fact.reporter, fact.anonymous, read)
    photos = sum(m.kind == "photo" for m in fact.media)
    extra = "、".join(
        [f"照片{photos}张"] * bool(photos) + ["有语音"] * any(m.kind == "voice" for m in fact.media)
        + ["有定位"] * (fact.pin is not None)
    )  # fmt: skip

    if danger and fact.place.source == "home":
        extra = f"{extra}、地点按住址推定，待确认".strip("、")
    body = texts.task(
        fact.code[-4:], fact.summary, fact.words, fact.place.label, who,
        texts.when(fact.accept_by, now), texts.when(fact.due, now), extra,
    )  # fmt: skip
    text = f"【紧急】{body}" if danger else body
    rank, kind = Rank.ALARM if fact.level in WAKES else Rank.TASK, "alarm" if danger else "task"
    choices = task_choices(fact.code[-4:])
    told: list[Push] = []
    if fact.owner:
        told.append(Push(fact.owner, text, kind, rank, fact.ticket, choices))
    if danger and duty:
        near = [p for p in (duty.leader, duty.deputy) if p and p != fact.owner]
        if fact.category in categories.DESK_ONLY:
            told += [Push(p, texts.HELP_NEEDED.format(place=fact.place.label), kind, rank, fact.ticket) for p in near]
        else:
            told += [Push(p, text, kind, rank, fact.ticket, choices) for p in near]
    if danger or not fact.owner:
        told += [Push(p, text, kind, rank, fact.ticket, choices) for p in read.desk(fact.community)]
    return told


def _bound(fact: HomeBound, read: Read) -> list[Push]:
    person = read.person(fact.person)
    home = next((h for h in person.homes if h.household == fact.household), None) if person else None
    if home is None:
        return []
    leader = read.duty_of(home.micro_grid).leader if home.micro_grid else 0
    return [Push(leader, f"{home.place.label}有住户新登记。", "notice", Rank.NOTICE)]
