"""The shipped helpers themselves: fakes, strategies, and the suite as a stranger runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore import Shop
from ordercore.errors import DeliveryError
from ordercore.ports.notifier import Notifier
from ordercore.ports.shop import Catalog, Directory, Offer
from ordercore.ports.world import Clock, Ids, Tokens
from ordercore.stored.codec import bag, pack, unbag, unpack
from ordercore.stored.parties import party_from, party_text
from ordercore.stored.schema import TABLES
from ordercore.testing import (
    FrozenClock,
    MemoryCatalog,
    RecordingNotifier,
    ScriptedCatalog,
    SequenceIds,
    SequenceTokens,
    StaticDirectory,
    strategies,
)
from ordercore.testing.contract.samples import sample
from ordercore.testing.contract.units import together
from ordercore.testing.fixtures import *  # noqa: F403
from ordercore.values.address import Party
from ordercore.values.attributes import Attributes
from ordercore.values.ids import order_number
from ordercore.values.money import Money
from ordercore.values.outgoing import Outgoing

PRICE = Money(250, "GBP")


def message(number: int) -> Outgoing:
    """Return a message that can be told from others."""
    return Outgoing(
        id=SequenceIds(number).new(),
        sender_name="Shop",
        sender_address="shop@shop.test",
        recipient="ada@example.org",
        subject=f"Number {number}",
        text="Hello",
        language="en",
    )


# ── the world ──


def test_a_frozen_clock_moves_when_told() -> None:
    """It stands still otherwise, whatever is slept, and is always aware and in UTC."""
    clock: Clock = (frozen := FrozenClock(datetime(2026, 5, 1, 12, tzinfo=UTC)))
    clock.sleep(3_600)
    assert clock.now() == clock.now() == datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert frozen.advance(timedelta(hours=1), minutes=30) == datetime(
        2026, 5, 1, 13, 30, tzinfo=UTC
    )
    assert frozen.move_to(datetime.fromisoformat("2026-01-01T00:00+02:00")).tzinfo is UTC
    assert clock.now() == datetime(2025, 12, 31, 22, tzinfo=UTC)


def test_ids_rise_and_repeat_by_seed() -> None:
    """A thousand UUIDv7 in ascending order, the same for the same seed and no other."""
    ids: Ids = SequenceIds("a")
    made = [ids.new() for _ in range(1_000)]
    assert made == sorted(set(made))
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    again, other = SequenceIds("a"), SequenceIds("b")
    assert made[:100] == [again.new() for _ in range(100)]
    assert not set(made) & {other.new() for _ in range(1_000)}


def test_order_numbers_from_ids_differ() -> None:
    """The low forty bits are spread: ten thousand ids make ten thousand order numbers."""
    ids = SequenceIds()
    assert len({order_number(ids.new().int) for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize("maker", [SequenceIds, SequenceTokens])
def test_threads_never_share_what_is_new(maker: Callable[[], Ids | Tokens]) -> None:
    """Eight threads that take two hundred each have sixteen hundred different ones."""
    source = maker()
    taken = together([lambda: [source.new() for _ in range(200)]] * 8)
    assert len({each for part in taken for each in part}) == 1_600


# ── ports that remember ──


def test_a_notifier_fails_as_often_as_told() -> None:
    """First the temporary faults, then the permanent one, then it accepts."""
    notifier: Notifier = (recording := RecordingNotifier())
    recording.fail(2)
    recording.fail(permanent=True)
    codes = []
    for number in range(3):
        with pytest.raises(DeliveryError) as failure:
            notifier.send(message(number))
        codes.append(failure.value.code)
    assert codes == ["delivery.temporary", "delivery.temporary", "delivery.permanent"]
    notifier.send(message(4))
    assert recording.sent == [message(4)]
    assert (notifier.channel, RecordingNotifier("sms").channel) == ("email", "sms")


def test_a_catalogue_sells_in_one_currency() -> None:
    """Unknown, removed and foreign products are left out; every question is remembered."""
    stock = MemoryCatalog({"tea": PRICE, "jam": Offer("jam", "Plum jam", PRICE)})
    catalog: Catalog = stock
    stock.put("pie", Money(300, "EUR"))
    found = catalog.offers(["tea", "jam", "pie", "nil"], currency="GBP", language="en")
    assert found == {"tea": Offer("tea", "tea", PRICE), "jam": Offer("jam", "Plum jam", PRICE)}
    stock.remove("tea")
    assert catalog.offers(["tea"], currency="GBP", language="en") == {}
    assert stock.asked == [("tea", "jam", "pie", "nil"), ("tea",)]


def test_a_script_is_followed_to_its_last_answer() -> None:
    """An answer may be an error; the last one is given for ever."""
    tea = {"tea": Offer("tea", "Tea", PRICE)}
    catalog: Catalog = ScriptedCatalog({}, TimeoutError(), tea)

    def ask() -> object:
        return catalog.offers(["tea"], currency="GBP", language="en")

    assert ask() == {}
    with pytest.raises(TimeoutError):
        ask()
    assert ask() == ask() == tea


def test_a_directory_knows_its_merchant() -> None:
    """Or nobody."""
    anna = Party(name="Anna")
    directory: Directory = StaticDirectory(anna)
    assert directory.merchant() is anna
    assert StaticDirectory().merchant() is None


def test_the_fixtures_make_a_shop(
    shop: Shop, notifier: RecordingNotifier, clock: FrozenClock
) -> None:
    """A host's test registers a customer and finds the welcome with the notifier."""
    shop.customers.register(name="Ada", email="ada@example.org")
    clock.advance(hours=1)
    shop.deliver()
    assert [sent.recipient for sent in notifier.sent] == ["ada@example.org"]


