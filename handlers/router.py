"""One message to one handler. The core's front door: danger first, then the dialog, then the tables of routes.py."""

from __future__ import annotations

from collections.abc import Callable

import nlp
from handlers import after, behind, forms, manner, pinned, pressed, texts
from handlers.activities import arrive, captain, door, hours, leave, manage, opening, record, signup, stars
from handlers.activities.find import SEEN
from handlers.announcements import chat as announcing
from handlers.announcements import door as announced
from handlers.announcements import mine as notices
from handlers.knowledge import answers as knowledge
from handlers.knowledge import desk as knowledge_desk
from handlers.learning import correct
from handlers.meaning import again, context, in_own_grid, numbered
from handlers.mutual import asking as helping
from handlers.mutual import door as mutual
from handlers.organisations import find as organisations
from handlers.points import appeal, level, shop
from handlers.read import Read
from handlers.repair import (
    MISREAD,
    QUIET_DIALOGS,
    after_misread,
    beside,
    kept,
    leans_to_a_report,
    misread,
    resident_reading,
)
from handlers.residents import homes, privacy, welcome
from handlers.routes import DESK_ROUTES, MENU_KEYS, STAFF_ROUTES, Handler, handler_of, resume_desk
from handlers.taught import with_example
from handlers.tickets import answer, chat, desk, handover, human, mine, orders, reached, report, sos, takeover, work
from handlers.tickets.doing import refusal
from handlers.tickets.report_ask import FORM as REPORT
from handlers.tickets.said import NOT_YOUR_GRID
from handlers.types import Outcome, Refused, Reply, Role, Turn, say
from nlp.quick import replace

Resume = Callable[[Turn, Read], Outcome | None]


FORMS: dict[str, Resume] = {
    knowledge.GIVEN: knowledge.resume_given,
    knowledge.WHICH: knowledge.resume_which,
    knowledge.WHERE: knowledge.resume_where,
    REPORT: report.resume,
    sos.FORM: sos.resume,
    "desk": resume_desk,
    "add": mine.resume_add,
    "place": mine.resume_place,
    answer.UNSOLVED: answer.resume_unsolved,
    answer.RATING: answer.resume_rating,
    homes.BIND: homes.resume,
    homes.UNBIND: homes.resume_unbind,
    privacy.ERASE: privacy.resume_erase,
    SEEN: door.shown,
    signup.FORM: signup.resume,
    leave.FORM: leave.resume,
    opening.FORM: opening.resume,
    manage.CANCEL: manage.resume_off,
    record.FORM: record.resume,
    hours.NAME: hours.resume,
    stars.FORM: stars.resume,
    captain.FORM: captain.resume,
    shop.FORM: shop.resume,
    helping.FORM: helping.resume,
    appeal.FORM: appeal.resume,
    level.FORM: level.resume,
    announcing.FORM: announcing.resume,
    notices.LIST: notices.resume,
}
_OF_DESKS = {route.action for route in DESK_ROUTES} - {route.action for route in STAFF_ROUTES}
_BACK: dict[str, Handler] = {REPORT: report.back}
_SKIP: dict[str, Handler] = {REPORT: report.skip, homes.BIND: homes.skip, leave.FORM: leave.skip}
_SKIP_ANSWERS = (answer.RATING, answer.UNSOLVED)  # skipping is an answer there


def decide(turn: Turn, read: Read) -> Outcome:
    """What should happen about one message: replies, facts, pushes, the dialog afterwards."""
    old = turn.dialog is not None and forms.stale(turn.dialog, turn.now, turn.policy.dialog_hours)
    if turn.dialog and (old or takeover.over(turn.dialog, turn.now)):
        out = _guarded(turn := replace(turn, dialog=None), read)
        out = replace(out, dialog=None) if out.dialog == "keep" else out
    else:
        turn = behind.chosen(turn)
        out = behind.settled(turn, takeover.undisturbed(turn, _guarded(turn, read)))
    out = welcome.with_notice(turn, manner.softened(turn, out))
    return after.settled(out, turn.who.id, turn.now, turn.policy, read)


def _guarded(turn: Turn, read: Read) -> Outcome:
    try:
        return _message(turn, read)
    except Refused as no:
        return Outcome(replies=(Reply(str(no)),), facts=no.facts)


def _message(turn: Turn, read: Read) -> Outcome:
    event = turn.inbound.event
    if event:
        return _event(turn, read)
    if told := announced.first(turn, read):
        return told
    if (said := nlp.within(turn.said, context(turn))) is not turn.said:
        turn = replace(turn, said=said)
    turn = homes.remembered(numbered(in_own_grid(turn, read), read))
    if turn.said.urgency == "emergency" and not _staff_command(turn):
        return _danger(turn, read)
    if talked := takeover.heard(turn, read):
        return talked
    if not turn.said.text and not turn.inbound.media and not turn.inbound.pin:
        return misread(turn, read)
    if turn.who.posts and (ordered := orders.take(turn, read)):
        return beside(turn, with_example(turn, read, ordered))
    if appealed := mine.appeal(turn, read):
        return appealed
    if asked := announced.wanted(turn, read):
        return kept(turn, asked)
    if everywhere := _everywhere(turn, read) or pinned.unclear(turn, read):
        return everywhere
    if turn.dialog and turn.who.holds(Role.DESK) and (corrected := correct.command(turn, read)):
        return beside(turn, corrected)
    if turn.dialog and (resumed := _resumed(turn, read)):
        return resumed
    if here := arrive.by_place(turn, read):
        return here
    if (turn.inbound.media or turn.inbound.pin) and not _staff_command(turn):
        return _without_words(turn, read)
    found = organisations.wanted(turn, read) or mutual.wanted(turn, read) or door.wanted(turn, read)
    return beside(turn, found or _routed(turn, read))


