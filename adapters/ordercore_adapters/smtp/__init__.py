"""E-mail: over SMTP to a mail server, or as `.eml` files in a folder."""

from __future__ import annotations

from ordercore_adapters.smtp.files import FileNotifier
from ordercore_adapters.smtp.mime import to_bytes
from ordercore_adapters.smtp.notifier import SmtpNotifier

__all__ = ["FileNotifier", "SmtpNotifier", "to_bytes"]
