"""Wording of greeting, help, privacy and homes. Short, kind, readable aloud; tickets have their own."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.types import Choice, Home

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTICE_VERSION = 1
PRIVACY_PATH = "/privacy"

SORRY = "对不起，刚才出了点问题，没有办成。您的话我们记下了，工作人员会查。着急的话请回复「转人工」。"
RECORDED = "我们记下了，系统正忙，稍后回您。有危险请直接打110、119、120。"
# Neither the database nor the disk took the message: nothing may be promised then.
NOT_KEPT = "对不起，系统出了故障，这条没有记下。请过一会儿再发，或直接打社区电话。有危险请打110、119、120。"
TOO_FAST = "您发得太快了，我慢慢看。请过一分钟再说。有危险请直接打110、119、120。"
TOO_MANY = "您今天说了很多，我先记到这里。急事请打社区电话，有危险打110、119、120。"

WELCOME = "您好，这里是居社通。有事直接说，一句话就行。"
NOTICE = "隐私提示：我们只记下办事要用的内容，\n您的姓名、电话、住址不给无关的人看，\n随时可以说「删除我的数据」。"
SUGGESTIONS = (
    Choice("报个问题", "我要报事"),
    Choice("查进度", "查进度"),
    Choice("登记住址", "绑定住址"),
)
MENU = "您可以直接说事，比如「楼道灯坏了」「有什么活动」。也可以选："
MENU_CHOICES = (
    Choice("报个问题", "我要报事"),
    Choice("查进度", "查进度"),
    Choice("登记住址", "绑定住址"),
    Choice("我的隐私", "隐私"),
    Choice("找社区的人", "转人工"),
)

GREET = "您好！有什么事直接说，比如「楼道灯坏了」。"
THANKS = "不客气，应该的。"
BYE = "好的，有事随时说。"
TEST = "收到，我在。"
ABUSE = "您先消消气。有什么没办好的，直接告诉我，我记下来转给社区。"
ADVERT = "这里只办社区的事，广告我就不转了。"
INJECTION = "这个我不能做。别人的信息我们不外传，也不改规则。"
PERSONAL = "别人的电话、住址我们不外传，请您理解。有事要找邻居，说「转人工」，社区的同志来联系。"
RUMOUR = "这个消息我没有核实过，先不要转。请以社区和官方发布的为准。"
CHAT = "这个我帮不上。社区里的事，您尽管说。"
FINE = "好的。有事随时说。"
ROBOT = "我是社区的聊天机器人，您说的事由社区的同志来办。要找人，回复「转人工」。"
SLOWLY = "不要紧，慢慢来。说一句是什么事就行，我来记；不方便打字，按住说话就好，社区的同志会听。"
FOREIGN = (
    "我只看得懂中文，可以发语音、照片，社区的同志会听、会看。\n"
    "Please write in Chinese, or send a voice message or a photo. 2: a person will answer. "
    "Danger: call 110, 119 or 120."
)
MISREAD = "我没看明白。您是想："
READINGS = {  # what words not understood may mean, as a choice; the first of an intent stands for its other actions
    "report_issue/report": "报修、报问题",
    "query_progress/progress": "查我报的事",
    "urge_reopen_rate/urge": "催一催我报的事",
    "urge_reopen_rate/unsolved": "事情还没解决",
    "urge_reopen_rate/solved": "事情已经解决",
    "urge_reopen_rate/withdraw": "撤回我报的事",
    "consult/ask": "问个事情",
    "consult/who_is_leader": "问微网格长是谁",
    "complaint_service/complain": "投诉、提意见",
    "proposal_vote/propose": "提个建议",
    "volunteer_activity/browse": "看看活动",
    "points/balance": "查我的积分",
    "mutual_help/ask": "请邻居帮忙",
    "account_privacy/bind": "登记住址",
    "account_privacy/privacy": "我的隐私",
}
READING_CODE = "报修：{name}"
A_PERSON = "找社区的人"
NO_DIALOG = "现在没有要取消的事。有事直接说。"
COMFORT = {"angry": "让您着急了，对不起。", "distress": "您先别急，我们一起想办法。"}
CANCELLED = "好的，不办了。有事随时说。"
NOTHING_TO_SKIP = "现在没有要跳过的问题。有事直接说。"
ANYTIME = "有事随时说。"  # the end of a conversation, unless another comes back
GO_ON = "接着刚才的："
GO_ON_LINE = "接着刚才的。\n"
PIN_BLURRED = "这个定位不太准，可能差{away}，认不出是哪里。"
PIN_IN_WORDS = "请打几个字：什么事、在哪里。"
KEPT_FORM = "（刚才那件事还没报完，可以接着说。）"

BUTTON_GONE = "这个按钮用不了了。说「我的待办」或「查进度」看看。"
BUTTON_TAKEN = "{short}已由{by}处理，您不用再点。"
BUTTON_DONE = "{short}已由{by}办结，不用再点。"
BUTTON_YOURS = "{short}您已经接了。到了说「到场」，办好了说「办结」。"
BUTTON_WITHDRAWN = "{short}报事人已撤回，不用办了。"

STAFF_HELLO = "您好，{name}。任务会发到这里，点卡片上的按钮，或者直接说。说「我的待办」随时查看。"
MEMBER_HELLO = "您好，这里是居社通。请发「认领」加8位数字，认领码问社区要。"
PREFERRED = "好的，以后任务发到{channel}。"
PREFER_WHERE = "您想收在哪里？说「任务发微信」或「任务发企业微信」。"
PREFER_UNKNOWN = "您还没在{channel}里登记。请先在那边发「认领」加8位数字，认领码问社区要。"

DESK_ONLY = "这件事要社区的同志来办。"
NOT_YET_DESK = "这件事还不能在聊天里办。要告诉居民，说「通知」加内容；居民提的建议会变成工单，在「我的待办」里。"
NOT_YET = "这件事我这里还办不了。要不要转给社区的同志回您？"
NOT_YET_MORE = "好的，也记下了。一起转给社区的同志回您吗？"
TO_DESK = Choice("转给社区", "转给社区")
NO_NEED = Choice("不用了", "不用了")

# --- homes --------------------------------------------------------------------------------------------------

ASK_ADDRESS = "您住哪里？写小区和门牌就行，比如「学府花园3幢2单元302」。"
ASK_NEW_ADDRESS = "新家在哪里？写小区和门牌就行。不登记新家，回复「跳过」。"
WHICH_HOME = "我找到几处，您是哪一处？"
RELATION = "您是这里的房东、租客，还是家里人？"
RELATIONS = (Choice("房东", "房东"), Choice("租客", "租客"), Choice("家里人", "家里人"))
RELATION_NAMES = {"owner": "房东", "tenant": "租客", "family": "家里人"}
RELATION_OF = {"房东": "owner", "业主": "owner", "租客": "tenant", "家里人": "family", "家人": "family"}
NO_HOME = "您还没有登记住址。"
ALREADY_HOME = "这里已经登记过了。"
ERASE_ASK = (
    "删掉以后，您的姓名、电话、住址和报事的文字照片都清掉，找不回来。"
    "还没处理完的险情只留最少的信息，办完就删。确定吗？"
)
ERASE_YES = Choice("确定删除", "确定删除")
ERASE_NO = Choice("先不删", "先不删")
ERASE_KEPT = "好的，没有删。"
ERASED = "已经删除。以后再来，就当新朋友。"
ANONYMOUS_ON = "好的，以后您报事都不显示名字，只有社区知道。想改回来，说「实名」。"
ANONYMOUS_OFF = "好的，以后报事显示您的姓氏。"
PRIVACY = (
    "我们只记办事要用的：您写的内容、照片、住址、电话（您给了才有）。\n"
    "报事三年后匿名，照片一年后删。\n"
    "可以说：「导出我的数据」「删除我的数据」「匿名」。"
)
CLAIM_OK = "认领成功，{name}，您好！您是{post}。有任务会发到这里。说「我的待办」随时查看。"
CLAIM_WRONG = "认领码不对或已过期。请核对后再发，或者找社区再要一个。"
CLAIM_LOCKED = "认领码错得太多，先停一会儿。请过一小时再试，或者打社区电话。"
CLAIM_HOW = "请发「认领」加8位数字，认领码问社区要。"
REACH = "有事直接在这里说，我马上转告。"
PHONE_SAVED = "电话记下了，只有办事的人看得到后四位。"
MAYBE_AGAIN = "（如果这条已经收到过，请不用理会。）"


def unknown_place(words: str) -> str:
    return f"「{words[:24]}」我没找到。请再写一遍小区和几幢，比如「学府花园3幢2单元」。"


def welcome_at(label: str, community: str) -> str:
    return f"您好，这里是居社通。您扫的是{label}，属于{community}。有事直接说，一句话就行。"


def home_bound(home: Home, community: str, leader: str) -> str:
    who = f"微网格长是{leader}。" if leader else ""
    return f"登记好了：{home.place.label}（{RELATION_NAMES.get(home.relation, '')}），{community}。{who}"


def home_left(home: Home) -> str:
    return f"已解绑：{home.place.label}。"


def homes(items: tuple[Home, ...]) -> str:
    return "您登记的住址：\n" + "\n".join(
        f"{n} {home.place.label}（{RELATION_NAMES.get(home.relation, '')}）" for n, home in enumerate(items, 1)
    )


def building_known(label: str) -> str:
    return f"好的，记下您在{label}。几室可以以后再说。"


def ask_room(label: str, with_unit: bool) -> str:
    return f"{label}，{'' if with_unit else '几单元'}几室？不方便就回复「跳过」。"


def no_room(label: str) -> str:
    return f"{label}我没找到这个房号。请再核对一下，或者回复「跳过」。"


def who_leads(label: str, leader: str, deputy: str, name: str) -> str:
    helper = f"，副手是{deputy}" if deputy else ""
    return f"{label}归{name}微网格，微网格长是{leader}{helper}。"


def leader_away(deputy: str) -> str:
    return f"微网格长今天请假，有事找{deputy}。" if deputy else "微网格长今天请假，有事直接在这里说。"


def no_leader(label: str, phone: str) -> str:
    return f"{label}现在没有微网格长，请找社区。" + (f"电话{phone}。" if phone else "")