def _event(turn: Turn, read: Read) -> Outcome:
    match turn.inbound.event:
        case "follow":
            return welcome.follow(turn, read)
        case "scan":
            return door.scanned(turn, read) or welcome.scan(turn, read)
        case "unfollow":
            return welcome.unfollow(turn, read)
        case "press":
            ready = pressed.meant(turn, read)
            if isinstance(ready, Outcome):
                return ready
            if turn.said.urgency == "emergency" and not turn.who.posts:
                return _danger(turn, read)  # what a reporter adds may be danger
            return _routed(ready, read)
        case "menu":
            handler = MENU_KEYS.get(turn.inbound.event_key)
            return handler(turn, read) if handler else welcome.menu(turn, read)
        case _:
            return Outcome()


def _staff_command(turn: Turn) -> bool:
    return bool(turn.who.posts) and turn.said.intent == "staff_ops"


def _danger(turn: Turn, read: Read) -> Outcome:
    """Danger goes before everything; more words about the same danger go to the same ticket."""
    if turn.dialog and turn.dialog.form == sos.FORM:
        resumed = sos.resume(turn, read)
        if resumed:
            return resumed
    return takeover.broken_off(turn, sos.start(turn, read))


def _everywhere(turn: Turn, read: Read) -> Outcome | None:
    """取消 上一步 跳过 菜单 转人工, in any conversation."""
    if turn.said.intent != "account_privacy":
        return None
    form = turn.dialog.form if turn.dialog else ""
    match turn.said.action:
        case "cancel" if form and form not in QUIET_DIALOGS:
            return say(texts.CANCELLED, dialog=None)
        case "back" if form in _BACK:
            return _BACK[form](turn, read)
        case "back" if form and form not in QUIET_DIALOGS:
            return say(texts.CANCELLED, dialog=None)
        case "skip" if form in _SKIP:
            return _SKIP[form](turn, read)
        case "skip" if form in _SKIP_ANSWERS:
            return FORMS[form](turn, read)
        case "human" if form != MISREAD:
            return human.human(turn, read)
        case "menu" if turn.who.posts:
            return desk.help_(turn, read)
        case "menu":
            return kept(turn, welcome.menu(turn, read))
        case "anonymous" if not form:
            return mine.hide_name(turn, read)
    return None


def _resumed(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    if turn.dialog.form == chat.MISSING:
        return handover.resume_missing(turn, read, lambda words: again(turn, words))
    if turn.dialog.form == human.VOICE:
        return _after_voice(turn, read)
    if turn.dialog.form == MISREAD:
        return after_misread(turn, read, again, _routed)
    resume = FORMS.get(turn.dialog.form)
    return resume(turn, read) if resume else None


def _after_voice(turn: Turn, read: Read) -> Outcome | None:
    """Words after a voice: a report like any other, with the voice in it; the voice's own ticket ends."""
    assert turn.dialog is not None
    if turn.inbound.media:
        return human.voice(turn, read) if turn.inbound.media[0].kind == "voice" else None
    if turn.said.intent not in ("report_issue", "complaint_service") or not turn.said.category:
        return None
    return report.start_after_voice(turn, read)


def _without_words(turn: Turn, read: Read) -> Outcome:
    """A photo, voice or pin outside a conversation: to the ticket just made, a task, or a new report."""
    if turn.who.posts and (done := work.photo(turn, read)):
        return done
    if recent := mine.attach_recent(turn, read) or reached.shown(turn, read):
        return recent
    if any(m.kind == "voice" for m in turn.inbound.media) and not turn.said.text:
        return human.voice(turn, read)
    return report.start(turn, read)


def _routed(turn: Turn, read: Read) -> Outcome:
    said = turn.said
    staff = bool(turn.who.posts)
    desk = staff and turn.who.holds(Role.DESK, Role.STREET, Role.GRID)
    if staff and not desk and said.intent == "staff_ops" and said.action in _OF_DESKS:
        raise refusal(NOT_YOUR_GRID if said.tickets else texts.DESK_ONLY, 0, turn.who.id, said.action, "role")
    if turn.who.holds(Role.DESK) and (done := knowledge_desk.command(turn, read) or correct.command(turn, read)):
        return done
    if handler := handler_of(said.intent, said.action, staff, desk):
        return handler(turn, read)
    if said.intent == "staff_ops":
        return resident_reading(turn, read)
    if said.category and leans_to_a_report(said):
        return report.start(turn, read)
    return reached.answered(turn, read) or misread(turn, read)
