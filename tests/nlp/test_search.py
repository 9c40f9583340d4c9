"""Known questions are found in other words; what is not known is not found; nothing leaks past `allowed`."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.knowledge.rules import how_sure
from handlers.policy import Policy
from nlp.search import Entry, Index

ENTRIES = (
    Entry(1, 0, "居住证怎么办理", "带身份证到便民服务中心窗口办。", ("暂住证到哪里办", "办居住证要带什么材料")),
    Entry(2, 7, "社区几点上班", "工作日8:30到17:30。", ("居委会什么时候开门", "周末社区上班吗")),
    Entry(3, 8, "社区几点上班", "周六上午也有人。", ("居委会什么时候开门",)),
    Entry(4, 0, "旧家具怎么处理", "放到7幢北边,每周三清运。", ("大件垃圾放哪里",)),
    Entry(5, 7, "游泳馆收费多少", "成人30元一次。", ("游泳馆门票多少钱",)),
    Entry(6, 7, "老年优待证怎么办理", "带身份证到社区窗口。", ("老年卡在哪里办",)),
)


def index() -> Index:
    made = Index()
    for entry in ENTRIES:
        made.put(entry)
    return made


def asked(question: str, community: int = 7, synonyms: tuple[tuple[str, ...], ...] = ()) -> tuple[str, int]:
    """How sure, and of what, by the policy's own limits."""
    of = {entry.key: entry.community for entry in ENTRIES}
    found = index().find(question, allowed=lambda key: of[key] in (0, community), synonyms=synonyms)
    found.sort(key=lambda one: -one.likeness)
    policy = Policy()
    sure = how_sure(
        [one.likeness for one in found], policy.knowledge_sure, policy.knowledge_near, policy.knowledge_apart
    )  # fmt: skip
    return sure, found[0].key if found else 0


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("请问居住证怎么办理呀？", 1),
        ("暂住证到哪里去办", 1),
        ("你好，居委会什么时候开门", 2),
        ("大件垃圾放在哪里", 4),
        ("游泳馆门票要多少钱一张", 5),
        ("老年卡在哪里办理呢", 6),
    ],
)
def test_the_same_in_other_words_is_sure(question: str, key: int) -> None:
    assert asked(question) == ("sure", key)


@pytest.mark.parametrize(
    "question",
    [
        "人才补贴怎么申请",
        "结婚登记要带什么",
        "公交几点开",
        "游泳馆几点关门",
        "孩子上哪个小学",
        "怎么办",
        "。。。",
        "社区",
    ],
)
def test_what_is_not_known_is_never_sure(question: str) -> None:
    assert asked(question)[0] != "sure"


@pytest.mark.parametrize(
    ("one", "other"),
    [("游泳馆门票多少钱", "游泳馆在哪里"), ("居住证怎么办理", "身份证怎么办理"), ("社区几点上班", "药店几点上班")],
)
def test_confusing_pairs(one: str, other: str) -> None:
    assert asked(one)[0] == "sure"
    assert asked(other)[0] != "sure"


def test_a_synonym_finds_the_same() -> None:
    assert asked("敬老卡在哪里办")[0] != "sure"
    assert asked("敬老卡在哪里办", synonyms=(("老年卡", "敬老卡"),)) == ("sure", 6)


def test_other_communities_do_not_leak() -> None:
    assert asked("社区几点上班", 7)[1] == 2
    assert asked("社区几点上班", 8)[1] == 3
    assert asked("游泳馆门票多少钱", 8)[0] != "sure"


def test_changed_and_dropped() -> None:
    made = index()
    made.put(Entry(4, 0, "宠物怎么登记", "到派出所登记。"))
    assert [found.key for found in made.find("大件垃圾放哪里") if found.likeness > 0.3] == []
    assert made.find("宠物怎么登记")[0].key == 4
    for entry in ENTRIES:
        made.drop(entry.key)
    assert (len(made), made.find("居住证怎么办理")) == (0, [])
    assert made._asked.postings == made._said.postings == {}
    made.drop(99)


@settings(max_examples=60)
@given(st.text(alphabet="居住证办理社区几点上班游泳馆多少钱,？ a1", max_size=120))
def test_any_words(question: str) -> None:
    for found in index().find(question):
        assert 0 <= found.likeness <= 1 + 1e-9
        assert found.score > 0


def test_a_flood_of_words_is_cut() -> None:
    made, long = index(), "居住证怎么办理" * 50_000
    began = time.monotonic()
    made.find(long)
    assert time.monotonic() - began < 5  # a thousand times what it takes


@pytest.mark.parametrize(
    ("likenesses", "sure"),
    [
        ((), "unsure"), ((0.2,), "unsure"), ((0.4,), "near"), ((0.7,), "sure"), ((0.7, 0.65), "near"),
        ((0.7, 0.6), "sure"), ((0.61, 0.1), "near"),
    ],
)  # fmt: skip
def test_how_sure(likenesses: tuple[float, ...], sure: str) -> None:
    assert how_sure(likenesses, 0.62, 0.36, 0.08) == sure
