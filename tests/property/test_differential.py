"""The same history gives the same answers, errors and state on every store (EM4, EM5)."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import HealthCheck, given, note, settings

from tests.property.grounds import LONG, Ground, MemoryGround
from tests.property.histories import STEP_NAMES, histories
from tests.property.player import Came, Player, Step, furnish

EXAMPLES, LONGEST = (400, 60) if LONG else (25, 30)


def play(history: list[Step], grounds: list[Ground]) -> list[Player]:
    """Play a history everywhere, comparing after every step."""
    players = []
    for ground in grounds:
        ground.empty()
        players.append(Player(ground))
        furnish(players[-1])
    compare_states(players)
    for step in history:
        came = [player.play(step) for player in players]
        note(f"{step.verb} {dict(step.given)} -> {came[0].error or 'done'}")
        compare(players, came)
        compare_states(players)
        assert players[0].shop.verify() == []
    for player in players:
        assert player.shop.verify() == [], player.name
    return players


def compare(players: list[Player], came: list[Came]) -> None:
    """Compare what came of a step: the value, or the error's class, code and parameters."""
    for player, each in zip(players[1:], came[1:], strict=True):
        assert each == came[0], f"{player.name} differs from {players[0].name}"


def compare_states(players: list[Player]) -> None:
    """Compare the snapshots, byte for byte."""
    first, *others = (player.shop.snapshot() for player in players)
    for player, other in zip(players[1:], others, strict=True):
        if other != first:  # so that a failure shows the table that differs, not all of them
            here, there = json.loads(first), json.loads(other)
            assert {name: there[name] for name in there if there[name] != here[name]} == {
                name: here[name] for name in here if there[name] != here[name]
            }, player.name


class TestDifferential:
    """Histories on all stores at once."""

    def test_every_store_tells_the_same_story(self, grounds: list[Ground]) -> None:
        """EM4: equal results, equal errors, equal snapshots after every command, no violation."""
        assert len(grounds) >= 2

        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
        @given(histories(LONGEST))
        def tell(history: list[Step]) -> None:
            play(history, grounds)

        tell()

    def test_a_store_that_forgets_is_noticed(self, grounds: list[Ground]) -> None:
        """The comparison fails when a store loses a field, changes an answer or hides an error."""
        players = play([], grounds)
        place = Step("edit_customer", {"actor": None, "who": 0, "name": "Somebody"})
        came = [player.play(place) for player in players]
        players[1].play(Step("edit_customer", {"actor": None, "who": 0, "name": "Else"}))
        assert fails(lambda: compare_states(players))
        assert fails(lambda: compare(players, [came[0], Came(error=("E", "e", "{}"))]))
        assert fails(lambda: compare(players, [came[0], Came(value=None)]))


def fails(check: Callable[[], None]) -> bool:
    """Tell whether a comparison finds a difference."""
    try:
        check()
    except AssertionError:
        return True
    return False


def test_every_step_can_succeed() -> None:
    """Histories are worth nothing if what they ask is always refused."""
    done: set[str] = set()

    @settings(max_examples=200, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(histories(LONGEST))
    def tell(history: list[Step]) -> None:
        player = Player(MemoryGround())
        furnish(player)
        for step in history:
            if player.play(step).error is None:
                done.add(step.given.get("_verb", step.verb))

    tell()
    assert done >= STEP_NAMES
