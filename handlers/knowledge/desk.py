"""The desk's side by chat: which questions wait, an answer to one, and an answer kept for everybody."""

from __future__ import annotations

import re

from handlers.knowledge import texts
from handlers.knowledge.facts import AnswerKept, QuestionReplied
from handlers.knowledge.port import OpenQuestion
from handlers.knowledge.rules import SHANGHAI
from handlers.read import Read
from handlers.types import Choice, Outcome, Refused, Reply, Role, Turn, say

_LIST = re.compile(r"^(?:查看?)?(?:待答|未答|等答复的?|没答的)(?:问题|列表)?[。!！]?$")
_ANSWER = re.compile(r"^(?:答|解答)(?:问题)?[\s:：#]*(\d{1,6})\s*号?[\s,，:：]*(.*)$", re.DOTALL)
_KEEP = re.compile(r"^(?:入库|存进?知识库|存入知识库)[\s:：#]*(\d{1,6})\s*号?$")


def command(turn: Turn, read: Read) -> Outcome | None:
    """What the desk wrote, when it is one of these commands."""
    text = turn.inbound.text.strip()
    if _LIST.match(text):
        return waiting(turn, read)
    if found := _ANSWER.match(text):
        return reply(turn, read, int(found[1]), found[2].strip())
    if found := _KEEP.match(text):
        return keep(turn, read, int(found[1]))
    return None


def waiting(turn: Turn, read: Read) -> Outcome:
    questions = read.open_questions(turn.who.scopes(Role.DESK))
    if not questions:
        return say(texts.NO_QUESTIONS)
    return say(texts.listed([(one.number, one.words) for one in questions]))


def reply(turn: Turn, read: Read, number: int, words: str) -> Outcome:
    found = _mine(turn, read, number)
    if found.reply:
        raise Refused(texts.ALREADY.format(number=number))
    if not words:
        raise Refused(texts.NEED_WORDS.format(number=number))
    fact = QuestionReplied(found.id, number, turn.who.id, found.person, found.words, words)
    keep_it = Choice(texts.KEEP_LABEL, texts.KEEP.format(number=number))
    return Outcome(replies=(Reply(texts.REPLIED.format(number=number), (keep_it,)),), facts=(fact,), dialog=None)


def keep(turn: Turn, read: Read, number: int) -> Outcome:
    """The answer becomes one of the community's: of the asker's, else of the desk's own."""
    found = _mine(turn, read, number)
    if not found.reply:
        raise Refused(texts.NOT_ANSWERED.format(number=number))
    day = turn.now.astimezone(SHANGHAI).date()
    community = found.community or turn.who.scopes(Role.DESK)[0]
    source = f"{texts.SOURCE} {day.year}-{day.month:02d}-{day.day:02d}"
    fact = AnswerKept(read.new_id(), community, turn.who.id, source, found.words, found.reply)
    return Outcome(replies=(Reply(texts.KEPT),), facts=(fact,), dialog=None)


def _mine(turn: Turn, read: Read, number: int) -> OpenQuestion:
    found = read.open_question(number)
    if found is None:
        raise Refused(texts.NO_SUCH.format(number=number))
    if found.community and found.community not in turn.who.scopes(Role.DESK):
        raise Refused(texts.NOT_YOURS.format(number=number))
    return found
