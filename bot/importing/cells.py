"""What a single cell must be: each check gives the tidy value or says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from bot.importing.sheet import LOST_DIGITS, half_width
from nlp.when import ZONE as SHANGHAI

Check = Callable[[str], str]


class Bad(Exception):
    """The cell cannot be used; the text says why and what to do."""


RELATIONS = {
    "业主": "owner", "房东": "owner", "产权人": "owner", "户主": "owner", "本人": "owner",
    "租户": "tenant", "租客": "tenant", "承租人": "tenant",
    "家属": "family", "家人": "family", "家庭成员": "family", "配偶": "family", "子女": "family", "父母": "family",
    "同住人": "family",
}  # fmt: skip
ROLES = {
    "微网格长": "leader", "网格长(微)": "leader", "长": "leader",
    "副微网格长": "deputy", "微网格副": "deputy", "副网格长(微)": "deputy", "副": "deputy", "微网格副长": "deputy",
    "专职网格员": "grid", "网格员": "grid",
}  # fmt: skip
WORKS = {
    "放假": "off", "休": "off", "休息": "off", "假": "off", "节假日": "off", "否": "off",
    "默认": "law", "按国家公布": "law",
    "上班": "on", "班": "on", "工作日": "on", "调休": "on", "补班": "on", "是": "on",
}  # fmt: skip
TIMING = {"工作时间": "w", "工作时": "w", "工作日": "w", "自然时间": "n", "自然日": "n", "7×24": "n", "7x24": "n"}
COUNTING = {"单次": "", "单次耗时": "", "累计": "c", "累计耗时": "c"}
DUTY_DAYS = {"工作日": "work", "上班日": "work", "平日": "work", "周末": "weekend", "双休日": "weekend"}
YES_NO = {
    "是": "on", "有": "on", "可以": "on", "要": "on",
    "否": "off", "没有": "off", "无": "off", "不": "off", "不可以": "off",
}  # fmt: skip
ACTIVITY_KINDS = {
    kind: kind
    for kind in ("环境清洁", "助老助残", "文明劝导", "安全巡查", "文体活动", "便民服务", "抢险救灾", "其他")
}
WORDS = ("号楼", "幢", "栋", "座", "号")


def text(limit: int) -> Check:
    """Any words up to `limit` characters."""

    def check(value: str) -> str:
        if len(value) > limit:
            raise Bad(f"太长，最多{limit}个字")
        if "<" in value or ">" in value:
            raise Bad("不能有尖括号")
        return value

    return check


def code(*lengths: int) -> Check:
    """Digits only, of one of these lengths (domain.md §3.3)."""
    wanted = "或".join(str(n) for n in lengths)

    def check(value: str) -> str:
        if value == LOST_DIGITS:
            raise Bad("表格把长编码存成了数字，后几位已丢失；请把这一列设为“文本”后重新填写")
        value = re.sub("^'|[ -]", "", half_width(value))  # an apostrophe keeps a number text in spreadsheets
        if not value.isascii() or not value.isdigit() or len(value) not in lengths:
            raise Bad(f"应是{wanted}位数字")
        return value

    return check


def mobile(value: str) -> str:
    """A mobile number: eleven digits; +86, blanks and dashes are dropped."""
    tidy = re.sub(r"[\s\-()]", "", half_width(value))
    tidy = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", tidy)
    if "*" in tidy:
        raise Bad("手机号被遮住了；请用完整号码（导出时加 --unmasked）")
    if not re.fullmatch(r"1[3-9][0-9]{9}", tidy):
        raise Bad("应是11位手机号")
    return tidy


def office_phone(value: str) -> str:
    """A published number: digits, dashes, an extension."""
    tidy = half_width(value)
    if not re.fullmatch(r"[0-9][0-9\-\s]{2,24}(\([^()]{1,8}\))?", tidy):
        raise Bad("应是电话号码，如 0573-88001234")
    return tidy


def person_name(value: str) -> str:
    if value == LOST_DIGITS or not re.fullmatch(r"[^\W\d_][^\d_<>*=@]{0,39}", value):
        raise Bad("应是姓名，不含数字和符号（被遮住的姓名不能导入）")
    return re.sub(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])", "", value)  # 李 四, set as wide as three signs, is 李四


def building(value: str) -> str:
    """3幢, 03 → 3; C2座 → C2. The word is taken by `building_word`."""
    tidy = half_width(value)
    for word in WORDS:
        tidy = tidy.removesuffix(word)
    return _number(tidy, "楼栋", 16)


def building_word(value: str) -> str:
    if value not in WORDS:
        raise Bad("应是 幢、号、栋、座、号楼 之一")
    return value


def unit(value: str) -> str:
    return _number(half_width(value).removesuffix("单元"), "单元", 8)


def floor(value: str) -> str:
    return _number(re.sub("[楼层]$", "", half_width(value)), "楼层", 8)


def room(value: str) -> str:
    return _number(re.sub("[室号]$", "", half_width(value)), "室号", 16)


def lane(value: str) -> str:
    return _number(half_width(value).removesuffix("弄"), "弄号", 16)


def _number(value: str, what: str, limit: int) -> str:
    value = value.strip().upper()
    if re.search("[零一二三四五六七八九十百]", value):
        raise Bad(f"{what}请写阿拉伯数字，如 3")
    if value == LOST_DIGITS or not re.fullmatch(r"-?[0-9A-Z\u4e00-\u9fff]+([-/][0-9A-Z]+)*", value):
        raise Bad(f"{what}应是数字或字母，如 3、C2")
    if len(value) > limit:
        raise Bad(f"{what}太长，最多{limit}个字")
    return value.lstrip("0") or "0"  # 024 = 24 (domain.md §3.2 A13)


def whole(least: int, most: int) -> Check:
    """A whole number between two, both included."""

    def check(value: str) -> str:
        found = value.strip().removesuffix(".0")
        digits = found.removeprefix("-")
        if not digits.isascii() or not digits.isdecimal() or not least <= int(found) <= most:
            raise Bad(f"要{least}到{most}的整数")
        return str(int(found))

    return check


def listed(limit: int) -> Check:
    """Several names in one cell, separated by 、 , ; or |; kept joined with 、."""

    def check(value: str) -> str:
        parts = [part.strip() for part in re.split("[、,\uff0c;\uff1b|]", value)]
        names = list(dict.fromkeys(part for part in parts if part))
        if any(len(name) > 32 for name in names) or len(names) > limit:
            raise Bad(f"最多{limit}个，每个最多32个字，用顿号分开")
        return "、".join(names)

    return check


def one_of(table: dict[str, str], shown: str) -> Check:
    """A word of a table; gives what it stands for."""

    def check(value: str) -> str:
        found = table.get(half_width(value).replace(" ", ""))
        if found is None:
            raise Bad(f"应是 {shown} 之一")
        return found

    return check


def degrees(low: float, high: float) -> Check:
    def check(value: str) -> str:
        try:
            number = float(half_width(value))
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise Bad(f"应是 {low:g} 到 {high:g} 之间的度数，如 30.630125")
        return repr(round(number, 7))

    return check


def day(value: str) -> str:
    tidy = re.sub("[./年月]", "-", half_width(value)).removesuffix("日").split(" ")[0]
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", tidy))
    try:
        if found is None:
            raise ValueError(tidy)
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        raise Bad("应是日期，如 2026-10-01") from None


def duration(value: str) -> str:
    """A length of time as a number and a unit: 30分钟, 2小时, 3天 (3个工作日 in working time), or 默认."""
    tidy = half_width(value).replace(" ", "")
    found = re.fullmatch(r"(\d{1,5}(?:\.5)?)个?(分钟|分|小时|时|工作日|天|日)", tidy)
    if tidy in ("默认", "不设"):
        return tidy
    if found is None or float(found[1]) <= 0:
        raise Bad("应是时长，如 30分钟、2小时、3天；恢复默认写“默认”")
    unit = {"分": "分钟", "时": "小时", "日": "天", "工作日": "天"}.get(found[2], found[2])
    return f"{found[1]}{unit}"


def hour(value: str) -> str:
    """A time of day: 8:30 → 08:30."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", half_width(value).replace("点", ":"))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Bad("应是时刻，如 8:30")
    return f"{int(found[1]):02d}:{found[2]}"


def wecom_user(value: str) -> str:
    """A member's UserID; one member in any case, so kept in small letters."""
    value = half_width(value).lower()
    if not re.fullmatch(r"[0-9a-z][0-9a-z_.@-]{0,63}", value):
        raise Bad("应是企业微信通讯录里的账号，字母、数字、点、横线")
    return value


def login(value: str) -> str:
    value = half_width(value).lower()
    if not re.fullmatch(r"[a-z][a-z0-9._-]{2,31}", value):
        raise Bad("应是3到32位的小写字母、数字、点或横线，字母开头")
    return value


def moment(value: str) -> str:
    """A day with a time of day, in Shanghai; as ISO with its zone."""
    tidy = re.sub("[./年月]", "-", half_width(value)).replace("日", "").replace("T", " ").strip()
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2}) +(\d{1,2}):(\d{2})(?::\d{2})?", tidy)
    try:
        if found is None:
            raise ValueError(tidy)
        year, month, day_, hour, minute = (int(part) for part in found.groups())
        return datetime(year, month, day_, hour, minute, tzinfo=SHANGHAI).isoformat()
    except ValueError:
        raise Bad("应是日期和时间，如 2026-06-06 09:00") from None
