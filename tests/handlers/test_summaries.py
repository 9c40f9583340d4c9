"""The one line that stands for a matter everywhere: what a leader reads on the bus."""

from __future__ import annotations

import pytest

import nlp
from handlers.activities import said
from handlers.tickets.opening import summary_of
from tests.nlp.town import TOWN


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("3幢2单元楼道灯坏了", "楼道灯坏了"),
        ("你好啊，我是3幢2单元的，想跟你们说个事，就是我们楼道那个灯啊坏了", "我们楼道那个灯啊坏了"),
        ("喂你好，我住3幢2单元，跟你反映一下，那个下水道又堵掉了，臭死了", "下水道又堵掉了，臭死了"),
        ("有个事情跟你们讲，垃圾桶满了", "垃圾桶满了"),
        ("您好我是3幢的业主我想反映一下电梯老是晃", "电梯老是晃"),
        ("我要投诉物业，态度很差", "投诉物业，态度很差"),
        ("我想跟社区反映个情况，门口乱停车！", "门口乱停车"),
    ],
)
def test_greetings_and_where_one_lives_are_not_the_matter(words: str, line: str) -> None:
    (issue,) = nlp.understand(words, TOWN).issues
    assert summary_of(issue.text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("灯坏了,晚上黑;怎么办?", "灯坏了，晚上黑；怎么办"),
        ("wifi 3.5,4G,坏了", "wifi 3.5,4G,坏了"),
        (
            "楼道灯坏了好几天了,晚上黑得很,老人家上下楼不方便,前两天楼上的王阿姨差一点就摔了一跤",
            "楼道灯坏了好几天了，晚上黑得很，老人家上下楼不方便…",
        ),
        ("水" * 60, "水" * 39 + "…"),
    ],
)
def test_it_is_printed_as_one_writes_and_ends_with_a_clause(text: str, line: str) -> None:
    assert summary_of(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("单元门关不上，电话13800001234", "单元门关不上"),
        ("我叫王小明,电话13900005678,水管漏水,身份证330102199001011234", "水管漏水"),
        ("你好我是王秀英,楼道灯坏了,请打我手机138 0000 1234", "楼道灯坏了"),
        ("电话一三八零零零零一二三四，灯坏了", "灯坏了"),
        ("物业电话0573-88000001打不通", "物业电话***打不通"),
        ("400-820-8820没人接", "400-820-8820没人接"),
        ("有事打我电话13800001234", "有事打我电话***"),
        ("我叫物业来修，没人理", "我叫物业来修，没人理"),
        ("工单202611260034没人管", "工单202611260034没人管"),
    ],
)
def test_what_neighbours_are_told_names_nobody(text: str, line: str) -> None:
    assert summary_of(text) == line


@pytest.mark.parametrize(
    ("text", "at"),
    [("第二个在哪里集合", 1), ("第十个", 9), ("最后一个是礼拜几", -1), ("第零个", None), ("几点开始", None)],
)
def test_one_of_a_list_by_its_place(text: str, at: int | None) -> None:
    assert said.nth(text) == at
