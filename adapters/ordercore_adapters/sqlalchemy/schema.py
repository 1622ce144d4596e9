"""The declared tables as SQLAlchemy tables, in the host's MetaData."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ordercore.stored.schema import TABLES
from ordercore.stored.table import Column, Table
from ordercore_adapters.sqlalchemy.types import (
    MARIADB_COLLATION,
    blob,
    day,
    document,
    flag,
    instant,
    number,
    text,
    uuid,
)

MARIADB: Mapping[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": MARIADB_COLLATION,
}


def build(
    metadata: sa.MetaData, *, prefix: str, schema: str | None
) -> Mapping[Table[Any], sa.Table]:
    """Add every declared table to `metadata` and return them by declaration."""
    return {table: _built(table, metadata, prefix, schema) for table in TABLES}


def _built(table: Table[Any], metadata: sa.MetaData, prefix: str, schema: str | None) -> sa.Table:
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
        _type(column),
        nullable=column.nullable,
        autoincrement=False if in_key else "auto",
    )


_TYPES: Mapping[type, Callable[[], sa.types.TypeEngine[Any]]] = {
    int: number,
    bool: flag,
    UUID: uuid,
    datetime: instant,
    date: day,
    bytes: blob,
}


def _type(column: Column) -> sa.types.TypeEngine[Any]:
    if column.kind is str:
        return document() if column.limit is None else text(column.limit)
    return _TYPES[column.kind]()
