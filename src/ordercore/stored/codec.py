"""JSON text for what has no columns of its own: equal on every store, byte for byte."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from ordercore.values.attributes import NO_ATTRIBUTES, Attributes, ExternalRef

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> str:
    """Return the one JSON text of a value made of JSON's own types."""
    return _ENCODER.encode(value)


def pack(value: object, kind: Any = None) -> str:
    """Return the canonical JSON of any value the core deals in.

    Args:
        value: Made of frozen classes, ids, instants, money, tuples and mappings.
        kind: The declared type, where it says more than the value's own.
    """
    return canonical(converter().unstructure(value, type(value) if kind is None else kind))


def unpack(text: str, kind: type[T]) -> T:
    """Return the value whose `pack` is `text`."""
    return converter().structure(json.loads(text), kind)


@lru_cache(maxsize=1)
def converter() -> Converter:
    """Return the one converter; cattrs is imported here, at its first use."""
    from cattrs import Converter

    made = Converter()
    for kind in (datetime, date, time):
        made.register_unstructure_hook(kind, lambda value: value.isoformat())
        made.register_structure_hook(kind, lambda text, to: to.fromisoformat(text))
    made.register_unstructure_hook(UUID, str)
    made.register_structure_hook(UUID, lambda text, _: UUID(text))
    made.register_unstructure_hook(Attributes, dict)
    made.register_structure_hook(Attributes, lambda values, _: Attributes(values))
    return made


def bag(attributes: Attributes) -> str:
    """Return host-defined attributes as stored."""
    return canonical(dict(attributes)) if attributes else "{}"


def unbag(text: str) -> Attributes:
    """Return host-defined attributes as they were."""
    return NO_ATTRIBUTES if text == "{}" else Attributes(json.loads(text))


def ref_from(source: str | None, ref: str | None) -> ExternalRef | None:
    """Return the external reference of a row, if it has one."""
    return ExternalRef(source, ref) if source and ref else None
