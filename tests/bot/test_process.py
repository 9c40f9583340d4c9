"""The real program as a process: start, stop with open streams, the commands."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TALK = "3幢2单元楼道灯坏了\n对\n@leader 接单\n办结 已换灯泡\n[照片]\n@居民 解决了\n[语音]\n[语音 没有这个文件]\n"


def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JUSHE_")}
    return clean | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def jushe(folder: Path, *words: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=folder, env=environment() | env, input=given,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@contextmanager
def running(folder: Path, *words: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A service and its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words, "--port", "0"], cwd=folder, env=environment() | env,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    seen = ""
    try:
        for line in process.stdout:
            seen += line
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                yield process, int(found[1])
                return
        raise AssertionError(f"it did not start: {seen}")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return bytes(answer.read())


def test_it_stops_in_order_with_streams_and_half_requests_open(tmp_path: Path) -> None:
    with running(tmp_path, "demo", "--data", "data") as (process, port):
        assert b"true" in get(port, "/readyz")
        streams = []
        for request in (
            b"GET /webchat/events?user=leader HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /webchat/events?user=resident HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST /webchat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
            b"GET /healthz HTT",
        ):
            streams.append(socket.create_connection(("127.0.0.1", port), timeout=10))
            streams[-1].sendall(request)
        assert b"event-stream" in streams[0].recv(4096)
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0
        assert time.monotonic() - start < 10
        for stream in streams:
            stream.close()
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()


def test_what_was_acknowledged_is_there_after_kill_and_restart(tmp_path: Path) -> None:
    body = json.dumps({"user": "resident", "id": "k1", "text": "3幢2单元楼道灯坏了"}).encode()
    answers = []
    for _ in range(2):
        with running(tmp_path, "demo", "--data", "data") as (process, port):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/webchat/messages", body, {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=10) as answer:
                answers.append(answer.read())
            process.kill()
    assert answers[0] == answers[1]
    with sqlite3.connect(tmp_path / "data" / "jushe.db") as conn:
        assert conn.execute("SELECT count(*) FROM inbox").fetchone() == (1,)
    conn.close()


def test_chat_talks_through_a_pipe_and_records_a_transcript(tmp_path: Path) -> None:
    done = jushe(tmp_path, "chat", "--record", "talk.txt", given=TALK)
    assert done.returncode == 0, done.stderr
    recorded = (tmp_path / "talk.txt").read_text(encoding="utf-8")
    for line in ("居民: 3幢2单元楼道灯坏了", "微网格长: 接单", "微网格长: [照片]", "居民: 解决了", "居民: [语音]"):
        assert line in recorded.splitlines()
        assert line in done.stdout.splitlines()
    assert "没发：打不开文件 没有这个文件" in done.stdout
    assert re.match(r"时间: \d{4}-\d\d-\d\d \d\d:\d\d\n居民: ", recorded)
    pushed = re.findall(r"^推送 (.+?): (.+)$", recorded, re.MULTILINE)
    assert any("楼道灯" in words or "任务" in words for _, words in pushed), recorded


def test_chat_refuses_an_unknown_speaker(tmp_path: Path) -> None:
    done = jushe(tmp_path, "chat", "--as", "mayor")
    assert done.returncode == 2
    assert done.stderr.strip().count("\n") == 0
    assert "没有这个人：mayor" in done.stderr


def test_understand_answers_line_by_line(tmp_path: Path) -> None:
    done = jushe(tmp_path, "understand", given="3幢2单元楼道灯坏了\n\n电梯里有人被困\n")
    assert done.returncode == 0, done.stderr
    lamp, nothing, lift = map(json.loads, done.stdout.splitlines())
    assert lamp["intent"] == "report_issue"
    assert {"score", "category", "category_top3", "kind", "urgency", "slots", "issues"} <= set(lamp)
    assert lift["urgency"] == "emergency"
    assert nothing["text"] == ""
    assert not (tmp_path / "jushe-data").exists()  # looking makes nothing


def test_doctor_before_and_after_the_first_start(tmp_path: Path) -> None:
    before = jushe(tmp_path, "doctor", "--json")
    assert before.returncode == 1
    assert not (tmp_path / "jushe-data").exists()  # looking creates nothing
    assert {check["name"]: check["ok"] for check in json.loads(before.stdout)["checks"]}["数据库"] is False
    assert jushe(tmp_path, "migrate").returncode == 0
    with running(tmp_path, "demo", "--data", "jushe-data") as (_, port):
        get(port, "/readyz")
        time.sleep(1.5)
    after = json.loads(jushe(tmp_path, "doctor", "--json").stdout)
    found = {check["name"]: check["ok"] for check in after["checks"]}
    assert found.pop("假日表") in (True, None)  # next year's is only worth knowing until it is published
    assert False not in found.values()
    wanted = {
        "设置": True, "密钥": True, "磁盘": True, "数据库": True, "记录链": True, "活动和时长": True,
        "发件": True,
        "暂存": True, "定时任务": True, "社区资料": True, "公众号": None,
        "企业微信": None, "旧密钥": None,
    }  # fmt: skip
    assert wanted.items() <= found.items()
    assert after["ok"] is True


def test_doctor_sees_a_changed_record(tmp_path: Path) -> None:
    assert jushe(tmp_path, "chat", "--data", "jushe-data", given=TALK).returncode == 0
    with running(tmp_path, "demo", "--data", "jushe-data") as (_, port):
        get(port, "/readyz")
        time.sleep(2)  # the chain is sealed by a job
    conn = sqlite3.connect(tmp_path / "jushe-data" / "jushe.db")
    assert conn.execute("UPDATE facts SET actor = actor + 1 WHERE position = 2").rowcount == 1
    conn.commit()
    conn.close()
    done = jushe(tmp_path, "doctor")
    assert done.returncode == 1
    assert re.search(r"问题\s+记录链", done.stdout), done.stdout


def test_backup_and_restore(tmp_path: Path) -> None:
    def inbox() -> int:
        conn = sqlite3.connect(tmp_path / "jushe-data" / "jushe.db")
        (count,) = conn.execute("SELECT count(*) FROM inbox").fetchone()
        conn.close()
        return int(count)

    assert jushe(tmp_path, "chat", "--data", "jushe-data", given="楼道灯坏了\n").returncode == 0
    with running(tmp_path, "demo", "--data", "jushe-data"):
        assert jushe(tmp_path, "backup", "copy.db").returncode == 0
        busy = jushe(tmp_path, "restore", "copy.db", "--yes")
        assert (busy.returncode, "请先停掉" in busy.stderr) == (2, True)
    assert jushe(tmp_path, "backup", "copy.db").returncode == 2
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0
    assert jushe(tmp_path, "chat", "--data", "jushe-data", given="再见\n再来\n").returncode == 0
    assert inbox() == 3
    (tmp_path / "broken.db").write_bytes(b"not a database")
    broken = jushe(tmp_path, "restore", "broken.db", "--yes")
    assert (broken.returncode, "没有动" in broken.stderr, inbox()) == (2, True, 3)
    assert jushe(tmp_path, "restore", "copy.db", "--yes").returncode == 0
    assert inbox() == 1


@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        (("serve",), {}, "还没有一个入口"),
        (("serve",), {"JUSHE_PORT": "x", "JUSHE_SECRET_KEY": "canary"}, "JUSHE_PORT：应是整数"),
        (("menu", "push"), {}, "没有设置公众号"),
        (("bogus",), {}, "bogus"),
        (("restore", "absent.db", "--yes"), {}, "没有这个文件"),
        (("demo", "--port", "99999"), {}, "JUSHE_PORT：不能大于 65535"),
    ],
)
def test_errors_are_clear_lines_and_status_2(
    tmp_path: Path, words: tuple[str, ...], env: dict[str, str], said: str
) -> None:
    done = jushe(tmp_path, *words, **env)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stdout + done.stderr


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = jushe(tmp_path, "demo", "--data", "data", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
