"""From rows of text to checked records: headings recognised, every cell checked, duplicates named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.importing.cells import WORDS, Bad
from bot.importing.kind import Column, Kind
from bot.importing.sheet import LOST_DIGITS, Sheet, half_width
from bot.importing.zipped import FileRefused

_LONG_NUMBER = re.compile(r"\d{7,}")
_TITLES = 10  # rows that may stand above the headings
_RANGES = 6  # of rows that are wrong alike
_SHOWN = 60  # characters of what stands there instead


@dataclass(frozen=True, slots=True)
class Record:
    """A checked row. Columns that are absent or empty give ""."""

    row: int
    values: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.values.get(key, "")


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be used. `value` is masked where it is private."""

    row: int
    column: str
    value: str
    reason: str

    def line(self, rows: Sequence[int] = ()) -> str:
        """`rows`: all that have this very problem."""
        shown = f"「{self.value}」" if self.value else ""
        return f"第{_ranges(rows or (self.row,))}行 {self.column}{shown}：{self.reason}"


def lines(problems: Iterable[Problem]) -> list[str]:
    """One line for what is wrong in the same way in many rows, where it stands first."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.column, problem.value, problem.reason), []).append(problem)
    return [group[0].line([problem.row for problem in group]) for group in alike.values()]


def _ranges(rows: Sequence[int]) -> str:
    """2、4–9; of many only the first."""
    found: list[list[int]] = []
    for row in rows:
        if found and row - found[-1][1] == 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    words = "、".join(str(first) if first == last else f"{first}–{last}" for first, last in found[:_RANGES])
    return words if len(found) <= _RANGES else f"{words}等{len(rows)}"


@dataclass(slots=True)
class Checked:
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()  # headings that are not known


def mask(value: str) -> str:
    """138****8888; shorter values keep their ends only."""
    if len(value) >= 11:
        return value[:3] + "*" * (len(value) - 7) + value[-4:]
    return value[:1] + "*" * max(len(value) - 1, 0)


def shown(column: Column, value: str) -> str:
    """A value as it may stand in a message."""
    if value == LOST_DIGITS:
        return ""
    if column.private:
        return mask(value)
    value = value if len(value) <= 40 else value[:40] + "…"
    code_like = column.title.endswith("编码")
    return value if code_like else _LONG_NUMBER.sub(lambda found: mask(found.group()), value)


def check(sheet: Sheet, kind: Kind, step: Callable[[int, int], None] | None = None) -> Checked:
    """Of a table that is `headed`. Raises FileRefused. `step(done, total)` is called now and then."""
    at, ignored = _columns(sheet.headings, kind)
    checked = Checked(ignored=ignored)
    seen: dict[tuple[str, ...], int] = {}
    for count, (number, cells) in enumerate(sheet.rows, start=1):
        if step and count % 2_000 == 0:
            step(count, len(sheet.rows))
        record = _record(number, cells, at, checked.problems)
        if record is None:
            continue
        key = tuple(record[name] for name in kind.unique)
        if key in seen:
            names = "、".join(kind.column(name).title for name in kind.unique if record[name])
            checked.problems.append(Problem(number, names, "", f"与第{seen[key]}行重复，请删去其中一行"))
            continue
        seen[key] = number
        checked.records.append(record)
    return checked


def _record(
    number: int, cells: tuple[str, ...], at: list[tuple[int, Column]], problems: list[Problem]
) -> Record | None:
    values: dict[str, str] = {}
    fine = True
    for index, column in at:
        raw = cells[index] if index < len(cells) else ""
        if not raw:
            if column.required:
                problems.append(Problem(number, column.title, "", "没有填，这一列必须填"))
                fine = False
            continue
        try:
            values[column.key] = column.check(raw)
        except Bad as bad:
            problems.append(Problem(number, column.title, shown(column, raw), str(bad)))
            fine = False
            continue
        if column.key == "building" and "word_written" not in values:
            values["word_written"] = next((word for word in WORDS if half_width(raw).endswith(word)), "")
    return Record(number, values) if fine else None


def headed(sheet: Sheet, kind: Kind) -> Sheet:
    """The table below its headings, where a title or who filled it in stands above them. Raises FileRefused."""
    names = _names(kind)
    wanted = {column.key for column in kind.columns if column.required}
    above = [(0, sheet.headings), *sheet.rows[:_TITLES]]
    for skipped, (_, cells) in enumerate(above):
        if wanted <= {names[plain].key for cell in cells if (plain := _plain(cell)) in names}:
            return Sheet(cells, sheet.rows[skipped:])
    at = {names[plain].key for cell in sheet.headings if (plain := _plain(cell)) in names}
    missing = "、".join(column.title for column in kind.columns if column.required and column.key not in at)
    there = "、".join(heading for heading in sheet.headings if heading)[:_SHOWN]
    raise FileRefused(
        f"没有表头，缺少列：{missing}（第一行是 {there}）。用 jushe import --template {kind.name} 可以得到空白表。"
    )


def _names(kind: Kind) -> dict[str, Column]:
    names = {
        _plain(title): column for column in kind.columns for title in (column.title, column.key, *column.aliases)
    }
    # a title always means its own column, even where another column has it as an alias
    return names | {_plain(column.title): column for column in kind.columns}


def _columns(headings: tuple[str, ...], kind: Kind) -> tuple[list[tuple[int, Column]], tuple[str, ...]]:
    names = _names(kind)
    at: list[tuple[int, Column]] = []
    taken: dict[str, str] = {}
    ignored: list[str] = []
    for index, heading in enumerate(headings):
        column = names.get(_plain(heading))
        if column is None:
            if heading:
                ignored.append(heading)
            continue
        if column.key in taken:
            raise FileRefused(f"“{taken[column.key]}”和“{heading}”都是{column.title}，请只留一列。")
        taken[column.key] = heading
        at.append((index, column))
    return at, tuple(ignored)


def _plain(heading: str) -> str:
    """Without blanks, stars and remarks in brackets."""
    return re.sub(r"[\s*:]|\(.*?\)", "", half_width(heading)).lower()
