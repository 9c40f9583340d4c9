"""What an act answers to whoever did it, what it asks for, and how it is refused: one clear sentence each."""

from __future__ import annotations

from handlers.tickets.rules import Action, Status

_S, _A = Status, Action

# --- done

PHOTOS_MAY_FOLLOW = "有照片可以接着发。"
SOLVED = "{short}已反馈，正在请报事人确认。"
VISITED = "{short}到场时间记下了，也告诉了报事人。"
REPLIED = "已回复报事人（{short}）。"
RETURN_ASKED = "{short}退单已报社区。社区定下来以前，还请您先照看。"
RETURN_AGREED = "{short}同意退单。派给谁？说「派给 {short} 姓名」。"
RETURN_REFUSED = "{short}不同意退单，已告诉承办人继续办。"
TRANSFERRED = "{short}已转给{name}。"
DISPATCHED = "{short}已派给{name}。"
IS_FINAL = "这是第三次派单，已指定，不能再退。"
ESCALATED = "{short}已上报社区，社区会安排。"
EXTEND_ASKED = "{short}延期申请已报社区：延到{until}。批准前仍按原时限。"
EXTENSION_DECIDED = {True: "{short}同意延到{until}，已通知。", False: "{short}不同意延期，已通知。"}
REOPENED = "{short}重新办理，原因记下了，也告诉了社区。{due}前办好。"
ASK_SOLVED_TOO = "还想问一句：真的解决了吗？"


def accepted(short: str, due: str) -> str:
    return f"接单成功，{short}。先联系报事人，{due}前办好。办好了说「办结」加一句话，可以发照片。"


# --- asked for

NEEDED: dict[tuple[Action, str], str] = {
    (_A.SOLVE, "words"): "请说一句怎么办好的，比如「办结 已换灯泡」。",
    (_A.RETURN, "words"): "请说明原因，比如「退单 这盏是市政路灯」。",
    (_A.TRANSFER, "to"): "转给谁？比如「转给 副网格长」。",
    (_A.DISPATCH, "to"): "派给谁？比如「派给 0017 张伟」。",
    (_A.EXTEND, "until"): "延到哪一天、为什么？比如「延期 11月30日 等配件」。",
    (_A.EXTEND, "words"): "为什么要延？说一句原因就行。",
    (_A.REOPEN, "words"): "对不起，给您添麻烦了。哪里没解决？说一句就行。",
    (_A.RATE, "rating"): "您满意吗？回复「满意」「基本满意」或「不满意」。",
    (_A.REPLY, "words"): "要回复什么？比如「回复 0017 明天上午来修」。",
}

# --- refused

NOT_YOUR_GRID = "这一单不归您管，不能操作。已经记录。"
NOT_YOUR_PART = "这一单的「{action}」不由您来做。有话请说「补充」，或者打社区电话。"
NO_SUCH_TICKET = "没有这一单。请核对编号，或说「我的待办」。"
NO_SUCH_ACT = "没有「{action}」这个操作。"
NOBODY = "不知道您是谁，请先登录或认领。"
NOTHING_LEFT = "现在不用您做什么。"
DESIGNATED = "{short}是社区指定您办的，不能再退。需要帮忙请说「上报」。"
RETURN_LATE = "{short}派单已超过1个工作日，不能退单了。需要帮忙请说「上报」。"
OWN_REQUEST = "自己的申请不能自己批，请另一位同事来。"
NOBODY_THERE = "没有找到这个人，或者他没有岗位。请写全名。"
NOBODY_CALLED = "本社区没有找到「{name}」。请写全名。"
NOT_BACK = "退单不能派回原来的人。不同意退单，请说「不同意」加原因。"
EXTEND_LATE = "{short}已经到期，不能申请延期了。请尽快办，或说「上报」。"
EXTENDED_ONCE = "{short}已经延过一次，不能再延。请尽快办，或说「上报」。"
EXTEND_EARLIER = "{short}本来就到{due}，新日期要更晚。"
EXTEND_TOO_FAR = "最多延到{latest}。请换个日期。"
REOPEN_LATE = "{short}办结超过{days}天了。还有问题请重新报一次，我马上转。"
RATING_UNKNOWN = "评价只有三种：满意、基本满意、不满意。"
URGED_JUST_NOW = "{short}刚催过，已经记着了。{when}以后可以再催。"
URGED_ENOUGH = "{short}今天已经催了{count}次，明天再催。社区看得到。"


def only_team(names: tuple[str, ...]) -> str:
    return f"只能转给本微网格的人（{'、'.join(names) or '没有别人'}）。要转别的单位，请说「退单」或「上报」加原因。"


# the same order twice: a double click, a card tapped late
ALREADY: dict[tuple[Status, Action], str] = {
    (_S.IN_HAND, _A.ACCEPT): "{short}已经接单了，不用再接。办好了说「办结」加一句话。",
    (_S.TO_RATE, _A.SOLVE): "{short}已经反馈过了，正在等报事人确认。",
    (_S.RETURN_ASKED, _A.RETURN): "{short}已经申请退单了，等社区定。",
    (_S.EXTENSION_ASKED, _A.EXTEND): "{short}已经申请延期了，等社区批。",
    (_S.WITHDRAWN, _A.WITHDRAW): "{short}已经撤回了。",
}
# what a refusal offers instead, of all the table allows
OFFERED = frozenset(
    {
        _A.ACCEPT, _A.VISIT, _A.SOLVE, _A.RETURN, _A.TRANSFER, _A.EXTEND, _A.ESCALATE, _A.DISPATCH, _A.AGREE_RETURN,
        _A.REFUSE_RETURN, _A.REOPEN, _A.RATE, _A.WITHDRAW, _A.URGE, _A.REPLY,
    }
)  # fmt: skip
