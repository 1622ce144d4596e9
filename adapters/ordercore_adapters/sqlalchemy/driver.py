"""The driver's own cursor, for statements whose text is finished.

SQLAlchemy describes the columns of each result anew, which costs more than reading
an order by its key does; we know our columns. Connections, transactions, errors and
events stay SQLAlchemy's: where somebody listens to statements, or logs them, each
one goes through `exec_driver_sql`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from ordercore.errors import SetupError

Params = tuple[Any, ...]


class Answer(Protocol):
    """What a statement found, or how many rows it touched."""

    @property
    def rowcount(self) -> int:
        """How many rows were written."""
        ...

    def fetchall(self) -> Sequence[Any]:
        """Return the rows that were found."""
        ...


class Driver:
    """Executes finished SQL on one connection of SQLAlchemy, inside its transaction.

    An answer is good until the next statement.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._cursor: Any = None
        self._closed = False
        self._direct = not _observed(connection)

    def execute(self, sql: str, params: Params = ()) -> Answer:
        """Execute one statement.

        Raises:
            DBAPIError: as SQLAlchemy raises it.
            SetupError: `setup.closed`.
        """
        if not self._direct:
            self._refuse_late()
            answer: Any = self._connection.exec_driver_sql(sql, params)
            return answer  # type: ignore[no-any-return]
        try:
            cursor = self._cursor or self._open()
            cursor.execute(sql, params)
        except BaseException as error:  # noqa: BLE001
            self._fail(error, sql)
        return cursor  # type: ignore[no-any-return]

    def execute_many(self, sql: str, rows: Sequence[Params]) -> None:
        """Execute one statement for each of many rows, in one call of the driver."""
        if not self._direct:
            self._refuse_late()
            self._connection.exec_driver_sql(sql, list(rows))
            return
        try:
            cursor = self._cursor or self._open()
            cursor.executemany(sql, rows)
        except BaseException as error:  # noqa: BLE001
            self._fail(error, sql)

    def close(self) -> None:
        """Give the cursor back, and execute no more: the connection may soon be another's."""
        self._closed = True
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            cursor.close()

    def _refuse_late(self) -> None:
        if self._closed:
            raise SetupError("setup.closed")

    def _open(self) -> Any:
        self._refuse_late()
        if not self._connection.in_transaction():
            self._connection.begin()
        self._cursor = self._connection.connection.cursor()
        return self._cursor

    def _fail(self, error: BaseException, sql: str) -> None:
        """Treat an error as SQLAlchemy does: wrap the driver's, replace a connection that broke."""
        self._cursor = None
        known: Any = self._connection.dialect.loaded_dbapi.Error
        if isinstance(error, Exception) and not isinstance(error, known):
            raise error
        self._connection._handle_dbapi_exception(error, sql, None, None, None)  # noqa: SLF001


def _observed(connection: sa.Connection) -> bool:
    """Tell whether somebody listens to statements or logs them."""
    heard, treated = connection.dispatch, connection.dialect.dispatch
    return bool(
        heard.before_cursor_execute
        or heard.after_cursor_execute
        or treated.do_execute
        or treated.do_executemany
        or connection.engine.logger.isEnabledFor(logging.INFO)
    )
