"""`verify` finds whatever is broken past the desks, and names it (EM8)."""

from __future__ import annotations

import ast
import re
import sqlite3
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import attrs
import pytest
import sqlalchemy as sa

from ordercore.services.verify import CHECKS
from ordercore.services.view import View
from ordercore.services.violation import Violation
from tests.property.fixtures import Opened
from tests.property.grounds import Ground, Kept, SqlGround
from tests.property.worlds import Day, a_day, world_on
from tests.verify.corruptions import CORRUPTIONS, Corruption, ids_of

NAMED = [pytest.param(each, id=f"{each.invariant} {each.name}") for each in CORRUPTIONS]


@attrs.frozen
class Sound:
    """A day's rows, to begin each test with."""

    day: Day
    kept: Kept


@attrs.frozen
class Said:
    """The corruptions that each check names, and the lines of code that reported any."""

    by_check: dict[str, set[str]]
    lines: set[tuple[Path, int]]


@pytest.fixture(scope="session")
def sound(opened: Opened) -> Sound:
    """A day on which nothing went wrong."""
    ground = opened.empty("memory")
    day = a_day(world_on(ground.open()))
    return Sound(day, ground.kept())


def corrupt(ground: SqlGround, sound: Sound, corruption: Corruption) -> list[Violation]:
    """Break one thing past the desks and return what `verify` says."""
    ground.put_back(sound.kept)
    shop = world_on(ground.open()).shop
    assert shop.verify() == []
    names = {"p": ground.prefix, **ids_of(sound.day)}
    changed = 0
    for statement in corruption.sql:
        changed += execute(ground, statement.format(**names))
    assert changed, "the corruption changes nothing: the day has no such row"
    return shop.verify()


def execute(ground: SqlGround, statement: str) -> int:
    """Run one statement past the store, on SQLite past SQLAlchemy too; return the row count."""
    if ground.name == "sqlite":
        connection = sqlite3.connect(str(ground.engine.url.database))
        with connection:
            count = connection.execute(statement).rowcount
        connection.close()
        return count
    with ground.engine.begin() as begun:
        return begun.execute(sa.text(statement)).rowcount


@pytest.mark.parametrize("corruption", NAMED)
def test_what_is_broken_is_named(database: SqlGround, sound: Sound, corruption: Corruption) -> None:
    """EM8: the invariant and the row that breaks it are named, and nothing personal is said."""
    found = corrupt(database, sound, corruption)
    subject = corruption.subject.format(**ids_of(sound.day))
    named = [each for each in found if each.invariant == corruption.invariant]
    assert [each for each in named if each.subject.startswith(subject)], found
    said = " ".join(str(each) for each in found)
    assert not re.search(r"Ada|Lovelace|example\.org|Ely|pays late|7946", said)


def test_a_sound_shop_has_no_violation(ground: Ground, sound: Sound) -> None:
    """EM8, EM4: on each store, a day of every kind of work leaves nothing to complain of."""
    ground.put_back(sound.kept)
    assert world_on(ground.open()).shop.verify() == []


def test_an_empty_shop_has_no_violation(ground: Ground) -> None:
    """A shop on its first morning is sound."""
    assert world_on(ground.open()).shop.verify() == []


# ── nothing that verify can say is left untested ──


def sites() -> Iterator[tuple[Path, int, int]]:
    """Yield the file and the lines of every place that makes a `Violation`."""
    spec = find_spec("ordercore.services")
    assert spec is not None
    (folder,) = spec.submodule_search_locations or []
    for path in sorted(Path(folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Violation"):
                yield path, node.lineno, node.end_lineno or node.lineno


def modules() -> Iterator[ModuleType]:
    """Yield the modules that make violations."""
    for path in {path for path, _, _ in sites()}:
        yield import_module(f"ordercore.services.{path.stem}")


def said_invariants() -> set[str]:
    """Return every invariant that a text of the services names."""
    return {
        name
        for path in {path for path, _, _ in sites()}
        for name in re.findall(r'"(I\d+)"', path.read_text("utf-8"))
    }


def test_every_invariant_has_a_corruption() -> None:
    """An invariant that nothing here breaks is one that nobody has seen reported."""
    assert said_invariants() == {each.invariant for each in CORRUPTIONS}


@pytest.fixture(scope="module")
def said(opened: Opened, sound: Sound) -> Said:
    """What each check says of each corruption, and the lines of code that said it."""
    reached: set[tuple[Path, int]] = set()

    def noted(invariant: str, subject: str, detail: str) -> Violation:
        frame = sys._getframe(1)
        reached.add((Path(frame.f_code.co_filename), frame.f_lineno))
        return Violation(invariant, subject, detail)

    ground = opened.empty_sql("sqlite")
    by_check: dict[str, set[str]] = {check.__name__: set() for check in CHECKS}
    with pytest.MonkeyPatch.context() as patched:
        for module in modules():
            patched.setattr(module, "Violation", noted)
        for corruption in CORRUPTIONS:
            corrupt(ground, sound, corruption)
            for name in named_by(ground, sound, corruption):
                by_check[name].add(corruption.name)
    return Said(by_check, reached)


def named_by(ground: SqlGround, sound: Sound, corruption: Corruption) -> Iterator[str]:
    """Yield the checks that name a corruption."""
    wiring = world_on(ground.beside()).shop._wiring
    subject = corruption.subject.format(**ids_of(sound.day))
    with wiring.store.reading() as rows:
        for check in CHECKS:
            for found in check(View(wiring, rows)):
                if found.invariant == corruption.invariant and found.subject.startswith(subject):
                    yield check.__name__


def test_every_kind_of_violation_was_seen(said: Said) -> None:
    """Each line of code that reports a violation is reached by one of the corruptions."""
    unseen = [
        f"{path.name}:{first}"
        for path, first, last in sites()
        if not any((path, line) in said.lines for line in range(first, last + 1))
    ]
    assert unseen == []


@pytest.mark.parametrize("left_out", [check.__name__ for check in CHECKS])
def test_no_check_is_idle(left_out: str, said: Said) -> None:
    """Without any one of the checks, some corruption would go unreported."""
    others = set().union(*(found for name, found in said.by_check.items() if name != left_out))
    assert said.by_check[left_out] - others
