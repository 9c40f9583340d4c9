"""Which words about activities go to which handler: a table, read from the top; the first that fits wins."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from handlers import forms
from handlers.activities import (
    arrive,
    browse,
    captain,
    find,
    hours,
    leave,
    makeup,
    manage,
    minors,
    opening,
    photos,
    rate,
    record,
    said,
    signup,
    stands,
    stars,
    teams,
    texts,
    texts_hours,
)
from handlers.activities.rules import HOLDS, Place
from handlers.read import Read
from handlers.types import Outcome, Role, Turn, say

Handler = Callable[[Turn, Read], Outcome]
When = Callable[[Turn, Read], bool]

INTENT = "volunteer_activity"


def _about(turn: Turn, read: Read) -> bool:
    """The understanding says that it is about activities, or it was just spoken of one and nothing else is meant."""
    return turn.said.intent == INTENT or (_spoken_of(turn) and _free(turn))


def _spoken_of(turn: Turn) -> bool:
    return turn.dialog is not None and turn.dialog.form in (find.SEEN, signup.FORM)


def _any(turn: Turn, read: Read) -> bool:
    return True


def _free(turn: Turn) -> bool:
    """Nothing else claims these words with certainty."""
    return turn.said.intent in ("", INTENT, "smalltalk_invalid", "staff_ops", "consult", "mutual_help") and not (
        turn.said.category and turn.said.intent not in ("", INTENT)
    )


def _unclaimed(turn: Turn, read: Read) -> bool:
    """About activities, or nothing else: 「周末有活动吗」."""
    return _about(turn, read) or _free(turn)


def _names_one(turn: Turn, read: Read) -> bool:
    """Words like 「周六我来」 count only when there is such an activity."""
    if _about(turn, read):
        return True
    words = turn.said.text
    if not _free(turn) or turn.said.tickets:
        return False
    known = find.upcoming(turn, read)
    if said.named(words, tuple(known)) and any(activity.name in words for activity in known):
        return True
    day = said.day(words, turn.now)
    return day is not None and bool(said.on_day(day, known, weekend="周末" in words))


def _signed_up(turn: Turn, read: Read) -> bool:
    if _about(turn, read):
        return True
    return _free(turn) and any(s.status in HOLDS | {Place.WAITING} for s in read.signups_of(turn.who.id, turn.now))


def _offered(turn: Turn, read: Read) -> bool:
    return leave.offered(turn, read) is not None


def _coming(turn: Turn, read: Read) -> bool:
    """Six digits are a check-in only from somebody who has signed up for something today, or who says so."""
    return "签" in turn.said.text or any(
        signup.status is Place.SEATED for signup in read.signups_of(turn.who.id, turn.now - timedelta(hours=12))
    )


def _leads(turn: Turn, read: Read) -> bool:
    return bool(turn.who.posts or read.activities_led(turn.who.id, turn.now - timedelta(days=365)))


@dataclass(frozen=True, slots=True)
class Row:
    words: re.Pattern[str]
    when: When
    handler: Handler


def _row(words: str, when: When, handler: Handler) -> Row:
    return Row(re.compile(words), when, handler)


TABLE: tuple[Row, ...] = (
    _row(minors.SAID.pattern, _any, minors.answer),
    # coming and going
    _row(arrive.TOKEN.pattern, _any, lambda turn, read: arrive.by_token(turn, read, turn.said.text)),
    _row(arrive.DIGITS.pattern, _coming, arrive.by_digits),
    _row(r"^(?:我?要?|我来)?(?:签到|签退|打卡)(?:了|啦)?$|怎么签[到退]", _any, arrive.ask),
    _row(r"定位.*(?:不对|不准|范围)|不在范围", _about, lambda turn, read: say(texts_hours.FENCE)),
    _row(r"忘(?:了|记)(?:签|打卡)|没签[到退]|^我?要?补签$", _any, makeup.forgot),
    _row(r"^补签", _any, makeup.start),
    _row(r"^(?:我?能?)?证明[:：\s]*[一-鿿]{2,8}$|^能证明$", _any, makeup.confirm),
    # stars and photos
    _row(r"^(?:我?要?|我想)?(?:申请|评)(?:志愿者?)?(?:[一二三四五1-5]?星|星级)", _any, stars.ask),
    _row(r"^不?同意星级", _any, stars.decide),
    _row(r"星级\s*\d+.*异议|异议.*星级\s*\d+", _any, stars.object_),
    _row(r"星级?证书", _any, stars.certificate),
    _row(r"^照片(?:可以放|不要放|可以|不可以|不行)$", _any, photos.answer),
    _row(r"撤回照片|(?:删|拿|撤)(?:掉|下|除)?.{0,4}我的照片", _any, photos.withdraw),
    # hours
    _row(r"^(?:记录|登记|确认)时长", _leads, record.start),
    _row(r"^更正时长", _leads, record.correct),
    _row(r"^驳回异议", _leads, record.reject),
    _row(
        r"时长.*(?:不对|错|少了|异议|有问题)|(?:不对|错|少).*时长|(?:只|才|就)(?:算|记)了?.{0,6}小时",
        _any, hours.object_,
    ),
    _row(r"时长.*(?:什么时候|啥时候|几时|多久|录入|到账|还没)", _any, hours.when),
    _row(
        r"(?:志愿|时长|服务).{0,6}(?:证明|证书|记录单)(?!.*(?:用来|有用|有什么用|可以用|能用))",
        _any, hours.certificate,
    ),
    _row(r"时长|几星|星级|服务了(?:多少|几)|多少小时", _about, hours.mine),
    _row(r"^评(?:价)?活动", _any, rate.activity),
    _row(r"^评(?:价)?志愿者", _leads, rate.volunteer),
    # teams
    _row(r"^(?:我?要?)?(?:换|更换|移交)队长", _any, captain.hand_over),
    _row(r"^(?:愿意|不)当队长$", _any, captain.answer),
    _row(r"^(?:备案号|不予备案)", lambda turn, read: turn.who.holds(Role.DESK), captain.decide),
    _row(r"^(?:我们?)?(?:的)?(?:志愿)?队伍?.{0,8}备案|^(?:申请)?备案$|^给?.{2,14}队.{0,4}备案$", _any, captain.file),
    _row(r"^不?同意成立", _any, teams.decide),
    _row(r"(?:成立|组建|创建).{0,14}队", _any, teams.found),
    _row(r"(?:加入|参加).{0,14}队(?:伍)?[吧啊。!！]*$", _any, teams.join),
    _row(r"退出.{0,14}队", _any, teams.leave),
    _row(r"志愿队|(?:有哪些|什么|哪个)队|队伍", _about, teams.listed),
    _row(r".", lambda turn, read: _free(turn) and teams.states_skills(turn.said.text), teams.skills),
    _row(r"只?有?(?:晚上|周末|白天|上午|下午).{0,3}有空", _about, teams.skills),
    _row(rf"^(?!(?:我要?)?取消(?:活动)?报名).*(?:{stands.ASKED.pattern})", _signed_up, stands.stands),
    # organisers
    _row(r"^(?:我[要想])?(?:发起|发布|组织|新建|开展?|办)(?:一?[个场次])?.{0,16}?活动", _any, opening.start),
    _row(r"^取消活动(?!报名)", _leads, manage.call_off),
    _row(r"^改(?:活动)?(?:时间|地点|期).*活动|^改活动|^活动改", _leads, manage.change),
    _row(r"^通知(?:一下)?(?:大家|参加的人|报名的人|志愿者)", _leads, manage.tell),
    _row(r"^(?:每周重复|不再(?:每周)?重复)", _leads, manage.repeat),
    _row(r"^(?:报名)?名单", _leads, manage.roster),
    _row(r"^不?通过报名", _leads, manage.review),
    _row(r"^准假", _leads, manage.excuse),
    # an offer from the waiting list
    _row(r"^(?:我?要(?:的|了|这个名额)?|参加|我?来|确认|好的?|可以|1)$", _offered, leave.take_offer),
    _row(r"^(?:不要(?:了|这个名额)?|放弃|不参加了?|不来了?|不了|算了|2)$", _offered, leave.decline_offer),
    _row(r"^我要这个名额$", _any, leave.take_offer),
    _row(r"^不要这个名额$", _any, leave.decline_offer),
    # residents
    _row(
        r"(?:几岁|多大年纪?|岁|岁了|年纪大|退休|未成年).{0,12}(?:能|可以)(?!.*报名)|(?:岁|十[一二三四五六七八九]?)了.*(?:能|可以)",
        _about, lambda turn, read: say(texts.AGES),
    ),
    _row(
        r"(?:能|可以)(?:不能)?(?:当|做)志愿者?吗?.*我?\d{1,2}岁?$|我?\d{1,2}岁?.*(?:能|可以)(?:不能)?(?:当|做)志愿者",
        _about, lambda turn, read: say(texts.AGES),
    ),
    _row(r"(?<!适合)我的(?:活动|报名)|我报[了的名]*(?:什么|哪些|活动|名的)|报了(?:什么|哪些)", _about, browse.mine),
    _row(r"报名.{0,4}(?:审核|通过)|(?:审核|通过)了?(?:没|吗).{0,4}报名", _signed_up, browse.mine),
    _row(r"排(?:到|在)?第?几|候补第?几|轮到我", _signed_up, browse.mine),
    _row(
        r"取消(?:活动)?报名|退报名|退出(?:报名|活动)|不参加了?|(?:来|去|参加)不了|不(?:去|来)了|^退$|请假",
        _signed_up, leave.leave,
    ),
    _row(r"^(?:看|查看?)活动\s*\d+$", _any, browse.detail),
    _row(r"^(?:我要)?(?:报名|候补)活动\s*\d+$", _any, signup.start),
    _row(r"(?:有|看|查)(?:什么|哪些|啥)?.{0,4}活动|什么活动|活动(?:列表|安排)|适合我"
        r"|(?:附近|离我|离家|家门口).{0,10}活动|活动.{0,6}离(?:我|家)", _unclaimed, browse.browse),
    _row(r"(?:几|多少)个?人.{0,2}(?:报|参加)|报名?了?(?:几|多少)个?人", _names_one, browse.detail),
    _row(
        r"(?:帮|替|给)(?:我|我们)?.{1,6}报|报(?:个|一下)?名(?!了?吗|条件|要求|截止|方式|时间)|算(?:我|上)|加我|候补"
        r"|(?:想|要|也)报(?![修警案告事销了])",
        _names_one, signup.start,
    ),
    _row(browse.ASKING.pattern, _about, browse.detail),
    _row(
        r"(?:我|们|家|妈|爸|老婆|老公|孩子|儿子|女儿|朋友)?.{0,6}(?:都|也|要|想|会|可以|能)?(?:来|去|参加)[吧啊呀哈了的!！。]*$",
        _names_one, signup.start,
    ),
    _row(r"我(?:也|要|想|可以|能)?(?:来|去|参加)|(?:带|和|陪|领|跟).{1,8}(?:来|去|参加)", _names_one, signup.start),
    _row(
        r"^(?:我|本人|我们)?(?:[和跟带]|还有).{1,6}$",
        lambda turn, read: _spoken_of(turn) and _free(turn), signup.start,
    ),
    _row(r".", lambda turn, read: turn.said.intent == INTENT, browse.browse),
)  # fmt: skip


def wanted(turn: Turn, read: Read) -> Outcome | None:
    """The answer of this feature, None when the words are not about activities."""
    if "活动室" in (words := turn.said.text) or "活动中心" in words:
        return None  # a room, no activity
    fitting = _fitting(words, _unclaimed(turn, read))
    return next((row.handler(turn, read) for row in fitting if row.when(turn, read)), None)


_CLAIMED = tuple(row for row in TABLE if row.when not in (_about, _unclaimed, _names_one, _signed_up))


@lru_cache(4096)
def _fitting(words: str, unclaimed: bool) -> tuple[Row, ...]:
    """The rows that read these words, in their order; remembered, because short messages come again and again."""
    return tuple([row for row in (TABLE if unclaimed else _CLAIMED) if row.words.search(words)])


def scanned(turn: Turn, read: Read) -> Outcome | None:
    """A scanned picture of ours; None for every other."""
    text = turn.inbound.event_key
    return arrive.by_token(turn, read, text) if arrive.TOKEN.search(text) else None


def shown(turn: Turn, read: Read) -> Outcome | None:
    """After a list or a notice: its number or name; everything else is read by the table."""
    assert turn.dialog is not None
    index, ids = forms.picked(turn), turn.dialog.answers.get("shown", [])
    if index is None and len(ids) > 1:
        named = (at for at, one in enumerate(ids) if (a := read.activity(one)) and a.name == turn.said.text)
        index = next(named, None)
    if index is None:
        return None
    if len(ids) == 1:
        return signup.start(turn, read)
    found = read.activity(ids[index])
    return browse.detail_of(turn, found, read) if found else None
