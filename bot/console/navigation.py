"""The console's areas, in the order a working day needs them; everybody sees those he has the right to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.rights import Right
from bot.console.scope import Viewer


@dataclass(frozen=True, slots=True)
class Area:
    """`path`: where it begins; every page below it belongs to it, but /console/ itself only the list and tickets."""

    path: str
    name: str
    right: Right


AREAS = (
    Area("/console/", "待办", Right.TICKETS_SEE),
    Area("/console/search", "找工单", Right.TICKETS_SEE),
    Area("/console/report", "电话代报", Right.TICKETS_ACT),
    Area("/console/activities", "活动", Right.ACTIVITIES_RUN),
    Area("/console/points", "积分", Right.POINTS_REVIEW),
    Area("/console/shop", "积分超市", Right.SHOP_RUN),
    Area("/console/announcements", "公告", Right.ANNOUNCE),
    Area("/console/people", "人和地方", Right.PEOPLE_SEE),
    Area("/console/knowledge", "知识库", Right.KNOWLEDGE_EDIT),
    Area("/console/numbers", "数字", Right.NUMBERS_SEE),
    Area("/console/settings", "设置", Right.SETTINGS_EDIT),
    Area("/console/audit", "审计", Right.AUDIT_SEE),
    Area("/console/accounts", "账号", Right.ACCOUNTS_SEE),
    Area("/console/tables", "导入导出", Right.TABLES),
)
_ROOT = "/console/"
_OF_ROOT = ("/console/tickets", "/console/queue")


def seen_by(viewer: Viewer) -> list[Area]:
    return [area for area in AREAS if viewer.may(area.right)]


def home(viewer: Viewer) -> str:
    """Where a log-in leads: the first area of the role."""
    return next((area.path for area in seen_by(viewer)), "/console/me")


def current(path: str) -> str:
    """The area's path that a page belongs to; the list where no other fits."""
    fits = [area.path for area in AREAS if area.path != _ROOT and (path + "/").startswith(area.path + "/")]
    return max(fits, key=len, default=_ROOT if path == _ROOT or path.startswith(_OF_ROOT) else "")
