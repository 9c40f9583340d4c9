"""Whoever asked first writes first, also while somebody writes again and again."""

from __future__ import annotations

import threading

import pytest

from storage.line import Line


def test_in_the_order_of_asking() -> None:
    line, order, threads = Line(), [], []
    line.acquire()
    for number in range(5):
        asked = len(line._waiting)

        def work(number: int = number) -> None:
            with line:
                order.append(number)

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        while len(line._waiting) == asked:
            pass
    line.release()
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 2, 3, 4]
    assert line.acquire(blocking=False)


def test_who_lets_go_cannot_jump_the_line() -> None:
    line, seen = Line(), threading.Event()
    line.acquire()
    waiting = threading.Thread(target=lambda: (line.acquire(), seen.set()))
    waiting.start()
    while not line._waiting:
        pass
    line.release()
    assert not line.acquire(blocking=False)  # it is the other's already, awake or not
    assert seen.wait(5)
    line.release()
    waiting.join(5)
    with pytest.raises(RuntimeError):
        line.release()
