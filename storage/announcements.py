"""Applies what happens to announcements and mobilisations; how they are sent is in broadcast.py."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    update,
)

from handlers.announcements import facts as f
from handlers.announcements.rules import Act, Place
from storage.columns import Json, Utc
from storage.outgoing import UNSURE
from storage.pen import Pen
from storage.schema import announcement_places, announcements, audiences, declines, outbox, recipients
from storage.sql import Prepared

AnnouncementFact = (
    f.AnnouncementWritten | f.AnnouncementMoved | f.AnnouncementTried | f.AudienceKept | f.NoticesSet
    | f.MusterAnswered | f.MusterSaid | f.MusterClosed | f.MusterPurged
)  # fmt: skip

_a, _r = announcements.c, recipients.c
_id: BindParameter[int] = bindparam("announcement")
_now = bindparam("now", type_=Utc())
_names = ("community", "by", "title", "words", "kind", "muster", "drill", "roles", "at")
_given = {name: bindparam(name, type_=announcements.c[name].type) for name in _names}
_WRITTEN = Prepared(
    lambda insert: (
        insert(announcements)
        .values(
            **_given, id=_id, number=bindparam("number"), second=0, state="draft", people=0, upto=0, final=null(),
            created=_now,
        )
        .on_conflict_do_update(index_elements=["id"], set_=_given | {"second": 0, "state": "draft"})
    )
)  # fmt: skip
_NO_PLACES = Prepared(delete(announcement_places).where(announcement_places.c.announcement == _id))
_PLACE = Prepared(
    announcement_places.insert().values(announcement=_id, area=bindparam("area"), place=bindparam("place"))
)


def _moved(**values: Any) -> Prepared:
    """Only from the state in which the act was allowed: two people at once, and one is told so."""
    return Prepared(
        update(announcements)
        .where(_a.id == _id, _a.state == bindparam("before"))
        .values(state=bindparam("after"), **values)
    )


_PEOPLE = bindparam("people", type_=announcements.c.people.type)
_MOVED = {
    Act.SUBMIT: _moved(), Act.ASK: _moved(people=_PEOPLE), Act.REFUSE: _moved(), Act.PAUSE: _moved(),
    Act.APPROVE: _moved(second=bindparam("by")), Act.START: _moved(started=_now, upto=0, people=0),
    Act.OUTGROW: _moved(started=null(), upto=0, people=_PEOPLE), Act.FREEZE: _moved(people=_PEOPLE),
    Act.RESUME: _moved(),
    Act.CANCEL: _moved(ended=_now), Act.RESEND: _moved(ended=null()), Act.REPEAT: _moved(ended=null()),
    Act.REASK: _moved(ended=null()),
    Act.FINISH: _moved(ended=_now),
}  # fmt: skip
_THAWED = Prepared(delete(recipients).where(_r.announcement == _id))
_mine = and_(
    outbox.c.ticket == _id,
    outbox.c.state == literal_column("'waiting'"),
    exists().where(_r.announcement == _id, _r.person == outbox.c.person, _r.push == outbox.c.id),
)
_unsure = func.coalesce(outbox.c.code, "").in_([literal(code) for code in sorted(UNSURE)])
MAYBE = _r.reason.in_([literal(code) for code in sorted(UNSURE)])  # it may have come, whatever is tried now
# What stands in the outbox and was not taken yet comes back: each row is either claimed by a sender or gone. One that
# may have arrived stays in the senders' hands, who say so with it; a new row for it would not.
WITHDRAWN = Prepared(delete(outbox).where(_mine, ~_unsure))
# … and is not sent again when nobody is to hear any more: its recipient stands as unsure
LEFT_OPEN = Prepared(update(outbox).where(_mine, _unsure).values(state="failed", done=_now))
BACK = Prepared(
    update(recipients)
    .where(_r.announcement == _id, _r.state == Place.QUEUED.value, ~exists().where(outbox.c.id == _r.push))
    .values(state=Place.WAITING.value, push=null(), changed=_now)
)
_STOPPED = Prepared(
    update(recipients)
    .where(_r.announcement == _id, _r.state == Place.WAITING.value)
    .values(state=case((MAYBE, Place.UNSURE.value), else_=Place.CANCELLED.value), changed=_now)
)
_AGAIN = Prepared(
    update(recipients)
    .where(_r.announcement == _id, _r.state == Place.FAILED.value)
    .values(state=Place.WAITING.value, reason="", push=null(), changed=_now)
)
_REPEATED = Prepared(  # the reason stays: who is sent it again is told so (storage/feeding.py)
    update(recipients)
    .where(_r.announcement == _id, _r.state == Place.UNSURE.value)
    .values(state=Place.WAITING.value, push=null(), changed=_now)
)
_REASKED = Prepared(
    update(recipients)
    .where(_r.announcement == _id, _r.state == Place.SENT.value, _r.answer == "")
    .values(state=Place.WAITING.value, push=null(), changed=_now)
)
_THEN: dict[Act, tuple[Prepared, ...]] = {
    Act.OUTGROW: (_THAWED,), Act.PAUSE: (WITHDRAWN, BACK), Act.CANCEL: (LEFT_OPEN, WITHDRAWN, BACK, _STOPPED),
    Act.RESEND: (_AGAIN,), Act.REPEAT: (_REPEATED,), Act.REASK: (_REASKED,),
}  # fmt: skip
_KEPT = Prepared(
    lambda insert: (
        (new := insert(audiences))
        .values(
            id=bindparam("audience"), community=bindparam("community"), by=bindparam("by"), name=bindparam("name"),
            places=bindparam("places", type_=Json()), roles=bindparam("roles", type_=Json()), at=_now,
        )
        .on_conflict_do_update(
            index_elements=["community", "name"],
            set_={name: new.excluded[name] for name in ("places", "roles", "by", "at")},
        )
    )
)  # fmt: skip
_DECLINED = Prepared(
    lambda insert: insert(declines).values(person=bindparam("person"), since=_now).on_conflict_do_nothing()
)
_WANTED = Prepared(delete(declines).where(declines.c.person == bindparam("person")))
_ANSWERED = Prepared(
    update(recipients)
    .where(_r.announcement == _id, _r.person == bindparam("person"))
    .values(
        answer=bindparam("answer"),
        minutes=bindparam("minutes"),
        answered=_now,
        state=case((_r.state == Place.UNSURE.value, Place.SENT.value), else_=_r.state),  # it has come
    )
)
_CLOSED = Prepared(update(announcements).where(_a.id == _id, _a.closed.is_(None)).values(closed=_now))
_FINAL = Prepared(update(announcements).where(_a.id == _id).values(final=bindparam("final", type_=Json())))


def apply(fact: AnnouncementFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case f.AnnouncementWritten():
            _written(fact, pen)
        case f.AnnouncementMoved(announcement, act, before, after, by, people):
            at = {"announcement": announcement, "now": now}
            tx.write_once(_MOVED[act], **at, before=before.value, after=after.value, by=by, people=people)
            for then in _THEN.get(act, ()):
                tx.write(then, **at)
        case f.AudienceKept(audience, community, by, name, places, roles):
            tx.write(
                _KEPT, audience=audience, community=community, by=by, name=name, places=[list(p) for p in places],
                roles=list(roles), now=now,
            )  # fmt: skip
        case f.NoticesSet(person, on):
            tx.write(_WANTED if on else _DECLINED, person=person, now=now)
        case f.MusterAnswered(announcement, person, answer, minutes):
            tx.write(_ANSWERED, announcement=announcement, person=person, answer=answer, minutes=minutes, now=now)
        case f.MusterClosed(announcement):
            tx.write(_CLOSED, announcement=announcement, now=now)
        case f.MusterPurged(announcement, people, yes, no):
            tx.write(_FINAL, announcement=announcement, final={"people": people, "yes": yes, "no": no})
            tx.write(_THAWED, announcement=announcement)
        case f.AnnouncementTried() | f.MusterSaid():
            pass  # only told
        case _:
            assert_never(fact)


def _written(fact: f.AnnouncementWritten, pen: Pen) -> None:
    pen.tx.write(
        _WRITTEN, announcement=fact.announcement, number=fact.number, community=fact.community, by=fact.by,
        title=fact.title, words=fact.words, kind=fact.kind.value, muster=fact.muster, drill=fact.drill,
        roles=list(fact.roles), at=fact.at, now=pen.now,
    )  # fmt: skip
    pen.tx.write(_NO_PLACES, announcement=fact.announcement)
    for area, place in fact.places:
        pen.tx.write(_PLACE, announcement=fact.announcement, area=area, place=place)
