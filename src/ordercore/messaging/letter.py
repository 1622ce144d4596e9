"""What a letter is: one frozen class per kind of message, made of display values.

A letter knows no room. Whoever sends it fills it with words, amounts, days and
links as the reader is to see them, and the type checker sees that none is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal, Self

import attrs

from ordercore.values.money import Money

Audience = Literal["customer", "merchant"]
Purpose = Literal["transactional", "service", "marketing"]


def about(words: str, example: object) -> dict[str, object]:
    """Return what an editor of templates is told about a field: what it holds, and an example."""
    return {"about": words, "example": example}


@attrs.frozen(kw_only=True)
class LetterLine:
    """One line of an order as the reader sees it; `amount` is for the whole quantity."""

    title: str
    quantity: int
    amount: Money
    sku: str = ""


@attrs.frozen(kw_only=True, repr=False)
class Letter:
    """A message before it is put into words. Its fields are all that a template may say.

    Attributes:
        kind: The stored name of this kind of message.
        audience: Who reads it.
        purpose: Why it is sent, which decides whether the reader may opt out:
            `transactional` follows from what the reader did, `service` tells
            what the shop did to an account, `marketing` needs consent.
    """

    kind: ClassVar[str]
    audience: ClassVar[Audience] = "customer"
    purpose: ClassVar[Purpose] = "transactional"

    @classmethod
    def sample(cls) -> Self:
        """Return a letter with the example of every field, for previews and tests."""
        make: Callable[..., Self] = cls
        examples: dict[str, Any] = {
            field.name: field.metadata["example"] for field in attrs.fields(cls)
        }
        return make(**examples)

    def __repr__(self) -> str:
        """Return the kind alone: fields are personal."""
        return f"<letter {self.kind}>"
