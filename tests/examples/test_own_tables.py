"""A host with tables of its own in one transaction, one MetaData and one database with ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from examples.own_tables.host import Base, Booking, Course, FullyBookedError, School
from tests.examples.conftest import EXAMPLES, Start


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """A school with a course of two places; its MetaData takes our tables only once."""
    made = School(f"sqlite:///{tmp_path_factory.mktemp('school') / 'school.db'}")
    made.create_tables()
    with Session(made.engine) as session, session.begin():
        session.add(Course(name="Oolong", places=2))
    yield made
    made.engine.dispose()


def test_it_runs(start: Start) -> None:
    """The second place of one is refused and leaves no order; Alembic has nothing to do."""
    told = start(str(EXAMPLES / "own_tables" / "host.py"))
    assert "full: 1 order is kept" in told
    assert "Alembic would change: []" in told
    assert "broken invariants: 0" in told


def test_the_hosts_alembic_makes_both_sets_of_tables(start: Start) -> None:
    """One `alembic upgrade` brings up the whole database; afterwards nothing is left to do."""
    alembic = ["-m", "alembic", "-c", str(EXAMPLES / "own_tables" / "alembic.ini")]
    start(*alembic, "upgrade", "head")
    assert "No new upgrade operations detected." in start(*alembic, "check")
    book = (
        "from sqlalchemy.orm import Session\n"
        "from examples.own_tables.host import Course, School\n"
        "school = School('sqlite:///school.db')\n"
        "with Session(school.engine) as session, session.begin():\n"
        "    session.add(Course(name='Sencha', places=1))\n"
        "ada = school.shop.customers.register(name='Ada')\n"
        "school.book(ada.id, 'Sencha')\n"
        "print(len(school.unpaid_bookings()), school.shop.verify())\n"
    )
    path = f"import sys; sys.path.insert(0, {str(EXAMPLES.parent)!r})\n"
    assert start("-c", path + book) == "1 []\n"


def test_order_and_booking_are_kept_together_or_not_at_all(school: School) -> None:
    """A refusal after the order was placed takes order, mail and command row along."""
    ada = school.shop.customers.register(name="Ada", email="ada@byron.example")
    kept = [school.book(ada.id, "Oolong") for _ in range(2)]
    before = school.shop.snapshot()
    with pytest.raises(FullyBookedError):
        school.book(ada.id, "Oolong")
    assert school.shop.snapshot() == before
    with Session(school.engine) as session:
        booked = session.scalars(sa.select(Booking.order_id)).all()
    assert sorted(booked) == sorted(str(order_id) for order_id in kept)
    assert len(school.unpaid_bookings()) == 2


def test_alembic_sees_the_hosts_changes_and_no_others(school: School) -> None:
    """A new table of the host's is found; without our filter our version table would be dropped."""
    later = sa.MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(later)
    sa.Table("teacher", later, sa.Column("id", sa.Integer, primary_key=True))
    with school.engine.connect() as connection:
        filtered = {"include_object": school.store.include_object}
        mine = compare_metadata(MigrationContext.configure(connection, opts=filtered), later)
        every = compare_metadata(MigrationContext.configure(connection), later)
    assert [(change[0], change[1].name) for change in mine] == [("add_table", "teacher")]
    assert ("remove_table", "shop_schema") in [(change[0], change[1].name) for change in every]
