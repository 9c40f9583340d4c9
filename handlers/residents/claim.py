"""A leader or staff member joins this chat to their record with a one-time code (reliability.md T3)."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import texts
from handlers.read import Read
from handlers.residents.facts import ClaimFailed, PostClaimed
from handlers.types import Outcome, Reply, Role, Turn, say

_CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")
_POSTS = {
    Role.LEADER: "微网格长", Role.DEPUTY: "副微网格长", Role.GRID: "网格员", Role.DESK: "社区工作人员",
    Role.STREET: "街道指挥室人员", Role.HEAD: "单位负责人", Role.MEMBER: "单位办事员",
}  # fmt: skip


def claim(turn: Turn, read: Read) -> Outcome:
    code = _CODE.search(turn.said.text)
    if code is None:
        return say(texts.CLAIM_HOW)
    since = turn.now - timedelta(minutes=turn.policy.claim_lock_minutes)
    if read.failed_claims(turn.who.id, since) >= turn.policy.claim_tries:
        return say(texts.CLAIM_LOCKED)
    owner = read.claim(code.group(), turn.now)
    person = read.person(owner) if owner else None
    if person is None:
        return Outcome(replies=(Reply(texts.CLAIM_WRONG),), facts=(ClaimFailed(turn.who.id),))
    post = "、".join(dict.fromkeys(_POSTS[p.role] for p in person.posts)) or "工作人员"
    text = texts.CLAIM_OK.format(name=person.name, post=post)
    return Outcome(replies=(Reply(text),), facts=(PostClaimed(turn.who.id, owner),), dialog=None)
