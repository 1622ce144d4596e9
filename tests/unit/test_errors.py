"""The error tree: stable codes, messages that can be formed, errors that can travel."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections import Counter
from string import Formatter

import pytest

from ordercore import errors
from ordercore.errors import (
    InvalidValueError,
    NotFoundError,
    OrderCoreError,
    Param,
    PortError,
    RuleError,
    SetupError,
    families,
)

EVERY = list(families())
FAMILIES = (RuleError, PortError, SetupError)
PERSONAL = {
    "address", "birthday", "body", "city", "company", "customer_name", "email", "first_name",
    "last_name", "password", "person", "phone", "postal_code", "recipient", "street", "subject",
    "token", "value",
}  # fmt: skip
"""Parameters that would carry personal data or secrets into a log."""


def fields(template: str) -> list[str]:
    """Return the names that a message template asks for."""
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def sample(cls: type[OrderCoreError], code: str, template: str) -> OrderCoreError:
    """Return an error of this code with every parameter filled."""
    params: dict[str, Param] = {name: f"«{name}»" for name in fields(template)}
    return cls(code, **params)


@pytest.fixture(params=EVERY, ids=lambda entry: entry[1])
def raised(request: pytest.FixtureRequest) -> OrderCoreError:
    """An error of each code in turn."""
    return sample(*request.param)


class TestCodes:
    """A code is a stored name."""

    def test_each_code_stands_once(self) -> None:
        """No two classes share a code, or it would not say which error it is."""
        assert [
            code for code, times in Counter(code for _, code, _ in EVERY).items() if times > 1
        ] == []

    def test_codes_are_dotted_names(self) -> None:
        """Lower case with at most one dot: fit for a column, a URL and a translation file."""
        shape = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)?")
        assert [code for _, code, _ in EVERY if not shape.fullmatch(code) or len(code) > 60] == []

    def test_an_unknown_code_is_a_mistake_of_ours(self) -> None:
        """A class takes its own codes only."""
        with pytest.raises(KeyError):
            NotFoundError("order.vanished")


class TestFamilies:
    """Who must act."""

    def test_every_error_belongs_to_one_family(self) -> None:
        """The domain, an adapter or a developer: never two of them, never none."""
        ours = {cls for cls, _, _ in EVERY} | {
            cls
            for cls in vars(errors).values()
            if isinstance(cls, type) and issubclass(cls, OrderCoreError)
        }
        for cls in ours - {OrderCoreError}:
            assert [issubclass(cls, family) for family in FAMILIES].count(True) == 1, cls
            assert cls.__name__.endswith("Error")

    def test_familiar_exceptions_catch_them_too(self) -> None:
        """A host's `except ValueError` and `except LookupError` keep working."""
        assert issubclass(InvalidValueError, ValueError)
        assert issubclass(NotFoundError, LookupError)
        assert not issubclass(NotFoundError, ValueError)


class TestMessages:
    """Every code says something to a person."""

    def test_the_message_is_made_of_the_parameters(self, raised: OrderCoreError) -> None:
        """Each parameter appears, by name, and nothing is left unfilled."""
        template = raised.codes[raised.code]
        assert set(fields(template)) == set(raised.params)
        assert all(name.isidentifier() for name in raised.params)
        for shown in raised.params.values():
            assert str(shown) in str(raised)
        assert "{" not in str(raised)

    def test_numbers_and_lists_fit_as_well(self, raised: OrderCoreError) -> None:
        """A template takes any parameter that JSON knows."""
        for value in (7, True, None, ["a", "b"]):
            filled: dict[str, Param] = dict.fromkeys(raised.params, value)
            assert str(type(raised)(raised.code, **filled))

    def test_no_parameter_is_personal(self, raised: OrderCoreError) -> None:
        """An error may be logged as it is."""
        assert PERSONAL.isdisjoint(raised.params)

    def test_a_missing_parameter_is_a_mistake_of_ours(self) -> None:
        """A message is never half filled."""
        with pytest.raises(KeyError, match="kind"):
            NotFoundError("not_found", id="1")


class TestTravel:
    """Errors cross process boundaries."""

    def test_pickles_and_copies_are_whole(self, raised: OrderCoreError) -> None:
        """Class, code, parameters and message survive."""
        for twin in (pickle.loads(pickle.dumps(raised)), copy.deepcopy(raised)):  # noqa: S301
            assert type(twin) is type(raised)
            assert (twin.code, twin.params, str(twin)) == (raised.code, raised.params, str(raised))

    def test_parameters_are_json(self, raised: OrderCoreError) -> None:
        """An API hands code and parameters on."""
        assert json.loads(json.dumps(raised.params)) == raised.params
