"""The world as it is: the only place that reads the clock and throws dice."""

from __future__ import annotations

import base64
import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

__all__ = ["SecretTokens", "SystemClock", "Uuid7Ids"]


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Uuid7Ids:
    """UUIDv7 (RFC 9562 §5.7): milliseconds, a counter, then 62 random bits.

    Ids of one process rise strictly, also within a millisecond (method 1 of §6.2:
    a counter in the 12 bits after the time).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def new(self) -> UUID:
        """Return an identifier that no other process makes."""
        stamp = (time.time_ns() // 1_000_000) << 12
        with self._lock:
            self._last = stamp = max(stamp, self._last + 1)
        tail = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
        return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | tail)


class SecretTokens:
    """Tokens of 256 random bits, in URL-safe base 64 (43 characters)."""

    def new(self) -> str:
        """Return a token that nobody can guess."""
        return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
