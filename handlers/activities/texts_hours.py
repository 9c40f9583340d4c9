"""Wording of check-in, hours, certificates and teams. Short, kind, readable aloud."""

from __future__ import annotations

from handlers.activities.texts import clock, day, moment
from handlers.types import Choice

__all__ = ["clock", "day", "moment"]

HOW = "请扫屏幕上的二维码，或者把屏幕上的6位数字发给我，也可以发定位。"
NOTHING_TODAY = "您今天没有报了名的活动，不用签到。说「我的活动」看看。"
CODE_OLD = "这个码过期了。请扫屏幕上现在的码，或者发屏幕上的6位数字。"
DIGITS_WRONG = "数字不对或者过期了。请看屏幕上现在的6位数字，再发一遍。"
NOT_SIGNED_UP = "您没有报上{name}，不能签到。请找负责人{organiser}。"
IN = "签到好了：{name}{people}，{at}。走的时候记得签退。"
OUT = "签退好了：{name}，一共{time}。负责人记好时长会告诉您。辛苦了！"
ALREADY_IN = "您已经签到了{name}。走的时候再扫码或发数字签退。"
ALREADY_OUT = "您已经签退了{name}。"
NOT_IN_YET = "您还没有签到{name}。请找负责人{organiser}补签。"
TOO_EARLY = "{name}还没开始签到，{at}以后再来。"
TOO_LATE = "签到时间过了（开始后{minutes}分钟内）。请找负责人{organiser}补签。"
OUT_TOO_LATE = "签退时间过了。请找负责人{organiser}补签退。"
TOO_FAR = "您离{name}的集合点约{away}，没法签到。到了再发定位，或者请负责人{organiser}补签。"
BLURRED = "这个定位不太准，可能差{away}。走到空地上再发一次，或者发屏幕上的6位数字。"
FENCE = "请走近集合点再发一次定位，或者发屏幕上的6位数字。还不行，请负责人补签。"
FORGOT = "请负责人{organiser}帮您补签，说清时间和原因，还要另一个人证明。"

MAKEUP_HOW = "请说「补签到 姓名 时间 原因」或「补签退 姓名 时间 原因」，比如「补签退 陈国强 10:40 手机没电」。"
MAKEUP_ASKED = "记下了：{who}{time}{step}。还要另一个人证明，已经请他们看。"
MAKEUP_TELL = "{by}说{who}{time}{step}了{name}，原因：{why}。您能证明吗？"
MAKEUP_NONE = "现在没有等您证明的补签。"
MAKEUP_SELF = "补签要负责人之外的另一个人证明，自己也不能证明自己。"
MAKEUP_DONE = "谢谢，记下了：{who}{time}{step}。"
MAKEUP_TOLD = "{name}给您补了{step}，时间{time}。"
MAKEUP_IN_FIRST = "{who}没有签到记录，请先补签到。"

