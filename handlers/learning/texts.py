"""Wording of what the desk teaches."""

from __future__ import annotations

NO_SUCH = "没有找到编号{number}的工单。"
NOT_YOURS = "{number}不是本社区的工单。"
WHICH = "改成哪一类？写编码或说法都行，比如「改分类 {number} 0302」「改分类 {number} 楼道灯」。"
SAME = "{number}本来就是「{name}」。"
DONE = "{number}改为「{name}」（原来是{was}），已记下供机器人学习。承办人没有变，要换人说「派给 {number} 姓名」。"

MEANT = "{number}记为「{name}」，已记下供机器人学习。工单照旧，不该办的说「不予受理 {number} 原因」。"
WHICH_INTENT = "{number}是哪一种？可以写：{names}。比如「改意图 {number} 咨询」。"
NO_WORDS = "{number}的原话已经删除，没有可以学的。"

INTENTS = {
    "report_issue": "报事", "consult": "咨询", "complaint_service": "投诉", "query_progress": "查进度",
    "urge_reopen_rate": "催办", "proposal_vote": "议事", "volunteer_activity": "活动", "points": "积分",
    "mutual_help": "互助", "account_privacy": "账号", "smalltalk_invalid": "闲聊",
}  # fmt: skip
ALSO = {
    "报修": "report_issue", "上报": "report_issue", "问事": "consult", "问问题": "consult", "进度": "query_progress",
    "催促": "urge_reopen_rate", "评价": "urge_reopen_rate", "提议": "proposal_vote", "投票": "proposal_vote",
    "志愿": "volunteer_activity", "志愿活动": "volunteer_activity", "邻里互助": "mutual_help",
    "绑定": "account_privacy", "隐私": "account_privacy", "聊天": "smalltalk_invalid", "广告": "smalltalk_invalid",
    "无效": "smalltalk_invalid",
}  # fmt: skip
