"""Who comes and how many: 我和老婆, 带两个孩子, 帮我妈报, 一家三口. Reads words; knows nothing of seats or ages."""

from __future__ import annotations

import re

from nlp import numbers
from nlp.lexicon import word_list
from nlp.skipping import skipping
from nlp.types import People

_N = rf"(?:\d{{1,3}}|[{numbers.NUMERALS}]{{1,3}}|仨|几)"
_GROWN = "|".join(sorted(word_list("grown"), key=len, reverse=True))
_YOUNG = "|".join(sorted(word_list("young"), key=len, reverse=True))
_PAIRS = frozenset(word_list("pairs"))
_GATE = skipping(rf"{_GROWN}|{_YOUNG}|[人口位名]|大人|成人|一家|全家|都[来去参]|[我咱](?:们|自己)?[也都要想来去报参]")
# Without a number right before a person or a measure of persons, nothing that begins with a number can match.
_COUNTED = re.compile(rf"[\d{numbers.NUMERALS}仨几](?:[个位名口人大成家老]|{_YOUNG})")
_KIN = re.compile(f"{_GROWN}|{_YOUNG}")  # whom _WITH names
_JOINING = re.compile("[带领陪和跟同与还加叫约以、,+]")  # how _WITH can begin
_FOR = re.compile("[帮替给代]")  # how _PROXY can begin
_SELF = re.compile("[我本俺咱单一]")  # how _MYSELF and _ALONE name somebody
_GROWN_UPS = re.compile(rf"(?P<n>{_N})(?:个|位|名)?(?:大人|成人|成年人|家长|老人)")
_CHILDREN = re.compile(rf"(?P<n>{_N})(?:个|位|名)?(?:{_YOUNG})")
_HOUSEHOLD = re.compile(rf"一?家(?:子|人)?(?P<n>{_N})(?:口|个人?)|(?P<n2>{_N})口(?:人|之家|子)")
_TOTAL = re.compile(
    rf"(?P<sum>一共|总共|共|总计|合计|我们|咱们|咱|就)?(?P<n>{_N})"
    r"(?:个人|人(?!民|行|大|工|家|才)|位|名)(?!口|额)"
)
_WITH = re.compile(
    rf"(?:(?P<how>带着?上?|领着?|陪着?|和|跟|同|与|还有|加上?|叫上|约上|以及|[、,+])(?:我|我们|我家|家里)?(?:的|家)?)"
    rf"(?:(?P<n>{_N})(?:个|位|名)?)?(?P<who>{_GROWN}|{_YOUNG})"
)
_PROXY = re.compile(
    rf"(?:帮|替|给|代)(?P<me>我|我们|我家)?(?:的|家)?(?P<who>{_GROWN}|{_YOUNG}|别人)(?!打|说|看|发|讲)"
)
_PROXY_NEXT = re.compile(r"也?(?:报|登记|约|预约|申请|问|办|填|投|领|参加|签|绑|抢|占|排)")
_MYSELF = re.compile(
    r"(?:^|[,。;!?、 ])(?:还有|算|加)?(?:我|本人|俺|咱)(?:自己|本人)?"
    r"(?:也|就|都|要|想|一个人|一人|可以|能|会|来|去|报|参加|和|跟|同|与|带|领|陪|们)"
)
_COMES = re.compile(r"报名|参加|算我|加我|我(?:也|要|想|也要)?[来去](?!报|反|问|投|咨)")
_ALONE = re.compile(r"(?:我自己|就我|我一个人?|我一人|单独|一个人(?:来|去|参加|报名))")
_EVERYBODY = re.compile(r"全家|一家人|一大家子|大家都|都来|都去|都参加")
_WE = re.compile(r"(?:我们|咱们|咱)(?!小区|社区|楼|单元|这|家|村|幢|栋|物业|要求|希望|反映|门)")


def people(text: str) -> People | None:
    """None when the words say nothing of who comes. `certain` is false where a number is missing (全家, 几个人)."""
    if _GATE.search(text) is None:
        return None
    proxy = _proxy(text) if _FOR.search(text) else ()
    rest = _PROXY.sub("", text) if proxy else text
    grown, young, named, sure = _named(rest)
    numbered = _COUNTED.search(rest) is not None
    if numbered and (match := _GROWN_UPS.search(rest)):
        grown = _number(match["n"])
    counted = sum(_number(match["n"]) for match in _CHILDREN.finditer(rest)) if numbered else 0
    young = max(young, counted)
    speaks = _SELF.search(rest)
    alone = bool(speaks and _ALONE.search(rest))
    myself = bool(speaks and _MYSELF.search(rest)) or bool(named and _starts_with_me(rest))
    myself = alone or (myself and not proxy)
    if proxy and re.search(r"我(?:也|和|跟|自己)", rest):
        myself = True
    household = _HOUSEHOLD.search(rest) if numbered else None
    everybody = bool(_EVERYBODY.search(rest))
    said = _said(rest) if numbered else 0
    total = _total(rest, said, grown + young, myself, proxy, alone)
    if household:
        total, myself = _number(household["n"] or household["n2"]), not proxy
    nobody_else = total <= 1 and not (proxy or everybody or household or alone or named or young or grown)
    if nobody_else and not (total and myself and _COMES.search(rest)):
        return None
    if everybody and not total:
        return People(not proxy, proxy_for=proxy, relations=named, certain=False)
    adults = max(total - young, 0)
    sure = sure and "几" not in rest and not (everybody and total < 2)
    return People(myself, adults, young, proxy, named, total, sure)


def _named(text: str) -> tuple[int, int, tuple[str, ...], bool]:
    """Grown-ups, children, their words, and whether all had a number or are one by nature."""
    grown = young = 0
    named: list[str] = []
    sure = True
    for match in _WITH.finditer(text) if _KIN.search(text) and _JOINING.search(text) else ():
        who = match["who"]
        count = _number(match["n"]) if match["n"] else 2 if who in _PAIRS else 1
        if match["n"] == "几":
            sure = False
        if re.fullmatch(_YOUNG, who):
            young += count
        else:
            grown += count
        named.append(who)
    return grown, young, tuple(dict.fromkeys(named)), sure


def _proxy(text: str) -> tuple[str, ...]:
    """For whom the writer asks: 帮我妈报名, 替邻居问一下."""
    found = []
    for match in _PROXY.finditer(text):
        if match["me"] or _PROXY_NEXT.match(text, match.end()):
            found.append(match["who"])
    return tuple(found)


def _said(text: str) -> int:
    """How many people the words themselves say there are; 0 where they say nothing."""
    said = 0
    for match in _TOTAL.finditer(text):
        if match["sum"]:
            return _number(match["n"])
        said = max(said, _number(match["n"]) if match["n"] != "几" else 0)
    return said


def _total(text: str, said: int, named: int, myself: bool, proxy: tuple[str, ...], alone: bool) -> int:
    counted = named + (1 if myself and not _GROWN_UPS.search(text) else 0)
    counted += sum(2 if who in _PAIRS else 1 for who in proxy)
    return max(said, counted) if not alone or counted > 1 else max(counted, 1)


def _starts_with_me(text: str) -> bool:
    return bool(re.search(r"(?:我|本人|俺)(?:也|要|想)?(?:和|跟|同|与|带|领|陪)", text)) or bool(_WE.match(text))


def _number(said: str) -> int:
    if said == "仨":
        return 3
    if said == "几":
        return 3
    return numbers.value(said) or 0