NOT_ENDED = "{name}还没结束，结束了再记时长。"
RECORDED_ALREADY = "{name}的时长已经记过了。要改，说「更正时长 姓名 几小时 原因」。"
RECORD_ASK = "{name}：来了{came}人，没来{absent}人。{flagged}要记录时长吗？"
FLAGGED = "{names}没签退，先不记，补签退以后再记。"
RECORD_YES = (Choice("记录", "确认记录"), Choice("先不记", "先不记"))
RECORD_DONE = "记好了，{came}人的时长已经告诉他们。"
HOURS_TOLD = "{name}记了{hours}小时。您的平台记录时长一共{total}小时。{star}觉得活动怎么样？说「评活动 5星」。"
HOURS_NOT_OUT = "{name}没有您的签退，时长先没记。请找负责人补签退。"
HOURS_SHORT = "{name}您服务了{minutes}分钟，不到半小时，没有记时长。谢谢您来。"
ABSENT_TOLD = "{name}您报了名没有来，记了一次缺席。如果来了，请告诉负责人{organiser}。"
HOURS_WHEN = "活动结束后{days}个工作日内由负责人记好，记好了马上告诉您。"
HOURS_NONE = "您还没有平台记录时长。说「有什么活动」看看能参加什么。"
HOURS = "您的平台记录时长：{total}小时。{star}"
OBJECT_WHICH = "您对哪一次有异议？说活动名字和应该是多少，比如「清洁家园时长不对，应该2小时」。"
OBJECTED = "异议记下了，交给负责人{organiser}核对，有结果告诉您。"
OBJECTED_ALREADY = "这一次的异议已经在核对了，请等结果。"
OBJECT_TOLD = "{who}对{name}的时长（{hours}小时）有异议：{words}"
OBJECT_HOW = "核对后说「更正时长 {who} 几小时 原因」，或「驳回异议 {who} 原因」。"
CORRECT_HOW = "请说「更正时长 姓名 几小时 原因」，比如「更正时长 陈国强 2小时 签退看错」。"
CORRECT_OWN = "自己的时长不能自己改，请另一位负责人来。"
CORRECTED = "更正好了：{who}从{before}小时改为{after}小时，原来的记录保留，冲正一笔。"
CORRECTED_TOLD = "{name}的时长更正了：从{before}小时改为{after}小时。"
REJECTED_TOLD = "您对{name}时长的异议，负责人核对后没有改。{why}不同意可以说「转人工」。"
NO_RECORD = "没找到{who}的时长记录。"
OVER_CAP = "一天最多记{cap}小时，{who}那天已经记满了。"

CERTIFICATE_NONE = "您还没有平台记录时长，开不了记录单。"
CERTIFICATE_NAME = "记录单上要写姓名。您叫什么名字？"
CERTIFICATE = "开好了：平台记录时长{hours}小时，编号{serial}。点开可以打印，别人扫码能核对。"

TEAM_LIST = "社区的志愿队：\n{lines}\n说「加入」加队名就行。"
TEAM_NONE = "社区还没有志愿队。想成立，说「成立护河志愿队，做河道清洁」。"
TEAM_JOINED = "欢迎加入{name}！队长{captain}会和您联系。您有什么特长、什么时候有空？说「我会…，周末有空」。"
TEAM_LEFT = "好的，您退出了{name}。谢谢您的付出。"
TEAM_IN = "您已经在{name}里了。"
TEAM_NOT_IN = "您不在这个队里。"
TEAM_NO_SUCH = "没找到这个队。说「有哪些志愿队」看看。"
TEAM_NAME = "队叫什么、做什么？比如「成立护河志愿队，做河道清洁」。"
TEAM_TAKEN = "已经有{name}了，说「加入{name}」就行。"
TEAM_ASKED = "好的，「{name}」报给社区了，同意后告诉您。"
TEAM_DESK = "成立志愿队要社区工作人员同意。"
TEAM_DECIDED = "好的，已经告诉队长。"
TEAM_SMALL = "{name}现在{n}个人，满{least}个人才能发活动。请邻居说「加入{name}」。"
CAPTAIN_STAYS = "您是队长，不能直接退。先说「换队长 姓名」，他同意了再退。"
SKILLS = "记下了：{skills}。有合适的活动会先列给您。"

RATED = "谢谢您的评价！"
RATE_NONE = "您现在没有可以评价的活动。"
RATE_TWICE = "这一次已经评过了。"
RATE_HOW = "请说「评志愿者 姓名 5星」。"


def duration(minutes: int) -> str:
    """1小时40分"""
    hours, rest = divmod(minutes, 60)
    return (f"{hours}小时" if hours else "") + (f"{rest}分" if rest or not hours else "钟" if not hours else "")


def star(stars: int, missing: tuple[int, str] | None, granted: int = 0) -> str:
    """`stars` by hours, `granted` after the 公示."""
    now = f"您是{granted}星志愿者。" if granted else ""
    if stars > granted:
        now += f"够{granted + 1}星了，说「申请星级」。"
    return now + (f"离{missing[0]}星还差{missing[1]}小时。" if missing else "")
