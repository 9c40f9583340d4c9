"""The one entry for whatever people do to a ticket: chat, card, console click and API all come through `act`.

A pure function: the table of rules.py says who may do it in which state and what it needs; the act's own
function adds the rules of domain.md §2.3 and gives the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets import (
    acts_check,
    acts_end,
    acts_hang,
    acts_pass,
    acts_reporter,
    acts_street,
    acts_time,
    acts_undo,
    acts_wait,
    acts_work,
    reach,
    said,
    takeover,
)  # fmt: skip
from handlers.tickets.doing import Args, Doing, Missing, refusal, wrong_state
from handlers.tickets.rules import ROWS, WHO, Action, Move, Who
from handlers.types import Outcome, Person

ACTS: Mapping[Action, Callable[[Doing], Outcome]] = {
    Action.ACCEPT: acts_work.accept,
    Action.VISIT: acts_work.visit,
    Action.SOLVE: acts_work.solve,
    Action.TAKE_BACK: acts_undo.take_back,
    Action.REPLY: takeover.reply,
    Action.TAKE_OVER: takeover.begin,
    Action.HAND_OVER: takeover.end,
    Action.NOTE: takeover.note,
    Action.NO_ANSWER: acts_wait.no_answer,
    Action.RETURN: acts_pass.hand_back,
    Action.AGREE_RETURN: acts_pass.agree_return,
    Action.REFUSE_RETURN: acts_pass.refuse_return,
    Action.TRANSFER: acts_pass.transfer,
    Action.DISPATCH: acts_pass.dispatch,
    Action.ESCALATE: acts_pass.escalate,
    Action.EXTEND: acts_time.extend,
    Action.DECIDE_EXTENSION: acts_time.decide_extension,
    Action.CONFIRM: acts_reporter.confirm,
    Action.REOPEN: acts_reporter.reopen,
    Action.RATE: acts_reporter.rate,
    Action.WITHDRAW: acts_reporter.withdraw,
    Action.URGE: acts_reporter.urge,
    Action.ADD: acts_reporter.add,
    Action.TAKE_IN: acts_end.moved,
    Action.FOLLOW_UP: acts_end.moved,
    Action.ASK_MORE: acts_hang.ask_more,
    Action.ASK_HANG: acts_hang.ask_hang,
    Action.HANG: acts_hang.hang,
    Action.REFUSE_HANG: acts_hang.refuse_hang,
    Action.RESUME: acts_hang.resume,
    Action.PASS: acts_check.passed,
    Action.FAIL: acts_check.failed,
    Action.RECLASS: acts_check.reclass,
    Action.MERGE: acts_end.merge,
    Action.UNMERGE: acts_end.unmerge,
    Action.REJECT: acts_end.reject,
    Action.ASK_END: acts_end.ask_end,
    Action.END: acts_end.end,
    Action.APPEAL: acts_end.appeal,
    Action.HOTLINE: acts_end.hotline,
    Action.ASSIST: acts_street.assist,
    Action.WHISTLE: acts_street.whistle,
    Action.SIGN_IN: acts_street.sign_in,
    Action.CONCLUDE: acts_street.conclude,
    Action.RATE_UNIT: acts_street.rate_unit,
    Action.REFUSE_LIST: acts_street.refuse_list,
}
# what no order names: the clock's own, and 办结 where somebody looks first (SOLVE decides)
BY_ITSELF = frozenset({Action.SUBMIT, Action.CLOSE, Action.ARCHIVE})


def act(
    action: Action, ticket: Ticket, args: Args, who: Person, now: datetime, policy: Policy, read: Read
) -> Outcome:
    """What should happen: replies for `who`, facts. Raises Missing for what is not given, else Refused, both with
    the sentence for the person; a refusal carries the AccessRefused fact for the log.
    """
    parts = reach.parts(who, ticket, read)
    row = allowed(ticket, action, who, parts)
    if action is Action.RETURN and not args.basis:
        args = replace(args, basis=acts_pass.basis_in(args.words))
    doing = Doing(action, ticket, args, who, parts, now, policy, read)
    check = _BEFORE.get(action)
    if check:
        check(doing)
    for field in row.needs:
        if not args.gives(field):
            raise Missing(said.NEEDED[action, field], field)
    return ACTS[action](doing)


def allowed(ticket: Ticket, action: Action, who: Person, parts: frozenset[Who]) -> Move:
    """The row of the table that lets somebody do it now. Raises Refused with the words for every other cell."""
    row = ROWS.get((ticket.status, action))
    if not parts & WHO[action]:
        text = said.NOT_YOUR_PART.format(action=action) if parts else said.NOT_YOUR_GRID
        raise refusal(text, ticket.id, who.id, action, "role")
    if row is None or action not in ACTS:
        raise wrong_state(ticket, action, who, parts)
    if not parts & set(row.who):
        raise refusal(said.NOT_YOUR_PART.format(action=action), ticket.id, who.id, action, "role")
    return row


# what is said before anything is asked for: nobody types a reason for what cannot be done
_BEFORE: Mapping[Action, Callable[[Doing], None]] = {
    Action.NO_ANSWER: acts_wait.may_wait,
    Action.RETURN: acts_pass.may_return,
    Action.EXTEND: acts_time.may_extend,
    Action.REOPEN: acts_reporter.may_reopen,
    Action.TAKE_BACK: acts_undo.may_take_back,
}
