"""Leaders, grid workers and staff from files: who takes over, and the codes they are handed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.importing.importer import Handout
from handlers.types import Sender
from storage import people
from storage.engine import Database
from storage.schema import (
    claims,
    homes,
    logins,
    persons,
    posts,
)  # fmt: skip
from tests.importing.street import (
    GRID,
    LEADERS,
    NOW,
    PLACES,
    STAFF,
    bring,
    count,
    settle,
    under,
)  # fmt: skip


def test_new_leader_takes_over_and_gets_a_code(database: Database, tmp_path: Path) -> None:
    given: list[tuple[Handout, ...]] = []
    settle(database, tmp_path, *PLACES)
    first = bring(database, tmp_path, "leaders", LEADERS, hand_out=given.append)
    assert [(h.name, h.post, h.place) for h in first.handouts] == [
        ("张建国", "微网格长", "学府社区 学府1-1"), ("李桂芳", "副微网格长", "学府社区 学府1-1"),
    ]  # fmt: skip
    assert given == [first.handouts]
    next_one = under(LEADERS, ["赵志明", "13900005555", GRID + "01", "微网格长"])
    report = bring(database, tmp_path, "leaders", next_one)
    assert (report.tally["posts"].added, report.tally["posts"].ended) == (1, 1)
    with database.reading() as conn:
        held = conn.execute(
            select(persons.c.name).join(posts, posts.c.person == persons.c.id).where(posts.c.until.is_(None))
        )
        assert sorted(held.scalars()) == ["李桂芳", "赵志明"]
        stored = conn.execute(select(claims.c.code_hash)).scalars().all()
    assert people.claim_hash(report.handouts[0].code) in stored
    assert report.handouts[0].code not in stored


def test_who_has_joined_already_needs_no_code(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES, "residents")
    with database.writing() as conn:
        person = conn.execute(select(homes.c.person).where(homes.c.relation == "owner")).scalar_one()
        people.link_identity(conn, person, Sender("webchat", "-", "wang"), NOW)
    promoted = under(LEADERS, ["王秀英", "13800008888", GRID + "02", "微网格长"])
    (handout,) = bring(database, tmp_path, "leaders", promoted).handouts
    assert handout.code == ""
    assert count(database, claims) == 0


def test_when_the_codes_cannot_be_written_nothing_is_imported(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)

    def full_disk(_: tuple[Handout, ...]) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        bring(database, tmp_path, "leaders", LEADERS, hand_out=full_disk)
    assert (count(database, posts), count(database, claims)) == (0, 0)


def test_grid_worker_has_a_grid(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)
    report = bring(database, tmp_path, "leaders", under(LEADERS, ["孙国平", "13900009999", GRID, "专职网格员"]))
    assert [(h.post, h.place) for h in report.handouts] == [("专职网格员", "学府社区 第1网格")]


def test_staff_get_post_login_and_code(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities")
    (handout,) = bring(database, tmp_path, "staff", STAFF).handouts
    assert handout.login == "zhoumin" and len(handout.password) >= 12 and len(handout.code) == 8
    assert handout.expires == NOW + timedelta(days=7)
    with database.reading() as conn:
        assert conn.execute(select(logins.c.password)).scalar_one().startswith("$argon2id$v=19$m=19456,t=2,p=1$")
