"""What a message speaks of, in coarse topics (kin, tools, goods, voting …): a hint for the small models only.

They let a word that no example has be read like its fellows: a 熨斗 is borrowed like a 梯子. The words stand in
nlp/data/topics.txt and are found in the lexicon's one pass over a text (`Scan.topics`).
"""

from __future__ import annotations


def named(table: str) -> dict[str, set[str]]:
    """Each word of the table with the names of its topics."""
    found: dict[str, set[str]] = {}
    for line in table.splitlines():
        name, colon, words = line.partition(": ")
        if colon and not line.startswith("#"):
            for word in words.split():
                found.setdefault(word, set()).add(name)
    return found
