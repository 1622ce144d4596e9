"""Driver errors in the core's words; they never reach the host.

What a driver says may quote the row, and so a person: it is dropped, not chained.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ordercore.errors import ConflictError, DuplicateError, PortError, StoreUnavailableError

if TYPE_CHECKING:
    from ordercore_adapters.sqlalchemy.statements import Statements

CONFLICTS_POSTGRESQL = {"40001", "40P01", "55P03"}
"""Serialization failure, deadlock, lock not available."""
CONFLICTS_MARIADB = {1020, 1205, 1213}
"""Record has changed, lock wait timeout, deadlock."""
DUPLICATE_MARIADB = {1062, 1586}


def translated(error: sa.exc.DBAPIError, say: Statements) -> PortError:
    """Return what happened, in the core's words."""
    if error.connection_invalidated:
        return StoreUnavailableError("store.unavailable", reason="the connection broke")
    original: Any = error.orig
    code = getattr(original, "sqlstate", None) or (original.args or [None])[0]
    constraint = _constraint(error, code, say)
    if constraint is not None:
        return DuplicateError("store.duplicate", constraint=constraint)
    if code in CONFLICTS_POSTGRESQL or code in CONFLICTS_MARIADB or _is_busy(original):
        return ConflictError("store.conflict", reason=type(original).__name__)
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        return StoreUnavailableError("store.unavailable", reason=_reason(original))
    return PortError("port.failed", port="store", reason=_reason(original))


def _reason(original: Any) -> str:
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    if code is None and original.args and isinstance(original.args[0], int):
        code = original.args[0]
    return f"{type(original).__name__} {code}" if code else type(original).__name__


def _is_busy(original: Any) -> bool:
    return str(getattr(original, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _constraint(error: sa.exc.DBAPIError, code: object, say: Statements) -> str | None:
    """Return the declared name of the broken unique constraint."""
    original: Any = error.orig
    if str(getattr(original, "sqlite_errorname", "")).startswith("SQLITE_CONSTRAINT"):
        return _by_columns(str(original), say)
    if code == "23505":
        return _by_name(str(original.diag.constraint_name or ""), say)
    if code in DUPLICATE_MARIADB:
        found = re.search(r"for key '(?:[^']*\.)?([^'.]+)'$", str(original.args[1]))
        statement = str(error.statement or "")
        return _by_name(found[1] if found else "", say, statement)
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


def _by_name(physical: str, say: Statements, statement: str = "") -> str:
    for table, here in say.tables.items():
        prefix = here.name[: len(here.name) - len(table.name)]
        for name in table.uniques:
            if physical == prefix + name:
                return name
        if physical == f"{prefix}pk_{table.name}":
            return f"{table.name}.key"
        if physical == "PRIMARY" and re.search(rf"[`\s.]{re.escape(here.name)}[`\s(]", statement):
            return f"{table.name}.key"
    return physical
