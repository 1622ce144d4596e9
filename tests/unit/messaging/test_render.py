"""Rendering: the same facts in text and HTML, in each language, whatever people type (MS2)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError, TemplateError
from ordercore.messaging.account_letters import AccountCreatedLetter, EmailProofLetter
from ordercore.messaging.kinds import KINDS
from ordercore.messaging.letter import Letter
from ordercore.messaging.links import PROOF_TOKEN, fill_token, without_marker
from ordercore.messaging.order_letters import (
    NewOrderLetter,
    OrderCancelledLetter,
    OrderPlacedLetter,
    OrderShippedLetter,
    ReminderLetter,
)
from ordercore.messaging.render import addressed, render
from ordercore.values.money import Money
from tests.unit.messaging.letters_for_tests import HOSTILE, SHOP, Page, folded, hostile, shown

LANGUAGES = ("en", "fr")
EVERY_LETTER = [(kind, language) for kind in KINDS for language in LANGUAGES]
WHO = UUID("01890000-0000-7000-8000-000000000001")
OUR_TAGS = set("html head meta title style body div table tr td th a h1 h2 p br span".split())
UNWELCOME = dict.fromkeys(
    [*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F),
     *range(0x2066, 0x206A), *range(0xD800, 0xE000)], " ",
)  # fmt: skip


def seen(value: str) -> str:
    """Return what a reader should find of a value: line ends and the like are spaces."""
    return folded(without_marker(value.translate(UNWELCOME)))


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_both_parts_of_a_sample_say_every_fact(kind: str, language: str) -> None:
    """Whoever reads only the text, or only the HTML, misses nothing."""
    letter = KINDS[kind].sample()
    rendered = render(letter, language=language, shop=SHOP)
    page = Page(rendered.html)
    for fact in shown(letter, language):
        assert fact in rendered.text
        assert folded(fact) in folded(page.words) or fact in page.links
    assert rendered.language == language


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_a_sample_is_written_out_to_the_end(kind: str, language: str) -> None:
    """No template mark is left, and the text is wrapped for a narrow window."""
    rendered = render(KINDS[kind].sample(), language=language, shop=SHOP)
    for part in (rendered.subject, rendered.text, rendered.html):
        assert not [mark for mark in ("{{", "}}", "{%", "%}", "===", "None") if mark in part]
    assert max(len(line) for line in rendered.text.splitlines()) <= 78
    assert "\n\n\n" not in rendered.text
    assert f"\n\n-- \n{SHOP.name}\n{SHOP.base_url}\n" in rendered.text


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_the_languages_differ(kind: str, language: str) -> None:
    """No kind was left in the other language."""
    other = next(tag for tag in LANGUAGES if tag != language)
    mine, theirs = (render(KINDS[kind].sample(), language=x, shop=SHOP) for x in (language, other))
    assert mine.subject != theirs.subject
    assert mine.text.splitlines()[0] != theirs.text.splitlines()[0]


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
@settings(max_examples=25)
@given(data=st.data())
def test_what_people_type_never_becomes_markup(
    kind: str, language: str, data: st.DataObject
) -> None:
    """Any value is shown as it is, in both parts, and adds no tag, attribute or link."""
    letter = data.draw(hostile(KINDS[kind]))
    rendered = render(letter, language=language, shop=SHOP)
    page = Page(rendered.html)
    assert page.tags <= OUR_TAGS
    assert not [name for name in page.attributes if name.startswith("on")]
    given_links = {getattr(letter, field.name) for field in attrs.fields(type(letter))
                   if field.name.endswith(("url", "link"))}  # fmt: skip
    assert set(page.links) <= given_links | {SHOP.base_url}
    words, text = folded(page.words), folded(rendered.text)
    greeting = getattr(letter, "name", "") if KINDS[kind].audience == "customer" else ""
    for fact in shown(letter, language):
        if fact != greeting and fact not in given_links:
            assert seen(fact) in words
            assert seen(fact) in text


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
@settings(max_examples=25)
@given(data=st.data())
def test_what_people_type_never_adds_a_line_a_header_or_a_token(
    kind: str, language: str, data: st.DataObject
) -> None:
    """The subject is one line without an encoded word; only a proof letter takes a token."""
    letter = data.draw(hostile(KINDS[kind]))
    rendered = render(letter, language=language, shop=SHOP)
    assert len(rendered.subject.splitlines()) == 1
    assert "=?" not in rendered.subject
    tokens = 1 if kind == "email_proof" else 0
    assert rendered.text.count(PROOF_TOKEN) == rendered.html.count(PROOF_TOKEN) == tokens
    assert PROOF_TOKEN not in rendered.subject
    assert addressed(rendered, id=WHO, to="ada@example.org", shop=SHOP).subject == rendered.subject


@given(HOSTILE)
def test_a_long_or_wild_title_leaves_a_subject_that_fits(title: str) -> None:
    """A product title of any length still makes a subject that a header can hold."""
    letter = attrs.evolve(ReminderLetter.sample(), title=title * 40)
    rendered = render(letter, language="en", shop=SHOP)
    assert rendered.subject.startswith("Running out soon:")
    sent = addressed(rendered, id=WHO, to="ada@example.org", shop=SHOP)
    assert sent.subject == rendered.subject


@pytest.mark.parametrize(
    ("asked", "default", "expected"),
    [
        ("fr-CA", "en", "Bienvenue"),
        ("fr_be", "en", "Bienvenue"),
        ("de", "fr-CH", "Bienvenue"),
        ("de-AT", "it", "Welcome"),
        ("en-GB", "fr", "Welcome"),
        ("fra", "en", "Welcome"),
    ],
)
def test_the_language_falls_back(asked: str, default: str, expected: str) -> None:
    """From the region to the language, to the shop's own, to English (MS2)."""
    rendered = render(
        AccountCreatedLetter.sample(), language=asked, default_language=default, shop=SHOP
    )
    assert rendered.subject.startswith(expected)
    assert f'<html lang="{rendered.language}">' in rendered.html


