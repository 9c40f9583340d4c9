"""The plan for staff: log-ins of the console with their roles, desk posts."""

from __future__ import annotations

from sqlalchemy import select

from bot.console.rights import NAMES
from bot.importing.plan import Newcomer, Plan
from bot.importing.plan_people import know_phones, people_joined, same_name
from bot.importing.records import Record
from handlers.types import Role
from storage import people
from storage.schema import communities, logins, posts
from storage.sight import ADMINISTRATORS, StaffRole
from storage.staff import RolesMixed


def plan_staff(records: list[Record], plan: Plan) -> None:
    ledger = plan.ledger
    know_phones(plan, records)
    ledger.know(communities, ("code",))
    owners = {row.login: row.person for row in ledger.conn.execute(select(logins.c.login, logins.c.person))}
    joined = people_joined(plan)
    held: dict[int, set[StaffRole]] = {}
    wanted = select(logins.c.person, logins.c.role).where(logins.c.disabled.is_(False))
    for row in ledger.conn.execute(wanted):
        held.setdefault(row.person, set()).add(StaffRole(row.role))
    for record in records:
        community = ledger.find(communities, code=record["community"])
        if community is None:
            plan.bad(record, "community", "没有这个社区；请核对编码，或先导入社区")
            continue
        owner = people.with_phone(ledger, record["phone"])
        if owner is not None and not same_name(record, plan, owner):
            continue
        person = people.person(
            ledger, record["name"], record["phone"], community["id"], plan.now, overwrite=plan.overwrite
        )
        plan.wecom(record, person)
        login = record["login"]
        if login and owners.setdefault(login, person) != person:
            plan.bad(record, "login", "这个登录名已有别人在用；请换一个")
            continue
        fresh_login = login if login and not ledger.conn.execute(
            select(logins.c.login).where(logins.c.login == login)
        ).first() else ""  # fmt: skip
        role = StaffRole(record["role"] or StaffRole.DESK)
        mine = held.setdefault(person, set())
        if mine - {role} and (role in ADMINISTRATORS or mine & ADMINISTRATORS):
            plan.bad(record, "role", str(RolesMixed()).rstrip("。"))
            continue
        if fresh_login:
            mine.add(role)
        fresh_post = False
        if role is StaffRole.DESK:
            fresh_post = ledger.find(posts, person=person, role=Role.DESK.value, scope=community["id"]) is None
            people.post(ledger, person, Role.DESK, community["id"], plan.now)
        if fresh_post or fresh_login:
            plan.newcomers.append(
                Newcomer(
                    person, record["name"], NAMES[role], community["name"], fresh_login, role,
                    scope=community["id"] if role is StaffRole.ASSESSOR else 0,
                    joined=person in joined or not fresh_post or bool(record["wecom_user"]),
                )
            )  # fmt: skip