# ── strategies and samples ──


@given(data=st.data())
def test_rows_of_every_table_are_valid(data: st.DataObject) -> None:
    """What the strategy makes passes the check of its table, and so does every sample."""
    table = data.draw(st.sampled_from(TABLES))
    table.check(data.draw(strategies.rows(table)))
    first, second = (sample(table, number) for number in data.draw(_two_numbers()))
    assert table.key_of(first) < table.key_of(second)
    for columns in table.uniques.values():
        values = [tuple(row[table.at[name]] for name in columns) for row in (first, second)]
        assert None in values[0] or values[0] != values[1]


def _two_numbers() -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 10**7), min_size=2, max_size=2, unique=True).map(sorted)


@given(party=strategies.parties(), bagged=strategies.attributes(), money=strategies.money())
def test_values_of_the_core_are_stored_whole(
    party: Party, bagged: Attributes, money: Money
) -> None:
    """Parties, attributes and money that the strategies make come back from their stored form."""
    assert party_from(party_text(party)) == party
    assert unbag(bag(bagged)) == bagged
    assert unpack(pack(money), Money) == money


# ── the suite as a stranger runs it ──

STRANGER = """
import pytest
from ordercore.testing.contract import RowsContract
from ordercore_adapters.memory import MemoryStore
from ordercore_adapters.memory.rows import MemoryRows

class TestMine(RowsContract):
    @pytest.fixture
    def store(self, monkeypatch):
        monkeypatch.setattr(MemoryRows, "count", lambda self, table, equal: 4711)
        return MemoryStore()
"""


def test_a_stranger_sees_why_the_contract_fails(tmp_path: Path) -> None:
    """Asserts of the shipped suite explain themselves, without any set-up of the host's."""
    (tmp_path / "test_mine.py").write_text(STRANGER, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "count", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "assert 4711 == 3" in done.stdout, done.stdout + done.stderr
    assert "1 failed" in done.stdout


@pytest.mark.parametrize("missing", ["pytest", "hypothesis"])
def test_without_its_extra_the_line_to_install_is_named(missing: str) -> None:
    """Importing the helpers where pytest or hypothesis is absent says what to do."""
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from ordercore.errors import SetupError\n"
        "try:\n    import ordercore.testing\n"
        "except SetupError as error:\n    print(error.code, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "setup.missing_extra" in done.stdout
    assert "pip install 'ordercore[testing]'" in done.stdout
