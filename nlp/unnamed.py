"""A text without what says who wrote it: telephones, identity numbers, 「我叫王小明」. For lines others read."""

from __future__ import annotations

import re

from nlp import pii

# The surnames of nine people in ten: 「我叫物业来修」 begins with none.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_SIGNS = ",，、.。;；:：!！?？ "
_NAMED = re.compile(
    rf"(?:^|(?<=[{_SIGNS}]))(?:您好|你好)?(?:我叫|我是|本人叫?|姓名[:：]?)[{_SURNAMES}][一-鿿]{{1,2}}(?=[{_SIGNS}]|$)"
)
# What leads up to a number and says nothing without it.
_LEAD = re.compile(
    r"(?:有事|有问题|请|可以|[我他她]的?|本人|身份证|证件|联系|手机|电话|座机|微信|致电|打|来电|方式"
    r"|号码?|是|为|[:： ])+$"
)
_BEFORE = 16  # characters
_AGAIN = re.compile(rf"(?<=[{_SIGNS}])[{_SIGNS}]+")


def unnamed(text: str) -> str:
    """`text` itself where it has nothing of the kind, never empty. A number in the middle of a clause becomes ***;
    at its end it goes with what leads up to it. Numbers of services (400…) stay.
    """
    kept, last = [], 0
    for found in pii.find(text, doubtful=True):
        if found.kind == "service":
            continue
        ends = text[found.end : found.end + 1] in _SIGNS  # "" is in it: the end of all
        lead = _LEAD.search(text[max(last, found.start - _BEFORE) : found.start]) if ends else None
        kept.append(text[last : found.start - (len(lead[0]) if lead else 0)] + ("" if ends else "***"))
        last = found.end
    rest = _NAMED.sub("", "".join((*kept, text[last:])))
    return text if rest == text else _AGAIN.sub("", rest).strip(_SIGNS) or pii.mask(text)
