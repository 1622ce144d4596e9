"""Every naughty string, in every field: it comes back equal, or every store refuses it alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from ordercore.errors import OrderCoreError, RuleError
from ordercore.messaging.render import Rendered, addressed
from ordercore.services.defaults import PROFILE
from ordercore.stored.outbox import ERRANDS
from ordercore.values.attributes import ExternalRef
from tests.property.fixtures import Opened
from tests.property.grounds import LONG, Ground
from tests.property.text_fields import CODES, FIELDS, STRICT, WIDE, Form
from tests.property.worlds import World, world_on
from tests.shared_data import shared

OURS = [
    *("nul \x00", "\ud800 half", "half \udfff", "\U0010ffff", "\ue000", "\ufffe", "\x7f", "\x85"),
    *("é", "e\u0301", "ß", "ẞ", "ss", "SS", "ı", "i", "İ", "I", "ﬁ", "fi", "Å", "\u212b"),
    *("trailing ", "trailing", " leading", "CaSe", "case", "=?UTF-8?Q?=0A?=Bcc: x", "\r\nBcc: x"),
    *("'; DROP TABLE oc_order; --", "%s %(a)s ? :a $1", "\\", "\\'", "{{ 7*7 }}", "{% raw %}"),
    *("x" * 61, "x" * 121, "x" * 201, "x" * 501, "é" * 200, "\U0001f600" * 200, "\u202egro.live"),
    *("proof-token-goes-here", "</td><script>", "&amp;", "token=", "\u2028", "a\tb", "\ufeff"),
]  # fmt: skip
"""What the published list lacks: half characters, look-alikes, and what is just too long."""

A_DAY = 15
"""How many texts are tried before the shop is looked over and begun anew."""
Verdict = tuple[str, str, str] | None
"""None where the text is kept, else the error's class, code and parameters."""


Verdicts = Mapping[tuple[str, str, str], Verdict]
"""By form, field and text."""


def texts() -> list[str]:
    """Return the published strings and ours, each once."""
    listed = json.loads(shared("data/validity/blns.json").read_text("utf-8"))
    return list(dict.fromkeys([*listed, *OURS]))


def attempt(world: World, form: Form, given: Mapping[str, str]) -> Verdict:
    """Fill in a form and compare what the store gives back; return why it was refused."""
    try:
        found = form(world, given)
    except RuleError as error:
        refuse_echo(error, given)
        return type(error).__name__, error.code, repr(error.params)
    for field, text in given.items():
        if field not in STRICT:
            assert found[field] == text, f"{form.__name__}.{field}"
    return None


def refuse_echo(error: OrderCoreError, given: Mapping[str, str]) -> None:
    """Refuse an error that says a person's text back, in any of its forms."""
    said = f"{error} {error!r} {error.params}"
    for field, text in given.items():
        if field not in CODES and len(text) > 6:
            assert text not in said.replace(error.codes[error.code], ""), (field, error.code)


def judged(world: World, form: Form, text: str) -> Iterator[tuple[str, Verdict]]:
    """Yield each field of a form with its verdict on one text.

    Fields that take any text are tried all at once, then one by one if need be.
    """
    free = [field for field in FIELDS[form] if field not in STRICT]
    if attempt(world, form, dict.fromkeys(free, text)) is None:
        yield from ((field, None) for field in free)
    else:
        yield from ((field, attempt(world, form, {field: text})) for field in free)
    for field in FIELDS[form]:
        if field in STRICT:
            yield field, attempt(world, form, {field: text})


def told(ground: Ground) -> Verdicts:
    """Put every text into every field.

    On databases, when time is short, some forms take turns, and so do texts that are
    plain ASCII.
    """
    everything = LONG or ground.name == "memory"
    found: dict[tuple[str, str, str], Verdict] = {}
    numbered = [
        (at, text)
        for at, text in enumerate(texts())
        if everything or at % 4 == 0 or not (text.isascii() and text.isprintable())
    ]
    for start in range(0, len(numbered), A_DAY):
        ground.empty()
        world = world_on(ground.standing())
        for at, text in numbered[start : start + A_DAY]:
            for turn, form in enumerate(FIELDS):
                if everything or form in WIDE or (at + turn) % 5 == 0:
                    for field, verdict in judged(world, form, text):
                        found[form.__name__, field, text] = verdict
        close(world)
    return found


def close(world: World) -> None:
    """At the end of a day all is sound, and every letter can be carried."""
    assert world.shop.verify() == []
    with world.shop.store.reading() as rows:
        letters = list(rows.stream(ERRANDS))
    assert letters
    for row in letters:
        words = Rendered(
            subject=row.subject, text=row.text, html=row.html or "", language=row.language
        )
        addressed(words, id=row.id, to=row.recipient, shop=PROFILE)
    assert world.shop.deliver(limit=5).sent == 5


@pytest.fixture(scope="module")
def in_memory(opened: Opened) -> Verdicts:
    """What the memory store says, which others are compared with."""
    return told(opened.empty("memory"))


def test_a_text_is_kept_as_it_is_or_refused_alike(ground: Ground, in_memory: Verdicts) -> None:
    """EM4, CU1: no store changes, cuts or folds a text, and what one refuses all refuse alike.

    Every letter can be rendered and carried, and no error says a person's text back.
    """
    here = in_memory if ground.name == "memory" else told(ground)
    assert {key: verdict for key, verdict in here.items() if verdict != in_memory[key]} == {}


def test_a_refusal_leaves_nothing_behind(ground: Ground, in_memory: Verdicts) -> None:
    """After each kind of refusal the state is what the last commit before it left."""
    refused: dict[tuple[str, str, str], str] = {}
    for (form, field, text), verdict in in_memory.items():
        if verdict is not None:
            refused.setdefault((form, field, verdict[1]), text)
    assert len(refused) > len(FIELDS)
    by_name = {form.__name__: form for form in FIELDS}
    for (name, field, code), text in refused.items():
        ground.empty()
        world = world_on(ground.standing())
        world.shop.events()  # makes the counter of the feed, which is no command's
        kept = [world.shop.snapshot()]

        def note(point: str, world: World = world, kept: list[str] = kept) -> None:
            if point == "after commit":
                kept.append(world.shop.snapshot())

        world.shop.store.fault_hook = note
        verdict = attempt(world, by_name[name], {field: text})
        world.shop.store.fault_hook = None
        assert verdict is not None
        assert verdict[1] == code
        assert world.shop.snapshot() == kept[-1], (name, field, code)


def test_texts_that_look_alike_are_not_the_same(ground: Ground) -> None:
    """References that differ by case, accent, trailing space or composition stay apart."""
    alike = ["Å", "\u212b", "A\u030a", "å", "A", "a", "a ", " a", "\u0430", "ａ"]
    shop = world_on(ground.open()).shop
    made = {ref: shop.customers.register(external_ref=ExternalRef("erp", ref)) for ref in alike}
    assert {ref: shop.customers.by_ref(ExternalRef("erp", ref)).id for ref in alike} == {
        ref: customer.id for ref, customer in made.items()
    }
