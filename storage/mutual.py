"""Applies what happened in mutual help, over the state that was seen; decides nothing."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import BindParameter, bindparam, delete, literal, literal_column, update

from handlers.mutual import facts as f
from storage.columns import Utc
from storage.pen import Pen
from storage.schema.mutual import helpers, helps
from storage.sql import Prepared

_h = helps.c
_now = bindparam("now", type_=Utc())
_one = _h.id == bindparam("help")
_person: BindParameter[int] = bindparam("person")


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


def _in(name: str) -> Any:
    return _h.state == literal_column(f"'{name}'")


_ASKED = Prepared(
    helps.insert().values(
        **_given("id", "number", "community", "micro_grid", "asker", "words"), state="open", helper=0, confirmed=0,
        made=_now, changed=_now,
    )
)  # fmt: skip
_TAKEN = Prepared(update(helps).where(_one, _in("open")).values(state="taken", helper=bindparam("who"), changed=_now))
_RELEASED = Prepared(
    update(helps)
    .where(_one, _in("taken"), _h.helper == bindparam("who"))
    .values(state="open", helper=0, confirmed=0, changed=_now)
)
_CONFIRMED = Prepared(
    update(helps)
    .where(_one, _in("taken"), _h.confirmed == literal_column("0"))
    .values(confirmed=bindparam("who"), changed=_now)
)
_DONE = Prepared(update(helps).where(_one, _in("taken")).values(state="done", changed=_now))
_ENDED = Prepared(
    update(helps).where(_one, _h.state.in_([literal("open"), literal("taken")])).values(state="ended", changed=_now)
)
_JOINED = Prepared(
    lambda insert: (
        insert(helpers)
        .values(person=_person, micro_grid=bindparam("micro_grid"), since=_now)
        .on_conflict_do_update(index_elements=["person"], set_={"micro_grid": bindparam("micro_grid")})
    )
)
_LEFT = Prepared(delete(helpers).where(helpers.c.person == _person))
_NO_WORDS = Prepared(update(helps).where(_h.asker == _person).values(words=""))
_NONE_OPEN = Prepared(
    update(helps)
    .where(_h.asker == _person, _h.state.in_([literal("open"), literal("taken")]))
    .values(state="ended", changed=_now)
)
_GIVEN_BACK = Prepared(
    update(helps).where(_h.helper == _person, _in("taken")).values(state="open", helper=0, confirmed=0, changed=_now)
)
_owner: BindParameter[int] = bindparam("owner")
_ASKERS = Prepared(update(helps).where(_h.asker == _person).values(asker=_owner))
_HELPERS = Prepared(update(helps).where(_h.helper == _person).values(helper=_owner))


def apply(fact: f.MutualFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case f.HelpAsked(number_, number, community, micro_grid, asker, words):
            tx.write(
                _ASKED, id=number_, number=number, community=community, micro_grid=micro_grid, asker=asker,
                words=words, now=now,
            )  # fmt: skip
        case f.HelpTaken(help_, helper):
            tx.write_once(_TAKEN, help=help_, who=helper, now=now)
        case f.HelpReleased(help_, helper):
            tx.write_once(_RELEASED, help=help_, who=helper, now=now)
        case f.HelpConfirmed(help_, by):
            tx.write_once(_CONFIRMED, help=help_, who=by, now=now)
        case f.HelpDone(help_):
            tx.write_once(_DONE, help=help_, now=now)
        case f.HelpEnded(help_):
            tx.write_once(_ENDED, help=help_, now=now)
        case f.HelperJoined(person, micro_grid, True):
            tx.write(_JOINED, person=person, micro_grid=micro_grid, now=now)
        case f.HelperJoined(person):
            tx.write(_LEFT, person=person)
        case f.HelpWritten():
            pass  # stands in the facts log only, as a digest
        case _:
            assert_never(fact)


def erase(pen: Pen, person: int) -> None:
    """What was asked for ends and has no words; what was being helped with is open again."""
    for prepared in (_NONE_OPEN, _NO_WORDS, _GIVEN_BACK, _LEFT):
        pen.tx.write(prepared, person=person, now=pen.now)


def merge(pen: Pen, person: int, owner: int) -> None:
    """Everything of the chat's person goes on under the register's."""
    for prepared in (_ASKERS, _HELPERS):
        pen.tx.write(prepared, person=person, owner=owner)
    pen.tx.write(_LEFT, person=person)
