"""Social organisations as the console shows them; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from storage.engine import Database
from storage.schema import communities, organisations


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """Leader and phone are whole: the page masks them. `code`: the community's."""

    id: int
    community: str
    code: str
    name: str
    kind: str
    tier: str
    services: str
    place: str
    members: int
    leader: str
    phone: str
    public: bool
    number: str
    since: str
    gone: bool


def listed(db: Database, ids: Sequence[int], only: int = 0) -> list[OrganisationRow]:
    """Of these communities, those in force first; `only`: this one."""
    o = organisations.c
    wanted = (
        select(organisations, communities.c.name.label("home"), communities.c.code)
        .join(communities, communities.c.id == o.community)
        .where(o.community.in_(list(ids)))
        .order_by(o.gone, communities.c.code, o.kind, o.name)
    )
    with db.reading() as conn:
        return [
            OrganisationRow(
                row.id, row.home, row.code, row.name, row.kind, row.tier, row.services, row.place, row.members,
                row.leader or "", row.phone or "", row.public, row.number, row.since, row.gone,
            )
            for row in conn.execute(wanted.where(o.id == only) if only else wanted)
        ]  # fmt: skip
