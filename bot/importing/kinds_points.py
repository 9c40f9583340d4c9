"""The tables of the points shop and of a community's own rules: their columns."""

from __future__ import annotations

from bot.importing import cells
from bot.importing.kind import Column, Kind

_OPEN = {"是": "on", "开": "on", "开放": "on", "否": "off", "关": "off", "停": "off"}
PROOF = {"自动": "auto", "一人审核": "review", "两人审核": "two"}
_COMMUNITY = Column(
    "community", "社区编码", cells.code(12), ("社区代码",), True, example="330483001001", hint="12位数字"
)
SHOP = Kind(
    "shop", "积分超市",
    (
        _COMMUNITY,
        Column("name", "物品", cells.text(48), ("名称", "商品", "礼品"), True, example="洗衣液一瓶"),
        Column("points", "积分", cells.whole(1, 10_000), ("所需积分", "分值"), True, example="30"),
        Column("stock", "库存", cells.whole(0, 100_000), ("数量", "剩余"), True, example="12",
            hint="还能兑换的件数；已经兑换没领的不算在内"),
        Column("pickup", "领取地点", cells.text(96), ("在哪领", "领取"), example="社区服务台"),
        Column("open", "上架", cells.one_of(_OPEN, "是、否"), ("状态",), example="是"),
    ),
    ("community", "name"), "一行一样东西。积分只换东西和服务，不换钱。",
)  # fmt: skip
RULES = Kind(
    "rules", "积分规则",
    (
        _COMMUNITY,
        Column("code", "编号", cells.text(8), ("代码",), True, example="ZZ01", hint="先导出看看现在的编号"),
        Column("name", "名称", cells.text(32), ("条目",), True, example="报事有效"),
        Column("points", "分值", cells.whole(-100, 100), ("积分", "分数"), True, example="2", hint="减分写负数"),
        Column("most", "最高", cells.whole(0, 100), ("上限",), example="", hint="分值是一个范围时写最高分"),
        Column("day_cap", "每天最多次", cells.whole(0, 1000), ("日上限",), example="5", hint="0是不限"),
        Column("month_cap", "每月最多次", cells.whole(0, 1000), ("月上限",), example="30", hint="0是不限"),
        Column("proof", "审核", cells.one_of(PROOF, "自动、一人审核、两人审核"), (), example="自动"),
        Column("open", "启用", cells.one_of(_OPEN, "是、否"), ("状态",), example="是"),
    ),
    ("community", "code"), "一行一条。改了是新的一版，以前得的分仍按旧规则。阅读、点赞、观看不得分。",
)  # fmt: skip
