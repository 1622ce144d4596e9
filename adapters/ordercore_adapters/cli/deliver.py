"""`deliver`: hand messages that are due to their carrier, once or for ever (EM7, MS6)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import attrs

from ordercore import Shop
from ordercore.errors import SetupError
from ordercore.ports.notifier import Notifier
from ordercore_adapters.cli.database import Db, shop_at
from ordercore_adapters.cli.flags import Flag
from ordercore_adapters.cli.profile import UNSIGNED, Signature
from ordercore_adapters.cli.run_due import Seconds
from ordercore_adapters.cli.smtp_url import SmtpUrl, smtp_notifier
from ordercore_adapters.cli.stopping import Stop


def deliver(
    *,
    db: Db,
    eml: Path | None = None,
    smtp: SmtpUrl | None = None,
    loop: Flag = False,
    every: Seconds = 5.0,
    signature: Signature = UNSIGNED,
) -> None:
    """Hand over all messages that are due, by one carrier: --eml or --smtp.

    Any number of workers may run. SIGTERM ends one after the message at hand.

    Args:
        db: Where the shop is kept, such as sqlite:///shop.db.
        eml: A folder; each message becomes a file there.
        smtp: A mail server: smtp://user@host:587 or smtps://user@host, with the
            password in ORDERCORE_SMTP_PASSWORD. Who signs in is encrypted, save
            with ?tls=none; without signing in, ?tls=starttls asks for it.
        loop: Go on for ever.
        every: How many seconds to wait, with --loop, when nothing is due.
    """
    if (eml is None) == (smtp is None):
        raise SetupError("setup.usage", reason="deliver needs --eml DIR or --smtp URL")
    carrier = _carrier(eml, smtp)
    try:
        with Stop() as stop, shop_at(db, profile=signature.profile(), notifiers=[carrier]) as shop:
            while not stop.asked:
                _all_due(shop, stop)
                if not loop:
                    return
                stop.wait(every)
    finally:
        carrier.close()


def _carrier(eml: Path | None, smtp: str | None) -> Notifier:
    if smtp is not None:
        return smtp_notifier(smtp)
    from ordercore_adapters.smtp import FileNotifier

    assert eml is not None  # noqa: S101  (one of the two was given)
    return FileNotifier(eml)


def _all_due(shop: Shop, stop: Stop) -> None:
    """Take one message at a time, so that a claim never waits for another's delivery."""
    counts: Counter[str] = Counter()
    while not stop.asked:
        report = attrs.asdict(shop.deliver(limit=1))
        if not any(report.values()):
            break
        counts.update(report)
    words = ", ".join(f"{name} {counts[name]}" for name in ("sent", "postponed", "dead", "lost"))
    print(words, flush=True)
