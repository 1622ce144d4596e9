"""Column types, the same values on every engine. Migrations name them, so they never change.

Text is binary-collated everywhere: it compares by code point, and trailing spaces
and accents count. Instants are UTC to the microsecond.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

POSTGRESQL_COLLATION = "C"
MARIADB_COLLATION = "utf8mb4_nopad_bin"
"""`utf8mb4_bin` would call "x" and "x " equal."""

Type = sa.types.TypeEngine[Any]
MARIADB = ("mysql", "mariadb")


def text(limit: int) -> Type:
    """Return text of at most `limit` characters."""
    here = mysql.VARCHAR(limit, charset="utf8mb4", collation=MARIADB_COLLATION)
    return (
        sa.String(limit)
        .with_variant(sa.String(limit, collation=POSTGRESQL_COLLATION), "postgresql")
        .with_variant(here, *MARIADB)
    )


def document() -> Type:
    """Return text without a bound; MariaDB's TEXT would end at 64 KiB."""
    return (
        sa.Text()
        .with_variant(sa.Text(collation=POSTGRESQL_COLLATION), "postgresql")
        .with_variant(mysql.LONGTEXT(charset="utf8mb4", collation=MARIADB_COLLATION), *MARIADB)
    )


def uuid() -> Type:
    """Return an identifier: native on PostgreSQL, 36 characters elsewhere."""
    here = mysql.CHAR(36, charset="ascii", collation="ascii_bin")
    return sa.String(36).with_variant(postgresql.UUID(), "postgresql").with_variant(here, *MARIADB)


def instant() -> Type:
    """Return a date-time in UTC to the microsecond."""
    return (
        sa.String(26)
        .with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
        .with_variant(mysql.DATETIME(fsp=6), *MARIADB)
    )


def day() -> Type:
    """Return a calendar day."""
    return sa.String(10).with_variant(sa.Date(), "postgresql", *MARIADB)


def number() -> Type:
    """Return a whole number of 64 bits."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def flag() -> Type:
    """Return a truth value."""
    return sa.Boolean()


def blob() -> Type:
    """Return bytes without a bound."""
    return sa.LargeBinary().with_variant(mysql.LONGBLOB(), *MARIADB)
