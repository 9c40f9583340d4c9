"""Social organisations of the sample community: invented."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from storage.ids import new_id
from storage.schema import organisations

# name, kind, what it does, where, members, phone that may be told
_ROWS = (
    (
        "学府社区银杏理发队",
        "便民服务",
        "每月10日上午义务理发，行动不便的上门",
        "学府花园北门",
        9,
        "0573-88000011(示例)",
    ),
    ("学府社区老伙伴助老会", "邻里互助", "陪独居老人看病、聊天、代买东西", "12幢一楼", 23, ""),
    ("学府社区红枫合唱团", "文体娱乐", "每周二、周四晚上练合唱", "社区活动室", 31, "0573-88000012(示例)"),
    ("学府社区和合调解室", "平安调解", "邻里纠纷调解，周三下午有人", "社区一楼", 6, ""),
    ("学府社区修修补补队", "便民服务", "每月最后一个周六修家电、磨刀、配钥匙", "7幢北边", 7, ""),
)  # fmt: skip


def seed(conn: Connection, community: int) -> None:
    for name, kind, services, place, members, phone in _ROWS:
        conn.execute(
            insert(organisations).values(
                id=new_id(), community=community, name=name, kind=kind, tier="社区指导", services=services,
                place=place, members=members, leader="", phone=phone, public=bool(phone), number="",
                since="2025-03-01", gone=False,
            )
        )  # fmt: skip
