"""The declared tables as SQLAlchemy tables, in the host's MetaData."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from ordercore.stored.schema import TABLES
from ordercore.stored.table import Column, Table

COLLATIONS = {"postgresql": "C", "mysql": "utf8mb4_nopad_bin", "mariadb": "utf8mb4_nopad_bin"}
"""Binary on every engine: text compares by code point, trailing spaces and accents count."""
MARIADB: Mapping[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_nopad_bin",
}


def build(
    metadata: sa.MetaData, *, prefix: str, schema: str | None
) -> Mapping[Table[Any], sa.Table]:
    """Add every declared table to `metadata` and return them by declaration."""
    return {table: _built(table, metadata, prefix, schema) for table in TABLES}


def _built(
    table: Table[Any], metadata: sa.MetaData, prefix: str, schema: str | None
) -> sa.Table:
    name = prefix + table.name
    columns = [_column(column, column.name in table.key) for column in table.columns]
    uniques = [
        sa.UniqueConstraint(*names, name=prefix + unique) for unique, names in table.uniques.items()
    ]
    indexes = [
        sa.Index(f"{prefix}ix_{table.name}_{'_'.join(names)}"[:63], *names)
        for names in table.indexes
    ]
    key = sa.PrimaryKeyConstraint(*table.key, name=f"{prefix}pk_{table.name}")
    items: list[sa.schema.SchemaItem] = [*columns, key, *uniques, *indexes]
    return sa.Table(name, metadata, *items, schema=schema, **MARIADB)


def _column(column: Column, in_key: bool) -> sa.Column[Any]:
    return sa.Column(
        column.name,
        _TYPES[column.kind](column),
        nullable=column.nullable,
        autoincrement=False if in_key else "auto",
    )


def _text(column: Column) -> sa.types.TypeEngine[str]:
    here = COLLATIONS["postgresql"], COLLATIONS["mysql"]
    if column.limit is None:
        return (
            sa.Text()
            .with_variant(sa.Text(collation=here[0]), "postgresql")
            .with_variant(mysql.LONGTEXT(charset="utf8mb4", collation=here[1]), "mysql", "mariadb")
        )
    return (
        sa.String(column.limit)
        .with_variant(sa.String(column.limit, collation=here[0]), "postgresql")
        .with_variant(
            mysql.VARCHAR(column.limit, charset="utf8mb4", collation=here[1]), "mysql", "mariadb"
        )
    )


def _uuid(_: Column) -> sa.types.TypeEngine[Any]:
    return (
        sa.String(36)
        .with_variant(postgresql.UUID(), "postgresql")
        .with_variant(mysql.CHAR(36, charset="ascii", collation="ascii_bin"), "mysql", "mariadb")
    )


def _instant(_: Column) -> sa.types.TypeEngine[Any]:
    return (
        sa.String(26)
        .with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
        .with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    )


def _day(_: Column) -> sa.types.TypeEngine[Any]:
    return sa.String(10).with_variant(sa.Date(), "postgresql", "mysql", "mariadb")


def _blob(_: Column) -> sa.types.TypeEngine[bytes]:
    return sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


_TYPES: Mapping[type, Callable[[Column], sa.types.TypeEngine[Any]]] = {
    str: _text,
    int: lambda _: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    bool: lambda _: sa.Boolean(),
    UUID: _uuid,
    datetime: _instant,
    date: _day,
    bytes: _blob,
}
