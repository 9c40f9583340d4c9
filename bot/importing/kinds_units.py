"""The tables of those who handle tickets: units, their members, the category table."""

from __future__ import annotations

from bot.importing import cells
from bot.importing.kind import Column, Kind
from handlers.tickets.categories import UNITS as UNIT_KINDS

_KINDS = {name: kind for kind, name in UNIT_KINDS.items()} | {kind: kind for kind in UNIT_KINDS}
_LEVELS = {level: level for level in ("T0", "T1", "T2", "T3", "T4", "TC", "TW")}
_YES_NO = {"是": "yes", "要": "yes", "需要": "yes", "否": "no", "不要": "no", "不": "no"}
_ROLES = {
    "负责人": "head", "组长": "head", "主任": "head", "办事员": "member", "成员": "member", "工作人员": "member",
    "指挥室": "street", "街道": "street",
}  # fmt: skip
_CODE = Column(
    "code", "单位编码", cells.text(32), ("编码", "代码"), True, example="WY-XUEFU", hint="自己定，全街道不重复"
)
_CODE_OF_UNIT = Column("unit", "单位编码", cells.text(32), ("单位",), True, example="WY-XUEFU")

UNITS = Kind(
    "units", "单位",
    (
        _CODE,
        Column("name", "单位名称", cells.text(64), ("名称", "单位"), True, example="学府物业服务中心"),
        Column("kind", "类别", cells.one_of(_KINDS, "、".join(UNIT_KINDS.values())), ("单位类别", "类型"), True,
            example="物业", hint="物业、供水、城管…，见分类表的主办"),
        Column("phone", "电话", cells.office_phone, ("值班电话", "联系电话"), example="0573-88001234",
            hint="对居民公开的电话"),
        Column("scope", "服务范围", cells.text(64), ("范围", "服务区域"), True, example="学府花园",
            hint="小区名、社区编码、街道名，或“全部”；几处写几行"),
        Column("community", "社区编码", cells.code(12), ("社区代码",), example="330483001001",
            hint="范围是小区时，几个社区有同名小区才要填"),
    ),
    ("code", "scope", "community"), "一行一个单位的一处服务范围。先导入社区和房屋。街道指挥室的类别是“街道”。",
)  # fmt: skip

MEMBERS = Kind(
    "members", "单位人员",
    (
        Column("name", "姓名", cells.person_name, ("名字",), True, example="张三"),
        Column("phone", "手机号", cells.mobile, ("手机", "电话", "联系电话"), True, private=True, hint="11位手机号"),
        _CODE_OF_UNIT,
        Column("role", "身份", cells.one_of(_ROLES, "负责人、办事员、指挥室"), ("岗位", "角色"), True,
            example="办事员", hint="负责人、办事员；街道指挥室的人填指挥室"),
    ),
    ("phone", "unit"), "一行一人一个单位。先导入单位。",
)  # fmt: skip

CATEGORIES = Kind(
    "categories", "事项分类",
    (
        Column("code", "分类编码", cells.text(4), ("编码", "代码"), True, example="0201"),
        Column("name", "名称", cells.text(32), ("分类名称",), True, example="楼道灯/路灯"),
        Column("lead", "主办", cells.one_of(_KINDS, "、".join(UNIT_KINDS.values())), ("主办单位类别",), True,
            example="物业"),
        Column("assist", "协办", cells.listed(6), ("协办单位类别",), example="市政、供电", hint="几个用顿号分开"),
        Column("level", "级别", cells.one_of(_LEVELS, "、".join(_LEVELS)), ("默认级别",), True, example="T2"),
        Column("std_code", "标准编码", cells.text(32), ("对应编码",), hint="和12345等系统对应的编码，可空"),
        Column("photo", "办结要照片", cells.one_of(_YES_NO, "是、否"), ("照片",), example="否"),
        Column("verify", "办结要核查", cells.one_of(_YES_NO, "是、否"), ("核查",), example="否"),
    ),
    ("code",), "一行一个分类。只改已有的90个分类和99；没写的行不变。",
)  # fmt: skip
