"""What the sample community's points shop has; invented, like the rest of the sample."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert

from storage.ids import new_id
from storage.schema import shop_items

_PLACE = "社区服务台（工作日8:30至18:00）"
_ITEMS = (
    ("垃圾袋一卷", 5, 40),
    ("洗衣液一瓶", 30, 12),
    ("雨伞一把", 40, 6),
    ("理发一次", 20, 10),
    ("五斤大米", 60, 8),
)


def stock(conn: Connection, communities: Sequence[int]) -> None:
    """The same few things in each of the first two communities."""
    for community in communities[:2]:
        for name, points, pieces in _ITEMS:
            conn.execute(
                insert(shop_items).values(
                    id=new_id(), community=community, name=name, points=points, stock=pieces, pickup=_PLACE, open=True
                )
            )
