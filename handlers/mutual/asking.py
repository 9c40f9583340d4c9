"""A neighbour asks, another comes, both say when it is done; a word goes between them without names or numbers."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import forms
from handlers.mutual import texts
from handlers.mutual.facts import (
    HelpAsked,
    HelpConfirmed,
    HelpDone,
    HelpEnded,
    HelperJoined,
    HelpReleased,
    HelpTaken,
    HelpWritten,
)
from handlers.mutual.port import Help
from handlers.read import Read
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Choice, Dialog, Home, Outcome, Refused, Reply, Role, Turn, say

FORM = "help"
TIMER = "hp_end"
NUMBER = re.compile(r"互助\s*(\d{1,6})")
_MONEY = re.compile(  # 「一块木板」 「千万别忘」 are no money
    "借(?:点|些|我)?钱|[0-9一二三四五六七八九十百千万两几]+(?:块钱|元|块(?=$|[,，。!！?？急应吧呗周用]))"
    "|(?:[百千]|[0-9]{2})块|[0-9一二三四五六七八九十百两几]+万(?!火)|捐款|募捐|筹款|众筹|转账|红包|垫付|贷款"
)
_BARE = re.compile("^(?:我要|我想)?(?:邻里)?(?:互助|求助|求助邻居|邻居帮忙|找邻居帮忙|发求助|借东西)[。!！]*$")
_GIVES = re.compile("闲置|二手|送|捐|用不着|不要了|谁要|有没有人要|有人要吗|领走|拿走")
_WHO = re.compile("有人|有谁|谁要|吗[?]?$|没有[?]?$")  # asks, and offers nothing
_WORDS, _OPEN = 200, 3


def _where(turn: Turn, read: Read) -> Home | None:
    """The home, or the building that is known: neighbours are those of its micro-grid."""
    home = next((one for one in turn.who.homes if one.micro_grid), None)
    place = turn.who.near
    if home is None and place and (grid := read.duty(place).micro_grid):
        return Home(0, place, grid, place.community, "")
    return home


def _home(turn: Turn, read: Read) -> Home:
    home = _where(turn, read)
    if home is None:
        raise Refused(texts.WHERE)
    return home


def ask(turn: Turn, read: Read) -> Outcome:
    """「想借一把梯子」 「谁能帮我搬一下柜子」: shown once before it goes out."""
    words = turn.inbound.text.strip()
    if _MONEY.search(words):
        raise Refused(texts.MONEY)
    open_ = [one for one in read.helps_of(turn.who.id) if one.asker == turn.who.id]
    if len(open_) >= _OPEN:
        raise Refused(texts.MANY.format(count=len(open_), number=open_[-1].number))
    if _BARE.match(words):
        _home(turn, read)
        return say(texts.WHAT, dialog=forms.ask(turn, FORM, {}))
    return _check(turn, words) if _where(turn, read) else _to_where(turn, words[:_WORDS])


def _to_where(turn: Turn, words: str) -> Outcome:
    """Whose neighbours is not known: the address first, then the words as they were said."""
    answers = {"words": words, forms.ASK_BACK: texts.CHECK.format(words=words)}
    return say(texts.WHERE, dialog=forms.ask(turn, FORM, answers, *texts.CHOICES))


def offer(turn: Turn, read: Read) -> Outcome:
    """「我可以帮忙」 joins those who are told; 「我有个旧书架送人」 is told to the neighbours."""
    if _GIVES.search(turn.said.text):
        return ask(turn, read)
    return listed(turn, read) if _WHO.search(turn.said.text) else join(turn, read)


def _check(turn: Turn, words: str) -> Outcome:
    text = texts.CHECK.format(words=words[:_WORDS])
    dialog = forms.ask(turn, FORM, {"words": words[:_WORDS]}, *texts.CHOICES)
    return say(text, *texts.CHOICES, dialog=dialog)


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    words = turn.dialog.answers.get("words")
    if words is None:
        given = turn.inbound.text.strip()
        if _MONEY.search(given):
            return say(texts.MONEY, dialog=None)
        return _check(turn, given) if len(given) >= 3 else None
    index = forms.picked(turn)
    if index == 1 or turn.said.yes is False or (index is None and forms.never_mind(turn)):
        return say(texts.NOT_SENT, dialog=None)
    if index != 0 and not turn.said.yes:
        return None
    home = _where(turn, read)
    if home is None:
        return _to_where(turn, words)
    number = read.next_help_number(home.community)
    help_ = read.new_id()
    fact = HelpAsked(help_, number, home.community, home.micro_grid, turn.who.id, words)
    ends = turn.now + timedelta(days=turn.policy.help_days)
    count = len([one for one in read.helpers(home.micro_grid) if one != turn.who.id])
    text = (texts.ASKED if count else texts.ASKED_LEADER).format(
        number=number, count=count, days=turn.policy.help_days
    )  # fmt: skip
    return Outcome(replies=(Reply(text),), facts=(fact, TimerSet(help_, TIMER, ends)), dialog=None)


def listed(turn: Turn, read: Read) -> Outcome:
    """「互助」: one's own, and what the micro-grid asks for."""
    home = _home(turn, read)
    mine = read.helps_of(turn.who.id)
    lines = [
        texts.MINE.format(number=one.number, words=one.words, state=texts.STATES.get(one.state, "")) for one in mine
    ]
    others = [one for one in read.helps_open(home.micro_grid) if one.asker != turn.who.id][: forms.MOST_CHOICES]
    choices = tuple(Choice(f"互助{one.number} {one.words[:20]}", f"我来帮互助{one.number}") for one in others)
    if not lines and not choices:
        return say(texts.NONE)
    text = "\n".join([*lines, *([texts.LIST] if choices else [])])
    return say(text, *choices, dialog=Dialog("pick", {}, choices, turn.now) if choices else "keep")


