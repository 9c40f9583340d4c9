"""Wording of activities: what residents and organisers read. Short, kind, readable aloud."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.activities.port import Activity, Guest, Signup, Station
from handlers.activities.rules import State
from handlers.types import Choice
from nlp.when import ZONE

_DAYS = "一二三四五六日"
WHERE_LIVE = "您住哪个小区？告诉我才知道有哪些活动，比如「我住学府花园3幢2单元302」。"
NONE_ON = "这段时间没有可以报名的活动。有新活动会发在这里。"
NONE_THAT_DAY = "那天没有活动。最近的是："
NONE_THAT_DAY_YOURS = "那天没有活动。"
OFF = "活动取消了"
STANDS_ALL = "没有取消的，都照常办："
STANDS_TOLD = "要改期或者取消，会马上在这里告诉您。"
NO_SUCH = "没找到这个活动。说「有什么活动」，我把能报的列出来。"
NOT_SIGNED_UP = "好的，没有报名。想来的时候随时说。"
NOT_FOUND = "没找到您说的活动。现在能报的："
LIST_HEAD = "可以报名的活动："
FITS = "合您的特长和时间的："
FITS_NONE = "这次没有正合您特长和时间的。现在能报的："
FITS_UNKNOWN = "说一句「我会理发，周末有空」，我就能先挑合适的。现在能报的："
NEAR = "离您近的在前面："
NEAR_UNKNOWN = "活动的位置还不在地图上，先按时间排："
WHICH = "是哪一个活动？"
MEET = "在{place}集合。"
BRING, BRING_NOTHING = "请带{bring}。", "不用带东西。"
INSURED = "保险：{policy}。风险和保障：{risks}。"
CHILDREN, CHILDREN_NOT = "可以带孩子，14岁以下要大人陪着。", "这个活动不带孩子，大人可以来。"
SEATS = "一共{seats}人，{left}。"
CONDITIONS = "条件：{conditions}。"
RISKS = "风险和保障：{risks}。"
WEATHER = "下雨改期或取消，会马上在这里告诉您。"
SIGN_UP = Choice("报名", "我要报名")
ASK_STATION = "{name}有几个岗位，您想去哪个？"
ASK_ADULT = "第一次报名问一句：您满18岁了吗？"
ADULT = (Choice("满了", "满18岁了"), Choice("还没满", "还没满18岁"))
ASK_AGE = "您今年几岁？"
ALREADY = "您已经报了{name}（{people}人）。要改人数，先说「取消报名」再重新报。"
TOO_MANY = "{name}一共只有{seats}个名额，{n}个人报不下。可以少报几位。"
STARTED = "这个活动已经开始了，不能再报名。到现场找负责人{organiser}。"
CANCELLED_ACTIVITY = "这个活动已经取消了。"
AGES = "满18岁都可以，没有上限，身体吃得消就行。14到17岁要家长同意，14岁以下由家长带着来。抢险救灾要满18岁。"
NO_CHILDREN = "{name}不适合孩子参加。大人可以来。"
TOO_YOUNG = "14岁以下要由家长带着来。请家长报名，说「带孩子来」。"
NO_MINORS = "{name}是抢险救灾，按规定未满18岁不能参加。谢谢您的热心，其他活动欢迎您。"
CONSENT_ASK = "名额先给您留着。未满18岁要家长同意：请家长在自己的微信里对我说「家长同意{code}」，{until}前有效。"
CONSENT_WAIT = "{queue}未满18岁要家长同意：请家长对我说「家长同意{code}」。"
CONSENT_NONE = "这个号码没有等家长同意的报名。请核对8位数字。"
CONSENT_SELF = "要家长在自己的微信里说，自己不能替自己同意。"
CONSENT_MINOR = "家长要满18岁。请让家长用自己的微信说。"
CONSENT_OK = "好的，记下了：您同意孩子参加{name}（{when}，{place}）。"
CONSENT_NO = "好的，这次报名取消了。"
CONSENT_TOLD = "家长同意了。{done}"
REVIEW = "报名交给负责人{organiser}看一下，通过了马上告诉您。名额先留着。"
QUEUED = "{name}满了。{people}排在候补第{place}位，有空位马上告诉您。"
QUEUED_SHORT = "{name}只剩{free}个名额，不够{n}个人。一起排候补第{place}位，有空位马上告诉您。"
LOW = "您近90天有{n}次报了没来，30天内排在别人后面。"
OFFER = "{name}（{when}）有空位了，给您留了{n}个。请在{until}前回话，过时给下一位。"
OFFER_CHOICES = (Choice("我要", "我要这个名额"), Choice("不要了", "不要这个名额"))
OFFER_LAPSED = "{name}的名额没等到您的回话，已经给了下一位。"
CONSENT_LAPSED = "{name}没等到家长同意，报名取消了。还想参加可以再报。"
OFFER_GONE = "现在没有给您留着的名额。说「我的活动」看看您报了什么。"
OFFER_LEFT = "好的，名额给下一位。谢谢您说一声。"
ASK_WHY = "好的。什么原因来不了？说一句就行，不方便说就回复「跳过」。"
LEFT = "已取消：{name}（{when}）。谢谢您提前说。"
LEFT_QUEUE = "已退出候补：{name}（{when}）。"
TOO_LATE = "离开始不到{hours}小时，不能自己退了。我已经告诉负责人{organiser}，请等回话。"
LATE_TOLD = "{who}说{name}（{when}）来不了：{why}"
EXCUSED = "负责人知道了，{name}您不用来了，不算缺席。"
STILL_YOURS = "{name}您自己的名额还在，没有取消。人数要改，先说「取消报名」，再重新报。"
NOTHING_TO_LEAVE = "您没有报名的活动，不用取消。"
WHICH_LEAVE = "您想取消哪一个？"
MINE_NONE = "您还没有报活动。说「有什么活动」看看。"
MINE_HEAD = "您报的活动："
REMIND = "提醒：{when}，{name}，{place}集合。{bring}来不了请说「取消报名」。"
CHANGED = "{name}有变动：{what}。来不了可以说「取消报名」，不受时限。"
CALLED_OFF = "{name}（{when}）取消了。{why}对不起，给您添麻烦了。"
NOT_ORGANISER = "发活动要社区工作人员或志愿队队长来做。您有想法，说「我有个建议」。"
NOT_YOURS = "这个活动不归您负责，不能操作。"
NOTHING_CHANGED = "和原来一样，没有改动。"
WEEKLY_ON = "好的，{name}每周一次，结束了自动开下一期。"
WEEKLY_OFF = "好的，{name}办完这次不再自动开下一期。"
WEEKLY_ALREADY = "已经是每周一次了。"
WEEKLY_NOT = "本来就不重复。"
ENDED_ALREADY = "{name}已经结束或者取消了，不能再改。"
SIGNUP_MOVED = "这个报名刚刚有变化，请刷新看看。"
SAME_OPEN = "{name}已经发布过了（活动{number}），时间地点都一样。"
WRITTEN = "{name}：负责人{organiser}说：{words}"

STATUS = {
    "seated": "已报上", "consent": "等家长同意", "review": "等负责人通过", "offered": "有空位，等您回话",
    "waiting": "候补", "came": "已参加", "absent": "没来", "left": "已取消", "lapsed": "已过时", "refused": "没通过",
}  # fmt: skip


def day(at: datetime) -> str:
    """11月28日周六"""
    local = at.astimezone(ZONE)
    return f"{local.month}月{local.day}日周{_DAYS[local.weekday()]}"


def clock(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return f"{local.hour}:{local.minute:02d}"


def when(activity: Activity) -> str:
    """11月28日周六9:00到11:00"""
    same = activity.starts.astimezone(ZONE).date() == activity.ends.astimezone(ZONE).date()
    end = clock(activity.ends) if same else f"{day(activity.ends)}{clock(activity.ends)}"
    return f"{day(activity.starts)}{clock(activity.starts)}到{end}"


def moment(at: datetime, now: datetime) -> str:
    """今天16:30, 明天9:00, else with the day."""
    days = (at.astimezone(ZONE).date() - now.astimezone(ZONE).date()).days
    return {0: "今天", 1: "明天"}.get(days, day(at)) + clock(at)


def left(activity: Activity) -> str:
    return f"还有{activity.free}个名额" if activity.free > 0 else "已满，可候补"


def stands(activity: Activity, own: str) -> str:
    """「清洁家园照常办：11月28日周六9:00到11:00，北门小广场，您已报上。」"""
    if activity.status is State.CANCELLED:
        return f"{activity.name}（{day(activity.starts)}）取消了。"
    moved = "改过了，现在是" if activity.moved else "照常办："
    return f"{activity.name}{moved}{when(activity)}，{activity.place}{f'，您{own}' if own else ''}。"


def line(activity: Activity) -> str:
    """As a choice to tap."""
    return f"{activity.name} {day(activity.starts)}{clock(activity.starts)}，{left(activity)}"


def sheet(activity: Activity, organiser: str) -> str:
    """The whole recruiting notice (志愿服务条例 art. 12): true, complete, with the risks."""
    posts = "、".join(f"{s.name}{s.seats}人" for s in activity.stations) if len(activity.stations) > 1 else ""
    lines = [
        f"{activity.name}（活动{activity.number}）" if activity.number else activity.name,
        f"类别：{activity.kind}" if activity.kind != "其他" else "",
        f"内容：{activity.about}", f"时间：{when(activity)}",
        f"地点：{activity.place}", f"人数：{activity.seats}人，{left(activity)}", f"岗位：{posts}" if posts else "",
        f"条件：{activity.conditions}", f"风险和保障：{activity.risks}", f"保险：{insured(activity)}",
        f"带上：{activity.bring}" if activity.bring else "",
        "可以带孩子" if activity.children else "不带孩子",
        f"报名时问：{activity.question}" if activity.question else "",
        "报名要负责人通过" if activity.approve else "", "每周一次" if activity.weekly else "", f"负责人：{organiser}",
    ]  # fmt: skip
    return "\n".join(filter(None, lines))


def question(words: str) -> str:
    """The organiser's question as it is asked: 「衣服尺码」 alone is no sentence."""
    return words if words.endswith(("？", "?", "。")) else f"报名要填一项：{words}。您回一句就行。"


def insured(activity: Activity) -> str:
    number = f"，保单{activity.policy_number}" if activity.policy_number else ""
    return f"{activity.insurance}{number}"


def who_comes(signup_self: bool, party: tuple[Guest, ...]) -> str:
    """您和老婆、孩子"""
    guests = "、".join(guest.label for guest in party)
    if not signup_self:
        return guests
    return f"您和{guests}" if guests else "您"


def signed_up(activity: Activity, station: Station, mine: Signup, limit: timedelta) -> str:
    post = f"，岗位：{station.name}" if len(activity.stations) > 1 else ""
    guests = bool(mine.party)
    who = f"{who_comes(mine.self_comes, mine.party)}，" if guests else ""
    total = f"（共{mine.people}人）" if mine.people > 1 else ""
    bring = f"请带{activity.bring}。" if activity.bring else ""
    until = activity.starts - limit
    return (
        f"报好了：{who}{activity.name}{total}{post}。{when(activity)}，{activity.place}集合。{bring}"
        f"来不了请在{day(until)}{clock(until)}前说「取消报名」。"
    )


def people(count: int) -> str:
    return f"你们{count}个人" if count > 1 else "您"
