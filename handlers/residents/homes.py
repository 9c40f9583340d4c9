"""Binding, moving and unbinding homes by writing an address. The register decides, nothing is guessed."""

from __future__ import annotations

import re
from typing import Any

from handlers import forms, texts
from handlers.read import Read
from handlers.residents.facts import CommunityKnown, HomeBound, HomeLeft, PhoneGiven
from handlers.types import Choice, Fact, Home, Outcome, Reply, Turn, say
from nlp.quick import replace
from nlp.types import Place

_ADDRESS = re.compile(r"\d|小区|花园|景苑|新村|路|家园|公寓|里$|苑$|城$")  # written like one
BIND, UNBIND = "bind", "unbind"


def bind(turn: Turn, read: Read) -> Outcome:
    """「我住学府花园3幢2单元302」, a bare address, or only 「绑定住址」."""
    answers: dict[str, Any] = {"relation": turn.said.relation}
    if not (turn.said.place.found or turn.said.place.unknown or turn.said.place.crowded):
        if turn.who.homes and turn.said.action == "homes":
            return homes(turn, read)
        if turn.said.relation and len(turn.who.homes) == 1:
            only = turn.who.homes[0]  # 「我是租客」: of the home that is known
            return _bound(turn, read, answers | {"household": only.household, "place": forms.place_json(only.place)})
        return say(texts.ASK_ADDRESS, dialog=forms.ask(turn, BIND, answers))
    out = _place(turn, read, answers)
    given = (PhoneGiven(turn.who.id, turn.said.phone),) if turn.said.phone else ()
    return replace(out, facts=(*out.facts, *given))


def move(turn: Turn, read: Read) -> Outcome:
    """搬家: the old home is left when the new one is known, or when there is none to add."""
    answers: dict[str, Any] = {"relation": turn.said.relation, "leave": [h.household for h in turn.who.homes]}
    if turn.said.place.found:
        return _place(turn, read, answers)
    return say(texts.ASK_NEW_ADDRESS, dialog=forms.ask(turn, BIND, answers))


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    if turn.inbound.media:
        return None  # a photo answers no question about a home
    if forms.never_mind(turn):
        return say(texts.CANCELLED, dialog=None)
    answers: dict[str, Any] = dict(turn.dialog.answers)
    index = forms.picked(turn)
    if "household" in answers:
        relation = texts.RELATION_OF.get(turn.dialog.offered[index].label, "") if index is not None else ""
        relation = relation or turn.said.relation or _relation(turn.said.text)
        if not relation:
            return None if _clear(turn) else _ask_relation(turn, read, answers)
        answers["relation"] = relation
        return _bound(turn, read, answers)
    if index is not None and answers.get("cands"):
        place = forms.place_from(answers["cands"][index])
        return _located(turn, read, answers, place) if place else None
    if turn.said.category and _clear(turn):
        return None  # 「3幢2单元楼道灯坏了」 says where something is wrong, not where home is
    if turn.said.relation and not answers.get("relation"):
        answers["relation"] = turn.said.relation
    if turn.said.place.found or turn.said.place.unknown:
        return _place(turn, read, answers)
    base = forms.place_from(answers.get("base"))
    if base and (room := _room(turn.said.text)):
        return _located(turn, read, answers, replace(base, unit=room[0] or base.unit, room=room[1]))
    if _clear(turn) or not _ADDRESS.search(turn.said.text):
        return None
    return say(texts.unknown_place(turn.said.text), dialog=turn.dialog)


def skip(turn: Turn, read: Read) -> Outcome:
    """跳过: the building alone is enough to know who answers; a move without a new home only leaves."""
    assert turn.dialog is not None
    answers = turn.dialog.answers
    base = forms.place_from(answers.get("base"))
    if base:
        facts: tuple[Fact, ...] = (
            CommunityKnown(turn.who.id, base.community, read.building_id(base)),
            *_leaves(turn, answers),
        )
        return Outcome(replies=(Reply(texts.building_known(base.label)),), facts=facts, dialog=None)
    left = _leaves(turn, answers)
    if left:
        lines = [texts.home_left(h) for h in turn.who.homes]
        return Outcome(replies=(Reply("\n".join(lines)),), facts=left, dialog=None)
    return say("好的，以后再登记。", dialog=None)


def _clear(turn: Turn) -> bool:
    return turn.said.intent not in ("", "account_privacy") and turn.said.score >= 0.5


def _relation(text: str) -> str:
    return next((value for word, value in texts.RELATION_OF.items() if word in text), "")


def _room(text: str) -> tuple[str, str] | None:
    """「2单元302」, 「302」 or 「2-302」 after the building is known: (unit or "", room)."""
    digits = "".join(c if c.isdigit() else " " for c in text).split()
    if len(digits) == 1 and 3 <= len(digits[0]) <= 4:
        return "", digits[0]
    if len(digits) == 2 and len(digits[0]) <= 2 and 3 <= len(digits[1]) <= 4:
        return digits[0].lstrip("0") or digits[0], digits[1]
    return None


