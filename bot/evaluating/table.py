"""The numbers that were promised, measured on a folder of data, each with its goal and baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluating import address, cost, hot, letters, pii, policies, utterances
from bot.evaluating import time as times

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Line:
    """A promise, or with `goal` None a number beside one. `least`: the goal is at least this, else at most.
    `baseline` "" where none is known."""

    what: str
    figure: Callable[[dict[str, Any]], float]
    goal: float | None
    baseline: str = ""
    least: bool = True
    form: str = ".3f"


@dataclass(frozen=True, slots=True)
class Measure:
    """A data set (a folder or file of the data), how it is measured, and the lines that come of it."""

    data: str
    run: Callable[[Path, Tell], dict[str, Any]]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its number; `value` None where the data is missing."""

    what: str
    data: str
    value: float | None
    goal: float | None
    baseline: str
    least: bool
    form: str

    @property
    def reached(self) -> bool | None:
        if self.value is None or self.goal is None:
            return None
        return self.value >= self.goal if self.least else self.value <= self.goal


def _quietly(run: Callable[[Path], dict[str, Any]]) -> Callable[[Path, Tell], dict[str, Any]]:
    return lambda path, tell: run(path)


TABLE = (
    Measure("utterances.tsv", _quietly(utterances.evaluate), (
        Line("意图 macro-F1", lambda f: f["intent"]["macro_f1"], 0.90, "0.37"),
        Line("意图：有把握的占", lambda f: f["intent"]["sure_coverage"], 0.80),
        Line("意图：有把握的对", lambda f: f["intent"]["sure_accuracy"], 0.97),
        Line("险情召回", lambda f: f["emergency"]["recall"], 0.98),
        Line("险情精确", lambda f: f["emergency"]["precision"], 0.95),
        Line("分类编码 第一个对", lambda f: f["category"]["top1"], 0.85),
        Line("分类编码 前三个有", lambda f: f["category"]["top3"], 0.95),
    )),
    Measure("taidi_c_classify", letters.category, (
        Line("类别 全文 macro-F1", lambda f: f["full"], 0.92, "0.907–0.910"),
        Line("类别 前100字 macro-F1", lambda f: f["head"], 0.90, "0.897"),
        Line("类别 只有标题 macro-F1", lambda f: f["title"], 0.89, "0.871"),
        Line("类别 模型 MB", lambda f: f["megabytes"], 12, "9", least=False, form=".1f"),
        Line("类别 训练 处理器秒", lambda f: f["seconds"], 60, "25", least=False, form=".0f"),
    )),
    Measure("taidi_c_selfintent", letters.kind, (
        Line("诉求种类（遮住提示词） macro-F1", lambda f: f["macro_f1"], 0.79, "0.776"),
    )),
    Measure("smp_ecdt", letters.domains, (Line("领域 macro-F1", lambda f: f["macro_f1"], 0.93, "0.920"),)),
    Measure("address_naacl2019", _quietly(address.evaluate), (
        Line("地址要素 学过的 F1", lambda f: f["learned"], 0.90, "0.864"),
        Line("地址要素 只凭规则 F1", lambda f: f["rules"], None),
    )),
    Measure("time_cases", _quietly(times.evaluate), (
        Line("时间（各家一致的）", lambda f: f["agreed"], 0.97),
    )),
    Measure("pii_cases", _quietly(pii.evaluate), (
        Line("电话和身份证 召回", lambda f: f["recall"], 0.99, "0.96"),
        Line("电话和身份证 精确", lambda f: f["precision"], 0.97, "0.96"),
    )),
    Measure("ncp_policy_qa", policies.evaluate, (
        Line("政策问答 前五条有同一文件", lambda f: f["document"], 0.45, "0.30"),
        Line("  更严：前五条有它自己的答案", lambda f: f["answer"], None),
    )),
    Measure("taidi_c_selfintent", _quietly(hot.evaluate), (Line("热点 F1（掺进来信里）", lambda f: f["f1"], 0.85),)),
    Measure("utterances.tsv", _quietly(cost.evaluate), (
        Line("理解一句话 微秒（中位）", lambda f: f["median"], 300, least=False, form=".0f"),
        Line("模型和词典占内存 MB", lambda f: f["memory"], 150, least=False, form=".0f"),
        Line("准备好 秒", lambda f: f["ready"], 2, least=False, form=".2f"),
        Line("一万字是一千字用时的几倍", lambda f: f["growth"], 12, least=False, form=".1f"),
    )),
)  # fmt: skip


def measured(folder: Path, tell: Tell) -> Iterator[Row]:
    """Row by row. Data that is not there is named and passed over. Raises ValueError for data that cannot be read."""
    for measure in TABLE:
        path = folder / measure.data
        found = measure.run(path, tell) if path.exists() else None
        for line in measure.lines:
            value = line.figure(found) if found is not None else None
            yield Row(line.what, measure.data, value, line.goal, line.baseline, line.least, line.form)
