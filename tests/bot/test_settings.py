"""Settings: every error at once, in words, without a secret."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.settings import SettingsError, load, previous_keys, secret_key

APP = {"JUSHE_WECHAT_APP_ID": "wx0123456789abcdef", "JUSHE_WECHAT_SECRET": "s" * 32, "JUSHE_WECHAT_TOKEN": "t" * 20}


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load()
    assert settings.database == f"sqlite:///{tmp_path / 'jushe-data' / 'jushe.db'}"
    assert settings.address == "http://127.0.0.1:8080"
    assert settings.policy.quiet_from_hour == 22


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"JUSHE_PORT": "abc"}, "JUSHE_PORT：应是整数（现在是 abc）"),
        ({"JUSHE_PORT": "70000"}, "JUSHE_PORT：不能大于 65535"),
        ({"JUSHE_LOG_FORMAT": "xml"}, "JUSHE_LOG_FORMAT：只能是"),
        ({"JUSHE_PUBLIC_URL": "example.cn"}, "JUSHE_PUBLIC_URL：应是完整网址"),
        ({"JUSHE_DATABASE_URL": "mysql://x"}, "JUSHE_DATABASE_URL：应以 sqlite:///"),
        ({"JUSHE_SECRET_KEY": "short"}, "JUSHE_SECRET_KEY：至少 32 个字符"),
        ({"JUSHE_WECHAT_APP_ID": "wx0123456789abcdef"}, "JUSHE_WECHAT_TOKEN：设了 JUSHE_WECHAT_APP_ID，就必须设它"),
        ({"JUSHE_WECHAT_SECRET": "x"}, "JUSHE_WECHAT_SECRET：设了它，就必须设 JUSHE_WECHAT_APP_ID"),
        (APP | {"JUSHE_WECHAT_TOKEN": "guess"}, "JUSHE_WECHAT_TOKEN：应是 16–32 位"),
        (APP | {"JUSHE_WECHAT_MODE": "safe"}, "JUSHE_WECHAT_MODE：安全模式与兼容模式需要 JUSHE_WECHAT_AES_KEY"),
        (APP | {"JUSHE_WECHAT_AES_KEY": "k" * 42}, "JUSHE_WECHAT_AES_KEY：应是公众平台上的 43 位"),
        ({"JUSHE_WECHAT_TEMPLATES": "task"}, "JUSHE_WECHAT_TEMPLATES：应写成 种类=模板号"),
        ({"JUSHE_WECHAT_TOKNE": "x"}, "JUSHE_WECHAT_TOKNE：没有这个设置，是不是 JUSHE_WECHAT_TOKEN？"),
        ({"JUSHE_POLICY__ASKED_MIX": "3"}, "没有 asked_mix 这一项，是不是 asked_max"),
        ({"JUSHE_POLICY__ASKED_MAX": "many"}, "[policy] asked_max：应是整数"),
        ({"JUSHE_POLICY__QUIET_FROM_HOUR": "25"}, "[policy]：quiet_from_hour 应在 0 到 24 之间（现在是 25）"),
        ({"JUSHE_POLICY__URGES_PER_DAY": "-1"}, "urges_per_day 不能小于 0"),
        ({"JUSHE_POLICY__DIGEST_TIMES": '["8点"]'}, "digest_times 应写成 08:05（现在有 8点）"),
        ({"JUSHE_LOG_LEVEL": "loud"}, "JUSHE_LOG_LEVEL：只能是 DEBUG、INFO、WARNING、ERROR（现在是 LOUD）"),
        ({"JUSHE_DATABASE_URL": "postgresql+psycopg://j:a/b@c:d@127.0.0.1:5432/j"}, "这个地址读不懂：密码里的"),
        ({"JUSHE_CONFIG": "absent.toml"}, "没有这个文件：absent.toml"),
    ],
)
def test_each_error_says_what_to_do(env: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load()
    assert any(words in line for line in caught.value.lines), caught.value.lines


def test_all_errors_at_once_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUSHE_SECRET_KEY", "JUSHE_WECHAT_AES_KEY", "JUSHE_DATABASE_URL", "JUSHE_WECHAT_TOKEN"):
        monkeypatch.setenv(name, "canary-in-value")
    monkeypatch.setenv("JUSHE_PORT", "x")
    with pytest.raises(SettingsError) as caught:
        load()
    assert len(caught.value.lines) == 5
    assert "canary" not in str(caught.value)


def test_no_secret_in_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in APP.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("JUSHE_WECHAT_AES_KEY", "a" * 43)
    monkeypatch.setenv("JUSHE_DATABASE_URL", "postgresql+psycopg://u:canary@h/d")
    settings = load()
    shown = repr(settings)
    assert settings.mode == "safe"
    assert not any(secret in shown for secret in ("s" * 32, "t" * 20, "a" * 43, "canary"))


def test_the_file_and_the_environment_above_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jushe.toml").write_text(
        'port = 9000\nhost = "0.0.0.0"\n[wechat_templates]\ntask = "T1"\n'
        '[policy]\nquiet_from_hour = 21\naccept_remind = { T0 = 1, "*" = 30 }\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("JUSHE_PORT", "9001")
    monkeypatch.setenv("JUSHE_POLICY__ASKED_MAX", "4")
    settings = load()
    assert (settings.port, settings.host, settings.wechat_templates) == (9001, "0.0.0.0", {"task": "T1"})
    assert (settings.policy.quiet_from_hour, settings.policy.asked_max) == (21, 4)
    assert settings.policy.by_class(settings.policy.accept_remind, "T0") == 1


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"port =\n", "第 1 行第 7 列读不懂：写成 名称 = 值"),
        ("名字 = 1\n".encode(), "第 1 行第 1 列读不懂：写成 名称 = 值"),
        (b"port = 1\nport = 2\n", "读不懂：这个名字前面已经写过"),
        ("# 端口\nport = 1\n".encode("gbk"), "不是 UTF-8 编码"),
    ],
)
def test_a_file_that_is_not_understood_says_where(written: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "jushe.toml").write_bytes(written)
    with pytest.raises(SettingsError) as caught:
        load()
    assert "jushe.toml" in str(caught.value)
    assert words in str(caught.value)


def test_a_file_saved_on_windows(tmp_path: Path) -> None:
    (tmp_path / "jushe.toml").write_bytes(b"\xef\xbb\xbfport = 9000\r\n")
    assert load().port == 9000


def test_an_unknown_key_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "jushe.toml").write_text("prot = 9000\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="JUSHE_PROT：没有这个设置"):
        load()


def test_the_key_is_made_once_and_only_ours_to_read(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path / "data")
    first = secret_key(settings)
    assert first == secret_key(settings)
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_earlier_keys_are_each_long_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUSHE_SECRET_KEY_PREVIOUS", f"{'a' * 32}, {'b' * 40},")
    assert previous_keys(load()) == ("a" * 32, "b" * 40)
    monkeypatch.setenv("JUSHE_SECRET_KEY_PREVIOUS", f"{'a' * 32},secret")
    with pytest.raises(SettingsError) as wrong:
        load()
    assert "JUSHE_SECRET_KEY_PREVIOUS" in str(wrong.value.lines)
    assert "secret" not in str(wrong.value.lines)