def _meant(turn: Turn, read: Read) -> Help:
    match = NUMBER.search(turn.said.text)
    community = turn.who.community or _home(turn, read).community
    found = read.help_numbered(community, int(match.group(1))) if match else None
    held = read.help_held(found.id) if found else None
    if held is None:
        raise Refused(texts.NO_SUCH)
    return held


def take(turn: Turn, read: Read) -> Outcome:
    """「我来帮互助3」: a neighbour of the micro-grid or who leads it, not of the same home."""
    found = _meant(turn, read)
    if found.asker == turn.who.id:
        raise Refused(texts.OWN)
    near = {home.micro_grid for home in turn.who.homes}
    near |= {*turn.who.scopes(Role.LEADER), *turn.who.scopes(Role.DEPUTY)}
    near |= {home.micro_grid} if (home := _where(turn, read)) else set()
    if found.micro_grid not in near:
        raise Refused(texts.NOT_NEAR)
    asker = read.person(found.asker)
    if asker and {one.household for one in asker.homes} & {one.household for one in turn.who.homes}:
        raise Refused(texts.FAMILY)
    if found.state != "open":
        raise Refused(texts.GONE)
    text = texts.TAKEN.format(number=found.number)
    return Outcome(replies=(Reply(text),), facts=(HelpTaken(found.id, turn.who.id),), dialog=None)


def release(turn: Turn, read: Read) -> Outcome:
    """「不帮了互助3」."""
    found = _meant(turn, read)
    if found.state != "taken" or found.helper != turn.who.id:
        raise Refused(texts.NO_SUCH)
    return Outcome(replies=(Reply(texts.RELEASED),), facts=(HelpReleased(found.id, turn.who.id),))


def write(turn: Turn, read: Read) -> Outcome:
    """「回互助3 我三点到楼下」, by either of the two."""
    found = _meant(turn, read)
    words = turn.inbound.text[turn.inbound.text.find(str(found.number)) + len(str(found.number)) :].strip(" ：:，,")
    if turn.who.id not in (found.asker, found.helper):
        raise Refused(texts.NO_SUCH)
    if found.state != "taken":
        raise Refused(texts.NOT_TAKEN)
    if len(words) < 2:
        raise Refused(texts.SAY_WHAT.format(number=found.number))
    return Outcome(replies=(Reply(texts.SENT),), facts=(HelpWritten(found.id, turn.who.id, words[:_WORDS]),))


def confirm(turn: Turn, read: Read) -> Outcome:
    """「互助3帮好了」: done when both have said so."""
    found = _meant(turn, read)
    if turn.who.id not in (found.asker, found.helper) or found.state != "taken":
        raise Refused(texts.NO_SUCH)
    if found.confirmed in (0, turn.who.id):
        facts = () if found.confirmed else (HelpConfirmed(found.id, turn.who.id),)
        return Outcome(replies=(Reply(texts.CONFIRMED),), facts=facts)
    done = HelpDone(found.id, found.community, found.asker, found.helper)
    text = texts.DONE.format(number=found.number)
    return Outcome(replies=(Reply(text),), facts=(done, TimersCleared(found.id, (TIMER,))))


def cancel(turn: Turn, read: Read) -> Outcome:
    """「取消互助3」, by who asked."""
    found = _meant(turn, read)
    if found.asker != turn.who.id or found.state not in ("open", "taken"):
        raise Refused(texts.NO_SUCH)
    facts = (HelpEnded(found.id, "cancelled"), TimersCleared(found.id, (TIMER,)))
    return Outcome(replies=(Reply(texts.CANCELLED.format(number=found.number)),), facts=facts)


def served(turn: Turn, read: Read) -> Outcome | None:
    """「已经借到了 不用了」: the only thing that was asked for is over; None where that is not clear."""
    open_ = [one for one in read.helps_of(turn.who.id) if one.asker == turn.who.id and one.state == "open"]
    if len(open_) != 1:
        return None
    facts = (HelpEnded(open_[0].id, "cancelled"), TimersCleared(open_[0].id, (TIMER,)))
    return Outcome(replies=(Reply(texts.CANCELLED.format(number=open_[0].number)),), facts=facts)


def join(turn: Turn, read: Read) -> Outcome:
    """「我愿意帮忙」: told when somebody of the micro-grid asks."""
    home = _home(turn, read)
    if read.is_helper(turn.who.id):
        return say(texts.JOINED_ALREADY)
    fact = HelperJoined(turn.who.id, home.micro_grid, True)
    return Outcome(replies=(Reply(texts.JOINED),), facts=(fact,))


def leave(turn: Turn, read: Read) -> Outcome:
    """「退出互助」."""
    return Outcome(replies=(Reply(texts.LEFT),), facts=(HelperJoined(turn.who.id, 0, False),))
