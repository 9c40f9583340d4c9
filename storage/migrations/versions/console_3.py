"""Log-ins with a second step, roles that are asked for and granted, devices of sessions, forms kept over a log-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "console_3"
down_revision = "people_3"


def upgrade() -> None:
    op.add_column("logins", sa.Column("asked", sa.String(8), nullable=False, server_default=""))
    op.add_column("logins", sa.Column("granted", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("logins", sa.Column("initial", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("logins", sa.Column("code_secret", sa.Text))
    op.add_column("logins", sa.Column("code_on", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("logins", sa.Column("code_step", sa.BigInteger, nullable=False, server_default=sa.text("0")))
    op.add_column("sessions", sa.Column("device", sa.String(40), nullable=False, server_default=""))
    op.create_index("ix_sessions_login", "sessions", ["login"])
    op.create_table(
        "drafts",
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("login", name="pk_drafts"),
    )
