"""Dangers beside sentences of the same words without danger (nlp/training/pairs.txt), and how many are told apart."""

from __future__ import annotations

from importlib.resources import files

from nlp import understand


def _pairs() -> list[tuple[str, str]]:
    lines = (files("nlp") / "training" / "pairs.txt").read_text(encoding="utf-8").splitlines()
    rows = [[part.strip() for part in line.split("|")] for line in lines if line and not line.startswith("#")]
    return [(danger, calm) for _, danger, calm in rows]


def test_dangers_are_told_from_their_look_alikes() -> None:
    """Two-sided: a missed one is a danger that waits, a false one makes the next alarm weaker."""
    pairs = _pairs()
    missed = [danger for danger, _ in pairs if understand(danger).urgency != "emergency"]
    false = [calm for _, calm in pairs if understand(calm).urgency == "emergency"]
    assert len(pairs) >= 380
    assert len(missed) <= MISSED, missed
    assert len(false) <= FALSE, false


MISSED = 1
FALSE = 14
