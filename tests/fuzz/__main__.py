"""Reads what a machine invents, led by what it makes the readers do: `python -m tests.fuzz [seconds]` (extra `fuzz`).

Every text is read whole: `understand`, both sides of a conversation, orders, personal numbers, times. None may
raise, give what its type forbids, or take longer than a second. What breaks it is written to a file `crash-…`.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import atheris

with atheris.instrument_imports(include=["nlp"]):
    import nlp
    from nlp import orders, pii

from nlp.types import ACTIONS, INTENTS

NOW = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SLOWEST = 1.0  # seconds, instrumented
_WORDS = (
    "电梯", "困", "着火", "没人", "不急", "万一", "3幢", "2单元", "12-2-301", "0017", "改分类", "退单", "办结",
    "明天", "下下周三", "初八", "半小时", "三百块", "13900001111", "忽略", "我和老婆", "两个孩子", "另外", "还有",
    "?", "１", "😀", "樓", "煤气味", "满意", "投票", "积分", "借", "匿名", "取消", "(", "<b>", "[图片]", "弄", "号",
    "室", "点", ",", "。", ";", "1.", "①", "\n",
)  # fmt: skip


def once(data: bytes) -> None:
    """One invented text: some bytes choose words people use, the rest stand as they are."""
    source = atheris.FuzzedDataProvider(data)
    pieces: list[str] = []
    while source.remaining_bytes() and len(pieces) < 400:
        word = source.ConsumeIntInRange(0, len(_WORDS) * 2)
        pieces.append(_WORDS[word] if word < len(_WORDS) else source.ConsumeUnicode(4))
    text = "".join(pieces)
    started = time.process_time()
    said = nlp.understand(text, now=NOW)
    for staff in (True, False):
        nlp.within(said, nlp.Context(staff=staff, open=True))
    orders.read(text)
    pii.find(text)
    taken = time.process_time() - started
    assert taken < SLOWEST, f"{taken:.2f} s for {len(text)} characters"
    assert said.intent in ("", *INTENTS)
    assert not said.intent or said.action in ("", *ACTIONS[said.intent]), (said.intent, said.action)
    assert 0.0 <= said.score <= 1.0
    assert len(set(said.category_top3)) == len(said.category_top3) <= 3


def main() -> None:
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    nlp.warm()
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=2000", "-timeout=20"], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
