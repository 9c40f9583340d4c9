"""What the desk corrects is kept, learned from, and put in place only where it is better; the old one comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner

from bot.learning.desk import previous, retrain, swap_back
from bot.learning.fit import CannotLearn, learn
from bot.learning.models import read_model, write_model
from bot.settings import load, secret_key
from storage.engine import Database, open_database
from storage.ids import new_id
from storage.learning import taught
from storage.schema import examples
from tests.bot.test_learn import rows
from tests.commands import cli
from tests.importing.street import NOW


def keep(db: Database, *lines: tuple[int, str, str]) -> None:
    with db.writing() as conn:
        for ticket, words, label in lines:
            values = {"id": new_id(), "what": "category", "ticket": ticket, "words": words, "was": "99"}
            conn.execute(insert(examples).values(values | {"label": label, "person": 1, "at": NOW}))


def test_the_last_word_on_a_ticket_counts(database: Database) -> None:
    keep(database, (1, "灯坏了", "0201"), (2, "漏水", "0302"), (1, "灯坏了", "0202"), (3, "", "0201"))
    assert taught(database) == [("灯坏了", "0202"), ("漏水", "0302")]
    with database.reading() as conn:
        assert conn.exec_driver_sql("SELECT words FROM examples").scalars().first() != "灯坏了"
        assert conn.execute(select(examples.c.words)).scalars().first() == "灯坏了"


def test_switched_only_for_a_better_one(tmp_path: Path) -> None:
    model = tmp_path / "desk.model"
    first = retrain(rows(), model)
    assert (first.present, first.switched) == (None, True)
    kept = model.read_bytes()
    again = retrain(rows(), model)
    assert (again.switched, again.present) == (False, 1.0)
    assert model.read_bytes() == kept
    other = {"照明": "漏水", "漏水": "噪音", "噪音": "照明"}
    write_model(model, learn([text for text, _ in rows()], [other[label] for _, label in rows()]).learned)
    bad = model.read_bytes()
    better = retrain(rows(), model)
    assert better.switched
    assert better.present is not None
    assert better.fresh > 0.9 > 0.1 > better.present
    assert read_model(model).best("路灯坏了")[0] == "照明"
    swap_back(model)
    assert (model.read_bytes(), previous(model).read_bytes() == bad) == (bad, False)
    swap_back(model)
    assert read_model(model).best("路灯坏了")[0] == "照明"


def test_too_few_say_nothing(tmp_path: Path) -> None:
    with pytest.raises(CannotLearn, match="还太少：12 条能用"):
        retrain(rows()[:12], tmp_path / "m")
    with pytest.raises(FileNotFoundError, match="没有换下来的旧模型"):
        swap_back(tmp_path / "m")


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUSHE_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    model = str(tmp_path / "desk.model")
    run = CliRunner().invoke
    refused = run(cli, ["train", "--from-desk", "--out", model])
    assert refused.exit_code == 2
    assert "改过的分类还太少" in refused.output
    settings = load()
    db = open_database(settings.database, secret_key(settings))
    keep(db, *((at, text, label) for at, (text, label) in enumerate(rows())))
    db.close()
    done = run(cli, ["train", "--from-desk", "--out", model])
    assert done.exit_code == 0, done.output
    assert "已换上" in done.output
    assert json.loads(run(cli, ["train", "--from-desk", "--out", model, "--json"]).stdout)["switched"] is False
    assert "没有换下来的旧模型" in run(cli, ["train", "--back", "--out", model]).output
    assert "请给出文件" in run(cli, ["train", "--out", model]).output
