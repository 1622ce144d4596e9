"""Which column of a file holds what: by the names that are known, or as `--map` says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import attrs

from ordercore.errors import InvalidValueError, SetupError


@attrs.frozen
class Field:
    """One thing that a line of a transaction file says.

    Attributes:
        name: What `--map` calls it, and its usual column.
        also: Other columns that are taken for it, in letters and digits only.
        needed: Whether a file without it is refused.
    """

    name: str
    also: tuple[str, ...] = ()
    needed: bool = True


FIELDS = (
    Field("invoice_no", ("invoice", "invoicenumber", "ordernumber", "orderid")),
    Field("stock_code", ("sku",)),
    Field("quantity", ("qty",)),
    Field("invoice_ts", ("invoicedate", "placedat")),
    Field("unit_price", ("price",)),
    Field("description", ("title",), needed=False),
    Field("customer_id", needed=False),
    Field("country", needed=False),
    Field("source_row", needed=False),
)


@attrs.frozen(kw_only=True)
class Columns:
    """Where each field stands in a record; None for one that the file has not."""

    width: int
    invoice_no: int
    stock_code: int
    quantity: int
    invoice_ts: int
    unit_price: int
    description: int | None
    customer_id: int | None
    country: int | None
    source_row: int | None


def read_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Return field to column from `FIELD=COLUMN`.

    Raises:
        SetupError: `setup.usage`.
    """
    known = {_plain(name): field.name for field in FIELDS for name in (field.name, *field.also)}
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        field = known.get(_plain(name))
        if not equals or field is None:
            names = ", ".join(each.name for each in FIELDS)
            raise SetupError(
                "setup.usage", reason=f"--map {pair[:60]}: expected FIELD=COLUMN; fields: {names}"
            )
        if field in mapping:
            raise SetupError("setup.usage", reason=f"--map names {field} twice")
        mapping[field] = column.strip()
    return mapping


def find_columns(header: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """Return where each field stands.

    Raises:
        InvalidValueError: `import.column`, or `import.file` for a column that stands twice.
    """
    places = {field.name: _place(header, field, mapping.get(field.name)) for field in FIELDS}
    return Columns(width=len(header), **places)  # type: ignore[arg-type]


def unused(header: Sequence[str], columns: Columns) -> list[str]:
    """Return the columns that nothing is read from."""
    used = set(attrs.astuple(columns)[1:])
    return [name for at, name in enumerate(header) if at not in used]


def _place(header: Sequence[str], field: Field, mapped: str | None) -> int | None:
    if mapped is not None:
        places = [at for at, name in enumerate(header) if name == mapped]
        if not places:
            raise InvalidValueError("import.column", column=mapped)
    else:
        places = _known_as(header, field)
    if len(places) > 1:
        twice = f"it has the column {header[places[0]][:60]} twice"
        raise InvalidValueError("import.file", reason=twice)
    if not places and field.needed:
        raise InvalidValueError("import.column", column=f"{field.name} (see --map)")
    return places[0] if places else None


def _known_as(header: Sequence[str], field: Field) -> list[int]:
    plain = [_plain(name) for name in header]
    for known in (_plain(field.name), *field.also):
        if known in plain:
            return [at for at, name in enumerate(plain) if name == known]
    return []


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
