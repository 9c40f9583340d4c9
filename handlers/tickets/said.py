"""What an act answers to whoever did it, what it asks for, and how it is refused: one clear sentence each."""

from __future__ import annotations

from handlers.tickets.rules import Action, Status

_S, _A = Status, Action

# --- done

PHOTOS_MAY_FOLLOW = "有照片可以接着发。"
SOLVED = "{short}已反馈，正在请报事人确认。"
TAKEN_BACK = "{short}撤回办结了，请接着办，"
LATE_NOW = "已经过了时限，请尽快。"
TAKE_BACK = "{short} {summary}：刚才报了办好，要撤回吗？"
NOTHING_DONE = "您没有可以撤回的办结。说「我的待办」看看您手上的。"
WITH_MAIN = "{short}并到{main}了，请说「撤回办结 {main}」。"
ANSWERED = "{short}报事人已经答复过了，不能撤回。有新情况请和他说，或请他说「没解决」。"
PROACTIVE_DONE = "{short}主动治理办结了，记下了。"
VISITED = "{short}到场时间记下了，也告诉了报事人。"
PROGRESS = "{short}办理情况记下了，报事人也看得到。"
COVERED = "遮好了，以后打开的人看到的都是遮过的。"
UNCOVERED = "恢复成原照片了。"
NOTED = "{short}备注记下了，居民看不到。"
TAKEN_OVER = "{short}您来和居民说话了，说的每句都记着。{minutes}分钟没人说话，自动交还。"
SPOKEN = "{short}已发给居民。"
HANDED_OVER = "{short}已交还给机器人。"
REPLIED = "已回复报事人（{short}）。"
RETURN_ASKED = "{short}退单已报社区。社区定下来以前，还请您先照看。"
RETURN_AGREED = "{short}同意退单。派给谁？说「派给 {short} 姓名」。"
RETURN_REFUSED = "{short}不同意退单，已告诉承办人继续办。"
TRANSFERRED = "{short}已转给{name}。"
DISPATCHED = "{short}已派给{name}。"
IS_FINAL = "这是第三次派单，已指定，不能再退。"
ESCALATED = {
    1: "{short}已上报网格员，网格员会安排。",
    2: "{short}已上报社区，社区会安排。",
    3: "{short}已上报街道指挥室，街道会安排。",
}
SUBMITTED = "{short}已反馈，请社区核查后再请报事人确认。"
CHECK_PASSED = "{short}核查通过，正在请报事人确认。"
CHECK_FAILED = "{short}核查不通过，已请承办人重新办。"
DEEMED = "{short}派单已超过1个工作日，按规定视为已接单，不能退了。需要帮忙请说「上报」。"
HANG_ASKED = "{short}挂账申请已报上一级，{until}复查。批准前仍按原时限。"
HUNG = "{short}已挂账，{until}复查，到时提醒。报事人也知道了。"
HANG_ASKED_ALREADY = "{short}已经申请挂账了，等上一级批。"
HANG_REFUSED = "{short}不同意挂账，已告诉承办人继续办。"
RESUMED = "{short}恢复办理，时限接着算。"
MORE_ASKED = "{short}已请报事人补充，等回话。"
MERGED = "{short}并到{main}了。报事人的编号不变，办好后分别回复。"
UNMERGED = "{short}已拆出来，单独办。派给谁？说「派给 {short} 姓名」。"
REJECTED = "{short}不予受理，原因和去处已告诉报事人：{route}。"
END_ASKED = "{short}终止申请已报社区。社区定下来以前，还请继续办。"
TERMINATED = "{short}已终止办理，原因已告诉报事人。"
APPEALED = "新情况记下了，{short}重新受理。"
LINED = "{short}已转{line}，已告诉报事人马上打。到时请您跟进。"
MOVED = "{short}现在是「{status}」。"
ASSISTED = "{short}加了协办：{names}。"
WHISTLED = "{short}吹哨：主办{lead}{others}，{when}前到场签到。"
SIGNED = "{short}到场签到了。办完请说「结论」加一句话。"
SIGNED_LATE = "比要求的时间晚了，已如实记录。"
CONCLUDED = "{short}结论记下了，街道看得到。"
UNIT_RATED = "{name}：{rating}，记下了。"
LIST_REFUSED = "{short}不在准入清单内，已退回街道，并计数。"
RECLASSED = "{short}改为「{name}」，重新派给{hand}。"
WITHDRAWN_FOR_OTHERS = "已撤回，{short}。还有邻居等着这件事，我们会继续处理，不显示您的名字。"
EXTEND_ASKED = "{short}延期申请已报社区：延到{until}。批准前仍按原时限。"
EXTENSION_DECIDED = {True: "{short}同意延到{until}，已通知。", False: "{short}不同意延期，已通知。"}
REOPENED = "{short}重新办理，原因记下了，也告诉了社区。{due}前办好。"
ASK_SOLVED_TOO = "还想问一句：真的解决了吗？"


