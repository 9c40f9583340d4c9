"""What earns and what costs points 三治积分 (domain.md §5.2): the table and its arithmetic; standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. `points` is for one time (an hour, where the name says so), negative for 减分.

    `most`: the highest a reviewer may give, 0 when `points` is fixed. Caps count times, 0: none.
    `proof`: auto (the platform itself saw it) | review (somebody with a post checks) | two (two different people).
    `pair_month_cap`: times a month for the same two people. A 有奖报送 is for reports of `categories` (codes beside
    each other), until a moment.
    """

    code: str
    field: str  # 自治 法治 德治 活动 减分
    name: str
    points: int
    day_cap: int = 0
    month_cap: int = 0
    proof: str = "auto"
    most: int = 0
    pair_month_cap: int = 0
    version: int = 1
    open: bool = True  # a community can switch a rule off
    categories: str = ""
    until: datetime | None = None

    def worth(self, times: int = 1) -> int:
        return self.points * times

    @property
    def takes(self) -> bool:
        return self.points < 0

    def pays_for(self, category: str, now: datetime) -> bool:
        """Whether a valid report of this category earns under this 有奖报送 now."""
        return bool(category) and category in self.categories.split() and (self.until is None or now < self.until)


REPORT, SOLVED, HAZARD, CLUE = "ZZ01", "ZZ02", "ZZ03", "ZZ04"
MEETING, PROPOSAL, CARRIED, VOICE, DUTY = "ZZ05", "ZZ06", "ZZ07", "ZZ08", "ZZ09"
PRIZE_FIELD = "有奖报送"
FREEZE, OBJECTION = "DJ", "GS"  # cases that move no points: 冻结, an objection to a 公示
CORRECTED = "时长更正"  # why the points of hours that were put right go back
HOUR, MUTUAL, HONOUR, EVENT = "DZ01", "DZ02", "DZ03", "HD01"

# Reading, liking and watching earn nothing: they were farmed by scripts (domain.md §1.2), so they have no line.
TABLE = (
    Rule(REPORT, "自治", "报事有效", 2, day_cap=5, month_cap=30),
    Rule(SOLVED, "自治", "报的事解决了", 3, day_cap=5, month_cap=30),
    Rule(HAZARD, "自治", "发现消防或险情", 10, day_cap=2, month_cap=10),
    Rule(CLUE, "自治", "补充线索", 1, day_cap=5, month_cap=30),
    Rule(MEETING, "自治", "参加议事会", 3, month_cap=4),
    Rule(PROPOSAL, "自治", "提案立案", 5, month_cap=4),
    Rule(CARRIED, "自治", "提案落实", 10, month_cap=4),
    Rule(VOICE, "自治", "投票或评价", 1, month_cap=4),
    Rule(DUTY, "自治", "微网格长月度履职", 20, proof="auto"),  # once a month and person, checked by a click
    Rule("FZ01", "法治", "听法治讲座", 2, month_cap=4, proof="review"),
    Rule("FZ02", "法治", "帮忙调解", 5, month_cap=8, proof="review"),
    Rule("FZ03", "法治", "劝住诈骗", 10, month_cap=4, proof="review"),
    Rule("FZ04", "法治", "调解成功（双方）", 3, month_cap=4, proof="review"),
    Rule(HOUR, "德治", "志愿服务半小时", 1, day_cap=16),  # 2 an hour, 8 hours a day at most
    Rule(MUTUAL, "德治", "邻里互助", 3, month_cap=8, pair_month_cap=2),
    Rule(HONOUR, "德治", "见义勇为、献血、拾金不昧", 10, most=50, month_cap=4, proof="two"),
    Rule(EVENT, "活动", "参加活动", 1, day_cap=2),
    Rule("JF01", "减分", "楼道堆物", -5, proof="review"),
    Rule("JF02", "减分", "飞线充电", -10, proof="review"),
    Rule("JF03", "减分", "高空抛物", -20, proof="review"),
    Rule("JF04", "减分", "虚假上报", -5, proof="review"),
)  # fmt: skip
BY_CODE = {rule.code: rule for rule in TABLE}

# 消防/险情 of domain.md §2.7: whoever reports these first may have saved somebody.
HAZARDS = frozenset(
    {"0105", "0303", "0305", "0306", "0404", "0602", "0701", "0702", "0703", "0704", "0706", "1002"}
)  # fmt: skip


def called(rules: Iterable[Rule], words: str) -> tuple[Rule, ...]:
    """The rules a reviewer's words name: by code, by the whole name, else by a part of it."""
    words = words.strip().upper()
    found = tuple(rule for rule in rules if words in (rule.code, rule.name.upper()))
    if found or len(words) < 2:
        return found
    return tuple(rule for rule in rules if words in rule.name or any(p and p in words for p in _parts(rule.name)))


def _parts(name: str) -> list[str]:
    return [part for part in name.replace("（双方）", "").replace("或", "、").split("、") if len(part) >= 2]


def level(balance: int, tiers: tuple[tuple[str, int], ...]) -> str:
    """The level 等级 that a balance reaches, "" below the last (domain.md §5.3)."""
    for name, least in tiers:
        if balance >= least:
            return name
    return ""


def expired(earned_before: int, gone: int) -> int:
    """What of the points earned before the limit is still there when everything that went took the oldest first.

    `gone`: all that ever left the account (redeemed, deducted, expired), as a positive number.
    """
    return max(0, earned_before - gone)


_FARMED = ("阅读", "点赞", "转发", "观看", "看文章", "打卡", "登录", "浏览")
_MOST = 100  # points for one time


def fault(rule: Rule, before: Rule | None) -> str:
    """Why a community may not have this line, "" when it may (domain.md §5.2–5.4)."""
    if not 2 <= len(rule.name) <= 32:
        return "名称写2到32个字。"
    if any(word in rule.name for word in _FARMED):
        return "看、赞、转发、打卡不算分，这一条不能加。"
    if not rule.points or abs(rule.points) > _MOST or rule.most > _MOST:
        return f"分值在1到{_MOST}之间；减分写负数。"
    if before is not None and before.takes != rule.takes:
        return "加分的条目不能改成减分，减分的也不能改成加分；请另起编号。"
    if rule.takes and rule.proof == "auto":
        return "减分要有人核实，不能由平台自动扣。"
    if rule.most and (rule.takes or rule.most < rule.points):
        return "最高分要比起始分高，减分的条目没有最高分。"
    if before is None and not rule.takes and rule.proof == "auto" and not rule.categories:
        return "自己加的条目平台看不见，审核要选一人或两人。"
    if before is not None and before.proof == "two" and rule.proof != "two":
        return "这一条要两个人审核，不能放宽。"
    if min(rule.day_cap, rule.month_cap, rule.pair_month_cap) < 0:
        return "次数不能是负的，0是不限。"
    return ""
