"""A migrated database is a fresh one, and what a later release wrote is refused (EM3)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from ordercore import Shop
from ordercore.errors import SetupError
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from ordercore_adapters.sqlalchemy.engines import engine_from
from ordercore_adapters.sqlalchemy.migrate import upgrade, version_table


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    name = "postgres_url" if request.param == "postgresql" else "mariadb_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def prefix(url: str) -> Iterator[str]:
    """A prefix of this test's own, whose tables are dropped at the end."""
    made = f"oc{uuid4().hex[:8]}_"
    yield made
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for name in sa.inspect(connection).get_table_names():
            if name.startswith(made):
                connection.execute(sa.schema.DropTable(sa.Table(name, sa.MetaData())))
    engine.dispose()


def _differences(store: SqlAlchemyStore, prefix: str) -> list[object]:
    def ours(item: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or str(name).startswith(prefix)

    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": version_table(prefix),
                "include_object": ours,
                "compare_type": True,
                "target_metadata": store.metadata,
            },
        )
        return list(compare_metadata(context, store.metadata))


def _shape(engine: sa.Engine, prefix: str) -> dict[str, object]:
    """Return what the database itself says of the tables, names without the prefix."""
    inspector = sa.inspect(engine)
    shape: dict[str, object] = {}
    for name in inspector.get_table_names():
        if name.startswith(prefix) and name != version_table(prefix):
            shape[name.removeprefix(prefix)] = (
                [
                    (c["name"], str(c["type"]), getattr(c["type"], "collation", ""), c["nullable"])
                    for c in inspector.get_columns(name)
                ],
                inspector.get_pk_constraint(name)["constrained_columns"],
                sorted(
                    (str(u["name"]).removeprefix(prefix), u["column_names"])
                    for u in inspector.get_unique_constraints(name)
                ),
                sorted(
                    (str(i["name"]).removeprefix(prefix), str(i["column_names"]), i["unique"])
                    for i in inspector.get_indexes(name)
                ),
            )
    return shape


def test_a_migrated_schema_is_the_declared_one(url: str, prefix: str) -> None:
    """Alembic finds no difference between what the scripts made and what is declared (EM3)."""
    store = SqlAlchemyStore.from_url(url, prefix=prefix)
    assert _differences(store, prefix) == []
    store.engine.dispose()


def test_a_migrated_schema_equals_a_fresh_one(url: str, prefix: str) -> None:
    """The database describes both alike: types, collations, keys, uniques and indexes."""
    migrated = SqlAlchemyStore.from_url(url, prefix=prefix)
    fresh = SqlAlchemyStore(engine_from(url), prefix=f"{prefix}f_")
    fresh.metadata.create_all(fresh.engine)
    assert _shape(migrated.engine, prefix).keys() >= _shape(fresh.engine, f"{prefix}f_").keys()
    for name, described in _shape(fresh.engine, f"{prefix}f_").items():
        assert _shape(migrated.engine, prefix)[name] == described, name
    migrated.engine.dispose()
    fresh.engine.dispose()


def test_a_missing_table_would_be_seen(url: str, prefix: str) -> None:
    """The comparison can fail: a dropped index and a dropped table are differences."""
    store = SqlAlchemyStore.from_url(url, prefix=prefix)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {prefix}lifespan")
    assert _differences(store, prefix)
    store.engine.dispose()


def test_migrating_again_changes_nothing(url: str, prefix: str) -> None:
    """A second start finds the tables as they are and keeps the rows."""
    first = SqlAlchemyStore.from_url(url, prefix=prefix)
    Shop(store=first).customers.register(name="Ada")
    again = SqlAlchemyStore.from_url(url, prefix=prefix)
    assert [each.name for each in Shop(store=again).customers.find("ada").items] == ["Ada"]
    first.engine.dispose()
    again.engine.dispose()


def test_many_processes_may_start_at_once(url: str, prefix: str) -> None:
    """Only one of them migrates; the others wait and find it done."""
    faults: list[BaseException] = []

    def start() -> None:
        try:
            SqlAlchemyStore.from_url(url, prefix=prefix).engine.dispose()
        except BaseException as error:  # noqa: BLE001
            faults.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize(("found", "code"), [("9999", "schema.newer"), (None, "schema.missing")])
def test_a_database_ahead_or_without_tables_is_refused(
    url: str, prefix: str, found: str | None, code: str
) -> None:
    """Old code refuses a newer schema, on opening, on the first command and in check()."""
    if found is not None:
        SqlAlchemyStore.from_url(url, prefix=prefix).engine.dispose()
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE {version_table(prefix)} SET version_num = '{found}'"  # noqa: S608
            )
        engine.dispose()
        with pytest.raises(SetupError) as refused:
            SqlAlchemyStore.from_url(url, prefix=prefix)
        assert refused.value.code == code
    store = SqlAlchemyStore(engine_from(url), prefix=prefix)
    shop = Shop(store=store)
    with pytest.raises(SetupError) as refused:
        shop.customers.register(name="Ada")
    assert refused.value.code == code
    with pytest.raises(SetupError):
        shop.customers.find("ada")
    assert shop.check().problems
    store.engine.dispose()


def test_a_host_migrates_inside_its_own_transaction(url: str, prefix: str) -> None:
    """`upgrade` runs on the connection of the host, inside its transaction, and never commits."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        upgrade(connection, prefix=prefix, schema=None)
    store = SqlAlchemyStore(engine, prefix=prefix)
    assert store.check() == []
    assert Shop(store=store).customers.register(name="Ada").version == 1
    engine.dispose()


def test_a_host_s_autogenerate_leaves_our_tables_alone(url: str, prefix: str) -> None:
    """With `include_object` a host's Alembic neither drops nor adds a table of ours (EM3)."""
    store = SqlAlchemyStore.from_url(url, prefix=prefix)
    host = sa.MetaData()
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": store.include_object, "target_metadata": host}
        )
        found = str(compare_metadata(context, host))
    assert prefix not in found
    store.engine.dispose()
