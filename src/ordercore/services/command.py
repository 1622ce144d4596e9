"""`@command` and `@query`: what every verb has in common, said once.

A command is authorised, looked up by its idempotency key, run in a unit, written
down as one command row and committed; after a conflict the whole body runs again.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast, get_type_hints

import attrs

from ordercore.errors import ConflictError, ForbiddenError, IdempotencyError, InvalidValueError
from ordercore.services.unit import Unit
from ordercore.services.view import View
from ordercore.services.wiring import Wiring
from ordercore.stored.codec import pack, unpack
from ordercore.stored.commands import COMMANDS
from ordercore.values.actor import Actor, Role
from ordercore.values.attributes import NO_ATTRIBUTES
from ordercore.values.pages import Page
from ordercore.values.text import check_text

P = ParamSpec("P")
T = TypeVar("T")
D = TypeVar("D", bound="Desk")
Roles = frozenset[Role]

STAFF: Roles = frozenset({Role.SYSTEM, Role.STAFF})
"""The shop's own people and programs."""
ANYONE: Roles = frozenset(Role)
"""Customers too, for what is theirs: the desk checks whose it is."""
FORBIDDEN_AS_CUSTOMER = frozenset({"customer.confirm_email"})
"""What staff may not do while acting as a customer: proofs are the customer's own."""


