"""Reminders before a product runs out: planned once, sent once or silenced (LC1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.lifecycle.events import ReminderDecided, ReminderPlanned
from ordercore.lifecycle.reminder import (
    MOST_DAYS,
    SENT,
    SILENCED,
    WAITING,
    Lifespan,
    Purchase,
    Reminder,
    decide_reminder,
    plan_reminder,
)
from ordercore.testing.strategies import instants
from ordercore.values.attributes import ExternalRef
from ordercore.values.ids import CustomerId, OrderId, ReminderId

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FILTER = Lifespan(sku="filter", days=60, notice_days=7, replacement_sku="filter-2")
MOMENT = timedelta.resolution

LIFESPANS = st.integers(1, MOST_DAYS).flatmap(
    lambda days: st.builds(
        Lifespan, sku=st.just("tea"), days=st.just(days), notice_days=st.integers(0, days - 1)
    )
)
PURCHASES = st.builds(
    Purchase,
    sku=st.just("tea"),
    title=st.just("Tea"),
    quantity=st.integers(1, 1_000_000),
    at=instants().filter(lambda at: at.year < 9980),
)


def planned(lifespan: Lifespan, purchase: Purchase) -> Reminder:
    """Return the reminder of a purchase."""
    reminder, event = plan_reminder(
        lifespan,
        purchase,
        reminder_id=ReminderId(UUID(int=1)),
        customer_id=CustomerId(UUID(int=2)),
        order_id=OrderId(UUID(int=3)),
    )
    assert event == ReminderPlanned(
        reminder_id=reminder.id, customer_id=reminder.customer_id, sku=purchase.sku
    )
    return reminder


def bought(sku: str = "filter", quantity: int = 1, at: datetime = AT) -> Purchase:
    """Return a purchase."""
    return Purchase(sku=sku, title=sku.title(), quantity=quantity, at=at)


class TestPlan:
    """When to write follows from what was bought and when it arrived."""

    def test_an_example(self) -> None:
        """LC1: a filter lasts 60 days; a week before the end the customer hears of the next."""
        reminder = planned(FILTER, bought())
        assert reminder.runs_out_at == AT + timedelta(days=60)
        assert reminder.remind_at == AT + timedelta(days=53)
        assert (reminder.sku, reminder.buy_sku, reminder.title) == ("filter", "filter-2", "Filter")
        assert (reminder.status, reminder.due_at) == (WAITING, reminder.remind_at)

    def test_two_last_twice_as_long(self) -> None:
        """LC1: the quantity counts, the notice stays."""
        reminder = planned(FILTER, bought(quantity=2))
        assert reminder.runs_out_at - reminder.remind_at == timedelta(days=7)
        assert reminder.runs_out_at == AT + timedelta(days=120)

    def test_the_same_again_without_a_replacement(self) -> None:
        """LC1: what replaces it is itself, where nothing else is declared."""
        assert planned(Lifespan(sku="tea", days=30, notice_days=0), bought("tea")).buy_sku == "tea"

    @given(LIFESPANS, PURCHASES)
    def test_never_far_off_and_never_too_soon(self, lifespan: Lifespan, purchase: Purchase) -> None:
        """LC1: at most ten years ahead however much was bought, and always after the purchase."""
        reminder = planned(lifespan, purchase)
        whole = lifespan.days * purchase.quantity
        assert reminder.runs_out_at - purchase.at == timedelta(days=min(whole, 3650))
        assert purchase.at < reminder.remind_at <= reminder.runs_out_at
        assert reminder.runs_out_at - reminder.remind_at == timedelta(days=lifespan.notice_days)


class TestDecide:
    """One word to the customer, unless there is no need."""

    def test_sent_when_it_is_time(self) -> None:
        """LC1: a moment before, nothing; then once."""
        waiting = planned(FILTER, bought())
        assert decide_reminder(waiting, [], now=waiting.remind_at - MOMENT) == (waiting, None)
        sent, event = decide_reminder(waiting, [], now=waiting.remind_at)
        assert (sent.status, sent.reason, sent.due_at) == (SENT, "", None)
        assert event == ReminderDecided(reminder_id=waiting.id, status=SENT, reason="")

    @pytest.mark.parametrize("sku", ["filter", "filter-2"])
    def test_silenced_when_bought_again(self, sku: str) -> None:
        """LC1: whoever bought the same or its replacement needs no advice."""
        waiting = planned(FILTER, bought())
        later = [bought("pot"), bought(sku)]
        silenced, event = decide_reminder(waiting, later, now=waiting.remind_at)
        assert (silenced.status, silenced.reason) == (SILENCED, "bought_again")
        assert event == ReminderDecided(
            reminder_id=waiting.id, status=SILENCED, reason="bought_again"
        )

    def test_silenced_without_an_address(self) -> None:
        """LC1: nothing is called sent that went nowhere; bought again is the better reason."""
        waiting = planned(FILTER, bought())
        now = waiting.remind_at
        unreached, _ = decide_reminder(waiting, [], now=now, reachable=False)
        assert (unreached.status, unreached.reason) == (SILENCED, "no_address")
        both, _ = decide_reminder(waiting, [bought()], now=now, reachable=False)
        assert both.reason == "bought_again"

    def test_other_purchases_do_not_count(self) -> None:
        """LC1: a pot does not replace a filter."""
        waiting = planned(FILTER, bought())
        assert decide_reminder(waiting, [bought("pot")], now=waiting.remind_at)[0].status == SENT

    @given(
        st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=12).map(sorted),
    )
    def test_decided_once(self, looks: list[tuple[int, bool]]) -> None:
        """LC1: however often workers look, and whatever was bought, there is one decision."""
        reminder = planned(FILTER, bought())
        decisions = []
        for day, again in looks:
            later = [bought()] if again else []
            before = reminder
            reminder, event = decide_reminder(reminder, later, now=AT + timedelta(days=day))
            assert (event is None) == (reminder == before)
            decisions += [] if event is None else [(day, again, event.status)]
        due = [(day, again) for day, again in looks if day >= 53][:1]
        assert decisions == [(day, again, SILENCED if again else SENT) for day, again in due]


GOOD: dict[str, Any] = {"sku": "filter", "days": 60, "notice_days": 7}


class TestLifespan:
    """What never ends, or is over before it begins, is refused."""

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"days": 0}, "lifespan.days"),
            ({"days": 7}, "lifespan.days"),
            ({"days": MOST_DAYS + 1}, "lifespan.days"),
            ({"days": 60.0}, "lifespan.days"),
            ({"days": True, "notice_days": 0}, "lifespan.days"),
            ({"notice_days": -1}, "lifespan.days"),
            ({"notice_days": False}, "lifespan.days"),
            ({"sku": ""}, "text.empty"),
            ({"sku": "x" * 121}, "text.too_long"),
            ({"replacement_sku": ""}, "text.empty"),
            ({"replacement_sku": "a\x00"}, "text.control"),
        ],
    )
    def test_refused(self, wrong: dict[str, Any], code: str) -> None:
        """LC1: each field that no reminder could be planned from."""
        with pytest.raises(InvalidValueError) as refused:
            Lifespan(**GOOD | wrong)
        assert refused.value.code == code

    @pytest.mark.parametrize("fit", [{"days": 1, "notice_days": 0}, {"days": 3650}, {"days": 8}])
    def test_the_outermost(self, fit: dict[str, int]) -> None:
        """LC1: one day, ten years, and notice on the first day."""
        assert Lifespan(**GOOD | fit).days == fit["days"]


def test_a_reference_prints_masked() -> None:
    """Another system's reference may name a person, and stays out of logs."""
    reminder = Reminder(
        id=ReminderId(UUID(int=1)),
        customer_id=CustomerId(UUID(int=2)),
        order_id=None,
        sku="tea",
        title="Tea",
        buy_sku="tea",
        quantity=1,
        started_at=AT,
        remind_at=AT,
        runs_out_at=AT,
        external_ref=ExternalRef("crm", "ada"),
    )
    assert "ada" not in repr(reminder)
