"""An act from the console: the table of what can be done to several, a form as arguments, the one door for acts."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.console import words
from bot.console.queues import seen_at
from bot.console.scope import Viewer
from bot.console.sensitive import HIDDEN
from handlers import acting
from handlers.numerals import number_in
from handlers.read import Read
from handlers.tickets.acts import act
from handlers.tickets.acts_pass import BASES
from handlers.tickets.categories import CATEGORIES, SENSITIVE
from handlers.tickets.doing import Args, Missing
from handlers.tickets.facts import AccessRefused
from handlers.tickets.reach import OFFICE
from handlers.tickets.rules import MOVES, Action, Status, Who
from handlers.types import Outcome, Refused, Reply
from storage import views
from storage.assignees import assignees
from storage.looking import looking
from storage.turns import Unreachable
from storage.views import BoardRow

if TYPE_CHECKING:
    from bot.app import App

_SECONDS = 8.0
WORDS_MOST = 2000
CHANGED = "刚才别的同事动过这一件。"
GONE = "这一件现在不归您管了。"
CALLED: Mapping[str, str] = {"until": "words"}  # fields of an act that the form asks for under another name


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act offered on the list. `fields` of its form: words to basis category; `must`: those that are needed."""

    key: str
    name: str
    action: Action
    fields: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    agreed: bool = True
    ask: str = "说明"  # label of the words
    parts: frozenset[Who] = frozenset(Who)  # to whom a list offers it, of those who may

    def leads(self, status: Status) -> str:
        """The state a ticket would be in."""
        return MOVES.get((status, self.action), status).value


BULKS = (
    Bulk("take_in", "受理", Action.TAKE_IN),
    Bulk("accept", "接单", Action.ACCEPT),
    Bulk("dispatch", "派单", Action.DISPATCH, ("to", "words"), ("to",)),
    Bulk("transfer", "转给", Action.TRANSFER, ("to", "words"), ("to",)),
    Bulk("reply", "回复", Action.REPLY, ("words",), ("words",), ask="回复报事人的话", parts=OFFICE),
    Bulk("return", "退单", Action.RETURN, ("basis", "words"), ("basis", "words"), ask="为什么退"),
    Bulk("agree_return", "同意退单", Action.AGREE_RETURN),
    Bulk("refuse_return", "不同意退单", Action.REFUSE_RETURN, ("words",), ask="为什么不同意"),
    Bulk("agree_extension", "同意延期", Action.DECIDE_EXTENSION),
    Bulk(
        "refuse_extension", "不同意延期", Action.DECIDE_EXTENSION, ("words",), agreed=False, ask="为什么不同意"
    ),
    Bulk("pass", "核查通过", Action.PASS),
    Bulk("escalate", "上报", Action.ESCALATE, ("words",), ask="为什么上报"),
    Bulk("reclass", "改分类", Action.RECLASS, ("category",), ("category",)),
)  # fmt: skip
_ASKED = {"to": "请选交给谁。", "words": "请写几句。", "basis": "请选依据。", "category": "请选分类。"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A ticket as somebody saw it. `seen`: its last change then, in microseconds since 1970."""

    id: int
    seen: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became, or would become, of one ticket. `missing`: the field the act still needs."""

    mark: Mark
    short: str
    done: bool
    said: str = ""
    missing: str = ""


def mark_of(row: BoardRow) -> Mark:
    return Mark(row.id, seen_at(row.changed))


def summary(row: BoardRow) -> str:
    return HIDDEN if row.category_code in SENSITIVE else row.summary or "（内容已删除）"


def read_args(bulk: Bulk, form: Mapping[str, str]) -> tuple[Args, dict[str, str]]:
    """The act's arguments and what is wrong with the form, by field."""
    given = {name: form.get(name, "") if name in bulk.fields else "" for name in _ASKED}
    wrong = {name: _ASKED[name] for name in bulk.must if not given[name]}
    if len(given["words"]) > WORDS_MOST:
        wrong["words"] = f"最多{WORDS_MOST}个字，现在有{len(given['words'])}个。"
    if given["basis"] and given["basis"] not in BASES:
        wrong["basis"] = _ASKED["basis"]
    if given["category"] and given["category"] not in CATEGORIES:
        wrong["category"] = _ASKED["category"]
    kind = given["to"][:1]
    target = number_in(given["to"][1:]) if kind in ("p", "u") else 0
    if given["to"] and not target:
        wrong["to"] = _ASKED["to"]
    args = Args(
        words=given["words"][:WORDS_MOST], agreed=bulk.agreed, basis=given["basis"], category=given["category"],
        to=target if kind == "p" else 0, unit=target if kind == "u" else 0,
    )  # fmt: skip
    return args, wrong


def may_get(app: App, viewer: Viewer, args: Args) -> bool:
    """Whether the person or unit a ticket is to be given to works in the viewer's communities. Blocks."""
    if not args.to and not args.unit:
        return True
    people, units = assignees(app.db, viewer.communities or ())
    return any(one.id == args.to for one in people) if args.to else any(one.id == args.unit for one in units)


def foresee(app: App, viewer: Viewer, ticket: int, bulk: Bulk, args: Args) -> Fate:
    """The act tried out: nothing is written. Blocks."""
    assert viewer.session is not None
    now = app.clock()
    with looking(app.db, now) as read:
        who, found = read.person(viewer.session.person), read.ticket(ticket)
        if who is None or found is None:
            return Fate(Mark(ticket, 0), "", False, GONE)
        mark = Mark(ticket, seen_at(found.changed))
        try:
            act(bulk.action, found, args, who, now, app.policy, read)
        except Missing as missing:
            return Fate(mark, found.short, False, str(missing), missing.field)
        except Refused as no:
            return Fate(mark, found.short, False, str(no))
        return Fate(mark, found.short, True)


def perform(app: App, viewer: Viewer, marks: list[Mark], bulk: Bulk, args: Args) -> list[Fate]:
    """Each ticket in a turn of its own, in order; one that cannot be done stops no other. Blocks."""
    seen = {row.id: row for row in views.lines(app.db, [mark.id for mark in marks], viewer.sight)}
    return [
        _one(app, viewer, mark, seen[mark.id].code[-4:], bulk, args) if mark.id in seen
        else Fate(mark, "", False, GONE)
        for mark in marks
    ]  # fmt: skip


def _one(app: App, viewer: Viewer, mark: Mark, short: str, bulk: Bulk, args: Args) -> Fate:
    assert viewer.session is not None
    person, now = viewer.session.person, app.clock()
    met: list[bool] = []

    def work(read: Read) -> Outcome:
        found = read.ticket(mark.id)
        met[:] = [found is not None and seen_at(found.changed) == mark.seen]
        if not met[0]:
            return Outcome(replies=(Reply(CHANGED),))
        return acting.order(bulk.action.name, mark.id, args, person, now, app.policy, read)

    try:
        done = app.turns.run(work, now, "console", person).result(_SECONDS)
    except TooSlow:
        raise Unreachable("the turn took too long") from None
    refused = not met[0] or any(isinstance(fact, AccessRefused) for fact in done.facts)
    return Fate(mark, short, not refused, words.here("".join(reply.text for reply in done.replies)))