def accepted(short: str, due: str) -> str:
    return f"接单成功，{short}。先联系报事人，{due}前办好。办好了说「办结」加一句话，可以发照片。"


WAITS = "{short}记下了，第{count}次联系不上。等报事人回话，时限先停到{until}。"
HUNG_UNREACHED = "{short}记下了，{count}次都联系不上，先挂账，{until}复查。报事人一回话就接着办。"
WAITS_FOR_DESK = "{short}记下了，{count}次都联系不上，已报社区决定。时限先停着。"

# --- asked for

NEEDED: dict[tuple[Action, str], str] = {
    (_A.SOLVE, "words"): "请说一句怎么办好的，比如「办结 已换灯泡」。",
    (_A.RETURN, "words"): "请说明原因，比如「退单 这盏是市政路灯」。",
    (_A.RETURN, "basis"): "退单要有依据：不属于本单位职责、不在本辖区、产权不归、不在清单内，还是重复？说一个就行。",
    (_A.SUBMIT, "words"): "请说一句怎么办好的，比如「办结 已换灯泡」。",
    (_A.ASK_MORE, "words"): "要报事人补充什么？比如「请补充 0017 是几幢」。",
    (_A.FAIL, "words"): "哪里不合格？说一句，好让承办人改。",
    (_A.ASK_HANG, "until"): "挂到哪一天复查、为什么？比如「挂账 0017 12月10日复查 等配件」。",
    (_A.ASK_HANG, "words"): "为什么要挂账？说一句，比如「等配件」。",
    (_A.HANG, "until"): "挂账必须有复查的日子，比如「挂账 0017 12月10日复查 等配件」。",
    (_A.HANG, "words"): "为什么要挂账？说一句，比如「等配件」。",
    (_A.WHISTLE, "units"): "吹哨给哪些单位？第一个是主办，比如「吹哨 0017 城管 市政」。",
    (_A.CONCLUDE, "words"): "结论是什么？比如「结论 0017 已拆除，限三天恢复」。",
    (_A.RATE_UNIT, "unit"): "评哪个单位？比如「评 0017 城管 满意」。",
    (_A.RATE_UNIT, "rating"): "满意、基本满意，还是不满意？",
    (_A.ASSIST, "units"): "加哪个协办单位？比如「协办 0017 供电」。",
    (_A.REFUSE_LIST, "words"): "为什么拒收？比如「拒收 0017 不在准入清单」。",
    (_A.RECLASS, "category"): "改成哪一类？写分类编码或名称，比如「改分类 0017 楼道灯」。",
    (_A.MERGE, "into"): "并到哪一单？比如「0021 并到 0017」。",
    (_A.REJECT, "route"): "为什么不受理？比如「不予受理 0017 法院在审」「不予受理 0017 信访在办」。",
    (_A.ASK_END, "words"): "为什么要终止？说一句原因。",
    (_A.END, "words"): "为什么终止？会告诉报事人。",
    (_A.NOTE, "words"): "备注什么？比如「备注 0017 下午物业来看 @张伟」。",
    (_A.ADD, "words"): "办到哪一步了？说一句，也可以发照片。",
    (_A.APPEAL, "words"): "有什么新情况？说一句就行。",
    (_A.HOTLINE, "line"): "转哪个电话？110、119、120、122。",
    (_A.TRANSFER, "to"): "转给谁？比如「转给 副网格长」。",
    (_A.DISPATCH, "to"): "派给谁？比如「派给 0017 张伟」。",
    (_A.EXTEND, "until"): "延到哪一天、为什么？比如「延期 11月30日 等配件」。",
    (_A.EXTEND, "words"): "为什么要延？说一句原因就行。",
    (_A.REOPEN, "words"): "对不起，给您添麻烦了。哪里没解决？说一句就行。",
    (_A.RATE, "rating"): "您满意吗？回复「满意」「基本满意」或「不满意」。",
    (_A.REPLY, "words"): "要回复什么？比如「回复 0017 明天上午来修」。",
}

