"""One way to break each invariant, in SQL that every database understands."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from tests.property.worlds import Day

NOBODY = "00000000-0000-7000-8000-000000000000"


@attrs.frozen
class Corruption:
    """A change past the desks, and what `verify` must say of it.

    Attributes:
        name: What is broken, in words.
        invariant: Which invariant is to be named.
        subject: The beginning of the subject that is to be named.
        sql: Statements; `{p}` is the prefix of the tables, other names are ids of the day.
    """

    name: str
    invariant: str
    subject: str
    sql: tuple[str, ...]


def ids_of(day: Day) -> Mapping[str, str]:
    """Return the ids that statements may name."""
    things = attrs.asdict(day, recurse=False, filter=lambda _, each: hasattr(each, "id"))
    return {name: str(each.id) for name, each in things.items()} | {"nobody": NOBODY}


CORRUPTIONS = (
    # ── I0: rows that can be read, parts that have a root ──
    Corruption(
        "attributes that are not JSON",
        "I0",
        "order {packed}",
        ("UPDATE {p}order SET public_attributes = 'not json' WHERE id = '{packed}'",),
    ),
    Corruption(
        "an e-mail address that is none",
        "I0",
        "customer {ada}",
        ("UPDATE {p}customer SET email = 'nowhere' WHERE id = '{ada}'",),
    ),
    Corruption(
        "a search key that belongs to another name",
        "I0",
        "customer {ada}",
        ("UPDATE {p}customer SET name_key = 'nobody' WHERE id = '{ada}'",),
    ),
    Corruption(
        "a login key that lets nobody in",
        "I0",
        "customer {bob}",
        ("UPDATE {p}customer SET login_key = NULL WHERE id = '{bob}'",),
    ),
    Corruption(
        "a hole among the positions of the lines",
        "I0",
        "order {open}",
        ("UPDATE {p}order_line SET position = 7 WHERE order_id = '{open}' AND position = 1",),
    ),
    Corruption(
        "lines without their order",
        "I0",
        "order_line {open}",
        ("DELETE FROM {p}order WHERE id = '{open}'",),
    ),
    Corruption(
        "an outcome without its list",
        "I0",
        "list_occurrence {nobody}",
        ("UPDATE {p}list_occurrence SET list_id = '{nobody}' WHERE list_id = '{weekly}'",),
    ),
    # ── I1, I2: the occurrences of lists ──
    Corruption(
        "an occurrence ordered without its order",
        "I1",
        "list_occurrence {weekly}",
        ("UPDATE {p}list_occurrence SET order_id = '{nobody}' WHERE outcome = 'ordered'",),
    ),
    Corruption(
        "an occurrence skipped and ordered",
        "I1",
        "list_occurrence {weekly}",
        ("UPDATE {p}list_occurrence SET outcome = 'skipped' WHERE outcome = 'ordered'",),
    ),
    Corruption(
        "an occurrence without an outcome",
        "I2",
        "list {weekly}",
        ("DELETE FROM {p}list_occurrence WHERE list_id = '{weekly}'",),
    ),
    Corruption(
        "an outcome for what is still to come",
        "I2",
        "list {weekly}",
        ("UPDATE {p}list_occurrence SET number = 7 WHERE list_id = '{weekly}'",),
    ),
    Corruption(
        "an outcome that is none",
        "I2",
        "list_occurrence {weekly}",
        ("UPDATE {p}list_occurrence SET outcome = 'limbo' WHERE list_id = '{weekly}'",),
    ),
    # ── I5: an order's money and state ──
    Corruption(
        "a total that is not the sum",
        "I5",
        "order {packed}",
        ("UPDATE {p}order SET total_minor = total_minor + 1 WHERE id = '{packed}'",),
    ),
    Corruption(
        "a line lost",
        "I5",
        "order {done}",
        ("DELETE FROM {p}order_line WHERE order_id = '{done}' AND position = 1",),
    ),
    Corruption(
        "a state that its flow does not have",
        "I5",
        "order {open}",
        ("UPDATE {p}order SET state = 'limbo' WHERE id = '{open}'",),
    ),
    Corruption(
        "a state shown to the customer that its flow does not have",
        "I5",
        "order {open}",
        ("UPDATE {p}order SET shown_state = 'limbo' WHERE id = '{open}'",),
    ),
    Corruption(
        "a flow that the shop does not know",
        "I5",
        "order {open}",
        ("UPDATE {p}order SET flow_version = 99 WHERE id = '{open}'",),
    ),
    # ── I7: the outbox ──
    Corruption(
        "a message that was lost",
        "I7",
        "command ",
        ("DELETE FROM {p}errand WHERE customer_id = '{bob}' AND kind = 'order_placed'",),
    ),
    Corruption(
        "a message in no state",
        "I7",
        "errand ",
        ("UPDATE {p}errand SET state = 'limbo' WHERE kind = 'order_placed'",),
    ),
    Corruption(
        "a queued message that no worker would find",
        "I7",
        "errand ",
        ("UPDATE {p}errand SET due_at = NULL WHERE state = 'queued'",),
    ),
    Corruption(
        "a message that was sent and would be sent again",
        "I7",
        "errand ",
        ("UPDATE {p}errand SET due_at = '2026-03-02 09:30:00.000000' WHERE state = 'sent'",),
    ),
    Corruption(
        "a message that nobody caused",
        "I7",
        "errand ",
        (
            (
                "UPDATE {p}errand SET command_id = '{nobody}' WHERE id ="
                " (SELECT id FROM (SELECT id FROM {p}errand ORDER BY id LIMIT 1) AS one)"
            ),
        ),
    ),
    # ── I8: proofs ──
    Corruption(
        "a token stored as it is",
        "I8",
        "proof ",
        (
            (
                "UPDATE {p}proof_token SET token_hash = 'c2VjcmV0LXRva2Vu' WHERE token_hash ="
                " (SELECT token_hash FROM"
                " (SELECT token_hash FROM {p}proof_token ORDER BY token_hash LIMIT 1) AS one)"
            ),
        ),
    ),
    Corruption(
        "a proof used before it was made",
        "I8",
        "proof ",
        ("UPDATE {p}proof SET used_at = '1999-01-01 00:00:00.000000'",),
    ),
    Corruption(
        "a proof used after it expired",
        "I8",
        "proof ",
        ("UPDATE {p}proof SET used_at = '2036-01-01 00:00:00.000000'",),
    ),
    # ── I9: what belongs to whom ──
    Corruption(
        "an order of nobody",
        "I9",
        "order {open}",
        ("UPDATE {p}order SET customer_id = '{nobody}' WHERE id = '{open}'",),
    ),
    Corruption(
        "an order left with the loser of a merge",
        "I9",
        "order {done}",
        ("UPDATE {p}order SET customer_id = '{double}' WHERE id = '{done}'",),
    ),
    Corruption(
        "a list left with the loser of a merge",
        "I9",
        "list {weekly}",
        ("UPDATE {p}list SET customer_id = '{double}' WHERE id = '{weekly}'",),
    ),
    Corruption(
        "an audit row about nobody",
        "I9",
        "command ",
        ("UPDATE {p}command SET customer_id = '{nobody}' WHERE verb = 'order.ship'",),
    ),
    Corruption(
        "a merged customer who leads nowhere",
        "I9",
        "customer {double}",
        ("UPDATE {p}customer SET merged_into = NULL WHERE id = '{double}'",),
    ),
    Corruption(
        "an active customer who leads elsewhere",
        "I9",
        "customer {bob}",
        ("UPDATE {p}customer SET merged_into = '{ada}' WHERE id = '{bob}'",),
    ),
    Corruption(
        "a merged customer who leads to nobody",
        "I9",
        "customer {double}",
        ("UPDATE {p}customer SET merged_into = '{nobody}' WHERE id = '{double}'",),
    ),
    Corruption(
        "two customers who lead to each other",
        "I9",
        "customer {double}",
        ("UPDATE {p}customer SET merged_into = '{double}', status = 'merged' WHERE id = '{ada}'",),
    ),
    # ── I10: the audit ──
    Corruption(
        "a command of nobody",
        "I10",
        "command ",
        ("UPDATE {p}command SET actor = 'a stranger' WHERE verb = 'order.pack'",),
    ),
    # ── I13: the agenda ──
    Corruption(
        "an alarm lost",
        "I13",
        "list {weekly}",
        ("DELETE FROM {p}wake WHERE subject_id = '{weekly}'",),
    ),
    Corruption(
        "an alarm at another time",
        "I13",
        "list {weekly}",
        ("UPDATE {p}wake SET due_at = '2036-01-01 00:00:00' WHERE subject_id = '{weekly}'",),
    ),
    Corruption(
        "an alarm of nobody",
        "I13",
        "wake {nobody}",
        ("UPDATE {p}wake SET subject_id = '{nobody}' WHERE subject_id = '{weekly}'",),
    ),
)
