"""Every code the platform answers with and what the client does then (wechat.md §7); nothing of calls."""

from __future__ import annotations

from bot.channels.tencent.errors import Codes, Policy, Rule

_LATER = 600  # an operator needs minutes, and no token call should be spent meanwhile

RULES: dict[int, Rule] = {
    -1: Rule("系统繁忙", Policy.RETRY),
    40001: Rule("access_token 无效或不是最新（取令牌时：AppSecret 错误）", Policy.RENEW_ONCE),
    40014: Rule("access_token 不合法", Policy.RENEW_ONCE),
    42001: Rule("access_token 已过期", Policy.RENEW_ONCE),
    41001: Rule("请求没有带 access_token", Policy.GIVE_UP),
    40164: Rule("本机 IP 不在 API IP 白名单", Policy.ALARM, _LATER),
    61004: Rule("本机 IP 不在白名单", Policy.ALARM, _LATER),
    60020: Rule("本机 IP 不在企业可信 IP", Policy.ALARM, _LATER),
    40125: Rule("AppSecret 错误", Policy.ALARM, _LATER),
    40013: Rule("AppID 错误", Policy.ALARM, _LATER),
    40243: Rule("AppSecret 已冻结", Policy.ALARM, _LATER),
    89503: Rule("本机 IP 等待管理员确认", Policy.ALARM, _LATER),
    40003: Rule("OpenID 无效或属于别的公众号", Policy.GIVE_UP),
    43004: Rule("未关注公众号", Policy.MARK_UNFOLLOWED),
    43019: Rule("用户在黑名单中", Policy.MARK_UNFOLLOWED),
    48002: Rule("用户拒收消息", Policy.MARK_UNFOLLOWED),
    45015: Rule("超过 48 小时未互动，或已取消关注", Policy.WAIT_WINDOW),
    45047: Rule("客服消息条数已用完", Policy.WAIT_WINDOW),
    45009: Rule("当日调用次数用完", Policy.STOP_ENDPOINT),
    45011: Rule("调用过于频繁", Policy.STOP_ENDPOINT, 60),
    45002: Rule("内容过长", Policy.GIVE_UP),
    44004: Rule("内容为空", Policy.GIVE_UP),
    45008: Rule("图文条数超限", Policy.GIVE_UP),
    40007: Rule("媒体编号无效或已过期", Policy.GIVE_UP),
    40037: Rule("模板编号无效", Policy.NEXT_RUNG),
    40036: Rule("模板编号长度无效", Policy.NEXT_RUNG),
    47003: Rule("模板参数不合规", Policy.NEXT_RUNG),
    43101: Rule("用户没有或收回了订阅授权", Policy.NEXT_RUNG),
    48001: Rule("接口没有权限", Policy.STOP_ENDPOINT, 3600),
    48004: Rule("接口被封禁", Policy.STOP_ENDPOINT, 3600),
    50002: Rule("账号功能受限", Policy.STOP_ENDPOINT, 3600),
    45028: Rule("没有群发额度", Policy.STOP_ENDPOINT),
    45065: Rule("同一编号已发送过", Policy.SUCCESS),
    47001: Rule("不是合法的 JSON", Policy.GIVE_UP),
    40033: Rule("JSON 中含有 \\uXXXX", Policy.GIVE_UP),
}
# The operator or a programmer has to look: one error line each time, with the request id for the platform's support.
LOUD = frozenset(
    {40001, 40014, 42001, 41001, 40164, 61004, 60020, 40125, 40013, 40243, 89503, 45009, 45002, 44004, 45008, 40037}
    | {40036, 47003, 48001, 48004, 50002, 47001, 40033}
)  # fmt: skip

# Codes after which the resident's record says so; the outbox finds them in SendFailed.code.
UNFOLLOWED = frozenset(str(code) for code, rule in RULES.items() if rule.policy is Policy.MARK_UNFOLLOWED)

CODES = Codes("wechat", RULES, LOUD)
