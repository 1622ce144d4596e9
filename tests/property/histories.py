"""Random histories: what a shop may be asked, sensible or not, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ordercore.customers.customer import AddressEntry
from ordercore.services.placing import Wanted
from ordercore.shopping_lists.lists import ListLine
from ordercore.shopping_lists.schedule import Weekly
from ordercore.values.attributes import ExternalRef
from ordercore.values.money import Money
from tests.property.player import Step
from tests.property.worlds import ELY, PARIS

Given = Mapping[str, SearchStrategy[Any]]


def _mostly(good: list[Any], bad: list[Any]) -> SearchStrategy[Any]:
    """Mostly something sensible, so that histories go on."""
    return st.sampled_from(good * (4 * len(bad) // len(good) + 1) + bad)


_ODD = "Ada ada ÁDA a\u0301da Straße STRASSE İ O'Hara % _ \U0001f600 \u202edrow =?x?=".split()
NAMES = _mostly(
    [*_ODD, "Bob ", "{{ name }}", "x" * 60], ["", "two\nlines", "nul\x00", "\ud800", "x" * 201]
)
EMAILS = _mostly(
    [None, "ada@example.org", "ADA@EXAMPLE.org", "byron@example.org", "é@example.org"]
    + [f"{name}@example.com" for name in "abcdefgh"],
    ["", "nowhere", "x@example.org,y@example.org"],
)
PHONES = _mostly([None, "+442079460000", "+33 1 99 00 00 00"], ["", "020 7946 0000"])
LANGUAGES = _mostly([None, "en", "fr", "fr-CA", "de"], ["x", "english please"])
ZONES = _mostly(["UTC", "Europe/Paris", "America/St_Johns"], ["Mars/Olympus"])
REFS = st.builds(ExternalRef, st.sampled_from(["erp", "erp", "pos"]), st.sampled_from("12"))
ATTRIBUTES = _mostly(
    [{}, {"tier": "gold"}, {"n": 2**53 + 1, "t": True}, {"text": "é\n\U0001f600", "none": None}],
    [{"Bad name": 1}, {"f": 0.5}, {"nul": "\x00"}],
)
BOOKS = st.lists(
    st.builds(
        AddressEntry,
        address=st.sampled_from([ELY, PARIS]),
        label=_mostly(["", "home"], ["x" * 61]),
        default_billing=st.booleans(),
        default_shipping=st.just(value=False),
    ),
    max_size=2,
)
PLACES = _mostly(list(range(8)), [-1])
"""Which of the things known; -1 is none of them."""
ACTORS = _mostly([None, None, -1], [0, 1])
STAFF = _mostly([None, -1], [0])
KEYS = _mostly([None, "k1", "k2", "k3", "k4"], ["", "x" * 121])
VERSIONS = _mostly([None, None, 1, 2], [3, 99])
LIMITS = _mostly([1, 2, 50, 500], [0, 501])
WANTED = st.lists(
    st.builds(
        Wanted,
        sku=_mostly(["tea", "pot"], ["nothing", "x" * 121]),
        quantity=_mostly([1, 2, 1_000_000], [0, -1]),
        title=st.none() | NAMES,
        unit=_mostly([None, None, Money(1, "GBP"), Money(0, "GBP")], [Money(250, "EUR")]),
    ),
    max_size=2,
)
CURRENCIES = _mostly(["GBP"], ["EUR", "gbp"])
AMOUNTS = st.builds(Money, _mostly([1750, 1750, 1, 2**62], [0, -5]), _mostly(["GBP"], ["EUR"]))
SCHEDULES = st.builds(
    Weekly,
    weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=3).map(tuple),
    every=st.integers(1, 2),
    at=st.sampled_from([time(0, 0), time(2, 30), time(9, 0), time(23, 59, 59)]),
    zone=st.sampled_from(["UTC", "Europe/Paris", "America/New_York"]),
    anchor_on=st.dates(date(2026, 2, 20), date(2026, 3, 20)),
)
LINES = st.lists(
    st.builds(ListLine, sku=_mostly(["tea", "pot"], ["nothing"]), quantity=_mostly([1, 3], [0])),
    max_size=2,
)

_PERSON: Given = {
    "name": NAMES,
    "company": NAMES,
    "email": EMAILS,
    "phone": PHONES,
    "language": LANGUAGES,
    "addresses": BOOKS,
    "external_ref": REFS,
    "public_attributes": ATTRIBUTES,
    "private_attributes": ATTRIBUTES,
}
_OFTEN: Given = {"idempotency_key": KEYS}
_EDIT: Given = {"expected_version": VERSIONS, **_OFTEN}


def _few(given: Given, count: int) -> SearchStrategy[dict[str, Any]]:
    """A few of the optional things."""
    if not given:
        return st.just({})
    return st.lists(st.sampled_from(sorted(given)), max_size=count, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: given[name] for name in names})
    )


def _step(
    verb: str, given: Given | None = None, optional: Given | None = None, **fixed: Any
) -> SearchStrategy[Step]:
    sure = st.fixed_dictionaries(dict(given or {}))
    return st.builds(
        lambda one, other: Step(verb, {**fixed, **one, **other}), sure, _few(optional or {}, 4)
    )


def _order(name: str, given: Given | None = None, optional: Given | None = None) -> Any:
    sure = {"actor": STAFF, "which": PLACES, **(given or {})}
    return _step("order_verb", sure, {**_EDIT, **(optional or {})}, _verb=name)


def _list(name: str, optional: Given | None = None) -> Any:
    sure = {"actor": ACTORS, "which": PLACES}
    return _step("list_verb", sure, {**_EDIT, **(optional or {})}, _verb=name)


_REASON: Given = {"reason": NAMES}
_HUNG: Given = {
    "external_ref": REFS,
    "public_attributes": ATTRIBUTES,
    "private_attributes": ATTRIBUTES,
}
STEPS: tuple[SearchStrategy[Step], ...] = (
    _step(
        "register", {"actor": ACTORS}, {**_PERSON, "guest": st.booleans(), "zone": ZONES, **_OFTEN}
    ),
    _step("edit_customer", {"actor": ACTORS, "who": PLACES}, {**_PERSON, "zone": ZONES, **_EDIT}),
    _step("request_proof", {"actor": ACTORS, "who": PLACES}, _OFTEN),
    _step("confirm", {"newest": st.booleans()}, _OFTEN),
    _step("find_customers", {"text": NAMES, "limit": LIMITS}),
    _step("look_at_customer", {"actor": ACTORS, "who": PLACES, "email": EMAILS.filter(bool)}),
    _step("customer_by_ref", {"ref": REFS}),
    _step("order_by_ref", {"ref": REFS}),
    _step("prove", {"who": PLACES}),
    _step("fulfil", {"which": PLACES}),
    _step("plan", {"who": PLACES, "other": PLACES}),
    _step("apply", {"which": PLACES}, {**_REASON, **_OFTEN}),
    _step("merge_now", {"who": PLACES, "other": PLACES}, {**_REASON, **_OFTEN}),
    _step("undo", {"which": PLACES}, _OFTEN),
    _step("look_at_merges", {"who": PLACES}),
    _step(
        "place",
        {"actor": ACTORS, "who": PLACES, "wanted": WANTED, "currency": CURRENCIES},
        {"ship_to": st.sampled_from([None, PARIS]), "channel": NAMES, **_HUNG, **_OFTEN},
    ),
    _order("pay", {"amount": AMOUNTS, "method": NAMES}, {"reference": NAMES}),
    _order("pay", {"amount": st.just(Money(1750, "GBP")), "method": st.just("card")}),
    _order("pack"),
    _order("ship", {"parcel_number": NAMES}, {"carrier": NAMES}),
    _order("deliver"),
    _order("cancel", optional=_REASON),
    _order("move", {"verb": st.sampled_from(["pay", "pack", "ship", "deliver", "fly"])}, _REASON),
    _order("edit", optional=_HUNG),
    _step("look_at_orders", {"actor": ACTORS, "which": PLACES, "who": PLACES, "limit": LIMITS}),
    _step(
        "take_over",
        {
            "refs": st.lists(st.sampled_from("123"), max_size=3),
            "customers": st.lists(st.sampled_from([None, "1", "2"]), min_size=1, max_size=2),
            "lines": st.integers(0, 2),
        },
    ),
    _step(
        "start_list",
        {"actor": ACTORS, "who": PLACES, "lines": LINES, "name": NAMES, "currency": CURRENCIES},
        {"schedule": SCHEDULES, **_HUNG, **_OFTEN},
    ),
    _list(
        "edit",
        {"name": NAMES, "lines": LINES, "schedule": SCHEDULES, "public_attributes": ATTRIBUTES},
    ),
    *(_list(name) for name in ("pause", "resume", "skip_next", "end")),
    _step("look_at_lists", {"actor": ACTORS, "which": PLACES, "who": PLACES, "limit": LIMITS}),
    _step(
        "declare",
        {
            "sku": st.sampled_from(["tea", "pot", "", "x" * 121]),
            "days": st.sampled_from([1, 3, 30, 0]),
            "notice_days": st.sampled_from([0, 1, 5]),
        },
        {"replacement_sku": st.sampled_from([None, "tin"]), **_OFTEN},
    ),
    _step("wait", {"by": st.sampled_from([timedelta(minutes=1), timedelta(hours=2)])}),
    _step("wait", {"by": st.sampled_from([timedelta(days=1), timedelta(days=9)])}),
    _step("sell", {"price": st.sampled_from([None, 250, 300])}),
    _step("deliver", {"faults": st.sampled_from([0, 0, 1, 3]), "permanent": st.booleans()}),
    _step("run_due", {"limit": st.sampled_from([1, 100])}),
    _step("look_at_all", {"after": st.integers(0, 9), "limit": LIMITS}),
)


STEP_NAMES = frozenset(
    "apply cancel confirm customer_by_ref declare deliver edit edit_customer end find_customers"
    " fulfil look_at_all look_at_customer look_at_lists look_at_merges look_at_orders merge_now"
    " order_by_ref pack pause pay place plan prove register request_proof resume run_due sell"
    " ship skip_next start_list take_over undo wait".split()
)
"""Steps that histories must take with success, or they tell too little."""


def histories(longest: int) -> SearchStrategy[list[Step]]:
    """Histories of up to so many steps."""
    return st.lists(st.one_of(STEPS), min_size=longest // 2, max_size=longest)
