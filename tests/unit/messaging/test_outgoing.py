"""What may leave: one recipient, headers that stay headers, bodies that every store keeps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.outgoing import Outgoing, ShopProfile, check_one_address

GOOD = Outgoing(
    id=UUID(int=7),
    sender_name="The Tea Room",
    sender_address="shop@tea.example",
    recipient="ada@example.org",
    subject="Your order",
    text="Hello\n",
    html="<p>Hello</p>\n",
    language="en",
)
SHOP = ShopProfile(
    name="The Tea Room", sender_address="shop@tea.example", base_url="https://t.example"
)
BREAKING = ("a\r\nBcc: b@c.example", "a\nb", "a\x00b", "a\x85b", "=?UTF-8?Q?=0A?=Bcc: b@c.example")
TWO_OR_NONE = (
    "", "ada", "@example.org", "ada@", "a@b.example, c@d.example", "a@b.example;c@d.example",
    "Ada <a@b.example>", "<a@b.example>", '"a b"@c.example', "a@b@c.example", "a @b.example",
    "a@b.example\n", "a@b.example\u2028", "a@[127.0.0.1]", "(x)a@b.example", "=?x?=@b.example",
)  # fmt: skip


def refused(make: Callable[[], object]) -> InvalidValueError:
    """Return the refusal."""
    with pytest.raises(InvalidValueError) as error:
        make()
    return error.value


@pytest.mark.parametrize("field", ["subject", "sender_name"])
@pytest.mark.parametrize("value", BREAKING)
def test_a_header_value_that_could_break_out_is_refused(field: str, value: str) -> None:
    """Controls and encoded words never come near a mail library."""
    changes: dict[str, Any] = {field: value}
    error = refused(lambda: attrs.evolve(GOOD, **changes))
    assert error.code in {"text.control", "header.encoded_word"}
    assert "b@c" not in str(error)


@pytest.mark.parametrize("field", ["recipient", "sender_address"])
@pytest.mark.parametrize("value", TWO_OR_NONE)
def test_an_address_is_exactly_one_bare_address(field: str, value: str) -> None:
    """No list, no display name, no comment; and the error keeps the address to itself."""
    changes: dict[str, Any] = {field: value}
    error = refused(lambda: attrs.evolve(GOOD, **changes))
    assert not value or value not in str(error)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_an_accepted_address_cannot_be_read_as_two(text: str) -> None:
    """Whatever is accepted holds one @ and nothing that separates or quotes."""
    try:
        address = check_one_address(f"{text}@example.org", field="recipient")
    except InvalidValueError:
        return
    assert address.count("@") == 1
    assert not set(address) & set(' \t\r\n,;:<>()[]"\\')


@pytest.mark.parametrize(
    "name", ["Bcc", "To", "From", "Subject", "Content-Type", "X-Any", "reply-to"]
)
def test_only_named_headers_are_set(name: str) -> None:
    """What a carrier writes itself, and what nobody named, is not for a message to set."""
    error = refused(lambda: attrs.evolve(GOOD, headers=((name, "x@y.example"),)))
    assert error.code == "header.name"


@pytest.mark.parametrize("value", [*BREAKING, "a@b.example, c@d.example", "nobody"])
def test_answers_go_to_one_address(value: str) -> None:
    """Reply-To is checked as an address, and stands once."""
    refused(lambda: attrs.evolve(GOOD, headers=(("Reply-To", value),)))
    twice = (("Reply-To", "a@b.example"), ("Reply-To", "c@d.example"))
    assert refused(lambda: attrs.evolve(GOOD, headers=twice)).code == "header.name"


@pytest.mark.parametrize("field", ["text", "html"])
def test_a_body_is_lines_that_every_store_keeps(field: str) -> None:
    """A carriage return or a lone surrogate would come back changed: refused."""
    for body in ("a\r\nb", "a\x00", "\ud800"):
        changes: dict[str, Any] = {field: body}
        refused(partial(attrs.evolve, GOOD, **changes))


def test_nothing_personal_is_shown_in_a_log() -> None:
    """Addresses, subject and bodies are masked in `repr`."""
    shown = repr(attrs.evolve(GOOD, headers=(("Reply-To", "help@tea.example"),)))
    for secret in ("ada", "shop@", "help@", "Your order", "Hello"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "=?"), ("name", "a\nb"), ("sender_name", "a\nb"),
        ("sender_address", "a, b"), ("reply_to", "a@b.example, c@d.example"),
        ("base_url", "javascript:x"), ("base_url", ""),
    ],
)  # fmt: skip
def test_a_shop_profile_that_could_not_be_sent_is_refused(field: str, value: str) -> None:
    """The host hears of it when it wires the shop, not at the first message."""
    changes: dict[str, Any] = {field: value}
    refused(lambda: attrs.evolve(SHOP, **changes))
