"""`jushe train` and `jushe eval`: learn labels from a table of texts, and say in figures how well it goes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.commands.all_numbers import all_numbers
from bot.commands.bar import Tell, progress
from bot.commands.desk_model import back, from_desk
from bot.commands.elements import train_elements
from bot.commands.opened import fail
from bot.importing.zipped import FileRefused
from bot.learning.examples import Examples, read_examples, usable
from bot.learning.measure import Measured, as_json, measure
from bot.learning.models import read_model, write_model
from bot.learning.split import apart
from bot.learning.told import lines
from nlp.linear import BadModel, Model

_SHOWN = 50  # bad rows on the screen; --json gives all
_JUDGED = 0.2  # of the rows, when `jushe eval` has no other rows to judge by

_WAYS = {"written": "按来信学（看说的是什么事）", "spoken": "按说的话学（也看怎么说）"}

_Columns = tuple[str, str]
_TEXT = typer.Option("--text-column", help="文字在哪一列")
_LABEL = typer.Option("--label-column", help="标签在哪一列")
_TEST = typer.Option("--test", help="用这个文件来评，不从 FILE 里留")
_SEED = typer.Option("--seed", help="分开学和考的行；同样的数，同样的结果", min=0)
_SKIP = typer.Option("--skip-bad", help="跳过用不了的行")
_JSON = typer.Option("--json", help="结果用 JSON 输出")


def register(cli: typer.Typer) -> None:
    cli.command("train")(train)
    cli.command("eval")(eval_)


def train(
    file: Annotated[Path | None, typer.Argument(help="csv 或 xlsx：text,label")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="模型写到哪里；--from-desk 不给就放进数据目录")] = None,
    test: Annotated[Path | None, _TEST] = None,
    text_column: Annotated[str, _TEXT] = "",
    label_column: Annotated[str, _LABEL] = "",
    seed: Annotated[int, _SEED] = 0,
    skip_bad: Annotated[bool, _SKIP] = False,
    from_desk_: Annotated[bool, typer.Option("--from-desk", help="从社区改过的分类和意图学，更好才换上")] = False,
    back_: Annotated[bool, typer.Option("--back", help="换回旧的模型")] = False,
    json_: Annotated[bool, _JSON] = False,
    elements: Annotated[bool, typer.Option("--elements", help="FILE 是分好段的地址（jsonl）")] = False,
) -> None:
    """从标好的文字学出一个小模型；留一部分来评，最后用全部来学。"""
    from bot.learning.fit import CannotLearn, learn

    if back_:
        back(out)
        return
    if from_desk_:
        from_desk(out, seed=seed, json_=json_)
        return
    if file is None:
        fail("请给出文件，如 jushe train 文件.csv --out 模型；或者加 --from-desk。")
    if out is None:
        fail("请用 --out 给出模型写到哪里。")
    if elements:
        train_elements(file, out, test, seed, quiet=json_)
        return
    columns = (text_column, label_column)
    examples = _read(file, columns, skip_bad=skip_bad, json_=json_)
    judged_by = _read(test, columns, skip_bad=skip_bad, json_=json_, alone=True) if test else None
    started = time.monotonic()
    try:
        with progress(quiet=json_) as tell:
            lesson = learn(examples.texts, examples.labels, seed=seed, tell=tell)
    except CannotLearn as error:
        _refuse(str(error), json_)
    seconds = time.monotonic() - started
    size = write_model(out, lesson.learned)
    found = _judge(Model(lesson.learned), judged_by) if judged_by else lesson.aside
    again = _again(judged_by, examples) if judged_by else 0
    about = {
        "model": str(out), "bytes": size, "seconds": round(seconds, 1), "labels": len(lesson.learned.labels),
        "recipe": lesson.learned.about["recipe"], "learned_from": len(examples.rows), "skipped": len(examples.bad),
        "repeated": examples.repeated, "disputed": len(examples.disputed), "learned_before": again,
    }  # fmt: skip
    if json_:
        typer.echo(json.dumps(about | (as_json(found) if found else {}), ensure_ascii=False))
        return
    typer.echo(f"学好了：{len(examples.rows):,} 条，{about['labels']} 个标签，用了 {seconds:.1f} 秒。")
    typer.echo(f"模型：{out}（{_size(size)}），学法：{_WAYS[lesson.learned.about['recipe']]}。")
    _skipped(examples)
    if found is None:
        typer.echo("文字太少，没有留出来评。多给一些例子，或用 --test 给一个评的文件。")
        return
    typer.echo("用 --test 的文件评：" if test else "先留出一部分没学，用它评：")
    if judged_by:
        _warned(again, judged_by)
    for line in lines(found):
        typer.echo(line)


def eval_(
    file: Annotated[Path | None, typer.Argument(help="csv 或 xlsx：text,label")] = None,
    model: Annotated[Path | None, typer.Option("--model", help="评这个模型；不给就现学现评")] = None,
    test: Annotated[Path | None, _TEST] = None,
    text_column: Annotated[str, _TEXT] = "",
    label_column: Annotated[str, _LABEL] = "",
    seed: Annotated[int, _SEED] = 0,
    skip_bad: Annotated[bool, _SKIP] = False,
    json_: Annotated[bool, _JSON] = False,
    all_: Annotated[bool, typer.Option("--all", help="FILE 是数据目录：把承诺的数字全部量一遍")] = False,
) -> None:
    """评一个模型，或者评这些文字能学得多好。"""
    if all_ and file is not None:
        all_numbers(file, json_=json_)
        return
    if file is None:
        fail("请给出文件，如 jushe eval 文件.csv --model 模型。")
    from bot.learning.fit import fingerprint

    columns = (text_column, label_column)
    examples = _read(file, columns, skip_bad=skip_bad, json_=json_, alone=model is not None)
    started = time.monotonic()
    if model is not None:
        try:
            reader, name = read_model(model), str(model)
        except BadModel as error:
            _refuse(f"{model.name}：{error}", json_)
        judged_by = _read(test, columns, skip_bad=skip_bad, json_=json_, alone=True) if test else examples
    else:
        with progress(quiet=json_) as tell:
            reader, judged_by = _learned(examples, test, columns, seed, tell, skip_bad=skip_bad, json_=json_)
        name = ""
    found = _judge(reader, judged_by)
    if name:
        again = len(judged_by.rows) if reader.about.get("of") == fingerprint(judged_by.texts) else 0
    else:
        again = _again(judged_by, examples) if test else 0
    if json_:
        about = {
            "model": name, "seconds": round(time.monotonic() - started, 1), "skipped": len(examples.bad),
            "learned_before": again,
        }  # fmt: skip
        typer.echo(json.dumps(about | as_json(found), ensure_ascii=False))
        return
    _skipped(examples)
    typer.echo(f"模型 {name}" if name else f"现学现评，用了 {time.monotonic() - started:.1f} 秒")
    _warned(again, judged_by)
    unknown = sorted(set(judged_by.labels) - set(reader.labels))
    if unknown:
        typer.echo(f"模型没学过这些标签：{'、'.join(unknown[:10])}")
    for line in lines(found):
        typer.echo(line)


def _learned(
    examples: Examples, test: Path | None, columns: _Columns, seed: int, tell: Tell, *, skip_bad: bool, json_: bool
) -> tuple[Model, Examples]:
    """A model of a part of the rows and the other part, or of all rows and those of `test`."""
    from bot.learning.fit import CannotLearn, learn

    if test:
        rest, judged_by = examples, _read(test, columns, skip_bad=skip_bad, json_=json_, alone=True)
    else:
        kept, aside = apart(examples.texts, examples.labels, _JUDGED, seed)
        if not aside:
            _refuse("这些文字全都重复出现，留不出没学过的来评。请用 --test 另给一个文件。", json_)
        rest = Examples(tuple(examples.rows[at] for at in kept))
        judged_by = Examples(tuple(examples.rows[at] for at in aside))
    try:
        return Model(learn(rest.texts, rest.labels, seed=seed, tell=tell).learned), judged_by
    except CannotLearn as error:
        _refuse(str(error), json_)


def _read(path: Path, columns: _Columns, *, skip_bad: bool, json_: bool, alone: bool = False) -> Examples:
    """The rows of a file; ends the command where it cannot be used. `alone`: rows only to judge by."""
    try:
        examples = read_examples(path, *columns, fewest=1 if alone else 2)
    except FileRefused as error:
        _refuse(f"{path.name}：{error}", json_)
    if examples.bad and not skip_bad:
        if json_:
            problems = [{"row": one.row, "reason": one.reason} for one in examples.bad]
            typer.echo(json.dumps({"error": "rows", "problems": problems}, ensure_ascii=False))
        for one in examples.bad[:_SHOWN]:
            typer.echo(f"{path.name} {one.line()}", err=True)
        if len(examples.bad) > _SHOWN:
            typer.echo(f"……还有 {len(examples.bad) - _SHOWN} 行，用 --json 看全部。", err=True)
        fail(f"{path.name} 有 {len(examples.bad)} 行用不了，什么都没有做。改好再来，或加 --skip-bad 跳过它们。")
    why = "" if alone and examples.rows else usable(examples)
    if why:
        _refuse(f"{path.name}：{why}", json_)
    return examples


def _judge(model: Model, examples: Examples) -> Measured:
    return measure(examples.labels, [model.best(text) for text in examples.texts])


def _again(judged: Examples, learned: Examples) -> int:
    """How many of the rows to judge by were learned."""
    known = set(learned.texts)
    return sum(text in known for text in judged.texts)


def _warned(again: int, judged: Examples) -> None:
    if again:
        which = "这些正是模型学过的文字" if again == len(judged.rows) else f"其中 {again} 条是模型学过的文字"
        typer.echo(f"注意：{which}，下面的数字偏高，不能当真。请用没学过的文件来评。")


def _skipped(examples: Examples) -> None:
    if examples.bad:
        typer.echo(f"跳过了 {len(examples.bad)} 行用不了的。")
    if examples.repeated:
        typer.echo(f"有 {examples.repeated} 行和别的行一模一样；同样的文字不会既学又考。")
    if examples.disputed:
        first, other = examples.disputed[0]
        typer.echo(
            f"有 {len(examples.disputed)} 处同样的文字标签不同，如第{first}行和第{other}行。改成一样会学得更准。"
        )


def _size(count: int) -> str:
    return f"{count / 1e6:.2f} MB" if count >= 100_000 else f"{count / 1e3:.1f} KB"


def _refuse(message: str, json_: bool) -> NoReturn:
    if json_:
        typer.echo(json.dumps({"error": message}, ensure_ascii=False))
    fail(message)
