"""The first tables, written out for each database in first.<dialect>.sql."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    script = Path(__file__).with_name(f"first.{op.get_bind().dialect.name}.sql").read_text(encoding="utf-8")
    statements = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    for statement in statements.split(";\n"):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)
