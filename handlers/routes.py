"""Which words go to which handler: the tables, to be read and printed. First match wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from handlers import forms, texts
from handlers.activities import arrive, browse
from handlers.knowledge import answers
from handlers.mutual import asking as helping
from handlers.points import appeal, cases, checks, level, months, review, shop
from handlers.points import mine as points
from handlers.read import Read
from handlers.residents import claim, homes, prefer, privacy, welcome
from handlers.tickets import answer, desk, handover, human, mine, report, unclear, work
from handlers.tickets.facts import AccessRefused
from handlers.types import Choice, Outcome, Reply, Role, Turn, say

Handler = Callable[[Turn, Read], Outcome]
_DESK_WORDS = 300


@dataclass(frozen=True, slots=True)
class Route:
    """`action` "" takes every action of the intent."""

    intent: str
    action: str
    handler: Handler


def _words(text: str, *choices: Choice) -> Handler:
    return lambda turn, read: say(text, *choices)


def _chat(turn: Turn, read: Read) -> Outcome:
    """A 「好」 with nothing to agree to is no request."""
    if turn.said.number is not None and (asked := unclear.about_a_task(turn, read)):
        return asked
    if not turn.said.yes and turn.said.action != "fine":
        return say(texts.CHAT)
    return unclear.agreed(turn, read) or say(texts.FINE)


def _only_digits(turn: Turn, read: Read) -> Outcome:
    """A bare number: of a matter, a telephone, or only a test."""
    if turn.said.tickets:
        return mine.progress(turn, read)
    return privacy.phone(turn, read) if turn.said.phone else say(texts.TEST)


def _refused(text: str, action: str) -> Handler:
    """Asked for what nobody may have: one calm sentence, and a fact for the log."""
    return lambda turn, read: Outcome(replies=(Reply(text),), facts=(AccessRefused(0, turn.who.id, action),))


def _to_desk(turn: Turn, read: Read) -> Outcome:
    """What nobody can do here by chat: offered to the community."""
    if turn.who.holds(Role.DESK):
        return say(texts.NOT_YET_DESK)  # nobody hands to himself
    category = turn.said.category or "1407"
    words = turn.inbound.text.strip()
    if turn.dialog and turn.dialog.form == "desk":
        words = f"{turn.dialog.answers['words']}；{words}"[:_DESK_WORDS]  # more about the same
        category = turn.dialog.answers["category"]
    dialog = forms.ask(turn, "desk", {"words": words, "category": category}, texts.TO_DESK, texts.NO_NEED)
    text = texts.NOT_YET if words == turn.inbound.text.strip() else texts.NOT_YET_MORE
    return Outcome(replies=(Reply(text, (texts.TO_DESK, texts.NO_NEED)),), dialog=dialog)


def resume_desk(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    index = forms.picked(turn)
    if index == 0 or turn.said.yes:
        words, category = turn.dialog.answers["words"], turn.dialog.answers["category"]
        return report.submit_to_desk(turn, read, words, category)
    if index == 1 or turn.said.yes is False or forms.never_mind(turn):
        return say("好的。有事随时说。", dialog=None)
    return _to_desk(turn, read) if turn.said.text and not turn.said.intent else None


def _finish(turn: Turn, read: Read) -> Outcome:
    """「解决了」 of a leader whose own report waits for that very answer is the answer."""
    own = turn.inbound.text.strip(" 。!！") == "解决了" and answer.waiting(turn, read) is not None
    return answer.solved(turn, read) if own else work.finish(turn, read)


STAFF_ROUTES = (
    Route("staff_ops", "accept", work.accept),
    Route("staff_ops", "arrive", work.visit),
    Route("staff_ops", "finish", _finish),
    Route("staff_ops", "hand_back", handover.hand_back),
    Route("staff_ops", "transfer", handover.transfer),
    Route("staff_ops", "dispatch", handover.transfer),  # 「派给 老冯」 of who is no desk: within his own team
    Route("staff_ops", "extend", handover.extend),
    Route("staff_ops", "no_answer", work.no_answer),
    Route("staff_ops", "reply", work.reply),
    Route("staff_ops", "escalate", handover.escalate),
    Route("staff_ops", "todo", work.todo),
    Route("staff_ops", "help", desk.help_),
)

DESK_ROUTES = (
    Route("staff_ops", "award", review.award),
    Route("staff_ops", "deduct", review.deduct),
    Route("staff_ops", "points_agree", cases.agree),
    Route("staff_ops", "points_refuse", cases.refuse),
    Route("staff_ops", "points_waiting", cases.waiting),
    Route("staff_ops", "freeze", review.freeze),
    Route("staff_ops", "unfreeze", review.unfreeze),
    Route("staff_ops", "collect", shop.collect),
    Route("staff_ops", "duty", checks.duty),
    Route("staff_ops", "agree", desk.agree),
    Route("staff_ops", "disagree", desk.disagree),
    Route("staff_ops", "dispatch", desk.dispatch),
)

ROUTES = (
    Route("query_progress", "", mine.progress),
    Route("urge_reopen_rate", "urge", mine.urge),
    Route("urge_reopen_rate", "solved", answer.solved),
    Route("urge_reopen_rate", "unsolved", answer.unsolved),
    Route("urge_reopen_rate", "rate", answer.rate),
    Route("urge_reopen_rate", "withdraw", mine.withdraw),
    Route("urge_reopen_rate", "add", mine.add),
    Route("urge_reopen_rate", "place", mine.correct_place),
    Route("account_privacy", "bind", homes.bind),
    Route("account_privacy", "homes", homes.homes),
    Route("account_privacy", "unbind", homes.unbind),
    Route("account_privacy", "move", homes.move),
    Route("account_privacy", "claim", claim.claim),
    Route("account_privacy", "prefer", prefer.prefer),
    Route("account_privacy", "erase", privacy.erase),
    Route("account_privacy", "export", privacy.export),
    Route("account_privacy", "privacy", privacy.privacy),
    Route("account_privacy", "anonymous", privacy.anonymous),
    Route("account_privacy", "named", privacy.named),
    Route("account_privacy", "phone", privacy.phone),
    Route("account_privacy", "menu", welcome.menu),
    Route("account_privacy", "human", human.human),
    Route("account_privacy", "cancel", _words(texts.NO_DIALOG)),
    Route("account_privacy", "back", _words(texts.NO_DIALOG)),
    Route("account_privacy", "skip", _words(texts.NOTHING_TO_SKIP)),
    Route("consult", "who_is_leader", welcome.who_leads),
    Route("report_issue", "", report.start),
    Route("emergency", "", report.start),  # looks urgent but is not: an ordinary report
    Route("complaint_service", "", report.start),
    Route("consult", "", answers.ask),
    Route("proposal_vote", "", _to_desk),
    Route("volunteer_activity", "", _to_desk),
    Route("points", "balance", points.balance),
    Route("points", "history", points.history),
    Route("points", "rules", points.rules),
    Route("points", "ranking", months.ranking),
    Route("points", "rank_on", points.rank_on),
    Route("points", "rank_off", points.rank_off),
    Route("points", "household", points.household),
    Route("points", "share_on", points.share_on),
    Route("points", "share_off", points.share_off),
    Route("points", "redeem", shop.redeem),
    Route("points", "redeemed", shop.mine),
    Route("points", "cancel", shop.cancel),
    Route("points", "proxy", shop.proxy),
    Route("points", "appeal", appeal.appeal),
    Route("points", "level", level.state),
    Route("points", "level_off", level.withdraw),
    Route("points", "", answers.ask),
    Route("mutual_help", "offer", helping.offer),
    Route("mutual_help", "", helping.ask),
    Route("smalltalk_invalid", "greet", _words(texts.GREET)),
    Route("smalltalk_invalid", "thanks", _words(texts.THANKS)),
    Route("smalltalk_invalid", "bye", _words(texts.BYE)),
    Route("smalltalk_invalid", "test", _only_digits),
    Route("smalltalk_invalid", "abuse", _words(texts.ABUSE)),
    Route("smalltalk_invalid", "advert", _words(texts.ADVERT)),
    Route("smalltalk_invalid", "injection", _refused(texts.INJECTION, "injection")),
    Route("smalltalk_invalid", "personal_data", _refused(texts.PERSONAL, "personal_data")),
    Route("smalltalk_invalid", "rumour", _words(texts.RUMOUR)),
    Route("smalltalk_invalid", "fine", _chat),
    Route("smalltalk_invalid", "robot", _words(texts.ROBOT, Choice("转人工"))),
    Route("smalltalk_invalid", "slowly", _words(texts.SLOWLY, Choice(texts.A_PERSON, "转人工"))),
    Route("smalltalk_invalid", "", _chat),
)


@lru_cache(1024)
def handler_of(intent: str, action: str, staff: bool, desk: bool) -> Handler | None:
    """Of the first row that takes it; the rows of who holds a post, or a desk, come before those of everybody."""
    rows = (*(DESK_ROUTES if desk else ()), *(STAFF_ROUTES if staff else ()), *ROUTES)
    return next((row.handler for row in rows if row.intent == intent and row.action in ("", action)), None)


MENU_KEYS = {
    "TODO": work.todo, "HELP": desk.help_,
    "REPORT": report.start, "MINE": mine.progress, "BIND": homes.bind, "HOMES": homes.homes, "HUMAN": human.human,
    "PRIVACY": privacy.privacy, "MENU": welcome.menu, "ACTIVITIES": browse.browse, "MY_ACTIVITIES": browse.mine,
    "CHECKIN": arrive.ask,
}  # fmt: skip
