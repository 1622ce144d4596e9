"""Letters filled with whatever people type, and what a reader sees of a rendered one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser

import attrs
from hypothesis import strategies as st

from ordercore.messaging.formats import PLAIN
from ordercore.messaging.letter import Letter, LetterLine
from ordercore.messaging.links import PROOF_TOKEN, is_link, is_proof_link
from ordercore.values.money import Money
from ordercore.values.outgoing import ShopProfile

SHOP = ShopProfile(
    name="The Tea Room & Sons",
    sender_address="shop@tea.example",
    base_url="https://tea.example/?from=mail&by=shop",
    reply_to="help@tea.example",
)

_TRICKS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td></table>", "&amp;", "&lt;",
    "\"'`", "' onclick='x", "{{ 7*7 }}", "{{", "}}", "{% raw %}", "{# x #}", "=== html\n",
    "\r\nBcc: mallory@evil.example\r\n", "\n\n", "=?utf-8?q?=0ABcc:_x?=", "=?", "=\x00?",
    PROOF_TOKEN, "\x00", "\x1b", "\u202e", "\u2028", "\ud800", "é", "😀", " ", "%s", "{0}",
)  # fmt: skip
HOSTILE = st.lists(st.sampled_from(_TRICKS) | st.text(max_size=8), max_size=6).map("".join)
_LINKS = st.sampled_from(
    ["https://shop.example/", "http://localhost:8000/o?a=1&b=%3Cx%3E&c='", "https://é.example/ü"]
)
_MONEY = st.builds(
    Money, st.integers(-(10**12), 10**12), st.sampled_from(["GBP", "EUR", "JPY", "BHD", "CHF"])
)
_LINES = st.builds(
    LetterLine, title=HOSTILE, quantity=st.integers(1, 999), amount=_MONEY, sku=HOSTILE
)


def hostile(kind: type[Letter]) -> st.SearchStrategy[Letter]:
    """Letters of a kind in which every text is what an attacker would type."""
    return st.builds(kind, **{field.name: _values(field) for field in attrs.fields(kind)})


def _values(field: attrs.Attribute[object]) -> st.SearchStrategy[object]:
    example = field.metadata["example"]
    if field.validator is is_proof_link:
        return _LINKS.map(lambda link: f"{link}#{PROOF_TOKEN}")
    if field.validator is is_link:
        return _LINKS if field.default is attrs.NOTHING else _LINKS | st.just("")
    if field.name == "lines":
        return st.lists(_LINES, max_size=3).map(tuple)
    by_type: dict[type, st.SearchStrategy[object]] = {
        str: HOSTILE,
        int: st.integers(1, 10**6),
        date: st.dates(),
        Money: _MONEY,
        tuple: st.lists(HOSTILE, max_size=3).map(tuple),
    }
    return by_type[type(example)]


def shown(letter: Letter, language: str) -> Iterable[str]:
    """Yield what a letter says, value by value, as its reader should find it."""
    for field in attrs.fields(type(letter)):
        value = getattr(letter, field.name)
        yield from _spelled(value, language)


def _spelled(value: object, language: str) -> Iterable[str]:
    match value:
        case Money():
            yield PLAIN.money(value, language)
        case date():
            yield PLAIN.day(value, language)
        case LetterLine():
            yield f"{value.quantity} × {value.title}"
            yield value.sku
            yield PLAIN.money(value.amount, language)
        case tuple():
            for item in value:
                yield from _spelled(item, language)
        case None:
            return
        case _:
            yield str(value)


def folded(text: str) -> str:
    """Return text with every run of white space as one space: what the eye compares."""
    return " ".join(text.split())


class Page(HTMLParser):
    """What a mail program makes of HTML: its words, its links, its tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self._unseen = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        self._unseen += tag in {"style", "title"}
        if tag in {"br", "td", "p", "tr"}:
            self.words += " "

    def handle_endtag(self, tag: str) -> None:
        """Note where hidden words end."""
        self._unseen -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        """Note words that are seen."""
        if not self._unseen:
            self.words += data
