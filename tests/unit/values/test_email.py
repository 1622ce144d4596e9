"""E-mail addresses: what is accepted, how it comes out, and when two are the same."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.email import LIMIT, EmailAddress, email_key

ATEXT = "abcXYZ019!#$%&'*+-/=?^_`{|}~"
LOCALS = st.lists(st.text(ATEXT, min_size=1, max_size=8), min_size=1, max_size=4).map(".".join)
LABELS = st.from_regex(r"[a-z0-9]([a-z0-9]{0,8}[a-z0-9])?", fullmatch=True)
DOMAINS = st.builds(
    lambda labels, tld: ".".join([*labels, tld]),
    st.lists(LABELS, min_size=1, max_size=3),
    st.sampled_from(["com", "example", "test", "local", "co.uk", "xn--p1ai"]),
)
PLAIN = st.builds("{}@{}".format, LOCALS, DOMAINS)
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
WILD = st.builds("{}@{}.{}".format, WORDS, WORDS, st.sampled_from(["de", "local", "рф"]))


def refused(value: object) -> bool:
    """Tell whether an address is refused with the code that says so."""
    try:
        EmailAddress.parse(value)
    except InvalidValueError as error:
        assert error.code == "email.syntax"  # noqa: PT017
        return True
    return False


class TestAccepted:
    """What ordinary mail systems accept."""

    @given(PLAIN)
    def test_dot_atoms_at_domain_names(self, address: str) -> None:
        """A dot-atom at a domain passes, the local part as its owner writes it."""
        local = address.rpartition("@")[0]
        assert EmailAddress.parse(address).text.casefold().startswith(local.casefold() + "@")

    @pytest.mark.parametrize(
        "address",
        ["anna@shop.test", "anna@mail.shop.example", "anna@example.com", "anna@intranet.local"],
    )
    def test_domains_for_trials_and_private_networks(self, address: str) -> None:
        """Tests, examples and office networks have customers, too."""
        assert EmailAddress.parse(address).text == address

    @pytest.mark.parametrize(
        ("address", "text"),
        [
            ("Anna.Smith@EXAMPLE.Com", "Anna.Smith@example.com"),
            ("anna@Firma.LOCAL", "anna@firma.local"),
            ("anna@xn--bcher-kva.example", "anna@bücher.example"),
            ("anna@BÜCHER.example", "anna@bücher.example"),
            ("anna@faß.example", "anna@faß.example"),
            ("Info@example.com", "info@example.com"),
            ("用户@例子.广告", "用户@例子.广告"),
            ("re\u0301ne@example.fr", "r\u00e9ne@example.fr"),
        ],
    )
    def test_the_one_spelling(self, address: str, text: str) -> None:
        """The domain comes out in lower case and letters, the local part composed."""
        assert EmailAddress.parse(address).text == text

    @given(st.one_of(PLAIN, WILD))
    def test_the_spelling_is_stable(self, address: str) -> None:
        """What was accepted is accepted again, unchanged, and fits its column."""
        assume(not refused(address))
        found = EmailAddress.parse(address)
        assert EmailAddress.parse(found.text) == found
        assert len(found.text.encode()) <= LIMIT


class TestRefused:
    """What mail cannot be sent to, or what is no address but a trick."""

    @given(st.text(st.characters(exclude_categories=()), max_size=40))
    def test_any_text_is_accepted_or_refused(self, text: str) -> None:
        """No text makes the parser fail otherwise; only text with an @ passes."""
        assert refused(text) or "@" in text

    @given(WILD)
    def test_any_letters_are_accepted_or_refused(self, text: str) -> None:
        """Scripts, marks and symbols on both sides end in a verdict."""
        assert refused(text) or EmailAddress.parse(text).text

    @pytest.mark.parametrize(
        "address",
        [
            "anna@localhost",
            "anna@test",
            "anna@mail.localhost",
            "anna@shop.invalid",
            "anna@shop.onion",
            "anna@1.168.192.in-addr.arpa",
            "Anna <anna@example.com>",
            "<anna@example.com>",
            "mailto:anna@example.com@example.com",
            " anna@example.com",
            "anna@example.com ",
            "anna@example.com\nBcc: eve@example.com",
            "anna@example.com,eve@example.com",
            "anna＠example.com",
            "anna@ex\u200bample.com",
            "anna\u202e@example.com",
            "anna\ud800@example.com",
            "a" * 65 + "@example.com",
            "anna@" + "a" * 64 + ".com",
            "a@" + "b." * 130 + "com",
        ],
    )
    def test_examples(self, address: str) -> None:
        """Dead domains, display names, lists, headers, space, look-alikes, excess."""
        assert refused(address)

    @pytest.mark.parametrize(
        "address",
        ["ａｎｎａ@example.com", "ﬁona@example.com", "a＠b@example.com", "a²@example.com"],
    )
    def test_letters_that_only_look_different(self, address: str) -> None:
        """A local part that NFKC would change is a slip of the keyboard, or a trap."""
        assert refused(address)

    @pytest.mark.parametrize("value", [None, 5, b"anna@example.com", ["anna@example.com"]])
    def test_no_text(self, value: object) -> None:
        """What is not text is no address."""
        assert refused(value)

    @pytest.mark.parametrize("text", ["", "anna", "anna@a\x00.com", "a@\ud800.com", "@" * 255])
    def test_what_no_store_keeps_is_no_address_either(self, text: str) -> None:
        """The class itself refuses what could not be stored, parsed or not."""
        with pytest.raises(InvalidValueError):
            EmailAddress(text)


class TestKey:
    """Two spellings of one mailbox have one key, two mailboxes have two."""

    def test_case_does_not_matter(self) -> None:
        """People write their address in any case."""
        keys = {EmailAddress.parse(a).key for a in ("Ada@Example.com", "ada@EXAMPLE.COM")}
        assert keys == {"ada@example.com"}

    def test_composition_and_punycode_do_not_matter(self) -> None:
        """One mailbox, two ways to encode it."""
        left, right = "Re\u0301ne@xn--bcher-kva.example", "r\u00e9ne@bücher.example"
        assert EmailAddress.parse(left).key == EmailAddress.parse(right).key

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("anna@strasse.example", "anna@straße.example"),
            ("groß@example.com", "gross@example.com"),
            ("mike@example.com", "mıke@example.com"),
            ("rene@example.com", "rené@example.com"),
            ("anna+shop@example.com", "anna@example.com"),
            ("a.nna@example.com", "anna@example.com"),
        ],
    )
    def test_letters_do_matter(self, left: str, right: str) -> None:
        """A look-alike is another person: equal keys would hand over the account."""
        assert EmailAddress.parse(left).key != EmailAddress.parse(right).key

    @given(st.one_of(PLAIN, WILD))
    def test_a_key_is_its_own_key_and_an_address(self, address: str) -> None:
        """A key fits its column, has itself as key and reaches the same mailbox."""
        assume(not refused(address))
        key = EmailAddress.parse(address).key
        assert email_key(key) == key
        assert len(key) <= LIMIT
        assert EmailAddress.parse(key).key == key
