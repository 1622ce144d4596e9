"""Handing messages to a carrier."""

from __future__ import annotations

from typing import Protocol

from ordercore.values.outgoing import Outgoing


class Notifier(Protocol):
    """A carrier of messages of one channel. Safe to call from several threads."""

    @property
    def channel(self) -> str:
        """The channel it serves, such as `email`: the `channel` of the messages it is given."""
        ...

    def send(self, message: Outgoing) -> None:
        """Hand one message over; return once the carrier has taken responsibility for it.

        The call may be repeated with the same message after a crash or a lost
        answer: `message.id` then is the same, and what the carrier stores or
        sends shows it (in mail, as the Message-ID), so that a repeat can be told.

        Raises:
            DeliveryError: `delivery.temporary` when a later attempt may succeed,
                the fate of the message being unknown included;
                `delivery.permanent` when the carrier refused this message for
                good. The reason names the phase and the carrier's code and
                never an address. No other error leaves this method.
        """
        ...

    def close(self) -> None:
        """Give connections back. Closing twice is harmless."""
        ...
