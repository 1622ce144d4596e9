"""The error tree: one root, three families by who must act.

* `RuleError`: the domain said no. Show it to the person, or change the request.
* `PortError`: an adapter failed. Trying again may help.
* `SetupError`: the shop is wired wrongly. A developer must act.

Each class lists its codes with a message template; a code is a stored name and
follows SemVer. Parameters are JSON-able and never hold personal data, so an
error may be logged as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

Param = str | int | bool | None | list[str]


class OrderCoreError(Exception):
    """The root of every error that ordercore raises.

    Attributes:
        code: The stable name of the reason, such as `order.not_found`.
        params: What the message is made of, JSON-able, without personal data.
    """

    codes: ClassVar[Mapping[str, str]] = {}

    def __init__(self, code: str, **params: Param) -> None:
        self.code = code
        self.params: dict[str, Param] = params
        super().__init__(self.codes[code].format(**_spoken(params)))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep code and params when the error crosses a process boundary."""
        return (_rebuild, (type(self), self.code, self.params))


def _spoken(params: Mapping[str, Param]) -> dict[str, Param]:
    """Return the parameters as a sentence says them: a list as its words, or `nothing`."""
    return {
        name: ", ".join(value) or "nothing" if isinstance(value, list) else value
        for name, value in params.items()
    }


def _rebuild(cls: type[OrderCoreError], code: str, params: dict[str, Param]) -> OrderCoreError:
    return cls(code, **params)


# ── the domain said no ────────────────────────────────────────────────────────


class RuleError(OrderCoreError):
    """The domain refused; repeating the same request gets the same answer."""


class InvalidValueError(RuleError, ValueError):
    """A value that no store could keep, or that means nothing."""

    codes: ClassVar[Mapping[str, str]] = {
        "text.type": "{field}: expected text, got {got}",
        "text.empty": "{field}: must not be empty",
        "text.too_long": "{field}: {length} characters, at most {limit} are kept",
        "text.control": "{field}: control character {char} at position {position}",
        "text.surrogate": "{field}: lone surrogate at position {position}",
        "value.type": "{field}: expected {expected}, got {got}",
        "number.type": "{field}: expected a whole number, got {got}",
        "number.range": "{field}: {reason}",
        "money.type": "money is whole minor units, got {got}",
        "money.range": "amount does not fit 64 bits",
        "money.currency": "{currency!r} is not an ISO 4217 code",
        "money.mixed": "cannot combine {left} with {right}",
        "money.precision": "{amount} has more decimal places than {currency} knows ({places})",
        "money.syntax": "{amount!r} is not an amount",
        "money.weights": "weights must be whole numbers >= 0 with a sum above 0",
        "id.syntax": "{field}: not a UUID",
        "email.syntax": "not an e-mail address that mail can be sent to: {reason}",
        "phone.syntax": "not an international telephone number (+ and 7 to 15 digits)",
        "address.country": "{country!r} is not an ISO 3166-1 alpha-2 code",
        "address.empty": "a postal address needs a street line, a city, a postal code or a country",
        "language.syntax": "{tag!r} is not a language tag such as en or fr-CA",
        "zone.unknown": "{zone!r} is not a time zone of the tz database",
        "time.naive": "{field}: a date-time needs a time zone",
        "time.type": "{field}: expected a {expected}, got {got}",
        "time.range": "{field}: the instant lies outside the years 1 to 9999 in UTC",
        "attributes.name": "{name!r} is not an attribute name (a-z, 0-9, _; at most 60)",
        "attributes.value": "{name}: expected text, whole number, truth value or none, got {got}",
        "attributes.too_many": "{count} attributes, at most {limit} are kept",
        "page.cursor": "not a cursor of this list",
        "page.limit": "a page holds 1 to {limit} rows, got {got}",
        "actor.syntax": "not an actor: {text!r}",
        "ref.empty": "an external reference needs a source and a reference",
        "criteria.column": "{table} has no column {column}",
        "criteria.value": "{column}: cannot be compared with {got}",
        "criteria.too_deep": "criteria nest deeper than {limit}",
        "criteria.too_many": "more than {limit} criteria at once",
        "criteria.op": "{op!r} is not a comparison; known: {known}",
        "command.argument": "{name}: arguments are values; {got} cannot be read twice",
        "order.no_lines": "an order needs at least one line",
        "order.quantity": "a quantity is a whole number of 1 or more, got {quantity}",
        "parcel.number": "a parcel needs a number",
        "schedule.weekday": "a weekday is 0 (Monday) to 6 (Sunday), got {weekday}",
        "schedule.no_weekday": "a weekly schedule needs at least one weekday",
        "schedule.every": "every {every} weeks is not a schedule",
        "lifespan.days": "a lifespan is 1 day or more and the notice shorter than it",
        "flow.invalid": "the flow has {count} faults: {faults}",
        "link.syntax": "{field}: not an http or https address",
        "header.name": "{name!r} is not a header that a message may set",
        "header.encoded_word": "{field}: a header value may not hold =?",
        "import.column": "the file has no column {column}",
        "import.file": "the file cannot be read: {reason}",
    }


class NotFoundError(RuleError, LookupError):
    """What was asked for does not exist, or not for this actor."""

    codes: ClassVar[Mapping[str, str]] = {
        "not_found": "there is no {kind} {id}",
        "catalog.not_found": "the catalogue has no {sku}",
    }


