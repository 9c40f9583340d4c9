"""The program around the channel, as a test arranges it."""

from __future__ import annotations

from bot.channels.wecom.cards import Look
from handlers.types import Choice
from storage.queue import Outgoing
from tests.channels.wecom.kit import TICKET

LOOK = Look(
    TICKET, "0017 楼道灯不亮", "处置中，李卫国", (("地点", "学府花园3幢2单元"), ("期限", "6月4日9:00前")),
    (Choice("到场", "到场 0017"), Choice("办结", "办结 0017")), "https://jushe.example.cn/m/w/abc",
)  # fmt: skip


class Ground:
    def __init__(self) -> None:
        self.waits: dict[str, float] = {}  # member → seconds until more may be sent
        self.taken: list[tuple[str, bool]] = []
        self.back: list[str] = []
        self.behind: list[Outgoing] = []
        self.went: list[int] = []
        self.photos: dict[str, bytes] = {}
        self.now: Look | None = LOOK

    def allow(self, user: str, *, alarm: bool) -> float:
        wait = 0.0 if alarm else self.waits.get(user, 0.0)
        if not wait:
            self.taken.append((user, alarm))
        return wait

    def held(self, user: str) -> None:
        self.back.append(user)

    def waiting(self, person: int) -> list[Outgoing]:
        return self.behind

    def delivered(self, rows: list[int]) -> None:
        self.went += rows

    def look(self, ticket: int, user: str) -> Look | None:
        return self.now if ticket == TICKET else None

    def photo(self, name: str) -> bytes | None:
        return self.photos.get(name)
