"""A quick value is a frozen dataclass like any other: only how it is filled differs."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field
from typing import Any

import pytest

from nlp.quick import quick, replace


class Base:
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Plain(Base):
    at: int
    words: str = "无"
    more: dict[str, int] = field(default_factory=dict)
    last: tuple[int, ...] = (1, 2)


@quick
@dataclass(frozen=True, slots=True)
class Quick(Base):
    at: int
    words: str = "无"
    more: dict[str, int] = field(default_factory=dict)
    last: tuple[int, ...] = (1, 2)


@pytest.mark.parametrize(
    ("args", "named"),
    [((1,), {}), ((1, "二", {"三": 3}, ()), {}), ((), {"at": 1, "last": (4,)}), ((1,), {"more": {}, "words": ""})],
)
def test_it_holds_what_a_plain_one_holds(args: tuple[Any, ...], named: dict[str, Any]) -> None:
    plain, made = Plain(*args, **named), Quick(*args, **named)
    assert type(made) is Quick
    assert asdict(made) == asdict(plain)
    assert repr(made) == repr(plain).replace("Plain", "Quick")
    assert made == Quick(*args, **named)
    assert made != plain  # type: ignore[comparison-overlap]
    assert inspect.signature(Quick).parameters.keys() == inspect.signature(Plain).parameters.keys()


def test_it_is_frozen_and_can_be_hashed_copied_and_replaced() -> None:
    made = Quick(1, last=())
    for name in ("at", "other"):
        with pytest.raises((FrozenInstanceError, TypeError)):
            setattr(made, name, 2)
    with pytest.raises(FrozenInstanceError):
        del made.at
    assert (made.at, made.more) == (1, {})
    assert Quick(1).more is not Quick(1).more
    assert replace(made, at=2) == dataclasses.replace(made, at=2) == Quick(2, last=()) != made
    assert type(replace(made)) is Quick
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made
    assert type(copy.copy(made)) is Quick
    with pytest.raises(TypeError, match="never"):
        replace(made, never=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="at"):
        Quick()  # type: ignore[call-arg]


def test_what_is_built_in_another_way_is_refused() -> None:
    class Checked:
        at: int

        def __post_init__(self) -> None:
            raise AssertionError

    with pytest.raises(TypeError, match="Checked"):
        quick(dataclass(frozen=True, slots=True)(Checked))
    with pytest.raises(TypeError, match="Named"):
        quick(dataclass(frozen=True, slots=True, kw_only=True)(type("Named", (), {"__annotations__": {"at": int}})))
