"""Personal values print masked wherever they stand, and errors never repeat them."""

from __future__ import annotations

import json
import pickle
import traceback
from collections.abc import Callable

import attrs
import pytest

from ordercore.errors import InvalidValueError
from ordercore.values.address import Party, PostalAddress
from ordercore.values.attributes import Attributes
from ordercore.values.email import EmailAddress
from ordercore.values.phone import PhoneNumber
from ordercore.values.text import check_text

EMAIL = EmailAddress.parse("anna.secret@hidden.example")
PHONE = PhoneNumber.parse("+442079460018")
HOME = PostalAddress(
    street="1 Secret Street",
    street_2="Flat Hidden",
    city="Hiddenham",
    region="Secretshire",
    postal_code="SE1 7CR",
    country="GB",
)
PARTY = Party(
    name="Anna Secret", company="Hidden Ltd", email=EMAIL, phone=PHONE, billing=HOME, shipping=HOME
)
SECRETS = (
    "secret", "Secret", "hidden", "Hidden", "anna", "Anna", "794600", "SE1", "7CR",
)  # fmt: skip


@attrs.frozen
class Envelope:
    """A host's own class that holds personal values."""

    party: Party
    reply_to: list[EmailAddress]
    call: dict[str, PhoneNumber]
    private: Attributes


def betrayed(text: str) -> list[str]:
    """Return the secrets that a text gives away."""
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize(
    "value",
    [
        EMAIL,
        PHONE,
        HOME,
        PARTY,
        Attributes({"note": "Anna's secret"}),
        Envelope(PARTY, [EMAIL], {"home": PHONE}, Attributes({"note": "hidden"})),
    ],
    ids=lambda value: type(value).__name__,
)
def test_printing_masks(value: object) -> None:
    """repr, str, f-strings and containers show no personal value."""
    for printed in (repr(value), str(value), f"{value}", f"{value!r}", repr([value])):
        assert betrayed(printed) == []
        assert printed


def test_the_values_are_there_for_those_who_ask() -> None:
    """Masking is for print only: the text, a pickle and the fields are whole."""
    assert (EMAIL.text, PHONE.text) == ("anna.secret@hidden.example", "+442079460018")
    assert pickle.loads(pickle.dumps(PARTY)) == PARTY  # noqa: S301
    assert PARTY.name == "Anna Secret"


def test_two_mailboxes_can_be_told_apart_in_a_log() -> None:
    """The first letters stay, so that a log remains of use."""
    assert str(EMAIL) == "a…@h…"
    assert str(PHONE) == "+44…18"


REFUSALS: list[Callable[[], object]] = [
    lambda: EmailAddress.parse("anna secret@hidden.example"),
    lambda: EmailAddress.parse("Anna Secret <anna@hidden.example>"),
    lambda: EmailAddress.parse("anna.secret@hidden.invalid"),
    lambda: EmailAddress.parse("secret" * 50 + "@hidden.example"),
    lambda: EmailAddress("anna.secret"),
    lambda: EmailAddress("anna.secret@hidden.example\x00"),
    lambda: PhoneNumber.parse("0794600 call anna"),
    lambda: PhoneNumber("794600"),
    lambda: PostalAddress(street="1 Secret Street\nHiddenham"),
    lambda: PostalAddress(city="Hidden" * 90),
    lambda: PostalAddress(postal_code="SE1 7CR" * 9),
    lambda: attrs.evolve(PARTY, name="Anna Secret\x1b"),
    lambda: attrs.evolve(PARTY, email="anna.secret@hidden.example"),  # type: ignore[arg-type]
    lambda: attrs.evolve(PARTY, shipping="1 Secret Street"),  # type: ignore[arg-type]
    lambda: Attributes({"note": ["Anna Secret"]}),
    lambda: Attributes({"note": "Anna Secret\x00"}),
    lambda: check_text("Anna Secret\ud800", field="note", limit=60),
]


@pytest.mark.parametrize("call", REFUSALS)
def test_errors_do_not_repeat_what_they_refuse(call: Callable[[], object]) -> None:
    """Message, repr, parameters and chained causes are fit for a log."""
    with pytest.raises(InvalidValueError) as refused:
        call()
    error = refused.value
    said = [str(error), repr(error), json.dumps(error.params)]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        said += traceback.format_exception_only(cause)
    assert [betrayed(text) for text in said] == [[] for _ in said]
