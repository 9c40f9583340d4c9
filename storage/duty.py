"""Takes a community's own duty periods away, so that the city's or the shipped ones count again."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from storage.schema import duty_hours


def clear(conn: Connection, community: int, day: str) -> str:
    """`day`: work or weekend; 0 is the city. What was there in words, "" when nothing was."""
    mine = (duty_hours.c.community == community, duty_hours.c.day == day)
    rows = conn.execute(select(duty_hours).where(*mine).order_by(duty_hours.c.begin)).all()
    conn.execute(delete(duty_hours).where(*mine))
    return "、".join(f"{row.begin}–{row.end}" for row in rows)
