"""Every verb of every desk keeps the same promises to its host."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ordercore.errors import SetupError
from ordercore.services.command import FORBIDDEN_AS_CUSTOMER, Desk, command
from ordercore.services.unit import Unit
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from tests.property.worlds import World, a_day, world_on
from tests.schema.desks import commands, desks, public, verbs_of

COMMANDS = dict(commands())
VERSIONLESS = {
    "customers.register": "makes a new customer",
    "customers.request_email_proof": "changes nothing of the customer",
    "customers.confirm_email": "the token is the condition, and is used up",
    "lifecycle.declare": "replaces the whole declaration, and its key is all that was there",
    "merging.apply": "the plan carries the versions of both customers",
    "merging.undo": "the journal says what must not have changed",
    "orders.place": "makes a new order",
    "orders.take_over": "adds only what is not there; the references say what is",
    "shopping_lists.start": "makes a new list",
}
"""Commands that take no `expected_version`, each with the reason."""


def keyword(method: Callable[..., Any], name: str) -> inspect.Parameter | None:
    """Return a keyword of a verb that may be left out."""
    found = inspect.signature(method).parameters.get(name)
    fits = found is not None and found.kind is found.KEYWORD_ONLY and found.default is None
    return found if fits else None


def unmarked(desk: type[Any]) -> list[str]:
    """Return what a host can reach on a desk that is neither command nor query."""
    marked = {name for name, _ in verbs_of(desk)}
    return [name for name, _ in public(desk) if name not in marked]


@pytest.mark.parametrize("desk", desks().values(), ids=desks().keys())
def test_every_public_method_is_a_command_or_a_query(desk: type[Desk]) -> None:
    """What changes something is written down; what looks sees one state."""
    assert unmarked(desk) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_an_idempotency_key(name: str) -> None:
    """OR1: any command may be sent twice."""
    assert keyword(COMMANDS[name], "idempotency_key")


def test_every_edit_takes_an_expected_version() -> None:
    """OR4: whoever changes what exists may say which version they saw; exceptions have a reason."""
    without = {name for name, method in COMMANDS.items() if not keyword(method, "expected_version")}
    assert without == VERSIONLESS.keys()


def test_a_desk_that_breaks_its_promises_is_found() -> None:
    """The checks above fail on a method without a mark and on a command without a key."""

    class Careless(Desk):
        def change(self) -> None:
            """Change something, unnoticed."""

        @command("careless.save")
        def save(self, unit: Unit) -> None:
            """Save something, once or twice."""

    assert unmarked(Careless) == ["change"]
    assert keyword(Careless.save, "idempotency_key") is None
    assert keyword(Careless.save, "unit") is None


def test_verbs_are_named_once() -> None:
    """A stored verb says which command it was."""
    verbs = [verb for desk in desks().values() for _, (_, verb, _) in verbs_of(desk)]
    assert len(set(verbs)) == len(verbs)


def test_what_is_forbidden_to_impersonators_exists() -> None:
    """CU7: a verb that was renamed must not be open to staff acting as customers."""
    verbs = {verb for desk in desks().values() for _, (_, verb, _) in verbs_of(desk)}
    assert verbs >= FORBIDDEN_AS_CUSTOMER


# ── inside the host's transaction ──


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop in a file."""
    return world_on(SqlAlchemyStore.from_url(f"sqlite:///{tmp_path / 'shop.db'}"))


@pytest.mark.parametrize("work", ["run_due", "deliver"])
def test_workers_refuse_the_hosts_transaction(world: World, work: str) -> None:
    """EM2: workers own their transactions, and say so before anything is claimed."""
    a_day(world)
    store = world.shop.store
    assert isinstance(store, SqlAlchemyStore)
    with store.engine.connect() as connection:
        joined = world.shop.using(connection)
        before = joined.snapshot()
        with pytest.raises(SetupError) as refused:
            getattr(joined, work)()
        assert refused.value.code == "setup.joined"
        assert joined.snapshot() == before
    store.engine.dispose()
