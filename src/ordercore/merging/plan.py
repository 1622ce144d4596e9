"""The plan of a merge: for each field the rule, for each collection the count, and what blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from ordercore.customers.customer import ACTIVE, MERGED, AddressEntry, Customer
from ordercore.values.attributes import Attributes
from ordercore.values.ids import CustomerId
from ordercore.values.text import masked


@attrs.frozen
class Choice:
    """What the survivor's field will hold, by which rule, and what gives way."""

    field: str
    rule: str
    value: Any = attrs.field(repr=masked)
    given_up: Any = attrs.field(default=None, repr=masked)


@attrs.frozen
class Blocker:
    """Why a merge, or its undoing, cannot be done as things stand.

    Attributes:
        code: The stable name of the reason.
        about: The field, collection or record it is about.
    """

    code: str
    about: str = ""

    def __str__(self) -> str:
        """Return both in one word."""
        return f"{self.code}:{self.about}" if self.about else self.code


@attrs.frozen(kw_only=True)
class MergePlan:
    """Everything a merge would do, before it is done (ME2)."""

    survivor_id: CustomerId
    loser_id: CustomerId
    survivor_version: int
    loser_version: int
    choices: tuple[Choice, ...]
    collections: Mapping[str, int]
    blockers: tuple[Blocker, ...]


def plan_merge(survivor: Customer, loser: Customer, collections: Mapping[str, int]) -> MergePlan:
    """Say what merging `loser` into `survivor` would do (ME2).

    Args:
        survivor: The customer that stays and keeps its details.
        loser: The customer that becomes a tombstone.
        collections: How many rows of the loser's each table holds.
    """
    return MergePlan(
        survivor_id=survivor.id,
        loser_id=loser.id,
        survivor_version=survivor.version,
        loser_version=loser.version,
        choices=tuple(_choice(name, rule, survivor, loser) for name, rule in RULES.items()),
        collections=dict(collections),
        blockers=tuple(_blockers(survivor, loser)),
    )


def merge(survivor: Customer, loser: Customer) -> tuple[Customer, Customer]:
    """Return the survivor with what it gains, and the loser as a tombstone (ME1)."""
    gained = {name: _resolve(name, rule, survivor, loser) for name, rule in RULES.items()}
    if gained["email"] != survivor.email:
        gained["email_verified_at"] = loser.email_verified_at
    evolve: Callable[..., Customer] = attrs.evolve
    tombstone = evolve(loser, status=MERGED, merged_into=survivor.id)
    return evolve(survivor, **gained), tombstone


def unmerge(
    survivor: Customer, *, before: Customer, after: Customer
) -> tuple[Customer, tuple[Blocker, ...]]:
    """Take back what the merge gave the survivor, keeping what was edited since (ME3).

    Args:
        survivor: The customer as it is now.
        before: As it was before the merge.
        after: As the merge left it.

    Returns:
        The survivor without the loser's details, and the fields that were edited
        since, so that nobody can say which value is right.
    """
    touched = [
        name
        for name in (*RULES, "email_verified_at")
        if getattr(before, name) != getattr(after, name)
    ]
    edited = [name for name in touched if getattr(survivor, name) != getattr(after, name)]
    evolve: Callable[..., Customer] = attrs.evolve
    restored = evolve(survivor, **{name: getattr(before, name) for name in touched})
    return restored, tuple(Blocker("edited_since", name) for name in edited)


# ── the rules ──

FILL, UNITE = "fill", "unite"
RULES: Mapping[str, str] = {
    "name": FILL,
    "company": FILL,
    "email": FILL,
    "phone": FILL,
    "addresses": UNITE,
    "public_attributes": UNITE,
    "private_attributes": UNITE,
}
"""The survivor keeps its details. `fill`: where it has none, it takes the loser's.
`unite`: it has its own and then the loser's that it lacks. Every other field stays."""


def _choice(name: str, rule: str, survivor: Customer, loser: Customer) -> Choice:
    value = _resolve(name, rule, survivor, loser)
    other = getattr(loser, name)
    given_up = other if rule == FILL and other and other != value else None
    return Choice(name, rule, value, given_up)


def _resolve(name: str, rule: str, survivor: Customer, loser: Customer) -> Any:
    ours, theirs = getattr(survivor, name), getattr(loser, name)
    if rule == FILL:
        return ours or theirs
    if isinstance(ours, Attributes):
        return Attributes({**theirs, **ours})
    return _united(ours, theirs)


def _united(
    ours: tuple[AddressEntry, ...], theirs: tuple[AddressEntry, ...]
) -> tuple[AddressEntry, ...]:
    """Return both books without repeats; the survivor's defaults stay the defaults."""
    known = {entry.address for entry in ours}
    billing = any(entry.default_billing for entry in ours)
    shipping = any(entry.default_shipping for entry in ours)
    gained = []
    for entry in theirs:
        if entry.address in known:
            continue
        known.add(entry.address)
        gained.append(
            attrs.evolve(
                entry,
                default_billing=entry.default_billing and not billing,
                default_shipping=entry.default_shipping and not shipping,
            )
        )
    return (*ours, *gained)


def _blockers(survivor: Customer, loser: Customer) -> list[Blocker]:
    found = []
    if survivor.id == loser.id:
        found.append(Blocker("same_customer"))
    if survivor.status != ACTIVE:
        found.append(Blocker("survivor_merged"))
    if loser.status != ACTIVE:
        found.append(Blocker("loser_merged"))
    if survivor.guest and not loser.guest:
        found.append(Blocker("guest_survivor"))
    return found
