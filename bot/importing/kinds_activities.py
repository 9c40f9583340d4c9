"""The table of activities: every field of a recruiting notice (志愿服务条例 art. 12)."""

from __future__ import annotations

from bot.importing import cells
from bot.importing.kind import Column, Kind

ACTIVITIES = Kind(
    "activities", "活动",
    (
        Column("community", "社区编码", cells.code(12), ("社区代码", "所属社区编码", "村社编码"), True,
            example="330483001001", hint="12位数字"),
        Column("name", "活动名称", cells.text(24), ("名称", "活动"), True, example="清洁家园"),
        Column("kind", "类别", cells.one_of(cells.ACTIVITY_KINDS, "、".join(cells.ACTIVITY_KINDS)), ("服务类别",),
            example="环境清洁", hint="抢险救灾不收未成年人"),
        Column("about", "内容", cells.text(300), ("服务内容", "活动内容"), True, example="清理楼道杂物和绿化带垃圾"),
        Column("starts", "开始", cells.moment, ("开始时间",), True, example="2026-06-06 09:00"),
        Column("ends", "结束", cells.moment, ("结束时间",), True, example="2026-06-06 11:00"),
        Column("place", "地点", cells.text(60), ("集合地点",), True, example="学府花园北门小广场"),
        Column("posts", "人数", cells.text(120), ("岗位", "名额"), True, example="清扫15人、指挥5人"),
        Column("conditions", "条件", cells.text(120), ("参加条件",), True, example="身体健康"),
        Column("danger", "有没有危险", cells.one_of(cells.YES_NO, "是、否"), ("危险",), True, example="否",
            hint="登高、涉水、上马路等；是的话要填保单号"),
        Column("risks", "风险和保障", cells.text(200), ("风险", "保障"), True, example="搬杂物小心手脚，发手套"),
        Column("insurance", "保险", cells.text(60), (), True, example="社区统一投保志愿者意外险"),
        Column("policy_number", "保单号", cells.text(40), (), example=""),
        Column("children", "可以带孩子", cells.one_of(cells.YES_NO, "是、否"), ("带孩子",), example="是"),
        Column("bring", "请带", cells.text(60), ("自带",), example="水杯"),
        Column("question", "报名问题", cells.text(60), (), example=""),
        Column("approve", "报名要审核", cells.one_of(cells.YES_NO, "是、否"), ("审核",), example="否"),
        Column("weekly", "每周重复", cells.one_of(cells.YES_NO, "是、否"), (), example="否"),
        Column("phone", "手机号", cells.mobile, ("负责人手机", "负责人电话"), private=True, example="",
            hint="负责人是哪位社区工作人员；空着就是第一位"),
        Column("lat", "纬度", cells.degrees(3, 54), (), example="30.630125",
            hint="集合点，定位签到用；高德、腾讯地图上的度数，可空"),
        Column("lon", "经度", cells.degrees(73, 136), (), example="120.560250"),
    ),
    ("community", "name", "starts"),
    "一行一个活动。条例要求写明内容、时间、地点、人数、条件、风险与保障、保险、负责人。先导入社区和工作人员。",
)  # fmt: skip