# --- refused

NOBODY_TO_TALK = "{short}的报事人不在聊天里，请打电话或上门。"
TALK_TO_STAFF = "{short}的报事人是工作人员，直接联系就行。"
TALKED_WITH = "{name}正在和居民说话。要换人，请对方先「交还」。"
YOU_TALK = "{short}您已经在和居民说话了。"
NOT_TALKING = "{short}现在没有人接管。"
TRIED_ENOUGH = "{short}已经联系过{most}次，等社区决定。报事人回话了会告诉您。"
TRY_TOMORROW = "{short}今天已经试过两次，最后一次请换一天再联系。"
NOT_YOUR_GRID = "这一单不归您管，不能操作。已经记录。"
NOT_YOUR_PART = "这一单的「{action}」不由您来做。有话请说「补充」，或者打社区电话。"
NO_SUCH_TICKET = "没有这一单。请核对编号，或说「我的待办」。"
NO_SUCH_ACT = "没有「{action}」这个操作。"
NOBODY = "不知道您是谁，请先登录或认领。"
NO_BASIS = "退单的依据只有五种：职责、辖区、产权、清单、重复。"
NEEDS_PHOTO = "这类事办结要有照片。请先发一张，再说「办结」。"
NEXT_LEVEL = "挂账要上一级批，自己的不能自己批。"
REVIEW_AHEAD = "复查的日子要在今天以后。"
REVIEW_TOO_FAR = "复查不能晚于{days}天。请换个日期。"
NO_HANG_ASKED = "{short}没有人申请挂账。"
MERGE_INTO_WHAT = "没有找到要并到的那一单。请核对编号。"
MERGE_CANNOT = "不能并到{short}（{status}）。只能并到同一社区、正在办的单。"
ROUTE_UNKNOWN = "不予受理只有这些原因：{routes}。"
LINE_UNKNOWN = "专线只有：{lines}。"
NO_UNIT = "没有找到这个单位。请写单位名称，比如「城管」。"
NOT_TO_ACCUSED = "这是投诉，不能派给被投诉的一方。"
NOT_WHISTLED = "这一单没有请您的单位来。"
NOT_WHISTLED_UNIT = "这一单没有吹哨给这个单位。"
SIGNED_ALREADY = "{short}您的单位已经签到了。"
SIGN_FIRST = "{short}还没有到场签到。到了现场请先说「签到」。"
CONCLUDED_ALREADY = "{short}您的单位已经报过结论了。"
NOT_PUSHED_DOWN = "这一单不是派下来的任务，不用拒收。要退请说「退单」。"
ON_THE_LIST = "这一单在准入清单内，或已给经费，不能拒收。"
NEEDS_LIST = "派给社区的任务要写明准入清单：清单内，还是清单外（写明经费）。"
CHECK_OTHER = "自己办的不能自己核查，请另一位同事来。"
NO_CATEGORY = "没有「{code}」这个分类。"
SAME_CATEGORY = "{short}本来就是「{name}」。"
UNIT_ELSEWHERE = "{name}不管这类事或这个地方。要换别的单位，请说「退单」或「上报」加原因。"
TOP_LEVEL = "{short}已经在最上一级，不能再上报。"
TWO_ORDERS = "同一单说了两件事，我不敢猜。请一件一件说。"
UNIT_UNKNOWN = "「{word}」没有找到这个单位。请写单位名称，比如「城管」。"
UNITS_SEVERAL = "「{word}」有几家：{names}。请写全名。"
LEAVE_HOW = "请假从哪天到哪天？比如「请假 6月3日到6月5日」，最长60天。"
LEAVE_TAKEN = "请假记下了：{days}。这几天的新任务由搭档接。"
LEAVE_BOTH = "请假记下了：{days}。{name}{day}也请假，没人接的新任务会转到网格员和社区。"
LEAVE_HELD = "手上的{count}件还是您的，要转就说「转给 搭档」。"
LEAVE_ENDED = "销假记下了，从今天起照常派单。"
NO_LEAVE = "您现在没有请假。"
PARTNER_AWAY = "{name}{days}请假，这几天的新任务由您接。"
PARTNER_BACK = "{name}销假了。"
NONE_LATE = "没有快超时的，放心。"
NOTHING_HERE = "{label}最近没有您管的事。"
NOTHING_LEFT = "现在不用您做什么。"
DESIGNATED = "{short}是社区指定您办的，不能再退。需要帮忙请说「上报」。"
RETURN_LATE = "{short}派单已超过1个工作日，不能退单了。需要帮忙请说「上报」。"
OWN_REQUEST = "自己的申请不能自己批，请另一位同事来。"
NOBODY_THERE = "没有找到这个人，或者他没有岗位。请写全名。"
SEVERAL_CALLED = "叫「{name}」的有几位。请写全名，或加上岗位。"
NOT_FOR_THEM = "{short}只给经办的人看，不能请{name}来看。"
NOBODY_CALLED = "本社区没有找到「{name}」。请写全名。"
NOT_BACK = "退单不能派回原来的人。不同意退单，请说「不同意」加原因。"
EXTEND_LATE = "{short}已经到期，不能申请延期了。请尽快办，或说「上报」。"
EXTEND_STOPPED = "{short}的时限现在停着，不用延期。接着走了还要更久，再申请。"
EXTENDED_ONCE = "{short}已经延过一次，不能再延。请尽快办，或说「上报」。"
EXTEND_EARLIER = "{short}本来就到{due}，新日期要更晚。"
EXTEND_TOO_FAR = "最多延到{latest}。请换个日期；要等更久，说「挂账」加复查的日子和原因。"
REOPEN_LATE = "{short}办结超过{days}天了。还有问题请重新报一次，我马上转。"
RATING_UNKNOWN = "评价只有三种：满意、基本满意、不满意。"
URGED_JUST_NOW = "{short}刚催过，已经记着了。{when}以后可以再催。"
URGED_ENOUGH = "{short}今天已经催了{count}次，明天再催。社区看得到。"