@pytest.mark.parametrize(
    ("asked", "said"), [("fr-CA", "fr-CA"), ("de", "en"), ("en", "en"), ("fra", "en")]
)
def test_values_are_written_in_the_language_of_the_words(asked: str, said: str) -> None:
    """The region is kept for amounts and days, a language without words is not."""

    class Spy:
        def money(self, amount: Money, language: str) -> str:
            return f"[{language}]"

        def day(self, on: date, language: str) -> str:
            return f"[{language}]"

    rendered = render(ReminderLetter.sample(), language=asked, shop=SHOP, formats=Spy())
    assert f"[{said}]" in rendered.text
    assert rendered.language == said


def test_nonsense_is_not_a_language() -> None:
    """A tag that could name a path is refused."""
    with pytest.raises(InvalidValueError) as refused:
        render(ReminderLetter.sample(), language="../en", shop=SHOP)
    assert refused.value.code == "language.syntax"


@pytest.mark.parametrize("name", ["", "WIN £100 http://evil.example", "evil.example", "a@b", "x/y"])
def test_a_name_that_is_none_is_not_greeted(name: str) -> None:
    """Without a name, or with one that is an advertisement, the greeting stands alone."""
    for language, hello in (("en", "Hello,"), ("fr", "Bonjour,")):
        letter = AccountCreatedLetter(name=name, email="ada@example.org")
        rendered = render(letter, language=language, shop=SHOP)
        assert rendered.text.startswith(f"{hello}\n")
        assert hello in Page(rendered.html).words
        assert "evil" not in rendered.html


