"""An order from a click, a card or another system as an Outcome: the act's facts and who is told of them.

Run it through the one door: `turns.run(lambda read: acting.order(...), now, via="console", actor=person)`.
"""

from __future__ import annotations

from datetime import datetime

from handlers import after
from handlers.policy import Policy
from handlers.read import Read
from handlers.tickets import said
from handlers.tickets.acts import act
from handlers.tickets.doing import Args, Missing, refusal
from handlers.tickets.facts import AccessRefused
from handlers.tickets.rules import Action
from handlers.types import Outcome, Refused, Reply


def order(action: str, ticket: int, args: Args, actor: int, now: datetime, policy: Policy, read: Read) -> Outcome:
    """`action`: a name or a word of rules.Action ("ACCEPT", "接单"); `ticket`, `actor`: ids. Never raises for what
    people do: a refusal is the reply, its fact AccessRefused(why=role|state|rule|repeat|unknown|missing).
    """
    who, found, meant = read.person(actor), read.ticket(ticket), _action(action)
    try:
        if who is None:
            raise refusal(said.NOBODY, ticket, actor, action[:16], "role")
        if meant is None:
            raise refusal(said.NO_SUCH_ACT.format(action=action[:16]), ticket, actor, action[:16], "unknown")
        if found is None:
            raise refusal(said.NO_SUCH_TICKET, ticket, actor, meant, "unknown")
        out = act(meant, found, args, who, now, policy, read)
    except Missing as missing:
        fact = AccessRefused(ticket, actor, action[:16], "missing")
        return Outcome(replies=(Reply(str(missing)),), facts=(fact,))
    except Refused as no:
        return Outcome(replies=(Reply(str(no)),), facts=no.facts)
    return after.settled(out, actor, now, policy, read)


def _action(name: str) -> Action | None:
    return Action.__members__.get(name) or next((action for action in Action if action == name), None)
