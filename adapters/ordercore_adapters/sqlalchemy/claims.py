"""Claims: one short transaction that picks, takes and reads back.

`FOR UPDATE SKIP LOCKED` keeps workers from waiting for one another; what makes a
claim exclusive is the update that says `free` again and the read by token.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import exc

from ordercore.stored.table import Key, R, Table
from ordercore_adapters.sqlalchemy.engines import begin_write
from ordercore_adapters.sqlalchemy.faults import translated
from ordercore_adapters.sqlalchemy.statements import Prepared, Statements
from ordercore_adapters.sqlalchemy.transactions import connected


class SqlClaims:
    """Claims on one engine."""

    def __init__(self, engine: sa.Engine, statements: Statements) -> None:
        self._engine = engine
        self._say = statements

    def claim(
        self, table: Table[R], *, token: UUID, now: datetime, until: datetime, limit: int
    ) -> list[R]:
        """Take up to `limit` rows that are due and free, soonest first."""
        travel = self._say.travel(table)
        instant = travel.value("due_at", now)
        values = {
            "now": instant,
            "free": instant,
            "until": travel.value("lease_until", until),
            "token": travel.value("claim", token),
            "limit": limit,
        }
        pick, take, read = self._pick(table), self._take(table), self._read(table)
        with self._transaction() as connection:
            keys = connection.exec_driver_sql(pick.sql, pick.params(values)).all()
            if not keys:
                return []
            named = [
                values | {f"k_{n}": v for n, v in zip(table.key, key, strict=True)} for key in keys
            ]
            connection.exec_driver_sql(take.sql, [take.params(each) for each in named])
            taken: list[R] = []
            for each in named:
                found = connection.exec_driver_sql(read.sql, read.params(each)).all()
                taken += travel.rows(found)
        return taken

    def renew(self, table: Table[Any], key: Key, *, token: UUID, until: datetime) -> bool:
        """Prolong one claim; False when it was lost to another worker."""
        said, travel = self._renew(table), self._say.travel(table)
        values = {
            f"k_{name}": travel.value(name, part) for name, part in zip(table.key, key, strict=True)
        }
        values |= {
            "token": travel.value("claim", token),
            "until": travel.value("lease_until", until),
        }
        with self._transaction() as connection:
            return connection.exec_driver_sql(said.sql, said.params(values)).rowcount == 1

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with connected(self._engine, self._say) as connection:
                begin_write(connection)
                yield connection
                connection.commit()
        except exc.DBAPIError as error:
            raise translated(error, self._say) from None

    # ── the statements ──

    def _free(self, here: sa.Table) -> list[sa.ColumnElement[bool]]:
        return [
            here.c.due_at <= sa.bindparam("now", type_=here.c.due_at.type),
            here.c.lease_until < sa.bindparam("free", type_=here.c.lease_until.type),
        ]

    def _key(self, table: Table[Any], here: sa.Table) -> list[sa.ColumnElement[bool]]:
        return [
            here.c[name] == sa.bindparam(f"k_{name}", type_=here.c[name].type) for name in table.key
        ]

    def _pick(self, table: Table[Any]) -> Prepared:
        def build() -> sa.Select[Any]:
            here = self._say.tables[table]
            return (
                sa.select(*(here.c[name] for name in table.key))
                .where(*self._free(here))
                .order_by(here.c.due_at, *(here.c[name] for name in table.key))
                .limit(sa.bindparam("limit", type_=sa.Integer))
                .with_for_update(skip_locked=True)
            )

        return self._say.prepared((table, "pick"), build)

    def _take(self, table: Table[Any]) -> Prepared:
        def build() -> sa.Update:
            here = self._say.tables[table]
            return (
                here.update()
                .where(*self._key(table, here), *self._free(here))
                .values(
                    claim=sa.bindparam("token", type_=here.c.claim.type),
                    lease_until=sa.bindparam("until", type_=here.c.lease_until.type),
                    attempts=here.c.attempts + sa.text("1"),
                )
            )

        return self._say.prepared((table, "take"), build)

    def _read(self, table: Table[Any]) -> Prepared:
        def build() -> sa.Select[Any]:
            here = self._say.tables[table]
            mine = here.c.claim == sa.bindparam("token", type_=here.c.claim.type)
            return sa.select(*self._say.read(table)).where(*self._key(table, here), mine)

        return self._say.prepared((table, "mine"), build)

    def _renew(self, table: Table[Any]) -> Prepared:
        def build() -> sa.Update:
            here = self._say.tables[table]
            mine = here.c.claim == sa.bindparam("token", type_=here.c.claim.type)
            until = sa.bindparam("until", type_=here.c.lease_until.type)
            return here.update().where(*self._key(table, here), mine).values(lease_until=until)

        return self._say.prepared((table, "renew"), build)
