"""Stars from the application to the paper, photos that everybody in them has agreed to; on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from handlers import after, clockwork
from handlers.activities.facts_honour import PhotoAdded
from handlers.activities.facts_hours import HoursRecorded
from handlers.policy import Policy
from handlers.types import Outcome
from storage import media, view_honour
from storage.schema import activities, activity_photos, outbox, posts, signups, star_requests
from storage.timers import fire_due
from tests.storage.kit import NOW
from tests.storage.talking import Town, town

__all__ = ["town"]  # fixture


def number(town: Town) -> int:
    with town.db.reading() as conn:
        return int(conn.execute(select(activities.c.id).where(activities.c.name == "清洁家园")).scalar_one())


def serve(town: Town, first: int, days: int) -> None:
    """Eight hours a day, from day number `first` on."""
    who, activity = town.people["resident"], number(town)

    def work(read) -> Outcome:  # type: ignore[no-untyped-def]
        facts = [
            HoursRecorded(
                read.new_id(),
                who,
                9_000 + day,
                activity,
                16,
                480,
                f"{NOW - timedelta(days=day + 1):%Y-%m-%d}",
                1,
                cap=16,
            )
            for day in range(first, first + days)
        ]
        return Outcome(facts=tuple(facts))

    town.turns.run(work, NOW, "test").result(20)


def wait(town: Town, until: datetime) -> None:
    fire_due(town.db, town.turns, clockwork.fire, Policy(), until, 100)


def told(town: Town, who: str) -> list[str]:
    with town.db.reading() as conn:
        rows = conn.execute(select(outbox.c.body).where(outbox.c.person == town.people[who]).order_by(outbox.c.id))
        return [str(row[0]) for row in rows]


def state(town: Town) -> str:
    with town.db.reading() as conn:
        return str(conn.execute(select(star_requests.c.state)).scalar_one())


def test_a_star_is_asked_for_checked_shown_and_granted(town: Town) -> None:
    serve(town, 0, 12)
    assert "还差4小时" in town.says("resident", "申请星级")
    serve(town, 12, 1)
    assert "可以申请1星" in town.says("resident", "申请星级")
    assert "星级1" in town.says("resident", "同意，申请")
    assert "正在办" in town.says("resident", "申请星级")
    assert "社区工作人员" in town.says("neighbour", "同意星级1")
    assert "公示到6月8日" in town.says("desk", "同意星级1")
    shown = view_honour.shown(town.db, town.made.communities[0])
    assert [(one.number, one.star, one.half) for one in shown] == [(1, 1, 208)]
    wait(town, NOW + timedelta(days=3))
    assert state(town) == "shown"
    assert "再核对" in town.says("neighbour", "星级1有异议，五月那次他没有来")
    wait(town, NOW + timedelta(days=9))
    assert state(town) == "objected"  # not over somebody's objection
    assert any("五月那次" in body for body in told(town, "desk"))
    assert "公示到" in town.says("desk", "同意星级1")
    wait(town, NOW + timedelta(days=9))
    assert state(town) == "granted"
    assert any("1星志愿者公示期满" in body for body in told(town, "resident"))
    paper = town.says("resident", "星级证书")
    serial = paper.partition("编号")[2][:18]
    assert serial.startswith("XJ") and f"/m/star/{serial}" in paper
    found = view_honour.certificate(town.db, serial)
    assert found is not None and (found.star, found.name) == (1, "王秀英")
    assert "您是1星志愿者" in town.says("resident", "我的时长")
    assert "2星要满300小时" in town.says("resident", "申请星级")


def test_a_refusal_says_why_and_nobody_decides_his_own(town: Town) -> None:
    serve(town, 0, 13)
    town.says("resident", "申请星级")
    town.says("resident", "同意，申请")
    assert "请写原因" in town.says("desk", "不同意星级1")
    assert "没有通过" in town.says("desk", "不同意星级1 时长和签到对不上")
    assert any("时长和签到对不上" in body for body in told(town, "resident"))
    assert state(town) == "refused"
    town.says("resident", "申请星级")
    assert "星级2" in town.says("resident", "同意，申请")  # may be asked for again
    with town.db.writing() as conn:  # the clerk of this community is the one who asks
        mine = posts.c.person == town.people["desk"]
        conn.execute(update(posts).where(mine).values(person=town.people["resident"]))
    assert "另一位同志" in town.says("resident", "同意星级2")


def test_a_photo_is_shown_when_all_agree_and_goes_when_one_does_not(town: Town) -> None:
    for who in ("resident", "neighbour"):
        town.says(who, "报名清洁家园")
        town.says(who, "满了")
    activity = number(town)
    with town.db.reading() as conn:
        there = list(conn.execute(select(signups.c.person).where(signups.c.activity == activity)).scalars())
    both = (town.people["resident"], town.people["neighbour"])
    assert sorted(there) == sorted(both)
    name = "a" * 64 + ".jpg"
    add = PhotoAdded(501, activity, town.people["desk"], name, both)

    def work(read) -> Outcome:  # type: ignore[no-untyped-def]
        return after.settled(Outcome(facts=(add,)), 0, NOW, Policy(), read)

    town.turns.run(work, NOW, "test").result(9)
    assert view_honour.photos(town.db, activity) == ()
    assert any("一张照片里有您" in body for body in told(town, "resident"))
    town.says("resident", "照片可以放")
    assert view_honour.photos(town.db, activity) == ()
    town.says("neighbour", "照片可以放")
    assert view_honour.photos(town.db, activity) == (name,)
    assert media.in_use(town.db, [name]) == {name}
    assert "1张照片" in town.says("resident", "撤回照片")
    assert view_honour.photos(town.db, activity) == ()
    assert media.in_use(town.db, [name]) == set()  # the sweep takes the file
    assert "没有您的照片" in town.says("resident", "撤回照片")


def test_who_is_erased_is_in_no_photo(town: Town) -> None:
    town.says("resident", "报名清洁家园")
    town.says("resident", "满了")
    activity = number(town)
    add = PhotoAdded(502, activity, town.people["desk"], "b" * 64 + ".jpg", (town.people["resident"],))
    town.turns.run(lambda read: Outcome(facts=(add,)), NOW, "test").result(9)
    town.says("resident", "照片可以放")
    assert len(view_honour.photos(town.db, activity)) == 1
    town.says("resident", "删除我的数据")
    town.says("resident", "确定删除")
    assert view_honour.photos(town.db, activity) == ()
    with town.db.reading() as conn:
        assert conn.execute(select(activity_photos.c.removed)).scalar_one() is not None
