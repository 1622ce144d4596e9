"""Language tags have one spelling and an order of fallback."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.language import fallbacks, language_tag

SPELT = st.from_regex(
    r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?", fullmatch=True
)
TAGS = SPELT.map(language_tag)


class TestTag:
    """One spelling of each tag."""

    @pytest.mark.parametrize(
        ("spelt", "tag"),
        [("EN", "en"), ("fr_ca", "fr-CA"), ("ZH-hANT-tw", "zh-Hant-TW"), ("es-419", "es-419")],
    )
    def test_examples(self, spelt: str, tag: str) -> None:
        """Case and separator become canonical."""
        assert language_tag(spelt) == tag

    @given(SPELT)
    def test_the_spelling_is_stable(self, spelt: str) -> None:
        """A canonical tag is its own, whatever case it came in."""
        tag = language_tag(spelt)
        assert language_tag(tag) == language_tag(spelt.swapcase()) == tag

    @pytest.mark.parametrize(
        "value",
        ["", "e", "english", "en-", "en-GB-oed", "x-pig", "*", "en\n", "ｅｎ", None, 5, b"en"],
    )
    def test_no_tag(self, value: object) -> None:
        """Names, wildcards, variants and non-text are refused."""
        with pytest.raises(InvalidValueError) as refused:
            language_tag(value)
        assert refused.value.code == "language.syntax"


class TestFallbacks:
    """From the most exact to the shop's own language."""

    def test_examples(self) -> None:
        """The customer's language goes before the shop's."""
        assert fallbacks("fr-CA", "en-GB") == ["fr-CA", "fr", "en-GB", "en"]
        assert fallbacks("zh-Hant-TW", "en") == ["zh-Hant-TW", "zh-Hant", "zh", "en"]
        assert fallbacks("en-GB", "en") == ["en-GB", "en"]

    @given(TAGS, TAGS)
    def test_from_the_tag_to_the_default(self, tag: str, default: str) -> None:
        """The tag is first, the default is among them, nothing twice, each a tag."""
        chain = fallbacks(tag, default)
        assert chain[0] == tag
        assert default in chain
        assert len(set(chain)) == len(chain)
        assert [language_tag(each) for each in chain] == chain
