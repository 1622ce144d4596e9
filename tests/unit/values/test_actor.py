"""Who acts has one stored spelling."""

from __future__ import annotations

import pickle
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore.values.actor import SYSTEM, Actor, Role
from ordercore.values.ids import CustomerId

CUSTOMER = CustomerId(UUID("0190f5fe-7c00-7a00-8000-000000000001"))
IDS = st.uuids().map(CustomerId)
NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60
).filter(lambda name: " as customer:" not in name)
HOSTILE = st.one_of(
    st.text(max_size=80),
    st.builds(
        "{}:{}{}".format,
        st.sampled_from(["staff", "customer", "system", "impersonator", ""]),
        st.one_of(
            st.just(""), st.text(max_size=9), st.uuids().map(str), st.uuids().map(lambda u: u.hex)
        ),
        st.sampled_from(["", " as customer:", f" as customer:{CUSTOMER}", " as customer:x"]),
    ),
)


class TestSpelling:
    """`str` writes what `parse` reads."""

    @given(NAMES, IDS)
    @example("anna as", CUSTOMER)
    @example("as customer:", CUSTOMER)
    @example("system", CUSTOMER)
    @example(" ", CUSTOMER)
    def test_there_and_back(self, name: str, customer_id: CustomerId) -> None:
        """Any staff name and any customer lead back, within 120 characters."""
        staff = Actor.of_staff(name)
        for actor in (
            Actor.system(),
            staff,
            Actor.of_customer(customer_id),
            staff.impersonating(customer_id),
        ):
            assert Actor.parse(str(actor)) == actor
            assert len(str(actor)) <= 120

    @given(HOSTILE)
    def test_any_text_is_refused_or_was_written(self, text: str) -> None:
        """Two spellings of one actor would be two actors to a unique key."""
        try:
            actor = Actor.parse(text)
        except InvalidValueError as error:
            assert error.code == "actor.syntax"  # noqa: PT017
            return
        assert str(actor) == text

    def test_examples(self) -> None:
        """The four spellings, as they stand in the audit."""
        anna = Actor.of_staff("anna")
        assert str(SYSTEM) == "system"
        assert str(anna) == "staff:anna"
        assert str(Actor.of_customer(CUSTOMER)) == f"customer:{CUSTOMER}"
        assert str(anna.impersonating(CUSTOMER)) == f"staff:anna as customer:{CUSTOMER}"

    def test_pickles_are_equal(self) -> None:
        """An actor travels to a worker."""
        actor = Actor.of_staff("anna").impersonating(CUSTOMER)
        assert pickle.loads(pickle.dumps(actor)) == actor  # noqa: S301


class TestRefused:
    """Nobody acts as what they are not."""

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("", "text.empty"),
            ("x" * 61, "text.too_long"),
            ("a\nb", "text.control"),
            (f"eve as customer:{CUSTOMER}", "actor.syntax"),
            (None, "text.type"),
        ],
    )
    def test_staff_names(self, name: str, code: str) -> None:
        """A name that reads as an impersonation, or that no store keeps."""
        with pytest.raises(InvalidValueError) as refused:
            Actor.of_staff(name)
        assert refused.value.code == code

    def test_only_staff_impersonate_and_never_twice(self) -> None:
        """Neither the system, nor a customer, nor an impersonator (CU7)."""
        twice = Actor.of_staff("anna").impersonating(CUSTOMER)
        for actor in (SYSTEM, Actor.of_customer(CUSTOMER), twice):
            with pytest.raises(InvalidValueError) as refused:
                actor.impersonating(CUSTOMER)
            assert refused.value.code == "actor.syntax"

    @pytest.mark.parametrize(
        ("role", "staff", "customer_id"),
        [
            (Role.SYSTEM, "anna", None),
            (Role.SYSTEM, "", CUSTOMER),
            (Role.STAFF, "", None),
            (Role.STAFF, "anna", CUSTOMER),
            (Role.CUSTOMER, "", None),
            (Role.CUSTOMER, "anna", CUSTOMER),
            (Role.IMPERSONATOR, "anna", None),
            (Role.IMPERSONATOR, "", CUSTOMER),
        ],
    )
    def test_a_role_has_its_person(
        self, role: Role, staff: str, customer_id: CustomerId | None
    ) -> None:
        """A role without its person, or with another's, does not exist."""
        with pytest.raises(InvalidValueError) as refused:
            Actor(role, staff, customer_id)
        assert refused.value.code == "actor.syntax"
