"""Driver errors in the core's words; they never reach the host.

What a driver says may quote the row, and so a person: it is dropped, not chained.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc

from ordercore.errors import ConflictError, DuplicateError, PortError, StoreUnavailableError

if TYPE_CHECKING:
    from ordercore_adapters.sqlalchemy.statements import Statements

CONFLICTS_POSTGRESQL = {"40001", "40P01", "55P03"}
"""Serialization failure, deadlock, lock not available."""
CONFLICTS_MARIADB = {1020, 1205, 1213}
"""Record has changed, lock wait timeout, deadlock."""
UNAVAILABLE_POSTGRESQL = {"08", "53", "57"}
"""Classes of SQLSTATE: connection exception, insufficient resources, operator intervention."""
UNAVAILABLE_MARIADB = {1040, 1053, 1129, 1927, 2002, 2003, 2006, 2013}
"""Too many connections, shutting down, host blocked, killed; no server, gone away, lost."""
UNAVAILABLE_SQLITE = {"SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY"}
DUPLICATE_POSTGRESQL = "23505"
DUPLICATE_MARIADB = {1062, 1586}


def translated(error: exc.DBAPIError, say: Statements) -> PortError:
    """Return what happened, in the core's words."""
    if error.connection_invalidated:
        return StoreUnavailableError("store.unavailable", reason="the connection broke")
    original: Any = error.driver_exception
    code = _code(original, say)
    constraint = _constraint(original, code, str(error.statement or ""), say)
    if constraint is not None:
        return DuplicateError("store.duplicate", constraint=constraint)
    if code in CONFLICTS_POSTGRESQL or code in CONFLICTS_MARIADB or _is_busy(original):
        return ConflictError("store.conflict", reason=type(original).__name__)
    if _is_unavailable(original, code):
        return StoreUnavailableError("store.unavailable", reason=_reason(original))
    return PortError("port.failed", port="store", reason=_reason(original))


def unreachable(say: Statements) -> StoreUnavailableError:
    """Return that every connection of the pool is taken, and none was given back in time."""
    return StoreUnavailableError(
        "store.unavailable", reason=f"no free connection to {say.dialect_name}"
    )


def _code(original: Any, say: Statements) -> object:
    """Return SQLSTATE on PostgreSQL, the server's own number on MariaDB."""
    if say.dialect_name == "postgresql":
        return getattr(original, "sqlstate", None)
    return (original.args or (None,))[0]


def _reason(original: Any) -> str:
    code = getattr(original, "sqlite_errorname", None)
    if code is None and original.args and isinstance(original.args[0], int):
        code = original.args[0]
    code = code or getattr(original, "sqlstate", None)
    return f"{type(original).__name__} {code}" if code else type(original).__name__


def _is_unavailable(original: Any, code: object) -> bool:
    """Tell whether the server, or the file, cannot be used now."""
    name = str(getattr(original, "sqlite_errorname", ""))
    if name or isinstance(code, int):
        return name in UNAVAILABLE_SQLITE or code in UNAVAILABLE_MARIADB
    told = getattr(original, "sqlstate", "")
    return told is None or str(told)[:2] in UNAVAILABLE_POSTGRESQL


def _is_busy(original: Any) -> bool:
    return str(getattr(original, "sqlite_errorname", "")).startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED")
    )


def _constraint(original: Any, code: object, statement: str, say: Statements) -> str | None:
    """Return the declared name of the broken unique constraint."""
    if str(getattr(original, "sqlite_errorname", "")).startswith("SQLITE_CONSTRAINT"):
        return _by_columns(str(original), say)
    if code == DUPLICATE_POSTGRESQL:
        return _by_name(str(original.diag.constraint_name or ""), say)
    if code in DUPLICATE_MARIADB:
        found = re.search(r"for key '(?:[^']*\.)?([^'.]+)'$", str(original.args[1]))
        written = re.match(r"\W*(?:INSERT INTO|UPDATE)\s+(?:[`\w]+\.)?`?(\w+)", statement)
        return _by_name(found[1] if found else "", say, written[1] if written else "")
    return None


def _by_columns(message: str, say: Statements) -> str | None:
    """SQLite names `table.column, table.column` instead of the constraint."""
    if not message.startswith("UNIQUE constraint failed: "):
        return None
    pairs = [part.rsplit(".", 1) for part in message.split(": ", 1)[1].split(", ")]
    physical, columns = pairs[0][0], tuple(column for _, column in pairs)
    for table, here in say.tables.items():
        if here.name == physical:
            named = {names: name for name, names in table.uniques.items()}
            return named.get(columns, f"{table.name}.key")
    return None


def _by_name(physical: str, say: Statements, written: str = "") -> str:
    """Translate a constraint's name; MariaDB calls every key PRIMARY, in the table `written`."""
    for table, here in say.tables.items():
        prefix = here.name[: len(here.name) - len(table.name)]
        for name in table.uniques:
            if physical == prefix + name:
                return name
        if physical == f"{prefix}pk_{table.name}":
            return f"{table.name}.key"
        if physical == "PRIMARY" and here.name == written:
            return f"{table.name}.key"
    return physical
