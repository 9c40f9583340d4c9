"""Where WeCom asks a member who they are (wechat.md §11): in the client, or by scanning a code in a browser."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from bot.channels.wecom.config import WeComConfig

_INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
_SCAN = "https://login.work.weixin.qq.com/wwlogin/sso/login"
CLIENT = "wxwork"  # in the user agent of WeCom's own browser


def address(config: WeComConfig, back: str, state: str, user_agent: str) -> str:
    """`back`: our own whole address, of a domain the application trusts; `state`: letters and digits, at most 128."""
    if CLIENT in user_agent.lower():
        query = {
            "appid": config.corp_id, "redirect_uri": back, "response_type": "code", "scope": "snsapi_base",
            "state": state, "agentid": str(config.agent_id),
        }  # fmt: skip
        return f"{_INSIDE}?{urlencode(query, quote_via=quote)}#wechat_redirect"
    query = {
        "login_type": "CorpApp", "appid": config.corp_id, "agentid": str(config.agent_id), "redirect_uri": back,
        "state": state,
    }  # fmt: skip
    return f"{_SCAN}?{urlencode(query, quote_via=quote)}"
