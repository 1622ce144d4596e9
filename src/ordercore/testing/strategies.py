"""Hypothesis strategies: rows of any declared table, and the values of the core."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ordercore.stored.table import EARLIEST_YEAR, INTEGER_LIMIT, Column, R, Table, Text, Value
from ordercore.values.address import Party, PostalAddress
from ordercore.values.attributes import TEXT_LIMIT, Attributes
from ordercore.values.criteria import OPS, Compare, Criteria, Every, Missing, Not, Some
from ordercore.values.email import EmailAddress
from ordercore.values.money import LARGEST, Money

__all__ = [
    "attributes",
    "column_values",
    "criteria",
    "days",
    "documents",
    "emails",
    "instants",
    "money",
    "numbers",
    "parties",
    "places",
    "rows",
    "texts",
]

_ODD = ("", " ", "a ", " a", "A", "a", "á", "a\u0301", "ß", "ss", "ı", "i", "İ")
_ODDER = ("%", "_", "\\", "'", '"', "\U0001f600", "\uffff", "\ue000", "\U0010ffff", "null", "0")


# ── values as columns hold them ──


def texts(limit: int, *, multiline: bool = False, min_size: int = 0) -> SearchStrategy[str]:
    """Text that every store keeps, at most `limit` characters."""
    kept = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029")
    alphabet = kept | st.just("\n") if multiline else kept
    odd = [text for text in _ODD + _ODDER if min_size <= len(text) <= limit]
    free = st.text(alphabet, min_size=min_size, max_size=limit)
    return free | st.sampled_from(odd) if odd else free


def documents() -> SearchStrategy[str]:
    """Text without bound: any character but NUL and lone surrogates."""
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def numbers() -> SearchStrategy[int]:
    """Whole numbers that fit every store, the outermost among them."""
    return st.integers(-INTEGER_LIMIT, INTEGER_LIMIT) | st.sampled_from(
        [0, 1, -1, 2**31, 2**53 + 1, INTEGER_LIMIT, -INTEGER_LIMIT]
    )


def instants() -> SearchStrategy[datetime]:
    """Aware instants in UTC, to the microsecond, of the years that every store keeps."""
    return st.datetimes(datetime(EARLIEST_YEAR, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def days() -> SearchStrategy[date]:
    """Days of the years that every store keeps."""
    return st.dates(date(EARLIEST_YEAR, 1, 1))


def _strings(column: Column) -> SearchStrategy[str]:
    form = column.text
    return texts(form.limit, multiline=form.multiline) if isinstance(form, Text) else documents()


_KINDS: Mapping[type, Callable[[Column], SearchStrategy[Any]]] = {
    str: _strings,
    int: lambda _: numbers(),
    bool: lambda _: st.booleans(),
    UUID: lambda _: st.uuids(),
    bytes: lambda _: st.binary(max_size=200),
    datetime: lambda _: instants(),
    date: lambda _: days(),
}


def column_values(column: Column) -> SearchStrategy[Any]:
    """Whatever a column may hold."""
    found = _KINDS[column.kind](column)
    return st.none() | found if column.nullable else found


def rows(table: Table[R], **given: SearchStrategy[Any]) -> SearchStrategy[R]:
    """Rows of any declared table, each valid by `table.check`.

    Args:
        table: The declaration.
        given: Narrower strategies for columns by name.
    """
    each = [given.get(column.name) or column_values(column) for column in table.columns]
    make: Callable[[Sequence[Value]], R] = table.row._make  # type: ignore[attr-defined]
    return st.tuples(*each).map(make)


def criteria(
    table: Table[Any], columns: Sequence[str], known: Sequence[Any] = ()
) -> SearchStrategy[Criteria]:
    """Criteria trees over some columns of a table.

    Args:
        table: The declaration.
        columns: What may be compared.
        known: Rows whose values are compared with more often than chance would.
    """
    leaves = st.sampled_from(list(columns)).flatmap(lambda name: _leaf(table, name, known))
    return st.recursive(
        leaves,
        lambda inner: (
            inner.map(Not)
            | st.lists(inner, max_size=4).map(lambda nodes: Every(*nodes))
            | st.lists(inner, max_size=4).map(lambda nodes: Some(*nodes))
        ),
        max_leaves=10,
    )


def _leaf(table: Table[Any], name: str, known: Sequence[Any]) -> SearchStrategy[Criteria]:
    column = table.columns[table.at[name]]
    met = [row[table.at[name]] for row in known if row[table.at[name]] is not None]
    pieces = [text[:size] for text in met if isinstance(text, str) for size in (1, 2)]
    value = _KINDS[column.kind](column)
    if met:
        value = st.sampled_from(met + pieces) | value
    ops = OPS if column.kind is str else OPS[:5]
    compared = st.builds(Compare, st.just(name), st.sampled_from(ops), value)
    return compared | st.just(Missing(name)) if column.nullable else compared


# ── values as rooms hold them ──


def money(currency: str | None = None, *, least: int = -LARGEST) -> SearchStrategy[Money]:
    """Money of one currency, or of any."""
    codes = st.sampled_from(["GBP", "EUR", "JPY", "KWD"]) if currency is None else st.just(currency)
    return st.builds(Money, st.integers(least, LARGEST), codes)


def emails() -> SearchStrategy[EmailAddress]:
    """Addresses at the domains that nobody owns."""
    local = st.text(string.ascii_letters + string.digits, min_size=1, max_size=20)
    domain = st.sampled_from(["example.com", "example.org", "shop.test"])
    return st.builds(lambda a, b: EmailAddress.parse(f"{a}@{b}"), local, domain)


def places() -> SearchStrategy[PostalAddress]:
    """Postal addresses."""
    return st.builds(
        PostalAddress,
        street=texts(200),
        street_2=texts(200),
        city=texts(100),
        region=texts(100),
        postal_code=texts(20),
        country=st.sampled_from(["GB", "FR", "DE", "JP"]),
    )


def parties() -> SearchStrategy[Party]:
    """Whom an order is for."""
    return st.builds(
        Party,
        name=texts(200),
        company=texts(200),
        email=st.none() | emails(),
        language=st.sampled_from(["en", "fr", "de-CH"]),
        billing=st.none() | places(),
        shipping=st.none() | places(),
    )


def attributes() -> SearchStrategy[Attributes]:
    """What a host may hang on an aggregate."""
    names = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
    values = st.none() | st.booleans() | numbers() | texts(TEXT_LIMIT, multiline=True)
    return st.dictionaries(names, values, max_size=5).map(Attributes)
