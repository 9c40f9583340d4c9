"""Every code WeCom answers with and what the client does then (wechat.md §7, §11); nothing of calls."""

from __future__ import annotations

from bot.channels.tencent.errors import Codes, Policy, Rule

_LATER = 600  # an operator needs minutes, and no token call should be spent meanwhile

RULES: dict[int, Rule] = {
    -1: Rule("系统繁忙", Policy.RETRY),
    40001: Rule("access_token 无效（取令牌时：Secret 错误）", Policy.RENEW_ONCE),
    40014: Rule("access_token 不合法", Policy.RENEW_ONCE),
    42001: Rule("access_token 已过期", Policy.RENEW_ONCE),
    41001: Rule("请求没有带 access_token", Policy.GIVE_UP),
    40013: Rule("CorpID 错误", Policy.ALARM, _LATER),
    40056: Rule("AgentID 错误", Policy.ALARM, _LATER),
    60020: Rule("本机 IP 不在企业可信 IP", Policy.ALARM, _LATER),
    301002: Rule("没有操作这个应用的权限", Policy.ALARM, _LATER),
    48002: Rule("接口没有权限", Policy.STOP_ENDPOINT, 3600),
    45009: Rule("调用过于频繁", Policy.STOP_ENDPOINT, 60),
    45033: Rule("并发调用过多", Policy.STOP_ENDPOINT, 60),
    40003: Rule("UserID 无效", Policy.MARK_UNFOLLOWED),
    60111: Rule("没有这个 UserID", Policy.MARK_UNFOLLOWED),
    81013: Rule("收件人全部无效，或不在应用可见范围", Policy.MARK_UNFOLLOWED),
    40007: Rule("媒体编号无效或已过期", Policy.GIVE_UP),
    40058: Rule("参数不合规", Policy.NEXT_RUNG),
    42014: Rule("卡片的 task_id 不合规或重复", Policy.NEXT_RUNG),
    44004: Rule("内容为空", Policy.GIVE_UP),
    45002: Rule("内容过长", Policy.GIVE_UP),
    47001: Rule("不是合法的 JSON", Policy.GIVE_UP),
    40029: Rule("登录的 code 无效或已用过", Policy.GIVE_UP),
    50001: Rule("跳转域名不在可信域名内", Policy.GIVE_UP),
}

# The operator or a programmer has to look: one error line each time.
LOUD = frozenset(
    {40001, 40014, 42001, 41001, 40013, 40056, 60020, 301002, 48002, 45009, 45033, 40058, 42014, 44004, 45002}
    | {47001, 50001}
)

CODES = Codes("wecom", RULES, LOUD)
