"""Stopping gracefully: SIGTERM or SIGINT ends a worker after the item at hand."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any, Self

from ordercore_adapters.system import SystemClock

NAP_SECONDS = 0.2


class Stop:
    """Whether somebody asked this process to stop; a second time, it is stopped at once."""

    def __init__(self) -> None:
        self.asked: bool = False
        self._before: dict[signal.Signals, Any] = {}
        self._clock = SystemClock()

    def __enter__(self) -> Self:
        """Listen."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Listen no more."""
        for number, before in self._before.items():
            signal.signal(number, before)

    def wait(self, seconds: float) -> None:
        """Sleep, but not past being asked."""
        until = self._clock.now().timestamp() + seconds
        while not self.asked and (left := until - self._clock.now().timestamp()) > 0:
            self._clock.sleep(min(left, NAP_SECONDS))

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
