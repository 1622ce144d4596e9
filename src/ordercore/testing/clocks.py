"""A world that can be told what to do: time that stands still, dice that repeat."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ordercore.values.times import instant

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""A Monday morning on which nothing special happens in any time zone."""
_SHORTEST = 0.002
"""The longest real pause of `FrozenClock.sleep`: enough for another thread to go on."""


class FrozenClock:
    """Time stands still until the test moves it. Safe to use from several threads."""

    def __init__(self, start: datetime = START) -> None:
        self._lock = threading.Lock()
        self._now = instant(start)

    def now(self) -> datetime:
        """Return the instant at which the clock stands."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let other threads go on for a moment; the clock does not move."""
        time.sleep(min(max(seconds, 0), _SHORTEST))

    def advance(
        self,
        by: timedelta = timedelta(0),
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> datetime:
        """Move the clock on by all that is given and return where it stands now."""
        more = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        with self._lock:
            self._now += by + more
            return self._now

    def move_to(self, at: datetime) -> datetime:
        """Set the clock to any instant, backwards too."""
        with self._lock:
            self._now = instant(at)
            return self._now


class _Sequence:
    """Numbers each call and spreads the number over 256 bits, the same for the same seed."""

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed).encode()
        self._lock = threading.Lock()
        self._count = 0

    def next(self) -> tuple[int, bytes]:
        """Return the number of this call, from 1, and its 32 bytes."""
        with self._lock:
            self._count += 1
            count = self._count
        return count, hashlib.sha256(b"%d " % count + self._seed).digest()


class SequenceIds:
    """UUIDv7-shaped identifiers: the same row of them for the same seed, each one higher.

    Give each process that shares a database a seed of its own.
    """

    def __init__(self, seed: int | str = 0, *, start: datetime = START) -> None:
        self._sequence = _Sequence(seed)
        self._start = int(start.timestamp() * 1000) << 12

    def new(self) -> UUID:
        """Return the next identifier; its low 62 bits are spread by a hash."""
        count, spread = self._sequence.next()
        stamp = self._start + count
        tail = int.from_bytes(spread[:8]) & (1 << 62) - 1
        return UUID(int=(stamp >> 12) << 80 | 7 << 76 | (stamp & 0xFFF) << 64 | 2 << 62 | tail)


class SequenceTokens:
    """Tokens of the right form, the same row of them for the same seed. Not secret."""

    def __init__(self, seed: int | str = 0) -> None:
        self._sequence = _Sequence(f"token {seed}")

    def new(self) -> str:
        """Return the next token: 43 characters, URL-safe."""
        _, spread = self._sequence.next()
        return base64.urlsafe_b64encode(spread).decode().rstrip("=")
