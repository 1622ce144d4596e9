"""A process may die at any point: what it was doing is done wholly or not at all (EM4, OR1).

Every verb is stopped before and after every call of a port and at the commit, once
each; then the shop is opened anew and the command is given again with its key.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from ordercore.testing import FrozenClock
from ordercore.testing.clocks import START
from tests.property.fixtures import Opened
from tests.property.grounds import LONG, Ground, Kept
from tests.property.scenarios import SCENARIOS, Scenario
from tests.property.worlds import Day, World, a_day, world_on
from tests.schema.desks import commands

NEXT = START + timedelta(days=8, minutes=30)
"""When the commands are given."""

STEPS = {"memory": 1, "sqlite": 1, "postgresql": 4, "mariadb": 4}


def tried(ground: Ground, points: list[str], *, alike: bool = False) -> range:
    """Return at which points to die: at all of them, or at some when time is short.

    Servers pass the same points as SQLite does; workers pass points that are alike
    from item to item.
    """
    every = 1 if LONG else STEPS[ground.name] * (3 if alike else 1)
    return range(len(points) % every, len(points), every)


class Crash(BaseException):
    """The process dies: nothing in the library catches this to go on."""


class Watcher:
    """Counts the fault points, and dies at one of them."""

    def __init__(self, at: int | None = None) -> None:
        self.points: list[str] = []
        self._at = at

    def __call__(self, point: str) -> None:
        """Note the point; die if it is the one."""
        self.points.append(point)
        if len(self.points) - 1 == self._at:
            raise Crash(point)


@attrs.frozen
class Yesterday:
    """What the day has left."""

    day: Day
    kept: Kept


@pytest.fixture(scope="module")
def yesterday(opened: Opened) -> Yesterday:
    """A day's rows, to begin each attempt with."""
    ground = opened.empty("memory")
    day = a_day(world_on(ground.open()))
    return Yesterday(day, ground.kept())


def morning(ground: Ground, seed: str = "morning", at: datetime = NEXT) -> World:
    """Open the shop anew on what is there; equal seeds give equal ids."""
    return world_on(ground.open(), seed=seed, clock=FrozenClock(at))


def watched(world: World, at: int | None = None) -> Watcher:
    """Count the points of what the shop does from now on, dying at one."""
    watcher = Watcher(at)
    world.shop.store.fault_hook = watcher
    return watcher


@attrs.frozen
class Undisturbed:
    """What a command does where nothing goes wrong."""

    before: str
    after: str
    result: Any
    points: list[str]


def undisturbed(ground: Ground, yesterday: Yesterday, scenario: Scenario) -> Undisturbed:
    """Give the command once, counting the points it passes."""
    ground.put_back(yesterday.kept)
    world = morning(ground)
    before = world.shop.snapshot()
    assert world.shop.verify() == []
    watcher = watched(world)
    result = scenario(world, yesterday.day)
    world.shop.store.fault_hook = None
    after = world.shop.snapshot()
    assert before != after
    assert world.shop.verify() == []
    return Undisturbed(before, after, result, watcher.points)


def test_every_command_has_a_scenario() -> None:
    """A new command is stopped at every point, too: add it to `SCENARIOS`."""
    assert SCENARIOS.keys() == {name for name, _ in commands()}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_command_is_done_wholly_or_not_at_all(
    ground: Ground, yesterday: Yesterday, name: str
) -> None:
    """OR1: died at any point, then given again with its key: as if nothing had happened."""
    want = undisturbed(ground, yesterday, SCENARIOS[name])
    assert want.points.count("before commit") == want.points.count("after commit") == 1
    for at in tried(ground, want.points):
        where = f"{name} on {ground.name}, died at {at}: {want.points[at]}"
        ground.put_back(yesterday.kept)
        died = world_on(ground.standing(), seed="morning", clock=FrozenClock(NEXT))
        watched(died, at)
        with pytest.raises(Crash):
            SCENARIOS[name](died, yesterday.day)
        again = morning(ground)
        done = at > want.points.index("before commit")
        assert again.shop.snapshot() == (want.after if done else want.before), where
        assert SCENARIOS[name](again, yesterday.day) == want.result, where
        assert again.shop.snapshot() == want.after, where


