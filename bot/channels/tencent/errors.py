"""What follows from a platform's answer to a call: policies and the error; the codes are each channel's table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_RID = re.compile(r"rid: ?([0-9a-fA-F-]{1,64})")
_FIELD = re.compile(r"data\.([0-9A-Za-z_]{1,40})")


class Policy(StrEnum):
    """What follows. Every policy but SUCCESS and the first two ends the present call."""

    SUCCESS = "success"  # the platform has it already
    RENEW_ONCE = "renew_once"  # ask for another token once, repeat once; the second time as ALARM
    RETRY = "retry"  # the same row later, at most 3 times
    NEXT_RUNG = "next_rung"  # not this way: template, notice, a person
    WAIT_WINDOW = "wait_window"  # as NEXT_RUNG; this way opens when the resident does something
    STOP_ENDPOINT = "stop_endpoint"  # this call pauses, see Rule.seconds; other rungs go on
    MARK_UNFOLLOWED = "mark_unfollowed"  # cannot be reached by message; a subscription notice may
    GIVE_UP = "give_up"  # a fault of the row or of the program; never again
    ALARM = "alarm"  # the operator must act; rows wait meanwhile


@dataclass(frozen=True, slots=True)
class Rule:
    """`seconds`: length of a pause; 0 with STOP_ENDPOINT means until midnight in Shanghai."""

    meaning: str
    policy: Policy
    seconds: int = 0


UNKNOWN = Rule("未知错误码", Policy.GIVE_UP)
NO_ANSWER = Rule("没有得到回答", Policy.RETRY)
UNREACHED = frozenset({"connect", "token"})  # nothing was sent
UNSURE = frozenset({"timeout", "reset", "http", "not_json"})  # the platform may have acted


class ApiError(Exception):
    """A call that did not succeed. `code`: the errcode, or one of UNREACHED and UNSURE; str() adds its meaning.

    `rid`: what the platform's support asks for; `field`: the template field the platform named. Both safe to log.
    """

    def __init__(self, code: int | str, message: str = "", rule: Rule = NO_ANSWER) -> None:
        self.code = code
        self.rule = rule
        super().__init__(f"{code} {rule.meaning}")
        rid, field = _RID.search(message), _FIELD.search(message)
        self.rid = rid[1] if rid else ""
        self.field = field[1] if field else ""

    @property
    def sure(self) -> bool:
        """Whether it is certain that the call had no effect."""
        return self.code not in UNSURE


class TokenRefused(ApiError):
    """No token could be had: nothing was sent, and asking for another token would not help now."""

    @property
    def sure(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Codes:
    """One platform's table. `name` stands in the log; `loud`: codes an operator or programmer must look at."""

    name: str
    rules: Mapping[int, Rule]
    loud: frozenset[int]

    def error(self, code: int, message: str = "") -> ApiError:
        return ApiError(code, message, self.rules.get(code, UNKNOWN))

    def refused(self, code: int | str) -> TokenRefused:
        rule = self.rules.get(code, UNKNOWN) if isinstance(code, int) else NO_ANSWER
        return TokenRefused(code, "", rule)
