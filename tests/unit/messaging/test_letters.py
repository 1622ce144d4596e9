"""Letters: every kind described, exemplified, silent in logs, and cheap to import."""

from __future__ import annotations

import subprocess
import sys

import attrs
import pytest

from ordercore.errors import InvalidValueError, TemplateError
from ordercore.messaging.account_letters import EmailProofLetter
from ordercore.messaging.kinds import KINDS, letter_class
from ordercore.messaging.letter import Letter
from ordercore.messaging.links import PROOF_TOKEN
from ordercore.messaging.order_letters import OrderShippedLetter, ReminderLetter

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


def test_kinds_are_found_by_their_stored_name() -> None:
    """The registry and the classes agree on every name, and no letter is left out."""
    assert {kind: cls.kind for kind, cls in KINDS.items()} == {kind: kind for kind in KINDS}
    written = {cls for cls in _below(Letter) if "kind" in vars(cls)}
    assert written == set(KINDS.values())


def test_an_unknown_kind_is_refused() -> None:
    """A stored name that no release knew says so by its code."""
    with pytest.raises(TemplateError, match="no_such") as refused:
        letter_class("no_such")
    assert refused.value.code == "template.unknown"


@EVERY_KIND
def test_every_field_is_described_with_an_example(kind: type[Letter]) -> None:
    """An editor of templates is told of every field what it holds, and sees one."""
    for field in attrs.fields(kind):
        assert str(field.metadata["about"])[0].isupper(), field.name
        assert field.metadata["example"], field.name
    assert kind.audience in {"customer", "merchant"}
    assert kind.purpose in {"transactional", "service", "marketing"}


@EVERY_KIND
def test_a_letter_shows_nothing_personal_in_a_log(kind: type[Letter]) -> None:
    """`repr` is the kind alone."""
    assert repr(kind.sample()) == f"<letter {kind.kind}>"


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "ftp://x.example", "//x.example", "https://", "https:///path",
     "https://x.example/ y", 'https://x.example/"', "https://a:b@x.example/", "https://x\n.example",
     "data:text/html,x", " https://x.example", f"https://x.example/{PROOF_TOKEN}"],
)  # fmt: skip
def test_a_link_is_a_web_address_or_the_letter_is_refused(link: str) -> None:
    """Nothing that runs, signs in, breaks out of a tag or asks for a token becomes a link."""
    sample = ReminderLetter.sample()
    with pytest.raises(InvalidValueError) as refused:
        attrs.evolve(sample, buy_url=link)
    assert refused.value.params["field"] == "buy_url"


def test_an_optional_link_may_be_absent() -> None:
    """A parcel without tracking is an ordinary parcel."""
    assert attrs.evolve(OrderShippedLetter.sample(), tracking_url="").tracking_url == ""


@pytest.mark.parametrize(
    "link",
    ["https://x.example/", f"https://x.example/{PROOF_TOKEN}/{PROOF_TOKEN}", f"x:{PROOF_TOKEN}"],
)
def test_a_proof_link_holds_the_marker_exactly_once(link: str) -> None:
    """A proof letter that could not carry its token is refused before it is queued."""
    with pytest.raises(InvalidValueError) as refused:
        EmailProofLetter(link=link)
    assert refused.value.code == "link.syntax"


def test_letters_are_imported_without_the_template_engine() -> None:
    """Filling letters costs no import of jinja2; rendering one does, at the first call."""
    program = """
import sys
import ordercore.messaging.kinds, ordercore.messaging.render as render
assert "jinja2" not in sys.modules, "at import"
from ordercore.values.outgoing import ShopProfile
shop = ShopProfile(name="x", sender_address="a@b.example", base_url="https://b.example")
sample = ordercore.messaging.kinds.KINDS["reminder"].sample()
render.render(sample, language="en", shop=shop)
assert "jinja2" in sys.modules, "at first use"
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def _below(cls: type[Letter]) -> set[type[Letter]]:
    below = set(cls.__subclasses__())
    return below.union(*(_below(sub) for sub in below))
