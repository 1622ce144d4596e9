"""Broken twins of the SQLAlchemy store, each with one of its precautions taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any
from uuid import uuid4

import attrs
import pytest
import sqlalchemy as sa

from ordercore.errors import OrderCoreError
from ordercore.stored.table import Key, Table
from ordercore.testing.contract import (
    ClaimsContract,
    JoinedContract,
    OrderingContract,
    RowsContract,
    TransactionContract,
    ValuesContract,
)
from ordercore_adapters.sqlalchemy import SqlAlchemyStore, store, values
from ordercore_adapters.sqlalchemy.claims import SqlClaims
from ordercore_adapters.sqlalchemy.driver import Driver
from ordercore_adapters.sqlalchemy.rows import SqlRows
from ordercore_adapters.sqlalchemy.transactions import JoinedTransaction, SqlTransaction
from tests.contract.hosts import async_host, sync_host
from tests.faults.twins import Test
from tests.stores import MARKS, Databases

Patch = Callable[[pytest.MonkeyPatch], None]


@attrs.frozen
class SqlTwin:
    """A precaution, how it is taken away, and the test that must notice, in which database."""

    name: str
    kind: str
    patch: Patch
    caught_by: Test
    host: str = ""
    ddl: str = ""
    """Changes a column of tables that are the twin's own; `{p}` is their prefix."""


# ── savepoints and transactions ──


def no_begin_guard(patch: pytest.MonkeyPatch) -> None:
    """A savepoint is the first thing that the driver hears of."""
    patch.setattr(store, "begin_savepoint", lambda connection: connection.begin_nested())


def joined_commits(patch: pytest.MonkeyPatch) -> None:
    """A command commits the host's transaction."""
    sound = JoinedTransaction.commit

    def commit(self: JoinedTransaction) -> None:
        sound(self)
        self._connection.commit()

    patch.setattr(JoinedTransaction, "commit", commit)


def joined_rolls_all_back(patch: pytest.MonkeyPatch) -> None:
    """A command that fails takes the host's work with it."""

    def rollback(self: JoinedTransaction) -> None:
        if self._savepoint.is_active:
            self._connection.rollback()

    patch.setattr(JoinedTransaction, "rollback", rollback)


def joined_without_savepoint(patch: pytest.MonkeyPatch) -> None:
    """A command that fails leaves half of its work in the host's transaction."""

    def rollback(self: JoinedTransaction) -> None:
        if self._savepoint.is_active:
            self._savepoint.commit()

    patch.setattr(JoinedTransaction, "rollback", rollback)


def joined_closes(patch: pytest.MonkeyPatch) -> None:
    """A command gives the host's connection back."""
    sound = JoinedTransaction.commit

    def commit(self: JoinedTransaction) -> None:
        sound(self)
        self._connection.close()

    patch.setattr(JoinedTransaction, "commit", commit)


def commits_after_an_error(patch: pytest.MonkeyPatch) -> None:
    """PostgreSQL answers a commit after an error with a rollback, and says nothing."""
    patch.setattr(SqlTransaction, "commit", lambda self: self._connection.commit())


def reads_without_begin(patch: pytest.MonkeyPatch) -> None:
    """Each SELECT is a transaction of its own."""
    patch.setattr(store, "begin_read", Driver)


def reads_committed(patch: pytest.MonkeyPatch) -> None:
    """Views are at the isolation of commands."""
    patch.setattr(store, "reading_engine", lambda engine: engine)


# ── races ──


def adjusts_after_looking(patch: pytest.MonkeyPatch) -> None:
    """Reads, compares and writes, in three steps."""

    def adjust(
        self: SqlRows, table: Table[Any], key: Key, column: str, by: int, *, floor: int
    ) -> bool:
        row = self.get(table, key)
        if row is None or row[table.at[column]] + by < floor:
            return False
        after = row._replace(**{column: row[table.at[column]] + by})
        self.update(table, after, expect={})
        return True

    patch.setattr(SqlRows, "adjust", adjust)


def locks_nothing(patch: pytest.MonkeyPatch) -> None:
    """Reads a row that it should lock."""
    sound = SqlRows.get
    patch.setattr(
        SqlRows, "get", lambda self, table, key, *, lock=False: sound(self, table, key, lock=False)
    )


def claims_without_asking_again(patch: pytest.MonkeyPatch) -> None:
    """Picks free rows without a lock, and takes them without saying `free` again."""
    sound = sa.Select.with_for_update
    patch.setattr(
        sa.Select, "with_for_update", lambda self, **how: self if how else sound(self, **how)
    )
    free = SqlClaims._free

    def take(self: SqlClaims, table: Table[Any]) -> Any:
        patch.setattr(SqlClaims, "_free", lambda *_: [sa.true()])
        try:
            return _sound_take(self, table)
        finally:
            patch.setattr(SqlClaims, "_free", free)

    patch.setattr(SqlClaims, "_take", take)
    patch.setattr(SqlClaims, "_read", _read_by_key)


_sound_take = SqlClaims._take


def _read_by_key(self: SqlClaims, table: Table[Any]) -> Any:
    """Read back what was picked, whoever has it by now."""

    def build() -> sa.Select[Any]:
        return sa.select(*self._say.read(table)).where(*self._key(table, self._say.tables[table]))

    return self._say.prepared((table, "picked"), build)


# ── what a row comes back as, and in which order ──


def forgets_the_zone(patch: pytest.MonkeyPatch) -> None:
    """Gives instants back without UTC."""
    naive = {**values.SQLITE, datetime: (values._to_text, datetime.fromisoformat)}
    patch.setitem(values.BY_DIALECT, "sqlite", naive)


def null_where_it_falls(patch: pytest.MonkeyPatch) -> None:
    """PostgreSQL puts NULL last."""
    patch.setattr(sa.UnaryExpression, "nulls_first", lambda self: self)


