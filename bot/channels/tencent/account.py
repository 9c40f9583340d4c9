"""What an account's settings must be like, whichever platform it is on."""

from __future__ import annotations

import re

TOKEN_SHORTEST = 16  # reliability.md T1: anything shorter can be guessed from one logged signature
AES_KEY = re.compile(r"[0-9A-Za-z+/]{43}\Z")


class ConfigError(ValueError):
    """`lines` says in words, one a line, what is wrong; no value of a secret is in it."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines
