"""What a log-in may look at: its role, and the places its posts reach; as values and as conditions on tickets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, text, union

from handlers.tickets.categories import COMPLAINTS, DESK_ONLY
from handlers.types import Role
from storage.schema import communities, estates, grids, micro_grids, posts, ticket_units, tickets, unit_areas
from storage.schema.tickets import OF_UNIT, RAISED

_t = tickets.c
ESCALATED = 3  # tier of a ticket that has come up to the street


class StaffRole(StrEnum):
    """What a log-in is for (domain.md §2.8). One log-in has one role; a person's posts say where it holds."""

    LEADER = "leader"  # 微网格长, own micro-grids
    GRID = "grid"  # 专职网格员, own grids
    DESK = "desk"  # 社区工作人员, own communities
    UNIT = "unit"  # 物业、维保、部门, what is given to the unit
    STREET = "street"  # 街道指挥室, what has come up to the street
    ASSESSOR = "assessor"  # 第三方评估, numbers only
    SYSTEM = "system"  # 系统管理员: settings and accounts
    SECURITY = "security"  # 安全管理员: roles and rules
    AUDIT = "audit"  # 审计管理员: logs


ADMINISTRATORS = frozenset({StaffRole.SYSTEM, StaffRole.SECURITY, StaffRole.AUDIT})
# Posts that a role stands on; the others need none.
POSTS = {
    StaffRole.LEADER: (Role.LEADER, Role.DEPUTY), StaffRole.GRID: (Role.GRID,), StaffRole.DESK: (Role.DESK,),
    StaffRole.UNIT: (Role.HEAD, Role.MEMBER), StaffRole.STREET: (Role.STREET,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """`communities`: what may be looked at, at most. `micro_grids`, `units`: within them only these; None: all.

    `escalated`: tickets only once they have come up to the street, and dangers.
    """

    person: int
    communities: tuple[int, ...]
    micro_grids: tuple[int, ...] | None = None
    units: tuple[int, ...] | None = None
    escalated: bool = False

    @property
    def whole(self) -> bool:
        """Nothing but the communities narrows it."""
        return self.micro_grids is None and self.units is None and not self.escalated


def sight_of(conn: Connection, person: int, role: StaffRole, scope: int = 0) -> Sight:
    """`scope`: the community of a role that stands on no post, 0 for every community."""
    if role not in POSTS:
        everywhere = select(communities.c.id).order_by(communities.c.code)
        return Sight(person, (scope,) if scope else tuple(conn.execute(everywhere).scalars()))
    held = scopes(conn, person, POSTS[role])
    if role is StaffRole.DESK:
        return Sight(person, held)
    if role is StaffRole.STREET:
        return Sight(person, _served(conn, held), escalated=True)
    if role is StaffRole.UNIT:
        return Sight(person, _served(conn, held), units=held)
    where = micro_grids.c.grid if role is StaffRole.GRID else micro_grids.c.id
    mine = conn.execute(select(micro_grids.c.id, micro_grids.c.community).where(where.in_(held))).all()
    found = {row.community for row in mine}
    if role is StaffRole.GRID:  # a grid without micro-grids yet is still somewhere
        found |= set(conn.execute(select(grids.c.community).where(grids.c.id.in_(held))).scalars())
    return Sight(person, tuple(sorted(found)), micro_grids=tuple(sorted(row.id for row in mine)))


def scopes(conn: Connection, person: int, roles: Iterable[Role]) -> tuple[int, ...]:
    """Where a person holds these posts now."""
    held = select(posts.c.scope).where(
        posts.c.person == person, posts.c.role.in_([role.value for role in roles]), posts.c.until.is_(None)
    )
    return tuple(dict.fromkeys(conn.execute(held.order_by(posts.c.id)).scalars()))


def _served(conn: Connection, units: tuple[int, ...]) -> tuple[int, ...]:
    """Communities in which these units have an area."""
    areas = conn.execute(select(unit_areas).where(unit_areas.c.unit.in_(units))).all()
    if any(area.scope == "all" for area in areas):
        return tuple(conn.execute(select(communities.c.id).order_by(communities.c.code)).scalars())
    places = {scope: [area.place for area in areas if area.scope == scope] for scope in ("community", "estate")}
    streets = [area.street for area in areas if area.scope == "street"]
    of_estates = select(estates.c.community).where(estates.c.id.in_(places["estate"]))
    here = or_(
        communities.c.id.in_(places["community"]), communities.c.street.in_(streets), communities.c.id.in_(of_estates)
    )
    return tuple(conn.execute(select(communities.c.id).where(here).order_by(communities.c.code)).scalars())


def tickets_in(sight: Sight | None) -> tuple[ColumnElement[bool], ...]:
    """Conditions for the tickets somebody may see. None: all of them, for the demo and the program itself.

    Nobody sees a complaint about himself or his unit; complaints stay at the desk (handlers/tickets/reach.py).
    """
    if sight is None:
        return ()
    unlike = _t.against != sight.person
    if sight.units is not None:
        joined = select(ticket_units.c.ticket).where(ticket_units.c.unit.in_(sight.units))
        given = or_(_t.unit.in_(sight.units), _t.id.in_(joined), _t.owner == sight.person)
        return unlike, _t.against_unit.not_in(sight.units), given if sight.units else false()
    if sight.micro_grids is not None:
        return unlike, or_(*parts_of(sight))
    if not sight.communities:
        return (false(),)
    if sight.escalated:
        up = or_(_t.tier >= ESCALATED, _t.level == "T0")
        return unlike, _t.community.in_(sight.communities), up
    return unlike, in_communities(sight.communities)


def few_in(sight: Sight | None, *which: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """The same of those that are `which`, who are few at any time: each part is looked for where they are few."""
    seen = (*tickets_in(sight), *which)
    if sight is None or (sight.units is None and sight.micro_grids is None):
        return seen
    found = (select(_t.id).where(place, *which) for place in parts_of(sight))
    return (*seen, _t.id.in_(union(*found)))


def parts_of(sight: Sight) -> list[ColumnElement[bool]]:
    """What a sight of micro-grids or units is put together of, each with an index of its own."""
    if sight.micro_grids is not None:
        kept = or_(_t.category.in_(COMPLAINTS | DESK_ONLY), _t.kind == "投诉举报")
        return [and_(_t.micro_grid.in_(sight.micro_grids), _t.micro_grid != 0, ~kept), _t.owner == sight.person]
    joined = select(ticket_units.c.ticket).where(ticket_units.c.unit.in_(sight.units or ()))
    led = [and_(_t.unit == unit, text(OF_UNIT)) for unit in sight.units or ()]
    return [*led, _t.id.in_(joined), _t.owner == sight.person]


def beside(ids: Sequence[int]) -> ColumnElement[bool]:
    """Of these communities, where something else asked for is rarer: its index is followed then, not theirs."""
    return (_t.community + 0).in_(ids)


def raised_in(sight: Sight) -> tuple[ColumnElement[bool], ...]:
    """A street's, said so that they are met newest first: by its communities everything they ever had would be."""
    return (and_(_t.against != sight.person, beside(sight.communities), text(f"({RAISED})")),)


def tickets_within(sight: Sight, community: int | None) -> tuple[ColumnElement[bool], ...]:
    """The same within one community of a sight of whole ones; None: where nobody knows yet.

    The place is said once: who plans a question thinks that two conditions leave less than one.
    """
    if community is not None and community not in sight.communities:
        return (false(),)
    return _t.against != sight.person, _t.community == community if community else _t.community.is_(None)


def in_communities(ids: tuple[int, ...]) -> ColumnElement[bool]:
    """A ticket whose community nobody knows yet is every community's."""
    if not ids:
        return false()
    ours = _t.community == ids[0] if len(ids) == 1 else _t.community.in_(ids)
    return or_(ours, _t.community.is_(None))
