"""Several matters in one message, and one matter told in many words."""

from __future__ import annotations

import pytest

from nlp import understand
from tests.nlp.town import TOWN


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("楼道灯坏了,还有垃圾没人收", ["0201", "0101"]),
        ("1.楼道灯不亮 2.垃圾没人清 3.道闸坏了", ["0201", "0101", "0203"]),
        ("①路灯不亮②老鼠很多", ["0201", "0106"]),
        ("两件事:一是路面有个大坑,二是楼上装修太吵", ["0202", "0801"]),
        ("广场舞吵得睡不着,另外健身器材也坏了", ["0803", "0204"]),
        ("路灯不亮,垃圾没人清,树枝挡住窗户", ["0201", "0101", "1001"]),
    ],
)
def test_several(text: str, codes: list[str]) -> None:
    assert [issue.category for issue in understand(text).issues] == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("下水道堵了,污水流到楼道里,臭得不行", "0405"),
        ("楼道灯坏了,晚上黑漆漆的,上下楼看不见,麻烦修一下", "0201"),
        ("楼上漏水,天花板都湿了,墙也发霉了", "0302"),
        ("垃圾好几天没人收,苍蝇乱飞,报修了物业也不管", "0101"),
        ("你好,我想反映一下,路灯不亮,还有没有人来修", "0201"),
    ],
)
def test_one(text: str, code: str) -> None:
    assert [issue.category for issue in understand(text).issues] == [code]


def test_each_matter_has_its_place_words_and_urgency() -> None:
    first, second = understand("海棠花园2幢楼道灯坏了,另外5幢停水了整幢都没水", TOWN).issues
    assert [place.label for place in first.place.found] == ["海棠花园2幢"]
    assert "海棠花园5幢" in [place.label for place in second.place.found]
    assert (first.text, first.urgency, second.urgency) == ("楼道灯坏了", "normal", "urgent")


def test_danger_is_one_matter() -> None:
    said = understand("楼道灯坏了,还有垃圾没人收,有人困在电梯里")
    assert [(issue.category, issue.urgency) for issue in said.issues] == [("0501", "emergency")]
