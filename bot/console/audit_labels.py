"""The fields of what stands in the log, as the auditor's page calls them; numbers stay numbers."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    # who and where
    "person": "人员号", "by": "经手人员号", "owner": "承办人员号", "reporter": "报事人员号",
    "handler": "承办人员号", "incoming": "接任人员号", "outgoing": "离任人员号", "helper": "帮忙的人员号",
    "helped": "受助人员号", "asker": "求助人员号", "captain": "队长人员号", "guest": "同来的人",
    "guardian": "监护人", "contact": "联系人", "other": "另一方人员号", "second": "第二人员号",
    "proxy": "代领人员号", "proxy_for": "代谁报", "proxy_name": "代谁报（姓名）", "party": "同来几人",
    "against": "被投诉人员号", "against_unit": "被投诉单位号", "mentioned": "提到的人员号", "people": "人数",
    "name": "名称", "phone": "电话", "born": "出生日期", "adult": "成年", "minor": "未成年", "relation": "关系",
    "skills": "特长", "community": "社区号", "estate": "小区号", "grid": "网格号", "micro_grid": "微网格号",
    "building": "楼", "spot": "地点", "household": "住户号", "place": "地点", "places": "哪些地方", "pin": "定位",
    "venue": "场地", "station": "站点", "unit": "单位号", "scope": "管到哪里", "team": "队伍号", "role": "岗位",
    "roles": "岗位", "login": "登录名", "device": "设备", "channel": "通过什么", "to": "给谁", "issuer": "开具单位",
    # which
    "code": "编号", "number": "编号", "serial": "证号", "key": "哪一条", "kind": "种类", "kinds": "种类",
    "what": "什么", "category": "分类", "level": "级别", "urgency": "急不急", "tier": "层级",
    "rung": "时限走了百分之几", "line": "专线", "route": "不受理的原因", "basis": "依据", "intent": "意思",
    "version": "版本", "title": "标题", "label": "名称", "file": "文件", "media": "照片和录音", "photo": "照片号",
    "medium": "照片号", "scene": "场景", "source": "来源", "external": "别的平台的编号", "into": "并到工单号",
    "change": "安排号", "request": "请求号", "task": "任务号", "tasks": "任务", "activity": "活动号",
    "signup": "报名号", "makeup": "补签号", "announcement": "公告号", "answer": "答案号", "question": "问题号",
    "help": "帮忙号", "entry": "积分记录号", "case": "加减分号", "rule": "规则号", "item": "物品号",
    "redemption": "兑换号", "certificate": "证明号", "statement": "说明号", "notice": "提示版本",
    "objection": "异议号", "evaluation": "评价", "filing": "备案", "half": "哪半年", "month": "月份",
    "round": "第几轮", "star": "星级", "stars": "几星", "flag": "为什么要看", "ref": "关联号",
    "reverses": "冲正哪一笔", "variants": "其他问法", "example": "例子", "audience": "范围", "lines": "几行",
    "of": "属于哪里", "once": "唯一标记", "guardian_code": "监护码",
    # when and how much
    "accept_by": "接单期限", "arrive_by": "到场期限", "due": "期限", "until": "到什么时候", "at": "时间",
    "day": "日期", "first": "第一天", "last": "最后一天", "starts": "开始", "ends": "结束", "valid_from": "生效",
    "valid_until": "失效", "hours": "时长", "minutes": "分钟", "times": "第几次", "count": "数量", "rows": "行数",
    "checked": "条数", "points": "积分", "cost": "经费", "funds": "经费", "cap": "上限", "low": "下限",
    "totals": "合计", "more": "进货", "came": "来了几人", "absent": "没来几人", "yes": "几人来", "no": "几人不来",
    "waiting": "候补", "follows": "接着哪一次", "muster": "动员号",
    # what came of it
    "status": "状态", "step": "环节", "how": "怎么", "why": "原因", "reason": "理由", "words": "说的话",
    "summary": "一句话", "about": "关于", "purpose": "用途", "asked": "问的", "act": "动作", "action": "操作",
    "before": "原来", "after": "现在", "was": "原来", "new": "新的", "changes": "改动", "moves": "改到",
    "agreed": "同意", "passed": "通过", "solved": "解决了", "rating": "评价", "hung": "挂账", "kept": "继续办",
    "designated": "指定", "anonymous": "匿名", "working": "办理情况", "checking": "核查", "free": "空闲",
    "frees": "让出名额", "on": "开着", "open": "开着", "back": "退回", "done": "办完", "ok": "对", "drill": "演练",
    "pickup": "哪里领", "broken": "对不上的位置", "digest": "封存",
}  # fmt: skip
VALUES: Mapping[str, str] = {
    "community": "社区", "grid": "网格员", "command": "街道指挥室", "head": "单位负责人", "place": "地点清楚了",
    "normal": "一般", "urgent": "急", "emergency": "紧急", "overdue": "到时限", "remind": "提醒接单",
    "deputy": "找副手", "review": "复查", "rate": "请评价", "desk": "社区", "whistle": "吹哨", "assist": "协办",
    "street": "街道", "taken": "领走", "transfer": "转给", "returned": "退单", "escalated": "上报",
    "reclassed": "改分类", "console": "后台", "webchat": "网页聊天", "wechat": "微信", "wecom": "企业微信",
    "report": "报事", "result": "办结", "dg_digest": "发摘要", "dg_reminder": "提醒没看的",
}  # fmt: skip
