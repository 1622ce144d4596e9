"""Proofs: single-use tokens. Looking never consumes; consuming is one conditional update."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

from ordercore.errors import ProofError, StaleError
from ordercore.messaging.links import PROOF_TOKEN
from ordercore.services.unit import Unit
from ordercore.stored.proofs import PROOF_TOKENS, PROOFS, ProofRow, ProofTokenRow
from ordercore.values.ids import ProofId


def issue_proof(
    unit: Unit, purpose: str, *, subject_id: UUID, customer_id: UUID | None, minutes: int
) -> ProofId:
    """Make a proof that has no token yet: the deliverer adds one each time it sends (I8)."""
    proof_id = ProofId(unit.ids.new())
    row = ProofRow(
        proof_id,
        purpose,
        subject_id,
        customer_id,
        unit.now,
        unit.now + timedelta(minutes=minutes),
    )
    PROOFS.check(row)
    unit.rows.insert(PROOFS, [row])
    return proof_id


def proof_link(unit: Unit, purpose: str) -> str:
    """Return where the token is to be brought, with the marker in its place."""
    return f"{unit.wiring.profile.base_url.rstrip('/')}/proof/{purpose}?token={PROOF_TOKEN}"


def mint_token(unit: Unit, proof_id: UUID) -> str:
    """Return a fresh token for a proof; only its hash is written down."""
    token = unit.wiring.tokens.new()
    unit.rows.insert(PROOF_TOKENS, [ProofTokenRow(proof_id, token_hash(token))])
    return token


def proof_subject(unit: Unit, token: str) -> UUID:
    """Return whom a token speaks for, if it is used in time; looking consumes nothing.

    Raises:
        ProofError: `proof.invalid`, for a token that was never sent.
    """
    tokens = unit.rows.where(PROOF_TOKENS, {"token_hash": token_hash(token)})
    proof = unit.rows.get(PROOFS, (tokens[0].proof_id,)) if tokens else None
    if proof is None:
        raise ProofError("proof.invalid")
    return proof.subject_id


def consume_proof(unit: Unit, purpose: str, token: str) -> UUID:
    """Use a token up and return the subject it speaks for.

    Raises:
        ProofError: `proof.invalid`: unknown, of another purpose, used or expired.
    """
    tokens = unit.rows.where(PROOF_TOKENS, {"token_hash": token_hash(token)})
    proof = unit.rows.get(PROOFS, (tokens[0].proof_id,)) if tokens else None
    if proof is None or proof.purpose != purpose or proof.expires_at <= unit.now:
        raise ProofError("proof.invalid")
    if proof.used_at is not None:
        raise ProofError("proof.invalid")
    try:
        used = proof._replace(used_at=unit.now)
        unit.rows.update(PROOFS, used, expect={"used_at": None})
    except StaleError:
        raise ProofError("proof.invalid") from None
    return proof.subject_id


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token, as stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
