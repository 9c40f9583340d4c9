"""How the auditor's page says what stands in the log: every kind of fact, its fields, the ways it came."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "LoggedIn": "登录", "StaffAdded": "加账号", "PasswordSet": "改密码", "PasswordReset": "换初始密码",
    "LoginDisabled": "停用账号", "LoginEnabled": "启用账号", "RoleAsked": "提出改岗位", "RoleGranted": "同意岗位",
    "RoleRefused": "不同意岗位", "CodeTurnedOn": "开动态码", "CodeTurnedOff": "关动态码",
    "CodeLifted": "替人关动态码", "SessionsEnded": "退出别处登录", "ContactSeen": "看联系方式",
    "SensitiveSeen": "看敏感事项", "DataExported": "导出数据", "NumbersExported": "导出指标",
    "RegisterImported": "导入数据", "ClaimIssued": "发认领码", "TokenAdded": "发接口令牌",
    "TokenRevoked": "收回接口令牌", "SettingChanged": "改设置", "AccessRefused": "被拦下",
    "ChainChecked": "核对记录链", "PersonErased": "删除个人数据", "MessagesResent": "重发消息",
    "PersonAdded": "登记新人", "PostPlanned": "安排换人", "PostChanged": "换人", "ChangeDropped": "取消安排",
    "RedrawPlanned": "安排调整微网格", "Redrawn": "调整微网格", "MicroGridAdded": "新增微网格",
    "MovedOut": "解除住户登记", "LeaveTaken": "请假", "LeaveSet": "记请假", "LeaveEnded": "销假",
}  # fmt: skip
# Everything else that can happen and is of no ticket, or is said of one in more words than here.
HAPPENED: Mapping[str, str] = {
    "NoticeShown": "显示隐私提示", "CommunityKnown": "知道了所在社区", "HomeBound": "绑定房屋",
    "HomeLeft": "解除房屋", "PhoneGiven": "留电话", "PostClaimed": "认领岗位", "ClaimFailed": "认领码不对",
    "ChannelPreferred": "选收消息的地方", "Followed": "关注", "Unfollowed": "取消关注",
    "AnonymitySet": "设匿名报事", "TimerSet": "定提醒", "TimersCleared": "取消提醒", "DigestTold": "发摘要",
    "MatterReceived": "别的平台的编号", "ProxyNamed": "指定代领人", "CategoryCorrected": "改分类供学习",
    "IntentCorrected": "改意思供学习", "UnitLate": "单位没有按时到场", "QuestionAnswered": "用知识库答复",
    "QuestionOpened": "问题转社区", "QuestionReplied": "答复问题", "QuestionsTold": "提醒有问题等答",
    "AnswerJudged": "评答案有没有帮助", "AnswerKept": "答复存进知识库", "AnswerWritten": "写答案",
    "AnswerRetired": "答案下架或恢复", "AnnouncementWritten": "写公告", "AnnouncementMoved": "公告进到下一步",
    "AnnouncementTried": "公告发给自己看", "AudienceKept": "存下公告范围", "NoticesSet": "退订或恢复通知",
    "MusterAnswered": "回应急动员", "MusterSaid": "动员中报情况", "MusterClosed": "解除应急动员",
    "MusterPurged": "销毁动员名单",
    "ActivityOpened": "发布活动", "ActivityChanged": "改活动", "ActivityCancelled": "取消活动",
    "ActivityReminded": "提醒活动", "ParticipantsTold": "通知参加的人", "SeatsTaken": "报名",
    "SeatsOffered": "补位", "SignupMoved": "报名有变化", "LeaveAsked": "活动请假", "CheckedIn": "签到",
    "CheckedOut": "签退", "MakeupAsked": "申请补签", "MakeupConfirmed": "同意补签", "AttendanceClosed": "登记到场",
    "RepeatSet": "设每周重复", "Rated": "评价活动", "ConsentGiven": "监护人同意", "VolunteerKnown": "登记志愿者",
    "SkillsStated": "写特长", "HoursRecorded": "记时长", "HoursReversed": "撤回时长",
    "HoursObjected": "对时长有异议", "ObjectionDecided": "答复异议", "CertificateIssued": "开时长证明",
    "StarAsked": "申请星级", "StarShown": "星级公示", "StarObjected": "对星级有异议", "StarGranted": "授星级",
    "StarRefused": "不授星级", "PhotoAdded": "加活动照片", "PhotoAnswered": "答复能否用照片",
    "PhotoRemoved": "撤下照片", "TeamFounded": "建队伍", "TeamDecided": "批队伍", "TeamJoined": "入队",
    "TeamLeft": "退队", "CaptainOffered": "请人接队长", "CaptainChanged": "换队长", "FilingAsked": "队伍申请备案",
    "FilingDecided": "答复备案", "HelpAsked": "请邻居帮忙", "HelpTaken": "接下帮忙", "HelpWritten": "帮忙留言",
    "HelpReleased": "放下帮忙", "HelpConfirmed": "说帮好了", "HelpDone": "帮忙完成", "HelpEnded": "帮忙结束",
    "HelperJoined": "愿意帮忙或不再帮", "PointsEarned": "得积分", "PointsTaken": "减积分",
    "PointsReversed": "撤回积分", "PointsExpired": "积分过期", "PointsFrozen": "积分冻结或解冻",
    "PointsShown": "同意公开积分", "EntryChecked": "复核积分", "CaseMade": "提出加减分", "CaseDecided": "批加减分",
    "CaseAppealed": "对减分申诉", "MonthSettled": "月度积分公示", "MonthClosed": "月度积分定案",
    "LevelStated": "开等级说明", "LevelWithdrawn": "收回等级说明", "RuleSet": "改积分规则", "ItemSet": "改超市物品",
    "RedemptionMade": "兑换", "RedemptionCollected": "领取兑换", "RedemptionEnded": "兑换取消或过期",
}  # fmt: skip
# AccessRefused by its `why`: a wrong turn is no attempt at what one has no right to.
REFUSED: Mapping[str, str] = {
    "role": "越权被拦下", "repeat": "重复点，没有再办", "state": "这时不能这样办", "rule": "不合规定，没有办",
    "missing": "没写全，没有办", "unknown": "没有这一单或这个操作",
}  # fmt: skip
VIAS: Mapping[str, str] = {
    "console": "后台", "wechat": "微信", "wecom": "企业微信", "webchat": "网页聊天", "timer": "时钟",
    "command": "命令行", "import": "导入", "export": "导出", "api": "接口", "clock": "定时任务", "terminal": "终端",
}  # fmt: skip
