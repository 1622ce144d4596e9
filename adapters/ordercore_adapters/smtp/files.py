"""Mail as files in a folder: for development, or for a mail server that picks them up."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from ordercore.errors import DeliveryError
from ordercore.values.outgoing import Outgoing
from ordercore_adapters.smtp.mime import to_bytes, utc_now


class FileNotifier:
    """Writes each message to `<id>.eml`; a `Notifier` for the channel `email`.

    A file appears whole or not at all, and a message sent again replaces its
    own file. Only the account that the process runs under may read it.
    """

    def __init__(
        self, folder: str | os.PathLike[str], *, now: Callable[[], datetime] = utc_now
    ) -> None:
        """Wire a folder, which is made when the first message comes.

        Args:
            folder: Where the files go.
            now: The clock of the Date header.
        """
        self._folder = Path(folder)
        self._now = now

    @property
    def channel(self) -> str:
        """The channel: e-mail."""
        return "email"

    def send(self, message: Outgoing) -> None:
        """Write one message; see `Notifier.send`."""
        data = to_bytes(message, date=self._now())
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._folder / f"{message.id}.eml", data)
        except OSError as error:
            reason = f"the folder of mail files: {type(error).__name__}"
        else:
            return
        raise DeliveryError("delivery.temporary", reason=reason)

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def __repr__(self) -> str:
        """Return where files go."""
        return f"FileNotifier({str(self._folder)!r})"

    def _write(self, path: Path, data: bytes) -> None:
        handle, partial = mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
