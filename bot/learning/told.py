"""How a measurement is shown to a person: a table of the labels, who is taken for whom, how sure is how right."""

from __future__ import annotations

from collections.abc import Iterator

from bot.learning.measure import Measured, give_or_take

_SHOWN = 40  # labels in the table; --json gives all
_MIXED = 8  # confusions named


def lines(found: Measured) -> Iterator[str]:
    accuracy = f"{found.accuracy:.4f}（上下约 {give_or_take(found):.3f}）"
    yield f"宏平均F1  {found.macro_f1:.4f}    准确率 {accuracy}    文字 {found.texts:,} 条"
    parts = "，".join(f"最有把握的{float(part):.0%} {value:.4f}" for part, value in found.at_coverage.items())
    yield f"把握与准确  校准误差(ECE) {found.ece:.4f}（0 是说几成把握就有几成对）；准确率：{parts}"
    width = max(_wide(label) for label in found.per_class)
    yield ""
    yield f"{_left('标签', width)}   精确率   召回率       F1    条数"
    by_size = sorted(found.per_class.items(), key=lambda item: (-item[1].support, item[0]))
    for label, one in by_size[:_SHOWN]:
        yield f"{_left(label, width)}   {one.precision:6.3f}   {one.recall:6.3f}   {one.f1:6.3f}  {one.support:6,}"
    if len(by_size) > _SHOWN:
        yield f"……还有 {len(by_size) - _SHOWN} 个标签，用 --json 看全部。"
    mixed = sorted(
        (
            (times, true, given)
            for true, row in found.confusion.items()
            for given, times in row.items()
            if true != given
        ),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    if mixed:
        yield ""
        yield "最常认错："
        for times, true, given in mixed[:_MIXED]:
            yield f"  {times:4d} 次  {true} 认成 {given}"


def _wide(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _left(text: str, width: int) -> str:
    return text + " " * (width - _wide(text))
