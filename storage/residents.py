"""Applies what happened to a person's record to its tables; decides nothing."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import BindParameter, and_, bindparam, case, func, null, select, update

from handlers.residents import facts as f
from storage import erasure, erasure_activities, mutual, points
from storage.columns import Utc
from storage.pen import Pen
from storage.people import phone_indexes
from storage.schema import (
    claim_failures,
    claims,
    declines,
    followers,
    homes,
    identities,
    notes,
    open_questions,
    outbox,
    persons,
    posts,
    recipients,
    tickets,
)  # fmt: skip
from storage.sql import Prepared

ResidentFact = (
    f.Followed | f.Unfollowed | f.NoticeShown | f.HomeBound | f.CommunityKnown | f.HomeLeft | f.PhoneGiven
    | f.AnonymitySet | f.PostClaimed | f.ChannelPreferred | f.ClaimFailed | f.PersonErased
)  # fmt: skip

_p = persons.c
_now = bindparam("now", type_=Utc())
_person: BindParameter[int] = bindparam("person")
_owner: BindParameter[int] = bindparam("owner")


def _change(**values: Any) -> Prepared:
    return Prepared(update(persons).where(_p.id == _person).values(**values))


_NOTICE = _change(notice=bindparam("version"))
_COMMUNITY = _change(community=bindparam("community"))
_BUILDING = _change(
    community=bindparam("community"),
    building=case((bindparam("building") == 0, _p.building), else_=bindparam("building")),
)
_PHONE = _change(phone=bindparam("phone"), phone_index=bindparam("phone_index"))
_PREFERS = _change(prefers=bindparam("channel"))
_ANONYMOUS = _change(anonymous=bindparam("on"))
_MERGED_AWAY = _change(name=null(), phone=null(), phone_index=null(), building=0, erased=_now)
_live = and_(
    homes.c.person == _person, homes.c.household == bindparam("household"), homes.c.until.is_(None)
)  # fmt: skip
_HOME = Prepared(select(homes.c.id).where(_live))
_HOME_NEW = Prepared(
    homes.insert().values(
        **{name: bindparam(name) for name in ("id", "person", "household", "relation", "source")}, since=_now
    )
)
_HOME_RELATION = Prepared(update(homes).where(_live).values(relation=bindparam("relation")))
_HOME_LEFT = Prepared(update(homes).where(_live).values(until=_now))
_FAILURE = Prepared(claim_failures.insert().values(id=bindparam("id"), person=_person, at=_now))
_CLAIM_USED = Prepared(update(claims).where(claims.c.person == _owner, claims.c.used.is_(None)).values(used=_now))
_RECORD = Prepared(
    select(_p.community, _p.phone, _p.phone_index, _p.notice, _p.anonymous).where(_p.id == _person)
)  # fmt: skip
_FILLED = Prepared(
    update(persons)
    .where(_p.id == _owner)
    .values(
        community=case((_p.community == 0, bindparam("community")), else_=_p.community),
        notice=case((_p.notice < bindparam("notice"), bindparam("notice")), else_=_p.notice),
        erased=None,
    )
)
_FILLED_PHONE = Prepared(
    update(persons)
    .where(_p.id == _owner, _p.phone_index.is_(None))
    .values(phone=bindparam("phone"), phone_index=bindparam("phone_index"))
)
_other, _joined, _told = homes.alias("other"), followers.alias("joined"), recipients.alias("told")
_MERGE = tuple(
    Prepared(statement)
    for statement in (
        update(identities).where(identities.c.person == _person).values(person=_owner),
        update(homes)
        .where(
            homes.c.person == _person,
            homes.c.household.in_(
                select(_other.c.household).where(_other.c.person == _owner, _other.c.until.is_(None))
            ),
            homes.c.until.is_(None),
        )
        .values(until=_now),
        update(homes).where(homes.c.person == _person).values(person=_owner),
        update(posts).where(posts.c.person == _person).values(person=_owner),
        update(tickets).where(tickets.c.reporter == _person).values(reporter=_owner, version=tickets.c.version + 1),
        update(tickets).where(tickets.c.owner == _person).values(owner=_owner, version=tickets.c.version + 1),
        update(followers)
        .where(
            followers.c.person == _person,
            followers.c.ticket.not_in(select(_joined.c.ticket).where(_joined.c.person == _owner)),
        )
        .values(person=_owner),
        update(followers).where(followers.c.person == _person).values(until=func.coalesce(followers.c.until, _now)),
        update(notes).where(notes.c.person == _person).values(person=_owner),
        update(open_questions).where(open_questions.c.person == _person).values(person=_owner),
        update(outbox).where(outbox.c.person == _person).values(person=_owner),
        update(recipients)
        .where(
            recipients.c.person == _person,
            recipients.c.announcement.not_in(select(_told.c.announcement).where(_told.c.person == _owner)),
        )
        .values(person=_owner),
        update(declines)
        .where(declines.c.person == _person, _owner.not_in(select(declines.alias().c.person)))
        .values(person=_owner),
    )
)


def apply(fact: ResidentFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    if isinstance(fact, f.NoticeShown):
        pen.reader.noticed(fact.person, fact.version)
    elif isinstance(fact, f.PostClaimed | f.PersonErased):
        pen.reader.forget()
    else:
        pen.reader.forget_person(fact.person)
    match fact:
        case f.Followed() | f.Unfollowed():
            pass  # the address itself is kept by storage/addresses.py; these stand in the facts log
        case f.NoticeShown(person, version):
            tx.write(_NOTICE, person=person, version=version)
        case f.HomeBound(person, household, community, relation, source):
            values = {"person": person, "household": household, "relation": relation}
            if tx.one(_HOME, person=person, household=household) is None:
                tx.write(_HOME_NEW, **values, id=pen.new_id(), source=source, now=now)
            else:
                tx.write(_HOME_RELATION, **values)
            tx.write(_COMMUNITY, person=person, community=community)
        case f.CommunityKnown(person, community, building):
            tx.write(_BUILDING, person=person, community=community, building=building)
        case f.HomeLeft(person, household):
            tx.write(_HOME_LEFT, person=person, household=household, now=now)
        case f.PhoneGiven(person, phone):
            tx.write(_PHONE, person=person, phone=phone, phone_index=next(iter(phone_indexes(phone)), None))
        case f.AnonymitySet(person, on):
            tx.write(_ANONYMOUS, person=person, on=on)
        case f.PostClaimed(person, owner):
            _merge(pen, person, owner)
        case f.ChannelPreferred(person, channel):
            tx.write(_PREFERS, person=person, channel=channel)
        case f.ClaimFailed(person):
            tx.write(_FAILURE, id=pen.new_id(), person=person, now=now)
        case f.PersonErased():
            erasure.erase(fact, pen)
        case _:
            assert_never(fact)


def _merge(pen: Pen, person: int, owner: int) -> None:
    """The chat's person becomes the register's: addresses, homes, reports and what waits to be sent move."""
    tx, now = pen.tx, pen.now
    tx.write(_CLAIM_USED, owner=owner, now=now)
    row = tx.one(_RECORD, person=person)
    if person == owner or row is None:
        return
    community, phone, index, notice, _ = row
    tx.write(_FILLED, owner=owner, community=community, notice=notice)
    if index:
        tx.write(_FILLED_PHONE, owner=owner, phone=phone, phone_index=index)
    points.merge(pen, person, owner)
    for prepared in _MERGE:
        tx.write(prepared, person=person, owner=owner, now=now)
    erasure_activities.merge(pen, person, owner)
    mutual.merge(pen, person, owner)
    tx.write(_MERGED_AWAY, person=person, now=now)
    pen.reader.seen.clear()  # reporters and owners of any ticket may have changed
