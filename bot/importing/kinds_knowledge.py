"""The tables of the knowledge base: questions with answers, words of one meaning."""

from __future__ import annotations

from bot.importing import cells
from bot.importing.kind import Column, Kind

_MAYBE = Column(
    "community", "社区编码", cells.code(12), ("社区代码", "所属社区编码"), hint="12位数字；空着就是全市通用"
)

FAQ = Kind(
    "faq", "知识库",
    (
        _MAYBE,
        Column("question", "问题", cells.text(200), ("标准问题", "问"), True, example="居住证怎么办理",
            hint="像居民那样问，一行一个问题"),
        Column("variants", "其他问法", cells.text(600), ("相似问", "相似问法"),
            example="暂住证到哪里办|办居住证要带什么", hint="几种问法用竖线 | 分开"),
        Column("answer", "答案", cells.text(1000), ("答复", "回答", "答"), True,
            example="带身份证和租房合同，到便民服务中心窗口办。", hint="原样发给居民，写短些"),
        Column("source", "来源", cells.text(120), ("依据", "出处"), example="街道办事指南2026版"),
        Column("from", "生效日期", cells.day, ("开始日期",), example="2026-01-01", hint="空着就是一直有效"),
        Column("until", "失效日期", cells.day, ("结束日期", "截止日期", "有效期至"), example="2026-12-31",
            hint="最后一天；过了就不再用它答"),
        Column("state", "状态", cells.one_of({"下架": "下架", "在用": ""}, "在用、下架"), (), example="在用",
            hint="在用、下架；空着是在用"),
    ),
    ("community", "question"),
    "一行一个问答。社区编码空着就是各社区通用；同一问题再导入就是改答案。没有写进来的问题，机器人不会编答案。",
)  # fmt: skip

SYNONYMS = Kind(
    "synonyms", "同义词",
    (
        _MAYBE,
        Column("word", "词", cells.text(32), ("标准词",), True, example="老年优待证"),
        Column("words", "也叫", cells.listed(20), ("同义词", "别的叫法"), True, example="老年卡、敬老卡",
            hint="几个用顿号分开"),
    ),
    ("community", "word"), "一行一组叫法。居民用哪个词问，都能找到同一个答案。",
)  # fmt: skip
