"""The tables, for SQLite and PostgreSQL alike. What they mean; nothing of how they are written.

One file a feature; a new one is imported here, so that `metadata` knows every table.
"""

from storage.schema.activities import (
    activities,
    attendances,
    certificates,
    hours,
    hours_days,
    makeups,
    objections,
    ratings,
    signups,
    stations,
    team_members,
    teams,
    volunteers,
)
from storage.schema.allowances import allowances
from storage.schema.announcements import announcement_places, announcements, audiences, declines, recipients
from storage.schema.api import api_tokens, received
from storage.schema.base import metadata
from storage.schema.clocks import clock_events, duty_hours, limits
from storage.schema.desk import ready_replies, takeovers, viewings
from storage.schema.grids import grid_changes, grid_moves, plate_codes
from storage.schema.honour import activity_photos, photo_people, star_requests, team_filings
from storage.schema.knowledge import faq, faq_versions, open_questions, synonyms
from storage.schema.land import buildings, communities, estates, grids, households, micro_grids
from storage.schema.learning import examples
from storage.schema.mutual import helpers, helps
from storage.schema.numbers import effort_days, effort_last, number_days, number_lengths, ticket_numbers
from storage.schema.organisations import organisations
from storage.schema.outbox import outbox
from storage.schema.people import claim_failures, claims, drafts, homes, identities, logins, persons, posts, sessions
from storage.schema.points import (
    level_statements,
    photo_marks,
    point_accounts,
    point_cases,
    point_checks,
    point_entries,
    point_months,
    point_notice_lines,
    point_notices,
    point_postings,
    point_rules,
    redemptions,
    shop_items,
)
from storage.schema.process import alarms, holidays, job_runs, meta, tokens
from storage.schema.search import search_docs, search_grams
from storage.schema.tickets import followers, media, notes, tickets, timers
from storage.schema.turn import counters, dialogs, facts, inbox
from storage.schema.units import categories, leaves, ticket_units, unit_areas, units

__all__ = [
    "activities", "activity_photos", "alarms", "allowances", "announcement_places", "announcements",
    "api_tokens", "attendances", "audiences", "buildings", "categories", "certificates", "claim_failures",
    "claims", "clock_events", "communities", "counters", "declines", "dialogs", "drafts", "duty_hours",
    "effort_days", "effort_last", "estates", "examples", "facts", "faq", "faq_versions", "followers",
    "grid_changes", "grid_moves", "grids", "helpers", "helps", "holidays", "homes", "hours", "hours_days",
    "households", "identities", "inbox", "job_runs", "leaves", "level_statements", "limits", "logins",
    "makeups", "media", "meta", "metadata", "micro_grids", "notes", "number_days", "number_lengths",
    "objections", "open_questions", "organisations", "outbox", "persons", "photo_marks", "photo_people",
    "plate_codes", "point_accounts", "point_cases", "point_checks", "point_entries", "point_months",
    "point_notice_lines", "point_notices", "point_postings", "point_rules", "posts", "ratings", "ready_replies",
    "received", "recipients", "redemptions", "search_docs", "search_grams", "sessions", "shop_items", "signups",
    "star_requests", "stations", "synonyms", "takeovers", "team_filings", "team_members", "teams",
    "ticket_numbers", "ticket_units", "tickets", "timers", "tokens", "unit_areas", "units", "viewings",
    "volunteers",
]  # fmt: skip
