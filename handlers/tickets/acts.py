"""The one entry for whatever people do to a ticket: chat, card, console click and API all come through `act`.

A pure function: the table of rules.py says who may do it in which state and what it needs; the act's own
function adds the rules of domain.md §2.3 and gives the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets import acts_pass, acts_reporter, acts_time, acts_work, reach, said
from handlers.tickets.doing import Args, Doing, Missing, refusal, wrong_state
from handlers.tickets.rules import MOVES, NEEDS, WHO, Action
from handlers.types import Outcome, Person

ACTS: Mapping[Action, Callable[[Doing], Outcome]] = {
    Action.ACCEPT: acts_work.accept,
    Action.VISIT: acts_work.visit,
    Action.SOLVE: acts_work.solve,
    Action.REPLY: acts_work.reply,
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
}


def act(
    action: Action, ticket: Ticket, args: Args, who: Person, now: datetime, policy: Policy, read: Read
) -> Outcome:
    """What should happen: replies for `who`, facts. Raises Missing for what is not given, else Refused, both with
    the sentence for the person; a refusal carries the AccessRefused fact for the log.
    """
    parts = reach.parts(who, ticket, read)
    if not parts & WHO[action]:
        text = said.NOT_YOUR_PART.format(action=action) if parts else said.NOT_YOUR_GRID
        raise refusal(text, ticket.id, who.id, action, "role")
    if (ticket.status, action) not in MOVES:
        raise wrong_state(ticket, action, who, parts)
    doing = Doing(action, ticket, args, who, parts, now, policy, read)
    check = _BEFORE.get(action)
    if check:
        check(doing)
    for field in NEEDS[action]:
        if not getattr(args, field):
            raise Missing(said.NEEDED[action, field], field)
    return ACTS[action](doing)


# what is said before anything is asked for: nobody types a reason for what cannot be done
_BEFORE: Mapping[Action, Callable[[Doing], None]] = {
    Action.RETURN: acts_pass.may_return,
    Action.EXTEND: acts_time.may_extend,
    Action.REOPEN: acts_reporter.may_reopen,
}
