"""A ledger of one community with a shop: what is earned and redeemed in it."""

from __future__ import annotations

from handlers.points import rules
from handlers.points.facts import PointsEarned, RedemptionMade
from storage.engine import Database
from storage.ids import new_id
from storage.land import add_community
from storage.schema import shop_items
from tests.storage.kit import at

PERSON, COMMUNITY = 100, 7


def community(db: Database) -> None:
    with db.writing() as conn:
        made = add_community(conn, "330483001001", "学府社区")
        conn.exec_driver_sql(f"UPDATE communities SET id = {COMMUNITY} WHERE id = {made}")


def item(db: Database, stock: int, points: int = 10, id_: int = 1) -> None:
    with db.writing() as conn:
        conn.execute(
            shop_items.insert().values(
                id=id_, community=COMMUNITY, name=f"东西{id_}", points=points, stock=stock, pickup="", open=True
            )
        )


def earned(entry: int, points: int, once: str, person: int = PERSON) -> PointsEarned:
    return PointsEarned(entry, person, COMMUNITY, rules.REPORT, 1, points, once)


def redeem(db: Database, person: int, number: int, points: int = 10) -> RedemptionMade:
    return RedemptionMade(number, new_id(), person, COMMUNITY, 1, points, at(60 * 24 * 10), f"{number:08d}")
