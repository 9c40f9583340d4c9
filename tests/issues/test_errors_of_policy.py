"""A number under [policy] that does not exist hid the other wrong ones: they came out one start after another."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SettingsError, load


def test_every_error_of_the_policy_is_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jushe.toml").write_text('[policy]\nasked_mix = 3\nurges_per_day = "x"\nfoo = 1\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        load()
    assert sorted(caught.value.lines) == [
        "[policy] urges_per_day：应是整数（现在是 x）",
        "[policy]：没有 asked_mix 这一项，是不是 asked_max",
        "[policy]：没有 foo 这一项",
    ]
