"""The answers of a report while it is asked about: photos, places, what is open nearby; 对吗 is report_confirm."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import matters, report_pin, texts, texts_report
from handlers.tickets import report_more as more
from handlers.tickets.facts import TicketFollowed
from handlers.tickets.matters import Matter
from handlers.tickets.mine import urge_one
from handlers.tickets.report_ask import proceed, wait
from handlers.types import Fact, Outcome, Reply, Turn

_OWN = re.compile(
    "^(?:就|就是|就在|在|是|对)*(?:我们|咱们|阿拉|自己|我家|我|自家)(?:住?的?(?:这|那)?(?:个|幢|栋)?)?(?:楼|幢|单元|门洞)里?[的呀啊哦呢]*$"
    "|^(?:就|就在|在)?(?:我|自己|我们)?家里?[的呀啊]*$"
)
_SPOT = re.compile("[旁边前后口门里]|楼下|对面|附近")  # 「垃圾房旁边 快点」 says where, and hurries
_HURRY = re.compile("[,，。 ]*(?:你们)?(?:快点|赶紧|赶快|快来|马上|尽快).*$")
_OWN_LETTERS = 12
_MORE_WORDS = 6  # letters


def attach(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    """Photos, voices and a pin go to the report in progress; the question stands."""
    answers["media"] += forms.media_json(turn.inbound.media)
    if turn.inbound.pin:
        text = report_pin.take(turn, read, answers)
        out = proceed(turn, read, answers)
        return replace(out, replies=(Reply(text), *out.replies)) if answers["matters"] else out
    photos = sum(kind == "photo" for kind, _ in answers["media"])
    if answers.get("waits") == "matter":
        # One album is one report: the first photo is asked about, the others are only counted.
        first = texts_report.ASK_MATTER_PINNED if answers.get("pinned") else texts.ASK_MATTER_PHOTO
        text = first if photos <= 1 else texts.PHOTO_ADDED.format(n=photos)
        return wait(turn, answers, "matter", 0, text)
    dialog = replace(turn.dialog, answers=answers, since=turn.now) if turn.dialog else None
    offered = turn.dialog.offered if turn.dialog else ()
    return Outcome(replies=(Reply(texts.PHOTO_ADDED.format(n=photos), offered),), dialog=dialog)


def take_matter(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome | None:
    if not turn.said.text or (more.about_else(turn) and not turn.said.category):
        return None
    answers["matters"] = matters.from_words(turn)[: more.MATTERS_MAX]
    return proceed(turn, read, answers)


def take_place(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome | None:
    matter: Matter = answers["matters"][answers["at"]]
    index = forms.picked(turn)
    if index is not None and turn.dialog and index < len(turn.dialog.offered):
        chosen = turn.dialog.offered[index].means
        for known in turn.who.around:
            place = forms.of_building(known)
            if place.label == chosen:
                matters.put_place(matter, place)
                return proceed(turn, read, answers)
    if _own_building(turn):
        matters.put_place(matter, forms.of_building(turn.who.around[0]))
        return proceed(turn, read, answers)
    if more.is_whole(turn, answers):
        return more.add(turn, read, answers)
    if matters.set_place(matter, turn.said.place, turn.who):
        if matter.get("unknown"):
            return _ask_again(turn, read, answers)
        if where := more.spot(turn):
            matter["where"] = where
            matter["words"] += f"({where})"
        elif len(more.rest(turn).strip(" ,，。")) >= _MORE_WORDS:
            matter["words"] += f"；{turn.inbound.text.strip()[:200]}"  # where, and more of what
        return proceed(turn, read, answers)
    if more.impatient(turn) and not more.is_new(turn, answers):
        matter["words"] += f"；{turn.inbound.text.strip()}"
        return proceed(turn, read, answers)
    if more.about_else(turn):
        return None
    if more.is_new(turn, answers):
        return more.add(turn, read, answers)
    if len(turn.said.text) >= _MORE_WORDS:
        matter["words"] += f"；{turn.inbound.text.strip()[:200]}"  # no place, and still said about the matter
    return _ask_again(turn, read, answers)


def _own_building(turn: Turn) -> bool:
    """「就我们这个楼呀」 of who has one home, and names no other place."""
    said = turn.said.place
    known = len(turn.who.around) == 1 and not (said.found or said.unknown)
    return known and len(turn.said.text) <= _OWN_LETTERS and bool(_OWN.search(turn.said.text))


def take_which(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome | None:
    matter: Matter = answers["matters"][answers["at"]]
    index = forms.picked(turn)
    if index is not None:
        place = forms.place_from(matter["cands"][index])
        if place:
            matters.put_place(matter, place)
        return proceed(turn, read, answers)
    named = [c for c in matter["cands"] if c["estate_name"] and c["estate_name"] in turn.said.text]
    if len(named) == 1:
        matter["cands"] = named
        place = forms.place_from(named[0])
        if place:
            matters.put_place(matter, place)
        return proceed(turn, read, answers)
    cands = matter.pop("cands", None)
    out = take_place(turn, read, answers)
    if out and answers["waits"] == "place" and not (turn.said.place.found or turn.said.place.unknown):
        matter["cands"] = cands  # no place was said: the question stands
        return proceed(turn, read, answers, asked=(turn.dialog.asked if turn.dialog else 0) + 1)
    return out


def take_where(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome | None:
    """Where in the estate: a place of the register if it is one, else the words as they are."""
    matter: Matter = answers["matters"][answers["at"]]
    here = matters.place_of(matter)
    if not turn.said.text:
        return None
    if turn.said.place.found:
        inside = tuple(p for p in turn.said.place.found if here and p.estate == here.estate)
        if len(inside) == 1 or turn.said.place.named_estate:
            reading = replace(turn.said.place, found=inside or turn.said.place.found)
            matters.set_place(matter, reading, turn.who)
            matter["where"] = more.spot(turn)
            return proceed(turn, read, answers)
    if more.impatient(turn) and not _SPOT.search(turn.said.text):
        matter["words"] += f"；{turn.inbound.text.strip()}"
        return proceed(turn, read, answers)
    if more.about_else(turn):
        return None
    if turn.said.yes is not None:
        return _ask_again(turn, read, answers)  # 「对」 is no place
    matter["where"] = _HURRY.sub("", turn.said.text)[:60]
    matter["words"] += f"({turn.said.text[:60]})"
    return proceed(turn, read, answers)


def take_near(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome | None:
    index = forms.picked(turn)
    found = read.ticket(answers.get("found", 0))
    words = turn.said.text
    if index is None or turn.dialog is None:
        if "关注" in words or turn.said.yes:
            index = 0
        elif "新报" in words or turn.said.yes is False:
            index = len(turn.dialog.offered) - 1 if turn.dialog else 1
        else:
            return None if more.about_else(turn) else _beside_near(turn, read, answers)
    assert turn.dialog is not None
    chosen = turn.dialog.offered[index]
    if chosen == texts.STILL_NEW or found is None:
        return proceed(turn, read, answers)
    answers["matters"].pop(answers["at"])
    facts: tuple[Fact, ...] = ()
    if chosen == texts.JOIN:
        facts = (TicketFollowed(found.id, turn.who.id),)
        reply = Reply(joined(found))
    elif chosen == texts.URGE:
        out = urge_one(turn, read, found)
        facts, reply = out.facts, out.replies[0]
    else:
        reply = Reply(texts.progress(found, read.name(found.owner), turn.now))
    if not answers["matters"]:
        return Outcome(replies=(reply,), facts=facts, dialog=None)
    rest = proceed(turn, read, answers)
    return replace(rest, replies=(reply, *rest.replies), facts=facts)


def _beside_near(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    """Neither 关注 nor 仍要新报: another matter or more words of this one; the question stands, nothing is lost."""
    asked = (turn.dialog.asked if turn.dialog else 0) + 1
    matter: Matter = answers["matters"][answers["at"]]
    if more.is_new(turn, answers):
        answers["matters"] += matters.from_words(turn)
        asked = 0
    elif turn.said.text:
        matter["words"] += f"；{turn.inbound.text.strip()[:200]}"
    if asked < turn.policy.asked_max:
        matter.pop("near")
    out = proceed(turn, read, answers, asked=asked)
    return replace(out, replies=(Reply(texts.BESIDE), *out.replies)) if answers["waits"] == "near" else out


def joined(ticket: Ticket) -> str:
    return f"好的，{ticket.short}一有进展就告诉您。"


def _ask_again(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    """Not understood: asked again, and after the second time a person looks at it."""
    asked = (turn.dialog.asked if turn.dialog else 0) + 1
    if asked >= turn.policy.asked_max and answers["matters"]:
        return give_up_place(turn, read, answers)
    return proceed(turn, read, answers, asked=asked)


def give_up_place(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    """The words are kept as the place's description and the community finds out."""
    matter: Matter = answers["matters"][answers.get("at", 0)]
    for key in ("cands", "unknown"):
        matter.pop(key, None)
    matter["gave_up"] = not matter.get("desk")
    matter["nowhere"] = matter["desk"] = True
    if turn.said.action != "skip" and turn.inbound.text and turn.inbound.text.strip() not in matter["words"]:
        matter["words"] += f"（地点原话：{turn.inbound.text.strip()[:60]}）"
    return proceed(turn, read, answers)
