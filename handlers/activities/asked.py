"""What is asked about one activity, as a table: a sentence may ask several things, each is answered once."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.activities import texts
from handlers.activities.port import Activity

# Read from the top; `covers` names questions whose answer is in this one already.
_TABLE: tuple[tuple[str, re.Pattern[str], Callable[[Activity], str], str], ...] = (
    ("when", re.compile("几点|什么时候|啥时候|哪天|时间|几号|多久|几时"), lambda a: f"{texts.when(a)}。", ""),
    (
        "where", re.compile("在哪|哪里|哪儿|地点|集合|怎么去|地址|什么地方"),
        lambda a: texts.MEET.format(place=a.place), "",
    ),
    (
        "bring",
        re.compile("带(?:些|点)?(?:什么|啥)|要带(?!.{0,4}(?:孩|娃|儿|女|孙|朋友|宝))|穿什么|准备什么|自带"),
        lambda a: texts.BRING.format(bring=a.bring) if a.bring else texts.BRING_NOTHING, "",
    ),
    (
        "insured", re.compile("保险|受伤|摔|保单|赔"),
        lambda a: texts.INSURED.format(policy=texts.insured(a), risks=a.risks), "risks",
    ),
    (
        "children", re.compile("孩子|小孩|小朋友|宝宝|儿子|女儿|孙|娃|亲子"),
        lambda a: texts.CHILDREN if a.children else texts.CHILDREN_NOT, "",
    ),
    (
        "seats", re.compile("名额|满了|还有位|几个人|多少人|还能报"),
        lambda a: texts.SEATS.format(seats=a.seats, left=texts.left(a)), "",
    ),
    (
        "conditions", re.compile("条件|要求|几岁|多大|能参加|可以参加|资格"),
        lambda a: texts.CONDITIONS.format(conditions=a.conditions), "",
    ),
    ("risks", re.compile("危险|风险|安全|累不累|保障"), lambda a: texts.RISKS.format(risks=a.risks), ""),
    ("about", re.compile("做什么|干什么|干啥|做啥|什么内容|内容|干嘛"), lambda a: f"{a.about}。", ""),
    ("weather", re.compile("下雨|天气"), lambda a: texts.WEATHER, ""),
)  # fmt: skip


def answers(activity: Activity, words: str) -> str:
    """「几点，在哪，带什么，有没有保险」 → all four in one message; "" when none of the questions is known."""
    said: list[str] = []
    covered: set[str] = set()
    for name, pattern, answer, covers in _TABLE:
        if name not in covered and pattern.search(words):
            said.append(answer(activity))
            covered.add(covers)
    return "\n".join(said)
