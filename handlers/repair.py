"""Not understood, or answered in the middle of something: choices instead of guesses, nothing typed twice."""

from __future__ import annotations

from collections.abc import Callable

import nlp
from handlers import forms, texts
from handlers.activities import browse, door, opening
from handlers.knowledge import answers as knowledge
from handlers.read import Read
from handlers.residents import homes
from handlers.tickets import answer, categories, human, sos, unclear
from handlers.tickets.chat import MISSING
from handlers.tickets.report_ask import FORM as REPORT
from handlers.tickets.tasks import PHOTOS, PICK
from handlers.types import Choice, Outcome, Reply, Turn, say
from nlp.quick import replace
from nlp.understand import FOREIGN

Handler = Callable[[Turn, Read], Outcome]

QUIET_DIALOGS = (
    sos.FORM,
    human.VOICE,
    PHOTOS,
    knowledge.GIVEN,
    knowledge.WHICH,
    knowledge.WHERE,
)  # no 「刚才那件事还没报完」 after these
MISREAD = "misread"
_USUAL = ("report_issue/report", "query_progress/progress")
_PERSON = "account_privacy/human"
_OF_A_MATTER = ("urge_reopen_rate/solved", "urge_reopen_rate/unsolved")  # only where a matter waits for its answer
_EXACT = ("account_privacy", "urge_reopen_rate")  # no action of these stands for another
_REPORTING = ("report_issue", "complaint_service", "emergency")
_QUESTIONS = "14"  # categories of what is only asked (domain.md §2.7)
_LEANS = 0.33  # a report less likely is only offered
_LEANS_PLACED = 0.1  # who names the matter and the place reports; the summary is confirmed anyway
_ASKS = ("吗", "么", "?", "呢", "哪", "谁", "几点", "多少")
_LIKELY = 0.25  # a reading less likely is not asked about
_A_MATTER = 4  # letters from which words can be a matter of their own
_UNCLEAR = "没看明白。请点一个，或者换个说法。说「取消」就不办了。"


def misread(turn: Turn, read: Read) -> Outcome:
    """Not understood: two likely readings and a person to choose from, never a silent guess; the words are kept."""
    form = turn.dialog.form if turn.dialog else ""
    if form in ("", PICK, MISREAD, MISSING) and (asked := unclear.about_a_task(turn, read)):
        return asked
    if not form and (turn.said.yes or (turn.said.yes is False and not read.open_count(turn.who.id))):
        return say(texts.FINE)  # 「对」 「不用了」 with nothing asked
    if turn.dialog and form not in ("", MISREAD, *QUIET_DIALOGS) and turn.dialog.offered:
        return say(_UNCLEAR, *turn.dialog.offered)
    found, text = _likely(turn, read), texts.MISREAD
    if FOREIGN in turn.said.why:
        found, text = [_USUAL[0]], texts.FOREIGN
    words = turn.inbound.text.strip()
    if text == texts.FOREIGN and turn.dialog and form == MISREAD:
        words = f"{turn.dialog.answers.get('words', '')}; {words}"  # said on, before a choice
    choices = (*(Choice(_label(turn, one)) for one in found), Choice(texts.A_PERSON))
    answers = {
        "words": words[:300],
        "readings": [*found, _PERSON],
        "places": [forms.place_json(place) for place in turn.said.place.found],
    }
    return say(text, *choices, dialog=forms.ask(turn, MISREAD, answers, *choices))


def _likely(turn: Turn, read: Read) -> list[str]:
    """The two readings worth asking about: what is waited for, what the models hold likely, what most people want."""
    likely = [_nearest(intent, action) for intent, action, chance in turn.said.readings if chance >= _LIKELY]
    if _fault(turn):
        likely.insert(1, _USUAL[0])
    if read.open_count(turn.who.id):
        likely.insert(1, _USUAL[1])
    waits = answer.waiting(turn, read) is not None
    offered = (one for one in (*likely, *_USUAL) if one and (waits or one not in _OF_A_MATTER))
    return list(dict.fromkeys(offered))[:2]


def _nearest(intent: str, action: str) -> str:
    """The reading of the table that stands for an intent and action, "" where none may be offered."""
    exact = f"{intent}/{action}"
    if exact in texts.READINGS or intent in _EXACT:
        return exact if exact in texts.READINGS else ""
    return next((one for one in texts.READINGS if one.startswith(f"{intent}/")), "")


