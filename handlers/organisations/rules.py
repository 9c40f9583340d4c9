"""What a 社会组织 of a community is (domain.md §7.2): kinds, tiers, what is none; and which words ask for one."""

from __future__ import annotations

# 类别: what it does
KINDS = ("便民服务", "公益慈善", "邻里互助", "文体娱乐", "平安调解", "生产技术")
# who is over it: only the first has legal personality
REGISTERED, STREET, COMMUNITY = "民政登记", "街道管理", "社区指导"
TIERS = (REGISTERED, STREET, COMMUNITY)
# not organisations of this kind: 业委会, 楼栋自治组织, what belongs to the 居委会
NONE_OF_THESE = ("业委会", "业主委员会", "居委会", "居民委员会", "楼栋", "楼道小组", "物业")

# words that say one is meant, and words that ask
NAMED = ("社会组织", "志愿组织", "公益组织", "民间组织", "志愿团体", "公益团体", "社团", "民间团体")
ASKED = (
    "有没有",
    "有哪些",
    "有什么",
    "有啥",
    "哪里有",
    "哪儿有",
    "有吗",
    "有么",
    "找",
    "想加入",
    "联系",
    "是不是有",
    "几个",
)
# said otherwise → as the register says it
ALIKE = (
    ("剪头发", "理发"), ("剪头", "理发"), ("剃头", "理发"), ("修电器", "修家电"), ("下棋", "棋"),
    ("跳舞", "舞"), ("唱歌", "合唱"), ("写字", "书法"), ("带小孩", "托管"), ("看小孩", "托管"), ("陪老人", "助老"),
    ("照顾老人", "助老"), ("吵架", "调解"), ("劝架", "调解"), ("打太极", "太极"), ("量血压", "血压"),
)  # fmt: skip
EMPTY = (
    "我们", "你们", "社区", "小区", "这里", "附近", "请问", "一下", "这种", "那种", "方面", "什么", "可以", "能不能",
    "想要", "我想", "参加", "加入", "帮忙", "免费", "给", "的", "吗", "呢", "啊", "呀", "么", "个", "做", "教", "会",
    "能", "帮", "去", "有", "想", "我", "在", "是", "和", "了",
)  # fmt: skip


def topic(words: str) -> str:
    """What the organisation should do, of a question: 有没有理发的志愿组织 → 理发; "" when any is meant."""
    for said in (*NAMED, *ASKED, *EMPTY):
        words = words.replace(said, "" if len(said) == 1 else " ")
    words = "".join(words.split()).strip("?,.!，。？！、")
    for said, meant in ALIKE:
        words = words.replace(said, meant)
    return words


def asks(words: str) -> bool:
    """Whether a message asks for an organisation."""
    if not any(said in words for said in NAMED):
        return False
    return any(said in words for said in ASKED) or (
        "有" in words and words.rstrip("?？。 ")[-1:] in ("吗", "么", "嘛")
    )


def likeness(wanted: str, text: str) -> int:
    """How many pairs of signs of `wanted` stand in `text`; a single sign counts as one."""
    if len(wanted) < 2:
        return int(bool(wanted) and wanted in text)
    return sum(wanted[at : at + 2] in text for at in range(len(wanted) - 1))
