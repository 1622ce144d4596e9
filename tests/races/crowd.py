"""Several threads that begin at once, and what each came to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def at_once(works: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Do each piece of work in a thread of its own; all begin together.

    Returns:
        What each returned or raised, in order.
    """
    start = threading.Barrier(len(works))
    ends: list[T | Exception] = [TimeoutError()] * len(works)

    def run(place: int) -> None:
        start.wait()
        try:
            ends[place] = works[place]()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            ends[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return ends
