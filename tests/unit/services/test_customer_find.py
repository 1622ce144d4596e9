"""Finding customers by what somebody types, page by page (CU2)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordercore import Shop
from ordercore.customers.customer import Customer, search_key
from ordercore.testing.strategies import texts
from ordercore_adapters.sqlalchemy import SqlAlchemyStore
from tests.unit.services.deeds import code, register
from tests.unit.services.world import a_world

NAMES = ("Ada", "ada", "Ada Lovelace", "Ádám", "Bo", "", "Zoë", "Ｚｏｅ")


def all_pages(shop: Shop, text: str, limit: int) -> list[Customer]:
    """Return what every page together holds, each page as full as it may be."""
    found: list[Customer] = []
    page = shop.customers.find(text, limit=limit)
    while page.next is not None:
        assert len(page.items) == limit
        found += page.items
        page = shop.customers.find(text, after=page.next, limit=limit)
    return [*found, *page.items]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(NAMES), max_size=9), st.integers(1, 4))
def test_pages_hold_everyone_once_in_order(names: list[str], limit: int) -> None:
    """CU2: by name without accents and case, then by age; no matter how long a page is."""
    shop = a_world().shop
    known = [shop.customers.register(name=name) for name in names]
    expected = sorted(known, key=lambda each: (search_key(each.name), each.id))
    assert all_pages(shop, "", limit) == expected
    adas = [each for each in expected if search_key(each.name).startswith("ada")]
    assert all_pages(shop, "ÀDA", limit) == adas


@pytest.fixture
def crowd(shop: Shop) -> Shop:
    """A shop whom a few know."""
    register = shop.customers.register
    register(name="Édith Piaf", email="sparrow@example.org")
    register(name="Groß & Söhne", email="info@gross.example")
    register(name="Ada Lovelace", email="ada@example.org", phone="+44 20 7946 0000")
    register(name="Ada", email="ada@example.org", guest=True)
    register(name="Ada Twin", email="twin@example.org", phone="+442079460001")
    return shop


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("edith", ["Édith Piaf"]),
        ("  EDITH   p", ["Édith Piaf"]),
        ("piaf", []),
        ("gross", ["Groß & Söhne"]),
        ("spar", ["Édith Piaf"]),
        ("SPARROW@example.org", ["Édith Piaf"]),
        ("ada", ["Ada", "Ada Lovelace", "Ada Twin"]),
        ("ada@", ["Ada", "Ada Lovelace"]),
        ("+44 20 7946 0000", ["Ada Lovelace"]),
        ("+44-20", ["Ada Lovelace", "Ada Twin"]),
        ("44 20", []),
        ("+33", []),
        ("%", []),
        ("ad_", []),
    ],
)
def test_by_the_beginning(crowd: Shop, text: str, names: list[str]) -> None:
    """CU2: of the name or the e-mail address, or an international number, however spaced."""
    assert [each.name for each in crowd.customers.find(text).items] == names


def test_a_merged_customer_is_not_found(crowd: Shop) -> None:
    """ME1: the survivor is, under its own name."""
    _, lovelace, twin = crowd.customers.find("ada").items
    crowd.merging.apply(crowd.merging.plan(lovelace.id, twin.id))
    assert [each.name for each in crowd.customers.find("ada").items] == ["Ada", "Ada Lovelace"]
    assert crowd.customers.find("twin@").items == []


@given(st.text(max_size=30) | texts(300) | st.just("\x00") | st.just("\ud800"))
def test_whatever_is_typed(text: str) -> None:
    """CU2: any text finds somebody, nobody, or everybody, and breaks nothing."""
    shop = a_world().shop
    ada = shop.customers.register(name="Ada")
    found = shop.customers.find(text).items
    assert found == ([ada] if "ada".startswith(search_key(text)) else [])


@pytest.mark.parametrize("text", ["\ud800", "Ada\ud800", "+44\udfff", "\x00", "a\x00"])
def test_text_that_no_database_takes(tmp_path: Path, text: str) -> None:
    """CU2, EM4: a database is not asked for what none of its columns can hold."""
    store = SqlAlchemyStore.from_url(f"sqlite:///{tmp_path / 'shop.db'}")
    shop = a_world(store=store).shop
    register(shop)
    assert shop.customers.find(text).items == []
    assert code(shop.orders.by_number, text) == "not_found"
    store.engine.dispose()


@pytest.mark.parametrize("limit", [0, -1, 501, True, "5"])
def test_a_page_has_its_size(shop: Shop, limit: int) -> None:
    """CU2: one row to five hundred."""
    assert code(shop.customers.find, limit=limit) == "page.limit"


@pytest.mark.parametrize("cursor", ["", "x", "W10", "bnVsbA", "WyJhIiwgImIiXQ", "WyJhIiwgMV0"])
def test_only_its_own_cursors(shop: Shop, cursor: str) -> None:
    """CU2: a made-up cursor is refused, whatever it holds."""
    assert code(shop.customers.find, after=cursor) in ("page.cursor", "id.syntax")
