"""Labelled text from a csv or xlsx file: which columns are meant, which rows cannot be used and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.importing.sheet import LOST_DIGITS, Sheet, read_sheet
from bot.importing.zipped import FileRefused

TEXT_NAMES = ("text", "文本", "内容", "诉求内容", "留言详情", "标题", "title", "body")
LABEL_NAMES = ("label", "标签", "类别", "分类", "一级标签", "category", "intent")
LONGEST = 100_000  # characters of one text
MOST_LABELS = 500


@dataclass(frozen=True, slots=True)
class Example:
    row: int  # as a spreadsheet shows it; 0 when it does not come from a file
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class BadRow:
    row: int
    reason: str

    def line(self) -> str:
        return f"第{self.row}行：{self.reason}"


@dataclass(frozen=True, slots=True)
class Examples:
    """What a file holds: the rows that can be used, those that cannot, how many of the first come twice, and pairs of
    row numbers where the same words have different labels."""

    rows: tuple[Example, ...]
    bad: tuple[BadRow, ...] = ()
    repeated: int = 0
    disputed: tuple[tuple[int, int], ...] = ()

    @property
    def texts(self) -> list[str]:
        return [example.text for example in self.rows]

    @property
    def labels(self) -> list[str]:
        return [example.label for example in self.rows]


def read_examples(path: Path, text_column: str = "", label_column: str = "", *, fewest: int = 2) -> Examples:
    """Raises FileRefused when the file as a whole cannot be used. No row is left out silently.

    `fewest` examples of a label: two to learn (one to learn from, one to judge by), one only to judge by.
    """
    sheet = read_sheet(path)
    text_at = _column(sheet, text_column, TEXT_NAMES, "文字", "--text-column")
    label_at = _column(sheet, label_column, LABEL_NAMES, "标签", "--label-column")
    rows: list[Example] = []
    bad: list[BadRow] = []
    for number, cells in sheet.rows:
        text, label = (cells[at] if at < len(cells) else "" for at in (text_at, label_at))
        reason = _wrong(text, label)
        if reason:
            bad.append(BadRow(number, reason))
        else:
            rows.append(Example(number, text, label))
    rows, rare = _frequent(rows, fewest)
    if len({example.label for example in rows}) > MOST_LABELS:
        raise FileRefused(f"标签超过 {MOST_LABELS} 种。是不是选错了列？用 --label-column 指定。")
    repeated = len(rows) - len({(example.text, example.label) for example in rows})
    return Examples(tuple(rows), tuple(sorted([*bad, *rare], key=lambda one: one.row)), repeated, _disputed(rows))


def _disputed(rows: Sequence[Example]) -> tuple[tuple[int, int], ...]:
    first: dict[str, Example] = {}
    pairs = ((first.setdefault(example.text, example), example) for example in rows)
    return tuple((one.row, other.row) for one, other in pairs if one.label != other.label)


def usable(examples: Examples) -> str:
    """Why nothing can be learned from these rows, "" when it can."""
    labels = Counter(examples.labels)
    if len(labels) < 2:
        return "至少要有两种标签，每种至少两行。"
    return ""


def _wrong(text: str, label: str) -> str:
    if not text and not label:
        return "没有文字，也没有标签"
    if not text:
        return "没有文字"
    if not label:
        return "没有标签"
    if LOST_DIGITS in (text, label):
        return "数字被表格软件改成了科学计数法，请重新填"
    if len(text) > LONGEST:
        return f"文字太长（{len(text):,}字），最多{LONGEST:,}字"
    if len(label) > 64:
        return "标签太长（最多64字），是不是两列填反了"
    return ""


def _frequent(rows: Sequence[Example], fewest: int) -> tuple[list[Example], list[BadRow]]:
    times = Counter(example.label for example in rows)
    kept = [example for example in rows if times[example.label] >= fewest]
    rare = [
        BadRow(example.row, f"标签「{example.label}」只有这一行，没法既学又考")
        for example in rows
        if times[example.label] < fewest
    ]
    return kept, rare


def _column(sheet: Sheet, wanted: str, names: Sequence[str], what: str, option: str) -> int:
    headings = [heading.strip().lower() for heading in sheet.headings]
    for name in (wanted.lower(),) if wanted else names:
        if name in headings:
            return headings.index(name)
    have = "、".join(heading for heading in sheet.headings if heading)
    missing = f"没有“{wanted}”这一列" if wanted else f"找不到{what}列（{names[0]}）"
    raise FileRefused(f"{missing}。表里有：{have[:200]}。用 {option} 指定。")
