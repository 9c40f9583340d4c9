"""A resident's question: answered when sure, asked back when near, handed to the desk otherwise; never invented."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from handlers import forms
from handlers.knowledge import texts
from handlers.knowledge.facts import AnswerJudged, QuestionAnswered, QuestionOpened
from handlers.knowledge.many import several
from handlers.knowledge.port import Known
from handlers.knowledge.rules import SHANGHAI, how_sure
from handlers.read import Read
from handlers.texts import FINE
from handlers.timing import TimerSet
from handlers.types import KEEP, Choice, Fact, Outcome, Reply, Turn, say

_OFFICE = re.compile(
    "(?:社区|居委会?|你们|值班)[^,。]{0,4}(?:电话|号码|联系)|^(?:那|请问)?我?(?:有没有|打什么|打哪个|打)?电话(?:号码)?是?(?:多少)?[?呢啊]*$"
    "|^(?:那|请问)?我?(?:该|应该|要|可以)?(?:去)?找谁(?:问|办|说)?[?呢啊]*$"
)
_OWN_PHONE = re.compile("(?:社区|居委会?|你们)的?(?:值班)?(?:电话|号码)(?:号码)?(?:是?多少)?[?呢啊]*")
_DAY = "周末|(?:周|星期|礼拜)[一二三四五六日天]|节假日|过年|中午|晚上|今天|明天"
_OURS = re.compile("社区|居委|你们|窗口|服务中心")
_HOURS = re.compile(  # 「小姑娘你们几点下班啊」 「礼拜六有人吗」: of whom else than the community
    rf"^(?:小姑娘|小伙子|同志|请问|请教|那|你好|,)*(?:你们)?(?:社区|居委会?|服务中心|办事窗口|窗口)?(?:{_DAY})*(?:你们|社区)?"
    r"(?:(?:几点|什么时候|啥时候)(?:上班|下班|开门|关门)|(?:上班|下班|办公|开门)时间|有人|上班|开门|办公|休息|值班)"
    r"(?:上班|值班|办公)?[是吗没么不啊呀呢的?]*$"
)
_ASKED_HOURS = "社区几点上班"
GIVEN, WHICH, WHERE = "answered", "which_answer", "where_asked"  # forms
TOLD = "kb_told"  # timer of a community: tell the desk what waits


def ask(turn: Turn, read: Read) -> Outcome:
    """The answer to what was asked, or its way to a person."""
    words = turn.said.text or turn.inbound.text
    many, rest = several(turn, read)
    if many:
        return _given_many(turn, read, many, rest)
    sought = _ASKED_HOURS if _HOURS.match(words) else words
    found = read.known_answers(sought, turn.who.community, turn.now.astimezone(SHANGHAI).date())
    policy = turn.policy
    sure = how_sure(
        [one.likeness for one in found], policy.knowledge_sure, policy.knowledge_near, policy.knowledge_apart
    )  # fmt: skip
    if sure == "sure" and turn.said.action == "hours" and "社区" in found[0].question and not _OURS.search(sought):
        sure = "near"  # 「菜场几点关门」 is not answered with the community's hours
    if sure == "sure":
        return _given(turn, found[0])
    office = read.community(turn.who.community) if _OFFICE.search(words) and turn.who.community else None
    phone = office.phone if office else ""
    if sure == "near" and not (phone and _OWN_PHONE.fullmatch(words)):  # what it can only mean is not asked back
        near = [one for one in found if one.likeness >= policy.knowledge_near]
        choices = (*(Choice(one.question) for one in near), texts.NONE_OF_THESE)
        dialog = forms.ask(turn, WHICH, {"words": words, "answers": [one.id for one in near]}, *choices)
        return Outcome(replies=(Reply(texts.WHICH, choices),), dialog=dialog)
    if office and phone:
        return say(texts.OFFICE.format(name=office.name, phone=phone))
    if not turn.who.community and not _between(turn) and _told_there(turn, read, sought):
        return say(texts.WHERE, dialog=forms.ask(turn, WHERE, {"words": words}))
    return _handed_on(turn, read, words, texts.UNSURE)


def _told_there(turn: Turn, read: Read, sought: str) -> bool:
    """Whether it would be answered if it were known of which community somebody asks."""
    if _OFFICE.search(sought):
        return True
    likeliest = next(iter(read.known_answers(sought, None, turn.now.astimezone(SHANGHAI).date())), None)
    return likeliest is not None and likeliest.likeness >= turn.policy.knowledge_sure


def resume_where(turn: Turn, read: Read) -> Outcome | None:
    """Where somebody lives who asked something that differs by community; anything else is a new message."""
    assert turn.dialog is not None
    there = {place.community for place in turn.said.place.found if place.community}
    if len(there) != 1:
        return say(FINE, dialog=None) if forms.never_mind(turn) else None
    words = turn.dialog.answers["words"]
    return ask(
        replace(
            turn, who=replace(turn.who, community=there.pop()), inbound=replace(turn.inbound, text=words),
            said=replace(turn.said, text=words, action=""), dialog=None,
        ), read,
    )  # fmt: skip


def _given_many(turn: Turn, read: Read, many: tuple[Known, ...], rest: tuple[str, ...]) -> Outcome:
    """What is known of many questions, and the rest on its way to a person."""
    told = tuple(QuestionAnswered(one.id, turn.who.id) for one in many)
    lines = [f"{one.question}：{one.answer}" for one in many]
    if not rest:
        return replace(say("\n".join(lines)), facts=told)
    out = _handed_on(turn, read, "；".join(rest), texts.UNSURE_REST.format(rest="、".join(rest)))
    text = "\n".join([*lines, out.replies[0].text])
    return replace(out, replies=(Reply(text),), facts=(*told, *out.facts))


def resume_which(turn: Turn, read: Read) -> Outcome | None:
    """A question was picked, none of them, or something else was said."""
    assert turn.dialog is not None
    index = forms.picked(turn)
    if index is None:
        return say(FINE, dialog=None) if turn.said.yes is False or forms.never_mind(turn) else None
    words, offered = turn.dialog.answers["words"], turn.dialog.answers["answers"]
    known = read.known_answer(offered[index]) if index < len(offered) else None
    return _given(turn, known) if known else _handed_on(turn, read, words, texts.UNSURE)


def resume_given(turn: Turn, read: Read) -> Outcome | None:
    """有帮助 or 没帮助; anything else is a new message."""
    assert turn.dialog is not None
    index = forms.picked(turn)
    if index is None:
        return None
    judged = AnswerJudged(turn.dialog.answers["answer"], turn.who.id, index == 0)
    if judged.helped:
        return replace(say(texts.THANKS, dialog=None), facts=(judged,))
    out = _handed_on(turn, read, turn.dialog.answers["words"], texts.SORRY)
    return replace(out, facts=(judged, *out.facts))


def _given(turn: Turn, known: Known) -> Outcome:
    facts = (QuestionAnswered(known.id, turn.who.id),)
    text = texts.answer(known.answer, known.source, known.until)
    if _between(turn):
        return replace(say(text), facts=facts)
    choices = (texts.HELPED, texts.NOT_HELPED)
    words = turn.dialog.answers["words"] if turn.dialog and turn.dialog.form == WHICH else turn.inbound.text
    return Outcome(
        replies=(Reply(text, choices),),
        facts=facts,
        dialog=forms.ask(turn, GIVEN, {"answer": known.id, "words": words}, *choices),
    )


def _handed_on(turn: Turn, read: Read, words: str, text: str) -> Outcome:
    """The question goes on the desk's list; the desk is told of all that wait together, a little later."""
    community = turn.who.community
    opened = QuestionOpened(read.new_id(), read.new_question_number(), community, turn.who.id, words.strip())
    facts: tuple[Fact, ...] = (opened,)
    if not read.question_waiting(community):
        facts += (TimerSet(community, TOLD, turn.now + timedelta(minutes=turn.policy.questions_told_minutes)),)
    known = read.community(community) if community else None
    if known and known.phone:
        text += texts.UNSURE_PHONE.format(name=known.name, phone=known.phone)
    return Outcome(replies=(Reply(text),), facts=facts, dialog=KEEP if _between(turn) else None)


def _between(turn: Turn) -> bool:
    """Asked in the middle of another talk, which goes on afterwards."""
    return turn.dialog is not None and turn.dialog.form not in (WHICH, GIVEN, WHERE)
