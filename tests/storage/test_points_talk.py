"""Points by talk where a transcript cannot go: a second reviewer, who fetches, a bank's statement, a freeze."""

from __future__ import annotations

import re
from datetime import timedelta

from storage import view_levels
from tests.storage.kit import NOW
from tests.storage.talking import Town, town

__all__ = ["town"]  # fixture


def ticket(town: Town) -> None:
    town.says("resident", "3幢2单元楼道灯坏了")
    assert "0001" in town.says("resident", "对")


def test_a_second_person_decides(town: Town) -> None:
    ticket(town)
    assert "积分1" in town.says("desk", "加分 0001 见义勇为 20 扶起摔倒的老人")
    assert "不能自己复核" in town.says("desk", "同意积分1")
    assert town.balance == 0
    assert "同意了" in town.says("desk2", "同意积分1")
    assert town.balance == 20
    assert "没有这一件" in town.says("desk2", "同意积分1")  # a second click changes nothing
    assert town.balance == 20


def test_an_appeal_is_decided_by_another(town: Town) -> None:
    ticket(town)
    town.give(9)
    town.says("desk", "扣分 0001 楼道堆物 二楼平台堆了纸箱有照片")
    assert "记下了" in town.says("resident", "申诉 那是楼上的不是我的")
    assert town.balance == 9
    assert "不能自己复核" in town.says("desk", "同意积分1")
    assert "不算了" in town.says("desk2", "不同意积分1")
    assert town.balance == 9


def test_somebody_of_the_same_home_may_fetch_it(town: Town) -> None:
    town.give(60)
    town.says("resident", "兑换理发一次")
    code = re.search(r"\d{4} \d{4}", town.says("resident", "确定换"))
    assert code is not None
    assert "可以代您领" in town.says("resident", "让家里人代领")
    assert code[0] in town.says("neighbour", "我的兑换")
    town.says("neighbour", f"核销 {code[0]}")  # only the desk can
    assert code[0] in town.says("neighbour", "我的兑换")
    assert "核销了" in town.says("desk", f"核销 {code[0]}")
    assert town.balance == 40


def test_frozen_points_wait(town: Town) -> None:
    ticket(town)
    town.give(60)
    assert "加一句说明" in town.says("desk", "冻结积分 0001")
    assert "暂停兑换" in town.says("desk", "冻结积分 0001 连着报了很多假的")
    assert "正在核对" in town.says("resident", "积分兑换")
    assert "恢复兑换" in town.says("desk", "解冻积分 0001")
    assert "想换哪一样" in town.says("resident", "积分兑换")


def test_no_more_than_the_month_allows(town: Town) -> None:
    town.give(900)
    for _ in range(5):
        town.says("resident", "兑换五斤大米")
        assert "换好了" in town.says("resident", "确定换")
    assert "一个月最多换300分" in town.says("resident", "兑换五斤大米")


def test_a_level_for_a_bank_only_on_the_persons_word(town: Town) -> None:
    assert "500分以上才有等级" in town.says("resident", "积分等级证明")
    town.give(720)
    assert "开给谁看" in town.says("resident", "积分等级证明")
    asked_first = town.says("resident", "开积分等级证明 给农商银行")
    assert "B级" in asked_first
    assert "您同意吗" in asked_first
    given = town.says("resident", "我同意开")
    serial = re.search(r"/open/level/(\w{10})", given)
    assert serial is not None
    found = view_levels.standing(town.db, serial[1], NOW + timedelta(days=29))
    assert found is not None
    assert (found.level, found.purpose) == ("B", "农商银行")
    assert "撤回了" in town.says("resident", "撤回等级证明")
    assert view_levels.standing(town.db, serial[1], NOW) is None
    assert "没有开过" in town.says("resident", "撤回等级证明")


def test_nobody_gives_points_to_himself(town: Town) -> None:
    town.says("desk", "3幢2单元楼道灯坏了")
    town.says("desk", "对")
    assert "不能给自己" in town.says("desk", "加分 0001 听法治讲座 自己去听了讲座")
