"""Keeps what the desk corrected as examples; what is learned from them is in bot/learning."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from handlers.learning.facts import CategoryCorrected, IntentCorrected
from storage.columns import Utc
from storage.engine import Database
from storage.pen import Pen
from storage.schema import examples, tickets
from storage.sql import Prepared

_names = ("id", "what", "ticket", "words", "was", "label", "person", "at")
_KEPT = Prepared(examples.insert().values(**{name: bindparam(name) for name in _names}))
_CATEGORY = Prepared(
    update(tickets)
    .where(tickets.c.id == bindparam("ticket"))
    .values(category=bindparam("code"), changed=bindparam("now", type_=Utc()), version=tickets.c.version + 1)
)


LearningFact = CategoryCorrected | IntentCorrected


def apply(fact: LearningFact, pen: Pen) -> None:
    match fact:
        case CategoryCorrected():
            pen.tx.write(_CATEGORY, ticket=fact.ticket, code=fact.category, now=pen.now)
            if fact.ticket in pen.reader.seen:
                pen.reader.seen[fact.ticket] += 1
            what, label = "category", fact.category
        case IntentCorrected():
            what, label = "intent", fact.intent
    pen.tx.write(
        _KEPT, id=fact.example, what=what, ticket=fact.ticket, words=fact.words, was=fact.was,
        label=label, person=fact.by, at=pen.now,
    )  # fmt: skip


def taught(db: Database, what: str = "category") -> list[tuple[str, str]]:
    """(words, label) of `what`, "category" or "intent", oldest first; of a ticket corrected twice the last counts."""
    columns = (examples.c.ticket, examples.c.words, examples.c.label)
    with db.reading() as conn:
        rows = conn.execute(select(*columns).where(examples.c.what == what).order_by(examples.c.id))
        return list({row.ticket: (row.words, row.label) for row in rows if row.words}.values())
