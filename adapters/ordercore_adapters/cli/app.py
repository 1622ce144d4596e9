"""The commands under one name, and what a shell hears of their end.

Exit codes: 0 done; 1 it could not be done, with one line that says why; 2 asked wrongly.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError

from ordercore.errors import OrderCoreError, SetupError
from ordercore_adapters.cli.deliver import deliver
from ordercore_adapters.cli.demo import demo
from ordercore_adapters.cli.events import events
from ordercore_adapters.cli.flow import diagram
from ordercore_adapters.cli.import_orders import import_orders
from ordercore_adapters.cli.migrate import migrate
from ordercore_adapters.cli.run_due import run_due
from ordercore_adapters.cli.verify import verify

DONE, FAILED, ASKED_WRONGLY, INTERRUPTED = 0, 1, 2, 130
TRACEBACK = "ORDERCORE_TRACEBACK"
_PAIR = re.compile(r"\w+=.", re.ASCII)

app: App = App(
    name="ordercore",
    help="Orders, customers and messages of a shop.",
    version=lambda: version("ordercore"),
    result_action="return_value",
    help_on_error=False,
)
app.command(demo, name="demo")
imports: App = App(name="import", help="Take over what another system kept.")
flows: App = App(name="flow", help="Look at the flows of orders.")
app.command(imports)
imports.command(import_orders, name="orders")
app.command(run_due, name="run-due")
app.command(deliver, name="deliver")
app.command(migrate, name="migrate")
app.command(verify, name="verify")
app.command(events, name="events")
app.command(flows)
flows.command(diagram, name="diagram")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(_one_each(given), exit_on_error=False, print_error=False)
    except KeyboardInterrupt:
        return _say("stopped", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read us has gone; what is left in the buffer is for nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if os.environ.get(TRACEBACK) == "1":
            raise
        return _failed(error)
    return code if isinstance(code, int) else DONE


def _failed(error: Exception) -> int:
    match error:
        case CycloptsError():
            return _say(" ".join(str(error).split()), ASKED_WRONGLY)
        case SetupError(code="setup.usage"):
            return _say(str(error), ASKED_WRONGLY)
        case OrderCoreError():
            return _say(str(error), FAILED)
        case OSError(filename=str() as name):
            return _say(f"{name}: {error.strerror}", FAILED)
    return _say(f"{type(error).__name__}, a defect: {TRACEBACK}=1 shows where", FAILED)


def _say(text: str, code: int) -> int:
    print(f"ordercore: {text}", file=sys.stderr)
    return code


def _one_each(tokens: Sequence[str]) -> list[str]:
    """Write `--map A=B C=D` as `--map A=B --map C=D`; what is no pair ends the list."""
    written: list[str] = []
    listing = False
    for at, token in enumerate(tokens):
        follows = at > 0 and tokens[at - 1] == "--map"
        if listing and not follows and _PAIR.match(token):
            written.append("--map")
        listing = token == "--map" or (listing and bool(_PAIR.match(token)))
        written.append(token)
    return written
