"""What Open311 shows of categories and tickets: nothing of a reporter, nothing of what is nobody else's business."""

from __future__ import annotations

from typing import Any

from bot import datum
from bot.api.shown import moment
from handlers.forms import of_building
from handlers.read import Ticket
from handlers.tickets import reach
from handlers.tickets.categories import CATEGORIES, DESK_ONLY, GROUPS, UNITS
from handlers.tickets.rules import OPEN

# people in need, quarrels, police matters: never on a public list (domain.md §2.8)
PRIVATE = frozenset(code for code in CATEGORIES if code[:2] in ("12", "13")) | DESK_ONLY | {"0705", "0707"}
DANGER, WHERE = "danger", "where"


def service(code: str) -> dict[str, Any]:
    found = CATEGORIES[code]
    group = GROUPS[code[:2]]
    words = [group, UNITS[found.lead], *found.name.split("/")]
    return {
        "service_code": code, "service_name": found.name, "description": f"{group}：{found.name}", "metadata": True,
        "type": "realtime", "keywords": ", ".join(dict.fromkeys(words)), "group": group,
    }  # fmt: skip


def services() -> list[dict[str, Any]]:
    return [service(code) for code in CATEGORIES if code not in DESK_ONLY]


def definition(code: str) -> dict[str, Any]:
    return {
        "service_code": code,
        "attributes": [
            _attribute(1, DANGER, "singlevaluelist", "现在有没有人有危险？有危险请先打110、119、120。", [
                {"key": "no", "name": "没有"}, {"key": "yes", "name": "有"},
            ]),
            _attribute(2, WHERE, "string", "具体位置，比如几幢几单元", []),
        ],
    }  # fmt: skip


def _attribute(
    order: int, code: str, datatype: str, description: str, values: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "variable": True, "code": code, "datatype": datatype, "required": False, "datatype_description": "",
        "order": order, "description": description, "values": values,
    }  # fmt: skip


def may_show(ticket: Ticket) -> bool:
    return ticket.category not in PRIVATE and not reach.kept_at_desk(ticket)


def status(ticket: Ticket) -> str:
    return "open" if ticket.status in OPEN and ticket.solved is None else "closed"


def request(ticket: Ticket, *, own: bool) -> dict[str, Any]:
    """`own`: the caller's program reported it, so it gets its own words and position back."""
    category = CATEGORIES.get(ticket.category)
    name = category.name if category else "其他"
    place = ticket.place if own else of_building(ticket.place)
    lat, lon = datum.to_gps(ticket.pin.lat, ticket.pin.lon) if own and ticket.pin else (None, None)
    return {
        "service_request_id": ticket.code, "status": status(ticket),
        "status_notes": f"{ticket.status}：{ticket.result}" if own and ticket.result else str(ticket.status),
        "service_name": name, "service_code": ticket.category, "description": ticket.words if own else name,
        "agency_responsible": UNITS[category.lead] if category else "", "service_notice": "",
        "requested_datetime": moment(ticket.opened), "updated_datetime": moment(ticket.changed),
        "expected_datetime": moment(ticket.due), "address": place.label, "address_id": "", "zipcode": "",
        "lat": lat and round(lat, 7), "long": lon and round(lon, 7), "media_url": "",
    }  # fmt: skip


SAID = {
    "TicketDispatched": "已派单", "TicketAccepted": "已接单", "TicketVisited": "已到现场", "TicketSolved": "已办好",
    "TicketReopened": "重新办理", "TicketClosed": "已办结", "DeskReplied": "社区已答复",
    "ExtensionDecided": "办理期限有变化", "DueMoved": "办理期限有变化",
}  # fmt: skip
CLOSING = frozenset({"TicketSolved", "TicketClosed"})
