"""How accounts of the points ledger are named and codes of the shop are stored; knows no table."""

from __future__ import annotations

import hashlib


def person_account(person: int) -> str:
    """Name of a person's account in the postings; the others are issued:, held, shop:, expired:."""
    return f"person:{person}"


def code_hash(code: str) -> str:
    """How a code of the shop is stored: SHA-256 in hex."""
    return hashlib.sha256(f"shop:{code}".encode()).hexdigest()
