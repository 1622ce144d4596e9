"""The pages of the reference say what the code says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ordercore.orders.default_flow import DEFAULT_FLOW
from ordercore.orders.diagram import to_mermaid
from ordercore.orders.guards import GUARDS
from ordercore.services.order_letters import STEP_LETTERS
from ordercore.services.placing import EFFECTS
from tests.docs import events, names, ports, tables

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
WRITTEN = {
    "tables": tables.page,
    "ports": ports.page,
    "names": names.page,
    "events": events.page,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_page_is_up_to_date(name: str) -> None:
    """`python -m tests.docs.NAME > docs/reference/NAME.md` writes it anew."""
    page: Callable[[], str] = WRITTEN[name]
    assert (REFERENCE / f"{name}.md").read_text(encoding="utf-8") == page()


def test_the_page_of_the_flow_shows_the_live_definition() -> None:
    """The drawing in the text is the one that the library makes of the built-in flow."""
    assert f"```text\n{to_mermaid(DEFAULT_FLOW)}```\n" in (REFERENCE / "flow.md").read_text("utf-8")


def test_the_page_of_the_flow_names_all_that_a_flow_may_name() -> None:
    """Every guard, effect and letter that ordercore brings is explained."""
    page = (REFERENCE / "flow.md").read_text(encoding="utf-8")
    names = [*GUARDS, *EFFECTS, *STEP_LETTERS]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_the_picture_of_the_flow_shows_every_state_and_verb() -> None:
    """The drawing by hand leaves nothing out."""
    picture = (REFERENCE / "flow.svg").read_text(encoding="utf-8")
    words = [f">{state.name}<" for state in DEFAULT_FLOW.states]
    words += [f">{verb}<" for verb in DEFAULT_FLOW.verbs]
    assert [word for word in words if word not in picture] == []
