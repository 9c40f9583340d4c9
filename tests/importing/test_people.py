"""One row at a time: places, posts, identities, one-time codes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from handlers.types import Role, Sender
from storage import people
from storage.engine import Database
from storage.places import load_register
from storage.schema import claims, homes, identities, micro_grids, posts
from tests.importing.street import COMMUNITY, GRID, NOW


def test_places_one_by_one_twice(database: Database) -> None:
    made = []
    for _ in range(2):
        with database.writing() as conn:
            community = people.add_community(conn, COMMUNITY, "学府社区", street="梧桐街道")
            grid = people.add_grid(conn, community, GRID)
            micro = people.add_micro_grid(conn, grid, GRID + "03")
            estate = people.add_estate(conn, community, "学府花园", road="学府路", spots=("北门",))
            building = people.add_building(conn, estate, "3", lat=30.63, lon=120.56)
            household = people.add_household(conn, building, "302", unit="2", micro_grid=micro)
            made.append((community, grid, micro, estate, building, household))
    assert made[0] == made[1]
    with database.reading() as conn:
        assert conn.execute(select(micro_grids.c.name)).scalar_one() == "学府1-3"
        (known,) = load_register(conn).estates
        codes = people.building_codes(conn, made[0][0])
    assert known.buildings["3"].units == {"2": frozenset({"302"})}
    assert codes[0][:2] == ("学府花园", "3幢")


def test_door_plates_keep_their_code_in_another_database(database: Database) -> None:
    """Printed once, so a fixed value: community code, estate and building decide it."""
    with database.writing() as conn:
        community = people.add_community(conn, COMMUNITY, "学府社区")
        estate = people.add_estate(conn, community, "学府花园")
        people.add_building(conn, estate, "3")
        people.add_building(conn, estate, "4")
        scenes = [scene for *_, scene in people.building_codes(conn, community)]
    assert scenes == ["g1.2tvpd4hd", "g1.yhgmqico"]


def test_posts_and_homes_end(database: Database) -> None:
    with database.writing() as conn:
        community = people.add_community(conn, COMMUNITY, "学府社区")
        estate = people.add_estate(conn, community, "学府花园")
        household = people.add_household(conn, people.add_building(conn, estate, "3"), "302")
        person = people.add_person(conn, "王秀英", "13800008888", community, now=NOW)
        for _ in range(2):
            people.add_post(conn, person, Role.DESK, community, now=NOW)
            people.add_home(conn, person, household, "owner", now=NOW)
        people.end_post(conn, person, Role.DESK, community, now=NOW)
        people.end_home(conn, person, household, now=NOW)
        people.add_post(conn, person, Role.DESK, community, now=NOW)
        held = conn.execute(select(posts.c.until).order_by(posts.c.id)).scalars().all()
        lived = conn.execute(select(homes.c.until)).scalars().all()
    assert held == [NOW, None]
    assert lived == [NOW]


def test_identities_move(database: Database) -> None:
    sender = Sender("webchat", "-", "wang")
    with database.writing() as conn:
        first, second = (people.add_person(conn, name, "", 0, now=NOW) for name in ("王秀英", "陈国强"))
        people.link_identity(conn, first, sender, NOW)
        people.link_identity(conn, second, sender, NOW)
        assert conn.execute(select(identities.c.person)).scalars().all() == [second]


def test_claim_codes(database: Database) -> None:
    with database.writing() as conn:
        first, second = (people.add_person(conn, name, "", 0, now=NOW) for name in ("王秀英", "陈国强"))
        old = people.new_claim(conn, first, NOW)
        new = people.new_claim(conn, first, NOW, days=3)
        other = people.new_claim(conn, second, NOW)
        rows = {row.code_hash: row for row in conn.execute(select(claims))}
    assert all(len(code) == 8 and code.isdigit() for code in (old, new, other))
    assert set(rows) == {people.claim_hash(new), people.claim_hash(other)}
    assert rows[people.claim_hash(new)].expires == NOW + timedelta(days=3)
    assert not any(code in repr(rows) for code in (old, new, other))
