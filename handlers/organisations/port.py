"""What the talk about social organisations 社会组织 asks of storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Organisation:
    """`phone` "": not published. `services`: what it does, as it is told to residents."""

    id: int
    name: str
    kind: str
    services: str
    place: str = ""
    leader: str = ""
    phone: str = ""


class ReadOrganisations(Protocol):
    def organisations(self, community: int) -> tuple[Organisation, ...]:
        """Those in force of a community, by name."""
        ...
