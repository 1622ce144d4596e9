"""The message desk: the history of what was said to whom."""

from __future__ import annotations

from datetime import datetime

import attrs

from ordercore.errors import NotFoundError
from ordercore.services.command import Desk, query
from ordercore.services.view import View
from ordercore.stored.outbox import ERRANDS, ErrandRow
from ordercore.values.ids import CustomerId, ErrandId, check_id
from ordercore.values.pages import Page, after_instant, check_limit, instant_cursor
from ordercore.values.text import masked


@attrs.frozen(kw_only=True)
class Message:
    """One message and what became of it: `queued`, `sent` or `dead` (MS3).

    A single-use link stands in it without its token.
    """

    id: ErrandId
    kind: str
    channel: str
    audience: str
    language: str
    recipient: str = attrs.field(repr=masked)
    subject: str = attrs.field(repr=masked)
    text: str = attrs.field(repr=masked)
    html: str | None = attrs.field(repr=masked)
    state: str
    created_at: datetime
    settled_at: datetime | None
    fault: str | None


class MessageDesk(Desk):
    """What a host may ask of messages."""

    @query("message.get")
    def get(self, view: View, message_id: ErrandId) -> Message:
        """Return one message."""
        row = view.rows.get(ERRANDS, (check_id(message_id),))
        if row is None:
            raise NotFoundError("not_found", kind="message", id=str(message_id))
        return _message(row)

    @query("message.list")
    def of_customer(
        self, view: View, customer_id: CustomerId, *, after: str | None = None, limit: int = 50
    ) -> Page[Message]:
        """Return what was written to or about a customer, newest first."""
        check_limit(limit)
        rows = view.rows.where(
            ERRANDS,
            {"customer_id": view.resolved(customer_id).id},
            order=("-created_at", "-id"),
            after=after_instant(after),
            limit=limit + 1,
        )
        found = [_message(row) for row in rows[:limit]]
        if len(rows) <= limit:
            return Page(found)
        return Page(found, instant_cursor(found[-1].created_at, found[-1].id))


def _message(row: ErrandRow) -> Message:
    return Message(
        id=ErrandId(row.id),
        kind=row.kind,
        channel=row.channel,
        audience=row.audience,
        language=row.language,
        recipient=row.recipient,
        subject=row.subject,
        text=row.text,
        html=row.html,
        state=row.state,
        created_at=row.created_at,
        settled_at=row.settled_at,
        fault=row.fault,
    )
