"""The log-ins of the sample, one a role: with the demo's own password, each with people already in its cast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert

from storage import people, staff
from storage.schema import logins
from storage.sight import StaffRole

LOGIN = "demo"
PASSWORD = "wutong-2026-sample"  # noqa: S105 - printed by `jushe demo`; the sample is never seeded into a real service
# log-in → role, whose phone of the cast it is ("": somebody of his own), name of a new person
LOGINS: Mapping[str, tuple[StaffRole, str, str]] = {
    LOGIN: (StaffRole.DESK, "desk", ""),
    "leader": (StaffRole.LEADER, "leader", ""),
    "grid": (StaffRole.GRID, "grid", ""),
    "property": (StaffRole.UNIT, "property_head", ""),
    "street": (StaffRole.STREET, "street", ""),
    "assessor": (StaffRole.ASSESSOR, "", "评估员"),
    "system": (StaffRole.SYSTEM, "", "系统管理员"),
    "security": (StaffRole.SECURITY, "", "安全管理员"),
    "audit": (StaffRole.AUDIT, "", "审计管理员"),
}


def seed(conn: Connection, cast: Mapping[str, int], now: datetime) -> None:
    hashed = staff.hash_password(PASSWORD)  # once: it is slow on purpose
    for login, (role, whose, name) in LOGINS.items():
        person = cast[whose] if whose else people.add_person(conn, name, "", 0, now=now)
        values = {"login": login, "person": person, "password": hashed, "role": role.value, "created": now}
        conn.execute(insert(logins).values(**values))
