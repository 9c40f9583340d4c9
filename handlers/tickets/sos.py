"""Danger: advice and the number first, the ticket at once with whatever is known, no menu, no confirmation."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import categories, in_danger, matters, nearer, proxy, report_pin, texts, texts_danger
from handlers.tickets.facts import PlaceCorrected, TicketDispatched, WordsAdded
from handlers.tickets.opening import Report, ladder, open_ticket, summary_of
from handlers.tickets.parties import first_hand
from handlers.tickets.reach import kept_at_desk
from handlers.tickets.recurrence import again
from handlers.tickets.rules import OPEN, Status
from handlers.types import Choice, Fact, Outcome, Reply, Turn
from nlp.types import Place

FORM = "sos"
_AT_HOME = re.compile(r"^(?:就?在)?(?:我|自己)?家(?:里|中)?[,。!]*$")
_GONE = re.compile(r"走丢|走失|失踪|不见了|迷路|找不到(?:人|他|她|了)")
_OVER = re.compile(  # the danger is over, or those who can help are there
    r"没事了|没事[啊呀。!！]*$|虚惊一场|联系上了|(?:电话)?打通了|没大碍|不要紧了|脱险|(?<![没要想])(?:送|去|到)(?:了|到)?医院了|(?:人|现在)在医院"
    r"|(?:救护车|警察|民警|消防(?:队|员|车)?)(?:已经?)?(?:到|来)了|火(?:已经?)?(?:被)?扑?灭了|(?<!没)(?:救|放|跑|逃)出来了|(?<!没)找到了"
)

_WISH = re.compile("报(?:个|一下)?(?:修|事)|另外|还有(?:一|个|一个)?[件桩]?事(?:情|体)?")  # said to be of its own
_HAN = re.compile("[㐀-鿿]")


def start(turn: Turn, read: Read) -> Outcome:
    """A message in danger, whatever else was going on."""
    if turn.who.posts and (there := in_danger.told(turn, read)):
        return there
    matter = matters.from_words(turn)[0]
    told_for = proxy.read_proxy(turn.inbound.text)
    located = forms.locate(turn.said.place, turn.who)
    place, guess = located.place, False
    if place is None:
        place = report_pin.place_of(turn, read)
    known = turn.who.around if told_for is None else ()  # who reports for somebody else may be anywhere
    if place is None and not located.several and not located.unknown and len(known) == 1:
        # Somebody has to start walking: the home is said openly to be a guess, and one word corrects it.
        place, guess = known[0], True
        if turn.said.category not in categories.HOUSEHOLD:
            place = forms.of_building(place)  # a lift, a fire downstairs: not inside the home
    words = turn.inbound.text.strip() or matter["words"]
    report = Report(
        words=words,
        summary=summary_of(proxy.without(matter["summary"])),
        category=turn.said.category or matter["category"],
        urgency="emergency",
        kind="求助",
        place=place,
        media=turn.inbound.media,
        pin=turn.inbound.pin,
        anonymous=turn.said.anonymous,
        proxy_for=proxy.who_is(told_for.name, place, turn.who.id, read) if told_for else 0,
        proxy_name=told_for.name if told_for else "",
    )
    opened, timers = open_ticket(turn, read, report)
    timers += again(turn, read, opened)
    done = texts_danger.SOS_OPENED if opened.owner else texts_danger.SOS_OPENED_DESK
    danger = "missing" if turn.said.danger == "person" and _GONE.search(words) else turn.said.danger
    lines = [texts_danger.ADVICE.get(danger, texts_danger.ADVICE[""]), done.format(short=opened.code[-4:])]
    offered: tuple[Choice, ...] = ()
    if guess and place:
        lines.append(texts_danger.SOS_GUESS.format(label=place.label))
    elif located.several:
        offered = forms.places_choices(located.several)
        lines.append(texts.ASK_WHICH)
    elif place is None or place.level == "estate":
        lines.append(texts_danger.SOS_ASK_PLACE)
    else:
        lines.append(f"地点：{place.label}。")
    if not _HAN.search(words):
        lines.append(texts_danger.FOREIGN)
    answers = {"ticket": opened.ticket, "cands": [forms.place_json(p) for p in located.several]}
    return Outcome(
        replies=(Reply("\n".join(lines), offered),),
        facts=(opened, *timers),
        dialog=forms.ask(turn, FORM, answers, *offered),
    )


def resume(turn: Turn, read: Read) -> Outcome | None:
    """What is said next belongs to the danger: the place first, else more words for those who come."""
    assert turn.dialog is not None
    ticket = read.ticket(turn.dialog.answers["ticket"])
    if ticket is None or ticket.status not in OPEN:
        return None
    place = _place(turn, read)
    if place is None and nearer.names_inside(turn.said.text, ticket.place):
        place = nearer.deeper(turn.said.text, ticket.place, read)
    facts: list[Fact] = []
    if place is not None and place.label != ticket.place.label and not _says_less(place, ticket.place):
        facts += moved(turn, read, ticket, place)
        if turn.inbound.media or turn.inbound.pin:
            facts.append(WordsAdded(ticket.id, turn.who.id, "", turn.inbound.media, turn.inbound.pin))
        text = texts_danger.SOS_PLACED.format(label=place.label)
        return Outcome(replies=(Reply(text),), facts=tuple(facts), dialog=replace(turn.dialog, offered=()))
    if _OVER.search(turn.said.text) and turn.said.urgency != "emergency":
        facts.append(WordsAdded(ticket.id, turn.who.id, turn.inbound.text.strip()))
        return Outcome(replies=(Reply(texts_danger.SOS_OVER),), facts=tuple(facts), dialog=None)
    if _another(turn, ticket):
        return None
    clear = turn.said.intent not in ("", "report_issue", "emergency", "smalltalk_invalid") and turn.said.score >= 0.5
    if clear and turn.said.action != "bind":
        return None
    if turn.said.intent == "smalltalk_invalid" and turn.said.action != "chat" and turn.said.score >= 0.5:
        return None
    words = turn.inbound.text.strip()
    facts.append(WordsAdded(ticket.id, turn.who.id, words, turn.inbound.media, turn.inbound.pin))
    ask = "" if ticket.place.building or ticket.place.spot else "\n" + texts_danger.SOS_ASK_PLACE
    dialog = replace(turn.dialog, since=turn.now)
    return Outcome(replies=(Reply(texts_danger.SOS_MORE + ask),), facts=tuple(facts), dialog=dialog)


def _another(turn: Turn, ticket: Ticket) -> bool:
    """A matter of another kind, no danger, some time after the last word about this one or said
    to be apart: a report of its own."""
    assert turn.dialog is not None
    said, since = turn.said, turn.dialog.since
    late = since is not None and turn.now - since > timedelta(minutes=turn.policy.danger_talk_minutes)
    named = bool(said.category) and said.category[:2] != ticket.category[:2]
    wished = bool(_WISH.search(said.text))
    return (
        (late or wished)
        and named
        and said.intent == "report_issue"
        and said.urgency != "emergency"
        and said.score >= 0.5
    )


def _place(turn: Turn, read: Read) -> Place | None:
    assert turn.dialog is not None
    index = forms.picked(turn)
    cands = turn.dialog.answers.get("cands") or []
    if index is not None and index < len(cands):
        return forms.place_from(cands[index])
    if place := report_pin.place_of(turn, read):
        return place
    located = forms.locate(turn.said.place, turn.who)
    if located.place is None and _AT_HOME.search(turn.said.text) and len(turn.who.around) == 1:
        return turn.who.around[0]
    return located.place


def _says_less(place: Place, known: Place) -> bool:
    """Only the 小区 of a place that is known better: no correction, whoever comes needs the door."""
    return place.level == "estate" and place.estate == known.estate and known.level not in ("", "estate")


def moved(turn: Turn, read: Read, ticket: Ticket, place: Place) -> tuple[Fact, ...]:
    """A corrected place. Where another micro-grid answers for it, the ticket goes to whoever would have got it there;
    what the community keeps for itself stays with the community (domain.md §2.8).
    """
    duty = read.duty(place)
    facts: tuple[Fact, ...] = (PlaceCorrected(ticket.id, turn.who.id, place, place.community, duty.micro_grid),)
    if duty.micro_grid == ticket.micro_grid or kept_at_desk(ticket):
        return facts
    hand = first_hand(read.category(ticket.category), ticket.level, place, turn.now, read)
    if (hand.owner, hand.unit) in ((0, 0), (ticket.owner, ticket.unit)):
        return facts
    facts += (
        TicketDispatched(
            ticket.id, hand.owner, 0, "place", Status.TO_ACCEPT, accept_by=None, unit=hand.unit, tier=hand.tier
        ),
    )
    # 叫应 begins with the hand
    return facts + ladder(ticket.id, ticket.level, turn.now, turn.policy, read.calendar(place.community))
