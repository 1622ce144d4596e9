"""Putting letters into the outbox, in the transaction that caused them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ordercore.services.unit import Unit
from ordercore.stored.outbox import QUEUED, ErrandRow
from ordercore.values.address import Party

if TYPE_CHECKING:
    from ordercore.messaging.letter import Letter


def send(
    unit: Unit,
    letter: Letter,
    *,
    to: Party | None,
    customer_id: UUID | None,
    language: str | None = None,
    proof_id: UUID | None = None,
) -> None:
    """Queue a letter, in words, for one recipient; it leaves when `deliver` runs (MS2).

    Whoever has no e-mail address is not written to.

    Args:
        unit: The command that causes it.
        letter: What to say.
        to: Who reads it.
        customer_id: Whose message history it belongs to; None for the merchant's.
        language: The language to write in, when not the recipient's own.
        proof_id: The proof whose token is filled in at the last moment.
    """
    from ordercore.messaging.render import render

    if to is None or to.email is None:
        return
    profile = unit.wiring.profile
    words = render(
        letter,
        language=language or to.language,
        shop=profile,
        default_language=profile.language,
    )
    unit.errands.append(
        ErrandRow(
            unit.ids.new(),
            unit.command_id,
            customer_id,
            "email",
            letter.kind,
            letter.audience,
            letter.purpose,
            words.language,
            to.email.text,
            to.name,
            words.subject,
            words.text,
            words.html,
            proof_id,
            unit.now,
            QUEUED,
            unit.now,
        )
    )
