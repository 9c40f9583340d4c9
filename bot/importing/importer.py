"""One import from file to register: all rows are right and all are written, or nothing is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.importing.bounds import WHOLE_CITY, Bounds, bounded, within
from bot.importing.kind import Kind
from bot.importing.kinds import KINDS
from bot.importing.plan import Plan, Planner
from bot.importing.plan_activities import plan_activities
from bot.importing.plan_clocks import plan_hours, plan_limits
from bot.importing.plan_knowledge import plan_faq, plan_synonyms
from bot.importing.plan_land import plan_communities, plan_grids, plan_holidays, plan_households
from bot.importing.plan_organisations import plan_organisations
from bot.importing.plan_people import plan_leaders, plan_residents
from bot.importing.plan_staff import plan_staff
from bot.importing.plan_units import plan_categories, plan_members, plan_units
from bot.importing.points import plan_rules, plan_shop
from bot.importing.records import Problem, Record, check, headed
from bot.importing.sheet import Sheet, read_sheet
from bot.importing.zipped import FileRefused
from storage import audit, people, staff, staff_accounts
from storage.engine import Database
from storage.ledger import Ledger, Tally

CLAIM_DAYS = 7
PLANNERS: Mapping[str, Planner] = {
    "faq": plan_faq, "synonyms": plan_synonyms,
    "communities": plan_communities, "grids": plan_grids, "households": plan_households, "holidays": plan_holidays,
    "limits": plan_limits, "hours": plan_hours,
    "residents": plan_residents, "leaders": plan_leaders, "staff": plan_staff,
    "units": plan_units, "members": plan_members, "categories": plan_categories,
    "activities": plan_activities,
    "organisations": plan_organisations,
    "shop": plan_shop, "rules": plan_rules,
}  # fmt: skip

Progress = Callable[[str, int, int], None]  # what is being done, how far, of how many


@dataclass(frozen=True, slots=True)
class Handout:
    """What a new leader or staff member is given once, on paper. `code` "" when the chat is joined already."""

    name: str
    post: str
    place: str
    code: str
    expires: datetime
    login: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What happened, or with `dry_run` what would. `written` is false when there are problems."""

    kind: Kind
    rows: int
    dry_run: bool
    written: bool = False
    tally: Mapping[str, Tally] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    handouts: tuple[Handout, ...] = ()
    newcomers: int = 0  # people who get a handout


def import_file(
    db: Database,
    kind: str,
    path: Path,
    now: datetime,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
    corp: str = "",
    hand_out: Callable[[tuple[Handout, ...]], None] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Raises FileRefused when the file as a whole cannot be used.

    `hand_out` is given the codes inside the transaction, so that none is lost when it fails.
    """
    tell = progress or (lambda what, done, total: None)
    tell("读取", 0, 1)
    sheet = read_sheet(path)
    return import_sheet(
        db, kind, sheet, now, dry_run=dry_run, overwrite=overwrite, corp=corp, hand_out=hand_out, progress=tell
    )


def import_sheet(
    db: Database, kind: str, sheet: Sheet, now: datetime, *, dry_run: bool = False, overwrite: bool = False,
    corp: str = "", hand_out: Callable[[tuple[Handout, ...]], None] | None = None, progress: Progress | None = None,
    bounds: Bounds | None = None, actor: int = 0, via: str = "import",
    also: Callable[[Connection], None] | None = None,
) -> Report:  # fmt: skip
    """The same for a table that is already read. `bounds`: the rows must be of these communities. `actor`, `via`:
    who did it, for the log. `also` writes what belongs to it in the same transaction.
    """
    tell = progress or (lambda what, done, total: None)
    found = KINDS[kind]
    sheet = headed(sheet, found)
    total = len(sheet.rows)
    checked = check(sheet, found, lambda done, all_: tell("检查", done, all_))
    if bounds is not None:
        if not bounded(found):
            raise FileRefused(WHOLE_CITY)
        checked.records, elsewhere = within(checked.records, found, bounds)
        checked.problems += elsewhere
    # planned on a read-only view first: a file with mistakes never holds up the running service
    with db.reading() as conn:
        plan = _plan(conn, found, checked.records, now, overwrite, corp, actor, via)
    problems = tuple(sorted([*checked.problems, *plan.problems], key=lambda problem: problem.row))
    report = Report(
        found, total, dry_run, False, _tally(plan), problems, checked.ignored, newcomers=len(plan.newcomers)
    )
    if problems or dry_run:
        return report
    del plan  # a whole city is large: only one plan of it at a time
    with db.writing() as conn:
        plan = _plan(conn, found, checked.records, now, overwrite, corp, actor, via)
        if plan.problems:  # somebody changed the register in between
            return Report(found, total, dry_run, problems=tuple(plan.problems), ignored=checked.ignored)
        handouts = _write(conn, plan, tell)
        changes = _tally(plan)
        if any(tally.touched for tally in changes.values()):
            counts = {name: [t.added, t.changed, t.ended] for name, t in changes.items() if t.touched}
            body = {"kind": kind, "rows": total, "changes": counts}
            audit.note(conn, "RegisterImported", body, now, via=via, actor=actor)
            if also:
                also(conn)
        if hand_out and handouts:
            hand_out(handouts)
    return Report(
        found, total, dry_run, True, changes, (), checked.ignored, handouts, newcomers=len(handouts)
    )  # fmt: skip


def _plan(
    conn: Connection,
    kind: Kind,
    records: list[Record],
    now: datetime,
    overwrite: bool,
    corp: str,
    actor: int,
    via: str,
) -> Plan:
    plan = Plan(kind, Ledger(conn), now, overwrite, corp, actor, via)
    PLANNERS[kind.name](records, plan)
    return plan


def _write(conn: Connection, plan: Plan, tell: Progress) -> tuple[Handout, ...]:
    total = plan.ledger.waiting
    done = 0

    def step(rows: int) -> None:
        nonlocal done
        done += rows
        tell("写入", done, total)

    plan.ledger.write(step)
    for work in plan.after:
        work(conn)
    return _hand_outs(conn, plan)


def _hand_outs(conn: Connection, plan: Plan) -> tuple[Handout, ...]:
    """One claim code a person, even with two posts: a second would end the first.

    Log-ins that somebody brings in through a page wait for who may grant their role, as one made there does.
    """
    codes: dict[int, str] = {}
    made: list[Handout] = []
    now, through_page = plan.now, bool(plan.actor)
    for new in plan.newcomers:
        password = ""
        if new.login:
            password = staff_accounts.new_password()
            staff.add_login(
                conn, new.login, password, new.person, now=now, role=new.role, scope=new.scope, initial=through_page
            )
            if through_page:
                staff_accounts.hold(conn, new.login, new.role, now)
        if new.person not in codes:
            codes[new.person] = "" if new.joined else people.new_claim(conn, new.person, now, CLAIM_DAYS)
        expires = now + timedelta(days=CLAIM_DAYS)
        made.append(Handout(new.name, new.post, new.place, codes[new.person], expires, new.login, password))
    return tuple(made)


def _tally(plan: Plan) -> dict[str, Tally]:
    found = {**plan.ledger.tally, **plan.extra}
    if any(new.login for new in plan.newcomers):
        found["logins"] = Tally(added=sum(bool(new.login) for new in plan.newcomers))
    return found
