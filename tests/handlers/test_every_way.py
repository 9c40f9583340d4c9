"""Every act of the life cycle is there by word, by API and on the ticket's page; each is the same act."""

from __future__ import annotations

import pytest

import nlp
from bot.api.models import API_ACTIONS
from bot.console.offers import OFFERS, REPORTERS
from handlers.tickets.acts import BY_ITSELF
from handlers.tickets.rules import Action
from nlp import orders

A = Action
# what the routes make of an understood word (handlers/routes.py); 同意 and 不同意 mean what waits for a decision
ROUTES = {
    "accept": {A.ACCEPT}, "arrive": {A.VISIT}, "finish": {A.SOLVE}, "hand_back": {A.RETURN}, "transfer": {A.TRANSFER},
    "extend": {A.EXTEND}, "no_answer": {A.NO_ANSWER}, "escalate": {A.ESCALATE}, "dispatch": {A.DISPATCH},
    "reply": {A.REPLY}, "agree": {A.AGREE_RETURN, A.DECIDE_EXTENSION, A.HANG, A.PASS},
    "disagree": {A.REFUSE_RETURN, A.DECIDE_EXTENSION, A.REFUSE_HANG, A.FAIL}, "solved": {A.CONFIRM},
    "unsolved": {A.REOPEN}, "rate": {A.RATE}, "withdraw": {A.WITHDRAW}, "urge": {A.URGE}, "add": {A.ADD},
}  # fmt: skip
SAID: dict[Action, str] = {
    A.TAKE_IN: "受理 0017", A.ASK_MORE: "请补充 0017 是几幢", A.DISPATCH: "派给 0017 张伟", A.ACCEPT: "接单 0017",
    A.VISIT: "到场 0017", A.SOLVE: "办结 0017 换了灯泡", A.TAKE_BACK: "撤回办结 0017",
    A.PASS: "核查通过 0017", A.FAIL: "核查不通过 0017 还在滴",
    A.RETURN: "退单 0017 不是我们的", A.AGREE_RETURN: "同意 0017", A.REFUSE_RETURN: "不同意 0017 是你们的",
    A.TRANSFER: "转给 副网格长", A.EXTEND: "延期 0017 到周五,配件周四才到", A.DECIDE_EXTENSION: "同意 0017",
    A.ASK_HANG: "申请挂账 0017 6月12日复查 等配件",
    A.HANG: "挂账 0017 6月12日复查 等配件", A.REFUSE_HANG: "不同意 0017",
    A.RESUME: "恢复 0017", A.ESCALATE: "上报 0017 要几家一起来", A.WHISTLE: "吹哨 0017 城管 市政",
    A.SIGN_IN: "签到 0017", A.CONCLUDE: "结论 0017 已拆除",
    A.RATE_UNIT: "评 0017 城管 满意", A.ASSIST: "协办 0017 供电",
    A.REFUSE_LIST: "拒收 0017 不在清单", A.RECLASS: "改分类 0017 0403", A.MERGE: "0021 并到 0017",
    A.UNMERGE: "拆案 0021", A.REJECT: "不予受理 0017 法院在审", A.ASK_END: "申请终止 0017 不用办了",
    A.END: "终止 0017 不用办了", A.HOTLINE: "转110 0017", A.FOLLOW_UP: "跟进 0017", A.REPLY: "回复 0017 明天来",
    A.NO_ANSWER: "联系不上", A.TAKE_OVER: "接管 0017", A.HAND_OVER: "交还 0017", A.NOTE: "备注 0017 下午去看",
    A.ADD: "办理情况 0017 约了电工",
}  # fmt: skip
_ASKED = {"HANG": A.ASK_HANG, "END": A.ASK_END}  # one word; who handles it asks, the desk decides


def meant(text: str) -> set[Action]:
    found = orders.read(text)
    if found:
        name = found[0].action
        return {Action[name], *filter(None, (_ASKED.get(name),))}
    said = nlp.within(nlp.understand(text), nlp.Context(True, False, ()))
    return ROUTES.get(said.action, set())


@pytest.mark.parametrize("action", list(SAID), ids=lambda action: action.name)
def test_by_word(action: Action) -> None:
    assert action in meant(SAID[action])


def test_no_way_leaves_one_out() -> None:
    everything = set(Action) - BY_ITSELF
    assert set(SAID) == everything - REPORTERS
    assert {offer.action for offer in OFFERS} == everything - REPORTERS
    assert set(API_ACTIONS.values()) >= everything
