"""Who may do what in the console: rights by role (domain.md §2.8), as one table. Where: storage/sight.py."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from storage.sight import StaffRole


class Right(StrEnum):
    """What a page or an act needs."""

    OWN = "own"  # one's own password and sessions: whoever is signed in
    TICKETS_SEE = "tickets_see"
    TICKETS_ACT = "tickets_act"
    UNMASK = "unmask"  # a name or phone in full, with a reason
    ACTIVITIES_RUN = "activities_run"
    POINTS_REVIEW = "points_review"
    SHOP_RUN = "shop_run"
    PEOPLE_SEE = "people_see"
    PEOPLE_EDIT = "people_edit"
    ANNOUNCE = "announce"
    ANNOUNCE_APPROVE = "announce_approve"  # the second person
    KNOWLEDGE_EDIT = "knowledge_edit"
    NUMBERS_SEE = "numbers_see"
    NUMBERS_EXPORT = "numbers_export"
    TABLES = "tables"  # tables in and out; each table asks for a right of its own besides
    SETTINGS_EDIT = "settings_edit"
    RULES_EDIT = "rules_edit"
    ACCOUNTS_SEE = "accounts_see"
    ACCOUNTS_EDIT = "accounts_edit"
    ROLES_GRANT = "roles_grant"
    AUDIT_SEE = "audit_see"


_WORKER = frozenset({Right.OWN, Right.TICKETS_SEE, Right.TICKETS_ACT})
RIGHTS: Mapping[StaffRole, frozenset[Right]] = {
    StaffRole.LEADER: _WORKER,
    StaffRole.GRID: _WORKER,
    StaffRole.UNIT: _WORKER,  # no search of residents, no people
    StaffRole.DESK: _WORKER | {
        Right.UNMASK, Right.ACTIVITIES_RUN, Right.POINTS_REVIEW, Right.SHOP_RUN, Right.PEOPLE_SEE,
        Right.PEOPLE_EDIT, Right.ANNOUNCE, Right.ANNOUNCE_APPROVE, Right.KNOWLEDGE_EDIT, Right.NUMBERS_SEE,
        Right.NUMBERS_EXPORT, Right.TABLES,
    },
    StaffRole.STREET: _WORKER | {
        Right.UNMASK, Right.ANNOUNCE, Right.ANNOUNCE_APPROVE, Right.NUMBERS_SEE, Right.NUMBERS_EXPORT,
    },
    StaffRole.ASSESSOR: frozenset({Right.OWN, Right.NUMBERS_SEE}),
    # The three administrators: nobody sets up an account, gives it power and reads its traces (三员分立).
    StaffRole.SYSTEM: frozenset(
        {Right.OWN, Right.TABLES, Right.SETTINGS_EDIT, Right.ACCOUNTS_SEE, Right.ACCOUNTS_EDIT}
    ),
    StaffRole.SECURITY: frozenset({Right.OWN, Right.TABLES, Right.RULES_EDIT, Right.ACCOUNTS_SEE, Right.ROLES_GRANT}),
    StaffRole.AUDIT: frozenset({Right.OWN, Right.AUDIT_SEE, Right.ACCOUNTS_SEE}),
}  # fmt: skip

NAMES: Mapping[StaffRole, str] = {
    StaffRole.LEADER: "微网格长", StaffRole.GRID: "专职网格员", StaffRole.DESK: "社区工作人员",
    StaffRole.UNIT: "单位人员", StaffRole.STREET: "街道指挥室", StaffRole.ASSESSOR: "第三方评估",
    StaffRole.SYSTEM: "系统管理员", StaffRole.SECURITY: "安全管理员", StaffRole.AUDIT: "审计管理员",
}  # fmt: skip
