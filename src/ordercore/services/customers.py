"""The customer desk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ordercore.customers.customer import (
    ACTIVE,
    AddressEntry,
    Customer,
    edit,
    register,
    search_key,
    verify_email,
)
from ordercore.errors import NotFoundError, ProofError, TakenError
from ordercore.messaging.account_letters import AccountCreatedLetter, EmailProofLetter
from ordercore.services.command import ANYONE, Desk, command, query
from ordercore.services.post import send
from ordercore.services.proofs import consume_proof, issue_proof, proof_link, proof_subject
from ordercore.services.repository import expect_version
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.stored.customers import CUSTOMERS
from ordercore.values.attributes import Attributes, ExternalRef
from ordercore.values.criteria import Compare, Criteria, Every, Some
from ordercore.values.email import EmailAddress, email_key
from ordercore.values.ids import CustomerId, parse_id
from ordercore.values.language import language_tag
from ordercore.values.pages import Page, check_limit, read_cursor, write_cursor
from ordercore.values.phone import PhoneNumber
from ordercore.values.text import LINE, SURROGATE

EMAIL_PROOF = "email"
PROOF_MINUTES = 60


class CustomerDesk(Desk):
    """What a host may ask of customers."""

    @command("customer.register", may=ANYONE)
    def register(
        self,
        unit: Unit,
        *,
        name: str = "",
        company: str = "",
        email: str | None = None,
        phone: str | None = None,
        language: str | None = None,
        zone: str = "UTC",
        addresses: Sequence[AddressEntry] = (),
        guest: bool = False,
        external_ref: ExternalRef | None = None,
        public_attributes: Mapping[str, Any] | None = None,
        private_attributes: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Customer:
        """Make a customer known, and welcome those who open an account (CU1).

        A guest may give an e-mail address that an account has, and gains nothing by it.

        Raises:
            TakenError: `email.taken`, `external_ref.taken`.
            InvalidValueError: for the first field that cannot be kept.
        """
        unit.staff_only(external_ref, private_attributes)
        customer, registered = register(
            Customer(
                id=CustomerId(unit.ids.new()),
                guest=guest,
                name=name,
                company=company,
                email=EmailAddress.parse(email) if email else None,
                phone=PhoneNumber.parse(phone) if phone else None,
                language=language_tag(language or unit.wiring.profile.language),
                zone=zone,
                addresses=tuple(addresses),
                external_ref=external_ref,
                public_attributes=Attributes(public_attributes),
                private_attributes=Attributes(private_attributes),
                created_at=unit.now,
            )
        )
        _refuse_taken(unit, customer)
        unit.about(customer.id)
        unit.record(registered)
        if not guest and customer.email:
            welcome = AccountCreatedLetter(name=customer.name, email=customer.email.text)
            send(unit, welcome, to=customer.party, customer_id=customer.id)
        return unit.customers.add(customer)

    @command("customer.edit", may=ANYONE)
    def edit(
        self,
        unit: Unit,
        customer_id: CustomerId,
        *,
        name: str | None = None,
        company: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        language: str | None = None,
        zone: str | None = None,
        addresses: Sequence[AddressEntry] | None = None,
        external_ref: ExternalRef | None = None,
        public_attributes: Mapping[str, Any] | None = None,
        private_attributes: Mapping[str, Any] | None = None,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
    ) -> Customer:
        """Change fields (CU1). None leaves a field as it is; an empty text empties it.

        Another e-mail address is an unproven one until its owner confirms it.

        Raises:
            StaleVersionError: the customer is not at `expected_version`.
            TakenError: `email.taken`, `external_ref.taken`.
        """
        unit.staff_only(external_ref, private_attributes)
        was = unit.hold(customer_id)
        unit.must_own(was.id, "customer")
        expect_version(was, expected_version, kind="customer")
        changes: dict[str, Any] = {
            "name": name,
            "company": company,
            "email": EmailAddress.parse(email) if email else email,
            "phone": PhoneNumber.parse(phone) if phone else phone,
            "language": language_tag(language) if language else None,
            "zone": zone,
            "addresses": None if addresses is None else tuple(addresses),
            "external_ref": external_ref,
            "public_attributes": _attributes(public_attributes),
            "private_attributes": _attributes(private_attributes),
        }
        given = {name: value for name, value in changes.items() if value is not None}
        for emptied in ("email", "phone"):
            given[emptied] = given.get(emptied, getattr(was, emptied)) or None
        after, edited = edit(was, **given)
        _refuse_taken(unit, after)
        unit.record(edited)
        return unit.customers.save(after, was=was)

    @command("customer.request_email_proof", may=ANYONE)
    def request_email_proof(
        self, unit: Unit, customer_id: CustomerId, *, idempotency_key: str | None = None
    ) -> None:
        """Send a single-use link to the mailbox on record, good for 60 minutes (CU7).

        The token is made when the message leaves and is stored only as a hash. It
        proves this mailbox and no other, whatever is on record when it is used.
        """
        customer = unit.hold(customer_id)
        unit.must_own(customer.id, "customer")
        if customer.email is None:
            return
        proof_id = issue_proof(
            unit,
            _mailbox(customer.email),
            subject_id=customer.id,
            customer_id=customer.id,
            minutes=PROOF_MINUTES,
        )
        letter = EmailProofLetter(
            name=customer.name,
            link=proof_link(unit, EMAIL_PROOF),
            valid_minutes=PROOF_MINUTES,
        )
        send(unit, letter, to=customer.party, customer_id=customer.id, proof_id=proof_id)

    @command("customer.confirm_email", may=ANYONE)
    def confirm_email(
        self, unit: Unit, token: str, *, idempotency_key: str | None = None
    ) -> Customer:
        """Use up the token of such a link and write down that the mailbox is theirs.

        Raises:
            ProofError: `proof.invalid`, whatever the reason.
        """
        was = unit.hold(proof_subject(unit, token))
        if was.email is None:
            raise ProofError("proof.invalid")
        consume_proof(unit, _mailbox(was.email), token)
        after, verified = verify_email(was, at=unit.now)
        unit.record(verified)
        return unit.customers.save(after, was=was)

    # ── looking ──

    @query("customer.get", may=ANYONE)
    def get(self, view: View, customer_id: CustomerId) -> Customer:
        """Return a customer; the id of a merged one leads to the survivor."""
        view.must_own(customer_id, "customer")
        return view.customer(customer_id)

    @query("customer.by_email")
    def by_email(self, view: View, email: str) -> list[Customer]:
        """Return everyone with this e-mail address, the account first, then guests."""
        found = view.customers.where({"email_key": EmailAddress.parse(email).key, "status": ACTIVE})
        return sorted(found, key=lambda customer: (customer.guest, customer.id))

    @query("customer.by_ref")
    def by_ref(self, view: View, ref: ExternalRef) -> Customer:
        """Return whom another system knows by this reference, following merges."""
        found = view.rows.where(CUSTOMERS, {"external_source": ref.source, "external_ref": ref.ref})
        if not found:
            raise NotFoundError("not_found", kind="customer", id=ref.source)
        return view.customer(found[0].id)

    @query("customer.find")
    def find(
        self, view: View, text: str = "", *, after: str | None = None, limit: int = 50
    ) -> Page[Customer]:
        """Return customers whose name, e-mail address or phone begins with `text` (CU2).

        Names compare without case and accents. Ordered by name; `after` is the
        page before's `next`.
        """
        check_limit(limit)
        roots = view.rows.find(
            CUSTOMERS,
            Every(Compare("status", "eq", ACTIVE), _begins(text)),
            order=("name_key",),
            after=_edge(after),
            limit=limit + 1,
        )
        found = view.customers.load(roots[:limit])
        if len(roots) <= limit:
            return Page(found)
        edge = roots[limit - 1]
        return Page(found, write_cursor(edge.name_key, str(edge.id)))


def _mailbox(email: EmailAddress) -> str:
    """Return the purpose of a proof for one mailbox, which it does not spell out."""
    return f"{EMAIL_PROOF} {hashlib.sha256(email.key.encode()).hexdigest()[:32]}"


def _begins(text: str) -> Criteria:
    name, key = search_key(text), email_key(text.strip())
    if not name:
        return Every()
    digits = "".join(char for char in text if char.isdigit())
    phone = f"+{digits}" if digits and text.strip().startswith("+") else ""
    ways = {"name_key": name, "email_key": key, "phone": phone}
    return Some(
        *(Compare(column, "prefix", value) for column, value in ways.items() if _is_kept(value))
    )


def _is_kept(value: str) -> bool:
    """Tell whether a column may hold this; what none may hold is not asked for."""
    return bool(value) and not LINE.search(value) and not SURROGATE.search(value)


def _edge(after: str | None) -> tuple[Any, ...] | None:
    if after is None:
        return None
    name, key = read_cursor(after, (str, str))
    return (name, parse_id(key))


def _attributes(values: Mapping[str, Any] | None) -> Attributes | None:
    return None if values is None else Attributes(values)


def _refuse_taken(unit: Unit, customer: Customer) -> None:
    """Refuse an e-mail address or reference that is another's."""
    if customer.login_key is not None:
        same = unit.rows.where(CUSTOMERS, {"login_key": customer.login_key})
        if any(row.id != customer.id for row in same):
            raise TakenError("email.taken")
    ref = customer.external_ref
    if ref is not None:
        equal = {"external_source": ref.source, "external_ref": ref.ref}
        if any(row.id != customer.id for row in unit.rows.where(CUSTOMERS, equal)):
            raise TakenError("external_ref.taken", source=ref.source, kind="customer")
