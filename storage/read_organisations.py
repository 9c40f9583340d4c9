"""Questions about social organisations, for storage/read.py."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from handlers.organisations.port import Organisation
from storage.schema import organisations
from storage.sql import Prepared
from storage.transaction import Transaction

_o = organisations.c
_OF = Prepared(
    select(_o.id, _o.name, _o.kind, _o.services, _o.place, _o.leader, _o.phone, _o.public)
    .where(_o.community == bindparam("community"), _o.gone.is_(False))
    .order_by(_o.name)
    .limit(200)
)


class ReadOrganisations:
    """The part of handlers.read.Read that is about social organisations."""

    tx: Transaction

    def organisations(self, community: int) -> tuple[Organisation, ...]:
        return tuple(
            Organisation(key, name, kind, services, place, leader or "", (phone or "") if public else "")
            for key, name, kind, services, place, leader, phone, public in self.tx.rows(_OF, community=community)
        )
