"""A shop in SQLite, PostgreSQL or MariaDB through SQLAlchemy Core."""

from __future__ import annotations

try:
    import sqlalchemy as _sqlalchemy  # noqa: F401
except ImportError as _error:
    from ordercore.errors import SetupError

    raise SetupError("setup.missing_extra", what="SqlAlchemyStore", extra="sqlalchemy") from _error

from ordercore_adapters.sqlalchemy.store import SqlAlchemyStore

__all__ = ["SqlAlchemyStore"]
