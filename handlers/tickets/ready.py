"""Variables of replies kept ready: {编号} and the others stand for what a ticket says; a pure function."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLES = ("编号", "事情", "地点", "期限", "承办人", "社区", "电话")
_VARIABLE = re.compile(r"\{([^{}]{1,12})\}")

# what a community may begin with
FIRST: tuple[tuple[str, str], ...] = (
    ("收到,在安排", "您好，{地点}的事（{编号}）收到了，已经在安排，{期限}前办好。"),
    ("约上门时间", "您好，{编号}要上门看一看，您什么时候在家？说一句就行。"),
    ("请拍一张照片", "您好，{编号}麻烦拍一张照片发过来，我们带对工具一次修好。"),
    ("等配件", "您好，{编号}要等配件，对不起让您等。到了马上装，会告诉您。"),
    ("不归社区管", "您好，{编号}这件事要找别的部门，我们已经转过去，有答复马上告诉您。"),
    ("办好了请看看", "您好，{编号}办好了，麻烦您看看。有不对的地方直接跟我说。"),
)  # fmt: skip


def filled(words: str, values: Mapping[str, str]) -> str:
    """Each known variable as its value, "" where the ticket says nothing; what is no variable stays as it is."""
    return _VARIABLE.sub(lambda m: values.get(m[1], "") if m[1] in VARIABLES else m[0], words)


def unknown(words: str) -> tuple[str, ...]:
    """What stands in braces and is no variable: probably a typing mistake."""
    return tuple(dict.fromkeys(name for name in _VARIABLE.findall(words) if name not in VARIABLES))
