"""Transactions as the contract speaks of them: kept, refused, undone; and a rival's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import pytest

from ordercore.errors import ConflictError
from ordercore.ports.rows import Rows, Store
from ordercore.stored.table import Key, R, Table, Value

T = TypeVar("T")
Work = Callable[[Rows], None]
"""What is done in a transaction."""
PATIENCE = 0.3
"""Seconds after which a rival that is still at it counts as waiting for us."""
FOREVER = 90.0
"""Seconds after which a rival that should be free counts as stuck."""


def kept(store: Store, work: Callable[[Rows], T]) -> T:
    """Do something in a transaction, commit, and return what `work` returned."""
    unit = store.begin()
    try:
        result = work(unit.rows)
        unit.commit()
    except BaseException:
        unit.rollback()
        raise
    return result


def inserting(table: Table[R], *rows: R) -> Work:
    """Return the work of inserting these rows."""
    return lambda unit: unit.insert(table, rows)


def updating(table: Table[R], row: R, **expect: Value) -> Work:
    """Return the work of replacing a row, if its columns are as expected."""
    return lambda unit: unit.update(table, row, expect=expect)


def fill(store: Store, table: Table[R], rows: Sequence[R]) -> Sequence[R]:
    """Commit these rows and return them."""
    kept(store, lambda unit: unit.insert(table, rows))
    return rows


def attempt(store: Store, work: Callable[[Rows], object]) -> ConflictError | None:
    """Do something in a transaction and return the conflict that prevented it, if any."""
    try:
        kept(store, work)
    except ConflictError as conflict:
        return conflict
    return None


def refused(store: Store, work: Callable[[Rows], object]) -> ConflictError:
    """Return the conflict that `work` must meet, now or at commit."""
    conflict = attempt(store, work)
    if conflict is None:
        pytest.fail("the store kept what it had to refuse")
    return conflict


@contextmanager
def undone(store: Store) -> Iterator[Rows]:
    """Open a transaction that is rolled back at the end."""
    unit = store.begin()
    try:
        yield unit.rows
    finally:
        unit.rollback()


def row_of(store: Store, table: Table[R], key: Key) -> R | None:
    """Return the committed row with this key."""
    with store.reading() as rows:
        return rows.get(table, key)


def all_of(store: Store, table: Table[R]) -> list[R]:
    """Return every committed row, ordered by key."""
    with store.reading() as rows:
        return list(rows.stream(table))


class Rival(Generic[T]):
    """Somebody else at work on the same store, in a thread of its own."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rival")
        self._future: Future[T] = self._pool.submit(work)

    def is_done(self) -> bool:
        """Tell whether the rival comes to an end soon, and is not waiting for us."""
        try:
            self._future.exception(PATIENCE)
        except TimeoutError:
            return False
        return True

    def outcome(self) -> T:
        """Return what the rival's work returned, once it may go on."""
        try:
            return self._future.result(FOREVER)
        except TimeoutError:
            pytest.fail("a transaction waits although nothing holds it up")
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)


def together(works: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of these at once, each in a thread, and return what they returned."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        start.wait(FOREVER)
        return work()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        futures = [pool.submit(run, work) for work in works]
        return [future.result(FOREVER) for future in futures]


class Rendezvous:
    """A point where two transactions wait for each other, unless one waits for the other."""

    def __init__(self, parties: int = 2) -> None:
        self._barrier = threading.Barrier(parties)

    def meet(self) -> None:
        """Wait for the other for a moment; who comes too late goes on at once."""
        try:
            self._barrier.wait(PATIENCE)
        except threading.BrokenBarrierError:
            return


def persist(store: Store, work: Callable[[Rows], Any], *, tries: int = 500) -> int:
    """Do something in a transaction until no conflict prevents it; return how often it failed."""
    for failed in range(tries):
        if attempt(store, work) is None:
            return failed
    pytest.fail(f"no success in {tries} tries")
