"""Wording about social organisations, for residents."""

from __future__ import annotations

from handlers.organisations.port import Organisation
from handlers.types import Choice

TO_DESK = Choice("转给社区", "转给社区")
NO_NEED = Choice("不用了", "不用了")
WHERE = "您住哪个小区？登记了住址我才知道是哪个社区的。写小区和门牌就行。"
HEAD, ALL = "有的：", "我们社区登记的有："
NOTHING = "我们社区登记的组织里没有做这个的。要不要转给社区的同志回您？"
NOT_ANY = "我们社区还没有登记过社会组织。要不要转给社区的同志回您？"


def line(one: Organisation) -> str:
    """银杏理发队：每月10日义务理发，在学府花园北门。电话0573-1。"""
    where = f"，在{one.place}" if one.place else ""
    phone = f"电话{one.phone}。" if one.phone else ""
    return f"{one.name}：{one.services}{where}。{phone}"


def more(count: int) -> str:
    return f"还有{count}个，想找做什么的，直接说，比如「有没有理发的志愿组织」。"
