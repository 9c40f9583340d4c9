"""Questions about mutual help, for storage/read.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, func, literal, literal_column, or_, select

from handlers.mutual.port import Help
from storage.schema.mutual import helpers, helps
from storage.sql import Prepared
from storage.transaction import Transaction

_h = helps.c
_id: BindParameter[int] = bindparam("id")
_person: BindParameter[int] = bindparam("person")
_community: BindParameter[int] = bindparam("community")
_help = select(
    _h.id, _h.number, _h.community, _h.micro_grid, _h.asker, _h.words, _h.state, _h.made, _h.helper, _h.confirmed
)
_running = _h.state.in_([literal("open"), literal("taken")])
_LAST = Prepared(select(func.coalesce(func.max(_h.number), 0)).where(_h.community == _community))
_HELP = Prepared(_help.where(_h.id == _id))
_HELD = Prepared(_help.where(_h.id == _id).with_for_update())
_NUMBERED = Prepared(_help.where(_h.community == _community, _h.number == bindparam("number")))
_OPEN = Prepared(
    _help.where(_h.micro_grid == bindparam("micro_grid"), _h.state == literal_column("'open'"))
    .order_by(_h.id)
    .limit(10)
)
_OF = Prepared(_help.where(or_(_h.asker == _person, _h.helper == _person), _running).order_by(_h.id.desc()).limit(10))
_HELPERS = Prepared(
    select(helpers.c.person)
    .where(helpers.c.micro_grid == bindparam("micro_grid"))
    .order_by(helpers.c.since, helpers.c.person)
    .limit(100)
)
_IS_HELPER = Prepared(select(helpers.c.person).where(helpers.c.person == _person))


class ReadMutual:
    """The part of handlers.read.Read that is about mutual help."""

    tx: Transaction

    def next_help_number(self, community: int) -> int:
        return int(self.tx.one(_LAST, community=community)[0]) + 1

    def help(self, number: int) -> Help | None:
        return _from(self.tx.one(_HELP, id=number))

    def help_held(self, number: int) -> Help | None:
        return _from(self.tx.one(_HELD, id=number))

    def help_numbered(self, community: int, number: int) -> Help | None:
        return _from(self.tx.one(_NUMBERED, community=community, number=number))

    def helps_open(self, micro_grid: int) -> tuple[Help, ...]:
        return tuple(Help(*row) for row in self.tx.rows(_OPEN, micro_grid=micro_grid))

    def helps_of(self, person: int) -> tuple[Help, ...]:
        return tuple(Help(*row) for row in self.tx.rows(_OF, person=person))

    def helpers(self, micro_grid: int) -> tuple[int, ...]:
        return tuple(row[0] for row in self.tx.rows(_HELPERS, micro_grid=micro_grid))

    def is_helper(self, person: int) -> bool:
        return self.tx.one(_IS_HELPER, person=person) is not None


def _from(row: Any) -> Help | None:
    return Help(*row) if row else None
