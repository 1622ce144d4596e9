"""The command line's door: `python -m ordercore`. What is behind it lives in the adapter."""

from __future__ import annotations

import sys


def main() -> int:
    """Carry out the command line and return its exit code."""
    from ordercore.errors import SetupError

    try:
        from ordercore_adapters.cli import main as carry_out
    except SetupError as error:
        sys.stderr.write(f"ordercore: {error}\n")
        return 1
    return carry_out()


if __name__ == "__main__":
    sys.exit(main())
