"""Ports that remember what they were asked, and answer as the test says."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from ordercore.errors import DeliveryError
from ordercore.ports.shop import Offer
from ordercore.values.address import Party
from ordercore.values.money import Money
from ordercore.values.outgoing import Outgoing


class RecordingNotifier:
    """Keeps what it is handed; fails on request. Safe to use from several threads."""

    def __init__(self, channel: str = "email") -> None:
        self._channel = channel
        self._lock = threading.Lock()
        self._sent: list[Outgoing] = []
        self._faults: list[str] = []
        self.closed: bool = False

    @property
    def channel(self) -> str:
        """The channel it serves."""
        return self._channel

    @property
    def sent(self) -> list[Outgoing]:
        """What was accepted so far, in order; a copy."""
        with self._lock:
            return list(self._sent)

    def fail(self, times: int = 1, *, permanent: bool = False) -> None:
        """Refuse the next `times` messages, after what earlier calls still have in store."""
        code = "delivery.permanent" if permanent else "delivery.temporary"
        with self._lock:
            self._faults += [code] * times

    def send(self, message: Outgoing) -> None:
        """Keep the message, or raise the `DeliveryError` that was asked for."""
        with self._lock:
            if self._faults:
                raise DeliveryError(self._faults.pop(0), reason="as the test asked")
            self._sent.append(message)

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


class MemoryCatalog:
    """Products by stock-keeping unit: each an offer, or a price for one that is called so.

    An offer in another currency is not for sale. Titles are the same in every language.
    """

    def __init__(self, offers: Mapping[str, Offer | Money] | None = None) -> None:
        self._offers: dict[str, Offer] = {}
        self.asked: list[tuple[str, ...]] = []
        for sku, offer in (offers or {}).items():
            self.put(sku, offer)

    def put(self, sku: str, offer: Offer | Money) -> None:
        """Sell a product, or sell it at another price from now on."""
        made = Offer(sku, sku, offer) if isinstance(offer, Money) else offer
        self._offers[sku] = made

    def remove(self, sku: str) -> None:
        """Sell it no more."""
        self._offers.pop(sku, None)

    def offers(self, skus: Sequence[str], *, currency: str, language: str) -> Mapping[str, Offer]:
        """Return what is for sale in this currency."""
        del language  # titles are not translated
        self.asked.append(tuple(skus))
        known = {sku: self._offers[sku] for sku in skus if sku in self._offers}
        return {sku: offer for sku, offer in known.items() if offer.unit.currency == currency}


class ScriptedCatalog:
    """Answers the first call with the first answer, and so on; the last one stays.

    An answer that is an exception is raised.
    """

    def __init__(self, *answers: Mapping[str, Offer] | Exception) -> None:
        self._answers = list(answers)
        self._lock = threading.Lock()
        self.calls: int = 0

    def offers(self, skus: Sequence[str], *, currency: str, language: str) -> Mapping[str, Offer]:
        """Give the next answer, whatever was asked for, less what was not asked for."""
        del currency, language
        with self._lock:
            self.calls += 1
            answer = self._answers[min(self.calls, len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return {sku: offer for sku, offer in answer.items() if sku in skus}


class StaticDirectory:
    """A shop side that never changes."""

    def __init__(self, merchant: Party | None = None) -> None:
        self._merchant = merchant

    def merchant(self) -> Party | None:
        """Return who is told of new orders."""
        return self._merchant
