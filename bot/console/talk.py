"""The conversation with a resident as the page shows it: who said what, what became of each message, the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.public.pages import day_and_time
from storage.conversation import Conversation, Said, Window

RUNGS: Mapping[str, str] = {
    "passive": "随回话送到", "service": "客服消息送到", "template": "模板通知送到", "notice": "订阅通知送到",
    "card": "企业微信卡片送到", "text": "企业微信消息送到", "digest": "和别的消息一起送到", "webchat": "网页聊天送到",
    "terminal": "终端送到",
}  # fmt: skip
FAILED: Mapping[str, str] = {
    "no_identity": "他不在聊天里，请打电话或上门", "no_channel": "这个渠道没有接通",
    "window": "他48小时没说话，平台不让发", "window_part": "只发出了一半，后面平台不让发",
    "45015": "他48小时没说话，平台不让发", "45047": "条数用完了，等他再说话", "43004": "他取消了关注",
    "43019": "他拉黑了公众号", "48002": "他拒收消息", "stale": "放得太久，没有再发", "erased": "他删除了自己的数据",
    "timeout": "平台没有回音", "paused": "平台暂时不让发", "limited": "发得太多，平台不让发",
    "invaliduser": "企业微信里没有这个人",
}  # fmt: skip
CHANNELS: Mapping[str, str] = {
    "wechat": "微信公众号", "wecom": "企业微信", "webchat": "网页聊天", "terminal": "终端", "api": "其他平台",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message. `tone`: "" calm, wait, bad; `fate`: what became of it, "" for the resident's own."""

    ours: bool
    at: str
    words: str
    fate: str
    tone: str
    photos: int


@dataclass(frozen=True, slots=True)
class Talk:
    """`window`: a sentence about what may still be said; `held`: a sentence about who talks, `mine`: it is the
    viewer."""

    bubbles: tuple[Bubble, ...]
    window: str
    reachable: bool
    held: str
    mine: bool


def shown(found: Conversation, viewer: int, ticket: int, now: datetime) -> Talk:
    held, mine = "", False
    if found.held is not None and found.held.until > now:
        mine = found.held.by == viewer
        who = "您" if mine else found.held.name
        here = "" if found.held.ticket == ticket else "（在他的另一单里）"
        held = f"{who}正在和居民说话{here}，机器人不插嘴。{_time(found.held.until)}还没人说话，就自动交还。"
    words, reachable = _window(found.window, now)
    return Talk(tuple(map(_bubble, found.said)), words, reachable, held, mine)


def _bubble(said: Said) -> Bubble:
    if not said.ours:
        return Bubble(False, day_and_time(said.at), said.words, "", "", said.photos)
    match said.state:
        case "sent":
            fate, tone = RUNGS.get(said.rung, "送到了"), ""
        case "failed":
            fate, tone = f"没有送到：{FAILED.get(said.code, f'平台说 {said.code}')}", "bad"
        case "sending":
            fate, tone = "正在发", "wait"
        case _:
            why = FAILED.get(said.code, "") if said.code not in ("", "behind", "paced") else ""
            fate, tone = f"还没发出，会再试{'：' + why if why else ''}", "wait"
    return Bubble(True, day_and_time(said.at), said.words, fate, tone, said.photos)


def _window(window: Window | None, now: datetime) -> tuple[str, bool]:
    if window is None:
        return "报事人不在聊天里：请打电话或上门。", False
    channel = CHANNELS.get(window.channel, window.channel)
    if not window.followed:
        return f"报事人取消了{channel}的关注，收不到消息。", False
    if window.left is None:
        return f"{channel}，随时能发。", True
    if window.until is None or window.until <= now or window.left <= 0:
        return f"{channel}：他说话以后才能直接发；现在只能发模板通知，可能收不到。", True
    return f"{channel}：还能发{window.left}条，到{day_and_time(window.until)}；他一说话又有新的。", True


def _time(at: datetime) -> str:
    return day_and_time(at).partition(" ")[2]
