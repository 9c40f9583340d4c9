"""积分兑换: choose, confirm, one piece and its points held, a code to show; fetched, cancelled or expired."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import forms
from handlers.points import texts
from handlers.points.earn import day_start
from handlers.points.facts import ProxyNamed, RedemptionCollected, RedemptionEnded, RedemptionMade
from handlers.points.mine import community_of, local
from handlers.points.port import Item, Redemption
from handlers.read import Read
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Choice, Outcome, Refused, Reply, Role, Turn, say

FORM = "redeem"
PATH = "/m/pick/"  # the code as a picture
_MEASURE = re.compile(
    r"[一二两三四五六七八九十\d]+(?:瓶|卷|把|次|斤|袋|盒|个|包|张|桶|条|份|支)"
)  # 洗衣液一瓶, 五斤大米
_CODE = re.compile(r"(?<!\d)(\d{4})\s?(\d{4})(?!\d)")


def redeem(turn: Turn, read: Read) -> Outcome:
    """「积分兑换」 or 「换洗衣液」: what there is, or the one that was named."""
    community = community_of(turn)
    if read.points_account(turn.who.id).frozen:
        raise Refused(texts.FROZEN)
    items = [item for item in read.shop(community) if item.stock > 0]
    if not items:
        raise Refused(texts.SHOP_EMPTY)
    named = [item for item in items if _MEASURE.sub("", item.name) in turn.inbound.text]
    if len(named) == 1:
        return _confirm(turn, read, named[0])
    offered = tuple(Choice(texts.item_label(item), f"换{item.name}") for item in items[: forms.MOST_CHOICES])
    answers = {"items": [item.id for item in items[: forms.MOST_CHOICES]]}
    text = texts.shop(read.points_account(turn.who.id))
    return Outcome(replies=(Reply(text, offered),), dialog=forms.ask(turn, FORM, answers, *offered))


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    index = forms.picked(turn)
    item_id = turn.dialog.answers.get("item")
    if item_id is None:
        if index is None:
            return None
        item = read.shop_item(turn.dialog.answers["items"][index])
        return _confirm(turn, read, item) if item else None
    if index == 1 or turn.said.yes is False:
        return say(texts.NOT_REDEEMED, dialog=None)
    if index == 0 or turn.said.yes:
        item = read.shop_item(item_id)
        return _promise(turn, read, item) if item else None
    return None


def _confirm(turn: Turn, read: Read, item: Item) -> Outcome:
    _allowed(turn, read, item)
    dialog = forms.ask(turn, FORM, {"item": item.id}, *texts.CONFIRM)
    return Outcome(replies=(Reply(texts.confirm(item), texts.CONFIRM),), dialog=dialog)


def _allowed(turn: Turn, read: Read, item: Item) -> int:
    """What the person has. Raises Refused when it is too little, too much a month, or gone."""
    account = read.points_account(turn.who.id)
    if account.frozen:
        raise Refused(texts.FROZEN)
    if item.stock <= 0 or not item.open or item.community != turn.who.community:
        raise Refused(texts.SOLD_OUT)
    if account.balance < item.points:
        raise Refused(texts.too_few(item, account.balance))
    cap = turn.policy.points_redeem_month
    used = read.redeemed_points(turn.who.id, day_start(local(turn.now)).replace(day=1))
    if used + item.points > cap:
        raise Refused(texts.month_full(cap, used))
    return account.balance


def _promise(turn: Turn, read: Read, item: Item) -> Outcome:
    balance = _allowed(turn, read, item)
    redemption, code = read.new_id(), read.new_code()
    until = local(turn.now) + timedelta(days=turn.policy.points_redeem_days)
    facts = (
        RedemptionMade(
            redemption, read.new_id(), turn.who.id, turn.who.community, item.id, item.points, until, code
        ),
        TimerSet(redemption, "pt_code", until),
    )  # fmt: skip
    text = texts.promised(item, code, until, balance - item.points)
    return Outcome(replies=(Reply(text, (), f"{PATH}{code}"),), facts=facts, dialog=None)


def mine(turn: Turn, read: Read) -> Outcome:
    found = read.redemptions_of(turn.who.id)
    return say(texts.waiting(found) if found else texts.NOTHING_TO_FETCH)


def cancel(turn: Turn, read: Read) -> Outcome:
    own = [found for found in read.redemptions_of(turn.who.id) if found.person == turn.who.id]
    found = _one(turn, own, "取消兑换")
    if isinstance(found, Outcome):
        return found
    facts = ended(found, "cancelled", read)
    return Outcome(replies=(Reply(texts.ended(found, "cancelled")),), facts=facts, dialog=None)


def ended(found: Redemption, how: str, read: Read) -> tuple[RedemptionEnded, TimersCleared]:
    """The points and the piece go back."""
    return (
        RedemptionEnded(
            found.id, read.new_id(), found.person, found.community, found.item, found.points, how
        ),
        TimersCleared(found.id, ("pt_code",)),
    )  # fmt: skip


def proxy(turn: Turn, read: Read) -> Outcome:
    """Somebody of the same registered home may fetch it: for those who do not walk well."""
    own = [found for found in read.redemptions_of(turn.who.id) if found.person == turn.who.id]
    found = _one(turn, own, "让家里人代领")
    if isinstance(found, Outcome):
        return found
    members = {
        member
        for home in turn.who.homes
        for member in read.household_members(home.household)
        if member != turn.who.id
    }
    if turn.said.phone:
        named = read.residents_named(turn.who.community, turn.said.phone)
        if not named or named[0] not in members:
            raise Refused(texts.NO_PROXY.format(name="这个手机号的人"))
        chosen = named[0]
    elif len(members) == 1:
        chosen = members.pop()
    else:
        raise Refused(texts.WHO_PROXY)
    name = read.name(chosen) or "家里人"
    facts = (ProxyNamed(found.id, turn.who.id, chosen),)
    return Outcome(replies=(Reply(texts.proxy(found, name)),), facts=facts, dialog=None)


def collect(turn: Turn, read: Read) -> Outcome:
    """核销 12345678: whoever hands it out closes it, once. Staff of the community only."""
    communities = turn.who.scopes(Role.DESK)
    if not communities:
        raise Refused(texts.NOT_ALLOWED)
    match = _CODE.search(turn.inbound.text)
    found = read.redemption_coded(match.group(1) + match.group(2)) if match else None
    if found is None or found.state != "held" or found.until < turn.now:
        raise Refused(texts.CODE_WRONG)
    if found.community not in communities:
        raise Refused(texts.NOT_YOURS)
    if found.person == turn.who.id:
        raise Refused(texts.OWN)
    person = read.person(found.person)
    name = f"{person.name[0]}姓居民" if person and person.name else "居民"
    facts = (
        RedemptionCollected(found.id, read.new_id(), found.person, found.community, found.points, turn.who.id),
        TimersCleared(found.id, ("pt_code",)),
    )
    return Outcome(replies=(Reply(texts.collected(found, name)),), facts=facts, dialog=None)


def _one(turn: Turn, found: list[Redemption], command: str) -> Redemption | Outcome:
    if not found:
        raise Refused(texts.NOTHING_TO_FETCH)
    named = [one for one in found if one.name in turn.inbound.text]
    if len(named) == 1 or len(found) == 1:
        return (named or found)[0]
    offered = tuple(Choice(texts.redemption(one), f"{command} {one.name}") for one in found[: forms.MOST_CHOICES])
    return Outcome(replies=(Reply(texts.WHICH_REDEMPTION, offered),), dialog=forms.ask(turn, "pick", {}, *offered))
