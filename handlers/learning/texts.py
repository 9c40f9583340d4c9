"""Wording of what the desk teaches."""

from __future__ import annotations

NO_SUCH = "没有找到编号{number}的工单。"
NOT_YOURS = "{number}不是本社区的工单。"
WHICH = "改成哪一类？写编码或说法都行，比如「改分类 {number} 0302」「改分类 {number} 楼道灯」。"
SAME = "{number}本来就是「{name}」。"
DONE = "{number}改为「{name}」（原来是{was}），已记下供机器人学习。承办人没有变，要换人说「派给 {number} 姓名」。"
