"""What can be done to one ticket on its page: the table of acts with the fields of their forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.read import Read, Ticket
from handlers.tickets import reach
from handlers.tickets.acts import ACTS
from handlers.tickets.rules import ROWS, Action, Who
from handlers.types import Person


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as its form offers it. `fields`: words until to units category into route line basis unit rating
    list_basis cost photos mentioned; `must`: those without which nothing can be done. `ask`: label of the words.
    """

    key: str
    name: str
    action: Action
    fields: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    ask: str = "说明"
    agreed: bool = True
    hint: str = ""


_A = Action
_SAY = ("words",)
OFFERS: tuple[Offer, ...] = (
    Offer("accept", "接单", _A.ACCEPT),
    Offer("take_in", "受理", _A.TAKE_IN),
    Offer("sign_in", "签到", _A.SIGN_IN),
    Offer("visit", "到场", _A.VISIT),
    Offer("pass", "核查通过", _A.PASS),
    Offer("fail", "核查不通过", _A.FAIL, _SAY, _SAY, "哪里不合格，好让承办人改"),
    Offer("agree_return", "同意退单", _A.AGREE_RETURN),
    Offer("refuse_return", "不同意退单", _A.REFUSE_RETURN, _SAY, (), "为什么不同意"),
    Offer("agree_extension", "同意延期", _A.DECIDE_EXTENSION),
    Offer("refuse_extension", "不同意延期", _A.DECIDE_EXTENSION, _SAY, (), "为什么不同意", agreed=False),
    Offer("hang", "挂账", _A.HANG, ("until", "words"), ("until", "words"), "为什么现在办不了（报事人看得到）",
          hint="到复查的日子自动恢复办理。"),
    Offer("refuse_hang", "不同意挂账", _A.REFUSE_HANG, _SAY, (), "为什么不同意"),
    Offer("follow_up", "跟进", _A.FOLLOW_UP),
    Offer("resume", "恢复办理", _A.RESUME),
    Offer("solve", "办结", _A.SOLVE, ("words", "photos"), _SAY, "怎么办好的（报事人看得到）"),
    Offer("take_back", "撤回办结", _A.TAKE_BACK, _SAY, (), "为什么撤回", hint="还没办好的，报事人会知道还在办。"),
    Offer("add", "办理情况", _A.ADD, ("words", "photos"), _SAY, "办到哪一步了（报事人看得到）"),
    Offer("conclude", "报结论", _A.CONCLUDE, _SAY, _SAY, "结论是什么，街道看得到"),
    Offer("dispatch", "派单", _A.DISPATCH, ("to", "words", "list_basis", "cost"), ("to",), "交代一句"),
    Offer("transfer", "转给", _A.TRANSFER, ("to", "words"), ("to",), "交代一句"),
    Offer("whistle", "吹哨", _A.WHISTLE, ("units",), ("units",), hint="第一个是主办，其余协同，都要到场签到。"),
    Offer("assist", "加协办", _A.ASSIST, ("units",), ("units",)),
    Offer("reclass", "改分类", _A.RECLASS, ("category",), ("category",), hint="按新的分类重新派单，时限从报事时算。"),
    Offer("extend", "申请延期", _A.EXTEND, ("until", "words"), ("until", "words"), "为什么要延"),
    Offer("ask_hang", "申请挂账", _A.ASK_HANG, ("until", "words"), ("until", "words"), "为什么现在办不了"),
    Offer("escalate", "上报", _A.ESCALATE, _SAY, (), "为什么上报"),
    Offer("return", "退单", _A.RETURN, ("basis", "words"), ("basis", "words"), "为什么退"),
    Offer("no_answer", "联系不上", _A.NO_ANSWER, _SAY, (), "怎么联系的"),
    Offer("ask_more", "请报事人补充", _A.ASK_MORE, _SAY, _SAY, "要补充什么（报事人看得到）"),
    Offer("merge", "并案", _A.MERGE, ("into",), ("into",), hint="报事人的编号、答复、评价都不变。"),
    Offer("unmerge", "拆案", _A.UNMERGE),
    Offer("reject", "不予受理", _A.REJECT, ("route", "words"), ("route",), "补充一句（可以不写）",
          hint="原因和该去的地方会告诉报事人。"),
    Offer("hotline", "转专线", _A.HOTLINE, ("line",), ("line",)),
    Offer("ask_end", "申请终止", _A.ASK_END, _SAY, _SAY, "为什么终止"),
    Offer("end", "终止", _A.END, _SAY, _SAY, "为什么终止（会告诉报事人）"),
    Offer("refuse_list", "拒收", _A.REFUSE_LIST, _SAY, _SAY, "为什么拒收"),
    Offer("rate_unit", "评单位", _A.RATE_UNIT, ("unit", "rating"), ("unit", "rating")),
    Offer("reply", "发给居民", _A.REPLY, _SAY, _SAY, "回复报事人"),
    Offer("take_over", "接管", _A.TAKE_OVER),
    Offer("hand_over", "交还给机器人", _A.HAND_OVER),
    Offer("note", "记备注", _A.NOTE, ("words", "mentioned"), _SAY, "备注"),
)  # fmt: skip
BY_KEY: Mapping[str, Offer] = {offer.key: offer for offer in OFFERS}
# These have a place of their own on the page.
TALK = frozenset({_A.REPLY, _A.TAKE_OVER, _A.HAND_OVER, _A.NOTE})
# What only the reporter does, by chat and on the page opened from it.
REPORTERS = frozenset({_A.CONFIRM, _A.REOPEN, _A.RATE, _A.WITHDRAW, _A.URGE, _A.APPEAL})


def offered(who: Person, ticket: Ticket, read: Read) -> tuple[Offer, ...]:
    """What the table allows this person now, without what would be refused at once for want of a reason to."""
    parts = reach.parts(who, ticket, read) & reach.WORKING
    found = []
    for offer in OFFERS:
        row = ROWS.get((ticket.status, offer.action))
        if row is not None and offer.action in ACTS and parts & set(row.who) and _fits(offer, who, ticket, read):
            found.append(offer)
    return tuple(found)


def _fits(offer: Offer, who: Person, ticket: Ticket, read: Read) -> bool:
    own = ticket.owner == who.id
    held = read.takeover(ticket.reporter) if ticket.reporter else None
    match offer.action:
        case Action.PASS | Action.FAIL | Action.DECIDE_EXTENSION:
            return not own
        case Action.REFUSE_HANG:
            return ticket.hang_asked is not None and not own
        case Action.HANG | Action.END:
            return not own
        case Action.ASK_HANG | Action.ASK_END:
            return own or Who.DESK not in reach.parts(who, ticket, read)
        case Action.VISIT:
            return ticket.visited is None
        case Action.RETURN:
            return not ticket.designated
        case Action.REFUSE_LIST:
            return ticket.list_basis == "清单外" and not ticket.cost
        case Action.SIGN_IN:
            party = reach.party_of(who, ticket, read)
            return party is not None and party.role == "whistle" and party.arrived is None
        case Action.CONCLUDE:
            party = reach.party_of(who, ticket, read)
            return party is not None and party.concluded is None and (party.role != "whistle" or bool(party.arrived))
        case Action.RATE_UNIT:
            return any(party.role == "whistle" for party in read.parties(ticket.id))
        case Action.TAKE_OVER:
            return held is None
        case Action.HAND_OVER:
            return held is not None and held.ticket == ticket.id
        case _:
            return True
