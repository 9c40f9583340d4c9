"""What importing a file would do: the plan of one kind, made from records and the register, written later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.importing.kind import Kind
from bot.importing.records import Problem, Record, shown
from handlers.types import Sender
from storage import audit
from storage.ledger import Ledger, Tally
from storage.people import link_identity
from storage.sight import StaffRole


@dataclass(slots=True)
class Newcomer:
    """Somebody with a new post or log-in, who is handed a claim code and perhaps a first password on paper.

    `login` "": no new log-in. `joined`: the chat identity is already theirs, so no code is needed.
    """

    person: int
    name: str
    post: str
    place: str
    login: str = ""
    role: StaffRole = StaffRole.DESK
    scope: int = 0  # of a role without a post
    joined: bool = False


@dataclass(slots=True)
class Plan:
    """`after` runs in the same transaction, once the ledger is written."""

    kind: Kind
    ledger: Ledger
    now: datetime
    overwrite: bool = False
    corp: str = ""  # CorpID of the WeCom application, "" without one
    actor: int = 0  # whose doing it is, 0: the operator's at the command line
    via: str = "import"
    problems: list[Problem] = field(default_factory=list)
    after: list[Callable[[Connection], None]] = field(default_factory=list)
    members: dict[str, int] = field(default_factory=dict)
    newcomers: list[Newcomer] = field(default_factory=list)
    extra: dict[str, Tally] = field(default_factory=dict)  # of tables that do not pass through the ledger

    def wecom(self, record: Record, person: int) -> None:
        """The member of WeCom in this row is this person from now on."""
        user = record["wecom_user"]
        if not user:
            return
        if not self.corp:
            self.bad(record, "wecom_user", "还没有设置企业微信（JUSHE_WECOM_CORP_ID）；设好再导入，或先空着这一列")
            return
        if self.members.setdefault(user, person) != person:
            self.bad(record, "wecom_user", "文件里另一个人也是这个企业微信账号；请核对")
            return
        sender = Sender("wecom", self.corp, user)
        self.after.append(lambda conn: link_identity(conn, person, sender, self.now))

    def changed(self, conn: Connection, what: str, key: str, before: str, after: str) -> None:
        """A setting is another now: who, when, from what to what. "" for a row that was not or is not there."""
        body = {"what": what, "key": key, "before": before, "after": after}
        audit.note(conn, "SettingChanged", body, self.now, via=self.via, actor=self.actor)

    def bad(self, record: Record, key: str, reason: str) -> None:
        """This row cannot be used because of this column."""
        column = self.kind.column(key)
        self.problems.append(Problem(record.row, column.title, shown(column, record[key]), reason))


Planner = Callable[[list[Record], Plan], None]


class Agreement:
    """A value that several rows may give for the same thing, and that must be the same each time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._said: dict[tuple[object, ...], tuple[str, int]] = {}

    def note(self, record: Record, key: str, *thing: object, value: str | None = None) -> None:
        given = record[key] if value is None else value
        if not given:
            return
        first, row = self._said.setdefault((key, *thing), (given, record.row))
        if first != given:
            self._plan.bad(record, key, f"与第{row}行不一致")

    def value(self, key: str, *thing: object) -> str | None:
        found = self._said.get((key, *thing))
        return found[0] if found else None


def titles() -> Mapping[str, str]:
    """What the tables are called in reports."""
    return {
        "communities": "社区", "grids": "网格", "micro_grids": "微网格", "estates": "小区", "buildings": "楼栋",
        "households": "房屋", "persons": "人员", "homes": "住房关系", "posts": "岗位", "logins": "账号",
        "holidays": "日期", "limits": "时限", "duty_hours": "值班时段",
        "units": "单位", "unit_areas": "服务范围", "categories": "分类", "faq": "问答", "synonyms": "同义词",
        "activities": "活动", "organisations": "社会组织",
        "shop_items": "积分超市", "point_rules": "积分规则",
    }  # fmt: skip
