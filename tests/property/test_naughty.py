"""Every naughty string, in every field: it comes back equal, or every store refuses it alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import attrs
import pytest

from ordercore.errors import OrderCoreError, RuleError
from ordercore.testing import FrozenClock
from tests.property.fixtures import Opened
from tests.property.grounds import LONG, Ground
from tests.property.text_fields import CODES, FIELDS, Form
from tests.property.worlds import World, world_on
from tests.shared_data import shared

OURS = [
    *("nul \x00", "\ud800 half", "half \udfff", "\U0010ffff", "\ue000", "\ufffe", "\x7f", "\x85"),
    *("é", "e\u0301", "ß", "ẞ", "ss", "SS", "ı", "i", "İ", "I", "ﬁ", "fi", "Å", "\u212b", "A\u030a"),
    *("trailing ", "trailing", " leading", "CaSe", "case", "=?UTF-8?Q?=0A?=Bcc: x", "\r\nBcc: x"),
    *("'; DROP TABLE oc_order; --", "%s %(a)s ? :a $1", "\\", "\\'", "{{ 7*7 }}", "{% raw %}"),
    *("x" * 61, "x" * 121, "x" * 201, "x" * 501, "é" * 200, "\U0001f600" * 200, "\u202egro.live"),
)  # fmt: skip
]
"""What the published list lacks: half characters, look-alikes, and what is just too long."""
