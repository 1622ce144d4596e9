"""Every stored name there is: what a database, a log or another program may hold on to.

python -m tests.schema.stored_names > tests/schema/pinned_names.txt
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

import attrs
import sqlalchemy as sa

import ordercore.services
from ordercore.customers import customer
from ordercore.errors import families
from ordercore.lifecycle import reminder
from ordercore.messaging.kinds import KINDS
from ordercore.orders.guards import GUARDS
from ordercore.services import customers, merging
from ordercore.services.agenda import _handlers
from ordercore.services.command import Run
from ordercore.services.feed import ROOMS, event_classes
from ordercore.services.placing import EFFECTS
from ordercore.services.wiring import known_flows
from ordercore.shopping_lists import lists
from ordercore.stored import outbox
from ordercore.stored.schema import TABLES
from ordercore.values.actor import Role
from ordercore_adapters.sqlalchemy.schema import build
from tests.schema.desks import desks, verbs_of


def tables() -> Iterator[str]:
    """Tables and columns, without the shop's prefix."""
    for table in TABLES:
        yield f"table {table.name}"
        yield from (f"column {table.name}.{column.name}" for column in table.columns)
        yield from (f"constraint {name}" for name in table.uniques)


def physical() -> Iterator[str]:
    """Keys and indexes as a migration names them."""
    for table in build(sa.MetaData(), prefix="", schema=None).values():
        yield f"key {table.primary_key.name}"
        yield from (f"index {index.name}" for index in table.indexes)


def verbs() -> Iterator[str]:
    """Commands and queries of desks, and what workers do."""
    for desk in desks().values():
        for _, (kind, verb, _) in verbs_of(desk):
            yield f"{kind} {verb}"
    for module in pkgutil.iter_modules(ordercore.services.__path__, "ordercore.services."):
        for each in vars(import_module(module.name)).values():
            if isinstance(each, Run):
                yield f"worker {each._verb}"


def events() -> Iterator[str]:
    """Events with their version and fields: another shape is another version."""
    for room in ROOMS:
        for (tag, version), kind in event_classes(room).items():
            fields = ",".join(field.name for field in attrs.fields(kind))
            yield f"event {tag} {version} {fields}"


def messages() -> Iterator[str]:
    """Kinds of message, and what is written down about each."""
    for kind, letter in KINDS.items():
        yield f"letter {kind} {letter.audience} {letter.purpose}"
    yield from (f"errand.state {state}" for state in outbox.STATES)


def errors() -> Iterator[str]:
    """Codes of errors."""
    yield from (f"error {code}" for _, code, _ in families())


def flow() -> Iterator[str]:
    """Everything a flow, a file of the host's included, may name."""
    yield from (f"flow.guard {name}" for name in GUARDS)
    yield from (f"flow.effect {name}" for name in EFFECTS)
    for (name, version), each in known_flows(())[1].items():
        yield f"flow {name} {version}"
        yield from (f"flow.state {name} {version} {state.name}" for state in each.states)
        yield from (f"flow.verb {name} {version} {verb}" for verb in each.verbs)


def words() -> Iterator[str]:
    """Words that stand in columns."""
    yield from (f"wake {kind}" for kind in _handlers())
    yield from (f"actor {role.value}" for role in Role)
    yield from (f"customer.status {word}" for word in (customer.ACTIVE, customer.MERGED))
    yield from (f"merge.status {word}" for word in (merging.APPLIED, merging.UNDONE))
    yield from (f"list.status {word}" for word in (lists.ACTIVE, lists.PAUSED, lists.ENDED))
    yield from (f"list.outcome {word}" for word in lists.OUTCOMES)
    statuses = (reminder.WAITING, reminder.SENT, reminder.SILENCED)
    yield from (f"reminder.status {word}" for word in statuses)
    yield f"proof.purpose {customers.EMAIL_PROOF}"


SOURCES: Sequence[Callable[[], Iterator[str]]] = (
    tables,
    physical,
    verbs,
    events,
    messages,
    errors,
    flow,
    words,
)


def stored_names() -> list[str]:
    """Return every stored name once, sorted, each behind the kind of name that it is."""
    return sorted({name for source in SOURCES for name in source()})


def differences(pinned: Sequence[str], found: Sequence[Any]) -> list[str]:
    """Return what to do about names that came or went, in words."""
    added = [f"new, add this line: {name}" for name in sorted(set(found) - set(pinned))]
    gone = [f"gone, and a promise: {name}" for name in sorted(set(pinned) - set(found))]
    return added + gone


if __name__ == "__main__":
    print("\n".join(stored_names()))