def _label(turn: Turn, reading: str) -> str:
    if reading == _USUAL[0] and _fault(turn):
        return texts.READING_CODE.format(name=categories.name(turn.said.category))
    return texts.READINGS[reading]


def _fault(turn: Turn) -> bool:
    """The words name a matter that can be reported, not only something to be asked."""
    return bool(turn.said.category) and not turn.said.category.startswith(_QUESTIONS)


def leans_to_a_report(said: nlp.Understanding) -> bool:
    """Not sure what is wanted, but the matter is named and a report is likely: it is shown to be confirmed."""
    report = [chance for intent, _, chance in said.readings if intent in _REPORTING]
    placed = bool(said.place.found or said.place.crowded) and not any(sign in said.text for sign in _ASKS)
    return not said.readings or max(report, default=0.0) >= (_LEANS_PLACED if placed else _LEANS)


def after_misread(turn: Turn, read: Read, again: Callable[[Turn, str], Turn], routed: Handler) -> Outcome | None:
    """A reading chosen after words not understood: those words are acted on with it, nobody types them twice.

    `again`: the turn as if other words had been written; `routed`: what a reading comes to, by the tables.
    """
    assert turn.dialog is not None
    readings, index = turn.dialog.answers.get("readings", []), forms.picked(turn)
    if index is not None and index < len(readings):
        reading = readings[index]
    elif turn.said.action == "human":
        reading = _PERSON
    elif turn.said.intent == "report_issue" and not turn.said.category:
        reading = _USUAL[0]  # 「我要报事」: the words before are the matter
    else:
        return None
    meant = replace(_meant(turn, again, reading), dialog=None)
    if reading.startswith("volunteer_activity/"):
        out = door.wanted(meant, read) or browse.browse(meant, read)
    else:
        out = routed(meant, read)
    return replace(out, dialog=None) if out.dialog == "keep" else out


def _meant(turn: Turn, again: Callable[[Turn, str], Turn], reading: str) -> Turn:
    """The kept words, read as the resident says they were meant, at the place they named."""
    assert turn.dialog is not None
    words = turn.dialog.answers.get("words", "")
    if reading == _USUAL[0] and len(words) < _A_MATTER:
        return again(turn, "我要报事")
    if not words:
        return again(turn, texts.A_PERSON if reading == _PERSON else texts.READINGS[reading])
    intent, _, action = reading.partition("/")
    said = nlp.understand(words, now=turn.now)
    places = [forms.place_from(one) for one in turn.dialog.answers.get("places", ())]
    where = replace(said.place, found=tuple(place for place in places if place))
    said = replace(said, intent=intent, action=action, place=where)
    return replace(turn, said=said, inbound=replace(turn.inbound, text=words))


def kept(turn: Turn, out: Outcome) -> Outcome:
    """Answered in the middle of a form: the form stays, and its question is asked again or the form mentioned."""
    if turn.dialog and turn.dialog.form == opening.FORM:
        return opening.stays(turn, out)
    if not turn.dialog or turn.dialog.form not in (REPORT, homes.BIND) or out.dialog != "keep" or not out.replies:
        return out
    *before, last = out.replies
    question = turn.dialog.answers.get(forms.LAST_QUESTION)
    if question == last.text:
        return replace(out, replies=(*before, Reply(question, turn.dialog.offered)))
    if question and "\n" not in question and not last.choices:
        return replace(out, replies=(*out.replies, Reply(question, turn.dialog.offered)))
    return replace(out, replies=(*before, replace(last, text=f"{last.text}\n{texts.KEPT_FORM}")))


def beside(turn: Turn, out: Outcome) -> Outcome:
    """An order about another matter, given in the middle of a form: no answer to what is asked, the form stays."""
    open_ = turn.dialog is not None and turn.dialog.form in (REPORT, homes.BIND)
    return kept(turn, replace(out, dialog="keep") if open_ and out.dialog is None else out)


def resident_reading(turn: Turn, read: Read) -> Outcome:
    """Staff words from somebody without a post: 「弄好了」 from a resident is 解决了 when one waits."""
    if answer.waiting(turn, read):
        if turn.said.action == "finish":
            return answer.solved(turn, read)
        if turn.said.action == "agree":
            return answer.solved(turn, read)
        if turn.said.action == "disagree":
            return answer.unsolved(turn, read)
    return misread(turn, read)
