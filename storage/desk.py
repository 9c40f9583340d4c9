"""Applies the desk's own doings: notes, conversations taken over, covered photos; decides nothing."""

from __future__ import annotations

from typing import assert_never

from sqlalchemy import bindparam, delete, func, select, update

from handlers.tickets import facts_desk as f
from handlers.tickets.takeover import FORM
from handlers.types import Dialog
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import dialogs, identities, media, takeovers
from storage.sql import Prepared
from storage.ticket_pen import Change, given, note
from storage.values import dialog_from, dialog_json

_TOUCHED = Change()
_HERE = tuple(dialogs.c[name] == bindparam(name) for name in ("channel", "account", "user"))
_ADDRESSES = Prepared(
    select(
        identities.c.channel, identities.c.account, identities.c.user, dialogs.c.form, dialogs.c.state,
        dialogs.c.since,
    )
    .outerjoin(
        dialogs,
        (dialogs.c.channel == identities.c.channel)
        & (dialogs.c.account == identities.c.account)
        & (dialogs.c.user == identities.c.user),
    )
    .where(identities.c.person == bindparam("person"))
)  # fmt: skip
_KEEP = Prepared(
    lambda insert: (
        (new := insert(dialogs))
        .values(**given("channel", "account", "user", "form", "state", "since"))
        .on_conflict_do_update(
            index_elements=["channel", "account", "user"],
            set_={"form": new.excluded.form, "state": new.excluded.state, "since": new.excluded.since},
        )
    )
)
_DROP = Prepared(delete(dialogs).where(*_HERE))
_TAKEN = Prepared(
    lambda insert: (
        (new := insert(takeovers))
        .values(**given("person", "ticket", "by", "since", "until"))
        .on_conflict_do_update(
            index_elements=["person"],
            set_={name: new.excluded[name] for name in ("ticket", "by", "since", "until")},
        )
    )
)
_LONGER = Prepared(
    update(takeovers).where(takeovers.c.person == bindparam("who")).values(until=bindparam("to", type_=Utc()))
)
_ENDED = Prepared(delete(takeovers).where(takeovers.c.person == bindparam("person")))
_COVERED = Prepared(
    update(media)
    .where(media.c.id == bindparam("medium"), media.c.ticket == bindparam("of_ticket"))
    .values(original=func.coalesce(media.c.original, media.c.file), file=bindparam("new"))
)
_RESTORED = Prepared(
    update(media)
    .where(media.c.id == bindparam("medium"), media.c.ticket == bindparam("of_ticket"), media.c.original.is_not(None))
    .values(file=media.c.original, original=None)
)


def apply(fact: f.DeskFact, pen: Pen) -> None:
    match fact:
        case f.NoteKept(ticket, person, words):
            note(pen, fact, ticket, person, words)
        case f.TakeoverBegun(ticket, person, by, until):
            pen.tx.write(_TAKEN, person=person, ticket=ticket, by=by, since=pen.now, until=until)
            _hold(fact, pen)
            _TOUCHED.write(pen, ticket)
        case f.TakeoverEnded(ticket, person):
            pen.tx.write(_ENDED, person=person)
            _release(person, pen)
            _TOUCHED.write(pen, ticket)
        case f.DeskSpoke(ticket, person, by, until, words):
            note(pen, fact, ticket, by, words)
            pen.tx.write(_LONGER, who=person, to=until)
            _hold(fact, pen)
            _TOUCHED.write(pen, ticket)
        case f.PhotoCovered(ticket, _, medium, file):
            pen.tx.write(_COVERED, medium=medium, of_ticket=ticket, new=file)
            _TOUCHED.write(pen, ticket)
        case f.PhotoRestored(ticket, _, medium):
            pen.tx.write(_RESTORED, medium=medium, of_ticket=ticket)
            _TOUCHED.write(pen, ticket)
        case _:
            assert_never(fact)


def _hold(fact: f.TakeoverBegun | f.DeskSpoke, pen: Pen) -> None:
    """Every address of the resident is in this conversation; a form in the middle waits behind it."""
    for channel, account, user, form, state, since in pen.tx.rows(_ADDRESSES, person=fact.person):
        before = [form, state, since.isoformat()] if form and form != FORM else None
        if form == FORM:
            before = dialog_from(form, state, since).answers.get("before")
        answers = {"ticket": fact.ticket, "by": fact.by, "until": fact.until.isoformat(), "before": before}
        pen.tx.write(
            _KEEP, channel=channel, account=account, user=user, form=FORM, state=dialog_json(Dialog(FORM, answers)),
            since=pen.now,
        )  # fmt: skip


def _release(person: int, pen: Pen) -> None:
    """The form that waited goes on as if it had been asked just now."""
    for channel, account, user, form, state, since in pen.tx.rows(_ADDRESSES, person=person):
        if form != FORM:
            continue
        at = {"channel": channel, "account": account, "user": user}
        before = dialog_from(form, state, since).answers.get("before")
        if before:
            pen.tx.write(_KEEP, **at, form=before[0], state=before[1], since=pen.now)
        else:
            pen.tx.write(_DROP, **at)