class Desk:
    """A desk: what a host may ask of one room."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring


def command(
    verb: str, *, may: Roles = STAFF
) -> Callable[[Callable[Concatenate[D, Unit, P], T]], Callable[Concatenate[D, P], T]]:
    """Make a method of a desk a command, whose body is given a unit.

    Args:
        verb: The stored name, pinned.
        may: The roles that may ask for it.
    """

    def decorate(body: Callable[Concatenate[D, Unit, P], T]) -> Callable[Concatenate[D, P], T]:
        run = Run(verb, may, body)

        @wraps(body)
        def method(self: D, *args: P.args, **kwargs: P.kwargs) -> T:
            wiring = self._wiring
            return cast("T", shown_to(wiring.actor, run(self, wiring, args, kwargs)))

        method.__signature__ = _without_unit(body)  # type: ignore[attr-defined]
        method.__ordercore__ = ("command", verb, may)  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[D, P], T]", method)

    return decorate


def query(
    name: str, *, may: Roles = STAFF
) -> Callable[[Callable[Concatenate[D, View, P], T]], Callable[Concatenate[D, P], T]]:
    """Make a method of a desk a query, whose body is given a consistent view."""

    def decorate(body: Callable[Concatenate[D, View, P], T]) -> Callable[Concatenate[D, P], T]:
        @wraps(body)
        def method(self: D, *args: P.args, **kwargs: P.kwargs) -> T:
            wiring = self._wiring
            authorise(wiring.actor, name, may)
            with wiring.store.reading() as rows:
                found = body(self, View(wiring, rows), *args, **kwargs)
            return cast("T", shown_to(wiring.actor, found))

        method.__signature__ = _without_unit(body)  # type: ignore[attr-defined]
        method.__ordercore__ = ("query", name, may)  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[D, P], T]", method)

    return decorate


def authorise(actor: Actor, verb: str, may: Roles) -> None:
    """Refuse an actor whose role may not do this.

    Raises:
        ForbiddenError: `actor.may_not` or `actor.impersonating`.
    """
    if actor.role not in may:
        raise ForbiddenError("actor.may_not", actor=str(actor), verb=verb)
    if actor.role is Role.IMPERSONATOR and verb in FORBIDDEN_AS_CUSTOMER:
        raise ForbiddenError("actor.impersonating", verb=verb)


def shown_to(actor: Actor, result: Any) -> Any:
    """Return a result as the actor may see it: customers get no private attributes."""
    if actor.customer_id is None:
        return result
    if isinstance(result, Page):
        return Page([shown_to(actor, each) for each in result.items], result.next)
    if isinstance(result, list):
        return [shown_to(actor, each) for each in result]
    if hasattr(result, "private_attributes"):
        return attrs.evolve(result, private_attributes=NO_ATTRIBUTES)
    return result


class Run:
    """One verb's machinery: authorise, replay, attempt, retry."""

    def __init__(self, verb: str, may: Roles, body: Callable[..., Any]) -> None:
        self._verb = verb
        self._may = may
        self._body = body
        self._signature = inspect.signature(body)

    def __call__(
        self, desk: Desk | None, wiring: Wiring, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Carry the command out once and return its result."""
        authorise(wiring.actor, self._verb, self._may)
        _refuse_iterators(args, kwargs)
        key = kwargs.get("idempotency_key")
        fingerprint = None
        if key is not None:
            check_text(key, field="idempotency_key", limit=120, empty=False)
            fingerprint = self._fingerprint(args, kwargs)
        for attempt in range(wiring.store.retries + 1):
            if key is not None:
                replay = self._replay(wiring, key, fingerprint)
                if replay is not None:
                    return replay[0]
            try:
                return self._attempt(desk, wiring, args, kwargs, key, fingerprint)
            except ConflictError:
                if attempt == wiring.store.retries:
                    raise
                wiring.clock.sleep(_pause(attempt, wiring.ids.new().int))
        raise AssertionError  # the loop returns or raises

    def _attempt(
        self,
        desk: Desk | None,
        wiring: Wiring,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        key: str | None,
        fingerprint: str | None,
    ) -> Any:
        unit = Unit(wiring, self._verb)
        try:
            result = self._body(desk, unit, *args, **kwargs)
            stored = self._pack(result) if key is not None else None
            unit.keep(key=key, fingerprint=fingerprint, result=stored)
        except BaseException:
            unit.abandon()
            raise
        return result

    # ── idempotency ──

    def _fingerprint(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """Return the hash of the verb and its arguments, defaults filled in."""
        bound = self._signature.bind(None, None, *args, **kwargs)
        bound.apply_defaults()
        named = dict(list(bound.arguments.items())[2:])
        named.pop("idempotency_key", None)
        try:
            text = pack([self._verb, named])
        except (TypeError, ValueError) as error:
            raise InvalidValueError(
                "command.argument", name=self._verb, got=type(error).__name__
            ) from None
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def _replay(self, wiring: Wiring, key: str, fingerprint: str | None) -> tuple[Any] | None:
        with wiring.store.reading() as rows:
            found = rows.where(COMMANDS, {"actor": str(wiring.actor), "idempotency_key": key})
        if not found:
            return None
        (row,) = found
        if row.fingerprint != fingerprint:
            raise IdempotencyError("idempotency.key_reused", verb=row.verb)
        if row.result is None:
            raise IdempotencyError("idempotency.result_gone", verb=row.verb)
        return (self._unpack(row.result),)

    @cached_property
    def _returns(self) -> Any:
        """The type of the result; resolving the names costs more than packing does."""
        kind = get_type_hints(self._body).get("return")
        return type(None) if kind is None else kind

    def _pack(self, result: Any) -> str:
        return pack(result, self._returns)

    def _unpack(self, text: str) -> Any:
        kind = self._returns
        if kind is type(None):
            return None
        try:
            return unpack(text, kind)
        except Exception as error:  # whatever cattrs makes of an older shape
            raise IdempotencyError("idempotency.result_gone", verb=self._verb) from error


def _refuse_iterators(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Refuse what a second attempt would find empty."""
    for name, value in (*enumerate(args), *kwargs.items()):
        if isinstance(value, Iterator):
            raise InvalidValueError("command.argument", name=str(name), got=type(value).__name__)


def _pause(attempt: int, entropy: int) -> float:
    """Return the seconds to wait: doubling from 1 ms to 64 ms, with jitter."""
    return float((1 << min(attempt, 6)) * (0.5 + (entropy & 1023) / 1024) / 1000)


def _without_unit(body: Callable[..., Any]) -> inspect.Signature:
    found = inspect.signature(body)
    parameters = list(found.parameters.values())
    return found.replace(parameters=[parameters[0], *parameters[2:]])
