"""Facts of the operator's own commands in the facts log: imports, exports, log-ins. Not facts of a turn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy import Connection, insert

from storage.ids import new_id
from storage.schema import facts


def note(conn: Connection, kind: str, body: Mapping[str, object], now: datetime, *, via: str, actor: int = 0) -> None:
    """One row in the facts log, sealed later with the others. `body` must hold no personal data.

    `kind` in the past tense, e.g. DataExported; `via`: import, export, command.
    """
    row_id = new_id()
    conn.execute(
        insert(facts).values(
            id=row_id, turn=row_id, at=now, actor=actor, via=via, kind=kind, ticket=0,
            body=orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode(),
        )
    )  # fmt: skip