def only_team(names: tuple[str, ...], unit: bool) -> str:
    whom = "自己单位的人" if unit else "本微网格的人"
    return f"只能转给{whom}（{'、'.join(names) or '没有别人'}）。要转别的单位，请说「退单」或「上报」加原因。"


# the same order twice: a double click, a card tapped late
ALREADY: dict[tuple[Status, Action], str] = {
    (_S.IN_HAND, _A.ACCEPT): "{short}已经接单了，不用再接。办好了说「办结」加一句话。",
    (_S.HUNG, _A.NO_ANSWER): "{short}已经挂账了，到复查的日子再联系。报事人一回话就接着办。",
    (_S.TO_RATE, _A.SOLVE): "{short}已经反馈过了，正在等报事人确认。",
    (_S.RETURN_ASKED, _A.RETURN): "{short}已经申请退单了，等社区定。",
    (_S.EXTENSION_ASKED, _A.EXTEND): "{short}已经申请延期了，等社区批。",
    (_S.WITHDRAWN, _A.WITHDRAW): "{short}已经撤回了。",
    (_S.TO_CHECK, _A.SOLVE): "{short}已经反馈过了，正在核查。",
    (_S.MERGED, _A.MERGE): "{short}已经并案了。",
    (_S.HUNG, _A.HANG): "{short}已经挂账了。",
    (_S.HUNG, _A.ASK_HANG): "{short}已经挂账了。",
    (_S.REJECTED, _A.REJECT): "{short}已经不予受理了。",
    (_S.TO_RATE, _A.PASS): "{short}已经核查过了。",
}
# what a refusal offers instead, of all the table allows
OFFERED = frozenset(
    {
        _A.ACCEPT, _A.VISIT, _A.SOLVE, _A.RETURN, _A.TRANSFER, _A.EXTEND, _A.ESCALATE, _A.DISPATCH, _A.AGREE_RETURN,
        _A.REFUSE_RETURN, _A.REOPEN, _A.RATE, _A.WITHDRAW, _A.URGE, _A.REPLY, _A.TAKE_IN, _A.PASS, _A.FAIL, _A.RESUME,
        _A.TAKE_BACK, _A.WHISTLE, _A.UNMERGE, _A.APPEAL, _A.FOLLOW_UP,
    }
)  # fmt: skip
