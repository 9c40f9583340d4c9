"""Wording of mutual help. Short, kind, readable aloud."""

from __future__ import annotations

from handlers.types import Choice

WHERE = "您住哪里？写小区和几幢，才知道哪些是您的邻居，比如「我住学府花园3幢2单元」。"
WHAT = "想请邻居帮什么？说一句，比如「想借一把梯子，下午用」。"
MONEY = "互助不借钱、不募捐、不收钱。有困难想找救助，说「转人工」，社区来帮您。"
CHECK = "发给本微网格愿意帮忙的邻居：{words}\n不写您的姓名、电话和门牌。要发吗？"
CHOICES = (Choice("发", "发出去"), Choice("不发", "不发了"))
NOT_SENT = "好的，没有发。"
ASKED = "发出去了（互助{number}），告诉了{count}位邻居。有人愿意帮，马上告诉您。{days}天没人帮会自动结束。"
ASKED_LEADER = "发出去了（互助{number}）。还没有邻居登记帮忙，先告诉了微网格长。有人愿意帮，马上告诉您。"
MANY = "您已经有{count}件互助没结束。先说「互助{number}帮好了」或「取消互助{number}」。"
NEW = "邻居想请人帮忙（互助{number}）：{words}"
TAKE = Choice("我来帮", "我来帮互助{number}")
TAKEN = "好的，谢谢您！已经告诉邻居。有话对他说「回互助{number} 我三点到楼下」，帮好了说「互助{number}帮好了」。"
TAKEN_TOLD = (
    "{who}愿意帮您（互助{number}：{words}）。有话说「回互助{number} 在楼下等您」，帮好了说「互助{number}帮好了」。"
)
GONE = "这一件已经有人帮了，或者结束了。谢谢您的热心！"
OWN = "自己的互助不能自己帮。"
FAMILY = "您和他是一家人，不用走互助。"
NOT_NEAR = "这一件不在您的微网格里。"
NO_SUCH = "没有这个互助。说「互助」看看有哪些。"
RELEASED = "好的，已经告诉邻居，请别的邻居来帮。"
RELEASED_TOLD = "互助{number}：邻居临时来不了，又发给别的邻居了。"
SAY_WHAT = "要对邻居说什么？比如「回互助{number} 我三点到楼下」。"
NOT_TAKEN = "还没有邻居来帮，等有人了再说。"
SENT = "告诉他了。"
WRITTEN = "互助{number}，邻居说：{words}"
CONFIRMED = "记下了，等对方也说一声就好了。"
CONFIRM = "互助{number}，对方说帮好了。是吗？"
CONFIRM_CHOICE = Choice("帮好了", "互助{number}帮好了")
DONE = "太好了，互助{number}帮好了。谢谢您！"
DONE_TOLD = "互助{number}双方都说帮好了。谢谢您！"
CANCELLED = "好的，互助{number}取消了。"
CANCELLED_TOLD = "互助{number}邻居取消了，不用去了。谢谢您！"
EXPIRED = "互助{number}（{words}）一直没有人帮，先结束了，对不起。还需要可以再发，或者说「转人工」。"
JOINED = "好的，微网格里有邻居请人帮忙时告诉您。不想收了，说「退出互助」。"
JOINED_ALREADY = "您已经登记帮忙了。说「互助」看看有没有邻居要帮。"
LEFT = "好的，不再发给您了。"
NONE = "现在没有邻居请人帮忙。想请人帮，直接说，比如「想借一把梯子」；愿意帮人，说「我愿意帮忙」。"
LIST = "邻居请人帮忙的："
MINE = "互助{number}：{words}（{state}）"
STATES = {"open": "等人帮", "taken": "有人在帮"}
