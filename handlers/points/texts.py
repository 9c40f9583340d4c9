"""Wording of points and the shop. Thanks, never wages; short, kind, readable aloud."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.points.port import Account, Entry, Item, Notice, Redemption, Statement
from handlers.points.rules import Rule
from handlers.types import Choice

SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = {
    "reverse": "更正", "deduct": "扣分", "hold": "兑换占用", "collect": "已领取", "release": "兑换退回",
    "expire": "到期", "move": "账号合并",
}  # fmt: skip
NO_COMMUNITY = "您还没登记住址，先说一下住哪里，比如「学府花园3幢2单元302」。积分记在本社区。"
NO_ENTRIES = "还没有积分记录。报一件事、参加一次活动，就会有。"
NOTHING_TO_FETCH = "您没有等着领的东西。说「积分兑换」看看能换什么。"
FROZEN = "您的积分正在核对，暂时不能兑换。觉得不对，说「申诉」加一句话。"
RANKING_EMPTY = "这个月的红榜还没有人。说「加入红榜」就可以上。"
RANKED_ON = "好的，您愿意上红榜了，只显示姓氏。想退出，说「退出红榜」。"
RANKED_OFF = "好的，红榜上不再有您。积分不变。"
SHARED_ON = "好的，您的积分算进家庭了。想分开，说「退出家庭积分」。"
SHARED_OFF = "好的，您的积分不再算进家庭。"
NO_HOME = "您还没有登记住址，看不了家庭积分。说「绑定住址」登记。"
SHOP_EMPTY = "积分超市现在没有东西可换，过几天再来看看。"
CONFIRM = (Choice("确定换", "确定换"), Choice("不换了", "不换了"))
NOT_REDEEMED = "好的，没有换。"
SOLD_OUT = "刚刚换完了，对不起。看看别的？"
WHICH_REDEMPTION = "您说的是哪一样？"
NO_PROXY = "代领要请同一户登记过的家里人。{name}不在您家登记的人里。"
WHO_PROXY = "请谁代领？说他的手机号，或者家里只有两个人登记时说「让家里人代领」。"
CODE_WRONG = "这个兑换码不对，或者已经用过、过期了。请让居民看一下手机上的码。"
NOT_YOURS = "这是别的社区的兑换码，这里不能领。"
NO_DEDUCTION = "您现在没有可以申诉的扣分、冻结，也没有正在公示的积分。有别的不对，说「转人工」。"
OBJECTED = "记下了（{number}）：您对{month}积分公示的异议，社区的同志核对后告诉您。"
NO_NOTICE = "还没有公示过的月份。每个月初公示上个月的积分。"
NO_RULE = "没有这一条规则。"
SAME_RULE = "和现在一样，没有改动。"
RULE_SET = "存好了：{code} {name}，第{version}版。以前的积分按以前的版本。"
NO_ITEM = "积分超市没有这样东西。"
ITEM_SET = "存好了：{name}，{points}分，库存{stock}。"
FROZEN_ALREADY = "这位居民的积分已经冻结了。"
NOT_FROZEN = "这位居民的积分没有冻结。"
FREEZE_STAYS = "您的申诉看过了，积分继续核对，有结果告诉您。不服可以说「转人工」。"
OBJECTION_RIGHT = "您对积分公示的异议成立，社区会更正。谢谢您说出来。"
OBJECTION_WRONG = "您对积分公示的异议核对过了，没有改：{why}。不同意可以说「转人工」。"
NEED_REASON = "异议不成立要写原因，会告诉本人。比如「不同意{number} 那天没有签退」。"
RANKING_LATER = "下月初公示5个工作日后定榜，说「上个月的红榜」看上个月。"
FREEZE = "冻结"
OBJECTION = "积分公示异议"
ASK_APPEAL = "请说一下哪里不对，我记下来交给没参与过的同志看。"
FREEZE_APPEALED = "申诉记下了，会由另一位同志来定。有结果马上告诉您。"
APPEALED = "申诉记下了，会由另一位同志来定。定之前不扣分。"
NOT_ALLOWED = "这件事要社区的同志来办。"
OWN = "不能给自己加分或扣分，请别的同志办。"
WHO = "给谁？说手机号、住址到室，或者工单号，比如「加分 0017 拾金不昧 20 捡到钱包交还」。"
WHICH_PERSON = "这一户登记了几位，您说的是哪位？请说手机号。"
WHICH_RULE = "哪一条？"
NEED_WHY = "请加一句说明，说清是什么事，在哪里，谁看到的。"
LEVEL_LOW = "您现在{balance}分，{least}分以上才有等级。"
LEVEL_ASK = "开给谁看？比如「开积分等级证明 给农商银行」。只写等级，不写您做过什么。"
LEVEL_CONSENT = (
    "要开一份给{purpose}的等级证明，写「{level}级」和编号，{days}天有效。"
    "只有等级，没有明细，随时可以撤回。银行自己决定贷不贷。您同意吗？"
)
LEVEL_CHOICES = (Choice("我同意开", "我同意开"), Choice("不开了", "不开了"))
LEVEL_NO = "好的，没有开。"
LEVEL_NONE = "您没有开过等级证明。"
LEVEL_WITHDRAWN = "撤回了，别人再查编号就看不到等级了。"


def balance(account: Account, month: int, expiring: int, days: int, held: int) -> str:
    lines = [f"您现在有{account.balance}分，这个月得了{month}分。"]
    if expiring:
        lines.append(f"有{expiring}分{days}天内到期，记得换。")
    if held:
        lines.append(f"有{held}样东西等您领，说「我的兑换」看兑换码。")
    if account.frozen:
        lines.append(FROZEN)
    return "\n".join(lines)


def entries(items: Iterable[Entry]) -> str:
    lines = []
    for entry in items:
        sign = "+" if entry.points > 0 else ""
        what = entry.name or KINDS.get(entry.kind, entry.kind)
        lines.append(f"{day(entry.at)} {what} {sign}{entry.points}")
    return "最近的积分：\n" + "\n".join(lines) + "\n觉得哪条不对，说「申诉」。"


def rules(items: Iterable[Rule]) -> str:
    by_field: dict[str, list[str]] = {}
    for rule in items:
        worth = f"{rule.points}到{rule.most}" if rule.most else f"{rule.points:+d}"
        by_field.setdefault(rule.field, []).append(f"{rule.name}{worth}")
    lines = [f"{field}：{'，'.join(names)}" for field, names in by_field.items()]
    return "\n".join(lines) + "\n看、赞、转发不算分。积分换东西，不换钱，也不影响办事。"


def ranking(rows: list[tuple[str, int]]) -> str:
    lines = [f"{n} {name} {points}分" for n, (name, points) in enumerate(rows, 1)]
    return "这个月到现在（自己愿意上的）：\n" + "\n".join([*lines, RANKING_LATER])


def month(name: str) -> str:
    """2026-05 → 5月"""
    return f"{int(name[5:])}月"


def notice(found: Notice, names: list[tuple[str, int]], running: bool) -> str:
    head = f"{month(found.month)}积分：{found.people}人，共{found.points}分。"
    if running:
        head += f"正在公示，{day(found.until)}前可以提异议，说「申诉」加一句话。"
    elif found.closed is None:
        head += "公示期满，有异议还在核对。"
    else:
        head += "公示期满，已定榜。"
    lines = [f"{n} {name} {points}分" for n, (name, points) in enumerate(names, 1)]
    return "\n".join([head, *(["愿意上榜的：", *lines] if lines else [])])


def household(label: str, points: int, members: int) -> str:
    return f"{label}家庭积分{points}分，{members}个人愿意算在一起。说「加入家庭积分」或「退出家庭积分」。"


def shop(account: Account) -> str:
    return f"您有{account.balance}分。想换哪一样？回数字就行。"


def item_label(item: Item) -> str:
    return f"{item.name} {item.points}分（剩{item.stock}）"


def confirm(item: Item) -> str:
    return f"换{item.name}，用{item.points}分，对吗？"


def too_few(item: Item, balance_: int) -> str:
    return f"{item.name}要{item.points}分，您有{balance_}分，还差{item.points - balance_}分。"


def month_full(cap: int, used: int) -> str:
    return f"一个月最多换{cap}分，您这个月换了{used}分。下个月再来。"


def promised(item: Item, code: str, until: datetime, left: int) -> str:
    where = f"到{item.pickup}领" if item.pickup else "到社区领"
    return f"换好了，兑换码{spaced(code)}。{day(until)}前{where}，出示这个码。还剩{left}分。"


def spaced(code: str) -> str:
    """Eight digits in two groups, easier to read out."""
    return f"{code[:4]} {code[4:]}"


def redemption(found: Redemption) -> str:
    return f"{found.name}，兑换码{spaced(found.code)}，{day(found.until)}前领。"


def day(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI).month}月{at.astimezone(SHANGHAI).day}日"


def waiting(items: Iterable[Redemption]) -> str:
    return "等着领的：\n" + "\n".join(redemption(item) for item in items)


def ended(found: Redemption, how: str) -> str:
    why = "过了领取的日子" if how == "expired" else "取消了"
    return f"{found.name}{why}，{found.points}分退回给您了。"


def proxy(found: Redemption, name: str) -> str:
    return f"好的，{name}可以代您领{found.name}，兑换码也发过去了。"


def collected(found: Redemption, name: str) -> str:
    return f"核销了：{name}的{found.name}。东西可以给了。"


def thanked(name: str, points: int, left: int) -> str:
    return f"谢谢您！「{name}」加{points}分，现在{left}分。"


def settled(month_: str, people: int, points: int, until: datetime) -> str:
    return f"{month(month_)}积分结算好了：{people}人，共{points}分，公示到{day(until)}。公示页在工作台的「积分」里。"


def case_number(number: int) -> str:
    """How a case is called: 积分3."""
    return f"积分{number}"


def to_take(rule: str, points: int, why: str, until: datetime) -> str:
    return (
        f"有人反映您「{rule}」，拟扣{-points}分。说明：{why}\n"
        f"{day(until)}前可以申诉，说「申诉」加一句话。到时没有申诉才会扣。"
    )


def to_second(number: str, rule: str, points: int, name: str, why: str) -> str:
    return f"{number}待复核：给{name}「{rule}」{points:+d}分。说明：{why}"


def second_choices(number: str, rule: str, points: int) -> tuple[Choice, ...]:
    """Yes and no of who decides a case, by what they do: of an appeal nobody has to guess what is agreed to."""
    if rule == FREEZE:
        return (Choice("继续冻结", f"同意{number}"), Choice("解冻", f"不同意{number}"))
    if rule == OBJECTION:
        return (Choice("异议成立", f"同意{number}"), Choice("不成立", f"不同意{number}"))
    if points < 0:
        return (Choice("照扣", f"同意{number}"), Choice("不扣了", f"不同意{number}"))
    return (Choice("同意", f"同意{number}"), Choice("不同意", f"不同意{number}"))


def statement(found: Statement, path: str) -> str:
    return (
        f"开好了：{found.level}级，编号{found.serial}，给{found.purpose}，"
        f"{day(found.until)}前有效。想撤回，说「撤回等级证明」。"
    )  # fmt: skip
