"""What a kind of table is: its columns with their checks; knows no kind."""

from __future__ import annotations

from dataclasses import dataclass

from bot.importing.cells import Check


@dataclass(frozen=True, slots=True)
class Column:
    """`private`: the value is shown masked in messages."""

    key: str
    title: str
    check: Check
    aliases: tuple[str, ...] = ()
    required: bool = False
    private: bool = False
    example: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`unique`: the columns that no two rows may share."""

    name: str
    title: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...]
    about: str

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)
