"""Letters about an account."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import attrs

from ordercore.messaging.letter import Letter, Purpose, about
from ordercore.messaging.links import PROOF_TOKEN, is_link, is_proof_link

_NAME = about("The customer's name; may be empty", "Ada Lovelace")


@attrs.frozen(kw_only=True, repr=False)
class AccountCreatedLetter(Letter):
    """Welcome to a new account (CU1)."""

    kind: ClassVar[str] = "account_created"

    name: str = attrs.field(default="", metadata=_NAME)
    email: str = attrs.field(
        metadata=about("The e-mail address that the account answers to", "ada@example.org")
    )
    account_url: str = attrs.field(
        default="",
        validator=is_link,
        metadata=about("Where the account is; may be empty", "https://shop.example/account"),
    )


@attrs.frozen(kw_only=True, repr=False)
class EmailProofLetter(Letter):
    """A single-use link that proves who reads this mailbox (CU7, ME5)."""

    kind: ClassVar[str] = "email_proof"

    name: str = attrs.field(default="", metadata=_NAME)
    link: str = attrs.field(
        validator=is_proof_link,
        metadata=about(
            "The single-use link, with `PROOF_TOKEN` where the token will stand",
            f"https://shop.example/prove?token={PROOF_TOKEN}",
        ),
    )
    valid_minutes: int = attrs.field(
        default=60, metadata=about("How many minutes the link works", 60)
    )


@attrs.frozen(kw_only=True, repr=False)
class AccountMergedLetter(Letter):
    """Two accounts became one (ME1); goes to both mailboxes."""

    kind: ClassVar[str] = "account_merged"
    purpose: ClassVar[Purpose] = "service"

    name: str = attrs.field(default="", metadata=_NAME)
    merged_on: date = attrs.field(
        metadata=about("The day on which they became one", date(2026, 11, 22))
    )
    email: str = attrs.field(
        default="",
        metadata=about("The e-mail address of the account that stays; may be empty",
                       "ada@example.org"),
    )  # fmt: skip
