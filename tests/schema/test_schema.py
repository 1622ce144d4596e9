"""Each table says all about itself, and every rule is seen to fail where one does not."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import pytest

from ordercore.stored.form import Form
from ordercore.stored.forms import FORMS
from ordercore.stored.orders import ORDERS
from ordercore.stored.schema import TABLES
from ordercore.stored.table import (
    ERASE,
    PLAIN,
    CustomerMoves,
    Document,
    Id,
    Instant,
    Number,
    OnMerge,
    Owner,
    Table,
    Text,
    retain,
    table,
)
from tests.schema.rules import RULES, by_room, faults

BY_ROOM = {
    "customer.merged_into": "merging writes the tombstone itself",
    "customer_address.customer_id": "the address book is united by `merging.plan`",
}
"""Owner columns that no general rule moves, and the code that does."""


class Unclassified(NamedTuple):
    """A column without a privacy class."""

    id: Id
    colour: Annotated[str, Text(10)]


class RetainedForNothing(NamedTuple):
    """A column that is retained for no reason."""

    id: Id
    customer_id: CustomerMoves
    name: Annotated[str, Text(10), retain("")]


class Unowned(NamedTuple):
    """A personal column that erasure would not find."""

    id: Id
    name: Annotated[str, Text(10), ERASE]


class RetainedUnowned(NamedTuple):
    """A retained column is personal too."""

    id: Id
    name: Annotated[str, Text(10), retain("invoice law")]


class UnmarkedOwner(NamedTuple):
    """A customer's id that merging would not see."""

    id: Id
    customer_id: Annotated[UUID, PLAIN]


NO_RULE: Any = "perhaps"


class RulelessOwner(NamedTuple):
    """An owner without a merge rule."""

    id: Id
    customer_id: Annotated[UUID, PLAIN, Owner(NO_RULE)]


class TextOwner(NamedTuple):
    """An owner that is no id."""

    id: Id
    customer_id: Annotated[str, Text(36), PLAIN, Owner(OnMerge.STAY)]


class TwoPartKey(NamedTuple):
    """A table that moves, with a key that the journal cannot hold."""

    customer_id: CustomerMoves
    position: Number


class NumberedKey(NamedTuple):
    """A table that moves, with a key that is a number."""

    id: Number
    customer_id: CustomerMoves


class Unbounded(NamedTuple):
    """A text without a bound."""

    id: Id
    note: Annotated[str, PLAIN]


class BoundedNumber(NamedTuple):
    """A number that claims to be text."""

    id: Id
    size: Annotated[int, Document(), PLAIN]


class Plainest(NamedTuple):
    """A table in order; what is wrong is said about it."""

    id: Id
    at: Instant
    number: Number
    maybe: Annotated[datetime | None, PLAIN]


class Unclaimable(NamedTuple):
    """A table with a claim that no worker could take."""

    id: Id
    claim: Annotated[UUID | None, PLAIN]


BAD: list[Table[Any]] = [
    table(Unclassified, "unclassified", key="id"),
    table(RetainedForNothing, "retained_for_nothing", key="id"),
    table(Unowned, "unowned", key="id"),
    table(RetainedUnowned, "retained_unowned", key="id"),
    table(UnmarkedOwner, "unmarked_owner", key="id"),
    table(RulelessOwner, "ruleless_owner", key="id"),
    table(TextOwner, "text_owner", key="id"),
    table(TwoPartKey, "two_part_key", key="customer_id position"),
    table(NumberedKey, "numbered_key", key="id"),
    table(Unbounded, "unbounded", key="id"),
    table(BoundedNumber, "bounded_number", key="id"),
    table(Plainest, "no_such_key", key="id colour"),
    table(Plainest, "no_such_unique", key="id", uniques={"uq_x": "colour"}),
    table(Plainest, "no_such_index", key="id", indexes=("at colour",)),
    table(Plainest, "no_such_volatile", key="id", volatile="colour"),
    table(Plainest, "misnamed_unique", key="id", uniques={"once": "number"}),
    table(Plainest, "nullable_key", key="id maybe"),
    table(Plainest, "versionless", key="id", versioned=True),
    table(Plainest, "rootless_key", key="number", part_of=ORDERS),
    table(Unclaimable, "unclaimable", key="id"),
]


def test_every_table_keeps_every_rule() -> None:
    """CU9, ME1: classified, owned, movable, bounded; a new table that is not fails here."""
    assert faults(TABLES) == []


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_table_is_found(bad: Table[Any]) -> None:
    """One fault in an otherwise good table is enough."""
    assert [fault for fault in faults([bad]) if fault.startswith(bad.name)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_finds_something(rule: Any) -> None:
    """A rule that no bad table breaks proves nothing."""
    assert [fault for bad in BAD for fault in rule(bad)]


def test_a_part_is_owned_through_its_root() -> None:
    """The lines of an order are the order's customer's: nothing to complain of."""

    class Part(NamedTuple):
        order_id: Id
        position: Number
        note: Annotated[str, Text(10), ERASE]

    assert faults([table(Part, "part", key="order_id position", part_of=ORDERS)]) == []


def test_names_are_given_once() -> None:
    """No two tables share a name, nor two constraints: an error says which one by its name."""
    names = [each.name for each in TABLES]
    constraints = [name for each in TABLES for name in each.uniques]
    assert len(set(names)) == len(names)
    assert len(set(constraints)) == len(constraints)


def test_what_a_room_decides_on_merging_is_listed() -> None:
    """ME1: a column that no rule moves has code of its own, named here with where it is."""
    assert by_room(TABLES) == BY_ROOM.keys()


def test_every_table_of_a_form_is_declared() -> None:
    """What an aggregate writes, every store has."""
    written = {each for form in FORMS for each in (form.root, *form.parts, *form.derived)}
    assert written <= set(TABLES)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_a_forms_parts_belong_to_its_root(form: Form[Any]) -> None:
    """Erasure and `verify` find the parts of an aggregate through `part_of`."""
    assert {part.part_of for part in form.parts} <= {form.root}
    assert form.root.versioned
