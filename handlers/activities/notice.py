"""The fields of a recruiting notice as data: what is asked, how an answer is read, what may not be left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.activities import rules, said
from handlers.types import Choice
from nlp import numbers

Read = Callable[[str, datetime], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """`read` gives the JSON value of an answer, None when it is none. `named`: 「地点 南门」 sets it at any time."""

    key: str
    title: str
    ask: str
    read: Read
    named: str
    choices: tuple[Choice, ...] = ()
    asked: bool = True  # False: only when it is named


def _words(least: int, most: int) -> Read:
    def read(text: str, now: datetime) -> str | None:
        text = text.strip(" ，。,.")
        return text[:most] if len(text) >= least else None

    return read


def _span(text: str, now: datetime) -> list[str] | None:
    found = said.span(text, now)
    return [found[0].isoformat(), found[1].isoformat()] if found and found[0] > now else None


def seats(text: str, now: datetime) -> list[list[Any]] | None:
    """「20人」, or posts: 「清扫15人，指挥5人」."""
    found = re.findall(
        rf"([一-鿿]{{0,8}}?)[:：]?\s*(\d{{1,4}}|[{numbers.NUMERALS}]{{1,4}})\s*(?:个?人|名|位|个)", text
    )
    posts = []
    for name, count in found:
        many = numbers.value(count)
        name = re.sub("^(?:和|需要|要|招|一共|共|大概|最多|限)+|(?:需要|要|招|各|限)$", "", name)
        if many and 1 <= many <= 5000:
            posts.append([name or "志愿者", many])
    bare = numbers.value(text.strip())
    return posts or ([["志愿者", bare]] if bare and 1 <= bare <= 5000 else None)


def _yes(text: str, now: datetime) -> bool | None:
    if re.search("^(?:没有|没|无|否|不)|不可以|不能|不行|不带|不会", text.strip()):
        return False
    return True if re.search("^(?:有|是|可以|能|行|会|对|好)|危险|带", text.strip()) else None


def _kind(text: str, now: datetime) -> str | None:
    return next((kind for kind in rules.KINDS if text.strip()[:2] in kind), None) if len(text.strip()) >= 2 else None


FIELDS: tuple[Field, ...] = (
    Field("name", "名称", "活动叫什么名字？比如「清洁家园」。", _words(2, 24), "名称|名字"),
    Field("about", "内容", "做什么？一两句话。", _words(3, 300), "内容"),
    Field("span", "时间", "什么时候？比如「周六上午9点到11点」。", _span, "时间"),
    Field("place", "地点", "在哪里集合？", _words(2, 60), "地点|集合"),
    Field("posts", "人数", "要几个人？有岗位就写「清扫15人，指挥5人」。", seats, "人数|岗位"),
    Field("conditions", "条件", "参加的人要什么条件？没有就说「身体健康」。", _words(2, 120), "条件"),
    Field(
        "danger", "有没有危险", "会不会有人身危险？比如登高、涉水、搬重物、上马路。", _yes, "危险",
        (Choice("没有", "没有"), Choice("有", "有")),
    ),
    Field("risks", "风险和保障", "有什么风险，怎么保障？比如「路滑，发手套和雨鞋」。", _words(4, 200), "风险|保障"),
    Field("insurance", "保险", "买了什么保险？没有就说「没有保险」。", _words(2, 60), "保险"),
    Field(
        "policy", "保单号", "有危险的活动要先买人身意外险，请写保单号。没有保单不能发布。", _words(6, 40), "保单号?"
    ),
    Field("children", "带孩子", "可以带孩子吗？", _yes, "孩子", (Choice("可以", "可以"), Choice("不可以", "不可以"))),
    Field(
        "bring", "带上", "要带什么？比如「带上 水杯」。", _words(1, 60), r"(?:带上|请带|自带)(?=[:：\s])", asked=False
    ),
    Field(
        "question", "报名要问", "报名时要问什么？比如「报名要问 衣服尺码」。", _words(2, 100),
        r"报名(?:时|的时候)?要?问(?:一下|一句)?(?=[:：\s])", asked=False,
    ),
    Field("kind", "类别", f"属于哪一类？可以是：{'、'.join(rules.KINDS)}。", _kind, r"类别(?=[:：\s])", asked=False),
)  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}
_POLICY = re.compile(r"(?=[A-Za-z0-9-]*\d)[A-Za-z0-9-]{6,40}")
_NAME = re.compile(
    r"(?:发起|发布|组织|新建|办|开展|开|搞)(?:一?[个场次])?(?:每周)?(?P<name>[一-鿿]{2,16}?)(?:的?志愿)?活动"
    r"|[「《“\"](?P<quoted>[^」》”\"]{2,24})"
)
_PLACE = re.compile(
    r"在(?P<place>[一-鿿0-9A-Za-z]{2,20}?)(?:集合|集中|见面|碰头)"
    r"|[,，](?P<short>[一-鿿0-9A-Za-z]{2,12})集合"
    r"|(?:集合|地点)(?:地点|在)?[:：]?(?P<at>[一-鿿0-9A-Za-z]{2,20})"
)
_DANGER = re.compile("抢险|救灾|防汛|抗洪|巡堤|登高|涉水|下水|救援|消防")
_RELIEF = re.compile("抢险|救灾|防汛|抗洪|巡堤|抗台|救援")
_BRING = re.compile(r"(?:请?带上|自带|请带)(?P<bring>[一-鿿A-Za-z0-9、和]{1,40}?)(?=[,，。;；]|$)")
_QUESTION = re.compile(r"报名(?:时|的时候)?要?问(?:一下|一句)?[:：\s]*(?P<question>[^,，。;；]{2,100})")
_SWITCHES: tuple[tuple[re.Pattern[str], tuple[str, bool]], ...] = (
    (re.compile("^(?:报名)?(?:不用|不要|不需要|免)(?:审核|通过)"), ("approve", False)),
    (re.compile("^(?:报名)?(?:要|需要|我来)(?:审核?|通过)"), ("approve", True)),
    (re.compile("^(?:只办?|就办?)一次|^不重复"), ("weekly", False)),
    (re.compile("^每(?:周|个?星期|个?礼拜)(?:一次|重复)?$|^按周重复"), ("weekly", True)),
)
_NOTHING = re.compile("^(?:志愿|社区|一个|新的?|的)*$")


def from_first(text: str, now: datetime) -> dict[str, Any]:
    """What the opening sentence says already: it is not asked again."""
    found: dict[str, Any] = {}
    text = re.sub("每(?:周|个?星期|个?礼拜)(?:一次)?的", "每周", text)
    if match := _NAME.search(text):
        name = match.group("name") or match.group("quoted")
        if not _NOTHING.match(name):
            found["name"] = name
    if (span := _span(text, now)) is not None:
        found["span"] = span
    if match := _PLACE.search(text):
        place = match.group("place") or match.group("short") or match.group("at")
        found["place"] = place.removeprefix("在")
    if re.search("[0-9一二三四五六七八九十两]+(?:个?人|名)", text) and (posts := seats(text, now)):
        found["posts"] = posts
    if _DANGER.search(text):
        found["danger"] = True
    if _RELIEF.search(text):
        found["kind"] = rules.EMERGENCY
    if re.search("每周|每个?星期|每个?礼拜", text):
        found["weekly"] = True
    if re.search("要审核|需要审核|我来审|要通过", text):
        found["approve"] = True
    if match := _BRING.search(text):
        found["bring"] = match.group("bring")
    if match := _QUESTION.search(text):
        found["question"] = match.group("question")
    return found


def switched(text: str) -> tuple[str, bool] | None:
    """「要审核」 「不用审核」 「每周一次」 「只办一次」: (key, value)."""
    return next((found for pattern, found in _SWITCHES if pattern.search(text)), None)


def missing(answers: dict[str, Any]) -> Field | None:
    """The first field that is still open; the policy's number only where there is danger (条例 art. 17)."""
    for field in FIELDS:
        if not field.asked or (field.key == "policy" and not answers.get("danger")):
            continue
        if field.key not in answers:
            return field
    return None


def policy_in(text: str) -> str:
    match = _POLICY.search(text)
    return match.group() if match else ""


def set_by_name(text: str, now: datetime) -> tuple[str, Any] | None:
    """「地点 南门」 「改人数 30人」: (key, value), None when no field is named. Value None: not understood."""
    for field in FIELDS:
        match = re.match(rf"^(?:把|改|修改)?(?:{field.named})(?:改[成为到]?|是)?[:：,，\s]*(?P<rest>.+)$", text)
        if match:
            rest = match.group("rest")
            return field.key, (policy_in(rest) or None) if field.key == "policy" else field.read(rest, now)
    return None