def as_it_is(patch: pytest.MonkeyPatch) -> None:
    """Nothing in the store: its tables are other ones."""


JOINED = JoinedContract
CONVERT = "ALTER TABLE {p}counter CONVERT TO CHARACTER SET utf8mb4 COLLATE "
TWINS = [
    SqlTwin("savepoint first", "sqlite", no_begin_guard,
            JOINED.test_a_savepoint_that_comes_first_goes_with_the_host, "sync"),
    SqlTwin("savepoint first, asynchronous", "sqlite", no_begin_guard,
            JOINED.test_a_savepoint_that_comes_first_goes_with_the_host, "async"),
    SqlTwin("commits for the host", "sqlite", joined_commits,
            JOINED.test_our_commit_is_not_the_hosts, "sync"),
    SqlTwin("commits for the host, again", "postgresql", joined_commits,
            JOINED.test_the_hosts_rollback_takes_ours_with_it, "sync"),
    SqlTwin("rolls the host back", "postgresql", joined_rolls_all_back,
            JOINED.test_a_command_that_fails_leaves_the_hosts_work, "sync"),
    SqlTwin("leaves half a command", "sqlite", joined_without_savepoint,
            JOINED.test_two_commands_are_one_transaction, "sync"),
    SqlTwin("closes the host's connection", "sqlite", joined_closes,
            JOINED.test_our_commit_is_not_the_hosts, "sync"),
    SqlTwin("commits after an error", "postgresql", commits_after_an_error,
            TransactionContract.test_a_conflict_cannot_be_passed_over),
    SqlTwin("reads without BEGIN", "sqlite", reads_without_begin,
            TransactionContract.test_a_view_sees_one_state),
    SqlTwin("reads committed", "postgresql", reads_committed,
            TransactionContract.test_a_view_sees_one_state),
    SqlTwin("reads committed", "mariadb", reads_committed,
            TransactionContract.test_a_view_sees_one_state),
    SqlTwin("adjusts after looking", "postgresql", adjusts_after_looking,
            TransactionContract.test_many_adjustments_add_up),
    SqlTwin("adjusts after looking", "mariadb", adjusts_after_looking,
            TransactionContract.test_many_adjustments_add_up),
    SqlTwin("locks nothing", "postgresql", locks_nothing,
            TransactionContract.test_two_that_lock_the_same_row_take_turns),
    SqlTwin("claims without asking again", "postgresql", claims_without_asking_again,
            ClaimsContract.test_workers_at_once_take_each_row_once),
    SqlTwin("default collation", "mariadb", as_it_is,
            RowsContract.test_similar_texts_are_not_duplicates, ddl=CONVERT + "utf8mb4_general_ci"),
    SqlTwin("padded collation", "mariadb", as_it_is,
            RowsContract.test_similar_texts_are_not_duplicates, ddl=CONVERT + "utf8mb4_bin"),
    SqlTwin("locale collation", "postgresql", as_it_is,
            OrderingContract.test_text_is_ordered_by_code_point,
            ddl='ALTER TABLE {p}customer ALTER name TYPE varchar(200) COLLATE "und-x-icu"'),
    SqlTwin("whole seconds", "mariadb", as_it_is,
            ValuesContract.test_edges_of_every_column_come_back,
            ddl="ALTER TABLE {p}command MODIFY at DATETIME NOT NULL"),
    SqlTwin("short text", "mariadb", as_it_is,
            ValuesContract.test_edges_of_every_column_come_back,
            ddl="ALTER TABLE {p}order MODIFY party TEXT NOT NULL"),
    SqlTwin("forgets the zone", "sqlite", forgets_the_zone,
            ValuesContract.test_committed_values_come_back),
    SqlTwin("NULL where it falls", "postgresql", null_where_it_falls,
            OrderingContract.test_null_comes_first),
]  # fmt: skip


@pytest.fixture
def broken(
    request: pytest.FixtureRequest, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[SqlTwin], SqlAlchemyStore]]:
    """Make a twin: a new store in a database that has the tables, or has tables of its own."""
    with ExitStack() as after:

        def make(twin: SqlTwin) -> SqlAlchemyStore:
            sound = databases.emptied(twin.kind)
            twin.patch(monkeypatch)
            if not twin.ddl:
                return SqlAlchemyStore(sound.engine, prefix=sound.prefix)
            made = SqlAlchemyStore(sound.engine, prefix=f"oc_{uuid4().hex[:8]}_")
            made._checked = True
            after.callback(made.metadata.drop_all, sound.engine)
            made.metadata.create_all(sound.engine)
            with sound.engine.begin() as connection:
                connection.exec_driver_sql(twin.ddl.format(p=made.prefix))
            return made

        yield make


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(
    "twin",
    [pytest.param(t, id=f"{t.name} ({t.kind})", marks=MARKS.get(t.kind, ())) for t in TWINS],
)
def test_a_store_without_its_precaution_is_caught(
    twin: SqlTwin, broken: Callable[[SqlTwin], SqlAlchemyStore]
) -> None:
    """The test that is meant for it fails, by its own judgement or with an error of the store."""
    noticed = (AssertionError, pytest.fail.Exception, OrderCoreError, sa.exc.InvalidRequestError)
    with pytest.raises(noticed):
        tried(twin, broken(twin))


def tried(twin: SqlTwin, made: SqlAlchemyStore) -> None:
    """Run the test that is meant for a twin."""
    with ExitStack() as stack:
        fixtures: dict[str, Any] = {"store": made}
        if twin.host:
            host = sync_host(made) if twin.host == "sync" else async_host(made)
            fixtures["host"] = stack.enter_context(host)
        twin.caught_by(object(), **fixtures)
