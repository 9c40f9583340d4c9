"""The sample community: as design.md §3 says, the same twice, and never among real data."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from handlers.types import Role
from storage import people, sample, staff, staff_sessions
from storage.engine import Database
from storage.places import load_register
from storage.schema import (
    buildings,
    communities,
    grids,
    homes,
    households,
    identities,
    micro_grids,
    persons,
    posts,
    units,
)  # fmt: skip
from tests.importing.street import COMMUNITY, NOW, count


def test_as_designed(database: Database) -> None:
    made = sample.seed(database, now=NOW)
    with database.reading() as conn:
        register = load_register(conn)
        sizes = conn.execute(select(func.count()).select_from(households).group_by(households.c.micro_grid))
        assert set(sizes.scalars()) == {24}
        per_grid = conn.execute(select(func.count()).select_from(micro_grids).group_by(micro_grids.c.grid))
        assert set(per_grid.scalars()) <= set(range(10, 16))
        names = list(conn.execute(select(communities.c.name).order_by(communities.c.code)).scalars())
        codes = list(conn.execute(select(grids.c.code)).scalars())
    assert names == ["学府社区", "枫桦社区"]
    assert all(code.startswith("330483") and len(code) == 15 for code in codes)
    assert made.households == count(database, households) == 1_920
    garden, first, second = register.estates
    assert (garden.name, len(garden.buildings), set(garden.buildings["3"].units)) == ("学府花园", 20, {"1", "2"})
    assert garden.buildings["3"].units["2"] >= {"101", "302", "602"} and "北门" in garden.spots
    assert [(e.name, e.lane, e.word, len(e.buildings), set(e.buildings["1"].units)) for e in (first, second)] == [
        ("枫桦景苑一期", "5511", "号", 60, {""}), ("枫桦景苑二期", "5513", "号", 60, {""}),
    ]  # fmt: skip
    with database.reading() as conn:
        held = {row[0]: row[1] for row in conn.execute(select(posts.c.role, func.count()).group_by(posts.c.role))}
        kinds = conn.execute(select(units.c.kind, func.count()).group_by(units.c.kind)).all()
    assert (held["leader"], held["deputy"], held["desk"], held["grid"], held["street"]) == (80, 80, 4, len(codes), 2)
    assert dict(kinds) == {"WY": 3} | dict.fromkeys(
        ("CG", "SZ", "HW", "WB", "GA", "XF", "TJ", "JD", "GS", "GD", "RQ"), 1
    )
    assert held["head"] == held["member"] == count(database, units) - 1  # the command room has neither


def test_the_cast(database: Database) -> None:
    made = sample.seed(database, now=NOW)
    assert set(made.people) == {
        "resident", "neighbour", "newcomer", "leader", "deputy", "desk", "property", "property_head", "street",
        "grid", "chengguan", "shizheng", "lift",
    }  # fmt: skip
    with database.reading() as conn:
        linked = {(row.channel, row.user): row.person for row in conn.execute(select(identities))}
        assert linked == {(c, user): person for user, person in made.people.items() for c in ("webchat", "terminal")}
        resident = conn.execute(select(persons).where(persons.c.id == made.people["resident"])).one()
        assert (resident.name, resident.notice) == ("王秀英", 0)
        home = conn.execute(
            select(households, buildings.c.name)
            .join(homes, homes.c.household == households.c.id)
            .join(buildings, buildings.c.id == households.c.building)
            .where(homes.c.person == made.people["resident"])
        ).one()
        held = {
            (row.person, row.role)
            for row in conn.execute(select(posts).where(posts.c.scope == home.micro_grid))
        }  # fmt: skip
    assert (home.name, home.unit, home.room) == ("3", "2", "302")
    assert held == {(made.people["leader"], Role.LEADER.value), (made.people["deputy"], Role.DEPUTY.value)}
    token = staff.check_login(database, made.login, made.password, NOW)
    found = staff_sessions.session(database, token, NOW)
    assert found is not None and (found.person, found.communities) == (made.people["desk"], made.communities[:1])


def test_twice_is_once_and_two_databases_agree(database: Database) -> None:
    made = sample.seed(database, now=NOW)
    assert sample.seed(database, households=9_000, now=NOW) == made
    with database.reading() as conn:
        names = list(conn.execute(select(persons.c.name).order_by(persons.c.id).limit(3)).scalars())
    assert names == ["高雪梅", "杨建国", "许晓东"]


def test_scaled_up(database: Database) -> None:
    made = sample.seed(database, households=5_000, now=NOW)
    assert 5_000 <= made.households < 7_000
    assert len(made.communities) == count(database, communities) > 2


def test_neighbouring_buildings_are_25_metres_apart(database: Database) -> None:
    sample.seed(database, now=NOW)
    with database.reading() as conn:
        rows = conn.execute(select(buildings.c.lat, buildings.c.lon).order_by(buildings.c.id).limit(11)).all()
    (lat1, lon1), (lat2, lon2), next_row = rows[0], rows[1], rows[10]
    assert lat1 == lat2 and 24 < (lon2 - lon1) * 111_320 * 0.8605 < 26
    assert 24 < (next_row.lat - lat1) * 111_320 < 26


def test_never_among_real_data(database: Database) -> None:
    with database.writing() as conn:
        people.add_community(conn, COMMUNITY, "真实社区")
    with pytest.raises(sample.SampleRefused, match="--data"):
        sample.seed(database, now=NOW)
    assert count(database, communities) == 1
