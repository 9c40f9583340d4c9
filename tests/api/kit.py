"""A matter as another platform sends it, an act on it, and the rows behind."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.api.conftest import Answer, City, Client

LAMP = {"words": "3幢2单元楼道灯坏了", "place": {"text": "学府花园3幢2单元"}}
MINE = {**LAMP, "external_id": "HOT-1", "contact": {"name": "李四", "phone": "13800138000"}}


def rows(city: City, table: Any, *where: Any) -> list[Any]:
    with city.app.db.reading() as conn:
        return list(conn.execute(select(table).where(*where)))


async def act(client: Client, code: str, action: str, **more: Any) -> Answer:
    return await client("POST", f"/tickets/{code}/actions", json={"action": action, **more})
