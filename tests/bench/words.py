"""Letters put into words beforehand, so that only rows are measured beside rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from ordercore.messaging.letter import Letter
from ordercore.messaging.order_letters import (
    NewOrderLetter,
    OrderPackedLetter,
    OrderPaidLetter,
    OrderPlacedLetter,
)
from ordercore.messaging.render import Rendered, render
from ordercore.services.defaults import PROFILE

LETTERS: tuple[type[Letter], ...] = (
    OrderPlacedLetter,
    NewOrderLetter,
    OrderPaidLetter,
    OrderPackedLetter,
)


class Words:
    """The sample of each kind of letter in words; both sides store these."""

    def __init__(self) -> None:
        self._written = {letter.kind: rendered(letter.sample()) for letter in LETTERS}
        self.asked = 0

    def of(self, kind: str) -> Rendered:
        """Return the words of a kind of letter."""
        return self._written[kind]

    @contextmanager
    def instead(self) -> Iterator[None]:
        """Let the shop store these words instead of rendering."""
        with patch("ordercore.messaging.render.render", self._answer):
            yield

    def _answer(self, letter: Letter, **_: object) -> Rendered:
        self.asked += 1
        return self._written.get(letter.kind) or rendered(letter)


def rendered(letter: Letter) -> Rendered:
    """Render a letter in English for a shop without a name."""
    return render(letter, language="en", shop=PROFILE)
