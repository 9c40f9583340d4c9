"""What a role for somebody new stands on: the place, or the registered person, that a code means."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Table, select

from bot.console.rights import NAMES
from storage.schema import communities, grids, micro_grids, persons, posts, units
from storage.sight import ADMINISTRATORS, POSTS, StaffRole

# Roles whose people are registered first, with the table their code is looked up in and the command for it.
_REGISTERED: dict[StaffRole, tuple[Table, str, str]] = {
    StaffRole.LEADER: (micro_grids, "微网格", "leaders"), StaffRole.GRID: (grids, "网格", "leaders"),
    StaffRole.UNIT: (units, "单位", "members"), StaffRole.STREET: (units, "单位", "members"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Where:
    """`holder`: the person already registered for the post, 0 for a new one. `scope`: of a role without a post."""

    community: int = 0
    holder: int = 0
    scope: int = 0


class Unfit(ValueError):
    """The role or its place does not fit; its text says what to do."""


def named(role: str) -> StaffRole:
    """By its Chinese name or its word. Raises Unfit."""
    found = next((one for one, name in NAMES.items() if role in (one.value, name)), None)
    if found is None:
        raise Unfit(f"没有岗位「{role}」。可以是：{'、'.join(NAMES.values())}。")
    return found


def place(conn: Connection, role: StaffRole, code: str, name: str) -> Where:
    """Raises Unfit where the code or the person is not there."""
    if role in ADMINISTRATORS:
        return Where()
    if role in _REGISTERED:
        return Where(holder=_holder(conn, role, code, name))
    if role is StaffRole.ASSESSOR and not code:
        return Where()
    found = conn.execute(select(communities.c.id).where(communities.c.code == code)).scalar()
    if found is None:
        raise Unfit(
            f"没有编码是 {code} 的社区。{_known(conn)}" if code else f"请写在哪个社区：--at 社区编码。{_known(conn)}"
        )
    return Where(community=found, scope=found if role is StaffRole.ASSESSOR else 0)


def _holder(conn: Connection, role: StaffRole, code: str, name: str) -> int:
    table, what, kind = _REGISTERED[role]
    scope = conn.execute(select(table.c.id).where(table.c.code == code)).scalar()
    if scope is None:
        raise Unfit(f"没有编码是 {code} 的{what}。" if code else f"请写是哪个{what}：--at {what}编码。")
    held = select(posts.c.person).where(
        posts.c.scope == scope, posts.c.role.in_([one.value for one in POSTS[role]]), posts.c.until.is_(None)
    )
    people = conn.execute(select(persons.c.id, persons.c.name).where(persons.c.id.in_(held))).all()
    mine = [row.id for row in people if row.name == name]
    if len(mine) != 1:
        raise Unfit(f"{code} 没有登记{NAMES[role]}{name}。请先用 jushe import {kind} 登记。")
    return int(mine[0])


def _known(conn: Connection) -> str:
    found = conn.execute(select(communities.c.code, communities.c.name).order_by(communities.c.code).limit(5)).all()
    return (
        "已有：" + "、".join(f"{c} {n}" for c, n in found) + "。"
        if found
        else "请先用 jushe import communities 导入社区。"
    )