class ForbiddenError(RuleError):
    """The actor may not do this."""

    codes: ClassVar[Mapping[str, str]] = {
        "actor.may_not": "{actor} may not {verb}",
        "actor.not_owner": "{actor} does not own this {kind}",
        "actor.impersonating": "{verb} is forbidden while acting as a customer",
    }


class StaleVersionError(RuleError):
    """Somebody else changed it since the version the caller has seen."""

    codes: ClassVar[Mapping[str, str]] = {
        "version.stale": "{kind} is at version {actual}, not {expected}"
    }


class TakenError(RuleError):
    """A value that must be unique is in use."""

    codes: ClassVar[Mapping[str, str]] = {
        "email.taken": "another account has this e-mail address",
        "external_ref.taken": "{source} already has a {kind} with this reference",
        "unique.taken": "{constraint} already holds this value",
    }


class TransitionError(RuleError):
    """The flow has no such step from here, or a guard closed it."""

    codes: ClassVar[Mapping[str, str]] = {
        "order.no_transition": "{verb} leads to {to}, but not from {state}; allowed: {allowed}",
        "order.guarded": "{verb} from {state} to {to} is closed by {guard}; allowed: {allowed}",
        "order.flow_unknown": "the shop has no flow {flow} version {version}",
        "list.ended": "the shopping list has ended",
    }


class IdempotencyError(RuleError):
    """The idempotency key cannot be honoured."""

    codes: ClassVar[Mapping[str, str]] = {
        "idempotency.key_reused": "the key was used for {verb} with other arguments",
        "idempotency.result_gone": "{verb} was done, but its result is no longer kept",
    }


class ProofError(RuleError):
    """A single-use token does not open anything (never says why to a stranger)."""

    codes: ClassVar[Mapping[str, str]] = {"proof.invalid": "the link is unknown, used or expired"}


class MergeBlockedError(RuleError):
    """The accounts cannot be merged, or the merge cannot be undone, as things stand."""

    codes: ClassVar[Mapping[str, str]] = {
        "merge.blocked": "the merge is blocked: {blockers}",
        "merge.stale_plan": "the accounts changed since the plan was made",
        "merge.undo_blocked": "the merge cannot be undone: {blockers}",
    }


class TemplateError(RuleError):
    """A message could not be rendered."""

    codes: ClassVar[Mapping[str, str]] = {
        "template.unknown": "there is no message kind {kind}",
        "template.render": "{kind} in {language}: {reason}",
    }


# ── an adapter failed ─────────────────────────────────────────────────────────


class PortError(OrderCoreError):
    """Something outside the core failed; trying again may help."""

    codes: ClassVar[Mapping[str, str]] = {"port.failed": "{port} failed: {reason}"}


class ConflictError(PortError):
    """Two units met; the command was tried again until its patience ended."""

    codes: ClassVar[Mapping[str, str]] = {
        "store.conflict": "another transaction was faster: {reason}"
    }


class StaleError(ConflictError):
    """A row is no longer what the unit began with."""

    codes: ClassVar[Mapping[str, str]] = {"store.stale": "a row of {table} changed meanwhile"}


class DuplicateError(ConflictError):
    """A row would break a unique constraint.

    The parameter `constraint` is the declared name, the same on every engine.
    """

    codes: ClassVar[Mapping[str, str]] = {
        "store.duplicate": "{constraint} already holds this value"
    }


class StoreUnavailableError(PortError):
    """The database cannot be reached, or the connection broke before commit."""

    codes: ClassVar[Mapping[str, str]] = {
        "store.unavailable": "the store does not answer: {reason}"
    }


class CommitUnknownError(PortError):
    """The connection broke at commit: nobody knows whether it was kept.

    Repeat the command with the same idempotency key to find out.
    """

    codes: ClassVar[Mapping[str, str]] = {"store.commit_unknown": "the connection broke at commit"}


class DeliveryError(PortError):
    """A notifier could not hand a message over."""

    codes: ClassVar[Mapping[str, str]] = {
        "delivery.temporary": "not delivered, try later: {reason}",
        "delivery.permanent": "refused for good: {reason}",
    }


# ── the shop is wired wrongly ─────────────────────────────────────────────────


class SetupError(OrderCoreError):
    """The shop is wired wrongly; a developer must act."""

    codes: ClassVar[Mapping[str, str]] = {
        "setup.missing_extra": "{what} needs: pip install 'ordercore[{extra}]'",
        "setup.port": "Shop(... {port}=...): {reason}",
        "setup.wire_in_transaction": "no wire in a transaction: ask {port} before the first row",
        "setup.joined": "{what} owns its transactions: call it on the shop, not under using()",
        "setup.connection": "using() expects {expected}, got {got}",
        "setup.closed": "the unit is closed; iterate before you return",
        "setup.naming": "{reason}",
        "schema.missing": "the database has no ordercore tables; run migrate",
        "schema.older": "the database is at {found}, this release needs {needed}; run migrate",
        "schema.newer": "the database is at {found}, unknown to this release; update ordercore",
        "setup.usage": "{reason}",
    }


def families() -> Iterator[tuple[type[OrderCoreError], str, str]]:
    """Yield every (class, code, message template), parents first."""
    todo: list[type[OrderCoreError]] = [OrderCoreError]
    while todo:
        cls = todo.pop(0)
        for code, template in sorted(vars(cls).get("codes", {}).items()):
            yield cls, code, template
        todo.extend(sorted(cls.__subclasses__(), key=lambda sub: sub.__name__))
