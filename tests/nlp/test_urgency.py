"""domain.md §9.1: danger is found without the word 急, and what only looks like danger is not."""

from __future__ import annotations

import pytest

from nlp import understand
from tests.nlp.town import TOWN


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("我和我妈被关在电梯里", "lift"),
        ("电梯卡在两层中间,里面有人在喊", "lift"),
        ("楼道里一股煤气味", "gas"),
        ("煤气灶关不掉", "gas"),
        ("闻到焦糊味 插座那里", "fire"),
        ("对面阳台冒黑烟", "fire"),
        ("插座在冒火花", "electric"),
        ("水管爆了,水往家里灌", "water"),
        ("外墙瓷砖掉下来差点砸到人", "fall"),
        ("井盖不见了,晚上看不见", "fall"),
        ("隔壁爷爷摔倒起不来了", "person"),
        ("楼下有人晕过去了", "person"),
        ("独居的阿婆两天没见,敲门没人应", "person"),
        ("门口有人拿刀追人", "violence"),
        ("他又喝酒打我了", "violence"),
        ("我不想活了", "despair"),
        ("我女儿走丢了,穿红衣服", "child"),
        ("小区门口车祸,有人流血", "traffic"),
        ("孩子被狗咬了", "animal"),
        ("围墙快倒了", "structure"),
        ("我妈正在给骗子转账", "fraud"),
    ],
)
def test_danger(text: str, danger: str) -> None:
    said = understand(text)
    assert said.urgency == "emergency", text
    assert said.intent == "emergency"
    assert said.danger == danger or danger in ("person", "traffic")  # the advice may be for the wound or its cause
    assert said.category


@pytest.mark.parametrize(
    "text",
    [
        "应急照明坏了",
        "电梯里紧急呼叫按钮不亮",
        "热水出不来",
        "急救箱里药过期了",
        "急停按钮松了",
        "没有着火,别担心",
        "万一着火怎么办",
        "消防演练是哪天",
        "笑死我了",
        "灶台打不着火",
        "煤气灶打不着火",
        "烧菜烧出焦糊味",
        "我车被堵住了出不去",
        "被困扰很久了,楼上太吵",
        "火气别那么大",
        "停水通知紧急联系人写谁",
        "楼道灯坏了,不急",
        "门锁坏了,没那么急",
    ],
)
def test_only_looks_like_danger(text: str) -> None:
    said = understand(text)
    assert said.urgency == "normal", said.why
    assert said.danger == ""


@pytest.mark.parametrize(
    "text",
    [
        "整个单元停水了",
        "我们楼停电了",
        "污水从窨井往外溢",
        "电梯又停了",
        "电梯一直抖",
        "有人飞线充电",
        "消防通道被车堵了",
        "楼上在砸承重墙",
        "铁门打不开,抢修",
        "客厅的墙裂了一条大裂缝",
    ],
)
def test_urgent(text: str) -> None:
    assert understand(text).urgency == "urgent"


def test_a_calm_word_does_not_calm_a_danger() -> None:
    assert understand("不急的话慢慢来,不过有人困在电梯里").urgency == "emergency"


def test_a_leader_closes_a_task_about_danger() -> None:
    said = understand("办结 0017 火已扑灭,没人受伤,电动车着火")
    assert (said.intent, said.action, said.tickets) == ("staff_ops", "finish", ("0017",))
    assert said.urgency == "emergency"  # anybody else who writes so is heard as in danger


@pytest.mark.parametrize("place", ["", "海棠花园3幢2单元，", "云杉里二期12号", "海棠花园99幢，"])
@pytest.mark.parametrize(
    ("words", "urgency"),
    [
        ("火灾", "emergency"),
        ("扶手带电", "emergency"),
        ("拿斧头追人", "emergency"),
        ("燃气表喷了", "emergency"),
        ("我没意思活着了", "emergency"),
        ("楼道灯坏了", "normal"),
        ("有人在", "normal"),
        ("万一火灾怎么办", "normal"),
        ("讨论火灾的那场几点", "normal"),
    ],
)
def test_the_name_of_a_place_hides_no_danger_and_makes_none(words: str, urgency: str, place: str) -> None:
    """Of 1,295 taught dangers behind each of three addresses 87 had gone unheard."""
    assert understand(place + words, TOWN).urgency == urgency
