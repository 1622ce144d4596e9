"""Proofs: single-use tokens, kept only as hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from ordercore.stored.table import PLAIN, Code, Id, Instant, OnMerge, Owner, Text, table


class ProofRow(NamedTuple):
    """What a token opens, until when, and whether it has been used."""

    id: Id
    purpose: Code
    subject_id: Id
    customer_id: Annotated[UUID | None, PLAIN, Owner(OnMerge.STAY)]
    created_at: Instant
    expires_at: Instant
    used_at: Annotated[datetime | None, PLAIN] = None


PROOFS = table(ProofRow, "proof", key="id", indexes=("subject_id",))


class ProofTokenRow(NamedTuple):
    """One token that opens a proof: a new one each time the message is sent."""

    proof_id: Id
    token_hash: Annotated[str, Text(64), PLAIN]


PROOF_TOKENS = table(
    ProofTokenRow,
    "proof_token",
    key="proof_id token_hash",
    uniques={"uq_proof_token_hash": "token_hash"},
    part_of=PROOFS,
)
