"""Wording of answers from the knowledge base, short and readable aloud."""

from __future__ import annotations

from datetime import date

from handlers.types import Choice

HELPED = Choice("有帮助")
NOT_HELPED = Choice("没帮助")
NONE_OF_THESE = Choice("都不是")
THANKS = "好的，谢谢您告诉我。"
WHICH = "您是想问哪一个？"
WHERE = "各个社区不一样。您住在哪里？写小区和几幢就行，比如「学府花园3幢」。"
UNSURE = "这个我不确定，不乱说，已转人工。社区的同志会回您。"
UNSURE_REST = "这些我不确定，已转人工，社区的同志会回您：{rest}。"
UNSURE_PHONE = "着急可以打{name}电话{phone}。"
SORRY = "对不起，没帮上。已转人工，社区的同志会回您。"
OFFICE = "{name}的值班电话是{phone}。"
NO_QUESTIONS = "现在没有等答复的问题。"
NO_SUCH = "没有{number}号问题。说「待答问题」看看有哪些。"
NEED_WORDS = "答什么？比如「答 {number} 带身份证到服务大厅」。"
ALREADY = "{number}号已经答复过了。要存进知识库，说「入库 {number}」。"
NOT_ANSWERED = "{number}号还没有答复。先说「答 {number} 」加答复。"
NOT_YOURS = "{number}号不是本社区的问题。"
KEPT = "已存进知识库。以后有人这样问，就直接这样答。"
KEEP = "入库 {number}"
KEEP_LABEL = "存进知识库"
REPLIED = "已回复居民（{number}号）。这个答复对别人也有用的话，可以存进知识库。"
SOURCE = "社区答复"

NOT_HERE = "这条不是本社区的，改不了。"
CHANGED = "这条刚才被别人改过。您写的还在下面，请对照「改动记录」再保存一次。"
GONE_AWAY = "这条已经不在了。"
SAME_QUESTION = "本社区已经有这个问题了，请去改那一条。"
SAME_RETIRED = "本社区已经有这个问题，是下架的。请去那一条点「恢复使用」。"
NOT_RETIRED = "这条现在就是这样，没有变。"
WHO_ANSWERS = "只有社区工作人员能答复。"
FAULTS = {
    "question": "请写问题，最多200个字。",
    "answer": "请写答案，最多1000个字。",
    "variants": "其他问法一行一个，最多20个，每个最多200个字。",
    "source": "来源最多120个字。",
    "since": "日期请写成 2026-11-01。",
    "until": "失效日期不能早于生效日期。",
    "words": "请写答复，最多1000个字。",
}
SAVED = "已保存。居民从现在起就会得到这个答案。"
RETIRED = "已下架。机器人不再用这条回答。"
RESTORED = "已恢复使用。"


def answer(text: str, source: str, until: date | None) -> str:
    """The answer, where it is from and until when it holds."""
    parts = [f"来源：{source}"] if source else []
    if until:
        parts.append(f"有效期到{until.year}年{until.month}月{until.day}日")
    return text + (f"\n（{'，'.join(parts)}）" if parts else "")


def waiting(count: int) -> str:
    return f"有{count}个居民的问题等答复。说「待答问题」查看。"


def listed(questions: list[tuple[int, str]]) -> str:
    lines = "\n".join(f"{number}号 {words[:40]}" for number, words in questions)
    return f"等答复的问题：\n{lines}\n答复请说「答 {questions[0][0]} 」加内容。"


def replied(asked: str, words: str) -> str:
    return f"您问的「{asked[:24]}」，社区回复您：{words}"