@pytest.mark.parametrize("name", ["J. R. R. Tolkien", "O’Brien", "Zoë & Co", "Đặng Thị", "李小龍"])
def test_a_name_that_people_have_is_greeted(name: str) -> None:
    """Dots, apostrophes and every script are names."""
    rendered = render(EmailProofLetter(name=name, link=f"https://x.example/{PROOF_TOKEN}"),
                      language="en", shop=SHOP)  # fmt: skip
    assert rendered.text.startswith(f"Hello {name},\n")


def test_the_merchant_sees_every_name() -> None:
    """What a customer calls himself is for the merchant to judge."""
    letter = attrs.evolve(NewOrderLetter.sample(), name="evil.example")
    assert "evil.example" in render(letter, language="en", shop=SHOP).text


def test_what_is_empty_leaves_no_trace() -> None:
    """Without reason, carrier, tracking, address or link there is no label for them."""
    cancelled = attrs.evolve(OrderCancelledLetter.sample(), reason="", order_url="")
    shipped = attrs.evolve(OrderShippedLetter.sample(), carrier="", tracking_url="")
    placed = attrs.evolve(OrderPlacedLetter.sample(), deliver_to=())
    for letter, label in ((cancelled, "reason"), (cancelled, "See the order"),
                          (shipped, "Carrier"), (shipped, "Follow"),
                          (placed, "Delivery address")):  # fmt: skip
        rendered = render(letter, language="en", shop=SHOP)
        assert label not in rendered.text
        assert label not in rendered.html


def test_a_kind_without_words_is_refused() -> None:
    """A letter that nobody wrote in any language names its kind."""

    @attrs.frozen
    class Unwritten(Letter):
        kind = "unwritten"

    with pytest.raises(TemplateError, match="unwritten") as refused:
        render(Unwritten(), language="fr", shop=SHOP)
    assert refused.value.code == "template.unknown"


def test_a_rendering_that_fails_says_where_and_nothing_personal() -> None:
    """The error names kind and language, and keeps the values to itself."""

    class Broken:
        def money(self, amount: Money, language: str) -> str:
            raise ValueError("Ada Lovelace")

        def day(self, on: date, language: str) -> str:
            raise ValueError("Ada Lovelace")

    with pytest.raises(TemplateError) as failed:
        render(ReminderLetter.sample(), language="fr", shop=SHOP, formats=Broken())
    assert failed.value.code == "template.render"
    assert failed.value.params == {"kind": "reminder", "language": "fr", "reason": "ValueError"}
    assert failed.value.__context__ is None


def test_a_token_is_put_into_every_part() -> None:
    """The deliverer fills text and HTML alike, quoted for a URL."""
    letter = EmailProofLetter(link=f"https://x.example/p?t={PROOF_TOKEN}&v=1")
    rendered = render(letter, language="en", shop=SHOP)
    assert "https://x.example/p?t=aB-_9&v=1\n" in fill_token(rendered.text, "aB-_9")
    page = Page(fill_token(rendered.html, "aB-_9"))
    assert "https://x.example/p?t=aB-_9&v=1" in page.links
    assert fill_token(PROOF_TOKEN, '"><b>&') == "%22%3E%3Cb%3E%26"


def test_an_addressed_letter_is_marked_as_automatic_and_says_where_answers_go() -> None:
    """Holiday notes stay away (RFC 3834), answers reach the shop."""
    rendered = render(ReminderLetter.sample(), language="en", shop=SHOP)
    outgoing = addressed(rendered, id=WHO, to="ada@example.org", shop=SHOP)
    assert outgoing.headers == (
        ("Auto-Submitted", "auto-generated"),
        ("Reply-To", "help@tea.example"),
    )
    assert (outgoing.sender_name, outgoing.sender_address) == (SHOP.name, "shop@tea.example")
    assert (outgoing.id, outgoing.recipient) == (WHO, "ada@example.org")
    without = attrs.evolve(SHOP, reply_to=None, sender_name="Tea")
    plain = addressed(rendered, id=WHO, to="ada@example.org", shop=without)
    assert plain.headers == (("Auto-Submitted", "auto-generated"),)
    assert plain.sender_name == "Tea"
