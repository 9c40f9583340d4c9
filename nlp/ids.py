"""Numbers that name a thing: tickets and activities in every short form, plates of vehicles."""

from __future__ import annotations

import re

from nlp import numbers, pii
from nlp.skipping import skipping

_N = rf"(?:\d{{1,12}}|[{numbers.NUMERALS}]{{1,4}})"
_TICKET = re.compile(
    r"(?:工单号?|编号|单号|单子|报事号?|受理号|尾号|后[四4]位|主单|并到|#|No\.?)[是为:号# ]{0,2}(\d{1,12})(?!\d)"
    r"|(?<!\d)(\d{1,4})号?(?:那个|那张|那|的|这个|这张|这)?(?:工单|单子|单(?!元|位|价|车|数|身|独|号))"
    r"|(?<!\d)(20\d{10})(?!\d)"
    r"|(?<![\d-])(20\d\d[ -](?:0[1-9]|1[0-2])[0-3]\d[ -]\d{4})(?![\d-])"
    r"|(?<![\d\-/.])(0\d{3})(?![\d\-/.室])"
)
_MAYBE = skipping(
    r"单(?!元)|工单|编号|报事|受理号|尾号|后[四4]位|并到|#|No|\d\d\d\d"
)  # no ticket without one of these
_DIGIT = re.compile(r"[0-9]")
_ACTIVITY = re.compile(
    rf"活动(?:编号|号|编码)?[是为:#号 ]{{0,2}}(?P<after>{_N})(?:号)?(?![\d点时月日人个:.元块])"
    rf"|(?:第)?(?P<before>{_N})号(?:那个|这个|的)?活动(?!室|中心)|第(?P<nth>{_N})[个场](?:活动)(?!室|中心)"
)
# GA 36-2018: a province's character, a letter, five of letters and digits without I and O; six for new energy.
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"(?P<place>[{_PROVINCES}])[ -]?(?P<letter>[A-HJ-NP-Za-hj-np-z])[ .\-·]{{0,2}}"
    r"(?P<rest>(?:[DFdf][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[DFdf])(?![A-Za-z0-9])|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])"
    r"(?![A-Za-z0-9])"
)


def tickets(text: str) -> tuple[str, ...]:
    """Ticket numbers as written, digits only: 「工单0017」 「17号单」 「后四位0017」 「2026 1123 0017」 「0017」."""
    if _DIGIT.search(text) is None or _MAYBE.search(text) is None:
        return ()
    found = (next(group for group in match.groups() if group) for match in _TICKET.finditer(pii.mask(text, " ")))
    return tuple(dict.fromkeys(re.sub(r"[ -]", "", one) for one in found))


def activities(text: str) -> tuple[str, ...]:
    """Activity numbers, digits only: 「活动3」 「3号活动」 「第三个活动」 「活动编号12」."""
    if "活动" not in text:
        return ()
    found = (match["after"] or match["before"] or match["nth"] for match in _ACTIVITY.finditer(text))
    values = (numbers.value(one) for one in found)
    return tuple(dict.fromkeys(str(value) for value in values if value))


def plates(text: str) -> tuple[str, ...]:
    """Plates in one writing: 沪A12345, 浙FD12345 (new energy, eight characters)."""
    if _PLATE.search(text) is None:
        return ()
    found = (f"{match['place']}{match['letter']}{match['rest']}".upper() for match in _PLATE.finditer(text))
    return tuple(one for one in dict.fromkeys(found) if sum(char.isdigit() for char in one) >= 2)
