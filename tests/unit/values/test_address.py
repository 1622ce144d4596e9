"""Postal addresses and parties: kept as written, or refused with a code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.address import Party, PostalAddress
from ordercore.values.email import EmailAddress
from ordercore.values.phone import PhoneNumber
from tests.shared_data import shared

LINE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
LINES = ("street", "street_2", "city", "region", "postal_code")
TOWNS = ("city", "town", "village", "hamlet", "municipality", "suburb", "county")


def code_of(**fields: Any) -> str:
    """Return the code with which an address of these fields is refused."""
    with pytest.raises(InvalidValueError) as refused:
        PostalAddress(**fields)
    return refused.value.code


def fields_of(components: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of an address from what a map calls its components."""
    street = components.get("road") or components.get("pedestrian") or ""
    return {
        "street": f"{street} {components.get('house_number', '')}".strip(),
        "street_2": components.get("building", ""),
        "city": next((components[town] for town in TOWNS if town in components), ""),
        "region": components.get("state", ""),
        "postal_code": components.get("postcode", ""),
        "country": components["country_code"].upper(),
    }


class TestPostalAddress:
    """Lines as on the envelope."""

    @given(st.fixed_dictionaries(dict.fromkeys(LINES, LINE)))
    def test_kept_as_written(self, fields: dict[str, str]) -> None:
        """No line is trimmed, folded or put elsewhere."""
        assert attrs.asdict(PostalAddress(**fields, country="FR")) == {**fields, "country": "FR"}

    @pytest.mark.data
    def test_published_addresses(self) -> None:
        """Addresses of every country pass unchanged, save two lists of postal codes."""
        lines = shared("data/validity/address_formatting.jsonl").read_text("utf-8").splitlines()
        refused = []
        for line in lines:
            fields = fields_of(json.loads(line)["components"])
            try:
                assert attrs.asdict(PostalAddress(**fields)) == fields
            except InvalidValueError as error:
                assert len(fields["postal_code"]) > 20
                refused.append(error.code)
        assert len(lines) > 250
        assert set(refused) <= {"text.too_long"}
        assert len(refused) <= 2

    @pytest.mark.parametrize(
        "fields", [{}, {"region": "Bavaria"}, {"street": " ", "city": "\u00a0"}]
    )
    def test_no_place(self, fields: dict[str, str]) -> None:
        """A region alone, or space alone, is nowhere."""
        assert code_of(**fields) == "address.empty"

    @pytest.mark.parametrize("country", ["de", "DEU", "D", "D1", "ÄÖ", "DE\n", " ", None, 5])
    def test_no_country(self, country: object) -> None:
        """A country is two capital letters; a name is not guessed at."""
        assert code_of(city="Köln", country=country) == "address.country"

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"street": "x" * 201}, "text.too_long"),
            ({"street_2": "a\nb"}, "text.control"),
            ({"city": "x" * 101}, "text.too_long"),
            ({"region": "\x00"}, "text.control"),
            ({"postal_code": "x" * 21}, "text.too_long"),
            ({"postal_code": 50667}, "text.type"),
            ({"city": "\ud800"}, "text.surrogate"),
        ],
    )
    def test_lines_that_no_store_keeps(self, fields: dict[str, Any], code: str) -> None:
        """Each line has its limit and no controls."""
        assert code_of(**{"city": "Köln", **fields}) == code

    def test_lines_of_a_label(self) -> None:
        """A label has no empty lines."""
        full = PostalAddress(
            street="1 High St", street_2="Flat 2", city="Leeds", postal_code="LS1 1AA", country="GB"
        )
        assert full.lines() == ["1 High St", "Flat 2", "LS1 1AA Leeds", "GB"]
        assert PostalAddress(city="Leeds").lines() == ["Leeds"]


class TestParty:
    """Who an order is for."""

    def test_nobody_in_particular(self) -> None:
        """A sale over the counter has a language and no more."""
        assert Party() == Party(language="en")

    def test_the_language_comes_out_canonical(self) -> None:
        """Templates are found by the one spelling of a tag."""
        assert Party(language="fr_ca").language == "fr-CA"
        with pytest.raises(InvalidValueError, match="not a language tag"):
            Party(language="français")

    @pytest.mark.parametrize(
        "fields",
        [
            {"email": "anna@example.com"},
            {"phone": "+442079460018"},
            {"billing": {"city": "Leeds"}},
            {"shipping": "Leeds"},
        ],
    )
    def test_parts_are_values_not_text(self, fields: dict[str, Any]) -> None:
        """Unchecked text takes no place of a checked value, and is not repeated."""
        with pytest.raises(InvalidValueError, match=r"expected \w+, got (str|dict)$") as refused:
            Party(**fields)
        assert refused.value.code == "value.type"

    def test_another_place_to_deliver_to(self) -> None:
        """The other fields stay; none given keeps the present place."""
        home, office = PostalAddress(city="Leeds"), PostalAddress(city="York")
        party = Party(
            name="Anna",
            email=EmailAddress("anna@example.com"),
            phone=PhoneNumber("+442079460018"),
            shipping=home,
        )
        assert party.with_shipping(office) == attrs.evolve(party, shipping=office)
        assert party.with_shipping(None) is party
