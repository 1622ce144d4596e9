"""A host with tables of its own: a tea school that sells places on its courses.

A booking is a row of the school's, the order that pays for it is ordercore's; one
transaction of the school's holds both. Both live in one `MetaData`, ordercore's
tables under a prefix, and the school's Alembic looks after the school's alone.

Run it in an empty folder: `python host.py`. It leaves `school.db`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from ordercore import Money, Shop, Wanted
from ordercore.stored.orders import ORDERS
from ordercore.values.ids import CustomerId, OrderId
from ordercore_adapters.sqlalchemy import SqlAlchemyStore

COURSE_PRICE = Money.of("45.00", "GBP")


class Base(DeclarativeBase):
    """What the school's tables hang on."""


class Course(Base):
    """An evening with room for so many."""

    __tablename__ = "course"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    places: Mapped[int]


class Booking(Base):
    """A place on a course; the order says who pays for it."""

    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(sa.ForeignKey("course.name"))
    order_id: Mapped[str] = mapped_column(sa.String(36), unique=True)


class FullyBookedError(Exception):
    """The course has no place left."""


class School:
    """The host: its engine, its tables, and a shop whose tables stand beside them."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url)
        self.store = SqlAlchemyStore(self.engine, metadata=Base.metadata, prefix="shop_")
        self.shop = Shop(store=self.store)

    def create_tables(self) -> None:
        """Make both sets of tables, ordercore's by its own migrations and so first."""
        self.store.migrate()
        Base.metadata.create_all(self.engine)

    def book(self, customer_id: CustomerId, course_name: str) -> OrderId:
        """Sell a place on a course: order and booking are kept together, or neither is."""
        with Session(self.engine) as session, session.begin():
            wanted = Wanted(sku="COURSE", title=course_name, unit=COURSE_PRICE)
            order = self.shop.using(session).orders.place(customer_id, [wanted], currency="GBP")
            session.add(Booking(course=course_name, order_id=str(order.id)))
            session.flush()
            course = session.get_one(Course, course_name)
            if self._booked(session, course_name) > course.places:
                raise FullyBookedError(course_name)
            return order.id

    def _booked(self, session: Session, course_name: str) -> int:
        count = sa.select(sa.func.count()).where(Booking.course == course_name)
        return session.scalars(count).one()

    def unpaid_bookings(self) -> list[str]:
        """Return the order numbers of bookings not paid for: one query over both sets of tables."""
        orders = self.store.table(ORDERS)
        numbers = (
            sa.select(orders.c.number)
            .join(Booking, Booking.order_id == orders.c.id)
            .where(orders.c.state == "awaiting_payment")
            .order_by(orders.c.number)
        )
        with Session(self.engine) as session:
            return list(session.scalars(numbers))

    def schema_changes(self) -> list[Any]:
        """Return what the school's Alembic would write into its next migration."""
        with self.engine.connect() as connection:
            options = {"include_object": self.store.include_object}
            context = MigrationContext.configure(connection, opts=options)
            return list(compare_metadata(context, Base.metadata))


def main() -> None:
    """Sell two places of one: the second leaves nothing behind."""
    school = School("sqlite:///school.db")
    school.create_tables()
    with Session(school.engine) as session, session.begin():
        session.add(Course(name="Green tea", places=1))
    ada = school.shop.customers.register(name="Ada Byron", email="ada@byron.example")
    first = school.book(ada.id, "Green tea")
    print(f"booked: order {school.shop.orders.get(first).number}")
    try:
        school.book(ada.id, "Green tea")
    except FullyBookedError:
        print(f"full: {len(school.shop.orders.of_customer(ada.id).items)} order is kept")
    print(f"not paid: {school.unpaid_bookings()}")
    print(f"Alembic would change: {school.schema_changes()}")
    print(f"broken invariants: {len(school.shop.verify())}")


if __name__ == "__main__":
    main()
