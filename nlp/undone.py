"""Whether what a handler says of a task tells that it is done, or that it is not. Words only, no ticket."""

from __future__ import annotations

import re

# 不归我管, 还没弄好, 弄不了, 等配件, 办结错了: what nobody should hear behind 「办好了」
_NOT_DONE = re.compile(
    r"不归|不属于|不该(?:我|归)|不是(?:我们?|本)|还没|尚未|暂时(?:没|不)|没有?(?:[修弄办换搞做清]|处理)|没[好完]"
    r"|[修弄办换搞做处]理?不(?:了|好|来|定|动)|不会[修弄]|没(?:办法|时间|空|人|工具|货|配件)|来不及|去不了"
    r"|^等|要等|在等|等(?:配件|零件|材料|到货|审批|师傅|电工|物业|通知)|改天|(?:明|后|下)[天周个].{0,6}(?:再|才|去|来|修|换)"
    r"|^(?:办结?|说|点|按|发|弄|搞|写|报)?错了?$|(?:办|说|点|按|发|写|报|弄|搞)错|^(?:取消|算了|撤回|等一下|等等|稍等)"
)
_NEGATED = re.compile(r"(?:还?没有?|未|无法|没法|不能)(?:[修弄办换搞做清]|处理|解决|更换|恢复|到)?[好完成了掉]?")
_WORK = r"(?:换|修|清|疏?通|补|拆|焊|装|关|移|搬|拉|运|扫|劝|处理|解决|恢复|改|整|搞|弄|办|加固|协调|调解)"
_DONE = re.compile(rf"已(?:经)?(?:{_WORK}|完成)|{_WORK}[^没不,。]{{0,6}}?(?:好|完|掉|走|通|开|干净|到位|了)")
_AHEAD = re.compile(r"吗|么|\?|再|才|要|准备|打算|明天|后天|下周|等")


def undone(words: str) -> bool:
    """「不归我管」「还没好」「等配件」「办结错了」: not done, whatever command stands before it."""
    if not _NOT_DONE.search(words):
        return False
    return not _DONE.search(_NOT_DONE.sub("", _NEGATED.sub("", words)))


def told_done(words: str) -> bool:
    """「垃圾拉走了」「已经换好」: the words of something that has been done."""
    return bool(_DONE.search(_NEGATED.sub("", words))) and not undone(words) and not _AHEAD.search(words)
