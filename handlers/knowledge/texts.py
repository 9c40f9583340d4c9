"""Wording of answers from the knowledge base, short and readable aloud."""

from __future__ import annotations

from datetime import date

from handlers.types import Choice

HELPED = Choice("有帮助")
NOT_HELPED = Choice("没帮助")
NONE_OF_THESE = Choice("都不是")
THANKS = "好的，谢谢您告诉我。"
WHICH = "您是想问哪一个？"
UNSURE = "这个我不确定，不乱说，已转人工。社区的同志会回您。"
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
