"""The shop behind `--db`: opened for one command, and closed after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

from cyclopts import Parameter

from ordercore import Shop
from ordercore.errors import OrderCoreError, SetupError
from ordercore.ports.notifier import Notifier
from ordercore.values.outgoing import ShopProfile

if TYPE_CHECKING:
    from ordercore_adapters.sqlalchemy import SqlAlchemyStore

Db = Annotated[str, Parameter(name="--db", env_var="ORDERCORE_DB", show_default=False)]
"""Where the shop is kept: `sqlite:///shop.db`, `postgresql+psycopg://…`, `mysql+pymysql://…`."""
_EXTRAS = {
    "psycopg": "postgres",
    "psycopg2": "postgres",
    "pymysql": "mariadb",
    "MySQLdb": "mariadb",
}


@contextmanager
def shop_at(
    url: str,
    *,
    create: bool = False,
    profile: ShopProfile | None = None,
    notifiers: Sequence[Notifier] = (),
) -> Iterator[Shop]:
    """Open the shop; with `create` its tables are made or brought up to date.

    Raises:
        SetupError: `setup.usage`, `setup.missing_extra` or `schema.…`.
    """
    store = open_store(url, create=create)
    try:
        yield Shop(store=store, profile=profile, notifiers=notifiers)
    finally:
        store.engine.dispose()


def open_store(url: str, *, create: bool) -> SqlAlchemyStore:
    """Return the store at a URL; one that does not exist is made only with `create`."""
    from ordercore_adapters.sqlalchemy import SqlAlchemyStore
    from ordercore_adapters.sqlalchemy.engines import engine_from

    try:
        store = SqlAlchemyStore(engine_from(url))
        problems = _problems(store) if not create else []
        if create:
            store.migrate()
    except OrderCoreError:
        raise
    except Exception as error:  # noqa: BLE001  (what a driver says of a URL or a server)
        raise _refused(url, error) from None
    if problems:
        raise SetupError("setup.naming", reason=problems[0])
    return store


def _problems(store: SqlAlchemyStore) -> list[str]:
    """Look at the schema, without making the file of a database that is not there."""
    url = store.engine.url
    file = url.database if url.get_backend_name() == "sqlite" else None
    if file and file != ":memory:" and not Path(file).exists():
        return [str(SetupError("schema.missing"))]
    return store.check()


def _refused(url: str, error: Exception) -> SetupError:
    """Say why in one line, without the password."""
    if isinstance(error, ModuleNotFoundError) and error.name in _EXTRAS:
        return SetupError("setup.missing_extra", what="--db", extra=_EXTRAS[error.name])
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    said = lines[0] if lines else type(error).__name__
    password = urlsplit(url).password
    for secret in (url, password, password and unquote(password)):
        said = said.replace(secret, "***") if secret else said
    return SetupError("setup.usage", reason=f"--db: {said[:300]}")
