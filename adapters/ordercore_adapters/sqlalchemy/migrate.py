"""Bringing a database up to date, and refusing one that is ahead of this release."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ordercore.errors import SetupError
from ordercore_adapters.sqlalchemy.engines import begin_write
from ordercore_adapters.sqlalchemy.migrations import REVISIONS

LOCK_SECONDS = 60
ADVISORY_LOCK = 0x6F_63_6D_69_67
"""Names the migration lock on PostgreSQL: `ocmig` in ASCII."""


def version_table(prefix: str) -> str:
    """Return the name of the table that holds the revision."""
    return f"{prefix}schema"


def revision_of(connection: sa.Connection, *, prefix: str, schema: str | None) -> str | None:
    """Return the revision a database is at; None when it has no tables of ours."""
    name = version_table(prefix)
    if not sa.inspect(connection).has_table(name, schema=schema):
        return None
    found: sa.Select[Any] = sa.select(sa.column("version_num", sa.String)).select_from(
        sa.table(name, schema=schema)
    )
    revision: str | None = connection.execute(found).scalar_one_or_none()
    return revision


def check_revision(engine: sa.Engine, *, prefix: str, schema: str | None) -> None:
    """Refuse a database that this release cannot work with.

    Raises:
        SetupError: `schema.missing`, `schema.older` or `schema.newer`.
    """
    with engine.connect() as connection:
        found = revision_of(connection, prefix=prefix, schema=schema)
    if found is None:
        raise SetupError("schema.missing")
    if found not in REVISIONS:
        raise SetupError("schema.newer", found=found)
    if found != REVISIONS[-1]:
        raise SetupError("schema.older", found=found, needed=REVISIONS[-1])


def migrate(engine: sa.Engine, *, prefix: str, schema: str | None) -> None:
    """Create the tables, or bring them up to date; harmless when they are.

    Only one process migrates at a time; the others wait and find it done.

    Raises:
        SetupError: `schema.newer`, when a later release has been here.
    """
    with engine.connect() as connection, _alone(connection, prefix):
        found = revision_of(connection, prefix=prefix, schema=schema)
        if found is not None and found not in REVISIONS:
            raise SetupError("schema.newer", found=found)
        if found != REVISIONS[-1]:
            upgrade(connection, prefix=prefix, schema=schema)
        connection.commit()


def upgrade(connection: sa.Connection, *, prefix: str, schema: str | None) -> None:
    """Run the scripts on a connection of the host, inside its transaction; never commits.

    May be called from a migration script of the host's own Alembic.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    scripts = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    with (
        _guest_of_alembic(),
        EnvironmentContext(
            config,
            scripts,
            fn=lambda revision, _: scripts._upgrade_revs("head", revision),  # noqa: SLF001
        ) as environment,
    ):
        environment.configure(
            connection=connection,
            version_table=version_table(prefix),
            version_table_schema=schema,
        )
        environment.run_migrations(prefix=prefix, schema=schema)


@contextmanager
def _guest_of_alembic() -> Iterator[None]:
    """Give a host that is migrating itself its `context` and `op` back: Alembic has one of each."""
    from alembic import context, op

    hosts = [vars(module).get("_proxy") for module in (context, op)]
    try:
        yield
    finally:
        for proxy in hosts:
            if proxy is not None:
                proxy._install_proxy()  # noqa: SLF001


@contextmanager
def _alone(connection: sa.Connection, prefix: str) -> Iterator[None]:
    """Hold the database's own lock while migrating."""
    match connection.dialect.name:
        case "sqlite":
            begin_write(connection)
            yield
        case "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
            yield
        case _:
            lock = {"name": f"ordercore {prefix}"[:64], "wait": LOCK_SECONDS}
            connection.execute(sa.text("SELECT GET_LOCK(:name, :wait)"), lock)
            try:
                yield
            finally:
                connection.execute(sa.text("SELECT RELEASE_LOCK(:name)"), lock)
