"""What no shopping list may hold, and what none may show (SL1)."""

from __future__ import annotations

from typing import Any

import pytest

from ordercore.errors import InvalidValueError
from ordercore.shopping_lists.lists import MOST_LINES, ListLine, checked, edit
from ordercore.values.attributes import ExternalRef
from tests.unit.shopping_lists.ledger import START, a_list


class TestChecked:
    """What no list may hold, and what none may show."""

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"name": ""}, "text.empty"),
            ({"name": "x" * 101}, "text.too_long"),
            ({"name": "a\nb"}, "text.control"),
            ({"lines": (ListLine(sku=""),)}, "text.empty"),
            ({"lines": (ListLine(sku="tea", quantity=0),)}, "order.quantity"),
            ({"lines": (ListLine(sku="tea", quantity=True),)}, "order.quantity"),
            ({"lines": (ListLine(sku="tea", quantity=10**7),)}, "order.quantity"),
            ({"lines": (ListLine(sku="tea"),) * (MOST_LINES + 1)}, "number.range"),
        ],
    )
    def test_refused(self, changes: dict[str, Any], code: str) -> None:
        """Names, stock-keeping units and quantities that no order could have."""
        with pytest.raises(InvalidValueError) as refused:
            edit(a_list(), now=START, **changes)
        assert refused.value.code == code

    def test_the_most_lines(self) -> None:
        """Five hundred lines are kept, and none at all is a list too."""
        full, _ = edit(a_list(), now=START, lines=(ListLine(sku="tea"),) * MOST_LINES)
        assert checked(full).lines == full.lines
        assert checked(a_list(lines=())).lines == ()

    def test_it_prints_masked(self) -> None:
        """The name that the customer gave, and another system's reference, stay out of logs."""
        after, _ = edit(
            a_list(), now=START, name="For Mother", external_ref=ExternalRef("erp", "l-17")
        )
        assert "Mother" not in repr(after)
        assert "l-17" not in repr(after)
