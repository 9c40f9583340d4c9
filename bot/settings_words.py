"""Says in plain words what is wrong with a setting; never shows the value of a secret one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from pydantic import SecretStr, ValidationError

_WORDS = {
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "int_from_float": "应是整数",
    "float_parsing": "应是数字",
    "bool_parsing": "应是 true 或 false",
    "string_type": "应是文字，请加引号",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "extra_forbidden": "没有这个设置，请删去或改正名称",
    "value_error": "{error}",
    "dict_type": "应是一组“名称 = 值”",
    "dataclass_type": "应是一组“名称 = 值”",
}
_OF_DAY = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_SHOWN = 40  # characters of a wrong value


def explain(error: ValidationError, names: set[str], policy: set[str]) -> list[str]:
    """One line an error: the setting's name, what is wrong, and what it is now unless that may be secret.

    `names` of settings, `policy` those under [policy].
    """
    lines = []
    for item in error.errors(include_url=False):
        if item["type"] == "unexpected_keyword_argument":
            lines.append(_no_such(str(item["loc"][-1]), policy))
            continue
        name = str(item["loc"][0]) if item["loc"] else ""
        context: dict[str, Any] = dict(item.get("ctx") or {})
        if item["type"] == "literal_error":
            context["expected"] = "、".join(re.findall("'([^']+)'", context["expected"]))
        words = _WORDS.get(item["type"], item["msg"]).format_map(_Known(context))
        lines.append(f"{_label(item['loc'])}：{words}{_now(name, item, names)}")
    return lines


def unreadable(error: Exception) -> str:
    """Why a settings file is none, as tomllib says it, with the place."""
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码，请在编辑器里另存为 UTF-8"
    if found := re.search(r"at line (\d+), column (\d+)|at end of document", str(error)):
        place = f"第 {found[1]} 行第 {found[2]} 列" if found[1] else "结尾"
        again = "：这个名字前面已经写过" if "overwrite" in str(error) else "：写成 名称 = 值，文字加英文引号"
        return f"{place}读不懂{again}"
    return str(error)


def out_of_range(policy: Any) -> list[str]:
    """What no number of conversation or escalation can be, a line each."""
    wrong = []
    for name, value in ((field.name, getattr(policy, field.name)) for field in fields(policy)):
        if name.endswith("_hour") and not 0 <= value <= 24:
            wrong.append(f"{name} 应在 0 到 24 之间（现在是 {value}）")
        elif isinstance(value, int | float) and value < 0:
            wrong.append(f"{name} 不能小于 0（现在是 {value}）")
        elif name.endswith("_times") and isinstance(value, tuple):
            wrong += [f"{name} 应写成 08:05（现在有 {one}）" for one in value if not _OF_DAY.fullmatch(one)]
    return wrong


def misspelt(environment: Iterable[str], prefix: str, names: set[str]) -> list[str]:
    """One line for each variable with our prefix that is no setting: it would be silently without effect."""
    known = {prefix + name.upper() for name in names}
    lines = []
    for name in sorted(environment):
        if name.startswith(prefix) and name not in known and not name.startswith(f"{prefix}POLICY__"):
            near = difflib.get_close_matches(name, known, 1)
            lines.append(f"{name}：没有这个设置" + (f"，是不是 {near[0]}？" if near else "，请删去。"))
    return lines


def _no_such(name: str, policy: set[str]) -> str:
    near = difflib.get_close_matches(name, policy, 1)
    return f"[policy]：没有 {name} 这一项" + (f"，是不是 {near[0]}" if near else "")


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _label(loc: tuple[int | str, ...]) -> str:
    if loc and loc[0] == "policy":
        return " ".join(["[policy]", *(str(part) for part in loc[1:])])
    return f"JUSHE_{str(loc[0]).upper()}" if loc else "设置"


def _now(name: str, item: Any, names: set[str]) -> str:
    value = item.get("input")
    secret = isinstance(value, SecretStr) or any(word in name for word in ("secret", "token", "key", "url"))
    if secret or name not in names or value in ("", None) or isinstance(value, dict):
        return ""
    return f"（现在是 {str(value)[:_SHOWN]}）"
