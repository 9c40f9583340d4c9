"""Wording of stars, photos, a new captain and 备案. Short, kind, readable aloud."""

from __future__ import annotations

from handlers.types import Choice

STAR_MISSING = "申请{star}星要满{need}小时，您的平台记录时长{have}小时，还差{missing}小时。"
STAR_ALL = "您已经是5星志愿者了，没有更高的星级。谢谢您！"
STAR_PENDING = "您申请的{star}星正在办，公示满了告诉您。"
STAR_ASK = "您的平台记录时长{have}小时，可以申请{star}星。要公示{days}个工作日，只写姓氏、星级和小时数。您同意吗？"
STAR_CHOICES = (Choice("同意，申请", "同意申请星级"), Choice("不申请", "不申请"))
STAR_ASKED = "申请好了（星级{number}）。社区核对时长后公示，有结果告诉您。"
STAR_NO = "好的，没有申请。"
STAR_TO_DESK = "{who}申请{star}星（星级{number}），平台记录时长{have}小时。核对后请回。"
STAR_DESK_CHOICES = (Choice("核对无误", "同意星级{number}"), Choice("不同意", "不同意星级{number}"))
STAR_SHOWN = "您申请的{star}星核对好了，公示到{until}。"
STAR_SHOWN_DESK = "好的，星级{number}公示到{until}。"
STAR_GRANTED = "恭喜您，{star}星志愿者公示期满了！说「星级证书」打开，可以打印。"
STAR_REFUSED = "您申请的{star}星这次没有通过：{why}。有不明白的说「转人工」。"
STAR_REFUSED_DESK = "好的，星级{number}没有通过，已经告诉本人。"
STAR_WHY = "请写原因，会告诉本人。比如「不同意星级{number} 时长和签到对不上」。"
STAR_NO_SUCH = "没有这个等着办的星级申请。"
STAR_OWN = "自己的申请和自己提异议的，请另一位同志来定。"
STAR_DESK_ONLY = "星级要社区工作人员核对。"
STAR_OBJECT_HOW = "请说清是哪一个、为什么，比如「星级3有异议，那天他没有来」。"
STAR_OBJECTED = "记下了，社区会再核对，有结果告诉您。您的姓名不公开。"
STAR_OBJECTION = "有人对星级{number}（{who}，{star}星）有异议：{words}"
STAR_OBJECTION_DONE = "您对星级{number}的异议核对过了，{result}。谢谢您说出来。"
STAR_CERTIFICATE = "{star}星志愿者证书，编号{serial}。点开可以打印，别人扫码能核对。"
STAR_CERTIFICATE_NONE = "您还没有公示通过的星级。够100小时可以说「申请星级」。"

PHOTO_ASK = "{name}有一张照片里有您，可以放在活动页上吗？放了也随时可以说「撤回照片」。"
PHOTO_CHOICES = (Choice("可以放", "照片可以放"), Choice("不要放", "照片不要放"))
PHOTO_YES = "好的，谢谢您。想拿下来，随时说「撤回照片」。"
PHOTO_NO = "好的，这张不放，已经删掉了。"
PHOTO_NONE = "现在没有等您回话的照片。"
PHOTO_BACK = "好的，有您的{count}张照片都拿下来了。"
PHOTO_BACK_NONE = "活动页上没有您的照片。"
PHOTO_TAKEN = "照片收好了。"
PHOTO_WAITS = "照片收好了，已经去问照片里的{count}位，都同意了才会显示。"
PHOTO_GONE = "这张照片拿下来了。"

CAPTAIN_HOW = "请说「换队长 姓名」，要先是队员。"
CAPTAIN_NOT = "您不是队长，不能换队长。"
CAPTAIN_NO_MEMBER = "{name}不是{team}的队员，请他先说「加入{team}」。"
CAPTAIN_ASK = "{who}请您接任{team}的队长。您愿意吗？"
CAPTAIN_CHOICES = (Choice("愿意", "愿意当队长"), Choice("不愿意", "不当队长"))
CAPTAIN_ASKED = "好的，已经去问{name}。他同意了才换，换之前还是您负责。"
CAPTAIN_NONE = "现在没有人请您当队长。"
CAPTAIN_NOW = "好的，您现在是{team}的队长了。要发活动，说「发起活动」。"
CAPTAIN_NO = "好的，已经告诉{team}现在的队长。"
CAPTAIN_TOLD = "{name}接任{team}的队长了。谢谢您一路操心。"
CAPTAIN_TOLD_DESK = "{team}换队长了：{before}换成{name}。"
CAPTAIN_DECLINED = "{name}这次不当{team}的队长，还是您负责。可以再请别人。"
CAPTAIN_MINOR = "队长要满18岁。"

FILING_KINDS = ("便民服务", "公益慈善", "邻里互助", "文体娱乐", "平安调解", "生产技术")
FILING_NOT = "您不是队长，不能备案。"
FILING_NOT_KIND = "业委会、楼栋小组和居委会的下属机构不是社会组织，不用在这里备案。"
FILING_ASK_KIND = "{team}属于哪一类？"
FILING_ASK_VENUE = "平时在哪里活动？"
FILING_ASK_FUNDS = "经费从哪里来？没有就说「没有经费」。"
FILING_ASKED = "备案报给社区了：{team}，{category}，在{venue}，{funds}，{members}人。编好备案号告诉您。"
FILING_THERE = "{team}备案过了，备案号{number}。"
FILING_WAITS = "{team}的备案已经报上去了，请等社区回话。"
FILING_TO_DESK = (
    "{team}申请备案：{category}，在{venue}，{funds}，{members}人，队长{captain}。"
    "请说「备案号 {team} 编号」或「不予备案 {team} 原因」。"
)
FILING_NONE = "{team}没有等着备案的申请。"
FILING_HOW = "请说「备案号 队名 编号」，或「不予备案 队名 原因」。"
FILING_DESK = "备案要社区工作人员来办。"
FILING_DONE = "记好了：{team}，备案号{number}，已经告诉队长。"
FILING_REFUSED = "好的，没有备案，已经告诉队长。"
FILING_TOLD = "{team}备案好了，备案号{number}。备案的队可以依法活动，没有法人资格，不能对外收钱。"
FILING_TOLD_NO = "{team}这次没有备案：{why}。改好了可以再报。"
