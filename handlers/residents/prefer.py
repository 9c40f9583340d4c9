"""Where somebody with a post wants tasks sent: 「任务发企业微信」, 「任务发微信」."""

from __future__ import annotations

from handlers import texts
from handlers.read import Read
from handlers.residents.facts import ChannelPreferred
from handlers.types import Outcome, Reply, Turn, say

CHANNELS = (("企业微信", "wecom"), ("微信", "wechat"), ("网页", "webchat"))  # the longer word first


def prefer(turn: Turn, read: Read) -> Outcome:
    found = next(((word, channel) for word, channel in CHANNELS if word in turn.said.text), None)
    if found is None:
        return say(texts.PREFER_WHERE)
    word, channel = found
    if channel not in read.channels(turn.who.id):
        return say(texts.PREFER_UNKNOWN.format(channel=word))
    return Outcome(
        replies=(Reply(texts.PREFERRED.format(channel=word)),),
        facts=(ChannelPreferred(turn.who.id, channel),),
        dialog=None,
    )
