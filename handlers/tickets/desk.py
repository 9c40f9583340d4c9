"""The community desk answers by chat: dispatch, decide returns and extensions, reply to the resident."""

from __future__ import annotations

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import texts
from handlers.tickets.facts import DeskReplied, ExtensionDecided, ReturnDecided, TimerSet
from handlers.tickets.handover import redispatch
from handlers.tickets.rules import OPEN, Action, Status, move
from handlers.tickets.tasks import PICK, may_act
from handlers.types import Choice, Fact, Outcome, Person, Refused, Reply, Role, Turn, say


def _only(turn: Turn, read: Read, wanted: frozenset[Status], command: str) -> Ticket | Outcome:
    """The ticket of the desk's community a command means; several are asked about."""
    if turn.said.tickets:
        found = [t for t in read.tickets_numbered(turn.said.tickets[0]) if may_act(turn.who, t)]
        if not found:
            raise Refused(texts.NO_SUCH_TASK.format(number=turn.said.tickets[0]))
        return found[0]
    fits = [t for community in turn.who.scopes(Role.DESK) for t in read.desk_tasks(community) if t.status in wanted]
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise Refused(texts.NO_DESK_TASKS)
    tail = f" {turn.said.reason}" if turn.said.reason else ""
    choices = tuple(
        Choice(f"{t.short} {t.summary}（{t.place.label}）", f"{command} {t.short}{tail}") for t in fits[:9]
    )
    return Outcome(replies=(Reply(texts.WHICH_TASK, choices),), dialog=forms.ask(turn, PICK, {}, *choices))


def dispatch(turn: Turn, read: Read) -> Outcome:
    """派给 somebody with a post in the community. After the policy's dispatches it is a designation."""
    waits = frozenset({Status.WAITING, Status.TO_DISPATCH, Status.RETURN_ASKED})
    found = _only(turn, read, waits, "派给")
    if isinstance(found, Outcome):
        return found
    name = turn.said.reason
    if not name:
        raise Refused("派给谁？比如「派给 0017 张伟」。")
    chosen = _called(read, found, name)
    if len(chosen) > 1:
        choices = tuple(Choice(p.name, f"派给 {found.short} {p.name}") for p in chosen[:5])
        return Outcome(
            replies=(Reply(f"有{len(chosen)}位，派给哪一位？", choices),),
            dialog=forms.ask(turn, PICK, {}, *choices),
        )
    if not chosen:
        raise Refused(f"本社区没有找到「{name[:12]}」。请写全名。")
    if chosen[0].id == found.owner and found.status is Status.RETURN_ASKED:
        raise Refused("退单不能派回原来的人。不同意退单，请说「不同意」加原因。")
    move(found.status, Action.DISPATCH)
    final = found.dispatches + 1 >= turn.policy.dispatches_max
    facts: tuple[Fact, ...] = ()
    if found.status is Status.RETURN_ASKED:
        facts += (ReturnDecided(found.id, turn.who.id, True, Status.TO_DISPATCH),)
    facts += redispatch(turn, read, found, chosen[0].id, "desk", turn.said.reason, designated=final)
    note = "这是第三次派单，已指定，不能再退。" if final else ""
    return Outcome(replies=(Reply(f"{found.short}已派给{chosen[0].name}。{note}"),), facts=facts, dialog=None)


def _called(read: Read, ticket: Ticket, name: str) -> tuple[Person, ...]:
    """By name, or by post: 微网格长, 副微网格长 of the ticket's own micro-grid."""
    if "网格长" in name and ticket.micro_grid:
        duty = read.duty_of(ticket.micro_grid)
        person = read.person(duty.deputy if "副" in name else duty.leader)
        return (person,) if person else ()
    return read.person_named(ticket.community, name)


def agree(turn: Turn, read: Read) -> Outcome:
    return _decide(turn, read, True)


def disagree(turn: Turn, read: Read) -> Outcome:
    return _decide(turn, read, False)


def _decide(turn: Turn, read: Read, agreed: bool) -> Outcome:
    """同意 / 不同意 a return or an extension; the words are the reason."""
    waits = frozenset({Status.RETURN_ASKED, Status.EXTENSION_ASKED})
    found = _only(turn, read, waits, "同意" if agreed else "不同意")
    if isinstance(found, Outcome):
        return found
    if found.community not in turn.who.scopes(Role.DESK):
        return Outcome(replies=(Reply(texts.NOT_YOUR_GRID),))
    if found.owner == turn.who.id:
        raise Refused("自己的申请不能自己批，请另一位同事来。")
    if found.status is Status.EXTENSION_ASKED:
        return _extension(turn, found, agreed)
    if found.status is not Status.RETURN_ASKED:
        raise Refused(texts.wrong_state(found, "审批"))
    if agreed:
        facts: tuple[Fact, ...] = (ReturnDecided(found.id, turn.who.id, True, Status.TO_DISPATCH, turn.said.reason),)
        facts += redispatch(turn, read, found, 0, "returned", turn.said.reason)
        text = f"{found.short}同意退单。派给谁？说「派给 {found.short} 姓名」。"
    else:
        status = move(Status.RETURN_ASKED, Action.REFUSE_RETURN)
        facts = (ReturnDecided(found.id, turn.who.id, False, status, turn.said.reason),)
        text = f"{found.short}不同意退单，已告诉承办人继续办。"
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)


def _extension(turn: Turn, ticket: Ticket, agreed: bool) -> Outcome:
    until = ticket.extension_until if agreed and ticket.extension_until else ticket.due
    assert until is not None
    facts: tuple[Fact, ...] = (ExtensionDecided(ticket.id, turn.who.id, agreed, until, turn.said.reason),)
    if agreed:
        facts += (TimerSet(ticket.id, "overdue", until),)
    word = f"同意延到{texts.when(until, turn.now)}" if agreed else "不同意延期"
    return Outcome(replies=(Reply(f"{ticket.short}{word}，已通知。"),), facts=facts, dialog=None)


def reply(turn: Turn, read: Read) -> Outcome:
    """回复 the reporter in the community's words; a question stays open until 办结."""
    found = _only(turn, read, OPEN, "回复")
    if isinstance(found, Outcome):
        return found
    if not turn.said.reason:
        raise Refused(texts.NEED_WORDS)
    fact = DeskReplied(found.id, turn.who.id, turn.said.reason)
    return Outcome(replies=(Reply(f"已回复报事人（{found.short}）。"),), facts=(fact,), dialog=None)


def help_(turn: Turn, read: Read) -> Outcome:
    return say(texts.DESK_HELP if turn.who.holds(Role.DESK) else texts.STAFF_HELP)
