"""Who is told of what happens along the chain (facts_chain), in words: the reporter always, and honestly."""

from __future__ import annotations

from handlers.tickets import facts_chain as f
from handlers.tickets import facts_undo as u
from handlers.tickets import reach, texts
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.listeners import Listeners
from handlers.tickets.rules import ROUTES
from handlers.types import Choice, Fact, Push


def about(fact: Fact, said: Listeners) -> list[Push]:
    """The pushes of one fact of the chain; none for a fact nobody has to hear of."""
    head, short = said.head, said.ticket.short
    match fact:
        case f.MoreAsked(words=words):
            return said.people(f"{head}：社区想再问一句：{words}\n说「补充」加内容就行。")
        case f.HangAsked(by=by, until=until, reason=reason):
            yes = Choice("同意挂账", f"挂账 {short} {until.astimezone(SHANGHAI):%-m月%-d日}复查 {reason}")
            when = texts.when(until, said.now)
            text = f"{said.there}：{said.name(by)}申请挂账，{when}复查，原因：{reason}"
            return said.desk(text, yes, Choice("不同意", f"不同意 {short}"))
        case f.HangRefused(words=words):
            return said.hands(f"{head}：不同意挂账，请继续办。{_why(words)}")
        case f.TicketHung(by=0, until=until):
            when = texts.when(until, said.now)
            hung = f"{said.there}：多次联系不上报事人，已挂账，{when}复查。可以请网格上门看看。"
            return said.desk(hung) + said.people(
                f"{head}：几次都联系不上您，先记着，{when}再看。您回一句话，马上接着办。"
            )
        case f.TicketHung(until=until, reason=reason):
            when = texts.when(until, said.now)
            return said.hands(f"{head}：同意挂账，{when}复查。") + said.people(
                f"{head}：现在还办不了（{reason}），先记着，{when}再看，到时告诉您。对不起，让您等。"
            )
        case f.TicketResumed(by=by):
            if by:
                back = said.hands(f"{head}：报事人回话了，请接着办。") if by == said.ticket.reporter else []
                return back + said.people(f"{head}：又接着办了。")
            told = said.hands(f"{said.there}：今天是复查日，请接着办，或说明情况。")
            told += [
                p for p in said.desk(f"{said.there}：今天复查，挂账已结束。") if p.to not in {t.to for t in told}
            ]
            return told + said.people(f"{head}：说好今天再看，现在接着办。")
        case u.SolveTakenBack(checking=checking):
            due = said.ticket.due
            left = f"，{texts.when(due, said.now)}前办好" if due and due > said.now else ""
            told = said.hands(f"{head}：办结撤回了，请接着办。")
            told += said.desk(f"{said.there}：承办人撤回了办结，先不用核查。") if checking else []
            return told + said.people(f"{head}：刚才说办好了，是弄错了，对不起。还在办{left}。")
        case f.TicketMerged(into=into):
            main = said.read.ticket(into)
            with_it = f"和{main.short}" if main else ""
            return said.people(f"{head}：{with_it}是同一件事，一起办。您的编号不变，办好单独告诉您。")
        case f.TicketUnmerged():
            return said.people(f"{head}：改为单独办，有进展告诉您。")
        case f.TicketRejected(route=route, words=words):
            return _rejected(route, words, said)
        case f.EndAsked(by=by, words=words):
            yes = Choice("同意终止", f"终止 {short} {words}")
            return said.desk(f"{said.there}：{said.name(by)}申请终止办理，原因：{words}", yes)
        case f.TicketAppealed(words=words):
            return said.desk(f"{said.there}：报事人补充了新情况：{words}")
        case f.LineCalled(line=line):
            return said.people(f"{head}：这件事请马上打{line}。社区也在跟进。", kind="alarm")
        case f.StateMoved(action="FOLLOW_UP"):
            return said.desk(f"{said.there}：已转专线，请跟进结果。")
        case f.TicketSubmitted(by=by, words=words):
            yes, no = Choice("核查通过", f"核查通过 {short}"), Choice("不通过", f"核查不通过 {short}")
            text = f"{said.there}：{said.name(by)}说办好了：{words}\n请核查。"
            return _checkers(text, said, yes, no) + said.people(f"{head}：说办好了，社区在核查。")
        case f.TicketChecked(passed=False, words=words):
            return said.hands(f"{head}：核查不通过，请重新办。{_why(words)}")
        case f.UnitJoined() | f.UnitArrived() | f.UnitLate() | f.UnitConcluded():
            return _with_unit(fact, said)
        case _:
            return []


def _rejected(route: str, words: str, said: Listeners) -> list[Push]:
    why = f"原因：{words}。" if words else ""
    if route in ROUTES:
        reason, where = ROUTES[route]
        text = f"{said.head}：这件事我们不能受理，因为{reason}。{where}。有新情况请说「新情况」加内容。"
    else:
        text = f"{said.head}：终止办理了。{why}有新情况请说「新情况」加内容。"
    owner = said.to((said.ticket.owner,), f"{said.head}：已终止，不用办了。") if said.ticket.owner else []
    return said.people(text) + owner


def _with_unit(fact: f.UnitJoined | f.UnitArrived | f.UnitLate | f.UnitConcluded, said: Listeners) -> list[Push]:
    unit = said.read.unit(fact.unit)
    name = unit.name if unit else "单位"
    ticket, short = said.ticket, said.ticket.short
    match fact:
        case f.UnitJoined(role="whistle", arrive_by=by):
            text = f"街道吹哨 {said.there}：请{texts.when(by, said.now)}前到场，到了说「签到 {short}」。"
            return said.to(said.read.unit_members(fact.unit), text, Choice("签到", f"签到 {short}"))
        case f.UnitJoined():
            text = f"请协办 {said.there}：办完或办不了，说「结论 {short}」加一句话。"
            return said.to(said.read.unit_members(fact.unit), text)
        case f.UnitArrived():
            return said.desk(f"{said.head}：{name}已到场签到。") + said.people(f"{said.head}：{name}已到现场。")
        case f.UnitLate():
            text = f"街道吹哨 {said.there}：到场时限已过，还没有签到。请马上到场，到了说「签到 {short}」。"
            told = said.to(said.read.unit_members(fact.unit), text, Choice("签到", f"签到 {short}"))
            return told + said.desk(f"{said.head}：{name}到时限还没有到场签到，已提醒。")
        case f.UnitConcluded(words=words):
            hands = set(reach.holding(ticket, said.read)) | set(reach.waits_with(ticket, said.read))
            return said.to(sorted(hands), f"{said.head}：{name}的结论：{words}")


def _checkers(text: str, said: Listeners, *choices: Choice) -> list[Push]:
    """Those who look at it: never the handler."""
    return [p for p in said.desk(text, *choices) if p.to != said.ticket.owner]


def _why(words: str) -> str:
    return f"原因：{words}" if words else ""