def test_a_point_that_is_passed_by_is_noticed(ground: Ground, yesterday: Yesterday) -> None:
    """A command writes, in one transaction, under the eyes of the hook."""
    points = undisturbed(ground, yesterday, SCENARIOS["orders.place"]).points
    for name in ("offers", "price", "merchant", "get customer", "insert order", "insert order_line",
                 "insert errand", "insert command", "commit"):  # fmt: skip
        assert f"before {name}" in points
        assert f"after {name}" in points
    assert points.index("after offers") < points.index("before get customer")
    assert points[-2:] == ["before commit", "after commit"]


# ── workers ──

LATER = NEXT + timedelta(days=60)
"""When lists and a reminder are due."""
EXPIRED = timedelta(hours=5)
"""After every lease and every wait."""


def sent_ids(*worlds: World) -> list[Any]:
    """Return the ids of the messages that carriers took, repeats included."""
    return [message.id for world in worlds for message in world.notifier.sent]


def delivered(ground: Ground, yesterday: Yesterday, at: int | None) -> tuple[World, World, Watcher]:
    """Deliver, dying at a point; then open the shop anew, wait for leases and deliver again."""
    ground.put_back(yesterday.kept)
    first = world_on(ground.standing(), seed="first", clock=FrozenClock(NEXT))
    watcher = watched(first, at)
    try:
        first.shop.deliver()
    except Crash:
        assert at is not None
    second = morning(ground, seed="after", at=NEXT + EXPIRED)
    assert second.shop.verify() == []
    second.shop.deliver()
    return first, second, watcher


def test_no_message_is_lost_and_a_repeat_has_its_id(ground: Ground, yesterday: Yesterday) -> None:
    """MS2: died at any point of delivering, each message leaves; at most one twice, known by id."""
    first, second, watcher = delivered(ground, yesterday, None)
    expected = set(sent_ids(first))
    assert len(expected) >= 3
    assert sent_ids(second) == []
    repeats = 0
    for at in tried(ground, watcher.points, alike=True):
        first, second, _ = delivered(ground, yesterday, at)
        ids = sent_ids(first, second)
        assert set(ids) == expected, watcher.points[at]
        assert len(ids) - len(expected) <= 1, watcher.points[at]
        repeats += len(ids) - len(expected)
        assert '"state":"queued"' not in second.shop.snapshot()
        assert second.shop.verify() == []
        assert second.shop.deliver().sent == 0
    assert repeats > 0, "no death between acceptance and commit: the hook misses it"


def meaning(world: World) -> Any:
    """Return what the state says, without ids and instants, which a second attempt may change."""
    state = json.loads(world.shop.snapshot())
    names = {
        "order": ("customer_id", "channel", "total_minor", "state"),
        "list": ("id", "next_number", "decided_until", "status"),
        "list_occurrence": ("list_id", "number", "outcome", "reason", "due_at"),
        "reminder": ("id", "status", "reason"),
        "errand": ("kind", "recipient", "state"),
        "wake": ("subject_id", "kind", "due_at"),
    }
    said = {
        table: sorted(str([row[column] for column in columns]) for row in state[table])
        for table, columns in names.items()
    }
    events = [event["tag"] for row in state["command"] for event in json.loads(row["events"])]
    return said | {"events": sorted(events)}


def run(ground: Ground, yesterday: Yesterday, at: int | None) -> tuple[World, Watcher]:
    """Do what is due, dying at a point; then open the shop anew, wait and do it again."""
    ground.put_back(yesterday.kept)
    first = world_on(ground.standing(), seed="first", clock=FrozenClock(LATER))
    watcher = watched(first, at)
    try:
        first.shop.run_due()
    except Crash:
        assert at is not None
    second = morning(ground, seed="after", at=LATER + EXPIRED)
    assert second.shop.verify() == []
    report = second.shop.run_due()
    assert report.failed == ()
    return second, watcher


def test_due_work_is_done_once(ground: Ground, yesterday: Yesterday) -> None:
    """SL2, LC1: died at any point, each occurrence is one order and each reminder is sent."""
    world, watcher = run(ground, yesterday, None)
    want = meaning(world)
    assert "['reminder'" in str(want["errand"])
    assert want["events"].count("list.decided") > 5
    for at in tried(ground, watcher.points, alike=True):
        world, _ = run(ground, yesterday, at)
        assert meaning(world) == want, watcher.points[at]
        assert world.shop.verify() == []
