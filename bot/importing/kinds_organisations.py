"""The table of social organisations 社区社会组织: its columns."""

from __future__ import annotations

from bot.importing import cells
from bot.importing.kind import Column, Kind
from handlers.organisations.rules import KINDS, TIERS

_KIND = {name: name for name in KINDS}
_TIER = {tier: tier for tier in TIERS} | {
    "登记": TIERS[0],
    "备案": TIERS[2],
    "街道备案": TIERS[1],
    "社区备案": TIERS[2],
}
_PUBLIC = {"是": "yes", "公开": "yes", "否": "no", "不公开": "no"}
_STATE = {"有效": "", "在册": "", "注销": "gone", "已注销": "gone"}

ORGANISATIONS = Kind(
    "organisations", "社会组织",
    (
        Column("community", "社区编码", cells.code(12), ("社区代码", "所属社区编码"), True, example="330483001001",
            hint="12位数字"),
        Column("name", "名称", cells.text(64), ("组织名称", "社会组织名称"), True, example="学府社区银杏理发队"),
        Column("kind", "类别", cells.one_of(_KIND, "、".join(KINDS)), ("类型",), True, example="便民服务",
            hint="、".join(KINDS)),
        Column("tier", "管理", cells.one_of(_TIER, "、".join(TIERS)), ("登记备案", "层级"), example="社区指导",
            hint="民政登记、街道管理、社区指导；空着是社区指导"),
        Column("services", "做什么", cells.text(200), ("业务范围", "服务内容"), True, example="每月10日上午义务理发",
            hint="原样告诉居民，写短些"),
        Column("place", "活动场所", cells.text(64), ("场所", "地点"), example="学府花园北门"),
        Column("members", "人数", cells.whole(0, 100_000), ("成员人数",), example="12"),
        Column("leader", "负责人", cells.person_name, ("联系人",), private=True, example="张三"),
        Column("phone", "电话", cells.office_phone, ("联系电话", "手机号"), private=True, example="0573-88001234"),
        Column("public", "电话公开", cells.one_of(_PUBLIC, "是、否"), (), example="否",
            hint="负责人同意告诉居民才填是；空着是否"),
        Column("number", "备案号", cells.text(32), ("登记号", "统一社会信用代码"), example=""),
        Column("since", "成立日期", cells.day, ("备案日期", "登记日期"), example="2025-03-01"),
        Column("state", "状态", cells.one_of(_STATE, "有效、注销"), (), example="有效",
            hint="有效、注销；空着是有效"),
    ),
    ("community", "name"),
    "一行一个社区社会组织。业委会、楼栋小组、居委会的工作机构不是社会组织。居民问「有没有理发的志愿组织」，按这张表回答。",
)  # fmt: skip
