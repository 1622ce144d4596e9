"""The world of the demonstration: a patient clock, four products, one shopkeeper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ordercore import EmailAddress, Money, Offer, Party

ZONE = "Europe/London"
GOODS = {
    "TEA-250": ("Loose red tea, 250 g", 525),
    "BEANS-1K": ("Coffee beans, 1 kg", 1490),
    "ALTO": ("Alto coffee maker", 12900),
    "FILTER": ("Filter cartridge for the Alto", 990),
}


class SimulatedClock:
    """A clock that moves only when the story does."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the story's instant."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self._now += timedelta(seconds=seconds)

    def at(self, local: datetime) -> None:
        """Go forward to a wall time in London."""
        self._now = max(self._now, local.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC))


class Goods:
    """A catalogue of four products."""

    def offers(self, skus: Sequence[str], *, currency: str, language: str) -> Mapping[str, Offer]:
        """Return what is for sale."""
        return {
            sku: Offer(sku, GOODS[sku][0], Money(GOODS[sku][1], currency))
            for sku in skus
            if sku in GOODS
        }


class Staff:
    """Who is told of new orders."""

    def merchant(self) -> Party:
        """Return the shopkeeper."""
        return Party(name="Grace", email=EmailAddress.parse("grace@alto.example"))
