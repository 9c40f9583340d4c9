"""Wording for the desk: second looks, leaders' months, cases and the shop. Short and kind, also to staff."""

from __future__ import annotations

from handlers.points.rules import FREEZE, OBJECTION

CHECK_OWN = "这一条和您本人有关，请另一位同志看。"
CHECK_APPROVED = "这一条是您批的，请另一位同志看。"
CHECK_NONE = "这一条已经查过了，或者不用查。"
CHECK_WHY = "退回积分要写原因，会告诉本人。"
CHECKED = {True: "记下了：没有问题。", False: "退回了，已告诉本人。"}
DUTY_HOW = "请说「履职合格 微网格长的姓名」。"
DUTY_SEVERAL = "有几位同名的，请在工作台的「积分」里点。"
DUTY_NOT = "这位不是本社区的微网格长。"
DUTY_TWICE = "{name}{month}月的履职积分已经记过，或者这一条停用了。"
DUTY_DONE = "{name}{month}月履职合格，加{points}分，已告诉本人。"
AGREED = {
    FREEZE: "定了：继续冻结，已告诉本人。",
    OBJECTION: "异议成立，已告诉本人。请把少记的补上，或者把多记的退回。",
}
GIVEN = "同意了，积分已经记上。"
TAKEN = "定了：照扣，已告诉本人。"
DROPPED = "好的，这一件不算了，已告诉当事人。"
ITEM_NAME = "名称写2到48个字。"
ITEM_POINTS = "要多少分？写1到10000。"
ITEM_STOCK = "库存会变成{stock}，要在0到{most}之间。"
ITEM_TWICE = "已经有「{name}」了，请改它的库存。"
