"""The school's Alembic: it looks after the school's tables and passes ordercore's over."""

from __future__ import annotations

from alembic import context

from examples.own_tables.host import Base, School

school = School("sqlite:///school.db")

with school.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=school.store.include_object,
    )
    with context.begin_transaction():
        context.run_migrations()
