"""A task leaves its owner or its limit: hand back, transfer, extend, escalate (domain.md §2.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import texts
from handlers.tickets.clock import working_minutes
from handlers.tickets.facts import ExtensionAsked, ReturnAsked, TicketDispatched, TimersCleared, TimerSet
from handlers.tickets.opening import ladder, limits
from handlers.tickets.rules import Action, Status
from handlers.tickets.tasks import LADDER, task
from handlers.types import Fact, Outcome, Refused, Reply, Turn, say


def hand_back(turn: Turn, read: Read) -> Outcome:
    """退单: reason, within one working day of the dispatch, not when designated (domain.md §2.3)."""
    found = task(turn, read, Action.RETURN, "退单")
    if isinstance(found, Outcome):
        return found
    if found.designated:
        raise Refused(f"{found.short}是社区指定您办的，不能再退。需要帮忙请说「上报」。")
    start = found.dispatched or found.opened
    limit = turn.policy.return_within_work_minutes
    if working_minutes(start, turn.now, read.calendar()) > limit:
        raise Refused(f"{found.short}派单已超过1个工作日，不能退单了。需要帮忙请说「上报」。")
    if not turn.said.reason:
        return _ask_reason(turn, "退单", found, texts.NEED_REASON)
    fact = ReturnAsked(found.id, turn.who.id, turn.said.reason)
    text = f"{found.short}退单已报社区。社区定下来以前，还请您先照看。"
    return Outcome(replies=(Reply(text),), facts=(fact, TimersCleared(found.id, LADDER)), dialog=None)


def _ask_reason(turn: Turn, command: str, ticket: Ticket, text: str) -> Outcome:
    return say(text, dialog=forms.ask(turn, "reason", {"command": command, "ticket": ticket.id}))


def resume_reason(turn: Turn, read: Read, again: Callable[[str], Turn]) -> Outcome | None:
    """The reason alone: the command is said again with it."""
    assert turn.dialog is not None
    ticket = read.ticket(turn.dialog.answers["ticket"])
    words = turn.inbound.text.strip()
    if ticket is None or not words or turn.said.intent == "staff_ops":
        return None
    full = again(f"{turn.dialog.answers['command']} {ticket.short} {words}")
    command = {"退单": hand_back, "延期": extend, "转给": transfer}[turn.dialog.answers["command"]]
    return command(replace(full, said=replace(full.said, reason=full.said.reason or words)), read)


def transfer(turn: Turn, read: Read) -> Outcome:
    """转给 the deputy or another leader of the same micro-grid; anybody else is the desk's to choose."""
    found = task(turn, read, Action.TRANSFER, "转给")
    if isinstance(found, Outcome):
        return found
    name = turn.said.reason
    if not name:
        return _ask_reason(turn, "转给", found, texts.NEED_NAME)
    duty = read.duty_of(found.micro_grid)
    team = [p for p in (read.person(i) for i in (duty.leader, duty.deputy) if i and i != turn.who.id) if p]
    chosen = [p for p in team if (p.name and p.name in name) or any(w in name for w in ("副", "搭档"))]
    if len(chosen) != 1:
        names = "、".join(p.name for p in team) or "没有别人"
        raise Refused(f"只能转给本微网格的人（{names}）。要转别的单位，请说「退单」或「上报」加原因。")
    return Outcome(
        replies=(Reply(f"{found.short}已转给{chosen[0].name}。"),),
        facts=redispatch(turn, read, found, chosen[0].id, "transfer", name),
        dialog=None,
    )


def redispatch(
    turn: Turn, read: Read, ticket: Ticket, owner: int, why: str, reason: str = "", designated: bool = False
) -> tuple[Fact, ...]:
    """A new owner with a new accept limit and a new ladder; the promise to the resident does not move."""
    calendar = read.calendar()
    promised = limits(ticket.level, turn.now, calendar)
    status = Status.TO_ACCEPT if owner else Status.TO_DISPATCH
    sent = TicketDispatched(ticket.id, owner, turn.who.id, why, status, designated, promised.accept_by, reason)
    if owner:
        return (sent, *ladder(ticket.id, ticket.level, turn.now, turn.policy, calendar))
    return (sent, TimersCleared(ticket.id, LADDER), TimerSet(ticket.id, "remind", promised.accept_by))


def extend(turn: Turn, read: Read) -> Outcome:
    """延期: before expiry, with date and reason, once, no longer than the original limit (§2.3)."""
    found = task(turn, read, Action.EXTEND, "延期")
    if isinstance(found, Outcome):
        return found
    if found.due is None or turn.now >= found.due:
        raise Refused(f"{found.short}已经到期，不能申请延期了。请尽快办，或说「上报」。")
    if found.extended:
        raise Refused(f"{found.short}已经延过一次，不能再延。请尽快办，或说「上报」。")
    until = turn.said.until
    if until is None or not turn.said.reason:
        return _ask_reason(turn, "延期", found, texts.NEED_UNTIL)
    latest = found.due + (found.due - found.opened)
    if until <= found.due:
        raise Refused(f"{found.short}本来就到{texts.when(found.due, turn.now)}，新日期要更晚。")
    if until > latest:
        raise Refused(f"最多延到{texts.when(latest, turn.now)}。请换个日期。")
    fact = ExtensionAsked(found.id, turn.who.id, until, turn.said.reason)
    text = f"{found.short}延期申请已报社区：延到{texts.when(until, turn.now)}。批准前仍按原时限。"
    return Outcome(replies=(Reply(text),), facts=(fact,), dialog=None)


def escalate(turn: Turn, read: Read) -> Outcome:
    """上报/求助: up to the community, which names who does it."""
    found = task(turn, read, Action.ESCALATE, "上报")
    if isinstance(found, Outcome):
        return found
    facts = redispatch(turn, read, found, 0, "escalated", turn.said.reason)
    return Outcome(replies=(Reply(f"{found.short}已上报社区，社区会安排。"),), facts=facts, dialog=None)
