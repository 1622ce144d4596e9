"""The form of every aggregate."""

from __future__ import annotations

from typing import Any

from ordercore.stored.customers import CUSTOMER_FORM
from ordercore.stored.form import Form
from ordercore.stored.lifecycle import REMINDER_FORM
from ordercore.stored.orders import ORDER_FORM
from ordercore.stored.shopping_lists import LIST_FORM

FORMS: tuple[Form[Any], ...] = (
    CUSTOMER_FORM,
    ORDER_FORM,
    LIST_FORM,
    REMINDER_FORM,
)
