"""Measure ordercore beside hand-written SQL that writes the same rows.

    python tests/bench/run.py [--postgres URL] [--json FILE] [--rounds N] [--check]

SQLite always; PostgreSQL where `--postgres` or `ORDERCORE_TEST_POSTGRES` says where it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # as pytest has it: `from tests.…`

from tests.bench.bench import main

if __name__ == "__main__":
    sys.exit(main())
