"""How the numbers are said on a page: shares, lengths of time, names of weeks, what is behind a number."""

from __future__ import annotations

from bot.commands.numbers import length
from bot.console.reckoned import Stretch
from bot.public.pages import environment
from handlers.tickets.numbers import BY_KEY, SMALL, Rate, Times

FEW = f"不足{SMALL}件"
# 解决率 stands first and 办结率 beside it: that something was closed says less than that it is solved
HEADLINES = ("solved", "closed", "response", "satisfied", "on_time")
ENDS = {"whole": "分母里的全部工单", "part": "算在分子里的工单", "rest": "没有算在分子里的工单"}
GROUPS = {"category": "按类别", "micro_grid": "按微网格", "unit": "按承办单位", "community": "按社区"}
MISSING = {
    "solved": "说没有解决的", "closed": "还没有办结的", "response": "没有按时联系的", "satisfied": "不满意的",
    "on_time": "超时的", "returned": "没有退单的", "redone": "没有重办的", "first_right": "第一次派错的",
    "extended": "没有延期的", "hung": "没有挂账的", "unrated": "评价了的",
}  # fmt: skip


def share(rate: Rate) -> str:
    return FEW if rate.value is None else f"{rate.value * 100:.1f}%"


def minutes(value: int | None) -> str:
    return FEW if value is None else length(value)


def spent(times: Times) -> str:
    """平均…，一半在…以内，九成在…以内."""
    if times.mean is None:
        return f"{FEW}（{times.count}件）"
    said = f"平均{length(times.mean)}"
    if times.median is None or times.p90 is None:
        return said
    return f"{said}，一半在{length(times.median)}以内，九成在{length(times.p90)}以内"


def stretch(one: Stretch) -> str:
    """11月, 11/3–9 or 10/27–11/2."""
    first, last = one.first, one.last
    if first.day == 1 and (last.month != first.month or (last - first).days > 6):
        return f"{first.month}月" if first.month != 1 else f"{first.year}年1月"
    if first == last:
        return f"{first.month}/{first.day}"
    return f"{first.month}/{first.day}–{last.day if last.month == first.month else f'{last.month}/{last.day}'}"


def work(seconds: int) -> str:
    """3小时5分."""
    return length(seconds // 60)


def listed(key: str, end: str) -> str:
    """What a list is of: 解决率：说没有解决的."""
    if not key:
        return "全部报事"
    return f"{BY_KEY[key].name}：{MISSING[key] if end == 'rest' else ENDS[end]}"


environment.filters.update(share=share, minutes=minutes, spent=spent, stretch=stretch, work=work)
