"""Posts change on their day: tasks pass on by the rule, tickets keep their owner, both sides are told; leave."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from handlers import succession
from handlers.grids.posts import Wish
from handlers.policy import Policy
from handlers.residents.facts import PersonErased
from handlers.types import Role
from storage.engine import Database
from storage.people import add_person, add_post
from storage.schema import grid_changes, persons, posts, tickets
from tests.storage.desk import LATER, ON_THE_DAY, TODAY, run, tick, told
from tests.storage.kit import NOW, asked, at, do, opened, row, rows
from tests.storage.town import Town

PHONE = "13800001234"


def change(db: Database, town: Town, **more: object) -> str:
    wanted: dict[str, object] = {
        "role": "leader", "scope": town.micro_grid, "name": "周新", "phone": PHONE, "day": LATER, "tasks": "pass",
        "communities": (town.community,), **more,
    }  # fmt: skip
    here = wanted.pop("communities")
    wish = Wish(**wanted)  # type: ignore[arg-type]
    done = run(db, lambda read: succession.post(wish, here, 42, NOW, Policy(), read))  # type: ignore[arg-type]
    return done.replies[0].text


def leader(db: Database, town: Town) -> str:
    duty = asked(db, lambda read: read.duty_of(town.micro_grid))
    found = asked(db, lambda read: read.person(duty.leader))
    return found.name if found else ""


def test_a_new_leader_begins_on_the_day_and_the_tasks_pass_on(database: Database, town: Town) -> None:
    do(database, opened(1, community=town.community, micro_grid=town.micro_grid, owner=town.leader))
    do(database, opened(2, community=town.community, micro_grid=town.micro_grid, owner=town.leader, status="处置中"))
    assert change(database, town) == "已安排：6月5日起，学府1-3微网格长由周新担任。"
    assert leader(database, town) == "陈立"
    tick(database, at(1))
    assert leader(database, town) == "陈立"
    tick(database, ON_THE_DAY)
    assert leader(database, town) == "周新"
    new = row(database, persons, persons.c.name.is_not(None), persons.c.id > 1000)
    assert (new.name, new.phone) == ("周新", PHONE)
    assert [(t.owner, t.status) for t in rows(database, tickets)] == [(new.id, "待接单")] * 2
    said = told(database)
    assert (town.leader, "从6月5日起，学府1-3的微网格长由周新担任。") in said
    assert (
        town.leader,
        "今天起，学府1-3的微网格长由周新担任。谢谢您这段时间的辛苦。您手上的2件任务转给了周新。",
    ) in said
    assert (new.id, "您是学府1-3的微网格长。说「我的待办」随时查看。") in said
    assert row(database, grid_changes).state == "done"


@pytest.mark.parametrize(("another_post", "kept"), [(True, True), (False, False)])
def test_what_was_begun_stays_with_who_can_still_act(
    database: Database, town: Town, another_post: bool, kept: bool
) -> None:
    if another_post:
        with database.writing() as conn:
            add_post(conn, town.leader, Role.DESK, town.community, now=NOW)
    do(database, opened(2, community=town.community, micro_grid=town.micro_grid, owner=town.leader, status="处置中"))
    change(database, town, tasks="stay", name="陈小红", phone="")
    assert "请写姓名和11位手机号" in change(database, town, tasks="stay", name="陈小红", phone="")
    with database.writing() as conn:
        deputy = add_person(conn, "赵副", PHONE, town.community, now=NOW)
        add_post(conn, deputy, Role.DEPUTY, town.micro_grid, now=NOW)
    change(database, town, tasks="stay", name="赵副", day=TODAY)
    assert (row(database, tickets).owner == town.leader) is kept
    held = {(p.role, p.person) for p in rows(database, posts, posts.c.until.is_(None))}
    assert ("leader", deputy) in held and ("deputy", deputy) not in held  # one post in one micro-grid


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"day": TODAY - timedelta(days=1)}, "已经过了"),
        ({"day": TODAY + timedelta(days=181)}, "太远"),
        ({"communities": (99,)}, "不归您的社区管"),
        ({"scope": 77}, "不归您的社区管"),
        ({"role": "desk"}, "岗位只能是"),
        ({"tasks": "?"}, "手上的任务"),
        ({"phone": "138"}, "11位手机号"),
    ],
)
def test_what_is_refused_changes_nothing(
    database: Database, town: Town, more: dict[str, object], answer: str
) -> None:
    assert answer in change(database, town, **more)
    assert not rows(database, grid_changes)
    assert len(rows(database, persons)) == 4


def test_a_phone_of_somebody_else_is_not_taken_for_the_new_leader(database: Database, town: Town) -> None:
    with database.writing() as conn:
        add_person(conn, "王五", PHONE, town.community, now=NOW)
    assert change(database, town) == "这个手机号登记的是另一个姓名，请核对。"


def test_a_planned_change_is_dropped_and_both_are_told(database: Database, town: Town) -> None:
    change(database, town)
    assert "已经安排在6月5日换人" in change(database, town)
    planned = row(database, grid_changes).id
    drop = lambda here: run(database, lambda read: succession.drop(planned, here, 42, NOW, Policy(), read))  # noqa: E731
    assert "不归您" in drop((99,)).replies[0].text
    assert drop((town.community,)).replies[0].text == "已取消安排。"
    tick(database, ON_THE_DAY)
    assert leader(database, town) == "陈立"
    assert (town.leader, "学府1-3微网格长换人的安排取消了，还和原来一样。") in told(database)


def test_who_erased_themselves_meanwhile_gets_no_post(database: Database, town: Town) -> None:
    with database.writing() as conn:
        person = add_person(conn, "周新", PHONE, town.community, now=NOW)
    change(database, town)
    do(database, PersonErased(person))
    tick(database, ON_THE_DAY)
    assert leader(database, town) == "陈立"
    assert row(database, grid_changes).state == "dropped"
    assert (town.leader, "学府1-3微网格长换人的安排取消了，还和原来一样。") in told(database)


def test_an_empty_post_gives_its_tasks_to_the_deputy(database: Database, town: Town) -> None:
    do(database, opened(1, community=town.community, micro_grid=town.micro_grid, owner=town.leader))
    assert change(database, town, name="", phone="", day=TODAY) == "学府1-3微网格长已换：先空着。"
    assert leader(database, town) == ""
    assert row(database, tickets).owner == town.deputy


def test_leave_is_written_down_and_ended_by_the_desk(database: Database, town: Town) -> None:
    def leave(first: date, last: date, here: tuple[int, ...] = (town.community,)) -> str:
        return run(
            database,
            lambda read: succession.leave(town.leader, first, last, here, 42, NOW, Policy(), read),
        ).replies[0].text  # fmt: skip

    def away(day: date) -> bool:
        return bool(asked(database, lambda read: read.away(town.leader, day)))

    def back(here: tuple[int, ...] = (town.community,)) -> str:
        work = lambda read: succession.end_leave(town.leader, here, 42, NOW, Policy(), read)  # noqa: E731
        return run(database, work).replies[0].text

    assert "没有岗位" in leave(TODAY, LATER, (99,)) and "没有岗位" in back((99,))
    assert "最后一天不能早于" in leave(LATER, TODAY)
    assert "最多60天" in leave(TODAY, TODAY + timedelta(days=60))
    assert back() == "今天和以后都没有请假。"
    assert leave(TODAY - timedelta(days=2), LATER) == "陈立请假记下了：5月30日到6月5日。这几天的新任务由搭档接。"
    assert leave(LATER, LATER + timedelta(days=9)).startswith("陈立请假记下了")
    assert away(TODAY) and away(LATER + timedelta(days=5))
    assert back() == "陈立已销假，从今天起照常接新任务。"
    assert not away(TODAY) and not away(LATER + timedelta(days=5)) and away(TODAY - timedelta(days=1))
    assert [text for to, text in told(database) if to == town.leader][-1].startswith("社区替您销了假")
