"""The plan of a merge: for each field the rule, for each collection the count, and what blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ordercore.customers.customer import (
    ACTIVE,
    MERGED,
    MOST_ADDRESSES,
    AddressEntry,
    Customer,
)
from ordercore.values.attributes import MOST, Attributes
from ordercore.values.ids import CustomerId
from ordercore.values.text import masked


@attrs.frozen
class Choice:
    """What the survivor's field will hold, by which rule, and what of the loser's gives way."""

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
    evolve: Any = attrs.evolve
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
        since, so that nobody can say which value is right. That a mailbox is
        proven goes with the mailbox.
    """
    touched = {name for name in RULES if getattr(before, name) != getattr(after, name)}
    follows = {"email_verified_at"} if "email" in touched else set()
    edited = [
        name
        for name in RULES
        if name in touched - follows and getattr(survivor, name) != getattr(after, name)
    ]
    evolve: Any = attrs.evolve
    restored = evolve(survivor, **{name: getattr(before, name) for name in touched | follows})
    return restored, tuple(Blocker("edited_since", name) for name in edited)


# ── the rules ──

FILL, UNITE, STAY, WITH_EMAIL = "fill", "unite", "stay", "with_email"
RULES: Mapping[str, str] = {
    "name": FILL,
    "company": FILL,
    "email": FILL,
    "email_verified_at": WITH_EMAIL,
    "phone": FILL,
    "language": STAY,
    "zone": STAY,
    "addresses": UNITE,
    "public_attributes": UNITE,
    "private_attributes": UNITE,
    "external_ref": STAY,
    "guest": STAY,
}
"""The survivor keeps its details. `fill`: where it has none, it takes the loser's.
`unite`: it has its own and then the loser's that it lacks. `stay`: it keeps its own, none
included; a reference goes on leading to the tombstone and so here. `with_email`: it is
taken with the e-mail address, or not."""


def _choice(name: str, rule: str, survivor: Customer, loser: Customer) -> Choice:
    if _too_much(name, rule, survivor, loser):
        return Choice(name, rule, getattr(survivor, name), getattr(loser, name))
    value, theirs = _resolve(name, rule, survivor, loser), getattr(loser, name)
    return Choice(name, rule, value, _given_up(value, theirs))


def _resolve(name: str, rule: str, survivor: Customer, loser: Customer) -> Any:
    ours, theirs = getattr(survivor, name), getattr(loser, name)
    if rule == FILL:
        return ours or theirs
    if rule == WITH_EMAIL:
        return ours if survivor.email or not loser.email else theirs
    if rule == STAY:
        return ours
    if isinstance(ours, Attributes):
        return Attributes({**theirs, **ours})
    return _united(ours, theirs)


def _given_up(value: Any, theirs: Any) -> Any:
    """Return what of the loser's is not in the value, or not as it was; None when all is."""
    if isinstance(theirs, Attributes):
        lost = {name: held for name, held in theirs.items() if not _same(value[name], held)}
        return Attributes(lost) or None
    if isinstance(theirs, tuple):
        return tuple(entry for entry in theirs if entry not in value) or None
    return theirs if theirs and theirs != value else None


def _same(one: object, other: object) -> bool:
    return one == other and type(one) is type(other)


def _too_much(name: str, rule: str, survivor: Customer, loser: Customer) -> bool:
    """Tell whether both together hold more of a field than one customer may."""
    ours, theirs = getattr(survivor, name), getattr(loser, name)
    if rule != UNITE:
        return False
    if isinstance(ours, Attributes):
        return len({*ours, *theirs}) > MOST
    return len(_united(ours, theirs)) > MOST_ADDRESSES


def _united(
    ours: tuple[AddressEntry, ...], theirs: tuple[AddressEntry, ...]
) -> tuple[AddressEntry, ...]:
    """Return ours and then those of theirs that it lacks, none of which is a default."""
    if not ours:
        return theirs
    known = {entry.address for entry in ours}
    gained = []
    for entry in theirs:
        if entry.address not in known:
            known.add(entry.address)
            gained.append(attrs.evolve(entry, default_billing=False, default_shipping=False))
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
    found += [
        Blocker("too_much", name)
        for name, rule in RULES.items()
        if _too_much(name, rule, survivor, loser)
    ]
    return found