def _place(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    located = forms.locate(turn.said.place, turn.who)
    if located.place:
        return _located(turn, read, answers, located.place)
    if located.several:
        answers["cands"] = [forms.place_json(p) for p in located.several]
        choices = forms.places_choices(located.several)
        return say(texts.WHICH_HOME, *choices, dialog=forms.ask(turn, BIND, answers, *choices))
    text = texts.unknown_place(located.unknown) if located.unknown else texts.ASK_ADDRESS
    return say(text, dialog=forms.ask(turn, BIND, answers))


def _located(turn: Turn, read: Read, answers: dict[str, Any], place: Place) -> Outcome:
    answers.pop("cands", None)
    if place.level in ("estate", "spot"):
        return say(texts.ASK_ADDRESS, dialog=forms.ask(turn, BIND, answers))
    if place.level != "room":
        answers["base"] = forms.place_json(place)
        return _asked(turn, read, place, texts.ask_room(place.label, bool(place.unit)), answers)
    found = read.households_at(place)
    if not found:
        base = forms.of_building(place)
        if not read.households_at(base):
            base = forms.without_unit(place)  # the unit is not in the register either
        answers["base"] = forms.place_json(base)
        return _asked(turn, read, base, texts.no_room(base.label), answers)
    if len(found) > 1:
        answers["cands"] = [forms.place_json(h.place) for h in found]
        choices = forms.places_choices(tuple(h.place for h in found))
        return say(texts.WHICH_HOME, *choices, dialog=forms.ask(turn, BIND, answers, *choices))
    if any(home.household == found[0].household for home in turn.who.homes):
        return say(texts.ALREADY_HOME, dialog=None)
    answers["household"] = found[0].household
    answers["place"] = forms.place_json(found[0].place)
    if answers.get("relation"):
        return _bound(turn, read, answers)
    return _ask_relation(turn, read, answers)


def _ask_relation(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    place = forms.place_from(answers["place"])
    assert place is not None
    return _asked(turn, read, place, f"{place.label}。{texts.RELATION}", answers, *texts.RELATIONS)


def _asked(turn: Turn, read: Read, place: Place, text: str, answers: dict[str, Any], *choices: Choice) -> Outcome:
    """What is still asked may stay unanswered: whose building it is, is known from now on."""
    building = read.building_id(place)
    known = turn.who.homes or turn.who.posts or (turn.who.near and read.building_id(turn.who.near) == building)
    facts = () if known else (CommunityKnown(turn.who.id, place.community, building),)
    return Outcome(replies=(Reply(text, choices),), facts=facts, dialog=forms.ask(turn, BIND, answers, *choices))


def remembered(turn: Turn) -> Turn:
    """The turn of somebody who wrote where home is and then, unasked, about something else: it counts as near."""
    if turn.who.homes or turn.dialog is None or turn.dialog.form != BIND:
        return turn
    place = forms.place_from(turn.dialog.answers.get("place"))
    return replace(turn, who=replace(turn.who, near=place)) if place else turn


def _bound(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    place = forms.place_from(answers["place"])
    assert place is not None
    relation = answers["relation"]
    duty = read.duty(place)
    home = Home(answers["household"], place, duty.micro_grid, place.community, relation)
    leader = read.person(duty.leader) if duty.leader else None
    community = read.community(place.community)
    facts: tuple[Fact, ...] = (
        *_leaves(turn, answers),
        HomeBound(turn.who.id, home.household, place.community, relation, "text"),
    )
    text = texts.home_bound(home, community.name if community else "", leader.name if leader else "")
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)


def _leaves(turn: Turn, answers: dict[str, Any]) -> tuple[Fact, ...]:
    return tuple(HomeLeft(turn.who.id, household) for household in answers.get("leave", ()))


def homes(turn: Turn, read: Read) -> Outcome:
    if not turn.who.homes:
        return say(texts.NO_HOME + texts.ASK_ADDRESS, dialog=forms.ask(turn, BIND, {"relation": ""}))
    return say(texts.homes(turn.who.homes))


def unbind(turn: Turn, read: Read) -> Outcome:
    """解绑 one home; several are asked about."""
    items = turn.who.homes
    if not items:
        return say(texts.NO_HOME)
    if len(items) == 1:
        return _left(turn, items[0])
    choices = tuple(Choice(home.place.label) for home in items)
    return say("要解绑哪一处？", *choices, dialog=forms.ask(turn, UNBIND, {}, *choices))


def resume_unbind(turn: Turn, read: Read) -> Outcome | None:
    index = forms.picked(turn)
    if index is None or index >= len(turn.who.homes):
        return None
    return _left(turn, turn.who.homes[index])


def _left(turn: Turn, home: Home) -> Outcome:
    return Outcome(
        replies=(Reply(texts.home_left(home)),), facts=(HomeLeft(turn.who.id, home.household),), dialog=None
    )
